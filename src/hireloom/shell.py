"""What the commands share: where they print, how they give up, their settings and database."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg
from rich.console import Console

from hireloom.settings import Settings

T = TypeVar("T")

# Without markup: what is printed may hold brackets of its own.
out = Console(highlight=False, markup=False, emoji=False)
err = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


def stop(what: str, todo: str = "") -> None:
    err.print(what, style="bold red")
    if todo:
        err.print(todo)
    sys.exit(1)


def settings() -> Settings:
    from hireloom import logs

    read = Settings.read(os.environ)
    logs.configure(read)
    return read


def with_database(act: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
    """Run something on a connection to a database that is up to date."""
    from hireloom.store import migrate as migrations
    from hireloom.store import pool

    async def run() -> T:
        url = await pool.find_server(settings())
        await migrations.migrate(url)
        connection = await pool.connect(url)
        try:
            return await act(connection)
        finally:
            await connection.close()

    return asyncio.run(run())
