"""What the Lever simulator is asked and what it answers, free of any web framework."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote

import msgspec

from hireloom.sandbox._lever_shelf import Json, Source


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    field: str
    filename: str
    content: bytes


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """What a credential may do: permissions such as "notes:read"; None stands for all."""

    permissions: frozenset[str] | None = None
    confidential: bool = True
    environment: str = "production"

    def may(self, permission: str) -> bool:
        return self.permissions is None or permission in self.permissions


class Call(msgspec.Struct, kw_only=True):
    """A request that was let in."""

    origin: str
    ids: tuple[str, ...] = ()  # the variable parts of the path, in order
    query: dict[str, list[str]] = {}
    body: Json = {}
    uploads: tuple[Upload, ...] = ()
    key: Key
    performer: str | None = None

    def word(self, name: str) -> str | None:
        """The last value of a query parameter."""
        values = self.query.get(name)
        return values[-1] if values else None

    def words(self, name: str) -> list[str]:
        """All values of a repeatable parameter, also when sent comma-separated."""
        return [part for value in self.query.get(name, []) for part in value.split(",") if part]

    def flag(self, name: str) -> bool | None:
        value = self.word(name)
        if value is None:
            return None
        if value not in {"true", "false"}:
            raise bad_request(f"{name} must be true or false")
        return value == "true"

    def millis(self, name: str) -> int | None:
        value = self.word(name)
        if value is None:
            return None
        if not value.removeprefix("-").isdigit():
            raise bad_request(f"{name} must be a timestamp in milliseconds")
        return int(value)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    status: int = 200
    body: Any = None
    content: bytes | None = None  # a file instead of JSON
    filename: str = ""


class Refusal(Exception):  # noqa: N818 -- it is an answer of the vendor, not an error of ours
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.answer = Answer(status=status, body={"code": code, "message": message})


def bad_request(message: str) -> Refusal:
    return Refusal(400, "BadRequestError", message)


def unauthorized(message: str) -> Refusal:
    return Refusal(401, "UnauthorizedError", message)


def forbidden(message: str) -> Refusal:
    return Refusal(403, "ForbiddenError", message)


def not_found(what: str) -> Refusal:
    return Refusal(404, "NotFoundError", f"That {what} doesn't exist on your account")


def unprocessable(message: str) -> Refusal:
    return Refusal(422, "UnprocessableEntityError", message)


def millis(moment: datetime | None) -> int | None:
    """Unix milliseconds, the only spelling of a time that Lever knows."""
    return None if moment is None else int(moment.timestamp() * 1000)


def now_millis() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)


def page(
    call: Call,
    source: Source,
    epoch: int,
    keep: Callable[[Json], bool] | None = None,
    dress: Callable[[Json], Json] | None = None,
) -> Answer:
    """One page: `{"data", "hasNext", "next"}`, 1 to 100 rows, resumed by an opaque token."""
    size = _size(call)
    rows: list[Json] = []
    last: tuple[str, Json] = ("", {})
    for key, row in source.rows(_position(call, source, epoch)):
        if keep is not None and not keep(row):
            continue
        if len(rows) == size:
            return Answer(body={"data": rows, "hasNext": True, "next": _token(epoch, *last)})
        rows.append(row if dress is None else dress(row))
        last = (key, row)
    return Answer(body={"data": rows, "hasNext": False})


def _size(call: Call) -> int:
    value = call.word("limit")
    if value is None:
        return 100
    if not value.isdigit() or not 1 <= int(value) <= 100:
        raise bad_request("limit must be a number between 1 and 100")
    return int(value)


def _token(epoch: int, key: str, row: Json) -> str:
    """Percent-encoded text; clients send it back as it is, so that it arrives encoded twice."""
    created = row.get("createdAt") or row.get("appliedAt") or 0
    return quote(msgspec.json.encode([epoch, created, key]).decode(), safe="")


def _position(call: Call, source: Source, epoch: int) -> int | None:
    token = call.word("offset")
    if token is None:
        return None
    if not token.startswith("%5B"):
        raise bad_request("Invalid offset token")
    try:
        named_epoch, _, key = msgspec.json.decode(unquote(token), type=tuple[int, int, str])
    except msgspec.MsgspecError:
        raise bad_request("Invalid offset token") from None
    position = source.position(key) if named_epoch == epoch else None
    if position is None:
        raise bad_request("Invalid offset token")
    return position
