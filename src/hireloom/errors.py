"""Every error that Hireloom answers with.

    HireloomError
    ├── RequestInvalidError          400 request.invalid            you
    │   └── PageTokenError           400 request.invalid            you
    ├── SyncNotEnabledError          400 sync.not_enabled           you
    ├── KeyInvalidError              401 key.invalid                you
    ├── SignatureInvalidError        401 event.signature_invalid    customer
    ├── ScopeMissingError            403 key.scope_missing          you
    ├── IntegrationNotFoundError     404 integration.not_found      you
    ├── NotSupportedError            404 operation.not_supported    you
    │   └── NoPlaceError             404 operation.not_supported    you
    ├── ResourceNotFoundError        404 resource.not_found         you
    ├── SyncNotFoundError            404 sync.not_found             you
    ├── RunNotFoundError             404 sync.run_not_found         you
    ├── MethodNotAllowedError        405 request.method_not_allowed you
    ├── IdempotencyMismatchError     409 idempotency.mismatch       you
    ├── ConflictError                409 resource.conflict          you
    │   └── CutOffError              409 resource.conflict          you
    ├── MassDeletionError            409 sync.mass_deletion         you
    ├── IntegrationDeactivatedError  410 integration.deactivated    you
    ├── TooLargeError                413 request.too_large          you
    ├── RejectedError                422 upstream.rejected          you
    ├── CredentialsInvalidError      424 integration.credentials_invalid  customer
    ├── PermissionMissingError       424 integration.permission_missing   customer
    ├── RateLimitedError             429 rate.limited               you
    ├── UnexpectedAnswerError        502 upstream.unexpected        vendor
    ├── UpstreamRateLimitedError     503 upstream.rate_limited      vendor
    ├── UnavailableError             503 upstream.unavailable       vendor
    ├── TimedOutError                504 upstream.timeout           vendor
    ├── InternalError                500 hireloom.internal          hireloom
    └── DatabaseAwayError            503 hireloom.unavailable       hireloom

The class fixes what never varies (code, status, category, retryable, a hint to act on); the
instance carries what happened. `msg` is for the person who reads the answer, `detail` for the
log; neither may hold a secret or a person's data.

`may_have_arrived` is true of a write whose outcome nobody knows: it left, and no answer said what
became of it. Whatever its class says, it is for a person to repeat it, so its hint says to look.
"""

import difflib
from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal, Self

import msgspec

Category = Literal["you", "customer", "vendor", "hireloom"]


class FieldProblem(msgspec.Struct, frozen=True, kw_only=True):
    """One field of the request that is wrong: a dotted path and a sentence."""

    path: str
    msg: str


class Upstream(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the vendor answered: its status, its request id, its message after redaction."""

    status: int | None = None
    request_id: str | None = None
    body: str | None = None


class HireloomError(Exception):
    code: ClassVar[str]
    status: ClassVar[int]
    category: ClassVar[Category]
    retryable: ClassVar[bool] = False
    hint: str = ""
    may_have_arrived: bool = False  # a write that may be done already: look before repeating it

    def __init__(
        self,
        msg: str,
        *,
        hint: str | None = None,
        fields: tuple[FieldProblem, ...] = (),
        upstream: Upstream | None = None,
        retry_after: float | None = None,
        detail: str | None = None,
    ) -> None:
        super().__init__(msg)
        self.msg = msg
        self.fields = fields
        self.upstream = upstream
        self.retry_after = retry_after  # seconds
        self.detail = detail
        if hint is not None:
            self.hint = hint

    @classmethod
    def at(cls, path: str, msg: str) -> Self:
        """The error for one wrong field."""
        return cls(f"{path}: {msg}", fields=(FieldProblem(path=path, msg=msg),))


class RequestInvalidError(HireloomError):
    code, status, category = "request.invalid", 400, "you"
    hint = "Correct the fields that are named and send the request again."


class PageTokenError(RequestInvalidError):
    hint = "Start again without pageToken; a token belongs to one integration, method and filter."


class SyncNotEnabledError(HireloomError):
    code, status, category = "sync.not_enabled", 400, "you"
    hint = "Register a webhook that takes this data type with webhook.create, then start the sync."


class KeyInvalidError(HireloomError):
    code, status, category = "key.invalid", 401, "you"
    hint = "Send 'Authorization: Bearer <key>' with a key from 'hireloom keys create'."


class SignatureInvalidError(HireloomError):
    code, status, category = "event.signature_invalid", 401, "customer"
    hint = "Compare the webhook's secret in the ATS with the one that events.subscribe gave."


class ScopeMissingError(HireloomError):
    code, status, category = "key.scope_missing", 403, "you"
    hint = "Use a key that has the scope, or make one with 'hireloom keys create'."


class IntegrationNotFoundError(HireloomError):
    code, status, category = "integration.not_found", 404, "you"
    hint = "Check the X-Integration-Id header against integration.list."


class NotSupportedError(HireloomError):
    code, status, category = "operation.not_supported", 404, "you"
    hint = "See connector.get for what this vendor can do, or use passthrough."


class NoPlaceError(NotSupportedError):
    """This account has no such place, though other accounts of the vendor may."""

    hint = "Choose another channel, or make the place in the ATS."


class ResourceNotFoundError(HireloomError):
    code, status, category = "resource.not_found", 404, "you"
    hint = "Check the id; the object may have been deleted, merged or hidden from this account."


class SyncNotFoundError(HireloomError):
    code, status, category = "sync.not_found", 404, "you"
    hint = "See sync.list for the syncs of this integration; sync.start makes one."


class RunNotFoundError(HireloomError):
    code, status, category = "sync.run_not_found", 404, "you"
    hint = "See sync.run.list for the runs of this integration's syncs."


class MethodNotAllowedError(HireloomError):
    code, status, category = "request.method_not_allowed", 405, "you"
    hint = "Reads are GET, everything else is POST; see /openapi.json."


class IdempotencyMismatchError(HireloomError):
    code, status, category = "idempotency.mismatch", 409, "you"
    hint = "Use a new Idempotency-Key for a new request."


class ConflictError(HireloomError):
    code, status, category = "resource.conflict", 409, "you"
    hint = "Read the object again and decide; it is not in the state that this call needs."


class CutOffError(ConflictError):
    """What an earlier call wrote may be there; it is for a person to look."""

    hint = "Look in the ATS. If it is not there, send it once more: it is then written."


class MassDeletionError(HireloomError):
    code, status, category = "sync.mass_deletion", 409, "you"
    hint = (
        "Look into the ATS: if those records are really gone, call sync.run.replay with"
        " allowDeletes; if not, the next run tries again by itself."
    )


class IntegrationDeactivatedError(HireloomError):
    code, status, category = "integration.deactivated", 410, "you"
    hint = "It was deactivated by integration.deactivate; integration.reactivate undoes that."


class TooLargeError(HireloomError):
    code, status, category = "request.too_large", 413, "you"
    hint = "Send less at once, or the file by URL."


class RejectedError(HireloomError):
    code, status, category = "upstream.rejected", 422, "you"
    hint = "Read upstream.body: the ATS says there what it did not accept."


class CredentialsInvalidError(HireloomError):
    code, status, category = "integration.credentials_invalid", 424, "customer"
    hint = "Ask the customer to reconnect this account; the ATS no longer accepts its credentials."


class PermissionMissingError(HireloomError):
    code, status, category = "integration.permission_missing", 424, "customer"
    permission: str = ""  # as the vendor calls it
    permissions: tuple[str, ...] = ()  # all that are known to be missing, where it was asked
    hint = "Ask the customer to grant the named permission to the API credentials in the ATS."


class RateLimitedError(HireloomError):
    code, status, category, retryable = "rate.limited", 429, "you", True
    hint = "Wait for Retry-After seconds, then send the request again."


class UnexpectedAnswerError(HireloomError):
    code, status, category = "upstream.unexpected", 502, "vendor"
    hint = "The ATS answered in a shape that Hireloom does not know; report it with executionId."


class UpstreamRateLimitedError(HireloomError):
    code, status, category, retryable = "upstream.rate_limited", 503, "vendor", True
    hint = "The ATS limits calls from this account; try again after Retry-After seconds."


class UnavailableError(HireloomError):
    code, status, category, retryable = "upstream.unavailable", 503, "vendor", True
    hint = "The ATS is down or unreachable; try again after Retry-After seconds."


class TimedOutError(HireloomError):
    code, status, category, retryable = "upstream.timeout", 504, "vendor", True
    hint = "The ATS did not answer in time; try again."


class InternalError(HireloomError):
    code, status, category, retryable = "hireloom.internal", 500, "hireloom", True
    hint = "This is a defect in Hireloom; the log has the details under the executionId."


class DatabaseAwayError(HireloomError):
    code, status, category, retryable = "hireloom.unavailable", 503, "hireloom", True
    hint = "Hireloom waits for its database; try again after Retry-After seconds."


def every_error() -> Iterator[type[HireloomError]]:
    """The whole tree, parents first: the source of the error table in the documentation."""
    waiting = list(HireloomError.__subclasses__())
    while waiting:
        kind = waiting.pop(0)
        if kind.__module__ == __name__:  # a client makes more of them at run time
            yield kind
        waiting.extend(kind.__subclasses__())


def near(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'info.id'?`, where something is near."""
    found = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean '{found[0]}'?" if found else ""
