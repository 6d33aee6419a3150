"""When an event that was not acknowledged is sent again, and when it is given up.

The table in docs/webhooks.md is compared with `DELAYS`.
"""

import email.utils
from datetime import UTC, datetime, timedelta

HOUR = 3600.0

# Seconds after the first failed attempt, the second, and so on; the last one repeats.
DELAYS = (
    5.0, 30.0, 120.0, 600.0, 1800.0, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR,
)  # fmt: skip
JITTER = 0.2
TRIED_FOR = timedelta(days=4)  # from the first attempt
DISABLED_AFTER = timedelta(days=5)  # without any acknowledgement
LONGEST_WISH = 12 * HOUR  # what a Retry-After may ask for

# An endpoint that acknowledges nothing is asked with one event at a time, ever more rarely.
DOWN_AFTER = 3  # first attempts in a row
PAUSED_AFTER = 5
FIRST_PAUSE = 5.0
LONGEST_PAUSE = 60.0


def delay(
    attempts: int,
    first_attempt_at: datetime,
    now: datetime,
    *,
    wish: float | None = None,
    chance: float,
) -> float | None:
    """Seconds until the next attempt, after so many failed ones; None: it is given up.

    `chance` lies between 0 and 1. `wish` is what a Retry-After asked for.
    """
    about = DELAYS[min(attempts, len(DELAYS)) - 1] * (1 + JITTER * (2 * chance - 1))
    wait = max(about, min(wish or 0.0, LONGEST_WISH))
    return wait if now + timedelta(seconds=wait) <= first_attempt_at + TRIED_FOR else None


def pause(failures: int, chance: float) -> float:
    """Seconds without any attempt, after so many first ones failed in a row.

    `chance`, between 0 and 1, spreads endpoints that went down together.
    """
    if failures < PAUSED_AFTER:
        return 0.0
    longest = min(FIRST_PAUSE * 2.0 ** min(failures - PAUSED_AFTER, 10), LONGEST_PAUSE)
    return longest * (0.5 + chance / 2)


def read_retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds, out of a number of them or a date; None where it says nothing that is understood."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())
