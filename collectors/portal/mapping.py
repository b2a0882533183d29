"""Mappings of columns as the readers use them, and the one that Synthea's files need.

The rules of a mapping stand in `data.privacy.columns`, where the page that edits them finds them.
"""

from data.privacy.columns import Mapping, parse

__all__ = ["SYNTHEA", "SYNTHEA_COLUMNS", "SYNTHEA_NAME", "Mapping", "parse"]

#: Synthea's encounters.csv: of its classes only a visit by video is a use of the portal.
SYNTHEA_NAME = "synthea"
SYNTHEA_COLUMNS = frozenset({"Id", "START", "STOP", "PATIENT", "ENCOUNTERCLASS", "PAYER"})
SYNTHEA = Mapping(
    patient="PATIENT",
    event="ENCOUNTERCLASS",
    when="START",
    time_zone="UTC",
    events={"virtual": "telehealth_visit"},
)
