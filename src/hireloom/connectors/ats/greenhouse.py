"""Greenhouse Recruiting, Harvest v3, as documented on 2026-11-21.

Harvest v1 and v2 ended on 2026-08-31. Version 3 is a set of flat tables: an application is put
together from applications, candidates, application_stages, rejection_details and more, so a page is
joined with look-ups by id, fifty to a call. What is asked by `<parent>_ids` is filtered again here
by that parent, so that a list which ignores the parameter does no harm.

Where the published description leaves something open it is marked UNCONFIRMED.
"""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

from hireloom import kit
from hireloom.connectors.ats import _greenhouse_drafts as drafts
from hireloom.connectors.ats._greenhouse_dossier import (
    to_attachment,
    to_custom_field,
    to_eeoc,
    to_interview,
    to_note,
    to_offer,
    to_scorecard,
    to_tag,
)
from hireloom.connectors.ats._greenhouse_jobs import to_department, to_job, to_office, to_stage
from hireloom.connectors.ats._greenhouse_records import (
    ApplicationTables,
    CandidateTables,
    GreenhouseApplication,
    GreenhouseApplicationStage,
    GreenhouseAppliedTag,
    GreenhouseAttachment,
    GreenhouseAttributeRating,
    GreenhouseCandidate,
    GreenhouseChosenOption,
    GreenhouseCreated,
    GreenhouseCustomField,
    GreenhouseEducation,
    GreenhouseEeoc,
    GreenhouseEmployment,
    GreenhouseInterview,
    GreenhouseInterviewer,
    GreenhouseJob,
    GreenhouseJobInterview,
    GreenhouseJobUser,
    GreenhouseNamed,
    GreenhouseNote,
    GreenhouseNumbered,
    GreenhouseOffer,
    GreenhouseOpening,
    GreenhousePayRange,
    GreenhousePlace,
    GreenhousePost,
    GreenhousePostLocation,
    GreenhouseReason,
    GreenhouseReferrer,
    GreenhouseRejection,
    GreenhouseScorecard,
    GreenhouseScorecardAnswer,
    GreenhouseScorecardQuestion,
    GreenhouseSource,
    GreenhouseStage,
    GreenhouseUser,
    InterviewTables,
    JobTables,
    ScorecardTables,
)
from hireloom.connectors.ats._greenhouse_shapes import (
    grouped,
    numbers,
    stage_id_of,
    to_application,
    to_candidate,
    to_origin,
    to_reason,
    to_side,
    to_source,
    to_user,
)
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
    Origin,
    Receipt,
    RejectionDraft,
    RejectionReason,
    RejectionSide,
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
S = TypeVar("S")

AT_ONCE = 50  # ids in one filter; one more is a 422

# The filter's words; the field's differ in the first (in_process).
STATUS_FILTER = {
    ApplicationStatus.ACTIVE: "active",
    ApplicationStatus.REJECTED: "rejected",
    ApplicationStatus.HIRED: "hired",
    ApplicationStatus.CONVERTED: "converted",
}
JOB_STATUS_FILTER = {
    JobStatus.OPEN: "open",
    JobStatus.CLOSED: "closed",
    JobStatus.DRAFT: "draft",
}
OWNER_FILTER = {
    CustomFieldOwner.JOB: "job",
    CustomFieldOwner.CANDIDATE: "candidate",
    CustomFieldOwner.APPLICATION: "application",
    CustomFieldOwner.OFFER: "offer",
    CustomFieldOwner.OPENING: "opening",
    CustomFieldOwner.USER: "user_attribute",
}
SELECTS = {"single_select", "multi_select"}


class Greenhouse(kit.Connector):
    name = "greenhouse"
    title = "Greenhouse"
    docs = "https://harvestdocs.greenhouse.io"
    category = "ats"
    origins = ("https://harvest.greenhouse.io/v3", "https://harvest.greenhouse.io")
    # A token lasts an hour and there is no refresh token: a new one is asked for.
    auth = kit.ClientCredentials(
        token_url="https://auth.greenhouse.io/token",  # noqa: S106 – an address, no secret
        where="Configure > Dev Center > API Credential Management > Create new API credentials, "
        "of the type Harvest V3 (OAuth); then tick its scopes",
        extra={
            "sub": kit.Field(
                "userId",
                "User ID",
                "The number at the end of the address of a user's page, of a Site Admin; "
                "empty: the credentials' own service account",
                secret=False,
                required=False,
            )
        },
    )
    paging = kit.LinkPaging(size=("per_page", 500))
    # The size of the window differs from account to account and comes with each answer; 75 is the
    # documentation's example (UNCONFIRMED) and only counts until then.
    rate_limit = kit.RateLimit(
        calls=75,
        seconds=30,
        size_header="X-RateLimit-Limit",
        remaining_header="X-RateLimit-Remaining",
    )

    async def verify(self) -> None:
        """There is no "who am I"; lists of users need a scope and a Site Admin, as all lists do."""
        await self.get("/users", params={"per_page": 1})

    def permission(self, request: kit.Request) -> str:
        """`POST /applications/{}/move` needs the scope harvest:applications:move."""
        parts = request.template.removeprefix("/v3").strip("/").split("/")
        verbs = {"GET": "list", "POST": "create", "PATCH": "update", "DELETE": "destroy"}
        verb = parts[2] if len(parts) > 2 else verbs.get(request.method, request.method.lower())
        return f"the scope harvest:{parts[0]}:{verb}"

    def forbidden(self, request: kit.Request) -> kit.PermissionMissingError:
        scope = self.permission(request)
        return kit.PermissionMissingError(
            f"The credentials of this {self.title} account lack a permission: {scope}",
            hint=f"Ask the customer to grant {scope} to the API credentials in {self.title}, and "
            "to let them act as a Site Admin: without one no list can be read.",
        )

    def message(self, answer: kit.Answer) -> str:
        """Errors are objects with a field and a message, or, of paging, plain texts."""
        try:
            said = json.loads(answer.body)
            listed = [
                one if isinstance(one, str) else f"{one.get('field')}: {one.get('message')}"
                for one in said.get("errors") or ()
            ]
            return " ".join(part for part in (said.get("message"), "; ".join(listed)) if part)
        except (ValueError, AttributeError):
            return super().message(answer)

    # Reads: jobs and the company.

    def list_jobs(self, query: JobQuery) -> kit.Pages[Job]:
        params, applied = dated(query)
        if word := sole(query.status, JOB_STATUS_FILTER):
            params["status"] = word
            applied.add("status")
        wanted = set(query.models or JobModel)
        if query.department_id:
            wanted.add(JobModel.DEPARTMENTS)
        if query.office_id:
            wanted.add(JobModel.OFFICES)

        async def join(jobs: list[GreenhouseJob]) -> list[Job | None]:
            look = await self._job_tables([job for job in jobs if not job.is_template], wanted)
            return kit.mapped(jobs, lambda job: to_job(job, look))

        return self.pages("/jobs", GreenhouseJob, params=params, join=join, applied=applied)

    async def get_job(self, job_id: str) -> Job:
        job = await self._one("/jobs", GreenhouseJob, job_id, "job")
        ours = to_job(job, await self._job_tables([job], set(JobModel)))
        if ours is None:
            raise kit.ResourceNotFoundError("This job is a template, not a requisition")
        return ours

    def list_stages(self, query: StageQuery) -> kit.Pages[Stage]:
        return self._of(
            "/job_interview_stages",
            GreenhouseStage,
            lambda stages: settled(kit.mapped(stages, to_stage)),
            {"job_id": ("job_ids", query.job_id)},
            params={"active": True},
        )

    def list_departments(self) -> kit.Pages[Department]:
        return self.pages("/departments", GreenhousePlace, to_department)

    def list_offices(self) -> kit.Pages[Office]:
        return self.pages("/offices", GreenhousePlace, to_office)

    def list_users(self) -> kit.Pages[User]:
        """Service accounts too, because they are the authors of what integrations write."""
        params = {"show_service_accounts": True}
        return self.pages("/users", GreenhouseUser, to_user, params=params)

    def list_tags(self) -> kit.Pages[Tag]:
        return self.pages("/candidate_tags", GreenhouseNamed, to_tag)

    def list_sources(self) -> kit.Pages[Source]:
        return self.pages("/sources", GreenhouseSource, to_source)

    def list_rejection_reasons(self) -> kit.Pages[RejectionReason]:
        return self.pages("/rejection_reasons", GreenhouseReason, to_reason)

    def list_custom_fields(self, query: CustomFieldQuery) -> kit.Pages[CustomField]:
        word = sole(query.owner, OWNER_FILTER)

        async def join(fields: list[GreenhouseCustomField]) -> list[CustomField | None]:
            # All schools of the world are options of one field: those are left out.
            open_ = [one for one in fields if one.internal_type != "school_name"]
            options = await self._children(
                "/custom_field_options",
                GreenhouseNamed,
                "custom_field_id",
                [one.id for one in open_ if one.value_type in SELECTS],
            )
            listed = {one.id for one in open_}
            return kit.mapped(
                fields, lambda one: to_custom_field(one, options if one.id in listed else None)
            )

        return self.pages(
            "/custom_fields",
            GreenhouseCustomField,
            params={"field_type": word},
            join=join,
            applied=("owner",) if word else (),
        )

    # Reads: candidates and applications.

    def list_candidates(self, query: CandidateQuery) -> kit.Pages[Candidate]:
        params, applied = dated(query)
        for name, values in (("email", query.email), ("tag", query.tag)):
            if len(values) == 1:
                params[name] = values[0]
                applied.add(name)
        wanted = set(query.models or CandidateModel)
        if query.job_id:
            wanted.add(CandidateModel.INFO)

        async def join(candidates: list[GreenhouseCandidate]) -> list[Candidate | None]:
            look = await self._candidate_tables(candidates, wanted)
            return kit.mapped(candidates, lambda one: to_candidate(one, look))

        return self.pages(
            "/candidates", GreenhouseCandidate, params=params, join=join, applied=applied
        )

    async def get_candidate(self, candidate_id: str) -> Candidate:
        candidate = await self._person(candidate_id)
        return to_candidate(
            candidate, await self._candidate_tables([candidate], set(CandidateModel))
        )

    def search_candidates(self, search: CandidateSearch) -> kit.Pages[Candidate]:
        """By e-mail Greenhouse finds people itself; without one, all of them are looked through."""

        async def join(candidates: list[GreenhouseCandidate]) -> list[Candidate | None]:
            fitting = [one for one in candidates if drafts.fits(one, search)]
            look = await self._candidate_tables(fitting, set(CandidateModel))
            kept = {one.id for one in fitting}
            return kit.mapped(
                candidates, lambda one: to_candidate(one, look) if one.id in kept else None
            )

        if not search.emails:
            return self.pages("/candidates", GreenhouseCandidate, join=join)

        async def fetch(_: str | None) -> kit.Page[Candidate]:
            found = await join(await self._people_with(search.emails))
            return kit.Page([one for one in found if one is not None])

        return kit.Pages(fetch, frozenset({"emails"}))

    def list_applications(self, query: ApplicationQuery) -> kit.Pages[Application]:
        """Prospects are listed too, marked as such.

        Greenhouse has no filter by e-mail, tag or time of the last stage change. For an e-mail its
        owners are looked up first. `stage_ids` is not used: it is UNCONFIRMED which of the two
        kinds of stage ids it means (see `stage_id_of`).
        """
        params, applied = dated(query)
        if word := sole(query.status, STATUS_FILTER):
            params["status"] = word
            applied.add("status")
        for name, values in (("job_id", query.job_id), ("candidate_id", query.candidate_id)):
            if values and len(values) <= AT_ONCE:
                params[f"{name}s"] = ",".join(values)
                applied.add(name)
        wanted = set(query.models or ApplicationModel)
        if query.tag or query.candidate_email:
            wanted.add(ApplicationModel.INFO)
        if query.stage_id or query.changed_stage_after or query.changed_stage_before:
            wanted.add(ApplicationModel.STAGE)

        async def join(found: list[GreenhouseApplication]) -> list[Application | None]:
            look = await self._application_tables(found, wanted)
            return kit.mapped(found, lambda one: to_application(one, look))

        def listed(more: Mapping[str, str]) -> kit.Pages[Application]:
            return self.pages(
                "/applications",
                GreenhouseApplication,
                params={**params, **more},
                join=join,
                applied=applied,
            )

        if not query.candidate_email:
            return listed({})

        async def fetch(cursor: str | None) -> kit.Page[Application]:
            if cursor is not None:
                return await listed({}).fetch(cursor)
            people = {str(one.id) for one in await self._people_with(query.candidate_email)}
            people = people & set(query.candidate_id) if query.candidate_id else people
            if not people:
                return kit.Page([])
            more = {"candidate_ids": ",".join(sorted(people))} if len(people) <= AT_ONCE else {}
            return await listed(more).fetch(None)

        return kit.Pages(fetch, frozenset({*applied, "candidate_email"}))

    async def get_application(self, application_id: str) -> Application:
        application = await self._application(application_id)
        look = await self._application_tables([application], set(ApplicationModel))
        return to_application(application, look)

    # Reads: what hangs on an application.

    def list_interviews(self, query: OfApplications) -> kit.Pages[Interview]:
        async def join(interviews: list[GreenhouseInterview]) -> list[Interview | None]:
            look = await self._interview_tables(interviews)
            return kit.mapped(interviews, lambda one: to_interview(one, look))

        ids = {"application_id": ("application_ids", query.application_id)}
        return self._of("/interviews", GreenhouseInterview, join, ids)

    def list_scorecards(self, query: OfApplications) -> kit.Pages[Scorecard]:
        async def join(cards: list[GreenhouseScorecard]) -> list[Scorecard | None]:
            look = await self._scorecard_tables(cards)
            return kit.mapped(cards, lambda one: to_scorecard(one, look))

        ids = {"application_id": ("application_ids", query.application_id)}
        return self._of("/scorecards", GreenhouseScorecard, join, ids)

    def list_offers(self, query: OfApplications) -> kit.Pages[Offer]:
        """All versions; the superseded ones say so. The filter is UNCONFIRMED, but see the top."""
        ids = {"application_id": ("application_ids", query.application_id)}
        return self._of(
            "/offers", GreenhouseOffer, lambda offers: settled(kit.mapped(offers, to_offer)), ids
        )

    def list_attachments(self, query: AttachmentQuery) -> kit.Pages[Attachment]:
        ids = {
            "application_id": ("application_ids", query.application_id),
            "candidate_id": ("candidate_ids", query.candidate_id),
        }
        return self._of(
            "/attachments",
            GreenhouseAttachment,
            lambda files: settled(kit.mapped(files, to_attachment)),
            ids,
        )

    async def download_attachment(
        self, attachment_id: str, application_id: str | None, candidate_id: str | None
    ) -> Download:
        """By a fresh link: it is signed, lives seven days and leads to a storage of files."""
        file = await self._one("/attachments", GreenhouseAttachment, attachment_id, "attachment")
        if not file.url:
            raise kit.ResourceNotFoundError("Greenhouse has no file behind this attachment")
        stream = await self.open_link(file.url)
        length = stream.headers.get("content-length", "")
        return Download(
            chunks=stream.chunks,
            name=file.filename,
            content_type=stream.headers.get("content-type") or "application/octet-stream",
            size=int(length) if length.isdigit() else None,
        )

    def list_notes(self, query: NoteQuery) -> kit.Pages[Note]:
        async def join(notes: list[GreenhouseNote]) -> list[Note | None]:
            users = await self._users(numbers(notes, "user_id"))
            return kit.mapped(notes, lambda one: to_note(one, users))

        ids = {
            "candidate_id": ("candidate_ids", query.candidate_id),
            "application_id": ("application_ids", query.application_id),
        }
        return self._of("/notes", GreenhouseNote, join, ids)

    def list_eeoc(self, query: EeocQuery) -> kit.Pages[Eeoc]:
        window = between(query.submitted_after, query.submitted_before)
        ends = [name for name in query.__struct_fields__ if getattr(query, name)]
        return self.pages(
            "/eeoc", GreenhouseEeoc, to_eeoc, params={"submitted_at": window}, applied=ends
        )

    async def get_eeoc(self, application_id: str) -> Eeoc:
        """UNCONFIRMED that the list filters by application; if it refuses, it is read through."""
        params = {"application_ids": known_number(application_id, "application")}
        try:
            found = await self.everything("/eeoc", GreenhouseEeoc, params=params)
        except kit.RejectedError:
            found = await self.everything("/eeoc", GreenhouseEeoc)
        own = [one for one in found if str(one.application_id) == application_id]
        return to_eeoc(kit.only(own, "equal-opportunity answer"))
