"""What to do where to get each network's token, with the exact names of permissions."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Steps:
    """How one network is connected. `steps` and `permissions` are Markdown."""

    label: str
    reads: str
    where: str
    steps: tuple[str, ...]
    permissions: tuple[tuple[str, str], ...]
    handle: str
    handle_example: str
    token: str
    lasts: str


_META_APP = (
    "At **developers.facebook.com** choose **My Apps → Create app**, type **Business**, and "
    "link it to the practice's business portfolio."
)
_EXPLORER = (
    "Open **Tools → Graph API Explorer**, choose the app, then **User token**, and tick the "
    "permissions listed here."
)
_GENERATE = (
    "Press **Generate access token**, sign in as someone who manages the {what}, and let the app "
    "see it."
)
_PASTE_META = (
    "Paste the token. With app id and secret beside it, as "
    '`{"access_token": "…", "app_id": "…", "app_secret": "…"}`, it is exchanged at once for one '
    "that lasts about 60 days."
)
_META_LASTS = (
    "A token alone lasts an hour or two; exchanged with app id and secret, about 60 days. A "
    "warning comes 7 days before it ends."
)

NETWORKS: Mapping[str, Steps] = {
    "facebook": Steps(
        label="Facebook",
        reads="The Page's posts with views, reach, reactions, comments, shares and clicks",
        where="developers.facebook.com",
        steps=(_META_APP, _EXPLORER, _GENERATE.format(what="Page"), _PASTE_META),
        permissions=(
            ("pages_show_list", "find the Pages that you manage"),
            ("pages_read_engagement", "read the Page's posts, reactions, comments and shares"),
            ("read_insights", "read views, reach and clicks"),
        ),
        handle="Page: its user name, name or id",
        handle_example="harborfamilymed",
        token="Access token",  # noqa: S106 - a label
        lasts=_META_LASTS,
    ),
    "instagram": Steps(
        label="Instagram",
        reads="The account's posts, reels and carousels with views, reach, likes and saves",
        where="developers.facebook.com",
        steps=(
            "In Instagram make sure that the account is a **professional account** and linked to "
            "the practice's Facebook Page.",
            _META_APP,
            _EXPLORER,
            _GENERATE.format(what="Page that the account is linked to"),
            _PASTE_META,
        ),
        permissions=(
            ("pages_show_list", "find the Page behind which the account stands"),
            ("pages_read_engagement", "read the link between Page and account"),
            ("instagram_basic", "read posts, likes and comments"),
            ("instagram_manage_insights", "read views, reach, saves and shares"),
        ),
        handle="Instagram user name",
        handle_example="harborfamilymed",
        token="Access token",  # noqa: S106 - a label
        lasts=_META_LASTS,
    ),
    "meta_ads": Steps(
        label="Meta ads",
        reads="What each campaign, ad set and ad cost and brought on each day",
        where="developers.facebook.com",
        steps=(
            _META_APP,
            _EXPLORER,
            _GENERATE.format(what="ad account"),
            "In **Ads Manager** find the account's number in the address: `act=` and figures. Its "
            "name here is `act_` and that number.",
            _PASTE_META,
        ),
        permissions=(("ads_read", "read spend, impressions, clicks and results"),),
        handle="Ad account",
        handle_example="act_1234567890",
        token="Access token",  # noqa: S106 - a label
        lasts=_META_LASTS,
    ),
    "x": Steps(
        label="X",
        reads="The account's posts with impressions, likes, replies, reposts and link clicks",
        where="developer.x.com",
        steps=(
            "At **developer.x.com** sign in as the practice's account and make a **project** with "
            "an **app**. Reading is paid per use: add credit under **Billing**.",
            "In the app's **User authentication settings** choose **Read**, type **Web App**.",
            "Under **Keys and tokens** generate **Consumer keys** and, for the practice's own "
            "account, **Access token and secret**.",
            "Paste all four as one line: "
            '`{"consumer_key": "…", "consumer_secret": "…", "access_token": "…", '
            '"access_token_secret": "…"}`. An OAuth 2 user token works as well, alone or as '
            '`{"client_id": "…", "client_secret": "…", "access_token": "…", '
            '"refresh_token": "…"}`.',
        ),
        permissions=(
            ("tweet.read", "read posts and their public figures"),
            ("users.read", "read the account and its followers"),
            ("offline.access", "go on after two hours (OAuth 2 only)"),
        ),
        handle="User name",
        handle_example="@harborfamilymed",
        token="Keys or token",  # noqa: S106 - a label
        lasts="Consumer keys with access token and secret last until you revoke them; an OAuth 2 "
        "token lasts two hours and is renewed with its refresh token.",
    ),
}
