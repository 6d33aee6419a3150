"""Composition root of the worker side: background jobs, beside the web or in their own process.

PgQueuer hands out the jobs. No job of ours ever fails in its eyes: what goes wrong is noted where
it belongs (the run, the delivery) and put again from there, so a job that is lost loses nothing.
"""

import asyncio
import contextlib
import os
import random
import signal
import socket
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import asyncpg
import structlog
from pgqueuer import AsyncpgDriver, PgQueuer
from pgqueuer.models import Job, Schedule

from hireloom import capturing, garbage
from hireloom.deliver.run import Deliverer
from hireloom.deliver.run import tidy as tidy_deliveries
from hireloom.desk import Desk, open_desk
from hireloom.errors import HireloomError
from hireloom.figures import Figures, listening
from hireloom.issues import alerts, watch
from hireloom.logs import described, quiet
from hireloom.settings import Settings
from hireloom.store import pool as pools
from hireloom.store import queue
from hireloom.store.patience import at_start, insist
from hireloom.store.pool import is_lost
from hireloom.sync import live, upkeep
from hireloom.sync.live import Live
from hireloom.sync.run import Runner

log = structlog.get_logger()

SYNCS_AT_ONCE = 16
LIVE_AT_ONCE = 16
HEARTBEAT = timedelta(seconds=4)  # after which a dead worker's job goes to another
POLL = timedelta(seconds=2)  # where a notice was missed, and for jobs of the dead
SHORTEST_CROWDED, LONGEST_CROWDED = 0.3, 10.0  # seconds
CROWDED_EACH = 0.01
AFTER_A_DEFECT = timedelta(seconds=5)
BACK_SOON = timedelta(seconds=1)  # a job that lost the database, once that is back
RESTART_SECONDS = 1.0
PATIENCE = 5.0  # seconds between looks whether the process is to stop


@dataclass
class Worker:
    """The jobs of one process."""

    desk: Desk
    runner: Runner
    live: Live
    deliverer: Deliverer
    stopping: asyncio.Event
    figures: Figures
    # Runs that found no place, by kind and vendor, and when they last looked for one.
    _back: defaultdict[str, dict[tuple[str, str], float]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    _busy: Counter[str] = field(default_factory=Counter)  # turns under way, by kind and vendor

    async def sync(self, job: Job) -> None:
        integration_id, run_id = queue.read_payload(job.payload)
        of = f"sync {await self._vendor(integration_id)}"
        async with self._place(of, SYNCS_AT_ONCE) as found:
            if found:
                self._back[of].pop((integration_id, run_id), None)
                await self.runner.work(integration_id, run_id)
            else:
                self._back[of][integration_id, run_id] = time.monotonic()
                after = stepping_back(len(self._back[of]))
                await self._put(queue.Job("sync", run_id, integration_id, after))
        if found:
            await self._call_next(of)

    async def _call_next(self, of: str) -> None:
        """A place is free: whoever looked for one first need not wait for its own time to look."""
        if not self._back[of]:
            return
        integration_id, run_id = next(iter(self._back[of]))
        del self._back[of][integration_id, run_id]
        await self._put(queue.Job("sync", run_id, integration_id, mark="called"))

    async def hear(self, job: Job) -> None:
        integration_id, text = queue.read_payload(job.payload)
        touch = live.touch_of(text)
        of = f"{live.ENTRYPOINT} {await self._vendor(integration_id)}"
        async with self._place(of, LIVE_AT_ONCE) as found:
            if found:
                await self.live.work(integration_id, touch)
            else:
                await self._put(live.job(integration_id, touch, stepping_back(LIVE_AT_ONCE)))

    async def deliver(self, job: Job) -> None:
        _, webhook_id = queue.read_payload(job.payload)
        await self.deliverer.work(webhook_id, waited=queue.has_waited(job))

    @asynccontextmanager
    async def _place(self, of: str, places: int) -> AsyncIterator[bool]:
        if self._busy[of] >= most(places, self._others(of)):
            yield False
            return
        self._busy[of] += 1
        try:
            yield True
        finally:
            self._busy[of] -= 1

    def _others(self, of: str) -> list[int]:
        """What the other vendors want, each of them."""
        kind, _, _ = of.partition(" ")
        names = {one for one in (*self._busy, *self._back) if one.startswith(f"{kind} ")}
        return [self._busy[one] + self._waiting(one) for one in names - {of}]

    def _waiting(self, of: str) -> int:
        """Runs that look for a place; one that was deleted meanwhile no longer does."""
        since = time.monotonic() - 3 * LONGEST_CROWDED
        self._back[of] = {run: at for run, at in self._back[of].items() if at > since}
        return len(self._back[of])

    async def _vendor(self, integration_id: str) -> str:
        try:
            return (await self.desk.accounts.open(integration_id)).stored.connector
        except HireloomError:
            return ""

    async def _put(self, job: queue.Job) -> None:
        async with self.desk.pool.acquire() as conn:
            await queue.put(conn, [job])

    def careful(self, act: Callable[[Job], Awaitable[None]]) -> Callable[[Job], Awaitable[None]]:
        """A job that never fails: where it could not be done, it is put again."""

        async def carry_out(job: Job) -> None:
            async def begin() -> None:
                async with self.desk.pool.acquire() as conn:
                    await queue.taken(conn, int(job.id))

            after = AFTER_A_DEFECT

            async def put_again() -> None:
                integration_id, of = queue.read_payload(job.payload)
                again = queue.Job(job.entrypoint, of, integration_id, after, mark=integration_id)
                await self._put(again)

            await self.eventually(begin)
            try:
                await act(job)
                self.figures.worked(job.entrypoint, "done")
            except Exception as defect:
                if is_lost(defect):
                    after = BACK_SOON
                else:
                    log.error("A defect in a job", job=job.entrypoint, **described(defect))
                self.figures.worked(job.entrypoint, "put_back" if is_lost(defect) else "defect")
                await self.eventually(put_again)

        return carry_out

    async def eventually(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do it once the database is there. A process that stops does not wait for that: its jobs

        are another's as soon as their heartbeats are missed.
        """
        while True:
            try:
                return await insist(act, seconds=PATIENCE)
            except Exception as failure:
                if not is_lost(failure) or self.stopping.is_set():
                    raise

    def patient(self, act: Callable[[], Awaitable[None]]) -> Callable[[Schedule], Awaitable[None]]:
        """A scheduled step that never fails: it comes again by itself."""

        async def carry_out(_: Schedule) -> None:
            try:
                await act()
            except Exception as defect:
                if not is_lost(defect):
                    log.error("A defect in a scheduled step", **described(defect))

        return carry_out


def most(places: int, others: Sequence[int]) -> int:
    """How many places one vendor may have: what leaves the others that are here their fair share,

    as far as they want it, and never all, because somebody may come.
    """
    fair = max(1, places // (1 + sum(1 for wanted in others if wanted)))
    left = places - sum(min(fair, wanted) for wanted in others)
    return max(1, min(left, places - places // 4))


def stepping_back(others: int) -> timedelta:
    """When to come again for a place; the more wait, the later, lest they only come and go."""
    seconds = min(LONGEST_CROWDED, max(SHORTEST_CROWDED, others * CROWDED_EACH))
    return timedelta(seconds=seconds * random.uniform(0.5, 1.5))  # noqa: S311 – no secret


@asynccontextmanager
async def working(desk: Desk) -> AsyncIterator[None]:
    """Carry out jobs until the context is left; what is under way then ends its turn first."""
    quiet("pgqueuer")
    stopping = asyncio.Event()
    holder = f"{socket.gethostname()} {os.getpid()} {random.getrandbits(32):08x}"
    # An acknowledgement that a crash of the database forgets is a repeat with the same event id;
    # to wait for the disk each time would cost more than the delivery.
    letters = await at_start(lambda: pools.connect_pool(desk.database_url, lax=True))
    figures = Figures(desk.pool)
    deliverer = Deliverer(letters, desk.vault, desk.settings, report=figures.delivered)
    worker = Worker(
        desk,
        Runner(desk.pool, desk.accounts, holder, stopping, figures.sliced),
        Live(desk.pool, desk.accounts),
        deliverer,
        stopping,
        figures,
    )
    managing = asyncio.create_task(manage(worker))
    try:
        with desk.ledger.telling(figures.registry, figures.look):
            yield
    finally:
        stopping.set()
        deliverer.stop()
        await managing
        await deliverer.close()
        await letters.close()


async def manage(worker: Worker) -> None:
    """Keep PgQueuer at work: where the database goes away, it is started again afterwards.

    One that lost its connection ends with the last of its jobs; the next does not wait for that.
    """
    attended: set[asyncio.Task[None]] = set()
    while not worker.stopping.is_set():
        lost = asyncio.Event()
        attending = asyncio.create_task(attend(worker, lost))
        attended.add(attending)
        attending.add_done_callback(attended.discard)
        losing = asyncio.create_task(lost.wait())
        await asyncio.wait({attending, losing}, return_when=asyncio.FIRST_COMPLETED)
        losing.cancel()
        if not worker.stopping.is_set():
            await asyncio.sleep(RESTART_SECONDS)
    if attended:
        await asyncio.wait(attended)


async def attend(worker: Worker, lost: asyncio.Event) -> None:
    """Run the queues once; `lost` is set as soon as their database is gone."""
    try:
        await tidy_deliveries(worker.desk.pool, worker.desk.settings.log_days)
        async with AsyncExitStack() as opened:
            conns = [await opened.enter_async_context(connection(worker, lost)) for _ in range(3)]
            await run_queues(worker, *(PgQueuer(AsyncpgDriver(conn)) for conn in conns))
    except Exception as failure:
        if not is_lost(failure):
            log.error("The queue stopped", **described(failure))


@asynccontextmanager
async def connection(worker: Worker, lost: asyncio.Event) -> AsyncIterator[asyncpg.Connection]:
    """One of the queue's own: notices come on it, and PgQueuer checks that they do."""
    opened = await pools.connect(worker.desk.database_url, plain=True)
    opened.add_termination_listener(lambda _: lost.set())
    try:
        yield opened
    finally:
        with contextlib.suppress(Exception):
            await opened.close(timeout=1)


async def run_queues(
    worker: Worker, syncs: PgQueuer, changes: PgQueuer, deliveries: PgQueuer
) -> None:
    """Queues side by side, so that no delivery and no vendor's webhook waits behind syncs."""
    syncs.entrypoint("sync", accepts_context=False)(worker.careful(worker.sync))
    changes.entrypoint(live.ENTRYPOINT, accepts_context=False)(worker.careful(worker.hear))
    deliveries.entrypoint("deliver", accepts_context=False)(worker.careful(worker.deliver))
    pool, accounts = worker.desk.pool, worker.desk.accounts
    log_days = worker.desk.settings.log_days
    for name, when, act in (
        ("tick", "* * * * *", lambda: upkeep.tick(pool)),
        ("traffic", "* * * * *", lambda: upkeep.count_traffic(pool, log_days)),
        ("tidy", "17 * * * *", lambda: upkeep.tidy(pool)),
        ("orders", "7 * * * *", lambda: upkeep.expire_orders(pool, worker.desk.vault)),
        ("issues", "* * * * *", lambda: watch.look(pool, worker.desk.vault)),
        ("alerts", "* * * * *", lambda: alerts.send(pool, worker.desk.settings)),
        ("tidy_issues", "47 * * * *", lambda: watch.tidy(pool)),
        ("tidy_deliveries", "27 * * * *", lambda: tidy_deliveries(pool, log_days)),
        ("tidy_captures", "*/10 * * * *", lambda: capturing.tidy(pool)),
        ("tokens", "37 */6 * * *", lambda: upkeep.keep_tokens_alive(pool, accounts)),
    ):
        syncs.schedule(name, when, accepts_context=False)(worker.patient(act))

    async def stop() -> None:
        await worker.stopping.wait()
        syncs.shutdown.set()
        changes.shutdown.set()
        deliveries.shutdown.set()

    stopper = asyncio.create_task(stop())
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(syncs.sm.run())
            for queued, places in ((syncs, SYNCS_AT_ONCE), (changes, LIVE_AT_ONCE)):
                group.create_task(
                    queued.qm.run(
                        dequeue_timeout=POLL,
                        batch_size=places // 2,
                        max_concurrent_tasks=places,
                        heartbeat_timeout=HEARTBEAT,
                        shutdown_on_listener_failure=True,
                    )
                )
            group.create_task(
                deliveries.qm.run(
                    dequeue_timeout=POLL,
                    batch_size=50,
                    heartbeat_timeout=HEARTBEAT,
                    shutdown_on_listener_failure=True,
                )
            )
    except* Exception as failures:
        raise failures.exceptions[0] from None
    finally:
        stopper.cancel()


async def work(settings: Settings) -> None:
    """Run until told to stop."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with (
        open_desk(settings, "") as desk,
        listening(desk.ledger, settings.metrics_address),
        working(desk),
    ):
        garbage.calm()
        log.info("The worker is ready")
        await stopped.wait()
