"""Telling webhooks that an issue is new, or has resolved itself: those that named these events."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from hireloom.errors import IntegrationNotFoundError
from hireloom.issues.showing import shown
from hireloom.models import Envelope, EventType
from hireloom.models import Issue as Shown
from hireloom.store import issues, masters, outbox, webhooks
from hireloom.store.issues import Issue
from hireloom.store.keys import new_id
from hireloom.store.pool import Connection
from hireloom.store.seal import OURS, Vault

MOST_TOLD = 200  # events of one look; what is more, issue.list tells
ENCODER = msgspec.json.Encoder()


async def tell(
    conn: Connection, vault: Vault, event_type: EventType, found: Sequence[Issue]
) -> int:
    """Put an event for each, in the caller's transaction; returns how many letters that makes.

    An endpoint that is itself the issue does not hear of it.
    """
    now = datetime.now(UTC)
    letters = 0
    for one in [one for one in found if not one.is_muted(now)][:MOST_TOLD]:
        to = [
            target
            for target in await webhooks.wanting(conn, one.integration_id, event_type, None)
            if event_type in target.events and target.id != one.cause
        ]
        if not to:
            continue
        try:
            if one.integration_id == OURS:
                key = await masters.own_key(conn, vault)
            else:
                key = await masters.data_key(conn, vault, one.integration_id)
        except IntegrationNotFoundError:  # it was deleted just now
            continue
        for issue in await shown(conn, [await issues.get(conn, one.id)]):
            letters += await outbox.put(conn, key, [_event(event_type, issue, now)], to)
    return letters


def _event(event_type: EventType, issue: Shown, now: datetime) -> outbox.Event:
    envelope = Envelope(
        event_id=new_id("evt"),
        event_type=event_type,
        event_data=issue,
        triggered_at=now,
        integration_id=issue.integration_id,
        app_id=issue.app_id,
        origin_org_id=issue.origin_org_id,
    )
    return outbox.Event(
        event_id=envelope.event_id,
        event_type=event_type,
        integration_id=issue.integration_id or OURS,
        body=ENCODER.encode(envelope),
    )
