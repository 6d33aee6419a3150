"""Models are subscribed piecemeal, and one that cannot be read does not stop the others."""

import pytest

from tests.syncing import Syncing

LIGHT = ["application_info", "application_stage"]
TABLES = {
    "application_offers": "/v3/offers",
    "application_interviews": "/v3/interviews",
    "application_attachments": "/v3/attachments",
}


async def test_a_model_that_is_not_subscribed_costs_no_call_and_has_no_section(
    few: Syncing,
) -> None:
    told = await few.sync(models=LIGHT)
    (moved,) = few.open_applications(1)
    few.account.change("move_application", application=moved["id"])
    few.account.change("create_offer", application=moved["id"])
    later = await few.sync(syncType="delta_sync")

    called = set(few.counts())
    assert not {path for path in called for table in TABLES.values() if table in path}
    for event in told.new + later.modified:
        assert set(event["eventData"]) == {"info", "currentStage"}
    assert len(later.modified) == 1


@pytest.mark.parametrize("method", ["sync.start", "sync.update"])
async def test_other_models_are_told_of_every_record_at_once(few: Syncing, method: str) -> None:
    first = await few.sync(models=["application_info"])
    before = len(few.receiver.events)
    wanted = {"dataType": "ats_applications", "models": ["application_info", "application_offers"]}
    if method == "sync.start":
        wanted["syncType"] = "delta_sync"

    await few.ask(method, **wanted)
    run = (await few.look("sync.run.list"))["runs"][0]
    told = await few.told(run["syncRunId"], before)

    assert run["syncType"] == "initial_sync"
    assert run["models"] == wanted["models"]
    assert {event["recordId"] for event in told.modified} == {e["recordId"] for e in first.new}
    assert all("offers" in event["eventData"] for event in told.modified)
    assert told.new == []


async def test_models_that_change_while_a_run_is_open_are_read_by_that_run(few: Syncing) -> None:
    wanted = {"dataType": "ats_applications"}

    async with few.held_up():
        started = await few.ask("sync.start", **wanted, models=["application_info"])
        await few.until_held_up()
        joined = await few.ask("sync.start", **wanted, models=LIGHT)
    told = await few.told(started["syncRunId"])

    assert joined["syncRunId"] == started["syncRunId"]
    last = {event["recordId"]: event["eventData"] for event in told.new + told.modified}
    assert set(last) == {str(one) for one in few.account.state()}
    assert all("currentStage" in data for data in last.values())
    assert (await few.run(started["syncRunId"]))["models"] == LIGHT


async def test_resending_while_a_run_is_open_tells_of_every_record_again(few: Syncing) -> None:
    first = await few.sync(models=LIGHT)
    wanted = {"dataType": "ats_applications"}
    before = len(few.receiver.events)

    async with few.held_up():
        started = await few.ask("sync.start", **wanted, syncType="delta_sync")
        await few.until_held_up()
        joined = await few.ask("sync.start", **wanted, resend=True)
    told = await few.told(started["syncRunId"], before)

    assert joined["syncRunId"] == started["syncRunId"]
    assert len(told.new) == len(first.new)


async def test_a_model_that_fails_for_good_is_named_and_the_others_go_on(
    few: Syncing, hasty: None
) -> None:
    everything = [*LIGHT, "application_offers"]
    whole = await few.sync(models=everything)
    offered, moved = few.open_applications(2)
    few.account.change("create_offer", application=offered["id"])
    few.account.change("move_application", application=moved["id"])
    few.faults({"kind": "status", "status": 403, "path": "/v3/offers*"})

    partial = await few.sync(syncType="delta_sync")
    still = await few.sync(syncType="delta_sync")
    few.faults()
    healed = await few.sync(syncType="delta_sync")

    (failed,) = partial.processed["failedModels"]
    assert failed["model"] == "application_offers"
    assert failed["code"] == "integration.permission_missing"
    assert failed["hint"]
    assert (partial.processed["state"], partial.processed["complete"]) == ("PARTIAL", False)
    assert (await few.run(partial.run_id))["state"] == "PARTIAL"
    assert set(partial.paths) == {str(moved["id"])}
    assert "offers" not in partial.modified[0]["eventData"]
    assert still.processed["emitted"] == 0
    assert [one["model"] for one in still.processed["failedModels"]] == ["application_offers"]
    assert healed.paths == {str(offered["id"]): {"$.offers"}}
    assert healed.processed["processed"] == len(whole.new)
    assert healed.processed["complete"] is True


async def test_a_watched_section_that_cannot_be_read_is_not_said_to_have_changed(
    few: Syncing, hasty: None
) -> None:
    offered, moved = few.open_applications(2)
    few.account.change("create_offer", application=moved["id"])
    await few.sync(models=[*LIGHT, "application_offers"])
    await few.ask(
        "sync.watchFields.update", dataType="ats_applications", jsonPaths=["$.offers[*].id"]
    )
    await few.sync(syncType="initial_sync")
    few.account.change("create_offer", application=offered["id"])
    few.account.change("move_application", application=moved["id"])
    few.faults({"kind": "status", "status": 403, "path": "/v3/offers*"})

    partial = await few.sync(syncType="delta_sync")
    few.faults()
    healed = await few.sync(syncType="delta_sync")

    assert partial.processed["emitted"] == 0
    assert healed.paths == {str(offered["id"]): {"$.offers[*].id"}}


async def test_a_first_run_without_a_model_tells_all_records_and_the_section_later(
    few: Syncing, hasty: None
) -> None:
    few.faults({"kind": "status", "status": 403, "path": "/v3/offers*"})
    (offered,) = few.open_applications(1)
    few.account.change("create_offer", application=offered["id"])

    partial = await few.sync(models=["application_info", "application_offers"])
    few.faults()
    healed = await few.sync(syncType="delta_sync")

    assert {event["recordId"] for event in partial.new} == {str(one) for one in few.account.state()}
    assert all("offers" not in event["eventData"] for event in partial.new)
    assert str(offered["id"]) in healed.paths
    assert set().union(*healed.paths.values()) == {"$.offers"}


async def test_a_record_that_cannot_be_decoded_is_counted_and_not_told_as_deleted(
    few: Syncing, hasty: None
) -> None:
    first = await few.sync(models=LIGHT)
    few.faults({"kind": "type_change", "path": "/v3/applications", "field": "status"})

    broken = await few.sync(syncType="initial_sync")
    few.faults()
    healed = await few.sync(syncType="initial_sync")

    assert broken.deleted == broken.modified == []
    assert broken.processed["unreadable"] >= 1
    assert broken.processed["processed"] < len(first.new)
    assert healed.processed["emitted"] == 0


async def test_a_record_that_can_never_be_decoded_does_not_stop_a_first_run(
    few: Syncing, hasty: None
) -> None:
    few.faults({"kind": "type_change", "path": "/v3/applications", "field": "status"})

    told = await few.sync(models=["application_info"])
    few.faults()
    healed = await few.sync(syncType="initial_sync")

    there = {str(one) for one in few.account.state()}
    assert told.processed["unreadable"] >= 1
    assert told.deleted == healed.deleted == []
    assert {event["recordId"] for event in told.new + healed.new} == there
