"""Receiving webhooks: is this one from Hireloom, unchanged and fresh, and what does it say."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar

import msgspec
from standardwebhooks import Webhook, WebhookVerificationError
from standardwebhooks.webhooks import EmptyWebhookSecretError

from hireloom.client.errors import ClientError
from hireloom.models import Envelope

T = TypeVar("T")


class Headers(Protocol):
    """The headers of a request, as any framework has them."""

    def items(self) -> Iterable[tuple[str, Any]]: ...


class WebhookInvalidError(ClientError):
    """Not from Hireloom, altered on its way, too old, or signed with another secret: answer 400."""


class _Batch(msgspec.Struct):
    events: list[Envelope]


def verify_webhook(headers: Headers, body: bytes | str, secret: str | Sequence[str]) -> Envelope:
    """The event in a webhook, after its signature and its time were checked.

    `body` is what arrived, byte for byte. Give several secrets while one is being replaced.
    Raises WebhookInvalidError; for an endpoint with a `batchSize` use `verify_batch`.
    """
    content = _verified(headers, body, secret)
    if _is_batch(content):
        raise WebhookInvalidError("This is a batch of events: read it with verify_batch.")
    return _read(content, Envelope)


def verify_batch(
    headers: Headers, body: bytes | str, secret: str | Sequence[str]
) -> list[Envelope]:
    """The events in a webhook, in the order to handle them, whether they came as a batch or not.

    Raises WebhookInvalidError.
    """
    content = _verified(headers, body, secret)
    if _is_batch(content):
        return _read(content, _Batch).events
    return [_read(content, Envelope)]


def _verified(headers: Headers, body: bytes | str, secret: str | Sequence[str]) -> bytes:
    content = body.encode() if isinstance(body, str) else bytes(body)
    sent = {name.lower(): str(value) for name, value in headers.items()}
    reason: Exception = WebhookVerificationError("No secret was given")
    for one in [secret] if isinstance(secret, str) else secret:
        try:
            Webhook(one).verify(content, sent, json_parse=False)
        except (WebhookVerificationError, EmptyWebhookSecretError, ValueError) as error:
            reason = error
        else:
            return content
    told = str(reason) if isinstance(reason, WebhookVerificationError) else "it cannot be read"
    raise WebhookInvalidError(f"The webhook's signature does not hold: {told}.") from None


def _is_batch(content: bytes) -> bool:
    return content.startswith(b'{"events":[')


def _read(content: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.DecodeError:
        raise WebhookInvalidError("The webhook is signed, but it is no event.") from None
