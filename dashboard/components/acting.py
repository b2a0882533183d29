"""What a click does: a refusal becomes a message, since a callback has no place on the page."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from data.errors import Refused


@contextmanager
def acting() -> Iterator[None]:
    """Run a callback's work; a refusal is shown over the page, and nothing else changes."""
    try:
        yield
    except Refused as refusal:
        st.toast(refusal.sentence(), icon=":material/error:", duration="long")
