"""Whatever goes wrong at the vendor, at the end every record is told, once and as it is."""

from collections import Counter
from typing import Any

import pytest

from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from tests.syncing import Syncing, Told, syncing

LIGHT = ["application_info", "application_stage"]
PLANS: dict[str, list[dict[str, Any]]] = {
    "asked for patience": [{"kind": "429", "times": 5, "retry_after": 0}],
    "failing": [{"kind": "status", "status": 503, "every": 3, "times": 12}],
    "hanging up": [{"kind": "drop", "every": 3, "times": 6}],
    "cut short": [{"kind": "truncate", "every": 4, "times": 4}],
    "talking HTML": [{"kind": "html", "every": 4, "times": 4}],
    "moving rows": [{"kind": "shuffle"}],
    "an empty page": [{"kind": "empty_page", "after": 2, "times": 2}],
    "the same cursor again": [{"kind": "repeat_cursor", "after": 1, "times": 2}],
    "an expired token": [{"kind": "expired_token", "after": 2, "times": 1}],
    "silent": [{"kind": "timeout", "seconds": 1, "after": 2, "times": 2}],
    "everything": [
        {"kind": "429", "every": 7, "times": 3, "retry_after": 0},
        {"kind": "drop", "every": 5, "times": 3},
        {"kind": "html", "every": 11, "times": 2},
        {"kind": "shuffle"},
    ],
}


def final(told: list[Told]) -> dict[str, Any]:
    """What a receiver knows after all of it."""
    known: dict[str, Any] = {}
    for event in (event for one in told for event in one.events):
        if event["eventType"] == "record.deleted":
            known.pop(event["recordId"], None)
        elif event["eventType"].startswith("record."):
            known[event["recordId"]] = event["eventData"]
    return known


def is_as_at_the_vendor(few: Syncing, known: dict[str, Any]) -> bool:
    there = {str(id_): row for id_, row in few.account.state().items()}
    stages = {id_: (data.get("currentStage") or {}).get("id") for id_, data in known.items()}
    active = {id_ for id_, row in there.items() if row["status"] == "in_process"}
    wanted = {id_: str(there[id_]["stageId"]) for id_ in active if there[id_]["jobId"]}
    return set(known) == set(there) and all(stages[id_] == wanted[id_] for id_ in wanted)


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
async def test_every_record_arrives_at_its_final_state_and_each_event_once(
    greenhouse: Syncing, hasty: None, plan: list[dict[str, Any]]
) -> None:
    greenhouse.faults(*({"path": "/v3/*", **fault} for fault in plan))

    first = await greenhouse.sync(models=LIGHT)
    greenhouse.account.change("scatter", count=12, seed=3, kinds=["move_application"])
    greenhouse.account.change("scatter", count=5, seed=4, kinds=["delete_application"])
    made = greenhouse.account.change("new_application", name="Noor New", email="n@example.com")
    delta = await greenhouse.sync(syncType="delta_sync")

    known = final([first, delta])
    assert is_as_at_the_vendor(greenhouse, known)
    assert str(made["id"]) in {event["recordId"] for event in delta.new}
    assert len(delta.deleted) == 5
    assert set(Counter(greenhouse.receiver.event_ids).values()) == {1}
    assert [first.processed["complete"], delta.processed["complete"]] == [True, True]


async def test_a_vendor_that_stays_away_fails_the_run_and_a_later_one_or_a_replay_goes_on(
    few: Syncing, impatient: None
) -> None:
    few.faults({"kind": "status", "status": 503, "path": "/v3/applications"})

    failed = await few.sync(models=LIGHT)
    (sync,) = (await few.look("sync.list"))["syncs"]
    few.faults()
    before = len(few.receiver.events)
    await few.ask("sync.run.replay", syncRunId=failed.run_id)
    replayed = await few.told(failed.run_id, before)

    assert failed.failed["code"] == "upstream.unavailable"
    assert failed.failed["category"] == "vendor"
    assert failed.failed["hint"]
    assert sync["nextRunAt"] is not None
    assert {event["recordId"] for event in replayed.new} == {
        str(one) for one in few.account.state()
    }


async def test_sync_tokens_that_are_too_old_make_the_delta_whole(
    settings: Settings, handful: Running, unaided: None, hasty: None
) -> None:
    async with syncing(settings, handful, "ashby") as ashby:
        first = await ashby.sync(models=LIGHT)
        (moved,) = ashby.open_applications(1)
        ashby.account.change("move_application", application=moved["id"])
        ashby.account.change("expire_sync_tokens")

        told = await ashby.sync(syncType="delta_sync")

        assert set(told.paths) == {str(moved["id"])}
        assert told.processed["processed"] == len(first.new)
        assert (await ashby.run(told.run_id))["syncType"] == "initial_sync"
