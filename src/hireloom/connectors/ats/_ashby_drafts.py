"""What of a draft goes where at Ashby, and what has no place there."""

from collections.abc import Iterable
from typing import Any

from hireloom import kit
from hireloom.connectors.ats._ashby_people import social_type
from hireloom.connectors.ats._ashby_shapes import AshbyFile, AshbyTag, AshbyUploaded
from hireloom.models import (
    CandidateChanges,
    CandidateDraft,
    Dropped,
    EmailType,
    PhoneType,
    PostalAddress,
)

Contacts = CandidateDraft | CandidateChanges
CREATED = {
    "first_name",
    "last_name",
    "emails",
    "phones",
    "links",
    "tags",
    "present_address",
    "source_id",
    "custom_fields",
}
UPDATED = {
    "candidate_id",
    "first_name",
    "last_name",
    "emails",
    "phones",
    "links",
    "present_address",
    "custom_fields",
}
TAGGED = {"candidate_id", "tag"}
APPLIED = {"job_id", "candidate_id", "candidate", "initial_stage_id", "attachments"}
LINK_FIELDS = {"LinkedIn": "linkedInUrl", "GitHub": "githubUrl", "Website": "website"}


def present(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def reached_at(draft: Contacts) -> dict[str, str | None]:
    emails, phones = draft.emails or (), draft.phones or ()
    return {
        "email": emails[0].email if emails else None,
        "phoneNumber": phones[0].phone_number if phones else None,
    }


def lost(draft: Contacts, address: PostalAddress | None, *, title: str) -> list[Dropped]:
    """Parts of fields: a second phone, what kind an e-mail is, a street."""
    phones = draft.phones or ()
    left = []
    if len(phones) > 1:
        left.append(Dropped(field="phones", reason=f"{title} takes the first"))
    if any(one.type is not PhoneType.NOT_SPECIFIED for one in phones):
        left.append(Dropped(field="phones.type", reason=f"{title} has no place for it"))
    if any(one.type is not EmailType.NOT_SPECIFIED for one in draft.emails or ()):
        left.append(Dropped(field="emails.type", reason=f"{title} has no place for it"))
    if address is not None:
        sent = {"city", "state", "country"}
        left += kit.dropped(address, sent=sent, title=title, prefix="presentAddress.")
    return left


def to_location(address: PostalAddress | None) -> dict[str, str] | None:
    if address is None:
        return None
    place = present(city=address.city, region=address.state, country=address.country)
    return place or None


def to_social_links(links: Iterable[str]) -> list[dict[str, str]]:
    return [{"type": social_type(url), "url": url} for url in links]


def by_field(links: Iterable[str]) -> dict[str, str]:
    """The first link of each kind that a new candidate has a field for."""
    found: dict[str, str] = {}
    for url in links:
        name = LINK_FIELDS.get(social_type(url))
        if name is not None:
            found.setdefault(name, url)
    return found


def find_tag(tags: Iterable[AshbyTag], wanted: str) -> AshbyTag | None:
    """By id or title; titles are compared without regard to case."""
    folded = wanted.casefold()
    return next(
        (tag for tag in tags if tag.id == wanted or (tag.title or "").casefold() == folded), None
    )


def newest(shown: AshbyUploaded, name: str, is_resume: bool) -> AshbyFile | None:
    """The file that was just uploaded: the resume, or the last of that name."""
    if is_resume and shown.resume_file_handle is not None:
        return shown.resume_file_handle
    fitting = [file for file in shown.file_handles or () if file.name == name]
    return fitting[-1] if fitting else None
