"""An installation with something to look at: accounts, syncs, deliveries and calls."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hireloom.desk import Desk
from hireloom.store import calls, integrations, masters, outbox, syncs, webhooks
from hireloom.store.integrations import NewIntegration
from hireloom.store.pool import Connection
from hireloom.store.syncs import NewSync, Sync
from hireloom.store.webhooks import Webhook

EVIL = "<script>document.title='taken'</script><img src=x onerror=alert(1)>"
FAILED = {
    "msg": f"The vendor said {EVIL}",
    "code": "upstream.rejected",
    "category": "customer",
    "hint": "Ask the customer to look.",
}
ADD_RUN = """
insert into sync_runs (integration_id, id, sync_id, kind, cause, state, models, error, started_at,
                       finished_at)
values ($1, 'sr_one', $2, 'initial_sync', 'api', 'failed', '{application_info}', $3, now(), now())
"""
ADD_LETTER = """
insert into outbox (integration_id, webhook_id, event_id, event_type, data_type, run_id, sealed,
                    attempts, next_at, state, first_attempt_at, last_attempt_at, last_status,
                    last_reason)
values ($1, $2, 'evt_one', 'record.new', 'ats_applications', 'sr_one', $3, 9, null, 'dead', now(),
        now(), 500, $4)
returning id
"""


@dataclass(frozen=True)
class Scene:
    account: str
    sync: Sync
    webhook: Webhook
    delivery: int


async def furnished(desk: Desk, name: str = EVIL, account: str | None = None) -> Scene:
    """An account whose sync failed, and a webhook that an event was given up for."""
    async with desk.pool.acquire() as conn, conn.transaction():
        own_key = await masters.own_key(conn, desk.vault)
        if account is None:
            new = NewIntegration(
                connector="ashby", category="ats", origin_org_id="org-evil", origin_org_name=name
            )
            account = (await integrations.create(conn, desk.vault, new, b"{}")).id
        endpoint = webhooks.NewWebhook(url="https://hooks.example/secret-path", description=name)
        webhook, _ = await webhooks.create(conn, own_key, endpoint)
        sync = await syncs.create(
            conn,
            NewSync(
                integration_id=account,
                data_type="ats_applications",
                models=["application_info"],
                frequency=60,
            ),
        )
        await conn.execute(ADD_RUN, account, sync.id, FAILED)
        key = await masters.data_key(conn, desk.vault, account)
        sealed = key.seal(account, outbox.purpose("evt_one"), b'{"name": "Grace Candidate"}')
        number = await conn.fetchval(
            ADD_LETTER, account, webhook.id, sealed, f"It answered 500: {EVIL}"
        )
    return Scene(account, sync, webhook, number)


async def log(conn: Connection, number: int, **values: object) -> list[calls.Call]:
    """So many calls a second apart, the newest last."""
    now = datetime.now(UTC)
    made = [
        calls.Call(
            **{  # type: ignore[arg-type]  # what a test wants to be otherwise
                "at": now - timedelta(seconds=number - place),
                "direction": "in",
                "execution_id": f"ex_{place:017d}",
                "operation": "ats.job.list",
                "method": "GET",
                "duration_ms": 12.0,
                "status": 200,
            }
            | values
        )
        for place in range(number)
    ]
    await calls.add(conn, made)
    return made
