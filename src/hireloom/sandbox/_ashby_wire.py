"""What the Ashby simulator is asked and what it answers, free of any web framework."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

Json = dict[str, Any]
Row = tuple[int, Json]  # where the record stands in its listing, the record
TOKEN_LIFE = 30 * 86_400  # seconds of disuse after which a sync token is refused
PARAMETERS_OF_PAGING = frozenset({"cursor", "limit", "syncToken"})


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    filename: str
    content_type: str
    content: bytes


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """An API key as an administrator set it up."""

    title: str
    scopes: frozenset[str]
    confidential: bool = True
    enabled: bool = True


class Refusal(Exception):  # noqa: N818 -- it is an answer of the vendor, not an error of ours
    """`success: false`, which Ashby mostly sends with status 200."""

    def __init__(self, code: str, message: str, status: int = 200) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


class Call(msgspec.Struct, kw_only=True):
    """A request that was let in: the method's name, its body and who asks."""

    method: str
    body: Json
    key: Key
    uploads: dict[str, Upload] = {}

    def text(self, name: str) -> str | None:
        value = self.body.get(name)
        if value is not None and not isinstance(value, str):
            raise invalid(f"{name} must be a string")
        return value

    def must_text(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise invalid(f"{name} is required")
        return value

    def whole(self, name: str) -> int | None:
        value = self.body.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise invalid(f"{name} must be an integer")
        return value

    def flag(self, name: str) -> bool:
        value = self.body.get(name, False)
        if not isinstance(value, bool):
            raise invalid(f"{name} must be a boolean")
        return value

    def items(self, name: str) -> list[Any]:
        value = self.body.get(name, [])
        if not isinstance(value, list):
            raise invalid(f"{name} must be an array")
        return value

    def part(self, name: str) -> Json | None:
        value = self.body.get(name)
        if value is not None and not isinstance(value, dict):
            raise invalid(f"{name} must be an object")
        return value

    def uuid(self, name: str) -> str | None:
        value = self.text(name)
        return None if value is None else checked_uuid(name, value)

    def must_uuid(self, name: str) -> str:
        return checked_uuid(name, self.must_text(name))


def checked_uuid(name: str, value: str) -> str:
    try:
        return str(UUID(value))
    except ValueError:
        raise invalid(f"{name} must be a UUID") from None


def invalid(message: str) -> Refusal:
    return Refusal("invalid_input", message)


def missing(what: str) -> Refusal:
    return Refusal(f"{what}_not_found", f"The {what.replace('_', ' ')} does not exist")


def refused_body(code: str, message: str, request_id: str) -> Json:
    information = {"code": code, "message": message, "requestId": request_id}
    return {"success": False, "errors": [code], "errorInfo": information}


def done(results: Any) -> Json:
    return {"success": True, "results": results}


def instant(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with milliseconds, as all times that Ashby sends."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def millis(moment: datetime) -> int:
    """Unix milliseconds, as the filters take them."""
    return int(moment.timestamp() * 1000)


class Place(msgspec.Struct, array_like=True, frozen=True, kw_only=True):
    """Where a reader is; what cursors and sync tokens are made of."""

    kind: str  # "page" or "sync"
    method: str
    parameters: str
    at: int  # the row, or the change, after which to go on
    seen: int  # the last change when the listing began
    delta: bool
    epoch: int
    issued: float


class Ledger:
    """The order in which records changed, and the tokens that name a place in it."""

    def __init__(self) -> None:
        self.changes = 0
        self.epoch = 0
        self.token_life: float = TOKEN_LIFE

    def next(self) -> int:
        self.changes += 1
        return self.changes

    def expire_tokens(self) -> None:
        """Age every sync token handed out so far past its life."""
        self.epoch += 1


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """Records in a fixed order; `changed` is left out where Ashby has no sync token."""

    rows: Callable[[int], Iterator[Row]]  # from a position on, inclusive
    changed: Callable[[int], Iterator[Row]] | None = None  # after a change, by change


def page(call: Call, ledger: Ledger, listing: Listing, now: float) -> Json:
    """One page: `results`, `moreDataAvailable`, then a `nextCursor` or a `syncToken`."""
    size = _size(call)
    place = _place(call, ledger, listing, now)
    if place.delta and listing.changed is not None:
        rows = listing.changed(place.at)
    else:
        rows = listing.rows(place.at)
    results: list[Json] = []
    last = place.at
    for position, record in rows:
        if len(results) == size:
            answer = {**done(results), "moreDataAvailable": True}
            return {**answer, "nextCursor": _token(_moved(place, "page", last))}
        results.append(record)
        last = position if place.delta else position + 1
    answer = {**done(results), "moreDataAvailable": False}
    if listing.changed is not None:
        answer["syncToken"] = _token(_moved(place, "sync", place.seen, now))
    return answer


def _size(call: Call) -> int:
    size = call.whole("limit")
    if size is None:
        return 100
    if not 1 <= size <= 100:
        raise invalid("limit must be between 1 and 100")
    return size


def _place(call: Call, ledger: Ledger, listing: Listing, now: float) -> Place:
    parameters = _parameters(call.body)
    cursor, sync_token = call.text("cursor"), call.text("syncToken")
    if cursor is not None:
        place = _read_token(cursor, "cursor")
        if (place.kind, place.method, place.parameters) != ("page", call.method, parameters):
            raise invalid("The cursor belongs to a request with other parameters")
        return place
    fresh = Place(
        kind="page",
        method=call.method,
        parameters=parameters,
        at=0,
        seen=ledger.changes,
        delta=False,
        epoch=ledger.epoch,
        issued=now,
    )
    if sync_token is None or listing.changed is None:
        return fresh
    place = _read_token(sync_token, "syncToken")
    if (place.kind, place.method, place.parameters) != ("sync", call.method, parameters):
        raise invalid("The syncToken belongs to a request with other parameters")
    if place.epoch != ledger.epoch or now - place.issued > ledger.token_life:
        raise Refusal("sync_token_expired", "The sync token expired; perform a full sync")
    return msgspec.structs.replace(fresh, at=place.at, delta=True)


def _moved(place: Place, kind: str, at: int, issued: float | None = None) -> Place:
    when = place.issued if issued is None else issued
    return msgspec.structs.replace(place, kind=kind, at=at, issued=when)


def _parameters(body: Json) -> str:
    kept = {name: body[name] for name in sorted(body) if name not in PARAMETERS_OF_PAGING}
    return hashlib.blake2b(msgspec.json.encode(kept, order="sorted"), digest_size=6).hexdigest()


def _token(place: Place) -> str:
    plain = msgspec.msgpack.encode(place)
    check = hashlib.blake2b(plain, digest_size=4).digest()
    return base64.urlsafe_b64encode(check + plain).decode().rstrip("=")


def _read_token(token: str, name: str) -> Place:
    try:
        packed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        if hashlib.blake2b(packed[4:], digest_size=4).digest() == packed[:4]:
            return msgspec.msgpack.decode(packed[4:], type=Place)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        pass
    raise invalid(f"{name} is not valid")
