"""The log of calls, in and out: when, what, how long, how it ended. Never a body, a query string
or anything personal. A partition per day, so that old days are dropped whole."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from hireloom.store import days
from hireloom.store.keys import base62
from hireloom.store.pool import Connection
from hireloom.store.seal import OURS

Direction = Literal["in", "out"]


def new_execution_id() -> str:
    """Finds a call, and what it led to, in the log."""
    return "ex_" + base62(secrets.token_bytes(12), 17)


class Call(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    direction: Direction
    execution_id: str
    operation: str  # ours, or the vendor's path with its ids left out
    method: str
    duration_ms: float
    integration_id: str = OURS
    api_key_id: str | None = None
    status: int | None = None  # none: no answer came
    code: str | None = None  # of the error that it ended in
    upstream_calls: int = 0
    bytes: int = 0
    number: int = 0  # given by the database

    @property
    def has_failed(self) -> bool:
        return self.code is not None or self.status is None or self.status >= 400


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """Where a page of the log ended."""

    at: datetime
    number: int

    @classmethod
    def of(cls, call: Call) -> "Cursor":
        return cls(call.at, call.number)


class CallFilter(msgspec.Struct, frozen=True, kw_only=True):
    integration_id: str | None = None
    execution_id: str | None = None
    operation: str | None = None
    direction: Direction | None = None
    failed: bool | None = None
    since: datetime | None = None
    until: datetime | None = None


COLUMNS = (
    "integration_id", "at", "direction", "execution_id", "api_key_id", "operation", "method",
    "status", "code", "duration_ms", "upstream_calls", "bytes",
)  # fmt: skip


async def add(conn: Connection, calls: Sequence[Call]) -> None:
    """Log many calls at once."""
    rows = [tuple(getattr(call, column) for column in COLUMNS) for call in calls]
    await days.copy(conn, "calls", COLUMNS, rows, [call.at for call in calls])


PAGE = """
select integration_id, at, number, direction, execution_id, api_key_id, operation, method,
       status, code, duration_ms, upstream_calls, bytes
  from calls
 where ($1::text is null or integration_id = $1)
   and ($2::text is null or execution_id = $2)
   and ($3::text is null or operation = $3)
   and ($4::text is null or direction = $4)
   and ($5::boolean is null or (code is not null or coalesce(status, 599) >= 400) = $5)
   and at >= coalesce($6, '-infinity'::timestamptz)
   and at < coalesce($7, 'infinity'::timestamptz)
   and (at, number) < (coalesce($8, 'infinity'::timestamptz), $9::bigint)
 order by at desc, number desc limit $10
"""


async def page(
    conn: Connection, wanted: CallFilter, *, before: Cursor | None = None, size: int = 100
) -> list[Call]:
    """Calls, the newest first; go on before the cursor of the last one."""
    at, number = (before.at, before.number) if before else (None, 0)
    rows = await conn.fetch(PAGE, *msgspec.structs.astuple(wanted), at, number, size)
    return [Call(**row) for row in rows]
