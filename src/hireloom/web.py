"""Composition root of the web side: opens what the API needs, serves it, closes it again."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from litestar import Litestar

from hireloom.accounts import Accounts
from hireloom.api.app import create_app
from hireloom.api.desk import Desk
from hireloom.api.ledger import Ledger
from hireloom.settings import Settings
from hireloom.store import calls, keyfile, masters, migrate
from hireloom.store import pool as pools

log = structlog.get_logger()

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8400


@asynccontextmanager
async def open_desk(settings: Settings, public_url: str) -> AsyncIterator[Desk]:
    """Database, vault and accounts, ready; raises StartError with what to do about it."""
    url = await pools.find_server(settings)
    await migrate.migrate(url)
    pool = await pools.connect_pool(url)
    try:
        vault = keyfile.open_vault(settings)
        async with pool.acquire() as conn:
            await masters.check_in(conn, vault)
            await calls.keep_coming_days(conn)
        ledger = Ledger(pool, settings.log_days)
        accounts = Accounts(pool, vault, settings.origins, ledger.called)
        ledger.start()
        try:
            yield Desk(settings, pool, vault, accounts, ledger, settings.public_url or public_url)
        finally:
            await accounts.close()
            await ledger.close()
    finally:
        await pool.close()


@asynccontextmanager
async def open_app(settings: Settings, public_url: str) -> AsyncIterator[Litestar]:
    async with open_desk(settings, public_url) as desk:
        if settings.origins:
            log.warning(
                "HIRELOOM_ORIGINS is set: calls to these vendors go elsewhere",
                origins=dict(settings.origins),
            )
        yield create_app(desk)


async def serve(settings: Settings, host: str = DEFAULT_HOST, port: int = DEFAULT_PORT) -> None:
    """Serve until the process is told to stop."""
    from granian.constants import Interfaces
    from granian.server.embed import Server

    async with open_app(settings, f"http://{host}:{port}") as app:
        server = Server(
            app,
            address=host,
            port=port,
            interface=Interfaces.ASGI,
            log_enabled=False,
            websockets=False,
        )
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stopped.set)
        serving = asyncio.create_task(server.serve())
        waiting = asyncio.create_task(stopped.wait())
        log.info("Hireloom listens", url=f"http://{host}:{port}")
        await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        server.stop()  # type: ignore[no-untyped-call]  # granian leaves it untyped
        await serving


def free_port(host: str = DEFAULT_HOST) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
