"""Where scores went, so that the same one corrects its place and no second one appears beside it.

Kept sealed: ids of the vendor and keyed fingerprints of fields. What a score said is not kept.
"""

from datetime import datetime, timedelta

import msgspec

from hireloom.store.pool import Connection
from hireloom.store.seal import Key

LEASE = timedelta(minutes=2)  # longer than a push may take
PURPOSE = "score_places.kept"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """`receipt` is the answer that was given, `prints` fingerprints of its fields, in hex."""

    content: str
    receipt: bytes
    prints: dict[str, str]


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """The right to write this score. `was_cut_off`: somebody before began and came to no end, so

    what they wrote may be there; it is no older than `since`.
    """

    identity: bytes
    holder: str
    kept: Kept | None
    was_cut_off: bool
    since: datetime


HOLD = """
insert into score_places as place (integration_id, identity, is_named, holder, held_until)
values ($1, $2, $3, $4, now() + $5::interval)
on conflict (integration_id, identity) do update
   set was_cut_off = place.holder is not null, holder = excluded.holder,
       held_until = excluded.held_until
 where place.holder is null or place.held_until < now()
returning kept, was_cut_off, coalesce(written_at, created_at) as since
"""


async def hold(
    conn: Connection, key: Key, integration_id: str, identity: bytes, holder: str, *, is_named: bool
) -> Hold | None:
    """Take the place of a score; None while somebody else has it. Commit at once."""
    row = await conn.fetchrow(HOLD, integration_id, identity, is_named, holder, LEASE)
    if row is None:
        return None
    kept = None if row["kept"] is None else _open(key, integration_id, identity, row["kept"])
    return Hold(
        identity=identity,
        holder=holder,
        kept=kept,
        was_cut_off=row["was_cut_off"],
        since=row["since"],
    )


KEEP = """
update score_places
   set kept = $4, holder = null, held_until = null, was_cut_off = false, written_at = now()
 where integration_id = $1 and identity = $2 and holder = $3
"""


async def keep(conn: Connection, key: Key, integration_id: str, hold: Hold, kept: Kept) -> None:
    """It is written: remember where, and let go."""
    sealed = key.seal(integration_id, _purpose(hold.identity), msgspec.json.encode(kept))
    await conn.execute(KEEP, integration_id, hold.identity, hold.holder, sealed)


LET_GO = """
with one as (
    update score_places set holder = null, held_until = null, was_cut_off = false
     where integration_id = $1 and identity = $2 and holder = $3 and kept is not null
)
delete from score_places
 where integration_id = $1 and identity = $2 and holder = $3 and kept is null
"""


async def let_go(conn: Connection, integration_id: str, hold: Hold) -> None:
    """Nothing was written: as if nobody had tried."""
    await conn.execute(LET_GO, integration_id, hold.identity, hold.holder)


CUT_OFF = """
update score_places set held_until = now() - interval '1 second'
 where integration_id = $1 and identity = $2 and holder = $3
"""


async def cut_off(conn: Connection, integration_id: str, hold: Hold) -> None:
    """It may have been written, nobody knows: the next one to come is told so."""
    await conn.execute(CUT_OFF, integration_id, hold.identity, hold.holder)


CLEAN_UP = """
delete from score_places
 where not is_named and created_at < now() - interval '24 hours'
   and (holder is null or held_until < now())
"""


async def clean_up(conn: Connection) -> None:
    """Forget those without an id of the caller's after a day, as idempotency keys are."""
    await conn.execute(CLEAN_UP)


def _open(key: Key, integration_id: str, identity: bytes, sealed: bytes) -> Kept:
    opened = key.open(integration_id, _purpose(identity), sealed)
    return msgspec.json.decode(opened, type=Kept)


def _purpose(identity: bytes) -> str:
    return f"{PURPOSE} {identity.hex()}"
