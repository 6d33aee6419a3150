"""What a kind of cause is: how it is found, what it is called, who must act, and what to do.

A kind that `counts` is fed from the log of calls and ends with a success or after a quiet time. All
others say what is wrong now: what they no longer find has resolved itself. What an error code means
stands in `errors`; its hint is the first step.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

import msgspec

from hireloom.errors import Category, HireloomError, every_error
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


class Kind:
    """One kind of cause. `{subject}` and the members of the detail may stand in its texts."""

    name: ClassVar[str]
    heading: ClassVar[str]
    acts: ClassVar[Category | None] = None  # None: whom the error's code names
    found: ClassVar[str]
    steps: ClassVar[tuple[str, ...]]
    ends: ClassVar[str]
    has_hint: ClassVar[bool] = False  # its issues have an error's code
    counts: ClassVar[bool] = False
    ends_with_success: ClassVar[bool] = False
    quiet: ClassVar[timedelta | None] = None  # over after so long without another one

    async def find(self, conn: Connection, calls: Sequence[FailedCalls]) -> list[Finding]:
        raise NotImplementedError

    def title(self, facts: Facts) -> str:
        return _filled(self.heading, facts)

    def category(self, facts: Facts) -> Category:
        if self.acts is not None:
            return self.acts
        return error_of(facts.code).category if facts.code in ERRORS else "you"

    def what_to_do(self, facts: Facts) -> list[str]:
        hint = [error_of(facts.code).hint] if facts.code in ERRORS else []
        return [*hint, *(_filled(step, facts) for step in self.steps)]


def error_of(code: str | None) -> type[HireloomError]:
    return ERRORS.get(code or "", HireloomError)


def _filled(text: str, facts: Facts) -> str:
    """What a row of an older version does not know stays open."""
    known = {"subject": facts.subject, "code": facts.code, **facts.detail}
    return text.format_map(defaultdict(lambda: "…", known))
