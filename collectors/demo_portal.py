"""The made-up practice's portal: a made log, released by the same code as a real one.

The log lies in a temporary folder while the run reads it; its patients are made up. Released
once, it is not released again: a filling that was killed goes on where it stood.
"""

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from collectors.portal.launch import launch
from collectors.portal.order import Order
from data.clock import local_day
from data.demo import DemoPlan
from data.errors import Refused
from data.models import Practice
from data.privacy import mappings
from data.session import Engine, open_session
from data.settings import load_settings

SOURCE = "made-portal"
MADE_PATIENTS = 8000


def release(
    engine: Engine, home: Path, plan: DemoPlan, described: Practice, tell: Callable[[str], None]
) -> int:
    """Release every day, week and month that the plan's days cover; how many releases."""
    from collectors.sandbox.portal_log import MAPPING, made_log, write_parquet

    first = plan.first_day
    last = local_day(plan.ends_at, described.zone) - timedelta(days=1)
    if last < first:
        return 0
    with open_session(engine, "worker", write=True) as session:
        mappings.put(session, SOURCE, dict(MAPPING))
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="made-portal-", dir=home) as folder:
        file = Path(folder) / "portal.parquet"
        patients = described.active_patients or MADE_PATIENTS
        write_parquet(file, made_log(seed=plan.seed, patients=patients, begin=first, end=last))
        order = Order((file,), SOURCE, first, last, False, load_settings().portal_memory_mb)
        url = engine.url.render_as_string(hide_password=False)
        answer = launch(url, home, "worker", order, lambda text, _share: tell(text.lower()))
    if not answer.releases and not answer.is_nothing_left:
        reasons = list(dict.fromkeys(one["reason"] for one in answer.refused))
        raise Refused(f"The made portal log was not released: {'; '.join(reasons)}.")
    return len(answer.releases)
