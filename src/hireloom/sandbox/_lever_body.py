"""Reading a request's body the way the Lever simulator demands it."""

from typing import Any

from hireloom.sandbox._lever_calls import bad_request
from hireloom.sandbox._lever_shelf import Json


def text(body: Json, name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise bad_request(f"{name} must be a string")
    return value


def needed(body: Json, name: str) -> str:
    value = text(body, name)
    if not value:
        raise bad_request(f"{name} is required")
    return value


def texts(body: Json, name: str) -> list[str]:
    """A list of strings; a form field that came once is a list of one."""
    value: Any = body.get(name) or []
    rows = [value] if isinstance(value, str) else value
    if not isinstance(rows, list) or not all(isinstance(each, str) for each in rows):
        raise bad_request(f"{name} must be a list of strings")
    return rows


def rows(body: Json, name: str) -> list[Json]:
    value = body.get(name) or []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise bad_request(f"{name} must be a list of objects")
    return value


def mapping(body: Json, name: str) -> Json:
    value = body.get(name) or {}
    if not isinstance(value, dict):
        raise bad_request(f"{name} must be an object")
    return value


def number(body: Json, name: str) -> int | None:
    value = body.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise bad_request(f"{name} must be a number")
    return value


def whole_email(value: str) -> str:
    name, _, host = value.strip().partition("@")
    if not name or "." not in host or " " in value.strip():
        raise bad_request("emails holds something that is not an e-mail address")
    return value.strip()


def switch(body: Json, name: str) -> bool | None:
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise bad_request(f"{name} must be true or false")
    return value
