"""An installation with a week behind it: made-up customers, their accounts, and some trouble."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hireloom import mapping
from hireloom.desk import Desk
from hireloom.issues import watch
from hireloom.models import MappingFieldDraft, MappingOwner
from hireloom.store import audit, integrations, keys, masters, outbox, webhooks
from hireloom.store.integrations import NewIntegration
from hireloom.store.pool import Connection
from hireloom.store.seal import OURS
from hireloom.sync import upkeep

CUSTOMERS = (
    ("Alder Foods", "lever"),
    ("Brightwater Health", "greenhouse"),
    ("Halden & Sons", "ashby"),
    ("Kestrel Robotics", "ashby"),
    ("Lantern Books", "lever"),
    ("Museum of Tides", "greenhouse"),
    ("Northwind Logistics", "greenhouse"),
    ("Orchard Bank", "ashby"),
)
DAYS = 7
CALLS = 24_000
ACTORS = ("console op_1 (Ada)", "console op_2 (Sam)", "key key_1 (production)")

KEEP_DAYS = """
select keep_day('calls', (now() at time zone 'UTC')::date - back),
       keep_day('deliveries', (now() at time zone 'UTC')::date - back)
  from generate_series(0, $1::integer) as back
"""
# More by day than by night, and now and then a failure.
FILL_CALLS = """
with drawn as (
    select n, now() - interval '1 second' * (random() * $2::float8 * 86400) as at, random() as luck,
           1 + (random() * 7)::integer % 8 as whose
      from generate_series(1, $1::integer) as n
)
insert into calls (integration_id, at, direction, execution_id, operation, method, status, code,
                   duration_ms, upstream_calls, bytes)
select ($3::text[])[whose], at, case when n % 3 = 0 then 'in' else 'out' end,
       'ex_' || left(md5((n / 3)::text), 17),
       case when n % 3 = 0 then ($4::text[])[1 + n % 6] else ($5::text[])[1 + n % 4] end,
       'GET', case when luck < 0.012 then 503 when luck < 0.02 then 404 else 200 end,
       case when n % 3 <> 0 then null when luck < 0.012 then 'upstream.unavailable'
            when luck < 0.02 then 'resource.not_found' end,
       40 + 500 * random() ^ 3, 1 + n % 3, 4000
  from drawn
 where random() < 0.25 + 0.75 * sin(pi() * extract(hour from at) / 24) ^ 2
   and at < now() - interval '5 minutes'
"""
OPERATIONS = (
    "ats.application.list", "ats.job.list", "ats.candidate.get", "ats.application.get",
    "ats.candidate.note.create", "ats.offer.list",
)  # fmt: skip
UPSTREAM = ("/v3/applications", "/v3/jobs", "/v3/candidates/{}", "/v3/offers")
FILL_DELIVERIES = """
with drawn as (
    select n, now() - interval '1 minute' * (5000 - n) * 2 * (0.9 + n % 7 / 30.0) as at
      from generate_series(1, 5000) as n
)
insert into deliveries (integration_id, at, number, webhook_id, event_id, event_type, data_type,
                        record_id, run_id, created_at, attempts, status, duration_ms)
select ($1::text[])[1 + n % 8], at, n, $2, 'evt_' || left(md5(n::text), 20),
       ($3::text[])[1 + n % 3], 'ats_applications', 'rec-' || n, null, at - interval '2 seconds',
       1, 200, 30 + 90 * random()
  from drawn
"""
ADD_CALL = """
insert into calls (integration_id, at, direction, execution_id, operation, method, status, code,
                   duration_ms, upstream_calls)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)
"""
ADD_SYNC = """
insert into syncs (integration_id, id, data_type, models, frequency, completed_at, next_run_at,
                   state)
values ($1, $2, $3, $4, $5, now() - $6::interval, $7, $8)
"""
ADD_RUN = """
insert into sync_runs (integration_id, id, sync_id, kind, cause, state, step, models, processed,
                       emitted, added, modified, deleted, error, created_at, started_at,
                       finished_at)
values ($1, $2, $3, $4, $5, $6, 'read', $7, $8, $9, $10, $11, $12, $13, $14, $14, $15)
"""
ADD_LETTER = """
insert into outbox (integration_id, webhook_id, event_id, event_type, data_type, record_id, sealed,
                    attempts, next_at, state, first_attempt_at, last_attempt_at, last_status,
                    last_reason, last_execution_id)
values ($1, $2, $3, $4, 'ats_applications', $5, $6, $7, now() + interval '7 minutes', $8,
        now() - interval '50 minutes', now() - interval '2 minutes', $9, $10,
        'ex_5hRk2Wq0bT0mXc')
"""
TIMED_OUT = {
    "code": "upstream.timeout",
    "msg": "Lever did not answer /opportunities in 30 seconds",
    "category": "vendor",
    "hint": "The ATS did not answer in time; try again.",
}
LATELY = timedelta(minutes=2)
FIELDS = (
    MappingFieldDraft(
        key="salaryWish",
        label="Salary expectation",
        description="What the candidate would like to earn; shown beside the score.",
        owner=MappingOwner.CANDIDATE,
    ),
    MappingFieldDraft(key="costCentre", label="Cost centre", owner=MappingOwner.JOB),
)


@dataclass(frozen=True)
class Scene:
    """What single pages are about."""

    account: str
    sync: str
    delivery: str
    issue: str


async def furnish(desk: Desk) -> Scene:
    """Fill an empty installation; the same each time but for its ids and the hour."""
    async with desk.pool.acquire() as conn:
        await conn.execute("select setseed(0.5)")
        ids = [await _account(desk, conn, *one) for one in CUSTOMERS]
        await _states(conn, ids)
        good, bad = await _webhooks(desk, conn, ids)
        await conn.execute(KEEP_DAYS, DAYS + 2)
        await conn.execute(FILL_CALLS, CALLS, float(DAYS), ids, OPERATIONS, UPSTREAM)
        kinds = ["record.new", "record.modified", "record.modified"]
        await conn.execute(FILL_DELIVERIES, ids, good, kinds)
        for number, integration_id in enumerate(ids):
            await _syncs(conn, integration_id, number)
        delivery = await _letters(desk, conn, ids, bad)
        await _failures(conn, ids)
        await _audit(conn, ids)
    for field in FIELDS:
        await mapping.put_field(desk, "console", field)
    await watch.look(desk.pool, desk.vault, settling=0)
    await upkeep.count_traffic(desk.pool, 30)
    issue = await desk.pool.fetchval("select id from issues where kind = 'webhook_failing'")
    return Scene(ids[1], f"{ids[4]}/sj_4_0", f"dlv_{delivery}", issue)


async def _account(desk: Desk, conn: Connection, name: str, connector: str) -> str:
    slug = name.partition(" ")[0].lower()
    new = NewIntegration(
        connector=connector, category="ats", origin_org_id=f"org-{slug}", origin_org_name=name
    )
    made = await integrations.create(conn, desk.vault, new, b"{}")
    await conn.execute(
        "update integrations set verified_at = now() - interval '3 hours',"
        " created_at = now() - interval '40 days', connected_at = now() - interval '40 days'"
        " where id = $1",
        made.id,
    )
    return made.id


async def _states(conn: Connection, ids: Sequence[str]) -> None:
    await integrations.set_state(conn, ids[2], "credentials_invalid")
    await integrations.set_state(conn, ids[5], "deactivated")
    for operation in ("ats.offer.list", "ats.offer.get"):
        await integrations.lacks(conn, ids[7], operation, "offersRead")
    await keys.create(conn, "production", ["read", "write"])
    await keys.create(conn, "reporting", ["read"])


async def _webhooks(desk: Desk, conn: Connection, ids: Sequence[str]) -> tuple[str, str]:
    own_key = await masters.own_key(conn, desk.vault)
    made = []
    for url, description, owner in (
        ("https://hooks.product.example/hireloom/in", "Product, production", OURS),
        ("https://staging.product.example/hooks", "Product, staging", ids[6]),
        ("https://reports.example/ats", "Reports", OURS),
    ):
        new = webhooks.NewWebhook(url=url, description=description, integration_id=owner)
        made.append((await webhooks.create(conn, own_key, new))[0].id)
    await conn.execute(
        "update webhooks set last_delivered_at = now() - interval '9 seconds' where id = $1",
        made[0],
    )
    await conn.execute(
        "update webhooks set failing_since = now() - interval '50 minutes', failures = 14,"
        " last_delivered_at = now() - interval '52 minutes' where id = $1",
        made[1],
    )
    return made[0], made[1]


async def _syncs(conn: Connection, integration_id: str, number: int) -> None:
    now = datetime.now(UTC)
    for place, data_type in enumerate(("ats_applications", "ats_jobs")[: 1 + number % 2]):
        sync = f"sj_{number}_{place}"
        models = ["application_info", "candidate_info"] if place == 0 else ["job_info"]
        is_late = number == 6
        next_at = now + timedelta(minutes=-40 if is_late else 11 + 7 * number)
        state = "stopped" if number == 5 else "active"
        await conn.execute(ADD_SYNC, integration_id, sync, data_type, models, 60,
                           timedelta(minutes=10 + 6 * number), next_at, state)  # fmt: skip
        for back in range(6, -1, -1):
            ended = _end(number, back)
            began = now - timedelta(hours=back, minutes=10 + 6 * number)
            took = None if ended == "running" else began + timedelta(seconds=48 + 7 * back)
            first = back == 6
            read = 1840 + 211 * number if first else 9 + 7 * number % 23 + 5 * back
            await conn.execute(
                ADD_RUN, integration_id, f"sr_{number}_{place}_{back}", sync,
                "initial_sync" if first else "delta_sync", "api" if first else "schedule", ended,
                models, read, read if first else 2 + number % 5 + back,
                read if first else back, 0 if first else 2 + number % 5, 0,
                TIMED_OUT if ended == "failed" else None, began, took,
            )  # fmt: skip


def _end(number: int, back: int) -> str:
    """How a run ended; the newest ones are what somebody would want to see."""
    if back == 0 and number == 4:
        return "failed"
    return "running" if back == 0 and number in (0, 3) else "complete"


async def _letters(desk: Desk, conn: Connection, ids: Sequence[str], webhook: str) -> int:
    key = await masters.data_key(conn, desk.vault, ids[6])
    await conn.execute("alter table outbox alter column id restart with 5001")
    states = ("waiting", "waiting", "dead", "waiting", "dead", "waiting")
    for number, state in enumerate(states):
        event = f"evt_9f3c{number}"
        sealed = key.seal(ids[6], outbox.purpose(event), b"{}")
        await conn.execute(ADD_LETTER, ids[6], webhook, event, "record.modified", f"rec-{number}",
                           sealed, 6, state, 502, "answered 502")  # fmt: skip
    at = datetime.now(UTC) - LATELY - timedelta(milliseconds=90)
    for back in range(4):
        await conn.execute(ADD_CALL, ids[6], at - timedelta(minutes=9 * back), "out",
                           f"ex_5hRk2Wq0bT{back}mXc", "webhook", "POST", 502,
                           "webhook.not_acknowledged", 88.0)  # fmt: skip
    return 5001


async def _failures(conn: Connection, ids: Sequence[str]) -> None:
    now = datetime.now(UTC)
    for back in range(5):
        await conn.execute(ADD_CALL, ids[0], now - timedelta(minutes=back), "in",
                           f"ex_8dLw4Zp1sV{back}nQe", "ats.offer.list", "GET", 504,
                           "upstream.timeout", 30_000.0)  # fmt: skip
        await conn.execute(ADD_CALL, ids[4], now - timedelta(minutes=22, seconds=back), "out",
                           "sr_4_0_0", "/v1/opportunities", "GET", None, "upstream.timeout",
                           30_000.0)  # fmt: skip


async def _audit(conn: Connection, ids: Sequence[str]) -> None:
    entries: tuple[tuple[str, str, Mapping[str, object]], ...] = (
        ("webhook.create", OURS, {"origin": "https://hooks.product.example"}),
        ("auth.createSession", ids[1], {"originOrgId": "org-brightwater"}),
        ("integration.connect", ids[1], {"appId": "greenhouse"}),
        ("sync.start", ids[1], {"dataType": "ats_applications", "frequency": 60}),
        ("integration.verify", ids[7], {"missing": "offersRead"}),
        ("integration.deactivate", ids[5], {}),
        ("delivery.replay", OURS, {"replayed": 12}),
        ("issue.mute", ids[2], {"kind": "credentials_invalid"}),
        ("apiKey.create", OURS, {"name": "reporting", "scopes": ["read"]}),
    )
    for place, (action, owner, detail) in enumerate(entries):
        await audit.add(conn, ACTORS[place % 3], action, integration_id=owner, detail=detail)
    await conn.execute(
        "update audit set at = now() - interval '37 minutes' * (20 - id) where id < 20"
    )
