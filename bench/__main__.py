"""`make bench`, `make bench-large`: run every part and print one table."""

import argparse
import importlib
import pkgutil
import sys

import bench

_NOT_PARTS = {"__main__", "result"}


def main() -> int:
    """Run the parts named (or all); 0 also where a goal is missed: the table says so."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("parts", nargs="*", help="ingest, overview, pages, ...: all by default")
    parser.add_argument("--large", action="store_true", help="the 10-million-row ratios")
    given = parser.parse_args()
    found = [
        name
        for _, name, _ in pkgutil.iter_modules(bench.__path__)
        if name not in _NOT_PARTS and not name.startswith("_")
    ]
    print("| what | ratio | goal | | of what |\n|---|---|---|---|---|", flush=True)
    for name in found:
        if given.parts and name not in given.parts:
            continue
        part = importlib.import_module(f"bench.{name}")
        if not hasattr(part, "run"):
            continue
        for result in part.run(given.large):
            print(result.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
