"""Trying an endpoint out: one event, right now, and what came back."""

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from hireloom.deliver import sign
from hireloom.deliver.courier import Courier, Outcome
from hireloom.deliver.ledger import attempt
from hireloom.models.webhooks import Envelope, EventType
from hireloom.store.calls import Call
from hireloom.store.keys import new_id
from hireloom.store.seal import Key
from hireloom.store.senders import Endpoint


@dataclass(frozen=True)
class Trial:
    event_id: str
    outcome: Outcome
    call: Call  # for the log


async def try_out(
    endpoint: Endpoint, own_key: Key, execution_id: str, *, allow_private: bool
) -> Trial:
    """Send a signed `webhook.test`, in the shape that the endpoint asks for."""
    envelope = Envelope(
        event_id=new_id("evt"),
        event_type=EventType.WEBHOOK_TEST,
        event_data={"webhookId": endpoint.id, "message": "This is a test; nothing happened."},
        triggered_at=datetime.now(UTC),
        integration_id=endpoint.integration_id or None,
    )
    body, webhook_id = msgspec.json.encode(envelope), envelope.event_id
    if endpoint.batch_size > 1:
        body, webhook_id = sign.batch_body([body]), sign.batch_id([webhook_id])
    signer = sign.Signer(endpoint.open_secrets(own_key), knit=endpoint.compatibility == "knit")
    headers = signer.headers(
        webhook_id, body, integration_id=endpoint.integration_id, execution_id=execution_id
    )
    async with Courier(allow_private=allow_private) as courier:
        outcome = await courier.send(endpoint.url, body, headers)
    call = attempt(endpoint.integration_id, outcome, execution_id, len(body))
    return Trial(envelope.event_id, outcome, call)
