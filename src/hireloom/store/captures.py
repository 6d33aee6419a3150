"""Captures: an account's calls in outline, sealed, for support people; gone after a day.

While one is on, every process adds to it. What is past its time is not read, also where nobody has
tidied it away yet.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from hireloom.errors import ResourceNotFoundError
from hireloom.store.calls import Direction
from hireloom.store.keys import new_id
from hireloom.store.pool import Connection
from hireloom.store.seal import Key

KEPT = timedelta(hours=24)  # after it began
MOST = 500  # calls of a capture
MOST_BYTES = 8 * 1024 * 1024  # of a capture, sealed
LAST = 2**63 - 1


class Capture(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    started_by: str
    started_at: datetime
    ends_at: datetime
    erased_at: datetime
    is_on: bool
    kept: int
    left_out: int  # calls for which there was no room


class Captured(msgspec.Struct, frozen=True, kw_only=True):
    """One call in outline; `content` is what is sealed of it."""

    at: datetime
    direction: Direction
    execution_id: str
    operation: str
    method: str
    status: int | None
    code: str | None
    content: bytes
    id: str = msgspec.field(default_factory=lambda: new_id("cpd"))
    number: int = 0  # given by the database


# One at a time: another takes over where the one before is still on.
END = "update captures set ends_at = now() where integration_id = $1 and ends_at > now()"

START = """
insert into captures (integration_id, id, started_by, ends_at, erased_at)
values ($1, $2, $3, now() + $4::interval, now() + $5::interval)
returning id, started_by, started_at, ends_at, erased_at, true as is_on, kept, left_out
"""


async def start(
    conn: Connection, integration_id: str, started_by: str, length: timedelta
) -> Capture:
    """Capture from now on; let nobody delete the integration meanwhile (`integrations.hold`)."""
    await conn.execute(END, integration_id)
    row = await conn.fetchrow(
        START, integration_id, new_id("cap"), started_by, min(length, KEPT), KEPT
    )
    return Capture(**row)


async def stop(conn: Connection, integration_id: str) -> None:
    await conn.execute(END, integration_id)


ERASE = "delete from captures where integration_id = $1"


async def erase(conn: Connection, integration_id: str) -> None:
    """All captures of the account, with what they kept."""
    await conn.execute(ERASE, integration_id)


LATEST = """
select id, started_by, started_at, ends_at, erased_at, ends_at > now() as is_on, kept, left_out
  from captures
 where integration_id = $1 and erased_at > now()
 order by started_at desc limit 1
"""


async def latest(conn: Connection, integration_id: str) -> Capture | None:
    row = await conn.fetchrow(LATEST, integration_id)
    return None if row is None else Capture(**row)


ROOM = """
select id, $3 - kept as calls, $4 - bytes as bytes from captures
 where integration_id = $1 and id = $2 and ends_at > now() - $5::interval and erased_at > now()
   for update
"""

ADD = """
insert into captured (
    integration_id, capture_id, id, at, direction, execution_id, operation, method, status, code,
    sealed
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""

COUNT = """
update captures set kept = kept + $3, bytes = bytes + $4, left_out = left_out + $5
 where integration_id = $1 and id = $2
"""


async def add(
    conn: Connection,
    key: Key,
    integration_id: str,
    capture_id: str,
    calls: Sequence[Captured],
    *,
    left_out: int,
    lately: timedelta,
) -> None:
    """Keep calls while there is room, sealed; `left_out` counts those that were lost before.

    A capture that ended longer than `lately` ago, or was erased, takes none. In a transaction.
    """
    room = await conn.fetchrow(ROOM, integration_id, capture_id, MOST, MOST_BYTES, lately)
    if room is None:
        return
    rows: list[tuple[object, ...]] = []
    size = 0
    for call in calls:
        sealed = key.seal(integration_id, _purpose(call.id), call.content)
        if len(rows) == room["calls"] or size + len(sealed) > room["bytes"]:
            break
        size += len(sealed)
        rows.append((
            integration_id, capture_id, call.id, call.at, call.direction, call.execution_id,
            call.operation, call.method, call.status, call.code, sealed,
        ))  # fmt: skip
    await conn.executemany(ADD, rows)
    lost = left_out + len(calls) - len(rows)
    await conn.execute(COUNT, integration_id, capture_id, len(rows), size, lost)


PAGE = """
select captured.id, captured.at, direction, execution_id, operation, method, status, code, sealed,
       number
  from captured
  join captures on captures.integration_id = captured.integration_id and captures.id = capture_id
 where captured.integration_id = $1 and erased_at > now()
   and ($2::text is null or execution_id = $2) and number < $3
 order by number desc limit $4
"""


async def page(
    conn: Connection,
    key: Key,
    integration_id: str,
    *,
    execution_id: str | None = None,
    before: int = LAST,
    size: int = 50,
) -> list[Captured]:
    """Calls that were captured, the newest first."""
    rows = await conn.fetch(PAGE, integration_id, execution_id, before, size)
    return [_opened(key, integration_id, dict(row)) for row in rows]


LISTING = """
select captured.id, captured.at, direction, execution_id, operation, method, status, code, number
  from captured
  join captures on captures.integration_id = captured.integration_id and captures.id = capture_id
 where captured.integration_id = $1 and erased_at > now()
   and ($2::text is null or execution_id = $2) and number < $3
 order by number desc limit $4
"""


async def listing(
    conn: Connection,
    integration_id: str,
    *,
    execution_id: str | None = None,
    before: int = LAST,
    size: int = 50,
) -> list[Captured]:
    """The same without what is sealed."""
    rows = await conn.fetch(LISTING, integration_id, execution_id, before, size)
    return [Captured(**row, content=b"") for row in rows]


GET = """
select captured.id, captured.at, direction, execution_id, operation, method, status, code, sealed,
       number
  from captured
  join captures on captures.integration_id = captured.integration_id and captures.id = capture_id
 where captured.integration_id = $1 and erased_at > now() and captured.id = $2
"""


async def get(conn: Connection, key: Key, integration_id: str, captured_id: str) -> Captured:
    """Raises ResourceNotFoundError."""
    row = await conn.fetchrow(GET, integration_id, captured_id)
    if row is None:
        raise ResourceNotFoundError(
            "This call is not captured",
            hint="A day after a capture began, or when an admin says so, it is erased.",
        )
    return _opened(key, integration_id, dict(row))


HAVE = """
select distinct execution_id, captured.integration_id from captured
  join captures on captures.integration_id = captured.integration_id and captures.id = capture_id
 where execution_id = $1 and erased_at > now()
"""


async def of_execution(conn: Connection, execution_id: str) -> list[str]:
    """The integrations of which something was captured under that id."""
    rows = await conn.fetch(HAVE, execution_id)
    return [row["integration_id"] for row in rows]


TIDY = "delete from captures where erased_at <= now()"


async def tidy(conn: Connection) -> None:
    await conn.execute(TIDY)


def _opened(key: Key, integration_id: str, row: dict[str, Any]) -> Captured:
    content = key.open(integration_id, _purpose(row["id"]), row.pop("sealed"))
    return Captured(**row, content=content)


def _purpose(captured_id: str) -> str:
    return f"captured.sealed {captured_id}"
