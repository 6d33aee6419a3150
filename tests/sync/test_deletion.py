"""Deletion is careful: what a list leaves out is not gone yet, and a third of all is an outage."""

import pytest

from tests.syncing import Syncing

LIGHT = ["application_info", "application_stage"]


@pytest.mark.parametrize("kind", ["empty_list", "short_list"])
@pytest.mark.parametrize("sync_type", ["initial_sync", "delta_sync"])
async def test_a_list_that_ends_early_deletes_nothing_and_loses_nothing(
    few: Syncing, kind: str, sync_type: str
) -> None:
    first = await few.sync(models=LIGHT)
    (moved,) = few.open_applications(1)
    few.account.change("move_application", application=moved["id"])
    few.faults({"kind": kind, "path": "/v3/applications"})

    broken = await few.sync(syncType=sync_type)
    few.faults()
    healed = await few.sync(syncType=sync_type)

    assert broken.deleted == healed.deleted == []
    assert {event["recordId"] for event in broken.modified + healed.modified} == {str(moved["id"])}
    whole = await few.sync(syncType="initial_sync")
    assert whole.processed["emitted"] == 0
    assert whole.processed["processed"] == len(first.new)


async def test_records_that_the_first_reading_missed_are_told_by_its_sweep(few: Syncing) -> None:
    few.faults({"kind": "short_list", "path": "/v3/applications", "times": 1})

    told = await few.sync(models=LIGHT)

    there = {str(one) for one in few.account.state()}
    assert {event["recordId"] for event in told.new} == there
    assert len(told.new) == len(there)


async def test_more_than_a_third_gone_stops_and_asks_and_a_replay_tells_them(few: Syncing) -> None:
    first = await few.sync(models=LIGHT)
    more = len(first.new) // 3 + 1
    few.account.change("scatter", count=more, kinds=["delete_application"])

    failed = await few.sync(syncType="delta_sync")
    before = len(few.receiver.events)
    again = await few.ask("sync.run.replay", syncRunId=failed.run_id)
    refused = await few.told(again["syncRunId"], before)
    before = len(few.receiver.events)
    await few.ask("sync.run.replay", syncRunId=failed.run_id, allowDeletes=True)
    allowed = await few.told(failed.run_id, before)

    assert again["syncRunId"] == failed.run_id
    for stopped in (failed, refused):
        assert stopped.deleted == []
        assert stopped.failed["code"] == "sync.mass_deletion"
        assert f"{more} of the {len(first.new)} records" in stopped.failed["msg"]
        assert stopped.failed["resumable"] is True
    left = {str(one) for one in few.account.state()}
    gone = {event["recordId"] for event in first.new} - left
    assert {event["recordId"] for event in allowed.deleted} == gone
    assert len(allowed.deleted) == more
    assert (await few.run(failed.run_id))["state"] == "COMPLETE"


async def test_a_run_that_stopped_to_ask_does_not_hold_up_the_next(few: Syncing) -> None:
    first = await few.sync(models=LIGHT)
    few.account.change("scatter", count=len(first.new) // 2, kinds=["delete_application"])
    failed = await few.sync(syncType="delta_sync")
    (moved,) = few.open_applications(1)
    few.account.change("move_application", application=moved["id"])

    following = await few.sync(syncType="delta_sync")

    assert (await few.run(failed.run_id))["state"] == "FAILED"
    assert following.run_id != failed.run_id
    assert str(moved["id"]) in {event["recordId"] for event in following.modified}
    assert following.deleted == []


async def test_a_third_and_no_more_is_told(few: Syncing) -> None:
    first = await few.sync(models=LIGHT)
    assert len(first.new) % 3 == 0
    few.account.change("scatter", count=len(first.new) // 3, kinds=["delete_application"])

    told = await few.sync(syncType="delta_sync")

    assert len(told.deleted) == len(first.new) // 3
    assert told.processed["complete"] is True
