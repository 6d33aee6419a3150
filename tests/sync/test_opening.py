"""What a run needs before it can begin."""

import asyncio
from typing import cast

import asyncpg

from hireloom.store import pool as pools
from hireloom.store.pool import Connection
from hireloom.sync.opening import SOON, DatabaseClock


class Late:
    """A connection whose first answer was half a minute under way."""

    def __init__(self, conn: asyncpg.Connection) -> None:
        self.conn = conn
        self.late = 30.0

    async def fetchval(self, query: str) -> float:
        await asyncio.sleep(1.1 * SOON if self.late else 0)
        late, self.late = self.late, 0.0
        return float(await self.conn.fetchval(query)) - late


async def test_a_clock_is_not_set_by_an_answer_that_was_long_under_way(
    conn: asyncpg.Connection,
) -> None:
    clock = DatabaseClock()
    before = await pools.clock(conn)

    await clock.set(cast(Connection, Late(conn)))

    assert clock() > before - 15
