"""Colours, dashes and names that every chart shares.

Okabe and Ito's colours, those with at least 3:1 on the light and on the dark ground, so that
a switch of the theme needs no new figure. Text in charts takes the theme's colour.
"""

from collections.abc import Mapping

BLUE = "#0072B2"
VERMILION = "#D55E00"
GREEN = "#009E73"
PURPLE = "#CC79A7"
GREY = "#7F8F99"  # what is not spoken of: 3.3:1 on white, 5.6:1 on the dark ground
ACCENT = BLUE
GRID = "rgba(127,143,153,0.28)"

GROUNDS = ("#FFFFFF", "#0D1418")

NETWORK_LABELS: Mapping[str, str] = {
    "x": "X",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "meta_ads": "Meta ads",
    "bluesky": "Bluesky",
}
NETWORK_COLOURS: Mapping[str, str] = {
    "facebook": BLUE,
    "instagram": VERMILION,
    "x": PURPLE,
    "bluesky": GREEN,
    "meta_ads": GREEN,
}
NETWORK_DASHES: Mapping[str, str] = {
    "facebook": "solid",
    "instagram": "dash",
    "x": "dashdot",
    "bluesky": "dot",
    "meta_ads": "dot",
}
KIND_LABELS: Mapping[str, str] = {
    "post": "Text",
    "reply": "Replies",
    "retweet": "Reposts of others",
    "photo": "Photos",
    "link": "Links",
    "video": "Videos",
    "reel": "Reels",
    "carousel": "Carousels",
}

KIND_OF_ONE: Mapping[str, str] = {
    "post": "Text",
    "reply": "Reply",
    "retweet": "Repost",
    "photo": "Photo",
    "link": "Link",
    "video": "Video",
    "reel": "Reel",
    "carousel": "Carousel",
}


def network_label(network: str) -> str:
    """The network's name as people write it."""
    return NETWORK_LABELS.get(network, network.replace("_", " ").capitalize())


def network_colour(network: str) -> str:
    """Its colour, the same on every chart."""
    return NETWORK_COLOURS.get(network, GREY)


def network_dash(network: str) -> str:
    """Its dash, so that colour is never the only sign."""
    return NETWORK_DASHES.get(network, "longdash")


def kind_label(kind: str) -> str:
    """The kind of a post in words."""
    return KIND_LABELS.get(kind, kind.replace("_", " ").capitalize())


def kind_of_one(kind: str) -> str:
    """The kind of one post in words, in the singular."""
    return KIND_OF_ONE.get(kind, kind.replace("_", " ").capitalize())
