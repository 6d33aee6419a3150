"""Calls of one account that are under way: so many at once and no more.

Connections have no limit of their own, so that a vendor that hangs keeps nobody else's calls from
leaving; what one account may keep open is limited here.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from hireloom.errors import UnavailableError
from hireloom.kit.message import Request
from hireloom.kit.trip import current

AT_ONCE = 50
RESERVE = 1.0  # seconds that a call should have once it may leave
RETRY_AFTER = 5.0


class Flights:
    """`place` takes a place in the account's budget."""

    def __init__(self, who: str, place: Callable[[], Awaitable[None]]) -> None:
        self._who = who
        self._place = place
        self._free = asyncio.Semaphore(AT_ONCE)

    @asynccontextmanager
    async def one(self, request: Request) -> AsyncIterator[None]:
        """Be one of the calls under way, after another has landed where there are too many.

        Raises UnavailableError where none does while the operation has time.
        """
        full = self._free.locked()
        try:
            async with asyncio.timeout(max(0.0, current().left - RESERVE)):
                await self._free.acquire()
        except TimeoutError:
            raise UnavailableError(
                f"{self._who} is slow: {AT_ONCE} calls of this account wait for it already",
                retry_after=RETRY_AFTER,
            ) from None
        try:
            if full and request.signed:
                await self._place()  # the one that it had has passed meanwhile
            yield
        finally:
            self._free.release()
