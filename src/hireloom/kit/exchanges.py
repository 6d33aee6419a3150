"""A call with all that went and came, reduced to what may be kept for a while."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, urlsplit

import msgspec

from hireloom.kit.message import Request
from hireloom.kit.outline import Outline, Tell, about
from hireloom.kit.ports import Exchange
from hireloom.kit.redact import credentials, redacted

SENT_HEADERS = ("accept", "content-type", "if-match", "if-none-match")
ANSWERED_HEADERS = (
    "cf-ray",
    "content-length",
    "content-type",
    "retry-after",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-request-id",
)
MOST_OF_PATH = 300  # characters
ELSEWHERE = "(another host)"

_PLAIN = re.compile(r"[\w.,:;/*+=() -]{1,120}", re.ASCII)
_FAILED = re.compile(rb'^\s*\{\s*"success"\s*:\s*false')


class Outlined(msgspec.Struct, frozen=True, kw_only=True):
    """A call without people and secrets; see `outline`."""

    address: str
    sent_headers: dict[str, str]
    sent: str
    answered_headers: dict[str, str]
    answered: str


def outlined(exchange: Exchange) -> Outlined:
    request = exchange.request
    top = about(f"{exchange.operation} {request.url}")
    outline = Outline(frozenset(_secrets(request)), _tell(exchange), top)
    if request.parts:
        sent = outline.of_parts(request.parts)
    else:
        sent = outline.of_body(request.body or b"", _content_type(request))
    return Outlined(
        address=_address(request, outline),
        sent_headers=_headers(_sent_headers(request), SENT_HEADERS, outline),
        sent=sent,
        answered_headers=_headers(exchange.headers, ANSWERED_HEADERS, outline),
        answered=_answered(exchange, outline),
    )


def _answered(exchange: Exchange, outline: Outline) -> str:
    if exchange.status is None:
        return "‹no answer›"
    if exchange.body is None:
        return "‹not read whole: a file, a redirect, or it broke off›"
    return outline.of_body(exchange.body, exchange.headers.get("content-type", ""))


def _tell(exchange: Exchange) -> Tell | None:
    """How messages are told: only where the call failed, and without what was sent."""
    body = exchange.body or b""
    failed = (exchange.status or 0) >= 400 or _FAILED.match(body) is not None
    if not failed:
        return None
    return lambda words: redacted(words, exchange.request)


def _secrets(request: Request) -> Iterator[str]:
    """What went out in headers that are not shown, whole and in its parts."""
    yield from credentials(request)
    for name, value in request.headers.items():
        if name.lower() not in SENT_HEADERS:
            yield from (value, *value.split(" ")[1:])


def _address(request: Request, outline: Outline) -> str:
    """Where it went: the path without ids, and a query whose values are reduced."""
    try:
        parts = urlsplit(request.url)
        pairs = [*parse_qsl(parts.query, keep_blank_values=True), *request.params]
        host = f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    except ValueError:
        return request.template[:MOST_OF_PATH]
    if not request.signed and request.reads and not request.homes:
        host = ELSEWHERE  # a link out of data may lead to somebody's own page
    glue = "" if request.template.startswith("/") else " "
    query = outline.of_query(pairs)
    return f"{host}{glue}{request.template[:MOST_OF_PATH]}" + (f"?{query}" if query else "")


def _sent_headers(request: Request) -> dict[str, str]:
    headers = {name.lower(): value for name, value in request.headers.items()}
    if content_type := _content_type(request):
        headers["content-type"] = content_type
    return headers


def _content_type(request: Request) -> str:
    named = {name.lower(): value for name, value in request.headers.items()}
    if request.parts:
        return "multipart/form-data"
    return request.content_type or named.get("content-type", "")


def _headers(
    headers: Mapping[str, str], allowed: tuple[str, ...], outline: Outline
) -> dict[str, str]:
    return {
        name: headers[name] if _PLAIN.fullmatch(headers[name]) else f"‹{len(headers[name])}›"
        for name in allowed
        if name in headers and not outline.holds_secret(headers[name])
    }
