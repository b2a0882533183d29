"""Attacks that can fail: each is shown to work on tables that only hide small cells.

Long because each attack stands whole beside what it is tried on.

docs/privacy.md tells their figures; `pytest tests/privacy/test_attacks.py -s` prints them.
"""

import math
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sqlalchemy import Engine

from data.privacy import ledger
from data.privacy.keys import AGE_BANDS, EVENTS
from data.privacy.ledger import LOST
from data.privacy.noise import noisy
from data.privacy.periods import around
from data.privacy.planning import BUDGET_SPENT, RESERVE_SPENT, Job, Keys
from data.privacy.releasing import plan_now, release
from data.privacy.spending import Spent
from data.privacy.tables import BY_NAME, CAP_MICRO, TABLES, Table, epsilon
from data.queries.portal import cells
from data.session import open_session
from tests.privacy.attempts import at_once, attackers
from tests.privacy.logs import Row, counts
from tests.privacy.releases import describe, release_made, wanted

DAY = date(2026, 3, 2)
WEEK = Job(BY_NAME["week_event_age"], around(DAY, "week"))
Cross = Mapping[tuple[str, str], int]


def made_cross(seed: int) -> dict[tuple[str, str], int]:
    """Patients by event and age band of a small practice: most cells hold few."""
    chance = np.random.default_rng(seed)
    return {key: int(chance.poisson(13)) for key in product(EVENTS, AGE_BANDS)}


# Differencing: what is hidden is the total less what is shown.


def thresholded(cross: Cross) -> dict[tuple[str, str], int | None]:
    """The usual practice: counts from 1 to 10 are hidden."""
    return {key: None if 1 <= value <= 10 else value for key, value in cross.items()}


def recovered(
    shown: Mapping[tuple[str, str], int | None],
    by_event: Mapping[str, int],
    by_band: Mapping[str, int],
) -> dict[tuple[str, str], int]:
    """Solve rows and columns with a single hidden cell, again and again."""
    known = dict(shown)
    found: dict[tuple[str, str], int] = {}
    while True:
        solved = _single(known, by_event, 0) | _single(known, by_band, 1)
        if not solved:
            return found
        known |= solved
        found |= solved


def _single(
    known: Mapping[tuple[str, str], int | None], totals: Mapping[str, int], axis: int
) -> dict[tuple[str, str], int]:
    solved = {}
    for label, total in totals.items():
        line = {key: value for key, value in known.items() if key[axis] == label}
        hidden = [key for key, value in line.items() if value is None]
        if len(hidden) == 1:
            solved[hidden[0]] = total - sum(value for value in line.values() if value is not None)
    return solved


def test_differencing_recovers_hidden_cells_and_none_of_ours(
    engine: Engine, tmp_path: Path
) -> None:
    describe(engine)
    hits = hidden = ours = tried = 0
    for seed in range(6):
        cross = made_cross(seed)
        found = recovered(thresholded(cross), _margin(cross, 0), _margin(cross, 1))
        hidden += sum(1 <= value <= 10 for value in cross.values())
        hits += sum(cross[key] == value for key, value in found.items())
        guessed = _our_tables(engine, tmp_path, cross, f"source-{seed}")
        tried += len(guessed)
        ours += sum(cross[key] == value for key, value in guessed)

    by_chance = 1 / (BY_NAME["week_event_age"].sigma * math.sqrt(2 * math.pi))
    print(f"differencing: thresholds {hits} of {hidden}; ours {ours} of {tried}, "
          f"{by_chance * tried:.1f} by chance")  # fmt: skip
    assert hits > hidden / 4 > 10
    assert ours <= _most_by_chance(tried, by_chance)


def _margin(cross: Cross, axis: int) -> dict[str, int]:
    totals: dict[str, int] = {}
    for key, value in cross.items():
        totals[key[axis]] = totals.get(key[axis], 0) + value
    return totals


def _our_tables(
    engine: Engine, home: Path, cross: Cross, source: str
) -> list[tuple[tuple[str, str], int]]:
    """What an attacker makes of our tables: each cell as it stands, and by differencing: the
    event's days less the other age bands."""
    asked = wanted(DAY, WEEK.period.last, source=source, keys=Keys(EVENTS, AGE_BANDS))
    with open_session(engine, "test") as session:
        planned = plan_now(session, home, asked)
    made = {job: _counts_of(job, cross) for job in planned.jobs}
    release(engine, "test", home, asked, made)
    with open_session(engine, "test") as session:
        rows = {r.id: r for r, _ in ledger.elsewhere(session, "") if r.source == source}
        assert len(rows) == len(planned.jobs)
        shown = {(c.event or "", c.age_band or ""): c for c in cells(session, "week_event_age")}
        days = {
            event: sum(c.value for c in cells(session, "day_event") if c.event == event)
            for event in EVENTS
        }
    found = [(key, cell.value) for key, cell in shown.items()]
    for key in shown:
        others = sum(c.value for other, c in shown.items() if other[0] == key[0] and other != key)
        found.append((key, days[key[0]] - others))
    return found


def _counts_of(job: Job, cross: Cross) -> list[int]:
    if job.table.name == "week_event_age":
        return [cross[key] for key in product(EVENTS, AGE_BANDS)]
    return [_margin(cross, 0)[event] // 7 for event in EVENTS]


def _most_by_chance(tried: int, share: float) -> float:
    """What chance exceeds once in 100,000 times (normal bound on a binomial)."""
    return share * tried + 4.3 * math.sqrt(share * tried * (1 - share)) + 1


# Averaging: noise that is drawn anew at each question averages away.


def test_averaging_needs_answers_that_nobody_gets(engine: Engine, tmp_path: Path) -> None:
    describe(engine)
    truth, table = 7, BY_NAME["week_event_age"]
    fresh = np.array([noisy(table, [truth])[0] for _ in range(2_000)])

    # Fresh answers give the truth away …
    assert abs(fresh.mean() - truth) < 4 * table.sigma / math.sqrt(2_000)

    # … ours are the same however often one asks.
    keys = Keys(EVENTS, AGE_BANDS)
    release_made(engine, tmp_path, wanted(DAY, WEEK.period.last, keys=keys), each=truth)
    seen = set()
    for _ in range(20):
        release_made(engine, tmp_path, wanted(DAY, WEEK.period.last, keys=keys), each=truth)
        with open_session(engine, "test") as session:
            seen.add(tuple(one.value for one in cells(session, "week_event_age")))
    assert len(seen) == 1


# Empirical epsilon: can one tell from a release whether a heavy patient was there?

RELEASES = 2_000


def lower_bound(without: npt.NDArray[np.float64], having: npt.NDArray[np.float64], cut: float,
                delta: float) -> float:  # fmt: skip
    """A lower bound on epsilon that holds 95 times in 100 (Clopper and Pearson 1934)."""
    right, wrong = int((having > cut).sum()), int((without > cut).sum())
    least = _clopper_pearson(right, len(having))[0]
    most = _clopper_pearson(wrong, len(without))[1]
    return math.log(max(least - delta, 1e-12) / most)


def _clopper_pearson(hits: int, of: int, alpha: float = 0.05) -> tuple[float, float]:
    def tail(p: float, from_: int, to: int) -> float:
        ks = np.arange(from_, to + 1)
        logs = [math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1) for k in ks]
        return float(np.exp(np.array(logs) + ks * math.log(p) + (of - ks) * math.log1p(-p)).sum())

    low = 0.0 if hits == 0 else _bisect(lambda p: tail(p, hits, of) - alpha / 2)
    high = 1.0 if hits == of else _bisect(lambda p: alpha / 2 - tail(p, 0, hits))
    return low, high


def _bisect(rises: Callable[[float], float]) -> float:
    low, high = 1e-12, 1 - 1e-12
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rises(middle) < 0 else (low, middle)
    return (low + high) / 2


def _statistic(counted: Sequence[int], direction: npt.NDArray[np.float64], table: Table,
               seed: int) -> npt.NDArray[np.float64]:  # fmt: skip
    """The best question about that patient, asked of RELEASES releases under our own noise."""
    chance = np.random.default_rng(seed)
    noise = np.rint(chance.normal(0, table.sigma, (RELEASES, len(counted))))
    answers: npt.NDArray[np.float64] = (np.array(counted) + noise) @ direction
    return answers


def empirical_epsilon(without: Sequence[int], having: Sequence[int], table: Table) -> float:
    """The bound for two logs' counts; the cut lies halfway between them."""
    apart = np.array(having, dtype=float) - np.array(without, dtype=float)
    direction = apart / np.linalg.norm(apart)
    cut = float((np.array(having) + np.array(without)) @ direction / 2)
    return lower_bound(
        _statistic(without, direction, table, 1),
        _statistic(having, direction, table, 2),
        cut,
        1e-6,
    )


def test_a_heavy_patient_is_not_told_apart_beyond_the_claimed_epsilon() -> None:
    others = [Row(n, n % 8, DAY, age=n % 9) for n in range(300)]
    heavy = [Row(999, event, DAY, age=3) for event in range(8) for _ in range(40)]
    without, having = counts(others, [WEEK])[WEEK], counts([*others, *heavy], [WEEK])[WEEK]

    bound = empirical_epsilon(without, having, WEEK.table)

    print(f"empirical epsilon >= {bound:.3f}; claimed {epsilon(WEEK.table.rho):.3f}")
    assert bound <= epsilon(WEEK.table.rho)


def test_the_same_test_catches_a_build_that_counts_events() -> None:
    others = [Row(n, n % 8, DAY, age=n % 9) for n in range(300)]
    without = counts(others, [WEEK])[WEEK]
    broken = list(without)
    broken[3] += 40  # one patient, forty events in one cell

    bound = empirical_epsilon(without, broken, WEEK.table)

    print(f"events instead of patients: empirical epsilon >= {bound:.3f}")
    assert bound > epsilon(WEEK.table.rho)


# The ledger under attack, and the noise itself.


def test_four_hundred_attempts_of_two_processes_never_pass_the_cap(
    engine: Engine, tmp_path: Path
) -> None:
    """On PostgreSQL sixty: what is counted is the same, and it takes a minute."""
    describe(engine)
    url = engine.url.render_as_string(hide_password=False)
    backup = tmp_path / "backup.sqlite3"
    with attackers(url, tmp_path, seeds=(1, 2)) as processes:
        if is_sqlite := engine.dialect.name == "sqlite":
            said = at_once(processes, 20)
            _backed_up(engine, backup, restore=False)
            said |= at_once(processes, 100)
            _backed_up(engine, backup, restore=True)
            said |= at_once(processes, 280)
        else:
            said = at_once(processes, 60)
    with open_session(engine, "test") as session:
        known = ledger.known(session, tmp_path)

    print(f"{len(known.rows)} releases and {len(known.lost)} lost ones, "
          f"rho {known.most() / 1e6:.4f}")  # fmt: skip
    assert _fullest_by_day(known.spent) == known.most() <= CAP_MICRO
    assert all(reason and not reason[0].isupper() for reason in said)
    if is_sqlite:
        assert known.most() > CAP_MICRO * 0.95
        assert known.lost and {BUDGET_SPENT, RESERVE_SPENT, LOST} <= said


def _backed_up(engine: Engine, backup: Path, *, restore: bool) -> None:
    """Copy the database to the backup, or (later) the backup over the database."""
    with (
        closing(sqlite3.connect(str(engine.url.database))) as live,
        closing(sqlite3.connect(backup)) as kept,
    ):
        if restore:
            engine.dispose()
            kept.backup(live)
        else:
            live.backup(kept)


def _fullest_by_day(entries: Sequence[Spent]) -> int:
    """The fullest window by another way: every start, one after the other."""
    spans = [(e.first.toordinal(), e.last.toordinal(), e.rho_micro) for e in entries]
    starts = range(min(s[0] for s in spans) - 364, max(s[1] for s in spans) + 1)
    return max(sum(c for a, b, c in spans if a <= start + 364 and b >= start) for start in starts)


def test_the_noise_has_the_stated_variance_and_no_bias() -> None:
    """Chi-squared over 5,000 cells a table; fails by chance about once in a million runs."""
    many = 5_000
    for table in TABLES:
        apart = np.array(noisy(table, [1_000] * many), dtype=float) - 1_000
        chi = float((apart**2).sum()) / table.sigma**2
        print(f"{table.name}: sd {apart.std():.2f} of {table.sigma:.2f}, mean {apart.mean():+.2f}")
        assert abs(chi - many) < 5 * math.sqrt(2 * many)
        assert abs(apart.mean()) < 5 * table.sigma / math.sqrt(many)


def test_what_is_stored_less_the_truth_has_it_too(engine: Engine, tmp_path: Path) -> None:
    """The same of released cells, as they are read again: 72 weeks of all tables."""
    describe(engine)
    truth = 500
    release_made(engine, tmp_path, wanted(date(2025, 1, 6), date(2026, 5, 24)), each=truth)

    with open_session(engine, "test") as session:
        for table in TABLES:
            apart = np.array([one.value - truth for one in cells(session, table.name)], dtype=float)
            chi, many = float((apart**2).sum()) / table.sigma**2, len(apart)
            print(f"{table.name}: {many} cells, sd {apart.std():.2f} of {table.sigma:.2f}")
            assert many > 400
            assert abs(chi - many) < 5.5 * math.sqrt(2 * many)
            assert abs(apart.mean()) < 5 * table.sigma / math.sqrt(many)
