"""What a run tells a person: how far it is, and at the end what became of the rows."""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from hireloom.bulk.receipts import Outcome
from hireloom.models import ScoreChange

NAMED = 20  # failed rows on the terminal; the resume file has all of them
EACH = 25  # rows to a line, where there is no bar
BEFORE = "by an earlier run"
CHANGED = {
    ScoreChange.CREATED: "written",
    ScoreChange.UPDATED: "updated",
    ScoreChange.CORRECTED: "corrected",
    ScoreChange.UNCHANGED: "unchanged",
}


@dataclass
class Tally:
    """Counts by what was done and where, or by the code of the error."""

    written: Counter[tuple[str, str]] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    hints: dict[str, str] = field(default_factory=dict)
    named: list[Outcome] = field(default_factory=list)
    before: int = 0

    @property
    def has_any(self) -> bool:
        return bool(self.written or self.failed or self.before)

    def add(self, one: Outcome) -> None:
        if one.receipt is not None:
            self.written[(CHANGED[one.receipt.change], one.receipt.channel.value)] += 1
            return
        error: Mapping[str, Any] = one.error or {}
        code = str(error.get("code", ""))
        self.failed[code] += 1
        self.hints.setdefault(code, str(error.get("hint", "")))
        if len(self.named) < NAMED:
            self.named.append(one)

    def table(self) -> Table:
        """Wide enough for its longest hint where nobody looks at it on a screen."""
        table = Table("rows", "what", "where, or what to do")
        order = list(CHANGED.values())
        for (what, channel), count in sorted(
            self.written.items(), key=lambda pair: (order.index(pair[0][0]), pair[0][1])
        ):
            table.add_row(str(count), what, channel)
        if self.before:
            table.add_row(str(self.before), "done", BEFORE)
        for code, count in self.failed.most_common():
            table.add_row(str(count), f"failed: {code}", self.hints[code])
        return table

    def print(self, out: Console) -> None:
        if not self.has_any:
            out.print("There was nothing to do.")
            return
        print_table(out, self.table())
        for one in self.named:
            out.print(in_words(one), soft_wrap=True)
        if more := self.failed.total() - len(self.named):
            out.print(f"… and {more} more")


def in_words(one: Outcome) -> str:
    error = one.error or {}
    named = f" ({one.external_id})" if one.external_id else ""
    return f"line {one.line}{named}: {error.get('code')}: {error.get('msg')}"


def print_table(out: Console, table: Table) -> None:
    if not sys.stdout.isatty():
        widest = out.measure(table, options=out.options.update(max_width=1000)).maximum
        out.width = max(out.width, widest)
    out.print(table)


class Shown(Protocol):
    """How far a run is."""

    def done(self, rows: int) -> None: ...
    def say(self, text: str) -> None: ...


@dataclass
class Lines:
    """A line now and then, where nobody watches."""

    err: Console
    total: int
    count: int = 0

    def done(self, rows: int) -> None:
        before, self.count = self.count, self.count + rows
        if self.count // EACH > before // EACH or self.count == self.total > before:
            self.err.print(f"{self.count} of {self.total} rows")

    def say(self, text: str) -> None:
        self.err.print(text)


@dataclass
class Bar:
    progress: Progress
    task: Any

    def done(self, rows: int) -> None:
        self.progress.advance(self.task, rows)

    def say(self, text: str) -> None:
        self.progress.console.print(text)


@contextmanager
def shown(err: Console, total: int) -> Iterator[Shown]:
    """A bar on a terminal, else lines."""
    if not err.is_terminal:
        yield Lines(err, total)
        return
    columns = (TextColumn("rows"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err) as progress:
        yield Bar(progress, progress.add_task("rows", total=total))
