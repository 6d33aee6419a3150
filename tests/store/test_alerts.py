"""The turns of alerts' channels: one that sends at a time, and none before its time."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from hireloom.store import alerts, issues
from hireloom.store.issues import Finding

LEASE = timedelta(minutes=3)


@pytest.fixture
async def opening(pool: asyncpg.Pool) -> int:
    """One new issue; its number."""
    now = datetime.now(UTC)
    finding = Finding(
        integration_id="", kind="workers_away", cause="", count=1, first_at=now, last_at=now
    )
    async with pool.acquire() as conn:
        await issues.find(conn, [finding])
        (opened,) = await issues.open_due(conn)
    return opened.opening


async def turn(pool: asyncpg.Pool) -> alerts.Turn | None:
    async with pool.acquire() as conn, conn.transaction():
        return await alerts.take(conn, "email", LEASE)


async def test_while_one_takes_its_turn_nobody_else_gets_one(
    pool: asyncpg.Pool, opening: int
) -> None:
    await turn(pool)
    await pool.execute("update issue_alerts set next_at = now()")

    async with (
        asyncio.timeout(60),
        pool.acquire() as one,
        pool.acquire() as other,
        one.transaction(),
        other.transaction(),
    ):
        first = await alerts.take(one, "email", LEASE)
        second = await alerts.take(other, "email", LEASE)

    assert first is not None
    assert second is None
    assert await turn(pool) is None


async def test_a_turn_that_nobody_ended_comes_again(pool: asyncpg.Pool, opening: int) -> None:
    first = await turn(pool)
    await pool.execute("update issue_alerts set next_at = next_at - $1::interval", LEASE)

    assert await turn(pool) == first


async def test_what_was_told_gives_no_turn(pool: asyncpg.Pool, opening: int) -> None:
    await turn(pool)
    async with pool.acquire() as conn:
        await alerts.sent(conn, "email", opening, timedelta())

    assert await turn(pool) is None
    async with pool.acquire() as conn, conn.transaction():
        assert await alerts.take(conn, "webhook", LEASE) is not None


async def test_failures_are_counted_until_it_was_sent(pool: asyncpg.Pool, opening: int) -> None:
    await turn(pool)
    async with pool.acquire() as conn:
        await alerts.failed(conn, "email", timedelta())
        await alerts.failed(conn, "email", timedelta())

    again = await turn(pool)

    assert again is not None
    assert again.failures == 2
