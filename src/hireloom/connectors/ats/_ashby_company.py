"""Ashby's jobs and reference data in our words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hireloom import kit
from hireloom.connectors.ats._ashby_forms import fields_of, moment, number, text_of, to_question
from hireloom.connectors.ats._ashby_pipeline import to_stage
from hireloom.connectors.ats._ashby_shapes import (
    AshbyCustomField,
    AshbyCustomValue,
    AshbyDepartment,
    AshbyJob,
    AshbyLocation,
    AshbyMember,
    AshbyOpening,
    AshbyPay,
    AshbyPosting,
    AshbySource,
    AshbyStage,
    AshbyTag,
)
from hireloom.models import (
    UNSET,
    Compensation,
    CompensationKind,
    CompensationPeriod,
    CustomField,
    CustomFieldOption,
    CustomFieldOwner,
    CustomFieldType,
    Department,
    EmploymentType,
    Job,
    JobInfo,
    JobPost,
    JobStatus,
    Location,
    Office,
    Openings,
    PostStatus,
    Source,
    Stage,
    Tag,
    User,
    WorkplaceType,
)

# Jobs.

JOB_STATUSES = {  # documentation; Closed is in samples
    "Open": JobStatus.OPEN,
    "Closed": JobStatus.CLOSED,
    "Draft": JobStatus.DRAFT,
    "Archived": JobStatus.ARCHIVED,
}
EMPLOYMENT_TYPES = {  # documentation; FullTime is in samples
    "FullTime": EmploymentType.FULL_TIME,
    "PartTime": EmploymentType.PART_TIME,
    "Intern": EmploymentType.INTERN,
    "Contract": EmploymentType.CONTRACT,
    "Temporary": EmploymentType.TEMPORARY,
}
WORKPLACE_TYPES = {  # documentation; OnSite is in samples
    "OnSite": WorkplaceType.ON_SITE,
    "Remote": WorkplaceType.REMOTE,
    "Hybrid": WorkplaceType.HYBRID,
}


@dataclass(frozen=True)
class JobTables:
    """What a job only refers to. None: nobody asked for it."""

    departments: Mapping[str, AshbyDepartment] = field(default_factory=dict)
    locations: Mapping[str, AshbyLocation] = field(default_factory=dict)
    postings: Mapping[str, AshbyPosting] | None = None
    are_whole: bool = False  # the postings came from jobPosting.info, with description and form
    plans: Mapping[str, list[AshbyStage]] | None = None


def to_job(job: AshbyJob, tables: JobTables) -> Job:
    team = job.hiring_team or []
    found = tables.postings or {}
    posts = [found.get(one) or AshbyPosting(id=one) for one in job.job_posting_ids or ()]
    office_ids = [job.location_id, *(job.secondary_location_ids or ())]
    pay = [pay for post in posts for pay in pays_of(post)]
    return Job(
        info=to_job_info(job, None if tables.postings is None else posts, tables.are_whole),
        departments=[to_department(job.department_id, tables)] if job.department_id else [],
        offices=[to_office_of(one, tables) for one in dict.fromkeys(office_ids) if one],
        hiring_managers=[to_member(each) for each in team if has_role(each, "hiring manager")],
        recruiters=[to_member(each) for each in team if has_role(each, "recruiter")],
        stages=UNSET if tables.plans is None else stages_of(job, tables.plans),
        posts=UNSET if tables.postings is None else [to_post(each) for each in posts],
        compensation=to_compensation(pay) if tables.are_whole else UNSET,
        questions=[
            to_question(entry)
            for post in posts
            for _, entry in fields_of(post.application_form_definition)
        ]
        if tables.are_whole
        else UNSET,
    )


def to_job_info(job: AshbyJob, posts: list[AshbyPosting] | None, are_whole: bool) -> JobInfo:
    post = next((each for each in posts or () if each.external_link), None)
    place = post.workplace_type if post else None
    return JobInfo(
        id=job.id,
        title=job.title,
        code=job.custom_requisition_id,
        description=(post.description_html if post else None) if are_whole else UNSET,
        status=JOB_STATUSES.get(job.status or "", JobStatus.NOT_SPECIFIED),
        status_source=job.status,
        confidential=job.confidential,
        employment_type=EMPLOYMENT_TYPES.get(
            job.employment_type or "", EmploymentType.NOT_SPECIFIED
        ),
        employment_type_source=job.employment_type,
        workplace_type=UNSET
        if post is None
        else WORKPLACE_TYPES.get(place or "", WorkplaceType.NOT_SPECIFIED),
        workplace_type_source=UNSET if post is None else place,
        openings=UNSET if job.openings is None else to_openings(job.openings),
        created_at=kit.utc(job.created_at),
        updated_at=kit.utc(job.updated_at),
        opened_at=moment(job.opened_at),
        closed_at=moment(job.closed_at),
        info_url=UNSET if posts is None else post.external_link if post else None,
        apply_url=UNSET if posts is None else post.apply_link if post else None,
        custom_fields=to_custom_values(job.custom_fields),
    )


def to_openings(openings: list[AshbyOpening]) -> Openings:
    """States are UNCONFIRMED; without them only the number is known."""
    states = [each.opening_state for each in openings if not each.is_archived]
    if not all(states):
        return Openings(total=len(states))
    return Openings(total=len(states), filled=states.count("Filled"), open=states.count("Open"))


def to_department(department_id: str, tables: JobTables) -> Department:
    found = tables.departments.get(department_id) or AshbyDepartment(id=department_id)
    return Department(
        id=found.id,
        name=found.name,
        parent_id=found.parent_id if department_id in tables.departments else UNSET,
    )


def to_office_of(location_id: str, tables: JobTables) -> Office:
    found = tables.locations.get(location_id)
    return Office(id=location_id) if found is None else to_office(found)


def to_office(location: AshbyLocation) -> Office:
    address = location.address.postal_address if location.address else None
    return Office(
        id=location.id,
        name=location.name,
        location=None
        if address is None
        else Location(
            city=address.address_locality,
            state=address.address_region,
            country=kit.country_code(address.address_country),
            raw=location.name,
        ),
        parent_id=location.parent_location_id,
    )


def stages_of(job: AshbyJob, plans: Mapping[str, list[AshbyStage]]) -> list[Stage]:
    return [
        to_stage(stage, job_id=job.id) for plan in job.plan_ids for stage in plans.get(plan, ())
    ]


def to_post(posting: AshbyPosting) -> JobPost:
    """jobPosting.list has what is published; `isListed` is only whether the job board shows it."""
    is_found = posting.is_listed is not None
    published = moment(posting.published_date)
    return JobPost(
        id=posting.id,
        title=posting.title if is_found else UNSET,
        status=PostStatus.PUBLISHED if is_found else PostStatus.NOT_SPECIFIED,
        url=posting.external_link,
        apply_url=posting.apply_link,
        content=UNSET if posting.description_html is None else posting.description_html,
        locations=[Location(raw=posting.location_name)] if posting.location_name else [],
        published_at=published,
    )


PAY_KINDS = {  # Salary is in a sample, the others are UNCONFIRMED
    "Salary": CompensationKind.BASE,
    "Bonus": CompensationKind.BONUS,
    "EquityCashValue": CompensationKind.EQUITY,
}
PAY_PERIODS = {  # "1 YEAR" is in a sample, the others are UNCONFIRMED
    "1 YEAR": CompensationPeriod.YEAR,
    "1 MONTH": CompensationPeriod.MONTH,
    "1 WEEK": CompensationPeriod.WEEK,
    "1 DAY": CompensationPeriod.DAY,
    "1 HOUR": CompensationPeriod.HOUR,
}


def pays_of(posting: AshbyPosting) -> list[AshbyPay]:
    return (posting.compensation.summary_components if posting.compensation else None) or []


def to_compensation(pays: list[AshbyPay]) -> list[Compensation]:
    """Amounts of money; equity as a percentage is none and has no currency."""
    return [
        Compensation(
            min=number(pay.min_value),
            max=number(pay.max_value),
            currency=pay.currency_code,
            period=PAY_PERIODS.get(pay.interval or "", CompensationPeriod.NOT_SPECIFIED),
            period_source=pay.interval,
            kind=PAY_KINDS.get(pay.compensation_type or "", CompensationKind.OTHER),
        )
        for pay in pays
        if pay.currency_code
    ]


def has_role(member: AshbyMember, role: str) -> bool:
    return role in (member.role or "").casefold()


def to_member(member: AshbyMember) -> User:
    return User(
        id=member.user_id,
        email=member.email,
        first_name=member.first_name,
        last_name=member.last_name,
        roles=[] if member.role is None else [member.role],
    )


def to_custom_values(values: list[AshbyCustomValue] | None) -> dict[str, Any]:
    """By the field's id: titles may repeat, and setting a value takes the id."""
    return {each.id: each.value for each in values or () if each.id}


# Reference data.


def to_listed_department(department: AshbyDepartment) -> Department:
    return Department(id=department.id, name=department.name, parent_id=department.parent_id)


def to_source(source: AshbySource) -> Source:
    kind = source.source_type
    return Source(
        id=source.id,
        name=source.title,
        type=kind.title if kind else None,
        active=not source.is_archived,
    )


def to_tag(tag: AshbyTag) -> Tag:
    return Tag(id=tag.id, name=tag.title or tag.id, active=not tag.is_archived)


OWNERS = {  # documentation
    "Application": CustomFieldOwner.APPLICATION,
    "Candidate": CustomFieldOwner.CANDIDATE,
    "Job": CustomFieldOwner.JOB,
    "Offer": CustomFieldOwner.OFFER,
    "Opening": CustomFieldOwner.OPENING,
    "Employee": CustomFieldOwner.USER,
}
FIELD_TYPES = {  # UNCONFIRMED: the words of their forms
    "String": CustomFieldType.TEXT,
    "LongText": CustomFieldType.LONG_TEXT,
    "RichText": CustomFieldType.LONG_TEXT,
    "Boolean": CustomFieldType.BOOLEAN,
    "Number": CustomFieldType.NUMBER,
    "Date": CustomFieldType.DATE,
    "Url": CustomFieldType.URL,
    "Currency": CustomFieldType.CURRENCY,
    "NumberRange": CustomFieldType.RANGE,
    "CompensationRange": CustomFieldType.RANGE,
    "ValueSelect": CustomFieldType.SINGLE_SELECT,
    "MultiValueSelect": CustomFieldType.MULTI_SELECT,
    "Employee": CustomFieldType.USER,
    "File": CustomFieldType.FILE,
}


def to_custom_field(definition: AshbyCustomField) -> CustomField:
    return CustomField(
        id=definition.id,
        key=definition.id,
        label=definition.title or definition.id,
        type=FIELD_TYPES.get(definition.field_type or "", CustomFieldType.NOT_SPECIFIED),
        type_source=definition.field_type,
        owner=OWNERS.get(definition.object_type or "", CustomFieldOwner.NOT_SPECIFIED),
        owner_source=definition.object_type,
        active=not definition.is_archived,
        options=[
            CustomFieldOption(id=text_of(one.value), label=one.label or text_of(one.value) or "")
            for one in definition.selectable_values or ()
        ],
    )
