"""Where no worker looks, the web side does."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg

from hireloom.issues import watch
from hireloom.issues.standby import overdue, standing_in
from hireloom.settings import Settings
from hireloom.store import issues
from hireloom.store.seal import Vault

OLD_JOB = """
insert into pgqueuer (priority, status, entrypoint, payload, execute_after)
values (0, 'queued', 'sync', '- x', now() - interval '5 minutes')
"""


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(120):
        while not await holds():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_that_no_worker_is_there_is_found_without_one(
    pool: asyncpg.Pool, vault: Vault, settings: Settings
) -> None:
    await pool.execute(OLD_JOB)

    async def is_told() -> bool:
        async with pool.acquire() as conn:
            return [one.kind for one in await issues.page(conn)] == ["workers_away"]

    async with standing_in(pool, vault, settings, seconds=0.05):
        await until(is_told)

    assert not await overdue(pool)


async def test_where_a_worker_looks_nobody_stands_in(pool: asyncpg.Pool, vault: Vault) -> None:
    before = await overdue(pool)

    await watch.look(pool, vault, settling=0)

    assert (before, await overdue(pool)) == (True, False)
