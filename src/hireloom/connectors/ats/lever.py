"""Lever (LeverTRM), Data API v1, as documented and recorded up to November 2026.

Lever's *contact* is a person, an *opportunity* one candidacy of that person, an *application* the
tie between an opportunity and a posting (none for a lead, otherwise one). So a candidate here is a
contact, an application an opportunity. Contacts have no list: candidates are read off the
opportunities. Interviews, feedback, offers, files and notes are listed per opportunity only.

Whether a job is a posting or a requisition is the customer's choice; the ids of applications
follow it. Departments, locations, tags and sources have no ids: their texts serve as such.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import Message

from hireloom import kit
from hireloom.connectors.ats import _lever_applications as people
from hireloom.connectors.ats import _lever_filters as filters
from hireloom.connectors.ats import _lever_jobs as jobs
from hireloom.connectors.ats import _lever_records as records
from hireloom.connectors.ats import _lever_shapes as lever
from hireloom.connectors.ats import _lever_words as words
from hireloom.connectors.ats._lever_changes import LeverChanges
from hireloom.connectors.ats._lever_hooks import LeverHooks
from hireloom.connectors.ats._lever_lookups import (
    ALL_USERS,
    AT_ONCE,
    EXPANDED,
)
from hireloom.connectors.ats._lever_reads import present, readable
from hireloom.connectors.ats._lever_scores import LeverScores
from hireloom.connectors.ats._lever_writes import LeverWrites
from hireloom.models import (
    Application,
    ApplicationQuery,
    Attachment,
    AttachmentQuery,
    Candidate,
    CandidateQuery,
    CandidateSearch,
    CustomField,
    CustomFieldOwner,
    CustomFieldQuery,
    Department,
    Download,
    Eeoc,
    EeocQuery,
    Interview,
    Job,
    JobModel,
    JobQuery,
    Note,
    NoteQuery,
    OfApplications,
    Offer,
    Office,
    RejectionReason,
    Scorecard,
    Source,
    Stage,
    StageQuery,
    Tag,
    User,
)

READ = (
    "applications",
    "archive_reasons",
    "contact",
    "eeo_responses_pii",
    "feedback",
    "feedback_templates",
    "files",
    "form_templates",
    "forms",
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
    "forms",
    "interviews",
    "notes",
    "opportunities",
    "panels",
    "postings",
    "requisitions",
    "webhooks",
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
# By method of ours the list that it cannot do without; of interviews and the like per opportunity.
LISTS = {
    "list_applications": "/opportunities",
    "list_candidates": "/opportunities",
    "list_custom_fields": "/requisition_fields",
    "list_eeoc": "/eeo/responses/pii",
    "list_jobs": "/postings",
    "list_rejection_reasons": "/archive_reasons",
    "list_sources": "/sources",
    "list_stages": "/disposition_stages",
    "list_tags": "/tags",
    "list_users": "/users",
}
BELOW = {
    "list_attachments": "files",
    "list_interviews": "interviews",
    "list_notes": "notes",
    "list_offers": "offers",
    "list_scorecards": "feedback",
}
# What Lever takes only in the name of one of its users.
IN_A_NAME = (
    "add_attachment",
    "add_candidate_tag",
    "add_result_link",
    "cancel_interview",
    "create_application",
    "create_candidate",
    "create_job",
    "create_scorecard",
    "move_application",
    "reject_application",
    "remove_candidate_tag",
    "update_interview",
    "update_score_fields",
    "update_scorecard",
)
NO_RESOURCE = {"", "{}", "download", "deleted"}
DOWNLOADS = (
    "/opportunities/{}/resumes/{}/download",
    "/opportunities/{}/files/{}/download",
)


class Lever(LeverWrites, LeverScores, LeverChanges, LeverHooks):
    name = "lever"
    title = "Lever"
    docs = "https://hire.lever.co/developer/documentation"
    category = "ats"
    origins = ("https://{api}/v1",)
    grants = kit.Grants(
        reads=tuple(f"{resource}:read:admin" for resource in READ),
        writes=tuple(f"{resource}:write:admin" for resource in WRITTEN),
    )
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
            label="Region",
            help="Europe, if your Lever opens at hire.eu.lever.co.",
            words={"global": "Worldwide", "eu": "Europe", "sandbox": "Sandbox, for tests"},
        ),
        kit.Choice(
            "jobs",
            of=("postings", "requisitions"),
            label="What counts as a job",
            help="Postings are what applicants see, requisitions what was approved for hiring.",
            words={"postings": "Postings", "requisitions": "Requisitions"},
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
            help="Including it works only where an administrator of Lever has allowed it.",
            words={"leave out": "Leave out", "include": "Include"},
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
    # Of "application POSTs" Lever takes two a second. UNCONFIRMED whether that means beside a
    # posting's form, which is not used here, also POST /opportunities with a posting.
    rate_limit = kit.RateLimit(calls=10, seconds=1, burst=20)
    wrapped_in = "data"

    async def verify(self) -> None:
        """Read one user: the acting one where it is set, because without it no write works."""
        acting = self.chosen.get("performAs")
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

    async def lacks(self, *, trying: bool) -> Mapping[str, str]:
        """One row of each list, and of what hangs on an opportunity where there is one."""
        if not trying:
            return {}
        calls = {name: self._first(path) for name, path in LISTS.items()}
        if self._by_requisition:
            calls["list_jobs"] = self._first("/requisitions")
        told = dict(await kit.refused(self, calls))
        if told.get("list_applications") == "":
            every: kit.Pages[lever.LeverOpportunity] = self.pages(
                "/opportunities", lever.LeverOpportunity, size=1
            )
            below = {name: f"/opportunities/{{}}/{word}" for name, word in BELOW.items()}
            for known in (await every.page()).records[:1]:
                asked = {name: self._first(kit.path(at, known.id)) for name, at in below.items()}
                told |= await kit.refused(self, asked)
        return told

    def _first(self, path: str) -> kit.Request:
        return self.request("GET", path, params={"limit": 1}, reading=True)

    @classmethod
    def barred(cls, chosen: Mapping[str, str]) -> Mapping[str, str]:
        return {} if chosen.get("performAs") else dict.fromkeys(IN_A_NAME, "performAs")

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
        parts = [part for part in request.template.split("/") if part not in NO_RESOURCE]
        last = parts[-1] if parts else "opportunities"
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
            return readable(await self._requisition_jobs([requisition], ()))[0]
        posting = await self.get(kit.path("/postings/{}", job_id), lever.LeverPosting)
        return readable(await self._posting_jobs([posting], tuple(JobModel)))[0]

    # Applications.

    def list_applications(self, query: ApplicationQuery) -> kit.Pages[Application]:
        """Opportunities; a filter goes to Lever only where its own means no less."""
        return self._application_list(*filters.application_filters(query), query)

    async def get_application(self, application_id: str) -> Application:
        path = kit.path("/opportunities/{}", application_id)
        found = await self.get(path, lever.LeverOpportunity, params={"expand": EXPANDED})
        return readable(await self._applications([found], await self._links([found]), ()))[0]

    # Candidates.

    def list_candidates(self, query: CandidateQuery) -> kit.Pages[Candidate]:
        """The people behind the opportunities, each with one of theirs, however many they have."""
        return self._people(*filters.candidate_filters(query), query, CandidateSearch())

    async def get_candidate(self, candidate_id: str) -> Candidate:
        contact = await self.get(kit.path("/contacts/{}", candidate_id), lever.LeverContact)
        found = await self._candidacies(candidate_id)
        resumes = await self._resumes_of(found)
        links = await self._links(found)
        tables = await self._tables(found, links)
        read = [row for one in found for row in resumes[one.id]]
        return people.to_candidate(contact, found, links, read, tables)

    def search_candidates(self, search: CandidateSearch) -> kit.Pages[Candidate]:
        """By e-mail, the one trait of a person that Lever can look for; the rest is compared here.

        Without an e-mail everybody is read.
        """
        if not search.emails:
            return self._people({}, [], CandidateQuery(), search)
        emails = list(dict.fromkeys(email.strip().lower() for email in search.emails))

        async def of_email(email: str) -> list[Candidate]:
            earlier = people.folded(emails[: emails.index(email)])
            pages = self._people({"email": email}, [], CandidateQuery(), search)
            return [one for one in await pages.all() if earlier.isdisjoint(people.addresses(one))]

        pages = self.each(emails, of_email, at_once=AT_ONCE)
        return kit.Pages(pages.fetch, frozenset({"emails"}))

    # What hangs on opportunities.

    def list_interviews(self, query: OfApplications) -> kit.Pages[Interview]:
        async def fetch(one: str, _: str | None) -> list[Interview]:
            found = await self._below(one, "interviews", lever.LeverInterview)
            users = await self._users([interview.user for interview in found])
            tables = words.Tables(users, await self._stages([row.stage for row in found]))
            now = datetime.now(UTC)
            return present(
                kit.mapped(found, lambda row: records.to_interview(row, one, tables, now))
            )

        return self._per_application("interviews", fetch, query.application_id)

    def list_scorecards(self, query: OfApplications) -> kit.Pages[Scorecard]:
        async def fetch(one: str, _: str | None) -> list[Scorecard]:
            found = await self._below(one, "feedback", lever.LeverFeedback)
            users = await self._users([row.user for row in found])
            return present(kit.mapped(found, lambda row: records.to_scorecard(row, one, users)))

        return self._per_application("feedback", fetch, query.application_id)

    def list_offers(self, query: OfApplications) -> kit.Pages[Offer]:
        async def fetch(one: str, _: str | None) -> list[Offer]:
            found = await self._below(one, "offers", lever.LeverOffer)
            return present(kit.mapped(found, lambda row: records.to_offer(row, one)))

        return self._per_application("offers", fetch, query.application_id)

    def list_notes(self, query: NoteQuery) -> kit.Pages[Note]:
        async def fetch(one: str, contact: str | None) -> list[Note]:
            found = await self._below(one, "notes", lever.LeverNote)
            users = await self._users([row.user for row in found])
            return present(kit.mapped(found, lambda row: records.to_note(row, one, contact, users)))

        return self._per_application("notes", fetch, query.application_id, query.candidate_id)

    def list_attachments(self, query: AttachmentQuery) -> kit.Pages[Attachment]:
        async def fetch(one: str, contact: str | None) -> list[Attachment]:
            resumes = await self._resumes(one)
            files = await self._below(one, "files", lever.LeverFile)
            return present(
                [
                    *(records.resume_to_attachment(row, one, contact) for row in resumes),
                    *(records.file_to_attachment(row, one, contact) for row in files),
                ]
            )

        return self._per_application("files", fetch, query.application_id, query.candidate_id)

    async def download_attachment(
        self, attachment_id: str, application_id: str | None, candidate_id: str | None
    ) -> Download:
        """A file, or a résumé: an id does not say which, so the second is tried after the first."""
        if application_id:
            places = [application_id]
        elif candidate_id:
            places = [one.id for one in await self._candidacies(candidate_id)]
        else:
            raise kit.RequestInvalidError.at("applicationId", "Lever keeps files per application")
        for place in places:
            for template in DOWNLOADS:
                try:
                    stream = await self.open(kit.path(template, place, attachment_id))
                except kit.ResourceNotFoundError:
                    continue
                return download(stream)
        raise kit.ResourceNotFoundError("There is no such file in Lever")

    # The account.

    def list_stages(self, query: StageQuery) -> kit.Pages[Stage]:
        """The account has one pipeline, so every job has the same stages."""

        async def fetch(_: str | None) -> kit.Page[Stage]:
            pipeline = await self._pipeline()
            asked = [jobs.job_stages(pipeline, job) for job in query.job_id]
            plain = [words.to_stage(stage) for stage in pipeline]
            return kit.Page([stage for each in asked or [plain] for stage in each])

        return kit.Pages(fetch, frozenset({"job_id"}))

    def list_rejection_reasons(self) -> kit.Pages[RejectionReason]:
        """Archive reasons but those that mean a hire; old ones stay in the list as inactive."""

        def to_model(reason: lever.LeverReason) -> RejectionReason | None:
            return None if reason.type == words.HIRED else words.to_rejection_reason(reason)

        return self.pages("/archive_reasons", lever.LeverReason, to_model)

    def list_users(self) -> kit.Pages[User]:
        return self.pages("/users", lever.LeverUser, words.to_user, params=ALL_USERS)

    def list_departments(self) -> kit.Pages[Department]:
        """The departments that jobs name: Lever has no list of its own."""

        async def fetch(_: str | None) -> kit.Page[Department]:
            return kit.Page(jobs.departments_of(await self._every_job()))

        return kit.Pages(fetch)

    def list_offices(self) -> kit.Pages[Office]:
        """The locations that jobs name: Lever has no list of its own."""

        async def fetch(_: str | None) -> kit.Page[Office]:
            return kit.Page(jobs.offices_of(await self._every_job()))

        return kit.Pages(fetch)

    def list_tags(self) -> kit.Pages[Tag]:
        return self.pages("/tags", lever.LeverText, to_tag)

    def list_sources(self) -> kit.Pages[Source]:
        return self.pages("/sources", lever.LeverText, to_source)

    def list_custom_fields(self, query: CustomFieldQuery) -> kit.Pages[CustomField]:
        """The fields of requisitions. What is asked of candidates lives in forms."""
        owner = CustomFieldOwner.JOB if self._by_requisition else CustomFieldOwner.OPENING

        def to_model(field: lever.LeverRequisitionField) -> CustomField:
            return jobs.to_custom_field(field, owner)

        return self.pages("/requisition_fields", lever.LeverRequisitionField, to_model)

    def list_eeoc(self, query: EeocQuery) -> kit.Pages[Eeoc]:
        """Survey answers with their people; the anonymous list cannot be tied to anybody."""
        params, applied = filters.survey_filters(query)
        return self.pages(
            "/eeo/responses/pii",
            lever.LeverSurvey,
            records.to_eeoc,
            params=params,
            applied=applied,
        )


def to_tag(tag: lever.LeverText) -> Tag:
    return Tag(id=tag.text, name=tag.text)


def to_source(source: lever.LeverText) -> Source:
    return Source(id=source.text, name=source.text)


def download(stream: kit.Stream) -> Download:
    header = Message()
    header["content-disposition"] = stream.headers.get("content-disposition", "")
    return Download(
        chunks=stream.chunks,
        name=header.get_filename(),
        content_type=stream.content_type,
        size=stream.size,
    )
