"""Composition root of the web side: opens what the API needs, serves it, closes it again."""

import asyncio
import contextlib
import errno
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from urllib.parse import urlsplit

import structlog
from granian.constants import Interfaces
from granian.server.embed import Server
from litestar import Litestar

from hireloom import garbage
from hireloom.api.app import create_app
from hireloom.api.connectors import needed_capabilities, supported_operations
from hireloom.connect import pages as connect
from hireloom.console import pages as console
from hireloom.desk import Desk, open_desk
from hireloom.issues.standby import standing_in
from hireloom.settings import Settings
from hireloom.store.patience import at_start
from hireloom.store.problems import StartError

log = structlog.get_logger()

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8400


Beside = Callable[[Desk], AbstractAsyncContextManager[None]]  # what runs in the same process


@asynccontextmanager
async def nothing(_: Desk) -> AsyncIterator[None]:
    yield


@asynccontextmanager
async def open_app(
    settings: Settings, public_url: str, beside: Beside = nothing
) -> AsyncIterator[Litestar]:
    async with (
        open_desk(settings, public_url) as desk,
        beside(desk),
        standing_in(desk.pool, desk.vault, desk.settings),
    ):
        if settings.origins:
            log.warning(
                "HIRELOOM_ORIGINS is set: calls to these vendors go elsewhere",
                count=len(settings.origins),
                hosts=" ".join(sorted({urlsplit(one).netloc for one in settings.origins})),
            )
        app = make_app(desk)
        await at_start(lambda: console.greet(desk))
        garbage.calm()
        yield app


def make_app(desk: Desk) -> Litestar:
    """The API, the connect window and the console on one desk."""
    desk.needs = needed_capabilities()
    faces = [*connect.handlers(desk), *console.handlers(desk, supported_operations)]
    return create_app(desk, faces, console.stray)


async def serve(
    settings: Settings,
    host: str = DEFAULT_HOST,
    port: int = DEFAULT_PORT,
    beside: Beside = nothing,
) -> None:
    """Serve until the process is told to stop; raises StartError before anything is started."""
    refuse_taken_port(host, port)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    url = f"http://{host}:{port}"
    async with (
        open_app(settings, url, beside) as app,
        announcing(host, port, lambda: log.info("Hireloom listens", url=url)),
    ):
        await listen(app, host, port, stopped)


async def listen(app: Litestar, host: str, port: int, stopped: asyncio.Event) -> None:
    """Take calls on a port until `stopped` is set; those under way are finished."""
    refuse_taken_port(host, port)
    server = Server(
        app,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        log_enabled=False,
        websockets=False,
    )
    serving = asyncio.create_task(server.serve())
    waiting = asyncio.create_task(stopped.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    server.stop()  # type: ignore[no-untyped-call]  # granian leaves it untyped
    await serving


@asynccontextmanager
async def announcing(host: str, port: int, tell: Callable[[], None]) -> AsyncIterator[None]:
    """Call `tell` as soon as connections are taken there."""

    async def wait() -> None:
        while True:
            with contextlib.suppress(OSError):
                _, connection = await asyncio.open_connection(host, port)
                connection.close()
                tell()
                return
            await asyncio.sleep(0.02)

    waiting = asyncio.create_task(wait())
    try:
        yield
    finally:
        waiting.cancel()


def refuse_taken_port(host: str, port: int) -> None:
    """Raises StartError; the server itself would share the port or say only that it cannot."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            todo = "Choose another one with --port, or stop what uses it."
            if error.errno == errno.EADDRINUSE:
                todo += f" `hireloom doctor --port {port}` says by what."
            raise StartError(
                f"Port {port} on {host} cannot be used: {error.strerror}.", todo
            ) from None
