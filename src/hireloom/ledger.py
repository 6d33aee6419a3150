"""The log of calls and the counters; rows are collected and written together."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta

import asyncpg
import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from hireloom.kit.ports import CallReport
from hireloom.store import calls, days, idempotency, keys, operators, sessions
from hireloom.store.calls import Call
from hireloom.store.pool import LOST_CONNECTION

FLUSH_SECONDS = 0.5
LARGEST_COUNT = 2**62  # what a vendor says of its length may be anything
LONGEST_QUEUE = 50_000  # rows; while the database is away the oldest are given up
TIDY_SECONDS = 3600.0
TIDY_LATER_SECONDS = 60.0  # after an attempt that the database missed

AWAY = (*LOST_CONNECTION, asyncpg.PostgresError, TimeoutError)

Look = Callable[[], Awaitable[None]]

log = structlog.get_logger()


class Ledger:
    def __init__(self, pool: asyncpg.Pool, keep_days: int) -> None:
        self._pool = pool
        self._keep_days = keep_days
        self._rows: deque[Call] = deque(maxlen=LONGEST_QUEUE)
        self._used_keys: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._turn = asyncio.Lock()
        self._waits = False  # for the database; said once, however long it takes
        self.registry = CollectorRegistry()
        self._others: list[tuple[CollectorRegistry, Look]] = []
        self._answers = Counter(
            "hireloom_calls",
            "Calls of the API by operation and HTTP status.",
            ("operation", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "hireloom_call_seconds",
            "Time to answer a call of the API, the vendor's time included.",
            ("operation",),
            registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
        )
        self._upstream = Counter(
            "hireloom_upstream_calls",
            "Calls to vendors by connector and HTTP status (0: no answer).",
            ("connector", "status"),
            registry=self.registry,
        )

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._write()), asyncio.create_task(self._tidy())]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self.flush()

    def answered(self, call: Call) -> None:
        """A call of ours was answered."""
        self._rows.append(call)
        if call.api_key_id:
            self._used_keys.add(call.api_key_id)
        self._answers.labels(call.operation, str(call.status)).inc()
        self._seconds.labels(call.operation).observe(call.duration_ms / 1000)

    def called(self, report: CallReport) -> None:
        """A vendor was called."""
        self._upstream.labels(report.connector, str(report.status or 0)).inc()
        self._rows.append(
            Call(
                at=datetime.now(UTC) - timedelta(seconds=report.seconds),
                direction="out",
                execution_id=report.execution_id,
                operation=report.template[:200],
                method=report.method,
                duration_ms=report.seconds * 1000,
                integration_id=report.integration_id,
                status=report.status,
                code=report.code,
                bytes=min(report.size, LARGEST_COUNT),
            )
        )

    @contextlib.contextmanager
    def telling(self, registry: CollectorRegistry, look: Look) -> Iterator[None]:
        """Tell also what another part of the process counts, and what it looks up when asked."""
        other = (registry, look)
        self._others.append(other)
        try:
            yield
        finally:
            self._others.remove(other)

    async def told(self) -> bytes:
        """All figures, as Prometheus reads them."""
        found = generate_latest(self.registry)
        for registry, look in list(self._others):
            await look()
            found += generate_latest(registry)
        return found

    async def flush(self) -> None:
        """Write what there is; what another turn has in hand is written, too, when this returns."""
        async with self._turn:
            await self._flush()

    async def _flush(self) -> None:
        rows = list(self._rows)
        used, self._used_keys = self._used_keys, set()
        self._rows.clear()
        if not rows and not used:
            return
        try:
            async with self._pool.acquire() as conn:
                await calls.add(conn, rows)
                await keys.touch(conn, used)
        except AWAY as error:
            self._put_back(rows, used)
            if not self._waits:
                log.warning("The call log waits for the database", error=type(error).__name__)
            self._waits = True
        except asyncio.CancelledError:
            self._put_back(rows, used)
            raise
        except Exception as error:
            # A row that cannot be written must not end the log: it is given up with its batch.
            log.error("A batch of the call log is lost", error=type(error).__name__, rows=len(rows))
        else:
            if self._waits:
                log.info("The call log goes on", rows=len(rows))
            self._waits = False

    def _put_back(self, rows: list[Call], used: set[str]) -> None:
        """In front of what came since; where it is too much, the oldest go."""
        since = list(self._rows)
        self._rows.clear()
        self._rows.extend([*rows, *since][-LONGEST_QUEUE:])
        self._used_keys |= used

    async def _write(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await self.flush()

    async def _tidy(self) -> None:
        """Once an hour: tomorrow's partition, and away with what is too old."""
        while True:
            pause = TIDY_SECONDS
            try:
                async with self._pool.acquire() as conn:
                    await days.keep_coming(conn, "calls")
                    await days.drop_old(conn, "calls", self._keep_days)
                    await idempotency.clean_up(conn)
                    await sessions.clean_up(conn)
                    await operators.clean_up(conn)
            except AWAY as error:
                log.warning("Tidying waits for the database", error=type(error).__name__)
                pause = TIDY_LATER_SECONDS
            await asyncio.sleep(pause)
