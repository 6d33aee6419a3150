"""From an issue to its lines of the log, and back from a line, a delivery or a run to the issue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

import msgspec

from hireloom.issues.kind import Lines
from hireloom.issues.kinds import KINDS
from hireloom.issues.places import known_of
from hireloom.issues.showing import shown
from hireloom.models import Issue
from hireloom.store import issues
from hireloom.store.calls import Call
from hireloom.store.pool import Connection
from hireloom.store.seal import OURS

MOST = 500  # open issues among which one is looked for


def lines_of(issue: Issue) -> Lines | None:
    """The filter of the log that finds its lines; None where there are none."""
    lines = KINDS[issue.kind].lines
    if lines is None:
        return None
    known = known_of(issue)
    fields = {name: text.format_map(known) for name, text in msgspec.structs.asdict(lines).items()}
    # A run of which nothing is known must not find everything of the account.
    return None if lines.execution and not fields["execution"] else Lines(**fields)


def filter_of(issue: Issue) -> dict[str, str]:
    """What the console's log is asked for; empty where there are no lines."""
    lines = lines_of(issue)
    if lines is None:
        return {}
    asked = {"integration": issue.integration_id or "", **msgspec.structs.asdict(lines)}
    return {name: one for name, one in asked.items() if one}


def log_of(issue: Issue) -> str:
    """The console's log with that filter set."""
    asked = filter_of(issue)
    return f"/console/logs?{urlencode(asked)}" if asked else ""


def tells_of(call: Call, issue: Issue) -> bool:
    """Whether a line of the log is among those that the filter finds."""
    lines = lines_of(issue)
    return (
        lines is not None
        and issue.integration_id in (None, call.integration_id)
        and lines.method in ("", call.operation)
        and lines.code in ("", call.code)
        and lines.execution in ("", call.execution_id)
        and (lines.kind != "failed" or call.has_failed)
        and (not lines.kind.isdecimal() or lines.kind == str(call.status or 0)[0])
    )


@dataclass(frozen=True)
class Open:
    """The issues that are open just now, each as it is kept and as it is shown."""

    issues: Sequence[tuple[issues.Issue, Issue]]

    @cached_property
    def _by_account(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for kept, _ in self.issues:
            found.setdefault(kept.integration_id, []).append(kept.id)
        return found

    def of(self, thing: str, about: str) -> list[Issue]:
        """Those about a sync or a webhook, by its id."""
        return [
            issue
            for kept, issue in self.issues
            if kept.cause == thing and KINDS[issue.kind].about == about
        ]

    def of_lines(self, asked: Mapping[str, str]) -> list[Issue]:
        """Those whose lines a filter of the log finds, and no others."""
        return [issue for _, issue in self.issues if filter_of(issue) == asked != {}]

    def of_call(self, call: Call) -> Issue | None:
        """The one that a failed line is part of; None also where it might be one of several."""
        if not call.has_failed:
            return None
        near = {*self._by_account.get(call.integration_id, ()), *self._by_account.get(OURS, ())}
        found = [one for _, one in self.issues if one.issue_id in near and tells_of(call, one)]
        exact = [one for one in found if one.execution_id == call.execution_id]
        return exact[0] if exact else found[0] if len(found) == 1 else None


async def open_issues(conn: Connection) -> Open:
    kept = {one.id: one for one in await issues.page(conn, state="open", size=MOST)}
    return Open([(kept[one.issue_id], one) for one in await shown(conn, list(kept.values()))])
