"""What a failure means to a run: try again and when, begin again, read everything, or give up."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

from hireloom.errors import (
    ConflictError,
    CredentialsInvalidError,
    HireloomError,
    IntegrationDeactivatedError,
    NotSupportedError,
    PermissionMissingError,
    RejectedError,
    RequestInvalidError,
    ResourceNotFoundError,
    UnexpectedAnswerError,
)
from hireloom.store.runs import Run

PAUSES = (1, 2, 5, 10, 20, 40, 60, 120, 300, 300, 600, 600, 900, 900, 1800, 1800)  # seconds
MOST_RESTARTS = 3
SAME_PLACE = 4  # answers that cannot be understood, before a list is begun again
EXPIRED = "sync_token_expired"

# What no waiting will change; it may still be the fault of one model alone.
PERMANENT = (
    NotSupportedError,
    PermissionMissingError,
    RejectedError,
    ResourceNotFoundError,
    UnexpectedAnswerError,
)


class Remedy(Enum):
    AGAIN = "again"  # from where it stands
    BEGIN = "begin"  # the list from its start: the place in it is no longer known
    FULL = "full"  # everything: where the delta started is no longer known
    FAIL = "fail"
    STOP = "stop"


@dataclass(frozen=True)
class Decision:
    remedy: Remedy
    after: timedelta = timedelta(0)


def decide(run: Run, error: HireloomError) -> Decision:
    """`run.failures` counts the failures in a row before this one."""
    if isinstance(error, IntegrationDeactivatedError):
        return Decision(Remedy.STOP)
    if isinstance(error, CredentialsInvalidError):
        return Decision(Remedy.FAIL)
    if isinstance(error, ConflictError) and error.detail == EXPIRED:
        if run.kind == "delta_sync":
            return Decision(Remedy.FULL)
        return Decision(Remedy.BEGIN if run.restarts < MOST_RESTARTS else Remedy.FAIL)
    if isinstance(error, UnexpectedAnswerError) or error.retryable:
        return _patient(run, error)
    lost_its_place = isinstance(error, RequestInvalidError) and run.cursor is not None
    if lost_its_place and run.restarts < MOST_RESTARTS:
        return Decision(Remedy.BEGIN)
    return Decision(Remedy.FAIL)


def _patient(run: Run, error: HireloomError) -> Decision:
    if run.failures >= len(PAUSES):
        return Decision(Remedy.FAIL)
    after = timedelta(seconds=max(PAUSES[run.failures], error.retry_after or 0.0))
    if isinstance(error, UnexpectedAnswerError) and run.failures >= SAME_PLACE:
        # A place that keeps answering nonsense: what leads there may have gone stale.
        if run.restarts >= MOST_RESTARTS:
            return Decision(Remedy.FAIL)
        return Decision(Remedy.BEGIN, after)
    return Decision(Remedy.AGAIN, after)


def told(error: HireloomError) -> dict[str, Any]:
    """An error as a run keeps it and an event tells it: no body, no person's data."""
    return {
        "msg": error.msg,
        "code": error.code,
        "category": error.category,
        "retryable": error.retryable,
        "hint": error.hint,
    }
