"""Subscriptions to vendors' webhooks: under which address they come, and how they are known."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from hireloom.store.pool import Connection
from hireloom.store.seal import Key

SEALED = "subscriptions.secrets"
LEASE = timedelta(minutes=2)  # longer than an operation may take


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    integration_id: str
    token: str  # the last part of the address; the signature, not this, says who sent it
    happenings: list[str]
    secrets: dict[str, str]  # by the vendor's event; "" for all of them
    registered: dict[str, str]  # by the vendor's event: the id of what was registered by API
    url: str | None  # the address that those were registered with
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


HOLD = """
insert into subscriptions as held (integration_id, token, happenings, secrets, held_until)
values ($1, $2, '{}', $3, now() + $4::interval)
on conflict (integration_id) do update set held_until = excluded.held_until
 where held.held_until is null or held.held_until < now()
returning *
"""


async def hold(conn: Connection, key: Key, integration_id: str, token: str) -> Subscription | None:
    """One at a time changes the subscription of an account, which is made where there is none.

    None: somebody holds it. It is let go with `release`, and after a while by itself; no connection
    is kept meanwhile, because vendors are asked.
    """
    nothing = key.seal(integration_id, SEALED, b"{}")
    row = await conn.fetchrow(HOLD, integration_id, token, nothing, LEASE)
    return None if row is None else _of(row, key)


KEEP = """
update subscriptions
   set happenings = $2, secrets = $3, registered = $4, url = $5, updated_at = now()
 where integration_id = $1
returning *
"""


async def keep(
    conn: Connection,
    key: Key,
    integration_id: str,
    *,
    happenings: Sequence[str],
    secrets: Mapping[str, str],
    registered: Mapping[str, str],
    url: str | None,
) -> Subscription | None:
    """Keep what is held; None where the account was deleted meanwhile."""
    sealed = key.seal(integration_id, SEALED, msgspec.json.encode(secrets))
    row = await conn.fetchrow(KEEP, integration_id, list(happenings), sealed, dict(registered), url)
    return None if row is None else _of(row, key)


RELEASE = "update subscriptions set held_until = null where integration_id = $1"
DROP_EMPTY = "delete from subscriptions where integration_id = $1 and happenings = '{}'"


async def release(conn: Connection, integration_id: str) -> None:
    """Let go of it; one that listens to nothing is gone then, with its address."""
    await conn.execute(RELEASE, integration_id)
    await conn.execute(DROP_EMPTY, integration_id)


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
