"""Idempotency keys: carried out once, answered as often as asked."""

import asyncio

import asyncpg
import pytest
from msgspec.structs import replace

from hireloom.store import idempotency
from hireloom.store.idempotency import Attempt, Fresh, Mismatch, Replay, Running
from hireloom.store.seal import Key, SealBrokenError, new_key

ATTEMPT = Attempt(
    integration_id="int_1",
    api_key_id="key_1",
    method="ats.candidate.note.create",
    key="e5c1",
    body=b'{"content": "Ada did well"}',
)


@pytest.fixture
def key() -> Key:
    return new_key()


async def test_a_request_is_fresh_then_running_then_replayed(
    conn: asyncpg.Connection, key: Key
) -> None:
    assert await idempotency.begin(conn, key, ATTEMPT) == Fresh()
    assert await idempotency.begin(conn, key, ATTEMPT) == Running()

    await idempotency.finish(conn, key, ATTEMPT, 200, b'{"id": "1"}')

    assert await idempotency.begin(conn, key, ATTEMPT) == Replay(status=200, answer=b'{"id": "1"}')


async def test_of_twenty_at_once_one_is_fresh(pool: asyncpg.Pool, key: Key) -> None:
    async def begin() -> object:
        async with pool.acquire() as conn:
            return await idempotency.begin(conn, key, ATTEMPT)

    outcomes = await asyncio.gather(*[begin() for _ in range(20)])

    assert outcomes.count(Fresh()) == 1
    assert outcomes.count(Running()) == 19


async def test_another_body_under_the_same_key_is_a_mismatch(
    conn: asyncpg.Connection, key: Key
) -> None:
    other = replace(ATTEMPT, body=b"{}")
    await idempotency.begin(conn, key, ATTEMPT)

    assert await idempotency.begin(conn, key, other) == Mismatch()
    await idempotency.finish(conn, key, ATTEMPT, 200, b"")
    assert await idempotency.begin(conn, key, other) == Mismatch()


@pytest.mark.parametrize(
    "other",
    [
        replace(ATTEMPT, integration_id="int_2"),
        replace(ATTEMPT, api_key_id="key_2"),
        replace(ATTEMPT, method="ats.application.create"),
        replace(ATTEMPT, key="e5c2"),
    ],
)
async def test_another_scope_is_another_request(
    conn: asyncpg.Connection, key: Key, other: Attempt
) -> None:
    await idempotency.begin(conn, key, ATTEMPT)

    assert await idempotency.begin(conn, key, other) == Fresh()


async def test_a_failure_that_may_pass_is_forgotten(conn: asyncpg.Connection, key: Key) -> None:
    await idempotency.begin(conn, key, ATTEMPT)

    await idempotency.forget(conn, key, ATTEMPT)

    assert await idempotency.begin(conn, key, ATTEMPT) == Fresh()


async def test_an_answer_that_is_kept_is_not_forgotten(conn: asyncpg.Connection, key: Key) -> None:
    await idempotency.begin(conn, key, ATTEMPT)
    await idempotency.finish(conn, key, ATTEMPT, 200, b"x")

    await idempotency.forget(conn, key, ATTEMPT)

    assert await idempotency.begin(conn, key, ATTEMPT) == Replay(status=200, answer=b"x")


async def test_an_attempt_that_was_killed_can_be_taken_over_and_says_so(
    conn: asyncpg.Connection, key: Key
) -> None:
    await idempotency.begin(conn, key, ATTEMPT)
    await conn.execute("update idempotency set created_at = now() - interval '11 minutes'")

    assert await idempotency.begin(conn, key, replace(ATTEMPT, body=b"")) == Mismatch()
    assert await idempotency.begin(conn, key, ATTEMPT) == Fresh(interrupted=True)
    assert await idempotency.begin(conn, key, ATTEMPT) == Running()


async def test_after_a_day_the_key_is_free_again(conn: asyncpg.Connection, key: Key) -> None:
    await idempotency.begin(conn, key, ATTEMPT)
    await idempotency.finish(conn, key, ATTEMPT, 200, b"x")
    await conn.execute("update idempotency set created_at = now() - interval '25 hours'")

    assert await idempotency.begin(conn, key, replace(ATTEMPT, body=b"other")) == Fresh()

    await conn.execute("update idempotency set created_at = now() - interval '25 hours'")
    assert await idempotency.clean_up(conn) == 1
    assert await idempotency.clean_up(conn) == 0


async def test_nothing_of_the_request_or_the_answer_can_be_read(
    conn: asyncpg.Connection, key: Key
) -> None:
    await idempotency.begin(conn, key, replace(ATTEMPT, key="ada@example.com"))
    await idempotency.finish(
        conn, key, replace(ATTEMPT, key="ada@example.com"), 200, b"Ada Lovelace"
    )

    kept = b"".join(
        value for value in await conn.fetchrow("select * from idempotency") if type(value) is bytes
    )

    assert b"Ada did well" not in kept
    assert b"Lovelace" not in kept
    assert b"example.com" not in kept


async def test_an_answer_moved_to_another_request_does_not_open(
    conn: asyncpg.Connection, key: Key
) -> None:
    other = replace(ATTEMPT, key="other")
    for attempt in (ATTEMPT, other):
        await idempotency.begin(conn, key, attempt)
        await idempotency.finish(conn, key, attempt, 200, attempt.key.encode())
    await conn.execute("update idempotency set answer = (select answer from idempotency limit 1)")

    assert sorted([await opens(conn, key, ATTEMPT), await opens(conn, key, other)]) == [False, True]


async def opens(conn: asyncpg.Connection, key: Key, attempt: Attempt) -> bool:
    try:
        await idempotency.begin(conn, key, attempt)
    except SealBrokenError:
        return False
    return True
