"""An application's page in the ATS, as the sandbox shows it to a recruiter."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hireloom.demo.calls import Json
from hireloom.demo.scene import Account, Scene

# As the vendors word them; some know but yes and no.
VERDICTS = {"PASS": ("PASS", "Pass", "Yes"), "FAIL": ("FAIL", "Fail", "No")}


@dataclass(frozen=True)
class Entry:
    """Something on the page, on one of its tabs."""

    tab: str
    title: str
    by: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join((self.title, *self.lines))


async def page_of(scene: Scene, account: Account) -> list[Entry]:
    path = f"/_sandbox/{account.app}/screen?application={account.application_id}"
    return [
        Entry(tab["name"], entry["title"] or "", entry["by"] or "", tuple(entry["lines"]))
        for tab in (await scene.sandbox(path))["tabs"]
        for entry in tab["entries"]
    ]


def new_in(page: Sequence[Entry], before: Collection[Entry]) -> list[Entry]:
    """Entries that were not there, or not like this."""
    return [entry for entry in page if entry not in before]


def drawn(entries: Iterable[Entry]) -> str:
    """Entries for a column: where they stand, who wrote them, and all of their lines."""
    shown = []
    for entry in entries:
        head = [f"[{entry.tab}] {entry.title}", f"by {entry.by}" if entry.by else ""]
        shown.append("\n".join(line for line in (*head, *entry.lines) if line.strip()))
    return "\n\n".join(shown) or "nothing"


def lacking(entries: Iterable[Entry], score: Json, fields: Iterable[str]) -> list[str]:
    """Which of these fields of a score the entries do not show."""
    text = " ".join(" ".join(entry.text for entry in entries).split())
    return [name for name in fields if not is_shown(score[name], name, text)]


def is_shown(value: Any, name: str, text: str) -> bool:
    """Whether a text has what is to be read where a field of a score is said to be."""
    match name:
        case "assessment" | "evaluator":
            return value["name"] in text
        case "score":
            return f"Score: {value['value']}" in text
        case "breakdown":
            return all(f"{part['label']}: {part['value']}" in text for part in value)
        case "completedAt":
            return value[:10] in text or f"{datetime.fromisoformat(value):%-d %B %Y}" in text
        case "result":
            return any(f"Result: {word}" in text for word in VERDICTS[value])
        case _:
            return str(value) in text
