"""Senders: one per webhook at a time, by a lease in its row; no connection is held meanwhile."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from hireloom.store.pool import Connection
from hireloom.store.seal import OURS, Key
from hireloom.store.webhooks import purpose

LEASE = timedelta(seconds=8)  # as long as the letters of a killed sender wait


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook as its sender needs it."""

    id: str
    integration_id: str
    url: str
    batch_size: int
    compatibility: str | None
    state: Literal["active", "disabled"]
    failing_since: datetime | None
    failures: int
    pause: float  # seconds until it is asked again; 0: now
    secret: bytes  # sealed, as the one before
    previous_secret: bytes | None

    def open_secrets(self, own_key: Key) -> tuple[str, ...]:
        """The secrets to sign with, the current one first."""
        sealed = (self.secret, self.previous_secret)
        return tuple(
            own_key.open(OURS, purpose(self.id), one).decode() for one in sealed if one is not None
        )


FIND = """
select id, integration_id, url, batch_size, compatibility, state, failing_since, failures,
       greatest(0, coalesce(extract(epoch from paused_until - now()), 0))::float8 as pause,
       secret, case when previous_until > now() then previous_secret end as previous_secret
  from webhooks where id = $1
"""


async def find(conn: Connection, webhook_id: str) -> Endpoint | None:
    row = await conn.fetchrow(FIND, webhook_id)
    return None if row is None else Endpoint(**row)


TAKE = """
update webhooks set lease_holder = $2, lease_until = now() + $3::interval
 where id = $1 and state = 'active' and (lease_until is null or lease_until < now())
returning id, integration_id, url, batch_size, compatibility, state, failing_since, failures,
          greatest(0, coalesce(extract(epoch from paused_until - now()), 0))::float8 as pause,
          secret, case when previous_until > now() then previous_secret end as previous_secret
"""


async def take(conn: Connection, webhook_id: str, holder: str) -> Endpoint | None:
    """Become the one sender, unless another one is, or there is nobody to send to."""
    row = await conn.fetchrow(TAKE, webhook_id, holder, LEASE)
    return None if row is None else Endpoint(**row)


HELD = """
select lease_until - now() from webhooks
 where id = $1 and state = 'active' and lease_until is not null
"""


async def held_for(conn: Connection, webhook_id: str) -> timedelta | None:
    """How long another sender's lease lasts if it is not renewed."""
    left: timedelta | None = await conn.fetchval(HELD, webhook_id)
    return left


RENEW = """
update webhooks set lease_until = now() + $3::interval
 where id = $1 and lease_holder = $2 and state = 'active'
returning id, integration_id, url, batch_size, compatibility, state, failing_since, failures,
          greatest(0, coalesce(extract(epoch from paused_until - now()), 0))::float8 as pause,
          secret, case when previous_until > now() then previous_secret end as previous_secret
"""


async def renew(conn: Connection, webhook_id: str, holder: str) -> Endpoint | None:
    """Stay the sender, with the endpoint as it is by now; None where it is over."""
    row = await conn.fetchrow(RENEW, webhook_id, holder, LEASE)
    return None if row is None else Endpoint(**row)


RELEASE = """
update webhooks set lease_holder = null, lease_until = null where id = $1 and lease_holder = $2
"""


async def release(conn: Connection, webhook_id: str, holder: str) -> None:
    await conn.execute(RELEASE, webhook_id, holder)


DELIVERED = """
update webhooks
   set failing_since = null, failures = 0, paused_until = null, last_delivered_at = now()
 where id = $1
"""


async def delivered(conn: Connection, webhook_id: str) -> None:
    """It acknowledged something: what was noted of failures is over."""
    await conn.execute(DELIVERED, webhook_id)


FAILED = """
update webhooks
   set failing_since = coalesce(failing_since, now()), failures = $2,
       paused_until = case when $3::float8 > 0 then now() + make_interval(secs => $3) end
 where id = $1
returning failing_since
"""


async def failed(conn: Connection, webhook_id: str, failures: int, pause: float) -> datetime | None:
    """It acknowledged nothing of what it was sent; returns since when that is so."""
    since: datetime | None = await conn.fetchval(FAILED, webhook_id, failures, pause)
    return since


DISABLE = """
update webhooks set state = 'disabled', disabled_at = now(), disabled_because = $2
 where id = $1 and state = 'active'
returning true
"""


async def disable(conn: Connection, webhook_id: str, because: str) -> bool:
    """Send nothing more to it; whether it was active."""
    return bool(await conn.fetchval(DISABLE, webhook_id, because))
