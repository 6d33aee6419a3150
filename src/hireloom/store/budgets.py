"""Budgets: how many calls an integration may still make, shared by every process.

The table is unlogged: after a crash of the server the budgets start full, which costs at worst a
refusal by the vendor, and in return a change waits for no disk.
"""

from collections.abc import Callable
from typing import TypeVar

from hireloom.store.pool import Connection, clock

Answer = TypeVar("Answer")

TAKE = """
select state, extract(epoch from clock_timestamp())::float8 as now
  from budgets where integration_id = $1 and name = $2 for update
"""

PUT = """
insert into budgets (integration_id, name, state) values ($1, $2, $3)
on conflict (integration_id, name) do nothing returning name
"""

REPLACE = "update budgets set state = $3 where integration_id = $1 and name = $2"


async def change(
    conn: Connection,
    integration_id: str,
    name: str,
    decide: Callable[[bytes | None, float], tuple[bytes, Answer]],
) -> Answer:
    """Let `decide(state, database clock in seconds)` give the new state and an answer.

    It runs while nobody else can change this budget; it must be quick and may run twice. The lock
    has to end at once, so this is a transaction of its own: the connection must be outside one.
    """
    while True:
        async with conn.transaction():
            row = await conn.fetchrow(TAKE, integration_id, name)
            if row is not None:
                state, answer = decide(row["state"], row["now"])
                await conn.execute(REPLACE, integration_id, name, state)
                return answer
            state, answer = decide(None, await clock(conn))
            if await conn.fetchval(PUT, integration_id, name, state):
                return answer


SWAP = """
update budgets set state = $4
 where integration_id = $1 and name = $2 and state = $3
returning extract(epoch from clock_timestamp())::float8
"""


async def swap(
    conn: Connection, integration_id: str, name: str, before: bytes, after: bytes
) -> float | None:
    """Put a new state in the place of the one that is known: one round trip where `change` has

    four. The database's clock where that went well, None where somebody else was quicker.
    """
    clock_then: float | None = await conn.fetchval(SWAP, integration_id, name, before, after)
    return clock_then
