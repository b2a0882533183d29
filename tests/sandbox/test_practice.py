"""The made practice: the same for the same seed, and with the truth that is planted in it."""

import json
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from statistics import mean, median

import pytest

from collectors.sandbox import plan
from collectors.sandbox.clock import Clock
from collectors.sandbox.model import Post
from collectors.sandbox.truth import planted_truth, write_truth
from collectors.sandbox.world import World, make_world
from tests.sandbox.conftest import NOW


def world_at(now: datetime, seed: int = 7, days: int = 400) -> World:
    return make_world(seed=seed, clock=Clock(now), days=days)


def history(world: World, network: str) -> list[Post]:
    return world.feeds[network].visible(world.now())


@pytest.mark.parametrize("network", ["x", "facebook", "instagram"])
@pytest.mark.parametrize("shift", [-200, -1, 1, 200])
def test_the_same_seed_gives_the_same_history_whatever_the_clock(network: str, shift: int) -> None:
    here, there = world_at(NOW), world_at(NOW + timedelta(days=shift))
    begin = max(here.history_start, there.history_start)
    end = min(here.now(), there.now())
    one = here.feeds[network].between(begin, end)
    assert len(one) > 80
    assert one == there.feeds[network].between(begin, end)
    assert here.identity == there.identity


def test_another_seed_is_another_practice() -> None:
    ours, other = world_at(NOW), world_at(NOW, seed=8)
    assert ours.identity != other.identity
    assert {p.text for p in history(ours, "x")} != {p.text for p in history(other, "x")}


def test_there_is_over_a_year_of_about_900_posts_of_every_kind_in_two_languages() -> None:
    world = world_at(NOW)
    posts = [post for network in world.feeds for post in history(world, network)]
    assert 820 <= len(posts) <= 1000
    assert len({post.remote_id for post in posts}) == len(posts)
    for network, kinds in plan.KIND_EXPOSURE.items():
        assert {p.kind for p in posts if p.network == network} == set(kinds)
    assert 50 < sum("¿" in p.text or "ción" in p.text or " su " in p.text for p in posts) < 200
    assert len({post.text for post in posts}) > 600


def test_posts_go_on_as_the_clock_moves_past_the_history() -> None:
    world = world_at(NOW)
    before = history(world, "x")
    world.clock.advance(14 * 86400)
    after = history(world, "x")
    assert len(after) > len(before) + 5
    kept = {post.remote_id for post in after}
    assert all(post.deleted_at for post in before if post.remote_id not in kept)


def test_ids_of_x_rise_with_time() -> None:
    ids = [int(post.remote_id) for post in history(world_at(NOW), "x")]
    assert ids == sorted(ids)


def test_planted_topics_and_slots_can_be_found_again_in_the_figures() -> None:
    world = world_at(NOW)
    rates, slots = defaultdict(list), defaultdict(list)
    for post in history(world, "facebook") + history(world, "instagram"):
        figures = post.metrics.at(post.published_at + timedelta(days=200))
        likes = figures.get("reactions", figures.get("likes", 0))
        if post.topics and figures["reach"] > 100:
            base = 0.031 if post.network == "facebook" else 0.05
            rates[post.topics[0]].append(likes / figures["reach"] / base)
        if post.kind == "photo" and not post.campaign and post.network == "facebook":
            local = post.published_at.astimezone(plan.ZONE)
            slots[(local.weekday(), local.hour) in plan.BEST_SLOTS].append(figures["reach"])
    for topic in ("sleep", "mental health", "vaccines"):
        assert mean(rates[topic]) == pytest.approx(plan.TOPIC_ENGAGEMENT[topic], rel=0.2)
    assert 1.2 < median(slots[True]) / median(slots[False]) < 2.3


def test_the_declining_topic_loses_and_the_campaign_gains() -> None:
    world = world_at(NOW)
    early: list[float] = []
    late: list[float] = []
    inside: list[float] = []
    outside: list[float] = []
    for post in history(world, "x") + history(world, "facebook"):
        if not post.topics or post.kind in ("reply", "retweet"):
            continue
        local = post.published_at.astimezone(plan.ZONE)
        known = plan.KIND_EXPOSURE[post.network][post.kind] * plan.hour_factor(local)
        strength = _exposure(post) / plan.BASE_EXPOSURE[post.network] / known
        if post.topics == (plan.DECLINING_TOPIC,):
            (early if post.published_at < NOW - timedelta(days=200) else late).append(strength)
        else:
            (inside if post.campaign else outside).append(strength)
    assert median(late) < 0.75 * median(early)
    assert 1.1 < median(inside) / median(outside) < 1.5


def test_the_truth_names_events_that_the_figures_show(tmp_path: Path) -> None:
    world = world_at(NOW)
    write_truth(world, tmp_path / "home" / "truth.json")
    truth = json.loads((tmp_path / "home" / "truth.json").read_bytes())
    assert truth == json.loads(json.dumps(planted_truth(world)))
    (viral,) = truth["viral_posts"][-1:]
    feed = world.feeds[viral["network"]]
    reached = Counter({p.remote_id: _exposure(p) for p in feed.visible(world.now())})
    assert viral["remote_id"] in dict(reached.most_common(3))
    assert truth["outages"] and truth["deleted_posts"] and truth["falling_counters"]
    assert [one["label"] for one in truth["campaigns"]].count("#FluSeason") == 2
    assert 25 <= len(truth["ads"]["ads"]) <= 35


def _exposure(post: Post) -> int:
    figures = post.metrics.at(post.published_at + timedelta(days=200))
    return figures.get("impression_count", figures.get("reach", 0))


def test_deleted_posts_are_gone_from_their_day_on_and_no_earlier() -> None:
    world = world_at(NOW)
    gone = [p for p in world.feeds["x"].between(world.history_start, NOW) if p.deleted_at]
    post = next(p for p in gone if p.deleted_at and p.deleted_at < NOW)
    assert post.deleted_at is not None
    feed = world.feeds["x"]
    assert feed.get(post.remote_id, post.deleted_at - timedelta(seconds=1)) == post
    assert feed.get(post.remote_id, post.deleted_at) is None


def test_some_posts_lack_a_metric_that_others_have() -> None:
    posts = history(world_at(NOW), "facebook")
    lacking = [post for post in posts if "clicks" not in post.metrics.at(NOW)]
    assert 0 < len(lacking) < len(posts) / 10
