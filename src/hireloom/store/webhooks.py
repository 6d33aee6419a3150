"""Webhooks: the user's endpoints, what they subscribe to, their secrets and who sends to them."""

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from hireloom.errors import ConflictError, ResourceNotFoundError
from hireloom.store.keys import new_id
from hireloom.store.pool import Connection
from hireloom.store.seal import OURS, Key

State = Literal["active", "disabled"]

SECRET_START = "whsec_"  # noqa: S105 – the start of every secret, no secret
SECRET_BYTES = 32
BOTH_VALID = timedelta(hours=24)  # the secret before, after a rotation


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Where events go: an endpoint as whoever emits has to know it."""

    id: str
    integration_id: str  # empty: events of every integration
    events: frozenset[str]
    data_types: frozenset[str]

    def wants(self, event_type: str | None, data_type: str | None) -> bool:
        """Whether it subscribes; an empty list is everything, None whichever."""
        return (event_type is None or not self.events or event_type in self.events) and (
            data_type is None or not self.data_types or data_type in self.data_types
        )


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    integration_id: str
    url: str
    description: str
    events: list[str]
    data_types: list[str]
    batch_size: int
    compatibility: str | None
    state: State
    disabled_at: datetime | None
    disabled_because: str | None
    failing_since: datetime | None
    last_delivered_at: datetime | None
    previous_until: datetime | None
    created_at: datetime
    updated_at: datetime


class NewWebhook(msgspec.Struct, frozen=True, kw_only=True):
    url: str
    integration_id: str = OURS
    description: str = ""
    events: Sequence[str] = ()
    data_types: Sequence[str] = ()
    batch_size: int = 1
    compatibility: str | None = None


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What to change; None leaves a field as it is."""

    url: str | None = None
    description: str | None = None
    events: Sequence[str] | None = None
    data_types: Sequence[str] | None = None
    batch_size: int | None = None
    state: State | None = None


CREATE = """
insert into webhooks (
    integration_id, id, url, description, events, data_types, batch_size, compatibility, secret
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
returning id, integration_id, url, description, events, data_types, batch_size, compatibility,
          state, disabled_at, disabled_because, failing_since, last_delivered_at, previous_until,
          created_at, updated_at
"""


async def create(conn: Connection, own_key: Key, new: NewWebhook) -> tuple[Webhook, str]:
    """The webhook, and its secret, which is shown this once. `own_key` is `masters.own_key`."""
    webhook_id, secret = new_id("wh"), new_secret()
    row = await conn.fetchrow(
        CREATE, new.integration_id, webhook_id, new.url, new.description, list(new.events),
        list(new.data_types), new.batch_size, new.compatibility,
        own_key.seal(OURS, purpose(webhook_id), secret.encode()),
    )  # fmt: skip
    return Webhook(**row), secret


def new_secret() -> str:
    return SECRET_START + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def purpose(webhook_id: str) -> str:
    return f"webhooks.secret {webhook_id}"


GET = """
select id, integration_id, url, description, events, data_types, batch_size, compatibility,
       state, disabled_at, disabled_because, failing_since, last_delivered_at, previous_until,
       created_at, updated_at
  from webhooks where id = $1
"""


async def get(conn: Connection, webhook_id: str) -> Webhook:
    """Raises ResourceNotFoundError."""
    return found(await conn.fetchrow(GET, webhook_id))


def found(row: Mapping[str, Any] | None) -> Webhook:
    if row is None:
        raise unknown()
    return Webhook(**row)


def unknown() -> ResourceNotFoundError:
    return ResourceNotFoundError(
        "There is no webhook with this id", hint="webhook.list has those that there are."
    )


PAGE = """
select id, integration_id, url, description, events, data_types, batch_size, compatibility,
       state, disabled_at, disabled_because, failing_since, last_delivered_at, previous_until,
       created_at, updated_at
  from webhooks
 where ($1::text is null or integration_id = $1) and id > $2
 order by id limit $3
"""


async def page(
    conn: Connection, *, integration_id: str | None = None, after: str = "", size: int = 100
) -> list[Webhook]:
    """Webhooks by id; go on after the last one."""
    return [Webhook(**row) for row in await conn.fetch(PAGE, integration_id, after, size)]


UPDATE = """
update webhooks
   set url = coalesce($2, url), description = coalesce($3, description),
       events = coalesce($4, events), data_types = coalesce($5, data_types),
       batch_size = coalesce($6, batch_size), state = coalesce($7, state),
       disabled_at = case $7 when 'active' then null
                             when 'disabled' then coalesce(disabled_at, now())
                             else disabled_at end,
       disabled_because = case $7 when 'active' then null
                                  when 'disabled' then coalesce(disabled_because, $8)
                                  else disabled_because end,
       failing_since = case when $7 = 'active' then null else failing_since end,
       failures = case when $7 = 'active' or $2 is not null then 0 else failures end,
       paused_until = case when $7 = 'active' or $2 is not null then null else paused_until end,
       updated_at = now()
 where id = $1
returning id, integration_id, url, description, events, data_types, batch_size, compatibility,
          state, disabled_at, disabled_because, failing_since, last_delivered_at, previous_until,
          created_at, updated_at
"""


async def update(
    conn: Connection, webhook_id: str, changes: Changes, because: str | None = None
) -> Webhook:
    """Change what is given; activating it also forgets how it failed.

    Raises ResourceNotFoundError.
    """
    row = await conn.fetchrow(
        UPDATE, webhook_id, changes.url, changes.description,
        None if changes.events is None else list(changes.events),
        None if changes.data_types is None else list(changes.data_types),
        changes.batch_size, changes.state, because,
    )  # fmt: skip
    return found(row)


NAMED = "select id from syncs where webhook_id = $1 limit 1"
DELETE = "delete from webhooks where id = $1 returning integration_id"
DELETE_RECEIPTS = "delete from sync_receipts where webhook_id = $1"
DELETE_LETTERS = "delete from outbox where webhook_id = $1"


async def delete(conn: Connection, webhook_id: str) -> str:
    """Delete it with all that waits for it; returns whose it was, empty for everyone's.

    Raises ResourceNotFoundError, and ConflictError where a sync sends to this one alone.
    """
    if sync_id := await conn.fetchval(NAMED, webhook_id):
        raise ConflictError(
            f"The sync {sync_id} sends to this webhook alone",
            hint="Give the sync another webhookId with sync.update, or stop it, then delete.",
        )
    integration_id = await conn.fetchval(DELETE, webhook_id)
    if integration_id is None:
        raise unknown()
    await conn.execute(DELETE_RECEIPTS, webhook_id)
    await conn.execute(DELETE_LETTERS, webhook_id)
    return str(integration_id)


ROTATE = """
update webhooks
   set secret = $2, previous_secret = case when $3::interval is null then null else secret end,
       previous_until = now() + $3, updated_at = now()
 where id = $1
returning id, integration_id, url, description, events, data_types, batch_size, compatibility,
          state, disabled_at, disabled_because, failing_since, last_delivered_at, previous_until,
          created_at, updated_at
"""


async def rotate(
    conn: Connection, own_key: Key, webhook_id: str, both_valid: timedelta | None = BOTH_VALID
) -> tuple[Webhook, str]:
    """A new secret, shown this once; for a while events are signed with the one before as well.

    Raises ResourceNotFoundError.
    """
    secret = new_secret()
    sealed = own_key.seal(OURS, purpose(webhook_id), secret.encode())
    return found(await conn.fetchrow(ROTATE, webhook_id, sealed, both_valid)), secret


WANTING = """
select id, integration_id, events, data_types from webhooks
 where integration_id in ('', $1) and state = 'active' and ($2::text is null or id = $2)
 order by id
"""


async def wanting(
    conn: Connection,
    integration_id: str,
    event_type: str | None,
    data_type: str | None,
    only: str | None = None,
) -> list[Target]:
    """The active endpoints that subscribe to such an event of an integration."""
    rows = await conn.fetch(WANTING, integration_id, only)
    targets = [
        Target(
            id=row["id"],
            integration_id=row["integration_id"],
            events=frozenset(row["events"]),
            data_types=frozenset(row["data_types"]),
        )
        for row in rows
    ]
    return [target for target in targets if target.wants(event_type, data_type)]
