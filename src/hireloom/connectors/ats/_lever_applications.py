"""Opportunities as applications, and the people behind them as candidates."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from hireloom import kit
from hireloom.connectors.ats._lever_shapes import (
    LeverApplication,
    LeverArchived,
    LeverContact,
    LeverField,
    LeverOpportunity,
    LeverPhone,
    LeverPosition,
    LeverReason,
    LeverResume,
    LeverSchool,
)
from hireloom.connectors.ats._lever_words import (
    HIRED,
    QUESTION,
    Tables,
    day,
    entered_at,
    id_of,
    instant,
    month,
    number,
    rating,
    shown,
    stage_at,
    to_emails,
    to_location,
    to_phones,
    user_at,
    wants,
)
from hireloom.models import (
    UNSET,
    Answer,
    Applicant,
    Application,
    ApplicationInfo,
    ApplicationModel,
    ApplicationStatus,
    Candidate,
    CandidateInfo,
    CandidateModel,
    CandidateSearch,
    Education,
    Experience,
    Origin,
    QuestionResponse,
    QuestionType,
    Rejection,
    RejectionSide,
    Source,
    given,
)

ORIGIN = {  # documentation; a university fair is none of our words
    "agency": Origin.AGENCY,
    "applied": Origin.EXTERNAL,
    "internal": Origin.INTERNAL,
    "referred": Origin.REFERRAL,
    "sourced": Origin.SOURCED,
    "university": Origin.NOT_SPECIFIED,
}


def status_of(archived: LeverArchived | None, reason: LeverReason | None) -> ApplicationStatus:
    """Lever has no status: what ended is archived, and the reason's type says whether by a hire.

    Every reason but one of type hired rejects, so one that is in no list does, too.
    """
    if archived is None:
        return ApplicationStatus.ACTIVE
    hired = reason is not None and reason.type == HIRED
    return ApplicationStatus.HIRED if hired else ApplicationStatus.REJECTED


def status_word(archived: LeverArchived | None, reason: LeverReason | None) -> str | None:
    """What the status was read from: the reason's type, or its id where it is in no list."""
    if reason is not None:
        return reason.type
    return archived.reason if archived else None


def to_application(
    opportunity: LeverOpportunity,
    link: LeverApplication | None,
    tables: Tables,
    models: Sequence[ApplicationModel] = (),
) -> Application:
    stage = stage_at(opportunity.stage, tables, entered_at(opportunity))
    questions = ApplicationModel.QUESTION_RESPONSES
    return Application(
        info=to_application_info(opportunity, link, tables),
        current_stage=stage if wants(models, ApplicationModel.STAGE) else UNSET,
        rejection=(
            to_rejection(opportunity, link, tables)
            if wants(models, ApplicationModel.REJECTION)
            else UNSET
        ),
        question_responses=to_responses(link) if wants(models, questions) else UNSET,
    )


def to_application_info(
    opportunity: LeverOpportunity, link: LeverApplication | None, tables: Tables
) -> ApplicationInfo:
    archived = opportunity.archived
    reason = tables.reasons.get(archived.reason or "") if archived else None
    status = status_of(archived, reason)
    ended = instant(archived.archived_at) if archived else None
    applied = instant(link.created_at) if link else None
    return ApplicationInfo(
        id=opportunity.id,
        status=status,
        status_source=status_word(archived, reason),
        candidate=to_applicant(opportunity),
        origin=ORIGIN.get(opportunity.origin or "", Origin.NOT_SPECIFIED),
        origin_source=opportunity.origin,
        source=first_source(opportunity),
        applied_at=applied or instant(opportunity.created_at),
        updated_at=instant(opportunity.updated_at),
        rejected_at=ended if status is ApplicationStatus.REJECTED else None,
        hired_at=ended if status is ApplicationStatus.HIRED else None,
        job_id=job_of(link, tables),
        job_posting_id=id_of(link.posting) if link else None,
        owner=user_at(opportunity.owner, tables.users),
        credited_to=user_at(opportunity.sourced_by, tables.users),
        is_prospect=UNSET if opportunity.applications is None else link is None,
        tags=list(opportunity.tags or []),
        url=opportunity.urls.show if opportunity.urls else None,
    )


def to_applicant(opportunity: LeverOpportunity) -> Applicant:
    contact = opportunity.contact
    person = contact if isinstance(contact, LeverContact) else opportunity
    first, last = kit.split_name(person.name)
    return Applicant(
        id=id_of(contact),
        first_name=first,
        last_name=last,
        phones=to_phones(person.phones),
        emails=to_emails(person.emails),
        links=list(opportunity.links or []),
        location=to_location(person.location),
    )


def first_source(opportunity: LeverOpportunity) -> Source | None:
    """Sources are texts without ids, and a write names one by its text."""
    name = next(iter(opportunity.sources or []), None)
    return None if name is None else Source(id=name, name=name)


def job_of(link: LeverApplication | None, tables: Tables) -> str | None:
    if link is None:
        return None
    posting = id_of(link.posting)
    if tables.placements is None:
        return posting
    if link.requisition_for_hire is not None and link.requisition_for_hire.id:
        return link.requisition_for_hire.id
    place = tables.placements.get(posting or "")
    return place.requisition if place else None


def to_rejection(
    opportunity: LeverOpportunity, link: LeverApplication | None, tables: Tables
) -> Rejection | None:
    archived = opportunity.archived
    if archived is None:
        return None
    reason = tables.reasons.get(archived.reason or "")
    if reason is not None and reason.type == HIRED:
        return None
    return Rejection(
        id=archived.reason,
        text=reason.text if reason else None,
        side=RejectionSide.NOT_SPECIFIED,
        rejected_at=instant(archived.archived_at),
        stage=stage_at(opportunity.stage, tables),
        job_id=job_of(link, tables),
    )


# Questions and answers.

YES_NO = {"yes": True, "no": False, "true": True, "false": False}


def to_responses(link: LeverApplication | None) -> list[QuestionResponse]:
    forms = link.custom_questions or [] if link else []
    return [to_response(one) for form in forms for one in form.fields or []]


def to_response(question: LeverField) -> QuestionResponse:
    kind = QUESTION.get(question.type or "", QuestionType.NOT_SPECIFIED)
    return QuestionResponse(
        question_id=question.id,
        question_text=question.text,
        question_type=kind,
        question_type_source=question.type,
        answer=to_answer(kind, question.value),
    )


def to_answer(kind: QuestionType, value: Any) -> Answer | None:
    text = shown(value)
    if text is None:
        return None
    if kind in {QuestionType.SINGLE_CHOICE, QuestionType.DROPDOWN}:
        return Answer(selected_option=text)
    if kind is QuestionType.MULTIPLE_CHOICE:
        several = value if isinstance(value, list) else [value]
        return Answer(selected_options=[one for one in map(shown, several) if one])
    if kind is QuestionType.YES_NO and text.lower() in YES_NO:
        return Answer(bool_value=YES_NO[text.lower()])
    if kind is QuestionType.NUMBER and (amount := number(value)) is not None:
        return Answer(number_value=amount)
    if kind is QuestionType.DATE and (when := day(value)) is not None:
        return Answer(date_value=when)
    if kind is QuestionType.RATING_SCALE and (points := rating(value)) is not None:
        return Answer(rating_value=Decimal(points))
    return Answer(text=text)


# Candidates.

READ_FROM_RESUMES = {CandidateModel.EDUCATION, CandidateModel.EXPERIENCES}


def to_candidate(
    contact: LeverContact | None,
    opportunities: Sequence[LeverOpportunity],
    links: Mapping[str, LeverApplication | None],
    resumes: Sequence[LeverResume] | None,
    tables: Tables,
) -> Candidate:
    """A person, put together from the contact and the candidacies that are at hand."""
    newest = newest_first(opportunities)
    person = contact or newest[0]
    return Candidate(
        info=to_candidate_info(person, newest, links, tables),
        education=UNSET if resumes is None else to_education(resumes),
        locations=[place] if (place := to_location(person.location)) else [],
        experiences=UNSET if resumes is None else to_experiences(resumes),
    )


def to_candidate_info(
    person: LeverContact | LeverOpportunity,
    newest: Sequence[LeverOpportunity],
    links: Mapping[str, LeverApplication | None],
    tables: Tables,
) -> CandidateInfo:
    first, last = kit.split_name(person.name)
    latest = newest[0] if newest else None
    made = [time for one in newest if (time := instant(one.created_at))]
    changed = [time for one in newest if (time := instant(one.updated_at))]
    jobs = [job for one in newest if (job := job_of(links.get(one.id), tables))]
    identity = person.id if isinstance(person, LeverContact) else id_of(person.contact)
    return CandidateInfo(
        id=identity or person.id,
        first_name=first,
        last_name=last,
        phones=to_phones(person.phones),
        emails=to_emails(person.emails),
        links=united(one.links for one in newest),
        tags=united(one.tags for one in newest),
        headline=person.headline or None,
        source=first_source(latest) if latest else None,
        owner=user_at(latest.owner, tables.users) if latest else None,
        created_at=min(made, default=None),
        updated_at=max(changed, default=None),
        applications=[one.id for one in newest],
        job_ids=list(dict.fromkeys(jobs)),
        is_private=any(one.confidentiality == "confidential" for one in newest),
        url=latest.urls.show if latest and latest.urls else None,
    )


def newest_first(opportunities: Iterable[LeverOpportunity]) -> list[LeverOpportunity]:
    def made(one: LeverOpportunity) -> tuple[float, str]:
        time = instant(one.created_at)
        return (time.timestamp() if time else 0.0), one.id

    return sorted(opportunities, key=made, reverse=True)


def united(lists: Iterable[list[str] | None]) -> list[str]:
    return list(dict.fromkeys(text for texts in lists for text in texts or []))


def to_education(resumes: Sequence[LeverResume]) -> list[Education]:
    """What Lever read out of the résumés; the shape of it is UNCONFIRMED by a sample."""
    found = [r.parsed_data.schools or [] for r in resumes if r.parsed_data]
    return [to_school(school) for schools in found for school in schools]


def to_school(school: LeverSchool) -> Education:
    return Education(
        institute=school.org,
        degree=school.degree or None,
        major=school.field or None,
        start_date=month(school.start),
        end_date=month(school.end),
    )


def to_experiences(resumes: Sequence[LeverResume]) -> list[Experience]:
    found = [r.parsed_data.positions or [] for r in resumes if r.parsed_data]
    return [to_experience(position) for positions in found for position in positions]


def to_experience(position: LeverPosition) -> Experience:
    return Experience(
        company=position.org,
        title=position.title or None,
        start_date=month(position.start),
        end_date=month(position.end),
        description=position.summary or None,
    )


# Who is looked for.


def fits(one: LeverOpportunity, search: CandidateSearch) -> bool:
    """Whether the person behind it is who is looked for; phones are compared by their digits."""
    person = one.contact if isinstance(one.contact, LeverContact) else one
    return (
        named(person.name, search.first_name, search.last_name)
        and (not search.emails or not folded(search.emails).isdisjoint(folded(person.emails or [])))
        and (not search.phones or rings(search.phones, person.phones or []))
    )


def rings(wanted: Iterable[str], phones: Sequence[LeverPhone]) -> bool:
    known = {digits(one.value or "") for one in phones}
    return any(number and number in known for number in map(digits, wanted))


def named(name: str | None, first: str | None, last: str | None) -> bool:
    """Lever has one name and we cut it at its last space; "Ana" "de la Cruz" fits it uncut."""
    held_first, held_last = kit.split_name(name)
    cut = (not first or alike(first, held_first)) and (not last or alike(last, held_last))
    return cut or (bool(first and last) and alike(kit.join_name(first, last), name))


def alike(wanted: str, held: str | None) -> bool:
    return wanted.casefold().split() == (held or "").casefold().split()


def addresses(candidate: Candidate) -> set[str]:
    return folded(one.email for one in given(candidate.info.emails) or [] if one.email)


def folded(texts: Iterable[str]) -> set[str]:
    return {text.strip().casefold() for text in texts}


def digits(phone: str) -> str:
    """The international number where the country is known, else the digits as they are."""
    return (kit.e164(phone) or "".join(one for one in phone if one.isdecimal())).lstrip("+")


def by_contact(found: Iterable[LeverOpportunity]) -> dict[str, list[LeverOpportunity]]:
    """A page's opportunities by the person behind them."""
    groups: dict[str, list[LeverOpportunity]] = {}
    for one in found:
        if (contact := id_of(one.contact)) is not None:
            groups.setdefault(contact, []).append(one)
    return groups
