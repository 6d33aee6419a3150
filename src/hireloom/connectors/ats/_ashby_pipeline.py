"""Ashby's stages, reasons, interviews and offers in our words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hireloom import kit
from hireloom.connectors.ats._ashby_forms import day, moment, number, text_of, to_user
from hireloom.connectors.ats._ashby_shapes import (
    AshbyEvent,
    AshbyMoney,
    AshbyOffer,
    AshbyOfferVersion,
    AshbyReason,
    AshbySchedule,
    AshbyStage,
    AshbyTemplate,
    AshbyUser,
)
from hireloom.models import (
    UNSET,
    Compensation,
    CompensationKind,
    Interview,
    InterviewStatus,
    Offer,
    OfferStatus,
    RejectionReason,
    RejectionSide,
    Stage,
    StageType,
    UnsetType,
    User,
)

# Stages and reasons.

STAGE_TYPES = {  # documentation; Active and Archived are in samples
    "Lead": StageType.LEAD,
    "PreInterviewScreen": StageType.SCREEN,
    "Active": StageType.INTERVIEW,  # the stages in which interviews are held, first screen and all
    "Offer": StageType.OFFER,
    "Hired": StageType.HIRED,
    "Archived": StageType.REJECTED,  # the place; why it ended is the reason's business
}


def to_stage(
    stage: AshbyStage,
    job_id: str | UnsetType | None = UNSET,
    entered_at: datetime | UnsetType | None = UNSET,
) -> Stage:
    return Stage(
        id=stage.id,
        text=stage.title,
        type=STAGE_TYPES.get(stage.type or "", StageType.NOT_SPECIFIED),
        type_source=stage.type,
        order=stage.order_in_interview_plan,
        job_id=job_id,
        entered_at=entered_at,
    )


SIDES = {  # documentation; RejectedByOrg is in a sample
    "RejectedByOrg": RejectionSide.ORGANIZATION,
    "RejectedByCandidate": RejectionSide.CANDIDATE,
    "Other": RejectionSide.OTHER,
}


def to_rejection_reason(reason: AshbyReason) -> RejectionReason:
    return RejectionReason(
        id=reason.id,
        text=reason.text,
        side=SIDES.get(reason.reason_type or "", RejectionSide.NOT_SPECIFIED),
        side_source=reason.reason_type,
        active=not reason.is_archived,
    )


# Interviews and offers.

INTERVIEW_STATUSES = {  # UNCONFIRMED as a full list
    "NeedsScheduling": InterviewStatus.UNSCHEDULED,
    "WaitingOnCandidateBooking": InterviewStatus.UNSCHEDULED,
    "WaitingOnCandidateAvailability": InterviewStatus.UNSCHEDULED,
    "CandidateSubmittedAvailability": InterviewStatus.UNSCHEDULED,
    "CandidateAvailabilitySubmitted": InterviewStatus.UNSCHEDULED,  # both spellings are reported
    "OnHold": InterviewStatus.UNSCHEDULED,
    "Scheduled": InterviewStatus.SCHEDULED,
    "WaitingOnFeedback": InterviewStatus.AWAITING_FEEDBACK,
    "Complete": InterviewStatus.COMPLETE,
    "Cancelled": InterviewStatus.CANCELLED,
}


@dataclass(frozen=True)
class InterviewTables:
    """What an interview only refers to; what is not here stays an id."""

    templates: Mapping[str, AshbyTemplate] = field(default_factory=dict)
    stages: Mapping[str, AshbyStage] = field(default_factory=dict)
    users: Mapping[str, AshbyUser] = field(default_factory=dict)


def to_interviews(schedule: AshbySchedule, tables: InterviewTables) -> list[Interview]:
    """One for each event. A schedule that still has none is an interview without a time."""
    events = schedule.interview_events or [AshbyEvent(id=schedule.id)]
    return [to_interview(schedule, event, tables) for event in events]


def to_interview(schedule: AshbySchedule, event: AshbyEvent, tables: InterviewTables) -> Interview:
    template = tables.templates.get(event.interview_id or "")
    stage_id, organizer = schedule.interview_stage_id, schedule.scheduled_by
    stage = tables.stages.get(stage_id or "")
    return Interview(
        id=event.id,
        application_id=schedule.application_id,
        subject=(template.external_title or template.title) if template else None,
        type=template.title if template else None,
        status=INTERVIEW_STATUSES.get(schedule.status or "", InterviewStatus.NOT_SPECIFIED),
        status_source=schedule.status,
        scheduled_start=kit.utc(event.start_time),
        scheduled_end=kit.utc(event.end_time),
        location=text_of(event.location),
        meeting_url=event.meeting_link,
        stage=to_stage(stage) if stage else Stage(id=stage_id) if stage_id else None,
        interviewers=to_interviewers(event, tables.users),
        organizer=None if organizer is None else to_user(organizer),
        created_at=moment(event.created_at) or moment(schedule.created_at),
        updated_at=moment(schedule.updated_at),
    )


def to_interviewers(event: AshbyEvent, users: Mapping[str, AshbyUser]) -> list[User]:
    if event.interviewers:
        return [
            to_user(person if person.email else users.get(person.id or "", person))
            for person in event.interviewers
        ]
    return [
        to_user(users[one]) if one in users else User(id=one)
        for one in event.interviewer_user_ids or ()
    ]


def unnamed(event: AshbyEvent) -> list[str]:
    """The interviewers of whom an event has little more than the id."""
    if event.interviewers:
        return [person.id for person in event.interviewers if person.id and not person.email]
    return event.interviewer_user_ids or []


# The candidate's word decides; until then the process says how far the offer is. UNCONFIRMED lists.
ACCEPTANCES = {
    "Accepted": OfferStatus.ACCEPTED,
    "Declined": OfferStatus.DECLINED,
    "Cancelled": OfferStatus.WITHDRAWN,
}
PROCESSES = {
    "WaitingOnOfferCreation": OfferStatus.DRAFT,
    "WaitingOnApprovalStart": OfferStatus.DRAFT,
    "WaitingOnApprovalDefinition": OfferStatus.DRAFT,
    "WaitingOnOfferApproval": OfferStatus.PENDING_APPROVAL,
    "WaitingOnCandidateResponse": OfferStatus.SENT,
    "CandidateAccepted": OfferStatus.ACCEPTED,
    "CandidateRejected": OfferStatus.DECLINED,
    "OfferCancelled": OfferStatus.WITHDRAWN,
}
UNDECIDED = {"Created": OfferStatus.DRAFT, "Pending": OfferStatus.SENT}


def to_offer(offer: AshbyOffer) -> Offer:
    status, word = to_offer_status(offer)
    version = offer.latest_version or AshbyOfferVersion()
    made = [moment(each.created_at) for each in offer.versions or (version,)]
    decided = moment(offer.decided_at)
    return Offer(
        id=offer.id,
        application_id=offer.application_id,
        status=status,
        status_source=word,
        closed_at=decided,
        accepted_at=decided if status is OfferStatus.ACCEPTED else None,
        start_date=day(version.start_date),
        compensation=[] if version.salary is None else [to_salary(version.salary)],
        version=UNSET if offer.versions is None else len(offer.versions),
        created_at=min((each for each in made if each), default=None),
    )


def to_offer_status(offer: AshbyOffer) -> tuple[OfferStatus, str | None]:
    """Our word and the one of theirs that decided."""
    acceptance, process = offer.acceptance_status, offer.offer_status
    for table, word in ((ACCEPTANCES, acceptance), (PROCESSES, process), (UNDECIDED, acceptance)):
        if word in table:
            return table[word], word
    return OfferStatus.NOT_SPECIFIED, process or acceptance


def to_salary(salary: AshbyMoney) -> Compensation:
    """Ashby does not say what time it is paid for."""
    value = number(salary.value)
    return Compensation(
        min=value, max=value, currency=salary.currency_code, kind=CompensationKind.BASE
    )
