"""Reading the worker's private key: opening sealed tokens. For the worker and the commands alone.

The dashboard may not import this (a contract in pyproject.toml): it can store a token and never
read one.
"""

from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from data.crypto import PRIVATE_FILE, PUBLIC_FILE, make_keys, read_key, write_once
from data.errors import Refused


def unseal(home: Path, sealed: bytes) -> bytes:
    """Open with the worker's private key; Refused where it is missing or another one."""
    try:
        return SealedBox(_private(home)).decrypt(sealed)
    except CryptoError:
        raise Refused(
            f"A token was sealed with another key than {home / PRIVATE_FILE}.",
            "Connect the account again, or put the former key file back.",
        ) from None


def keep_keys(home: Path) -> bool:
    """Make the pair unless it is there; a public key that is missing follows from the private.

    Whether the pair was made.
    """
    if (home / PRIVATE_FILE).exists() and not (home / PUBLIC_FILE).exists():
        write_once(home / PUBLIC_FILE, bytes(_private(home).public_key).hex(), 0o644)
    return make_keys(home)


def _private(home: Path) -> PrivateKey:
    return PrivateKey(read_key(home / PRIVATE_FILE))
