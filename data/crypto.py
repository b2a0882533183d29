"""Tokens sealed to the worker's key: whoever has the public key can store one, never read one.

In the home: `worker.pub` (the web process needs no more) and `worker.key` (0600).
"""

import os
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from data.errors import Refused

PUBLIC_FILE = "worker.pub"
PRIVATE_FILE = "worker.key"


def make_keys(home: Path) -> bool:
    """Make the worker's pair of keys unless it is there; whether it was made."""
    home.mkdir(parents=True, exist_ok=True)
    made = _write_once(home / PRIVATE_FILE, bytes(PrivateKey.generate()).hex(), 0o600)
    public = bytes(_private(home).public_key).hex()
    _write_once(home / PUBLIC_FILE, public, 0o644)
    return made


def seal(home: Path, plain: bytes) -> bytes:
    """Seal to the worker's public key; Refused where there is none yet."""
    return SealedBox(_public(home)).encrypt(plain)


def unseal(home: Path, sealed: bytes) -> bytes:
    """Open with the worker's private key; Refused where it is missing or another one."""
    try:
        return SealedBox(_private(home)).decrypt(sealed)
    except CryptoError:
        raise Refused(
            f"A token was sealed with another key than {home / PRIVATE_FILE}.",
            "Connect the account again, or put the former key file back.",
        ) from None


def _public(home: Path) -> PublicKey:
    return PublicKey(_read(home / PUBLIC_FILE))


def _private(home: Path) -> PrivateKey:
    return PrivateKey(_read(home / PRIVATE_FILE))


def _read(path: Path) -> bytes:
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


def _write_once(path: Path, text: str, mode: int) -> bool:
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
