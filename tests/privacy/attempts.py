"""Attempts at releasing from two processes at once, of days and sources drawn at random."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

import numpy as np
from sqlalchemy import Engine

from data.privacy.keys import AGE_BANDS, EVENTS
from data.privacy.planning import Keys
from data.session import make_engine
from tests.privacy.releases import release_made, wanted

Process = subprocess.Popen[str]


def attempt(engine: Engine, home: Path, chance: np.random.Generator) -> set[str]:
    """Up to 40 days of a year, of one of four sources, half of them as a correction: why not."""
    first = date.fromordinal(date(2025, 3, 1).toordinal() + int(chance.integers(0, 360)))
    asked = wanted(
        first,
        date.fromordinal(first.toordinal() + int(chance.integers(0, 40))),
        source=str(chance.choice(["fhir", "devices", "clinic", "old"])),
        correct=bool(chance.integers(0, 2)),
        keys=Keys(EVENTS, AGE_BANDS, ("100", "000", "other"), ("sleep", "unknown")),
    )
    return {one.reason for one in release_made(engine, home, asked).refusals}


@contextmanager
def attackers(url: str, home: Path, seeds: Sequence[int]) -> Iterator[list[Process]]:
    """A process a seed, each waiting for its order."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "tests.privacy.attempts", url, str(home), str(seed)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for seed in seeds
        ]


def at_once(processes: Sequence[Process], attempts: int) -> set[str]:
    """Let them try so often, all at the same time; every reason that they heard."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(f"{attempts // len(processes)}\n")
        process.stdin.flush()
    heard: set[str] = set()
    for process in processes:
        assert process.stdout is not None
        heard |= set(json.loads(process.stdout.readline()))
    return heard


def main(url: str, home: str, seed: str) -> None:
    """One order a line: how often. Connections are closed in between, for the file may change."""
    engine, chance = make_engine(url), np.random.default_rng(int(seed))
    for line in sys.stdin:
        heard: set[str] = set()
        for _ in range(int(line)):
            heard |= attempt(engine, Path(home), chance)
        engine.dispose()
        sys.stdout.write(json.dumps(sorted(heard)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
