"""Greenhouse: tokens by client credentials, and signed addresses of files.

Sources: harvestdocs.greenhouse.io/docs/authentication; that the answer carries `expires_at` and no
`expires_in` is what production connectors found.
"""

import base64
import hashlib
import hmac
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

_KEY = b"the sandbox signs with a key that everybody may know"
FILES_ORIGIN = "https://grnhse-use1-prod-s2-attachments.s3.us-east-1.amazonaws.com"
FILES_LIVE = 7 * 86_400


class Claims(msgspec.Struct, frozen=True):
    """What a token says."""

    client: str
    sub: int | None
    exp: float
    round: int  # tokens of an earlier round were revoked


def make_token(claims: Claims) -> str:
    """A token that looks like any JWT and is opaque to clients all the same."""
    head = _encode(b'{"alg":"HS256","typ":"JWT"}')
    body = _encode(msgspec.json.encode(claims))
    return f"{head}.{body}.{_sign(f'{head}.{body}')}"


def read_token(token: str) -> Claims | None:
    """The claims of a token that we made; expiry is the caller's to judge."""
    content, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _sign(content).encode()):
        return None
    return msgspec.json.decode(_decode(content.partition(".")[2]), type=Claims)


def client_of(token: str) -> str:
    """Whose token it is, for the limiter; not checked."""
    try:
        return str(msgspec.json.decode(_decode(token.split(".")[1]))["client"])
    except (IndexError, KeyError, ValueError, TypeError, msgspec.DecodeError):
        return token


def basic(header: str) -> tuple[str, str] | None:
    """User and password of a Basic authorization."""
    kind, _, text = header.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(text, validate=True).decode().partition(":")
    except ValueError:
        return None
    return user, password


def file_url(key: int, filename: str) -> str:
    """An address that works for seven days from now; another one at each reading."""
    at = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    path = f"/attachments/{key}/{filename}"
    query = f"X-Amz-Date={at}&X-Amz-Expires={FILES_LIVE}&X-Amz-Signature={_sign(path + at)}"
    return f"{FILES_ORIGIN}{path}?{query}"


def file_problem(path: str, query: dict[str, Any]) -> str | None:
    """What is wrong with a file's address; None when it opens."""
    at = str(query.get("X-Amz-Date", ""))
    if not hmac.compare_digest(str(query.get("X-Amz-Signature", "")), _sign(path + at)):
        return "Signature does not match"
    signed = datetime.strptime(at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if datetime.now(UTC) > signed + timedelta(seconds=FILES_LIVE):
        return "Request has expired"
    return None


def still_valid(claims: Claims) -> bool:
    return time.time() < claims.exp


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _sign(text: str) -> str:
    return _encode(hmac.new(_KEY, text.encode(), hashlib.sha256).digest())
