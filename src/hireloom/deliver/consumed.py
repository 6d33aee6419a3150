"""`sync.events.allConsumed`: a run has finished, and all that it emitted was acknowledged."""

from datetime import UTC, datetime

import msgspec

from hireloom.models.webhooks import Envelope, EventType
from hireloom.store import masters, outbox, receipts, webhooks
from hireloom.store.keys import new_id
from hireloom.store.pool import Connection
from hireloom.store.seal import Vault

ENCODER = msgspec.json.Encoder()


async def tell_consumed(conn: Connection, vault: Vault, integration_id: str, run_id: str) -> int:
    """Tell each webhook, once, that it has acknowledged all of a run; returns how many were told.

    To be called in the transaction that makes it true: the one that ends the run (after its end is
    noted), or that counts acknowledgements. While the run goes on, nothing is told.
    """
    run = await receipts.finished(conn, integration_id, run_id)
    if run is None:
        return 0
    told_by = str(EventType.EVENTS_ALL_CONSUMED)
    wanting = await webhooks.wanting(
        conn, integration_id, told_by, run.data_type, only=run.webhook_id
    )
    counts = await receipts.tell(conn, integration_id, run_id, [one.id for one in wanting])
    told = [one for one in wanting if one.id in counts]
    if not told:
        return 0
    key = await masters.data_key(conn, vault, integration_id)
    for target in told:
        event = _event(integration_id, run_id, run, counts[target.id])
        await outbox.put(conn, key, [event], [target])
    return len(told)


def _event(
    integration_id: str, run_id: str, run: receipts.FinishedRun, acknowledged: int
) -> outbox.Event:
    envelope = Envelope(
        event_id=new_id("evt"),
        event_type=EventType.EVENTS_ALL_CONSUMED,
        event_data={
            "status": run.state,
            "consumed": acknowledged,
            "startedAt": run.started_at,
            "finishedAt": run.finished_at,
        },
        sync_type=run.kind,
        sync_data_type=run.data_type,
        sync_job_id=run.sync_id,
        sync_run_id=run_id,
        triggered_at=datetime.now(UTC),
        integration_id=integration_id,
        app_id=run.connector,
        origin_org_id=run.origin_org_id,
    )
    return outbox.Event(
        event_id=envelope.event_id,
        event_type=envelope.event_type,
        integration_id=integration_id,
        body=ENCODER.encode(envelope),
        data_type=run.data_type,
        sync_id=run.sync_id,
        run_id=run_id,
    )
