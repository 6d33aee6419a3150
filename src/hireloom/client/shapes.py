"""How the answers of the several kinds of methods lie in `data`."""

from functools import cache
from typing import Any

import msgspec

from hireloom.client.answers import LAST_CALL, Meta
from hireloom.client.pages import Page


def of_one(kind: Any, member: str | None) -> Any:
    """A record, in a member of its own where the method has one."""
    return kind if member is None else _of_one(kind, member)


def of_page(kind: Any, member: str) -> Any:
    return _of_page(kind, member)


def one(data: Any, member: str | None) -> Any:
    return data if member is None else data.record


def page(data: Any) -> Page[Any]:
    last = LAST_CALL.get()
    return Page(data.records, data.next_page_token, Meta() if last is None else last.meta)


@cache
def _of_one(kind: Any, member: str) -> Any:
    return msgspec.defstruct("One", [("record", kind)], rename={"record": member})


@cache
def _of_page(kind: Any, member: str) -> Any:
    token: Any = str | None
    return msgspec.defstruct(
        "PageOfRecords",
        [("records", list[kind]), ("next_page_token", token, None)],
        rename={"records": member, "next_page_token": "nextPageToken"},
    )
