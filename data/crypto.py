"""Tokens sealed to the worker's key: whoever has the public key can store one, never read one.

In the home: `worker.pub` (the web process needs no more) and `worker.key` (0600), which nothing
here reads once it is made: that is `data.unsealing`, which the dashboard may not import.
"""

import os
import time
from pathlib import Path

from nacl.public import PrivateKey, PublicKey, SealedBox

from data.errors import Refused

PUBLIC_FILE = "worker.pub"
PRIVATE_FILE = "worker.key"
#: The process that made the key writes the public one a moment later.
MOMENT_SECONDS = 2.0


def make_keys(home: Path) -> bool:
    """Make the worker's pair of keys unless it is there; whether it was made.

    Refused where a private key stands alone: the worker (`unsealing.keep_keys`) mends that.
    """
    home.mkdir(parents=True, exist_ok=True)
    pair = PrivateKey.generate()
    made = write_once(home / PRIVATE_FILE, bytes(pair).hex(), 0o600)
    if made:
        (home / PUBLIC_FILE).unlink(missing_ok=True)  # of a key that is gone: nothing would open
        write_once(home / PUBLIC_FILE, bytes(pair.public_key).hex(), 0o644)
    else:
        _await_public(home)
    return made


def _await_public(home: Path) -> None:
    deadline = time.monotonic() + MOMENT_SECONDS
    while not (home / PUBLIC_FILE).exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    _public(home)


def seal(home: Path, plain: bytes) -> bytes:
    """Seal to the worker's public key; Refused where there is none yet."""
    return SealedBox(_public(home)).encrypt(plain)


def _public(home: Path) -> PublicKey:
    return PublicKey(read_key(home / PUBLIC_FILE))


def read_key(path: Path) -> bytes:
    """A key file's 32 bytes; Refused where it is missing or no key."""
    try:
        content = bytes.fromhex(path.read_text("ascii").strip())
    except FileNotFoundError:
        raise Refused(
            f"The key {path} is not there.", "Run `reachwell setup`, which makes it."
        ) from None
    except ValueError:
        content = b""
    if len(content) != PublicKey.SIZE:
        raise Refused(f"{path} is no key.", "Put it back from a backup, or delete it and set up.")
    return content


def write_once(path: Path, text: str, mode: int) -> bool:
    """Whole or not at all, and never over one that is there (two processes may start at once)."""
    if path.exists():
        return False
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True
