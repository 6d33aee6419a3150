"""What the methods of syncs refuse, list and show."""

from collections.abc import AsyncIterator

import pytest

from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from tests.service import Service
from tests.syncing import Syncing, syncing

DATA = {"dataType": "ats_applications"}
LIGHT = ["application_info"]


@pytest.fixture
async def greenhouse(settings: Settings, vendors: Running) -> AsyncIterator[Syncing]:
    async with syncing(settings, vendors, "greenhouse") as found:
        yield found


async def test_nobody_is_told_without_a_webhook(service: Service) -> None:
    integration = await service.connect("greenhouse")

    answer = await service.post("sync.start", integration, DATA)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "sync.not_enabled")
    listed = await service.get("sync.list", integration)
    assert listed.json()["data"]["syncs"] == []


async def test_a_webhook_for_other_data_hears_nothing_of_these(service: Service) -> None:
    integration = await service.connect("greenhouse")
    body = {"url": "https://example.com/hook", "dataTypes": ["ats_jobs"]}
    made = await service.post("webhook.create", body=body)
    assert made.status_code == 200, made.text

    refused = await service.post("sync.start", integration, DATA)
    started = await service.post("sync.start", integration, {"dataType": "ats_jobs"})

    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "sync.not_enabled")
    assert started.status_code == 200


@pytest.mark.parametrize("method", ["sync.start", "sync.update"])
async def test_an_unknown_model_is_refused_by_its_place(greenhouse: Syncing, method: str) -> None:
    await greenhouse.sync(models=LIGHT)

    error = await greenhouse.refused(method, **DATA, models=[*LIGHT, "application_colour"])

    assert (error["status"], error["code"]) == (400, "request.invalid")
    assert error["fields"][0]["path"] == "models[1]"
    assert "application_offers" in error["fields"][0]["msg"]
    assert (await greenhouse.look("sync.list"))["syncs"][0]["models"] == LIGHT


async def test_unknown_ids_are_not_found(greenhouse: Syncing) -> None:
    asked = [
        ("sync.update", {"syncJobId": "sj_none"}, "sync.not_found"),
        ("sync.stop", {"syncJobId": "sj_none"}, "sync.not_found"),
        ("sync.stop", {"dataType": "ats_jobs"}, "sync.not_found"),
        ("sync.watchFields.update", {**DATA, "jsonPaths": ["$.info"]}, "sync.not_found"),
        ("sync.run.replay", {"syncRunId": "sr_none"}, "sync.run_not_found"),
    ]

    for method, body, code in asked:
        error = await greenhouse.refused(method, **body)  # type: ignore[arg-type]
        assert (error["status"], error["code"]) == (404, code)
    answer = await greenhouse.service.get(
        "sync.run.get", greenhouse.integration, syncRunId="sr_none"
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "sync.run_not_found")


async def test_a_sync_is_named_by_its_id_or_its_data_type(greenhouse: Syncing) -> None:
    error = await greenhouse.refused("sync.stop")

    assert (error["status"], error["fields"][0]["path"]) == (400, "syncJobId")


async def test_a_deactivated_account_is_gone(greenhouse: Syncing) -> None:
    await greenhouse.sync(models=LIGHT)
    await greenhouse.ask("integration.deactivate")

    error = await greenhouse.refused("sync.start", **DATA)

    assert (error["status"], error["code"]) == (410, "integration.deactivated")


async def test_runs_are_listed_in_pages_the_newest_first(greenhouse: Syncing) -> None:
    first = await greenhouse.sync(models=LIGHT)
    later = [await greenhouse.sync(syncType="delta_sync") for _ in range(2)]

    page = await greenhouse.look("sync.run.list", pageSize=2)
    rest = await greenhouse.look("sync.run.list", pageSize=2, pageToken=page["nextPageToken"])
    failed = await greenhouse.look("sync.run.list", state="FAILED")

    listed = [run["syncRunId"] for run in page["runs"] + rest["runs"]]
    assert listed == [later[1].run_id, later[0].run_id, first.run_id]
    assert "nextPageToken" not in rest
    assert failed["runs"] == []


async def test_a_run_shows_what_it_read_told_and_what_was_acknowledged(
    greenhouse: Syncing,
) -> None:
    told = await greenhouse.sync(models=LIGHT)

    shown = await greenhouse.run(told.run_id)

    there = len(greenhouse.account.state())
    assert (shown["state"], shown["syncType"], shown["cause"]) == (
        "COMPLETE",
        "initial_sync",
        "api",
    )
    assert [shown[name] for name in ("processed", "emitted", "new")] == [there] * 3
    assert [shown[name] for name in ("modified", "deleted", "unreadable", "failures")] == [0] * 4
    counted = sum(greenhouse.counts().values())
    assert 0 < shown["upstreamCalls"] <= counted
    (receipt,) = shown["receipts"]
    assert receipt["webhookId"] == greenhouse.webhook
    assert receipt["emitted"] == receipt["consumed"] >= there


async def test_a_webhook_that_does_not_take_these_events_cannot_be_theirs(
    greenhouse: Syncing,
) -> None:
    await greenhouse.sync(models=LIGHT)
    body = {"url": "https://example.com/hook", "dataTypes": ["ats_jobs"]}
    made = await greenhouse.service.post("webhook.create", body=body)
    other = made.json()["data"]["webhook"]["webhookId"]

    error = await greenhouse.refused("sync.update", **DATA, webhookId=other)

    assert (error["status"], error["code"]) == (400, "sync.not_enabled")
    assert (await greenhouse.look("sync.list"))["syncs"][0]["webhookId"] is None
