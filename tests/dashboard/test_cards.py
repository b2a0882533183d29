"""A card's arrow points where its change goes."""

import numpy as np
import pytest

from dashboard.cards import Card
from dashboard.findings import Finding


@pytest.mark.parametrize(
    ("before", "arrow"), [(80.0, "up"), (120.0, "down"), (100.0, "off"), (None, "off")]
)
def test_the_arrow_follows_the_change_not_the_sign_in_the_text(
    before: float | None, arrow: str
) -> None:
    card = Card("k", "K", Finding(100.0, before, None, 0), "100", np.array([1.0, 2.0]), 1, "")

    assert card.arrow == arrow
