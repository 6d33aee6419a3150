"""When a sync runs next: every so often, at a time of day, and not all at once."""

import hashlib
from datetime import datetime, timedelta

STANDARD, MEDIUM, HIGH = 24 * 60, 6 * 60, 60  # minutes
FREQUENCIES = {"standard": STANDARD, "medium": MEDIUM, "high": HIGH}
SHORTEST = 5  # minutes
LONGEST = 31 * 24 * 60
SPREAD = 10  # a first run may come earlier by up to a tenth of the frequency
DAY = timedelta(days=1)


def share(sync_id: str) -> float:
    """A number from 0 to 1 that is a sync's own and stays the same."""
    digest = hashlib.blake2b(sync_id.encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def after_run(sync_id: str, frequency: int, ended: datetime) -> datetime:
    """One period after a run ended, a little earlier for some than for others."""
    period = timedelta(minutes=frequency)
    return ended + period - period * share(sync_id) / SPREAD


def at_time_of_day(sync_id: str, frequency: int, start_minute: int, now: datetime) -> datetime:
    """The next time on a grid through that minute of the UTC day, within a minute of it.

    A frequency of a day or more is once a day; a shorter one is counted from that minute on.
    """
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    anchor = midnight - DAY + timedelta(minutes=start_minute, seconds=59 * share(sync_id))
    step = DAY if frequency >= STANDARD else timedelta(minutes=frequency)
    passed = (now - anchor) // step
    return anchor + step * (passed + 1)


def on_grid(planned: datetime, frequency: int, now: datetime) -> datetime:
    """The next time of a fixed schedule; times that were missed are left out."""
    step = timedelta(minutes=frequency)
    if planned > now:
        return planned
    return planned + step * ((now - planned) // step + 1)


def first(sync_id: str, frequency: int, start_minute: int | None, now: datetime) -> datetime:
    if start_minute is not None:
        return at_time_of_day(sync_id, frequency, start_minute, now)
    return after_run(sync_id, frequency, now)


def following(
    sync_id: str,
    frequency: int,
    start_minute: int | None,
    planned: datetime | None,
    now: datetime,
    *,
    keeps: bool,
) -> datetime:
    """When to run next as a run ends: by the fixed schedule, or one period from now."""
    if start_minute is not None:
        rest = DAY * max(frequency // STANDARD - 1, 0)  # of a frequency of several days
        return at_time_of_day(sync_id, frequency, start_minute, now + rest)
    if keeps and planned is not None:
        return on_grid(planned, frequency, now)
    return after_run(sync_id, frequency, now)
