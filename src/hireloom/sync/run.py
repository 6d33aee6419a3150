"""A run of a sync: read, sweep, settle, finish, in slices that any worker may go on with.

A slice ends after a while, even in the middle, and puts the run at the end of the queue: so many
accounts share few workers fairly, and a worker that is told to stop stops soon. Whatever a slice
did is committed page by page, so a worker that dies loses at most a page's reading.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

import asyncpg
import msgspec
import structlog

from hireloom.accounts import Accounts
from hireloom.deliver.consumed import tell_consumed
from hireloom.errors import (
    HireloomError,
    IntegrationNotFoundError,
    InternalError,
    MassDeletionError,
    RunNotFoundError,
    SyncNotFoundError,
    UnexpectedAnswerError,
)
from hireloom.kit import Since
from hireloom.kit.trip import Trip, travel
from hireloom.logs import described
from hireloom.store import fingerprints, integrations, queue, runs, syncs
from hireloom.store.pool import LOST_CONNECTION, Connection, is_lost
from hireloom.store.problems import StartError
from hireloom.store.runs import NotHeldError, Progress, Run, Step
from hireloom.sync import ending, lacking
from hireloom.sync.calling import Caller
from hireloom.sync.keeping import Counts
from hireloom.sync.opening import Opened, open_sync
from hireloom.sync.reading import Batch
from hireloom.sync.starting import job
from hireloom.sync.trouble import PERMANENT, Decision, Remedy, decide, told

log = structlog.get_logger()

SLICE_SECONDS = 20.0
TRIP_SECONDS = 300.0  # how long a page's calls may wait for the vendor's limit
LEASE = timedelta(seconds=4)  # as long as a run of a killed worker waits; a late one is fenced off
RENEW_SECONDS = 1.0
AT_ONCE = 50  # records that a sweep found wanting, read again together
BY_MODEL = frozenset({"read", "settle"})  # steps that can go on without one
MOST_DELETIONS = 3  # a sweep that would delete more than one of so many stops and asks


@dataclass
class Slice:
    """One worker's turn at a run."""

    run: Run
    opened: Opened
    trip: Trip
    caller: Caller
    ends: float
    calls: int = 0

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.ends

    def spent(self) -> int:
        """The calls to the vendor since this was last asked."""
        since, self.calls = self.trip.calls - self.calls, self.trip.calls
        return since

    @property
    def is_filtered(self) -> bool:
        """Whether the vendor's list may leave out what there is."""
        sync = self.opened.sync
        return bool(sync.native_filter or sync.passthrough_filter)

    def unread(self, ids: Collection[str]) -> set[str]:
        """Those of the records that are there, but could not be read, as far as that is known."""
        found = {one.id for one in self.trip.set_aside}
        return set(ids) if None in found else set(ids) & found

    def unreadable(self) -> int:
        count = len(self.trip.set_aside)
        self.trip.set_aside.clear()
        return count

    def counted(self, progress: Progress, counts: Counts) -> Progress:
        """With what was told, and what it cost."""
        told_of = {"processed": counts.processed, "emitted": counts.emitted}
        kinds = {"added": counts.added, "modified": counts.modified, "deleted": counts.deleted}
        cost = {"unreadable": self.unreadable(), "upstream_calls": self.spent()}
        return msgspec.structs.replace(progress, **told_of, **kinds, **cost)


@dataclass
class Runner:
    """Carries out runs; one per process, made by a root."""

    pool: asyncpg.Pool
    accounts: Accounts
    holder: str  # names this process
    stopping: asyncio.Event
    report: Callable[[str], None]  # of each slice: done, or the code of what stopped it
    _busy: dict[str, bool] = field(default_factory=dict)  # runs; whether another job is wanted

    async def work(self, integration_id: str, run_id: str) -> None:
        """One slice of a run; a job for the next is put where it is not over."""
        if run_id in self._busy:
            self._busy[run_id] = True  # it may be the job that the turn under way has just put
            return
        self._busy[run_id] = False
        try:
            async with self.pool.acquire() as conn:
                run = await runs.hold(conn, integration_id, run_id, self.holder, LEASE)
                if run is None and await runs.is_open(conn, integration_id, run_id):
                    # Whoever holds it may have died: look again when the lease is over.
                    await queue.put(conn, [job(integration_id, run_id, LEASE, mark="watch")])
            if run is not None:
                await self._turn(run)
        except NotHeldError:
            log.info("A run was taken over, stopped or begun anew", run_id=run_id)
            self._busy[run_id] = True
        finally:
            wants_another = self._busy.pop(run_id)
        if wants_another:
            async with self.pool.acquire() as conn, conn.transaction():
                await self._next(conn, integration_id, run_id)

    async def _next(self, conn: Connection, integration_id: str, run_id: str) -> None:
        """A job for the next slice, where there is one."""
        if await runs.is_open(conn, integration_id, run_id):
            await queue.put(conn, [job(integration_id, run_id)])

    async def _turn(self, run: Run) -> None:
        with suppress(IntegrationNotFoundError, SyncNotFoundError, RunNotFoundError):
            # Deleted meanwhile, and this run with it.
            async with self._holding(run):
                error = await self._tried(run)
                self.report("done" if error is None else error.code)
                if error is not None:
                    async with self.pool.acquire() as conn:
                        run = await runs.get(conn, run.integration_id, run.id)
                    await self._remedy(run, error, decide(run, error))

    async def _tried(self, run: Run) -> HireloomError | None:
        """A slice; what stopped it, where it was stopped."""
        try:
            await self._slice(run)
        except (IntegrationNotFoundError, SyncNotFoundError, RunNotFoundError, NotHeldError):
            raise
        except HireloomError as failure:
            return failure
        except Exception as defect:
            if is_lost(defect):
                raise
            log.error("A defect in a sync", run_id=run.id, **described(defect))
            return InternalError("Something went wrong inside Hireloom during this sync")
        return None

    @asynccontextmanager
    async def _holding(self, run: Run) -> AsyncIterator[None]:
        """Keep the lease while the work goes on, however long a vendor takes."""

        async def renew() -> None:
            while True:
                await asyncio.sleep(RENEW_SECONDS)
                with suppress(*LOST_CONNECTION, StartError, TimeoutError):
                    async with self.pool.acquire(timeout=RENEW_SECONDS) as conn:
                        await runs.keep(conn, run.integration_id, run.id, self.holder, LEASE)

        renewing = asyncio.create_task(renew())
        try:
            yield
        finally:
            renewing.cancel()

    # Slices.

    async def _slice(self, run: Run) -> None:
        async with self.pool.acquire() as conn:
            sync = await syncs.get(conn, run.integration_id, run.sync_id)
        opened = await open_sync(
            self.accounts, self.pool, sync, run.models, run_id=run.id, sync_type=run.kind
        )
        trip = opened.reading.trip(TRIP_SECONDS)
        trip.execution_id = run.id
        caller = Caller(self.pool, opened.keeping)
        turn = Slice(run, opened, trip, caller, time.monotonic() + SLICE_SECONDS)
        with travel(trip):
            async with turn.caller:
                await self._walk(turn)
        async with self.pool.acquire() as conn, conn.transaction():
            await runs.release(conn, run.integration_id, run.id, self.holder)
            await self._next(conn, run.integration_id, run.id)

    async def _walk(self, turn: Slice) -> None:
        steps: dict[Step, Callable[[Slice], Awaitable[None]]] = {
            "read": self._read,
            "sweep": self._sweep,
            "settle": self._settle,
            "finish": self._finish,
        }
        while turn.run.state == "running" and not (turn.is_over or self.stopping.is_set()):
            try:
                await steps[turn.run.step](turn)
            except PERMANENT as error:
                if turn.run.step not in BY_MODEL or not await self._left_out(turn, error):
                    raise error from None
                break
            await self._refresh(turn)

    async def _refresh(self, turn: Slice) -> None:
        async with self.pool.acquire() as conn:
            turn.run = await runs.get(conn, turn.run.integration_id, turn.run.id)

    # Read.

    async def _read(self, turn: Slice) -> None:
        run, reading = turn.run, turn.opened.reading
        if run.cursor is None and run.kind == "delta_sync" and await self._changed_models(turn):
            return
        pages = None
        if run.kind == "delta_sync" and run.since is not None:
            pages = reading.changed(Since(run.since, run.marks_before))
        is_whole = pages is None
        pages = reading.whole() if pages is None else pages
        collects = run.sweeps and is_whole and reading.ids() is None and not turn.is_filtered
        async for batch in reading.batches(pages, run.cursor):
            step: Step = "read"
            if batch.next is None:
                step = self._after_reading(turn, collects=collects)
            await self._keep(turn, batch, step, collects=collects)
            if batch.next is None or turn.is_over or self.stopping.is_set():
                return

    def _after_reading(self, turn: Slice, *, collects: bool) -> Step:
        if turn.run.sweeps and turn.opened.reading.ids() is not None:
            return "sweep"
        return "settle" if collects else "finish"

    async def _keep(self, turn: Slice, batch: Batch, step: Step, *, collects: bool = False) -> None:
        """One page: its prints, its events and the place in the list, or none of them."""
        run = turn.run
        async with self.pool.acquire() as conn, conn.transaction():
            counts = await turn.opened.keeping.keep(conn, batch, wakes=False)
            ids = [record.info.id for record in batch.records] if collects else []
            if ids:
                await fingerprints.sweep(conn, run.number, ids)
            progress = Progress(step=step, cursor=batch.next, marks=batch.marks, listed=len(ids))
            await runs.advance(conn, run, self.holder, turn.counted(progress, counts))
        if counts.emitted:
            turn.caller.note()

    # Sweep.

    async def _sweep(self, turn: Slice) -> None:
        """Note every id there is; what is missing among them may have been deleted."""
        run, pages = turn.run, turn.opened.reading.ids()
        if pages is None:  # the ids come with the records
            async with self.pool.acquire() as conn:
                await runs.begin_again(conn, run, self.holder, "read")
            return
        async for page in pages.after(run.cursor):
            async with self.pool.acquire() as conn, conn.transaction():
                await fingerprints.sweep(conn, run.number, page.records)
                progress = Progress(
                    step="settle" if page.next is None else "sweep",
                    cursor=page.next,
                    listed=len(page.records),
                    upstream_calls=turn.spent(),
                )
                await runs.advance(conn, run, self.holder, progress)
            if page.next is None or turn.is_over or self.stopping.is_set():
                return

    # Settle.

    async def _settle(self, turn: Slice) -> None:
        run, number = turn.run, turn.opened.sync.number
        async with self.pool.acquire() as conn:
            if await fingerprints.swept(conn, run.number) < run.listed:
                # The list of ids is not crash-safe: without all of it nothing may be deleted.
                await runs.begin_again(conn, run, self.holder, self._sweeping(turn))
                return
            before = (run.sweep_started_at or run.started_at or run.created_at).timestamp()
            missing, total = await fingerprints.count_missing(conn, number, run.number, before)
        if missing * MOST_DELETIONS > total and not run.allow_deletes:
            raise MassDeletionError(
                f"{missing:,} of the {total:,} records of this sync are no longer in the ATS;"
                " more than a third, so none of them was reported as deleted"
            )
        while not (turn.is_over or self.stopping.is_set()):
            if not await self._settle_some(turn, before):
                return

    def _sweeping(self, turn: Slice) -> Step:
        return "read" if turn.opened.reading.ids() is None else "sweep"

    async def _settle_some(self, turn: Slice, before: float) -> bool:
        """Read again some that are missing or unknown; False when none is left."""
        run, reading, number = turn.run, turn.opened.reading, turn.opened.sync.number
        async with self.pool.acquire() as conn:
            gone = await fingerprints.missing(conn, number, run.number, before, AT_ONCE)
            new: list[str] = []
            if not gone and not turn.is_filtered and reading.gets_by_id:
                new = await fingerprints.unknown(conn, number, run.number, AT_ONCE)
        if not gone and not new:
            async with self.pool.acquire() as conn, conn.transaction():
                await runs.drop_swept(conn, run)
                await runs.advance(conn, run, self.holder, Progress(step="finish"))
            return False
        wanted = gone or new
        batch = await self._got(turn, wanted) if reading.gets_by_id else Batch([], None, before)
        there = {record.info.id for record in batch.records}
        unread = turn.unread(wanted) - there
        absent = [id_ for id_ in wanted if id_ not in there | unread]
        async with self.pool.acquire() as conn, conn.transaction():
            if gone:
                counts = await turn.opened.keeping.keep(conn, replace(batch, gone=tuple(absent)))
                await fingerprints.sweep(conn, run.number, sorted(there | unread))
            else:
                counts = await turn.opened.keeping.keep(conn, batch)
                await turn.opened.keeping.keep_back(conn, [*absent, *unread], batch.read_at)
            listed = len(there | unread) if gone else 0
            progress = Progress(step="settle", listed=listed)
            await runs.advance(conn, run, self.holder, turn.counted(progress, counts))
        return True

    async def _got(self, turn: Slice, ids: Sequence[str]) -> Batch:
        """Records by their ids; where one cannot be understood for good, the others."""
        try:
            return await turn.opened.reading.get(ids)
        except UnexpectedAnswerError:
            if turn.run.failures < lacking.TRIES:
                raise
            return await turn.opened.reading.get_readable(ids)

    # The end.

    async def _finish(self, turn: Slice) -> None:
        async with self.pool.acquire() as conn, conn.transaction():
            await integrations.hold(conn, turn.run.integration_id)
            run = await ending.complete(conn, turn.run, self.holder, turn.opened)
            await tell_consumed(conn, self.accounts.vault, run.integration_id, run.id)

    async def _remedy(self, run: Run, error: HireloomError, decision: Decision) -> None:
        log.info(
            "A sync was interrupted", run_id=run.id, code=error.code, remedy=decision.remedy.value
        )
        async with self.pool.acquire() as conn, conn.transaction():
            await integrations.hold(conn, run.integration_id)
            if decision.remedy in {Remedy.FAIL, Remedy.STOP}:
                await ending.fail(conn, self.accounts, run, self.holder, error)
                return
            if decision.remedy is Remedy.FULL:
                await runs.become_full(conn, run, self.holder)
            elif decision.remedy is Remedy.BEGIN:
                await runs.begin_again(conn, run, self.holder, run.step)
            if await runs.failed_once(conn, run, self.holder, told(error)) is not None:
                await queue.put(conn, [job(run.integration_id, run.id, decision.after)])

    # Models that cannot be read.

    async def _left_out(self, turn: Slice, error: HireloomError) -> bool:
        """Find the models whose reading fails, and go on without them; False where it is all."""
        if isinstance(error, UnexpectedAnswerError) and turn.run.failures < lacking.TRIES:
            return False
        failing = await lacking.failing(turn.opened, turn.run.models, TRIP_SECONDS)
        rest = [one for one in turn.run.models if one not in failing]
        if failing and rest:
            await self._go_on_without(turn, failing)
        return bool(failing and rest)

    async def _changed_models(self, turn: Slice) -> bool:
        """What could not be read in the run before was not followed since. Where it can be now,

        this run reads everything; where not, it goes on without. True where the run was changed.
        """
        async with self.pool.acquire() as conn:
            before = await runs.last_complete(conn, turn.opened.sync)
        failed = [] if before is None else [one["model"] for one in before.failed_models]
        failed = [one for one in failed if one in turn.run.models]
        if not failed:
            return False
        failing = await lacking.failing(turn.opened, failed, TRIP_SECONDS)
        if len(failing) < len(failed):
            async with self.pool.acquire() as conn:
                await runs.become_full(conn, turn.run, self.holder)
        if failing:
            await self._go_on_without(turn, failing)
        turn.ends = 0.0  # the next slice opens the sync with the models that are left
        return True

    async def _go_on_without(self, turn: Slice, failing: Mapping[str, HireloomError]) -> None:
        log.warning("Models are left out of a sync", run_id=turn.run.id, models=sorted(failing))
        rest = [one for one in turn.run.models if one not in failing]
        why = [{"model": model, **told(error)} for model, error in failing.items()]
        async with self.pool.acquire() as conn:
            await runs.leave_out(conn, turn.run, self.holder, rest, why)
