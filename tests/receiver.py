"""A user's endpoint, for tests: it keeps what arrives, checks signatures, and fails on demand."""

import asyncio
import ssl
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import msgspec
from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError


@dataclass(frozen=True)
class Reply:
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    hangs: bool = False  # until `release`
    hangs_up: bool = False


OK = Reply()


@dataclass(frozen=True)
class Arrival:
    """One POST: its events are those of the batch, or the one."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    under_way: int  # at that time, itself included

    @property
    def events(self) -> list[dict[str, Any]]:
        found = msgspec.json.decode(self.body)
        events: list[dict[str, Any]] = found.get("events", [found])
        return events


class Receiver:
    """Real HTTP on loopback. `script` is for the next requests, `answer` for all others."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.arrivals: list[Arrival] = []
        self.answer: Callable[[Arrival], Reply] = lambda _: OK
        self.url = ""
        self._scripted: deque[Reply] = deque()
        self._released = asyncio.Event()
        self.under_way = 0
        self._tls = tls
        self._runner: web.ServerRunner | None = None

    def script(self, *replies: Reply) -> None:
        self._scripted.extend(replies)

    def release(self) -> None:
        """Let those go on that hang."""
        self._released.set()

    @property
    def events(self) -> list[dict[str, Any]]:
        """In the order of their arrival, repeats included."""
        return [event for arrival in self.arrivals for event in arrival.events]

    @property
    def event_ids(self) -> list[str]:
        return [event["eventId"] for event in self.events]

    def by_record(self) -> dict[str, list[Any]]:
        """The data of the events of each record, in the order of their arrival."""
        found: dict[str, list[Any]] = defaultdict(list)
        for event in self.events:
            found[event["recordId"]].append(event["eventData"])
        return found

    def verified(self, secret: str) -> bool:
        """Whether everything that arrived was signed with this secret."""
        checker = Webhook(secret)
        try:
            for arrival in self.arrivals:
                checker.verify(arrival.body, dict(arrival.headers))
        except WebhookVerificationError:
            return False
        return True

    async def until(self, happened: Callable[[], bool], seconds: float = 120) -> None:
        """Wait for something; a deadline ends in an error."""
        async with asyncio.timeout(seconds):
            while not happened():  # noqa: ASYNC110 – of anything that can be looked at
                await asyncio.sleep(0.01)

    async def __aenter__(self) -> Self:
        self._runner = web.ServerRunner(web.Server(self._take), shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self._tls)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"{'https' if self._tls else 'http'}://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.release()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _take(self, request: web.BaseRequest) -> web.StreamResponse:
        self.under_way += 1
        try:
            return await self._answered(request)
        finally:
            self.under_way -= 1

    async def _answered(self, request: web.BaseRequest) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        arrival = Arrival(request.path_qs, headers, await request.content.read(), self.under_way)
        self.arrivals.append(arrival)
        reply = self._scripted.popleft() if self._scripted else self.answer(arrival)
        if reply.hangs:
            await self._released.wait()
        if reply.hangs_up and request.transport is not None:
            request.transport.close()
        return web.Response(status=reply.status, headers=reply.headers, body=reply.body)
