"""How a page of records is spoilt: pure functions from one body to another."""

import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

Headers = Iterable[tuple[bytes, bytes]]
Pairs = list[tuple[bytes, bytes]]
Record = dict[str, Any]

# Keys that lead to the next page, as vendors spell them.
_CURSORS = ("next", "nextCursor", "next_cursor", "nextPageToken", "cursor", "offset")
_MORE = ("hasNext", "moreDataAvailable", "has_more", "hasMore")


class Page(msgspec.Struct, frozen=True):
    headers: Headers
    body: bytes


class Memory:
    """What one fault remembers from page to page of one path."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  # repeatable, nothing secret
        self.carried: list[Record] = []
        self.cursor: tuple[Headers, dict[str, Any]] | None = None


def truncate(page: Page, memory: Memory, field: str | None) -> tuple[Headers, bytes]:
    """Cut the body in the middle, with a content length that fits the rest."""
    return page.headers, page.body[: max(1, len(page.body) // 2)]


def shuffle(page: Page, memory: Memory, field: str | None) -> tuple[Headers, bytes]:
    """Mix the rows, and move one to the next page where there is one; none is lost."""
    content = _content(page.body)
    rows = records(content)
    if rows is None:
        return page.headers, page.body
    last = rows.pop() if len(rows) > 1 and _has_next(page.headers, content) else None
    rows.extend(memory.carried)
    memory.carried = [] if last is None else [last]
    memory.random.shuffle(rows)
    return page.headers, msgspec.json.encode(content)


def type_change(page: Page, memory: Memory, field: str | None) -> tuple[Headers, bytes]:
    """Turn a scalar of the first record into an object."""
    content = _content(page.body)
    rows = records(content)
    if not rows:
        return page.headers, page.body
    scalars = sorted(
        key
        for key, value in rows[0].items()
        if key != "id" and isinstance(value, str | int | float | bool)
    )
    if field is not None and field in rows[0]:
        chosen = field
    else:
        chosen = memory.random.choice(scalars) if scalars else "id"
    rows[0][chosen] = {"value": rows[0].get(chosen), "type": "changed"}
    return page.headers, msgspec.json.encode(content)


def empty_page(page: Page, memory: Memory, field: str | None) -> tuple[Headers, bytes]:
    """Take every row away and leave the way to the next page."""
    content = _content(page.body)
    rows = records(content)
    if rows is None:
        return page.headers, page.body
    rows.clear()
    return page.headers, msgspec.json.encode(content)


def repeat_cursor(page: Page, memory: Memory, field: str | None) -> tuple[Headers, bytes]:
    """Show the way to the same next page again and again."""
    content = _content(page.body)
    if not _has_next(page.headers, content) and memory.cursor is None:
        return page.headers, page.body
    if memory.cursor is None:
        keys = content if isinstance(content, dict) else {}
        memory.cursor = (
            [pair for pair in page.headers if pair[0].lower() == b"link"],
            {key: keys[key] for key in (*_CURSORS, *_MORE) if keys.get(key)},
        )
        return page.headers, page.body
    links, fields = memory.cursor
    headers = [pair for pair in page.headers if pair[0].lower() != b"link"]
    if isinstance(content, dict):
        content.update(fields)
    return [*headers, *links], msgspec.json.encode(content)


def short_list(page: Page, memory: Memory, field: str | None) -> tuple[Headers, bytes]:
    """Lose the second half of the rows and the way on, as if the list ended here."""
    content = _content(page.body)
    rows = records(content)
    if rows is None:
        return page.headers, page.body
    del rows[(len(rows) + 1) // 2 :]
    return _ended(page.headers, content), msgspec.json.encode(content)


def empty_list(page: Page, memory: Memory, field: str | None) -> tuple[Headers, bytes]:
    """As if there were nothing at all."""
    content = _content(page.body)
    rows = records(content)
    if rows is None:
        return page.headers, page.body
    rows.clear()
    return _ended(page.headers, content), msgspec.json.encode(content)


Spoiler = Callable[[Page, Memory, str | None], tuple[Headers, bytes]]
SPOILERS: dict[str, Spoiler] = {
    "truncate": truncate,
    "shuffle": shuffle,
    "type_change": type_change,
    "empty_page": empty_page,
    "repeat_cursor": repeat_cursor,
    "short_list": short_list,
    "empty_list": empty_list,
}


def sized(headers: Headers, body: bytes) -> Pairs:
    """The headers with the content length of this body."""
    kept = [pair for pair in headers if pair[0].lower() != b"content-length"]
    return [*kept, (b"content-length", str(len(body)).encode())]


def records(content: Any) -> list[Record] | None:
    """The list of records in an answer: the body itself, or the first list in it."""
    for candidate in _lists(content):
        if all(isinstance(row, dict) for row in candidate):
            return candidate
    return None


def _lists(content: Any) -> Iterator[list[Any]]:
    if isinstance(content, list):
        yield content
    elif isinstance(content, dict):
        yield from (value for value in content.values() if isinstance(value, list))


def _content(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None


def _ended(headers: Headers, content: Any) -> Headers:
    """Take away the way to the next page."""
    if isinstance(content, dict):
        for key in _CURSORS:
            content.pop(key, None)
        content.update({key: False for key in _MORE if key in content})
    return [pair for pair in headers if pair[0].lower() != b"link"]


def _has_next(headers: Headers, content: Any) -> bool:
    if any(name.lower() == b"link" and b'rel="next"' in value for name, value in headers):
        return True
    if not isinstance(content, dict):
        return False
    if any(key in content for key in _MORE):
        return any(content.get(key) for key in _MORE)
    return any(content.get(key) for key in _CURSORS)
