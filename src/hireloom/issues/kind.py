"""What a kind of cause is: how it is found, what it is called, who must act, and what to do.

A kind `FromCalls` is fed from the log of calls and ends with a success or after a quiet time. One
that is `Standing` says what is wrong now: what it no longer finds has resolved itself. What an
error code means stands in `errors`; its hint is the first step.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar, Literal

import msgspec

from hireloom.errors import Category, HireloomError, every_error
from hireloom.store import failures
from hireloom.store.failures import FailedCalls
from hireloom.store.issues import Finding
from hireloom.store.pool import Connection

# Of classes with the same code, the first: the parent.
ERRORS = {one.code: one for one in reversed(list(every_error()))}


class Facts(msgspec.Struct, frozen=True):
    """What a title and the steps are made of, from an issue or a finding."""

    code: str | None = None
    subject: str = ""
    detail: dict[str, Any] = {}


class Lines(msgspec.Struct, frozen=True):
    """What finds the lines of an issue in the log, as the console filters it, in its account."""

    method: str = ""
    code: str = ""
    kind: str = ""
    execution: str = ""


class Kind(ABC):
    """One kind of cause. `{subject}` and the members of the detail may stand in its texts."""

    name: ClassVar[str]
    heading: ClassVar[str]
    acts: ClassVar[Category | None] = None  # None: whom the error's code names
    found: ClassVar[str]
    steps: ClassVar[tuple[str, ...]]
    ends: ClassVar[str]
    about: ClassVar[Literal["account", "sync", "webhook"]] = "account"
    lines: ClassVar[Lines | None] = Lines()  # None: no line of the log tells of it
    has_hint: ClassVar[bool] = False  # its issues have an error's code
    ends_with_success: ClassVar[bool] = False
    quiet: ClassVar[timedelta | None] = None  # over after so long without another one

    @abstractmethod
    async def find(self, conn: Connection, calls: Sequence[FailedCalls]) -> list[Finding]:
        """What is wrong, by `calls` that failed since the last look or by what stands in tables."""

    def title(self, facts: Facts) -> str:
        return _filled(self.heading, facts)

    def category(self, facts: Facts) -> Category:
        if self.acts is not None:
            return self.acts
        return error_of(facts.code).category if facts.code in ERRORS else "you"

    def what_to_do(self, facts: Facts) -> list[str]:
        hint = [error_of(facts.code).hint] if facts.code in ERRORS else []
        return [*hint, *(_filled(step, facts) for step in self.steps)]


class FromCalls(Kind):
    """A kind whose issues grow with every call that fails so."""

    has_hint = True
    code: ClassVar[str | None] = None  # None: that of the call
    lasting: ClassVar[timedelta] = timedelta()  # until it is an issue

    @abstractmethod
    def cause(self, call: FailedCalls) -> str | None:
        """What tells such calls from others of the kind; None: they are not of this kind."""

    def least(self, call: FailedCalls) -> int:
        """How many of them make an issue."""
        return 1

    async def find(self, conn: Connection, calls: Sequence[FailedCalls]) -> list[Finding]:
        return [
            Finding(
                integration_id=call.integration_id,
                kind=self.name,
                cause=cause,
                count=call.count,
                first_at=call.first_at,
                last_at=call.last_at,
                code=self.code or call.code,
                subject=call.operation,
                adds=True,
                least=self.least(call),
                lasting=self.lasting,
                execution_id=call.execution_id,
            )
            for call in calls
            if (cause := self.cause(call)) is not None
        ]


class Standing(Kind):
    """A kind of which a query finds all that is wrong now."""

    query: ClassVar[str]

    async def find(self, conn: Connection, calls: Sequence[FailedCalls]) -> list[Finding]:
        return [Finding(kind=self.name, **row) for row in await failures.found(conn, self.query)]


class Refusing(Standing):
    """A standing kind that counts the calls which ended in its error, whatever their operation."""

    has_hint = True
    code: ClassVar[str]

    async def find(self, conn: Connection, calls: Sequence[FailedCalls]) -> list[Finding]:
        refused = [one for one in calls if one.code == self.code]
        return [_with_calls(one, refused, self.code) for one in await super().find(conn, calls)]


def _with_calls(finding: Finding, calls: Sequence[FailedCalls], code: str) -> Finding:
    """The finding with the calls that it made fail; it is an issue without any."""
    own = [one for one in calls if one.integration_id == finding.integration_id]
    last = max(own, key=lambda one: one.last_at, default=None)
    return msgspec.structs.replace(
        finding,
        code=code,
        adds=True,
        least=0,
        count=sum(one.count for one in own),
        first_at=min([finding.first_at, *(one.first_at for one in own)]),
        last_at=max([finding.last_at, *(one.last_at for one in own)]),
        execution_id=None if last is None else last.execution_id,
    )


def error_of(code: str | None) -> type[HireloomError]:
    return ERRORS.get(code or "", HireloomError)


def _filled(text: str, facts: Facts) -> str:
    """What a row of an older version does not know stays open."""
    known = {"subject": facts.subject, "code": facts.code, **facts.detail}
    return text.format_map(defaultdict(lambda: "…", known))
