"""Jobs: requisitions or postings, whichever the vendor's customers call a job."""

from typing import Any

from hireloom.models.base import UNSET, Instant, Maybe, Model, Word
from hireloom.models.people import Department, Location, Office, User
from hireloom.models.pipeline import Compensation, Stage


class JobStatus(Word):
    OPEN = "OPEN"
    CLOSED = "CLOSED"
    DRAFT = "DRAFT"
    PENDING_APPROVAL = "PENDING_APPROVAL"
    ON_HOLD = "ON_HOLD"
    FILLED = "FILLED"
    ARCHIVED = "ARCHIVED"
    NOT_SPECIFIED = "NOT_SPECIFIED"


class EmploymentType(Word):
    FULL_TIME = "FULL_TIME"
    PART_TIME = "PART_TIME"
    CONTRACT = "CONTRACT"
    TEMPORARY = "TEMPORARY"
    INTERN = "INTERN"
    OTHER = "OTHER"
    NOT_SPECIFIED = "NOT_SPECIFIED"


class WorkplaceType(Word):
    ON_SITE = "ON_SITE"
    HYBRID = "HYBRID"
    REMOTE = "REMOTE"
    NOT_SPECIFIED = "NOT_SPECIFIED"


class Openings(Model, frozen=True, kw_only=True):
    """Headcount; `total` is None where the vendor says "unlimited"."""

    total: int | None = None
    filled: int | None = None
    open: int | None = None


class JobInfo(Model, frozen=True, kw_only=True):
    id: str
    title: Maybe[str] = UNSET
    code: Maybe[str] = UNSET
    description: Maybe[str] = UNSET
    status: JobStatus = JobStatus.NOT_SPECIFIED
    status_source: Maybe[str] = UNSET
    confidential: Maybe[bool] = UNSET
    employment_type: Maybe[EmploymentType] = UNSET
    employment_type_source: Maybe[str] = UNSET
    workplace_type: Maybe[WorkplaceType] = UNSET
    workplace_type_source: Maybe[str] = UNSET
    openings: Maybe[Openings] = UNSET
    tags: Maybe[list[str]] = UNSET
    created_at: Maybe[Instant] = UNSET
    updated_at: Maybe[Instant] = UNSET
    opened_at: Maybe[Instant] = UNSET
    closed_at: Maybe[Instant] = UNSET
    info_url: Maybe[str] = UNSET
    apply_url: Maybe[str] = UNSET
    custom_fields: Maybe[dict[str, Any]] = UNSET
    mapped_fields: Maybe[dict[str, Any]] = UNSET  # by the keys of mapping.field.list


class PostStatus(Word):
    PUBLISHED = "PUBLISHED"
    UNPUBLISHED = "UNPUBLISHED"
    ARCHIVED = "ARCHIVED"
    NOT_SPECIFIED = "NOT_SPECIFIED"


class JobPost(Model, frozen=True, kw_only=True):
    id: str
    title: Maybe[str] = UNSET
    status: PostStatus = PostStatus.NOT_SPECIFIED
    status_source: Maybe[str] = UNSET
    url: Maybe[str] = UNSET
    apply_url: Maybe[str] = UNSET
    content: Maybe[str] = UNSET
    locations: Maybe[list[Location]] = UNSET
    internal: Maybe[bool] = UNSET
    published_at: Maybe[Instant] = UNSET


class QuestionType(Word):
    TEXT = "TEXT"
    SINGLE_CHOICE = "SINGLE_CHOICE"
    MULTIPLE_CHOICE = "MULTIPLE_CHOICE"
    YES_NO = "YES_NO"
    NUMBER = "NUMBER"
    DATE = "DATE"
    FILE_UPLOAD = "FILE_UPLOAD"
    DROPDOWN = "DROPDOWN"
    RATING_SCALE = "RATING_SCALE"
    NOT_SPECIFIED = "NOT_SPECIFIED"


class QuestionOption(Model, frozen=True, kw_only=True):
    id: str | None = None
    text: str | None = None


class JobQuestion(Model, frozen=True, kw_only=True):
    id: str | None
    text: str | None = None
    type: QuestionType = QuestionType.NOT_SPECIFIED
    type_source: Maybe[str] = UNSET
    required: Maybe[bool] = UNSET
    options: Maybe[list[QuestionOption]] = UNSET


class Job(Model, frozen=True, kw_only=True):
    info: JobInfo
    departments: Maybe[list[Department]] = UNSET
    offices: Maybe[list[Office]] = UNSET
    hiring_managers: Maybe[list[User]] = UNSET
    recruiters: Maybe[list[User]] = UNSET
    stages: Maybe[list[Stage]] = UNSET
    posts: Maybe[list[JobPost]] = UNSET
    compensation: Maybe[list[Compensation]] = UNSET
    questions: Maybe[list[JobQuestion]] = UNSET
