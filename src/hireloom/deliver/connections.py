"""The database for senders, so that many dead endpoints do not stand in the way of healthy ones."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg

from hireloom.store.pool import Connection

FEW = 2  # senders at the database at once whose endpoints acknowledged nothing of late


class Connections:
    """Senders whose endpoints acknowledge what they get take connections as they please.

    The others share a few places, but not while they wait for an answer: a first contact costs a
    score of statements, and a thousand endpoints that turn out to be dead at the same time would
    take all that there is.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._few = asyncio.Semaphore(FEW)
        self._good: set[str] = set()

    def acknowledged(self, webhook_id: str) -> None:
        self._good.add(webhook_id)

    def failed(self, webhook_id: str) -> None:
        self._good.discard(webhook_id)

    @asynccontextmanager
    async def of(self, webhook_id: str) -> AsyncIterator[Connection]:
        async with AsyncExitStack() as stack:
            if webhook_id not in self._good:
                await stack.enter_async_context(self._few)
            yield await stack.enter_async_context(self._pool.acquire())
