"""An installation in which every kind of issue is open, each with the rows that it comes from."""

from datetime import UTC, datetime, timedelta

from hireloom.desk import Desk
from hireloom.issues import watch
from hireloom.store import integrations, masters, orders, outbox, webhooks
from hireloom.store.integrations import NewIntegration
from hireloom.store.pool import Connection
from tests.console.accounts import log

ADD_SYNC = """
insert into syncs (integration_id, id, data_type, models, frequency)
values ($1, $2, $3, '{job_info}', 60)
"""
ADD_RUN = """
insert into sync_runs (integration_id, id, sync_id, kind, cause, state, models, error, unreadable,
                       started_at, finished_at)
values ($1, $2, $3, 'delta_sync', 'schedule', $4, '{job_info}', $5, $6, now(), now())
"""
ADD_LETTER = """
insert into outbox (integration_id, webhook_id, event_id, event_type, data_type, sealed, attempts,
                    next_at, state, first_attempt_at, last_attempt_at, last_status, last_reason,
                    last_execution_id)
values ($1, $2, $3, 'record.new', 'ats_jobs', $4, 3, $5, $6, $8, $8, 500, $7, $9)
"""
ADD_JOB = """
insert into pgqueuer (priority, status, entrypoint, payload, execute_after)
values (0, 'queued', 'sync', '- x', now() - interval '5 minutes')
"""
TIMED_OUT = {"code": "upstream.timeout", "msg": "It took too long.", "category": "vendor"}


async def in_trouble(desk: Desk, said: str = "answered 500") -> None:
    """`said` is what others answered, wherever an answer is kept."""
    async with desk.pool.acquire() as conn:
        await _calls(desk, conn)
        await _accounts(desk, conn, said)
        await _syncs(desk, conn, said)
        for state in ("waiting", "dead", "disabled"):
            await _webhook(desk, conn, state, said)
        await _order(desk, conn)
        await conn.execute(ADD_JOB)
    await watch.look(desk.pool, desk.vault, settling=0)


async def account(
    desk: Desk, conn: Connection, name: str, connector: str = "lever", credentials: bytes = b"{}"
) -> str:
    new = NewIntegration(
        connector=connector, category="ats", origin_org_id=f"org-{name}", origin_org_name=name
    )
    return (await integrations.create(conn, desk.vault, new, credentials)).id


async def _calls(desk: Desk, conn: Connection) -> None:
    down = await account(desk, conn, "Northwind")
    await log(conn, 1, integration_id=down, status=503, code="upstream.unavailable",
              execution_id="ex_down")  # fmt: skip
    odd = await account(desk, conn, "Oddly & Sons")
    await log(conn, 1, integration_id=odd, status=502, code="upstream.unexpected",
              execution_id="ex_odd")  # fmt: skip
    busy = await account(desk, conn, "Busy Bees")
    for back in (0, 12):
        at = datetime.now(UTC) - timedelta(minutes=back)
        await log(conn, 5, integration_id=busy, status=429, direction="out", at=at,
                  execution_id=f"ex_busy_{back}")  # fmt: skip


async def _accounts(desk: Desk, conn: Connection, said: str) -> None:
    refused = await account(desk, conn, "Locked Doors")
    await integrations.set_state(conn, refused, "credentials_invalid")
    await log(conn, 1, integration_id=refused, status=409, execution_id="ex_refused",
              code="integration.credentials_invalid")  # fmt: skip
    lacking = await account(desk, conn, "Half Open")
    await integrations.lacks(conn, lacking, "ats.job.list", said)
    await log(conn, 1, integration_id=lacking, status=403, execution_id="ex_lacking",
              code="integration.permission_missing")  # fmt: skip


async def _syncs(desk: Desk, conn: Connection, said: str) -> None:
    owner = await account(desk, conn, "Slow River")
    for number, (state, error) in enumerate((("failed", TIMED_OUT | {"msg": said, "hint": said}),
                                             ("complete", None))):  # fmt: skip
        sync, run = f"sj_{number}", f"sr_{number}"
        await conn.execute(ADD_SYNC, owner, sync, ("ats_jobs", "ats_offers")[number])
        await conn.execute(ADD_RUN, owner, run, sync, state, error, 3 * number)
        await log(conn, 2, integration_id=owner, direction="out", execution_id=run,
                  status=None if error else 200, code="upstream.timeout" if error else None,
                  operation="/jobs")  # fmt: skip


async def _webhook(desk: Desk, conn: Connection, state: str, said: str) -> None:
    owner = await account(desk, conn, f"Receiver {state}")
    own_key = await masters.own_key(conn, desk.vault)
    endpoint = webhooks.NewWebhook(url=f"https://{state}.example/hook", integration_id=owner)
    webhook, _ = await webhooks.create(conn, own_key, endpoint)
    key = await masters.data_key(conn, desk.vault, owner)
    event = f"evt_{state}"
    sealed = key.seal(owner, outbox.purpose(event), b"{}")
    now = datetime.now(UTC)
    due = None if state == "dead" else now + timedelta(hours=1)
    kept = "dead" if state == "dead" else "waiting"
    await conn.execute(ADD_LETTER, owner, webhook.id, event, sealed, due, kept, said, now,
                       f"ex_{state}")  # fmt: skip
    await log(conn, 1, integration_id=owner, direction="out", operation="webhook", method="POST",
              status=500, code="webhook.not_acknowledged", execution_id=f"ex_{state}",
              at=now - timedelta(milliseconds=20))  # fmt: skip
    if state == "disabled":
        sql = "update webhooks set state = 'disabled', disabled_at = now(), disabled_because = $2"
        await conn.execute(f"{sql} where id = $1", webhook.id, said)
    elif state == "waiting":
        sql = "update webhooks set failing_since = now() - interval '3 minutes', failures = 3"
        await conn.execute(f"{sql} where id = $1", webhook.id)


async def _order(desk: Desk, conn: Connection) -> None:
    owner = await account(desk, conn, "Test House")
    new = orders.NewOrder(
        integration_id=owner,
        package_id="p-1",
        subject="a-1",
        candidate_id="c-1",
        application_id="a-1",
        job_id=None,
        callback=None,
        expires_at=datetime.now(UTC) + timedelta(days=3),
    )
    async with conn.transaction():
        key = await masters.data_key(conn, desk.vault, owner)
        order = await orders.put(conn, key, new)
        await orders.note_problem(conn, owner, order.id, "partner_score: is odd")
    await log(conn, 1, integration_id=owner, operation="(partner call)", execution_id="ex_order")
