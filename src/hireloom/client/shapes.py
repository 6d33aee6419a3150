"""How the answers of the several kinds of methods lie in `data`."""

from functools import cache
from typing import Any

import msgspec

from hireloom.client.answers import LAST_CALL, Meta
from hireloom.client.pages import Page


@cache
def of_one(kind: Any, member: str | None) -> Any:
    """A record, in a member of its own where the method has one."""
    if member is None:
        return kind
    return msgspec.defstruct("One", [("record", kind)], rename={"record": member})


@cache
def of_page(kind: Any, member: str) -> Any:
    fields = [("records", list[kind]), ("next_page_token", str | None, None)]
    names = {"records": member, "next_page_token": "nextPageToken"}
    return msgspec.defstruct("PageOfRecords", fields, rename=names)


def one(data: Any, member: str | None) -> Any:
    return data if member is None else data.record


def page(data: Any) -> Page[Any]:
    last = LAST_CALL.get()
    return Page(data.records, data.next_page_token, Meta() if last is None else last.meta)


