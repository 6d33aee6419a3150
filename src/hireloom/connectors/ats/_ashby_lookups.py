"""The calls that reading and writing Ashby share, and the records that others only refer to."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from hireloom import kit
from hireloom.connectors.ats._ashby_pipeline import InterviewTables, unnamed
from hireloom.connectors.ats._ashby_shapes import (
    AshbyApplication,
    AshbyCandidate,
    AshbyKnown,
    AshbySchedule,
    AshbyStage,
    AshbyTemplate,
    AshbyUser,
)

S = TypeVar("S")
T = TypeVar("T")


class HasId(Protocol):
    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=HasId)

FEW = 8  # calls side by side; up to so many users are asked for one by one


@dataclass(frozen=True)
class UnsizedPaging(kit.CursorPaging):
    """For lists whose schema has no `limit`; a cursor is followed all the same."""

    def start(self, request: kit.Request, size: int | None) -> kit.Request:
        return request


UNSIZED = UnsizedPaging(
    items="results",
    next="nextCursor",
    send_as="cursor",
    size=("limit", 100),
    more="moreDataAvailable",
    in_body=True,
)


@dataclass(frozen=True)
class Plan:
    """An interview plan, which is where stages hang: a job only has plans."""

    id: str
    stages: list[AshbyStage]


class AshbyLookups(kit.Connector):
    async def _candidate(self, candidate_id: str) -> AshbyCandidate:
        return await self.ask("/candidate.info", {"id": candidate_id}, AshbyCandidate)

    async def _application(
        self, application_id: str, expand: list[str] | None = None
    ) -> AshbyApplication:
        body = {"applicationId": application_id, "expand": expand}
        return await self.ask("/application.info", body, AshbyApplication)

    async def _candidate_id(self, application_id: str) -> str:
        application = await self._application(application_id)
        if application.candidate is None or application.candidate.id is None:
            raise kit.UnexpectedAnswerError(f"{self.title} sent an application without a candidate")
        return application.candidate.id

    async def _schedules(self, application_id: str) -> list[AshbySchedule]:
        body = {"applicationId": application_id}
        return await self.everything("/interviewSchedule.list", AshbySchedule, body=body)

    async def _whole(self, path: str, shape: type[S], **body: str) -> list[S]:
        """A small list whose schema has no `limit`."""
        pages: kit.Pages[S] = self.pages(path, shape, body=body, paging=UNSIZED)
        return await pages.all()

    async def _those(self, ids: Sequence[str], read: Callable[[str], Awaitable[R]]) -> list[R]:
        """Records by id, without those that are gone. UNCONFIRMED: a candidate that was merged may

        answer with the one that it went into, which is not the one that was asked for.
        """
        found = await self._found(read(one) for one in dict.fromkeys(ids))
        asked = {one.lower() for one in ids}
        return [record for record in found if record.id.lower() in asked]

    async def _found(self, asked: Iterable[Awaitable[S]]) -> list[S]:
        """Several records side by side, without those that are gone meanwhile."""

        async def one(asking: Awaitable[S]) -> S | None:
            try:
                return await asking
            except kit.ResourceNotFoundError:
                return None

        found = await kit.gather(*(one(asking) for asking in asked))
        return [record for record in found if record is not None]

    def _renew(self, table: str, records: Iterable[R]) -> Mapping[str, R]:
        """Records that were just read, remembered in place of what was known of them."""
        found = {record.id: record for record in records}
        self._references.learn(table, found)
        return found

    async def _searched(self, body: Mapping[str, str]) -> list[AshbyCandidate]:
        return await self._whole("/candidate.search", AshbyCandidate, **body)

    async def _permitted(self, asked: Awaitable[Mapping[str, T]]) -> Mapping[str, T]:
        """Names that only complete a record: a key that may not see them still reads the record."""
        try:
            return await asked
        except kit.PermissionMissingError:
            return {}

    async def _users(self, ids: Iterable[str]) -> Mapping[str, AshbyUser]:
        return await self._permitted(self.remember("users", ids, self._fetch_users))

    async def _fetch_users(self, ids: list[str]) -> list[AshbyUser]:
        if len(ids) <= FEW:
            return await self._found(
                self.ask("/user.info", {"userId": one}, AshbyUser) for one in ids
            )
        body = {"includeDeactivated": True}
        return await self.everything("/user.list", AshbyUser, body=body)

    async def _plans(self, ids: Iterable[str]) -> Mapping[str, list[AshbyStage]]:
        plans = await self.remember("plans", ids, self._fetch_plans)
        return {plan.id: plan.stages for plan in plans.values()}

    async def _fetch_plans(self, ids: list[str]) -> list[Plan]:
        return await self._found(self._plan(one) for one in ids)

    async def _plan(self, plan_id: str) -> Plan:
        stages = await self._whole("/interviewStage.list", AshbyStage, interviewPlanId=plan_id)
        return Plan(plan_id, sorted(stages, key=lambda each: each.order_in_interview_plan or 0))

    async def _stages(self, ids: Iterable[str | None]) -> Mapping[str, AshbyStage]:
        return await self._permitted(self.remember("stages", ids, self._fetch_stages))

    async def _fetch_stages(self, ids: list[str]) -> list[AshbyStage]:
        """Stages are listed per plan, so plans are read until all of them are found."""
        body = {"includeArchived": True}
        plans = await self.everything("/interviewPlan.list", AshbyKnown, body=body)
        found: dict[str, AshbyStage] = {}
        for some in kit.chunks((plan.id for plan in plans), FEW):
            for stages in (await self._plans(some)).values():
                found |= {stage.id: stage for stage in stages}
            if found.keys() >= set(ids):
                break
        return list(found.values())

    async def _stages_beside(self, application: AshbyApplication) -> Mapping[str, AshbyStage]:
        """Those of an archived application's plan, to tell the one that it was archived in."""
        stage = application.current_interview_stage
        plan = stage.interview_plan_id if stage else None
        if plan is None or application.status != "Archived" or not application.application_history:
            return {}
        plans = await self._permitted(self._plans([plan]))
        return {one.id: one for stages in plans.values() for one in stages}

    async def _interview_tables(self, schedules: list[AshbySchedule]) -> InterviewTables:
        events = [event for one in schedules for event in one.interview_events or ()]
        body = {"includeArchived": True, "includeNonSharedInterviews": True}
        return InterviewTables(
            templates=await self.remember(
                "interviews",
                (event.interview_id for event in events),
                lambda _: self.everything("/interview.list", AshbyTemplate, body=body),
            ),
            stages=await self._stages(one.interview_stage_id for one in schedules),
            users=await self._users(one for event in events for one in unnamed(event)),
        )
