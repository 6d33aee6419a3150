"""Reading Ashby's jobs: lists, records by id, and what changed."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

import msgspec

from hireloom import kit
from hireloom.connectors.ats._ashby_changes import (
    AshbyChangedDepartment,
    AshbyChangedLocation,
    AshbyChangedOpening,
    AshbyChangedPlan,
    AshbyChangedPosting,
    AshbyChanges,
    ids_of,
    is_before,
    onward,
    opening_changed_at,
    updated_at,
)
from hireloom.connectors.ats._ashby_company import JOB_STATUSES, JobTables, to_job
from hireloom.connectors.ats._ashby_lists import of_ids, spread
from hireloom.connectors.ats._ashby_lookups import FEW
from hireloom.connectors.ats._ashby_shapes import (
    AshbyDepartment,
    AshbyJob,
    AshbyKnown,
    AshbyLocation,
    AshbyPosting,
)
from hireloom.models import Job, JobModel, JobQuery, JobStatus

R = TypeVar("R", AshbyChangedDepartment, AshbyChangedLocation, AshbyChangedPlan)

WHOLE_POSTING = {JobModel.COMPENSATION, JobModel.QUESTIONS}
OPENINGS = ["openings"]
ARCHIVED = {"includeArchived": True}


class AshbyJobs(AshbyChanges):
    def list_jobs(self, query: JobQuery) -> kit.Pages[Job]:
        """`status` is always sent. UNCONFIRMED: without it drafts are left out."""
        return self.pages(
            "/job.list",
            AshbyJob,
            join=partial(self._jobs, frozenset(query.models)),
            body={"status": status_words(query) or list(JOB_STATUSES), "expand": OPENINGS},
            applied={"status"} if status_words(query) else (),
        )

    async def get_job(self, job_id: str) -> Job:
        return (await self._jobs(frozenset(JobModel), [await self._job(job_id)]))[0]

    async def get_jobs(self, ids: Sequence[str], query: JobQuery) -> list[Job]:
        """With their postings read anew: these are what changed most probably."""
        jobs = await self._those(ids, self._job)
        return await self._jobs(frozenset(query.models), jobs, again=True)

    def list_job_ids(self) -> kit.Pages[str]:
        body = {"status": list(JOB_STATUSES)}
        size = self.paging.largest
        return self.pages("/job.list", AshbyKnown, lambda job: job.id, body=body, size=size)

    async def _job(self, job_id: str) -> AshbyJob:
        return await self.ask("/job.info", {"id": job_id, "expand": OPENINGS}, AshbyJob)

    # What a job only refers to.

    async def _jobs(
        self, models: frozenset[JobModel], jobs: list[AshbyJob], *, again: bool = False
    ) -> list[Job]:
        """Stages cost a call per plan, pay and questions one per posting: only when asked for.

        `again`: postings are read whether they are remembered or not.
        """
        tables = JobTables(
            departments=await self._departments(jobs, models),
            locations=await self._locations(jobs, models),
            postings=await self._postings(jobs, models, again=again),
            are_whole=bool(models & WHOLE_POSTING),
            plans=await self._plans(one for job in jobs for one in job.plan_ids)
            if JobModel.STAGES in models
            else None,
        )
        return [to_job(job, tables) for job in jobs]

    async def _departments(
        self, jobs: list[AshbyJob], models: frozenset[JobModel]
    ) -> Mapping[str, AshbyDepartment]:
        if not wants(models, JobModel.DEPARTMENTS):
            return {}
        return await self.remember(
            "departments",
            (job.department_id for job in jobs),
            lambda _: self.everything("/department.list", AshbyDepartment, body=ARCHIVED),
        )

    async def _locations(
        self, jobs: list[AshbyJob], models: frozenset[JobModel]
    ) -> Mapping[str, AshbyLocation]:
        if not wants(models, JobModel.OFFICES):
            return {}
        return await self.remember(
            "locations",
            (one for job in jobs for one in locations_of(job)),
            lambda _: self.everything("/location.list", AshbyLocation, body=ARCHIVED),
        )

    async def _postings(
        self, jobs: list[AshbyJob], models: frozenset[JobModel], *, again: bool
    ) -> Mapping[str, AshbyPosting] | None:
        if not wants_postings(models):
            return None
        ids = [one for job in jobs for one in job.job_posting_ids or ()]
        table = "whole postings" if models & WHOLE_POSTING else "postings"
        fetch = self._whole_postings if models & WHOLE_POSTING else self._listed_postings
        if again and ids:
            return self._renew(table, await fetch(ids))
        return await self.remember(table, ids, fetch)

    async def _listed_postings(self, ids: list[str]) -> list[AshbyPosting]:
        return await self._whole("/jobPosting.list", AshbyPosting)

    async def _whole_postings(self, ids: list[str]) -> list[AshbyPosting]:
        return await self._found(
            self.ask("/jobPosting.info", {"jobPostingId": one}, AshbyPosting) for one in ids
        )

    # Changes.

    def list_changed_jobs(self, since: kit.Since, query: JobQuery) -> kit.Pages[Job]:
        token = since.marks.get(kit.MAIN)
        if token is None:
            return kit.in_turn({kit.MAIN: self.list_jobs(query)})
        main = self._jobs_where(query, token=token)
        return kit.in_turn({kit.MAIN: main, **self._jobs_around(since, query)})

    def _jobs_around(self, since: kit.Since, query: JobQuery) -> dict[str, kit.Pages[Job]]:
        """Of the tables that jobs show, those whose sections are wanted."""
        models, lists = frozenset(query.models), dict[str, kit.Pages[Job]]()
        if wants(models, JobModel.INFO):
            openings = self._changed(
                "openings", "/opening.list", AshbyChangedOpening, since, opening_changed_at
            )
            ids = ids_of(openings, lambda one: one.job_ids)
            lists["openings"] = of_ids(ids, partial(self.get_jobs, query=query))
        if wants_postings(models):
            lists["postings"] = self._jobs_of_postings(since, query)
        if wants(models, JobModel.DEPARTMENTS):
            lists["departments"] = self._jobs_of(
                self._reference("departments", "/department.list", AshbyChangedDepartment, since),
                query,
                self._new_departments,
                lambda job: (job.department_id,),
            )
        if wants(models, JobModel.OFFICES):
            lists["locations"] = self._jobs_of(
                self._reference("locations", "/location.list", AshbyChangedLocation, since),
                query,
                self._new_locations,
                locations_of,
            )
        if wants(models, JobModel.STAGES):
            # UNCONFIRMED that a plan changes with its stages, which tell no time themselves.
            lists["plans"] = self._jobs_of(
                self._reference("plans", "/interviewPlan.list", AshbyChangedPlan, since),
                query,
                self._new_plans,
                lambda job: job.plan_ids,
            )
        return lists

    def _reference(self, name: str, path: str, shape: type[R], since: kit.Since) -> kit.Pages[R]:
        return self._changed(name, path, shape, since, updated_at, body=ARCHIVED)

    async def _new_departments(self, rows: list[AshbyChangedDepartment]) -> None:
        self._renew("departments", rows)

    async def _new_locations(self, rows: list[AshbyChangedLocation]) -> None:
        self._renew("locations", rows)

    async def _new_plans(self, rows: list[AshbyChangedPlan]) -> None:
        self._renew("plans", await self._fetch_plans([row.id for row in rows]))

    def _jobs_where(
        self,
        query: JobQuery,
        fits: Callable[[AshbyJob], bool] = lambda _: True,
        *,
        token: str | None = None,
        again: bool = False,
    ) -> kit.Pages[Job]:
        """Of the list of jobs, or of its changes, those that fit."""
        models = frozenset(query.models)

        async def join(page: list[AshbyJob]) -> list[Job]:
            return await self._jobs(models, [job for job in page if fits(job)], again=again)

        body = {
            "status": status_words(query) or list(JOB_STATUSES),
            "expand": OPENINGS,
            "syncToken": token,
        }
        size = FEW if again else self.paging.largest
        return spread(self.pages("/job.list", AshbyJob, body=body, size=size), join)

    def _jobs_of(
        self,
        rows: kit.Pages[R],
        query: JobQuery,
        renew: Callable[[list[R]], Awaitable[None]],
        refers: Callable[[AshbyJob], Iterable[str | None]],
    ) -> kit.Pages[Job]:
        """The jobs that refer to changed rows of a table. No list of jobs can be asked for those,

        so where there are any, all jobs are listed; what is left to do stands in the cursor.
        """

        async def fetch(cursor: str | None) -> kit.Page[Job]:
            ids, inner, following = walk_of(cursor)
            seen: kit.Page[R] = kit.Page([])
            if not ids:
                seen = await rows.fetch(following)
                ids, following = [row.id for row in seen.records], seen.next
                await renew(seen.records)
            page: kit.Page[Job] = kit.Page([])
            if ids:
                changed = set(ids)
                walk = self._jobs_where(query, lambda job: not changed.isdisjoint(refers(job)))
                page = await walk.fetch(inner)
            ahead = (ids, page.next, following) if page.next else ([], None, following)
            on = msgspec.json.encode(ahead).decode() if page.next or following else None
            return kit.Page(page.records, on, sync_token=seen.sync_token)

        return kit.Pages(fetch)

    def _jobs_of_postings(self, since: kit.Since, query: JobQuery) -> kit.Pages[Job]:
        """jobPosting.list has no token, and only what is published. Its mark is which those were:

        of one that is gone nobody knows the job, so all of them are read.
        """
        before = since.marks.get("postings")
        again = bool(WHOLE_POSTING.intersection(query.models))

        async def look() -> kit.Page[Job]:
            listed = await self._whole("/jobPosting.list", AshbyChangedPosting)
            self._renew("postings", listed)
            now = {fingerprint(one.id): one for one in listed}
            known = set((before or "").split()[1:])
            ids = {
                one.job_id
                for print_, one in now.items()
                if print_ not in known or not is_before(since.at, updated_at(one))
            }
            on = f"ids {','.join(sorted(one for one in ids if one))}" if ids else None
            if before is None or known - now.keys():
                on = "all "
            return kit.Page([], on, sync_token=" ".join(["published", *sorted(now)]))

        async def fetch(cursor: str | None) -> kit.Page[Job]:
            if cursor is None:
                return await look()
            way, _, inner = cursor.partition(" ")
            if way == "all":
                page = await self._jobs_where(query, again=again).fetch(inner or None)
                return replace(onward(way, page), sync_token=None)
            ids = inner.split(",")
            on = f"ids {','.join(ids[FEW:])}" if ids[FEW:] else None
            return kit.Page(await self.get_jobs(ids[:FEW], query), on)

        return kit.Pages(fetch)


Walk = tuple[list[str], str | None, str | None]


def walk_of(cursor: str | None) -> Walk:
    """Which rows the jobs are listed for, how far that is, and where further rows are."""
    return ([], None, None) if cursor is None else msgspec.json.decode(cursor, type=Walk)


def fingerprint(posting_id: str) -> str:
    return hashlib.blake2b(posting_id.encode(), digest_size=4).hexdigest()


def status_words(query: JobQuery) -> list[str]:
    """Ashby's words for the statuses that are asked for, if it has words for all of them."""
    if JobStatus.NOT_SPECIFIED in query.status:
        return []
    return [word for word, status in JOB_STATUSES.items() if status in query.status]


def wants(models: frozenset[JobModel], *sections: JobModel) -> bool:
    return not models or not models.isdisjoint(sections)


def wants_postings(models: frozenset[JobModel]) -> bool:
    return wants(models, JobModel.INFO, JobModel.POSTS, *WHOLE_POSTING)


def locations_of(job: AshbyJob) -> list[str | None]:
    return [job.location_id, *(job.secondary_location_ids or ())]
