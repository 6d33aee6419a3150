"""What is done to syncs and deliveries under way, whoever asks for it: the API or the console.

The caller owns the transaction. It holds the sync's lock, and audits where it alone knows of what.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hireloom.deliver.run import look_again
from hireloom.errors import SyncNotEnabledError
from hireloom.store import audit, deliveries, queue, reopening, runs, syncs, webhooks
from hireloom.store.pool import Connection
from hireloom.store.runs import Run
from hireloom.store.syncs import Sync
from hireloom.sync.starting import job

NEW_RECORD = "record.new"


async def refuse_unheard(conn: Connection, sync: Sync, hint: str | None = None) -> None:
    """Raises SyncNotEnabledError: without a webhook there is nobody to tell."""
    heard = await webhooks.wanting(
        conn, sync.integration_id, NEW_RECORD, sync.data_type, only=sync.webhook_id
    )
    if not heard:
        what = f"No webhook takes {NEW_RECORD} events of {sync.data_type}"
        raise SyncNotEnabledError(what, hint=hint)


async def stop(conn: Connection, actor: str, sync: Sync) -> Sync:
    """Stop a sync and its schedule. Events that wait are still delivered."""
    await runs.stop(conn, sync)
    stopped = await syncs.change(conn, sync, state="stopped", next_run_at=None)
    detail = {"syncJobId": sync.id}
    await audit.add(conn, actor, "sync.stop", integration_id=sync.integration_id, detail=detail)
    return stopped


async def go_on(conn: Connection, run: Run, *, allow_deletes: bool) -> Run:
    """Let a run that failed or was stopped go on where it stood."""
    resumed = await reopening.resume(conn, run.integration_id, run.id, allow_deletes=allow_deletes)
    await queue.put(conn, [job(run.integration_id, resumed.id)])
    return resumed


@dataclass(frozen=True)
class SentAgain:
    by_webhook: Mapping[str, int]
    disabled: tuple[str, ...]  # webhooks that get theirs only once they are enabled

    @property
    def count(self) -> int:
        return sum(self.by_webhook.values())


async def send_again(conn: Connection, wanted: deliveries.Filter) -> SentAgain:
    """Let what failed or was given up begin anew, from the first attempt on."""
    counts = await deliveries.put_again(conn, wanted)
    disabled = []
    for webhook_id in sorted(counts):
        if (await webhooks.get(conn, webhook_id)).state == "disabled":
            disabled.append(webhook_id)
        await look_again(conn, webhook_id)
    return SentAgain(counts, tuple(disabled))
