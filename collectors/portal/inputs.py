"""The files of a run: by which reader each is read, what they carry, under which source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from collectors.portal import fhir, resources, tabular
from collectors.portal import mapping as mappings
from collectors.portal.mapping import Mapping as ColumnMapping
from collectors.portal.staging import Staging
from data.errors import Refused
from data.privacy.keys import AGE_BANDS, EVENTS, zip3_keys
from data.privacy.planning import Keys


@dataclass(frozen=True)
class Input:
    """One file; `mapping` is None for FHIR, else with its `name`."""

    path: Path
    name: str
    mapping: ColumnMapping | None
    kinds: frozenset[str] = frozenset()

    @property
    def carried(self) -> frozenset[str]:
        """The events that a file of this shape can hold."""
        if self.mapping is not None:
            return frozenset(self.mapping.carried)
        return frozenset(resources.CARRIED if self.kinds & resources.TELLING else ())

    def stage(self, staging: Staging) -> None:
        """Read it."""
        if self.mapping is None:
            resources.stage(staging, self.path)
        else:
            tabular.stage(staging, self.path, self.mapping)


def choose(
    paths: Sequence[Path], known: Mapping[str, ColumnMapping], wanted: str | None
) -> list[Input]:
    """How each file is read. Refused, with its columns, where one fits nothing that is known."""
    if len({path.resolve() for path in paths}) < len(paths):
        raise Refused("A file is named twice.", "Name each file once.")
    return [_choose(path, known, wanted) for path in paths]


def _choose(path: Path, known: Mapping[str, ColumnMapping], wanted: str | None) -> Input:
    try:
        if not path.is_file():
            raise Refused(f"There is no file {path.name} there.", "Look at its name and folder.")
        if not tabular.is_parquet(path) and fhir.looks_like_fhir(path):
            return Input(path, "fhir", None, frozenset(resources.kinds_of(path)))
        columns = tabular.columns_of(path)
        tabular.check_names(path, columns)
    except OSError as error:
        raise Refused(
            f"{path.name} cannot be read: {error.strerror or 'it is damaged'}.",
            "Give the user that runs Reachwell the right to read it.",
        ) from None
    if wanted is not None:
        tabular.check_columns(path, columns, known[wanted])
        return Input(path, wanted, known[wanted])
    if set(columns) >= mappings.SYNTHEA_COLUMNS:
        return Input(path, mappings.SYNTHEA_NAME, mappings.SYNTHEA)
    fitting = [name for name, one in known.items() if tabular.fits(one, columns)]
    if len(fitting) == 1:
        tabular.check_columns(path, columns, known[fitting[0]])
        return Input(path, fitting[0], known[fitting[0]])
    for one in known.values():
        if not fitting and tabular.fits_but_for_case(one, columns):
            tabular.check_columns(path, columns, one)
    told = tabular.named(columns)
    if fitting:
        raise Refused(
            f"Several mappings fit {path.name}: {', '.join(fitting)}.", "Name one with --mapping."
        )
    raise Refused(
        f"{path.name} is no file that is known, and no mapping fits it. Its columns are: {told}.",
        "Say what they mean with `reachwell portal mapping add NAME FILE`; nothing was read.",
    )


def source_of(inputs: Sequence[Input]) -> str:
    """Under which name the ledger keeps the run: the mapping's, or fhir; both where both tell."""
    telling = [one.name for one in inputs if one.carried]
    return "+".join(sorted(set(telling))) or "fhir"


def keys_of(inputs: Sequence[Input], zip3s: Sequence[str], topics: Sequence[str]) -> Keys:
    """The labels of each dimension: from the public lists and the files' shapes alone."""
    carried = frozenset[str]().union(*(one.carried for one in inputs))
    maps = [one.mapping for one in inputs if one.mapping is not None]
    people = any("Patient" in one.kinds for one in inputs)
    has_ages = people or any(one.age or one.birth_date for one in maps)
    has_zips = people or any(one.zip for one in maps)
    return Keys(
        event=tuple(event for event in EVENTS if event in carried),
        age_band=AGE_BANDS if has_ages else (),
        zip3=zip3_keys(tuple(zip3s)) if has_zips else (),
        topic=(*topics, "unknown") if any(one.topic for one in maps) else (),
    )
