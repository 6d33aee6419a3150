"""Patience with a database that goes away: steps that wait until it is back."""

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from tenacity import AsyncRetrying, retry_if_exception, stop_after_delay, wait_exponential

from hireloom.store.pool import is_lost

T = TypeVar("T")

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0

log = structlog.get_logger()


async def insist(act: Callable[[], Awaitable[T]], *, seconds: float) -> T:
    """Carry a step out, over and over as long as the database is away, for so many seconds.

    `act` takes a connection of its own each time, and bears being repeated: what broke may have
    been committed all the same. `math.inf` waits for ever. Raises what `act` raised last; at once,
    where the database is not to blame.
    """
    started = time.monotonic()
    tries = AsyncRetrying(
        retry=retry_if_exception(_may_pass),
        wait=wait_exponential(FIRST_PAUSE, max=LONGEST_PAUSE, min=FIRST_PAUSE),
        stop=stop_after_delay(seconds),
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
