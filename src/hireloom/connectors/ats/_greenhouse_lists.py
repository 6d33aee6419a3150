"""Greenhouse Harvest v3: how its three main tables are read: by what, and joined with what."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from hireloom import kit
from hireloom.connectors.ats import _greenhouse_finds as finds
from hireloom.connectors.ats import _greenhouse_joins as joins
from hireloom.connectors.ats._greenhouse_filters import (
    JOB_STATUS_FILTER,
    dated,
    for_applications,
    is_number,
    moves,
    narrowed,
    sections,
    sole,
)
from hireloom.connectors.ats._greenhouse_job_records import (
    GreenhouseJob,
)
from hireloom.connectors.ats._greenhouse_jobs import to_job
from hireloom.connectors.ats._greenhouse_people import to_candidate
from hireloom.connectors.ats._greenhouse_records import (
    GreenhouseApplication,
    GreenhouseCandidate,
)
from hireloom.connectors.ats._greenhouse_shapes import to_application
from hireloom.models import (
    Application,
    ApplicationQuery,
    Candidate,
    CandidateModel,
    CandidateQuery,
    Job,
    JobModel,
    JobQuery,
    Word,
)


class Row(Protocol):
    @property
    def id(self) -> int: ...

    @property
    def updated_at(self) -> datetime | None: ...


S = TypeVar("S", bound=Row)
M = TypeVar("M")


@dataclass(frozen=True, kw_only=True)
class Reading(Generic[S, M]):
    """A table, its parameters and what its pages are joined with, whichever way it is read.

    `find` finds out parameters before the first page; None: nothing can fit.
    """

    path: str
    shape: type[S]
    wanted: frozenset[Word]
    join: Callable[[list[S]], Awaitable[Sequence[M | None]]]
    params: Mapping[str, Any] = field(default_factory=dict)
    applied: frozenset[str] = frozenset()
    find: Callable[[], Awaitable[Mapping[str, str] | None]] | None = None
    size: int | None = None

    def pages(self, ats: kit.Connector) -> kit.Pages[M]:
        def listed(more: Mapping[str, str]) -> kit.Pages[M]:
            return ats.pages(
                self.path,
                self.shape,
                params={**self.params, **more},
                join=self.join,
                applied=self.applied,
                size=self.size,
            )

        return listed({}) if self.find is None else narrowed(listed, self.find, self.applied)

    async def joined(self, rows: list[S]) -> list[M]:
        return [one for one in await self.join(rows) if one is not None] if rows else []

    async def of(self, ats: kit.Connector, ids: Iterable[str]) -> list[M]:
        """The records of these ids that are there, whatever the filters say."""
        asked = {one for one in ids if is_number(one)}
        rows = await ats.look_up(self.path, self.shape, asked)
        return await self.joined([row for row in rows if str(row.id) in asked])


def jobs(ats: kit.Connector, query: JobQuery) -> Reading[GreenhouseJob, Job]:
    params, applied = dated(query)
    if word := sole(query.status, JOB_STATUS_FILTER):
        params["status"] = word
        applied.add("status")
    wanted = set(query.models or JobModel)
    if query.department_id:
        wanted.add(JobModel.DEPARTMENTS)
    if query.office_id:
        wanted.add(JobModel.OFFICES)

    async def join(found: list[GreenhouseJob]) -> list[Job | None]:
        look = await joins.job_tables(ats, [job for job in found if not job.is_template], wanted)
        return kit.mapped(found, lambda job: to_job(job, look))

    return Reading(
        path="/jobs",
        shape=GreenhouseJob,
        wanted=frozenset(wanted),
        join=join,
        params=params,
        applied=frozenset(applied),
    )


def candidates(
    ats: kit.Connector, query: CandidateQuery
) -> Reading[GreenhouseCandidate, Candidate]:
    """By one e-mail or one tag Greenhouse filters itself; a tag is spelt as it is there."""
    params, applied = dated(query)
    if len(query.email) == 1:
        params["email"] = query.email[0]
        applied.add("email")
    wanted = set(query.models or CandidateModel)
    if query.job_id:
        wanted.add(CandidateModel.INFO)

    async def join(found: list[GreenhouseCandidate]) -> list[Candidate | None]:
        look = await joins.candidate_tables(ats, found, wanted)
        return kit.mapped(found, lambda one: to_candidate(one, look))

    reading = Reading(
        path="/candidates",
        shape=GreenhouseCandidate,
        wanted=frozenset(wanted),
        join=join,
        params=params,
        applied=frozenset(applied),
    )
    if len(query.tag) != 1:
        return reading
    return replace(
        reading,
        find=lambda: finds.spelt(ats, query.tag[0]),
        applied=reading.applied | {"tag"},
    )


def applications(
    ats: kit.Connector, query: ApplicationQuery
) -> Reading[GreenhouseApplication, Application]:
    """Greenhouse has no filter by e-mail, tag or time of the last stage change.

    For an e-mail its owners are looked up first; for a stage change the history, since rejected and
    hired applications show no stage. `stage_ids` is not used: it is UNCONFIRMED which of the two
    kinds of stage ids it means (see `stage_id_of`).
    """
    params, applied = for_applications(query)
    wanted, moved = sections(query), moves(query)
    applied |= moved

    async def join(found: list[GreenhouseApplication]) -> list[Application | None]:
        kept = await joins.moved_within(ats, found, query) if moved else found
        look = await joins.application_tables(ats, kept, wanted)
        ids = {one.id for one in kept}
        return kit.mapped(found, lambda one: to_application(one, look) if one.id in ids else None)

    reading = Reading(
        path="/applications",
        shape=GreenhouseApplication,
        wanted=frozenset(wanted),
        join=join,
        params=params,
        applied=frozenset(applied),
        size=ats.paging.largest if moved else None,  # many of a page may not fit
    )
    if not query.candidate_email:
        return reading
    return replace(
        reading,
        find=lambda: finds.owners_of(ats, query),
        applied=reading.applied | {"candidate_email"},
    )


def whenever_moved(query: ApplicationQuery) -> ApplicationQuery:
    """The query without its window of stage changes."""
    return msgspec.structs.replace(query, changed_stage_after=None, changed_stage_before=None)
