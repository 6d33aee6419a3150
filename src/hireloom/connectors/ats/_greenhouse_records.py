"""Greenhouse Harvest v3: the fields that we use of its records but those of jobs.

Version 3 nests nothing: every record refers to others by id.
"""

from datetime import datetime
from typing import Any

from hireloom import kit


class CustomValue(kit.VendorStruct, frozen=True):
    type: str | None = None
    value: Any = None


CustomFields = dict[str, CustomValue]


class GreenhouseNumbered(kit.VendorStruct, frozen=True):
    id: int


class GreenhouseChange(kit.VendorStruct, frozen=True):
    """A row of any table, as far as it says when it changed and what it belongs to."""

    id: int
    updated_at: datetime | None = None
    application_id: int | None = None
    candidate_id: int | None = None
    interview_id: int | None = None
    job_id: int | None = None
    job_post_id: int | None = None


class GreenhouseCreated(kit.VendorStruct, frozen=True):
    """What creating a candidate answers: the candidate, alone or beside the first application."""

    candidate_id: str
    application_id: str | None = None


class GreenhouseAnswer(kit.VendorStruct, frozen=True):
    question: str | None = None
    answer: str | None = None


class GreenhouseApplication(kit.VendorStruct, frozen=True):
    id: int
    candidate_id: int | None = None
    job_id: int | None = None  # null: a prospect without a job
    job_post_id: int | None = None
    recruiter_id: int | None = None
    referrer_id: int | None = None
    source_id: int | None = None
    stage_id: int | None = None  # the row in application_stages; see `stage_id_of`
    job_interview_stage_id: int | None = None  # the job's stage; answers since spring 2026
    stage_name: str | None = None
    status: str | None = None
    prospect: bool | None = None
    rejected_at: datetime | None = None
    rejection_reason_id: int | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    location_address: str | None = None
    answers: list[GreenhouseAnswer] | None = None
    custom_fields: CustomFields | None = None

    @property
    def has_stage(self) -> bool:
        """Prospects, rejected and hired applications are in none."""
        return any((self.stage_id, self.job_interview_stage_id, self.stage_name))

    @property
    def is_rejected(self) -> bool:
        return self.status == "rejected"


class GreenhouseApplicationStage(kit.VendorStruct, frozen=True):
    """One stay of one application in one stage."""

    id: int
    application_id: int | None = None
    job_interview_stage_id: int | None = None
    entered_at: datetime | None = None  # null: history that was filled in later
    current: bool | None = None


class GreenhouseRejection(kit.VendorStruct, frozen=True):
    id: int
    application_id: int | None = None
    rejected_by_id: int | None = None
    rejected_at: datetime | None = None
    rejection_reason_id: int | None = None
    rejection_note_id: int | None = None


class GreenhouseKind(kit.VendorStruct, frozen=True):
    """The type of a source or of a rejection reason; only the latter's has a key."""

    id: int | None = None
    key: str | None = None
    name: str | None = None


class GreenhouseReason(kit.VendorStruct, frozen=True):
    id: int
    name: str | None = None
    type: GreenhouseKind | None = None


class GreenhouseSource(kit.VendorStruct, frozen=True):
    id: int
    name: str | None = None
    type: GreenhouseKind | None = None


class GreenhouseReferrer(kit.VendorStruct, frozen=True):
    """Who is credited: a user, or a name alone."""

    id: int
    user_id: int | None = None
    name: str | None = None


class GreenhouseUser(kit.VendorStruct, frozen=True):
    id: int
    first_name: str | None = None
    last_name: str | None = None
    primary_email: str | None = None
    employee_id: str | None = None
    deactivated: bool | None = None
    site_admin: bool | None = None


class GreenhouseContact(kit.VendorStruct, frozen=True):
    value: str | None = None
    type: str | None = None


class GreenhouseCandidate(kit.VendorStruct, frozen=True):
    id: int
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    title: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    private: bool | None = None
    tags: list[str] | None = None
    email_addresses: list[GreenhouseContact] | None = None
    phone_numbers: list[GreenhouseContact] | None = None
    addresses: list[GreenhouseContact] | None = None  # each one free text
    website_addresses: list[GreenhouseContact] | None = None
    social_media_addresses: list[GreenhouseContact] | None = None
    custom_fields: CustomFields | None = None


class GreenhouseEducation(kit.VendorStruct, frozen=True):
    """Schools, degrees and disciplines are options of custom fields."""

    id: int
    candidate_id: int | None = None
    school_name_custom_field_option_id: int | None = None
    degree_custom_field_option_id: int | None = None
    discipline_custom_field_option_id: int | None = None
    start_date_year: int | None = None
    start_date_month: int | None = None
    end_date_year: int | None = None
    end_date_month: int | None = None

    @property
    def options(self) -> tuple[int | None, ...]:
        return (
            self.school_name_custom_field_option_id,
            self.degree_custom_field_option_id,
            self.discipline_custom_field_option_id,
        )


class GreenhouseEmployment(kit.VendorStruct, frozen=True):
    id: int
    candidate_id: int | None = None
    company_name: str | None = None
    title: str | None = None
    start_date: str | None = None
    end_date: str | None = None


class GreenhouseInterview(kit.VendorStruct, frozen=True):
    id: int
    application_id: int | None = None
    job_interview_id: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    all_day_start_on: str | None = None
    all_day_end_on: str | None = None
    location: str | None = None
    video_conferencing_url: str | None = None
    organizer_id: int | None = None
    status: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


class GreenhouseInterviewer(kit.VendorStruct, frozen=True):
    id: int
    interview_id: int | None = None
    user_id: int | None = None
    email: str | None = None
    scorecard_id: int | None = None


class GreenhouseScorecard(kit.VendorStruct, frozen=True):
    id: int
    application_id: int | None = None
    interviewer_id: int | None = None
    submitter_id: int | None = None
    submitted_at: datetime | None = None
    candidate_rating: str | None = None
    notes: str | None = None
    public_notes: str | None = None
    private_notes: str | None = None


class GreenhouseScorecardAnswer(kit.VendorStruct, frozen=True):
    id: int
    scorecard_id: int | None = None
    scorecard_question_id: int | None = None
    answer: str | None = None
    boolean_value: bool | None = None


class GreenhouseScorecardQuestion(kit.VendorStruct, frozen=True):
    id: int
    question: str | None = None  # may hold simple HTML
    interview_kit_id: int | None = None
    answer_type: str | None = None
    active: bool | None = None


class GreenhouseQuestionChoice(kit.VendorStruct, frozen=True):
    """An option of a scorecard's question."""

    id: int
    name: str | None = None
    scorecard_question_id: int | None = None
    active: bool | None = None


class GreenhouseChosenOption(kit.VendorStruct, frozen=True):
    id: int
    scorecard_question_answer_id: int | None = None
    scorecard_question_option_id: int | None = None


class GreenhouseAttributeRating(kit.VendorStruct, frozen=True):
    id: int
    scorecard_id: int | None = None
    job_candidate_attribute_id: int | None = None
    candidate_attribute_rating: str | None = None
    note: str | None = None


class GreenhouseNamed(kit.VendorStruct, frozen=True):
    """A row of a table that others refer to: a tag, an option, an attribute."""

    id: int
    name: str | None = None
    custom_field_id: int | None = None


class GreenhouseAppliedTag(kit.VendorStruct, frozen=True):
    id: int
    candidate_id: int | None = None
    candidate_tag_id: int | None = None


class GreenhouseOffer(kit.VendorStruct, frozen=True):
    """One version of an offer; the newest that is not Deprecated is the one that counts."""

    id: int
    application_id: int | None = None
    version: int | None = None
    status: str | None = None
    starts_on: str | None = None
    sent_on: str | None = None
    resolved_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    custom_fields: CustomFields | None = None


class GreenhouseAttachment(kit.VendorStruct, frozen=True):
    id: int
    application_id: int | None = None
    candidate_id: int | None = None
    type: str | None = None
    filename: str | None = None
    url: str | None = None  # signed, lives seven days
    created_at: datetime | None = None


class GreenhouseNote(kit.VendorStruct, frozen=True):
    id: int
    candidate_id: int | None = None
    application_id: int | None = None
    type: str | None = None
    subject: str | None = None
    body: str | None = None
    user_id: int | None = None
    visibility: str | None = None
    created_at: datetime | None = None


class GreenhouseWrittenNote(kit.VendorStruct, frozen=True):
    """A note as far as a write looks at it; whether the answer shows the text is UNCONFIRMED."""

    id: int
    body: str | None = None


class GreenhouseFields(kit.VendorStruct, frozen=True):
    """An application or a candidate, as far as its custom fields go."""

    id: int
    custom_fields: CustomFields | None = None


class GreenhousePlace(kit.VendorStruct, frozen=True):
    """A department or an office: both are trees."""

    id: int
    name: str | None = None
    parent_id: int | None = None
    location: str | None = None  # of offices, one free text


class GreenhouseDeclared(kit.VendorStruct, frozen=True):
    """An EEOC answer; version 1 wrote some texts as `message`."""

    description: str | None = None
    message: str | None = None

    @property
    def text(self) -> str | None:
        return self.description or self.message


class GreenhouseEeoc(kit.VendorStruct, frozen=True):
    application_id: int
    id: int | None = None  # UNCONFIRMED that every answer has one; one row per application anyway
    candidate_id: int | None = None
    race: GreenhouseDeclared | None = None
    gender: GreenhouseDeclared | None = None
    veteran_status: GreenhouseDeclared | None = None
    disability_status: GreenhouseDeclared | None = None
    submitted_at: datetime | None = None


class GreenhouseCustomField(kit.VendorStruct, frozen=True):
    id: int
    name: str | None = None
    name_key: str | None = None
    field_type: str | None = None
    value_type: str | None = None
    internal_type: str | None = None
    required: bool | None = None
    active: bool | None = None
