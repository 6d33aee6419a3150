"""Migrations: complete, repeatable, one process at a time, never backwards."""

import asyncio
import sys

import pytest

from hireloom.store import migrate
from hireloom.store.pool import connect, connect_pool
from hireloom.store.problems import DatabaseNewerError

MIGRATE = """
import asyncio, sys
from hireloom.store import migrate
print(asyncio.run(migrate.migrate(sys.argv[1])))
"""


async def test_an_empty_database_gets_every_revision(empty_database: str) -> None:
    pool = await connect_pool(empty_database)
    assert await migrate.pending(pool) == migrate.known()

    applied = await migrate.migrate(empty_database)

    assert applied == migrate.known()
    assert await migrate.pending(pool) == []
    assert await migrate.migrate(empty_database) == []
    await pool.close()


async def test_two_processes_that_migrate_at_once_both_succeed(empty_database: str) -> None:
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", MIGRATE, empty_database, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(3)
    ]

    answers = [(await process.communicate())[0].decode().strip() for process in started]

    assert [process.returncode for process in started] == [0, 0, 0]
    assert sorted(answers, key=len) == ["[]", "[]", str(migrate.known())]


async def test_a_database_newer_than_the_code_is_refused(database: str) -> None:
    pool = await connect_pool(database)
    await pool.execute("update alembic_version set version_num = '9999'")

    with pytest.raises(DatabaseNewerError, match=r"revision 9999.*newer"):
        await migrate.migrate(database)
    with pytest.raises(DatabaseNewerError):
        await migrate.pending(pool)

    await pool.close()


async def test_a_migration_that_fails_leaves_nothing_behind(empty_database: str) -> None:
    conn = await connect(empty_database)
    await conn.execute("create table connect_sessions (mine text)")  # in the way of the last ones

    with pytest.raises(Exception, match="connect_sessions"):
        await migrate.migrate(empty_database)

    assert await conn.fetchval("select to_regclass('api_keys')") is None
    await conn.execute("drop table connect_sessions")
    await conn.close()
    assert await migrate.migrate(empty_database) == migrate.known()


async def test_each_table_of_integrations_starts_its_keys_with_the_integration(
    database: str,
) -> None:
    conn = await connect(database)
    rows = await conn.fetch(
        """
        select distinct relname, attname
          from pg_index
          join pg_class on pg_class.oid = indrelid
          join pg_attribute on attrelid = indrelid and attnum = indkey[0]
         where indisprimary and relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
           and exists (select from pg_attribute as other
                        where other.attrelid = indrelid and other.attname = 'integration_id')
        """
    )
    await conn.close()

    assert {row["relname"] for row in rows} >= {"integration_keys", "idempotency", "calls"}
    assert {row["attname"] for row in rows} == {"integration_id"}
