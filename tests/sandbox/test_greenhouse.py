"""The simulated Harvest v3, asked over HTTP as a client would."""

import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from hireloom.sandbox.app import Running
from tests.sandbox.greenhouse_client import APPLICATIONS, CANDIDATES, TLS, Harvest, Record


def test_a_token_tells_when_it_ends_and_not_for_how_long(harvest: Harvest) -> None:
    answer = harvest.token()

    assert answer.status_code == 200
    body = answer.json()
    assert "expires_in" not in body
    ends = datetime.fromisoformat(body["expires_at"]) - datetime.now(UTC)
    assert timedelta(minutes=59) < ends <= timedelta(minutes=60)
    assert body["access_token"].count(".") == 2


def test_wrong_secrets_and_grants_are_refused(harvest: Harvest) -> None:
    wrong = harvest.token((harvest.given[0], "nonsense"))
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    url = harvest.origins["https://auth.greenhouse.io"] + "/token"
    other = httpx.post(
        verify=TLS, url=url, auth=harvest.given, data={"grant_type": "password"}, timeout=120
    )
    assert (other.status_code, other.json()) == (400, {"error": "unsupported_grant_type"})
    assert harvest.token(sub="12").status_code == 400


def test_tokens_run_out_and_can_be_revoked(
    harvest: Harvest, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [time.time()]
    monkeypatch.setattr(
        "hireloom.sandbox._greenhouse_auth.time", SimpleNamespace(time=lambda: now[0])
    )
    assert harvest.get("/v3/users").status_code == 200
    harvest.change("expire_tokens")
    assert harvest.get("/v3/users").status_code == 401
    harvest.change("token_lifetime", seconds=600)
    harvest.log_in()
    assert harvest.get("/v3/users").status_code == 200
    now[0] += 3600
    assert harvest.get("/v3/users").status_code == 401
    assert (
        httpx.get(verify=TLS, url=harvest.mapping[1] + "/v3/users", timeout=120).status_code == 401
    )
    harvest.client.headers["authorization"] = "Bearer a.b.c"
    assert harvest.get("/v3/users").status_code == 401


def test_a_missing_scope_closes_its_endpoint_only(greenhouse_running: Running) -> None:
    with Harvest(greenhouse_running, "credentialsWithoutScopes") as narrow:
        assert narrow.get("/v3/users").status_code == 403
        assert narrow.get("/v3/notes").status_code == 403
        assert narrow.get("/v3/jobs").status_code == 200
        assert narrow.client.post("/v3/notes", json={}).status_code == 403


def test_lists_are_for_site_admins(harvest: Harvest) -> None:
    users = harvest.all("/v3/users", deactivated="false")
    clerk = next(user for user in users if not user["site_admin"])
    admin = next(user for user in users if user["site_admin"])

    harvest.log_in(sub=str(clerk["id"]))
    assert harvest.get("/v3/jobs").status_code == 403
    harvest.log_in(sub=str(admin["id"]))
    assert harvest.get("/v3/jobs").status_code == 200


def test_pages_go_down_the_ids_and_hold_every_record_once(harvest: Harvest) -> None:
    found = harvest.all(APPLICATIONS, per_page=33)

    ids = [record["id"] for record in found]
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == 400


def test_the_last_page_has_no_link_even_when_it_is_full(harvest: Harvest) -> None:
    assert "link" not in harvest.get(APPLICATIONS, per_page=400).headers
    answer = harvest.get(APPLICATIONS, per_page=399)
    assert list(answer.links) == ["next"]


def test_a_cursor_keeps_the_filters_and_comes_alone(harvest: Harvest) -> None:
    answer = harvest.get(APPLICATIONS, status="rejected", per_page=5, fields="id,status")
    cursor = httpx.URL(answer.links["next"]["url"]).params["cursor"]

    following = harvest.page(APPLICATIONS, cursor=cursor)
    assert len(following) == 5
    assert all(set(row) == {"id", "status"} and row["status"] == "rejected" for row in following)
    assert following[0]["id"] < answer.json()[-1]["id"]
    both = harvest.get(APPLICATIONS, cursor=cursor, per_page=5)
    assert both.status_code == 422
    assert "do not include other query params" in both.json()["errors"][0]
    assert harvest.get(APPLICATIONS, cursor="garbage").status_code == 422


@pytest.mark.parametrize(
    "params",
    [
        {"per_page": 0},
        {"per_page": 501},
        {"ids": ",".join(map(str, range(51)))},
        {"candidate_ids": "abc"},
        {"updated_at": "2026-01-01T00:00:00Z"},
        {"updated_at": "gte|yesterday"},
        {"updated_at[gte]": "2026-01-01T00:00:00Z"},
        {"status": "in_process"},
        {"prospect": "yes"},
        {"colour": "blue"},
    ],
)
def test_what_the_list_does_not_know_is_422(harvest: Harvest, params: Record) -> None:
    answer = harvest.get(APPLICATIONS, **params)

    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_a_get_with_a_body_is_forbidden(harvest: Harvest) -> None:
    assert harvest.client.request("GET", APPLICATIONS, json={"a": 1}).status_code == 403


def test_times_are_filtered_with_pipes(harvest: Harvest) -> None:
    everything = harvest.all(APPLICATIONS, per_page=500)
    stamps = sorted(record["updated_at"] for record in everything)
    low, high = stamps[100], stamps[200]

    inside = harvest.all(APPLICATIONS, updated_at=f"gte|{low}|lte|{high}", per_page=30)
    open_ends = harvest.all(APPLICATIONS, updated_at=f"gt|{low}|lt|{high}")

    assert sorted(row["updated_at"] for row in inside) == stamps[100:201]
    assert sorted(row["updated_at"] for row in open_ends) == stamps[101:200]
    for path in ("/v3/candidates", "/v3/notes", "/v3/scorecards", "/v3/interviews", "/v3/offers"):
        records = harvest.all(path, per_page=500)
        wanted = [row["id"] for row in records if low <= row["updated_at"] <= high]
        narrowed = harvest.all(path, updated_at=f"gte|{low}|lte|{high}", per_page=500)
        assert wanted
        assert [row["id"] for row in narrowed] == wanted, path


def test_the_filter_says_active_and_the_field_in_process(harvest: Harvest) -> None:
    active = harvest.page(APPLICATIONS, status="active")

    assert {record["status"] for record in active} == {"in_process"}


def test_terminal_states_and_prospects_stand_in_no_stage(harvest: Harvest) -> None:
    for record in harvest.all(APPLICATIONS, per_page=500):
        running = record["status"] == "in_process" and not record["prospect"]
        assert (record["stage_name"] is not None) == running
        assert (record["job_interview_stage_id"] is not None) == running
        assert (record["rejected_at"] is not None) == (record["status"] == "rejected")
        if record["prospect"]:
            assert record["job_id"] is None
            assert len(record["prospective_job_ids"]) == 1


def test_everything_is_joined_by_ids_that_exist(harvest: Harvest) -> None:
    page = harvest.page(APPLICATIONS, per_page=50, prospect="false")
    joins = {
        "candidate_id": CANDIDATES,
        "job_id": "/v3/jobs",
        "source_id": "/v3/sources",
        "recruiter_id": "/v3/users",
        "job_interview_stage_id": "/v3/job_interview_stages",
        "rejection_reason_id": "/v3/rejection_reasons",
        "stage_id": "/v3/application_stages",
        "referrer_id": "/v3/referrers",
        "job_post_id": "/v3/job_posts",
    }
    for field, path in joins.items():
        wanted = {record[field] for record in page if record[field] is not None}
        params = {"show_service_accounts": "true"} if path == "/v3/users" else {}
        found = harvest.page(path, ids=",".join(map(str, wanted)), per_page=50, **params)
        assert wanted
        assert {record["id"] for record in found} == wanted, field


def test_children_are_found_by_their_parents(harvest: Harvest) -> None:
    everything = {
        path: harvest.all(path, per_page=500)
        for path in ("/v3/scorecards", "/v3/interviewers", "/v3/rejection_details", "/v3/notes")
    }
    for path, field in (
        ("/v3/scorecards", "application_id"),
        ("/v3/scorecards", "interview_kit_id"),
        ("/v3/interviewers", "interview_id"),
        ("/v3/rejection_details", "application_id"),
        ("/v3/notes", "candidate_id"),
    ):
        some = {record[field] for record in everything[path][10:20]}
        wanted = [record["id"] for record in everything[path] if record[field] in some]
        found = harvest.all(path, **{f"{field}s": ",".join(map(str, some))}, per_page=7)
        assert [record["id"] for record in found] == wanted, (path, field)


def test_stage_rows_lead_to_where_the_application_stands(harvest: Harvest) -> None:
    application = harvest.active("Assessment")

    rows = harvest.page("/v3/application_stages", application_ids=application["id"])

    (current,) = [row for row in rows if row["current"]]
    assert current["id"] == application["stage_id"]
    assert current["job_interview_stage_id"] == application["job_interview_stage_id"]
    assert current["entered_at"] is not None
    assert current["exited_at"] is None
    assert len(rows) == 5


def test_candidates_are_found_by_mail_in_any_case_and_private_ones_by_default(
    harvest: Harvest,
) -> None:
    everyone = harvest.all(CANDIDATES, per_page=500)
    person = next(each for each in everyone if each["email_addresses"])
    mail = person["email_addresses"][0]["value"]

    found = harvest.page(CANDIDATES, email=mail.upper())
    public = harvest.all(CANDIDATES, private="false", per_page=500)

    assert [each["id"] for each in found] == [person["id"]]
    assert any(each["private"] for each in everyone)
    assert len(public) == sum(not each["private"] for each in everyone)
    assert len(harvest.all(CANDIDATES, private="true", per_page=500)) == len(everyone)
    new = {"email_addresses": [{"value": "moved@example.net", "type": "work"}]}
    assert harvest.client.patch(f"{CANDIDATES}/{person['id']}", json=new).status_code == 200
    assert [each["id"] for each in harvest.page(CANDIDATES, email="moved@example.net")] == [
        person["id"]
    ]
    assert harvest.page(CANDIDATES, email=mail) == []


def test_integration_users_are_shown_only_when_asked_for(harvest: Harvest) -> None:
    shown = harvest.all("/v3/users", show_service_accounts="true")
    hidden = harvest.all("/v3/users")

    assert len(shown) == len(hidden) + 1
    assert not any(key.startswith("_") for user in shown for key in user)


def test_deleted_posts_are_seen_by_asking_twice(harvest: Harvest) -> None:
    alive = harvest.all("/v3/job_posts")
    deleted = harvest.all("/v3/job_posts", active="false")

    assert all(post["active"] for post in alive)
    assert deleted
    assert not any(post["active"] for post in deleted)


def test_an_attachment_opens_without_a_token_until_it_expires(harvest: Harvest) -> None:
    attachment = harvest.page("/v3/attachments", per_page=1)[0]
    origin, place = "https://grnhse-use1-prod-s2-attachments.s3.us-east-1.amazonaws.com", ""
    place = harvest.origins[origin]
    assert attachment["url"].startswith(origin)

    opened = httpx.get(verify=TLS, url=attachment["url"].replace(origin, place), timeout=120)
    forged = httpx.get(verify=TLS, url=attachment["url"].replace(origin, place) + "x", timeout=120)
    later = attachment["url"].replace("X-Amz-Date=2", "X-Amz-Date=1").replace(origin, place)

    assert opened.content.startswith(b"%PDF-")
    assert (forged.status_code, b"AccessDenied" in forged.content) == (403, True)
    assert httpx.get(verify=TLS, url=later, timeout=120).status_code == 403


def test_the_limit_is_told_and_kept() -> None:
    with Running(size=20, vendors=["greenhouse"]) as here, Harvest(here) as harvest:
        here.vendor("greenhouse").limiter._clock = lambda: 100.0
        asked_at = int(time.time())
        answers = [harvest.get("/v3/offices") for _ in range(76)]

    assert [answer.status_code for answer in answers] == [200] * 75 + [429]
    assert answers[0].headers["x-ratelimit-limit"] == "75"
    assert answers[0].headers["x-ratelimit-remaining"] == "74"
    refused = answers[75].headers
    assert 1 <= int(refused["retry-after"]) <= 30
    assert int(refused["x-ratelimit-reset"]) >= asked_at


def test_faults_speak_as_greenhouse_does(harvest: Harvest) -> None:
    door = f"{harvest.running.url}/_sandbox/faults"

    def meet(kind: str, **what: Any) -> httpx.Response:
        plan = {"fault": [{"kind": kind, "path": "/v3/*", **what}]}
        assert httpx.post(verify=TLS, url=door, json=plan, timeout=120).json() == {"faults": 1}
        return harvest.get(APPLICATIONS, per_page=200)

    busy = meet("429", retry_after=7)
    assert (busy.status_code, busy.headers["x-ratelimit-remaining"]) == (429, "0")
    assert busy.headers["retry-after"] == "7"
    assert meet("expired_token").json() == {"message": "Unauthorized", "errors": []}
    empty = meet("empty_page")
    assert (empty.json(), list(empty.links)) == ([], ["next"])
    first = meet("repeat_cursor").links["next"]["url"]
    second = harvest.client.get(first.replace(*harvest.mapping))
    assert second.links["next"]["url"] == first
    assert isinstance(meet("type_change", field="status").json()[0]["status"], dict)


def test_what_is_not_there_is_404_with_a_message(harvest: Harvest) -> None:
    answer = harvest.client.delete(f"{APPLICATIONS}/99")

    assert answer.status_code == 404
    assert answer.json()["errors"] == [
        {"message": "Could not find application with id 99", "field": "id"}
    ]
    assert harvest.get("/v3/nonsense").status_code == 404
    assert harvest.get("/v3/applications/99").status_code in {404, 405}


def test_a_large_company_has_full_pages_and_empty_ones() -> None:
    company = Running(size=100_000, vendors=["greenhouse"], limits=False)
    with company as here, Harvest(here) as harvest:
        harvest.page(APPLICATIONS)
        for path in (APPLICATIONS, CANDIDATES, "/v3/scorecards", "/v3/notes"):
            assert len(harvest.page(path, per_page=100)) == 100
        person = harvest.page(CANDIDATES, per_page=1)[0]
        assert harvest.page(CANDIDATES, email="nobody@example.com") == []
        stage = harvest.page("/v3/job_interview_stages", per_page=1)[0]
        assert harvest.page(APPLICATIONS, stage_ids=stage["id"]) == []
        assert harvest.page(CANDIDATES, ids=person["id"]) == [person]
