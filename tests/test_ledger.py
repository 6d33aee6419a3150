"""The log of calls is written together, by whoever's turn it is."""

import asyncio
from datetime import UTC, datetime

import asyncpg

from hireloom.ledger import Ledger
from hireloom.store.calls import Call, new_execution_id
from tests.outage import until

WAITS = """
select exists (
    select from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'
)
"""


def answered(ledger: Ledger) -> None:
    ledger.answered(
        Call(
            at=datetime.now(UTC),
            direction="in",
            execution_id=new_execution_id(),
            operation="health",
            method="GET",
            duration_ms=1.0,
            status=200,
        )
    )


async def test_a_flush_ends_when_what_another_turn_has_in_hand_is_written(
    pool: asyncpg.Pool,
) -> None:
    ledger = Ledger(pool, 30)

    async def waits() -> bool:
        return bool(await pool.fetchval(WAITS))

    async with pool.acquire() as conn, conn.transaction():
        await conn.execute("lock table calls in exclusive mode")
        answered(ledger)
        first = asyncio.create_task(ledger.flush())
        await until(waits)
        second = asyncio.create_task(ledger.flush())
        await asyncio.sleep(0)
        ended_early = second.done()
    await second

    assert not ended_early
    assert await pool.fetchval("select count(*) from calls") == 1
    await first
