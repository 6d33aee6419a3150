"""What the tests share: one PostgreSQL per worker, and for each test a database of its own."""

import itertools
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import httpx
import hypothesis
import pytest
from playwright.async_api import Browser, async_playwright, expect

from hireloom import ports
from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from hireloom.store import embedded, keyfile, masters, migrate
from hireloom.store.pool import connect, connect_pool
from hireloom.store.seal import Vault
from tests.chromium import PATIENCE, USUAL, VARIABLE, found, started
from tests.outage import until
from tests.service import Service, running

NUMBERS = itertools.count()

# Where the tests run in the background, an interrupt is ignored, and so by all that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How quick this machine is just now is nothing that a test is about.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def server() -> Iterator[embedded.Server]:
    """A server that is gone after the run; a short path, because its socket lies there."""
    home = Path(tempfile.mkdtemp(prefix="hl-"))
    server = embedded.Server(home)
    server.hold()
    yield server
    server.release()
    shutil.rmtree(home)


@pytest.fixture(scope="session")
def template(server: embedded.Server) -> str:
    """The name of a database with every migration, to be copied."""
    import asyncio

    async def make() -> None:
        conn = await connect(embedded.address(server.data, "postgres"))
        await conn.execute("alter system set fsync = off")
        await conn.execute("select pg_reload_conf()")
        await conn.execute("create database template_of_tests")
        await migrate.migrate(embedded.address(server.data, "template_of_tests"))
        await emptied(conn, "template_of_tests")
        await conn.close()

    asyncio.run(make())
    return "template_of_tests"


@pytest.fixture
async def empty_database(server: embedded.Server) -> AsyncIterator[str]:
    """The URL of a database without a table."""
    async for url in made(server, "template0"):
        yield url


@pytest.fixture
async def database(server: embedded.Server, template: str) -> AsyncIterator[str]:
    """The URL of a database with every migration and nothing else."""
    async for url in made(server, template):
        yield url


async def made(server: embedded.Server, source: str) -> AsyncIterator[str]:
    name = f"test_{next(NUMBERS)}"
    conn = await connect(embedded.address(server.data, "postgres"))
    await conn.execute(f"create database {name} template {source}")
    yield embedded.address(server.data, name)
    await emptied(conn, name)
    await conn.execute(f"drop database {name} with (force)")
    await conn.close()


LEAVE = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1"


async def emptied(conn: asyncpg.Connection, name: str) -> None:
    """Nobody is in that database any more; PostgreSQL itself waits five seconds for it."""

    async def is_empty() -> bool:
        return not await conn.fetch(LEAVE, name)

    await until(is_empty)


@pytest.fixture
async def pool(database: str) -> AsyncIterator[asyncpg.Pool]:
    pool = await connect_pool(database)
    yield pool
    await pool.close()


@pytest.fixture
async def conn(pool: asyncpg.Pool) -> AsyncIterator[asyncpg.Connection]:
    async with pool.acquire() as conn:
        yield conn


@pytest.fixture
def settings(tmp_path: Path, database: str) -> Settings:
    """A HOME of its own, on this test's database."""
    return Settings(home=tmp_path / "home", database_url=database)


@pytest.fixture
async def vault(pool: asyncpg.Pool, settings: Settings) -> Vault:
    vault = keyfile.open_vault(settings)
    async with pool.acquire() as conn:
        await masters.check_in(conn, vault)
    return vault


@pytest.fixture(scope="session")
def shared_sandbox() -> Iterator[Running]:
    """Small, and without rate limits: those have tests of their own."""
    with Running(size=120, seed=11, limits=False) as sandbox:
        yield sandbox


@pytest.fixture
def vendors(shared_sandbox: Running) -> Running:
    """The sandbox's vendors, as if nobody had called them yet."""
    httpx.post(f"{shared_sandbox.url}/_sandbox/reset", timeout=120)
    httpx.post(f"{shared_sandbox.url}/_sandbox/webhooks", json={"timeout": 120}, timeout=120)
    return shared_sandbox


@pytest.fixture
def free_port() -> Iterator[int]:
    """A port where nobody listens; a server may."""
    with ports.reserved() as port:
        yield port


@pytest.fixture
async def service(settings: Settings, vendors: Running) -> AsyncIterator[Service]:
    """The API as it runs, with the sandbox's vendors plugged in."""
    async with running(settings, vendors) as found:
        yield found


@pytest.fixture(scope="session")
def chromium() -> Iterator[str]:
    """The address of a browser that all tests share; skips where there is none."""
    path = found()
    if path is None:
        pytest.skip(f"no Chromium at {' or '.join(USUAL)}; {VARIABLE} may name another")
    with started(path) as address:
        yield address


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """The shared browser; what a test opens in it is a context of its own."""
    async with async_playwright() as playwright:
        yield await playwright.chromium.connect_over_cdp(chromium, timeout=PATIENCE)
