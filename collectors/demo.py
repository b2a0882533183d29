"""The made-up practice: asking for it, and filling a database with it.

It comes through the real adapters, over HTTP, from a sandbox in this process. A request row
holds the plan (seed, days, end) and the progress that pages show.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from collectors import demo_portal
from collectors.connect import Wanted, connect
from collectors.demo_filling import Filling, Member
from collectors.made import sandbox_for
from collectors.opening import open_at
from collectors.sandbox import plan as made_plan
from collectors.sandbox.portal_plan import ZIP3S
from collectors.sandbox.server import RunningSandbox, running_sandbox
from collectors.storing import ClaimLost
from data import accounts, campaigns, demo, migrate, practice, requests, unsealing
from data.claimant import this_process
from data.clock import local_day, now, told_by
from data.demo import DemoPlan
from data.errors import Refused
from data.models import Request
from data.output import say
from data.session import Engine, Session, make_engine, open_session
from data.settings import load_settings

__all__ = ["demo_now", "fill", "fill_live", "sandbox_for"]

LIVE_DAYS, LIVE_SEED, PATIENTS = 400, 7, 8000
Hold = Callable[[Session, str], None]


def fill_live(engine: Engine, home: Path) -> bool:
    """Where nothing was set up, ask for the demo, once; whether this call did.

    The worker that takes the request fills it; interrupted, the next one goes on.
    """
    settings = load_settings()
    if settings.database_url is not None or settings.open_url != settings.demo_url:
        return False
    unsealing.keep_keys(home)
    with open_session(engine, "worker", write=True) as session:
        if practice.get(session) is not None or not demo.is_empty(session):
            return False
        _ask(session, LIVE_DAYS, LIVE_SEED, PATIENTS)
        return True


def demo_now(*, days: int, patients: int, seed: int) -> dict[str, int]:
    """`reachwell demo`: fill the demo's database in this process; what it holds then.

    Refused where there are accounts, posts or people. One that was interrupted goes on.
    """
    settings = load_settings()
    engine, home = make_engine(settings.demo_url), settings.resolved_home
    migrate.upgrade(engine)
    unsealing.keep_keys(home)
    with open_session(engine, "machine", write=True) as session:
        if demo.is_filling(session):
            request_id = demo.request_id(session)
        elif demo.is_empty(session):
            request_id = _ask(session, days, seed, patients)
        else:
            raise Refused(
                "This database holds accounts or posts already; the demo needs an empty one.",
                f"Delete the database ({settings.demo_url}) or name another in "
                "REACHWELL_DATABASE_URL.",
            )
        request = requests.claim_one(session, request_id, this_process())
    if request is None:
        raise Refused(
            "Another process is filling this database with the demo.",
            "Wait until it is done, or stop that process.",
        )
    counts = _with_bar(engine, home, request)
    if settings.open_url != settings.demo_url:
        say(
            f"The demo was filled in {_file_of(settings.demo_url)}. The pages and all other "
            f"commands open the practice's own {_file_of(settings.open_url)}."
        )
    return counts


def _file_of(url: str) -> str:
    return url.removeprefix("sqlite:///")


def fill(engine: Engine, home: Path, hold: Hold) -> dict[str, int]:
    """Fill the database by its plan; counts of what it holds then.

    `hold` is called in every transaction with the progress in words; it proves that the claim
    is still ours, or raises.
    """
    with open_session(engine, "worker") as session:
        plan = demo.plan_of(session)
    with (
        running_sandbox(seed=plan.seed, clock=plan.ends_at, days=plan.days, frozen=True) as sandbox,
        told_by(sandbox.now),
    ):
        members = [_member(engine, home, sandbox, one.network, one.handle, one.token)
                   for one in sandbox.accounts]  # fmt: skip
        Filling(engine, plan, sandbox, members, hold).run()
        with open_session(engine, "worker", write=True) as session:
            hold(session, "the patient portal")
            _campaigns(session, plan)
    _portal(engine, home, plan, hold)
    with open_session(engine, "worker") as session:
        return demo.counts(session)


def _portal(engine: Engine, home: Path, plan: DemoPlan, hold: Hold) -> None:
    def tell(text: str) -> None:
        with open_session(engine, "worker", write=True) as session:
            hold(session, f"the patient portal, {text}")

    with open_session(engine, "worker") as session:
        described = practice.get(session)
    if described is not None:
        demo_portal.release(engine, home, plan, described, tell)


def _ask(session: Session, days: int, seed: int, patients: int) -> int:
    """The practice's row (one that setup made is kept) and the request with the plan."""
    zone = str(made_plan.ZONE)
    described = practice.get(session)
    if described is None:
        practice.describe(
            session,
            name=made_plan.PRACTICE,
            zone=zone,
            currency="USD",
            language="en",
            active_patients=patients,
            zip3s=list(ZIP3S),
            sites=[made_plan.SITE],
        )
    ends_at = now().replace(second=0, microsecond=0)
    first = local_day(ends_at, zone) - timedelta(days=days)
    practice.describe(session, is_demo=True, collecting_since=ends_at - timedelta(days=days))
    plan = DemoPlan(seed=seed, days=days, first_day=first, ends_at=ends_at)
    return requests.ask(session, demo.KIND, demo.as_payload(plan))


def _member(
    engine: Engine, home: Path, sandbox: RunningSandbox, network: str, handle: str, token: str
) -> Member:
    """The account, connected as any other is; a resumed filling finds it there."""
    with open_session(engine, "worker") as session:
        account = accounts.by_key(session, network, handle)
    if account is None:
        wanted = Wanted(network, handle, token, sandbox.url)
        account = connect(engine, home, wanted, "worker", kept_address=demo.ADDRESS)
    return Member(account, open_at(home, account, sandbox.url))


def _campaigns(session: Session, plan: DemoPlan) -> None:
    """The newest of each of the practice's two campaigns that the days filled touch."""
    if campaigns.all_of(session):
        return
    today = local_day(plan.ends_at, str(made_plan.ZONE))
    years = range(today.year, plan.first_day.year - 1, -1)
    for place in (0, 1):
        begun = [made_plan.campaigns_of(year)[place] for year in years]
        one = next((one for one in begun if one.begin <= today and one.end >= plan.first_day), None)
        if one is not None:
            campaigns.add(
                session,
                name=one.name,
                starts_on=one.begin,
                ends_on=one.end,
                goal=_GOALS[one.topic],
                budget_minor=_BUDGETS[one.topic],
                currency="USD",
                labels=[one.label],
                utms=[one.utm],
                ads=_ads_of(session, one.name),
            )


_GOALS = {
    "flu": "More patients with a flu shot before December",
    "telehealth": "Patients know that they can see us by video",
}
_BUDGETS = {"flu": 220_000, "telehealth": 250_000}


def _ads_of(session: Session, name: str) -> list[str]:
    """The ad campaigns that belong to it by name."""
    return [remote_id for remote_id, title, _ in campaigns.ad_campaigns(session) if title == name]


def _with_bar(engine: Engine, home: Path, request: Request) -> dict[str, int]:
    with _bar() as show:

        def hold(session: Session, text: str) -> None:
            if not requests.progress(session, request, text):
                raise ClaimLost
            show(text)

        try:
            counts = fill(engine, home, hold)
        except ClaimLost:
            raise Refused("Another process has taken over the filling of the demo.") from None
        with open_session(engine, "machine", write=True) as session:
            requests.done(session, request, counts)
    return counts


@contextmanager
def _bar() -> Iterator[Callable[[str], None]]:
    """A progress bar on stderr; where that is no terminal, nothing moves."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Making the demo practice", total=100)

        def show(text: str) -> None:
            head, _, rest = text.partition(": ")
            share = rest.split(" ", 1)[0]
            done = {"completed": int(share)} if share.isdigit() else {}
            progress.update(task, description=head, **done)  # type: ignore[arg-type]

        yield show
