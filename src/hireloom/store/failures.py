"""What goes wrong at the moment, as the tables of calls, accounts, syncs and webhooks say.

Each query reads few rows, however long the log is: failed calls by an index of their own and from
where the look before ended, syncs by their last run, the rest by what is kept for their health.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from hireloom.store.pool import Connection

MOST_LETTERS = 100_000  # that are counted; of more, so many


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


CREDENTIALS = """
select id as integration_id, updated_at as at from integrations
 where state = 'credentials_invalid'
"""


async def of_credentials(conn: Connection) -> Sequence[Mapping[str, Any]]:
    """Accounts whose credentials the vendor no longer accepts."""
    return list(await conn.fetch(CREDENTIALS))


PERMISSIONS = """
select id as integration_id, permission, array_agg(operation order by operation) as operations,
       max(updated_at) as at
  from integrations, jsonb_each_text(permissions) as lacking (operation, permission)
 where state <> 'deactivated' and permissions <> '{}'
 group by id, permission
"""


async def of_permissions(conn: Connection) -> Sequence[Mapping[str, Any]]:
    """Permissions that accounts were found to lack, with the operations that need them."""
    return list(await conn.fetch(PERMISSIONS))


# A run that only tries again after its fourth failure in a row is as good as failed.
SYNCS = """
select syncs.integration_id, syncs.id as sync_id, syncs.data_type, run.id as run_id, run.state,
       run.error, run.failed_models, run.unreadable, run.at, bad.runs, bad.first_at
  from syncs
  join integrations on integrations.id = syncs.integration_id
                   and integrations.state <> 'deactivated'
 cross join lateral (
    select id, number, state, error, failed_models, unreadable,
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
       and state in ('partial', 'failed') and run.state <> 'complete'
       and number > coalesce((
            select number from sync_runs
             where integration_id = syncs.integration_id and sync_id = syncs.id
               and state = 'complete'
             order by number desc limit 1
       ), 0)
 ) as bad
 where syncs.state = 'active' and (run.state <> 'complete' or run.unreadable > 0)
"""


async def of_syncs(conn: Connection) -> Sequence[Mapping[str, Any]]:
    """Syncs whose last run failed, lacked a part, or met records that it could not read."""
    return list(await conn.fetch(SYNCS))


FAILING_WEBHOOKS = """
select webhooks.integration_id, webhooks.id as webhook_id, webhooks.failing_since as since,
       greatest(webhooks.failures, 1) as failures, letter.id as delivery_id,
       letter.last_reason as reason, coalesce(letter.last_attempt_at, failing_since) as at,
       line.execution_id
  from webhooks
  left join lateral (
    select id, integration_id, last_reason, last_attempt_at from outbox
     where webhook_id = webhooks.id and state = 'waiting' and attempts > 0
     order by next_at limit 1
  ) as letter on true
  left join lateral (
    select execution_id from calls
     where calls.integration_id = letter.integration_id and operation = 'webhook'
       and direction = 'out' and code is not null
       and calls.at between letter.last_attempt_at - interval '30 seconds'
                        and letter.last_attempt_at
     order by calls.at desc limit 1
  ) as line on true
 where state = 'active' and failing_since is not null
"""


async def of_webhooks(conn: Connection) -> Sequence[Mapping[str, Any]]:
    """Endpoints that acknowledge nothing, with a delivery that waits and its line of the log."""
    return list(await conn.fetch(FAILING_WEBHOOKS))


DISABLED_WEBHOOKS = """
select integration_id, id as webhook_id, disabled_because as because, disabled_at as at
  from webhooks
 where state = 'disabled' and disabled_because <> 'disabled by webhook.update'
"""


async def of_disabled_webhooks(conn: Connection) -> Sequence[Mapping[str, Any]]:
    """Endpoints that were disabled by themselves, not by a person."""
    return list(await conn.fetch(DISABLED_WEBHOOKS))


# The second condition on the state is that of the index.
DEAD_LETTERS = """
select webhooks.integration_id, webhook_id, count(*) as letters, min(dead.at) as first_at,
       max(dead.at) as at, max(dead.id) as delivery_id
  from (
    select id, webhook_id, coalesce(last_attempt_at, created_at) as at from outbox
     where state = 'dead' and state <> 'waiting' limit $1
  ) as dead
  join webhooks on webhooks.id = webhook_id
 group by webhooks.integration_id, webhook_id
"""


async def of_dead_letters(conn: Connection) -> Sequence[Mapping[str, Any]]:
    """Events that were given up and can still be sent again."""
    return list(await conn.fetch(DEAD_LETTERS, MOST_LETTERS))


ORDERS = """
select integration_id, count(*) as orders, min(updated_at) as first_at, max(updated_at) as at,
       (array_agg(id order by updated_at desc))[1:5] as order_ids
  from assessment_orders
 where problem is not null
   and state in ('ORDERED', 'STARTED', 'IN_PROGRESS', 'RESULT_READY')
 group by integration_id
"""


async def of_orders(conn: Connection) -> Sequence[Mapping[str, Any]]:
    """Open orders of tests with an answer that the ATS could not use."""
    return list(await conn.fetch(ORDERS))
