"""Budgets that processes share, as the accounts keep them."""

import asyncio

import asyncpg

from hireloom.accounts import StoredBudgets
from hireloom.store.pool import clock


def counted(state: bytes | None, now: float) -> tuple[bytes, int]:
    """One more than before."""
    count = int(state or b"0") + 1
    return str(count).encode(), count


async def test_two_processes_in_turn_lose_no_change(pool: asyncpg.Pool) -> None:
    one, other = StoredBudgets(pool), StoredBudgets(pool)

    counts = [await shelf.change("int_1", "calls", counted) for shelf in (one, other) * 25]

    assert counts == list(range(1, 51))


async def test_many_at_once_lose_no_change(pool: asyncpg.Pool) -> None:
    shelves = [StoredBudgets(pool) for _ in range(4)]

    counts = await asyncio.gather(
        *(shelf.change("int_1", "calls", counted) for shelf in shelves for _ in range(40))
    )

    assert sorted(counts) == list(range(1, 161))


async def test_the_clock_is_the_database_s_on_either_way(pool: asyncpg.Pool) -> None:
    shelf = StoredBudgets(pool)
    clocks: list[float] = []

    def look(state: bytes | None, now: float) -> tuple[bytes, None]:
        clocks.append(now)
        return b"%d" % len(clocks), None

    async with pool.acquire() as conn:
        before = await clock(conn)
        for _ in range(3):
            await shelf.change("int_1", "calls", look)
        after = await clock(conn)

    assert [before, *clocks, after] == sorted([before, *clocks, after])
