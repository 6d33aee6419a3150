"""Background jobs: rows of PgQueuer's table, put there in the transaction that made them necessary.

A job says where to look, never what to do with it: the row that it names (a run, a webhook) is the
truth, so a job too many does nothing and a job that comes twice does no harm. Its payload begins
with the id of the integration that it belongs to, or with a dash, and holds no person's data.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from pgqueuer import models
from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries

from hireloom.store.pool import Connection

NOBODY = "-"
_JSON_ARRAYS = re.compile(r"\$(\d+)::jsonb\[\]", re.IGNORECASE)


@dataclass(frozen=True)
class Job:
    entrypoint: str
    of: str  # what it is about: the id of a run, of a webhook
    integration_id: str = NOBODY
    after: timedelta | None = None
    once: bool = True  # nothing is put where the same job waits already
    mark: str = ""  # tells jobs apart that are about the same and wait for different reasons
    priority: int = 0

    @property
    def payload(self) -> bytes:
        return f"{self.integration_id} {self.of}".encode()

    @property
    def key(self) -> str | None:
        return f"{self.entrypoint} {self.of} {self.mark}".rstrip() if self.once else None


def read_payload(payload: bytes | None) -> tuple[str, str]:
    """The integration's id (or a dash), and what the job is about."""
    integration_id, _, of = (payload or b"").decode().partition(" ")
    return integration_id, of


class _Driver(AsyncpgDriver):
    """PgQueuer writes JSON as text, while our connections take plain values (`pool.prepare`)."""

    async def fetch(self, query: str, *args: Any) -> list[dict[str, Any]]:
        values = list(args)
        for number in {int(found) - 1 for found in _JSON_ARRAYS.findall(query)}:
            values[number] = [
                None if text is None else msgspec.json.decode(text) for text in values[number]
            ]
        return await super().fetch(query, *values)


async def put(conn: Connection, jobs: Sequence[Job]) -> None:
    """Enqueue in the caller's transaction; who waits for jobs is told when it commits."""
    if not jobs:
        return
    await Queries(_Driver(conn)).enqueue(
        [job.entrypoint for job in jobs],
        [job.payload for job in jobs],
        [job.priority for job in jobs],
        [job.after for job in jobs],
        [job.key for job in jobs],
        on_conflict="skip",
    )


BRING_FORWARD = """
update pgqueuer set execute_after = now() + $2::interval
 where dedupe_key = $1 and status = 'queued' and execute_after > now() + $2::interval
"""


async def put_by(conn: Connection, job: Job) -> None:
    """Enqueue a job that waits once; where it waits for a later time already, it comes forward."""
    await put(conn, [job])
    await conn.execute(BRING_FORWARD, job.key, job.after or timedelta())


TAKEN = "update pgqueuer set dedupe_key = null where id = $1 and dedupe_key is not null"


async def taken(conn: Connection, job_id: int) -> None:
    """A job begins: from now on the same one may be put again, so that nothing goes unnoticed."""
    await conn.execute(TAKEN, job_id)


def has_waited(job: models.Job) -> bool:
    """Whether it was put for later; one for now has the time at which it was put."""
    return job.execute_after > job.created


INSTALLED = "select obj_description(to_regclass('pgqueuer'))"


async def is_ready(conn: Connection, version: str) -> bool:
    """Whether PgQueuer's tables are those of the version that is installed."""
    return bool(await conn.fetchval(INSTALLED) == _note(version))


async def prepare(conn: Connection, version: str) -> None:
    """Make PgQueuer's tables, or bring them to its installed version.

    Its upgrade adds and never rewrites, so workers of the version before go on meanwhile. The
    connection is a plain one, outside a transaction.
    """
    if await is_ready(conn, version):
        return
    queries = Queries(AsyncpgDriver(conn))
    if await conn.fetchval("select to_regclass('pgqueuer') is null"):
        await queries.install()
    else:
        await queries.upgrade()
    await queries.optimize_autovacuum()
    await conn.execute(f"comment on table pgqueuer is '{_note(version)}'")


def _note(version: str) -> str:
    return f"pgqueuer {version}"


TIDY = "delete from pgqueuer_log where created < now() - $1::interval"
TIDY_STATISTICS = "delete from pgqueuer_statistics where created < now() - $1::interval"


async def tidy(conn: Connection, keep: timedelta) -> None:
    """Drop what PgQueuer noted of jobs that are done."""
    await conn.execute(TIDY, keep)
    await conn.execute(TIDY_STATISTICS, keep)


class Backlog(msgspec.Struct, frozen=True):
    waiting: int  # jobs whose time has come
    oldest: float  # seconds that the first of them has waited
    workers: int  # that were seen in the last minute


BACKLOG = """
select count(*) filter (where status = 'queued' and execute_after < now()) as waiting,
       coalesce(extract(epoch from now() - min(execute_after) filter (
           where status = 'queued' and execute_after < now()
       )), 0)::float8 as oldest,
       count(distinct queue_manager_id) filter (
           where heartbeat > now() - interval '1 minute'
       ) as workers
  from pgqueuer
"""


async def backlog(conn: Connection) -> Backlog:
    """How far the workers are behind."""
    row = await conn.fetchrow(BACKLOG)
    return Backlog(row["waiting"], row["oldest"], row["workers"])
