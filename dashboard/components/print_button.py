"""A button that prints the page. A component, for the page's policy forbids scripts in its HTML."""

import streamlit as st

_HTML = '<button type="button">Print this page</button>'
_CSS = """
button { font: inherit; font-size: 15px; color: var(--st-text-color); background: transparent;
  border: 1px solid var(--st-border-color); border-radius: 8px; padding: 6px 12px;
  cursor: pointer; }
button:hover, button:focus-visible { border-color: var(--st-primary-color);
  color: var(--st-link-color); }
"""
_JS = """
export default function ({ parentElement }) {
  parentElement.querySelector("button").onclick = () => window.print();
}
"""

_BUTTON = st.components.v2.component("reachwell_print", html=_HTML, css=_CSS, js=_JS)


def show() -> None:
    """The button; the rules of what is printed stand in the page's own style sheet."""
    with st.container(key="rw-print", width="content"):
        _BUTTON(key="print", width="content", height="content")
