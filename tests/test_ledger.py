"""The log of calls: rows are collected, and written together."""

import asyncio
from datetime import UTC, datetime

import asyncpg

from hireloom.ledger import Ledger
from hireloom.store import days
from hireloom.store.calls import Call
from tests.outage import until


def call() -> Call:
    return Call(
        at=datetime.now(UTC),
        direction="in",
        execution_id="ex_1",
        operation="ats.job.list",
        method="GET",
        duration_ms=1,
        integration_id="int_1",
        status=200,
    )


async def test_who_writes_the_log_waits_for_what_a_turn_before_has_in_hand(
    pool: asyncpg.Pool, conn: asyncpg.Connection
) -> None:
    ledger = Ledger(pool, 30)
    await days.keep_coming(conn, "calls")
    ledger.answered(call())

    async with conn.transaction():
        await conn.execute("lock table calls in access exclusive mode")
        turn = asyncio.create_task(ledger.flush())
        await until(lambda: not ledger._rows)
        mine = asyncio.create_task(ledger.flush())
        for _ in range(10):
            await asyncio.sleep(0)
        returned = mine.done()
    await mine

    assert not returned
    assert await conn.fetchval("select count(*) from calls") == 1
    await turn
