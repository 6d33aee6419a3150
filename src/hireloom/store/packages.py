"""Packages: the tests that can be ordered, by one account or by all."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from hireloom.store.pool import Connection


class Package(msgspec.Struct, frozen=True, kw_only=True):
    integration_id: str  # empty: offered to all accounts
    package_id: str
    name: str
    description: str
    assessment_type: str
    expires_after_days: int | None
    withdrawn_at: datetime | None
    created_at: datetime
    updated_at: datetime


class NewPackage(msgspec.Struct, frozen=True, kw_only=True):
    integration_id: str
    package_id: str
    name: str
    description: str = ""
    assessment_type: str = ""
    expires_after_days: int | None = None


PUT = """
insert into assessment_packages (
    integration_id, package_id, name, description, assessment_type, expires_after_days
) values ($1, $2, $3, $4, $5, $6)
on conflict (integration_id, package_id) do update
   set name = excluded.name, description = excluded.description,
       assessment_type = excluded.assessment_type,
       expires_after_days = excluded.expires_after_days, withdrawn_at = null, updated_at = now()
returning *
"""


async def put(conn: Connection, new: NewPackage) -> Package:
    """Offer it, anew where it was withdrawn, as it is given now."""
    return _found(await conn.fetchrow(PUT, *msgspec.structs.astuple(new)))


def _found(row: Mapping[str, Any]) -> Package:
    return Package(**row)


WITHDRAW = """
update assessment_packages
   set withdrawn_at = coalesce(withdrawn_at, now()),
       updated_at = case when withdrawn_at is null then now() else updated_at end
 where integration_id = $1 and package_id = $2
returning *
"""


async def withdraw(conn: Connection, integration_id: str, package_id: str) -> Package | None:
    """Offer it no longer; None where there is none."""
    row = await conn.fetchrow(WITHDRAW, integration_id, package_id)
    return None if row is None else _found(row)


# An account's own stands before the one of the same id that is for all.
OF_ACCOUNT = """
select distinct on (package_id) * from assessment_packages
 where integration_id in ('', $1) and ($2::text is null or package_id = $2)
 order by package_id, integration_id desc
"""


async def of_account(conn: Connection, integration_id: str) -> list[Package]:
    """What an account can order, or could once, by id; of those for all with an empty id."""
    return [_found(row) for row in await conn.fetch(OF_ACCOUNT, integration_id, None)]


async def find(conn: Connection, integration_id: str, package_id: str) -> Package | None:
    """The package that an account means by an id."""
    row = await conn.fetchrow(OF_ACCOUNT, integration_id, package_id)
    return None if row is None else _found(row)
