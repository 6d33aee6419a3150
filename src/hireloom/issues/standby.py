"""The look where no worker does it: only so can it be told that none is there."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg
import structlog

from hireloom.issues import alerts, watch
from hireloom.logs import described
from hireloom.settings import Settings
from hireloom.store import issues
from hireloom.store.pool import is_lost
from hireloom.store.seal import Vault

log = structlog.get_logger()

SECONDS = 60.0
OVERDUE = timedelta(minutes=3)  # of a look that workers do every minute


@asynccontextmanager
async def standing_in(
    pool: asyncpg.Pool, vault: Vault, settings: Settings, *, seconds: float = SECONDS
) -> AsyncIterator[None]:
    """Look every minute until the context is left, as long as nobody else does."""
    task = asyncio.create_task(_stand_in(pool, vault, settings, seconds))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _stand_in(pool: asyncpg.Pool, vault: Vault, settings: Settings, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            if await overdue(pool):
                await watch.look(pool, vault)
                await alerts.send(pool, settings)
        except Exception as defect:  # it comes again by itself
            if not is_lost(defect):
                log.error("A defect while looking for issues", **described(defect))


async def overdue(pool: asyncpg.Pool) -> bool:
    async with pool.acquire() as conn:
        last = await issues.looked(conn)
    return datetime.now(UTC) - last.at > OVERDUE
