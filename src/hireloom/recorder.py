"""Captures as they come in: calls of accounts with a capture on, reduced and written together.

What waits here is in memory only, for half a second; what is written is an outline, and sealed.
"""

import asyncio
import contextlib
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import asyncpg
import msgspec
import structlog

from hireloom.kit.exchanges import Outlined, outlined
from hireloom.kit.ports import Exchange
from hireloom.store import captures
from hireloom.store.captures import Captured
from hireloom.store.credentials import Opened
from hireloom.store.pool import LOST_CONNECTION
from hireloom.store.seal import Key

FLUSH_SECONDS = 0.5
LATELY = timedelta(seconds=5)  # how late a call may be written after its capture has ended
MOST_WAITING = 200  # calls of one capture
MOST_BYTES = 16 * 1024 * 1024  # of their bodies

AWAY = (*LOST_CONNECTION, asyncpg.PostgresError, TimeoutError)

log = structlog.get_logger()


@dataclass
class Capture:
    """One that is on, or has calls to write still."""

    id: str
    integration_id: str
    key: Key
    until: float
    waiting: deque[tuple[datetime, Exchange]] = field(default_factory=deque)
    bytes: int = 0
    left_out: int = 0

    @property
    def is_on(self) -> bool:
        return time.monotonic() < self.until

    def put(self, exchange: Exchange) -> None:
        size = len(exchange.body or b"") + len(exchange.request.body or b"")
        size += sum(len(part.content) for part in exchange.request.parts)
        if len(self.waiting) >= MOST_WAITING or self.bytes + size > MOST_BYTES:
            self.left_out += 1
            return
        self.bytes += size
        self.waiting.append((datetime.now(UTC), exchange))

    def take(self) -> list[tuple[datetime, Exchange]]:
        taken = list(self.waiting)
        self.waiting.clear()
        self.bytes = 0
        return taken


class Recorder:
    """A process's own: a `kit.ports.Witness`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._captures: dict[str, Capture] = {}  # the latest by integration
        self._ended: list[Capture] = []
        self._stopping = asyncio.Event()
        self._writing = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._write())

    async def close(self) -> None:
        self._stopping.set()
        if self._task is not None:
            await self._task
        await self.flush()

    def heed(self, opened: Opened) -> None:
        """Learn from an account that was just read whether a capture of it is on."""
        integration_id = opened.integration.id
        before = self._captures.get(integration_id)
        if before is not None and before.id == opened.capture_id:
            before.until = time.monotonic() + opened.capture_seconds
            return
        if before is not None:
            self._ended.append(self._captures.pop(integration_id))
        if opened.capture_id is not None:
            until = time.monotonic() + opened.capture_seconds
            made = Capture(opened.capture_id, integration_id, opened.data_key, until)
            self._captures[integration_id] = made

    def forget(self, integration_id: str) -> None:
        """The account is gone, and what was to be written of it with it."""
        self._captures.pop(integration_id, None)

    def wants(self, integration_id: str) -> bool:
        found = self._captures.get(integration_id)
        return found is not None and found.is_on

    def saw(self, exchange: Exchange) -> None:
        if (found := self._captures.get(exchange.integration_id)) is not None:
            found.put(exchange)

    async def flush(self) -> None:
        """Write what came until now, also what a turn before has in hand still."""
        async with self._writing:
            await self._flush_all()

    async def _flush_all(self) -> None:
        ended, self._ended = self._ended, []
        for capture in [*ended, *self._captures.values()]:
            if capture.waiting:
                await self._flush(capture)
        for integration_id in [one for one, held in self._captures.items() if not held.is_on]:
            if not self._captures[integration_id].waiting:
                del self._captures[integration_id]

    async def _flush(self, capture: Capture) -> None:
        calls: list[Captured] = []
        lost, capture.left_out = capture.left_out, 0
        try:
            for at, exchange in capture.take():
                calls.append(reduced(at, exchange))
                await asyncio.sleep(0)  # others are served between two
            async with self._pool.acquire() as conn, conn.transaction():
                await captures.add(
                    conn, capture.key, capture.integration_id, capture.id, calls,
                    left_out=lost, lately=LATELY,
                )  # fmt: skip
        except Exception as error:
            # Nobody waits for a capture, and a call of which it failed must not come again.
            capture.left_out += lost + len(calls)
            known = isinstance(error, AWAY)
            (log.warning if known else log.error)(
                "Captured calls are lost", error=type(error).__name__, calls=len(calls)
            )

    async def _write(self) -> None:
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), FLUSH_SECONDS)
            await self.flush()


def reduced(at: datetime, exchange: Exchange) -> Captured:
    return Captured(
        at=at,
        direction=exchange.direction,
        execution_id=exchange.execution_id,
        operation=exchange.operation[:200],
        method=exchange.request.method,
        status=exchange.status,
        code=exchange.code,
        content=msgspec.json.encode(outlined(exchange)),
    )


def told(captured: Captured) -> Outlined:
    """What was captured of a call, as it is shown."""
    return msgspec.json.decode(captured.content, type=Outlined)
