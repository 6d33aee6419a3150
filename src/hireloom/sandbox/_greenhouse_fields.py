"""Greenhouse: the customer's custom fields, and how their values are written and read."""

from datetime import date
from typing import Any

from hireloom.sandbox._greenhouse_query import invalid

_SINCE = "2024-11-05T09:00:00.000Z"

# Number, field type, name key, name, value type, options.
_FIELDS: tuple[tuple[int, str, str, str, str, tuple[str, ...]], ...] = (
    (0, "candidate", "notice_period", "Notice period", "short_text", ()),
    (1, "candidate", "needs_visa", "Needs a visa", "yes_no", ()),
    (2, "candidate", "seniority", "Seniority", "single_select", ("Junior", "Mid", "Senior")),
    (3, "application", "assessment_score", "Assessment score", "number", ()),
    (4, "application", "assessment_status", "Assessment status", "single_select",
     ("Invited", "Passed", "Failed")),
    (5, "application", "assessment_report", "Assessment report", "url", ()),
    (6, "application", "languages", "Languages", "multi_select", ("English", "German", "French")),
    (7, "job", "employment_type", "Employment Type", "single_select",
     ("Full-time", "Part-time", "Contract", "Intern")),
    (8, "job", "salary_range", "Salary range", "currency_range", ()),
    (9, "offer", "salary", "Salary", "currency", ()),
    (10, "candidate", "school_name", "School", "single_select",
     ("Example University", "Sample Institute of Technology", "Night School")),
    (11, "candidate", "degree", "Degree", "single_select", ("Bachelor's", "Master's", "Doctorate")),
    (12, "candidate", "discipline", "Discipline", "single_select",
     ("Computer Science", "Economics", "History")),
    (13, "application", "old_rating", "Old rating", "number", ()),
    (14, "application", "assessment_result", "Assessment result", "single_select",
     ("Pass", "Fail", "Review")),
    (15, "application", "assessment_name", "Assessment name", "short_text", ()),
    (16, "application", "assessment_summary", "Assessment summary", "long_text", ()),
    (17, "application", "assessment_completed", "Assessment completed", "date", ()),
    (18, "application", "assessment_passed", "Assessment passed", "yes_no", ()),
    (19, "candidate", "candidate_assessment_score", "Assessment score", "number", ()),
)  # fmt: skip
_INTERNAL = {10: "school_name", 11: "degree", 12: "discipline", 7: "employment_type"}
_EDUCATION = {10, 11, 12}
_INACTIVE = 13
OPTIONS_EACH = 10
FIRST_FIELD = 3_000_000_001
FIRST_OPTION = 3_100_000_001


def custom_fields() -> list[dict[str, Any]]:
    """Every definition; the schools, degrees and disciplines are options of custom fields too."""
    return [
        {
            "id": FIRST_FIELD + number,
            "created_at": _SINCE,
            "updated_at": _SINCE,
            "field_type": kind,
            "sort_order": number,
            "name": name,
            "value_type": value_type,
            "private": False,
            "required": False,
            "require_approval": False,
            "trigger_new_version": False,
            "active": number != _INACTIVE,
            "updated_by_id": None,
            "internal_type": _INTERNAL.get(number),
            "expose_in_job_board_api": False,
            "placeholder": None,
            "name_key": key,
            "description": None,
            "application_type": "all_applications" if kind == "application" else None,
            "api_only": False,
            "use_for_job_approvals": None,
            "use_for_offer_approvals": None,
            "template_token_string": None,
            "default_value": None,
        }
        for number, kind, key, name, value_type, _ in _FIELDS
    ]


def custom_field_options(number: int) -> list[dict[str, Any]]:
    _, _, key, _, _, options = _FIELDS[number]
    return [
        {
            "id": FIRST_OPTION + number * OPTIONS_EACH + place,
            "created_at": _SINCE,
            "updated_at": _SINCE,
            "custom_field_id": FIRST_FIELD + number,
            "_custom_field_key": key,
            "name": name,
            "external_id": None,
            "sort_order": place,
            "active": True,
        }
        for place, name in enumerate(options)
    ]


FIELD_COUNT = len(_FIELDS)
_SHOWN = {
    kind: [
        (key, name, value_type)
        for number, field_type, key, name, value_type, _ in _FIELDS
        if field_type == kind and number not in _EDUCATION and number != _INACTIVE
    ]
    for kind in ("candidate", "application", "job", "offer")
}


def option_id(key: str, name: str) -> int | None:
    """The id of an option by its field's key and its name."""
    for number, _, field_key, _, _, options in _FIELDS:
        if field_key == key and name in options:
            return FIRST_OPTION + number * OPTIONS_EACH + options.index(name)
    return None


def shown(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """The `custom_fields` object of a record: every active field of its type."""
    return {
        key: {"name": name, "type": value_type, "value": values.get(key)}
        for key, name, value_type in _SHOWN[kind]
    }


def written(kind: str, items: Any, before: dict[str, Any]) -> dict[str, Any]:
    """The `custom_fields` object after a write of `[{name_key | custom_field_id, value}]`."""
    if not isinstance(items, list):
        raise invalid("custom_fields must be an array", "custom_fields")
    after = dict(before)
    for item in items:
        number = _which(kind, item)
        _, _, key, name, value_type, options = _FIELDS[number]
        value = _value(number, value_type, options, item.get("value"))
        after[key] = {"name": name, "type": value_type, "value": value}
    return after


def _which(kind: str, item: Any) -> int:
    if not isinstance(item, dict) or ("name_key" in item) == ("custom_field_id" in item):
        raise invalid("Exactly one of name_key and custom_field_id is needed", "custom_fields")
    unknown = set(item) - {"name_key", "custom_field_id", "value"}
    if unknown:
        name = min(unknown)
        raise invalid(f"Invalid attribute: {name}", f"custom_fields.{name}")
    for number, field_type, key, _, _, _ in _FIELDS:
        chosen = item.get("name_key") == key or item.get("custom_field_id") == FIRST_FIELD + number
        if chosen and field_type == kind and number != _INACTIVE:
            return number
    raise invalid(f"No such {kind} custom field: {item}", "custom_fields")


def _value(number: int, value_type: str, options: tuple[str, ...], value: Any) -> Any:
    if value is None:
        return None
    if value_type == "single_select":
        return _option(number, options, value)
    if value_type == "multi_select":
        if not isinstance(value, list):
            raise invalid("A multi_select takes a list", "custom_fields")
        return [_option(number, options, each) for each in value]
    if not _fits(value_type, value):
        raise invalid(f"Not a {value_type}: {value!r}", "custom_fields")
    return str(value) if value_type == "number" else value


def _option(number: int, options: tuple[str, ...], value: Any) -> str:
    first = FIRST_OPTION + number * OPTIONS_EACH
    if isinstance(value, int) and 0 <= value - first < len(options):
        return options[value - first]
    if isinstance(value, str) and value in options:
        return value
    raise invalid(f"No such option: {value!r}", "custom_fields")


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _fits(value_type: str, value: Any) -> bool:
    if value_type == "yes_no":
        return isinstance(value, bool)
    if value_type == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if value_type == "date":
        return isinstance(value, str) and _is_date(value)
    if value_type == "url":
        return isinstance(value, str) and value.startswith(("http://", "https://"))
    if value_type == "currency":
        return isinstance(value, dict) and set(value) == {"amount", "currency_code"}
    if value_type == "currency_range":
        return isinstance(value, dict) and set(value) == {
            "min_amount",
            "max_amount",
            "currency_code",
        }
    return isinstance(value, str)
