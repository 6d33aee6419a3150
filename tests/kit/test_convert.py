"""Small conversions: there and back again."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hireloom.kit.convert import (
    chunks,
    country_code,
    e164,
    from_millis,
    join_name,
    split_name,
    to_count,
    to_id,
    to_iso,
    to_millis,
    utc,
    year_month,
)

# Hypothesis wants bounds without a zone.
EARLY, LATE = datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2200-01-01")
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.datetimes(EARLY, LATE, timezones=zones)


@given(instants)
def test_milliseconds_lose_less_than_one(instant: datetime) -> None:
    back = from_millis(to_millis(instant))

    assert back is not None
    assert timedelta(0) <= instant - back < timedelta(milliseconds=1)


@given(st.integers(-(10**12), 10**13))
def test_milliseconds_come_back(millis: int) -> None:
    assert to_millis(from_millis(millis)) == millis


@given(instants)
def test_iso_text_reads_back(instant: datetime) -> None:
    text = to_iso(instant)

    assert text.endswith("Z")
    assert timedelta(0) <= instant - datetime.fromisoformat(text) < timedelta(milliseconds=1)


@given(instants)
def test_utc_is_the_same_instant(instant: datetime) -> None:
    assert utc(instant) == instant
    assert utc(instant).tzinfo is UTC  # type: ignore[union-attr]  # an instant in, an instant out


@given(st.datetimes(timezones=zones))
@example(datetime.fromisoformat("0001-01-01T00:00:00+14:00"))
@example(datetime.fromisoformat("9999-12-31T23:59:59.999999-14:00"))
def test_no_instant_breaks_a_conversion(instant: datetime) -> None:
    moved = utc(instant)

    assert moved is not None
    assert moved.tzinfo is UTC
    assert abs(moved - instant) <= timedelta(hours=14)
    assert datetime.fromisoformat(to_iso(instant)).year in {1, 9999, moved.year}
    assert isinstance(to_millis(instant), int)


@pytest.mark.parametrize("said", ["", "-1", "1.5", "1e3", "²", "٣", " 1", "9" * 16, "9" * 5000])
def test_what_is_no_count_is_none(said: str) -> None:
    assert to_count(said) is None
    assert to_count("0042") == 42


def test_a_time_without_a_zone_is_utc() -> None:
    assert to_iso(datetime.fromisoformat("2026-11-21T09:30")) == "2026-11-21T09:30:00.000Z"
    assert utc(datetime.fromisoformat("2026-11-21")) == datetime(2026, 11, 21, tzinfo=UTC)


@given(st.lists(st.text(st.characters(categories=["L"]), min_size=1), max_size=5))
def test_a_name_can_be_taken_apart_and_joined(words: list[str]) -> None:
    name = "  ".join(words)

    assert join_name(*split_name(name)) == " ".join(words)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Lovelace", ("Ada", "Lovelace")),
        ("Mary Jane  Watson", ("Mary Jane", "Watson")),
        ("Cher", ("Cher", None)),
        ("\t ", (None, None)),
        (None, (None, None)),
    ],
)
def test_the_last_word_is_the_last_name(
    name: str | None, parts: tuple[str | None, str | None]
) -> None:
    assert split_name(name) == parts


@pytest.mark.parametrize(
    ("number", "region", "found"),
    [
        ("+1 (555) 123-4567", None, "+15551234567"),
        ("0151 23456789", "DE", "+4915123456789"),
        ("0151 23456789", None, None),
        ("call me", "US", None),
        ("12", "US", None),
        (None, "US", None),
    ],
)
def test_a_number_is_international_or_nothing(
    number: str | None, region: str | None, found: str | None
) -> None:
    assert e164(number, region) == found


@given(st.text(max_size=40), st.sampled_from([None, "US", "XX", ""]))
def test_no_text_breaks_a_number(number: str, region: str | None) -> None:
    found = e164(number, region)

    assert found is None or (found[0] == "+" and found[1:].isdigit())


@pytest.mark.parametrize(
    ("name", "code"),
    [("Germany", "DE"), (" us ", "US"), ("DEU", "DE"), ("Atlantis", None), ("", None)],
)
def test_a_country_has_two_letters(name: str, code: str | None) -> None:
    assert country_code(name) == code


@given(st.text(max_size=30))
def test_no_text_breaks_a_country(name: str) -> None:
    found = country_code(name)

    assert found is None or len(found) == 2


@given(st.lists(st.integers()), st.integers(1, 10))
def test_chunks_hold_everything_in_order(values: list[int], size: int) -> None:
    cut = chunks(values, size)

    assert [value for chunk in cut for value in chunk] == values
    assert all(0 < len(chunk) <= size for chunk in cut)


def test_what_is_known_of_a_date() -> None:
    assert year_month(2026, 11) == date(2026, 11, 1)
    assert year_month(2026, None) == date(2026, 1, 1)
    assert year_month(None, 5) is None


def test_ids_are_text() -> None:
    assert (to_id(7), to_id("7"), to_id(None)) == ("7", "7", None)
