"""When to try again: as documented, with jitter, and not for ever."""

import itertools
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hireloom.deliver import retries

FIRST = datetime(2026, 11, 21, 10, tzinfo=UTC)
DOCS = Path(__file__).parents[2] / "docs" / "webhooks.md"
SECONDS = {"s": 1, "min": 60, "h": 3600}


def schedule(chance: float = 0.5) -> list[float]:
    """Every delay until an event is given up."""
    found: list[float] = []
    now = FIRST
    for attempts in itertools.count(1):
        delay = retries.delay(attempts, FIRST, now, chance=chance)
        if delay is None:
            return found
        found.append(delay)
        now += timedelta(seconds=delay)
    raise AssertionError


def test_the_documented_table_is_what_is_done() -> None:
    rows = re.findall(r"^\| (\d+)[^|]* \| (\d+) (s|min|h) \|$", DOCS.read_text(), re.MULTILINE)

    assert [int(number) * SECONDS[unit] for _, number, unit in rows] == list(retries.DELAYS)
    assert [int(attempt) for attempt, _, _ in rows] == list(range(1, len(retries.DELAYS) + 1))


def test_it_goes_on_every_12_hours_until_the_fourth_day() -> None:
    delays = schedule()

    assert delays[: len(retries.DELAYS)] == list(retries.DELAYS)
    assert set(delays[len(retries.DELAYS) :]) == {12 * 3600}
    assert timedelta(days=3.5) < timedelta(seconds=sum(delays)) <= timedelta(days=4)


@given(st.floats(0, 1))
def test_jitter_is_a_fifth_at_most(chance: float) -> None:
    for delay, about in zip(schedule(chance), retries.DELAYS, strict=False):
        assert 0.8 * about <= delay <= 1.2 * about


def test_a_wish_counts_where_it_is_longer_and_is_bounded() -> None:
    assert retries.delay(1, FIRST, FIRST, chance=0.5, wish=1) == 5
    assert retries.delay(1, FIRST, FIRST, chance=0.5, wish=90) == 90
    assert retries.delay(1, FIRST, FIRST, chance=0.5, wish=10**9) == 12 * 3600


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("Sat, 21 Nov 2026 10:02:00 GMT", 120),
        ("Sat, 21 Nov 2026 09:00:00 GMT", 0),
        ("99999999999999999999", 999999999),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_a_retry_after_is_read_as_seconds_or_a_date(
    header: str | None, seconds: float | None
) -> None:
    assert retries.read_retry_after(header, FIRST) == seconds


def test_pauses_begin_late_and_stay_short() -> None:
    pauses = [retries.pause(failures, 1) for failures in range(30)]

    assert pauses[: retries.PAUSED_AFTER] == [0] * retries.PAUSED_AFTER
    assert pauses[retries.PAUSED_AFTER] == 5
    assert max(pauses) == pauses[-1] == 60
    assert retries.pause(29, 0) == 30
