"""Postings and requisitions as jobs, and the account's small tables."""

from collections.abc import Iterable, Mapping, Sequence

from hireloom.connectors.ats._lever_shapes import (
    LeverField,
    LeverPay,
    LeverPosting,
    LeverPostingForm,
    LeverRequisition,
    LeverRequisitionField,
    LeverUser,
)
from hireloom.connectors.ats._lever_words import (
    QUESTION,
    PlacedStage,
    id_of,
    instant,
    to_stage,
    user_at,
    wants,
)
from hireloom.models import (
    UNSET,
    Compensation,
    CompensationPeriod,
    CustomField,
    CustomFieldOption,
    CustomFieldOwner,
    CustomFieldType,
    Department,
    EmploymentType,
    Job,
    JobInfo,
    JobModel,
    JobPost,
    JobQuestion,
    JobStatus,
    Location,
    Maybe,
    Office,
    Openings,
    PostStatus,
    QuestionOption,
    QuestionType,
    Stage,
    User,
    WorkplaceType,
)

POSTING_STATE = {  # documentation
    "published": JobStatus.OPEN,
    "internal": JobStatus.OPEN,  # "unlisted": on no job site, but it can be applied to
    "pending": JobStatus.PENDING_APPROVAL,
    "draft": JobStatus.DRAFT,
    "closed": JobStatus.CLOSED,
    "rejected": JobStatus.CLOSED,  # its approval was refused
}
POST_STATUS = {  # the same words, seen as a job site sees them
    "published": PostStatus.PUBLISHED,
    "internal": PostStatus.UNPUBLISHED,
    "pending": PostStatus.UNPUBLISHED,
    "draft": PostStatus.UNPUBLISHED,
    "closed": PostStatus.ARCHIVED,
    "rejected": PostStatus.ARCHIVED,
}
COMMITMENT = {  # an account's own words; these are Lever's defaults and the usual spellings
    "full-time": EmploymentType.FULL_TIME,
    "full time": EmploymentType.FULL_TIME,
    "exempt full-time": EmploymentType.FULL_TIME,  # sample
    "part-time": EmploymentType.PART_TIME,
    "part time": EmploymentType.PART_TIME,
    "contract": EmploymentType.CONTRACT,
    "contractor": EmploymentType.CONTRACT,
    "temporary": EmploymentType.TEMPORARY,
    "temp-worker": EmploymentType.TEMPORARY,  # of a requisition
    "intern": EmploymentType.INTERN,
    "internship": EmploymentType.INTERN,
}
WORKPLACE = {  # documentation and samples; both spellings of the first are in use
    "onsite": WorkplaceType.ON_SITE,
    "on-site": WorkplaceType.ON_SITE,
    "hybrid": WorkplaceType.HYBRID,
    "remote": WorkplaceType.REMOTE,
    "unspecified": WorkplaceType.NOT_SPECIFIED,
}
REQUISITION_STATUS = {  # documentation, but for the second spelling of on hold
    "open": JobStatus.OPEN,
    "onHold": JobStatus.ON_HOLD,
    "on hold": JobStatus.ON_HOLD,  # UNCONFIRMED
    "closed": JobStatus.CLOSED,
    "draft": JobStatus.DRAFT,
    "rejected": JobStatus.CLOSED,  # sample: its approval was refused
}
INTERVAL = {
    "per-year-salary": CompensationPeriod.YEAR,  # samples
    "per-month-salary": CompensationPeriod.MONTH,  # UNCONFIRMED, as all below
    "per-week-salary": CompensationPeriod.WEEK,
    "per-day-wage": CompensationPeriod.DAY,
    "per-hour-wage": CompensationPeriod.HOUR,
    "one-time": CompensationPeriod.ONE_TIME,
}


def employment(word: str | None) -> EmploymentType:
    return COMMITMENT.get((word or "").lower(), EmploymentType.NOT_SPECIFIED)


def department(name: str | None) -> list[Department]:
    """Lever knows departments and locations by name only, so the name is the id."""
    return [Department(id=name, name=name)] if name else []


def office(name: str) -> Office:
    return Office(id=name, name=name, location=Location(raw=name))


def posting_to_job(
    posting: LeverPosting,
    users: Mapping[str, LeverUser],
    stages: Sequence[PlacedStage],
    models: Sequence[JobModel] = (),
    form: LeverPostingForm | None = None,
) -> Job:
    categories = posting.categories
    places = posting_locations(posting)
    named = department(categories.department if categories else None)
    return Job(
        info=posting_to_info(posting),
        departments=named if wants(models, JobModel.DEPARTMENTS) else UNSET,
        offices=[office(one) for one in places] if wants(models, JobModel.OFFICES) else UNSET,
        hiring_managers=(
            people(posting.hiring_manager, users)
            if wants(models, JobModel.HIRING_MANAGERS)
            else UNSET
        ),
        recruiters=people(posting.owner, users) if wants(models, JobModel.RECRUITERS) else UNSET,
        stages=job_stages(stages, posting.id) if wants(models, JobModel.STAGES) else UNSET,
        posts=[to_post(posting)] if wants(models, JobModel.POSTS) else UNSET,
        compensation=(
            to_compensation(posting.salary_range) if wants(models, JobModel.COMPENSATION) else UNSET
        ),
        questions=UNSET if form is None else to_questions(form),
    )


def posting_to_info(posting: LeverPosting) -> JobInfo:
    commitment = posting.categories.commitment if posting.categories else None
    state = posting.state or ""
    return JobInfo(
        id=posting.id,
        title=posting.text,
        code=next(iter(posting.requisition_codes or []), posting.req_code),
        description=posting_text(posting),
        status=POSTING_STATE.get(state, JobStatus.NOT_SPECIFIED),
        status_source=posting.state,
        confidential=posting.confidentiality == "confidential",
        employment_type=employment(commitment),
        employment_type_source=commitment,
        workplace_type=WORKPLACE.get(posting.workplace_type or "", WorkplaceType.NOT_SPECIFIED),
        workplace_type_source=posting.workplace_type,
        tags=list(posting.tags or []),
        created_at=instant(posting.created_at),
        updated_at=instant(posting.updated_at),
        info_url=posting.urls.show if posting.urls else None,
        apply_url=posting.urls.apply if posting.urls else None,
    )


def posting_locations(posting: LeverPosting) -> list[str]:
    categories = posting.categories
    if categories is None:
        return []
    first = [categories.location] if categories.location else []
    return list(dict.fromkeys([*first, *(categories.all_locations or [])]))


def posting_text(posting: LeverPosting) -> Maybe[str]:
    """The advertisement as one HTML text; its lists hold bare `<li>` elements."""
    content = posting.content
    if content is None:
        return UNSET
    parts = [content.description_html or ""]
    for section in content.lists or []:
        parts.append(f"<h3>{section.text}</h3>" if section.text else "")
        parts.append(f"<ul>{section.content}</ul>" if section.content else "")
    parts.append(content.closing_html or "")
    return "".join(parts) or None


def to_post(posting: LeverPosting) -> JobPost:
    return JobPost(
        id=posting.id,
        title=posting.text,
        status=POST_STATUS.get(posting.state or "", PostStatus.NOT_SPECIFIED),
        status_source=posting.state,
        url=posting.urls.show if posting.urls else None,
        apply_url=posting.urls.apply if posting.urls else None,
        content=posting_text(posting),
        locations=[Location(raw=one) for one in posting_locations(posting)],
        internal=posting.state == "internal",
    )


def people(one: str | LeverUser | None, users: Mapping[str, LeverUser]) -> list[User]:
    found = user_at(one, users)
    return [found] if found else []


def job_stages(stages: Sequence[PlacedStage], job_id: str) -> list[Stage]:
    """The account's one pipeline, which is that of every job."""
    return [to_stage(stage, job_id) for stage in stages]


def to_compensation(pay: LeverPay | None) -> list[Compensation]:
    if pay is None or (pay.min is None and pay.max is None):
        return []
    return [
        Compensation(
            min=pay.min,
            max=pay.max,
            currency=pay.currency,
            period=INTERVAL.get(pay.interval or "", CompensationPeriod.NOT_SPECIFIED),
            period_source=pay.interval,
        )
    ]


def to_questions(form: LeverPostingForm) -> list[JobQuestion]:
    """The account's own questions; name, e-mail and links are asked on every form."""
    return [to_question(one) for part in form.custom_questions or [] for one in part.fields or []]


def to_question(question: LeverField) -> JobQuestion:
    return JobQuestion(
        id=question.id,
        text=question.text,
        type=QUESTION.get(question.type or "", QuestionType.NOT_SPECIFIED),
        type_source=question.type,
        required=question.required,
        options=[
            QuestionOption(id=one.option_id or one.id, text=one.text)
            for one in question.options or []
        ],
    )


def requisition_to_job(
    requisition: LeverRequisition,
    users: Mapping[str, LeverUser],
    stages: Sequence[PlacedStage],
    postings: Mapping[str, LeverPosting],
    models: Sequence[JobModel] = (),
) -> Job:
    named = department(requisition.department)
    place = requisition.location
    return Job(
        info=requisition_to_info(requisition),
        departments=named if wants(models, JobModel.DEPARTMENTS) else UNSET,
        offices=([office(place)] if place else []) if wants(models, JobModel.OFFICES) else UNSET,
        hiring_managers=(
            people(requisition.hiring_manager, users)
            if wants(models, JobModel.HIRING_MANAGERS)
            else UNSET
        ),
        recruiters=(
            people(requisition.owner, users) if wants(models, JobModel.RECRUITERS) else UNSET
        ),
        stages=job_stages(stages, requisition.id) if wants(models, JobModel.STAGES) else UNSET,
        posts=posts_of(requisition, postings) if wants(models, JobModel.POSTS) else UNSET,
        compensation=(
            to_compensation(requisition.compensation_band)
            if wants(models, JobModel.COMPENSATION)
            else UNSET
        ),
    )


def requisition_to_info(requisition: LeverRequisition) -> JobInfo:
    status = requisition.status or ""
    return JobInfo(
        id=requisition.id,
        title=requisition.name,
        code=requisition.requisition_code,
        status=REQUISITION_STATUS.get(status, JobStatus.NOT_SPECIFIED),
        status_source=requisition.status,
        confidential=requisition.confidentiality == "confidential",
        employment_type=employment(requisition.employment_status),
        employment_type_source=requisition.employment_status,
        openings=to_openings(requisition),
        created_at=instant(requisition.created_at),
        updated_at=instant(requisition.updated_at),
        closed_at=instant(requisition.closed_at),
        custom_fields=requisition.custom_fields,
    )


def to_openings(requisition: LeverRequisition) -> Openings:
    """`headcountTotal` may be the word "unlimited"; then neither total nor rest is known."""
    total, filled = requisition.headcount_total, requisition.headcount_hired
    most = total if isinstance(total, int) and not requisition.headcount_infinite else None
    hired = filled if isinstance(filled, int) else None
    left = None if most is None or hired is None else max(0, most - hired)
    return Openings(total=most, filled=hired, open=left)


def posts_of(requisition: LeverRequisition, postings: Mapping[str, LeverPosting]) -> list[JobPost]:
    posts: list[JobPost] = []
    for one in requisition.postings or []:
        found = one if isinstance(one, LeverPosting) else postings.get(one)
        posts.append(JobPost(id=id_of(one) or "") if found is None else to_post(found))
    return posts


FIELD = {  # documentation
    "text": CustomFieldType.TEXT,
    "number": CustomFieldType.NUMBER,
    "date": CustomFieldType.DATE,
    "dropdown": CustomFieldType.SINGLE_SELECT,
    "object": CustomFieldType.NOT_SPECIFIED,  # holds fields of its own
}


def to_custom_field(field: LeverRequisitionField, owner: CustomFieldOwner) -> CustomField:
    return CustomField(
        id=field.id,
        key=field.id,
        label=field.text or field.id,
        type=FIELD.get(field.type or "", CustomFieldType.NOT_SPECIFIED),
        type_source=field.type,
        owner=owner,
        owner_source="requisition",
        required=field.is_required,
        options=[
            CustomFieldOption(id=one.id, label=one.text) for one in field.options or [] if one.text
        ],
    )


def departments_of(jobs: Iterable[LeverPosting | LeverRequisition]) -> list[Department]:
    names = (
        (one.categories.department if one.categories else None)
        if isinstance(one, LeverPosting)
        else one.department
        for one in jobs
    )
    return [Department(id=name, name=name) for name in sorted({name for name in names if name})]


def offices_of(jobs: Iterable[LeverPosting | LeverRequisition]) -> list[Office]:
    names: set[str] = set()
    for one in jobs:
        if isinstance(one, LeverPosting):
            names.update(posting_locations(one))
        elif one.location:
            names.add(one.location)
    return [office(name) for name in sorted(names)]
