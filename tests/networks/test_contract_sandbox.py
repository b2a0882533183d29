"""The contract, kept by the real SDKs against the sandbox, for each network."""

import pytest

from collectors.sandbox.server import RunningSandbox
from tests.networks.conftest import Open, account_of
from tests.networks.contract import Case, Contract

SKIPPABLE = {
    "x": {"url_link_clicks": "clicks", "like_count": "likes"},
    "facebook": {"post_clicks": "clicks"},
    "instagram": {"saved": "saves", "profile_visits": "profile_visits"},
    "meta_ads": {},
}


@pytest.mark.parametrize("network", list(SKIPPABLE))
class TestSandbox(Contract):
    @pytest.fixture
    def case(self, network: str, sandbox: RunningSandbox, opened: Open) -> Case:
        account = account_of(sandbox, network)
        return Case(
            adapter=opened(network),
            remote_id=account.remote_id,
            handle=account.handle,
            token=account.token,
            until=sandbox.now().date(),
            skippable=SKIPPABLE[network],
        )
