"""How far the workers are behind with what is due."""

import msgspec

from hireloom.store.pool import Connection


class Arrears(msgspec.Struct, frozen=True, kw_only=True):
    jobs: dict[str, int]  # whose time has come, by entrypoint
    oldest_delivery: float  # seconds since it was due; 0: none is
    oldest_run: float


JOBS = """
select entrypoint, count(*) as waiting
  from pgqueuer where status = 'queued' and execute_after < now()
 group by entrypoint
"""

# Of endpoints that are asked at all: one that is paused or disabled is no worker's arrears.
OLDEST_DELIVERY = """
select coalesce(extract(epoch from now() - min(letter.due)), 0)::float8
  from webhooks cross join lateral (
    (select created_at as due from outbox as fresh
      where webhook_id = webhooks.id and state = 'waiting' and attempts = 0
        and not exists (
            select from outbox as failed
             where failed.webhook_id = webhooks.id
               and failed.integration_id = fresh.integration_id
               and failed.record_id = fresh.record_id and failed.id < fresh.id
               and failed.state = 'waiting' and failed.attempts > 0
        )
      order by id limit 1)
    union all
    (select next_at from outbox as later
      where webhook_id = webhooks.id and state = 'waiting' and attempts > 0 and next_at <= now()
        and not exists (
            select from outbox as failed
             where failed.webhook_id = webhooks.id
               and failed.integration_id = later.integration_id
               and failed.record_id = later.record_id and failed.id < later.id
               and failed.state = 'waiting' and failed.attempts > 0
        )
      order by next_at limit 1)
  ) as letter
 where webhooks.state = 'active' and coalesce(webhooks.paused_until, '-infinity') <= now()
"""

# A run that nobody began, and one whose next slice nobody takes.
OLDEST_RUN = """
select coalesce(extract(epoch from now() - least(
    (select min(created_at) from sync_runs where state = 'queued'),
    (select min(execute_after) from pgqueuer
      where entrypoint = 'sync' and status = 'queued' and execute_after < now())
)), 0)::float8
"""


async def look(conn: Connection) -> Arrears:
    return Arrears(
        jobs={row["entrypoint"]: row["waiting"] for row in await conn.fetch(JOBS)},
        oldest_delivery=await conn.fetchval(OLDEST_DELIVERY),
        oldest_run=await conn.fetchval(OLDEST_RUN),
    )
