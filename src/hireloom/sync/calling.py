"""Calling the senders while a run puts events: now and then, as each call costs them a look."""

import asyncio
from contextlib import AbstractAsyncContextManager, suppress

import asyncpg

from hireloom.store.pool import LOST_CONNECTION
from hireloom.store.problems import StartError
from hireloom.sync.keeping import Keeping

SECONDS = 0.2


class Caller(AbstractAsyncContextManager["Caller"]):
    """Calls when something was put since the last call, and once more at the end."""

    def __init__(self, pool: asyncpg.Pool, keeping: Keeping) -> None:
        self._pool = pool
        self._keeping = keeping
        self._is_due = False
        self._calling: asyncio.Task[None] | None = None

    def note(self) -> None:
        """Events were put, and nobody was told."""
        self._is_due = True

    async def __aenter__(self) -> "Caller":
        self._calling = asyncio.create_task(self._keep_calling())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._calling is not None:
            self._calling.cancel()
        await self._call()

    async def _keep_calling(self) -> None:
        while True:
            await asyncio.sleep(SECONDS)
            with suppress(*LOST_CONNECTION, StartError):
                await self._call()

    async def _call(self) -> None:
        if not self._is_due:
            return
        self._is_due = False
        try:
            async with self._pool.acquire() as conn:
                await self._keeping.wake(conn)
        except BaseException:
            self._is_due = True
            raise
