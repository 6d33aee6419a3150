"""What a caller wants written."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from msgspec import Meta

from hireloom.models.application import Origin
from hireloom.models.base import Id, Instant, Model, Request, Word
from hireloom.models.job import JobStatus, QuestionType, WorkplaceType
from hireloom.models.people import Email, Phone
from hireloom.models.records import AttachmentType, TextFormat, Visibility

Text = Annotated[str, Meta(min_length=1)]


class ContentType(Word):
    AUTO = "AUTO"
    PLAIN = "PLAIN"
    HTML = "HTML"


class NoteDraft(Request, frozen=True, kw_only=True):
    """A note as the caller wrote it; `kit.note_text` renders it for a vendor."""

    candidate_id: Id
    application_id: Id | None = None
    content: Annotated[str, Meta(min_length=1, max_length=200_000)]
    content_type: ContentType = ContentType.AUTO
    title: str | None = None
    visibility: Visibility = Visibility.PUBLIC


class PostalAddress(Request, frozen=True, kw_only=True):
    address_line1: str | None = None
    address_line2: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    zip_code: str | None = None


class EducationDraft(Request, frozen=True, kw_only=True):
    id: str | None = None
    institute: str | None = None
    degree: str | None = None
    major: str | None = None
    start_date: date | None = None
    end_date: date | None = None
    currently_pursuing: bool | None = None


class CandidateDraft(Request, frozen=True, kw_only=True):
    first_name: Text
    last_name: Text
    emails: tuple[Email, ...] = ()
    phones: tuple[Phone, ...] = ()
    links: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    title: str | None = None
    company: str | None = None
    headline: str | None = None
    education: tuple[EducationDraft, ...] = ()
    present_address: PostalAddress | None = None
    permanent_address: PostalAddress | None = None
    work_address: PostalAddress | None = None
    source_id: str | None = None
    custom_fields: dict[str, Any] = {}
    mapped_fields: dict[str, Any] = {}  # by the keys of mapping.field.list


class CandidateChanges(Request, frozen=True, kw_only=True):
    """Only what is given changes; a list replaces the whole list."""

    candidate_id: Id
    first_name: Text | None = None
    last_name: Text | None = None
    emails: tuple[Email, ...] | None = None
    phones: tuple[Phone, ...] | None = None
    links: tuple[str, ...] | None = None
    title: str | None = None
    company: str | None = None
    headline: str | None = None
    present_address: PostalAddress | None = None
    custom_fields: dict[str, Any] = {}
    mapped_fields: dict[str, Any] = {}  # by the keys of mapping.field.list


class FileType(Word):
    RESUME = "RESUME"
    COVER_LETTER = "COVER_LETTER"
    OFFER_LETTER = "OFFER_LETTER"
    ASSESSMENT_REPORT = "ASSESSMENT_REPORT"
    NOT_SPECIFIED = "NOT_SPECIFIED"

    @property
    def attachment_type(self) -> AttachmentType:
        return AttachmentType(self.value)


class FileDraft(Request, frozen=True, kw_only=True):
    """A file by content (base64 on the wire) or by a public https URL."""

    name: Annotated[str, Meta(min_length=1, max_length=255)]
    content_type: str = "application/octet-stream"
    data: bytes | None = None
    url: str | None = None
    file_type: FileType = FileType.NOT_SPECIFIED


class AttachmentDraft(Request, frozen=True, kw_only=True):
    application_id: Id
    candidate_id: Id | None = None
    name: Annotated[str, Meta(min_length=1, max_length=255)]
    content_type: str = "application/octet-stream"
    data: bytes | None = None
    url: str | None = None
    file_type: FileType = FileType.NOT_SPECIFIED

    @property
    def file(self) -> FileDraft:
        return FileDraft(
            name=self.name,
            content_type=self.content_type,
            data=self.data,
            url=self.url,
            file_type=self.file_type,
        )


class AnswerDraft(Request, frozen=True, kw_only=True):
    id: str | None = None
    type: QuestionType = QuestionType.TEXT
    question: str | None = None
    answer: str | bool | int | float | None = None
    multiple_choice_answers: tuple[str, ...] = ()


class ApplicationDraft(Request, frozen=True, kw_only=True):
    """An application of a known candidate (`candidateId`) or of a new one (`candidate`)."""

    job_id: Id
    candidate_id: Id | None = None
    candidate: CandidateDraft | None = None
    initial_stage_id: str | None = None
    answers: tuple[AnswerDraft, ...] = ()
    attachments: tuple[FileDraft, ...] = ()
    origin: Origin | None = None
    meta_data: dict[str, Any] | str | None = None  # some clients send it as JSON text


class StageMove(Request, frozen=True, kw_only=True):
    application_id: Id
    stage_id: Id
    note: str | None = None


class RejectionDraft(Request, frozen=True, kw_only=True):
    application_id: Id
    rejection_reason_id: str | None = None
    note: str | None = None
    notify: bool = False


class TagChange(Request, frozen=True, kw_only=True):
    candidate_id: Id
    application_id: Id | None = None
    tag: Text


class InterviewDraft(Request, frozen=True, kw_only=True):
    """A meeting to put into the ATS; interviewers are its users, by id or by e-mail."""

    application_id: Id
    subject: str | None = None
    interview_type_id: str | None = None
    scheduled_start: Instant
    scheduled_end: Instant
    timezone: str = "UTC"
    interviewer_ids: tuple[str, ...] = ()
    interviewer_emails: tuple[str, ...] = ()
    organizer_id: str | None = None
    location: str | None = None
    meeting_url: str | None = None
    note: str | None = None


class InterviewChanges(Request, frozen=True, kw_only=True):
    interview_id: Id
    application_id: Id | None = None
    subject: str | None = None
    scheduled_start: Instant | None = None
    scheduled_end: Instant | None = None
    timezone: str | None = None
    interviewer_ids: tuple[str, ...] | None = None
    interviewer_emails: tuple[str, ...] | None = None
    location: str | None = None
    meeting_url: str | None = None
    note: str | None = None


class InterviewCancellation(Request, frozen=True, kw_only=True):
    interview_id: Id
    application_id: Id | None = None


class JobDraft(Request, frozen=True, kw_only=True):
    title: Text
    description: str | None = None
    status: JobStatus | None = None
    code: str | None = None
    department_id: str | None = None
    office_id: str | None = None
    workplace_type: WorkplaceType | None = None
    openings: int | None = None
    hiring_manager_id: str | None = None
    salary_min: Decimal | None = None
    salary_max: Decimal | None = None
    salary_currency: str | None = None
    template_id: str | None = None


class Dropped(Model, frozen=True, kw_only=True):
    """A field that the caller gave and the vendor has no place for."""

    field: str
    reason: str


class Receipt(Model, frozen=True, kw_only=True):
    """The write arrived; what of it could not be written is named."""

    fields_dropped: list[Dropped] = []


class CreatedApplication(Model, frozen=True, kw_only=True):
    application_id: str
    candidate_id: str | None
    job_id: str | None
    fields_dropped: list[Dropped] = []


class CreatedCandidate(Model, frozen=True, kw_only=True):
    candidate_id: str
    application_id: str | None = None
    fields_dropped: list[Dropped] = []


class CreatedJob(Model, frozen=True, kw_only=True):
    job_id: str
    fields_dropped: list[Dropped] = []


class WrittenNote(Model, frozen=True, kw_only=True):
    """Where a note went: the vendor's id of it and how the vendor shows it.

    `body` is what the vendor's answer says that it holds, None where the answer does not say.
    """

    id: str
    format: TextFormat
    body: str | None = None
    url: str | None = None
    fields_dropped: list[Dropped] = []
