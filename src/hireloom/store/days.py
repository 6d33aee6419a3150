"""Tables of a partition per day, of UTC, so that old days are dropped whole."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import asyncpg

from hireloom.store.pool import Connection

Table = Literal["calls", "deliveries"]

KEEP = "select keep_day($1, day) from unnest($2::date[]) as day"


async def copy(
    conn: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    times: Iterable[datetime],
) -> None:
    """Write rows of these times; a day that has no partition yet gets one."""
    try:
        async with conn.transaction():
            await conn.copy_records_to_table(table, records=rows, columns=columns)
    except asyncpg.CheckViolationError:  # no partition for one of the days
        days = {at.astimezone(UTC).date() for at in times}
        await conn.execute(KEEP, table, sorted(days))
        await conn.copy_records_to_table(table, records=rows, columns=columns)


KEEP_COMING = """
select keep_day($1, (now() at time zone 'UTC')::date + ahead)
  from generate_series(0, 1) as ahead
"""


async def keep_coming(conn: Connection, table: Table) -> None:
    """Make the partitions of today and tomorrow; run at start and once an hour."""
    await conn.execute(KEEP_COMING, table)


DROP_OLD = "select drop_days($1, (now() at time zone 'UTC')::date - $2::integer)"


async def drop_old(conn: Connection, table: Table, days: int) -> int:
    """Drop the days that lie further back; return how many."""
    dropped: int = await conn.fetchval(DROP_OLD, table, days)
    return dropped
