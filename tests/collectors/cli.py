"""The command line as a person uses it: processes of their own, on a home of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.collectors import warm

RUN = [sys.executable, "-c", "from reachwell import main; main()"]


@dataclass
class Cli:
    """`reachwell …` on one home."""

    home: Path
    url: str | None = None

    def environment(self) -> dict[str, str]:
        """Only this home and this database."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("REACHWELL_")}
        clean["REACHWELL_HOME"] = str(self.home)
        return clean | ({"REACHWELL_DATABASE_URL": self.url} if self.url else {})

    def run(self, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        """Run to its end."""
        return warm.run(arguments, self.environment(), stdin)

    def json(self, *arguments: str, stdin: str = "", code: int = 0) -> dict[str, Any]:
        """Run with --json; exactly one object stands on stdout."""
        done = self.run(*arguments, "--json", stdin=stdin)
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        found = json.loads(done.stdout)
        assert isinstance(found, dict)
        return found

    def refused(self, *arguments: str, stdin: str = "") -> str:
        """Run what must be refused; the sentence on stderr."""
        done = self.run(*arguments, stdin=stdin)
        assert (done.returncode, done.stdout) == (1, ""), (done.stdout, done.stderr)
        assert "Traceback" not in done.stderr, done.stderr
        return done.stderr

    @contextmanager
    def sandbox(self, *arguments: str) -> Iterator[dict[str, Any]]:
        """`reachwell sandbox …`: what its first line says."""
        with subprocess.Popen(
            [*RUN, "sandbox", *arguments],
            stdout=subprocess.PIPE,
            text=True,
            env=self.environment(),
        ) as process:
            assert process.stdout is not None
            try:
                yield json.loads(process.stdout.readline())
            finally:
                process.terminate()

    def connect(self, sandbox: dict[str, Any], network: str, *more: str) -> dict[str, Any]:
        """`reachwell accounts add` for the sandbox's account of that network."""
        one = next(one for one in sandbox["accounts"] if one["network"] == network)
        return self.json(
            "accounts", "add", network, "--handle", one["handle"], "--base-url", sandbox["url"],
            "--token-stdin", *more, stdin=one["token"],
        )  # fmt: skip
