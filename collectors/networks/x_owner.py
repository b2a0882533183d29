"""Whose the token is: only an account's own token reads its clicks, and at the owner's price."""

from collectors.networks.values import Json, Notes, objects
from collectors.networks.x_parse import beside_data


class TokenOwner:
    """What is known of each account: whether the token is its own. Unknown until X shows it."""

    def __init__(self) -> None:
        self._known: dict[str, bool] = {}

    def may_be(self, account: str, owner_id: str | None) -> bool:
        """Whether asking for the account's clicks is worth a call; owner_id as the token says."""
        if account not in self._known and owner_id is not None:
            self._known[account] = owner_id == account
        return self._known.get(account, True)

    def surely_is(self, account: str, owner_id: str | None) -> bool:
        """Whether the token is surely the account's own; else the full price counts."""
        return self.may_be(account, owner_id) and self._known.get(account, False)

    def learn(self, account: str, own: bool) -> None:
        """What a call has shown."""
        self._known[account] = own

    def learn_from(self, account: str, body: Json) -> None:
        """From a reply that was asked for clicks: given to the owner, withheld from others."""
        items = objects(body.get("data"))
        if any(one.get("non_public_metrics") for one in items):
            self._known[account] = True
        elif items and beside_data(body, Notes()).withheld:
            self._known[account] = False
