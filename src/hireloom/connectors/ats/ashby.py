"""Ashby, API v1, as documented on 2026-08-07: POST /<category>.<method>, for reads as well."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from hireloom import kit
from hireloom.connectors.ats._ashby_applications import AshbyApplications, known_id
from hireloom.connectors.ats._ashby_company import (
    to_custom_field,
    to_listed_department,
    to_office,
    to_source,
    to_tag,
)
from hireloom.connectors.ats._ashby_forms import to_eeoc, to_scorecard, to_user
from hireloom.connectors.ats._ashby_hooks import HOOKS, AshbyHooks
from hireloom.connectors.ats._ashby_jobs import AshbyJobs
from hireloom.connectors.ats._ashby_lists import a_few_at_once, after, in_turn, pushed, spread
from hireloom.connectors.ats._ashby_lookups import UNSIZED
from hireloom.connectors.ats._ashby_meetings import AshbyMeetings
from hireloom.connectors.ats._ashby_partner import PARTNER, AshbyPartner
from hireloom.connectors.ats._ashby_people import (
    files_of,
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
    GRANTS,
    LOST,
    NEEDED,
    SCOPES,
    STALE,
    AshbyKey,
    code_of,
    failure,
    is_success,
    names_only_uuids,
    of_link,
    ticked,
)
from hireloom.connectors.ats._ashby_scores import AshbyScores
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
    AshbyReason,
    AshbySchedule,
    AshbySource,
    AshbySurvey,
    AshbyTag,
    AshbyUser,
)
from hireloom.connectors.ats._ashby_writes import AshbyWrites
from hireloom.models import (
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


class Ashby(
    AshbyApplications,
    AshbyJobs,
    AshbyHooks,
    AshbyWrites,
    AshbyMeetings,
    AshbyScores,
    AshbyPartner,
):
    """Its larger parts stand in the files beside it, as does the mapping by model."""

    name = "ashby"
    title = "Ashby"
    docs = "https://developers.ashbyhq.com"
    category = "ats"
    origins = ("https://api.ashbyhq.com",)
    settings = (
        kit.Text(
            "partnerId",
            label="Assessment partner ID",
            help="Leave this empty unless you were given such an id. Ashby issues it to providers "
            "of tests, so that it also takes results of tests that nobody ordered there.",
        ),
    )
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
    hooks = HOOKS
    partner = PARTNER
    grants = GRANTS

    async def verify(self) -> None:
        """A key without "API Keys: Read" may be refused its own scopes, but then it is known."""
        try:
            await self.ask("/apiKey.info", {})
        except kit.PermissionMissingError:
            return

    async def lacks(self, *, trying: bool) -> Mapping[str, str]:
        """What `apiKey.info` does not name among the key's scopes."""
        try:
            key = await self.ask("/apiKey.info", {}, AshbyKey)
        except kit.PermissionMissingError:
            return {}
        if key.scopes is None:
            return {}
        return {
            name: "" if scope in key.scopes else ticked(scope) for name, scope in NEEDED.items()
        }

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
        category = request.template.strip("/").partition(".")[0]
        scope = SCOPES.get(category, "candidates")
        verb = "Read" if request.reads else "Write"
        return ticked(f"{scope}:{verb.lower()}")

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
            asks = request.reads and request.template.endswith(".info")
            if code == "invalid_input" and asks and not names_only_uuids(request):
                return kit.ResourceNotFoundError(f"{self.title} has no record with this id")
            if code in LOST:
                return kit.ConflictError(
                    f"{self.title} does not go on from here any more ({code})",
                    hint="Start again with a full listing.",
                    detail=STALE,
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

    # Candidates.

    def list_candidates(self, query: CandidateQuery) -> kit.Pages[Candidate]:
        """Those of a job are found through its applications, which name their candidate."""
        if query.job_id:
            return in_turn([self._candidates_of_job(one) for one in query.job_id])
        if query.email:
            pages = self.each(query.email, self._candidates_by_email)
            return replace(pages, applied=frozenset({"email"}))
        return self._candidates(query)

    def _candidates(
        self, query: CandidateQuery, token: str | None = None, size: int | None = None
    ) -> kit.Pages[Candidate]:
        return self.pages(
            "/candidate.list",
            AshbyCandidate,
            to_candidate,
            body={"createdAfter": after(query.created_after), "syncToken": token},
            applied=pushed(created_after=query.created_after),
            size=size,
        )

    async def get_candidate(self, candidate_id: str) -> Candidate:
        return to_candidate(await self._candidate(candidate_id))

    async def get_candidates(self, ids: Sequence[str], query: CandidateQuery) -> list[Candidate]:
        """Every section comes with the candidate, from the list as by id."""
        return [to_candidate(one) for one in await self._those(ids, self._candidate)]

    def list_candidate_ids(self) -> kit.Pages[str]:
        size = self.paging.largest
        return self.pages("/candidate.list", AshbyKnown, known_id, body={}, size=size)

    def list_changed_candidates(
        self, since: kit.Since, query: CandidateQuery
    ) -> kit.Pages[Candidate]:
        """Those of a job or an e-mail are found without a list that has a token: read in full."""
        token = since.marks.get(kit.MAIN)
        if token is None or query.job_id or query.email:
            return kit.in_turn({kit.MAIN: self.list_candidates(query)})
        return kit.in_turn({kit.MAIN: self._candidates(query, token, self.paging.largest)})

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
