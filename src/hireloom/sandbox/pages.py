"""How the page of one application looks to a recruiter, whatever the vendor."""

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]


def entry(title: str, lines: Iterable[str], by: str | None = None, at: str | None = None) -> Json:
    """`by` and `at` are None where the vendor does not show who it was, and when."""
    return {"title": title, "by": by, "at": at, "lines": list(lines)}


def page(candidate: str, job: str | None, tabs: Iterable[tuple[str, Iterable[Json]]]) -> Json:
    """Entries newest first; those without a time keep their order and stand at the end."""
    return {
        "candidate": candidate,
        "job": job,
        "tabs": [
            {
                "name": name,
                "entries": sorted(entries, key=lambda each: each["at"] or "", reverse=True),
            }
            for name, entries in tabs
        ],
    }


def shown(value: Any) -> list[str]:
    """A value of any custom field, in lines."""
    if isinstance(value, bool):
        return ["Yes" if value else "No"]
    if isinstance(value, list | tuple):
        return [", ".join(str(each) for each in value)]
    if isinstance(value, dict):
        return [" ".join(str(each) for each in value.values() if each is not None)]
    if isinstance(value, float):
        return [f"{value:g}" if value.is_integer() else str(value)]
    return str(value).splitlines()


def labelled(label: str, value: Any) -> list[str]:
    """`label: value`, and the value's further lines below it; nothing for an empty value."""
    if is_empty(value):
        return []
    first, *rest = shown(value) or [""]
    return [f"{label}: {first}", *rest]


def is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def words(code: str) -> str:
    """`strong_yes` as "Strong yes"."""
    return code.replace("_", " ").capitalize()
