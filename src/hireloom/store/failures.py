"""What goes wrong at the moment, as the tables of calls, accounts, syncs and webhooks say.

Each query reads few rows, however long the log is: failed calls by an index of their own and from
where the look before ended, syncs by their last run, the rest by what is kept for their health.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from hireloom.store.pool import Connection


class FailedCalls(msgspec.Struct, frozen=True, kw_only=True):
    """The calls of one account and operation that ended in the same error, since the last look."""

    integration_id: str
    direction: str
    operation: str
    code: str | None
    count: int
    first_at: datetime
    last_at: datetime
    execution_id: str  # of the last one


CALLS = """
select integration_id, direction, operation, code, count(*) as count, min(at) as first_at,
       max(at) as last_at, (array_agg(execution_id order by number desc))[1] as execution_id
  from calls
 where number > $1 and number <= $2 and at > now() - interval '1 hour'
   and ((direction = 'in' and code is not null) or (direction = 'out' and status = 429))
 group by integration_id, direction, operation, code
"""


async def of_calls(conn: Connection, after: int, upto: int) -> list[FailedCalls]:
    """Calls of ours that were refused, and vendors' refusals to take more calls.

    By the number in the log, so that none is counted twice and none that was written late missed.
    """
    return [FailedCalls(**row) for row in await conn.fetch(CALLS, after, upto)]


LAST_NUMBER = "select case when is_called then last_value else 0 end from call_numbers"


async def last_number(conn: Connection) -> int:
    """The highest number that a line of the log has, or is about to have."""
    found: int = await conn.fetchval(LAST_NUMBER)
    return found


# Each of the queries below finds one kind of what is wrong now, by the columns of a `Finding`.

# Accounts whose credentials the vendor no longer accepts.
CREDENTIALS = """
select id as integration_id, '' as cause, 0 as count, updated_at as first_at, updated_at as last_at
  from integrations where state = 'credentials_invalid'
"""

# Permissions for want of which calls were refused, with all operations that need them; what a
# customer withheld and nobody uses is none. A permission's name may be the vendor's sentence.
PERMISSIONS = """
select id as integration_id, left(permission, 200) as cause, left(permission, 200) as subject,
       0 as count, max(updated_at) as first_at, max(updated_at) as last_at,
       jsonb_build_object('operations', string_agg(operation, ', ' order by operation)) as detail
  from integrations, jsonb_each_text(permissions) as lacking (operation, permission)
 where state <> 'deactivated' and refused <> '{}'
 group by id, left(permission, 200)
having bool_or(operation = any(refused))
"""

# Syncs whose last run failed or lacked a part. A run that only tries again after its fourth
# failure in a row is as good as failed. Refused credentials are an issue of their own.
SYNCS = """
select syncs.integration_id, syncs.id as cause, syncs.data_type as subject, run.id as run_id,
       run.error ->> 'code' as code, greatest(bad.runs, 1) as count,
       coalesce(bad.first_at, run.at) as first_at, run.at as last_at,
       jsonb_build_object('ended', case run.state
           when 'failed' then 'fails'
           when 'partial' then 'lacks ' || (
               select string_agg(distinct one ->> 'model', ', ')
                 from jsonb_array_elements(run.failed_models) as one
           )
           else 'does not get on'
       end) as detail
  from syncs
  join integrations on integrations.id = syncs.integration_id
                   and integrations.state <> 'deactivated'
 cross join lateral (
    select id, number, state, coalesce(error, failed_models -> 0) as error, failed_models,
           coalesce(finished_at, started_at, created_at) as at
      from sync_runs
     where integration_id = syncs.integration_id and sync_id = syncs.id
       and (state in ('complete', 'partial', 'failed')
            or state in ('queued', 'running') and failures >= 4)
     order by number desc limit 1
 ) as run
 cross join lateral (
    select count(*) as runs, min(coalesce(finished_at, created_at)) as first_at
      from sync_runs
     where integration_id = syncs.integration_id and sync_id = syncs.id
       and state in ('partial', 'failed')
       and number > coalesce((
            select number from sync_runs
             where integration_id = syncs.integration_id and sync_id = syncs.id
               and state = 'complete'
             order by number desc limit 1
       ), 0)
 ) as bad
 where syncs.state = 'active' and run.state <> 'complete'
   and run.error ->> 'code' is distinct from 'integration.credentials_invalid'
"""

# Syncs whose last run is complete but for records that it could not read.
UNREADABLE = """
select syncs.integration_id, syncs.id as cause, syncs.data_type as subject, run.id as run_id,
       run.unreadable as count, run.at as first_at, run.at as last_at
  from syncs
  join integrations on integrations.id = syncs.integration_id
                   and integrations.state <> 'deactivated'
 cross join lateral (
    select id, state, unreadable, coalesce(finished_at, started_at, created_at) as at
      from sync_runs
     where integration_id = syncs.integration_id and sync_id = syncs.id
       and (state in ('complete', 'partial', 'failed')
            or state in ('queued', 'running') and failures >= 4)
     order by number desc limit 1
 ) as run
 where syncs.state = 'active' and run.state = 'complete' and run.unreadable > 0
"""

# Endpoints that acknowledge nothing, with a delivery that waits and its line of the log.
FAILING_WEBHOOKS = """
select webhooks.integration_id, webhooks.id as cause, webhooks.id as subject,
       greatest(webhooks.failures, 1) as count, failing_since as first_at,
       greatest(letter.last_attempt_at, failing_since) as last_at,
       jsonb_build_object('reason', coalesce(letter.last_reason, 'no answer')) as detail,
       letter.last_execution_id as execution_id, letter.id as delivery_id
  from webhooks
  left join lateral (
    select id, last_reason, last_attempt_at, last_execution_id from outbox
     where webhook_id = webhooks.id and state = 'waiting' and attempts > 0
     order by next_at limit 1
  ) as letter on true
 where state = 'active' and failing_since <= now() - interval '1 minute'
"""

# Endpoints that were disabled by themselves, not by a person.
DISABLED_WEBHOOKS = """
select integration_id, id as cause, id as subject, 1 as count, disabled_at as first_at,
       disabled_at as last_at, jsonb_build_object('reason', disabled_because) as detail
  from webhooks
 where state = 'disabled'
   and disabled_because not in ('disabled by webhook.update', 'disabled in the console')
"""

# Events that were given up and can still be sent again; of very many, so many. The second
# condition on the state is that of the index.
DEAD_LETTERS = """
select webhooks.integration_id, webhook_id as cause, webhook_id as subject, count(*) as count,
       min(dead.at) as first_at, max(dead.at) as last_at, max(dead.id) as delivery_id
  from (
    select id, webhook_id, coalesce(last_attempt_at, created_at) as at from outbox
     where state = 'dead' and state <> 'waiting' limit 100000
  ) as dead
  join webhooks on webhooks.id = webhook_id
 group by webhooks.integration_id, webhook_id
"""

# Open orders of tests with an answer that the ATS could not use.
ORDERS = """
select integration_id, '' as cause, count(*) as count, min(updated_at) as first_at,
       max(updated_at) as last_at, jsonb_build_object('orders', array_to_string(
           (array_agg(id order by updated_at desc))[1:5], ', '
       )) as detail
  from assessment_orders
 where problem is not null
   and state in ('ORDERED', 'STARTED', 'IN_PROGRESS', 'RESULT_READY')
 group by integration_id
"""

# Jobs whose time has come, where the first of them has waited for too long.
WAITING_JOBS = """
select '' as integration_id, '' as cause, count(*) as count, min(execute_after) as first_at,
       now() as last_at
  from pgqueuer
 where status = 'queued' and execute_after < now()
having min(execute_after) < now() - interval '2 minutes'
"""


async def found(conn: Connection, query: str) -> Sequence[Mapping[str, Any]]:
    """What one of the queries above finds."""
    return list(await conn.fetch(query))
