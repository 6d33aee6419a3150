"""What an answer brings beside its records: its meta, a dry run, the last call made."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal

from hireloom.models import Dropped, Model


class Filters(Model, frozen=True, kw_only=True):
    """The filters of a list: those the vendor applied, and those that Hireloom completed."""

    applied: tuple[str, ...] = ()
    completed: tuple[str, ...] = ()


class SetAside(Model, frozen=True, kw_only=True):
    """A record that the vendor sent in a shape that could not be read."""

    id: str | None = None
    path: str | None = None
    reason: str | None = None


class Meta(Model, frozen=True, kw_only=True):
    """What a call cost at the vendor, and what its answer leaves out."""

    upstream_calls: int = 0
    upstream_ms: float = 0
    rate_limit_wait_ms: float = 0
    filters: Filters = Filters()
    unsupported_fields: tuple[str, ...] = ()
    set_aside: tuple[SetAside, ...] = ()


class DryRun(Model, frozen=True, kw_only=True):
    """The requests that a write would have sent; `complete` is false where more would follow."""

    dry_run: Literal[True]
    requests: list[dict[str, Any]]
    complete: bool
    fields_dropped: list[Dropped] = []


@dataclass(frozen=True)
class LastCall:
    """How the last call was answered; `execution_id` finds it in the server's log."""

    method: str
    status: int
    execution_id: str | None
    meta: Meta


# A context variable, because threads and tasks share a client.
LAST_CALL: ContextVar[LastCall | None] = ContextVar("hireloom_last_call", default=None)
