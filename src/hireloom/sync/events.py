"""Events: the envelope, and what stands in it for records and for runs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

import msgspec

from hireloom.models import UNSET, Envelope
from hireloom.store.keys import new_id
from hireloom.store.outbox import Event
from hireloom.store.runs import Run
from hireloom.store.syncs import Sync
from hireloom.sync.custom import CustomKind, CustomRecord
from hireloom.sync.kinds import Kind

ENCODER = msgspec.json.Encoder(decimal_format="number")


def event_ids() -> Iterator[str]:
    start = new_id("ev")
    return (f"{start}{number:04x}" for number in count())


@dataclass(frozen=True)
class Sender:
    """Of which account, sync and run events tell. Its events' ids are random once, then counted:

    an id of its own for each would cost as much as sealing it.
    """

    integration_id: str
    app_id: str
    origin_org_id: str
    sync: Sync | None = None
    run_id: str | None = None
    sync_type: str | None = None
    ids: Iterator[str] = field(default_factory=event_ids, repr=False)

    def event(
        self,
        event_type: str,
        data: Any,
        now: datetime,
        *,
        record_id: str | None = None,
        changed: tuple[str, ...] = (),
    ) -> Event:
        event_id = next(self.ids)
        sync = self.sync
        envelope = Envelope(
            event_id=event_id,
            event_type=event_type,
            event_data=data,
            sync_type=self.sync_type,
            sync_data_type=None if sync is None else sync.data_type,
            sync_job_id=None if sync is None else sync.id,
            sync_run_id=self.run_id,
            record_id=record_id,
            triggered_at=now,
            integration_id=self.integration_id,
            app_id=self.app_id,
            origin_org_id=self.origin_org_id,
            changed_paths=list(changed) if changed else UNSET,
        )
        return Event(
            event_id=event_id,
            event_type=event_type,
            integration_id=self.integration_id,
            data_type=None if sync is None else sync.data_type,
            sync_id=None if sync is None else sync.id,
            run_id=self.run_id,
            record_id=record_id,
            body=ENCODER.encode(envelope),
        )


def record_data(record: Any, raw: msgspec.Raw | None) -> Any:
    """A record as an event shows it, with the vendor's own beside it where that is wanted."""
    if isinstance(record, CustomRecord):
        return record.data
    if raw is None:
        return record
    encoded = ENCODER.encode(record)
    return msgspec.Raw(encoded[:-1] + b',"rawValues":' + bytes(raw) + b"}")


def deletion_data(
    kind: Kind | CustomKind, record_id: str, parents: tuple[str | None, ...], reason: str
) -> dict[str, Any]:
    ids = (record_id, *parents)
    named = {name: id_ or None for name, id_ in zip(kind.deleted, ids, strict=False)}
    return {**dict.fromkeys(kind.deleted), **named, "reason": reason}


def processed_data(run: Run, now: datetime) -> dict[str, Any]:
    """`sync.events.processed`: what the run read, and what it told of it."""
    return {
        "status": "processed",
        "state": run.state.upper(),
        "processed": run.processed,
        "emitted": run.emitted,
        "new": run.added,
        "modified": run.modified,
        "deleted": run.deleted,
        "unreadable": run.unreadable,
        "failedModels": run.failed_models,
        "upstreamCalls": run.upstream_calls,
        "startedAt": run.started_at or run.created_at,
        "processedAt": now,
        "complete": run.state == "complete",
    }
