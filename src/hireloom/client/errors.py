"""What the client raises.

    ClientError
    ├── HireloomApiError         the server's refusal, also an error of `hireloom.errors`
    ├── ServerUnreachableError   no answer came, or half of one
    ├── AnswerUnreadableError    an answer that this version of the client does not know
    └── WebhookInvalidError      a webhook that is not genuine (of `client.webhooks`)

A refusal is caught as HireloomApiError or by its cause, `except errors.RateLimitedError`. A code
that this version does not know is a plain HireloomApiError.
"""

from functools import cache
from typing import Any

import msgspec

from hireloom.errors import FieldProblem, HireloomError, Upstream, every_error

EXECUTION_ID = "X-Execution-Id"


class ClientError(Exception):
    """The call did not give what was asked for."""


class Told(msgspec.Struct, frozen=True, rename="camel"):
    """The `error` member of a failure."""

    msg: str
    code: str
    category: str = "hireloom"
    retryable: bool = False
    hint: str = ""
    fields: tuple[FieldProblem, ...] = ()
    upstream: Upstream | None = None
    execution_id: str | None = None


class Failure(msgspec.Struct, frozen=True):
    error: Told


class HireloomApiError(ClientError):
    """The server refused; `hint` says what to do and `execution_id` finds the call in its log."""

    def __init__(self, told: Told, status: int, retry_after: float | None) -> None:
        super().__init__(told.msg)
        self.told = told
        self.msg = told.msg
        self.code = told.code
        self.status = status
        self.category = told.category
        self.retryable = told.retryable
        self.hint = told.hint
        self.fields = told.fields
        self.upstream = told.upstream
        self.retry_after = retry_after  # seconds
        self.execution_id = told.execution_id

    def __str__(self) -> str:
        lines = [f"{self.msg} ({self.status} {self.code})", self.hint]
        lines.append(f"execution id: {self.execution_id}" if self.execution_id else "")
        return "\n".join(line for line in lines if line)

    def __reduce__(self) -> tuple[Any, ...]:
        # The class is made at need, so a process that unpickles the error makes it as well.
        return refused, (self.told, self.status, self.retry_after)


class ServerUnreachableError(ClientError):
    """No answer of the server; `may_have_arrived` says whether the call may have been made."""

    def __init__(self, msg: str, *, may_have_arrived: bool, timed_out: bool = False) -> None:
        super().__init__(msg)
        self.may_have_arrived = may_have_arrived
        self.timed_out = timed_out


class AnswerUnreadableError(ClientError):
    """A success that cannot be read: the server is newer than the client, or is no Hireloom."""


def refusal(
    status: int, body: bytes, retry_after: str | None, execution_id: str | None
) -> HireloomApiError:
    """The exception for an answer that is no success."""
    told = _told(status, body)
    if told.execution_id is None:
        told = msgspec.structs.replace(told, execution_id=execution_id)
    return refused(told, status, _seconds(retry_after))


def refused(told: Told, status: int, retry_after: float | None) -> HireloomApiError:
    return _kind(told.code)(told, status, retry_after)


def _told(status: int, body: bytes) -> Told:
    try:
        return msgspec.json.decode(body, type=Failure).error
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Told(
            msg=f"The answer {status} is not Hireloom's",
            code=f"http.{status}",
            retryable=status in {429, 503},
            hint="Check the address; a proxy before the server may have answered.",
        )


@cache
def _kind(code: str) -> type[HireloomApiError]:
    """The class for a code: ours, and that of `hireloom.errors` at the same time."""
    cause = _causes().get(code)
    if cause is None:
        return HireloomApiError
    return type(cause.__name__, (HireloomApiError, cause), {"__module__": __name__})


@cache
def _causes() -> dict[str, type[HireloomError]]:
    causes: dict[str, type[HireloomError]] = {}
    for kind in every_error():
        causes.setdefault(kind.code, kind)
    return causes


def _seconds(text: str | None) -> float | None:
    try:
        return None if text is None else max(0.0, float(text))
    except ValueError:  # a date, which only a proxy sends
        return None
