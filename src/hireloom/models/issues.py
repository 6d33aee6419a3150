"""Issues: failures grouped by cause, with who must act and what to do."""

from typing import Annotated

from msgspec import UNSET, Meta

from hireloom.models.base import Id, Instant, Maybe, Model, Request, Word


class IssueState(Word):
    OPEN = "open"
    MUTED = "muted"
    RESOLVED = "resolved"


class Issue(Model, frozen=True, kw_only=True):
    """A cause of failures. `category` is who must act, `steps` what to do, in that order.

    `executionId`, `syncRunId` and `deliveryId` lead to one of the failures, as far as there is one.
    """

    issue_id: str
    kind: str
    title: str
    state: IssueState
    category: str
    steps: list[str]
    code: str | None
    subject: str | None
    integration_id: str | None
    app_id: str | None
    origin_org_id: str | None
    count: int
    first_seen_at: Instant
    last_seen_at: Instant
    opened_at: Instant
    resolved_at: Instant | None
    muted_until: Instant | None
    muted_by: str | None
    execution_id: str | None
    sync_run_id: str | None
    delivery_id: str | None


class IssueQuery(Request, frozen=True, kw_only=True):
    """Without `state` those of every state; the newest first."""

    state: IssueState | None = None
    kind: str | None = None
    integration_id: str | None = None
    page_token: str | None = None
    page_size: Annotated[int, Meta(ge=1, le=500)] = 100


class IssueChoice(Request, frozen=True, kw_only=True):
    issue_id: Id


class IssueMuting(Request, frozen=True, kw_only=True):
    """For so many hours nobody is told of it, even if it is resolved and comes back."""

    issue_id: Id
    hours: Annotated[int, Meta(ge=1, le=8760)] = 24


class IssuePage(Model, frozen=True, kw_only=True):
    issues: list[Issue]
    next_page_token: Maybe[str] = UNSET


class IssueAnswer(Model, frozen=True, kw_only=True):
    issue: Issue
