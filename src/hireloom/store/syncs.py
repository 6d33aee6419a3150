"""Syncs: what of an account is read, how often, and from where the next delta goes on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from hireloom.errors import SyncNotFoundError
from hireloom.store import fingerprints
from hireloom.store.keys import new_id
from hireloom.store.pool import Connection

State = Literal["active", "stopped"]


class Sync(msgspec.Struct, frozen=True, kw_only=True):
    integration_id: str
    id: str
    number: int  # what its fingerprints are kept under
    data_type: str
    models: list[str]
    state: State
    frequency: int  # minutes
    start_minute: int | None  # of the UTC day, where the schedule is tied to a time of day
    include_inactive: bool
    webhook_id: str | None  # the only one that gets its events; none: all that want them
    watch: list[str]
    native_filter: dict[str, Any] | None
    passthrough_filter: dict[str, Any] | None
    virtual_filter: dict[str, Any] | None
    custom: dict[str, Any] | None
    custom_key: str
    marked_at: datetime | None  # when the last run that was completed began; none: never
    marks: dict[str, str]
    completed_at: datetime | None
    swept_at: datetime | None
    sweep_seconds: float
    next_run_at: datetime | None
    created_at: datetime
    updated_at: datetime


GET = "select * from syncs where integration_id = $1 and id = $2"


async def get(conn: Connection, integration_id: str, sync_id: str) -> Sync:
    """Raises SyncNotFoundError."""
    return _found(await conn.fetchrow(GET, integration_id, sync_id))


LOCK = "select * from syncs where integration_id = $1 and id = $2 for update"


async def lock(conn: Connection, integration_id: str, sync_id: str) -> Sync:
    """The sync, which nobody else changes until the transaction ends; before any of its runs.

    Raises SyncNotFoundError.
    """
    return _found(await conn.fetchrow(LOCK, integration_id, sync_id))


def _of(row: Mapping[str, Any]) -> Sync:
    return Sync(**{name: row[name] for name in Sync.__struct_fields__})


def _found(row: Mapping[str, Any] | None) -> Sync:
    if row is None:
        raise SyncNotFoundError("This integration has no such sync.")
    return _of(row)


FIND = """
select * from syncs where integration_id = $1 and data_type = $2 and custom_key = $3
"""


async def find(
    conn: Connection, integration_id: str, data_type: str, custom_key: str = ""
) -> Sync | None:
    row = await conn.fetchrow(FIND, integration_id, data_type, custom_key)
    return None if row is None else _of(row)


EVERY = "select * from syncs where integration_id = $1 order by created_at, id"


async def every(conn: Connection, integration_id: str) -> list[Sync]:
    return [_of(row) for row in await conn.fetch(EVERY, integration_id)]


class NewSync(msgspec.Struct, frozen=True, kw_only=True):
    integration_id: str
    data_type: str
    models: Sequence[str]
    frequency: int
    state: State = "active"
    include_inactive: bool = False
    webhook_id: str | None = None
    custom: Mapping[str, Any] | None = None
    custom_key: str = ""


CREATE = """
insert into syncs (
    integration_id, id, data_type, models, frequency, state, include_inactive, webhook_id, custom,
    custom_key
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (integration_id, data_type, custom_key) do nothing
returning *
"""


async def create(conn: Connection, new: NewSync) -> Sync:
    """Keep a sync; where another process was quicker, theirs."""
    row = await conn.fetchrow(
        CREATE, new.integration_id, new_id("sj"), new.data_type, list(new.models), new.frequency,
        new.state, new.include_inactive, new.webhook_id, new.custom, new.custom_key,
    )  # fmt: skip
    if row is None:
        row = await conn.fetchrow(FIND, new.integration_id, new.data_type, new.custom_key)
    return _found(row)


CHANGE = """
update syncs
   set models = $3, state = $4, frequency = $5, start_minute = $6, include_inactive = $7,
       webhook_id = $8, watch = $9, native_filter = $10, passthrough_filter = $11,
       virtual_filter = $12, next_run_at = $13, updated_at = now()
 where integration_id = $1 and id = $2
returning *
"""


async def change(conn: Connection, sync: Sync, **changes: Any) -> Sync:
    """What somebody decided about a sync that is locked, because all of it is written.

    Raises SyncNotFoundError where it is gone meanwhile.
    """
    to = msgspec.structs.replace(sync, **changes)
    return _found(
        await conn.fetchrow(
            CHANGE, sync.integration_id, sync.id, to.models, to.state, to.frequency,
            to.start_minute, to.include_inactive, to.webhook_id, to.watch, to.native_filter,
            to.passthrough_filter, to.virtual_filter, to.next_run_at,
        )
    )  # fmt: skip


FORGET = "delete from fingerprints where sync_number = $1"
UNMARK = """
update syncs set marked_at = null, marks = '{}', updated_at = now()
 where integration_id = $1 and id = $2
"""


async def unmark(conn: Connection, sync: Sync) -> None:
    """Let the next run read everything."""
    await conn.execute(UNMARK, sync.integration_id, sync.id)


async def forget(conn: Connection, sync: Sync) -> None:
    """Drop its fingerprints and marks: every record is new again."""
    await fingerprints.lock(conn, sync.number)
    await conn.execute(FORGET, sync.number)
    await unmark(conn, sync)


COMPLETED = """
update syncs
   set marked_at = $3, marks = marks || $4::jsonb, completed_at = now(),
       swept_at = case when $5::real is null then swept_at else now() end,
       sweep_seconds = coalesce($5, sweep_seconds),
       next_run_at = case when state = 'active' then coalesce($6, next_run_at) end
 where integration_id = $1 and id = $2
"""


async def completed(
    conn: Connection,
    sync: Sync,
    *,
    marked_at: datetime,
    marks: Mapping[str, str],
    sweep_seconds: float | None,
    next_run_at: datetime | None,
) -> None:
    """A run came to its end: the next delta starts where this run began."""
    await conn.execute(
        COMPLETED, sync.integration_id, sync.id, marked_at, marks, sweep_seconds, next_run_at
    )


DUE = """
select *
  from syncs
 where state = 'active' and next_run_at <= now()
   and exists (select from integrations
                where integrations.id = syncs.integration_id and integrations.state = 'active')
 order by next_run_at limit $1
   for update skip locked
"""


async def due(conn: Connection, limit: int) -> list[Sync]:
    """Those whose time has come, locked until the transaction ends."""
    return [_of(row) for row in await conn.fetch(DUE, limit)]


PLAN = "update syncs set next_run_at = $3 where integration_id = $1 and id = $2"


async def plan(conn: Connection, sync: Sync, next_run_at: datetime | None) -> None:
    await conn.execute(PLAN, sync.integration_id, sync.id, next_run_at)
