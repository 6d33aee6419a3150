"""Telling that a webhook was disabled: to the others that want to know."""

from datetime import UTC, datetime

import msgspec
import structlog

from hireloom.deliver import targets
from hireloom.models.webhooks import Envelope, EventType
from hireloom.store import integrations, masters, outbox, senders, webhooks
from hireloom.store.keys import new_id
from hireloom.store.pool import Connection
from hireloom.store.seal import OURS, Vault
from hireloom.store.senders import Endpoint

log = structlog.get_logger()

ENCODER = msgspec.json.Encoder()
HINT = (
    "Repair the endpoint, then enable it with webhook.update; what waits for it goes on from there,"
    " what was given up is sent again by delivery.replay."
)


async def disable(
    conn: Connection, vault: Vault, endpoint: Endpoint, because: str, since: datetime | None
) -> None:
    """Send nothing more to an endpoint, and tell the others; in the caller's transaction."""
    if not await senders.disable(conn, endpoint.id, because):
        return
    log.warning("A webhook is disabled", webhook=endpoint.id, because=because)
    event_type = str(EventType.WEBHOOK_DISABLED)
    others = await webhooks.wanting(conn, endpoint.integration_id, event_type, None)
    if not others:
        return
    envelope = Envelope(
        event_id=new_id("evt"),
        event_type=event_type,
        event_data={
            "webhookId": endpoint.id,
            "origin": targets.origin(endpoint.url),
            "reason": because,
            "failingSince": since,
            "category": "you",
            "hint": HINT,
        },
        triggered_at=datetime.now(UTC),
    )
    envelope = await _of_account(conn, envelope, endpoint.integration_id)
    if endpoint.integration_id == OURS:
        key = await masters.own_key(conn, vault)
    else:
        key = await masters.data_key(conn, vault, endpoint.integration_id)
    event = outbox.Event(
        event_id=envelope.event_id,
        event_type=event_type,
        integration_id=endpoint.integration_id,
        body=ENCODER.encode(envelope),
    )
    await outbox.put(conn, key, [event], others)


async def _of_account(conn: Connection, envelope: Envelope, integration_id: str) -> Envelope:
    if integration_id == OURS:
        return envelope
    found = await integrations.get(conn, integration_id)
    return msgspec.structs.replace(
        envelope,
        integration_id=found.id,
        app_id=found.connector,
        origin_org_id=found.origin_org_id,
    )
