"""Stages, rejections, interviews and offers: an application's way through a pipeline."""

from datetime import date
from decimal import Decimal

from hireloom.models.base import UNSET, Instant, Maybe, Model, Word
from hireloom.models.people import User


class StageType(Word):
    """What a stage is for. It says nothing of the outcome: that is the application's status."""

    LEAD = "LEAD"
    NEW = "NEW"
    REVIEW = "REVIEW"
    SCREEN = "SCREEN"
    ASSESSMENT = "ASSESSMENT"
    INTERVIEW = "INTERVIEW"
    REFERENCE_CHECK = "REFERENCE_CHECK"
    BACKGROUND_CHECK = "BACKGROUND_CHECK"
    OFFER = "OFFER"
    HIRED = "HIRED"
    REJECTED = "REJECTED"
    ONBOARDING = "ONBOARDING"
    TALENT_POOL = "TALENT_POOL"
    NOT_SPECIFIED = "NOT_SPECIFIED"


class Stage(Model, frozen=True, kw_only=True):
    id: str | None
    text: str | None = None
    type: StageType = StageType.NOT_SPECIFIED
    type_source: Maybe[str] = UNSET
    order: Maybe[int] = UNSET
    job_id: Maybe[str] = UNSET
    entered_at: Maybe[Instant] = UNSET


class RejectionSide(Word):
    ORGANIZATION = "ORGANIZATION"
    CANDIDATE = "CANDIDATE"
    OTHER = "OTHER"
    NOT_SPECIFIED = "NOT_SPECIFIED"


class RejectionReason(Model, frozen=True, kw_only=True):
    id: str
    text: str | None = None
    side: RejectionSide = RejectionSide.NOT_SPECIFIED
    side_source: Maybe[str] = UNSET
    active: Maybe[bool] = UNSET


class Rejection(Model, frozen=True, kw_only=True):
    """Why and where an application ended; `id` is the reason's."""

    id: str | None
    text: str | None = None
    side: RejectionSide = RejectionSide.NOT_SPECIFIED
    side_source: Maybe[str] = UNSET
    rejected_at: Maybe[Instant] = UNSET
    stage: Maybe[Stage] = UNSET
    job_id: Maybe[str] = UNSET
    by: Maybe[User] = UNSET
    note: Maybe[str] = UNSET


class InterviewStatus(Word):
    UNSCHEDULED = "UNSCHEDULED"
    SCHEDULED = "SCHEDULED"
    AWAITING_FEEDBACK = "AWAITING_FEEDBACK"
    COMPLETE = "COMPLETE"
    CANCELLED = "CANCELLED"
    NO_SHOW = "NO_SHOW"
    NOT_SPECIFIED = "NOT_SPECIFIED"


class Interview(Model, frozen=True, kw_only=True):
    id: str
    application_id: Maybe[str] = UNSET
    subject: Maybe[str] = UNSET
    type: Maybe[str] = UNSET
    status: InterviewStatus = InterviewStatus.NOT_SPECIFIED
    status_source: Maybe[str] = UNSET
    scheduled_start: Maybe[Instant] = UNSET
    scheduled_end: Maybe[Instant] = UNSET
    timezone: Maybe[str] = UNSET
    location: Maybe[str] = UNSET
    meeting_url: Maybe[str] = UNSET
    stage: Maybe[Stage] = UNSET
    interviewers: Maybe[list[User]] = UNSET
    organizer: Maybe[User] = UNSET
    created_at: Maybe[Instant] = UNSET
    updated_at: Maybe[Instant] = UNSET


class CompensationPeriod(Word):
    YEAR = "YEAR"
    MONTH = "MONTH"
    WEEK = "WEEK"
    DAY = "DAY"
    HOUR = "HOUR"
    ONE_TIME = "ONE_TIME"
    NOT_SPECIFIED = "NOT_SPECIFIED"


class CompensationKind(Word):
    BASE = "BASE"
    BONUS = "BONUS"
    EQUITY = "EQUITY"
    OTHER = "OTHER"


class Compensation(Model, frozen=True, kw_only=True):
    """Money; `currency` is ISO 4217, amounts are in its major unit."""

    min: Decimal | None = None
    max: Decimal | None = None
    currency: str | None = None
    period: CompensationPeriod = CompensationPeriod.NOT_SPECIFIED
    period_source: Maybe[str] = UNSET
    kind: CompensationKind = CompensationKind.BASE


class OfferStatus(Word):
    DRAFT = "DRAFT"
    PENDING_APPROVAL = "PENDING_APPROVAL"
    APPROVED = "APPROVED"
    NOT_APPROVED = "NOT_APPROVED"
    SENT = "SENT"
    OPENED = "OPENED"
    ACCEPTED = "ACCEPTED"
    SIGNED = "SIGNED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"
    SUPERSEDED = "SUPERSEDED"
    NOT_SPECIFIED = "NOT_SPECIFIED"


class Offer(Model, frozen=True, kw_only=True):
    id: str
    application_id: Maybe[str] = UNSET
    status: OfferStatus = OfferStatus.NOT_SPECIFIED
    status_source: Maybe[str] = UNSET
    sent_at: Maybe[Instant] = UNSET
    closed_at: Maybe[Instant] = UNSET
    accepted_at: Maybe[Instant] = UNSET
    expires_at: Maybe[Instant] = UNSET
    start_date: Maybe[date] = UNSET
    offer_date: Maybe[date] = UNSET
    hire_date: Maybe[date] = UNSET
    compensation: Maybe[list[Compensation]] = UNSET
    version: Maybe[int] = UNSET
    created_at: Maybe[Instant] = UNSET
    updated_at: Maybe[Instant] = UNSET
