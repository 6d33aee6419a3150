"""One opportunity's page as Lever's windows show it: what came in, the newest first."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any

from hireloom.sandbox._lever_account import Account
from hireloom.sandbox._lever_shelf import Json

EMPTY = "—"


def page(account: Account, application: str) -> Json:
    """By Lever's id or by an index of the world; ValueError for what is not there."""
    index = int(application) if application.isdigit() else account.opportunities.index(application)
    record = None if index is None else account.opportunity_at(index)
    if index is None or record is None:
        raise ValueError(f"no opportunity {application}")
    posting = account.postings.get(account.posting_of(index) or "")
    tabs = {
        "Notes": [_note(account, row) for row in account.notes.of(index)],
        "Feedback": [_form(account, row) for row in account.feedback.of(index)],
        "Profile Forms": [_form(account, row) for row in account.forms.of(index)],
        "Links and Tags": list(_labels(account, record)),
        "Files": list(_files(account, index)),
    }
    return {
        "candidate": record["name"],
        "job": None if posting is None else posting["text"],
        "tabs": [{"name": name, "entries": _newest_first(rows)} for name, rows in tabs.items()],
    }


def _newest_first(entries: Iterable[Json]) -> list[Json]:
    ordered = sorted(entries, key=lambda entry: entry["at"] or 0, reverse=True)
    return [{**entry, "at": _clock(entry["at"])} for entry in ordered]


def _entry(title: str, by: str | None, at: int | None, lines: list[str]) -> Json:
    return {"title": title, "by": by, "at": at, "lines": lines}


def _clock(at: int | None) -> str | None:
    if at is None:
        return None
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds")


def _name(account: Account, user_id: str | None) -> str | None:
    user = None if user_id is None else account.users.get(user_id)
    return None if user is None else str(user["name"])


# Notes are plain text: markup shows as it was sent.


def _note(account: Account, row: Json) -> Json:
    first, *replies = row["fields"]
    lines = first["value"].splitlines()
    if first["score"] is not None:
        lines.append(f"Score: {first['score']}")
    for reply in replies:
        by = _name(account, reply["user"]) or "Reply"
        lines += [f"{by}: {line}" for line in reply["value"].splitlines()]
    title = "Secret note" if row["secret"] else "Note"
    return _entry(title, _name(account, row["user"]), row["createdAt"], lines)


# Forms show all their fields, also those that nobody filled in.


def _form(account: Account, row: Json) -> Json:
    title = row["text"]
    if row.get("secret"):
        title += " (secret)"
    if row["completedAt"] is None:
        title += " (draft)"
    lines = [line for field in row["fields"] for line in _field(field)]
    at = row["completedAt"] or row["createdAt"]
    return _entry(title, _name(account, row["user"]), at, lines)


def _field(field: Json) -> list[str]:
    value = field.get("value")
    if field["type"] == "scorecard":
        return _scorecard(field, value or [])
    label = field["text"]
    lines = _said(field, value).splitlines() or [EMPTY]
    return [f"{label}: {lines[0]}"] if len(lines) == 1 else [f"{label}:", *lines]


def _scorecard(field: Json, rows: list[Json]) -> list[str]:
    """A line for each of its scores, with the comment behind."""
    names = [score["text"] for score in field["scores"]]
    lines = []
    for name, row in zip_longest(names, rows):
        score = (row or {}).get("score")
        mark = EMPTY if score is None else str(score) if score else "n.a."
        comment = (row or {}).get("comment")
        said = f"{mark} – {comment}" if comment else mark
        lines.append(f"{name or field['text']}: {said}")
    return lines


def _said(field: Json, value: Any) -> str:
    if value is None:
        return EMPTY
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if field["type"] == "date" and isinstance(value, int):
        return datetime.fromtimestamp(value / 1000, UTC).date().isoformat()
    if field["type"] == "currency" and isinstance(value, dict):
        return f"{value['amount']} {value['currency']}"
    return str(value)


# Links and tags, with who changed them last


def _labels(account: Account, record: Json) -> Iterator[Json]:
    for title, name in (("Links", "links"), ("Tags", "tags")):
        if record[name]:
            last = _last_act(account, opportunity=record["id"], holding=name)
            yield _entry(title, _name(account, last.get("as")), last.get("at"), list(record[name]))


def _files(account: Account, index: int) -> Iterator[Json]:
    for row in account.files.of(index):
        by = _last_act(account, file=row["id"]).get("as")
        lines = [f"{row['size']} bytes"]
        yield _entry(row["name"], _name(account, by), row["uploadedAt"], lines)
    for row in account.resumes.of(index):
        facts = row["file"]
        lines = ["Resume", f"{facts['size']} bytes"]
        yield _entry(facts["name"], None, facts["uploadedAt"], lines)


def _last_act(account: Account, *, holding: str = "act", **facts: str) -> Json:
    """What a client did last with this; empty where none did."""
    for row in reversed(account.written):
        if holding in row and all(row.get(name) == value for name, value in facts.items()):
            return row
    return {}
