"""From a vendor's bytes to typed structs.

Unknown fields are ignored. A record with a wrong type is set aside with its path and reason and the
rest of the page goes on; a body that is no JSON at all is an error that says so.
"""

import re
from functools import lru_cache
from types import GenericAlias
from typing import Any, TypeVar

import msgspec

from hireloom.errors import UnexpectedAnswerError, Upstream
from hireloom.kit.message import Answer
from hireloom.kit.trip import SetAside, current

S = TypeVar("S")

# msgspec raises the last two as they are: for broken UTF-8, and for JSON nested without end.
UNREADABLE_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_AT = re.compile(r"^(?P<reason>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)


# What stands in a dry run for what only the vendor's answer would tell: text, and a number.
FROM_ANSWER = "from the answer"
UNKNOWN_NUMBER = -404_404_404


class VendorStruct(msgspec.Struct, frozen=True):
    """A vendor's record, reduced to the fields that we use, under the vendor's names."""


class VendorStructCamel(msgspec.Struct, frozen=True, rename="camel"):
    """The same for a vendor that writes camelCase."""


class Identified(msgspec.Struct, frozen=True):
    id: str | int | None = None


@lru_cache(maxsize=1024)
def decoder(shape: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(shape, strict=True)


@lru_cache(maxsize=1024)
def enveloped(items: str | None, shape: Any) -> Any:
    """The type of `{"<items>": shape}`, or shape itself where the vendor has no envelope."""
    if items is None:
        return shape
    name = re.sub(r"\W", "_", f"{items}_of_{getattr(shape, '__name__', 'it')}")
    return msgspec.defstruct(name, [("it", shape)], rename={"it": items}, frozen=True)


def unwrap(body: bytes, items: str | None, shape: Any) -> Any:
    decoded = decoder(enveloped(items, shape)).decode(body)
    return decoded if items is None else decoded.it


def list_of(shape: Any) -> Any:
    """The type of a list whose records are known only when it runs."""
    return GenericAlias(list, (shape,))


def decode_one(answer: Answer, shape: type[S], wrapped_in: str | None = None) -> S:
    trip = current()
    try:
        if trip.keep_raw:
            trip.raw.append(unwrap(answer.body, wrapped_in, msgspec.Raw).copy())
        found: S = unwrap(answer.body, wrapped_in, shape)
    except UNREADABLE_JSON as error:
        raise unreadable(answer, error) from None
    return found


def decode_list(
    answer: Answer, shape: type[S], items: str | None
) -> tuple[list[S], list[msgspec.Raw] | None]:
    """The readable records of a page and, when the caller asked for them, their raw JSON."""
    if not current().keep_raw:
        try:
            return unwrap(answer.body, items, list_of(shape)), None
        except (msgspec.ValidationError, UnicodeDecodeError):
            pass
        except UNREADABLE_JSON as error:
            raise unreadable(answer, error) from None
    return _one_by_one(answer, shape, items)


def _one_by_one(
    answer: Answer, shape: type[S], items: str | None
) -> tuple[list[S], list[msgspec.Raw]]:
    try:
        rows: list[msgspec.Raw] = unwrap(answer.body, items, list[msgspec.Raw])
    except UNREADABLE_JSON as error:
        raise unreadable(answer, error) from None
    reader = msgspec.json.Decoder(shape)
    records: list[S] = []
    raws: list[msgspec.Raw] = []
    failed: list[SetAside] = []
    for index, row in enumerate(rows):
        try:
            records.append(reader.decode(row))
            raws.append(row.copy())
        except UNREADABLE_JSON as error:
            failed.append(_set_aside(index, items, row, error))
    if len(failed) == len(rows) > 1:
        first = failed[0]
        raise UnexpectedAnswerError(
            f"No record of the vendor's page could be read; {first.path}: {first.reason}",
            upstream=Upstream(status=answer.status),
        )
    current().set_aside.extend(failed)
    return records, raws


def _set_aside(index: int, items: str | None, row: msgspec.Raw, error: Exception) -> SetAside:
    reason, inner = explain(error)
    try:
        identity = decoder(Identified).decode(row).id
    except UNREADABLE_JSON:
        identity = None
    start = "$" if items is None else f"$.{items}"
    return SetAside(
        id=None if identity is None else str(identity),
        path=f"{start}[{index}]{inner.removeprefix('$')}",
        reason=reason,
    )


def explain(error: Exception) -> tuple[str, str]:
    """Reason and path of a decoding error; the text names types and never values."""
    if not isinstance(error, msgspec.DecodeError):
        return "the text is not valid UTF-8, or nested too deeply", "$"
    match = _AT.match(str(error))
    reason = match["reason"] if match else str(error)
    inner = (match["path"] if match else None) or "$"
    return re.sub(r"(Invalid (?:enum )?value).*", r"\1", reason, flags=re.DOTALL), inner


def unreadable(answer: Answer, error: Exception) -> UnexpectedAnswerError:
    start = answer.body.lstrip()[:1]
    if not start:
        what = "with an empty body instead of JSON"
    elif start == b"<":
        what = "with an HTML or XML page instead of JSON"
    elif not isinstance(error, msgspec.DecodeError):
        what = f"with JSON that cannot be read: {explain(error)[0]}"
    elif isinstance(error, msgspec.ValidationError):
        reason, where = explain(error)
        what = f"in an unexpected shape at {where}: {reason}"
    else:
        what = "with malformed or truncated JSON"
    return UnexpectedAnswerError(
        f"The vendor answered {answer.request.method} {answer.request.template} {what}",
        upstream=Upstream(status=answer.status, request_id=request_id(answer)),
    )


def request_id(answer: Answer) -> str | None:
    """The vendor's own id of the call, to quote to its support."""
    for name in ("x-request-id", "request-id", "x-amzn-requestid", "cf-ray"):
        if name in answer.headers:
            return answer.headers[name][:200]
    return None


def stands_in(text: str) -> bool:
    """Whether this is no text of the vendor's but, in a dry run, stands for one."""
    return FROM_ANSWER in text


def placeholder(shape: Any, label: str) -> Any:
    """An instance of a vendor struct for a dry run: strings name the answer they stand for."""
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(shape):
        if field.required:
            values[field.name] = _stand_in(field.type, f"{label}.{field.encode_name}")
    return shape(**values)


def _stand_in(kind: Any, label: str) -> Any:
    info = msgspec.inspect.type_info(kind)
    options = info.types if isinstance(info, msgspec.inspect.UnionType) else (info,)
    names = {type(option).__name__ for option in options}
    if "NoneType" in names:
        return None
    if "StrType" in names:
        return f"<{label}>"
    if "StructType" in names:
        return placeholder(kind, label)
    simple: dict[str, Any] = {"IntType": UNKNOWN_NUMBER, "FloatType": 0.0, "BoolType": False}
    for name, value in simple.items():
        if name in names:
            return value
    if "DateTimeType" in names:
        from hireloom.kit.convert import EPOCH

        return EPOCH
    return {} if "DictType" in names else []
