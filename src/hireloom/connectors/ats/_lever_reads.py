"""Lever's lists, page by page, as jobs, applications and people."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from hireloom import kit
from hireloom.connectors.ats import _lever_applications as people
from hireloom.connectors.ats import _lever_filters as filters
from hireloom.connectors.ats import _lever_jobs as jobs
from hireloom.connectors.ats import _lever_shapes as lever
from hireloom.connectors.ats import _lever_words as words
from hireloom.connectors.ats._lever_lookups import (
    AT_ONCE,
    EXPANDED,
    WITH_CONTACT,
    Found,
    LeverLookUps,
    Links,
    Listing,
)
from hireloom.models import (
    Application,
    ApplicationModel,
    ApplicationQuery,
    Candidate,
    CandidateModel,
    CandidateQuery,
    CandidateSearch,
    Job,
    JobModel,
    JobQuery,
)

M = TypeVar("M")
R = TypeVar("R", lever.LeverOpportunity, lever.LeverPosting, lever.LeverRequisition)

PEOPLE_OF_JOBS = (JobModel.HIRING_MANAGERS, JobModel.RECRUITERS)
STAGES_OF_APPLICATIONS = (ApplicationModel.STAGE, ApplicationModel.REJECTION)


class LeverReads(LeverLookUps):
    """The lists that a live read and a sync have in common."""

    # Jobs.

    def _postings(self, query: JobQuery) -> kit.Pages[Job]:
        params, applied = filters.posting_filters(query)
        timed = {"updated_after", "updated_before"}.intersection(applied)
        models = filters.job_models(query)
        whole = self._posting_list({"include": "content", **params}, applied, models)
        bare = self._posting_list(params, applied, models)

        async def fetch(cursor: str | None) -> kit.Page[Job]:
            """UNCONFIRMED whether `include` may stand beside a time of change."""
            try:
                return await whole.fetch(cursor)
            except kit.RejectedError:
                if not timed:
                    raise
                return await bare.fetch(cursor)

        return kit.Pages(fetch, whole.applied)

    def _posting_list(
        self,
        params: Listing,
        applied: Sequence[str],
        models: Sequence[JobModel],
        keep: Callable[[lever.LeverPosting], bool] | None = None,
    ) -> kit.Pages[Job]:
        async def join(postings: list[lever.LeverPosting]) -> list[Job | None]:
            kept = [one for one in postings if keep is None or keep(one)]
            return placed(postings, kept, await self._posting_jobs(kept, models))

        params_too = {**self._confidential, **params}
        return self.pages(
            "/postings", lever.LeverPosting, join=join, params=params_too, applied=applied
        )

    def _requisitions(
        self, query: JobQuery, keep: Callable[[lever.LeverRequisition], bool] | None = None
    ) -> kit.Pages[Job]:
        params, applied = filters.requisition_filters(query)

        async def join(requisitions: list[lever.LeverRequisition]) -> list[Job | None]:
            kept = [one for one in requisitions if keep is None or keep(one)]
            made = await self._requisition_jobs(kept, filters.job_models(query))
            return placed(requisitions, kept, made)

        params_too = {**self._confidential, **params}
        return self.pages(
            "/requisitions", lever.LeverRequisition, join=join, params=params_too, applied=applied
        )

    async def _posting_jobs(
        self, postings: Sequence[lever.LeverPosting], models: Sequence[JobModel]
    ) -> list[Job | None]:
        """Postings as jobs; their forms, one call each, only when they are asked for by name."""
        users, stages = await self._job_tables(postings, models)
        forms: dict[str, lever.LeverPostingForm | None] = {}
        if JobModel.QUESTIONS in models:
            found = await kit.gather(*(self._form(posting.id) for posting in postings))
            forms = {posting.id: form for posting, form in zip(postings, found, strict=True)}

        def to_model(posting: lever.LeverPosting) -> Job:
            return jobs.posting_to_job(posting, users, stages, models, forms.get(posting.id))

        return kit.mapped(postings, to_model)

    async def _requisition_jobs(
        self, requisitions: Sequence[lever.LeverRequisition], models: Sequence[JobModel]
    ) -> list[Job | None]:
        users, stages = await self._job_tables(requisitions, models)
        postings: Mapping[str, lever.LeverPosting] = {}
        if words.wants(models, JobModel.POSTS):
            ids = [words.id_of(one) for each in requisitions for one in each.postings or []]
            postings = await self.remember("postings", ids, self._all_postings)

        def to_model(requisition: lever.LeverRequisition) -> Job:
            return jobs.requisition_to_job(requisition, users, stages, postings, models)

        return kit.mapped(requisitions, to_model)

    async def _job_tables(
        self,
        found: Sequence[lever.LeverPosting | lever.LeverRequisition],
        models: Sequence[JobModel],
    ) -> tuple[Mapping[str, lever.LeverUser], Sequence[words.PlacedStage]]:
        named = [one.hiring_manager for one in found] + [one.owner for one in found]
        if not any(words.wants(models, one) for one in PEOPLE_OF_JOBS):
            named = []
        users = await self._users(named)
        if not words.wants(models, JobModel.STAGES) or not found:
            return users, ()
        return users, await self._known_pipeline()

    async def _form(self, posting_id: str) -> lever.LeverPostingForm | None:
        """A posting's form; None where it has none to show, such as while it is a draft."""
        try:
            return await self.get(
                kit.path("/postings/{}/apply", posting_id), lever.LeverPostingForm
            )
        except kit.ResourceNotFoundError:
            return None

    # Applications.

    def _application_list(
        self,
        params: Listing,
        applied: Sequence[str],
        query: ApplicationQuery,
        keep: Callable[[lever.LeverOpportunity], bool] | None = None,
    ) -> kit.Pages[Application]:
        async def join(
            found: Found, links: Links, _: Sequence[Listing]
        ) -> list[Application | None]:
            kept = [one for one in found if keep is None or keep(one)]
            made = await self._applications(kept, links, filters.application_models(query))
            return placed(found, kept, made)

        expanded = {**params, "expand": EXPANDED}
        return self._opportunities(expanded, applied, join, query.job_id, query.tag)

    async def _applications(
        self, found: Found, links: Links, models: Sequence[ApplicationModel]
    ) -> list[Application | None]:
        staged = any(words.wants(models, one) for one in STAGES_OF_APPLICATIONS)
        tables = await self._tables(found, links, staged=staged)

        def to_model(one: lever.LeverOpportunity) -> Application:
            return people.to_application(one, links.get(one.id), tables, models)

        return kit.mapped(found, to_model)

    def _opportunities(
        self,
        params: Listing,
        applied: Sequence[str],
        join: Callable[[Found, Links, Sequence[Listing]], Awaitable[list[M | None]]],
        job_ids: Sequence[str] = (),
        tags: Sequence[str] = (),
    ) -> kit.Pages[M]:
        """The list of opportunities, of one posting where one job is asked for.

        `posting_id` finds who is applied to a posting and `archived_posting_id` whose application
        to it was archived. Whether the first includes the second is UNCONFIRMED, so both are read
        one after the other, unless the first was seen to include somebody archived. `join` learns
        the filters of the list at hand, after those of the one before it.
        """
        posting = None if self._by_requisition else filters.single(job_ids)
        tag = filters.single(tags)

        async def fetch(cursor: str | None) -> kit.Page[M]:
            turn, _, inner = (cursor or f"{filters.APPLIED}:").partition(":")
            inclusive = turn == filters.INCLUSIVE
            spelled = None if tag is None else await self._spelled(tag)
            listings = [
                {**self._confidential, **params, "tag": spelled, **of}
                for of in filters.of_posting(posting, turn)
            ]

            async def look(found: list[lever.LeverOpportunity]) -> list[M | None]:
                nonlocal inclusive
                links = await self._links(found)
                inclusive = inclusive or any(link and link.archived for link in links.values())
                return await join(found, links, listings)

            page = await self.pages(
                "/opportunities",
                lever.LeverOpportunity,
                join=look,
                params=listings[-1],
            ).fetch(inner or None)
            following = filters.next_turn(turn, page.next, inclusive or posting is None)
            return kit.Page(page.records, following, page.raws, page.print)

        return kit.Pages(fetch, frozenset([*applied, *(["job_id"] if posting else [])]))

    # Candidates.

    def _people(
        self,
        params: Listing,
        applied: Sequence[str],
        query: CandidateQuery,
        search: CandidateSearch,
    ) -> kit.Pages[Candidate]:
        async def join(
            found: Found, links: Links, listings: Sequence[Listing]
        ) -> list[Candidate | None]:
            sought = [one for one in found if people.fits(one, search)]
            others = await self._others_of(sought)
            known = [*sought, *others]
            groups = people.by_contact(known)
            turns = await self._turns(groups, listings)
            all_links = {**links, **await self._links(others)}
            portray = await self._portraits(known, all_links, query.models)

            def to_model(one: lever.LeverOpportunity) -> Candidate | None:
                contact_id = words.id_of(one.contact) or ""
                group = groups.get(contact_id, [])
                if not group or turns.get(contact_id, group[0].id) != one.id:
                    return None
                return portray(group)

            return kit.mapped(found, to_model)

        expanded = {**params, "expand": WITH_CONTACT}
        return self._opportunities(expanded, applied, join, query.job_id, query.tag)

    async def _portraits(
        self, known: Found, links: Links, models: Sequence[CandidateModel]
    ) -> Callable[[Found], Candidate]:
        """How to put a person together from some of these candidacies.

        What it reads is put in order first: the same person comes out the same, however the
        candidacies were found.
        """
        tables = await self._tables(known, links)
        parsed = not people.READ_FROM_RESUMES.isdisjoint(models)
        resumes = await self._resumes_of(known) if parsed else {}

        def portray(group: Found) -> Candidate:
            newest = people.newest_first(group)
            whole = (one.contact for one in newest if isinstance(one.contact, lever.LeverContact))
            read = [row for one in newest for row in resumes[one.id]] if parsed else None
            return people.to_candidate(next(whole, None), newest, links, read, tables)

        return portray

    # What hangs on opportunities.

    def _per_application(
        self,
        what: str,
        fetch: Callable[[str, str | None], Awaitable[list[M]]],
        applications: Sequence[str],
        candidates: Sequence[str] = (),
    ) -> kit.Pages[M]:
        """What Lever lists per opportunity only, of these or of those of these people."""

        async def of_person(contact: str) -> list[M]:
            found = [one.id for one in await self._candidacies(contact)]
            kept = [one for one in found if not applications or one in applications]
            lists = await kit.gather(*(fetch(one, contact) for one in kept))
            return [row for rows in lists for row in rows]

        async def of_application(one: str) -> list[M]:
            try:
                return await fetch(one, None)
            except kit.ResourceNotFoundError:
                if len(applications) == 1:
                    raise
                return []  # deleted since its id was read; the others still count

        if candidates:
            pages = self.each(candidates, of_person, at_once=AT_ONCE)
            return kit.Pages(pages.fetch, frozenset({"candidate_id", "application_id"}))
        if not applications:
            raise kit.RequestInvalidError.at(
                "applicationId", f"Lever lists {what} per application: give one or more"
            )
        return kit.Pages(
            self.each(applications, of_application, at_once=AT_ONCE).fetch,
            frozenset({"application_id"}),
        )


def placed(rows: Sequence[R], kept: Sequence[R], made: Sequence[M | None]) -> list[M | None]:
    """What was made of those that were kept, each in the place of its row in the page."""
    found = dict(zip((one.id for one in kept), made, strict=True))
    return [found.get(one.id) for one in rows]


def present(found: Sequence[M | None]) -> list[M]:
    return [one for one in found if one is not None]


def readable(found: Sequence[M | None]) -> list[M]:
    """Records that were asked for by their ids, none of which may be lost in the translation."""
    read = present(found)
    if len(read) < len(found):
        raise kit.UnexpectedAnswerError("A value of Lever's record could not be translated")
    return read
