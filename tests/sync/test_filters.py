"""Filters and watched fields: what is told of a record that fits, that stops to fit, or changes."""

from typing import Any

import pytest

from tests.syncing import Syncing

DATA = {"dataType": "ats_applications"}
LIGHT = ["application_info", "application_stage"]


def node(type_: str, data: Any, left: Any = None, right: Any = None) -> dict[str, Any]:
    return {"type": type_, "data": data, "left": left, "right": right}


def key(path: str) -> dict[str, Any]:
    return node("key", path)


def status(word: str) -> dict[str, Any]:
    return node("string_operator", "eq", key("info.status"), node("value_string", word))


def statuses(few: Syncing) -> dict[str, str]:
    return {str(id_): row["status"] for id_, row in few.account.state().items()}


@pytest.mark.parametrize(
    ("tree", "fits"),
    [
        (status("ACTIVE"), {"in_process"}),
        (node("logical_operator", "not", status("ACTIVE")), {"rejected", "hired", "converted"}),
        (
            node(
                "string_operator",
                "in",
                key("info.status"),
                node("value_list", ["ACTIVE", "REJECTED"]),
            ),
            {"in_process", "rejected"},
        ),
    ],
)
async def test_a_virtual_filter_lets_only_records_through_that_fit(
    few: Syncing, tree: dict[str, Any], fits: set[str]
) -> None:
    await few.sync(models=["application_info"])
    await few.ask("sync.filter.update", **DATA, filter=tree)

    told = await few.sync(resend=True)

    expected = {id_ for id_, word in statuses(few).items() if word in fits}
    assert {event["recordId"] for event in told.new} == expected
    assert expected
    assert len(expected) < len(statuses(few))


async def test_booleans_and_numbers_are_compared(few: Syncing) -> None:
    await few.sync(models=LIGHT)
    applies = node("value_boolean", False)
    prospect = node("boolean_operator", "is", key("info.isProspect"), applies)
    order = node("number_operator", "gte", key("currentStage.order"), node("value_number", 0))
    both = node("logical_operator", "and", prospect, order)
    await few.ask("sync.filter.update", **DATA, filter=both)

    told = await few.sync(resend=True)

    assert told.new
    assert all(event["eventData"]["info"]["isProspect"] is False for event in told.new)


async def test_a_record_that_leaves_the_filter_is_told_as_deleted_and_that_comes_back_as_new(
    small: Syncing,
) -> None:
    (leaving,) = small.open_applications(1)
    await small.sync(models=["application_info"])
    await small.ask("sync.filter.update", **DATA, filter=status("ACTIVE"))
    await small.sync(syncType="delta_sync")
    small.account.change("reject_application", application=leaving["id"])

    left = await small.sync(syncType="delta_sync")
    small.account.change("unreject_application", application=leaving["id"])
    back = await small.sync(syncType="delta_sync")

    (event,) = left.deleted
    assert (event["recordId"], event["eventData"]["reason"]) == (str(leaving["id"]), "FILTERED")
    assert event["eventData"]["candidateId"] == str(leaving["candidateId"])
    assert left.modified == []
    assert [event["recordId"] for event in back.new] == [str(leaving["id"])]


async def test_a_new_filter_takes_back_what_it_no_longer_lets_through(few: Syncing) -> None:
    first = await few.sync(models=["application_info"])
    await few.ask("sync.filter.update", **DATA, filter=status("ACTIVE"))
    narrowed = await few.sync(syncType="delta_sync")
    await few.ask("sync.filter.update", **DATA, filter=None)
    widened = await few.sync(syncType="delta_sync")

    unfit = {id_ for id_, word in statuses(few).items() if word != "in_process"}
    assert {event["recordId"] for event in narrowed.deleted} == unfit
    assert {event["eventData"]["reason"] for event in narrowed.deleted} == {"FILTERED"}
    assert {event["recordId"] for event in widened.new} == unfit
    assert len(first.new) > len(unfit)


async def test_a_native_filter_is_asked_of_the_vendor_and_a_record_that_leaves_it_is_told(
    small: Syncing,
) -> None:
    (leaving,) = small.open_applications(1)
    small.account.change("move_application", application=leaving["id"])
    await small.sync(models=["application_info"])
    native = {"ats_applications_status": "ACTIVE"}
    await small.ask("sync.filter.update", **DATA, nativeFilters=native)
    first = await small.sync(resend=True)
    small.account.change("reject_application", application=leaving["id"])

    left = await small.sync(syncType="delta_sync")
    again = await small.sync(syncType="initial_sync")

    assert first.new
    assert {event["eventData"]["info"]["status"] for event in first.new} == {"ACTIVE"}
    (event,) = left.deleted
    assert (event["recordId"], event["eventData"]["reason"]) == (str(leaving["id"]), "FILTERED")
    assert again.processed["emitted"] == 0


async def test_a_native_filter_that_is_new_takes_back_what_it_leaves_out(small: Syncing) -> None:
    first = await small.sync(models=["application_info"])
    active = {
        event["recordId"] for event in first.new if event["eventData"]["info"]["status"] == "ACTIVE"
    }
    await small.ask("sync.filter.update", **DATA, nativeFilters={"status": "ACTIVE"})

    told = await small.sync(syncType="delta_sync")

    gone = {event["recordId"] for event in told.deleted}
    assert gone == {event["recordId"] for event in first.new} - active
    assert {event["eventData"]["reason"] for event in told.deleted} == {"FILTERED"}


async def test_pass_through_filters_reach_the_list_and_nothing_else(few: Syncing) -> None:
    (chosen,) = few.open_applications(1)
    await few.sync(models=["application_info", "application_offers"])
    wanted = {"query": {"candidate_ids": str(chosen["candidateId"])}}
    await few.ask("sync.filter.update", **DATA, passThroughFilters=wanted)
    first = await few.sync(resend=True)
    few.account.change("create_offer", application=chosen["id"])
    other = next(
        row for row in few.open_applications(3) if row["candidateId"] != chosen["candidateId"]
    )
    few.account.change("create_offer", application=other["id"])

    later = await few.sync(syncType="delta_sync")

    theirs = {
        id_: row["candidateId"]
        for id_, row in few.account.state().items()
        if row["candidateId"] == chosen["candidateId"]
    }
    assert {event["recordId"] for event in first.new} == {str(one) for one in theirs}
    assert {event["recordId"] for event in later.modified} == {str(chosen["id"])}
    assert later.new == later.deleted == []


async def test_only_changes_of_watched_fields_are_told(few: Syncing) -> None:
    await few.sync(models=LIGHT)
    await few.ask("sync.watchFields.update", **DATA, jsonPaths=["$.currentStage.id"])
    unseen = await few.sync(syncType="initial_sync")
    moved, renamed, gone = few.open_applications(3)
    few.account.change("move_application", application=moved["id"])
    few.account.change("update_candidate", candidate=renamed["candidateId"], name="Zoe Zebra")
    few.account.change("delete_application", application=gone["id"])
    made = few.account.change("new_application", name="Noor New", email="noor@example.com")

    told = await few.sync(syncType="delta_sync")

    assert unseen.processed["emitted"] == 0
    assert told.paths == {str(moved["id"]): {"$.currentStage.id"}}
    assert [event["recordId"] for event in told.new] == [str(made["id"])]
    assert [event["recordId"] for event in told.deleted] == [str(gone["id"])]


async def test_an_empty_list_watches_everything_again_and_tells_nothing_by_itself(
    few: Syncing,
) -> None:
    await few.sync(models=LIGHT)
    await few.ask("sync.watchFields.update", **DATA, jsonPaths=["$.currentStage.id"])
    await few.sync(syncType="initial_sync")

    shown = await few.ask("sync.watchFields.update", **DATA, jsonPaths=[])
    unseen = await few.sync(syncType="initial_sync")
    (renamed,) = few.open_applications(1)
    few.account.change("update_candidate", candidate=renamed["candidateId"], name="Zoe Zebra")
    told = await few.sync(syncType="delta_sync")

    assert shown["watchFields"] == []
    assert unseen.processed["emitted"] == 0
    assert str(renamed["id"]) in told.paths


async def test_closed_jobs_are_told_only_where_they_are_wanted_and_when_they_close(
    few: Syncing,
) -> None:
    words = {str(id_): row["status"] for id_, row in few.account.state("jobs").items()}
    closed_before = {id_ for id_, word in words.items() if word == "closed"}
    assert closed_before

    first = await few.sync("ats_jobs", models=["job_info"])
    closing = min(id_ for id_, word in words.items() if word == "open")
    few.account.change("close_job", job=int(closing))
    closed = await few.sync("ats_jobs", syncType="delta_sync")
    before = len(few.receiver.events)
    await few.ask("sync.update", dataType="ats_jobs", includeInactiveRecords=True)
    run = (await few.look("sync.run.list"))["runs"][0]
    wider = await few.told(run["syncRunId"], before)

    assert not {event["recordId"] for event in first.new} & closed_before
    assert set(closed.paths) == {closing}
    assert "$.info.status" in closed.paths[closing]
    assert closed.deleted == []
    assert {event["recordId"] for event in wider.new} == closed_before


async def test_what_no_model_reads_cannot_be_looked_into(few: Syncing) -> None:
    await few.sync(models=["application_info"])
    stage = node("string_operator", "eq", key("currentStage.text"), node("value_string", "Offer"))
    asked: list[tuple[str, dict[str, Any], str]] = [
        ("sync.filter.update", {"filter": stage}, "filter"),
        ("sync.filter.update", {"nativeFilters": {"stageId": "1"}}, "nativeFilters"),
        ("sync.watchFields.update", {"jsonPaths": ["$.info", "$.offers"]}, "jsonPaths[1]"),
    ]

    errors = [(where, await few.refused(method, **DATA, **body)) for method, body, where in asked]

    for where, error in errors:
        assert (error["status"], error["code"]) == (400, "request.invalid")
        assert error["fields"][0]["path"] == where
        assert "application_" in error["fields"][0]["msg"]
    sync = (await few.look("sync.list"))["syncs"][0]
    assert (sync["filter"], sync["nativeFilters"], sync["watchFields"]) == (None, None, [])


@pytest.mark.parametrize("method", ["sync.start", "sync.update"])
async def test_a_model_that_a_filter_looks_into_cannot_be_taken_away(
    few: Syncing, method: str
) -> None:
    await few.sync(models=LIGHT)
    await few.ask("sync.watchFields.update", **DATA, jsonPaths=["$.currentStage"])

    error = await few.refused(method, **DATA, models=["application_info"])

    assert error["status"] == 400
    assert error["fields"][0]["path"] == "models"
    assert "application_stage" in error["fields"][0]["msg"]
    assert (await few.look("sync.list"))["syncs"][0]["models"] == LIGHT


async def test_bad_trees_and_paths_are_refused_with_their_place(few: Syncing) -> None:
    await few.sync(models=LIGHT)
    asked: list[tuple[str, dict[str, Any], str]] = [
        ("sync.filter.update", {"filter": status("BUSY")}, "filter.right.data"),
        ("sync.filter.update", {"filter": {"type": "string_operator"}}, "filter.data"),
        ("sync.filter.update", {"nativeFilters": {"colour": "red"}}, "nativeFilters.colour"),
        ("sync.filter.update", {"passThroughFilters": {"path": {}}}, "passThroughFilters.path"),
        ("sync.filter.update", {}, "filter"),
        ("sync.watchFields.update", {"jsonPaths": ["$.info.colour"]}, "jsonPaths[0]"),
    ]

    for method, body, where in asked:
        error = await few.refused(method, **DATA, **body)
        assert (error["status"], error["fields"][0]["path"]) == (400, where), body
