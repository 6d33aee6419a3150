"""How a worker shares its places out among vendors."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hireloom.worker import most, stepping_back


@pytest.mark.parametrize(
    ("others", "places"),
    [([], 12), ([0, 0], 12), ([1], 12), ([6], 10), ([500], 8), ([500, 500, 500], 4), ([9] * 40, 1)],
)
def test_a_vendor_gets_what_the_others_do_not_want(others: Sequence[int], places: int) -> None:
    assert most(16, others) == places


@given(st.lists(st.integers(0, 1000), max_size=6))
def test_whatever_others_want_everybody_has_a_place(others: list[int]) -> None:
    assert 1 <= most(16, others) <= 12


def test_the_more_wait_the_later_they_come_again() -> None:
    few = max(stepping_back(1).total_seconds() for _ in range(50))
    many = min(stepping_back(1000).total_seconds() for _ in range(50))

    assert few < 1 < many < 16
