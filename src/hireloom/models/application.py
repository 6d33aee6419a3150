"""Applications: one person's candidacy for one job, or for none (a prospect)."""

from datetime import date
from decimal import Decimal
from typing import Any

from hireloom.models.base import UNSET, Instant, Maybe, Model, Word
from hireloom.models.job import QuestionType
from hireloom.models.people import Email, Location, Phone, Source, User
from hireloom.models.pipeline import Interview, Offer, Rejection, Stage
from hireloom.models.records import Attachment


class ApplicationStatus(Word):
    """How an application stands. Where it stands is its stage."""

    ACTIVE = "ACTIVE"
    REJECTED = "REJECTED"
    HIRED = "HIRED"
    WITHDRAWN = "WITHDRAWN"
    ON_HOLD = "ON_HOLD"
    ARCHIVED = "ARCHIVED"
    CONVERTED = "CONVERTED"
    NOT_SPECIFIED = "NOT_SPECIFIED"


class Origin(Word):
    AGENCY = "AGENCY"
    REFERRAL = "REFERRAL"
    EXTERNAL = "EXTERNAL"
    INTERNAL = "INTERNAL"
    SOURCED = "SOURCED"
    NOT_SPECIFIED = "NOT_SPECIFIED"


class Applicant(Model, frozen=True, kw_only=True):
    """The candidate as an application shows them."""

    id: str | None
    first_name: Maybe[str] = UNSET
    last_name: Maybe[str] = UNSET
    phones: Maybe[list[Phone]] = UNSET
    emails: Maybe[list[Email]] = UNSET
    links: Maybe[list[str]] = UNSET
    location: Maybe[Location] = UNSET


class ApplicationInfo(Model, frozen=True, kw_only=True):
    id: str
    status: ApplicationStatus = ApplicationStatus.NOT_SPECIFIED
    status_source: Maybe[str] = UNSET
    candidate: Maybe[Applicant] = UNSET
    origin: Maybe[Origin] = UNSET
    origin_source: Maybe[str] = UNSET
    source: Maybe[Source] = UNSET
    applied_at: Maybe[Instant] = UNSET
    updated_at: Maybe[Instant] = UNSET
    rejected_at: Maybe[Instant] = UNSET
    hired_at: Maybe[Instant] = UNSET
    job_id: Maybe[str] = UNSET
    job_posting_id: Maybe[str] = UNSET
    owner: Maybe[User] = UNSET
    credited_to: Maybe[User] = UNSET
    is_prospect: Maybe[bool] = UNSET
    tags: Maybe[list[str]] = UNSET
    url: Maybe[str] = UNSET
    custom_fields: Maybe[dict[str, Any]] = UNSET
    mapped_fields: Maybe[dict[str, Any]] = UNSET  # by the keys of mapping.field.list


class Answer(Model, frozen=True, kw_only=True):
    """An answer to an application question; the member that fits the question is filled."""

    text: str | None = None
    selected_option: str | None = None
    selected_options: list[str] | None = None
    number_value: Decimal | None = None
    date_value: date | None = None
    rating_value: Decimal | None = None
    bool_value: bool | None = None


class QuestionResponse(Model, frozen=True, kw_only=True):
    question_id: Maybe[str] = UNSET
    question_text: str | None = None
    question_type: QuestionType = QuestionType.NOT_SPECIFIED
    question_type_source: Maybe[str] = UNSET
    answer: Answer | None = None


class Application(Model, frozen=True, kw_only=True):
    info: ApplicationInfo
    current_stage: Maybe[Stage] = UNSET
    interviews: Maybe[list[Interview]] = UNSET
    rejection: Maybe[Rejection] = UNSET
    offers: Maybe[list[Offer]] = UNSET
    attachments: Maybe[list[Attachment]] = UNSET
    question_responses: Maybe[list[QuestionResponse]] = UNSET
