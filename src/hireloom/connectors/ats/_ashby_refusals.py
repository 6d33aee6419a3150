"""What Ashby says when it refuses, and the permissions that it refuses for."""

import json
import re
from typing import Any

from hireloom import kit

SCOPES = {  # by a method's category; what is missing here needs candidates
    "job": "jobs",
    "jobPosting": "jobs",
    "interview": "interviews",
    "interviewEvent": "interviews",
    "interviewPlan": "interviews",
    "interviewSchedule": "interviews",
    "interviewStage": "interviews",
    "archiveReason": "hiringProcessMetadata",
    "candidateTag": "hiringProcessMetadata",
    "customField": "hiringProcessMetadata",
    "feedbackFormDefinition": "hiringProcessMetadata",
    "source": "hiringProcessMetadata",
    "department": "organization",
    "location": "organization",
    "user": "organization",
    "offer": "offers",
    "apiKey": "apiKeys",
    "webhook": "apiKeys",
}
MODULES = {
    "jobs": "Jobs",
    "candidates": "Candidates",
    "interviews": "Interviews",
    "hiringProcessMetadata": "Hiring Process",
    "organization": "Organization",
    "offers": "Offers",
    "apiKeys": "API Keys",
}
# The scope that a method of ours cannot do without; what it looks up besides may need more.
NEEDED = {
    "list_jobs": "jobs:read",
    "list_applications": "candidates:read",
    "list_candidates": "candidates:read",
    "list_attachments": "candidates:read",
    "list_notes": "candidates:read",
    "list_scorecards": "candidates:read",
    "list_eeoc": "candidates:read",
    "list_stages": "interviews:read",
    "list_interviews": "interviews:read",
    "list_offers": "offers:read",
    "list_rejection_reasons": "hiringProcessMetadata:read",
    "list_tags": "hiringProcessMetadata:read",
    "list_sources": "hiringProcessMetadata:read",
    "list_custom_fields": "hiringProcessMetadata:read",
    "list_departments": "organization:read",
    "list_offices": "organization:read",
    "list_users": "organization:read",
    "create_candidate": "candidates:write",
    "update_candidate": "candidates:write",
    "create_candidate_note": "candidates:write",
    "add_candidate_tag": "candidates:write",
    "remove_candidate_tag": "candidates:write",
    "create_application": "candidates:write",
    "move_application": "candidates:write",
    "reject_application": "candidates:write",
    "add_attachment": "candidates:write",
    "create_assessment_result": "candidates:write",
    "cancel_assessment_order": "candidates:write",
    "create_scorecard": "candidates:write",
    "update_score_fields": "candidates:write",
    "create_interview": "interviews:write",
    "update_interview": "interviews:write",
    "cancel_interview": "interviews:write",
    "create_job": "jobs:write",
}
STALE = "sync_token_expired"  # the detail of an error that says: start again, with a full read
LOST = {  # what leads no further: a token of a delta, or the cursor of a list
    "sync_token_expired",
    "sync_token_invalid",
    "incremental_sync_too_large",  # since May 2026 a delta has only so many pages
    "next_cursor_expired",
    "cursor_invalid",
    "invalid_next_cursor",
}
SUCCESS = re.compile(rb'\s*\{\s*"success"\s*:\s*true\b')
UUID_SHAPE = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
FAILURE = re.compile(rb'"success"\s*:\s*false\b')


class AshbyKey(kit.VendorStruct, frozen=True, rename="camel"):
    scopes: list[str] | None = None


def ticked(scope: str) -> str:
    """A module as the customer ticks it, and the scope as `apiKey.info` names it."""
    module, _, verb = scope.partition(":")
    return f"{MODULES[module]}: {verb.capitalize()} ({scope})"


GRANTS = kit.Grants(
    reads=tuple(f"{MODULES[one]}: Read" for one in MODULES),
    writes=tuple(
        f"{MODULES[one]}: Write"
        for one in ("jobs", "candidates", "interviews", "hiringProcessMetadata", "apiKeys")
    ),
)


def is_success(body: bytes) -> bool:
    """Without reading a big page: it begins with the flag, or at least has no other."""
    if SUCCESS.match(body) is not None or FAILURE.search(body) is None:
        return True
    return told(body).get("success") is not False


def failure(body: bytes) -> tuple[list[str], str | None]:
    """The codes of a refusal, and its message."""
    said = told(body)
    listed, info = said.get("errors"), said.get("errorInfo")
    info = info if isinstance(info, dict) else {}
    codes = [info.get("code"), *(listed if isinstance(listed, list) else [])]
    codes = [one.get("code") if isinstance(one, dict) else one for one in codes]
    message = info.get("message")
    return [one for one in codes if isinstance(one, str)], message or None


def names_only_uuids(request: kit.Request) -> bool:
    """Whether every id that was asked for could be one of Ashby's."""
    asked = told(request.body or b"{}")
    ids = [value for name, value in asked.items() if name == "id" or name.endswith("Id")]
    return all(isinstance(one, str) and UUID_SHAPE.fullmatch(one) for one in ids)


def told(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def code_of(word: str) -> str:
    """Some come as sentences."""
    return word.strip(" .").casefold().replace(" ", "_")


def of_link(status: int) -> kit.HireloomError:
    """A file's link refused; it is no call of Ashby's."""
    if status in {404, 410}:
        return kit.ResourceNotFoundError("The link to the file leads nowhere")
    return kit.UnexpectedAnswerError(f"The link to the file answered {status}")
