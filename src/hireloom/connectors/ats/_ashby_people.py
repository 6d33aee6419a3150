"""Ashby's applications, candidates and their notes in our words."""

import re
from collections.abc import Mapping
from datetime import datetime

from hireloom import kit
from hireloom.connectors.ats._ashby_company import has_role, to_custom_values, to_member, to_source
from hireloom.connectors.ats._ashby_forms import moment, to_responses, to_user
from hireloom.connectors.ats._ashby_pipeline import SIDES, STAGE_TYPES, to_stage
from hireloom.connectors.ats._ashby_shapes import (
    AshbyApplicant,
    AshbyApplication,
    AshbyCandidate,
    AshbyContact,
    AshbyFile,
    AshbyMember,
    AshbyNote,
    AshbyPlace,
    AshbyStage,
    AshbyVisit,
)
from hireloom.models import (
    UNSET,
    Applicant,
    Application,
    ApplicationInfo,
    ApplicationStatus,
    Attachment,
    AttachmentType,
    Candidate,
    CandidateInfo,
    Education,
    Email,
    EmailType,
    Location,
    Note,
    NoteType,
    Origin,
    Phone,
    PhoneType,
    Rejection,
    RejectionSide,
    Stage,
    StageType,
    TextFormat,
    UnsetType,
    User,
    Visibility,
)


def to_status(application: AshbyApplication) -> ApplicationStatus:
    """ "Archived" is the end of every application that was not hired; the reason says whose."""
    word = application.status or ""
    if word == "Archived" and application.archive_reason is not None:
        kind = application.archive_reason.reason_type or ""
        return ARCHIVED.get(kind, ApplicationStatus.REJECTED)
    return STATUSES.get(word, ApplicationStatus.NOT_SPECIFIED)


STATUSES = {  # documentation; all but Hired are in samples
    "Active": ApplicationStatus.ACTIVE,
    "Lead": ApplicationStatus.ACTIVE,  # not applied yet
    "Hired": ApplicationStatus.HIRED,
    "Archived": ApplicationStatus.REJECTED,
}
ARCHIVED = {  # documentation
    "RejectedByOrg": ApplicationStatus.REJECTED,
    "RejectedByCandidate": ApplicationStatus.WITHDRAWN,
    "Other": ApplicationStatus.ARCHIVED,  # nobody said no: a duplicate, a job that was closed
}
ORIGINS = {  # titles of source types
    "Inbound": Origin.EXTERNAL,  # sample
    "Referral": Origin.REFERRAL,  # sample
    "Sourced": Origin.SOURCED,  # sample
    "Agency": Origin.AGENCY,  # UNCONFIRMED
    "Internal": Origin.INTERNAL,  # UNCONFIRMED
}


def to_application(
    application: AshbyApplication,
    candidate: AshbyCandidate | None = None,
    stages: Mapping[str, AshbyStage] | None = None,
) -> Application:
    """The candidate is embedded with one e-mail, one phone and no tags; a whole one may be handed

    in, and so may the stages of the plan: an application's history has only their titles.
    """
    is_archived = application.status == "Archived"
    submissions = application.application_form_submissions
    return Application(
        info=to_application_info(application, candidate),
        current_stage=to_current_stage(application),
        rejection=to_rejection(application, stages or {}) if is_archived else None,
        question_responses=UNSET if submissions is None else to_responses(submissions),
    )


def to_application_info(
    application: AshbyApplication, candidate: AshbyCandidate | None
) -> ApplicationInfo:
    source, credited = application.source, application.credited_to_user
    source_type = source.source_type if source else None
    kind = source_type.title if source_type else None
    return ApplicationInfo(
        id=application.id,
        status=to_status(application),
        status_source=application.status,
        candidate=to_applicant(application.candidate, candidate),
        origin=None if kind is None else ORIGINS.get(kind, Origin.NOT_SPECIFIED),
        origin_source=kind,
        source=None if source is None else to_source(source),
        applied_at=kit.utc(application.created_at),
        updated_at=kit.utc(application.updated_at),
        rejected_at=moment(application.archived_at),
        hired_at=hired_at(application),
        job_id=application.job.id if application.job else None,
        job_posting_id=application.applied_via_job_posting_id,
        owner=owner(application.hiring_team or []),
        credited_to=None if credited is None else to_user(credited),
        is_prospect=application.status == "Lead",
        tags=UNSET if candidate is None else tags_of(candidate),
        custom_fields=to_custom_values(application.custom_fields),
    )


def to_applicant(
    applicant: AshbyApplicant | None, candidate: AshbyCandidate | None
) -> Applicant | None:
    if candidate is not None:
        first, last = kit.split_name(candidate.name)
        return Applicant(
            id=candidate.id,
            first_name=first,
            last_name=last,
            phones=to_phones(candidate.primary_phone_number, candidate.phone_numbers),
            emails=to_emails(candidate.primary_email_address, candidate.email_addresses),
        )
    if applicant is None:
        return None
    first, last = kit.split_name(applicant.name)
    return Applicant(
        id=applicant.id,
        first_name=first,
        last_name=last,
        phones=to_phones(applicant.primary_phone_number, None),
        emails=to_emails(applicant.primary_email_address, None),
    )


def to_current_stage(application: AshbyApplication) -> Stage | None:
    stage = application.current_interview_stage
    if stage is None:
        return None
    visits = application.application_history
    here = [visit for visit in visits or () if visit.stage_id == stage.id]
    entered = moment(here[-1].entered_stage_at) if here else None
    return to_stage(
        stage,
        job_id=application.job.id if application.job else None,
        entered_at=UNSET if visits is None else entered,  # a list's records have no history
    )


def hired_at(application: AshbyApplication) -> datetime | UnsetType | None:
    if application.status != "Hired":
        return None
    visits = application.application_history
    return moment(visits[-1].entered_stage_at) if visits else UNSET


def to_rejection(application: AshbyApplication, stages: Mapping[str, AshbyStage]) -> Rejection:
    reason, visits = application.archive_reason, application.application_history
    kind = reason.reason_type if reason else None
    job_id = application.job.id if application.job else None
    actor = visits[-1].actor_id if visits else None
    return Rejection(
        id=reason.id if reason else None,
        text=reason.text if reason else None,
        side=SIDES.get(kind or "", RejectionSide.NOT_SPECIFIED),
        side_source=kind,
        rejected_at=moment(application.archived_at),
        stage=UNSET if visits is None else stage_before(application, visits, stages),
        job_id=job_id,
        by=UNSET if visits is None else None if actor is None else User(id=actor),
    )


def stage_before(
    application: AshbyApplication, visits: list[AshbyVisit], stages: Mapping[str, AshbyStage]
) -> Stage | None:
    """Where the application stood when it was archived: its last stay outside of "Archived"."""
    archive = application.current_interview_stage
    for visit in reversed(visits):
        if visit.title != "Archived" and (archive is None or visit.stage_id != archive.id):
            stage = stages.get(visit.stage_id or "")
            return Stage(
                id=visit.stage_id,
                text=visit.title,
                type=STAGE_TYPES.get(
                    (stage.type if stage else None) or "", StageType.NOT_SPECIFIED
                ),
                type_source=stage.type if stage else UNSET,
                order=stage.order_in_interview_plan if stage else UNSET,
                job_id=application.job.id if application.job else None,
                entered_at=moment(visit.entered_stage_at),
            )
    return None


def owner(team: list[AshbyMember]) -> User | None:
    return next((to_member(each) for each in team if has_role(each, "recruiter")), None)


# Candidates.

EMAIL_TYPES = {"Personal": EmailType.PERSONAL, "Work": EmailType.WORK}  # and Other: documentation
PHONE_TYPES = {"Personal": PhoneType.PERSONAL, "Work": PhoneType.WORK}


def contacts(
    primary: AshbyContact | None, others: list[AshbyContact] | None
) -> dict[str, AshbyContact]:
    """By value, the primary first; it is among the others as well."""
    found: dict[str, AshbyContact] = {}
    for contact in sorted(others or (), key=lambda each: not each.is_primary):
        if contact.value:
            found.setdefault(contact.value, contact)
    if primary is not None and primary.value and primary.value not in found:
        return {primary.value: primary, **found}
    return found


def to_emails(primary: AshbyContact | None, others: list[AshbyContact] | None) -> list[Email]:
    return [
        Email(email=value, type=EMAIL_TYPES.get(contact.type or "", EmailType.NOT_SPECIFIED))
        for value, contact in contacts(primary, others).items()
    ]


def to_phones(primary: AshbyContact | None, others: list[AshbyContact] | None) -> list[Phone]:
    return [
        Phone(
            phone_number=value,
            type=PHONE_TYPES.get(contact.type or "", PhoneType.NOT_SPECIFIED),
            e164=kit.e164(value),
        )
        for value, contact in contacts(primary, others).items()
    ]


def to_candidate(candidate: AshbyCandidate) -> Candidate:
    return Candidate(
        info=to_candidate_info(candidate),
        education=[Education(institute=candidate.school)] if candidate.school else [],
        locations=[to_place(candidate.location)] if candidate.location else [],
        attachments=to_attachments(candidate),
    )


def to_candidate_info(candidate: AshbyCandidate) -> CandidateInfo:
    first, last = kit.split_name(candidate.name)
    return CandidateInfo(
        id=candidate.id,
        first_name=first,
        last_name=last,
        phones=to_phones(candidate.primary_phone_number, candidate.phone_numbers),
        emails=to_emails(candidate.primary_email_address, candidate.email_addresses),
        links=[link.url for link in candidate.social_links or () if link.url],
        tags=tags_of(candidate),
        title=candidate.position,
        company=candidate.company,
        source=None if candidate.source is None else to_source(candidate.source),
        created_at=kit.utc(candidate.created_at),
        updated_at=kit.utc(candidate.updated_at),
        applications=candidate.application_ids or [],
        url=candidate.profile_url,
        custom_fields=to_custom_values(candidate.custom_fields),
    )


def tags_of(candidate: AshbyCandidate) -> list[str]:
    return [tag.title for tag in candidate.tags or () if tag.title]


def to_place(place: AshbyPlace) -> Location:
    """Components are City, Region and Country: samples."""
    parts = {part.type: part.name for part in place.location_components or ()}
    return Location(
        city=parts.get("City"),
        state=parts.get("Region"),
        country=kit.country_code(parts.get("Country")),
        raw=place.location_summary,
    )


def to_attachments(
    candidate: AshbyCandidate, application_id: str | UnsetType = UNSET
) -> list[Attachment]:
    """A candidate's files. Ashby ties none to an application, and calls only the resume by kind."""
    resume = candidate.resume_file_handle
    files = {file.id: file for file in (*([resume] if resume else ()), *files_of(candidate))}
    return [
        Attachment(
            id=file.id,
            application_id=application_id,
            candidate_id=candidate.id,
            type=AttachmentType.RESUME
            if resume is not None and file.id == resume.id
            else AttachmentType.NOT_SPECIFIED,
            name=file.name,
        )
        for file in files.values()
    ]


def files_of(candidate: AshbyCandidate) -> list[AshbyFile]:
    return candidate.file_handles or []


SOCIAL_HOSTS = {  # the types that Ashby knows: documentation
    "linkedin.com": "LinkedIn",
    "github.com": "GitHub",
    "twitter.com": "Twitter",
    "x.com": "Twitter",
    "medium.com": "Medium",
    "stackoverflow.com": "StackOverflow",
}


def social_type(url: str) -> str:
    host = kit.host_of(url).removeprefix("www.")
    return next(
        (kind for site, kind in SOCIAL_HOSTS.items() if host == site or host.endswith(f".{site}")),
        "Website",
    )


# Notes.

_TAG = re.compile(r"</?(?:a|b|i|u|p|br|li|ul|ol|em|strong|code|pre|h[1-6])\b[^<>]*>", re.IGNORECASE)


def to_note(note: AshbyNote, candidate_id: str) -> Note:
    content = note.content or ""
    return Note(
        id=note.id,
        candidate_id=candidate_id,
        type=NoteType.NOTE,
        body=note.content,
        format=TextFormat.HTML if _TAG.search(content) else TextFormat.PLAIN,  # it does not say
        visibility=Visibility.PRIVATE if note.is_private else Visibility.PUBLIC,
        author=None if note.author is None else to_user(note.author),
        created_at=moment(note.created_at),
    )
