"""Field mapping: what the user declared, and which custom field of an account holds each.

Ids, keys and labels only; never a value.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from hireloom.errors import ConflictError, ResourceNotFoundError
from hireloom.models import MappingFieldDraft
from hireloom.store.pool import Connection


class DeclaredField(msgspec.Struct, frozen=True, kw_only=True):
    """`app_ids` empty: of every vendor."""

    key: str
    label: str
    description: str
    owner: str
    app_ids: list[str]
    created_at: datetime
    updated_at: datetime

    def fits(self, connector: str) -> bool:
        return not self.app_ids or connector in self.app_ids


class FieldMapping(msgspec.Struct, frozen=True, kw_only=True):
    """The custom field as it was when it was last looked at; `is_there`: whether it still was."""

    field_key: str
    custom_field_id: str
    custom_field_key: str
    label: str
    type: str
    is_there: bool
    checked_at: datetime


class MappedField(msgspec.Struct, frozen=True, kw_only=True):
    """A custom field to be mapped."""

    id: str
    key: str
    label: str
    type: str


class AccountRow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    connector: str
    origin_org_id: str
    origin_org_name: str
    declared: int
    mapped: int
    gone: int  # of those mapped, whose custom field was deleted


# Declared fields.

FIELDS = """
select key, label, description, owner, app_ids, created_at, updated_at from mapping_fields
 order by owner, lower(label), key
"""


async def fields(conn: Connection) -> list[DeclaredField]:
    return [DeclaredField(**row) for row in await conn.fetch(FIELDS)]


LOCK_FIELD = """
select key, label, description, owner, app_ids, created_at, updated_at from mapping_fields
 where key = $1 for update
"""


async def lock_field(conn: Connection, key: str) -> DeclaredField | None:
    """A declared field, which nobody else changes or maps until the transaction ends."""
    row = await conn.fetchrow(LOCK_FIELD, key)
    return None if row is None else DeclaredField(**row)


PUT_FIELD = """
insert into mapping_fields (key, label, description, owner, app_ids) values ($1, $2, $3, $4, $5)
on conflict (key)
do update set label = $2, description = $3, owner = $4, app_ids = $5, updated_at = now()
returning key, label, description, owner, app_ids, created_at, updated_at
"""


async def put_field(conn: Connection, draft: MappingFieldDraft) -> DeclaredField:
    row = await conn.fetchrow(
        PUT_FIELD, draft.key, draft.label, draft.description, draft.owner,
        sorted(set(draft.app_ids)),
    )  # fmt: skip
    return DeclaredField(**row)


DELETE_FIELD = "delete from mapping_fields where key = $1"


async def delete_field(conn: Connection, key: str) -> None:
    """With its mappings at all accounts."""
    await conn.execute(DELETE_FIELD, key)


# Mappings.

OF_ACCOUNT = """
select field_key, custom_field_id, custom_field_key, label, type, is_there, checked_at
  from mappings where integration_id = $1
"""


async def of_account(conn: Connection, integration_id: str) -> dict[str, FieldMapping]:
    """By declared key."""
    rows = await conn.fetch(OF_ACCOUNT, integration_id)
    return {row["field_key"]: FieldMapping(**row) for row in rows}


IN_FORCE = """
select owner, field_key, custom_field_key
  from mappings join mapping_fields on key = field_key
 where integration_id = $1 order by field_key
"""


async def in_force(conn: Connection, integration_id: str) -> list[tuple[str, str, str]]:
    """Owner, declared key, and the name that its custom field has in records."""
    return [tuple(row) for row in await conn.fetch(IN_FORCE, integration_id)]


PUT = """
insert into mappings (
    integration_id, field_key, custom_field_id, custom_field_key, label, type
)
select $1, key, $4, $5, $6, $7 from mapping_fields where key = $2 and owner = $3 for share
on conflict (integration_id, field_key)
do update set custom_field_id = $4, custom_field_key = $5, label = $6, type = $7, is_there = true,
              checked_at = now()
returning field_key
"""


async def put(conn: Connection, integration_id: str, field: DeclaredField, to: MappedField) -> None:
    """Raises ConflictError where the declared field was changed or deleted meanwhile."""
    kept = await conn.fetchval(
        PUT, integration_id, field.key, field.owner, to.id, to.key, to.label, to.type
    )
    if kept is None:
        raise ConflictError(f"The declared field '{field.key}' was changed just now")


CLEAR = "delete from mappings where integration_id = $1 and field_key = $2"


async def clear(conn: Connection, integration_id: str, key: str) -> None:
    await conn.execute(CLEAR, integration_id, key)


MAPPED_AT = """
select integration_id, connector
  from mappings join integrations on id = integration_id
 where field_key = $1 order by integration_id
"""


async def mapped_at(conn: Connection, key: str) -> list[tuple[str, str]]:
    """The accounts that map a declared field, each with its connector."""
    return [tuple(row) for row in await conn.fetch(MAPPED_AT, key)]


CHECK = """
update mappings
   set is_there = custom_field_id = any ($2), checked_at = now()
 where integration_id = $1
"""


async def checked(conn: Connection, integration_id: str, there: Sequence[str]) -> None:
    """Note which custom fields the vendor listed just now."""
    await conn.execute(CHECK, integration_id, list(there))


COUNTS = "select field_key, count(*) from mappings group by field_key"


async def counts(conn: Connection) -> dict[str, int]:
    """At how many accounts each declared field is mapped."""
    return dict(await conn.fetch(COUNTS))


ACCOUNTS = """
select id, connector, origin_org_id, origin_org_name,
       (select count(*) from mapping_fields
         where app_ids = '{}' or connector = any (app_ids)) as declared,
       (select count(*) from mappings where integration_id = id) as mapped,
       (select count(*) from mappings where integration_id = id and not is_there) as gone
  from integrations
 where state <> 'deactivated' and (lower(origin_org_name), id) > ($1, $2)
 order by lower(origin_org_name), id limit $3
"""


async def accounts(
    conn: Connection, *, after: tuple[str, str] = ("", ""), size: int
) -> list[AccountRow]:
    """Accounts by their organisation's name, and how far each is mapped."""
    return [AccountRow(**row) for row in await conn.fetch(ACCOUNTS, *after, size)]


def unknown(key: str) -> ResourceNotFoundError:
    return ResourceNotFoundError(
        f"There is no declared field '{key}'", hint="See mapping.field.list for those there are."
    )
