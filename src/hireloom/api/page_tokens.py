"""Page tokens: sealed, so that they can be neither read nor altered nor used elsewhere.

A token holds the query that it goes on with: the caller may repeat the filters or leave them out.
"""

import base64
import binascii

import msgspec

from hireloom.api.listing import Place
from hireloom.errors import PageTokenError
from hireloom.store.seal import Key, SealBrokenError


class Content(msgspec.Struct, frozen=True, array_like=True):
    place: Place
    query: bytes


def seal(key: Key, integration_id: str, method: str, place: Place, query: bytes) -> str:
    content = msgspec.msgpack.encode(Content(place, query))
    sealed = key.seal(integration_id, _purpose(method), content)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def unseal(key: Key, integration_id: str, method: str, token: str) -> Content:
    """Raises PageTokenError."""
    try:
        padded = token + "=" * (-len(token) % 4)
        sealed = base64.b64decode(padded, altchars=b"-_", validate=True)
        content = key.open(integration_id, _purpose(method), sealed)
        return msgspec.msgpack.decode(content, type=Content)
    except (SealBrokenError, binascii.Error, ValueError):
        raise PageTokenError.at(
            "pageToken", "was altered, or belongs to another integration or method"
        ) from None


def _purpose(method: str) -> str:
    return f"page token {method}"
