"""Fingerprints: enough to notice that a record changed, too little to read it back.

Beside the print stand the ids of a record's parents, because a deletion is told with them and the
vendor no longer knows them then. An empty print is of a record that a filter keeps back.
"""

from collections.abc import Mapping, Sequence

import msgspec

from hireloom.store.pool import Connection

LOCK = "select pg_advisory_xact_lock(hashtextextended('fingerprints', $1))"


async def lock(conn: Connection, sync_number: int) -> None:
    """Until the transaction ends, nobody else compares records of this sync."""
    await conn.execute(LOCK, sync_number)


class Known(msgspec.Struct, frozen=True):
    print: bytes
    read_at: float  # when the reading of it began, in Unix seconds
    parents: tuple[str | None, ...] = ()


KNOWN = """
select record_id, print, read_at, parents from fingerprints
 where sync_number = $1 and record_id = any ($2::text[])
"""


async def known(conn: Connection, sync_number: int, ids: Sequence[str]) -> dict[str, Known]:
    """What is remembered of these records."""
    rows = await conn.fetch(KNOWN, sync_number, ids)
    return {
        row["record_id"]: Known(row["print"], row["read_at"], tuple(row["parents"] or ()))
        for row in rows
    }


CHILDREN = """
select record_id from fingerprints
 where sync_number = $1 and parents[1] = any ($2::text[]) and print <> ''
 order by record_id
"""


async def children(conn: Connection, sync_number: int, ids: Sequence[str]) -> list[str]:
    """The records whose first parent, of applications the candidate, was among these."""
    return [row["record_id"] for row in await conn.fetch(CHILDREN, sync_number, ids)]


REMEMBER = """
insert into fingerprints (sync_number, record_id, print, read_at, parents)
select $1, record_id, print, $4, string_to_array(parents, chr(31), '')
  from unnest($2::text[], $3::bytea[], $5::text[]) as page (record_id, print, parents)
on conflict (sync_number, record_id)
do update set print = excluded.print, read_at = excluded.read_at, parents = excluded.parents
"""


async def remember(
    conn: Connection,
    sync_number: int,
    prints: Mapping[str, bytes],
    parents: Mapping[str, Sequence[str | None]],
    read_at: float,
) -> None:
    """Keep the prints of records that are new or changed."""
    if not prints:
        return
    joined = ["\x1f".join(one or "" for one in parents.get(id_, ())) or None for id_ in prints]
    await conn.execute(REMEMBER, sync_number, list(prints), list(prints.values()), read_at, joined)


DROP = """
delete from fingerprints where sync_number = $1 and record_id = any ($2::text[])
returning record_id, print, parents
"""


async def drop(conn: Connection, sync_number: int, ids: Sequence[str]) -> dict[str, Known]:
    """Forget records that are gone; what was known of those that were told of."""
    rows = await conn.fetch(DROP, sync_number, ids)
    return {
        row["record_id"]: Known(row["print"], 0.0, tuple(row["parents"] or ()))
        for row in rows
        if row["print"]
    }


async def sweep(conn: Connection, run_number: int, ids: Sequence[str]) -> None:
    """Note ids that the vendor lists."""
    rows = [(run_number, one) for one in ids]
    await conn.copy_records_to_table("swept_ids", records=rows, columns=("run_number", "record_id"))


SWEPT = "select count(*) from swept_ids where run_number = $1"


async def swept(conn: Connection, run_number: int) -> int:
    count: int = await conn.fetchval(SWEPT, run_number)
    return count


# "Missing" are known and not listed, "unknown" are listed and not known. Records that were read
# after the sweep began (a webhook brought them) are not missing.
COUNT_MISSING = """
select count(*) filter (where print <> '') as total,
       count(*) filter (where print <> '' and read_at < $3 and not exists (
           select from swept_ids where run_number = $2 and swept_ids.record_id = fp.record_id
       )) as missing
  from fingerprints as fp where sync_number = $1
"""


async def count_missing(
    conn: Connection, sync_number: int, run_number: int, before: float
) -> tuple[int, int]:
    """How many records are missing, and how many there are in all."""
    row = await conn.fetchrow(COUNT_MISSING, sync_number, run_number, before)
    return row["missing"], row["total"]


MISSING = """
select record_id from fingerprints as fp
 where sync_number = $1 and read_at < $3
   and not exists (
       select from swept_ids where run_number = $2 and swept_ids.record_id = fp.record_id
   )
 order by record_id limit $4
"""


async def missing(
    conn: Connection, sync_number: int, run_number: int, before: float, limit: int
) -> list[str]:
    rows = await conn.fetch(MISSING, sync_number, run_number, before, limit)
    return [row["record_id"] for row in rows]


UNKNOWN = """
select distinct record_id from swept_ids
 where run_number = $2
   and not exists (
       select from fingerprints as fp
        where fp.sync_number = $1 and fp.record_id = swept_ids.record_id
   )
 order by record_id limit $3
"""


async def unknown(conn: Connection, sync_number: int, run_number: int, limit: int) -> list[str]:
    rows = await conn.fetch(UNKNOWN, sync_number, run_number, limit)
    return [row["record_id"] for row in rows]


TIDY = """
delete from swept_ids
 where not exists (
    select from sync_runs where number = run_number and state in ('queued', 'running')
 )
"""


async def tidy(conn: Connection) -> None:
    """Drop the ids of sweeps that are over."""
    await conn.execute(TIDY)
