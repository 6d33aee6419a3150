"""All simulated vendors on one port."""

import asyncio
import contextlib
import importlib
import logging
import pkgutil
import signal
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import litestar
from granian.constants import Interfaces
from granian.server.embed import Server
from litestar import Request, Response, Router
from litestar.enums import ScopeType
from litestar.types import Message, Receive, Scope, Send

from hireloom import ports
from hireloom.sandbox.doors import Doors
from hireloom.sandbox.faults import (
    ConnectionDroppedError,
    Exchange,
    FaultPlan,
    Faults,
    answer,
    suffer,
)
from hireloom.sandbox.hooks import Pace
from hireloom.sandbox.limits import Limiter
from hireloom.sandbox.vendor import CallLog, Vendor, json_response
from hireloom.sandbox.world import World

START_SECONDS = 60.0
STOP_SECONDS = 60.0

logger = logging.getLogger(__name__)


def vendor_classes(names: Sequence[str] | None = None) -> dict[str, type[Vendor]]:
    """The vendors of this folder by name: all, or those whose modules have these names."""
    found = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name.startswith("_") or (names is not None and module.name not in names):
            continue
        loaded = importlib.import_module(f"{__package__}.{module.name}")
        for value in vars(loaded).values():
            if isinstance(value, type) and issubclass(value, Vendor) and value is not Vendor:
                found[value.name] = value
    return dict(sorted(found.items()))


def origin_map(base_url: str, vendors: Sequence[str] | None = None) -> dict[str, str]:
    """Where each vendor's real origins are found in a sandbox at this address."""
    base = base_url.rstrip("/")
    return {
        origin: f"{base}/{name}/{segment}"
        for name, vendor in vendor_classes(vendors).items()
        for origin, segment in vendor.origins.items()
    }


class Sandbox(litestar.Litestar):
    """The application; what reaches a vendor passes the log, the faults and the limiter."""

    def __init__(self, vendors: Sequence[Vendor], faults: Faults, **options: Any) -> None:
        self.vendors = {vendor.name: vendor for vendor in vendors}
        self.faults = faults
        super().__init__(**options)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # type: ignore[override]  # wider than litestar's own scope union
        vendor, path = self._addressee(scope)
        if vendor is None or scope["type"] != ScopeType.HTTP:
            await super().__call__(scope, receive, send)
            return
        call = (str(scope["method"]), path)
        log, status = vendor.log, 0

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._admit(vendor, call, scope, receive, note)
        except ConnectionDroppedError:
            status = 0
            raise
        finally:
            log.record(*call, scope["query_string"].decode("latin-1"), status)

    def close(self) -> None:
        """Leave neither threads nor connections; it can be served again."""
        for vendor in self.vendors.values():
            vendor.close()

    def _addressee(self, scope: Scope) -> tuple[Vendor | None, str]:
        _, name, *rest = scope["path"].split("/", 3)
        vendor = self.vendors.get(name)
        return vendor, "/" + (rest[1] if len(rest) > 1 else "")

    async def _admit(
        self, vendor: Vendor, call: tuple[str, str], scope: Scope, receive: Receive, send: Send
    ) -> None:
        headers = {name.decode(): text.decode("latin-1") for name, text in scope["headers"]}
        struck = self.faults.strike(vendor.name, *call)
        credential = vendor.credential_of(headers, call[1])
        verdict = None if credential is None else vendor.limiter.arrive(credential, *call)
        if verdict is not None:
            send = _with_headers(send, vendor.limit_headers(verdict))
        if verdict is not None and not verdict.allowed:
            await answer(vendor.refuse(verdict), send)
        elif struck is not None:
            await suffer(struck, vendor, Exchange(super().__call__, scope, receive, send))
        else:
            await super().__call__(scope, receive, send)


def _with_headers(send: Send, headers: Mapping[str, str]) -> Send:
    added = [(name.lower().encode(), text.encode()) for name, text in headers.items()]

    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            names = {name for name, _ in message["headers"]}
            message["headers"] = [
                *message["headers"],
                *(pair for pair in added if pair[0] not in names),
            ]
        await send(message)

    return wrapped


def create_app(
    *,
    size: int = 1000,
    seed: int = 7,
    faults: FaultPlan | None = None,
    vendors: Sequence[str] | None = None,
    limits: bool = True,
    pace: Pace | None = None,
) -> Sandbox:
    """The sandbox for the named vendors (all when none is named); `pace` is that of webhooks."""
    classes = vendor_classes(vendors)
    unknown = sorted(set(vendors or ()) - set(classes))
    if unknown:
        raise ValueError(f"no vendor {', '.join(unknown)}; there are {', '.join(vendor_classes())}")
    world = World(seed, size)
    made = [
        kind(world, Limiter(kind.rules, enabled=limits), CallLog()) for kind in classes.values()
    ]
    for vendor in made:
        vendor.courier.pace = pace or vendor.courier.pace
    if faults is not None:
        faults.check_vendors([vendor.name for vendor in made])
    mounts = [
        Router(
            f"/{vendor.name}",
            route_handlers=vendor.handlers(),
            exception_handlers=vendor.exception_handlers(),
        )
        for vendor in made
    ]
    at_work = Faults(faults)
    names = [vendor.name for vendor in made]
    doors = Doors(
        world,
        {vendor.name: vendor for vendor in made},
        at_work,
        lambda base_url: origin_map(base_url, names),
    )
    return Sandbox(
        made,
        at_work,
        route_handlers=[*mounts, *doors.handlers()],
        openapi_config=None,
        logging_config=None,
        exception_handlers={500: _broken},
        request_max_body_size=100_000_000,
    )


def _broken(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """A simulator's own mistake: say so loudly, it is not the vendor that is meant."""
    logger.error("%s %s broke the sandbox", request.method, request.url.path, exc_info=error)
    return json_response({"error": f"the sandbox broke: {error!r}"}, 500)


class Running:
    """The sandbox on a free loopback port, in a thread of its own.

    `async with Running(size=100) as sandbox: ...` or, in code that does not wait, `with`.
    `sandbox.url` is its address, `sandbox.origins` its origin map, `sandbox.app` the application.
    """

    def __init__(self, app: Sandbox | None = None, *, port: int = 0, **options: Any) -> None:
        self.app = app or create_app(**options)
        self._held = None if port else ports.reserve()
        self.port = port if self._held is None else ports.port_of(self._held)
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: Server | None = None

    @property
    def origins(self) -> dict[str, str]:
        return origin_map(self.url, list(self.app.vendors))

    def vendor(self, name: str) -> Vendor:
        return self.app.vendors[name]

    def __enter__(self) -> "Running":
        self._thread.start()
        latest = time.monotonic() + START_SECONDS
        while time.monotonic() < latest and self._thread.is_alive():
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", self.port), 1),
            ):
                return self
            self._thread.join(0.02)
        raise RuntimeError(f"the sandbox did not start on port {self.port}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._loop is not None and self._server is not None:
            self._loop.call_soon_threadsafe(self._server.stop)
        self._thread.join(STOP_SECONDS)
        if self._held is not None:
            self._held.close()
        self.app.close()

    async def __aenter__(self) -> "Running":
        return await asyncio.to_thread(self.__enter__)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self.__exit__, kind, error, trace)

    def _run(self) -> None:
        async def main() -> None:
            self._loop = asyncio.get_running_loop()
            self._server = _server(self.app, "127.0.0.1", self.port)
            await self._server.serve()

        asyncio.run(main())


async def serve_app(app: Sandbox, host: str, port: int) -> None:
    """Serve until the process is asked to end."""
    server = _server(app, host, port)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    try:
        await server.serve()
    finally:
        app.close()


def serve(host: str = "127.0.0.1", port: int = 9100, **options: Any) -> None:
    """Run the sandbox in this process; options are those of `create_app`."""
    asyncio.run(serve_app(create_app(**options), host, port))


def _server(app: Sandbox, host: str, port: int) -> Server:
    # ASGI without lifespan: the sandbox has nothing to start, and faults close connections by
    # raising, which the server would otherwise report.
    return Server(app, host, port, interface=Interfaces.ASGINL, websockets=False, log_enabled=False)


__all__ = [
    "Running",
    "Sandbox",
    "create_app",
    "origin_map",
    "serve",
    "serve_app",
    "vendor_classes",
]
