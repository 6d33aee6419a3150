"""What recruiters do, which has the same names in all three simulated vendors."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from hireloom.sandbox.app import Running
from tests.sandbox.account import Account, Json

FIELDS = {
    "greenhouse": ("assessment_score", 7),
    "lever": ("Notice period", "Never"),
    "ashby": ("Assessment score", 7),
}
COMMON = {
    "add_tag", "cancel_interview", "close_job", "create_job", "create_offer",
    "delete_application", "delete_candidate", "delete_job", "hire_application",
    "move_application", "new_application", "reject_application", "scatter",
    "schedule_interview", "set_custom_field", "unreject_application", "update_candidate",
    "update_interview", "update_job", "update_offer",
}  # fmt: skip


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Running]:
    with Running(size=120, limits=False) as running:
        yield running


@pytest.fixture(params=sorted(FIELDS))
def account(sandbox: Running, request: pytest.FixtureRequest) -> Iterator[Account]:
    httpx.post(f"{sandbox.url}/_sandbox/reset", timeout=120)
    with Account(sandbox, request.param) as made:
        yield made


def differing(before: dict[Any, Json], after: dict[Any, Json]) -> set[Any]:
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def test_the_kinds_have_the_same_names_everywhere(account: Account, sandbox: Running) -> None:
    about = httpx.get(sandbox.url, timeout=120).json()["vendors"][account.vendor]

    assert set(about["changes"]) >= COMMON
    assert "no change 'lunch'; there are" in account.refused("lunch")
    assert "missing" in account.refused("move_application")


def test_an_application_is_moved_rejected_taken_back_and_hired(account: Account) -> None:
    before = account.running()
    key = before["id"]

    account.change("move_application", application=key)
    moved = account.state()[key]
    account.change("reject_application", application=key)
    rejected = account.state()[key]
    account.change("unreject_application", application=key)
    again = account.state()[key]
    account.change("hire_application", application=key)
    hired = account.state()[key]

    assert moved["stageId"] != before["stageId"]
    assert moved["status"] == again["status"] == before["status"]
    assert again["stageId"] == moved["stageId"]
    assert rejected["status"] in {"rejected", "archived", "Archived"}
    assert hired["status"] in {"hired", "Hired"}
    times = [row["updatedAt"] for row in (before, moved, rejected, again, hired)]
    assert times == sorted(times)
    assert times[0] < times[1]
    versions = [row["version"] for row in (before, moved, rejected, again, hired)]
    assert len(set(versions)) == 5


def test_an_applicant_appears_and_is_erased(account: Account) -> None:
    before, people = account.state(), account.state("candidates")
    job = account.running()["jobId"]

    made = account.change("new_application", job=job, name="Ada Example", email="ada@example.com")
    appeared = account.state()[made["id"]]
    person = account.state("candidates")[appeared["candidateId"]]
    account.change("delete_candidate", candidate=appeared["candidateId"])

    assert appeared["jobId"] == job
    assert (person["name"], person["emails"]) == ("Ada Example", ["ada@example.com"])
    assert account.state() == before
    assert account.state("candidates") == people


def test_a_deleted_application_takes_along_what_hung_on_it(account: Account) -> None:
    held = account.running()
    offer = account.change("create_offer", application=held["id"])
    interview = account.change("schedule_interview", application=held["id"])
    assert account.state("offers")[offer["id"]]["applicationId"] == held["id"]
    assert account.state("interviews")[interview["id"]]["applicationId"] == held["id"]

    account.change("delete_application", application=held["id"])

    assert held["id"] not in account.state()
    for kind in ("offers", "interviews"):
        assert held["id"] not in {row["applicationId"] for row in account.state(kind).values()}
    assert account.refused("update_offer", offer=offer["id"], salary=1)


def test_offers_and_interviews_change_without_their_application(account: Account) -> None:
    held = account.running()
    key = held["id"]

    offer = account.change("create_offer", application=key, salary=1000, starts_on="2027-03-01")
    first = account.state("offers")
    account.change("update_offer", offer=offer["id"], salary=2000)
    second = account.state("offers")
    newest = max(differing(first, second) - first.keys(), default=offer["id"])
    account.change("update_offer", offer=newest, status="accepted")
    third = account.state("offers")
    interview = account.change("schedule_interview", application=key)["id"]
    planned = account.state("interviews")[interview]
    account.change(
        "update_interview",
        interview=interview,
        location="Room 101",
        starts_at="2027-01-05T09:00:00Z",
    )
    elsewhere = account.state("interviews")[interview]
    account.change("cancel_interview", interview=interview)
    canceled = account.state("interviews").get(interview)

    assert first[offer["id"]]["applicationId"] == key
    assert differing(first, second)
    assert differing(second, third) == {newest}
    assert third[newest]["status"] in {"Accepted", "signed"}
    assert planned["version"] != elsewhere["version"]
    assert canceled is None or canceled["status"] in {"canceled", "Cancelled"}
    assert account.state()[key]["updatedAt"] == held["updatedAt"]


def test_a_custom_field_a_tag_and_a_name_are_changed(account: Account) -> None:
    held = account.running()
    field, value = FIELDS[account.vendor]

    account.change("set_custom_field", application=held["id"], field=field, value=value)
    fielded = account.state()[held["id"]]
    account.change("add_tag", application=held["id"], tag="never seen before")
    tagged = account.state("candidates")[held["candidateId"]]
    account.change(
        "update_candidate", candidate=held["candidateId"], name="Eve Other", email="e@example.com"
    )
    person = account.state("candidates")[held["candidateId"]]

    assert fielded["updatedAt"] > held["updatedAt"]
    assert (person["name"], person["emails"][0]) == ("Eve Other", "e@example.com")
    assert person["version"] != tagged["version"]
    assert account.refused("set_custom_field", application=held["id"], field="no", value=1)


def test_a_job_is_made_renamed_closed_and_deleted_with_its_applications(account: Account) -> None:
    job = account.change("create_job", title="Keeper of Lighthouses")["id"]
    opened = account.state("jobs")[job]
    application = account.change("new_application", job=job, email="l@example.com")["id"]
    account.change("move_application", application=application)
    account.change("update_job", job=job, title="Keeper of One Lighthouse")
    renamed = account.state("jobs")[job]
    account.change("close_job", job=job)
    closed = account.state("jobs")[job]
    assert account.state()[application]["jobId"] == job

    account.change("delete_job", job=job)

    assert opened["name"] == "Keeper of Lighthouses"
    assert renamed["name"] == "Keeper of One Lighthouse"
    assert opened["status"] in {"open", "Open", "published"}
    assert closed["status"] in {"closed", "Closed"}
    assert job not in account.state("jobs")
    assert account.state().get(application, {}).get("jobId") is None


def test_scattered_changes_are_the_same_for_the_same_seed(
    account: Account, sandbox: Running
) -> None:
    before = account.state()

    first = account.change("scatter", count=12, seed=3, kinds=["move_application"])
    after = account.state()
    httpx.post(f"{sandbox.url}/_sandbox/reset", timeout=120)
    again = account.change("scatter", count=12, seed=3, kinds=["move_application"])

    touched = {change["application"] for change in first["changes"]}
    assert first["count"] == 12
    assert len(touched) == 12
    assert differing(before, after) == touched
    assert again == first
    assert "kinds must be" in account.refused("scatter", kinds=["lunch"])


def test_mixed_changes_leave_what_the_state_says(account: Account) -> None:
    kinds = ["new_application", "delete_application", "reject_application", "update_candidate"]

    changes = account.change("scatter", count=40, kinds=kinds)["changes"]

    state = account.state()
    made = [change for change in changes if change["kind"] == "new_application"]
    gone = [change for change in changes if change["kind"] == "delete_application"]
    assert made
    assert gone
    assert all(change["id"] in state for change in made)
    assert all(change["application"] not in state for change in gone)
    assert len(state) == 120 + len(made) - len(gone)


def test_the_state_of_an_unknown_kind_is_refused(account: Account) -> None:
    answer = account.http.get("/state", params={"kind": "lunches"})

    assert (answer.status_code, "applications" in answer.json()["error"]) == (400, True)
