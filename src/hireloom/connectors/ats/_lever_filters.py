"""Which of our filters Lever can do, and in which parameters.

Only what cannot lose a fitting record is pushed. Of several values none is: that a parameter may be
repeated is documented for some lists and not promised for all. Lever's filters by tag mind the case
and ours do not: `LeverLookUps._spelled` finds out how Lever spells a tag.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from hireloom import kit
from hireloom.models import (
    ApplicationModel,
    ApplicationQuery,
    ApplicationStatus,
    CandidateQuery,
    EeocQuery,
    JobModel,
    JobQuery,
    JobStatus,
)

Pushed: TypeAlias = tuple[dict[str, Any], list[str]]  # parameters; the filters that they do

# Records that nobody touched since Lever began to keep `updatedAt` have none, and a filter on it
# passes them over. It came with the opportunities in 2020; UNCONFIRMED in which month.
UPDATED_AT_IS_KEPT = datetime(2021, 1, 1, tzinfo=UTC)
EVER = 1  # a time before every record, for a list that shows the last week unless told otherwise

# Whose turn it is in a list by posting; the turn stands in the cursor.
APPLIED, INCLUSIVE, ARCHIVED = "applied", "inclusive", "archived"

ONLY_STATE: Mapping[str, str] = {  # our words for one state of a posting; OPEN and CLOSED are two
    JobStatus.DRAFT: "draft",
    JobStatus.PENDING_APPROVAL: "pending",
}
ONLY_STATUS: Mapping[str, str] = {JobStatus.OPEN: "open", JobStatus.DRAFT: "draft"}
ENDED = {ApplicationStatus.HIRED, ApplicationStatus.REJECTED, ApplicationStatus.ARCHIVED}


def single(values: Sequence[str]) -> str | None:
    return values[0] if len(values) == 1 else None


def address(emails: Sequence[str]) -> str | None:
    """In small letters, as addresses are kept nearly everywhere. Whether Lever's filter minds the

    case is UNCONFIRMED; if it does not, this does no harm.
    """
    one = single(emails)
    return None if one is None else one.lower()


def pushed(filters: Mapping[str, tuple[str, Any]]) -> Pushed:
    """Of `{our filter: (Lever's, value)}` those that have a value."""
    given = {name: pair for name, pair in filters.items() if pair[1] is not None}
    return dict(given.values()), list(given)


def starting(params: Mapping[str, Any], name: str, since: datetime) -> dict[str, Any]:
    """The same filters with a window that begins then, or later where they say so."""
    start = kit.to_millis(since) or 0
    return {**params, name: max(start, params.get(name, start))}


def job_models(query: JobQuery) -> tuple[JobModel, ...]:
    """The sections that are wanted, and those by which the filters are completed."""
    if not query.models:
        return ()
    offices = (JobModel.OFFICES,) if query.office_id else ()
    departments = (JobModel.DEPARTMENTS,) if query.department_id else ()
    return (*query.models, *offices, *departments)


def application_models(query: ApplicationQuery) -> tuple[ApplicationModel, ...]:
    """The sections that are wanted, and that by which the filters are completed."""
    staged = query.stage_id or query.changed_stage_after or query.changed_stage_before
    if not query.models or not staged:
        return query.models
    return (*query.models, ApplicationModel.STAGE)


def posting_filters(query: JobQuery) -> Pushed:
    """A time of change goes alone: beside it Lever takes no other filter (documentation)."""
    times = pushed(
        {
            "updated_after": ("updated_at_start", kit.to_millis(query.updated_after)),
            "updated_before": ("updated_at_end", kit.to_millis(query.updated_before)),
        }
    )
    if times[0]:
        return times
    return pushed(
        {
            "department_id": ("department", single(query.department_id)),
            "status": ("state", ONLY_STATE.get(single(query.status) or "")),
        }
    )


def requisition_filters(query: JobQuery) -> Pushed:
    return pushed(
        {
            "created_after": ("created_at_start", kit.to_millis(query.created_after)),
            "created_before": ("created_at_end", kit.to_millis(query.created_before)),
            "status": ("status", ONLY_STATUS.get(single(query.status) or "")),
        }
    )


def application_filters(query: ApplicationQuery) -> Pushed:
    params, applied = pushed(
        {
            "updated_after": ("updated_at_start", kit.to_millis(query.updated_after)),
            "updated_before": ("updated_at_end", kit.to_millis(query.updated_before)),
            # Archiving was seen to move this time, too, so its end would hide who was archived.
            "changed_stage_after": ("advanced_at_start", kit.to_millis(query.changed_stage_after)),
            "stage_id": ("stage_id", single(query.stage_id)),
            "candidate_id": ("contact_id", single(query.candidate_id)),
            "candidate_email": ("email", address(query.candidate_email)),
        }
    )
    # A lead that applies later keeps the time at which it was created, so that is no filter for
    # the time of application. But who applied since then was updated since then.
    since = query.created_after
    if since is not None and since >= UPDATED_AT_IS_KEPT:
        latest = max(since, query.updated_after or since)
        params["updated_at_start"] = kit.to_millis(latest)
    asked = set(query.status)
    if asked == {ApplicationStatus.ACTIVE}:
        params["archived"] = False
        applied.append("status")
    elif asked and asked <= ENDED:
        params["archived"] = True  # hired and rejected alike: the rest is done by us
    return params, applied


def of_posting(posting: str | None, turn: str) -> list[dict[str, str]]:
    """The filter of the list whose turn it is, after those of the lists before it."""
    if posting is None:
        return [{}]
    lists = [{"posting_id": posting}, {"archived_posting_id": posting}]
    return lists if turn == ARCHIVED else lists[:1]


def next_turn(turn: str, following: str | None, inclusive: bool) -> str | None:
    """The cursor after a page of opportunities: the turn that it belongs to, and Lever's token."""
    if following is not None:
        return f"{INCLUSIVE if inclusive and turn == APPLIED else turn}:{following}"
    return f"{ARCHIVED}:" if turn == APPLIED and not inclusive else None


def candidate_filters(query: CandidateQuery) -> Pushed:
    """Filters on the opportunities by which people are found.

    The end of a time of change stays here: it would hide the latest candidacy of somebody.
    """
    return pushed(
        {
            "created_after": ("created_at_start", kit.to_millis(query.created_after)),
            "created_before": ("created_at_end", kit.to_millis(query.created_before)),
            "updated_after": ("updated_at_start", kit.to_millis(query.updated_after)),
            "email": ("email", address(query.email)),
        }
    )


def survey_filters(query: EeocQuery) -> Pushed:
    """By the time of application, before which nobody answers: so only an end can be pushed.

    Without a start Lever shows the last week alone (documentation).
    """
    params, applied = pushed(
        {"submitted_before": ("created_at_end", kit.to_millis(query.submitted_before))}
    )
    return {"created_at_start": EVER, **params}, applied
