"""A vendor's webhook touched records: read them again, compare, and put what changed.

It joins the syncs where they compare, so a webhook and a run never tell the same thing twice.
"""

from dataclasses import dataclass
from datetime import timedelta

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
from hireloom.store import queue, syncs
from hireloom.store.pool import Connection
from hireloom.sync.kinds import kind_of
from hireloom.sync.opening import open_sync
from hireloom.sync.reading import Batch, Reading

log = structlog.get_logger()

TRIP_SECONDS = 120.0
PAUSES = (2, 10, 60, 300, 900, 3600)  # seconds between tries while the vendor fails
SECOND_LOOK = timedelta(seconds=20)  # vendors tell of a change before their lists show it
ENTRYPOINT = "live"
SYNC_TYPE = "realtime"


class Touch(msgspec.Struct, frozen=True, array_like=True):
    """Records of one data type that were touched; how often that was tried and looked at."""

    data_type: str
    ids: tuple[str, ...]
    failures: int = 0
    looks: int = 0


def job(integration_id: str, touch: Touch, after: timedelta | None = None) -> queue.Job:
    of = msgspec.json.encode(touch).decode()
    return queue.Job(ENTRYPOINT, of, integration_id, after, once=False, priority=1)


def touch_of(text: str) -> Touch:
    return msgspec.json.decode(text.encode(), type=Touch)


@dataclass
class Live:
    pool: asyncpg.Pool
    accounts: Accounts

    async def work(self, integration_id: str, touch: Touch) -> None:
        """Read what was touched and tell what changed; try again later where the vendor fails."""
        try:
            if touch.data_type == DataType.CANDIDATES:
                await self._touch_applications(integration_id, touch)
            async with self.pool.acquire() as conn:
                sync = await syncs.find(conn, integration_id, touch.data_type)
            if sync is None:
                return
            opened = await open_sync(
                self.accounts, self.pool, sync, sync.models, sync_type=SYNC_TYPE
            )
            with travel(opened.reading.trip(TRIP_SECONDS)):
                batch = await opened.reading.get(touch.ids)
        except (IntegrationNotFoundError, IntegrationDeactivatedError):
            return
        except HireloomError as error:
            await self._later(integration_id, touch, error)
            return
        there = {record.info.id for record in batch.records}
        gone = tuple(id_ for id_ in touch.ids if id_ not in there)
        told = Batch(batch.records, batch.raws, batch.read_at, gone)
        async with self.pool.acquire() as conn, conn.transaction():
            counts = await opened.keeping.keep(conn, told)
            if not counts.emitted:
                await self._look_again(conn, integration_id, touch)

    async def _touch_applications(self, integration_id: str, touch: Touch) -> None:
        """Applications show their candidate, and not every vendor says whose they are."""
        async with self.pool.acquire() as conn:
            if await syncs.find(conn, integration_id, DataType.APPLICATIONS) is None:
                return
        account = await self.accounts.open(integration_id)
        kind = kind_of(DataType.CANDIDATES)
        reading = Reading(account.integration, kind, (CandidateModel.INFO,))
        with travel(reading.trip(TRIP_SECONDS)):
            candidates = (await reading.get(touch.ids)).records
        ids = [one for each in candidates for one in given(each.info.applications) or ()]
        if ids:
            also = Touch(DataType.APPLICATIONS, tuple(dict.fromkeys(ids)), looks=touch.looks)
            async with self.pool.acquire() as conn:
                await queue.put(conn, [job(integration_id, also)])

    async def _look_again(self, conn: Connection, integration_id: str, touch: Touch) -> None:
        if touch.looks == 0:
            again = msgspec.structs.replace(touch, looks=1)
            await queue.put(conn, [job(integration_id, again, SECOND_LOOK)])

    async def _later(self, integration_id: str, touch: Touch, error: HireloomError) -> None:
        if touch.failures >= len(PAUSES):
            log.warning("Records that a webhook touched were not read", code=error.code)
            return
        pause = timedelta(seconds=max(PAUSES[touch.failures], error.retry_after or 0.0))
        again = msgspec.structs.replace(touch, failures=touch.failures + 1)
        async with self.pool.acquire() as conn:
            await queue.put(conn, [job(integration_id, again, pause)])
