"""What the console counts: how accounts, syncs, deliveries and calls are doing. It only reads."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from hireloom.store import traffic
from hireloom.store.pool import Connection

LATE = timedelta(minutes=15)  # after the time that a schedule wanted


class Bucket(msgspec.Struct, frozen=True):
    """What there was from a time on, for the length of one bucket."""

    at: datetime
    total: int = 0
    failed: int = 0


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    accounts: Mapping[str, int]  # by state
    running: int
    queued: int
    late: int
    stuck: int  # syncs whose last run failed
    waiting: int
    failing: int
    dead: int


ACCOUNTS = "select state, count(*) from integrations group by state"
SYNCS = """
with last as (
    select syncs.state as sync_state, syncs.next_run_at, run.state
      from syncs left join lateral (
        select state from sync_runs
         where integration_id = syncs.integration_id and sync_id = syncs.id
         order by number desc limit 1
      ) as run on true
)
select count(*) filter (where state = 'running') as running,
       count(*) filter (where state = 'queued') as queued,
       count(*) filter (where sync_state = 'active' and next_run_at < now() - $1::interval
                          and coalesce(state, '') not in ('queued', 'running')) as late,
       count(*) filter (where sync_state = 'active' and state = 'failed') as stuck
  from last
"""
OUTBOX = """
select count(*) filter (where state = 'waiting' and attempts = 0) as waiting,
       count(*) filter (where state = 'waiting' and attempts > 0) as failing,
       count(*) filter (where state = 'dead') as dead
  from outbox
"""


async def counts(conn: Connection) -> Counts:
    """How things stand now."""
    states = {row["state"]: row["count"] for row in await conn.fetch(ACCOUNTS)}
    syncs = await conn.fetchrow(SYNCS, LATE)
    letters = await conn.fetchrow(OUTBOX)
    return Counts(accounts=states, **syncs, **letters)


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    answered: list[Bucket]  # calls of the API
    called: list[Bucket]  # calls to vendors
    sent: list[Bucket]  # requests to webhooks
    delivered: list[Bucket]


async def trend(conn: Connection, now: datetime, size: timedelta, number: int) -> Trend:
    """The last `number` buckets of that size, empty ones too."""
    last = now - timedelta(seconds=now.timestamp() % size.total_seconds())
    starts = [last - size * back for back in reversed(range(number))]
    found = await traffic.sums(conn, size, starts[0])

    def series(kind: str) -> list[Bucket]:
        return [Bucket(at, *found.get((kind, at), ())) for at in starts]

    kinds = {"answered": "in", "called": "out", "sent": "sent", "delivered": "delivered"}
    return Trend(**{name: series(kind) for name, kind in kinds.items()})
