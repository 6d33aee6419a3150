"""Issues in the database: counted, opened when they weigh enough, over, and begun anew."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from msgspec.structs import replace

from hireloom.errors import ResourceNotFoundError
from hireloom.store import calls, failures, issues
from hireloom.store.calls import Call
from hireloom.store.issues import Finding


def ago(**time: int) -> datetime:
    return datetime.now(UTC) - timedelta(**time)


def finding(**more: Any) -> Finding:
    """A minute old."""
    seen_at = ago(minutes=1)
    found = Finding(
        integration_id="int_1",
        kind="call_failing",
        cause="upstream.timeout ats.job.list",
        count=1,
        first_at=seen_at,
        last_at=seen_at,
        code="upstream.timeout",
        subject="ats.job.list",
        adds=True,
    )
    return replace(found, **more)


def call(**more: Any) -> Call:
    """One that failed just now."""
    failed = Call(
        at=datetime.now(UTC),
        direction="in",
        execution_id="ex_1",
        operation="ats.job.list",
        method="GET",
        duration_ms=1,
        integration_id="int_1",
        status=504,
        code="upstream.timeout",
    )
    return replace(failed, **more)


async def only(conn: asyncpg.Connection) -> issues.Issue:
    (found,) = await issues.page(conn)
    return found


async def test_a_cause_is_an_issue_once_it_weighs_enough(conn: asyncpg.Connection) -> None:
    found = finding(count=6, least=10)

    await issues.find(conn, [found])
    before = await issues.open_due(conn)
    await issues.find(conn, [found])
    after = await issues.open_due(conn)

    assert before == []
    assert [one.count for one in after] == [12]
    assert await issues.open_due(conn) == []


async def test_a_cause_that_has_to_last_is_none_before_it_did(conn: asyncpg.Connection) -> None:
    found = finding(lasting=timedelta(minutes=10))

    await issues.find(conn, [found])
    before = await issues.open_due(conn)
    await issues.find(conn, [replace(found, last_at=found.last_at + timedelta(minutes=11))])
    after = await issues.open_due(conn)

    assert (len(before), len(after)) == (0, 1)
    assert after[0].first_seen_at == found.first_at


async def test_a_success_that_came_before_the_failure_resolves_nothing(
    conn: asyncpg.Connection,
) -> None:
    found = finding()
    await issues.find(conn, [found])
    await issues.open_due(conn)
    good = call(status=200, code=None, at=found.last_at - timedelta(seconds=1))

    await calls.add(conn, [good, call(status=200, code=None, operation="ats.job.get")])

    assert await issues.succeeded(conn, ["call_failing"], ago(minutes=5)) == []


async def test_a_later_success_of_the_operation_on_the_account_resolves_it(
    conn: asyncpg.Connection,
) -> None:
    other = finding(integration_id="int_2")
    await issues.find(conn, [finding(), other])
    await issues.open_due(conn)

    await calls.add(conn, [call(status=200, code=None)])
    resolved = await issues.succeeded(conn, ["call_failing"], ago(minutes=5))

    assert [one.integration_id for one in resolved] == ["int_1"]
    open_ones = await issues.page(conn, state="open")
    assert [one.integration_id for one in open_ones] == ["int_2"]


async def test_what_comes_back_soon_is_the_same_issue_and_no_news(
    conn: asyncpg.Connection,
) -> None:
    await issues.find(conn, [finding(count=4)])
    (first,) = await issues.open_due(conn)
    await issues.gone(conn, ["call_failing"], [])
    resolved = await only(conn)

    await issues.find(conn, [finding()])
    (again,) = await issues.open_due(conn)

    assert resolved.is_over
    assert (again.id, again.opening) == (first.id, first.opening)
    assert (again.count, again.is_over) == (1, False)


async def test_what_comes_back_much_later_is_news(conn: asyncpg.Connection) -> None:
    await issues.find(conn, [finding()])
    (first,) = await issues.open_due(conn)
    await issues.gone(conn, ["call_failing"], [])
    await conn.execute("update issues set resolved_at = now() - interval '2 hours'")

    await issues.find(conn, [finding()])
    (again,) = await issues.open_due(conn)

    assert again.opening > first.opening


async def test_what_was_only_counted_is_over_without_a_trace(conn: asyncpg.Connection) -> None:
    await issues.find(conn, [finding(count=9, least=10)])

    assert await issues.gone(conn, ["call_failing"], []) == []
    await issues.find(conn, [finding(count=1, least=10)])

    assert await issues.open_due(conn) == []


async def test_a_quiet_time_ends_it(conn: asyncpg.Connection) -> None:
    old = finding(first_at=ago(days=2), last_at=ago(days=2))
    await issues.find(conn, [old, finding(cause="another")])
    await issues.open_due(conn)

    over = await issues.quiet(conn, {"call_failing": timedelta(days=1)})

    assert [one.cause for one in over] == [old.cause]


async def test_only_one_looks_at_a_time(pool: asyncpg.Pool) -> None:
    async with pool.acquire() as one, pool.acquire() as other:
        async with one.transaction(), other.transaction():
            assert await issues.alone(one)
            assert not await issues.alone(other)
        async with other.transaction():
            assert await issues.alone(other)


async def test_failed_calls_are_counted_once_and_by_cause(conn: asyncpg.Connection) -> None:
    good, limited = call(status=200, code=None), call(code=None, status=429)
    await calls.add(conn, [call(), good, call(execution_id="ex_2")])
    upto = await failures.last_number(conn)
    await calls.add(conn, [replace(limited, direction="out", operation="/jobs"), good])

    first = await failures.of_calls(conn, 0, upto)
    then = await failures.of_calls(conn, upto, await failures.last_number(conn))

    assert [(one.operation, one.count, one.execution_id) for one in first] == [
        ("ats.job.list", 2, "ex_2")
    ]
    assert [(one.direction, one.operation) for one in then] == [("out", "/jobs")]


async def test_the_log_s_many_good_lines_are_never_read(conn: asyncpg.Connection) -> None:
    failed = call()
    await calls.add(conn, [failed])
    await conn.execute(
        "insert into calls (integration_id, at, direction, execution_id, operation, method,"
        " status, duration_ms) select 'int_1', $1, 'in', 'ex', 'ats.job.list', 'GET', 200, 1"
        " from generate_series(1, 20000)",
        failed.at,
    )
    await conn.execute("analyze calls")
    look = failures.CALLS.replace("$1", "0").replace("$2", "30000")

    rows = await conn.fetch(f"explain (analyze, timing off) {look}")
    plan = "\n".join(row[0] for row in rows)

    assert "number_idx" in plan
    assert "Seq Scan" not in plan


async def test_pages_go_on_where_they_stopped(conn: asyncpg.Connection) -> None:
    await issues.find(conn, [finding(cause=str(number)) for number in range(7)])
    await issues.open_due(conn)

    first = await issues.page(conn, size=4)
    rest = await issues.page(conn, before=first[-1].opening, size=4)

    causes = {one.cause for one in (*first, *rest)}
    assert (len(first), len(rest), len(causes)) == (4, 3, 7)


async def test_a_muted_issue_is_found_by_its_state_until_the_time_is_over(
    conn: asyncpg.Connection,
) -> None:
    await issues.find(conn, [finding()])
    (issue,) = await issues.open_due(conn)

    await issues.mute(conn, issue.id, datetime.now(UTC) + timedelta(hours=1), "key 1")
    muted = [len(await issues.page(conn, state=state)) for state in ("muted", "open")]
    await issues.mute(conn, issue.id, datetime.now(UTC) - timedelta(seconds=1), "key 1")
    past = [len(await issues.page(conn, state=state)) for state in ("muted", "open")]

    assert (muted, past) == ([1, 0], [0, 1])
    with pytest.raises(ResourceNotFoundError):
        await issues.mute(conn, "iss_none", None, None)


async def test_what_was_resolved_long_ago_is_forgotten(conn: asyncpg.Connection) -> None:
    long_ago = ago(days=40)
    old = finding(cause="old", first_at=long_ago, last_at=long_ago)
    await issues.find(conn, [old, finding()])
    await issues.open_due(conn)
    await issues.gone(conn, ["call_failing"], [])
    await conn.execute("update issues set resolved_at = $1 where cause = 'old'", long_ago)

    await issues.tidy(conn)

    assert (await only(conn)).cause == "upstream.timeout ats.job.list"


async def test_two_who_look_at_once_count_a_failure_once(pool: asyncpg.Pool) -> None:
    async def once() -> None:
        async with pool.acquire() as conn, conn.transaction():
            await conn.execute(
                "select pg_advisory_xact_lock(hashtextextended('hireloom issues', 0))"
            )
            last = await issues.looked(conn)
            upto = await failures.last_number(conn)
            for one in await failures.of_calls(conn, last.number, upto):
                await issues.find(conn, [finding(count=one.count)])
            await issues.open_due(conn)
            await issues.look(conn, upto)

    async with pool.acquire() as conn:
        await calls.add(conn, [call()] * 3)

    await asyncio.gather(*(once() for _ in range(4)))

    async with pool.acquire() as conn:
        assert (await only(conn)).count == 3
