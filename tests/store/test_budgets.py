"""Budgets: no change is lost, whoever makes it."""

import asyncio
import sys
import time

import asyncpg
import pytest

from hireloom.store import budgets


def take_one(state: bytes | None, _: float) -> tuple[bytes, int]:
    taken = int(state or b"0") + 1
    return str(taken).encode(), taken


async def test_a_state_is_kept_per_integration_and_name(conn: asyncpg.Connection) -> None:
    assert await budgets.change(conn, "int_1", "calls", take_one) == 1
    assert await budgets.change(conn, "int_1", "calls", take_one) == 2
    assert await budgets.change(conn, "int_1", "writes", take_one) == 1
    assert await budgets.change(conn, "int_2", "calls", take_one) == 1


async def test_the_clock_is_the_database_s(conn: asyncpg.Connection) -> None:
    began = time.time()

    first = await budgets.change(conn, "int_1", "calls", lambda _, now: (b"", now))
    second = await budgets.change(conn, "int_1", "calls", lambda _, now: (b"", now))

    assert began - 5 < first < second < time.time() + 5


async def test_changes_at_once_are_all_counted(pool: asyncpg.Pool) -> None:
    async def change() -> int:
        async with pool.acquire() as conn:
            return await budgets.change(conn, "int_1", "calls", take_one)

    counts = await asyncio.gather(*[change() for _ in range(200)])

    assert sorted(counts) == list(range(1, 201))


MANY = """
import asyncio, sys
from hireloom.store import budgets
from hireloom.store.pool import connect

def take_one(state, now):
    taken = int(state or b"0") + 1
    return str(taken).encode(), taken

async def main():
    conn = await connect(sys.argv[1])
    for _ in range(100):
        await budgets.change(conn, "int_1", "calls", take_one)
    await conn.close()

asyncio.run(main())
"""


async def test_changes_by_several_processes_are_all_counted(
    database: str, conn: asyncpg.Connection
) -> None:
    started = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", MANY, database) for _ in range(3)
    ]

    assert [await process.wait() for process in started] == [0, 0, 0]
    assert await budgets.change(conn, "int_1", "calls", take_one) == 301


async def test_a_decision_that_fails_changes_nothing(conn: asyncpg.Connection) -> None:
    await budgets.change(conn, "int_1", "calls", take_one)

    def fail(_: bytes | None, __: float) -> tuple[bytes, int]:
        raise LookupError

    with pytest.raises(LookupError):
        await budgets.change(conn, "int_1", "calls", fail)

    assert await budgets.change(conn, "int_1", "calls", take_one) == 2
