"""What calls and accounts tell: failing operations, limits, credentials, permissions."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec

from hireloom.errors import (
    CredentialsInvalidError,
    PermissionMissingError,
    UnexpectedAnswerError,
    UpstreamRateLimitedError,
)
from hireloom.issues.kind import ERRORS, Kind, error_of
from hireloom.store import failures
from hireloom.store.failures import FailedCalls
from hireloom.store.issues import Finding
from hireloom.store.pool import Connection
from hireloom.store.seal import OURS

DAY = timedelta(days=1)
LONGEST = 200  # letters of a permission's name, which may be the vendor's sentence
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
CARELESS = 10  # errors of a caller, until they are an issue


class CallFailing(Kind):
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
    has_hint = True
    counts = True
    ends_with_success = True
    quiet = DAY

    async def find(self, conn: Connection, calls: Sequence[FailedCalls]) -> list[Finding]:
        return [
            _of_call(self, one, f"{one.code} {one.operation}", least=_least(one.code))
            for one in calls
            if one.direction == "in" and one.code not in ELSEWHERE
        ]


class SchemaDrift(Kind):
    name = "schema_drift"
    heading = "The ATS answers {subject} in an unknown shape"
    acts = "vendor"
    found = "A call ended in `upstream.unexpected`: the answer is not what the ATS documents."
    steps = (
        "See in connector.get when this connector was last compared with the documentation.",
        "Upgrade Hireloom if there is a newer version; otherwise report it with the execution id.",
        "Until then passthrough gives the answer as it is.",
    )
    ends = "The same operation goes well on this account, or it failed no more for a day."
    has_hint = True
    counts = True
    ends_with_success = True
    quiet = DAY

    async def find(self, conn: Connection, calls: Sequence[FailedCalls]) -> list[Finding]:
        return [
            _of_call(self, one, one.operation)
            for one in calls
            if one.code == UnexpectedAnswerError.code
        ]


class RateLimited(Kind):
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
    has_hint = True
    counts = True
    quiet = timedelta(minutes=15)

    async def find(self, conn: Connection, calls: Sequence[FailedCalls]) -> list[Finding]:
        code, lasting = UpstreamRateLimitedError.code, timedelta(minutes=10)
        return [
            msgspec.structs.replace(_of_call(self, one, "", least=5), code=code, lasting=lasting)
            for one in calls
            if one.integration_id != OURS and (one.direction == "out" or one.code == code)
        ]


class CredentialsInvalid(Kind):
    name = "credentials_invalid"
    heading = "The ATS no longer accepts the credentials of this account"
    acts = "customer"
    found = "The ATS refused the credentials; the account is in the state CREDENTIALS_INVALID."
    steps = (
        "Send the customer a new link with auth.createSession; the integration id stays the same.",
        "If they changed nothing, the key was revoked or its owner left: they need another one.",
    )
    ends = "A call or a sync goes well, or new credentials were verified."
    has_hint = True

    async def find(self, conn: Connection, calls: Sequence[FailedCalls]) -> list[Finding]:
        refused = _sums(calls, CredentialsInvalidError.code)
        return [
            _with_calls(
                Finding(
                    integration_id=row["integration_id"],
                    kind=self.name,
                    cause="",
                    count=0,
                    first_at=row["at"],
                    last_at=row["at"],
                    code=CredentialsInvalidError.code,
                    adds=True,
                    least=0,
                ),
                refused,
            )
            for row in await failures.of_credentials(conn)
        ]


class PermissionMissing(Kind):
    name = "permission_missing"
    heading = "The account lacks a permission: {subject}"
    acts = "customer"
    found = "The ATS refused operations for want of a permission, when connecting or in a call."
    steps = (
        "These operations wait for it: {operations}.",
        "When it was granted, call integration.verify or one of these operations.",
    )
    ends = "The operations go well, or a verification finds the permission."
    has_hint = True

    async def find(self, conn: Connection, calls: Sequence[FailedCalls]) -> list[Finding]:
        refused = _sums(calls, PermissionMissingError.code)
        return [
            _with_calls(
                Finding(
                    integration_id=row["integration_id"],
                    kind=self.name,
                    cause=row["permission"][:LONGEST],
                    count=0,
                    first_at=row["at"],
                    last_at=row["at"],
                    code=PermissionMissingError.code,
                    subject=row["permission"][:LONGEST],
                    detail={"operations": ", ".join(row["operations"])},
                    adds=True,
                    least=0,
                ),
                refused,
            )
            for row in await failures.of_permissions(conn)
        ]


def _least(code: str | None) -> int:
    return CARELESS if code in ERRORS and error_of(code).category == "you" else 1


def _of_call(kind: Kind, one: FailedCalls, cause: str, *, least: int = 1) -> Finding:
    return Finding(
        integration_id=one.integration_id,
        kind=kind.name,
        cause=cause,
        count=one.count,
        first_at=one.first_at,
        last_at=one.last_at,
        code=one.code,
        subject=one.operation,
        adds=True,
        least=least,
        execution_id=one.execution_id,
    )


def _with_calls(finding: Finding, refused: Mapping[str, FailedCalls]) -> Finding:
    """The finding with the calls that it made fail."""
    last = refused.get(finding.integration_id)
    if last is None:
        return finding
    return msgspec.structs.replace(
        finding,
        count=last.count,
        first_at=min(finding.first_at, last.first_at),
        last_at=max(finding.last_at, last.last_at),
        execution_id=last.execution_id,
    )


def _sums(calls: Sequence[FailedCalls], code: str) -> dict[str, FailedCalls]:
    """The calls of each account that ended so, as if they were of one operation."""
    found: dict[str, FailedCalls] = {}
    for one in sorted(calls, key=lambda each: each.last_at):
        if one.code != code:
            continue
        before = found.get(one.integration_id)
        if before is not None:
            one = msgspec.structs.replace(  # noqa: PLW2901 – the sum goes on
                one,
                count=one.count + before.count,
                first_at=min(one.first_at, before.first_at),
            )
        found[one.integration_id] = one
    return found
