"""A vendor's webhook touched records: read them again, compare, and put what changed.

It joins the syncs where they compare, so a webhook and a run never tell the same thing twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import asyncpg
import msgspec
import structlog

from hireloom.accounts import Accounts
from hireloom.errors import (
    HireloomError,
    IntegrationDeactivatedError,
    IntegrationNotFoundError,
)
from hireloom.kit.trip import travel
from hireloom.models import CandidateModel, DataType, given
from hireloom.store import fingerprints, queue, runs, syncs
from hireloom.store.fingerprints import Known
from hireloom.store.pool import Connection
from hireloom.store.syncs import Sync
from hireloom.sync import lacking, native
from hireloom.sync.events import deletion_data
from hireloom.sync.keeping import DELETED
from hireloom.sync.kinds import kind_of
from hireloom.sync.opening import Opened, open_sync
from hireloom.sync.reading import Batch, Reading
from hireloom.sync.trouble import PERMANENT

log = structlog.get_logger()

TRIP_SECONDS = 120.0
PAUSES = (2, 10, 60, 300, 900, 3600)  # seconds between tries while the vendor fails
SECOND_LOOK = timedelta(seconds=20)  # vendors tell of a change before their lists show it
ENTRYPOINT = "live"
SYNC_TYPE = "realtime"


class Touch(msgspec.Struct, frozen=True, array_like=True):
    """Records of one data type that were touched; how often that was tried and looked at.

    Jobs of an older version may wait, so fields are only ever added, at the end.
    """

    data_type: str
    ids: tuple[str, ...]
    failures: int = 0
    looks: int = 0
    can_end: bool = False  # what happened may have been their deletion
    of_candidates: bool = False  # the ids are candidates', whose applications are meant


def job(integration_id: str, touch: Touch, after: timedelta | None = None) -> queue.Job:
    """One that waits stands for all that came since: what is read is read later than they came."""
    of = msgspec.json.encode(touch).decode()
    return queue.Job(ENTRYPOINT, of, integration_id, after, mark=integration_id, priority=1)


def touch_of(text: str) -> Touch:
    return msgspec.json.decode(text.encode(), type=Touch)


@dataclass
class Live:
    pool: asyncpg.Pool
    accounts: Accounts

    async def work(self, integration_id: str, touch: Touch) -> None:
        """Read what was touched and tell what changed; try again later where the vendor fails."""
        try:
            async with self.pool.acquire() as conn:
                sync = await syncs.find(conn, integration_id, touch.data_type)
            if sync is None:
                return
            if touch.of_candidates:
                await self._touch_applications(sync, touch)
                return
            look = await self._look(sync, touch)
        except (IntegrationNotFoundError, IntegrationDeactivatedError):
            return
        except HireloomError as error:
            await self._later(integration_id, touch, error)
            return
        async with self.pool.acquire() as conn, conn.transaction():
            await look.keep(conn)
            if look.is_doubtful and touch.looks == 0:
                again = msgspec.structs.replace(touch, looks=1)
                await queue.put(conn, [job(integration_id, again, SECOND_LOOK)])

    async def _look(self, sync: Sync, touch: Touch) -> "Look":
        """Without the models that the last run could not read, or that cannot be read now."""
        async with self.pool.acquire() as conn:
            before = await runs.last_complete(conn, sync)
        failed = {one["model"] for one in before.failed_models} if before else set()
        models = [one for one in sync.models if one not in failed] or sync.models
        try:
            return await self._read(sync, touch, models)
        except PERMANENT:
            opened = await self._opened(sync, models)
            failing = await lacking.failing(opened, models, TRIP_SECONDS)
            rest = [one for one in models if one not in failing]
            if not (failing and rest):
                raise
        return await self._read(sync, touch, rest)

    async def _read(self, sync: Sync, touch: Touch, models: list[str]) -> "Look":
        opened = await self._opened(sync, models)
        with travel(opened.reading.trip(TRIP_SECONDS)):
            return Look(opened, touch, await opened.reading.get(touch.ids))

    async def _opened(self, sync: Sync, models: list[str]) -> Opened:
        return await open_sync(self.accounts, self.pool, sync, models, sync_type=SYNC_TYPE)

    async def _touch_applications(self, sync: Sync, touch: Touch) -> None:
        """Applications show their candidate, and not every vendor says whose they are."""
        account = await self.accounts.open(sync.integration_id)
        kind = kind_of(DataType.CANDIDATES)
        reading = Reading(account.integration, kind, (CandidateModel.INFO,))
        with travel(reading.trip(TRIP_SECONDS)):
            candidates = (await reading.get(touch.ids)).records
        there = {each.info.id for each in candidates}
        gone = [one for one in touch.ids if one not in there]
        left = [one for each in candidates for one in given(each.info.applications) or ()]
        async with self.pool.acquire() as conn, conn.transaction():
            lost = await fingerprints.children(conn, sync.number, gone) if gone else []
            also = [
                Touch(DataType.APPLICATIONS, tuple(dict.fromkeys(ids)), can_end=can_end)
                for ids, can_end in ((left, False), (lost, True))
                if ids
            ]
            if not also and touch.looks == 0:
                again = msgspec.structs.replace(touch, looks=1)
                await queue.put(conn, [job(sync.integration_id, again, SECOND_LOOK)])
            await queue.put(conn, [job(sync.integration_id, one) for one in also])

    async def _later(self, integration_id: str, touch: Touch, error: HireloomError) -> None:
        if touch.failures >= len(PAUSES):
            log.warning(
                "Records that a webhook touched were not read",
                integration_id=integration_id,
                code=error.code,
            )
            return
        pause = timedelta(seconds=max(PAUSES[touch.failures], error.retry_after or 0.0))
        again = msgspec.structs.replace(touch, failures=touch.failures + 1)
        async with self.pool.acquire() as conn:
            await queue.put(conn, [job(integration_id, again, pause)])


@dataclass
class Look:
    """What was found of the records that a webhook touched."""

    opened: Opened
    touch: Touch
    batch: Batch
    is_doubtful: bool = field(default=False, init=False)  # nothing, or less than it should be

    @property
    def gone(self) -> tuple[str, ...]:
        there = {record.info.id for record in self.batch.records}
        return tuple(one for one in self.touch.ids if one not in there)

    async def keep(self, conn: Connection) -> None:
        """Compare and tell, in the caller's transaction.

        Nobody deleted a record that is missing after another event: it takes a second look to
        believe that it is gone.
        """
        number, read_at = self.opened.sync.number, self.batch.read_at
        await fingerprints.lock(conn, number)
        is_sure = self.touch.can_end or self.touch.looks > 0
        known = await fingerprints.known(conn, number, self.touch.ids)
        ended = [
            one
            for one in self.gone
            if is_sure and (one not in known or known[one].read_at <= read_at)
        ]
        told = replace(self._judgeable(known), gone=tuple(ended))
        keeping = self.opened.keeping
        counts = await keeping.keep(conn, told)
        # A page that was read before, and is kept only now, must not bring them back.
        await keeping.keep_back(conn, ended, read_at)
        unknown = [one for one in ended if one not in known] if self._tells_unknown else []
        await self._tell(conn, unknown)
        missing = bool(self.gone) and not is_sure
        self.is_doubtful = missing or not (counts.emitted or unknown)

    def _judgeable(self, known: Mapping[str, Known]) -> Batch:
        """By id no vendor filters: what only its lists can judge waits until a run brings it."""
        sync = self.opened.sync
        query = native.parse(DataType(sync.data_type), sync.native_filter or {})
        verdict = native.judged(query)
        places = [
            at
            for at, one in enumerate(self.batch.records)
            if one.info.id in known or (not sync.passthrough_filter and verdict.fits(one))
        ]
        raws = self.batch.raws
        return replace(
            self.batch,
            records=[self.batch.records[at] for at in places],
            raws=None if raws is None else [raws[at] for at in places],
        )

    @property
    def _tells_unknown(self) -> bool:
        """Where no run has told of all records there are, who listens may know them otherwise."""
        sync = self.opened.sync
        filters = (sync.native_filter, sync.passthrough_filter, sync.virtual_filter)
        return self.touch.can_end and sync.completed_at is None and not any(filters)

    async def _tell(self, conn: Connection, ids: Sequence[str]) -> None:
        keeping, now = self.opened.keeping, datetime.now(UTC)
        events = [
            keeping.sender.event(
                "record.deleted",
                deletion_data(self.opened.kind, one, (), DELETED),
                now,
                record_id=one,
            )
            for one in ids
        ]
        await keeping.put(conn, events)
