"""The audit: who did what, newest first."""

from asyncpg import Connection

from hireloom.store import audit


async def test_entries_are_read_newest_first_by_page_and_integration(conn: Connection) -> None:
    await audit.add(conn, "cli", "keys.create", detail={"scopes": ["read"]})
    for number in range(3):
        action = f"integration.act{number}"
        await audit.add(conn, "key:key_1", action, integration_id="int_1")

    first = await audit.page(conn, size=2)
    rest = await audit.page(conn, before=first[-1].id, size=2)

    assert [entry.action for entry in first + rest] == [
        "integration.act2", "integration.act1", "integration.act0", "keys.create",
    ]  # fmt: skip
    assert rest[-1].detail == {"scopes": ["read"]}
    assert rest[-1].integration_id == ""
    assert len(await audit.page(conn, integration_id="int_1")) == 3
    assert await audit.page(conn, integration_id="int_2") == []
