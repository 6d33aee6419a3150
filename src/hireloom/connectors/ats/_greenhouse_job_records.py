"""Greenhouse Harvest v3: the fields of jobs, postings and interview plans that we use."""

from datetime import datetime

from hireloom import kit
from hireloom.connectors.ats._greenhouse_records import CustomFields


class GreenhouseJob(kit.VendorStruct, frozen=True):
    id: int
    name: str | None = None  # the hiring team's; the public title is the posting's
    requisition_id: str | None = None
    notes: str | None = None  # the hiring team's HTML; what applicants read is the posting's
    confidential: bool | None = None
    is_template: bool | None = None
    status: str | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    department_id: int | None = None
    office_ids: list[int] | None = None
    custom_fields: CustomFields | None = None


class GreenhouseOpening(kit.VendorStruct, frozen=True):
    id: int
    job_id: int | None = None
    open: bool | None = None
    application_id: int | None = None  # who filled it


class GreenhouseJobUser(kit.VendorStruct, frozen=True):
    """A hiring manager, or an owner with a type."""

    id: int
    job_id: int | None = None
    user_id: int | None = None
    type: str | None = None  # of owners: sourcer, recruiter, coordinator
    responsible: bool | None = None  # the first among the owners of its type


class GreenhouseStage(kit.VendorStruct, frozen=True):
    id: int
    name: str | None = None
    job_id: int | None = None
    sort_order: int | None = None
    active: bool | None = None


class GreenhouseQuestionOption(kit.VendorStruct, frozen=True):
    id: int | None = None
    label: str | None = None


class GreenhouseQuestion(kit.VendorStruct, frozen=True):
    id: int | None = None  # null: a standard question such as first_name
    name: str | None = None
    label: str | None = None
    required: bool | None = None
    answer_type: str | None = None
    options: list[GreenhouseQuestionOption] | None = None


class GreenhousePost(kit.VendorStruct, frozen=True):
    id: int
    job_id: int | None = None  # null: a posting for prospects
    title: str | None = None
    live: bool | None = None
    active: bool | None = None  # false: deleted
    internal: bool | None = None
    content: str | None = None
    public_url: str | None = None
    first_published_at: datetime | None = None
    questions: list[GreenhouseQuestion] | None = None


class GreenhousePostLocation(kit.VendorStruct, frozen=True):
    id: int
    job_post_id: int | None = None
    plain_text_location: str | None = None
    office_id: int | None = None


class GreenhousePayRange(kit.VendorStruct, frozen=True):
    id: int
    job_post_id: int | None = None
    currency_type: str | None = None
    min_cents: int | None = None
    max_cents: int | None = None


class GreenhouseJobInterview(kit.VendorStruct, frozen=True):
    """A slot of a job's interview plan; interviews are held in it."""

    id: int
    name: str | None = None
    job_id: int | None = None
    job_interview_stage_id: int | None = None
    scheduling_type: str | None = None
    sort_order: int | None = None
    active: bool | None = None


class GreenhouseKit(kit.VendorStruct, frozen=True):
    """What an interviewer is given for a slot of a job's plan; scorecards are its forms."""

    id: int
    job_id: int | None = None
    job_interview_id: int | None = None
