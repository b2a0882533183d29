"""No error of DuckDB gets out as it is, whenever it arises: its text quotes values."""

from typing import Any

import duckdb
import pytest

from collectors.portal.staging import Lists, Staging, Unreadable, open_staging
from data.errors import Refused

LISTS = Lists("UTC", (), ())


class _Fetching:
    """A connection that has no memory left once it is asked for rows."""

    def execute(self, _sql: str, _parameters: list[Any]) -> "_Fetching":
        return self

    def fetchall(self) -> list[tuple[Any, ...]]:
        raise duckdb.OutOfMemoryException("could not hold Canaryson")


@pytest.mark.parametrize("ask", [Staging.rows, Staging.number])
def test_memory_that_ends_while_rows_are_fetched_is_told_as_ever(ask: Any) -> None:
    staging = Staging(_Fetching(), LISTS, 16)  # type: ignore[arg-type]

    with pytest.raises(Refused, match="more than the 16 MB of memory") as refused:
        ask(staging, "SELECT 1")

    assert refused.value.__suppress_context__ and "Canaryson" not in refused.value.sentence()


def test_an_error_that_arises_in_the_middle_of_the_rows_is_its_kind_alone() -> None:
    staging = open_staging(LISTS, 100)
    late = "SELECT CASE WHEN n = 900000 THEN error('Canaryson') END FROM range(1000000) t(n)"

    with pytest.raises(Unreadable) as unreadable:
        staging.rows(late)

    assert str(unreadable.value) == "InvalidInputException"
    assert unreadable.value.__suppress_context__
