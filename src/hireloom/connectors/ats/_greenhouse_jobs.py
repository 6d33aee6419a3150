"""Greenhouse Harvest v3: jobs, their postings, stages and places, and amounts of money, as ours."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from hireloom import kit
from hireloom.connectors.ats._greenhouse_job_records import (
    GreenhouseJob,
    GreenhouseJobUser,
    GreenhouseOpening,
    GreenhousePayRange,
    GreenhousePost,
    GreenhousePostLocation,
    GreenhouseStage,
)
from hireloom.connectors.ats._greenhouse_people import to_location, to_person, to_values, word
from hireloom.connectors.ats._greenhouse_records import (
    CustomFields,
    CustomValue,
    GreenhousePlace,
    GreenhouseUser,
)
from hireloom.connectors.ats._greenhouse_tables import JobTables
from hireloom.models import (
    UNSET,
    Compensation,
    CompensationKind,
    Department,
    EmploymentType,
    Job,
    JobInfo,
    JobModel,
    JobPost,
    JobQuestion,
    JobStatus,
    Location,
    Office,
    Openings,
    PostStatus,
    QuestionOption,
    QuestionType,
    Stage,
    User,
)

# Jobs. Documentation and samples have these three words and no other.
JOB_STATUS = {"open": JobStatus.OPEN, "closed": JobStatus.CLOSED, "draft": JobStatus.DRAFT}

# The standard custom field employment_type, whose options customers name.
EMPLOYMENT_TYPES = {
    "full-time": EmploymentType.FULL_TIME,  # sample
    "full time": EmploymentType.FULL_TIME,  # UNCONFIRMED, and all that follow but Contractor
    "part-time": EmploymentType.PART_TIME,
    "part time": EmploymentType.PART_TIME,
    "contract": EmploymentType.CONTRACT,
    "contractor": EmploymentType.CONTRACT,  # sample
    "temporary": EmploymentType.TEMPORARY,
    "intern": EmploymentType.INTERN,
    "internship": EmploymentType.INTERN,
}


def to_job(job: GreenhouseJob, look: JobTables) -> Job | None:
    """None for a template: it is no requisition and takes no applications."""
    if job.is_template:
        return None
    posts = None if look.posts is None else shown_first(look.posts.get(job.id, ()))
    return Job(
        info=to_job_info(job, look, posts),
        departments=UNSET
        if look.departments is None
        else [to_department_of(job.department_id, look.departments)]
        if job.department_id is not None
        else [],
        offices=UNSET
        if look.offices is None
        else [to_office_of(one, look.offices) for one in job.office_ids or ()],
        hiring_managers=UNSET
        if look.managers is None
        else to_team(look.managers.get(job.id, ()), look.users),
        recruiters=UNSET
        if look.owners is None
        else to_team(
            [one for one in look.owners.get(job.id, ()) if one.type == "recruiter"], look.users
        ),
        stages=UNSET if look.stages is None else to_pipeline(look.stages.get(job.id, ())),
        posts=UNSET
        if posts is None or JobModel.POSTS not in look.asked
        else [to_post(one, look) for one in posts],
        compensation=UNSET
        if look.pay is None
        else [
            *(to_pay(pay) for post in posts or () for pay in look.pay.get(post.id, ())),
            *to_money(job.custom_fields),
        ],
        questions=UNSET
        if posts is None or JobModel.QUESTIONS not in look.asked
        else to_questions(posts),
    )


def to_job_info(
    job: GreenhouseJob, look: JobTables, posts: Sequence[GreenhousePost] | None
) -> JobInfo:
    main = next(iter(posts or ()), None)
    employment = (job.custom_fields or {}).get("employment_type", CustomValue()).value
    named = employment if isinstance(employment, str) else None
    return JobInfo(
        id=str(job.id),
        title=job.name,
        code=job.requisition_id,
        description=(main.content if main else None) or job.notes,
        status=word(JOB_STATUS, job.status, JobStatus.NOT_SPECIFIED),
        status_source=job.status,
        confidential=job.confidential,
        employment_type=None
        if named is None
        else word(EMPLOYMENT_TYPES, named, EmploymentType.NOT_SPECIFIED),
        employment_type_source=named,
        openings=UNSET if look.openings is None else to_openings(look.openings.get(job.id, ())),
        created_at=kit.utc(job.created_at),
        updated_at=kit.utc(job.updated_at),
        opened_at=kit.utc(job.opened_at),
        closed_at=kit.utc(job.closed_at),
        info_url=UNSET if posts is None else main.public_url if main else None,
        custom_fields=to_values(job.custom_fields),
    )


def shown_first(posts: Sequence[GreenhousePost]) -> list[GreenhousePost]:
    """The postings that are not deleted; live and public ones first, for what a job has once."""
    kept = [post for post in posts if post.active is not False]
    return sorted(kept, key=lambda post: (not post.live, bool(post.internal), post.id))


def to_openings(openings: Sequence[GreenhouseOpening]) -> Openings:
    return Openings(
        total=len(openings),
        filled=sum(1 for one in openings if not one.open and one.application_id is not None),
        open=sum(1 for one in openings if one.open),
    )


def to_team(
    members: Sequence[GreenhouseJobUser], users: Mapping[str, GreenhouseUser]
) -> list[User]:
    """Users of a job; the one who is responsible comes first."""
    ordered = sorted(members, key=lambda member: not member.responsible)
    found = [to_person(member.user_id, users) for member in ordered]
    return [user for user in found if user is not None]


def to_stage(stage: GreenhouseStage) -> Stage | None:
    """Greenhouse names its stages and gives them no type. None for one that was taken away."""
    if stage.active is False:
        return None
    return Stage(
        id=str(stage.id),
        text=stage.name,
        order=stage.sort_order,
        job_id=kit.to_id(stage.job_id),
    )


def to_pipeline(stages: Sequence[GreenhouseStage]) -> list[Stage]:
    ordered = sorted(stages, key=lambda stage: stage.sort_order or 0)
    return [ours for one in ordered if (ours := to_stage(one)) is not None]


def to_post(post: GreenhousePost, look: JobTables) -> JobPost:
    return JobPost(
        id=str(post.id),
        title=post.title,
        status=PostStatus.PUBLISHED if post.live else PostStatus.UNPUBLISHED,
        status_source="live" if post.live else "not live",
        url=post.public_url,
        content=post.content,
        locations=[
            Location(raw=text)
            for one in look.locations.get(post.id, ())
            if (text := to_place_name(one, look))
        ],
        internal=post.internal,
        published_at=kit.utc(post.first_published_at),
    )


def to_place_name(location: GreenhousePostLocation, look: JobTables) -> str | None:
    """Free text, or the office that the posting points to."""
    office = look.post_offices.get(str(location.office_id))
    return location.plain_text_location or (office.name if office else None)


# Documentation; hidden fields carry no question that a person answers.
QUESTION_TYPES = {
    "short_text": QuestionType.TEXT,
    "long_text": QuestionType.TEXT,
    "boolean": QuestionType.YES_NO,
    "single_select": QuestionType.SINGLE_CHOICE,
    "multi_select": QuestionType.MULTIPLE_CHOICE,
    "attachment": QuestionType.FILE_UPLOAD,
}


def to_questions(posts: Sequence[GreenhousePost]) -> list[JobQuestion]:
    """The questions of all postings, each once; a standard one has a name instead of an id."""
    found: dict[str, JobQuestion] = {}
    for question in (one for post in posts for one in post.questions or ()):
        key = kit.to_id(question.id) or question.name
        if key is not None and key not in found:
            found[key] = JobQuestion(
                id=key,
                text=question.label,
                type=word(QUESTION_TYPES, question.answer_type, QuestionType.NOT_SPECIFIED),
                type_source=question.answer_type,
                required=question.required,
                options=[
                    QuestionOption(id=kit.to_id(one.id), text=one.label)
                    for one in question.options or ()
                ],
            )
    return list(found.values())


def to_pay(pay: GreenhousePayRange) -> Compensation:
    return Compensation(
        min=None if pay.min_cents is None else Decimal(pay.min_cents) / 100,
        max=None if pay.max_cents is None else Decimal(pay.max_cents) / 100,
        currency=pay.currency_type,
    )


# The customer chooses these fields' keys; where one says nothing, it is taken for the base salary.
COMPENSATION_KINDS = {
    "bonus": CompensationKind.BONUS,
    "equity": CompensationKind.EQUITY,
    "stock": CompensationKind.EQUITY,
    "commission": CompensationKind.OTHER,
}


def to_money(fields: CustomFields | None) -> list[Compensation]:
    """Amounts live in custom fields of the types currency and currency_range.

    Version 3 takes `currency_code` and `min_amount`; version 1 showed `unit` and `min_value`. What
    version 3 shows is UNCONFIRMED, so both are read.
    """
    found = []
    for key, one in (fields or {}).items():
        if one.type not in {"currency", "currency_range"} or not isinstance(one.value, dict):
            continue
        value = one.value
        kinds = (kind for part, kind in COMPENSATION_KINDS.items() if part in key)
        found.append(
            Compensation(
                min=to_amount(value, "min_amount", "min_value", "amount"),
                max=to_amount(value, "max_amount", "max_value", "amount"),
                currency=value.get("currency_code") or value.get("unit"),
                kind=next(kinds, CompensationKind.BASE),
            )
        )
    return found


def to_amount(value: Mapping[str, Any], *names: str) -> Decimal | None:
    given = next((value[name] for name in names if value.get(name) is not None), None)
    try:
        return None if given is None else Decimal(str(given).replace(",", ""))
    except InvalidOperation:
        return None


def to_department(place: GreenhousePlace) -> Department:
    return Department(id=str(place.id), name=place.name, parent_id=kit.to_id(place.parent_id))


def to_department_of(number: int, places: Mapping[str, GreenhousePlace]) -> Department:
    place = places.get(str(number))
    return Department(id=str(number)) if place is None else to_department(place)


def to_office(place: GreenhousePlace) -> Office:
    return Office(
        id=str(place.id),
        name=place.name,
        location=to_location(place.location),
        parent_id=kit.to_id(place.parent_id),
    )


def to_office_of(number: int, places: Mapping[str, GreenhousePlace]) -> Office:
    place = places.get(str(number))
    return Office(id=str(number)) if place is None else to_office(place)
