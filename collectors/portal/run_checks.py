"""What is judged over all files of a run, for one file of FHIR may well be of one patient alone."""

from collectors.portal.staging import PEOPLE, Staging, band_sql
from collectors.portal.tabular_checks import BAD_AGE, ENOUGH
from data.errors import Refused


def check(staging: Staging) -> None:
    """Count the ages that cannot be; Refused where all of FHIR's events name one patient."""
    _check_patients(staging)
    if staging.has_facts and staging.parts:
        _count_ages(staging)


def _check_patients(staging: Staging) -> None:
    if not staging.fhir_parts:
        return
    events = " UNION ALL ".join(f"FROM {part}" for part in staging.fhir_parts)
    ((count, is_one),) = staging.rows(
        f"SELECT coalesce(sum(rows), 0), min(key) = max(key) FROM ({events})"  # noqa: S608 - ours
    )
    if count >= ENOUGH and is_one:
        raise Refused(
            "The FHIR files name the same patient in every event; nothing was released.",
            "Export them with each patient's own id.",
        )


def _count_ages(staging: Staging) -> None:
    """Events whose age only a Patient resource tells, and tells wrongly: counted like a table's."""
    events = " UNION ALL ".join(
        f"SELECT key, day, rows FROM {part} "  # noqa: S608 - ours
        "WHERE reason = 0 AND age IS NULL AND NOT bad_age"
        for part in staging.parts
    )
    cannot_be = f"({band_sql('(year(s.day) - f.birth_year)')}) IS NULL"
    staging.left_out[BAD_AGE] += staging.number(
        f"""SELECT coalesce(sum(s.rows), 0) FROM ({events}) s JOIN ({PEOPLE}) f ON f.key = s.key
        WHERE f.birth_year IS NOT NULL AND {cannot_be}"""  # noqa: S608 - numbers of ours
    )
