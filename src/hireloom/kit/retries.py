"""When a failed call may be tried again, and how long to wait before."""

import math
import random
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from tenacity import RetryCallState

from hireloom.errors import HireloomError, UpstreamRateLimitedError
from hireloom.kit.trip import current

RATE_LIMIT_PATIENCE = 20.0  # seconds that one operation waits in all because of a vendor's limit
ATTEMPTS = 4
RATE_LIMITED_ATTEMPTS = 12
LONGEST_WAIT = 3600.0  # seconds: what a vendor asks for beyond that is not believed


class AgainError(Exception):
    """A failed attempt that may be repeated, after so many seconds where the vendor said so."""

    def __init__(self, error: HireloomError, after: float | None = None) -> None:
        super().__init__(error.msg)
        self.error = error
        self.after = after


def enough(state: RetryCallState) -> bool:
    failure = state.outcome.exception() if state.outcome else None
    if not isinstance(failure, AgainError):
        return True
    limited = isinstance(failure.error, UpstreamRateLimitedError)
    if state.attempt_number >= (RATE_LIMITED_ATTEMPTS if limited else ATTEMPTS):
        return True
    trip = current()
    patience = trip.left - 1
    if limited and not trip.in_background:
        patience = min(RATE_LIMIT_PATIENCE - trip.waited, patience)
    return max(pause(state), failure.after or 0.0) > patience


def pause(state: RetryCallState) -> float:
    """Seconds before the next attempt. A rate limit's wait is the budget's, which all share."""
    failure = state.outcome.exception() if state.outcome else None
    if not isinstance(failure, AgainError):
        return 0.0
    if isinstance(failure.error, UpstreamRateLimitedError):
        return 0.0 if failure.after is not None else min(8.0, 0.5 * 2**state.attempt_number)
    backoff = 0.2 * 2 ** (state.attempt_number - 1) * (0.5 + _jitter())
    return backoff if failure.after is None else failure.after


def count_pause(state: RetryCallState) -> None:
    """What is slept because of a rate limit is part of what one operation waits in all."""
    failure = state.outcome.exception() if state.outcome else None
    if isinstance(failure, AgainError) and isinstance(failure.error, UpstreamRateLimitedError):
        current().waited += state.next_action.sleep if state.next_action else 0.0


def _jitter() -> float:
    return random.random()  # noqa: S311 – it spreads retries, it keeps no secret


def read_retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds from `Retry-After`, given as a number or as an HTTP date; an hour at most."""
    seconds = _seconds(headers.get("retry-after", "").strip())
    if seconds is None or not math.isfinite(seconds):
        return None
    return min(max(0.0, seconds), LONGEST_WAIT)


def _seconds(text: str) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text).timestamp() - time.time()
    except (ValueError, TypeError, ArithmeticError, OSError):  # a date that no calendar has
        return None
