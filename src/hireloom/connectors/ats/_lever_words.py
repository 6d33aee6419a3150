"""What Lever's records share: times and values, users, phones, the one pipeline of an account."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from hireloom import kit
from hireloom.connectors.ats._lever_shapes import (
    LeverApplication,
    LeverContact,
    LeverField,
    LeverInterviewer,
    LeverOpportunity,
    LeverPhone,
    LeverPlace,
    LeverPosting,
    LeverReason,
    LeverRequisition,
    LeverStage,
    LeverUser,
    Time,
)
from hireloom.models import (
    UNSET,
    Email,
    Location,
    Maybe,
    Phone,
    PhoneType,
    QuestionType,
    RejectionReason,
    RejectionSide,
    Stage,
    StageType,
    User,
)


def instant(time: Time) -> datetime | None:
    """A time of Lever's; text that is no number of milliseconds is no time."""
    if isinstance(time, str):
        if not time.strip().lstrip("-").isdigit():
            return None
        time = int(time)
    return kit.from_millis(time)


def day(value: Any) -> date | None:
    """A date of a form's field, in milliseconds or ISO 8601."""
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d", value):
        return date.fromisoformat(value[:10])
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        found = instant(value)
        return None if found is None else found.date()
    return None


def month(value: Any) -> date | None:
    """A résumé's date, `{year, month}` in what is documented (UNCONFIRMED for every résumé)."""
    if isinstance(value, dict):
        year, of_year = value.get("year"), value.get("month")
        if isinstance(year, int):
            known = isinstance(of_year, int) and 1 <= of_year <= 12
            return kit.year_month(year, of_year if known else None)
        return None
    return day(value)


def number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = Decimal(str(value).strip().replace(",", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def shown(value: Any) -> str | None:
    """A form's value as a person reads it."""
    if value is None or value in ("", [], {}):
        return None
    if isinstance(value, list):
        return ", ".join(text for text in map(shown, value) if text)
    if isinstance(value, dict):  # a file or an option
        return shown(value.get("name") or value.get("text") or value.get("value"))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def first_value(fields: Sequence[LeverField] | None) -> str | None:
    """Of a note, its own text: the fields after it are replies."""
    return next((shown(one.value) for one in fields or []), None)


def rating(value: Any) -> int | None:
    """The points of "3 - Hire", "3" or 3; the scale goes from 1 to 4."""
    found = re.match(r"\s*([1-4])(?!\d)", "" if isinstance(value, bool) else str(value))
    return int(found[1]) if found else None


def id_of(
    one: str | LeverUser | LeverContact | LeverStage | LeverPosting | LeverApplication | None,
) -> str | None:
    return one if one is None or isinstance(one, str) else one.id


def wants(models: Sequence[Any], section: Any) -> bool:
    """Whether a section is asked for; to name none is to ask for all."""
    return not models or section in models


@dataclass(frozen=True)
class PlacedStage:
    """A stage of the account's one pipeline, with its place in it."""

    id: str
    text: str | None
    pipeline: str | None
    order: int


@dataclass(frozen=True)
class Pipeline:
    id: str
    stages: Sequence[PlacedStage]


@dataclass(frozen=True)
class Spellings:
    """A tag's texts that differ in case only; the id is what they have in common."""

    id: str
    texts: Sequence[str]


@dataclass(frozen=True)
class Placement:
    """A posting and the requisition that it belongs to."""

    id: str
    requisition: str


@dataclass(frozen=True)
class Tables:
    users: Mapping[str, LeverUser] = field(default_factory=dict)
    stages: Mapping[str, PlacedStage] = field(default_factory=dict)
    reasons: Mapping[str, LeverReason] = field(default_factory=dict)
    placements: Mapping[str, Placement] | None = None  # None: jobs are postings


def placed(stages: Sequence[LeverStage]) -> list[PlacedStage]:
    """Stages in the order of their ranks, which are fractions: 105.5 is between 105 and 106."""
    ordered = sorted(stages, key=lambda one: (one.rank is None, one.rank or 0))
    return [PlacedStage(one.id, one.text, one.pipeline, place) for place, one in enumerate(ordered)]


def spellings(texts: Sequence[str]) -> list[Spellings]:
    found: dict[str, list[str]] = {}
    for text in texts:
        found.setdefault(text.casefold(), []).append(text)
    return [Spellings(key, several) for key, several in found.items()]


def placements(requisitions: Sequence[LeverRequisition]) -> list[Placement]:
    """Each posting's requisition; of several the open one, then the newest."""

    def rank(one: LeverRequisition) -> tuple[bool, float]:
        made = instant(one.created_at)
        return one.status != "open", -made.timestamp() if made else 0.0

    found: dict[str, Placement] = {}
    for requisition in sorted(requisitions, key=rank):
        for posting in requisition.postings or []:
            key = id_of(posting)
            if key is not None:
                found.setdefault(key, Placement(key, requisition.id))
    return list(found.values())


# People.

ROLE = {  # from recorded users and the fact sheet; newer accounts have roles of their own
    "super admin": "SUPER_ADMIN",
    "admin": "ADMIN",
    "team member": "TEAM_MEMBER",
    "limited team member": "LIMITED_TEAM_MEMBER",
    "interviewer": "INTERVIEWER",
}


def to_user(user: LeverUser) -> User:
    first, last = kit.split_name(user.name)
    role = user.access_role
    return User(
        id=user.id,
        email=user.email,
        employee_id=user.external_directory_id,
        first_name=first,
        last_name=last,
        roles=[ROLE.get(role, role)] if role else [],
        active=user.deactivated_at is None,
    )


def user_at(one: str | LeverUser | None, users: Mapping[str, LeverUser]) -> User | None:
    """A user who came expanded or as an id; one who is in no table keeps the id."""
    if one is None:
        return None
    found = users.get(one) if isinstance(one, str) else one
    return User(id=id_of(one)) if found is None else to_user(found)


def to_interviewer(one: LeverInterviewer) -> User:
    first, last = kit.split_name(one.name)
    return User(id=one.id, email=one.email, first_name=first, last_name=last)


PHONE = {
    "mobile": PhoneType.MOBILE,  # samples
    "work": PhoneType.WORK,  # documentation
    "home": PhoneType.HOME,  # UNCONFIRMED, as all below
    "skype": PhoneType.SKYPE,
    "other": PhoneType.NOT_SPECIFIED,
}


def to_phones(phones: Sequence[LeverPhone] | None) -> list[Phone]:
    return [
        Phone(
            phone_number=phone.value,
            type=PHONE.get((phone.type or "").lower(), PhoneType.NOT_SPECIFIED),
            e164=kit.e164(phone.value),
        )
        for phone in phones or []
        if phone.value
    ]


def to_emails(emails: Sequence[str] | None) -> list[Email]:
    return [Email(email=email) for email in emails or []]


def to_location(place: str | LeverPlace | None) -> Location | None:
    text = place.name if isinstance(place, LeverPlace) else place
    return Location(raw=text) if text else None


# The pipeline.

PIPELINE = {  # samples of /disposition_stages, but for "interview" (fact sheet)
    "lead": StageType.LEAD,
    "applicant": StageType.REVIEW,
    "screen": StageType.SCREEN,
    "interview": StageType.INTERVIEW,
    "onsite": StageType.INTERVIEW,
    "offer": StageType.OFFER,
}
DEFAULT_STAGE = {  # every account has these, under these ids (documentation, samples)
    "lead-new": StageType.LEAD,
    "lead-reached-out": StageType.LEAD,
    "lead-responded": StageType.LEAD,
    "applicant-new": StageType.NEW,
    "offer": StageType.OFFER,
}
OFFER = "offer"  # the text of a stage that is one, whichever part of the pipeline it was put in
TAKES_APPLICATIONS = ("published", "internal")  # the states of a posting that can be applied to
HIRED = "hired"  # the type of an archive reason; the other is "non-hired" (both: documentation)


def stage_type(stage: PlacedStage) -> StageType:
    """By the id of a default stage, else by its text or by its part of the pipeline."""
    if stage.id in DEFAULT_STAGE:
        return DEFAULT_STAGE[stage.id]
    if (stage.text or "").strip().casefold() == OFFER:
        return StageType.OFFER
    return PIPELINE.get(stage.pipeline or "", StageType.NOT_SPECIFIED)


def to_stage(stage: PlacedStage, job_id: Maybe[str] = UNSET) -> Stage:
    return Stage(
        id=stage.id,
        text=stage.text,
        type=stage_type(stage),
        type_source=stage.pipeline,
        order=stage.order,
        job_id=job_id,
    )


def stage_at(
    one: str | LeverStage | None, tables: Tables, entered: datetime | None = None
) -> Stage | None:
    key = id_of(one)
    if key is None:
        return None
    found = tables.stages.get(key)
    if found is None:
        text = one.text if isinstance(one, LeverStage) else None
        return Stage(id=key, text=text, entered_at=entered)
    plain = to_stage(found)
    return Stage(
        id=plain.id,
        text=plain.text,
        type=plain.type,
        type_source=plain.type_source,
        order=plain.order,
        entered_at=entered,
    )


def entered_at(opportunity: LeverOpportunity) -> datetime | None:
    """When the current stage was reached: by the history, which archiving does not touch."""
    stage = id_of(opportunity.stage)
    for change in reversed(opportunity.stage_changes or []):
        if change.to_stage_id == stage:
            return instant(change.updated_at)
    return instant(opportunity.last_advanced_at)


def to_rejection_reason(reason: LeverReason) -> RejectionReason:
    return RejectionReason(
        id=reason.id,
        text=reason.text,
        side=RejectionSide.NOT_SPECIFIED,  # "Withdrew" is a text like any other
        active=reason.status == "active",
    )


QUESTION = {  # documentation of form fields
    "text": QuestionType.TEXT,
    "textarea": QuestionType.TEXT,
    "code": QuestionType.TEXT,
    "multiple-choice": QuestionType.SINGLE_CHOICE,
    "multiple-select": QuestionType.MULTIPLE_CHOICE,
    "dropdown": QuestionType.DROPDOWN,
    "university": QuestionType.DROPDOWN,
    "yes-no": QuestionType.YES_NO,
    "date": QuestionType.DATE,
    "currency": QuestionType.NUMBER,
    "file-upload": QuestionType.FILE_UPLOAD,
    "score-system": QuestionType.RATING_SCALE,
    "score": QuestionType.RATING_SCALE,
    "scorecard": QuestionType.RATING_SCALE,
}
