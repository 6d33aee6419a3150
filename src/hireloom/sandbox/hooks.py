"""Webhooks out of the simulated vendors: sent by a thread of their own, repeated, and logged."""

import asyncio
import contextlib
import hashlib
import hmac
import threading
import time
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import urlsplit

import httpx
import msgspec

LOGGED = 1000
OK = range(200, 300)
Seconds = Annotated[float, msgspec.Meta(ge=0, le=3600)]


class Pace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How deliveries are made; vendors repeat for hours what is repeated here within seconds."""

    delays: tuple[Seconds, ...] = (0.5, 1, 2, 4)  # before the second attempt, the third, …
    timeout: Annotated[float, msgspec.Meta(gt=0, le=600)] = 5
    parallel: Annotated[int, msgspec.Meta(ge=1, le=100)] = 1  # requests at a time to one address


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One event for one subscription."""

    event: str
    webhook: str | int  # the subscription's id
    url: str
    body: bytes
    headers: Mapping[str, str] = {}
    good: range = OK  # statuses that end it
    attempts: int | None = None  # at most so many; None: as many as the pace has


class Sent(msgspec.Struct, kw_only=True):
    """What became of a delivery."""

    event: str
    webhook: str | int
    url: str
    at: float  # Unix seconds
    state: Literal["waiting", "delivered", "failed"] = "waiting"
    status: int | None = None  # the last answer's; 0: there was none
    attempts: list[int] = []
    body: msgspec.Raw = msgspec.Raw(b"null")


class Errand(NamedTuple):
    delivery: Delivery
    sent: Sent
    answered: Future[int] | None  # somebody waits for the one and only attempt


class Courier:
    """Takes deliveries from any thread and brings them, those to one address in their order."""

    def __init__(self, name: str, pace: Pace | None = None) -> None:
        self.pace = pace or Pace()
        self.sent: deque[Sent] = deque(maxlen=LOGGED)
        self._name = name
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """Deliveries that are still under way."""
        return self._waiting

    def send(self, delivery: Delivery) -> None:
        """Bring it some time soon; returns at once."""
        self._take(delivery, None)

    async def ask(self, delivery: Delivery) -> int:
        """Bring it now and without repeating; answers the status, 0 when there was no answer."""
        return await asyncio.wrap_future(self._take(delivery, Future()))

    def forget(self) -> None:
        """Give up what is under way, and empty the log."""
        self.close()
        self.sent.clear()

    def close(self) -> None:
        """Give up what is under way; leaves no thread and no connection."""
        with self._lock:
            thread, self._thread = self._thread, None
            if thread is None:
                return
            self._loop.call_soon_threadsafe(self._main.cancel)
            arrivals = self._arrivals
        thread.join()
        while not arrivals.empty():
            answered = arrivals.get_nowait().answered
            if answered is not None:
                answered.cancel()

    def _take(self, delivery: Delivery, answered: Future[int] | None) -> Future[int]:
        sent = Sent(
            event=delivery.event,
            webhook=delivery.webhook,
            url=delivery.url,
            at=time.time(),
            attempts=[],
            body=msgspec.Raw(delivery.body),
        )
        with self._lock:
            if self._thread is None:
                self._start()
            self._waiting += 1
            self.sent.append(sent)
            errand = Errand(delivery, sent, answered)
            self._loop.call_soon_threadsafe(self._arrivals.put_nowait, errand)
        return answered or Future()

    def _start(self) -> None:
        self._waiting = 0
        self._loop = asyncio.new_event_loop()
        self._arrivals: asyncio.Queue[Errand] = asyncio.Queue()
        self._main = self._loop.create_task(self._serve())
        name = f"{self._name}-webhooks"
        work = (self._loop, self._main)
        self._thread = threading.Thread(target=_run, args=work, name=name, daemon=True)
        self._thread.start()

    async def _serve(self) -> None:
        # A connection each: one that a receiver closed meanwhile would look like a failure.
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        lanes: dict[tuple[str, int], asyncio.Semaphore] = {}
        async with (
            httpx.AsyncClient(limits=limits, trust_env=False) as client,
            asyncio.TaskGroup() as work,
        ):
            while True:
                errand = await self._arrivals.get()
                place = (errand.delivery.url, self.pace.parallel)
                lane = lanes.setdefault(place, asyncio.Semaphore(self.pace.parallel))
                work.create_task(self._bring(client, lane, errand))

    async def _bring(
        self, client: httpx.AsyncClient, lane: asyncio.Semaphore, errand: Errand
    ) -> None:
        delivery, sent, answered = errand
        try:
            for delay in self._delays(errand):
                if delay:
                    await asyncio.sleep(delay)
                async with lane:
                    sent.status = await self._post(client, delivery)
                sent.attempts.append(sent.status)
                if sent.status in delivery.good:
                    break
            sent.state = "delivered" if sent.status in delivery.good else "failed"
            if answered is not None:
                answered.set_result(sent.status or 0)
        finally:
            if answered is not None:
                answered.cancel()  # does nothing once it has a result
            with self._lock:
                self._waiting -= 1

    def _delays(self, errand: Errand) -> tuple[float, ...]:
        if errand.answered is not None:
            return (0,)
        return (0, *self.pace.delays)[: errand.delivery.attempts]

    async def _post(self, client: httpx.AsyncClient, delivery: Delivery) -> int:
        headers = {"content-type": "application/json", **delivery.headers}
        timeout = httpx.Timeout(self.pace.timeout, pool=None)
        try:
            answer = await client.post(
                delivery.url, content=delivery.body, headers=headers, timeout=timeout
            )
        except (httpx.HTTPError, httpx.InvalidURL):
            return 0
        return answer.status_code


def _run(loop: asyncio.AbstractEventLoop, main: asyncio.Task[None]) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        loop.run_until_complete(main)
    loop.close()


def is_address(url: Any) -> bool:
    """Vendors demand https; the sandbox lets plain http pass to this machine."""
    if not isinstance(url, str):
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    local = parts.scheme == "http" and host in {"127.0.0.1", "localhost", "::1"}
    return bool(host) and (local or parts.scheme == "https")


def hex_hmac(secret: str, content: bytes) -> str:
    """HMAC-SHA256 in hexadecimal digits, as all three vendors sign."""
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


def chosen(events: Any, known: tuple[str, ...]) -> list[str]:
    """The events that somebody asks for: all when nothing is said; ValueError for unknown ones."""
    if events is None:
        return list(known)
    if not isinstance(events, list) or not events:
        raise ValueError("events must be a list of names")
    unknown = [str(event) for event in events if event not in known]
    if unknown:
        raise ValueError(f"no event {', '.join(unknown)}; there are {', '.join(known)}")
    return list(dict.fromkeys(events))
