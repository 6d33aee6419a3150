"""Finding calls in the log, however long it is: day by day, and never for longer than a moment."""

import time
from datetime import UTC, datetime, timedelta

import msgspec

from hireloom.store.calls import Call, Cursor, Direction
from hireloom.store.pool import Connection

MOMENT = 0.15  # seconds, after which what was found is shown
DAY = timedelta(days=1)


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """None leaves out a condition; `kind` is the first digit of the status, 0 for no answer."""

    integration_id: str | None = None
    operation: str | None = None
    kind: int | None = None
    code: str | None = None
    execution_id: str | None = None
    direction: Direction | None = None
    leaves_out: str | None = None  # an operation
    only_failed: bool = False

    @property
    def is_about_failures(self) -> bool:
        return self.only_failed or self.code is not None or self.kind in {0, 4, 5}


class Found(msgspec.Struct, frozen=True):
    calls: list[Call]
    before: Cursor | None  # where to go on; None: that was all


# A plan for each set of conditions: one for all of them would read whole days for a few rows.
PLAN_EACH = "set local plan_cache_mode = force_custom_plan"

EARLIEST = "select min(at) from calls"

PAGE = """
select integration_id, at, number, direction, execution_id, api_key_id, operation, method,
       status, code, duration_ms, upstream_calls, bytes
  from calls
 where ($1::text is null or integration_id = $1)
   and ($2::text is null or operation = $2)
   and ($3::integer is null or coalesce(status, 0) / 100 = $3)
   and ($4::text is null or code = $4)
   and ($5::text is null or execution_id = $5)
   and ($6::text is null or direction = $6)
   and (not $7::boolean or code is not null or coalesce(status, 599) >= 400)
   and ($8::text is null or operation <> $8)
   and at >= $9 and at < $10 and (at, number) < ($11, $12::bigint)
 order by at desc, number desc limit $13
"""
NEWER = """
select integration_id, at, number, direction, execution_id, api_key_id, operation, method,
       status, code, duration_ms, upstream_calls, bytes
  from calls
 where ($1::text is null or integration_id = $1)
   and ($2::text is null or operation = $2)
   and ($3::integer is null or coalesce(status, 0) / 100 = $3)
   and ($4::text is null or code = $4)
   and ($5::text is null or execution_id = $5)
   and ($6::text is null or direction = $6)
   and (not $7::boolean or code is not null or coalesce(status, 599) >= 400)
   and ($8::text is null or operation <> $8)
   and number > $9 and at > now() - interval '10 minutes'
 order by at desc, number desc limit $10
"""


async def page(
    conn: Connection, wanted: Search, *, before: Cursor | None = None, size: int = 50
) -> Found:
    """The newest calls first. Where a moment does not do, those found until then: go on there."""
    started = time.monotonic()
    now = datetime.now(UTC)
    place = before or Cursor(now + DAY, 0)
    calls: list[Call] = []
    async with conn.transaction(readonly=True):
        await conn.execute(PLAN_EACH)
        earliest = await conn.fetchval(EARLIEST)
        if earliest is None:
            return Found([], None)
        while place.at >= earliest:
            begin = max(_begin_of_day(place, now), earliest)
            calls += await _window(conn, wanted, begin, place, size + 1 - len(calls))
            if len(calls) > size:
                return Found(calls[:size], Cursor.of(calls[size - 1]))
            place = Cursor(begin, 0)
            if begin == earliest:
                break
            if time.monotonic() - started > MOMENT:
                return Found(calls, place)
    return Found(calls, None)


async def _window(
    conn: Connection, wanted: Search, begin: datetime, place: Cursor, size: int
) -> list[Call]:
    end = place.at + timedelta(microseconds=1)
    rows = await conn.fetch(PAGE, *_plain(wanted), begin, end, place.at, place.number, size)
    return [Call(**row) for row in rows]


async def newer(conn: Connection, wanted: Search, after: int, size: int = 100) -> list[Call]:
    """Calls that were logged after the one of that number, the newest first."""
    async with conn.transaction(readonly=True):
        await conn.execute(PLAN_EACH)
        rows = await conn.fetch(NEWER, *_plain(wanted), after, size)
    return [Call(**row) for row in rows]


def _begin_of_day(place: Cursor, now: datetime) -> datetime:
    """Of the day that lies before the place, today at the latest; a place at midnight belongs to

    the day before.
    """
    before = min(place.at, now) - timedelta(microseconds=not place.number)
    return before.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _plain(wanted: Search) -> tuple[object, ...]:
    return (
        wanted.integration_id, wanted.operation, wanted.kind, wanted.code, wanted.execution_id,
        wanted.direction, wanted.is_about_failures, wanted.leaves_out,
    )  # fmt: skip
