"""Greenhouse: the bodies that writes take; whatever else is in them is refused with 422."""

from datetime import datetime
from typing import Any

import msgspec

from hireloom.sandbox._greenhouse_query import invalid, refusal

Body = dict[str, Any]


class Shape(msgspec.Struct, frozen=True):
    """Which attributes a body may have, of which type, and which it must have."""

    fields: dict[str, str]
    required: tuple[str, ...] = ()


_STAFF = {
    "source_id": "integer",
    "referrer_id": "integer",
    "recruiter_id": "integer",
    "coordinator_id": "integer",
    "created_at": "time",
    "custom_fields": "array",
}
_PROSPECT = {
    "prospect": "boolean",
    "job_ids": "array",
    "prospect_pool_id": "integer",
    "prospect_pool_stage_id": "integer",
    "prospect_owner_id": "integer",
    "prospective_department_id": "integer",
    "prospective_office_id": "integer",
}
_PERSON = {
    "first_name": "string",
    "last_name": "string",
    "preferred_name": "string",
    "company": "string",
    "title": "string",
    "is_private": "boolean",
    "can_email": "boolean",
    "time_zone": "string",
    "email_addresses": "array",
    "phone_numbers": "array",
    "addresses": "array",
    "website_addresses": "array",
    "social_media_addresses": "array",
    "tags": "array",
    "linked_user_ids": "array",
    "custom_fields": "array",
}
_MEETING = {
    "application_id": "integer",
    "job_interview_id": "integer",
    "interviewers": "array",
    "starts_at": "time",
    "ends_at": "time",
    "external_event_id": "string",
    "location": "string",
    "video_conferencing_url": "string",
}
_SCORECARD = {
    "interviewer_id": "integer",
    "interviewed_at": "time",
    "submitter_id": "integer",
    "candidate_rating": "string",
    "notes": "string",
    "public_notes": "string",
    "private_notes": "string",
    "status": "string",
    "question_answers": "array",
    "candidate_attributes": "array",
}
_WEBHOOK = {
    "endpoint_url": "string",
    "name": "string",
    "event_action_type": "string",
    "secret_key": "string",
    "max_attempts": "integer",
    "deactivated": "boolean",
    "basic_auth_username": "string",
    "basic_auth_password": "string",
    "additional_headers": "string",
    "error_recipient_email": "string",
}
_NEW_APPLICATION = {**_STAFF, **_PROSPECT, "job_id": "integer", "initial_stage_id": "integer"}

SHAPES = {
    "candidate.create": Shape(
        {**_PERSON, "application": "object"}, ("first_name", "last_name", "application")
    ),
    "candidate.update": Shape(_PERSON),
    "candidate.application": Shape(_NEW_APPLICATION),
    "application.create": Shape({**_NEW_APPLICATION, "candidate_id": "integer"}, ("candidate_id",)),
    "application.update": Shape(
        {
            **_STAFF,
            "prospect_pool_id": "integer",
            "prospect_stage_id": "integer",
            "rejected_at": "time",
        }
    ),
    "application.move": Shape(
        {
            "from_stage_id": "integer",
            "to_stage_id": "integer",
            "to_job_id": "integer",
            "email_from_user_id": "integer",
        },
        ("from_stage_id",),
    ),
    "application.reject": Shape(
        {
            "rejection_reason_id": "integer",
            "notes": "string",
            "rejection_email": "object",
            "custom_fields": "array",
        },
        ("rejection_reason_id",),
    ),
    "application.unreject": Shape({}),
    "application.hire": Shape(
        {"start_date": "time", "opening_id": "integer", "close_reason_id": "integer"}
    ),
    "application.convert": Shape(
        {"job_id": "integer", "to_job_interview_stage_id": "integer"}, ("job_id",)
    ),
    "note.create": Shape(
        {
            "candidate_id": "integer",
            "application_id": "integer",
            "note_type": "string",
            "body": "string",
            "visibility": "string",
            "subject": "string",
            "user_id": "integer",
            "email_from": "array",
            "email_to": "array",
            "email_cc": "array",
        },
        ("candidate_id", "note_type", "body"),
    ),
    "attachment.create": Shape(
        {
            "application_id": "integer",
            "filename": "string",
            "type": "string",
            "content": "string",
            "url": "string",
            "visibility": "string",
        },
        ("application_id", "filename", "type"),
    ),
    "interview.create": Shape(
        _MEETING,
        (
            "application_id",
            "job_interview_id",
            "interviewers",
            "starts_at",
            "ends_at",
            "external_event_id",
        ),
    ),
    "interview.update": Shape(_MEETING),
    "scorecard.create": Shape(
        {**_SCORECARD, "interview_kit_id": "integer", "application_id": "integer"},
        ("interview_kit_id", "interviewer_id", "interviewed_at", "application_id", "submitter_id"),
    ),
    "scorecard.update": Shape(_SCORECARD),
    "scorecard.answer": Shape(
        {"scorecard_question_id": "integer", "value": "any"}, ("scorecard_question_id", "value")
    ),
    "scorecard.attribute": Shape(
        {"job_candidate_attribute_id": "integer", "value": "string", "note": "string"},
        ("job_candidate_attribute_id", "value"),
    ),
    "tag.create": Shape({"name": "string"}, ("name",)),
    "applied_tag.create": Shape(
        {"candidate_id": "integer", "candidate_tag_id": "integer"},
        ("candidate_id", "candidate_tag_id"),
    ),
    "rejection_detail.update": Shape({"custom_fields": "array"}),
    "webhook.create": Shape(
        _WEBHOOK, ("endpoint_url", "name", "event_action_type", "secret_key", "max_attempts")
    ),
    "webhook.update": Shape(_WEBHOOK),
}


def read_body(raw: bytes, name: str) -> Body:
    """Decode and check a body."""
    try:
        body = msgspec.json.decode(raw or b"{}")
    except msgspec.DecodeError:
        raise refusal(422, "Your request included invalid JSON.") from None
    if not isinstance(body, dict):
        raise refusal(422, "Your request included invalid JSON.")
    return check(body, name)


def check(body: Any, name: str) -> Body:
    """Refuse unknown, missing and wrongly typed attributes."""
    shape = SHAPES[name]
    if not isinstance(body, dict):
        raise invalid("Must be an object", name.split(".", maxsplit=1)[-1])
    for field in body:
        if field not in shape.fields:
            raise invalid(f"Invalid attribute: {field}", field)
    for field in shape.required:
        if body.get(field) is None:
            raise invalid(f"Missing required attribute: {field}", field)
    for field, value in body.items():
        kind = shape.fields[field]
        if value is not None and not _fits(kind, value):
            raise invalid(f"Must be of type {kind}: {field}", field)
    return body


def one_of(field: str, value: Any, choices: tuple[str, ...]) -> str:
    """The value, when it is one of the choices."""
    if value not in choices:
        raise invalid(f"Must be one of: {', '.join(choices)}", field)
    return str(value)


def contacts(body: Body, field: str) -> None:
    """Check a list of `{value, type}`."""
    for item in body.get(field) or ():
        if not isinstance(item, dict) or not isinstance(item.get("value"), str):
            raise invalid("Each item needs a value", field)
        unknown = set(item) - {"value", "type"}
        if unknown:
            raise invalid(f"Invalid attribute: {min(unknown)}", field)


def _fits(kind: str, value: Any) -> bool:
    if kind == "time":
        return isinstance(value, str) and _is_time(value)
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    types = {"string": str, "boolean": bool, "array": list, "object": dict, "any": object}
    return isinstance(value, types[kind])


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
