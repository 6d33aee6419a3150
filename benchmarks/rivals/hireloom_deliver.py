"""Hireloom: events put into the letterbox as a sync puts them, pages of 500 to a transaction.

`hireloom worker` sends them. At a pace, each event has a transaction of its own. The plan names
addresses; the file BENCH_TARGETS holds the webhook that stands for each.
"""

import asyncio
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import uvloop

from benchmarks.rivals import letters
from hireloom.settings import Settings
from hireloom.store import keyfile, masters, outbox
from hireloom.store import pool as pools
from hireloom.store.seal import Key
from hireloom.store.webhooks import Target

PAGE = 500


async def put(plan: letters.Plan, webhook_ids: dict[str, str]) -> None:
    integration_id = os.environ["BENCH_INTEGRATION"]
    settings = Settings.read(os.environ)
    pool = await pools.connect_pool(await pools.find_server(settings), size=2)
    vault = keyfile.open_vault(settings)
    times: dict[str, float] = {}
    async with pool.acquire() as conn:
        key = await masters.data_key(conn, vault, integration_id)
        page: list[letters.Event] = []
        started = time.monotonic()
        for number, event in enumerate(plan.all()):
            if pause := plan.pause(number, started):
                await asyncio.sleep(pause)
            times[event.id] = time.monotonic()
            page.append(event)
            if plan.per_second or len(page) == PAGE:
                await put_page(conn, key, integration_id, webhook_ids, page)
                page.clear()
        if page:
            await put_page(conn, key, integration_id, webhook_ids, page)
    letters.report(started, times)
    await pool.close()


async def put_page(
    conn: asyncpg.Connection,
    key: Key,
    integration_id: str,
    webhook_ids: dict[str, str],
    page: Sequence[letters.Event],
) -> None:
    by_webhook: dict[str, list[outbox.Event]] = {}
    for event in page:
        by_webhook.setdefault(webhook_ids[event.url], []).append(
            outbox.Event(
                event_id=event.id,
                event_type="record.new",
                integration_id=integration_id,
                body=event.body.encode(),
                data_type="ats_applications",
                run_id="run_bench",
                record_id=event.id,
            )
        )
    async with conn.transaction():
        for webhook_id, events in by_webhook.items():
            target = Target(
                id=webhook_id, integration_id="", events=frozenset(), data_types=frozenset()
            )
            await outbox.put(conn, key, events, [target])


if __name__ == "__main__":
    targets = json.loads(Path(os.environ["BENCH_TARGETS"]).read_text())
    uvloop.run(put(letters.read_plan(), targets))
