"""The simulated Ashby's front door, pages and sync tokens, over real HTTP."""

from datetime import UTC, datetime

import httpx

from hireloom.sandbox import app
from tests.sandbox.ashby_client import API, API_KEY, Caller, basic

SIZE = 260


# The front door


def test_a_library_or_nobody_by_name_is_stopped_before_the_key_is_looked_at(ashby: Caller) -> None:
    for agent in (
        "",
        "python-httpx/0.28",
        "Python/3.11 aiohttp/3.12",
        "python-requests/2",
        "axios/1",
    ):
        answer = ashby.http.post("/job.list", json={}, headers={"user-agent": agent})

        assert (answer.status_code, answer.text) == (403, "error code: 1010")


def test_a_missing_key_is_401_and_a_wrong_or_disabled_one_403(ashby: Caller) -> None:
    bare = httpx.post(
        f"{ashby.http.base_url}job.list", json={}, headers={"user-agent": "Example"}, timeout=120
    )
    assert bare.status_code == 401

    for header in (
        basic("somebody-else"),
        basic("sandbox-ashby-key-disabled"),
        basic(API_KEY, "password"),
        f"Bearer {API_KEY}",
        "Basic %%%",
    ):
        answer = ashby.http.post("/job.list", json={}, headers={"authorization": header})
        assert answer.status_code == 403, header
        assert answer.json()["success"] is False


def test_a_key_without_a_permission_is_told_which_code(ashby_running: app.Running) -> None:
    few = Caller(ashby_running, "sandbox-ashby-key-few-scopes")

    with few.http:
        assert few.post("job.list").status_code == 200
        for method in ("user.list", "offer.list", "candidate.createNote"):
            answer = few.post(method)
            assert answer.status_code == 403
            assert answer.json()["errors"] == ["missing_endpoint_permission"]
        scopes = few.results("apiKey.info")["scopes"]
    assert scopes == ["candidates:read", "jobs:read"]


def test_a_key_that_only_reads_cannot_write(ashby_running: app.Running) -> None:
    few = Caller(ashby_running, "sandbox-ashby-key-few-scopes")
    body = {
        "objectType": "Candidate",
        "objectId": few.id("candidate", 0),
        "fieldId": few.id("x", 0),
    }

    with few.http:
        for method in ("application.changeStage", "customField.setValue", "offer.setStatus"):
            answer = few.post(method, **body, fieldValue="x")
            assert answer.json()["errors"] == ["missing_endpoint_permission"], method
            assert answer.status_code == 403


def test_a_body_of_json_is_needed_even_when_it_is_empty(ashby: Caller) -> None:
    json = {"content-type": "application/json"}

    assert ashby.http.post("/job.list", content=b"{}", headers=json).status_code == 200
    assert ashby.http.post("/job.list", content=b"", headers=json).status_code == 400
    assert ashby.http.post("/job.list", content=b"{oops", headers=json).status_code == 400
    assert ashby.http.post("/job.list", content=b"{}").status_code == 400
    assert ashby.post("job.everything").status_code == 404


def test_a_method_may_be_spelled_with_underscores(ashby: Caller) -> None:
    assert ashby.refusal("application.change_stage") == "invalid_input"  # known, but incomplete


# Pages and sync tokens


def test_a_walk_by_cursor_meets_every_application_once(ashby: Caller) -> None:
    pages = list(ashby.pages("application.list", limit=60))

    assert [len(page["results"]) for page in pages] == [60, 60, 60, 60, 20]
    ids = [row["id"] for page in pages for row in page["results"]]
    assert len(set(ids)) == SIZE
    assert ["syncToken" in page for page in pages] == [False, False, False, False, True]
    assert ["nextCursor" in page for page in pages] == [True, True, True, True, False]


def test_limits_and_cursors_are_checked(ashby: Caller) -> None:
    cursor = ashby.answer("application.list", limit=5)["nextCursor"]

    for body in (
        {"limit": 101},
        {"limit": 0},
        {"limit": "5"},
        {"cursor": "nonsense"},
        {"cursor": cursor, "status": "Active"},  # the same body must be sent again
    ):
        assert ashby.refusal("application.list", **body) == "invalid_input", body
    assert ashby.refusal("candidate.list", cursor=cursor) == "invalid_input"
    assert len(ashby.answer("application.list")["results"]) == 100


def test_a_sync_token_brings_what_changed_since_and_nothing_else(ashby: Caller) -> None:
    token = ashby.sync_token("application.list")
    assert ashby.answer("application.list", syncToken=token)["results"] == []

    ashby.change("edit_custom_field", application=7, field="Assessment score", value=81)
    ashby.change("move", application=4, stage=2)
    ashby.change("delete_application", application=9)
    first = ashby.answer("application.list", syncToken=token, limit=1)
    second = ashby.answer("application.list", syncToken=token, limit=1, cursor=first["nextCursor"])

    ids = [row["id"] for row in first["results"] + second["results"]]
    assert ids == [ashby.id("application", 7), ashby.id("application", 4)]  # and no deletion
    assert second["moreDataAvailable"] is False
    assert ashby.answer("application.list", syncToken=second["syncToken"])["results"] == []


def test_a_sync_of_many_changes_goes_on_page_by_page(ashby: Caller) -> None:
    token = ashby.sync_token("candidate.list")
    for index in (30, 10, 20, 10):
        ashby.change("edit_candidate", candidate=index, company="Example & Co")

    pages = list(ashby.pages("candidate.list", syncToken=token, limit=1))

    ids = [row["id"] for page in pages for row in page["results"]]
    assert ids == [ashby.id("candidate", index) for index in (30, 20, 10)]  # by last change


def test_a_change_in_the_middle_of_a_listing_is_in_the_next_sync(ashby: Caller) -> None:
    first = ashby.answer("candidate.list", limit=100)
    ashby.change("edit_candidate", candidate=3, name="Changed Meanwhile")

    token = list(ashby.pages("candidate.list", limit=100, cursor=first["nextCursor"]))[-1][
        "syncToken"
    ]

    changed = ashby.results("candidate.list", syncToken=token)
    assert [row["name"] for row in changed] == ["Changed Meanwhile"]


def test_an_expired_or_foreign_sync_token_is_refused(ashby: Caller) -> None:
    token = ashby.sync_token("application.list")

    assert ashby.refusal("application.list", syncToken=token, status="Hired") == "invalid_input"
    assert ashby.refusal("candidate.list", syncToken=token) == "invalid_input"
    ashby.change("expire_sync_tokens")
    assert ashby.refusal("application.list", syncToken=token) == "sync_token_expired"
    assert ashby.answer("application.list", syncToken=ashby.sync_token("application.list"))[
        "success"
    ]


def test_lists_without_incremental_reading_give_no_sync_token(ashby: Caller) -> None:
    for method in ("source.list", "archiveReason.list", "jobPosting.list"):
        assert "syncToken" not in ashby.answer(method), method


def test_created_after_takes_milliseconds(ashby: Caller) -> None:
    rows = ashby.walk("application.list")
    middle = datetime.fromisoformat(rows[200]["createdAt"])
    millis = int(middle.timestamp() * 1000)

    later = ashby.walk("application.list", createdAfter=millis)

    assert [row["id"] for row in later] == [row["id"] for row in rows[201:]]
    assert ashby.refusal("application.list", createdAfter=rows[200]["createdAt"]) == "invalid_input"
    people = ashby.walk("candidate.list", createdAfter=millis)
    assert 0 < len(people) < ashby.world.people
    assert all(datetime.fromisoformat(row["createdAt"]) > middle for row in people)


def test_a_time_of_application_that_was_written_counts_for_created_after(ashby: Caller) -> None:
    moved = {"applicationId": ashby.id("application", 2), "createdAt": "2026-10-31T23:59:00Z"}
    ashby.results("application.update", **moved)

    millis = int(datetime(2026, 10, 31, 23, 58, tzinfo=UTC).timestamp() * 1000)
    (row,) = ashby.walk("application.list", createdAfter=millis)

    assert row["id"] == moved["applicationId"]


# Limits


def test_too_many_calls_are_told_when_to_come_back() -> None:
    with app.Running(size=20, vendors=["ashby"]) as running:
        vendor = running.vendor("ashby")
        caller = Caller(running)
        first = caller.post("apiKey.info")
        for _ in range(999):
            vendor.limiter.arrive(caller.http.headers["authorization"], "POST", "/job.list")

        refused = caller.post("apiKey.info")

        caller.http.close()
    assert first.headers["x-ratelimit-limit"] == "1000"
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.json()["success"] is False
    assert API in running.origins
