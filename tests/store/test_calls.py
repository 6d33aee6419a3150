"""The log of calls: written in bulk, read page by page, dropped day by day."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import asyncpg
from msgspec.structs import replace

from hireloom.store import calls, days
from hireloom.store.calls import Call, CallFilter, Cursor

NOW = datetime.now(UTC)
CALL = Call(
    at=NOW,
    direction="in",
    execution_id="exe_1",
    operation="ats.job.list",
    method="GET",
    duration_ms=12.5,
    integration_id="int_1",
    api_key_id="key_1",
    status=200,
    upstream_calls=2,
    bytes=512,
)

PARTITIONS = """
select relname from pg_inherits join pg_class on pg_class.oid = inhrelid
 where inhparent = 'calls'::regclass order by relname
"""


async def partitions(conn: asyncpg.Connection) -> list[str]:
    return [row["relname"] for row in await conn.fetch(PARTITIONS)]


def name_of(day: date) -> str:
    return f"calls_{day:%Y%m%d}"


async def test_a_call_is_read_back_as_it_was(conn: asyncpg.Connection) -> None:
    await days.keep_coming(conn, "calls")

    await calls.add(conn, [CALL])

    (found,) = await calls.page(conn, CallFilter())
    assert replace(found, number=0) == CALL


async def test_pages_are_newest_first_and_complete(conn: asyncpg.Connection) -> None:
    # Several within one microsecond, so that the time alone would lose some.
    wanted = [replace(CALL, at=NOW + timedelta(microseconds=at // 4)) for at in range(50)]
    await calls.add(conn, wanted)

    found: list[Call] = []
    cursor = None
    while page := await calls.page(conn, CallFilter(), before=cursor, size=7):
        found += page
        cursor = Cursor.of(page[-1])

    assert len({call.number for call in found}) == 50
    assert [call.at for call in found] == sorted((call.at for call in wanted), reverse=True)


async def test_each_filter_narrows(conn: asyncpg.Connection) -> None:
    earlier = NOW - timedelta(hours=1)
    failed = replace(CALL, status=502, code="upstream.unexpected", execution_id="exe_2")
    unanswered = replace(CALL, status=None, direction="out", operation="GET /jobs", at=earlier)
    foreign = replace(CALL, integration_id="int_2")
    await calls.add(conn, [CALL, failed, unanswered, foreign])

    async def count(wanted: CallFilter) -> int:
        return len(await calls.page(conn, wanted))

    assert await count(CallFilter(integration_id="int_1")) == 3
    assert await count(CallFilter(execution_id="exe_2")) == 1
    assert await count(CallFilter(operation="ats.job.list")) == 3
    assert await count(CallFilter(direction="out")) == 1
    assert await count(CallFilter(failed=True)) == 2
    assert await count(CallFilter(failed=False)) == 2
    assert await count(CallFilter(since=NOW)) == 3
    assert await count(CallFilter(until=NOW)) == 1
    assert await count(CallFilter(integration_id="int_1", failed=True, since=NOW)) == 1


async def test_today_and_tomorrow_have_a_place(conn: asyncpg.Connection) -> None:
    async with conn.transaction():  # in which no day ends
        await days.keep_coming(conn, "calls")
        await days.keep_coming(conn, "calls")
        today = (await conn.fetchval("select now()")).date()

    assert await partitions(conn) == [name_of(today), name_of(today + timedelta(days=1))]


async def test_a_day_without_a_place_gets_one(conn: asyncpg.Connection) -> None:
    midnight = datetime(2026, 3, 1, tzinfo=UTC)

    async with conn.transaction():
        await calls.add(
            conn,
            [replace(CALL, at=midnight - timedelta(microseconds=1)), replace(CALL, at=midnight)],
        )

    assert await partitions(conn) == ["calls_20260228", "calls_20260301"]
    assert len(await calls.page(conn, CallFilter())) == 2


async def test_processes_that_make_the_same_day_at_once_all_succeed(pool: asyncpg.Pool) -> None:
    async def add() -> None:
        async with pool.acquire() as conn:
            await calls.add(conn, [CALL])

    await asyncio.gather(*[add() for _ in range(8)])

    assert len(await calls.page(pool, CallFilter())) == 8


async def test_old_days_are_dropped_whole(conn: asyncpg.Connection) -> None:
    async with conn.transaction():  # in which no day ends
        now = await conn.fetchval("select now()")
        for ago in (0, 29, 30, 31, 400):
            await calls.add(conn, [replace(CALL, at=now - timedelta(days=ago))])

        assert await days.drop_old(conn, "calls", 30) == 2
        assert await days.drop_old(conn, "calls", 30) == 0

    kept = [call.at.date() for call in await calls.page(conn, CallFilter())]
    assert kept == [(now - timedelta(days=days)).date() for days in (0, 29, 30)]
    assert len(await partitions(conn)) == 3
