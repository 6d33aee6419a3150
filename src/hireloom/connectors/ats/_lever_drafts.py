"""What is written to Lever: our drafts as its bodies, and what it has no place for."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from hireloom import kit
from hireloom.connectors.ats._lever_shapes import LeverInterview, LeverReason, LeverUser
from hireloom.connectors.ats._lever_words import HIRED, instant
from hireloom.models import (
    ApplicationDraft,
    CandidateChanges,
    CandidateDraft,
    Dropped,
    Email,
    EmailType,
    InterviewChanges,
    InterviewDraft,
    JobDraft,
    JobStatus,
    NoteDraft,
    Origin,
    Phone,
    PhoneType,
    PostalAddress,
    Visibility,
    WorkplaceType,
)

ORIGIN_OF = {
    Origin.AGENCY: "agency",
    Origin.EXTERNAL: "applied",
    Origin.INTERNAL: "internal",
    Origin.REFERRAL: "referred",
    Origin.SOURCED: "sourced",
}
PHONE_OF = {
    PhoneType.MOBILE: "mobile",
    PhoneType.WORK: "work",
    PhoneType.HOME: "home",
    PhoneType.SKYPE: "skype",
}
STATE_OF = {
    JobStatus.OPEN: "published",
    JobStatus.CLOSED: "closed",
    JobStatus.DRAFT: "draft",
    JobStatus.PENDING_APPROVAL: "pending",
}
STATUS_OF = {
    JobStatus.OPEN: "open",
    JobStatus.ON_HOLD: "onHold",
    JobStatus.CLOSED: "closed",
    JobStatus.DRAFT: "draft",
}
WORKPLACE_OF = {
    WorkplaceType.ON_SITE: "onsite",
    WorkplaceType.HYBRID: "hybrid",
    WorkplaceType.REMOTE: "remote",
}
SAYS_NOTHING = {  # texts of reasons, which are an account's own words
    "other",
    "other reason",
    "unspecified",
    "not specified",
    "no reason",
    "general",
}
PER_YEAR = "per-year-salary"  # a salary without a period is a year's


def person_body(draft: CandidateDraft) -> dict[str, Any]:
    place = place_text(draft.present_address)
    return {
        "name": kit.join_name(draft.first_name, draft.last_name),
        "headline": draft.headline,
        "location": place,
        "emails": [email.email for email in draft.emails] or None,
        "phones": phones_body(draft.phones) or None,
        "links": list(draft.links) or None,
        "tags": list(draft.tags) or None,
        "sources": [draft.source_id] if draft.source_id else None,
    }


PERSON_SENT = frozenset(
    {
        "first_name",
        "last_name",
        "headline",
        "present_address",
        "emails",
        "phones",
        "links",
        "tags",
        "source_id",
    }
)


def note_body(draft: NoteDraft) -> dict[str, Any]:
    """Notes are plain text; markup would be shown as it is (UNCONFIRMED)."""
    secret = True if draft.visibility is Visibility.PRIVATE else None
    return {"value": kit.note_text(draft).plain, "secret": secret}


def person_dropped(draft: CandidateDraft, title: str, prefix: str = "") -> list[Dropped]:
    left = kit.dropped(draft, sent=PERSON_SENT, title=title, prefix=prefix)
    return [*left, *kinds_dropped(draft.emails, draft.phones, prefix)]


def kinds_dropped(
    emails: Iterable[Email] | None, phones: Iterable[Phone] | None, prefix: str = ""
) -> list[Dropped]:
    """An e-mail is a bare string in Lever, and a phone has one of four kinds."""
    left: list[Dropped] = []
    if any(email.type is not EmailType.NOT_SPECIFIED for email in emails or ()):
        left.append(Dropped(field=f"{prefix}emails.type", reason="Lever keeps e-mails bare"))
    strange = PhoneType.NOT_SPECIFIED, *PHONE_OF
    if any(phone.type not in strange for phone in phones or ()):
        left.append(Dropped(field=f"{prefix}phones.type", reason="Lever has no such kind"))
    return left


def phones_body(phones: Iterable[Phone]) -> list[dict[str, str]]:
    return [
        {"value": phone.phone_number, "type": PHONE_OF[phone.type]}
        if phone.type in PHONE_OF
        else {"value": phone.phone_number}
        for phone in phones
    ]


def place_text(address: PostalAddress | None) -> str | None:
    """Lever keeps one line."""
    if address is None:
        return None
    parts = (
        address.address_line1,
        address.address_line2,
        address.city,
        address.state,
        address.zip_code,
        address.country,
    )
    return ", ".join(part for part in parts if part) or None


def application_body(draft: ApplicationDraft, posting_id: str) -> dict[str, Any]:
    person = person_body(draft.candidate) if draft.candidate else {}
    return {
        **person,
        "contact": draft.candidate_id,
        "postings": [posting_id],
        "stage": draft.initial_stage_id,
        "origin": None if draft.origin is None else ORIGIN_OF.get(draft.origin),
    }


def application_dropped(draft: ApplicationDraft, title: str) -> list[Dropped]:
    sent = {"job_id", "candidate_id", "candidate", "initial_stage_id", "attachments", "answers"}
    if draft.origin in ORIGIN_OF:
        sent.add("origin")
    left = kit.dropped(draft, sent=sent, title=title)
    if draft.answers:
        reason = "Lever takes answers through a posting's own form only, not for a known person"
        left.append(Dropped(field="answers", reason=reason))
    if draft.candidate is not None:
        left.extend(person_dropped(draft.candidate, title, "candidate."))
    return left


def contact_body(changes: CandidateChanges, name: str | None) -> dict[str, Any]:
    return {
        "name": name,
        "headline": changes.headline,
        "location": place_text(changes.present_address),
        "emails": None if changes.emails is None else [one.email for one in changes.emails],
        "phones": None if changes.phones is None else phones_body(changes.phones),
    }


def contact_dropped(changes: CandidateChanges, title: str) -> list[Dropped]:
    sent = {"candidate_id", "first_name", "last_name", "headline", "present_address"}
    left = kit.dropped(changes, sent={*sent, "emails", "phones", "links"}, title=title)
    return [*left, *kinds_dropped(changes.emails, changes.phones)]


def panel_body(draft: InterviewDraft, interviewers: Sequence[str]) -> dict[str, Any]:
    """A panel of one interview. Lever shows a meeting's address as its place."""
    return {
        "timezone": draft.timezone,
        "externalUrl": draft.meeting_url,
        "interviews": [
            given(
                {
                    "subject": draft.subject,
                    "note": draft.note,
                    "interviewers": [{"id": one} for one in interviewers],
                    "date": kit.to_millis(draft.scheduled_start),
                    "duration": minutes(draft.scheduled_start, draft.scheduled_end),
                    "location": meeting_place(draft.location, draft.meeting_url),
                }
            )
        ],
    }


def interview_body(
    before: LeverInterview, changes: InterviewChanges, interviewers: Sequence[str] | None
) -> dict[str, Any]:
    """The whole interview, because Lever empties what is not sent.

    But for panel and time zone: only when an interview is made does Lever document a place for
    them.
    """
    start = changes.scheduled_start or instant(before.date)
    lasts = before.duration
    if changes.scheduled_end is not None and start is not None:
        lasts = minutes(start, changes.scheduled_end)
    kept: list[dict[str, Any]] = [
        given({"id": one.id, "feedbackTemplate": one.feedback_template})
        for one in before.interviewers or []
    ]
    place = meeting_place(changes.location, changes.meeting_url)
    return {
        "subject": changes.subject or before.subject,
        "note": changes.note or before.note,
        "interviewers": kept if interviewers is None else [{"id": one} for one in interviewers],
        "date": kit.to_millis(start),
        "duration": lasts,
        "location": place or before.location,
        "feedbackTemplate": before.feedback_template,
    }


def plainest(reasons: Sequence[LeverReason]) -> LeverReason | None:
    """A reason in use that rejects: one that says the least, else the first."""
    usable = [one for one in reasons if one.status == "active" and one.type != HIRED]
    plain = (one for one in usable if (one.text or "").strip().casefold() in SAYS_NOTHING)
    return next(plain, next(iter(usable), None))


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def minutes(start: datetime, end: datetime) -> int:
    lasts = math.ceil((end - start).total_seconds() / 60)
    if lasts < 1:
        raise kit.RequestInvalidError.at("scheduledEnd", "must be after scheduledStart")
    return lasts


def meeting_place(location: str | None, url: str | None) -> str | None:
    return ", ".join(part for part in (location, url) if part) or None


def user_with(email: str, found: Iterable[LeverUser], where: str) -> str:
    for user in found:
        if (user.email or "").lower() == email.lower():
            return user.id
    raise kit.RequestInvalidError.at(where, f"{email} is no user of this Lever account")


def posting_body(draft: JobDraft) -> dict[str, Any]:
    """A posting; without a status it is a draft, so that nothing goes public unasked."""
    categories = {"department": draft.department_id, "location": draft.office_id}
    return {
        "text": draft.title,
        "state": STATE_OF.get(draft.status or JobStatus.DRAFT, "draft"),
        "content": {"descriptionHtml": draft.description} if draft.description else None,
        "categories": given(categories) or None,
        "workplaceType": WORKPLACE_OF.get(draft.workplace_type or WorkplaceType.NOT_SPECIFIED),
        "hiringManager": draft.hiring_manager_id,
        "requisitionCodes": [draft.code] if draft.code else None,
        "salaryRange": pay_body(draft),
    }


def requisition_body(draft: JobDraft) -> dict[str, Any]:
    return {
        "name": draft.title,
        "requisitionCode": draft.code,
        "headcountTotal": draft.openings,
        "status": STATUS_OF.get(draft.status or JobStatus.OPEN),
        "location": draft.office_id,
        "hiringManager": draft.hiring_manager_id,
        "compensationBand": pay_body(draft),
    }


def pay_body(draft: JobDraft) -> Mapping[str, Any] | None:
    """Lever takes a range whole or not at all."""
    if draft.salary_min is None or draft.salary_max is None or draft.salary_currency is None:
        return None
    return {
        "min": draft.salary_min,
        "max": draft.salary_max,
        "currency": draft.salary_currency,
        "interval": PER_YEAR,
    }


def job_dropped(draft: JobDraft, body: Mapping[str, Any], title: str) -> list[Dropped]:
    """What of the draft is not in the body."""
    sent = {"title", "code", "hiring_manager_id", "office_id"}
    salary = "salaryRange" if "text" in body else "compensationBand"
    if body.get(salary):
        sent |= {"salary_min", "salary_max", "salary_currency"}
    states = STATE_OF if "text" in body else STATUS_OF
    if draft.status in states:
        sent.add("status")
    if "text" in body:
        sent |= {"description", "department_id"}
        if draft.workplace_type in WORKPLACE_OF:
            sent.add("workplace_type")
    else:
        sent.add("openings")
    return kit.dropped(draft, sent=sent, title=title)
