"""Integrations: one customer's account at one vendor, without its secrets (see `credentials`)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from hireloom.errors import IntegrationNotFoundError
from hireloom.store import audit, masters
from hireloom.store.keys import new_id
from hireloom.store.pool import Connection
from hireloom.store.seal import Vault

State = Literal["active", "deactivated", "credentials_invalid"]

SEALED_CREDENTIALS = "integrations.credentials"


class Integration(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    connector: str
    category: str
    origin_org_id: str
    origin_org_name: str
    settings: dict[str, Any]
    state: State
    test_account: bool
    permissions: dict[str, str]  # operation → the permission that it was found to lack
    refused: list[str]  # those of them that a call was refused for
    credentials_version: int
    connected_at: datetime  # when its credentials were entered; a renewed token changes nothing
    created_at: datetime
    updated_at: datetime
    deactivated_at: datetime | None = None
    verified_at: datetime | None = None


class NewIntegration(msgspec.Struct, frozen=True, kw_only=True):
    connector: str
    category: str
    origin_org_id: str
    origin_org_name: str
    settings: Mapping[str, Any] = {}
    permissions: Mapping[str, str] = {}
    test_account: bool = False


CREATE = """
insert into integrations (
    id, connector, category, origin_org_id, origin_org_name, settings, credentials,
    permissions, test_account, verified_at
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now())
returning id, connector, category, origin_org_id, origin_org_name, settings, state, test_account,
          permissions, refused, credentials_version, connected_at,
       created_at, updated_at, deactivated_at, verified_at
"""


async def create(
    conn: Connection, vault: Vault, new: NewIntegration, credentials: bytes
) -> Integration:
    """Keep an account that was just verified, with a data key of its own."""
    integration_id = new_id("int")
    data_key = await masters.put(conn, vault, integration_id)
    sealed = vault.seal(integration_id, SEALED_CREDENTIALS, credentials, data_key)
    row = await conn.fetchrow(
        CREATE, integration_id, new.connector, new.category, new.origin_org_id,
        new.origin_org_name, new.settings, sealed, new.permissions, new.test_account,
    )  # fmt: skip
    return Integration(**row)


GET = """
select id, connector, category, origin_org_id, origin_org_name, settings, state, test_account,
       permissions, refused, credentials_version, connected_at,
       created_at, updated_at, deactivated_at, verified_at
  from integrations where id = $1
"""


async def get(conn: Connection, integration_id: str) -> Integration:
    """Raises IntegrationNotFoundError."""
    return found(await conn.fetchrow(GET, integration_id))


def found(row: Mapping[str, Any] | None) -> Integration:
    if row is None:
        raise IntegrationNotFoundError("There is no integration with this id.")
    return Integration(**row)


PAGE = """
select id, connector, category, origin_org_id, origin_org_name, settings, state, test_account,
       permissions, refused, credentials_version, connected_at,
       created_at, updated_at, deactivated_at, verified_at
  from integrations
 where id > $1 and ($2::text is null or origin_org_id = $2)
   and ($3::text is null or connector = $3)
 order by id limit $4
"""


async def page(
    conn: Connection,
    *,
    origin_org_id: str | None = None,
    connector: str | None = None,
    after: str = "",
    size: int = 100,
) -> list[Integration]:
    """Integrations by id, of one organisation or of all; go on after the last id."""
    rows = await conn.fetch(PAGE, after, origin_org_id, connector, size)
    return [Integration(**row) for row in rows]


SET_STATE = """
update integrations
   set state = $2, updated_at = now(),
       deactivated_at = case when $2 = 'deactivated' then coalesce(deactivated_at, now()) end
 where id = $1 and ($3::text is null or state = $3)
returning id, connector, category, origin_org_id, origin_org_name, settings, state, test_account,
          permissions, refused, credentials_version, connected_at,
       created_at, updated_at, deactivated_at, verified_at
"""


async def set_state(conn: Connection, integration_id: str, state: State) -> Integration:
    """Raises IntegrationNotFoundError."""
    return found(await conn.fetchrow(SET_STATE, integration_id, state, None))


async def turn(conn: Connection, integration_id: str, before: State, after: State) -> bool:
    """Change the state if it is still the one before: somebody may have deactivated it since."""
    return await conn.fetchrow(SET_STATE, integration_id, after, before) is not None


LACKS = """
update integrations
   set permissions = permissions || jsonb_build_object($2::text, $3::text),
       refused = array_append(array_remove(refused, $2), $2), updated_at = now()
 where id = $1
"""


async def lacks(conn: Connection, integration_id: str, operation: str, permission: str) -> None:
    """Note the permission for want of which a call of an operation was refused."""
    await conn.execute(LACKS, integration_id, operation, permission)


HAS = """
update integrations
   set permissions = permissions - $2::text, refused = array_remove(refused, $2)
 where id = $1
"""


async def has(conn: Connection, integration_id: str, operation: str) -> None:
    """The operation worked: what was noted of it is over."""
    await conn.execute(HAS, integration_id, operation)


UPDATE = """
update integrations
   set settings = coalesce($2, settings), permissions = coalesce($3, permissions),
       refused = array(
           select operation from unnest(refused) as operation
            where coalesce($3, permissions) ? operation
       ),
       origin_org_name = coalesce($4, origin_org_name),
       verified_at = case when $5 then now() else verified_at end, updated_at = now()
 where id = $1
returning id, connector, category, origin_org_id, origin_org_name, settings, state, test_account,
          permissions, refused, credentials_version, connected_at,
       created_at, updated_at, deactivated_at, verified_at
"""


async def update(
    conn: Connection,
    integration_id: str,
    *,
    settings: Mapping[str, Any] | None = None,
    permissions: Mapping[str, str] | None = None,
    origin_org_name: str | None = None,
    verified: bool = False,
) -> Integration:
    """Change what is given, keep the rest; raises IntegrationNotFoundError."""
    row = await conn.fetchrow(
        UPDATE, integration_id, settings, permissions, origin_org_name, verified
    )
    return found(row)


DESTROY_KEY = "delete from integration_keys where integration_id = $1"
ERASE = "select integration_erase($1)"
DELETE = "delete from integrations where id = $1 returning connector"


async def delete(conn: Connection, vault: Vault, integration_id: str, actor: str) -> None:
    """Destroy the key, then all that it sealed and all else but the audit.

    The account's own row goes first, so that whoever is writing about it (`hold`) either ends
    before or finds it gone. Raises IntegrationNotFoundError.
    """
    await conn.execute(DESTROY_KEY, integration_id)
    connector = await conn.fetchval(DELETE, integration_id)
    if connector is None:
        raise IntegrationNotFoundError("There is no integration with this id.")
    await conn.execute(ERASE, integration_id)
    vault.forget(integration_id)
    detail = {"connector": connector}
    await audit.add(conn, actor, "integration.delete", integration_id=integration_id, detail=detail)


HOLD = "select from integrations where id = $1 for key share"


async def hold(conn: Connection, integration_id: str) -> None:
    """Let nobody delete it until the transaction ends; raises IntegrationNotFoundError."""
    if await conn.fetchrow(HOLD, integration_id) is None:
        raise IntegrationNotFoundError("There is no integration with this id.")


ALONE = "select pg_advisory_xact_lock(hashtextextended('connect ' || $1, 0))"


async def alone(conn: Connection, what: str) -> None:
    """Let nobody else connect the same until the transaction ends."""
    await conn.execute(ALONE, what)


# What was on its way while somebody deleted it: a line of the log, a delivery's end.
ERASE_LATECOMERS = """
select integration_erase(integration_id)
  from (select distinct integration_id from audit
         where action = 'integration.delete' and at > now() - $1::interval) as deleted
 where not exists (select from integrations where id = integration_id)
"""


async def erase_latecomers(conn: Connection, since: timedelta) -> None:
    """Erase once more what belongs to accounts that were deleted lately."""
    await conn.execute(ERASE_LATECOMERS, since)
