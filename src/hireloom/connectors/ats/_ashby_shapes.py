"""Ashby's records as its API v1 sends them, reduced to what we use.

Ids are UUIDs. What is nowhere promised is optional, and instants that only inform are read
leniently (`moment`), so that an odd one does not cost the record.
"""

from datetime import datetime
from typing import Any

from hireloom import kit


class AshbyChoice(kit.VendorStructCamel, frozen=True):
    label: str | None = None
    value: Any = None


class AshbyFormField(kit.VendorStructCamel, frozen=True):
    path: str = ""
    type: str | None = None
    title: str | None = None
    selectable_values: list[AshbyChoice] | None = None


class AshbyFormEntry(kit.VendorStructCamel, frozen=True):
    field: AshbyFormField
    is_required: bool | None = None


class AshbyFormSection(kit.VendorStructCamel, frozen=True):
    title: str | None = None
    fields: list[AshbyFormEntry] | None = None


class AshbyForm(kit.VendorStructCamel, frozen=True):
    sections: list[AshbyFormSection] | None = None


class AshbySubmission(kit.VendorStructCamel, frozen=True):
    form_definition: AshbyForm | None = None
    submitted_values: dict[str, Any] | None = None


class AshbyPerson(kit.VendorStructCamel, frozen=True):
    """A user as other records embed one."""

    id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    global_role: str | None = None
    is_enabled: bool | None = None


class AshbyFeedback(kit.VendorStructCamel, frozen=True):
    id: str
    form_definition: AshbyForm | None = None
    submitted_values: dict[str, Any] | None = None
    submitted_by_user: AshbyPerson | None = None
    interview_event_id: str | None = None
    application_id: str | None = None
    submitted_at: Any = None


class AshbySurvey(kit.VendorStructCamel, frozen=True):
    """UNCONFIRMED beyond form and values: no shape of a submission is published."""

    id: str
    application_id: str | None = None
    candidate_id: str | None = None
    form_definition: AshbyForm | None = None
    submitted_values: dict[str, Any] | None = None
    submitted_at: Any = None


class AshbyKnown(kit.VendorStructCamel, frozen=True):
    """Any record of which only the id matters; writes answer with it."""

    id: str


class AshbyRef(kit.VendorStructCamel, frozen=True):
    id: str | None = None


class AshbyContact(kit.VendorStructCamel, frozen=True):
    value: str | None = None
    type: str | None = None
    is_primary: bool | None = None


class AshbyCustomValue(kit.VendorStructCamel, frozen=True):
    id: str | None = None
    value: Any = None  # currency {value, currencyCode}; several choices as a list; dates ISO


class AshbyFile(kit.VendorStructCamel, frozen=True):
    id: str
    name: str | None = None
    handle: str | None = None


class AshbySourceType(kit.VendorStructCamel, frozen=True):
    title: str | None = None


class AshbySource(kit.VendorStructCamel, frozen=True):
    id: str | None = None
    title: str | None = None
    is_archived: bool | None = None
    source_type: AshbySourceType | None = None


class AshbyMember(kit.VendorStructCamel, frozen=True):
    """Somebody on a hiring team; the role is free text."""

    user_id: str | None = None
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    role: str | None = None


class AshbyStage(kit.VendorStructCamel, frozen=True):
    id: str
    title: str | None = None
    type: str | None = None
    order_in_interview_plan: int | None = None
    interview_plan_id: str | None = None


class AshbyReason(kit.VendorStructCamel, frozen=True):
    id: str
    text: str | None = None
    reason_type: str | None = None
    is_archived: bool | None = None


class AshbyVisit(kit.VendorStructCamel, frozen=True):
    """An entry of an application's history: its stay in a stage."""

    stage_id: str | None = None
    title: str | None = None
    entered_stage_at: Any = None
    left_stage_at: Any = None
    actor_id: str | None = None


class AshbyApplicant(kit.VendorStructCamel, frozen=True):
    id: str | None = None
    name: str | None = None
    primary_email_address: AshbyContact | None = None
    primary_phone_number: AshbyContact | None = None


class AshbyApplication(kit.VendorStructCamel, frozen=True):
    id: str
    status: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    archived_at: Any = None  # left out unless archived
    candidate: AshbyApplicant | None = None
    job: AshbyRef | None = None
    current_interview_stage: AshbyStage | None = None
    source: AshbySource | None = None
    credited_to_user: AshbyPerson | None = None
    archive_reason: AshbyReason | None = None
    hiring_team: list[AshbyMember] | None = None
    applied_via_job_posting_id: str | None = None
    custom_fields: list[AshbyCustomValue] | None = None
    application_history: list[AshbyVisit] | None = None  # application.info only
    application_form_submissions: list[AshbySubmission] | None = None  # by `expand` only
    resume_file_handle: AshbyFile | None = None  # application.info only


class AshbySocialLink(kit.VendorStructCamel, frozen=True):
    url: str | None = None
    type: str | None = None


class AshbyTag(kit.VendorStructCamel, frozen=True):
    id: str
    title: str | None = None
    is_archived: bool | None = None


class AshbyPart(kit.VendorStructCamel, frozen=True):
    type: str | None = None
    name: str | None = None


class AshbyPlace(kit.VendorStructCamel, frozen=True):
    location_summary: str | None = None
    location_components: list[AshbyPart] | None = None


class AshbyCandidate(kit.VendorStructCamel, frozen=True):
    id: str
    name: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    primary_email_address: AshbyContact | None = None
    email_addresses: list[AshbyContact] | None = None
    primary_phone_number: AshbyContact | None = None
    phone_numbers: list[AshbyContact] | None = None
    social_links: list[AshbySocialLink] | None = None
    tags: list[AshbyTag] | None = None
    position: str | None = None
    company: str | None = None
    school: str | None = None
    application_ids: list[str] | None = None
    resume_file_handle: AshbyFile | None = None
    file_handles: list[AshbyFile] | None = None
    custom_fields: list[AshbyCustomValue] | None = None
    profile_url: str | None = None
    source: AshbySource | None = None
    location: AshbyPlace | None = None  # left out where unknown


class AshbyOpening(kit.VendorStructCamel, frozen=True):
    opening_state: str | None = None
    is_archived: bool | None = None


class AshbyJob(kit.VendorStructCamel, frozen=True):
    id: str
    title: str | None = None
    status: str | None = None
    confidential: bool | None = None
    employment_type: str | None = None
    department_id: str | None = None
    location_id: str | None = None
    secondary_location_ids: list[str] | None = None
    default_interview_plan_id: str | None = None
    interview_plan_ids: list[str] | None = None
    job_posting_ids: list[str] | None = None
    custom_requisition_id: str | None = None
    hiring_team: list[AshbyMember] | None = None
    custom_fields: list[AshbyCustomValue] | None = None
    openings: list[AshbyOpening] | None = None  # by `expand` only
    created_at: datetime | None = None
    updated_at: datetime | None = None
    opened_at: Any = None
    closed_at: Any = None

    @property
    def plan_ids(self) -> list[str]:
        """The default plan first."""
        plans = [self.default_interview_plan_id, *(self.interview_plan_ids or ())]
        return list(dict.fromkeys(plan for plan in plans if plan))


class AshbyPay(kit.VendorStructCamel, frozen=True):
    compensation_type: str | None = None
    interval: str | None = None
    currency_code: str | None = None
    min_value: Any = None
    max_value: Any = None


class AshbyPayRange(kit.VendorStructCamel, frozen=True):
    summary_components: list[AshbyPay] | None = None


class AshbyPosting(kit.VendorStructCamel, frozen=True):
    id: str
    title: str | None = None
    location_name: str | None = None
    workplace_type: str | None = None
    is_listed: bool | None = None
    published_date: Any = None
    external_link: str | None = None
    apply_link: str | None = None
    description_html: str | None = None  # jobPosting.info only, as the rest
    application_form_definition: AshbyForm | None = None
    compensation: AshbyPayRange | None = None


class AshbyDepartment(kit.VendorStructCamel, frozen=True):
    id: str
    name: str | None = None
    parent_id: str | None = None


class AshbyPostalAddress(kit.VendorStructCamel, frozen=True):
    address_country: str | None = None
    address_region: str | None = None
    address_locality: str | None = None


class AshbyAddress(kit.VendorStructCamel, frozen=True):
    postal_address: AshbyPostalAddress | None = None


class AshbyLocation(kit.VendorStructCamel, frozen=True):
    id: str
    name: str | None = None
    address: AshbyAddress | None = None
    parent_location_id: str | None = None


class AshbyUser(AshbyPerson, frozen=True):
    """A user of the directory."""


class AshbyTemplate(kit.VendorStructCamel, frozen=True):
    """What Ashby calls an interview: a template, from which events are made."""

    id: str
    title: str | None = None
    external_title: str | None = None


class AshbyEvent(kit.VendorStructCamel, frozen=True):
    id: str
    interview_id: str | None = None
    interviewer_user_ids: list[str] | None = None
    interviewers: list[AshbyPerson] | None = None
    created_at: Any = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    location: Any = None
    meeting_link: str | None = None


class AshbySchedule(kit.VendorStructCamel, frozen=True):
    id: str
    status: str | None = None
    application_id: str | None = None
    interview_stage_id: str | None = None
    interview_events: list[AshbyEvent] | None = None
    scheduled_by: AshbyPerson | None = None
    created_at: Any = None
    updated_at: Any = None


class AshbyMoney(kit.VendorStructCamel, frozen=True):
    value: Any = None
    currency_code: str | None = None


class AshbyOfferVersion(kit.VendorStructCamel, frozen=True):
    start_date: Any = None
    salary: AshbyMoney | None = None
    created_at: Any = None


class AshbyOffer(kit.VendorStructCamel, frozen=True):
    id: str
    application_id: str | None = None
    acceptance_status: str | None = None
    offer_status: str | None = None
    decided_at: Any = None
    latest_version: AshbyOfferVersion | None = None
    versions: list[AshbyOfferVersion] | None = None


class AshbyNote(kit.VendorStructCamel, frozen=True):
    id: str
    content: str | None = None
    is_private: bool | None = None
    created_at: Any = None
    author: AshbyPerson | None = None


class AshbyOption(kit.VendorStructCamel, frozen=True):
    label: str | None = None
    value: Any = None


class AshbyCustomField(kit.VendorStructCamel, frozen=True):
    id: str
    title: str | None = None
    object_type: str | None = None
    field_type: str | None = None
    is_archived: bool | None = None
    selectable_values: list[AshbyOption] | None = None


class AshbyLink(kit.VendorStructCamel, frozen=True):
    url: str


class AshbyUploaded(kit.VendorStructCamel, frozen=True):
    """UNCONFIRMED: an upload answers with the candidate, or with the file's handle itself."""

    id: str | None = None
    handle: str | None = None
    resume_file_handle: AshbyFile | None = None
    file_handles: list[AshbyFile] | None = None


class AshbyMade(kit.VendorStructCamel, frozen=True):
    """A created application: it embeds ids only."""

    id: str
    candidate: AshbyRef | None = None
    job: AshbyRef | None = None
