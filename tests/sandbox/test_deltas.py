"""Lists asked for what changed, after recruiters changed much."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from hireloom.sandbox._greenhouse_tables import TABLES
from hireloom.sandbox.app import Running
from tests.sandbox.account import Account
from tests.sandbox.ashby_client import Caller as Ashby
from tests.sandbox.greenhouse_client import Harvest, Record
from tests.sandbox.lever_client import Caller as Lever

KINDS = [
    "move_application", "set_custom_field", "update_candidate", "reject_application",
    "hire_application", "new_application", "create_offer", "schedule_interview",
    "delete_application",
]  # fmt: skip
SYNCED = {
    "application.list", "candidate.list", "job.list", "opening.list", "offer.list",
    "interviewSchedule.list", "applicationFeedback.list", "department.list", "user.list",
}  # fmt: skip


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Running]:
    with Running(size=200, limits=False) as running:
        yield running


@pytest.fixture(autouse=True)
def _reset(sandbox: Running) -> None:
    httpx.post(f"{sandbox.url}/_sandbox/reset", timeout=120)


@pytest.fixture
def harvest(sandbox: Running) -> Iterator[Harvest]:
    with Harvest(sandbox) as client:
        yield client


@pytest.fixture
def lever(sandbox: Running) -> Iterator[Lever]:
    caller = Lever(sandbox)
    with caller.http:
        yield caller


@pytest.fixture
def ashby(sandbox: Running) -> Iterator[Ashby]:
    caller = Ashby(sandbox)
    with caller.http:
        yield caller


@pytest.fixture
def greenhouse(sandbox: Running) -> Iterator[Account]:
    with Account(sandbox, "greenhouse") as account:
        yield account


def everything(harvest: Harvest, table: str, **params: Any) -> list[Record]:
    return harvest.all(f"/v3/{table}", per_page=500, **params)


# Rows that clients alone write: the world has none.
WRITTEN = {"scorecard_question_answer_options"}


@pytest.mark.parametrize("table", sorted(TABLES.keys() - WRITTEN))
def test_a_window_of_any_greenhouse_list_holds_what_was_updated_in_it(
    harvest: Harvest, greenhouse: Account, table: str
) -> None:
    greenhouse.change("scatter", count=60, seed=1, kinds=KINDS)
    rows = everything(harvest, table)
    times = sorted({row["updated_at"] for row in rows})
    low, high = times[len(times) // 3], times[-1 - len(times) // 5]

    within = everything(harvest, table, updated_at=f"gte|{low}|lte|{high}")
    after = everything(harvest, table, updated_at=f"gt|{high}")

    assert within == [row for row in rows if low <= row["updated_at"] <= high]
    assert after == [row for row in rows if row["updated_at"] > high]


def test_what_hangs_on_an_application_changes_without_it(
    harvest: Harvest, greenhouse: Account
) -> None:
    held = greenhouse.running()["id"]
    since = harvest.one("/v3/applications", held)["updated_at"]
    mark = f"gt|{max(row['updated_at'] for row in everything(harvest, 'applications'))}"
    offer = greenhouse.change("create_offer", application=held)["id"]
    interview = greenhouse.change("schedule_interview", application=held)["id"]
    greenhouse.change("update_interview", interview=interview, location="Elsewhere")
    greenhouse.change("update_offer", offer=offer, status="accepted")
    harvest.post(
        "/v3/attachments",
        {"application_id": held, "filename": "a.pdf", "type": "other", "content": "eA=="},
    )
    person = harvest.one("/v3/applications", held)["candidate_id"]
    greenhouse.change("update_candidate", candidate=person, name="Eve Other")

    changed = {
        table: {row["id"] for row in everything(harvest, table, updated_at=mark)}
        for table in ("applications", "offers", "interviews", "attachments", "candidates")
    }

    assert harvest.one("/v3/applications", held)["updated_at"] == since
    assert changed["applications"] == set()
    assert offer in changed["offers"]
    assert changed["interviews"] == {interview}
    assert len(changed["attachments"]) == 1
    assert changed["candidates"] == {person}


def test_filters_by_parents_follow_what_was_moved_and_deleted(
    harvest: Harvest, greenhouse: Account
) -> None:
    greenhouse.change("scatter", count=80, seed=2, kinds=KINDS)
    applications = everything(harvest, "applications")
    held = next(row for row in applications if row["status"] == "in_process" and row["job_id"])
    elsewhere = next(row["job_id"] for row in applications if row["job_id"] != held["job_id"])
    greenhouse.change("move_application", application=held["id"], job=elsewhere)

    for table, parent in (
        ("applications", "job"),
        ("applications", "candidate"),
        ("application_stages", "application"),
        ("offers", "application"),
        ("interviews", "job"),
        ("interviewers", "interview"),
        ("rejection_details", "application"),
        ("scorecards", "application"),
        ("openings", "job"),
    ):
        rows = everything(harvest, table)
        parents = dict.fromkeys(row[f"{parent}_id"] for row in rows)
        wanted = [key for key in parents if key is not None][:50]
        named = ",".join(map(str, wanted))
        found = everything(harvest, table, **{f"{parent}_ids": named})
        assert found == [row for row in rows if row[f"{parent}_id"] in wanted], table
    ids = {row["id"] for row in everything(harvest, "applications")}
    for table in ("offers", "interviews", "application_stages", "scorecards", "notes"):
        assert {row["application_id"] for row in everything(harvest, table)} <= ids, table


def test_a_deleted_greenhouse_job_takes_its_lists_along(
    harvest: Harvest, greenhouse: Account
) -> None:
    job = greenhouse.running()["jobId"]

    greenhouse.change("delete_job", job=job)

    for table in ("openings", "job_posts", "job_interview_stages", "applications", "offers"):
        assert job not in {row["job_id"] for row in everything(harvest, table)}, table


def test_fields_trim_a_window_too(harvest: Harvest, greenhouse: Account) -> None:
    key = greenhouse.running()["id"]
    greenhouse.change("move_application", application=key)
    since = "gte|2026-11-01T00:00:00Z"

    rows = everything(harvest, "applications", updated_at=since, fields="id,status")

    assert rows == [{"id": key, "status": "in_process"}]


def test_lever_tells_what_was_updated_and_what_was_deleted(lever: Lever) -> None:
    before = {row["id"]: row for row in lever.walk("/opportunities", confidentiality="all")}
    mark = 1 + max(row["updatedAt"] for row in before.values())

    changes = lever.change("scatter", count=40, seed=4, kinds=KINDS)["changes"]

    rows = {row["id"]: row for row in lever.walk("/opportunities", confidentiality="all")}
    window = {"confidentiality": "all", "updated_at_start": str(mark)}
    found = {row["id"] for row in lever.walk("/opportunities", **window)}
    assert found == {key for key, row in rows.items() if row["updatedAt"] >= mark}
    moved = {each["application"] for each in changes if each["kind"] == "move_application"}
    assert found >= moved
    gone = {each["application"] for each in changes if each["kind"] == "delete_application"}
    told = {row["id"] for row in lever.walk("/opportunities/deleted", deleted_at_start=str(mark))}
    assert told == gone == before.keys() - rows.keys()


def test_a_deleted_posting_is_listed_with_its_applications(lever: Lever) -> None:
    held = next(row for row in lever.walk("/opportunities") if row["applications"])
    link = lever.data(f"/opportunities/{held['id']}/applications")[0]

    lever.change("delete_job", job=link["posting"])

    assert [row["id"] for row in lever.walk("/postings/deleted")] == [link["posting"]]
    assert link["id"] in {row["id"] for row in lever.walk("/applications/deleted")}
    left = lever.data(f"/opportunities/{held['id']}")
    assert left == {**held, "applications": []}
    assert lever.get(f"/postings/{link['posting']}").status_code == 404


def test_interactions_with_lever_are_no_updates_unless_switched(lever: Lever) -> None:
    held = next(row for row in lever.walk("/opportunities") if row["applications"])
    path = f"/opportunities/{held['id']}"

    lever.change("create_offer", application=held["id"])
    interview = lever.change("schedule_interview", application=held["id"])["id"]
    lever.change("cancel_interview", interview=interview)
    quiet = lever.data(path)
    lever.change("interactions_update", on=True)
    lever.change("add_note", application=held["id"], text="Seen")
    loud = lever.data(path)

    assert quiet["updatedAt"] == held["updatedAt"]
    assert quiet["lastInteractionAt"] > held["lastInteractionAt"]
    assert loud["updatedAt"] > quiet["updatedAt"]
    assert loud["updatedAt"] == loud["lastInteractionAt"]


@pytest.mark.parametrize("method", sorted(SYNCED))
def test_an_ashby_sync_token_gives_what_changed_and_no_more(ashby: Ashby, method: str) -> None:
    shown = {"includeArchived": True} if method == "department.list" else {}
    before = {row["id"]: row for row in ashby.walk(method, **shown)}
    token = ashby.sync_token(method, **shown)

    ashby.change("scatter", count=30, seed=5, kinds=KINDS)
    ashby.change("update_job", job=0, title="Renamed")

    after = {row["id"]: row for row in ashby.walk(method, **shown)}
    answer = ashby.answer(method, syncToken=token, **shown)
    told = {row["id"]: row for row in answer["results"]}
    known = {key for key, row in after.items() if before.get(key) != row}
    # Embedded names and titles change without the record.
    assert told.items() <= after.items()
    assert {key for key in known if _own(after[key]) != _own(before.get(key))} <= told.keys()
    assert ashby.answer(method, syncToken=answer["syncToken"], **shown)["results"] == []


def _own(row: dict[str, Any] | None) -> Any:
    return row and (row.get("updatedAt"), row.get("status"), row.get("offerStatus"))


def test_sync_tokens_belong_to_their_parameters_and_grow_old(
    ashby: Ashby, sandbox: Running
) -> None:
    token = ashby.sync_token("application.list", status="Active")
    assert ashby.refusal("application.list", syncToken=token) == "invalid_input"
    assert ashby.refusal("candidate.list", syncToken=token) == "invalid_input"
    assert ashby.answer("application.list", syncToken=token, status="Active")["success"]

    ashby.change("sync_token_life", seconds=0)
    aged = ashby.refusal("application.list", syncToken=token, status="Active")
    ashby.change("sync_token_life", seconds=3600)
    assert ashby.answer("application.list", syncToken=token, status="Active")["success"]
    httpx.post(f"{sandbox.url}/_sandbox/ashby/expire-tokens", timeout=120).raise_for_status()
    expired = ashby.refusal("application.list", syncToken=token, status="Active")

    assert aged == expired == "sync_token_expired"


def test_ashby_refuses_times_that_no_calendar_has(ashby: Ashby) -> None:
    for method in ("application.list", "candidate.list", "interviewSchedule.list"):
        for extreme in (10**30, -(10**30), 10**18, -(10**18)):
            answer = ashby.answer(method, createdAfter=extreme, limit=1)
            assert answer["success"] or answer["errors"] == ["invalid_input"]


@pytest.mark.parametrize(("kind", "kept"), [("short_list", 2), ("empty_list", 0)])
def test_lists_end_early_by_fault_without_a_word(
    harvest: Harvest, lever: Lever, ashby: Ashby, sandbox: Running, *, kind: str, kept: int
) -> None:
    plan = {"fault": [{"kind": kind}]}
    httpx.post(f"{sandbox.url}/_sandbox/faults", json=plan, timeout=120).raise_for_status()

    applications = harvest.get("/v3/applications", per_page=4)
    opportunities = lever.get("/opportunities", limit=4).json()
    page = ashby.answer("application.list", limit=4)

    assert (len(applications.json()), "link" in applications.headers) == (kept, False)
    assert len(opportunities["data"]) == len(page["results"]) == kept
    assert (opportunities["hasNext"], "next" in opportunities) == (False, False)
    assert (page["moreDataAvailable"], "nextCursor" in page) == (False, False)
