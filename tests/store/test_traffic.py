"""Traffic is what the log holds, counted: late lines too, and what no worker has counted yet."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import msgspec

from hireloom.store import calls, console, traffic
from hireloom.store.calls import Call
from hireloom.sync import upkeep

HOUR = timedelta(hours=1)


def now() -> datetime:
    """Not that of the import: a test may run long after it."""
    return datetime.now(UTC)


FILL = """
insert into calls (integration_id, at, direction, execution_id, operation, method, status,
                   duration_ms)
select 'int_' || n % 50, now() - make_interval(secs => n * $2::float8), 'in', 'ex_' || n,
       'ats.job.list', 'GET', case when n % 20 = 0 then 500 else 200 end, 5
  from generate_series(1, $1::bigint) as n
"""


async def log(
    conn: asyncpg.Connection, at: datetime, number: int = 1, status: int = 200, **values: Any
) -> None:
    line = Call(
        at=at,
        direction="in",
        execution_id="ex_1",
        operation="ats.job.list",
        method="GET",
        duration_ms=5,
        status=status,
    )
    await calls.add(conn, [msgspec.structs.replace(line, **values)] * number)


async def counted(pool: asyncpg.Pool) -> tuple[int, int]:
    """Calls of the API in 7 days as the console shows them, all and failed."""
    async with pool.acquire() as conn:
        trend = await console.trend(conn, datetime.now(UTC), timedelta(hours=3), 56)
    return sum(one.total for one in trend.answered), sum(one.failed for one in trend.answered)


async def test_what_is_counted_and_what_came_since_make_one_sum(
    pool: asyncpg.Pool, conn: asyncpg.Connection
) -> None:
    await log(conn, now() - 5 * timedelta(days=1), 3)
    await log(conn, now() - 3 * HOUR, 2, status=500)
    await upkeep.count_traffic(pool, 30)
    await log(conn, now(), 4)

    assert await counted(pool) == (9, 2)


async def test_a_line_that_is_written_late_is_counted_once(
    pool: asyncpg.Pool, conn: asyncpg.Connection
) -> None:
    await log(conn, now() - 2 * HOUR)
    await upkeep.count_traffic(pool, 30)
    await log(conn, now() - timedelta(minutes=40), 5)
    await upkeep.count_traffic(pool, 30)
    await upkeep.count_traffic(pool, 30)

    assert await counted(pool) == (6, 0)


async def test_what_is_sent_to_webhooks_is_no_call_to_a_vendor(
    pool: asyncpg.Pool, conn: asyncpg.Connection
) -> None:
    for at in (now() - 2 * HOUR, now()):  # counted by a worker, and in the log only
        await log(conn, at, 3, direction="out", operation="/jobs")
        await log(conn, at, 5, direction="out", operation="webhook", status=500)
        await upkeep.count_traffic(pool, 30)

    trend = await console.trend(conn, datetime.now(UTC), timedelta(hours=3), 56)

    for buckets, all_and_failed in ((trend.called, (6, 0)), (trend.sent, (10, 10))):
        sums = sum(one.total for one in buckets), sum(one.failed for one in buckets)
        assert sums == all_and_failed


async def test_without_a_worker_the_log_itself_is_counted(
    pool: asyncpg.Pool, conn: asyncpg.Connection
) -> None:
    await log(conn, now() - 2 * HOUR, 7)

    assert await counted(pool) == (7, 0)


async def test_days_are_forgotten_as_those_of_the_log(
    pool: asyncpg.Pool, conn: asyncpg.Connection
) -> None:
    await log(conn, now() - timedelta(days=5), 3)
    await log(conn, now() - timedelta(days=1), 2)
    await upkeep.count_traffic(pool, 30)

    await upkeep.count_traffic(pool, 3)

    assert await counted(pool) == (2, 0)


async def test_the_overview_of_a_week_does_not_read_a_long_log(
    pool: asyncpg.Pool, conn: asyncpg.Connection
) -> None:
    days = "select keep_day('calls', current_date - back) from generate_series(-1, 7) as back"
    await conn.execute(days)
    await conn.execute(FILL, 20_000, 7 * 86_400 / 20_000)
    await upkeep.count_traffic(pool, 30)
    await conn.execute("analyze calls, traffic")
    upto = await conn.fetchval(traffic.UPTO)

    plans = [
        await conn.fetchval(f"explain (analyze, format json) {query}", *values)
        for query, values in (
            (traffic.SUMS, (3 * HOUR, now() - timedelta(days=7), upto)),
            (traffic.SINCE, (3 * HOUR, upto)),
        )
    ]

    assert sum(read(msgspec.json.decode(plan)[0]["Plan"]) for plan in plans) < 3_000
    assert (await counted(pool))[0] > 19_000


def read(plan: dict[str, object]) -> float:
    """The rows that the leaves of a plan have read."""
    below = plan.get("Plans", [])
    assert isinstance(below, list)
    if below:
        return sum(read(one) for one in below)
    found = [plan.get("Actual Rows"), plan.get("Rows Removed by Filter", 0)]
    return sum(float(str(one)) for one in found) * float(str(plan["Actual Loops"]))
