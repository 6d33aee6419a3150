"""Greenhouse Recruiting, Harvest v3, as documented on 2026-11-21.

Harvest v1 and v2 ended on 2026-08-31. Version 3 is a set of flat tables: an application is put
together from applications, candidates, application_stages, rejection_details and more, so a page is
joined with look-ups by id, fifty to a call. What is asked by `<parent>_ids` is filtered again here
by that parent, so that a list which ignores the parameter does no harm.

A change in one of those tables does not touch the application, so a run for changes also asks each
table that a wanted section shows. Rows that were taken away, new names of what many records refer
to (users, stages, sources, places), and what an account's Greenhouse does not filter by time of
change are seen by the next full run. Of its own webhooks only ids are taken; one about a person
does not name the applications, which follow with the next run.

Where the published description leaves something open it is marked UNCONFIRMED.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from hireloom import kit
from hireloom.connectors.ats import _greenhouse_changes as changes
from hireloom.connectors.ats import _greenhouse_children as children
from hireloom.connectors.ats import _greenhouse_drafts as drafts
from hireloom.connectors.ats import _greenhouse_files as files
from hireloom.connectors.ats import _greenhouse_finds as finds
from hireloom.connectors.ats import _greenhouse_hooks as webhooks
from hireloom.connectors.ats import _greenhouse_joins as joins
from hireloom.connectors.ats import _greenhouse_lists as lists
from hireloom.connectors.ats import _greenhouse_notes as notes
from hireloom.connectors.ats import _greenhouse_partner as partners
from hireloom.connectors.ats import _greenhouse_permissions as permissions
from hireloom.connectors.ats import _greenhouse_records as wire
from hireloom.connectors.ats import _greenhouse_remembered as remembered
from hireloom.connectors.ats import _greenhouse_scores as scores
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
from hireloom.connectors.ats._greenhouse_filters import (
    OWNER_FILTER,
    SELECTS,
    between,
    known_number,
    moment,
    plainly,
    sole,
)
from hireloom.connectors.ats._greenhouse_job_records import GreenhouseJob, GreenhouseStage
from hireloom.connectors.ats._greenhouse_jobs import to_department, to_job, to_office, to_stage
from hireloom.connectors.ats._greenhouse_people import numbers, to_candidate, to_user
from hireloom.connectors.ats._greenhouse_shapes import to_application, to_reason, to_source
from hireloom.models import (
    AddedAttachment,
    Application,
    ApplicationDraft,
    ApplicationModel,
    ApplicationQuery,
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
    CustomFieldQuery,
    Department,
    Download,
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
    Note,
    NoteDraft,
    NoteQuery,
    OfApplications,
    Offer,
    Office,
    Receipt,
    RejectionDraft,
    RejectionReason,
    ScheduledInterview,
    Scorecard,
    Source,
    Stage,
    StageMove,
    StageQuery,
    Tag,
    TagChange,
    User,
    WrittenNote,
    WrittenScore,
)


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
        "of the type Harvest V3 (OAuth); then tick its scopes in its Settings tab",
        extra={
            "sub": kit.Field(
                "userId",
                "User ID",
                help="Leave this empty to let the credentials act for themselves. To let a certain "
                "user act, who must be a Site Admin, open that user's page in Greenhouse: the "
                "number at the end of its address is the ID.",
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
    )
    hooks = webhooks.HOOKS
    partner = partners.PARTNER
    grants = permissions.GRANTS

    async def verify(self) -> None:
        """There is no "who am I"; lists of users need a scope and a Site Admin, as all lists do."""
        await self.get("/users", params={"per_page": 1})

    async def lacks(self, *, trying: bool) -> Mapping[str, str]:
        """One row of each list; what may be written, nobody tells without writing."""
        if not trying:
            return {}
        calls = {
            name: self.request("GET", path, params={"per_page": 1}, reading=True)
            for name, path in permissions.LISTS.items()
        }
        return await kit.refused(self, calls)

    def permission(self, request: kit.Request) -> str:
        """`POST /applications/{}/move` needs the scope harvest:applications:move."""
        parts = request.template.removeprefix("/v3").strip("/").split("/")
        verbs = {"GET": "list", "POST": "create", "PATCH": "update", "DELETE": "destroy"}
        verb = parts[2] if len(parts) > 2 else verbs.get(request.method, request.method.lower())
        return f"harvest:{parts[0]}:{verb}"

    def forbidden(self, request: kit.Request) -> kit.PermissionMissingError:
        scope = self.permission(request)
        return kit.PermissionMissingError(
            f"The credentials of this {self.title} account lack a permission: {scope}",
            hint=f"Ask the customer to grant the scope {scope} to the API credentials in "
            f"{self.title}, and to let them act as a Site Admin: without one no list can be read.",
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
        return lists.jobs(self, query).pages(self)

    async def get_job(self, job_id: str) -> Job:
        job = await finds.one(self, "/jobs", GreenhouseJob, job_id, "job")
        ours = to_job(job, await joins.job_tables(self, [job], set(JobModel)))
        if ours is None:
            raise kit.ResourceNotFoundError("This job is a template, not a requisition")
        return ours

    def list_stages(self, query: StageQuery) -> kit.Pages[Stage]:
        return children.listed(
            self,
            "/job_interview_stages",
            GreenhouseStage,
            plainly(to_stage),
            {"job_id": ("job_ids", query.job_id)},
            params={"active": True},
        )

    def list_departments(self) -> kit.Pages[Department]:
        return self.pages("/departments", wire.GreenhousePlace, to_department)

    def list_offices(self) -> kit.Pages[Office]:
        return self.pages("/offices", wire.GreenhousePlace, to_office)

    def list_users(self) -> kit.Pages[User]:
        """Service accounts too, because they are the authors of what integrations write."""
        params = {"show_service_accounts": True}
        return self.pages("/users", wire.GreenhouseUser, to_user, params=params)

    def list_tags(self) -> kit.Pages[Tag]:
        return self.pages("/candidate_tags", wire.GreenhouseNamed, to_tag)

    def list_sources(self) -> kit.Pages[Source]:
        return self.pages("/sources", wire.GreenhouseSource, to_source)

    def list_rejection_reasons(self) -> kit.Pages[RejectionReason]:
        return self.pages("/rejection_reasons", wire.GreenhouseReason, to_reason)

    def list_custom_fields(self, query: CustomFieldQuery) -> kit.Pages[CustomField]:
        word = sole(query.owner, OWNER_FILTER)

        async def join(fields: list[wire.GreenhouseCustomField]) -> list[CustomField | None]:
            # All schools of the world are options of one field: those are left out.
            open_ = [one for one in fields if one.internal_type != "school_name"]
            options = await joins.children(
                self,
                "/custom_field_options",
                wire.GreenhouseNamed,
                "custom_field_id",
                [one.id for one in open_ if one.value_type in SELECTS],
            )
            listed = {one.id for one in open_}
            return kit.mapped(
                fields, lambda one: to_custom_field(one, options if one.id in listed else None)
            )

        return self.pages(
            "/custom_fields",
            wire.GreenhouseCustomField,
            params={"field_type": word},
            join=join,
            applied=("owner",) if word else (),
        )

    # Reads: candidates and applications.

    def list_candidates(self, query: CandidateQuery) -> kit.Pages[Candidate]:
        return lists.candidates(self, query).pages(self)

    async def get_candidate(self, candidate_id: str) -> Candidate:
        candidate = await finds.person(self, candidate_id)
        return to_candidate(
            candidate, await joins.candidate_tables(self, [candidate], set(CandidateModel))
        )

    def search_candidates(self, search: CandidateSearch) -> kit.Pages[Candidate]:
        """By e-mail Greenhouse finds people itself; without one, all of them are looked through."""

        async def join(candidates: list[wire.GreenhouseCandidate]) -> list[Candidate | None]:
            fitting = [one for one in candidates if drafts.fits(one, search)]
            look = await joins.candidate_tables(self, fitting, set(CandidateModel))
            kept = {one.id for one in fitting}
            return kit.mapped(
                candidates, lambda one: to_candidate(one, look) if one.id in kept else None
            )

        if not search.emails:
            return self.pages("/candidates", wire.GreenhouseCandidate, join=join)

        async def fetch(_: str | None) -> kit.Page[Candidate]:
            found = await join(await finds.people_with(self, search.emails))
            return kit.Page([one for one in found if one is not None])

        return kit.Pages(fetch, frozenset({"emails"}))

    def list_applications(self, query: ApplicationQuery) -> kit.Pages[Application]:
        """Prospects are listed too, marked as such."""
        return lists.applications(self, query).pages(self)

    async def get_application(self, application_id: str) -> Application:
        application = await finds.application(self, application_id)
        look = await joins.application_tables(self, [application], set(ApplicationModel))
        return to_application(application, look)

    # Reads: what hangs on an application.

    def list_interviews(self, query: OfApplications) -> kit.Pages[Interview]:
        async def join(interviews: list[wire.GreenhouseInterview]) -> list[Interview | None]:
            look = await joins.interview_tables(self, interviews)
            return kit.mapped(interviews, lambda one: to_interview(one, look))

        ids = {"application_id": ("application_ids", query.application_id)}
        return children.listed(self, "/interviews", wire.GreenhouseInterview, join, ids)

    def list_scorecards(self, query: OfApplications) -> kit.Pages[Scorecard]:
        async def join(cards: list[wire.GreenhouseScorecard]) -> list[Scorecard | None]:
            look = await joins.scorecard_tables(self, cards)
            return kit.mapped(cards, lambda one: to_scorecard(one, look))

        ids = {"application_id": ("application_ids", query.application_id)}
        return children.listed(self, "/scorecards", wire.GreenhouseScorecard, join, ids)

    def list_offers(self, query: OfApplications) -> kit.Pages[Offer]:
        """All versions; the superseded ones say so. The filter is UNCONFIRMED, but see the top."""
        ids = {"application_id": ("application_ids", query.application_id)}
        return children.listed(self, "/offers", wire.GreenhouseOffer, plainly(to_offer), ids)

    def list_attachments(self, query: AttachmentQuery) -> kit.Pages[Attachment]:
        ids = {
            "application_id": ("application_ids", query.application_id),
            "candidate_id": ("candidate_ids", query.candidate_id),
        }
        return children.listed(
            self, "/attachments", wire.GreenhouseAttachment, plainly(to_attachment), ids
        )

    async def download_attachment(
        self, attachment_id: str, application_id: str | None, candidate_id: str | None
    ) -> Download:
        """By a fresh link: it is signed, lives seven days and leads to a storage of files."""
        file = await finds.one(
            self, "/attachments", wire.GreenhouseAttachment, attachment_id, "attachment"
        )
        if not file.url:
            raise kit.ResourceNotFoundError("Greenhouse has no file behind this attachment")
        stream = await self.open_link(file.url)
        return Download(
            chunks=stream.chunks,
            name=file.filename,
            content_type=stream.content_type,
            size=stream.size,
        )

    def list_notes(self, query: NoteQuery) -> kit.Pages[Note]:
        async def join(notes: list[wire.GreenhouseNote]) -> list[Note | None]:
            users = await remembered.users(self, numbers(notes, "user_id"))
            return kit.mapped(notes, lambda one: to_note(one, users))

        ids = {
            "candidate_id": ("candidate_ids", query.candidate_id),
            "application_id": ("application_ids", query.application_id),
        }
        return children.listed(self, "/notes", wire.GreenhouseNote, join, ids)

    def list_eeoc(self, query: EeocQuery) -> kit.Pages[Eeoc]:
        window = between(query.submitted_after, query.submitted_before)
        ends = [name for name in query.__struct_fields__ if getattr(query, name)]
        return self.pages(
            "/eeoc", wire.GreenhouseEeoc, to_eeoc, params={"submitted_at": window}, applied=ends
        )

    async def get_eeoc(self, application_id: str) -> Eeoc:
        """UNCONFIRMED that the list filters by application; if it refuses, it is read through."""
        params = {"application_ids": known_number(application_id, "application")}
        try:
            found = await self.everything("/eeoc", wire.GreenhouseEeoc, params=params)
        except kit.RejectedError:
            found = await self.everything("/eeoc", wire.GreenhouseEeoc)
        own = [one for one in found if str(one.application_id) == application_id]
        return to_eeoc(kit.only(own, "equal-opportunity answer"))

    # Reads: for syncs.

    def list_changed_applications(
        self, since: kit.Since, query: ApplicationQuery
    ) -> kit.Pages[Application]:
        reading = lists.applications(self, query)
        return changes.changed(self, since, query, reading, changes.OF_APPLICATIONS)

    def list_changed_candidates(
        self, since: kit.Since, query: CandidateQuery
    ) -> kit.Pages[Candidate]:
        reading = lists.candidates(self, query)
        return changes.changed(self, since, query, reading, changes.OF_CANDIDATES)

    def list_changed_jobs(self, since: kit.Since, query: JobQuery) -> kit.Pages[Job]:
        reading = lists.jobs(self, query)
        return changes.changed(self, since, query, reading, changes.OF_JOBS)

    def list_application_ids(self) -> kit.Pages[str]:
        return changes.ids(self, "/applications")

    def list_candidate_ids(self) -> kit.Pages[str]:
        return changes.ids(self, "/candidates")

    def list_job_ids(self) -> kit.Pages[str]:
        return changes.job_ids(self)

    async def get_applications(
        self, ids: Sequence[str], query: ApplicationQuery
    ) -> list[Application]:
        return await lists.applications(self, lists.whenever_moved(query)).of(self, ids)

    async def get_candidates(self, ids: Sequence[str], query: CandidateQuery) -> list[Candidate]:
        return await lists.candidates(self, query).of(self, ids)

    async def get_jobs(self, ids: Sequence[str], query: JobQuery) -> list[Job]:
        return await lists.jobs(self, query).of(self, ids)

    # Writes: candidates.

    async def create_candidate(self, draft: CandidateDraft) -> CreatedCandidate:
        """A candidate without a job is a prospect.

        That some application goes along was required in version 1 and is UNCONFIRMED for version 3;
        the empty prospect fits both; so is the answer, which may leave the prospect to be read.
        """
        application: dict[str, Any] = {"prospect": True}
        created = await finds.create_person(self, draft, application)
        return CreatedCandidate(
            candidate_id=created.candidate_id,
            application_id=await finds.prospect_of(self, created),
            fields_dropped=kit.dropped(draft, sent=drafts.PERSON_FIELDS, title=self.title),
        )

    async def update_candidate(self, changes: CandidateChanges) -> Receipt:
        partial = changes.present_address is not None or bool(changes.custom_fields)
        now = await finds.person(self, changes.candidate_id) if partial else None
        body = drafts.changed(changes, now)
        if body:
            await self.patch(kit.path("/candidates/{}", changes.candidate_id), body)
        sent = {*drafts.PERSON_FIELDS, "candidate_id"}
        return Receipt(fields_dropped=kit.dropped(changes, sent=sent, title=self.title))

    async def add_candidate_tag(self, change: TagChange) -> Receipt:
        """A tag that the organisation does not know yet is made; one that is there already stays.

        One row is written, not the candidate's whole list of tags, so that nobody's tag gets lost
        between reading and writing.
        """
        tag = await finds.tag_called(self, change.tag)
        if tag is None:
            tag = await self.post("/candidate_tags", {"name": change.tag}, wire.GreenhouseNumbered)
        elif await finds.applied_tags(self, change.candidate_id, tag.id):
            return Receipt()
        person = drafts.number(change.candidate_id, "candidateId")
        body = {"candidate_id": person, "candidate_tag_id": tag.id}
        await self.post("/applied_candidate_tags", body)
        return Receipt()

    async def remove_candidate_tag(self, change: TagChange) -> Receipt:
        """The tag comes off the candidate; the organisation keeps it."""
        tag = await finds.tag_called(self, change.tag)
        for row in await finds.applied_tags(self, change.candidate_id, tag.id) if tag else ():
            await self.delete(kit.path("/applied_candidate_tags/{}", str(row.id)))
        return Receipt()

    async def create_application_note(self, application_id: str, draft: NoteDraft) -> WrittenNote:
        return await notes.write(self, draft, drafts.number(application_id, "applicationId"))

    async def create_candidate_note(self, candidate_id: str, draft: NoteDraft) -> WrittenNote:
        return await notes.write(self, draft, None)

    # Writes: applications.

    async def create_application(self, draft: ApplicationDraft) -> CreatedApplication:
        """Files follow once the application is there; one that is refused is named as dropped."""
        source_id, left = await finds.source_of(self, draft)
        job_id = drafts.number(draft.job_id, "jobId")
        application: dict[str, Any] = {"job_id": job_id}
        if draft.initial_stage_id is not None:
            stage = drafts.number(draft.initial_stage_id, "initialStageId")
            application["initial_stage_id"] = stage
        if source_id is not None:
            application["source_id"] = source_id
        sent = {"job_id", "candidate_id", "candidate", "initial_stage_id", "attachments", "origin"}
        left += kit.dropped(draft, sent=sent, title=self.title)
        if draft.candidate is not None:
            created = await finds.create_person(self, draft.candidate, application)
            candidate_id = created.candidate_id
            application_id = await finds.only_application(self, created, job_id)
            left += kit.dropped(
                draft.candidate, sent=drafts.PERSON_FIELDS, title=self.title, prefix="candidate."
            )
        else:
            candidate_id = draft.candidate_id or ""
            person = drafts.number(candidate_id, "candidateId")
            body = {"candidate_id": person, **application}
            made = await self.post("/applications", body, wire.GreenhouseNumbered)
            application_id = str(made.id)
        left += await files.attach_all(self, application_id, draft)
        return CreatedApplication(
            application_id=application_id,
            candidate_id=candidate_id,
            job_id=draft.job_id,
            fields_dropped=left,
        )

    async def move_application(self, move: StageMove) -> Receipt:
        """Greenhouse wants to hear which stage is left, so the application is read first."""
        application = await finds.application(self, move.application_id)
        leaves = await finds.stage_of(self, application) if application.has_stage else None
        if leaves is None:
            raise kit.ConflictError("This application is in no stage that it could be moved from")
        body = {"from_stage_id": leaves, "to_stage_id": drafts.number(move.stage_id, "stageId")}
        await self.post(kit.path("/applications/{}/move", move.application_id), body)
        sent = {"application_id", "stage_id"}
        return Receipt(fields_dropped=kit.dropped(move, sent=sent, title=self.title))

    async def reject_application(self, rejection: RejectionDraft) -> Receipt:
        """Version 3 insists on a reason. Where the caller gives none, the most neutral one that the

        organisation has is taken: one called Other, or else one of the type "None specified".
        A message to the candidate needs a template and a date, so `notify` is dropped.
        """
        number = rejection.rejection_reason_id
        reason_id = (
            await finds.neutral_reason(self)
            if number is None
            else drafts.number(number, "rejectionReasonId")
        )
        body = {"rejection_reason_id": reason_id, "notes": rejection.note}
        await self.post(kit.path("/applications/{}/reject", rejection.application_id), body)
        sent = {"application_id", "rejection_reason_id", "note"}
        return Receipt(fields_dropped=kit.dropped(rejection, sent=sent, title=self.title))

    async def add_attachment(self, draft: AttachmentDraft) -> AddedAttachment:
        """To the application: version 3 has no files of candidates. A URL is fetched by Greenhouse

        itself and has to be public.
        """
        return await files.attach(self, draft, drafts.number(draft.application_id, "applicationId"))

    # Writes: interviews and jobs.

    async def create_interview(self, draft: InterviewDraft) -> ScheduledInterview:
        """Into a slot of the job's plan (`interviewTypeId`), by default the first of the stage that

        the application is in. The slot names the interview, so a subject has no place. Greenhouse
        wants interviewers, and the id of a calendar's event: one is made out of the meeting.
        """
        meeting = drafts.meeting(draft)
        body = drafts.with_event({**meeting, "job_interview_id": await finds.slot_for(self, draft)})
        made = await self._whole(await self.post("/interviews", body, wire.GreenhouseInterview))
        left = kit.dropped(draft, sent=drafts.OF_INTERVIEWS, title=self.title)
        return ScheduledInterview(interview=made, fields_dropped=left)

    async def update_interview(self, changes: InterviewChanges) -> ScheduledInterview:
        """Interviewers that are given take the place of all. Only interviews that were made by API

        can be changed, as far as is known (a rule of version 1).
        """
        body: dict[str, Any] = {
            "starts_at": moment(changes.scheduled_start),
            "ends_at": moment(changes.scheduled_end),
            "location": changes.location,
            "video_conferencing_url": changes.meeting_url,
        }
        if changes.interviewer_ids is not None or changes.interviewer_emails is not None:
            body["interviewers"] = drafts.interviewers(
                changes.interviewer_ids or (), changes.interviewer_emails or ()
            )
        path = kit.path("/interviews/{}", changes.interview_id)
        made = await self._whole(await self.patch(path, body, wire.GreenhouseInterview))
        left = kit.dropped(changes, sent=drafts.OF_INTERVIEWS, title=self.title)
        return ScheduledInterview(interview=made, fields_dropped=left)

    async def cancel_interview(self, cancellation: InterviewCancellation) -> Receipt:
        """Greenhouse deletes it; one that has taken place is refused."""
        await self.delete(kit.path("/interviews/{}", cancellation.interview_id))
        return Receipt()

    async def create_job(self, draft: JobDraft) -> CreatedJob:
        """Every job is copied from another, as a rule from a template, with its plan and team.

        The newest description has these names, the one published before has none (UNCONFIRMED); an
        account that differs answers which field it refuses.
        """
        if draft.template_id is None:
            raise kit.RequestInvalidError.at("templateId", "a job of Greenhouse needs a template")
        body = {
            "template_job_id": drafts.number(draft.template_id, "templateId"),
            "number_of_openings": draft.openings or 1,
            "job_name": draft.title,
            "notes": draft.description,
            "requisition_id": draft.code,
        }
        if draft.department_id is not None:
            body["department_id"] = drafts.number(draft.department_id, "departmentId")
        if draft.office_id is not None:
            body["office_ids"] = [drafts.number(draft.office_id, "officeId")]
        made = await self.post("/jobs", body, wire.GreenhouseNumbered)
        sent = {"title", "description", "code", "department_id", "office_id", "openings"}
        sent.add("template_id")
        left = kit.dropped(draft, sent=sent, title=self.title)
        return CreatedJob(job_id=str(made.id), fields_dropped=left)

    # Scores, and tests that are ordered in Greenhouse.

    async def create_assessment_result(
        self, paper: kit.Paper, order: kit.OpenOrder | None
    ) -> WrittenScore:
        return await partners.tell(self, paper, order)

    async def create_scorecard(self, paper: kit.Paper) -> WrittenScore:
        return await scores.create_card(self, paper)

    async def update_score_fields(self, paper: kit.Paper) -> WrittenScore:
        """On applications, custom fields are part of the Enterprise plan only."""
        return await scores.fill_fields(self, paper, self.list_custom_fields)

    def read_partner_call(self, call: kit.PartnerCall) -> kit.PartnerAsk:
        return partners.read(call)

    def answer_partner(self, ask: kit.PartnerAsk, reply: kit.PartnerReply) -> kit.PartnerAnswer:
        return partners.answer(reply)

    def refuse_partner(self, call: kit.PartnerCall, error: kit.HireloomError) -> kit.PartnerAnswer:
        return partners.refuse(error)

    # Webhooks.

    def read_hook(self, hook: kit.Hook, secrets: Mapping[str, str]) -> kit.News:
        return webhooks.read(hook, secrets)

    async def register_hook(self, event: str, url: str, secret: str) -> kit.Registered:
        return await webhooks.register(self, event, url, secret)

    async def remove_hook(self, hook_id: str) -> None:
        await self.delete(kit.path("/webhooks/{}", hook_id))

    async def _whole(self, interview: wire.GreenhouseInterview) -> Interview:
        return to_interview(interview, await joins.interview_tables(self, [interview]))
