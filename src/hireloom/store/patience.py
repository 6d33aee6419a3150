"""Patience with a database that goes away: steps that wait until it is back."""

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_delay,
    wait_exponential,
)

from hireloom.store.pool import is_lost
from hireloom.store.problems import DatabaseUnavailableError

T = TypeVar("T")

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
START_SECONDS = 60.0  # a server recovers from a crash, or is started after us

log = structlog.get_logger()


async def insist(act: Callable[[], Awaitable[T]], *, seconds: float) -> T:
    """Carry a step out, over and over as long as the database is away, for so many seconds.

    `act` takes a connection of its own each time, and bears being repeated: what broke may have
    been committed all the same. `math.inf` waits for ever. Raises what `act` raised last; at once,
    where the database is not to blame.
    """
    return await _insist(act, seconds, _may_pass)


async def at_start(act: Callable[[], Awaitable[T]]) -> T:
    """What a process needs before it begins: a database that is only starting is waited for.

    `act` is as for `insist`. What somebody has to correct is raised at once.
    """
    return await _insist(act, START_SECONDS, _comes_up)


async def _insist(
    act: Callable[[], Awaitable[T]], seconds: float, passes: Callable[[BaseException], bool]
) -> T:
    started = time.monotonic()
    tries = AsyncRetrying(
        retry=retry_if_exception(passes),
        wait=wait_exponential(FIRST_PAUSE, max=LONGEST_PAUSE, min=FIRST_PAUSE),
        stop=stop_after_delay(seconds),
        before_sleep=_tell_once if passes is _comes_up else None,
        reraise=True,
    )
    async for attempt in tries:
        with attempt:
            found = await act()
    number = tries.statistics["attempt_number"]
    if number > 1:
        waited = round(time.monotonic() - started, 1)
        log.info("A step waited for the database", seconds=waited, tries=number)
    return found


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, TimeoutError) or is_lost(error)


def _comes_up(error: BaseException) -> bool:
    return error.may_pass if isinstance(error, DatabaseUnavailableError) else _may_pass(error)


def _tell_once(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    if state.attempt_number == 1:
        what = error.what if isinstance(error, DatabaseUnavailableError) else "It broke off."
        log.warning("Waiting for the database", what=what, at_most=START_SECONDS)
