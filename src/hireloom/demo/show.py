"""What the demo prints: for a terminal, and as readable where there is none or a narrow one."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.status import Status
from rich.table import Table
from rich.text import Text

from hireloom.demo.calls import Json

INDENT = 5
SIDE_BY_SIDE = 76  # columns below which the vendors stand one under the other


class Bars:
    """A bar for each name; where the output is no terminal, they are printed once, at the end."""

    def __init__(self, progress: Progress, tasks: Mapping[str, TaskID]) -> None:
        self._progress = progress
        self._tasks = tasks

    def draw(self, name: str, done: int, total: int, said: str) -> None:
        self._progress.update(self._tasks[name], completed=done, total=total, said=said)


class Show:
    def __init__(self, console: Console) -> None:
        self.console = console
        self._status: Status | None = None

    @contextmanager
    def working(self, what: str) -> Iterator[None]:
        """A spinner; nothing where the output is no terminal."""
        with self.console.status(what) as self._status:
            yield
        self._status = None

    @contextmanager
    def bars(self, names: Sequence[str], what: str) -> Iterator[Bars]:
        """In the spinner's place: a terminal has one moving thing at a time."""
        if self._status is not None:
            self._status.stop()
        width = 24 if self.console.width >= SIDE_BY_SIDE else 10
        progress = Progress(
            TextColumn("     {task.description:<10}"),
            BarColumn(bar_width=width),
            TextColumn(f"{what} {{task.fields[said]}}"),
            console=self.console,
        )
        with progress:
            tasks = {name: progress.add_task(name, total=1, said="") for name in names}
            yield Bars(progress, tasks)
        if self._status is not None:
            self._status.start()

    def step(self, number: int, count: int, title: str) -> None:
        self.console.print()
        self.console.print(Text(f"{number}/{count}  {title}", style="bold cyan"))

    def say(self, text: str, style: str = "") -> None:
        self.console.print(Text(text, style=style))

    def tell(self, text: str, style: str = "dim") -> None:
        """Sentences, indented like all that belongs to a step."""
        self.console.print(Padding(Text(text, style=style), (0, 0, 0, INDENT), expand=False))

    def line(self, text: str) -> None:
        """A line that is to be copied, so it is never broken."""
        self.console.print(Text(text), soft_wrap=True)

    def call(self, method: str) -> None:
        self.tell(method)

    def table(self, columns: Mapping[str, Mapping[str, str]]) -> None:
        """Field by field, the vendors side by side; `columns` is vendor → field → value."""
        fields = list(dict.fromkeys(field for column in columns.values() for field in column))
        if self.console.width < SIDE_BY_SIDE:
            self._stacked(columns)
            return
        table = Table("", *columns, box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
        table.columns[0].style = "dim"
        table.columns[0].overflow = "fold"
        for column in table.columns[1:]:
            column.ratio = 1
            column.overflow = "fold"
        table.expand = True
        for field in fields:
            table.add_row(Text(field), *(Text(one.get(field, "–")) for one in columns.values()))
        self.console.print(table)

    def _stacked(self, columns: Mapping[str, Mapping[str, str]]) -> None:
        for vendor, values in columns.items():
            self.console.print(Text(vendor, style="bold"))
            for field, value in values.items():
                first, _, rest = value.partition("\n")
                self.console.print(Text(f"  {field}: {first}"))
                if rest:
                    self.console.print(Padding(Text(rest), (0, 0, 0, 4), expand=False))

    def failed(self, title: str, what: str, more: Sequence[tuple[str, str]] = ()) -> None:
        self.console.print()
        self.console.print(Text(f"✗ {title}", style="bold red"))
        self.console.print(Text(f"  {what}"))
        for name, value in more:
            if value:
                self.console.print(Text(f"  {name}: {value}"))


def short(identity: str | None, length: int = 15) -> str:
    """An id that fits into a column; vendors' ids may be 36 characters long."""
    if identity is None:
        return "none"
    return identity if len(identity) <= length else f"{identity[: length - 1]}…"


def plain(value: object) -> str:
    """A value of the model, for people; what the vendor cannot supply is a dash."""
    if value is MISSING:
        return "–"
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


MISSING = object()


def at(record: Json, path: str) -> str:
    """The value at a dotted path of a record; in lists, of the first one."""
    value: object = record
    for name in path.split("."):
        if isinstance(value, list):
            value = value[0] if value else None
        if value is None:
            return "none"
        value = value.get(name, MISSING) if isinstance(value, dict) else MISSING
        if value is MISSING:
            break
    return plain(value)
