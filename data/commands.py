"""`reachwell setup` and `reachwell posts`."""

import typer

setup_app = typer.Typer()
posts_app = typer.Typer()
