"""What hangs on an opportunity: interviews, feedback, offers, files, notes, survey answers."""

import mimetypes
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hireloom.connectors.ats._lever_jobs import INTERVAL
from hireloom.connectors.ats._lever_shapes import (
    LeverFeedback,
    LeverField,
    LeverFile,
    LeverInterview,
    LeverNote,
    LeverOffer,
    LeverPanel,
    LeverResume,
    LeverSurvey,
    LeverUser,
)
from hireloom.connectors.ats._lever_words import (
    Tables,
    day,
    first_value,
    id_of,
    instant,
    number,
    rating,
    shown,
    stage_at,
    to_interviewer,
    user_at,
)
from hireloom.models import (
    UNSET,
    Attachment,
    AttachmentType,
    Compensation,
    CompensationPeriod,
    Eeoc,
    Gender,
    Interview,
    InterviewStatus,
    Maybe,
    Note,
    NoteType,
    Offer,
    OfferStatus,
    Race,
    Recommendation,
    Scorecard,
    ScorecardField,
    ScorecardSection,
    ScoreValue,
    TextFormat,
    Visibility,
    YesNoDeclined,
)

LINK = re.compile(r"https?://[^\s,;]+")


def to_interview(
    interview: LeverInterview,
    opportunity_id: str,
    tables: Tables,
    now: datetime,
    panel: LeverPanel | None = None,
) -> Interview:
    """An interview; one inside a panel takes from it what it lacks."""
    whole = panel or interview
    start = instant(interview.date)
    end = None if start is None else start + timedelta(minutes=interview.duration or 0)
    link = LINK.search(interview.location or "")
    return Interview(
        id=interview.id,
        application_id=opportunity_id,
        subject=interview.subject,
        status=interview_status(interview, end, now),
        scheduled_start=start,
        scheduled_end=end,
        timezone=interview.timezone or whole.timezone,
        location=interview.location,
        meeting_url=link[0] if link else None,
        stage=stage_at(interview.stage or whole.stage, tables),
        interviewers=[to_interviewer(one) for one in interview.interviewers or []],
        organizer=user_at(interview.user or whole.user, tables.users),
        created_at=instant(interview.created_at or whole.created_at),
    )


def interview_status(
    interview: LeverInterview, end: datetime | None, now: datetime
) -> InterviewStatus:
    """Lever has no status: it is cancelled, over, or still to come."""
    if instant(interview.canceled_at) is not None:
        return InterviewStatus.CANCELLED
    if end is None:
        return InterviewStatus.UNSCHEDULED
    return InterviewStatus.COMPLETE if end <= now else InterviewStatus.SCHEDULED


RECOMMENDATION = {  # samples: "4 - Strong Hire" down to "1 - Strong No Hire"
    4: Recommendation.STRONG_YES,
    3: Recommendation.YES,
    2: Recommendation.NO,
    1: Recommendation.STRONG_NO,
}
SCORED = ("score-system", "score")


def to_scorecard(
    feedback: LeverFeedback, opportunity_id: str, users: Mapping[str, LeverUser]
) -> Scorecard | None:
    """A feedback form; None for one that was deleted, which the list still shows."""
    if feedback.deleted_at is not None:
        return None
    overall = overall_field(feedback)
    points = rating(overall.value) if overall else None
    return Scorecard(
        id=feedback.id,
        application_id=opportunity_id,
        interview_id=feedback.interview,
        author=user_at(feedback.user, users),
        recommendation=RECOMMENDATION.get(points or 0, Recommendation.NOT_SPECIFIED),
        recommendation_source=shown(overall.value) if overall else None,
        score=to_score(points),
        sections=[ScorecardSection(label=feedback.text, fields=scorecard_fields(feedback))],
        submitted_at=instant(feedback.completed_at),
    )


def overall_field(feedback: LeverFeedback) -> LeverField | None:
    fields = [one for one in feedback.fields or [] if one.type in SCORED]
    marked = [one for one in fields if one.overall]
    return next(
        iter([*marked, *sorted(fields, key=lambda one: SCORED.index(one.type or ""))]), None
    )


def to_score(points: int | None) -> ScoreValue | None:
    if points is None:
        return None
    return ScoreValue(value=Decimal(points), min=Decimal(1), max=Decimal(4))


def scorecard_fields(feedback: LeverFeedback) -> list[ScorecardField]:
    rows: list[ScorecardField] = []
    for one in feedback.fields or []:
        if one.type == "scorecard" and isinstance(one.value, list):
            rows.extend(skill_rows(one))
        else:
            points = rating(one.value) if one.type in SCORED else None
            rows.append(ScorecardField(label=one.text, value=told(one), score=to_score(points)))
    return rows


def told(field: LeverField) -> str | None:
    """A date is milliseconds, which nobody reads."""
    on = day(field.value) if field.type == "date" else None
    return shown(field.value) if on is None else on.isoformat()


def skill_rows(field: LeverField) -> list[ScorecardField]:
    """A scorecard's values, `{score, comment}` each, in the order of its skills."""
    names = [one.text for one in field.scores or []]
    rows: list[ScorecardField] = []
    for place, value in enumerate(field.value):
        given: dict[str, Any] = value if isinstance(value, dict) else {"score": value}
        score = shown(given.get("score"))
        rows.append(
            ScorecardField(
                label=names[place] if place < len(names) else field.text,
                value=score,
                score=to_score(rating(score)),
                note=shown(given.get("comment")),
            )
        )
    return rows


OFFER = {  # documentation
    "draft": OfferStatus.DRAFT,
    "approval-sent": OfferStatus.PENDING_APPROVAL,
    "approved": OfferStatus.APPROVED,
    "sent": OfferStatus.SENT,
    "sent-manually": OfferStatus.SENT,
    "opened": OfferStatus.OPENED,
    "denied": OfferStatus.DECLINED,  # by the candidate
    "signed": OfferStatus.SIGNED,
}
CURRENCY = ("compensation_currency", "salary_currency")
START = ("anticipated_start_date", "start_date")


def to_offer(offer: LeverOffer, opportunity_id: str) -> Offer:
    """An offer; its terms are form fields whose identifiers depend on the account."""
    terms = {one.identifier: one.value for one in offer.fields or [] if one.identifier}
    candidate = offer.signatures.candidate if offer.signatures else None
    return Offer(
        id=offer.id,
        application_id=opportunity_id,
        status=OFFER.get(offer.status or "", OfferStatus.NOT_SPECIFIED),
        status_source=offer.status,
        sent_at=instant(offer.sent_at),
        accepted_at=instant(candidate.signed_at) if candidate else None,
        start_date=day(first(terms, START)),
        compensation=offer_pay(terms),
        created_at=instant(offer.created_at),
    )


def first(terms: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((terms[name] for name in names if terms.get(name) is not None), None)


def offer_pay(terms: Mapping[str, Any]) -> list[Compensation]:
    amount = number(terms.get("salary_amount"))
    if amount is None:
        return []
    interval = shown(terms.get("salary_interval"))
    return [
        Compensation(
            min=amount,
            max=amount,
            currency=shown(first(terms, CURRENCY)),
            period=INTERVAL.get(interval or "", CompensationPeriod.NOT_SPECIFIED),
            period_source=interval,
        )
    ]


def resume_to_attachment(
    resume: LeverResume, opportunity_id: str, contact_id: str | None
) -> Attachment | None:
    """A résumé's file; None where Lever read the résumé off a web profile and has no file."""
    if resume.file is None:
        return None
    name = resume.file.name
    return Attachment(
        id=resume.id,
        application_id=opportunity_id,
        candidate_id=known(contact_id),
        type=AttachmentType.RESUME,
        name=name,
        content_type=kind_of(name),
        created_at=instant(resume.file.uploaded_at) or instant(resume.created_at),
    )


def file_to_attachment(file: LeverFile, opportunity_id: str, contact_id: str | None) -> Attachment:
    """A file; Lever does not say what it is. Its link needs the key, so it is no link for us."""
    return Attachment(
        id=file.id,
        application_id=opportunity_id,
        candidate_id=known(contact_id),
        type=AttachmentType.NOT_SPECIFIED,
        name=file.name,
        content_type=kind_of(file.name),
        created_at=instant(file.uploaded_at),
    )


def known(contact_id: str | None) -> Maybe[str]:
    """The person, where the question named them: a record itself names its opportunity only."""
    return UNSET if contact_id is None else contact_id


def kind_of(name: str | None) -> str | None:
    return mimetypes.guess_type(name or "")[0]


def to_note(
    note: LeverNote,
    opportunity_id: str,
    contact_id: str | None,
    users: Mapping[str, LeverUser],
) -> Note | None:
    """A note's first field; the fields after it are replies. None for a deleted one."""
    if note.deleted_at is not None:
        return None
    return Note(
        id=note.id,
        candidate_id=known(contact_id),
        application_id=opportunity_id,
        type=NoteType.NOTE,
        body=first_value(note.fields),
        format=TextFormat.PLAIN,
        visibility=Visibility.PRIVATE if note.secret else Visibility.PUBLIC,
        author=user_at(note.user, users),
        created_at=instant(note.created_at),
    )


DECLINED = frozenset({"decline to self-identify", "decline to say", "i don't wish to answer"})
GENDER = {"female": Gender.FEMALE, "male": Gender.MALE}  # samples of a posting's form
RACE = {  # samples of a posting's form, all but the first with "(Not Hispanic or Latino)" after it
    "hispanic or latino": Race.HISPANIC_OR_LATINO,
    "white": Race.WHITE,
    "black or african american": Race.BLACK_OR_AFRICAN_AMERICAN,
    "native hawaiian or other pacific islander": Race.NATIVE_HAWAIIAN_OR_PACIFIC_ISLANDER,
    "asian": Race.ASIAN,
    "american indian or alaska native": Race.AMERICAN_INDIAN_OR_ALASKAN_NATIVE,
    "two or more races": Race.TWO_OR_MORE_RACES,
}
VETERAN = {
    "i am a veteran": YesNoDeclined.YES,  # sample of a posting's form
    "i am not a veteran": YesNoDeclined.NO,
    "i am a protected veteran": YesNoDeclined.YES,  # documentation, for government contractors
    "i am not a protected veteran": YesNoDeclined.NO,
}
DISABILITY = {  # documentation
    "yes, i have a disability, or have a history/record of having a disability": YesNoDeclined.YES,
    "no, i don't have a disability, or a history/record of having a disability": YesNoDeclined.NO,
}


def to_eeoc(survey: LeverSurvey) -> Eeoc:
    return Eeoc(
        id=survey.id,
        application_id=survey.opportunity_id,
        candidate_id=id_of(survey.contact),
        gender=(
            Gender.DECLINED
            if plain(survey.gender) in DECLINED
            else GENDER.get(plain(survey.gender), Gender.NOT_SPECIFIED)
        ),
        gender_source=survey.gender,
        race=to_races(survey.race),
        race_source=[survey.race] if survey.race else [],
        veteran_status=yes_no(survey.veteran, VETERAN),
        veteran_status_source=survey.veteran,
        disability_status=yes_no(survey.disability, DISABILITY),
        disability_status_source=survey.disability,
        submitted_at=instant(survey.eeo_survey_responded_at),
    )


def plain(answer: str | None) -> str:
    return (answer or "").strip().lower().replace("’", "'")


def to_races(answer: str | None) -> list[Race]:
    if plain(answer) in DECLINED:
        return [Race.DECLINED]
    if not answer:
        return []
    name = plain(answer).removesuffix("(not hispanic or latino)").strip()
    return [RACE.get(name, Race.NOT_SPECIFIED)]


def yes_no(answer: str | None, table: Mapping[str, YesNoDeclined]) -> YesNoDeclined:
    if plain(answer) in DECLINED:
        return YesNoDeclined.DECLINED
    return table.get(plain(answer), YesNoDeclined.NOT_SPECIFIED)
