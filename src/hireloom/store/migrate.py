"""Bring the database to the version of this code, one process at a time.

A migration is a file `store/migrations/versions/mNNNN_<what>.py` with plain SQL; NNNN is its
revision, and the order is theirs. All that are missing run in one transaction, under an advisory
lock, so processes that start together wait for the first one and then find nothing to do.
"""

from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

import asyncpg

from hireloom.store import queue
from hireloom.store.pool import Connection, connect
from hireloom.store.problems import DatabaseNewerError

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 0x68_69_72_65_6C_6F_6F_6D  # "hireloom"


def known() -> list[str]:
    """The revisions that this code has, oldest first."""
    return sorted(path.name[1:5] for path in (MIGRATIONS / "versions").glob("m[0-9]*_*.py"))


CURRENT = "select version_num from alembic_version"


async def current(conn: Connection) -> str | None:
    """The revision that the database is at; None for an empty one."""
    try:
        version: str | None = await conn.fetchval(CURRENT)
    except asyncpg.UndefinedTableError:
        return None
    return version


async def pending(pool: asyncpg.Pool) -> list[str]:
    """The revisions that the database lacks; raises DatabaseNewerError."""
    async with pool.acquire() as conn:
        return missing(await current(conn))


def missing(version: str | None) -> list[str]:
    revisions = known()
    if version is None:
        return revisions
    if version not in revisions:
        raise DatabaseNewerError(
            f"The database is at revision {version}; this version of Hireloom knows {revisions[-1]}"
            " and older. A newer Hireloom has used it.",
            "Start that newer version, or restore the backup from before the upgrade.",
        )
    return revisions[revisions.index(version) + 1 :]


async def migrate(dsn: str) -> list[str]:
    """Apply what is missing and return it; raises DatabaseNewerError, DatabaseUnavailableError."""
    version = package_version("pgqueuer")
    conn = await connect(dsn, plain=True)
    try:
        if not missing(await current(conn)) and await queue.is_ready(conn, version):
            return []  # the usual start; alembic takes half a second to import
        await conn.execute("set statement_timeout = 0")
        await conn.execute("select pg_advisory_lock($1)", LOCK)
        todo = missing(await current(conn))
        if todo:
            await _upgrade(dsn)
        await queue.prepare(conn, version)
    finally:
        await conn.close()
    return todo


async def _upgrade(dsn: str) -> None:
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(dsn), poolclass=NullPool
    )
    async with engine.connect() as connection:
        await connection.run_sync(_run_migrations)
        await connection.commit()
    await engine.dispose()


def _run_migrations(connection: Any) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(MIGRATIONS))

    def upgrade(revision: Any, _: Any) -> Any:
        return script._upgrade_revs("head", revision)  # noqa: SLF001 - what alembic's own command does

    with EnvironmentContext(Config(), script, fn=upgrade, destination_rev="head") as environment:
        environment.configure(connection=connection)
        with environment.begin_transaction():
            environment.run_migrations()
