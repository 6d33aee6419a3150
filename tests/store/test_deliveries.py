"""Deliveries at rest: a partition per day, made when needed and dropped whole."""

from datetime import UTC, datetime, timedelta

import asyncpg

from hireloom.store import days, deliveries
from hireloom.store.deliveries import Delivered, Filter
from hireloom.store.outbox import Letter


def delivered(number: int, at: datetime) -> Delivered:
    letter = Letter(
        number, "int_1", f"evt_{number}", "record.new", "ats_jobs", "rec_1", "run_1", b"", at, 2, at
    )
    return Delivered(letter, "wh_1", at, 204, 12.5, "ex_1")


async def test_a_missing_partition_is_made(conn: asyncpg.Connection) -> None:
    now = datetime.now(UTC)
    days = [now, now - timedelta(days=3)]

    async with conn.transaction():
        await deliveries.add(conn, [delivered(n, at) for n, at in enumerate(days)])

    found = await deliveries.page(conn, Filter())
    assert [(one.number, one.attempts, one.status) for one in found] == [(1, 3, 204), (0, 3, 204)]


async def test_old_days_are_dropped(conn: asyncpg.Connection) -> None:
    async with conn.transaction():  # in which no day ends
        now = await conn.fetchval("select now()")
        for number in range(5):
            await deliveries.add(conn, [delivered(number, now - timedelta(days=number))])

        assert await days.drop_old(conn, "deliveries", 2) == 2

    assert {one.number for one in await deliveries.page(conn, Filter())} == {0, 1, 2}
