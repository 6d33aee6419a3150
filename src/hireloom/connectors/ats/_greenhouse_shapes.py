"""Greenhouse Harvest v3: applications, with their stages and rejections, as ours.

A row that is missing from the tables beside a page leaves its id and no name.
"""

from collections.abc import Sequence

from hireloom import kit
from hireloom.connectors.ats._greenhouse_people import (
    APP,
    to_emails,
    to_links,
    to_location,
    to_person,
    to_phones,
    to_values,
    word,
)
from hireloom.connectors.ats._greenhouse_records import (
    GreenhouseApplication,
    GreenhouseApplicationStage,
    GreenhouseCandidate,
    GreenhouseKind,
    GreenhouseReason,
    GreenhouseSource,
)
from hireloom.connectors.ats._greenhouse_tables import ApplicationTables
from hireloom.models import (
    UNSET,
    Answer,
    Applicant,
    Application,
    ApplicationInfo,
    ApplicationStatus,
    Maybe,
    Origin,
    QuestionResponse,
    Rejection,
    RejectionReason,
    RejectionSide,
    Source,
    Stage,
    User,
)

# Applications. The field says in_process where the filter, version 1 and webhooks say active.
STATUS = {
    "in_process": ApplicationStatus.ACTIVE,  # documentation, sample
    "active": ApplicationStatus.ACTIVE,  # version 1
    "rejected": ApplicationStatus.REJECTED,  # documentation
    "hired": ApplicationStatus.HIRED,  # documentation
    "converted": ApplicationStatus.CONVERTED,  # documentation: a prospect who now applies
}

# By the name of the source's type, which customers can rename.
ORIGINS = {
    "prospecting": Origin.SOURCED,  # sample
    "referral": Origin.REFERRAL,  # UNCONFIRMED, and all that follow
    "referrals": Origin.REFERRAL,
    "agency": Origin.AGENCY,
    "agencies": Origin.AGENCY,
    "internal applicant": Origin.INTERNAL,
    "internal applicants": Origin.INTERNAL,
    "third-party boards": Origin.EXTERNAL,
    "job boards": Origin.EXTERNAL,
    "company marketing": Origin.EXTERNAL,
    "social media": Origin.EXTERNAL,
    "attend events": Origin.EXTERNAL,
}


def to_application(application: GreenhouseApplication, look: ApplicationTables) -> Application:
    source = look.sources.get(str(application.source_id))
    kind = source.type.name if source and source.type else None
    known = look.candidates is not None
    candidate = (look.candidates or {}).get(str(application.candidate_id))
    return Application(
        info=ApplicationInfo(
            id=str(application.id),
            status=word(STATUS, application.status, ApplicationStatus.NOT_SPECIFIED),
            status_source=application.status,
            candidate=to_applicant(application, candidate),
            origin=(None if application.source_id is None else to_origin(kind)) if known else UNSET,
            origin_source=kind if known else UNSET,
            source=to_source_of(application.source_id, source) if known else UNSET,
            applied_at=kit.utc(application.created_at),
            updated_at=kit.utc(application.updated_at),
            rejected_at=kit.utc(application.rejected_at),
            job_id=kit.to_id(application.job_id),
            job_posting_id=kit.to_id(application.job_post_id),
            owner=to_person(application.recruiter_id, look.users) if known else UNSET,
            credited_to=to_credited(application.referrer_id, look) if known else UNSET,
            is_prospect=application.prospect,
            tags=UNSET if candidate is None else list(candidate.tags or ()),
            url=f"{APP}/people/{application.candidate_id}?application_id={application.id}",
            custom_fields=to_values(application.custom_fields),
        ),
        current_stage=UNSET if look.current is None else to_current_stage(application, look),
        rejection=UNSET if look.rejections is None else to_rejection(application, look),
        question_responses=[
            QuestionResponse(question_text=one.question, answer=Answer(text=one.answer))
            for one in application.answers or ()
        ]
        if look.answered
        else UNSET,
    )


def to_applicant(
    application: GreenhouseApplication, candidate: GreenhouseCandidate | None
) -> Applicant:
    """The person; the place that was given with the application goes before the profile's."""
    if candidate is None:
        return Applicant(id=kit.to_id(application.candidate_id))
    addresses = [one.value for one in candidate.addresses or () if one.value]
    return Applicant(
        id=str(candidate.id),
        first_name=candidate.first_name,
        last_name=candidate.last_name,
        emails=to_emails(candidate.email_addresses),
        phones=to_phones(candidate.phone_numbers),
        links=to_links(candidate),
        location=to_location(application.location_address or next(iter(addresses), None)),
    )


def to_origin(kind: str | None) -> Origin:
    return word(ORIGINS, kind, Origin.NOT_SPECIFIED)


def to_source_of(number: int | None, source: GreenhouseSource | None) -> Source | None:
    if source is None:
        return None if number is None else Source(id=str(number))
    return to_source(source)


def to_source(source: GreenhouseSource) -> Source:
    return Source(
        id=str(source.id), name=source.name, type=source.type.name if source.type else None
    )


def to_credited(number: int | None, look: ApplicationTables) -> Maybe[User]:
    """A referrer is no user: it may point to one, or be a name and nothing else."""
    if number is None:
        return None
    referrer = look.referrers.get(str(number))
    if referrer is None:
        return UNSET
    if referrer.user_id is not None:
        return to_person(referrer.user_id, look.users)
    first, last = kit.split_name(referrer.name)
    return User(first_name=first, last_name=last)


def stage_id_of(
    application: GreenhouseApplication, stays: Sequence[GreenhouseApplicationStage]
) -> int | None:
    """The job's stage that an application is in.

    Answers since spring 2026 name it (`job_interview_stage_id`). Before that there is `stage_id`,
    of which it is UNCONFIRMED whether it means a row of application_stages or the job's stage, so
    the current row is asked first; whichever id it is, the job's stage comes out.
    """
    if application.job_interview_stage_id is not None:
        return application.job_interview_stage_id
    stay = next((one for one in stays if one.current), None)
    if stay is None:
        stay = next((one for one in stays if one.id == application.stage_id), None)
    return application.stage_id if stay is None else stay.job_interview_stage_id


def to_current_stage(application: GreenhouseApplication, look: ApplicationTables) -> Stage | None:
    if not application.has_stage:
        return None
    stays = (look.current or {}).get(application.id, ())
    number = stage_id_of(application, stays)
    stage = look.stages.get(str(number))
    entered = next((stay.entered_at for stay in stays if stay.current), None)
    return Stage(
        id=kit.to_id(number),
        text=stage.name if stage else application.stage_name,
        order=stage.sort_order if stage else None,
        job_id=kit.to_id(stage.job_id if stage else application.job_id),
        entered_at=kit.utc(entered),
    )


def to_rejection(application: GreenhouseApplication, look: ApplicationTables) -> Rejection | None:
    if not application.is_rejected:
        return None
    detail = next(iter((look.rejections or {}).get(application.id, ())), None)
    number = (detail and detail.rejection_reason_id) or application.rejection_reason_id
    reason = look.reasons.get(str(number))
    note = look.notes.get(str(detail.rejection_note_id)) if detail else None
    rejected_at = (detail and detail.rejected_at) or application.rejected_at
    return Rejection(
        id=kit.to_id(number),
        text=reason.name if reason else None,
        side=to_side(reason.type if reason else None),
        side_source=side_word(reason.type if reason else None),
        rejected_at=kit.utc(rejected_at),
        stage=to_last_stage(application, look),
        job_id=kit.to_id(application.job_id),
        by=to_person(detail.rejected_by_id, look.users) if detail else None,
        note=note.body if note else None,
    )


def to_last_stage(application: GreenhouseApplication, look: ApplicationTables) -> Maybe[Stage]:
    """A rejected application shows no stage any more: it is the one that was entered last."""
    if look.history is None:
        return UNSET
    entered = [
        (stay.entered_at, stay.id, stay)
        for stay in look.history.get(application.id, ())
        if stay.entered_at is not None
    ]
    if not entered:
        return None
    last = max(entered)[2]
    stage = look.stages.get(str(last.job_interview_stage_id))
    return Stage(
        id=kit.to_id(last.job_interview_stage_id),
        text=stage.name if stage else None,
        order=stage.sort_order if stage else None,
        job_id=kit.to_id(stage.job_id if stage else application.job_id),
        entered_at=kit.utc(last.entered_at),
    )


# By key or name of the reason's type. The keys are UNCONFIRMED; the names come from samples, where
# customers have also renamed them ("Wrong skill set").
SIDES = {
    "we rejected them": RejectionSide.ORGANIZATION,  # sample
    "we_rejected_them": RejectionSide.ORGANIZATION,
    "we_rejected": RejectionSide.ORGANIZATION,
    "they rejected us": RejectionSide.CANDIDATE,  # documentation: "they rejected"
    "they_rejected_us": RejectionSide.CANDIDATE,
    "they_rejected": RejectionSide.CANDIDATE,
    "none specified": RejectionSide.OTHER,  # sample
    "none_specified": RejectionSide.OTHER,
    "none": RejectionSide.OTHER,
}


def to_side(kind: GreenhouseKind | None) -> RejectionSide:
    if kind is None:
        return RejectionSide.NOT_SPECIFIED
    by_name = word(SIDES, kind.name, RejectionSide.NOT_SPECIFIED)
    return word(SIDES, kind.key, by_name)


def side_word(kind: GreenhouseKind | None) -> str | None:
    return None if kind is None else kind.name or kind.key


def to_reason(reason: GreenhouseReason) -> RejectionReason:
    return RejectionReason(
        id=str(reason.id),
        text=reason.name,
        side=to_side(reason.type),
        side_source=side_word(reason.type),
    )
