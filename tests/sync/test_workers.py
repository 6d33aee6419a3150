"""Two workers and one integration: one run at a time, and a lost lease keeps nothing."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import msgspec
import pytest

from hireloom.desk import open_desk
from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from hireloom.store import fingerprints, reopening, runs, senders, syncs
from hireloom.store.runs import NotHeldError, Progress
from hireloom.store.syncs import NewSync, Sync
from hireloom.sync import run as running_module
from hireloom.sync.run import Runner
from hireloom.worker import working
from tests.service import running
from tests.syncing import Syncing, syncing

DATA = {"dataType": "ats_applications"}
LIGHT = ["application_info", "application_stage"]
LEASE = timedelta(hours=1)


@pytest.fixture
async def shared(
    settings: Settings, handful: Running, unaided: None, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Syncing]:
    """An account that two workers serve, each with a desk and a pool of its own.

    Neither takes the other's work because the machine stood still for a moment.
    """
    monkeypatch.setattr(running_module, "LEASE", LEASE)
    monkeypatch.setattr(senders, "LEASE", LEASE)
    async with syncing(settings, handful, "greenhouse") as found:
        mapped = msgspec.structs.replace(
            settings, origins=handful.origins, allow_private_webhooks=True
        )
        async with open_desk(mapped, "") as desk, working(desk):
            yield found


async def test_two_workers_never_read_one_account_side_by_side(
    shared: Syncing, monkeypatch: pytest.MonkeyPatch
) -> None:
    under_way: list[str] = []
    overlaps = []
    turns = Runner._turn

    async def counted(self: Runner, run: runs.Run) -> None:
        overlaps.append(len(under_way))
        under_way.append(self.holder)
        try:
            await turns(self, run)
        finally:
            under_way.remove(self.holder)

    monkeypatch.setattr(Runner, "_turn", counted)
    monkeypatch.setattr(running_module, "SLICE_SECONDS", 0.01)  # a step each

    first = await shared.sync(models=LIGHT)
    started = await asyncio.gather(
        *(shared.ask("sync.start", **DATA, syncType="initial_sync") for _ in range(6))
    )
    second = await shared.told(started[0]["syncRunId"])

    assert set(overlaps) == {0}
    assert len(overlaps) > 4
    assert len(first.new) == len(shared.account.state())
    assert second.processed["emitted"] == 0


async def held(conn: asyncpg.Connection, holder: str) -> tuple[Sync, runs.Run]:
    new = NewSync(integration_id="int_1", data_type="ats_jobs", models=["job_info"], frequency=60)
    sync = await syncs.create(conn, new)
    run, _ = await runs.start(conn, sync, "initial_sync", "api")
    taken = await runs.hold(conn, "int_1", run.id, holder, LEASE)
    assert taken is not None
    return sync, taken


async def test_a_worker_whose_run_was_taken_over_keeps_nothing_of_its_page(
    pool: asyncpg.Pool,
) -> None:
    async with pool.acquire() as conn:
        sync, run = await held(conn, "one")
        await conn.execute("update sync_runs set held_until = now() - interval '1 second'")
        taken = await runs.hold(conn, "int_1", run.id, "two", LEASE)
        assert taken is not None

        async def keep_page() -> None:
            async with conn.transaction():
                await fingerprints.remember(conn, sync.number, {"1": b"p"}, {}, 1.0)
                await runs.advance(conn, run, "one", Progress(step="sweep", processed=1))

        with pytest.raises(NotHeldError):
            await keep_page()

        assert await fingerprints.known(conn, sync.number, ["1"]) == {}
        after = await runs.get(conn, "int_1", run.id)
        assert (after.step, after.processed) == ("read", 0)
        assert await runs.keep(conn, "int_1", run.id, "one", LEASE) is False


async def test_a_run_that_is_held_cannot_be_taken_before_the_lease_ends(
    conn: asyncpg.Connection,
) -> None:
    _, run = await held(conn, "one")

    assert await runs.hold(conn, "int_1", run.id, "two", LEASE) is None
    assert await runs.hold(conn, "int_1", run.id, "one", LEASE) is not None


async def test_a_run_that_begins_anew_is_taken_from_its_worker(conn: asyncpg.Connection) -> None:
    sync, run = await held(conn, "one")
    await runs.advance(conn, run, "one", Progress(step="read", cursor="p2", listed=3))
    wider = await syncs.change(conn, sync, models=["job_info", "job_posts"])

    anew = await reopening.begin_anew(conn, wider)

    assert anew is not None
    assert (anew.id, anew.state, anew.cursor, anew.listed) == (run.id, "queued", None, 0)
    assert anew.models == ["job_info", "job_posts"]
    with pytest.raises(NotHeldError):
        await runs.advance(conn, run, "one", Progress(step="sweep"))
    assert await runs.hold(conn, "int_1", run.id, "two", LEASE) is not None


async def test_a_run_that_was_stopped_is_not_ended_by_its_worker(conn: asyncpg.Connection) -> None:
    sync, run = await held(conn, "one")
    await runs.stop(conn, sync)

    with pytest.raises(NotHeldError):
        await runs.end(conn, run, "one", "complete")

    assert (await runs.get(conn, "int_1", run.id)).state == "stopped"


TAKEN_AT_ONCE = """
create function take() returns trigger language plpgsql as
$$ begin new.dedupe_key := null; return new; end $$;
create trigger taken_at_once before insert on pgqueuer for each row execute function take();
delete from pgqueuer
"""


async def test_a_job_that_comes_before_the_turn_that_put_it_is_over_is_not_lost(
    settings: Settings, handful: Running
) -> None:
    stopping = asyncio.Event()
    stopping.set()  # a turn ends before its first step
    async with running(settings, handful) as service:
        integration, pool = await service.connect("greenhouse"), service.desk.pool
        async with pool.acquire() as conn:
            new = NewSync(
                integration_id=integration, data_type="ats_jobs", models=["job_info"], frequency=60
            )
            run, _ = await runs.start(conn, await syncs.create(conn, new), "initial_sync", "api")
            await conn.execute(TAKEN_AT_ONCE)

        def come(_: str) -> None:
            with pytest.raises(StopIteration):
                runner.work(integration, run.id).send(None)

        runner = Runner(pool, service.desk.accounts, "one", stopping, come)
        await runner.work(integration, run.id)

        jobs = await pool.fetchval("select count(*) from pgqueuer where entrypoint = 'sync'")
    assert jobs == 2  # the one that came too early, and another
