"""Serve one of these pages as the desk is served: `python -m bench.reference.serve PAGE PORT`."""

import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).resolve().parent


@asynccontextmanager
async def frozen(_app: Any) -> AsyncIterator[None]:
    """The heap frozen, as the desk's lifespan does."""
    import pandas
    import plotly.graph_objects

    del pandas, plotly
    gc.collect()
    gc.freeze()
    yield


def main() -> None:
    """Serve until interrupted."""
    page, port = sys.argv[1:3]
    app = st.App(HERE / f"{page}.py", lifespan=frozen)
    app.run(
        config={
            "server.port": int(port),
            "server.address": "127.0.0.1",
            "server.headless": True,
            "server.fileWatcherType": "none",
            "browser.gatherUsageStats": False,
        }
    )


if __name__ == "__main__":
    main()
