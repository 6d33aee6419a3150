"""What calls and accounts tell: failing operations, limits, credentials, permissions."""

from datetime import timedelta

from hireloom.errors import (
    CredentialsInvalidError,
    PermissionMissingError,
    UnexpectedAnswerError,
    UpstreamRateLimitedError,
)
from hireloom.issues.kind import ERRORS, FromCalls, Lines, Refusing, error_of
from hireloom.store import failures
from hireloom.store.failures import FailedCalls
from hireloom.store.seal import OURS

CARELESS = 10  # errors of a caller, until they are an issue
# Of these there are kinds of their own.
ELSEWHERE = frozenset(
    one.code
    for one in (
        CredentialsInvalidError,
        PermissionMissingError,
        UnexpectedAnswerError,
        UpstreamRateLimitedError,
    )
)


class CallFailing(FromCalls):
    name = "call_failing"
    heading = "{subject} fails with {code}"
    found = (
        "A call of the API ended in an error and none of the same operation went well since. Errors"
        " that the caller makes count from the tenth on."
    )
    steps = (
        "Open the execution id in the log: its lines show the calls to the ATS and their statuses.",
        "When the cause is gone, call {subject} again.",
    )
    ends = "The same operation goes well on this account, or it failed no more for a day."
    lines = Lines(method="{subject}", code="{code}")
    ends_with_success = True
    quiet = timedelta(days=1)

    def cause(self, call: FailedCalls) -> str | None:
        is_ours = call.direction == "in" and call.code not in ELSEWHERE
        return f"{call.code} {call.operation}" if is_ours else None

    def least(self, call: FailedCalls) -> int:
        is_caller_s = call.code in ERRORS and error_of(call.code).category == "you"
        return CARELESS if is_caller_s else 1


class SchemaDrift(FromCalls):
    name = "schema_drift"
    heading = "The ATS answers {subject} in an unknown shape"
    acts = "vendor"
    found = "A call ended in `upstream.unexpected`: the answer is not what the ATS documents."
    steps = (
        "The connector's page in the documentation says when it was last compared with the ATS's.",
        "Upgrade Hireloom if there is a newer version; otherwise report it with the execution id.",
        "Until then passthrough gives the answer as it is.",
    )
    ends = "The same operation goes well on this account, or it failed no more for a day."
    lines = Lines(method="{subject}", code="{code}")
    ends_with_success = True
    quiet = timedelta(days=1)

    def cause(self, call: FailedCalls) -> str | None:
        return call.operation if call.code == UnexpectedAnswerError.code else None


class RateLimited(FromCalls):
    name = "rate_limited"
    heading = "The ATS has been limiting the calls of this account for a while"
    acts = "you"
    found = "The ATS refused calls with 429, or calls waited too long for a place, for 10 minutes."
    steps = (
        "See in the log which operations call most, and read lists with filters or by a sync.",
        "Let syncs that may be late run less often (sync.update with a lower frequency).",
        "Ask the customer what else calls with this account, and the vendor for a higher limit.",
    )
    ends = "15 minutes without a refusal."
    lines = Lines(kind="4")
    code = UpstreamRateLimitedError.code
    lasting = timedelta(minutes=10)
    quiet = timedelta(minutes=15)

    def cause(self, call: FailedCalls) -> str | None:
        is_limit = call.direction == "out" or call.code == self.code
        return "" if is_limit and call.integration_id != OURS else None

    def least(self, call: FailedCalls) -> int:
        return 5


class CredentialsInvalid(Refusing):
    name = "credentials_invalid"
    heading = "The ATS no longer accepts the credentials of this account"
    acts = "customer"
    found = "The ATS refused the credentials; the account is in the state CREDENTIALS_INVALID."
    steps = (
        "Send the customer a new link with auth.createSession; the integration id stays the same.",
        "If they changed nothing, the key was revoked or its owner left: they need another one.",
    )
    ends = "A call or a sync goes well, or new credentials were verified."
    lines = Lines(code="{code}")
    code = CredentialsInvalidError.code
    query = failures.CREDENTIALS


class PermissionMissing(Refusing):
    name = "permission_missing"
    heading = "The account lacks a permission: {subject}"
    acts = "customer"
    found = (
        "The ATS refused a call for want of a permission. What was found to be missing when"
        " connecting and no call needed yet is shown with the account, and is no issue."
    )
    steps = (
        "These operations wait for it: {operations}.",
        "When it was granted, integration.verify finds it, and so does one of these operations.",
    )
    ends = "The operations go well, or a verification finds the permission."
    lines = Lines(code="{code}")
    code = PermissionMissingError.code
    query = failures.PERMISSIONS
