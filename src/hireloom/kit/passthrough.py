"""A caller's own request, kept inside the vendor's house. All pure.

Credentials go along with it, so nothing that the caller writes may lead to another host: not the
base address, not the path, not a header.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import msgspec

from hireloom.errors import RequestInvalidError
from hireloom.kit.decode import UNREADABLE_JSON
from hireloom.kit.message import JSON, Params, Request, to_params

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
REFUSED_HEADERS = frozenset(
    {
        "authorization",
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "expect",
        "host",
        "http2-settings",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    }
)
HIDDEN_ANSWER_HEADERS = REFUSED_HEADERS | {"set-cookie", "set-cookie2", "content-encoding"}
FORM = "application/x-www-form-urlencoded"
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_UNTOUCHED = "/%:@!$&'()*+,;="  # of a path; what the caller encoded stays as it is


def request(
    addresses: Sequence[str],
    defaults: Mapping[str, str],
    *,
    method: str,
    path: str,
    base_url: str | None,
    params: Params,
    headers: Mapping[str, str],
    body: Any,
    content_type: str,
) -> Request:
    """The request that a caller describes, at one of the vendor's own addresses."""
    verb = method.upper()
    if verb not in METHODS:
        raise RequestInvalidError.at("method", f"one of: {', '.join(sorted(METHODS))}")
    url, query = resolve(addresses, base_url, path)
    kept = {name: value for name, value in defaults.items() if name.lower() not in _lower(headers)}
    sent = checked(headers)
    for name in [name for name in sent if name.lower() == "content-type"]:
        content_type = sent.pop(name)
    content = None if body is None or verb in {"GET", "HEAD"} else to_content(body, content_type)
    return Request(
        method=verb,
        url=url,
        params=query + to_params(params),
        headers=kept | sent,
        body=content,
        content_type=None if content is None else content_type,
        template="(passthrough)",
        raw_answer=True,
    )


def resolve(
    addresses: Sequence[str], base_url: str | None, path: str
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The address and the query of a path. Raises RequestInvalidError for one that would leave."""
    base = base_for(addresses, base_url)
    plain, _, query = path.partition("?")
    refuse_climbing(plain, "path")
    parts = urlsplit(base)
    below = "/" + plain.lstrip("/")
    # Some write the version that the base address ends with once more: "/v1/users" below ".../v1".
    prefix = parts.path.rstrip("/")
    if prefix and (below == prefix or below.startswith(f"{prefix}/")):
        below = below[len(prefix) :]
    url = f"{parts.scheme}://{parts.netloc}{quote(prefix + below, safe=_UNTOUCHED)}"
    return url, tuple(parse_qsl(query, keep_blank_values=True))


def base_for(addresses: Sequence[str], base_url: str | None) -> str:
    if not base_url:
        return addresses[0]
    refuse_climbing(base_url.partition("://")[2], "baseUrl")
    homes = {_origin(address): address for address in addresses}
    origin = _origin(base_url)
    if origin not in homes:
        raise RequestInvalidError.at(
            "baseUrl", f"must be an address of the vendor's own: {', '.join(sorted(homes))}"
        )
    home = urlsplit(homes[origin])
    return f"{home.scheme}://{home.netloc}{urlsplit(base_url).path}".rstrip("/")


def _origin(url: str) -> str:
    """Scheme, host and port; empty for what is no plain base address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.query or "@" in parts.netloc:
        return ""
    default = {"https": 443, "http": 80}.get(parts.scheme)
    suffix = "" if port in {None, default} else f":{port}"
    return f"{parts.scheme}://{(parts.hostname or '').lower()}{suffix}"


def refuse_climbing(path: str, field: str) -> None:
    """No other host and no way up, however often it is encoded."""
    if " " in path:
        raise RequestInvalidError.at(field, "must not contain spaces; write %20")
    seen = path
    for _ in range(5):
        if "://" in seen or seen.startswith("//") or "\\" in seen or "#" in seen:
            raise RequestInvalidError.at(field, "must stay below the vendor's base address")
        if any(ord(letter) < 32 or ord(letter) == 127 for letter in seen):
            raise RequestInvalidError.at(field, "must not contain control characters")
        if "\ufffd" in seen:  # some servers read two bytes that are no UTF-8 as a dot
            raise RequestInvalidError.at(field, "must be valid UTF-8 after decoding")
        if any(part.partition(";")[0] in {".", ".."} for part in seen.split("/")):
            raise RequestInvalidError.at(field, "must not contain '.' or '..' segments")
        further = unquote(seen)
        if further == seen:
            return
        seen = further
    raise RequestInvalidError.at(field, "is percent-encoded too many times")


def checked(headers: Mapping[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if name.lower() in REFUSED_HEADERS or name.lower().startswith("proxy-"):
            raise RequestInvalidError.at(f"headers.{name}", "is set by Hireloom and cannot be sent")
        if not _TOKEN.fullmatch(name) or any(
            ord(letter) < 32 for letter in value if letter != "\t"
        ):
            raise RequestInvalidError.at("headers", "a name or a value is not a valid header")
    return dict(headers)


def _lower(headers: Mapping[str, str]) -> set[str]:
    return {name.lower() for name in headers}


def to_content(body: Any, content_type: str) -> bytes:
    """A body as bytes: text goes as it is, a form is encoded, all else becomes JSON."""
    if isinstance(body, str):
        return body.encode()
    if content_type.partition(";")[0].strip().lower() == FORM and isinstance(body, dict):
        return urlencode(to_params(body)).encode()
    return JSON.encode(body)


def shown_body(content: bytes, content_type: str) -> tuple[Any, str | None]:
    """A vendor's body for a JSON answer: JSON as JSON, text as text, anything else as base64."""
    if content_type.endswith(("/json", "+json")):
        try:
            return msgspec.json.decode(content), None
        except UNREADABLE_JSON:
            pass
    if content_type.startswith("text/") or content_type.endswith(("/xml", "+xml", "/json")):
        return content.decode(errors="replace"), None
    return (None, None) if not content else (content, "base64")
