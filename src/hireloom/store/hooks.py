"""Subscriptions to vendors' webhooks: under which address they come, and how they are known."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from hireloom.store.pool import Connection
from hireloom.store.seal import Key

SEALED = "subscriptions.secrets"


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    integration_id: str
    token: str  # the last part of the address; the signature, not this, says who sent it
    happenings: list[str]
    secrets: dict[str, str]  # by the vendor's event; "" for all of them
    registered: dict[str, str]  # by the vendor's event: the id of what was registered by API
    created_at: datetime
    updated_at: datetime
    last_heard_at: datetime | None

    def __repr__(self) -> str:
        return f"Subscription({self.integration_id})"


GET = "select * from subscriptions where integration_id = $1"


async def get(conn: Connection, key: Key, integration_id: str) -> Subscription | None:
    """`key` is the integration's data key."""
    row = await conn.fetchrow(GET, integration_id)
    return None if row is None else _of(row, key)


def _of(row: Mapping[str, Any], key: Key) -> Subscription:
    secrets = key.open(row["integration_id"], SEALED, row["secrets"])
    values = {name: row[name] for name in Subscription.__struct_fields__}
    return Subscription(**{**values, "secrets": msgspec.json.decode(secrets)})


PUT = """
insert into subscriptions (integration_id, token, happenings, secrets, registered)
values ($1, $2, $3, $4, $5)
on conflict (integration_id) do update
   set happenings = excluded.happenings, secrets = excluded.secrets,
       registered = excluded.registered, updated_at = now()
returning *
"""


async def put(
    conn: Connection,
    key: Key,
    integration_id: str,
    *,
    token: str,
    happenings: Sequence[str],
    secrets: Mapping[str, str],
    registered: Mapping[str, str],
) -> Subscription:
    """Keep a subscription; the address of one that is there stays as it is."""
    sealed = key.seal(integration_id, SEALED, msgspec.json.encode(secrets))
    row = await conn.fetchrow(
        PUT, integration_id, token, list(happenings), sealed, dict(registered)
    )
    return _of(row, key)


LOCK = "select pg_advisory_xact_lock(hashtextextended('subscriptions ' || $1, 0))"


async def lock(conn: Connection, integration_id: str) -> None:
    """One at a time changes the subscription of an account, until the transaction ends."""
    await conn.execute(LOCK, integration_id)


DELETE = "delete from subscriptions where integration_id = $1"


async def delete(conn: Connection, integration_id: str) -> None:
    await conn.execute(DELETE, integration_id)


HEAR = """
insert into heard (integration_id, hook_id) values ($1, $2) on conflict do nothing
returning true
"""
HEARD = "update subscriptions set last_heard_at = now() where integration_id = $1"


async def hear(conn: Connection, integration_id: str, hook_id: bytes) -> bool:
    """Note a webhook; False where it came before."""
    await conn.execute(HEARD, integration_id)
    return bool(await conn.fetchval(HEAR, integration_id, hook_id))


TIDY = "delete from heard where at < now() - interval '7 days'"


async def tidy(conn: Connection) -> None:
    """Forget which webhooks came: no vendor repeats one after a week."""
    await conn.execute(TIDY)
