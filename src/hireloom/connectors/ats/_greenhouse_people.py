"""Greenhouse Harvest v3: people, and the small conversions that all records share."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from hireloom import kit
from hireloom.connectors.ats._greenhouse_records import (
    CustomFields,
    GreenhouseCandidate,
    GreenhouseContact,
    GreenhouseEducation,
    GreenhouseEmployment,
    GreenhouseNamed,
    GreenhouseUser,
)
from hireloom.connectors.ats._greenhouse_tables import CandidateTables
from hireloom.models import (
    UNSET,
    Candidate,
    CandidateInfo,
    Education,
    Email,
    EmailType,
    Experience,
    Location,
    Phone,
    PhoneType,
    User,
)

T = TypeVar("T")
W = TypeVar("W")
APP = "https://app.greenhouse.io"


# Small things that many records share.


def grouped(records: Iterable[T], key: str) -> dict[int, list[T]]:
    """Records by the number that a field of theirs holds."""
    found: dict[int, list[T]] = {}
    for record in records:
        number = getattr(record, key)
        if number is not None:
            found.setdefault(number, []).append(record)
    return found


def numbers(records: Iterable[Any], key: str) -> set[str]:
    """The ids that a field of the records holds, as text."""
    return {str(value) for one in records if (value := getattr(one, key)) is not None}


def to_day(text: str | None) -> date | None:
    """A date, or the date of a time; None for what is neither."""
    try:
        return None if text is None else date.fromisoformat(text[:10])
    except ValueError:
        return None


def to_midnight(text: str | None) -> datetime | None:
    """The first moment of a day for which Greenhouse knows no time."""
    day = to_day(text)
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)


def to_month(year: int | None, month: int | None) -> date | None:
    try:
        return kit.year_month(year, month)
    except ValueError:
        return None


def to_values(fields: CustomFields | None) -> dict[str, Any]:
    return {key: one.value for key, one in (fields or {}).items()}


def to_location(text: str | None) -> Location | None:
    return None if text is None else Location(raw=text)


def word(table: Mapping[str, W], text: str | None, otherwise: W) -> W:
    """A word of Greenhouse's as ours, whatever its capitals."""
    return otherwise if text is None else table.get(text.strip().casefold(), otherwise)


# People.


def to_user(user: GreenhouseUser) -> User:
    return User(
        id=str(user.id),
        email=user.primary_email,
        employee_id=user.employee_id,
        first_name=user.first_name,
        last_name=user.last_name,
        # Job roles hang on user_job_permissions, one row per job: not worth a call per page.
        roles=["site_admin"] if user.site_admin else UNSET,
        active=None if user.deactivated is None else not user.deactivated,
    )


def to_person(number: int | None, users: Mapping[str, GreenhouseUser]) -> User | None:
    """A user who is referred to; one that is not among the users keeps the id."""
    if number is None:
        return None
    user = users.get(str(number))
    return User(id=str(number)) if user is None else to_user(user)


# v3 sample: personal; documentation: personal, work, other.
EMAIL_TYPES = {"personal": EmailType.PERSONAL, "work": EmailType.WORK}


def to_emails(contacts: Sequence[GreenhouseContact] | None) -> list[Email]:
    return [
        Email(email=one.value, type=word(EMAIL_TYPES, one.type, EmailType.NOT_SPECIFIED))
        for one in contacts or ()
        if one.value
    ]


# v3 sample: mobile; documentation: home, work, mobile, skype, other.
PHONE_TYPES = {
    "home": PhoneType.HOME,
    "work": PhoneType.WORK,
    "mobile": PhoneType.MOBILE,
    "skype": PhoneType.SKYPE,
}


def to_phones(contacts: Sequence[GreenhouseContact] | None) -> list[Phone]:
    return [
        Phone(
            phone_number=one.value,
            type=word(PHONE_TYPES, one.type, PhoneType.NOT_SPECIFIED),
            e164=kit.e164(one.value),
        )
        for one in contacts or ()
        if one.value
    ]


def to_links(candidate: GreenhouseCandidate) -> list[str]:
    listed = (*(candidate.website_addresses or ()), *(candidate.social_media_addresses or ()))
    return [one.value for one in listed if one.value]


def to_candidate(candidate: GreenhouseCandidate, look: CandidateTables) -> Candidate:
    applications = None if look.applications is None else look.applications.get(candidate.id, ())
    return Candidate(
        info=CandidateInfo(
            id=str(candidate.id),
            first_name=candidate.first_name,
            last_name=candidate.last_name,
            emails=to_emails(candidate.email_addresses),
            phones=to_phones(candidate.phone_numbers),
            links=to_links(candidate),
            tags=list(candidate.tags or ()),
            title=candidate.title,
            company=candidate.company,
            created_at=kit.utc(candidate.created_at),
            updated_at=kit.utc(candidate.updated_at),
            applications=UNSET if applications is None else [str(one.id) for one in applications],
            job_ids=UNSET if applications is None else sorted(numbers(applications, "job_id")),
            is_private=candidate.private,
            url=f"{APP}/people/{candidate.id}",
            custom_fields=to_values(candidate.custom_fields),
        ),
        education=UNSET
        if look.educations is None
        else [to_education(one, look.options) for one in look.educations.get(candidate.id, ())],
        experiences=UNSET
        if look.employments is None
        else [to_experience(one) for one in look.employments.get(candidate.id, ())],
        locations=[Location(raw=one.value) for one in candidate.addresses or () if one.value]
        if look.located
        else UNSET,
    )


def to_education(
    education: GreenhouseEducation, options: Mapping[str, GreenhouseNamed]
) -> Education:
    school, degree, discipline = (
        found.name if (found := options.get(str(number))) else None for number in education.options
    )
    return Education(
        institute=school,
        degree=degree,
        major=discipline,
        start_date=to_month(education.start_date_year, education.start_date_month),
        end_date=to_month(education.end_date_year, education.end_date_month),
    )


def to_experience(employment: GreenhouseEmployment) -> Experience:
    return Experience(
        company=employment.company_name,
        title=employment.title,
        start_date=to_day(employment.start_date),
        end_date=to_day(employment.end_date),
    )
