"""Starting, stopping and planning runs."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import msgspec
import pytest

from hireloom.store import runs, syncs
from hireloom.store.syncs import NewSync, Sync
from hireloom.sync import starting
from tests.syncing import Syncing

DATA = {"dataType": "ats_applications"}
LIGHT = ["application_info", "application_stage"]
WAITING = """
select count(*) from pg_stat_activity
 where datname = current_database() and wait_event_type = 'Lock'
"""
PAST = timedelta(minutes=-1)


async def planned(conn: asyncpg.Connection, integration: str, after: timedelta = PAST) -> Sync:
    new = NewSync(
        integration_id=integration, data_type="ats_jobs", models=["job_info"], frequency=60
    )
    sync = await syncs.create(conn, new)
    await syncs.plan(conn, sync, datetime.now(UTC) + after)
    return await syncs.get(conn, integration, sync.id)


async def accounts(conn: asyncpg.Connection, names: list[str], state: str = "active") -> None:
    await conn.executemany(
        "insert into integrations (id, connector, origin_org_id, origin_org_name, category, state,"
        " credentials, settings, permissions)"
        " values ($1, 'greenhouse', $1, $1, 'ats', $2, '', '{}', '{}')",
        [(name, state) for name in names],
    )


async def open_runs(conn: asyncpg.Connection) -> int:
    count: int = await conn.fetchval(
        "select count(*) from sync_runs where state in ('queued', 'running')"
    )
    return count


async def test_what_is_due_is_started_once_by_two_that_look_at_the_same_time(
    pool: asyncpg.Pool,
) -> None:
    names = [f"int_{number}" for number in range(250)]
    async with pool.acquire() as conn:
        await accounts(conn, names)
        for name in names:
            await planned(conn, name)

    async def tick() -> int:
        async with pool.acquire() as conn, conn.transaction():
            return await starting.start_due(conn)

    counts = [*await asyncio.gather(tick(), tick()), *await asyncio.gather(tick(), tick())]

    async with pool.acquire() as conn:
        assert sum(counts) == await open_runs(conn) == 250
        assert max(counts) == starting.DUE_AT_ONCE
        ahead = await conn.fetchval("select min(next_run_at) > now() from syncs")
        assert ahead is True
        jobs = await conn.fetchval("select count(*) from pgqueuer where entrypoint = 'sync'")
        assert jobs == 250


async def test_neither_a_stopped_sync_nor_one_of_an_inactive_account_is_started(
    conn: asyncpg.Connection,
) -> None:
    await accounts(conn, ["int_1"])
    await accounts(conn, ["int_2"], "deactivated")
    await accounts(conn, ["int_3"], "credentials_invalid")
    for number in (1, 2, 3):
        sync = await planned(conn, f"int_{number}")
    stopped = await syncs.find(conn, "int_1", "ats_jobs")
    assert stopped is not None
    await syncs.change(conn, stopped, state="stopped")

    started = await starting.start_due(conn)

    assert started == 0
    assert await runs.open_run(conn, sync) is None


async def test_a_due_sync_whose_run_is_open_joins_it(conn: asyncpg.Connection) -> None:
    await accounts(conn, ["int_1"])
    sync = await planned(conn, "int_1")
    first = await starting.start(conn, sync, "initial_sync", "api")

    await starting.start_due(conn)

    assert await open_runs(conn) == 1
    joined = await runs.open_run(conn, sync)
    assert joined is not None
    assert joined.id == first.id


async def test_two_changes_at_once_are_both_kept(few: Syncing) -> None:
    await few.sync(models=LIGHT)

    (before,) = (await few.look("sync.list"))["syncs"]
    pool = few.service.desk.pool
    async with pool.acquire() as conn, pool.acquire() as other:
        async with conn.transaction():
            await syncs.lock(conn, few.integration, before["syncJobId"])
            both = [
                asyncio.create_task(
                    few.ask("sync.watchFields.update", **DATA, jsonPaths=["$.info"])
                ),
                asyncio.create_task(few.ask("sync.update", **DATA, frequency="high")),
            ]
            async with asyncio.timeout(120):
                while await other.fetchval(WAITING) < 2:  # noqa: ASYNC110 – of the database
                    await asyncio.sleep(0.01)
        await asyncio.gather(*both)

    (sync,) = (await few.look("sync.list"))["syncs"]
    assert (sync["watchFields"], sync["frequency"]) == (["$.info"], 60)


async def test_many_starts_at_once_are_one_run(few: Syncing) -> None:
    async with few.held_up():
        starts = [few.ask("sync.start", **DATA, models=LIGHT) for _ in range(8)]
        started = await asyncio.gather(*starts)
    told = await few.told(started[0]["syncRunId"])

    assert len({one["syncRunId"] for one in started}) == 1
    assert len({one["syncJobId"] for one in started}) == 1
    assert len(told.new) == len(few.account.state())
    assert len((await few.look("sync.run.list"))["runs"]) == 1


async def test_a_stopped_run_stops_and_the_next_start_tells_only_the_rest(
    greenhouse: Syncing,
) -> None:
    async with greenhouse.held_up():
        started = await greenhouse.ask("sync.start", **DATA, models=LIGHT)
        await greenhouse.until_held_up()
        stopped = await greenhouse.ask("sync.stop", **DATA)
    told = await greenhouse.sync()

    assert (stopped["state"], stopped.get("nextRunAt")) == ("STOPPED", None)
    assert (await greenhouse.run(started["syncRunId"]))["state"] == "STOPPED"
    assert told.run_id != started["syncRunId"]
    everything = [
        event["recordId"]
        for event in greenhouse.receiver.events
        if event["eventType"] == "record.new"
    ]
    assert sorted(everything) == sorted(str(one) for one in greenhouse.account.state())
    again = await greenhouse.sync(syncType="delta_sync")
    assert again.processed["emitted"] == 0


async def test_a_stopped_run_that_is_replayed_at_once_goes_on(few: Syncing) -> None:
    async with few.held_up():
        started = await few.ask("sync.start", **DATA, models=LIGHT)
        await few.until_held_up()
        await few.ask("sync.stop", **DATA)
        await few.ask("sync.run.replay", syncRunId=started["syncRunId"])
    told = await few.told(started["syncRunId"])

    assert {event["recordId"] for event in told.new} == {str(one) for one in few.account.state()}


async def test_other_models_of_a_stopped_sync_are_read_when_it_is_started(few: Syncing) -> None:
    first = await few.sync(models=["application_info"])
    await few.ask("sync.stop", **DATA)

    await few.ask("sync.update", **DATA, models=LIGHT)
    listed = (await few.look("sync.run.list"))["runs"]
    told = await few.sync(syncType="delta_sync")

    assert len(listed) == 1
    assert len(told.modified) == len(first.new)


async def test_replaying_a_run_that_ended_well_tells_everything_again(few: Syncing) -> None:
    first = await few.sync(models=LIGHT)
    before = len(few.receiver.events)

    replayed = await few.ask("sync.run.replay", syncRunId=first.run_id)
    told = await few.told(replayed["syncRunId"], before)

    assert replayed["syncRunId"] != first.run_id
    assert replayed["cause"] == "replay"
    assert {event["recordId"] for event in told.new} == {e["recordId"] for e in first.new}


async def test_the_schedule_is_kept_or_counted_from_the_end_of_the_run(few: Syncing) -> None:
    await few.sync(models=LIGHT)
    async with few.service.desk.pool.acquire() as conn:
        sync = await syncs.find(conn, few.integration, "ats_applications")
        assert sync is not None
        await syncs.plan(conn, sync, datetime.now(UTC) + timedelta(hours=2))

    async def next_run() -> datetime:
        (shown,) = (await few.look("sync.list"))["syncs"]
        return msgspec.convert(shown["nextRunAt"], datetime)

    before = await next_run()
    await few.ask("sync.update", **DATA, webhookId=few.webhook)
    unchanged = await next_run()
    await few.sync(syncType="delta_sync", honorScheduler=True)
    honored = await next_run()
    await few.sync(syncType="delta_sync")
    counted = await next_run()

    assert before == unchanged == honored
    assert counted > datetime.now(UTC) + timedelta(hours=21)


@pytest.mark.parametrize(
    ("frequency", "minutes"), [("standard", 1440), ("medium", 360), ("high", 60), (15, 15)]
)
async def test_a_frequency_plans_the_next_run(
    few: Syncing, frequency: str | int, minutes: int
) -> None:
    await few.sync(models=LIGHT)

    shown = await few.ask("sync.update", **DATA, frequency=frequency)

    assert shown["frequency"] == minutes
    ahead = msgspec.convert(shown["nextRunAt"], datetime) - datetime.now(UTC)
    assert timedelta(minutes=minutes) * 0.85 < ahead <= timedelta(minutes=minutes)


async def test_a_time_of_day_moves_the_schedule(few: Syncing) -> None:
    await few.sync(models=LIGHT)

    shown = await few.ask("sync.update", **DATA, startHour=3, startMinute=30)

    assert (shown["startHour"], shown["startMinute"]) == (3, 30)
    planned_at = msgspec.convert(shown["nextRunAt"], datetime)
    assert (planned_at.hour, planned_at.minute) == (3, 30)
