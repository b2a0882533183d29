"""The server's entry: `make run`, `python streamlit_app.py --port N`, `streamlit run`.

It only defines the app: the script that people see is `dashboard/main.py`, what runs once per
server is the lifespan.
"""

from pathlib import Path

import streamlit as st

from dashboard.web.lifespan import lifespan
from dashboard.web.middleware import middleware
from dashboard.web.options import apply_options
from dashboard.web.routes import routes

if __name__ != "__main__":  # under `streamlit run`; `main` hands the options over itself
    apply_options()

app = st.App(
    Path(__file__).resolve().parent / "dashboard" / "main.py",
    lifespan=lifespan,
    middleware=middleware(),
    routes=routes(),
)


def main() -> int:
    """Serve on this machine until interrupted; the exit code."""
    from dashboard.web.launch import launch

    return launch(app)


if __name__ == "__main__":
    raise SystemExit(main())
