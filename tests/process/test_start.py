"""Starting: once per home, on a free port, and a sentence where that cannot be."""

import socket
import subprocess
from pathlib import Path

import pytest

from tests.browser.server import Desk, free_port, serving, start
from tests.process.machine import children_of, wait_for, workers_of

OFF = {"REACHWELL_WORKER": "off"}


def _end(desk: Desk) -> int:
    try:
        return desk.process.wait(30)
    except subprocess.TimeoutExpired:
        desk.process.kill()
        raise


def test_a_port_that_another_program_uses(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        desk = start(tmp_path / "home", port, OFF)
        assert _end(desk) == 1
    assert f"Port {port} is in use by another program. Choose another: make run PORT=" in (
        desk.said()
    )
    assert "Traceback" not in desk.said()


def test_two_starts_at_once_are_one_server(tmp_path: Path) -> None:
    home, port = tmp_path / "home", free_port()
    desks = [start(home, port), start(home, port)]
    try:
        ended = wait_for(
            lambda: [d for d in desks if d.process.poll() is not None], 60, "one of two gives way"
        )
        (second,) = ended
        (first,) = [desk for desk in desks if desk is not second]
        assert second.process.returncode == 0
        assert f"Reachwell already runs at http://localhost:{port}" in second.said()
        first.wait_until_live()
    finally:
        for desk in desks:
            desk.stop()
    assert children_of(home) == []


def test_a_second_start_on_another_port_names_the_first(tmp_path: Path) -> None:
    with serving(tmp_path / "home", **OFF) as first:
        second = start(tmp_path / "home", free_port(), OFF)
        assert _end(second) == 0
        assert f"Reachwell already runs at {first.url}" in second.said()


def test_the_address_is_printed_and_is_loopback_alone(tmp_path: Path) -> None:
    with serving(tmp_path / "home", REACHWELL_WORKER="external") as desk:
        desk.wait_until_said(f"Reachwell is ready: {desk.url}")
        assert workers_of(desk.home) == []
        mine = _own_address()
        with socket.socket() as probe:
            probe.settimeout(2)
            assert probe.connect_ex((mine, desk.port)) != 0 or mine.startswith("127.")


def _own_address() -> str:
    """This machine's address in its network; a loopback one where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def test_a_public_address_is_shown_and_answered(tmp_path: Path) -> None:
    public = {**OFF, "REACHWELL_PUBLIC_URL": "https://desk.practice.example"}
    with serving(tmp_path / "home", **public) as desk:
        desk.wait_until_said("Reachwell is ready: https://desk.practice.example")
        assert desk.get("/", host="desk.practice.example").status == 200
        assert desk.get("/", host="other.practice.example").status == 421


def test_a_certificate_without_its_key(tmp_path: Path) -> None:
    desk = start(tmp_path / "home", 0, {**OFF, "REACHWELL_TLS_CERT": "/nowhere/cert.pem"})
    assert _end(desk) == 1
    assert "REACHWELL_TLS_CERT and REACHWELL_TLS_KEY belong together." in desk.said()


def test_a_home_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    home = tmp_path / "file" / "home"
    desk = start(tmp_path / "log", 0, {**OFF, "REACHWELL_HOME": str(home)})
    assert _end(desk) == 1
    assert f"The folder for run-time files {home} cannot be written" in desk.said()
    assert "REACHWELL_HOME" in desk.said()


@pytest.mark.parametrize("how", ["streamlit run", "python"])
def test_started_from_another_folder(tmp_path: Path, how: str) -> None:
    desk = start(tmp_path / "home", 0, OFF, through=how, cwd=tmp_path)
    try:
        desk.wait_until_live()
        desk.wait_until_said(f"Reachwell is ready: {desk.url}")
    finally:
        desk.stop()
