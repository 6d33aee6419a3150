"""The fields of Lever's forms: which types there are, and what may be filled in."""

from collections.abc import Callable, Mapping
from typing import Any

from hireloom.sandbox._lever_body import needed, rows, switch, text
from hireloom.sandbox._lever_calls import bad_request
from hireloom.sandbox._lever_shelf import Json

RATINGS = ("4 - Strong Hire", "3 - Hire", "2 - No Hire", "1 - Strong No Hire")
RATED = frozenset({"score-system", "score"})
CHOICES = frozenset({"dropdown", "multiple-choice", "multiple-select"})
BLANK: tuple[Any, ...] = (None, "", [], {})


def template_field(identifier: str, wanted: Json) -> Json:
    """A form field; what the client left out is filled in as Lever does."""
    field = {
        "description": wanted.get("description") or "",
        "required": wanted.get("required") is True,
        "text": wanted.get("text") or "",
        "type": wanted["type"],
        "id": identifier,
    }
    if wanted["type"] in RATED:
        field |= {"prompt": "Select one", "options": [{"text": text} for text in RATINGS]}
    elif wanted["type"] in CHOICES:
        field["options"] = [{"text": option["text"]} for option in wanted["options"]]
    elif wanted["type"] == "scorecard":
        field["scores"] = [
            {"text": score["text"], "description": score.get("description") or ""}
            for score in wanted.get("scores") or []
        ]
    return field


def check_field(wanted: Json) -> None:
    """Refuses what cannot be a field of a template."""
    kind = needed(wanted, "type")
    if kind not in TYPES:
        raise bad_request(f"type of a field must be one of {', '.join(TYPES)}")
    if kind != "scorecard":  # its scores have names, so that it need not have one
        needed(wanted, "text")
    text(wanted, "text")
    text(wanted, "description")
    switch(wanted, "required")
    if kind in CHOICES and not rows(wanted, "options"):
        raise bad_request(f"A field of type {kind} needs options")
    named = {"scorecard": "scores"}.get(kind, "options")
    for each in rows(wanted, named):
        needed(each, "text")


def filled(fields: list[Json], given: list[Json], *, complete: bool) -> list[Json]:
    """The fields with their values; fields that are not given keep what they hold.

    Refuses an unknown field, a value that its field's type cannot take, and a complete form
    without a value that is required.
    """
    values = {needed(one, "id"): one.get("value") for one in given}
    if unknown := set(values) - {field["id"] for field in fields}:
        raise bad_request(f"There is no field with the id {min(unknown)}")
    after = []
    for field in fields:
        value = values.get(field["id"], field.get("value"))
        if values.get(field["id"]) is not None and not TYPES[field["type"]](field, value):
            raise bad_request(f"The value of the field {field['text']} is not valid")
        if complete and field["required"] and value in BLANK:
            raise bad_request(f"The field {field['text']} is required")
        after.append({**field, "value": value})
    return after


def _is_text(field: Json, value: Any) -> bool:
    return isinstance(value, str)


def _is_option(field: Json, value: Any) -> bool:
    return value in [option["text"] for option in field["options"]]


def _are_options(field: Json, value: Any) -> bool:
    return isinstance(value, list) and all(_is_option(field, each) for each in value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _are_scores(field: Json, value: Any) -> bool:
    """One `{score, comment}` for each of the scorecard's scores, in their order; 0 is "n.a."."""
    if not isinstance(value, list):
        return False
    if field["scores"] and len(value) != len(field["scores"]):
        return False
    return all(isinstance(each, dict) and _is_score(each) for each in value)


def _is_score(row: Json) -> bool:
    score = row.get("score")
    known = score is None or (_is_number(score) and score in {0, 1, 2, 3, 4})
    return known and isinstance(row.get("comment"), str | None)


def _is_yes_or_no(field: Json, value: Any) -> bool:
    return value in ("yes", "no")


def _is_moment(field: Json, value: Any) -> bool:
    """Unix milliseconds, as all of Lever's times."""
    return isinstance(value, int) and not isinstance(value, bool)


def _is_money(field: Json, value: Any) -> bool:
    if not isinstance(value, dict):
        return _is_number(value)
    return _is_number(value.get("amount")) and isinstance(value.get("currency"), str)


def _is_upload(field: Json, value: Any) -> bool:
    return isinstance(value, list | dict)


TYPES: Mapping[str, Callable[[Json, Any], bool]] = {
    "score-system": _is_option,
    "score": _is_option,
    "scorecard": _are_scores,
    "yes-no": _is_yes_or_no,
    "multiple-choice": _is_option,
    "multiple-select": _are_options,
    "dropdown": _is_option,
    "textarea": _is_text,
    "text": _is_text,
    "code": _is_text,
    "date": _is_moment,
    "currency": _is_money,
    "note": _is_text,
    "file-upload": _is_upload,
    "university": _is_text,
}
