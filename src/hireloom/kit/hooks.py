"""Webhooks that a vendor sends: which there are, how they are signed, what they touch.

A webhook is only a hint. Whatever it says of a record, the record is read again at the vendor, so
a forged, replayed or outdated one can at worst cause a reading.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hireloom.errors import SignatureInvalidError
from hireloom.models import DataType, Happening


@dataclass(frozen=True)
class Hooks:
    """What a vendor can tell by webhook.

    `events` has the vendor's events, each with what it can mean here. `secrets`: "ours" is one
    secret, made here and entered at the vendor; "theirs" is made by the vendor, one per event, and
    brought here. `steps` tell a person how to register them where that is not done by API; `{url}`,
    `{secret}` and `{events}` are filled in.
    """

    events: Mapping[str, tuple[Happening, ...]]
    secrets: Literal["ours", "theirs"]
    steps: tuple[str, ...]

    def meaning(self, wanted: frozenset[Happening]) -> tuple[str, ...]:
        """The vendor's events that can mean one of those."""
        return tuple(name for name, ours in self.events.items() if wanted.intersection(ours))


@dataclass(frozen=True)
class Hook:
    """A webhook as it came: header names in lower case, the body untouched."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Touched:
    """A record that something may have happened to, deletion included."""

    data_type: DataType
    id: str


@dataclass(frozen=True)
class News:
    """What a webhook said, once its signature was found to be the vendor's.

    `id` tells a delivery that comes twice; `sent_at` is given where it is signed, and what is too
    old is then refused. A ping touches nothing.
    """

    id: str
    event: str
    touched: tuple[Touched, ...] = ()
    sent_at: datetime | None = None


@dataclass(frozen=True)
class Registered:
    """A webhook that was registered by API, and the secret where the vendor made it."""

    id: str
    secret: str | None = None


def check_signature(secret: str | None, signed: bytes, signature: str) -> None:
    """Raises SignatureInvalidError unless it is the hex HMAC-SHA256; takes the same time always."""
    key = (secret or "").encode()
    expected = hmac.new(key, signed, hashlib.sha256).hexdigest()
    if not secret or not hmac.compare_digest(expected.encode(), signature.lower().encode()):
        raise SignatureInvalidError("The signature of this webhook is not the vendor's")
