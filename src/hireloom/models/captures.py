"""Captures: an account's calls in outline, kept for a day for whoever looks for a cause."""

from typing import Annotated

from msgspec import UNSET, Meta

from hireloom.models.base import Id, Instant, Maybe, Model, Request, Word


class CaptureStart(Request, frozen=True, kw_only=True):
    """For so many minutes calls are captured; a capture that is on already ends."""

    minutes: Annotated[int, Meta(ge=1, le=60)] = 15


class CaptureStop(Request, frozen=True, kw_only=True):
    """With `erase` all that was captured of the account is erased as well."""

    erase: bool = False


class CaptureQuery(Request, frozen=True, kw_only=True):
    """With `executionId` only what belongs to that call."""

    execution_id: Id | None = None
    page_token: str | None = None
    page_size: Annotated[int, Meta(ge=1, le=100)] = 50


class Capture(Model, frozen=True, kw_only=True):
    """`leftOut` counts calls for which there was no room."""

    capture_id: str
    on: bool
    started_by: str
    started_at: Instant
    ends_at: Instant
    erased_at: Instant
    kept: int
    left_out: int


class CallDirection(Word):
    IN = "in"
    OUT = "out"


class CapturedCall(Model, frozen=True, kw_only=True):
    """A call in outline: `in` came to Hireloom, `out` went to the vendor.

    Bodies are text: JSON whose values are reduced, or what can be said of anything else.
    """

    id: str
    at: Instant
    direction: CallDirection
    execution_id: str
    method: str
    operation: str
    status: int | None
    code: str | None
    address: str
    request_headers: dict[str, str]
    request_body: str
    answer_headers: dict[str, str]
    answer_body: str


class CaptureAnswer(Model, frozen=True, kw_only=True):
    """Without a capture there is nothing that was kept."""

    capture: Capture | None


class CapturePage(Model, frozen=True, kw_only=True):
    capture: Capture | None
    calls: list[CapturedCall]
    next_page_token: Maybe[str] = UNSET
