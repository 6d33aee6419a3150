"""When a sync runs next."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hireloom.sync import schedule
from hireloom.sync.schedule import DAY, LONGEST, SHORTEST, SPREAD

NAMES = st.text(min_size=1, max_size=30)
FREQUENCIES = st.integers(SHORTEST, LONGEST)
MINUTES = st.none() | st.integers(0, 24 * 60 - 1)
START = datetime(2026, 1, 1, tzinfo=UTC)
TIMES = st.integers(0, 10**9).map(lambda millis: START + timedelta(milliseconds=60 * millis))


@given(NAMES, FREQUENCIES, MINUTES, TIMES)
def test_the_next_time_is_ahead_and_not_further_than_a_period(
    sync_id: str, frequency: int, minute: int | None, now: datetime
) -> None:
    planned = schedule.first(sync_id, frequency, minute, now)

    assert now < planned <= now + max(timedelta(minutes=frequency), DAY)


@given(NAMES, FREQUENCIES, TIMES)
def test_syncs_of_one_moment_are_spread_over_a_tenth_of_the_period(
    sync_id: str, frequency: int, now: datetime
) -> None:
    period = timedelta(minutes=frequency)

    planned = schedule.first(sync_id, frequency, None, now)

    assert now + period - period / SPREAD <= planned <= now + period


@given(NAMES, st.integers(0, 24 * 60 - 1), TIMES)
def test_a_daily_sync_with_a_time_of_day_keeps_to_that_minute(
    sync_id: str, minute: int, now: datetime
) -> None:
    planned = schedule.first(sync_id, schedule.STANDARD, minute, now)

    assert planned.hour * 60 + planned.minute == minute


@given(NAMES, st.integers(2, 31), st.integers(0, 24 * 60 - 1), TIMES)
def test_a_sync_of_several_days_with_a_time_of_day_rests_those_days(
    sync_id: str, days: int, minute: int, now: datetime
) -> None:
    ran = schedule.first(sync_id, days * schedule.STANDARD, minute, now)

    following = schedule.following(
        sync_id, days * schedule.STANDARD, minute, ran, ran + timedelta(minutes=3), keeps=True
    )

    assert following == ran + days * DAY


@given(NAMES, FREQUENCIES, TIMES, st.integers(0, 10**6))
def test_a_fixed_schedule_leaves_out_what_was_missed_and_keeps_its_beat(
    sync_id: str, frequency: int, planned: datetime, late: int
) -> None:
    now = planned + timedelta(seconds=late)
    step = timedelta(minutes=frequency)

    following = schedule.following(sync_id, frequency, None, planned, now, keeps=True)

    assert now < following <= now + step
    assert (following - planned) % step == timedelta(0)


def test_a_thousand_syncs_started_together_do_not_run_together_again() -> None:
    now = datetime(2026, 11, 21, 10, tzinfo=UTC)

    planned = [schedule.first(f"sj_{number}", schedule.HIGH, None, now) for number in range(1000)]

    by_minute = [sum(one.minute == minute for one in planned) for minute in range(60)]
    assert max(by_minute) < 250
    assert max(planned) - min(planned) > timedelta(minutes=5)
