"""Orders, packages and partner access as they are kept: by account, sealed, and gone with it."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from asyncpg import Connection

from hireloom.errors import ResourceNotFoundError
from hireloom.store import integrations, masters, orders, packages, partners
from hireloom.store.integrations import NewIntegration
from hireloom.store.orders import NewOrder
from hireloom.store.packages import NewPackage
from hireloom.store.seal import Key, Vault
from tests.test_nothing_kept import tables

NEW = NewIntegration(
    connector="harbor", category="ats", origin_org_id="org_1", origin_org_name="Initech"
)
CALLBACK = "https://harbor.example/planted"


async def account(conn: Connection, vault: Vault) -> tuple[str, Key]:
    made = await integrations.create(conn, vault, NEW, b"{}")
    return made.id, await masters.data_key(conn, vault, made.id)


def new(
    integration: str, subject: str | None = "application 7", callback: str | None = None
) -> NewOrder:
    return NewOrder(
        integration_id=integration,
        package_id="java",
        subject=subject,
        candidate_id="9",
        application_id="7",
        job_id=None,
        callback=callback,
        expires_at=datetime.now(UTC) + timedelta(days=1),
    )


async def test_an_order_is_known_in_its_own_account_alone(conn: Connection, vault: Vault) -> None:
    (ours, key), (theirs, their_key) = [await account(conn, vault) for _ in range(2)]
    made = await orders.put(conn, key, new(ours))

    assert await orders.get(conn, ours, made.id) == made
    assert await orders.find_open(conn, key, new(ours)) == made
    assert await orders.find_open(conn, their_key, new(theirs)) is None
    with pytest.raises(ResourceNotFoundError):
        await orders.get(conn, theirs, made.id)


async def test_two_open_orders_of_a_test_for_one_subject_cannot_be(
    conn: Connection, vault: Vault
) -> None:
    integration, key = await account(conn, vault)
    first = await orders.put(conn, key, new(integration))

    with pytest.raises(asyncpg.UniqueViolationError):
        await orders.put(conn, key, new(integration))
    await orders.close(conn, first, "CANCELLED", "for the test")
    second = await orders.put(conn, key, new(integration))
    nameless = [await orders.put(conn, key, new(integration, None)) for _ in range(2)]

    assert len({first.id, second.id, *(one.id for one in nameless)}) == 4


async def test_callbacks_are_sealed_and_remembered_once(conn: Connection, vault: Vault) -> None:
    integration, key = await account(conn, vault)
    made = await orders.put(conn, key, new(integration, callback=CALLBACK))
    for callback in (CALLBACK, f"{CALLBACK}/2", f"{CALLBACK}/2"):
        order = await orders.get(conn, integration, made.id)
        await orders.add_callback(conn, key, order, callback)

    order = await orders.get(conn, integration, made.id)
    found = await tables(conn)

    assert order.open_callbacks(key) == (CALLBACK, f"{CALLBACK}/2")
    assert order.times_ordered == 2
    assert not [name for name, text in found.items() if "planted" in text]


async def test_a_result_lies_sealed_and_is_erased_when_the_order_closes(
    conn: Connection, vault: Vault
) -> None:
    integration, key = await account(conn, vault)
    made = await orders.put(conn, key, new(integration))
    await orders.hold_result(conn, key, made, b"planted", "r-1")

    held = await orders.get(conn, integration, made.id)
    before = await tables(conn)
    closed = await orders.close(conn, held, "CANCELLED", "for the test")

    assert held.open_result(key) == b"planted"
    assert not [name for name, text in before.items() if "planted" in text]
    assert closed.open_result(key) is None


async def test_deleting_an_account_leaves_nothing_of_its_orders(
    conn: Connection, vault: Vault
) -> None:
    accounts = [await account(conn, vault) for _ in range(2)]
    for integration, key in accounts:
        await orders.put(conn, key, new(integration, callback=CALLBACK))
        await packages.put(
            conn, NewPackage(integration_id=integration, package_id="java", name="Java")
        )
        await partners.create(conn, key, integration)

    await integrations.delete(conn, vault, accounts[0][0], "test")

    for table in ("assessment_orders", "assessment_packages", "assessment_partners"):
        left = await conn.fetch(f"select integration_id from {table}")  # noqa: S608 – a constant
        assert [row[0] for row in left] == [accounts[1][0]]


async def test_open_orders_are_counted_for_the_package_that_they_are_of(
    conn: Connection, vault: Vault
) -> None:
    (ours, key), (theirs, their_key) = [await account(conn, vault) for _ in range(2)]
    await packages.put(conn, NewPackage(integration_id="", package_id="java", name="Java"))
    await packages.put(conn, NewPackage(integration_id=ours, package_id="java", name="Own"))
    await orders.put(conn, key, new(ours))
    await orders.put(conn, their_key, new(theirs))
    await orders.put(conn, their_key, new(theirs, "application 8"))

    assert await orders.count_open(conn, "", "java") == 2
    assert await orders.count_open(conn, ours, "java") == 1


async def test_a_package_of_an_account_hides_the_one_for_all(
    conn: Connection, vault: Vault
) -> None:
    integration, _ = await account(conn, vault)
    await packages.put(conn, NewPackage(integration_id="", package_id="java", name="Java"))
    await packages.put(conn, NewPackage(integration_id="", package_id="sql", name="SQL"))
    await packages.put(conn, NewPackage(integration_id=integration, package_id="java", name="Own"))
    await packages.withdraw(conn, integration, "java")

    own = await packages.of_account(conn, integration)
    found = await packages.find(conn, integration, "java")

    assert [(one.name, one.withdrawn_at is None) for one in own] == [("Own", False), ("SQL", True)]
    assert found is not None
    assert found.withdrawn_at is not None
    assert [one.name for one in await packages.of_account(conn, "")] == ["Java", "SQL"]


async def test_a_key_is_not_kept_readable_and_an_old_one_is_forgotten(
    conn: Connection, vault: Vault
) -> None:
    integration, data_key = await account(conn, vault)
    _, first = await partners.create(conn, data_key, integration)
    access, second = await partners.rotate(conn, data_key, integration)
    found = await tables(conn)
    await conn.execute("update assessment_partners set previous_until = now() - interval '1 s'")
    await partners.forget_previous(conn)
    later = await partners.get(conn, integration)

    assert first is not None
    assert access.accepts(first)
    assert access.accepts(second)
    assert access.open_key(data_key) == first
    assert not [name for name, text in found.items() if first in text or second in text]
    assert later is not None
    assert not later.accepts(first)
    assert not later.accepts("")
    assert later.previous_key is None
    assert later.open_key(data_key) == second
