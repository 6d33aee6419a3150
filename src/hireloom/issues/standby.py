"""The look where no worker does it: only so can it be told that none is there."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg
import structlog

from hireloom.issues import alerts, watch
from hireloom.settings import Settings
from hireloom.store import issues
from hireloom.store.pool import LOST_CONNECTION
from hireloom.store.seal import Vault

log = structlog.get_logger()

SECONDS = 60.0
OVERDUE = timedelta(minutes=3)  # of a look that workers do every minute
AWAY = (*LOST_CONNECTION, asyncpg.PostgresError, OSError, TimeoutError)


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
        except AWAY as error:
            log.warning("Looking for issues waits for the database", error=type(error).__name__)


async def overdue(pool: asyncpg.Pool) -> bool:
    async with pool.acquire() as conn:
        last = await issues.looked(conn)
    return datetime.now(UTC) - last.at > OVERDUE
