"""How many calls posts cost: insights come with the list, not one call a post."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors.networks import open_adapter, parse_credentials
from collectors.networks.base import PostRecord
from collectors.sandbox.server import RunningSandbox, running_sandbox
from data.clock import told_by
from tests.networks.conftest import account_of

NOW = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
METRICS = {
    "x": {"like_count": 3, "impression_count": 90},
    "facebook": {"reach": 70, "clicks": 2, "reactions": 5},
    "instagram": {"reach": 60, "likes": 4, "saves": 1},
}
#: of 400 posts, 10 of them younger than 30 days: pages, and batches for kinds and clicks
CALLS = {"x": 5, "facebook": 4, "instagram": 13}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """400 posts a network, one every three days."""
    file = tmp_path_factory.mktemp("served") / "posts.jsonl"
    lines = [
        {
            "network": network, "remote_id": f"{position}{number:06}", "kind": "photo",
            "published_at": (NOW - timedelta(days=3 * number, hours=1)).isoformat(),
            "text": f"Tip {number} & more <3 https://elm.test/{number}?a=1&b=2 🩺",
            "metrics": METRICS[network],
        }
        for position, network in enumerate(METRICS, start=1)
        for number in range(400)
    ]  # fmt: skip
    file.write_text("\n".join(json.dumps(one) for one in lines), encoding="utf-8")
    with running_sandbox(serve=file, clock=NOW) as sandbox:
        yield sandbox


def read_all(sandbox: RunningSandbox, network: str) -> list[PostRecord]:
    account = account_of(sandbox, network)
    adapter = open_adapter(network, parse_credentials(network, account.token), sandbox.url)
    posts: list[PostRecord] = []
    cursor = None
    while True:
        page = adapter.posts(account.remote_id, cursor=cursor, since=None, skip=frozenset())
        posts += page.posts
        cursor = page.cursor
        if cursor is None:
            return posts


@pytest.mark.parametrize("network", list(METRICS))
def test_a_hundred_posts_cost_a_handful_of_calls(served: RunningSandbox, network: str) -> None:
    before = served.requests().get("total", 0)
    with told_by(served.now):
        posts = read_all(served, network)
    assert len(posts) == 400
    assert served.requests()["total"] - before == CALLS[network]


@pytest.mark.parametrize("network", list(METRICS))
def test_served_posts_come_back_as_they_were(served: RunningSandbox, network: str) -> None:
    with told_by(served.now):
        posts = read_all(served, network)
    ours = {
        "x": {"likes": 3, "impressions": 90},
        "facebook": {"reach": 70, "clicks": 2, "reactions": 5},
        "instagram": {"reach": 60, "likes": 4, "saves": 1},
    }[network]
    for number, post in enumerate(posts):
        address = f"https://elm.test/{number}?a=1&b=2"
        assert post.text == f"Tip {number} & more <3 {address} 🩺"
        assert post.links == (address,)
        assert post.metrics == ours, "and no figure where the file has none"


SAMPLE = Path(__file__).resolve().parents[3] / (
    "shared/samples/exports/fb-page-freecodecamp/freeCodeCamp-facebook-page-activity.csv"
)


@pytest.mark.skipif(not SAMPLE.is_file(), reason="the samples do not stand beside this checkout")
def test_the_page_of_the_samples_comes_back_whole(tmp_path: Path) -> None:
    with SAMPLE.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [_line(number, row) for number, row in enumerate(rows)]
    served = tmp_path / "page.jsonl"
    served.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with running_sandbox(serve=served) as sandbox:
        posts = {post.remote_id: post for post in read_all(sandbox, "facebook")}
    assert len(posts) == len(rows) == 420
    for line in lines:
        post = posts[line["remote_id"]]
        assert (post.text, dict(post.metrics)) == (line["text"], line["metrics"])


def _line(number: int, row: dict[str, str]) -> dict[str, Any]:
    at = datetime.strptime(f"{row['date']} {row['time']}", "%m/%d/%Y %I:%M %p").replace(tzinfo=UTC)
    counts = {name: row[name] for name in ("reach", "clicks", "reactions")}
    return {
        "network": "facebook",
        "remote_id": f"1_{number}",
        "published_at": at.isoformat(),
        "text": row["title"],
        "kind": row["type"].lower(),
        "metrics": {name: int(value) for name, value in counts.items() if value.isdigit()},
    }
