"""Lever's records, reduced to the fields that are used.

A field that Lever can expand (`expand=owner`) holds an id or the whole record, so both are read.
Every time is Unix milliseconds, as a number or, in files and survey answers, as text.
"""

from decimal import Decimal
from typing import Any, TypeAlias

from hireloom import kit

Time: TypeAlias = int | float | str | None


class LeverUser(kit.VendorStructCamel, frozen=True):
    id: str
    name: str | None = None
    email: str | None = None
    access_role: str | None = None
    external_directory_id: str | None = None
    deactivated_at: Time = None


class LeverInterviewer(kit.VendorStructCamel, frozen=True):
    id: str | None = None
    name: str | None = None
    email: str | None = None
    feedback_template: str | None = None


class LeverStage(kit.VendorStructCamel, frozen=True):
    id: str
    text: str | None = None
    pipeline: str | None = None  # only in /disposition_stages, as are rank and the order
    rank: float | None = None


class LeverDispositions(kit.VendorStructCamel, frozen=True):
    stages: list[LeverStage] = []


class LeverReason(kit.VendorStructCamel, frozen=True):
    id: str
    text: str | None = None
    status: str | None = None  # active, inactive: old reasons stay in the list
    type: str | None = None  # hired, non-hired


class LeverText(kit.VendorStructCamel, frozen=True):
    """A tag or a source: Lever gives them no ids, the text is what a write names them by."""

    text: str


class LeverOption(kit.VendorStructCamel, frozen=True):
    text: str | None = None
    id: str | None = None
    option_id: str | None = None


class LeverSkill(kit.VendorStructCamel, frozen=True):
    text: str | None = None
    description: str | None = None


class LeverField(kit.VendorStructCamel, frozen=True):
    """One question of a form. What `value` holds depends on `type`."""

    type: str | None = None
    text: str | None = None
    id: str | None = None
    required: bool | None = None
    options: list[LeverOption] | None = None
    scores: list[LeverSkill] | None = None  # of a scorecard: the skills, in the order of the values
    overall: bool | None = None
    value: Any = None


class LeverForm(kit.VendorStructCamel, frozen=True):
    """Answers to a posting's questions, a feedback form, a note: Lever keeps them all as forms."""

    id: str | None = None
    text: str | None = None
    fields: list[LeverField] | None = None


class LeverFeedback(kit.VendorStructCamel, frozen=True):
    id: str
    text: str | None = None  # the template's name
    fields: list[LeverField] | None = None
    interview: str | None = None
    user: str | LeverUser | None = None
    completed_at: Time = None  # null: a draft
    deleted_at: Time = None


class LeverNote(kit.VendorStructCamel, frozen=True):
    id: str
    fields: list[LeverField] | None = None  # the note itself, then the replies to it
    user: str | LeverUser | None = None
    secret: bool | None = None
    created_at: Time = None
    deleted_at: Time = None


class LeverWrittenNote(kit.VendorStructCamel, frozen=True):
    """Recorded answers hold the whole note; the documentation shows `noteId` alone."""

    id: str | None = None
    note_id: str | None = None
    fields: list[LeverField] | None = None


class LeverPay(kit.VendorStructCamel, frozen=True):
    min: Decimal | None = None
    max: Decimal | None = None
    currency: str | None = None
    interval: str | None = None


class LeverCategories(kit.VendorStructCamel, frozen=True):
    department: str | None = None
    team: str | None = None
    location: str | None = None
    all_locations: list[str] | None = None
    commitment: str | None = None


class LeverSection(kit.VendorStructCamel, frozen=True):
    text: str | None = None
    content: str | None = None


class LeverContent(kit.VendorStructCamel, frozen=True):
    description_html: str | None = None
    lists: list[LeverSection] | None = None
    closing_html: str | None = None


class LeverUrls(kit.VendorStructCamel, frozen=True):
    show: str | None = None
    apply: str | None = None


class LeverPosting(kit.VendorStructCamel, frozen=True):
    id: str
    text: str | None = None
    state: str | None = None
    owner: str | LeverUser | None = None
    hiring_manager: str | LeverUser | None = None
    categories: LeverCategories | None = None
    tags: list[str] | None = None
    content: LeverContent | None = None  # in lists only with include=content
    country: str | None = None
    req_code: str | None = None
    requisition_codes: list[str] | None = None
    urls: LeverUrls | None = None  # null for drafts
    confidentiality: str | None = None
    workplace_type: str | None = None
    salary_range: LeverPay | None = None  # absent where none is set
    created_at: Time = None
    updated_at: Time = None


class LeverPostingForm(kit.VendorStructCamel, frozen=True):
    custom_questions: list[LeverForm] | None = None


class LeverRequisition(kit.VendorStructCamel, frozen=True):
    id: str
    name: str | None = None
    requisition_code: str | None = None
    status: str | None = None
    confidentiality: str | None = None
    headcount_total: int | str | None = None  # a number, or "unlimited"
    headcount_hired: int | str | None = None
    headcount_infinite: bool | None = None
    owner: str | LeverUser | None = None
    hiring_manager: str | LeverUser | None = None
    compensation_band: LeverPay | None = None
    employment_status: str | None = None
    location: str | None = None
    department: str | None = None
    postings: list[str | LeverPosting] | None = None
    custom_fields: dict[str, Any] | None = None
    created_at: Time = None
    updated_at: Time = None
    closed_at: Time = None


class LeverRequisitionField(kit.VendorStructCamel, frozen=True):
    id: str
    text: str | None = None
    type: str | None = None
    is_required: bool | None = None
    options: list[LeverOption] | None = None


class LeverPhone(kit.VendorStructCamel, frozen=True):
    type: str | None = None
    value: str | None = None


class LeverPlace(kit.VendorStructCamel, frozen=True):
    name: str | None = None


class LeverContact(kit.VendorStructCamel, frozen=True):
    id: str
    name: str | None = None
    headline: str | None = None
    location: str | LeverPlace | None = None  # an object here, a string on an opportunity
    emails: list[str] | None = None
    phones: list[LeverPhone] | None = None


class LeverArchived(kit.VendorStructCamel, frozen=True):
    reason: str | None = None
    archived_at: Time = None


class LeverHire(kit.VendorStructCamel, frozen=True):
    id: str | None = None


class LeverApplication(kit.VendorStructCamel, frozen=True):
    """What ties an opportunity to a posting."""

    id: str
    posting: str | LeverPosting | None = None
    custom_questions: list[LeverForm] | None = None
    archived: LeverArchived | None = None
    requisition_for_hire: LeverHire | None = None
    created_at: Time = None


class LeverStageChange(kit.VendorStructCamel, frozen=True):
    to_stage_id: str | None = None
    updated_at: Time = None


class LeverOpportunity(kit.VendorStructCamel, frozen=True):
    """One candidacy of one person. Its name, e-mails and phones are the contact's."""

    id: str
    contact: str | LeverContact | None = None
    name: str | None = None
    headline: str | None = None
    location: str | None = None
    emails: list[str] | None = None
    phones: list[LeverPhone] | None = None
    links: list[str] | None = None
    stage: str | LeverStage | None = None
    stage_changes: list[LeverStageChange] | None = None
    archived: LeverArchived | None = None
    confidentiality: str | None = None
    tags: list[str] | None = None
    sources: list[str] | None = None
    origin: str | None = None
    sourced_by: str | LeverUser | None = None
    owner: str | LeverUser | None = None
    applications: list[str | LeverApplication] | None = None  # none for a lead, otherwise one
    urls: LeverUrls | None = None
    created_at: Time = None
    updated_at: Time = None  # null on records that were last touched before Lever kept it
    last_advanced_at: Time = None
    last_interaction_at: Time = None


class LeverMade(kit.VendorStructCamel, frozen=True):
    """A new opportunity; writes answer with empty names and e-mails, so only ids are read."""

    id: str
    contact: str


class LeverNew(kit.VendorStructCamel, frozen=True):
    id: str


class LeverInterview(kit.VendorStructCamel, frozen=True):
    id: str
    subject: str | None = None
    note: str | None = None
    interviewers: list[LeverInterviewer] | None = None
    timezone: str | None = None
    date: Time = None
    duration: int | float | None = None  # minutes
    location: str | None = None
    feedback_template: str | None = None
    user: str | LeverUser | None = None
    stage: str | LeverStage | None = None
    created_at: Time = None
    canceled_at: Time = None


class LeverPanel(kit.VendorStructCamel, frozen=True):
    """Interviews that belong together; inside it they lack what the panel says for all of them."""

    id: str
    interviews: list[LeverInterview] | None = None
    timezone: str | None = None
    user: str | LeverUser | None = None
    stage: str | LeverStage | None = None
    created_at: Time = None


class LeverSignature(kit.VendorStructCamel, frozen=True):
    signed_at: Time = None


class LeverSignatures(kit.VendorStructCamel, frozen=True):
    candidate: LeverSignature | None = None


class LeverOfferField(kit.VendorStructCamel, frozen=True):
    identifier: str | None = None
    value: Any = None


class LeverOffer(kit.VendorStructCamel, frozen=True):
    id: str
    status: str | None = None
    fields: list[LeverOfferField] | None = None
    signatures: LeverSignatures | None = None
    created_at: Time = None
    sent_at: Time = None


class LeverFileFacts(kit.VendorStructCamel, frozen=True):
    name: str | None = None
    uploaded_at: Time = None


class LeverMonth(kit.VendorStructCamel, frozen=True):
    year: int | None = None
    month: int | None = None


class LeverPosition(kit.VendorStructCamel, frozen=True):
    org: str | None = None
    title: str | None = None
    summary: str | None = None
    start: Any = None  # {year, month}
    end: Any = None


class LeverSchool(kit.VendorStructCamel, frozen=True):
    org: str | None = None
    degree: str | None = None
    field: str | None = None
    start: Any = None
    end: Any = None


class LeverParsed(kit.VendorStructCamel, frozen=True):
    positions: list[LeverPosition] | None = None
    schools: list[LeverSchool] | None = None


class LeverResume(kit.VendorStructCamel, frozen=True):
    id: str
    file: LeverFileFacts | None = None  # null: parsed from a web profile, there is no file
    parsed_data: LeverParsed | None = None
    created_at: Time = None


class LeverFile(kit.VendorStructCamel, frozen=True):
    id: str
    name: str | None = None
    uploaded_at: Time = None


class LeverSurvey(kit.VendorStructCamel, frozen=True):
    """An equal-opportunity answer with its person. A question that was not answered is absent."""

    id: str
    opportunity_id: str | None = None
    contact: str | LeverContact | None = None
    gender: str | None = None
    race: str | None = None
    veteran: str | None = None
    disability: str | None = None
    eeo_survey_responded_at: Time = None
