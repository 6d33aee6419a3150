"""Credentials of integrations: sealed, versioned, refreshed by one process at a time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from hireloom.errors import ConflictError, IntegrationNotFoundError
from hireloom.store.integrations import SEALED_CREDENTIALS, Integration
from hireloom.store.pool import Connection
from hireloom.store.seal import Key, Vault


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """An integration, its credentials in plain, and the key that seals what belongs to it."""

    integration: Integration
    credentials: bytes  # as they were given to `save`
    data_key: Key
    capture_id: str | None = None  # of the capture of its calls that is on
    capture_seconds: float = 0.0  # until that one ends

    def __repr__(self) -> str:
        return f"Opened({self.integration.id})"


OPEN = """
select integrations.id, connector, category, origin_org_id, origin_org_name, settings, state,
       test_account, permissions, refused, credentials_version, connected_at,
       created_at, updated_at, deactivated_at, verified_at, credentials, wrapped,
       captures.id as capture_id, extract(epoch from ends_at - now())::float8 as capture_seconds
  from integrations join integration_keys on integration_keys.integration_id = integrations.id
  left join captures on captures.integration_id = integrations.id and ends_at > now()
 where integrations.id = $1
"""


async def opened(conn: Connection, vault: Vault, integration_id: str) -> Opened:
    """All that a call on behalf of an integration needs, in one query.

    Raises IntegrationNotFoundError, SealBrokenError.
    """
    row = await conn.fetchrow(OPEN, integration_id)
    if row is None:
        raise IntegrationNotFoundError("There is no integration with this id.")
    values = dict(row)
    sealed, wrapped = values.pop("credentials"), values.pop("wrapped")
    capture_id, capture_seconds = values.pop("capture_id"), values.pop("capture_seconds")
    data_key = vault.unwrap(integration_id, wrapped)
    return Opened(
        integration=Integration(**values),
        credentials=vault.open(integration_id, SEALED_CREDENTIALS, sealed, data_key),
        data_key=data_key,
        capture_id=capture_id,
        capture_seconds=capture_seconds or 0.0,
    )


SAVE = """
update integrations
   set credentials = $2, credentials_version = credentials_version + 1, updated_at = now(),
       connected_at = case when $4 then now() else connected_at end,
       state = case when state = 'credentials_invalid' then 'active' else state end
 where id = $1 and credentials_version = $3
returning credentials_version
"""


async def save(
    conn: Connection,
    vault: Vault,
    data_key: Key,
    integration_id: str,
    credentials: bytes,
    *,
    version: int,
    entered: bool = False,
) -> int:
    """Replace the credentials of this version; return the new version. `entered`: by a person.

    An integration whose credentials had stopped working is active again. Raises ConflictError
    where somebody else has replaced them since they were read, or deleted the integration.
    """
    sealed = vault.seal(integration_id, SEALED_CREDENTIALS, credentials, data_key)
    saved: int | None = await conn.fetchval(SAVE, integration_id, sealed, version, entered)
    if saved is None:
        raise ConflictError("The credentials were changed by somebody else meanwhile.")
    return saved


LOCK = "select pg_advisory_xact_lock(hashtextextended('credentials ' || $1, 0))"


@asynccontextmanager
async def locked(conn: Connection, integration_id: str) -> AsyncIterator[None]:
    """Be the only one, across all processes, who refreshes these credentials.

    Read them again inside: whoever held the lock before may have refreshed them already. This is
    a transaction of its own, committed at the end, and it keeps no row locked while the vendor
    takes its time; the connection must be outside a transaction.
    """
    async with conn.transaction():
        await conn.execute(LOCK, integration_id)
        yield
