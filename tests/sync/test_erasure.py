"""Deleting an account leaves its audit entry and nothing else, whatever was under way."""

import asyncio

import asyncpg

from hireloom.store import integrations
from hireloom.sync import upkeep
from tests.receiver import Reply
from tests.syncing import Syncing


async def places_of(conn: asyncpg.Connection, wanted: str) -> set[str]:
    """The tables of which some row holds the text, as text or as bytes."""
    names = await conn.fetch(
        "select table_name as name from information_schema.tables"
        " where table_schema = 'public' and table_type = 'BASE TABLE'"
    )
    found = set()
    for (name,) in names:
        for row in await conn.fetch(f"select * from {name}"):  # noqa: S608 – from the catalogue
            values = [
                value.decode("latin-1") if isinstance(value, bytes) else str(value)
                for value in row.values()
            ]
            if any(wanted in value for value in values):
                found.add(name)
    return found


async def test_an_account_is_deleted_in_the_middle_of_a_run_and_of_deliveries(
    greenhouse: Syncing,
) -> None:
    desk = greenhouse.service.desk
    greenhouse.receiver.answer = lambda _: Reply(hangs=True)
    await greenhouse.ask("events.subscribe", events=["ats_applications_new"])
    await greenhouse.ask("sync.start", dataType="ats_applications")
    await greenhouse.receiver.until(lambda: bool(greenhouse.receiver.arrivals))
    await greenhouse.ask("sync.start", dataType="ats_candidates")
    async with desk.pool.acquire() as conn:
        assert "outbox" in await places_of(conn, greenhouse.integration)

    deleted = await greenhouse.service.post("integration.delete", greenhouse.integration)
    greenhouse.receiver.release()

    assert deleted.status_code == 200

    async def rests() -> set[str]:
        await upkeep.tick(desk.pool)
        async with desk.pool.acquire() as conn:
            return await places_of(conn, greenhouse.integration)

    async with asyncio.timeout(120):
        while await rests() != {"audit"}:  # noqa: ASYNC110 – rows are what is waited for
            await asyncio.sleep(0.2)


WAITS = """
select exists (
    select from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'
       and query like 'delete from integrations%'
)
"""


async def test_a_page_that_is_being_written_is_erased_with_its_account(
    greenhouse: Syncing,
) -> None:
    desk = greenhouse.service.desk
    async with desk.pool.acquire() as writer, desk.pool.acquire() as other:
        page = writer.transaction()
        await page.start()
        await integrations.hold(writer, greenhouse.integration)
        deleting = asyncio.create_task(
            greenhouse.service.post("integration.delete", greenhouse.integration)
        )
        async with asyncio.timeout(120):
            while not await other.fetchval(WAITS):  # noqa: ASYNC110 – the database knows it alone
                await asyncio.sleep(0.02)
        await writer.execute(
            "insert into heard (integration_id, hook_id) values ($1, 'x')", greenhouse.integration
        )
        await page.commit()
        await deleting

        left = await places_of(other, greenhouse.integration)

    assert "heard" not in left
