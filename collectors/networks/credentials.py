"""What a person pastes as a token: one line, or the JSON object of the network's own keys."""

import json
import re
from collections.abc import Mapping

from collectors.networks.base import Credentials
from collectors.networks.hosts import LABELS, check_network
from data.errors import Refused

X_OAUTH1 = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
X_OAUTH2 = ("client_id", "access_token", "refresh_token")
META_APP = ("access_token", "app_id", "app_secret")
#: Each form: the keys it needs, and those it may have besides. `user_id` is our own note of
#: whose token it is, added once a test has found that out.
FORMS: Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = {
    "x": (
        (X_OAUTH1, ("user_id",)),
        (X_OAUTH2, ("client_secret", "user_id")),
        (("access_token",), ("user_id",)),
    ),
    "meta": ((META_APP, ()), (("access_token",), ())),
}
WANTED = {
    "x": "one line with the OAuth 2 user token, or a JSON object with "
    f"{', '.join(X_OAUTH1)}, or with client_id, access_token, refresh_token and, where the "
    "app has one, client_secret",
    "meta": "one line with the access token, or a JSON object with " + ", ".join(META_APP),
}
FOREIGN = re.compile(r"[^\x21-\x7e]")
LONGEST = 4096


def parse_credentials(network: str, text: str) -> Credentials:
    """The keys in a pasted text. Refused with a sentence (that quotes nothing of it) else."""
    family = "x" if check_network(network) == "x" else "meta"
    stripped = text.strip().removeprefix("\ufeff").strip()
    if not stripped:
        raise _refused(network, "is empty")
    values = _object(network, stripped) if stripped.startswith("{") else {"access_token": stripped}
    for key, value in values.items():
        _check_value(network, key, value)
    for needed, optional in FORMS[family]:
        if set(needed) <= set(values) <= {*needed, *optional}:
            return Credentials({key: values[key] for key in values})
    raise _refused(network, f"has the keys {', '.join(sorted(values)) or 'none'}")


def as_text(values: Mapping[str, str]) -> str:
    """Credentials in the form that `parse_credentials` reads: one line where that will do."""
    if set(values) == {"access_token"}:
        return values["access_token"]
    return json.dumps(dict(values), sort_keys=True)


def _object(network: str, text: str) -> dict[str, str]:
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError):
        raise _refused(network, "begins like JSON and is none") from None
    if not isinstance(loaded, dict):
        raise _refused(network, "is no JSON object")
    return {str(key): str(value) for key, value in loaded.items() if value not in (None, "")}


def _check_value(network: str, key: str, value: str) -> None:
    if len(value) > LONGEST:
        raise _refused(network, f"is longer than {LONGEST} characters")
    if FOREIGN.search(value):
        where = "has blanks, line breaks or letters that no token has"
        raise _refused(network, where if key == "access_token" else f"({key}) {where}")
    if value.lower().startswith("bearer"):
        raise _refused(network, 'begins with "Bearer"; paste only what stands after it')


def _refused(network: str, why: str) -> Refused:
    family = "x" if network == "x" else "meta"
    return Refused(f"The token given for {LABELS[network]} {why}.", f"Give {WANTED[family]}.")
