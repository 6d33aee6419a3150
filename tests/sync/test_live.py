"""What a vendor's own webhooks bring: records read again and told, at each vendor."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from hireloom import worker
from hireloom.models import DataType
from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from hireloom.store import syncs
from hireloom.sync import live
from hireloom.sync.live import Live, Touch
from hireloom.sync.opening import Opened, open_sync
from tests.hearing import LIGHT, Told, listen, quiet, told
from tests.outage import until
from tests.syncing import Syncing, syncing

NEW, MODIFIED, DELETED = "record.new", "record.modified", "record.deleted"
APPLICATIONS, CANDIDATES, JOBS = "ats_applications", "ats_candidates", "ats_jobs"

# What the vendor has no webhook for, as far as is known; only the next run sees it.
SILENT = {
    "ashby": {"update_candidate"},
    "greenhouse": set[str](),
    "lever": {"update_job", "create_job"},
}


@pytest.fixture(autouse=True)
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No second look comes by itself: what is told is what the first one found."""
    monkeypatch.setattr(live, "SECOND_LOOK", timedelta(hours=1))


class Recruiter:
    """Makes changes, each with another application, and says what is to be told of each."""

    def __init__(self, vendor: Syncing) -> None:
        self.vendor = vendor
        self.running = (
            row
            for row in vendor.account.state().values()
            if row["status"] in {"in_process", "active", "Active"} and row["jobId"]
        )

    def does(self, kind: str, **what: Any) -> dict[str, Any]:
        return self.vendor.account.change(kind, **what)

    def changes(self) -> Iterator[set[Told]]:
        for kind in ("move_application", "reject_application", "hire_application"):
            application = next(self.running)["id"]
            self.does(kind, application=application)
            yield {(MODIFIED, APPLICATIONS, str(application))}
        yield self.applied()
        if "update_candidate" not in SILENT[self.vendor.account.vendor]:
            yield self.renamed()
        if "update_job" not in SILENT[self.vendor.account.vendor]:
            rows = self.vendor.account.state("jobs").values()
            job = next(row["id"] for row in rows if row["status"].lower() == "open")
            self.does("update_job", job=job, title="Keeper of Clocks")
            yield {(MODIFIED, JOBS, str(job))}
            before = set(self.vendor.account.state("jobs"))
            self.does("create_job", title="Mender of Nets")
            (made,) = set(self.vendor.account.state("jobs")) - before
            yield {(NEW, JOBS, str(made))}
        yield self.deleted()

    def applied(self) -> set[Told]:
        before = self.vendor.account.state()
        job = next(self.running)["jobId"]
        self.does("new_application", job=job, name="Ada Quince", email="ada.q@example.com")
        (made,) = (row for id_, row in self.vendor.account.state().items() if id_ not in before)
        return {
            (NEW, APPLICATIONS, str(made["id"])),
            (NEW, CANDIDATES, str(made["candidateId"])),
        }

    def renamed(self) -> set[Told]:
        candidate = next(self.running)["candidateId"]
        self.does("update_candidate", candidate=candidate, name="Zora Renamed")
        return {(MODIFIED, CANDIDATES, str(candidate))} | {
            (MODIFIED, APPLICATIONS, one) for one in self.applications_of(candidate)
        }

    def deleted(self) -> set[Told]:
        candidate = next(self.running)["candidateId"]
        theirs = self.applications_of(candidate)
        self.does("delete_candidate", candidate=candidate)
        return {(DELETED, CANDIDATES, str(candidate))} | {
            (DELETED, APPLICATIONS, one) for one in theirs
        }

    def applications_of(self, candidate: Any) -> list[str]:
        rows = self.vendor.account.state().values()
        return [str(row["id"]) for row in rows if row["candidateId"] == candidate]


async def test_each_change_is_told_at_the_first_look_and_no_run_tells_it_again(
    vendor: Syncing,
) -> None:
    for data_type, models in LIGHT.items():
        await vendor.sync(data_type, models=models)
    await listen(vendor)
    before = len(vendor.receiver.events)
    wanted: Counter[Told] = Counter()

    for change in Recruiter(vendor).changes():
        wanted.update(change)
        await vendor.receiver.until(lambda: told(vendor, before) >= wanted)
    await quiet(vendor)

    assert told(vendor, before) == wanted
    for data_type in LIGHT:
        await vendor.sync(data_type, syncType="delta_sync")
    assert told(vendor, before) == wanted
    assert {event["syncType"] for event in of_records(vendor)[before:]} <= {"realtime"}
    assert vendor.receiver.verified(vendor.secret)


def of_records(vendor: Syncing) -> list[dict[str, Any]]:
    return [one for one in vendor.receiver.events if one["eventType"].startswith("record.")]


async def test_without_any_run_the_first_change_brings_the_whole_record(vendor: Syncing) -> None:
    await listen(vendor, "ats_applications_new", "ats_applications_modified")
    is_greenhouse = vendor.account.vendor == "greenhouse"
    kind = "create_offer" if is_greenhouse else "schedule_interview"
    application = vendor.account.running()["id"]

    vendor.account.change(kind, application=application)

    await vendor.receiver.until(lambda: bool(of_records(vendor)))
    (event,) = of_records(vendor)
    assert (event["eventType"], event["recordId"]) == (NEW, str(application))
    assert event["eventData"]["offers" if is_greenhouse else "interviews"]
    assert event["syncType"] == "realtime"
    assert event["syncRunId"] is None
    assert vendor.receiver.verified(vendor.secret)


async def test_without_any_run_a_deletion_is_told_all_the_same_and_once(vendor: Syncing) -> None:
    events = [f"{APPLICATIONS}_deleted", f"{CANDIDATES}_deleted"]
    available = (await vendor.look("events.list"))["available"]
    await listen(vendor, *(set(events) & set(available)))
    candidate = vendor.account.running()["candidateId"]

    vendor.account.change("delete_candidate", candidate=candidate)

    gone = (DELETED, CANDIDATES, str(candidate))
    await vendor.receiver.until(lambda: gone in told(vendor))
    await quiet(vendor)
    assert set(told(vendor).values()) == {1}
    assert {event["eventType"] for event in of_records(vendor)} == {DELETED}


async def test_who_follows_only_applications_hears_of_their_candidates_new_name(
    vendor: Syncing,
) -> None:
    if "update_candidate" in SILENT[vendor.account.vendor]:
        pytest.skip("this vendor has no webhook for it")
    await vendor.sync(models=LIGHT[APPLICATIONS])
    await listen(vendor, f"{APPLICATIONS}_modified")
    before = len(vendor.receiver.events)
    recruiter = Recruiter(vendor)

    wanted = {one for one in recruiter.renamed() if one[1] == APPLICATIONS}

    await vendor.receiver.until(lambda: set(told(vendor, before)) >= wanted)
    await quiet(vendor)
    assert set(told(vendor, before)) == wanted


# What comes in the wrong order, or not at all. Greenhouse stands for all from here on.


def live_of(vendor: Syncing) -> Live:
    desk = vendor.service.desk
    return Live(desk.pool, desk.accounts)


async def waiting(vendor: Syncing) -> list[tuple[Touch, float]]:
    """The jobs that wait, with the seconds until they may begin."""
    async with vendor.service.desk.pool.acquire() as conn:
        rows = await conn.fetch(
            "select convert_from(payload, 'UTF8') as payload,"
            " extract(epoch from execute_after - now())::float as seconds"
            " from pgqueuer where entrypoint = 'live' and status = 'queued'"
        )
    return [(live.touch_of(row["payload"].partition(" ")[2]), row["seconds"]) for row in rows]


async def known(vendor: Syncing) -> str:
    """An application under way that a run has told of; its id."""
    await vendor.sync(models=LIGHT[APPLICATIONS])
    return str(vendor.account.running()["id"])


async def test_a_webhook_that_comes_before_the_change_shows_takes_a_second_look(
    greenhouse: Syncing,
) -> None:
    application = await known(greenhouse)
    touch = Touch(DataType.APPLICATIONS, (application,))

    await live_of(greenhouse).work(greenhouse.integration, touch)

    ((again, seconds),) = await waiting(greenhouse)
    assert again == Touch(DataType.APPLICATIONS, (application,), looks=1)
    assert 0 < seconds <= live.SECOND_LOOK.total_seconds()
    greenhouse.account.change("move_application", application=int(application))
    before = len(greenhouse.receiver.events)
    await live_of(greenhouse).work(greenhouse.integration, again)
    await greenhouse.receiver.until(
        lambda: (MODIFIED, APPLICATIONS, application) in told(greenhouse, before)
    )
    assert len(await waiting(greenhouse)) == 1  # there is no third look


async def test_a_vendor_that_shows_nothing_after_a_change_has_deleted_nothing(
    greenhouse: Syncing,
) -> None:
    application = await known(greenhouse)
    greenhouse.service.faults({"kind": "empty_list", "path": "/v3/applications", "times": 1})
    before = len(greenhouse.receiver.events)
    touch = Touch(DataType.APPLICATIONS, (application,))

    await live_of(greenhouse).work(greenhouse.integration, touch)
    ((again, _),) = await waiting(greenhouse)
    await live_of(greenhouse).work(greenhouse.integration, again)

    await quiet(greenhouse)
    assert told(greenhouse, before) == {}


async def test_what_is_missing_at_the_second_look_is_gone(greenhouse: Syncing) -> None:
    application = await known(greenhouse)
    greenhouse.account.change("delete_application", application=int(application))
    before = len(greenhouse.receiver.events)
    touch = Touch(DataType.APPLICATIONS, (application,))

    await live_of(greenhouse).work(greenhouse.integration, touch)
    ((again, _),) = await waiting(greenhouse)
    assert told(greenhouse, before) == {}
    await live_of(greenhouse).work(greenhouse.integration, again)

    gone = (DELETED, APPLICATIONS, application)
    await greenhouse.receiver.until(lambda: gone in told(greenhouse, before))


async def test_a_deletion_of_what_no_run_told_of_is_not_told_after_a_whole_run(
    greenhouse: Syncing,
) -> None:
    await known(greenhouse)
    before = len(greenhouse.receiver.events)

    touch = Touch(DataType.APPLICATIONS, ("123",), looks=1, can_end=True)
    await live_of(greenhouse).work(greenhouse.integration, touch)

    await quiet(greenhouse)
    assert told(greenhouse, before) == {}


async def test_a_page_that_was_read_before_the_webhook_undoes_nothing(greenhouse: Syncing) -> None:
    moved, gone, *_ = (
        str(row["id"])
        for row in greenhouse.account.state().values()
        if row["status"] == "in_process" and row["jobId"]
    )
    opened = await opened_sync(greenhouse)
    page = await opened.reading.get([moved, gone])

    greenhouse.account.change("move_application", application=int(moved))
    greenhouse.account.change("delete_application", application=int(gone))
    for one, can_end in ((moved, False), (gone, True)):
        touch = Touch(DataType.APPLICATIONS, (one,), can_end=can_end)
        await live_of(greenhouse).work(greenhouse.integration, touch)
    async with greenhouse.service.desk.pool.acquire() as conn, conn.transaction():
        counts = await opened.keeping.keep(conn, page)

    assert (counts.processed, counts.emitted) == (2, 0)


async def opened_sync(vendor: Syncing) -> Opened:
    await vendor.sync(models=LIGHT[APPLICATIONS])
    desk = vendor.service.desk
    async with desk.pool.acquire() as conn:
        sync = await syncs.find(conn, vendor.integration, APPLICATIONS)
    assert sync is not None
    return await open_sync(desk.accounts, desk.pool, sync, sync.models)


async def test_a_failing_vendor_is_asked_again_later_and_given_up_in_the_end(
    greenhouse: Syncing,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "PAUSES", tuple(3600 for _ in live.PAUSES))
    application = await known(greenhouse)
    greenhouse.account.change("move_application", application=int(application))
    greenhouse.service.faults({"kind": "status", "status": 503, "path": "/v3/applications"})
    first = Touch(DataType.APPLICATIONS, (application,))
    last = Touch(DataType.APPLICATIONS, (application,), failures=len(live.PAUSES))
    before = len(greenhouse.receiver.events)

    await live_of(greenhouse).work(greenhouse.integration, first)
    ((again, seconds),) = await waiting(greenhouse)
    await live_of(greenhouse).work(greenhouse.integration, last)

    assert (again.failures, seconds > 0) == (1, True)
    assert len(await waiting(greenhouse)) == 1
    assert "Records that a webhook touched were not read" in capsys.readouterr().out
    greenhouse.service.faults()
    await greenhouse.sync(syncType="delta_sync")
    assert told(greenhouse, before) == {(MODIFIED, APPLICATIONS, application): 1}


# What a sync is set to.

ACTIVE_ONLY = {
    "type": "string_operator",
    "data": "eq",
    "left": {"type": "key", "data": "info.status", "left": None, "right": None},
    "right": {"type": "value_string", "data": "ACTIVE", "left": None, "right": None},
}


async def test_a_filter_keeps_back_what_a_webhook_brings_as_well(greenhouse: Syncing) -> None:
    await greenhouse.ask(
        "events.subscribe", events=[f"{APPLICATIONS}_new", f"{APPLICATIONS}_modified"]
    )
    await greenhouse.ask("sync.filter.update", dataType=APPLICATIONS, filter=ACTIVE_ONLY)
    rows = greenhouse.account.state().values()
    rejected = str(next(row["id"] for row in rows if row["status"] == "rejected"))
    active = str(greenhouse.account.running()["id"])

    for one in (rejected, active):
        await live_of(greenhouse).work(greenhouse.integration, Touch(APPLICATIONS, (one,)))
    await quiet(greenhouse)
    assert told(greenhouse) == {(NEW, APPLICATIONS, active): 1}
    greenhouse.account.change("reject_application", application=int(active))
    await live_of(greenhouse).work(greenhouse.integration, Touch(APPLICATIONS, (active,)))

    await greenhouse.receiver.until(lambda: (DELETED, APPLICATIONS, active) in told(greenhouse))
    assert of_records(greenhouse)[-1]["eventData"]["reason"] == "FILTERED"


async def test_what_only_the_vendor_s_lists_can_judge_waits_for_a_run(greenhouse: Syncing) -> None:
    await greenhouse.ask("events.subscribe", events=[f"{APPLICATIONS}_modified"])
    await greenhouse.ask(
        "sync.filter.update",
        dataType=APPLICATIONS,
        passThroughFilters={"query": {"status": "rejected"}},
    )
    touch = Touch(APPLICATIONS, (str(greenhouse.account.running()["id"]),))

    await live_of(greenhouse).work(greenhouse.integration, touch)

    await quiet(greenhouse)
    assert told(greenhouse) == {}


async def test_only_watched_fields_make_an_event(greenhouse: Syncing) -> None:
    application = await known(greenhouse)
    await greenhouse.ask(
        "sync.watchFields.update", dataType=APPLICATIONS, jsonPaths=["$.currentStage"]
    )
    await greenhouse.sync(syncType="initial_sync")
    before = len(greenhouse.receiver.events)
    candidate = greenhouse.account.state()[int(application)]["candidateId"]
    touch = Touch(APPLICATIONS, (application,), looks=1)

    greenhouse.account.change("update_candidate", candidate=candidate, name="Zora Renamed")
    await live_of(greenhouse).work(greenhouse.integration, touch)
    await quiet(greenhouse)
    renamed = told(greenhouse, before)
    greenhouse.account.change("move_application", application=int(application))
    await live_of(greenhouse).work(greenhouse.integration, touch)

    await greenhouse.receiver.until(lambda: bool(told(greenhouse, before)))
    assert renamed == {}
    assert told(greenhouse, before) == {(MODIFIED, APPLICATIONS, application): 1}


async def test_a_model_that_cannot_be_read_is_left_out(greenhouse: Syncing) -> None:
    await greenhouse.ask("events.subscribe", events=[f"{APPLICATIONS}_modified"])
    greenhouse.service.faults({"kind": "status", "status": 403, "path": "/v3/offers"})
    application = str(greenhouse.account.running()["id"])

    await live_of(greenhouse).work(greenhouse.integration, Touch(APPLICATIONS, (application,)))

    await greenhouse.receiver.until(lambda: (NEW, APPLICATIONS, application) in told(greenhouse))
    assert "offers" not in of_records(greenhouse)[0]["eventData"]


STATES = """
select sync_runs.state from sync_runs join syncs on syncs.id = sync_runs.sync_id
 where syncs.data_type = $1
"""


async def test_a_webhook_does_not_wait_behind_syncs(
    settings: Settings, vendors: Running, unaided: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "SYNCS_AT_ONCE", 2)
    async with syncing(settings, vendors, "greenhouse") as vendor:
        await vendor.sync(models=LIGHT[APPLICATIONS])
        await listen(vendor, f"{APPLICATIONS}_modified")
        both = vendor.integration, await vendor.service.connect("lever")
        application = vendor.account.running()["id"]
        before = len(vendor.receiver.events)
        body = {"dataType": JOBS, "models": LIGHT[JOBS]}
        pool = vendor.service.desk.pool

        async def are_under_way() -> bool:
            rows = await pool.fetch(STATES, JOBS)
            return [row["state"] for row in rows] == ["running"] * 2

        async with pool.acquire() as conn, conn.transaction():
            await conn.execute("lock table swept_ids in exclusive mode")  # no run ends
            for integration in both:
                answer = await vendor.service.post("sync.start", integration, body)
                assert answer.status_code == 200, answer.text
            await until(are_under_way)
            vendor.account.change("move_application", application=application)

            moved = (MODIFIED, APPLICATIONS, str(application))
            await vendor.receiver.until(lambda: moved in told(vendor, before))
            assert await are_under_way()
