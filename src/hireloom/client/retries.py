"""When a call is made again.

What the server did not carry out (no connection, or its own limit) is made again; what it may have
begun (its vendor is unavailable, the connection broke) only where that does no harm: reads, dry
runs and writes with an idempotency key.
"""

from collections.abc import Callable
from typing import Any, TypedDict

from tenacity import RetryCallState, retry_if_exception, stop_after_attempt, wait_random_exponential
from tenacity.retry import retry_base
from tenacity.stop import stop_base
from tenacity.wait import wait_base

from hireloom.client.errors import HireloomApiError, ServerUnreachableError

LONGEST_WAIT = 60.0  # seconds; a server that asks for more is not waited for
_BACK_OFF = wait_random_exponential(multiplier=0.2, max=10)


class Policy(TypedDict):
    retry: retry_base
    wait: wait_base | Callable[[RetryCallState], float]
    stop: stop_base
    reraise: bool


def policy(retries: int, *, repeatable: bool) -> Policy:
    return Policy(
        retry=retry_if_exception(lambda error: worth_another(error, repeatable=repeatable)),
        wait=wait,
        stop=stop_after_attempt(retries + 1),
        reraise=True,
    )


def worth_another(error: BaseException, *, repeatable: bool) -> bool:
    if isinstance(error, ServerUnreachableError):
        return not error.may_have_arrived or (repeatable and not error.timed_out)
    if not isinstance(error, HireloomApiError) or (error.retry_after or 0) > LONGEST_WAIT:
        return False
    return error.code == "rate.limited" or (repeatable and error.status in {429, 503})


def wait(state: RetryCallState) -> float:
    """As long as the server asks for, or a little longer each time."""
    error: Any = state.outcome.exception() if state.outcome else None
    asked = getattr(error, "retry_after", None)
    return _BACK_OFF(state) if asked is None else float(asked)
