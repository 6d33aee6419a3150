"""The closed list of what a connector may be able to do: one protocol per capability.

A connector has a capability when it has the method. A list comes as `Pages`; a record that cannot
be found raises ResourceNotFoundError. What a vendor has no place for is named in `fields_dropped`.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from hireloom.errors import HireloomError
from hireloom.kit.changes import Since
from hireloom.kit.hooks import Hook, News, Registered
from hireloom.kit.paging import Pages
from hireloom.kit.partner import PartnerAnswer, PartnerAsk, PartnerCall, PartnerReply
from hireloom.kit.scores import OpenOrder, Paper
from hireloom.models import (
    AddedAttachment,
    Application,
    ApplicationDraft,
    ApplicationQuery,
    Attachment,
    AttachmentDraft,
    AttachmentQuery,
    Candidate,
    CandidateChanges,
    CandidateDraft,
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


class ListsJobs(Protocol):
    def list_jobs(self, query: JobQuery) -> Pages[Job]: ...


class GetsJobs(Protocol):
    async def get_job(self, job_id: str) -> Job: ...


class ListsApplications(Protocol):
    def list_applications(self, query: ApplicationQuery) -> Pages[Application]: ...


class GetsApplications(Protocol):
    async def get_application(self, application_id: str) -> Application: ...


class ListsCandidates(Protocol):
    def list_candidates(self, query: CandidateQuery) -> Pages[Candidate]: ...


class GetsCandidates(Protocol):
    async def get_candidate(self, candidate_id: str) -> Candidate: ...


class SearchesCandidates(Protocol):
    def search_candidates(self, search: CandidateSearch) -> Pages[Candidate]: ...


class ListsStages(Protocol):
    def list_stages(self, query: StageQuery) -> Pages[Stage]: ...


class ListsInterviews(Protocol):
    def list_interviews(self, query: OfApplications) -> Pages[Interview]: ...


class ListsScorecards(Protocol):
    def list_scorecards(self, query: OfApplications) -> Pages[Scorecard]: ...


class ListsOffers(Protocol):
    def list_offers(self, query: OfApplications) -> Pages[Offer]: ...


class ListsRejectionReasons(Protocol):
    def list_rejection_reasons(self) -> Pages[RejectionReason]: ...


class ListsAttachments(Protocol):
    def list_attachments(self, query: AttachmentQuery) -> Pages[Attachment]: ...


class DownloadsAttachments(Protocol):
    async def download_attachment(
        self, attachment_id: str, application_id: str | None, candidate_id: str | None
    ) -> Download: ...


class ListsNotes(Protocol):
    def list_notes(self, query: NoteQuery) -> Pages[Note]: ...


class ListsDepartments(Protocol):
    def list_departments(self) -> Pages[Department]: ...


class ListsOffices(Protocol):
    def list_offices(self) -> Pages[Office]: ...


class ListsUsers(Protocol):
    def list_users(self) -> Pages[User]: ...


class ListsEeoc(Protocol):
    def list_eeoc(self, query: EeocQuery) -> Pages[Eeoc]: ...


class GetsEeoc(Protocol):
    async def get_eeoc(self, application_id: str) -> Eeoc: ...


class ListsTags(Protocol):
    def list_tags(self) -> Pages[Tag]: ...


class ListsSources(Protocol):
    def list_sources(self) -> Pages[Source]: ...


class ListsCustomFields(Protocol):
    def list_custom_fields(self, query: CustomFieldQuery) -> Pages[CustomField]: ...


class CreatesCandidates(Protocol):
    async def create_candidate(self, draft: CandidateDraft) -> CreatedCandidate: ...


class UpdatesCandidates(Protocol):
    async def update_candidate(self, changes: CandidateChanges) -> Receipt: ...


class CreatesApplicationNotes(Protocol):
    async def create_application_note(
        self, application_id: str, draft: NoteDraft
    ) -> WrittenNote: ...


class CreatesCandidateNotes(Protocol):
    async def create_candidate_note(self, candidate_id: str, draft: NoteDraft) -> WrittenNote: ...


class AddsCandidateTags(Protocol):
    async def add_candidate_tag(self, change: TagChange) -> Receipt: ...


class RemovesCandidateTags(Protocol):
    async def remove_candidate_tag(self, change: TagChange) -> Receipt: ...


class CreatesApplications(Protocol):
    async def create_application(self, draft: ApplicationDraft) -> CreatedApplication: ...


class MovesApplications(Protocol):
    async def move_application(self, move: StageMove) -> Receipt: ...


class RejectsApplications(Protocol):
    async def reject_application(self, rejection: RejectionDraft) -> Receipt: ...


class AddsAttachments(Protocol):
    async def add_attachment(self, draft: AttachmentDraft) -> AddedAttachment: ...


class CreatesInterviews(Protocol):
    async def create_interview(self, draft: InterviewDraft) -> ScheduledInterview: ...


class UpdatesInterviews(Protocol):
    async def update_interview(self, changes: InterviewChanges) -> ScheduledInterview: ...


class CancelsInterviews(Protocol):
    async def cancel_interview(self, cancellation: InterviewCancellation) -> Receipt: ...


class CreatesJobs(Protocol):
    async def create_job(self, draft: JobDraft) -> CreatedJob: ...


# Channels for scores, each with the place that it writes to. See `kit/scores.py`.


class CreatesAssessmentResults(Protocol):
    async def create_assessment_result(self, paper: Paper, order: OpenOrder | None) -> WrittenScore:
        """Answer an order that was placed in the ATS, or, where the vendor takes that, file a

        finished test that nobody ordered (`order` is None).
        """
        ...


class CancelsAssessmentOrders(Protocol):
    async def cancel_assessment_order(self, order: OpenOrder, reason: str) -> None: ...


class CreatesScorecards(Protocol):
    async def create_scorecard(self, paper: Paper) -> WrittenScore: ...


class UpdatesScorecards(Protocol):
    async def update_scorecard(self, scorecard_id: str, paper: Paper) -> WrittenScore: ...


class UpdatesScoreFields(Protocol):
    async def update_score_fields(self, paper: Paper) -> WrittenScore: ...


class AddsResultLinks(Protocol):
    async def add_result_link(self, paper: Paper) -> WrittenScore: ...


class UpdatesNotes(Protocol):
    async def update_note(self, note_id: str, draft: NoteDraft) -> WrittenNote: ...


# Tests that are ordered inside the ATS; how it does that is the fact `partner`.


class HostsAssessments(Protocol):
    def read_partner_call(self, call: PartnerCall) -> PartnerAsk:
        """Raises RequestInvalidError, or ResourceNotFoundError where there is no such call."""
        ...

    def answer_partner(self, ask: PartnerAsk, reply: PartnerReply) -> PartnerAnswer: ...

    def refuse_partner(self, call: PartnerCall, error: HireloomError) -> PartnerAnswer: ...


# For syncs. A list of changes has what changed since then, and as much again as costs nothing to
# leave in: records whose own time of change stayed while a table joined to them changed, too.


class ListsChangedApplications(Protocol):
    def list_changed_applications(
        self, since: Since, query: ApplicationQuery
    ) -> Pages[Application]: ...


class ListsChangedCandidates(Protocol):
    def list_changed_candidates(self, since: Since, query: CandidateQuery) -> Pages[Candidate]: ...


class ListsChangedJobs(Protocol):
    def list_changed_jobs(self, since: Since, query: JobQuery) -> Pages[Job]: ...


# All ids there are, at the least cost: what is missing among them was deleted.


class ListsApplicationIds(Protocol):
    def list_application_ids(self) -> Pages[str]: ...


class ListsCandidateIds(Protocol):
    def list_candidate_ids(self) -> Pages[str]: ...


class ListsJobIds(Protocol):
    def list_job_ids(self) -> Pages[str]: ...


# Records by id with the sections that `query.models` names; those that are gone are left out.


class GetsManyApplications(Protocol):
    async def get_applications(
        self, ids: Sequence[str], query: ApplicationQuery
    ) -> list[Application]: ...


class GetsManyCandidates(Protocol):
    async def get_candidates(
        self, ids: Sequence[str], query: CandidateQuery
    ) -> list[Candidate]: ...


class GetsManyJobs(Protocol):
    async def get_jobs(self, ids: Sequence[str], query: JobQuery) -> list[Job]: ...


# Webhooks of the vendor; what there is to hear is the fact `hooks`.


class ReadsHooks(Protocol):
    def read_hook(self, hook: Hook, secrets: Mapping[str, str]) -> News:
        """`secrets` by the vendor's event; a secret for all events stands under ""."""
        ...


class RegistersHooks(Protocol):
    async def register_hook(self, event: str, url: str, secret: str) -> Registered:
        """Raises PermissionMissingError where these credentials may not: a person then has to."""
        ...


class RemovesHooks(Protocol):
    async def remove_hook(self, hook_id: str) -> None: ...


CAPABILITIES: tuple[type, ...] = tuple(
    kind
    for kind in list(globals().values())
    if isinstance(kind, type) and Protocol in kind.__bases__ and kind.__module__ == __name__
)


def method(capability: type) -> str:
    """The name of the method that makes the capability."""
    return next(name for name in vars(capability) if not name.startswith("_"))
