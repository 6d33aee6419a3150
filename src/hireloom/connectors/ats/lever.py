"""Lever (LeverTRM), Data API v1, as documented and recorded up to November 2026.

Lever's *contact* is a person, an *opportunity* one candidacy of that person, an *application* the
tie between an opportunity and a posting (none for a lead, otherwise one). So a candidate here is a
contact, an application an opportunity. Contacts have no list: candidates are read off the
opportunities. Interviews, feedback, offers, files and notes are listed per opportunity only.

Whether a job is a posting or a requisition is the customer's choice; the ids of applications
follow it. Departments, locations, tags and sources have no ids: their texts serve as such.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.message import Message
from typing import Any, TypeVar

from hireloom import kit
from hireloom.connectors.ats import _lever_applications as people
from hireloom.connectors.ats import _lever_drafts as drafts
from hireloom.connectors.ats import _lever_jobs as jobs
from hireloom.connectors.ats import _lever_records as records
from hireloom.connectors.ats import _lever_shapes as lever
from hireloom.connectors.ats import _lever_words as words
from hireloom.models import (
    Application,
    ApplicationDraft,
    ApplicationModel,
    ApplicationQuery,
    ApplicationStatus,
    Attachment,
    AttachmentDraft,
    AttachmentQuery,
    Candidate,
    CandidateChanges,
    CandidateDraft,
    CandidateModel,
    CandidateQuery,
    CandidateSearch,
    CreatedApplication,
    CreatedCandidate,
    CreatedJob,
    CustomField,
    CustomFieldOwner,
    CustomFieldQuery,
    Department,
    Download,
    Dropped,
    Eeoc,
    EeocQuery,
    FileDraft,
    Interview,
    InterviewCancellation,
    InterviewChanges,
    InterviewDraft,
    Job,
    JobDraft,
    JobModel,
    JobQuery,
    JobStatus,
    Note,
    NoteDraft,
    NoteQuery,
    OfApplications,
    Offer,
    Office,
    Receipt,
    RejectionDraft,
    RejectionReason,
    Scorecard,
    Source,
    Stage,
    StageMove,
    StageQuery,
    Tag,
    TagChange,
    TextFormat,
    User,
    Visibility,
    WrittenNote,
)

M = TypeVar("M")

READ = (
    "applications",
    "archive_reasons",
    "contact",
    "eeo_responses_pii",
    "feedback",
    "files",
    "interviews",
    "notes",
    "offers",
    "opportunities",
    "postings",
    "requisition_fields",
    "requisitions",
    "resumes",
    "sources",
    "stages",
    "tags",
    "users",
)
WRITTEN = (
    "contact",
    "feedback",
    "feedback_templates",
    "files",
    "interviews",
    "notes",
    "opportunities",
    "panels",
    "postings",
    "requisitions",
)
# The scope that a path needs where it is not the path's last word (documentation).
SCOPE = {
    "addLinks": "opportunities",
    "addTags": "opportunities",
    "apply": "postings",
    "archived": "opportunities",
    "contacts": "contact",
    "disposition_stages": "stages",
    "pii": "eeo_responses_pii",
    "removeLinks": "opportunities",
    "removeTags": "opportunities",
    "stage": "opportunities",
}
EXPANDED = ["applications", "owner", "sourcedBy", "stage"]
EVER = 1  # a time before every record, for a list that shows the last week unless told otherwise
# Records that nobody touched since Lever began to keep `updatedAt` have none, and a filter on it
# passes them over. It came with the opportunities in 2020; UNCONFIRMED in which month.
UPDATED_AT_IS_KEPT = datetime(2021, 1, 1, tzinfo=UTC)


class Lever(kit.Connector):
    name = "lever"
    title = "Lever"
    docs = "https://hire.lever.co/developer/documentation"
    category = "ats"
    origins = ("https://{api}/v1",)
    settings = (
        kit.Choice(
            "environment",
            of={
                "global": {
                    "api": "api.lever.co",
                    "login": "auth.lever.co",
                    "audience": "https://api.lever.co/v1/",
                },
                # The Data API's European host is UNCONFIRMED for API keys. Consent is asked for at
                # the one global address, which sends European accounts on by itself.
                "eu": {
                    "api": "api.eu.lever.co",
                    "login": "auth.lever.co",
                    "audience": "https://api.lever.co/v1/",
                },
                "sandbox": {
                    "api": "api.sandbox.lever.co",
                    "login": "sandbox-lever.auth0.com",
                    "audience": "https://api.sandbox.lever.co/v1/",
                },
            },
            label="Environment",
            help="EU where your Lever opens at hire.eu.lever.co.",
        ),
        kit.Choice(
            "jobs",
            of=("postings", "requisitions"),
            label="What is a job",
            help="Postings are what candidates see, requisitions what was approved to be hired.",
        ),
        kit.Text(
            "performAs",
            label="Acting user",
            help="The id of an active Lever user in whose name changes are made.",
        ),
        kit.Choice(
            "confidential",
            of=("leave out", "include"),
            label="Confidential data",
            help="Include only works with credentials that were given access to it.",
        ),
    )
    auth = kit.AnyOf(
        (
            kit.AuthorizationCode(
                authorize_url="https://{login}/authorize",
                token_url="https://{login}/oauth/token",  # noqa: S106 – an address
                scopes=(
                    "offline_access",
                    *(f"{resource}:read:admin" for resource in READ),
                    *(f"{resource}:write:admin" for resource in WRITTEN),
                ),
                where="Lever gives them to registered partners.",
                audience="{audience}",
            ),
            kit.BasicKey(where="Settings > Integrations and API > API Credentials"),
        )
    )
    paging = kit.CursorPaging(
        items="data", next="next", more="hasNext", send_as="offset", size=("limit", 100)
    )
    rate_limit = kit.RateLimit(calls=10, seconds=1, burst=20)
    wrapped_in = "data"

    async def verify(self) -> None:
        """Read one user: the acting one where it is set, because without it no write works."""
        acting = self.chosen["performAs"]
        if not acting:
            await self.pages("/users", lever.LeverUser, words.to_user, size=1).page()
            return
        where = "settings.performAs"
        try:
            user = await self.get(kit.path("/users/{}", acting), lever.LeverUser)
        except kit.ResourceNotFoundError:
            raise kit.RequestInvalidError.at(where, "there is no such user in Lever") from None
        if user.deactivated_at is not None:
            raise kit.RequestInvalidError.at(where, "this user is deactivated in Lever")

    def refusal(self, answer: kit.Answer) -> kit.HireloomError | None:
        said = self.message(answer).lower() if answer.status in {400, 422} else ""
        if answer.status == 400 and "offset token" in said:
            return kit.RequestInvalidError(
                "Lever no longer knows this place in the list",
                hint="Start again without pageToken: Lever's tokens go stale.",
            )
        if answer.status == 422 and answer.request.template.endswith("/download"):
            return kit.ConflictError(
                "Lever has not processed this file, or could not",
                hint="Try again in a minute; a file that Lever cannot read stays like this.",
            )
        return super().refusal(answer)

    def permission(self, request: kit.Request) -> str:
        words = [word for word in request.template.split("/") if word not in {"", "{}", "download"}]
        last = words[-1] if words else "opportunities"
        verb = "read" if request.reads else "write"
        return f"{SCOPE.get(last, last)}:{verb}:admin"

    def message(self, answer: kit.Answer) -> str:
        try:
            said = json.loads(answer.body)
            return f"{said['code']}: {said['message']}"
        except (ValueError, LookupError, TypeError):
            return super().message(answer)

    # Jobs.

    def list_jobs(self, query: JobQuery) -> kit.Pages[Job]:
        return self._requisitions(query) if self._by_requisition else self._postings(query)

    async def get_job(self, job_id: str) -> Job:
        if self._by_requisition:
            path = kit.path("/requisitions/{}", job_id)
            requisition = await self.get(path, lever.LeverRequisition)
            return readable(await self._requisition_jobs([requisition], ()))
        posting = await self.get(kit.path("/postings/{}", job_id), lever.LeverPosting)
        return readable(await self._posting_jobs([posting], tuple(JobModel)))

    def _postings(self, query: JobQuery) -> kit.Pages[Job]:
        """Where a time of change is asked for it goes alone: beside it Lever takes no filter."""
        updated = {
            "updated_after": ("updated_at_start", kit.to_millis(query.updated_after)),
            "updated_before": ("updated_at_end", kit.to_millis(query.updated_before)),
        }
        others = {
            "tag": ("tag", single(query.tag)),
            "department_id": ("department", single(query.department_id)),
            "status": ("state", ONLY_STATE.get(single(query.status))),
        }
        timed = any(value is not None for _, value in updated.values())
        params, applied = pushed(updated if timed else others)

        async def join(postings: list[lever.LeverPosting]) -> list[Job | None]:
            return await self._posting_jobs(postings, query.models)

        def pages(more: Mapping[str, Any]) -> kit.Pages[Job]:
            params_too = {**self._confidential, **params, **more}
            return self.pages(
                "/postings", lever.LeverPosting, join=join, params=params_too, applied=applied
            )

        whole, bare = pages({"include": "content"}), pages({})

        async def fetch(cursor: str | None) -> kit.Page[Job]:
            """UNCONFIRMED whether `include` may stand beside a time of change."""
            try:
                return await whole.fetch(cursor)
            except kit.RejectedError:
                if not timed:
                    raise
                return await bare.fetch(cursor)

        return kit.Pages(fetch, whole.applied)

    def _requisitions(self, query: JobQuery) -> kit.Pages[Job]:
        params, applied = pushed(
            {
                "created_after": ("created_at_start", kit.to_millis(query.created_after)),
                "created_before": ("created_at_end", kit.to_millis(query.created_before)),
                "status": ("status", ONLY_STATUS.get(single(query.status))),
            }
        )

        async def join(requisitions: list[lever.LeverRequisition]) -> list[Job | None]:
            return await self._requisition_jobs(requisitions, query.models)

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
        return users, await self._pipeline()

    async def _form(self, posting_id: str) -> lever.LeverPostingForm | None:
        """A posting's form; None where it has none to show, such as while it is a draft."""
        try:
            return await self.get(
                kit.path("/postings/{}/apply", posting_id), lever.LeverPostingForm
            )
        except kit.ResourceNotFoundError:
            return None

    # Applications.

    def list_applications(self, query: ApplicationQuery) -> kit.Pages[Application]:
        """Opportunities; a filter goes to Lever only where its own means no less."""
        params, applied = pushed(
            {
                "updated_after": ("updated_at_start", kit.to_millis(query.updated_after)),
                "updated_before": ("updated_at_end", kit.to_millis(query.updated_before)),
                # Archiving moves the time, too, so as an end it would hide what was archived since.
                "changed_stage_after": (
                    "advanced_at_start",
                    kit.to_millis(query.changed_stage_after),
                ),
                "stage_id": ("stage_id", single(query.stage_id)),
                "tag": ("tag", single(query.tag)),
                "candidate_id": ("contact_id", single(query.candidate_id)),
                "candidate_email": ("email", single(query.candidate_email)),
            }
        )
        params |= {"archived": archived_flag(query.status), "expand": EXPANDED}
        if set(query.status) == {ApplicationStatus.ACTIVE}:
            applied.append("status")
        # A lead that applies later keeps the time at which it was created, so that is no filter for
        # the time of application. But who applied since then was updated since then.
        since = query.created_after
        if since is not None and since >= UPDATED_AT_IS_KEPT:
            earliest = max(since, query.updated_after or since)
            params["updated_at_start"] = kit.to_millis(earliest)

        async def join(found: list[lever.LeverOpportunity]) -> list[Application | None]:
            return await self._applications(found, query.models)

        return self._opportunities(params, applied, join, query.job_id)

    async def get_application(self, application_id: str) -> Application:
        path = kit.path("/opportunities/{}", application_id)
        found = await self.get(path, lever.LeverOpportunity, params={"expand": EXPANDED})
        return readable(await self._applications([found], ()))

    async def _applications(
        self, found: Sequence[lever.LeverOpportunity], models: Sequence[ApplicationModel]
    ) -> list[Application | None]:
        links = await self._links(found)
        tables = await self._tables(found, links, models)

        def to_model(one: lever.LeverOpportunity) -> Application:
            return people.to_application(one, links.get(one.id), tables, models)

        return kit.mapped(found, to_model)

    def _opportunities(
        self,
        params: Mapping[str, Any],
        applied: list[str],
        join: Callable[[list[lever.LeverOpportunity]], Awaitable[list[M | None]]],
        job_ids: Sequence[str] = (),
    ) -> kit.Pages[M]:
        """The list of opportunities, of one posting where one job is asked for.

        `posting_id` finds who is applied to a posting and `archived_posting_id` whose application
        to it was archived. Whether the first includes the second is UNCONFIRMED, so both are read
        one after the other, unless the first was seen to include somebody archived.
        """
        posting = None if self._by_requisition else single(job_ids)
        whole = {**self._confidential, **params}
        if posting is None:
            return self.pages(
                "/opportunities", lever.LeverOpportunity, join=join, params=whole, applied=applied
            )

        async def fetch(cursor: str | None) -> kit.Page[M]:
            turn, _, inner = (cursor or f"{ACTIVE_TURN}:").partition(":")
            inclusive = turn == INCLUSIVE_TURN

            async def look(found: list[lever.LeverOpportunity]) -> list[M | None]:
                nonlocal inclusive
                links = await self._links(found)
                inclusive = inclusive or any(link and link.archived for link in links.values())
                return await join(found)

            parameter = "archived_posting_id" if turn == ARCHIVED_TURN else "posting_id"
            page = await self.pages(
                "/opportunities",
                lever.LeverOpportunity,
                join=look,
                params={**whole, parameter: posting},
            ).fetch(inner or None)
            following = None
            if page.next is not None:
                same = turn if turn == ARCHIVED_TURN or not inclusive else INCLUSIVE_TURN
                following = f"{same}:{page.next}"
            elif turn != ARCHIVED_TURN and not inclusive:
                following = f"{ARCHIVED_TURN}:"
            return kit.Page(page.records, following, page.raws, page.print)

        return kit.Pages(fetch, frozenset([*applied, "job_id"]))

    async def _links(
        self, found: Sequence[lever.LeverOpportunity]
    ) -> dict[str, lever.LeverApplication | None]:
        """Each opportunity's application: out of the answer, or asked for where only ids came."""
        links: dict[str, lever.LeverApplication | None] = {}
        bare: list[str] = []
        for one in found:
            first = next(iter(one.applications or []), None)
            links[one.id] = None if isinstance(first, str) else first
            if isinstance(first, str):
                bare.append(one.id)
        for batch in kit.chunks(bare, AT_ONCE):
            read = await kit.gather(*(self._of(one, "applications") for one in batch))
            links |= {one: next(iter(rows), None) for one, rows in zip(batch, read, strict=True)}
        return links
