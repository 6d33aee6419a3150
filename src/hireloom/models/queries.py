"""What a caller may ask of a list: filters and the models wanted.

A date filter is inclusive at both ends. A filter of several values means any of them; on the wire
they are repeated parameters or, but for tags and e-mails, one value with commas.
"""

from hireloom.models.application import ApplicationStatus
from hireloom.models.base import Id, Instant, Request, Word
from hireloom.models.job import JobStatus
from hireloom.models.people import CustomFieldOwner


class ApplicationModel(Word):
    INFO = "application_info"
    STAGE = "application_stage"
    INTERVIEWS = "application_interviews"
    REJECTION = "application_rejection"
    OFFERS = "application_offers"
    ATTACHMENTS = "application_attachments"
    QUESTION_RESPONSES = "application_questionResponses"


class CandidateModel(Word):
    INFO = "candidate_info"
    EDUCATION = "candidate_education"
    LOCATIONS = "candidate_locations"
    SKILLS = "candidate_skills"
    EXPERIENCES = "candidate_experiences"
    ATTACHMENTS = "candidate_attachments"


class JobModel(Word):
    INFO = "job_info"
    DEPARTMENTS = "job_departments"
    OFFICES = "job_offices"
    HIRING_MANAGERS = "job_hiringManagers"
    RECRUITERS = "job_recruiters"
    STAGES = "job_stages"
    POSTS = "job_posts"
    COMPENSATION = "job_compensation"
    QUESTIONS = "job_questions"
    RAW_VALUES = "job_rawValues"


class ApplicationQuery(Request, frozen=True, kw_only=True):
    created_after: Instant | None = None
    created_before: Instant | None = None
    updated_after: Instant | None = None
    updated_before: Instant | None = None
    changed_stage_after: Instant | None = None
    changed_stage_before: Instant | None = None
    job_id: tuple[str, ...] = ()
    stage_id: tuple[str, ...] = ()
    status: tuple[ApplicationStatus, ...] = ()
    tag: tuple[str, ...] = ()
    candidate_id: tuple[str, ...] = ()
    candidate_email: tuple[str, ...] = ()
    models: tuple[ApplicationModel, ...] = ()


class CandidateQuery(Request, frozen=True, kw_only=True):
    created_after: Instant | None = None
    created_before: Instant | None = None
    updated_after: Instant | None = None
    updated_before: Instant | None = None
    tag: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    job_id: tuple[str, ...] = ()
    models: tuple[CandidateModel, ...] = ()


class JobQuery(Request, frozen=True, kw_only=True):
    created_after: Instant | None = None
    created_before: Instant | None = None
    updated_after: Instant | None = None
    updated_before: Instant | None = None
    status: tuple[JobStatus, ...] = ()
    tag: tuple[str, ...] = ()
    office_id: tuple[str, ...] = ()
    department_id: tuple[str, ...] = ()
    models: tuple[JobModel, ...] = ()


class CandidateSearch(Request, frozen=True, kw_only=True):
    """People who fit all of what is given; of several e-mails or phones, any."""

    first_name: str | None = None
    last_name: str | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


class StageQuery(Request, frozen=True, kw_only=True):
    job_id: tuple[str, ...] = ()


class OfApplications(Request, frozen=True, kw_only=True):
    """Records that belong to applications; none given means all, where the vendor lists all."""

    application_id: tuple[str, ...] = ()


class AttachmentQuery(Request, frozen=True, kw_only=True):
    application_id: tuple[str, ...] = ()
    candidate_id: tuple[str, ...] = ()


class NoteQuery(Request, frozen=True, kw_only=True):
    candidate_id: tuple[str, ...] = ()
    application_id: tuple[str, ...] = ()


class EeocQuery(Request, frozen=True, kw_only=True):
    submitted_after: Instant | None = None
    submitted_before: Instant | None = None


class CustomFieldQuery(Request, frozen=True, kw_only=True):
    owner: tuple[CustomFieldOwner, ...] = ()


class JobId(Request, frozen=True, kw_only=True):
    job_id: Id


class ApplicationId(Request, frozen=True, kw_only=True):
    """`candidateId` is taken for compatibility; the application's id is enough."""

    application_id: Id
    candidate_id: str | None = None


class CandidateId(Request, frozen=True, kw_only=True):
    candidate_id: Id


class AttachmentId(Request, frozen=True, kw_only=True):
    """Some vendors find an attachment only with its application or candidate: send them along."""

    attachment_id: Id
    application_id: str | None = None
    candidate_id: str | None = None


class OfApplication(Request, frozen=True, kw_only=True):
    application_id: Id
