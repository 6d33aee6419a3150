"""A letterbox with an account, a webhook at a real receiver, and the one who delivers."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import msgspec
import pytest

from hireloom.deliver import retries, turn
from hireloom.deliver.run import Deliverer
from hireloom.models.webhooks import Envelope
from hireloom.settings import Settings
from hireloom.store import integrations, masters, outbox, queue, rotation, senders, webhooks
from hireloom.store.keys import new_id
from hireloom.store.outbox import Event
from hireloom.store.pool import Connection
from hireloom.store.seal import Vault
from tests.receiver import Receiver

ACCOUNT = integrations.NewIntegration(
    connector="lever", category="ats", origin_org_id="org-1", origin_org_name="Example & Sons"
)


def event(integration_id: str, record: str | None = None, data: Any = None, **more: Any) -> Event:
    envelope = Envelope(
        event_id=new_id("evt"),
        event_type=more.get("event_type", "record.modified"),
        event_data=data,
        record_id=record,
        triggered_at=datetime.now(UTC),
        integration_id=integration_id or None,
    )
    return Event(
        event_id=envelope.event_id,
        event_type=envelope.event_type,
        integration_id=integration_id,
        body=msgspec.json.encode(envelope),
        data_type=more.get("data_type", "ats_applications"),
        run_id=more.get("run_id"),
        record_id=record,
    )


@dataclass
class Post:
    """An installation's post: puts events in, delivers them, looks at what became of them."""

    pool: asyncpg.Pool
    vault: Vault
    settings: Settings
    integration: str = ""
    opened: list[Deliverer] = field(default_factory=list)

    async def webhook(self, url: str, **more: Any) -> tuple[str, str]:
        """A webhook's id and secret."""
        async with self.pool.acquire() as conn:
            own_key = await masters.own_key(conn, self.vault)
            new = webhooks.NewWebhook(url=url, **more)
            made, secret = await webhooks.create(conn, own_key, new)
        return made.id, secret

    def deliverer(self, pool: asyncpg.Pool | None = None, seconds: float = 300) -> Deliverer:
        made = Deliverer(pool or self.pool, self.vault, self.settings, seconds=seconds)
        self.opened.append(made)
        return made

    def event(self, record: str | None = None, data: Any = None, **more: Any) -> Event:
        return event(self.integration, record, data, **more)

    async def put(self, *events: Event, only: str | None = None) -> int:
        async with self.pool.acquire() as conn, conn.transaction():
            to = await webhooks.wanting(conn, self.integration, None, None, only=only)
            key = await masters.data_key(conn, self.vault, self.integration)
            return await outbox.put(conn, key, events, to)

    async def waiting(self) -> list[asyncpg.Record]:
        """The letters in the box."""
        return list(await self.pool.fetch("select * from outbox order by id"))

    async def jobs(self) -> list[tuple[str, float]]:
        """The webhooks that are to be looked at, and in how many seconds from when that was put."""
        rows = await self.pool.fetch(
            "select payload, extract(epoch from execute_after - created)::float8 as seconds"
            " from pgqueuer where entrypoint = 'deliver' order by execute_after"
        )
        return [(queue.read_payload(row["payload"])[1], row["seconds"]) for row in rows]

    async def run(self) -> str:
        """A run that goes on, of a sync of its own."""
        sync, run = new_id("sync"), new_id("run")
        await self.pool.execute(
            "insert into syncs (integration_id, id, data_type, models, frequency, custom_key)"
            " values ($1, $2, 'ats_applications', '{}', 60, $2)",
            self.integration, sync,
        )  # fmt: skip
        await self.pool.execute(
            "insert into sync_runs (integration_id, id, sync_id, kind, cause, state, models)"
            " values ($1, $2, $3, 'initial_sync', 'api', 'running', '{}')",
            self.integration, run, sync,
        )  # fmt: skip
        return run

    async def finish(
        self, run: str, conn: Connection | None = None, state: str = "complete"
    ) -> None:
        await (conn or self.pool).execute(
            "update sync_runs set state = $2, finished_at = now() where id = $1", run, state
        )

    async def another_account(self) -> None:
        async with self.pool.acquire() as conn, conn.transaction():
            made = await integrations.create(conn, self.vault, ACCOUNT, b"{}")
        self.integration = made.id

    async def delete_account(self) -> None:
        async with self.pool.acquire() as conn, conn.transaction():
            await integrations.delete(conn, self.vault, self.integration, "test")

    async def rotate(self, webhook: str) -> str:
        async with self.pool.acquire() as conn:
            own_key = await masters.own_key(conn, self.vault)
            return (await webhooks.rotate(conn, own_key, webhook))[1]

    async def rotate_master_key(self) -> None:
        async with self.pool.acquire() as conn:
            await rotation.rotate_installation(conn, self.settings)

    async def everything_stored(self) -> str:
        """Every value of every table, bytes as text."""
        tables = await self.pool.fetch(
            "select table_name as name from information_schema.tables"
            " where table_schema = 'public' and table_type = 'BASE TABLE'"
        )
        found: list[str] = []
        for table in tables:
            rows = await self.pool.fetch(f"select * from {table['name']}")  # noqa: S608 – from the catalogue
            found += [
                value.decode("latin-1") if isinstance(value, bytes) else str(value)
                for row in rows
                for value in row.values()
            ]
        return "\n".join(found)

    async def until_locked_out(self, conn: Connection) -> None:
        """Wait until somebody waits for a lock."""
        async with asyncio.timeout(120):
            while not await conn.fetchval(  # noqa: ASYNC110 – of another process
                "select exists (select from pg_stat_activity"
                " where wait_event_type = 'Lock' and datname = current_database())"
            ):
                await asyncio.sleep(0.01)

    async def clock(self) -> datetime:
        """The database's time."""
        found: datetime = await self.pool.fetchval("select clock_timestamp()")
        return found

    async def time_passes(self) -> None:
        """Whatever is to be tried again later is due, and no endpoint is paused."""
        await self.pool.execute("update outbox set next_at = now() where next_at is not null")
        await self.pool.execute("update webhooks set paused_until = null")


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as found:
        yield found


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No turn and no lease ends, and no retry is due, because a test takes its time."""
    monkeypatch.setattr(turn, "SECONDS", 600.0)
    monkeypatch.setattr(senders, "LEASE", timedelta(hours=1))
    monkeypatch.setattr(retries, "DELAYS", tuple(100 * one for one in retries.DELAYS))


@pytest.fixture
async def post(
    pool: asyncpg.Pool, vault: Vault, settings: Settings, unhurried: None
) -> AsyncIterator[Post]:
    allowing = msgspec.structs.replace(settings, allow_private_webhooks=True)
    found = Post(pool, vault, allowing)
    async with pool.acquire() as conn, conn.transaction():
        found.integration = (await integrations.create(conn, vault, ACCOUNT, b"{}")).id
    yield found
    for one in found.opened:
        await one.close()
