"""The accounts that a sandbox offers, as its first line names them."""

from dataclasses import asdict, dataclass, field

from collectors.sandbox.world import World


@dataclass(frozen=True, slots=True)
class SandboxAccount:
    """What one needs to connect: the network, its handle, id and a token that reads it."""

    network: str
    handle: str
    remote_id: str
    token: str = field(repr=False)

    def as_json(self) -> dict[str, str]:
        """The account as the sandbox's first line shows it."""
        return {name: str(value) for name, value in asdict(self).items()}


def accounts_of(world: World) -> list[SandboxAccount]:
    """One account a network; the Meta user token reads page, Instagram account and ads."""
    identity, found = world.identity, []
    for network, feed in world.feeds.items():
        token = identity.x_token if network == "x" else identity.meta_token
        found.append(SandboxAccount(network, feed.handle, feed.remote_id, token))
    if world.has_ads:
        ads = identity.ad_account_id
        found.append(SandboxAccount("meta_ads", ads, ads, identity.meta_token))
    return found
