"""Databases that go away, for tests: servers of one's own, killed and watched with a deadline."""

import asyncio
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from hireloom.store import embedded
from hireloom.store.pool import is_lost

PATIENCE = 120.0


@contextmanager
def a_home() -> Iterator[Path]:
    """A folder with a short path, because a socket lies there; no server is left in it."""
    home = Path(tempfile.mkdtemp(prefix="hl-"))
    try:
        yield home
    finally:
        embedded.Server(home).release()  # stops what a failed test left running
        shutil.rmtree(home)


def postmaster(home: Path) -> int:
    return int((home / "postgres" / "postmaster.pid").read_text().split()[0])


def kill(home: Path) -> None:
    os.kill(postmaster(home), signal.SIGKILL)


def is_stopped(home: Path) -> bool:
    return not (home / "postgres" / "postmaster.pid").exists()


def starts(home: Path) -> int:
    """How often this server was started."""
    return (home / "postgres" / "log").read_text().count("starting PostgreSQL")


async def until(holds: Callable[[], bool | Awaitable[bool]]) -> None:
    """Look until it holds, for a while."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        found = holds()
        if found if isinstance(found, bool) else await found:
            return
        await asyncio.sleep(0.02)
    raise TimeoutError("it did not come to hold in time")


async def works(pool: asyncpg.Pool) -> bool:
    """Whether the pool gives working connections; what fails must fail as a lost database does."""
    try:
        return bool(await pool.fetchval("select 1") == 1)
    except Exception as error:
        if is_lost(error):
            return False
        raise
