"""Ashby, API v1, as documented on 2026-08-07: POST /<category>.<method>, for reads as well."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from hireloom import kit
from hireloom.connectors.ats._ashby_company import (
    JOB_STATUSES,
    JobTables,
    to_custom_field,
    to_job,
    to_listed_department,
    to_office,
    to_source,
    to_tag,
)
from hireloom.connectors.ats._ashby_forms import to_eeoc, to_scorecard, to_user
from hireloom.connectors.ats._ashby_lookups import FEW, UNSIZED
from hireloom.connectors.ats._ashby_people import (
    files_of,
    tags_of,
    to_application,
    to_attachments,
    to_candidate,
    to_note,
)
from hireloom.connectors.ats._ashby_pipeline import (
    to_interviews,
    to_offer,
    to_rejection_reason,
    to_stage,
)
from hireloom.connectors.ats._ashby_refusals import (
    MODULES,
    SCOPES,
    code_of,
    failure,
    is_success,
    of_link,
)
from hireloom.connectors.ats._ashby_shapes import (
    AshbyApplication,
    AshbyCandidate,
    AshbyCustomField,
    AshbyDepartment,
    AshbyFeedback,
    AshbyFile,
    AshbyJob,
    AshbyKnown,
    AshbyLink,
    AshbyLocation,
    AshbyNote,
    AshbyOffer,
    AshbyPosting,
    AshbyReason,
    AshbySchedule,
    AshbySource,
    AshbySurvey,
    AshbyTag,
    AshbyUser,
)
from hireloom.connectors.ats._ashby_writes import AshbyWrites
from hireloom.models import (
    Application,
    ApplicationModel,
    ApplicationQuery,
    ApplicationStatus,
    Attachment,
    AttachmentQuery,
    Candidate,
    CandidateQuery,
    CandidateSearch,
    CustomField,
    CustomFieldQuery,
    Department,
    Download,
    Eeoc,
    EeocQuery,
    Interview,
    Job,
    JobModel,
    JobQuery,
    JobStatus,
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
    given,
)

S = TypeVar("S")
M = TypeVar("M")


class Ashby(AshbyWrites):
    """Its writes stand in `_ashby_writes`, the mapping by model in the files beside it."""

    name = "ashby"
    title = "Ashby"
    docs = "https://developers.ashbyhq.com"
    category = "ats"
    origins = ("https://api.ashbyhq.com",)
    auth = kit.BasicKey(
        where="Admin > Integrations > API Keys > New: tick Read and Write of the modules to share"
    )
    paging = kit.CursorPaging(
        items="results",
        next="nextCursor",
        send_as="cursor",
        size=("limit", 100),
        more="moreDataAvailable",
        in_body=True,
        sync="syncToken",
    )
    rate_limit = kit.RateLimit(calls=10, seconds=1, burst=10)  # none is published; theirs to keep
    wrapped_in = "results"
    headers = {"Accept": "application/json; version=1"}

    async def verify(self) -> None:
        """A key without "API Keys: Read" may be refused its own scopes, but then it is known."""
        try:
            await self.ask("/apiKey.info", {})
        except kit.PermissionMissingError:
            return

    # What went wrong: Ashby mostly says so with status 200 and `success: false`.

    def refusal(self, answer: kit.Answer) -> kit.HireloomError | None:
        if answer.status < 400 and is_success(answer.body):
            return None
        if not answer.request.signed:
            return of_link(answer.status)
        codes = [code_of(one) for one in failure(answer.body)[0]]
        meaning = self._meaning(codes, answer.request)
        if meaning is not None:
            return meaning
        if answer.status == 403:
            return self._blocked(answer)
        if answer.status in {200, 400, 422}:
            code = codes[0] if codes else "no reason"
            return kit.RejectedError(f"{self.title} refused {answer.request.template}: {code}")
        return super().refusal(answer)

    def permission(self, request: kit.Request) -> str:
        """A module as the customer ticks it, and the scope as `apiKey.info` names it."""
        category = request.template.strip("/").partition(".")[0]
        scope = SCOPES.get(category, "candidates")
        verb = "Read" if request.reads else "Write"
        return f'"{MODULES[scope]}: {verb}" ({scope}:{verb.lower()})'

    def message(self, answer: kit.Answer) -> str:
        errors, said = failure(answer.body)
        return said or "; ".join(errors) or super().message(answer)

    def _meaning(self, codes: Sequence[str], request: kit.Request) -> kit.HireloomError | None:
        for code in codes:
            # UNCONFIRMED word; said of a key's own scopes it would be a key that nobody knows.
            is_forbidden = code == "forbidden" and request.template != "/apiKey.info"
            if is_forbidden or "permission" in code:
                return self.forbidden(request)
            if code.endswith("not_found"):
                what = code.removesuffix("not_found").strip("_").replace("_", " ") or "object"
                return kit.ResourceNotFoundError(f"{self.title} has no such {what}")
            # An id that is no UUID is refused as input, before anybody looks for it.
            if code == "invalid_input" and request.reads and request.template.endswith(".info"):
                return kit.ResourceNotFoundError(f"{self.title} has no record with this id")
            if code == "sync_token_expired":
                return kit.ConflictError(
                    f"{self.title}'s sync token expired: the changes since then are unknown",
                    hint="Start again with a full listing.",
                    detail=code,
                )
        return None

    def _blocked(self, answer: kit.Answer) -> kit.HireloomError:
        if b"1010" in answer.body and b'"success"' not in answer.body:
            return kit.UnexpectedAnswerError(
                f"Cloudflare, which stands in front of {self.title}, turned the call away (1010)",
                hint="A proxy on the way out may have changed the User-Agent.",
            )
        return kit.CredentialsInvalidError(
            f"{self.title} does not accept this API key, or it was deactivated"
        )

    # Jobs.

    def list_jobs(self, query: JobQuery) -> kit.Pages[Job]:
        """`status` is always sent. UNCONFIRMED: without it drafts are left out."""
        words = [word for word, status in JOB_STATUSES.items() if status in query.status]
        pushed = words if words and JobStatus.NOT_SPECIFIED not in query.status else None
        return self.pages(
            "/job.list",
            AshbyJob,
            join=partial(self._jobs, frozenset(query.models)),
            body={"status": pushed or list(JOB_STATUSES), "expand": ["openings"]},
            applied={"status"} if pushed else (),
        )

    async def get_job(self, job_id: str) -> Job:
        body = {"id": job_id, "expand": ["openings"]}
        job = await self.ask("/job.info", body, AshbyJob)
        return (await self._jobs(frozenset(JobModel), [job]))[0]

    async def _jobs(self, models: frozenset[JobModel], jobs: list[AshbyJob]) -> list[Job]:
        """Stages cost a call per plan, pay and questions one per posting: only when asked for."""
        tables = JobTables(
            departments=await self._departments(jobs, models),
            locations=await self._locations(jobs, models),
            postings=await self._postings(jobs, models),
            are_whole=bool(models & WHOLE_POSTING),
            plans=await self._plans(one for job in jobs for one in job.plan_ids)
            if JobModel.STAGES in models
            else None,
        )
        return [to_job(job, tables) for job in jobs]

    async def _departments(
        self, jobs: list[AshbyJob], models: frozenset[JobModel]
    ) -> Mapping[str, AshbyDepartment]:
        if models and JobModel.DEPARTMENTS not in models:
            return {}
        ids = (job.department_id for job in jobs)
        body = {"includeArchived": True}
        return await self.remember(
            "departments",
            ids,
            lambda _: self.everything("/department.list", AshbyDepartment, body=body),
        )

    async def _locations(
        self, jobs: list[AshbyJob], models: frozenset[JobModel]
    ) -> Mapping[str, AshbyLocation]:
        if models and JobModel.OFFICES not in models:
            return {}
        ids = [
            one for job in jobs for one in (job.location_id, *(job.secondary_location_ids or ()))
        ]
        body = {"includeArchived": True}
        return await self.remember(
            "locations", ids, lambda _: self.everything("/location.list", AshbyLocation, body=body)
        )

    async def _postings(
        self, jobs: list[AshbyJob], models: frozenset[JobModel]
    ) -> Mapping[str, AshbyPosting] | None:
        ids = [one for job in jobs for one in job.job_posting_ids or ()]
        if models & WHOLE_POSTING:
            return await self.remember("whole postings", ids, self._whole_postings)
        if not models or models & {JobModel.INFO, JobModel.POSTS}:
            return await self.remember(
                "postings", ids, lambda _: self._whole("/jobPosting.list", AshbyPosting)
            )
        return None

    async def _whole_postings(self, ids: list[str]) -> list[AshbyPosting]:
        return await self._found(
            self.ask("/jobPosting.info", {"jobPostingId": one}, AshbyPosting) for one in ids
        )

    # Applications.

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
        status = status_word(query.status)
        applied = pushed(
            created_after=query.created_after, job_id=query.job_id, status=status == "Hired"
        )
        body = {"createdAfter": after(query.created_after), "status": status}
        moved = query.changed_stage_after or query.changed_stage_before
        join = partial(self._whole_applications, query) if moved or expand else None
        lists = [
            self.pages(
                "/application.list",
                AshbyApplication,
                to_application,
                body={**body, "jobId": job_id},
                join=join,
                applied=applied,
                size=FEW if expand else None,  # each costs a call, so a page is a few of them
            )
            for job_id in query.job_id or (None,)
        ]
        return in_turn(lists)

    async def get_application(self, application_id: str) -> Application:
        return await self._told(await self._application(application_id, expand=ANSWERS))

    async def _told(
        self, application: AshbyApplication, candidate: AshbyCandidate | None = None
    ) -> Application:
        return to_application(application, candidate, await self._stages_beside(application))

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
        expand, since = expansion(query), query.changed_stage_after

        async def whole(application: AshbyApplication) -> Application:
            changed = kit.utc(application.updated_at)
            if not expand and since is not None and changed is not None and changed < since:
                return to_application(application)
            found = await self._found([self._application(application.id, expand)])
            return await self._told(found[0]) if found else to_application(application)

        return await kit.gather(*(whole(application) for application in page))

    # Candidates.

    def list_candidates(self, query: CandidateQuery) -> kit.Pages[Candidate]:
        """Those of a job are found through its applications, which name their candidate."""
        if query.job_id:
            return in_turn([self._candidates_of_job(one) for one in query.job_id])
        if query.email:
            pages = self.each(query.email, self._candidates_by_email)
            return replace(pages, applied=frozenset({"email"}))
        return self.pages(
            "/candidate.list",
            AshbyCandidate,
            to_candidate,
            body={"createdAfter": after(query.created_after)},
            applied=pushed(created_after=query.created_after),
        )

    async def get_candidate(self, candidate_id: str) -> Candidate:
        return to_candidate(await self._candidate(candidate_id))

    def search_candidates(self, search: CandidateSearch) -> kit.Pages[Candidate]:
        """Ashby finds at most 100, by e-mail or name; the rest of the question is checked here."""
        name = kit.join_name(search.first_name, search.last_name)
        if not search.emails and not name:
            raise kit.RequestInvalidError.at(
                "emails", f"{self.title} searches by e-mail or name: give one of them"
            )
        bodies = [{"email": email} for email in search.emails] or [{"name": name}]
        check = partial(to_candidate_if, search)
        lists = [
            self.pages("/candidate.search", AshbyCandidate, check, body=body, paging=UNSIZED)
            for body in bodies
        ]
        return in_turn(lists)

    async def _searched(self, body: Mapping[str, str]) -> list[AshbyCandidate]:
        return await self._whole("/candidate.search", AshbyCandidate, **body)

    async def _candidates_by_email(self, email: str) -> list[Candidate]:
        return [to_candidate(one) for one in await self._searched({"email": email})]

    def _candidates_of_job(self, job_id: str) -> kit.Pages[Candidate]:
        """Each candidate of a page of applications once."""
        listed: kit.Pages[AshbyApplication] = self.pages(
            "/application.list", AshbyApplication, body={"jobId": job_id}, applied={"job_id"}
        )
        return a_few_at_once(spread(listed, candidate_ids), bool, self._candidates_if_there)

    async def _candidates_if_there(self, candidate_id: str) -> list[Candidate]:
        return [to_candidate(one) for one in await self._found([self._candidate(candidate_id)])]

    # Stages, interviews, scorecards, offers.

    def list_stages(self, query: StageQuery) -> kit.Pages[Stage]:
        if query.job_id:
            pages = self.each(query.job_id, self._stages_of_job)
            return replace(pages, applied=frozenset({"job_id"}))
        plans: kit.Pages[AshbyKnown] = self.pages("/interviewPlan.list", AshbyKnown, body={})
        return spread(plans, self._stages_of_plans)

    async def _stages_of_job(self, job_id: str) -> list[Stage]:
        job = await self.ask("/job.info", {"id": job_id}, AshbyJob)
        plans = await self._plans(job.plan_ids)
        return [to_stage(one, job_id) for plan in job.plan_ids for one in plans.get(plan, ())]

    async def _stages_of_plans(self, page: list[AshbyKnown]) -> list[Stage]:
        """Several jobs may share a plan, so these stages name no job."""
        plans = await self._plans(plan.id for plan in page)
        return [to_stage(stage) for plan in page for stage in plans.get(plan.id, ())]

    def list_interviews(self, query: OfApplications) -> kit.Pages[Interview]:
        if query.application_id:
            return self.each(query.application_id, self._interviews_of)
        schedules: kit.Pages[AshbySchedule] = self.pages(
            "/interviewSchedule.list", AshbySchedule, body={}
        )
        return spread(schedules, self._interviews)

    async def _interviews_of(self, application_id: str) -> list[Interview]:
        return await self._interviews(await self._schedules(application_id))

    async def _interviews(self, schedules: list[AshbySchedule]) -> list[Interview]:
        tables = await self._interview_tables(schedules)
        return [one for schedule in schedules for one in to_interviews(schedule, tables)]

    def list_scorecards(self, query: OfApplications) -> kit.Pages[Scorecard]:
        return self._of_applications(
            "/applicationFeedback.list", AshbyFeedback, to_scorecard, query
        )

    def list_offers(self, query: OfApplications) -> kit.Pages[Offer]:
        return self._of_applications("/offer.list", AshbyOffer, to_offer, query)

    def _of_applications(
        self, path: str, shape: type[S], to_model: Callable[[S], M], query: OfApplications
    ) -> kit.Pages[M]:
        """These lists take one application's id, or none for all."""

        async def of_one(application_id: str) -> list[M]:
            body = {"applicationId": application_id}
            return await self.pages(path, shape, to_model, body=body).all()

        if query.application_id:
            return self.each(query.application_id, of_one)
        return self.pages(path, shape, to_model, body={})

    # Attachments and notes: both hang on the candidate.

    def list_attachments(self, query: AttachmentQuery) -> kit.Pages[Attachment]:
        if query.application_id:
            return self.each(query.application_id, self._attachments_of_application)
        if query.candidate_id:
            return self.each(query.candidate_id, self._attachments_of_candidate)
        return spread(self.pages("/candidate.list", AshbyCandidate, body={}), attachments_of)

    async def _attachments_of_application(self, application_id: str) -> list[Attachment]:
        """All files of its candidate: Ashby does not say which came with which application."""
        candidate_id = await self._candidate_id(application_id)
        return to_attachments(await self._candidate(candidate_id), application_id)

    async def _attachments_of_candidate(self, candidate_id: str) -> list[Attachment]:
        return to_attachments(await self._candidate(candidate_id))

    async def download_attachment(
        self, attachment_id: str, application_id: str | None, candidate_id: str | None
    ) -> Download:
        """Two steps: a handle, then a link that soon ends. Handles are found by the candidate."""
        if candidate_id is None and application_id is None:
            raise kit.RequestInvalidError.at(
                "candidateId", f"{self.title} finds a file by its candidate or application"
            )
        candidate_id = candidate_id or await self._candidate_id(application_id or "")
        file = find_file(await self._candidate(candidate_id), attachment_id)
        if file is None or not file.handle:
            raise kit.ResourceNotFoundError("The candidate has no such file")
        link = await self.ask("/file.info", {"fileHandle": file.handle}, AshbyLink)
        stream = await self.open_link(link.url)
        return Download(
            chunks=stream.chunks,
            name=file.name,
            content_type=stream.content_type,
            size=stream.size,
        )

    def list_notes(self, query: NoteQuery) -> kit.Pages[Note]:
        if query.candidate_id:
            return self.each(query.candidate_id, self._notes_of_candidate)
        if query.application_id:
            return self.each(query.application_id, self._notes_of_application)
        raise kit.RequestInvalidError.at(
            "candidateId", f"{self.title} lists notes per candidate: give one or more"
        )

    async def _notes_of_candidate(self, candidate_id: str) -> list[Note]:
        body = {"candidateId": candidate_id}
        notes = await self.everything("/candidate.listNotes", AshbyNote, body=body)
        return [to_note(note, candidate_id) for note in notes]

    async def _notes_of_application(self, application_id: str) -> list[Note]:
        return await self._notes_of_candidate(await self._candidate_id(application_id))

    # Reference data.

    def list_rejection_reasons(self) -> kit.Pages[RejectionReason]:
        return self.pages(
            "/archiveReason.list",
            AshbyReason,
            to_rejection_reason,
            body={"includeArchived": True},
            paging=UNSIZED,
        )

    def list_departments(self) -> kit.Pages[Department]:
        """Archived ones stay out, of offices too: neither model can say that it is archived, and

        who fills in a new job must not be offered them. Jobs that have one still show it.
        """
        return self.pages("/department.list", AshbyDepartment, to_listed_department, body={})

    def list_offices(self) -> kit.Pages[Office]:
        """With the regions that they stand in, so that every parent is there."""
        body = {"includeLocationHierarchy": True}
        return self.pages("/location.list", AshbyLocation, to_office, body=body)

    def list_users(self) -> kit.Pages[User]:
        return self.pages("/user.list", AshbyUser, to_user, body={"includeDeactivated": True})

    def list_eeoc(self, query: EeocQuery) -> kit.Pages[Eeoc]:
        """EEOC answers are surveys. UNCONFIRMED: this name of the survey's type."""
        return self.pages(
            "/surveySubmission.list", AshbySurvey, to_eeoc, body={"surveyType": "EEOC"}
        )

    def list_tags(self) -> kit.Pages[Tag]:
        body = {"includeArchived": True}
        return self.pages("/candidateTag.list", AshbyTag, to_tag, body=body)

    def list_sources(self) -> kit.Pages[Source]:
        body = {"includeArchived": True}
        return self.pages("/source.list", AshbySource, to_source, body=body, paging=UNSIZED)

    def list_custom_fields(self, query: CustomFieldQuery) -> kit.Pages[CustomField]:
        body = {"includeArchived": True}
        return self.pages("/customField.list", AshbyCustomField, to_custom_field, body=body)


ANSWERS = ["applicationFormSubmissions"]
WHOLE_POSTING = {JobModel.COMPENSATION, JobModel.QUESTIONS}
STATUS_WORDS = {  # ACTIVE would be two, Active and Lead, where Ashby takes one
    ApplicationStatus.HIRED: "Hired",
    ApplicationStatus.REJECTED: "Archived",
    ApplicationStatus.WITHDRAWN: "Archived",
    ApplicationStatus.ARCHIVED: "Archived",
}


def status_word(statuses: Sequence[ApplicationStatus]) -> str | None:
    """The one word of Ashby's that has all records of these statuses, if there is one."""
    words = {STATUS_WORDS.get(status) for status in statuses}
    return words.pop() if len(words) == 1 else None


def expansion(query: ApplicationQuery) -> list[str] | None:
    """Answers cost a call per application: only when asked for by name."""
    return ANSWERS if ApplicationModel.QUESTION_RESPONSES in query.models else None


def after(instant: datetime | None) -> int | None:
    """`createdAfter` in milliseconds; one early, as nobody says whether it includes its end."""
    millis = kit.to_millis(instant)
    return None if millis is None else millis - 1


def pushed(**filters: object) -> set[str]:
    """The names of the filters that are given, and so go to Ashby."""
    return {name for name, value in filters.items() if value}


def in_turn(lists: Sequence[kit.Pages[M]]) -> kit.Pages[M]:
    """Lists one after the other as one: how a filter of one value takes several."""

    async def fetch(cursor: str | None) -> kit.Page[M]:
        number, _, inner = (cursor or "0 ").partition(" ")
        index = int(number)
        page = await lists[index].fetch(inner or None)
        if page.next is not None:
            return replace(page, next=f"{index} {page.next}", sync_token=None)
        is_last = index + 1 == len(lists)
        return replace(page, next=None if is_last else f"{index + 1} ", sync_token=None)

    return kit.Pages(fetch, lists[0].applied) if len(lists) > 1 else lists[0]


def spread(pages: kit.Pages[S], to_models: Callable[[list[S]], Awaitable[list[M]]]) -> kit.Pages[M]:
    """Pages of records each of which is none, one or many of ours."""

    async def fetch(cursor: str | None) -> kit.Page[M]:
        page = await pages.fetch(cursor)
        return kit.Page(await to_models(page.records), page.next, None, page.print, page.sync_token)

    return kit.Pages(fetch, pages.applied)


def a_few_at_once(
    pages: kit.Pages[S], fits: Callable[[S], bool], to_models: Callable[[S], Awaitable[list[M]]]
) -> kit.Pages[M]:
    """The records that fit, a few to a page, because each of them costs calls of its own."""

    async def fetch(cursor: str | None) -> kit.Page[M]:
        used, _, inner = (cursor or "0 ").partition(" ")
        page = await pages.fetch(inner or None)
        fitting = [one for one in page.records if fits(one)][int(used) :]
        found = await kit.gather(*(to_models(one) for one in fitting[:FEW]))
        following = None if page.next is None else f"0 {page.next}"
        if len(fitting) > FEW:
            following = f"{int(used) + FEW} {inner}"
        return kit.Page([model for models in found for model in models], following)

    return kit.Pages(fetch, pages.applied)


async def candidate_ids(page: list[AshbyApplication]) -> list[str]:
    ids = (one.candidate.id for one in page if one.candidate)
    return list(dict.fromkeys(one for one in ids if one))


async def attachments_of(page: list[AshbyCandidate]) -> list[Attachment]:
    return [file for candidate in page for file in to_attachments(candidate)]


def find_file(candidate: AshbyCandidate, file_id: str) -> AshbyFile | None:
    files = [*files_of(candidate), candidate.resume_file_handle]
    return next((file for file in files if file is not None and file.id == file_id), None)


def to_candidate_if(search: CandidateSearch, candidate: AshbyCandidate) -> Candidate | None:
    """The candidate, if it has the names and one of the phones that are looked for."""
    name = (candidate.name or "").casefold()
    named = all(part.casefold() in name for part in (search.first_name, search.last_name) if part)
    found = to_candidate(candidate)
    wanted = {kit.e164(phone) or phone for phone in search.phones}
    numbers = {phone.e164 or phone.phone_number for phone in given(found.info.phones) or ()}
    return found if named and (not wanted or wanted & numbers) else None
