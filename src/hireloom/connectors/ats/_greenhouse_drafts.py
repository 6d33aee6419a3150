"""Greenhouse Harvest v3: our drafts as the bodies that it takes."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from hireloom import kit
from hireloom.connectors.ats._greenhouse_filters import moment
from hireloom.connectors.ats._greenhouse_records import CustomFields, GreenhouseCandidate
from hireloom.models import (
    CandidateChanges,
    CandidateDraft,
    CandidateSearch,
    Email,
    EmailType,
    FileType,
    InterviewDraft,
    Phone,
    PhoneType,
    PostalAddress,
)

EMAIL_TYPES = {EmailType.WORK: "work", EmailType.PERSONAL: "personal"}
PHONE_TYPES = {
    PhoneType.WORK: "work",
    PhoneType.HOME: "home",
    PhoneType.MOBILE: "mobile",
    PhoneType.SKYPE: "skype",
}
FILE_TYPES = {
    FileType.RESUME: "resume",
    FileType.COVER_LETTER: "cover_letter",
    FileType.OFFER_LETTER: "offer_letter",
}
SOCIAL = ("linkedin.com", "twitter.com", "x.com", "facebook.com", "github.com", "instagram.com")


def number(text: str, at: str) -> int:
    """An id as the number that Greenhouse wants in a body."""
    if not text.isascii() or not text.isdigit():
        raise kit.RequestInvalidError.at(at, "an id of Greenhouse is a number")
    return int(text)


def answered(text: str) -> int | str:
    """An id out of an answer, in a body; a dry run has a text in its place."""
    return int(text) if text.removeprefix("-").isdigit() else text


def emails(listed: Sequence[Email]) -> list[dict[str, str]]:
    return [{"value": one.email, "type": EMAIL_TYPES.get(one.type, "other")} for one in listed]


# What version 3 has a place for; the content type is told by the file's name.
OF_ATTACHMENTS = frozenset({"application_id", "candidate_id", "name", "data", "url", "file_type"})
OF_INTERVIEWS = frozenset(
    {
        "interview_id",
        "application_id",
        "interview_type_id",
        "scheduled_start",
        "scheduled_end",
        "interviewer_ids",
        "interviewer_emails",
        "location",
        "meeting_url",
    }
)


def phones(listed: Sequence[Phone]) -> list[dict[str, str]]:
    return [
        {"value": one.phone_number, "type": PHONE_TYPES.get(one.type, "other")} for one in listed
    ]


def is_social(link: str) -> bool:
    host = kit.host_of(link)
    return any(host == site or host.endswith(f".{site}") for site in SOCIAL)


def links(listed: Sequence[str]) -> dict[str, list[dict[str, str]]]:
    """Profiles in social networks have a list of their own, without types."""
    return {
        "website_addresses": [
            {"value": link, "type": "other"} for link in listed if not is_social(link)
        ],
        "social_media_addresses": [{"value": link} for link in listed if is_social(link)],
    }


def address(place: PostalAddress, kind: str) -> dict[str, str]:
    """One free text, a line for each part."""
    town = " ".join(part for part in (place.zip_code, place.city) if part)
    lines = (place.address_line1, place.address_line2, town, place.state, place.country)
    return {"value": "\n".join(line for line in lines if line), "type": kind}


def custom_fields(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """By key, or by number where the caller knows that only."""
    return [
        {"custom_field_id": int(key), "value": value}
        if key.isdigit()
        else {"name_key": key, "value": value}
        for key, value in values.items()
    ]


def person(draft: CandidateDraft) -> dict[str, Any]:
    """A new candidate; lists that are empty are left out."""
    places = (
        (draft.present_address, "home"),
        (draft.work_address, "work"),
        (draft.permanent_address, "other"),
    )
    body = {
        "first_name": draft.first_name,
        "last_name": draft.last_name,
        "company": draft.company,
        "title": draft.title,
        "email_addresses": emails(draft.emails),
        "phone_numbers": phones(draft.phones),
        "addresses": [address(place, kind) for place, kind in places if place],
        **links(draft.links),
        "tags": list(draft.tags),
        "custom_fields": custom_fields(draft.custom_fields),
    }
    return {name: value for name, value in body.items() if value not in (None, [])}


PERSON_FIELDS = frozenset(
    {
        "first_name",
        "last_name",
        "company",
        "title",
        "emails",
        "phones",
        "links",
        "tags",
        "present_address",
        "work_address",
        "permanent_address",
        "custom_fields",
        "source_id",
    }
)


def changed(changes: CandidateChanges, now: GreenhouseCandidate | None) -> dict[str, Any]:
    """Only what is given. A list that goes along takes the place of the whole list there, so

    addresses and custom fields, of which the caller names some, go with the rest as it is `now`.
    """
    body: dict[str, Any] = {
        "first_name": changes.first_name,
        "last_name": changes.last_name,
        "company": changes.company,
        "title": changes.title,
    }
    if changes.emails is not None:
        body["email_addresses"] = emails(changes.emails)
    if changes.phones is not None:
        body["phone_numbers"] = phones(changes.phones)
    if changes.links is not None:
        body |= links(changes.links)
    if changes.present_address is not None:
        others = [one for one in (now and now.addresses) or () if one.type != "home"]
        kept = [{"value": one.value, "type": one.type or "other"} for one in others if one.value]
        body["addresses"] = [address(changes.present_address, "home"), *kept]
    if changes.custom_fields:
        rest = written(now.custom_fields if now else None)
        body["custom_fields"] = custom_fields({**rest, **changes.custom_fields})
    return {name: value for name, value in body.items() if value is not None}


def written(fields: CustomFields | None) -> dict[str, Any]:
    """Values as they are read, in the form in which they are written back; empty ones stay out."""
    found = {key: back(one.type, one.value) for key, one in (fields or {}).items()}
    return {key: value for key, value in found.items() if value is not None}


def back(kind: str | None, value: Any) -> Any:
    """Greenhouse shows numbers as text, money with `unit`, users as objects, and takes neither."""
    if kind == "number" and isinstance(value, str):
        return float(value) if value.replace(".", "", 1).lstrip("-").isdigit() else None
    if not isinstance(value, dict):
        return value
    if "user_id" in value:
        return value["user_id"]
    code = value.get("currency_code") or value.get("unit")
    if "amount" in value:
        return {"amount": value["amount"], "currency_code": code}
    low, high = value.get("min_amount", value.get("min_value")), value.get("max_amount")
    high = value.get("max_value") if high is None else high
    if kind == "currency_range":
        return {"min_amount": low, "max_amount": high, "currency_code": code}
    return {"min_value": low, "max_value": high}


def interviewers(ids: Sequence[str], addresses: Sequence[str]) -> list[dict[str, Any]]:
    """Nobody has answered the invitation yet."""
    people: list[dict[str, Any]] = [
        {"user_id": number(one, f"interviewerIds[{place}]")} for place, one in enumerate(ids)
    ]
    people += [{"email": one} for one in addresses]
    return [{**one, "response_status": "needs_action"} for one in people]


def meeting(draft: InterviewDraft) -> dict[str, Any]:
    """An interview but for its slot and its event."""
    people = interviewers(draft.interviewer_ids, draft.interviewer_emails)
    if not people:
        raise kit.RequestInvalidError.at(
            "interviewerIds", "Greenhouse needs an interviewer, here or in interviewerEmails"
        )
    return {
        "application_id": number(draft.application_id, "applicationId"),
        "interviewers": people,
        "starts_at": moment(draft.scheduled_start),
        "ends_at": moment(draft.scheduled_end),
        "location": draft.location,
        "video_conferencing_url": draft.meeting_url,
    }


def with_event(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body with the id of its event, which follows from all the rest: what a dry run shows is

    what is sent, and sent twice it is one event.
    """
    event = uuid5(NAMESPACE_URL, json.dumps(body, sort_keys=True)).hex
    return {**body, "external_event_id": event}


def fits(candidate: GreenhouseCandidate, search: CandidateSearch) -> bool:
    """Whether a person is who is searched for; phone numbers are compared by their digits."""
    held_emails = {(one.value or "").casefold() for one in candidate.email_addresses or ()}
    held_phones = [digits(one.value or "") for one in candidate.phone_numbers or ()]
    sought = [digits(one) for one in search.phones]
    return (
        same(search.first_name, candidate.first_name)
        and same(search.last_name, candidate.last_name)
        and (not search.emails or any(one.casefold() in held_emails for one in search.emails))
        and (not sought or any(one and one in sought for one in held_phones))
    )


def same(wanted: str | None, held: str | None) -> bool:
    return wanted is None or wanted.strip().casefold() == (held or "").strip().casefold()


def digits(phone: str) -> str:
    """The international number where the country is known, else the digits as they are."""
    return (kit.e164(phone) or "".join(one for one in phone if one.isdigit())).lstrip("+")
