"""Traffic: how many calls and deliveries there were in every ten minutes, and how many failed.

It is counted from the log each minute. The last hour is counted anew each time, because lines may
be written late; what came since the last count is read from the log itself, so nothing is missing
where no worker runs.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

from hireloom.store.pool import Connection

LATE = timedelta(hours=1)  # how late a line may be written into the log and still be counted
AT_ONCE = timedelta(days=1)  # so much of the log in one transaction

Sums: TypeAlias = Mapping[tuple[str, datetime], tuple[int, int]]  # all and failed

BEGIN = """
insert into traffic_counted (upto)
select date_bin('10 minutes', earliest, 'epoch'::timestamptz)
  from (
    select least((select min(at) from calls), (select min(at) from deliveries)) as earliest
 ) as log
 where earliest is not null
on conflict (one) do nothing
"""
# Whoever counts waits for whoever does so already.
COUNTED = """
select upto, date_bin('10 minutes', now(), 'epoch'::timestamptz) as last
  from traffic_counted for update
"""
COUNT = """
insert into traffic (at, kind, total, failed)
select date_bin('10 minutes', at, 'epoch'::timestamptz) as begin,
       case when direction = 'out' and operation = 'webhook' then 'sent' else direction end as kind,
       count(*), count(*) filter (where code is not null or coalesce(status, 599) >= 400)
  from calls where at >= $1 and at < $2 group by begin, kind
 union all
select date_bin('10 minutes', at, 'epoch'::timestamptz) as begin, 'delivered', count(*), 0
  from deliveries where at >= $1 and at < $2 group by begin
on conflict (at, kind) do update set total = excluded.total, failed = excluded.failed
"""
MARK = "update traffic_counted set upto = $1"


async def count(conn: Connection) -> bool:
    """Count what came up to now, or a day of it; whether more is left. In a transaction."""
    await conn.execute(BEGIN)
    row = await conn.fetchrow(COUNTED)
    if row is None:
        return False  # nothing was ever logged
    upto = min(row["last"], row["upto"] + AT_ONCE)
    await conn.execute(COUNT, row["upto"] - LATE, upto)
    await conn.execute(MARK, upto)
    return bool(upto < row["last"])


UPTO = "select upto from traffic_counted"
SUMS = """
select date_bin($1::interval, at, 'epoch'::timestamptz) as begin, kind, sum(total)::bigint as total,
       sum(failed)::bigint as failed
  from traffic where at >= $2 and at < $3 group by begin, kind
"""
SINCE = """
select date_bin($1::interval, at, 'epoch'::timestamptz) as begin,
       case when direction = 'out' and operation = 'webhook' then 'sent' else direction end as kind,
       count(*) as total,
       count(*) filter (where code is not null or coalesce(status, 599) >= 400) as failed
  from calls where at >= $2 group by begin, kind
 union all
select date_bin($1::interval, at, 'epoch'::timestamptz) as begin, 'delivered', count(*), 0
  from deliveries where at >= $2 group by begin
"""


async def sums(conn: Connection, size: timedelta, since: datetime) -> Sums:
    """By kind and begin, for buckets of so many times ten minutes.

    The kinds: in, of our API; out, to vendors; sent, to webhooks; delivered, events.
    """
    upto = max(await conn.fetchval(UPTO) or since, since)
    found: dict[tuple[str, datetime], tuple[int, int]] = {}
    for row in (*await conn.fetch(SUMS, size, since, upto), *await conn.fetch(SINCE, size, upto)):
        total, failed = found.get((row["kind"], row["begin"]), (0, 0))
        found[row["kind"], row["begin"]] = (total + row["total"], failed + row["failed"])
    return found


DROP_OLD = "delete from traffic where at < (now() at time zone 'UTC')::date - $1::integer"


async def drop_old(conn: Connection, days: int) -> None:
    """Forget the days that the log has dropped."""
    await conn.execute(DROP_OLD, days)
