"""Runs of syncs, end to end: from the vendor's pages to the receiver."""

from hireloom.store import calls
from hireloom.store.calls import CallFilter
from tests.syncing import Syncing

LIGHT = ["application_info", "application_stage"]


async def test_a_first_run_tells_of_every_record_and_a_second_of_none(vendor: Syncing) -> None:
    there = vendor.account.state()

    first = await vendor.sync(models=LIGHT)
    second = await vendor.sync(syncType="delta_sync")
    whole = await vendor.sync(syncType="initial_sync")

    told = {event["recordId"] for event in first.new}
    assert told
    assert told <= set(map(str, there))
    assert len(first.new) == len(told) == first.processed["emitted"]
    assert first.processed["complete"] is True
    assert [second.processed["emitted"], whole.processed["emitted"]] == [0, 0]
    assert whole.processed["processed"] == len(told)
    assert vendor.receiver.verified(vendor.secret)


async def test_the_calls_of_a_run_are_found_in_the_log_by_its_id(vendor: Syncing) -> None:
    told = await vendor.sync(models=LIGHT)
    desk = vendor.service.desk
    await desk.ledger.flush()

    async with desk.pool.acquire() as conn:
        found = await calls.page(conn, CallFilter(execution_id=told.run_id))

    assert len(found) == told.processed.get("upstreamCalls", len(found)) > 0
    assert {(one.direction, one.integration_id) for one in found} == {("out", vendor.integration)}


async def test_a_stage_that_changed_after_the_first_run_arrives_with_the_second(
    vendor: Syncing,
) -> None:
    await vendor.sync(models=LIGHT)
    moved = vendor.account.running()["id"]
    vendor.account.change("move_application", application=moved)

    told = await vendor.sync(syncType="delta_sync")

    (event,) = told.modified
    assert event["recordId"] == str(moved)
    assert "$.currentStage" in event["changedPaths"]
    assert event["eventData"]["info"]["id"] == str(moved)
    assert told.processed["modified"] == 1


async def test_a_deleted_application_is_told_with_its_candidate_and_job(vendor: Syncing) -> None:
    await vendor.sync(models=LIGHT)
    gone = vendor.account.running()
    vendor.account.change("delete_application", application=gone["id"])

    told = await vendor.sync(syncType="delta_sync")

    (event,) = told.deleted
    assert event["recordId"] == str(gone["id"])
    assert event["eventData"] == {
        "applicationId": str(gone["id"]),
        "candidateId": str(gone["candidateId"]),
        "jobId": str(gone["jobId"]),
        "reason": "DELETED",
    }
