"""The public lists from which every table takes its keys: never from the data.

ZIP3 areas of 20,000 people or fewer become 000 (45 CFR 164.514(b)(2)(i)(B)); the list is the
union of what the censuses of 2000, 2010 and 2020 give.
"""

EVENTS = (
    "sign_in",
    "record_view",
    "message",
    "booking",
    "refill",
    "telehealth_visit",
    "wearable_sync",
    "education_view",
)
EVENT_ALIASES = {"telehealth": "telehealth_visit"}

UNKNOWN = "unknown"
#: (first age, band); ages over 89 are one band (Safe Harbor).
_BANDS = (
    (0, "0-17"),
    (18, "18-29"),
    (30, "30-39"),
    (40, "40-49"),
    (50, "50-64"),
    (65, "65-74"),
    (75, "75-89"),
    (90, "90+"),
)
AGE_BANDS = (*(band for _, band in _BANDS), UNKNOWN)
FIRST_AGES = tuple(first for first, _ in _BANDS)
OLDEST = 120  # an age above it is a mistake in the file

HIDDEN_ZIP3, OTHER_ZIP3 = "000", "other"
MOST_ZIP3S = 30
#: Dated 2026-01; see the module's docstring.
SMALL_ZIP3S = frozenset(
    {
        "036", "059", "063", "102", "203", "205", "369", "556", "692", "790",
        "821", "823", "830", "831", "878", "879", "884", "890", "893",
    }
)  # fmt: skip


def zip3_keys(named: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """The keys of a practice that names these areas; none where it names none."""
    large = tuple(dict.fromkeys(one for one in named if one not in SMALL_ZIP3S))
    return (*large, HIDDEN_ZIP3, OTHER_ZIP3) if named else ()
