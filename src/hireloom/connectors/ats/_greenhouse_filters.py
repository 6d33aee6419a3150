"""Greenhouse Harvest v3: our filters in its words."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from hireloom import kit
from hireloom.models import (
    ApplicationModel,
    ApplicationQuery,
    ApplicationStatus,
    CandidateQuery,
    CustomFieldOwner,
    JobQuery,
    JobStatus,
    given,
)

M = TypeVar("M")
S = TypeVar("S")

AT_ONCE = 50  # ids in one filter; one more is a 422

# The filter's words; the field's differ in the first (in_process).
STATUS_FILTER = {
    ApplicationStatus.ACTIVE: "active",
    ApplicationStatus.REJECTED: "rejected",
    ApplicationStatus.HIRED: "hired",
    ApplicationStatus.CONVERTED: "converted",
}
JOB_STATUS_FILTER = {
    JobStatus.OPEN: "open",
    JobStatus.CLOSED: "closed",
    JobStatus.DRAFT: "draft",
}
OWNER_FILTER = {
    CustomFieldOwner.JOB: "job",
    CustomFieldOwner.CANDIDATE: "candidate",
    CustomFieldOwner.APPLICATION: "application",
    CustomFieldOwner.OFFER: "offer",
    CustomFieldOwner.OPENING: "opening",
    CustomFieldOwner.USER: "user_attribute",
}
SELECTS = {"single_select", "multi_select"}


def between(after: datetime | None, before: datetime | None) -> str | None:
    """A window as Greenhouse's own request builder writes it: `gte|2026-01-01T…|lte|…`.

    One page of the documentation writes `[gte]=` instead; that both are taken is UNCONFIRMED.
    """
    ends = (("gte", kit.utc(after)), ("lte", kit.utc(before)))
    return "|".join(f"{word}|{kit.to_iso(at)}" for word, at in ends if at is not None) or None


def dated(query: ApplicationQuery | CandidateQuery | JobQuery) -> tuple[dict[str, Any], set[str]]:
    """The windows that all of these lists can do, and the names of the ends that are given."""
    params = {
        "created_at": between(query.created_after, query.created_before),
        "updated_at": between(query.updated_after, query.updated_before),
    }
    ends = ("created_after", "created_before", "updated_after", "updated_before")
    return params, {name for name in ends if getattr(query, name) is not None}


def for_applications(query: ApplicationQuery) -> tuple[dict[str, Any], set[str]]:
    """Greenhouse's parameters for applications, and the names of our filters that they are."""
    params, applied = dated(query)
    if word := sole(query.status, STATUS_FILTER):
        params["status"] = word
        applied.add("status")
    for name, values in (("job_id", query.job_id), ("candidate_id", query.candidate_id)):
        if values and len(values) <= AT_ONCE:
            params[f"{name}s"] = ",".join(values)
            applied.add(name)
    return params, applied


def sections(query: ApplicationQuery) -> set[ApplicationModel]:
    """The sections that are wanted, and those in which filters that we complete look."""
    wanted = set(query.models or ApplicationModel)
    if query.tag or query.candidate_email:
        wanted.add(ApplicationModel.INFO)
    if query.stage_id:
        wanted.add(ApplicationModel.STAGE)
    return wanted


def moves(query: ApplicationQuery) -> set[str]:
    """The ends of the window of stage changes that are given."""
    ends = ("changed_stage_after", "changed_stage_before")
    return {name for name in ends if getattr(query, name) is not None}


def sole(values: Sequence[Any], words: Mapping[Any, str]) -> str | None:
    """The vendor's word for a filter that takes one value."""
    return words.get(values[0]) if len(values) == 1 else None


def narrowed(
    listed: Callable[[Mapping[str, str]], kit.Pages[M]],
    find: Callable[[], Awaitable[Mapping[str, str] | None]],
    applied: Collection[str],
) -> kit.Pages[M]:
    """A list with parameters that have to be found out first; None: nothing can fit.

    The cursor of a later page holds them, and may not stand beside any other parameter.
    """

    async def fetch(cursor: str | None) -> kit.Page[M]:
        if cursor is not None:
            return await listed({}).fetch(cursor)
        more = await find()
        return kit.Page([]) if more is None else await listed(more).fetch(None)

    return kit.Pages(fetch, frozenset(applied))


def belongs(model: Any, wanted: Mapping[str, Collection[str]]) -> bool:
    """Whether a record is a wanted parent's, as far as it says whose it is."""
    said = {name: given(getattr(model, name, None)) for name in wanted}
    return model is not None and all(
        said[name] is None or said[name] in ids for name, ids in wanted.items()
    )


def plainly(to_model: Callable[[S], M | None]) -> Callable[[list[S]], Awaitable[list[M | None]]]:
    """The join of a table that refers to nothing."""

    async def join(rows: list[S]) -> list[M | None]:
        return kit.mapped(rows, to_model)

    return join


def is_number(text: str) -> bool:
    """Whether it can be an id; Greenhouse counts in 64 bits, and a filter refuses what is no id."""
    return text.isascii() and text.isdigit() and len(text) <= 18


def known_number(text: str, what: str) -> str:
    """An id to look for; what is no number is nobody's id."""
    if not is_number(text):
        raise kit.ResourceNotFoundError(f"There is no such {what}")
    return text


def moment(at: datetime | None) -> str | None:
    exact = kit.utc(at)
    return None if exact is None else kit.to_iso(exact)
