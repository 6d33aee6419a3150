"""Reading Ashby's applications: lists, records by id, and what changed."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import msgspec

from hireloom import kit
from hireloom.connectors.ats._ashby_changes import (
    AshbyChangedCandidate,
    AshbyChangedOffer,
    AshbyChangedSchedule,
    AshbyChanges,
    ids_of,
    offer_changed_at,
    schedule_changed_at,
    updated_at,
)
from hireloom.connectors.ats._ashby_lists import a_few_at_once, after, in_turn, of_ids, pushed
from hireloom.connectors.ats._ashby_lookups import FEW
from hireloom.connectors.ats._ashby_people import tags_of, to_application
from hireloom.connectors.ats._ashby_shapes import AshbyApplication, AshbyCandidate, AshbyKnown
from hireloom.models import Application, ApplicationModel, ApplicationQuery, ApplicationStatus

ANSWERS = ["applicationFormSubmissions"]
STATUS_WORDS = {  # ACTIVE would be two, Active and Lead, where Ashby takes one
    ApplicationStatus.HIRED: "Hired",
    ApplicationStatus.REJECTED: "Archived",
    ApplicationStatus.WITHDRAWN: "Archived",
    ApplicationStatus.ARCHIVED: "Archived",
}


class AshbyApplications(AshbyChanges):
    """A list's record has no history, so neither when a stage was entered nor whence it was

    archived: `application.info` has. A sync pays that call only where its filter or its sections
    need it, and then for every record, by whatever way it comes, so that they are all alike.
    """

    def list_applications(self, query: ApplicationQuery) -> kit.Pages[Application]:
        """There is no filter by candidate, but a candidate names its applications."""
        expand = expansion(query)
        if query.candidate_id:
            of_candidate = partial(self._applications_of_candidate, expand=expand)
            pages = self.each(query.candidate_id, of_candidate)
            return replace(pages, applied=frozenset({"candidate_id"}))
        if query.candidate_email:
            by_email = partial(self._applications_by_email, expand=expand)
            pages = self.each(query.candidate_email, by_email)
            return replace(pages, applied=frozenset({"candidate_email"}))
        if query.tag:
            return self._tagged_applications(query.tag, expand)
        applied = pushed(
            created_after=query.created_after,
            job_id=query.job_id,
            status=status_word(query.status) == "Hired",
        )
        lists = [
            self.pages(
                "/application.list",
                AshbyApplication,
                to_application,
                body=listing(query, job_id),
                join=partial(self._whole_applications, query) if is_whole(query) else None,
                applied=applied,
                size=FEW if expand else None,  # each costs a call, so a page is a few of them
            )
            for job_id in query.job_id or (None,)
        ]
        return in_turn(lists)

    async def get_application(self, application_id: str) -> Application:
        return await self._told(await self._application(application_id, expand=ANSWERS))

    async def get_applications(
        self, ids: Sequence[str], query: ApplicationQuery
    ) -> list[Application]:
        applications = await self._those(ids, partial(self._application, expand=expansion(query)))
        return await self._found(self._as_listed(one, query) for one in applications)

    def list_application_ids(self) -> kit.Pages[str]:
        size = self.paging.largest
        return self.pages("/application.list", AshbyKnown, known_id, body={}, size=size)

    # Changes.

    def list_changed_applications(
        self, since: kit.Since, query: ApplicationQuery
    ) -> kit.Pages[Application]:
        """A list that has no token of its own, as it is made of several, is read in full. No filter

        counts as done by Ashby, since the tables around the list know nothing of it.
        """
        token = since.marks.get(kit.MAIN)
        if token is None or is_of_people(query) or len(query.job_id) > 1:
            return kit.in_turn({kit.MAIN: self.list_applications(query)})
        main = self._applications_since(token, query)
        return kit.in_turn({kit.MAIN: main, **self._applications_around(since, query)})

    def _applications_since(self, token: str, query: ApplicationQuery) -> kit.Pages[Application]:
        """Pages as large as can be: of a delta Ashby gives only so many."""
        job_id = query.job_id[0] if query.job_id else None
        body = {**listing(query, job_id), "syncToken": token}
        size = self.paging.largest
        if is_whole(query):
            ids = self.pages("/application.list", AshbyKnown, known_id, body=body, size=size)
            return of_ids(ids, partial(self.get_applications, query=query))
        return self.pages(
            "/application.list", AshbyApplication, to_application, body=body, size=size
        )

    def _applications_around(
        self, since: kit.Since, query: ApplicationQuery
    ) -> dict[str, kit.Pages[Application]]:
        """Of the tables that applications show, those whose sections are wanted."""
        wanted = set(query.models or ApplicationModel)
        ids: dict[str, kit.Pages[str]] = {}
        if wanted & {ApplicationModel.INFO, ApplicationModel.ATTACHMENTS}:
            candidates = self._changed(
                "candidates", "/candidate.list", AshbyChangedCandidate, since, updated_at
            )
            ids["candidates"] = ids_of(candidates, lambda one: one.application_ids or ())
        if ApplicationModel.INTERVIEWS in wanted:
            schedules = self._changed(
                "interviews",
                "/interviewSchedule.list",
                AshbyChangedSchedule,
                since,
                schedule_changed_at,
            )
            ids["interviews"] = ids_of(schedules, lambda one: (one.application_id,))
        if ApplicationModel.OFFERS in wanted:
            offers = self._changed(
                "offers", "/offer.list", AshbyChangedOffer, since, offer_changed_at
            )
            ids["offers"] = ids_of(offers, lambda one: (one.application_id,))
        read = partial(self.get_applications, query=query)
        return {name: of_ids(pages, read) for name, pages in ids.items()}

    # The ways to a record.

    async def _told(
        self, application: AshbyApplication, candidate: AshbyCandidate | None = None
    ) -> Application:
        return to_application(application, candidate, await self._stages_beside(application))

    async def _as_listed(
        self, application: AshbyApplication, query: ApplicationQuery
    ) -> Application:
        """With no more than the list of this query says of it."""
        person = application.candidate.id if application.candidate else None
        if is_of_people(query) and person is not None:
            return await self._told(application, await self._candidate(person))
        if is_whole(query) and may_have_moved(application, query):
            return await self._told(application)
        return to_application(msgspec.structs.replace(application, application_history=None))

    async def _applications_of_candidate(
        self, candidate_id: str, expand: list[str] | None
    ) -> list[Application]:
        candidates = await self._found([self._candidate(candidate_id)])
        return [found for one in candidates for found in await self._applications_of(one, expand)]

    async def _applications_by_email(
        self, email: str, expand: list[str] | None
    ) -> list[Application]:
        candidates = await self._searched({"email": email})
        return [found for one in candidates for found in await self._applications_of(one, expand)]

    async def _applications_of(
        self, candidate: AshbyCandidate, expand: list[str] | None
    ) -> list[Application]:
        ids = candidate.application_ids or ()
        found = await self._found(self._application(one, expand) for one in ids)
        return [await self._told(application, candidate) for application in found]

    def _tagged_applications(
        self, tags: Sequence[str], expand: list[str] | None
    ) -> kit.Pages[Application]:
        """Tags are the candidates': a list of those shows a hundred to a call, while asking who

        stands behind each application would cost a call for every one of them.
        """
        folded = {tag.casefold() for tag in tags}
        walk: kit.Pages[AshbyCandidate] = self.pages(
            "/candidate.list", AshbyCandidate, body={}, size=self.paging.largest
        )
        return a_few_at_once(
            walk,
            lambda candidate: not folded.isdisjoint(map(str.casefold, tags_of(candidate))),
            partial(self._applications_of, expand=expand),
        )

    async def _whole_applications(
        self, query: ApplicationQuery, page: list[AshbyApplication]
    ) -> list[Application]:
        """Answers, and when a stage was entered, stand in application.info only: asked for where

        answers are wanted or the time may fit.
        """

        async def whole(application: AshbyApplication) -> Application:
            if not may_have_moved(application, query):
                return to_application(application)
            found = await self._found([self._application(application.id, expansion(query))])
            return await self._told(found[0]) if found else to_application(application)

        return await kit.gather(*(whole(application) for application in page))


def status_word(statuses: Sequence[ApplicationStatus]) -> str | None:
    """The one word of Ashby's that has all records of these statuses, if there is one."""
    words = {STATUS_WORDS.get(status) for status in statuses}
    return words.pop() if len(words) == 1 else None


def expansion(query: ApplicationQuery) -> list[str] | None:
    """Answers cost a call per application: only when asked for by name."""
    return ANSWERS if ApplicationModel.QUESTION_RESPONSES in query.models else None


def listing(query: ApplicationQuery, job_id: str | None) -> dict[str, Any]:
    """The list's parameters; a sync token is good for these and no others."""
    return {
        "createdAfter": after(query.created_after),
        "status": status_word(query.status),
        "jobId": job_id,
    }


def is_of_people(query: ApplicationQuery) -> bool:
    """Whether the applications are found by their candidates, and so show all of those."""
    return bool(query.candidate_id or query.candidate_email or query.tag)


def is_whole(query: ApplicationQuery) -> bool:
    """Whether the list of this query says of a record what only application.info knows."""
    moved = query.changed_stage_after or query.changed_stage_before
    return bool(moved or expansion(query))


def may_have_moved(application: AshbyApplication, query: ApplicationQuery) -> bool:
    """Whether application.info can tell more that is asked for."""
    since, changed = query.changed_stage_after, kit.utc(application.updated_at)
    is_too_old = since is not None and changed is not None and changed < since
    return bool(expansion(query)) or not is_too_old


def known_id(record: AshbyKnown) -> str:
    return record.id
