"""Connections: what they carry over, and why there is none."""

import asyncio
import socket
import ssl
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from hireloom.store.pool import connect_pool, refuse_old_server, unavailable
from hireloom.store.problems import DatabaseUnavailableError


@pytest.mark.parametrize("value", [{"a": [1, None, "ü"]}, [], "text", 1.5, True])
async def test_jsonb_carries_any_value(conn: asyncpg.Connection, value: Any) -> None:
    assert await conn.fetchval("select $1::jsonb", value) == value


async def test_jsonb_takes_what_msgspec_can_write(conn: asyncpg.Connection) -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)

    assert await conn.fetchval("select $1::jsonb", {"at": at}) == {"at": "2026-11-21T00:00:00Z"}


async def test_a_connection_says_who_it_is_and_does_not_wait_for_ever(
    conn: asyncpg.Connection,
) -> None:
    assert await conn.fetchval("show application_name") == "hireloom"
    assert await conn.fetchval("show statement_timeout") == "1min"
    assert await conn.fetchval("show timezone") == "UTC"


async def test_a_transaction_that_was_cut_off_is_rolled_back(database: str) -> None:
    pool = await connect_pool(database, size=1)
    written = asyncio.Event()

    async def work() -> None:
        async with pool.acquire() as conn, conn.transaction():
            await conn.execute("insert into budgets values ('int_1', 'calls', '')")
            written.set()
            await asyncio.Event().wait()

    cut_off = asyncio.create_task(work())
    await written.wait()
    cut_off.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cut_off

    assert await pool.fetchval("select count(*) from budgets") == 0
    await pool.close()


async def test_where_nothing_listens_the_error_says_so(free_port: int) -> None:
    url = f"postgresql://me:topsecret@127.0.0.1:{free_port}/x"

    with pytest.raises(DatabaseUnavailableError, match="Nothing listens") as caught:
        await connect_pool(url)

    assert "topsecret" not in str(caught.value)


async def test_a_database_that_is_missing_is_named_as_the_cause(database: str) -> None:
    with pytest.raises(DatabaseUnavailableError, match="does not exist"):
        await connect_pool(database.replace("/test_", "/missing_"))


async def test_a_user_that_is_unknown_is_named_as_the_cause(database: str) -> None:
    with pytest.raises(DatabaseUnavailableError, match="user or password"):
        await connect_pool(database.replace("//postgres@", "//nobody@"))


async def test_an_old_server_is_refused(conn: asyncpg.Connection) -> None:
    class Old:
        def get_server_version(self) -> Any:
            return conn.get_server_version()._replace(major=13)

    refuse_old_server(conn)
    with pytest.raises(DatabaseUnavailableError, match="PostgreSQL 13; Hireloom needs 14"):
        refuse_old_server(Old())


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TimeoutError(), "does not answer"),
        (socket.gaierror(), "host name"),
        (ssl.SSLError(), "encrypted"),
        (ConnectionRefusedError(), "Nothing listens"),
        (asyncpg.TooManyConnectionsError("x"), "no more connections"),
        (asyncpg.CannotConnectNowError("x"), "starting up"),
        (asyncpg.InsufficientPrivilegeError("denied"), "denied"),
        (ValueError("topsecret"), "not an address"),
    ],
)
def test_each_failure_has_its_own_words(error: Exception, words: str) -> None:
    found = unavailable(error)

    assert words in found.what
    assert found.todo
    assert "topsecret" not in str(found)
