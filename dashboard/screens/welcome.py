"""Welcome: the demo to look round in, and the form that sets up the practice's own desk."""

from zoneinfo import available_timezones

import streamlit as st

from dashboard.components import db, follow, frame, navigation
from dashboard.components.campaign_form import CURRENCIES
from data import demo
from data.errors import Refused
from data.models import Practice
from data.queries import activity, connections
from data.queries.posts import Wanted, count_posts
from data.setting_up import set_up
from data.settings import load_settings

LANGUAGES = {"English": "en", "Español": "es"}
WAYS = "Facebook, Instagram, X or Meta ads: ten minutes each, the page says what to do where."
PROMISES = (
    (":material/insights:", "See what your posts and ads did",
     "Every figure of X, Facebook, Instagram and Meta ads in one place, each with its source."),
    (":material/shield_person:", "On your own machine",
     "Nothing goes anywhere else. Tokens are sealed; only the worker on this machine reads them."),
    (":material/balance:", "Honest about what it knows",
     "Missing stays missing, currencies stay apart, and what may still change says so."),
)  # fmt: skip


def _page(practice: Practice | None) -> None:
    if practice is not None and not practice.is_demo:
        _first_steps(practice)
        return
    with frame.page_header("Welcome to Reachwell", "Your practice's own marketing desk"):
        pass
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _look_round(practice)
        with frame.card("What it does", key="promises"):
            for icon, title, text in PROMISES:
                st.markdown(f"{icon} **{title}**  \n{text}")
    with right:
        _form()


def _look_round(practice: Practice | None) -> None:
    with db.read() as session:
        filling = activity.open_wish(session, demo.KIND)
        posts = count_posts(session, Wanted())
    title = "Look round in a made-up practice" if posts else "A made-up practice is on its way"
    with frame.card(title, "So that every page has something to show", key="look-round"):
        if filling is not None:
            follow.follow(
                filling,
                key="welcome-filling",
                waiting="Preparing the demo practice",
                meanwhile=_already,
                on_done=lambda _done: _open(practice, posts),
            )
        elif practice is None:
            _not_yet()
        elif posts:
            _open(practice, posts)
        else:
            frame.note("It could not be filled: Activity says why.")
            navigation.link("activity", "Look at Activity")


def _open(practice: Practice | None, posts: int) -> None:
    st.markdown(
        f"**{posts:,} posts** of “{practice.name if practice else 'the demo'}” are open. "
        "Its figures are made up; it never mixes with yours."
    )
    with st.container(horizontal=True, gap="small"):
        navigation.link("overview", "Open the overview")
        navigation.link("campaigns", "See a campaign")


@st.fragment(run_every=1.0)
def _not_yet() -> None:
    """The page came before the worker asked for the demo: look again until it has."""
    with db.read() as session:
        begun = activity.open_wish(session, demo.KIND) is not None
    if begun or db.practice() is not None:
        st.rerun()
    st.caption("The demo practice is prepared in a moment.")


def _already() -> None:
    """The newest posts come first: whoever waits may look at them while the rest comes in."""
    with db.read() as session:
        posts = count_posts(session, Wanted())
    if posts:
        st.caption(f"{posts:,} posts are there, the newest first. The rest comes in behind them.")
        navigation.link("overview", "Open the overview")


def _form() -> None:
    settings = load_settings()
    with frame.card("Set up my practice", "A minute. You can change all of it later", key="setup"):
        with st.form("setup", border=False):
            name = st.text_input(
                "Name of the practice", max_chars=120, required=True,
                placeholder="Harbor Family Medicine",
            )  # fmt: skip
            zones = sorted(available_timezones())
            zone = st.selectbox(
                "Time zone", zones, index=zones.index(home_zone(st.context.timezone)),
                help="A day of the practice begins and ends by it",
            )  # fmt: skip
            left, right = st.columns(2)
            currency = left.selectbox("Currency", CURRENCIES, accept_new_options=True)
            spanish = (st.context.locale or "").lower().startswith("es")
            language = right.selectbox("Language of reports", list(LANGUAGES), index=int(spanish))
            sent = st.form_submit_button(
                "Set up my practice", type="primary", icon=":material/check:", width="stretch"
            )
        st.caption(
            f"Makes a database of its own in {settings.resolved_home.name}/. The demo stays."
        )
        if not sent:
            return
        try:
            set_up(
                settings,
                db.ACTOR,
                name=name or "",
                zone=zone or "",
                currency=currency or "",
                language=LANGUAGES[language or "English"],
            )
        except Refused as refusal:
            frame.failed(refusal)
            return
    st.rerun()


def home_zone(of_browser: str | None) -> str:
    """The browser's zone where it is an IANA name, else New York; pure."""
    return of_browser if of_browser in available_timezones() else "America/New_York"


def _first_steps(practice: Practice) -> None:
    with db.read() as session:
        accounts = len(connections.connected(session))
        posts = count_posts(session, Wanted())
    with frame.page_header(f"{practice.name} is set up", "Three steps to the first picture"):
        pass
    connected = f"{accounts} connected" if accounts else WAYS
    _step(1, "Connect an account", accounts > 0, connected, "connections", "Connect an account")
    read = f"{posts:,} posts read" if posts else "The newest come first, the rest behind them."
    _step(2, "Let the past come in", posts > 0, read, "activity", "Watch it come in")
    unusual = "What changed, and whether it is unusual."
    _step(3, "Look at the overview", False, unusual, "overview", "Open the overview")
    frame.note(
        f"Days are those of {practice.zone}, money is in {practice.currency}. Change them with "
        "the command reachwell setup."
    )


def _step(number: int, title: str, done: bool, text: str, page: str, label: str) -> None:
    with st.container(border=True, key=f"rw-step-{number}", horizontal=True,
                      vertical_alignment="center", horizontal_alignment="distribute"):  # fmt: skip
        mark = ":green[:material/check_circle:]" if done else f":gray[**{number}**]"
        with st.container(width="content", gap="xxsmall"):
            st.markdown(f"{mark} **{title}**")
            st.caption(text)
        navigation.link(page, label)


_page(db.practice())
