"""The command line. Only the area named on it is imported: `--help` answers at once."""

import importlib
import sys
from collections.abc import Sequence

import typer

#: area -> (module, its Typer app, help)
AREAS: dict[str, tuple[str, str, str]] = {
    "setup": ("data.commands", "setup_app", "Make the database and keys, describe the practice."),
    "accounts": ("collectors.commands", "accounts_app", "Connect, test, pause, remove accounts."),
    "collect": ("collectors.commands", "collect_app", "Read the networks now."),
    "posts": ("data.commands", "posts_app", "List posts with their figures."),
    "campaigns": ("campaigns.commands", "app", "Campaigns and their summaries."),
    "portal": ("collectors.portal.commands", "portal_app", "Private statistics of the portal."),
    "import": ("collectors.exports.commands", "import_app", "Read files that were exported."),
    "imports": ("collectors.exports.commands", "imports_app", "Imported files: list, undo."),
    "worker": ("collectors.commands", "worker_app", "Collect on a schedule, until interrupted."),
    "demo": ("collectors.commands", "demo_app", "Fill a database with a made-up practice."),
    "sandbox": ("collectors.sandbox.commands", "app", "Play the networks on this machine."),
    "health": ("data.commands", "health_app", "Say whether all is well."),
}


def build(argv: Sequence[str]) -> typer.Typer:
    """The root app with the real sub-app for the area in argv, empty ones for the others."""
    root = typer.Typer(
        name="reachwell",
        help="A medical practice's own marketing and engagement desk.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
        rich_markup_mode=None,  # rich alone would take most of the time of --help
    )
    named = next((word for word in argv if not word.startswith("-")), None)
    for area, (module, attribute, text) in AREAS.items():
        app = typer.Typer(help=text, rich_markup_mode=None)
        if area == named:
            app = getattr(importlib.import_module(module), attribute)
        else:
            app.callback(invoke_without_command=True)(_nothing)
        root.add_typer(app, name=area, help=text)
    return root


def _nothing() -> None:
    """Stands in for an area that this call does not name."""


def main() -> None:
    """Run; a refusal becomes a sentence on stderr and exit 1."""
    from data.errors import Refused

    try:
        build(sys.argv[1:])()
    except Refused as refusal:
        sys.stderr.write(refusal.sentence() + "\n")
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
