"""Integrations: kept, listed, changed, and deleted so that only the audit is left."""

from datetime import UTC, datetime

import pytest
from asyncpg import Connection

from hireloom.errors import IntegrationNotFoundError
from hireloom.store import audit, budgets, calls, idempotency, integrations, masters
from hireloom.store.integrations import NewIntegration
from hireloom.store.seal import Vault

NEW = NewIntegration(
    connector="harbor",
    category="ats",
    origin_org_id="org_1",
    origin_org_name="Initech",
    settings={"region": "eu"},
    permissions={"ats.note.list": "Notes: read"},
    test_account=True,
)


async def test_what_was_created_is_read_back(conn: Connection, vault: Vault) -> None:
    created = await integrations.create(conn, vault, NEW, b"s3cret")

    assert await integrations.get(conn, created.id) == created
    assert created.connector == "harbor"
    assert created.settings == {"region": "eu"}
    assert created.permissions == {"ats.note.list": "Notes: read"}
    assert (created.state, created.test_account) == ("active", True)
    assert created.credentials_version == 1
    assert created.verified_at is not None


async def test_the_credentials_do_not_lie_in_the_row(conn: Connection, vault: Vault) -> None:
    await integrations.create(conn, vault, NEW, b"a long secret")

    kept = await conn.fetchrow("select * from integrations")

    assert b"a long secret" not in kept["credentials"]


async def test_integrations_are_listed_by_page_and_organisation(
    conn: Connection, vault: Vault
) -> None:
    other = NewIntegration(
        connector="quay", category="ats", origin_org_id="org_2", origin_org_name="Globex"
    )
    for new in (NEW, NEW, NEW, other):
        await integrations.create(conn, vault, new, b"")

    first = await integrations.page(conn, size=3)
    rest = await integrations.page(conn, after=first[-1].id, size=3)

    assert len({one.id for one in first + rest}) == 4
    assert len(rest) == 1
    assert len(await integrations.page(conn, origin_org_id="org_1")) == 3
    assert len(await integrations.page(conn, connector="quay")) == 1
    assert await integrations.page(conn, origin_org_id="org_1", connector="quay") == []


async def test_a_state_is_set_and_taken_back(conn: Connection, vault: Vault) -> None:
    created = await integrations.create(conn, vault, NEW, b"")

    deactivated = await integrations.set_state(conn, created.id, "deactivated")
    active = await integrations.set_state(conn, created.id, "active")

    assert deactivated.deactivated_at is not None
    assert (active.state, active.deactivated_at) == ("active", None)


async def test_an_update_changes_only_what_is_given(conn: Connection, vault: Vault) -> None:
    created = await integrations.create(conn, vault, NEW, b"")

    changed = await integrations.update(conn, created.id, permissions={}, verified=True)

    assert changed.permissions == {}
    assert changed.settings == created.settings
    assert changed.origin_org_name == created.origin_org_name
    assert changed.verified_at is not None
    assert created.verified_at is not None
    assert changed.verified_at > created.verified_at


async def test_what_is_unknown_is_not_found(conn: Connection, vault: Vault) -> None:
    with pytest.raises(IntegrationNotFoundError):
        await integrations.get(conn, "int_none")
    with pytest.raises(IntegrationNotFoundError):
        await integrations.set_state(conn, "int_none", "active")
    with pytest.raises(IntegrationNotFoundError):
        await integrations.update(conn, "int_none")
    with pytest.raises(IntegrationNotFoundError):
        await integrations.delete(conn, vault, "int_none", "cli")


TABLES = """
select relname from pg_class
 where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
"""


async def where_it_is_named(conn: Connection, integration_id: str) -> set[str]:
    tables = [row["relname"] for row in await conn.fetch(TABLES)]
    named = "select count(*) from {} as it where it::text like '%' || $1 || '%'"
    return {table for table in tables if await conn.fetchval(named.format(table), integration_id)}


async def test_deleting_leaves_only_the_audit(conn: Connection, vault: Vault) -> None:
    gone = await integrations.create(conn, vault, NEW, b"s3cret")
    kept = await integrations.create(conn, vault, NEW, b"s3cret")
    for integration in (gone, kept):
        await leave_traces(conn, vault, integration.id)
    everywhere = await where_it_is_named(conn, gone.id)
    assert everywhere >= {"integrations", "integration_keys", "budgets", "calls", "idempotency"}

    await integrations.delete(conn, vault, gone.id, "key:key_1")

    assert await where_it_is_named(conn, gone.id) == {"audit"}
    assert await where_it_is_named(conn, kept.id) == everywhere
    entries = await audit.page(conn, integration_id=gone.id)
    assert [(entry.actor, entry.action, entry.detail) for entry in entries] == [
        ("key:key_1", "integration.delete", {"connector": "harbor"})
    ]


async def leave_traces(conn: Connection, vault: Vault, integration_id: str) -> None:
    await budgets.change(conn, integration_id, "calls", lambda _, now: (b"x", now))
    call = calls.Call(
        at=datetime.now(UTC), direction="in", execution_id="exe_1", operation="ats.job.list",
        method="GET", duration_ms=1.5, integration_id=integration_id,
    )  # fmt: skip
    await calls.add(conn, [call])
    attempt = idempotency.Attempt(
        integration_id=integration_id, api_key_id="key_1", method="x", key="k", body=b""
    )
    await idempotency.begin(conn, await masters.data_key(conn, vault, integration_id), attempt)


async def test_a_failed_delete_keeps_everything(conn: Connection, vault: Vault) -> None:
    created = await integrations.create(conn, vault, NEW, b"s3cret")
    await conn.execute("alter table audit add check (action <> 'integration.delete')")

    with pytest.raises(Exception, match="audit"):
        async with conn.transaction():
            await integrations.delete(conn, vault, created.id, "cli")

    assert await masters.data_key(conn, vault, created.id) is not None
    assert await integrations.get(conn, created.id) == created
