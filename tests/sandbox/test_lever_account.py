"""Applying, jobs, users and what a recruiter does in the simulated Lever."""

import time
from collections.abc import Iterator

import httpx
import pytest

from hireloom.sandbox import app
from tests.sandbox.lever_client import PDF, Caller, Json, active, screen


@pytest.fixture(scope="module")
def sandbox() -> Iterator[app.Running]:
    with app.Running(size=120, vendors=["lever"], limits=False) as running:
        yield running


@pytest.fixture
def lever(sandbox: app.Running) -> Iterator[Caller]:
    httpx.post(f"{sandbox.url}/_sandbox/reset", timeout=120)
    caller = Caller(sandbox)
    with caller.http:
        yield caller


def test_applying_by_the_form_needs_its_required_answers(lever: Caller) -> None:
    posting = lever.data("/postings", state="published", limit=1)[0]["id"]
    question = lever.data(f"/postings/{posting}/apply")["customQuestions"][0]
    upload = lever.http.post("/uploads", files={"file": ("cv.pdf", PDF, "application/pdf")})
    uri = upload.json()["data"]["uri"]
    person = {"fullName": "Ada Example", "email": "ada@example.org", "resume": uri}
    body: Json = {
        "personalInformation": [{"name": name, "value": value} for name, value in person.items()],
        "urls": [{"name": "LinkedIn", "value": "https://example.com/in/ada"}],
    }

    unanswered = lever.http.post(f"/postings/{posting}/apply", json=body)
    answer = {"id": question["fields"][0]["id"], "value": "Yes"}
    body["customQuestions"] = [{"id": question["id"], "fields": [answer]}]
    applied = lever.http.post(f"/postings/{posting}/apply", json=body)

    assert (unanswered.status_code, applied.status_code) == (400, 201)
    row = lever.data("/opportunities", email="ada@example.org", expand="applications")[0]
    link = row["applications"][0]
    assert link["id"] == applied.json()["data"]["applicationId"]
    assert (link["type"], link["customQuestions"][0]["fields"][0]["value"]) == ("posting", "Yes")
    assert (row["stage"], row["origin"]) == ("applicant-new", "applied")
    assert lever.data(f"/opportunities/{row['id']}/resumes")[0]["file"]["name"] == "cv.pdf"
    closed = lever.data("/postings", state="closed", limit=1)[0]["id"]
    assert lever.http.post(f"/postings/{closed}/apply", json=body).status_code == 400


def test_a_changed_contact_shows_in_its_opportunities(lever: Caller) -> None:
    before = active(lever)

    answer = lever.http.put(f"/contacts/{before['contact']}", json={"emails": ["new@example.com"]})

    assert answer.status_code == 200
    assert "isAnonymized" not in answer.json()["data"]
    after = lever.data(f"/opportunities/{before['id']}")
    assert (after["emails"], after["name"]) == (["new@example.com"], before["name"])
    assert after["updatedAt"] > before["updatedAt"]
    assert lever.data("/opportunities", email=before["emails"][0]) == []


def test_a_posting_is_updated_by_post_and_keeps_the_rest(lever: Caller) -> None:
    made = lever.act("POST", "/postings", {"text": "Gardener", "categories": {"location": "Kew"}})
    posting = made.json()["data"]

    changed = lever.act("POST", f"/postings/{posting['id']}", {"state": "published"})

    assert (made.status_code, changed.status_code) == (201, 200)
    record = lever.data(f"/postings/{posting['id']}")
    assert (record["text"], record["state"]) == ("Gardener", "published")
    assert record["categories"]["allLocations"] == ["Kew"]
    assert lever.act("PUT", f"/postings/{posting['id']}", {}).status_code == 404
    assert lever.act("POST", f"/postings/{posting['id']}", {"state": "odd"}).status_code == 400


def test_a_requisition_is_replaced_whole_and_answers_with_other_names(lever: Caller) -> None:
    body = {"name": "Two gardeners", "requisitionCode": "G-2", "headcountTotal": 2, "team": "Kew"}
    made = lever.http.post("/requisitions", json=body)
    path = f"/requisitions/{made.json()['data']['id']}"

    assert made.status_code == 201
    assert made.json()["data"]["postingIds"] == []
    assert lever.http.post("/requisitions", json=body).status_code == 400
    del body["team"]
    assert lever.http.put(path, json={**body, "headcountTotal": "unlimited"}).status_code == 200
    record = lever.data(path)
    assert (record["team"], record["headcountTotal"]) == (None, "unlimited")
    assert lever.data("/requisitions", requisition_code="G-2") == [record]
    assert lever.http.delete(path).status_code == 204
    assert lever.get(path).status_code == 404


def test_a_deactivated_user_cannot_lend_a_name(lever: Caller) -> None:
    user = lever.http.post("/users", json={"name": "Una", "email": "una@hiring.example.com"})
    una = user.json()["data"]["id"]
    path = f"/opportunities/{active(lever)['id']}/addTags"

    assert lever.act("POST", path, {"tags": ["x"]}, perform_as=una).status_code == 200
    assert lever.http.post(f"/users/{una}/deactivate").status_code == 200
    assert lever.act("POST", path, {"tags": ["y"]}, perform_as=una).status_code == 403
    lever.http.post(f"/users/{una}/reactivate")
    assert lever.act("POST", path, {"tags": ["y"]}, perform_as=una).status_code == 200


def test_deletions_are_told_by_the_deleted_lists(lever: Caller) -> None:
    doomed = active(lever)
    started = int(time.time() * 1000)

    lever.change("delete_candidate", candidate=doomed["contact"])

    assert lever.get(f"/opportunities/{doomed['id']}").status_code == 404
    assert lever.get(f"/contacts/{doomed['contact']}").status_code == 404
    gone = lever.data("/opportunities/deleted", deleted_at_start=started)
    assert doomed["id"] in {row["id"] for row in gone}
    links = lever.data("/applications/deleted")
    assert doomed["applications"][0]["id"] in {row["id"] for row in links}
    assert lever.data("/opportunities/deleted", deleted_at_end=started - 1) == []


def test_a_recruiters_acts_show_as_updates(lever: Caller) -> None:
    started = int(time.time() * 1000)

    moved = lever.change("move", application=3, stage=4)
    rejected = lever.change("reject", application=5, reason=2)
    edited = lever.change("edit_custom_field", application=10, field="Notice period", value="None")
    applicant = lever.change("new_applicant", job=0, name="Nova", email="nova@example.com")
    renamed = lever.change("edit_candidate", candidate=2, name="Renamed Person")

    rows = lever.walk("/opportunities", updated_at_start=started, confidentiality="all")
    changed = {row["id"]: row for row in rows}
    assert {moved["id"], rejected["id"], applicant["id"]} <= set(changed)
    assert changed[rejected["id"]]["archived"] is not None
    assert "Renamed Person" in {row["name"] for row in changed.values()}
    assert renamed["name"] == "Renamed Person"
    assert edited["fields"][0]["value"] == "None"
    url = f"{lever.sandbox.url}/_sandbox/lever/change"
    assert httpx.post(url, json={"kind": "fly"}, timeout=120).status_code == 400


def test_applications_by_the_form_have_a_slower_limit() -> None:
    with app.Running(size=20, vendors=["lever"]) as limited:
        limited.vendor("lever").limiter._clock = lambda: 100.0
        caller = Caller(limited)
        with caller.http:
            posting = caller.data("/postings", limit=1)[0]["id"]
            answers = [caller.http.post(f"/postings/{posting}/apply", json={}) for _ in range(6)]

    statuses = [answer.status_code for answer in answers]
    assert statuses[:2] == [400, 400]  # let in, and then found wanting
    assert 429 in statuses


def test_a_reset_forgets_every_write(lever: Caller) -> None:
    before = lever.get("/opportunities").content
    lever.act("POST", "/opportunities", {"name": "Passing"})
    lever.change("move", application=119, stage=5)
    assert lever.get("/opportunities").content != before

    httpx.post(f"{lever.sandbox.url}/_sandbox/reset", timeout=120)

    assert lever.get("/opportunities").content == before
    assert screen(lever)["created"] == []
