"""The simulated Harvest v3, asked over HTTP as a client would."""

import base64
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from hireloom.sandbox.app import Running
from hireloom.sandbox.vendor import Vendor

TLS = ssl.create_default_context()  # made once: each costs more than a call
CANDIDATES = "/v3/candidates"
APPLICATIONS = "/v3/applications"
Record = dict[str, Any]


class Harvest:
    """A client that holds a token."""

    def __init__(self, running: Running, extra: str = "credentials", **form: Any) -> None:
        self.running = running
        self.origins = running.origins
        about = httpx.get(verify=TLS, url=running.url).json()["vendors"]["greenhouse"]
        self.given = (about[extra]["clientId"], about[extra]["clientSecret"])
        self.client = httpx.Client(
            verify=TLS, base_url=self.origins["https://harvest.greenhouse.io"]
        )
        self.log_in(**form)

    def __enter__(self) -> "Harvest":
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def token(self, given: tuple[str, str] | None = None, **form: Any) -> httpx.Response:
        url = self.origins["https://auth.greenhouse.io"] + "/token"
        data = {"grant_type": "client_credentials", **form}
        return httpx.post(verify=TLS, url=url, auth=given or self.given, data=data)

    def log_in(self, **form: Any) -> None:
        token = self.token(**form).json()["access_token"]
        self.client.headers["authorization"] = f"Bearer {token}"

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.client.get(path, params=params or None)

    def page(self, path: str, **params: Any) -> list[Record]:
        answer = self.get(path, **params)
        assert answer.status_code == 200, answer.text
        records: list[Record] = answer.json()
        return records

    def all(self, path: str, **params: Any) -> list[Record]:
        """Every page, by the Link header alone."""
        answer = self.get(path, **params)
        found = answer.json()
        while link := answer.links.get("next"):
            assert link["url"].startswith("https://harvest.greenhouse.io/v3/")
            answer = self.client.get(link["url"].replace(*self.mapping))
            found += answer.json()
        return list(found)

    @property
    def mapping(self) -> tuple[str, str]:
        origin = "https://harvest.greenhouse.io"
        return origin, self.origins[origin]

    def one(self, path: str, key: int) -> Record:
        (record,) = self.page(path, ids=key)
        return record

    def post(self, path: str, body: Any, status: int = 201) -> Any:
        answer = self.client.post(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def refused(self, path: str, body: Any, method: str = "POST") -> Record:
        answer = self.client.request(method, path, json=body)
        assert answer.status_code == 422, answer.text
        error: Record = answer.json()["errors"][0]
        return error

    def screen(self) -> Record:
        shown: Record = httpx.get(
            verify=TLS, url=f"{self.running.url}/_sandbox/greenhouse/screen"
        ).json()
        return shown

    def change(self, kind: str, **what: Any) -> httpx.Response:
        door = f"{self.running.url}/_sandbox/greenhouse/change"
        return httpx.post(verify=TLS, url=door, json={"kind": kind, **what})

    def active(self, stage: str = "Phone screen") -> Record:
        return self.page(APPLICATIONS, stage_name=stage, per_page=1)[0]


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with Running(size=400, vendors=["greenhouse"], limits=False) as here:
        yield here


@pytest.fixture
def harvest(running: Running) -> Iterator[Harvest]:
    httpx.post(verify=TLS, url=f"{running.url}/_sandbox/reset")
    with Harvest(running) as client:
        yield client


def vendor(harvest: Harvest) -> Vendor:
    return harvest.running.vendor("greenhouse")


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
    other = httpx.post(verify=TLS, url=url, auth=harvest.given, data={"grant_type": "password"})
    assert (other.status_code, other.json()) == (400, {"error": "unsupported_grant_type"})
    assert harvest.token(sub="12").status_code == 400


def test_tokens_run_out_and_can_be_revoked(harvest: Harvest) -> None:
    assert harvest.get("/v3/users").status_code == 200
    harvest.change("expire_tokens")
    assert harvest.get("/v3/users").status_code == 401
    harvest.change("token_lifetime", seconds=0.3)
    harvest.log_in()
    assert harvest.get("/v3/users").status_code == 200
    time.sleep(0.35)
    assert harvest.get("/v3/users").status_code == 401
    assert httpx.get(verify=TLS, url=harvest.mapping[1] + "/v3/users").status_code == 401
    harvest.client.headers["authorization"] = "Bearer a.b.c"
    assert harvest.get("/v3/users").status_code == 401


def test_a_missing_scope_closes_its_endpoint_only(running: Running) -> None:
    with Harvest(running, "credentialsWithoutScopes") as narrow:
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

    opened = httpx.get(verify=TLS, url=attachment["url"].replace(origin, place))
    forged = httpx.get(verify=TLS, url=attachment["url"].replace(origin, place) + "x")
    later = attachment["url"].replace("X-Amz-Date=2", "X-Amz-Date=1").replace(origin, place)

    assert opened.content.startswith(b"%PDF-")
    assert (forged.status_code, b"AccessDenied" in forged.content) == (403, True)
    assert httpx.get(verify=TLS, url=later).status_code == 403


def test_a_note_is_kept_as_it_came_and_is_on_the_screen(harvest: Harvest) -> None:
    application = harvest.active()
    text = 'Score: 87 / 100\n<b>not bold</b> – naïve & "quoted" 🙂'

    note = harvest.post("/v3/notes", {
        "candidate_id": application["candidate_id"], "application_id": application["id"],
        "note_type": "NOTE", "body": text, "visibility": "private",
    })  # fmt: skip

    assert (note["body"], note["visibility"]) == (text, "privately_visible")
    newest = harvest.page("/v3/notes", per_page=1)[0]
    assert newest == note
    of_candidate = harvest.page("/v3/notes", candidate_ids=application["candidate_id"])
    assert note["id"] in {each["id"] for each in of_candidate}
    (shown,) = harvest.screen()["notes"]
    assert (shown["body"], shown["application_id"]) == (text, application["id"])


@pytest.mark.parametrize(
    ("extra", "field"),
    [
        ({"colour": "blue"}, "colour"),
        ({"note_type": "POEM"}, "note_type"),
        ({"visibility": "publicly_visible"}, "visibility"),
        ({"subject": "Hello"}, "subject"),
        ({"note_type": "EMAIL"}, "subject"),
        ({"body": 7}, "body"),
        ({"candidate_id": 1}, "candidate_id"),
    ],
)
def test_a_note_with_a_flaw_is_422(harvest: Harvest, extra: Record, field: str) -> None:
    candidate = harvest.page(CANDIDATES, per_page=1)[0]["id"]

    error = harvest.refused(
        "/v3/notes", {"candidate_id": candidate, "note_type": "NOTE", "body": "x", **extra}
    )

    assert error["field"] == field
    assert not harvest.screen()["notes"]


def test_a_note_on_somebody_elses_application_is_refused(harvest: Harvest) -> None:
    one, other = harvest.page(APPLICATIONS, per_page=2)

    error = harvest.refused("/v3/notes", {
        "candidate_id": one["candidate_id"], "application_id": other["id"],
        "note_type": "NOTE", "body": "x",
    })  # fmt: skip

    assert error["field"] == "application_id"


def test_a_move_needs_the_stage_that_it_leaves(harvest: Harvest) -> None:
    application = harvest.active("Application review")
    key, here = application["id"], application["job_interview_stage_id"]
    path = f"{APPLICATIONS}/{key}/move"

    assert harvest.refused(path, {})["field"] == "from_stage_id"
    assert harvest.refused(path, {"from_stage_id": here + 1})["field"] == "from_stage_id"
    strange = {"from_stage_id": here, "to_stage_id": here + 8}
    assert harvest.refused(path, strange)["field"] == "to_stage_id"
    harvest.post(path, {"from_stage_id": here}, 204)
    assert harvest.one(APPLICATIONS, key)["stage_name"] == "Phone screen"
    harvest.post(path, {"from_stage_id": here + 1, "to_stage_id": here + 4}, 204)

    after = harvest.one(APPLICATIONS, key)
    assert after["stage_name"] == "Offer"
    assert after["updated_at"] > application["updated_at"]
    assert harvest.refused(path, {"from_stage_id": here + 4})["field"] == "to_stage_id"
    rows = harvest.page("/v3/application_stages", application_ids=key)
    assert [row["id"] for row in rows if row["current"]] == [after["stage_id"]]
    moves = [act for act in harvest.screen()["acts"] if act["action"] == "move"]
    assert [act["to_stage"] for act in moves] == ["Phone screen", "Offer"]


def test_a_transfer_goes_to_another_job(harvest: Harvest) -> None:
    application = harvest.active()
    job = next(
        job["id"]
        for job in harvest.page("/v3/jobs", status="open")
        if job["id"] != application["job_id"]
    )
    stages = harvest.page("/v3/job_interview_stages", job_ids=job)

    body = {"from_stage_id": application["job_interview_stage_id"], "to_job_id": job}
    harvest.post(f"{APPLICATIONS}/{application['id']}/move", body, 204)

    after = harvest.one(APPLICATIONS, application["id"])
    assert after["job_id"] == job
    assert after["job_interview_stage_id"] == min(stage["id"] for stage in stages)


def test_a_rejection_needs_a_reason_and_can_be_undone(harvest: Harvest) -> None:
    application = harvest.active("Assessment")
    key = application["id"]
    reason = harvest.page("/v3/rejection_reasons")[0]["id"]

    assert harvest.refused(f"{APPLICATIONS}/{key}/reject", {})["field"] == "rejection_reason_id"
    wrong = harvest.refused(f"{APPLICATIONS}/{key}/reject", {"rejection_reason_id": 1})
    assert wrong["field"] == "rejection_reason_id"
    body = {"rejection_reason_id": reason, "notes": "Not this time"}
    harvest.post(f"{APPLICATIONS}/{key}/reject", body, 204)

    rejected = harvest.one(APPLICATIONS, key)
    assert (rejected["status"], rejected["stage_name"]) == ("rejected", None)
    (detail,) = harvest.page("/v3/rejection_details", application_ids=key)
    assert detail["rejection_reason_id"] == reason
    assert harvest.refused(f"{APPLICATIONS}/{key}/reject", body)["field"] == "id"
    harvest.post(f"{APPLICATIONS}/{key}/unreject", {}, 204)
    back = harvest.one(APPLICATIONS, key)
    assert (back["status"], back["stage_name"]) == ("in_process", "Assessment")
    assert harvest.page("/v3/rejection_details", application_ids=key) == []
    assert harvest.refused(f"{APPLICATIONS}/{key}/unreject", {})["field"] == "id"
    harvest.post(f"{APPLICATIONS}/{key}/reject", body, 204)
    assert len(harvest.page("/v3/rejection_details", application_ids=key)) == 1


def test_a_hire_fills_an_opening(harvest: Harvest) -> None:
    application = harvest.active("Offer")
    openings = harvest.page("/v3/openings", job_ids=application["job_id"])
    opening = next((each["id"] for each in openings if each["open"]), None)
    body = {"start_date": "2026-12-01T00:00:00Z"} | ({"opening_id": opening} if opening else {})

    harvest.post(f"{APPLICATIONS}/{application['id']}/hire", body, 204)

    assert harvest.one(APPLICATIONS, application["id"])["status"] == "hired"
    if opening is not None:
        assert harvest.one("/v3/openings", opening)["application_id"] == application["id"]


def test_a_prospect_becomes_an_applicant(harvest: Harvest) -> None:
    prospect = harvest.page(APPLICATIONS, prospect="true", status="active")[0]
    job = prospect["prospective_job_ids"][0]

    after = harvest.post(
        f"{APPLICATIONS}/{prospect['id']}/convert_to_candidate", {"job_id": job}, 200
    )

    assert (after["prospect"], after["job_id"]) == (False, job)
    assert after["stage_name"] == "Application review"
    assert len(harvest.page("/v3/application_stages", application_ids=prospect["id"])) == 5


def test_a_candidate_is_created_with_an_application(harvest: Harvest) -> None:
    job = harvest.page("/v3/jobs", status="open")[0]["id"]
    before = len(harvest.all(APPLICATIONS, per_page=500))
    body = {
        "first_name": "Ada", "last_name": "Example",
        "email_addresses": [{"value": "ada@example.com", "type": "work"}],
        "application": {"job_id": job},
    }  # fmt: skip

    assert harvest.refused(CANDIDATES, {**body, "application": {}})["field"] == "application.job_id"
    assert harvest.refused(CANDIDATES, {"last_name": "Example"})["field"] == "first_name"
    candidate = harvest.post(CANDIDATES, body)

    assert harvest.page(CANDIDATES, per_page=1)[0] == candidate
    assert harvest.page(CANDIDATES, email="ADA@example.com") == [candidate]
    (application,) = harvest.page(APPLICATIONS, candidate_ids=candidate["id"])
    assert (application["job_id"], application["stage_name"]) == (job, "Application review")
    assert len(harvest.all(APPLICATIONS, per_page=33)) == before + 1
    since = f"gte|{candidate['created_at']}"
    assert [row["id"] for row in harvest.page(CANDIDATES, created_at=since)] == [candidate["id"]]
    answer = harvest.client.delete(f"{CANDIDATES}/{candidate['id']}")
    assert answer.json() == {"message": f"Candidate {candidate['id']} deleted successfully"}
    assert len(harvest.all(APPLICATIONS, per_page=33)) == before


def test_a_second_application_or_a_prospect_can_be_added(harvest: Harvest) -> None:
    candidate = harvest.page(CANDIDATES, per_page=1)[0]["id"]
    job = harvest.page("/v3/jobs", status="open")[0]["id"]

    made = harvest.post(APPLICATIONS, {"candidate_id": candidate, "job_id": job})
    prospect = harvest.post(APPLICATIONS, {"candidate_id": candidate, "prospect": True})

    assert (made["status"], made["stage_name"]) == ("in_process", "Application review")
    assert (prospect["prospect"], prospect["job_id"]) == (True, None)
    found = harvest.page(APPLICATIONS, candidate_ids=candidate)
    assert [row["id"] for row in found[:2]] == [prospect["id"], made["id"]]
    assert harvest.refused(APPLICATIONS, {"candidate_id": candidate})["field"] == "job_id"


def test_lists_of_a_candidate_are_replaced_whole(harvest: Harvest) -> None:
    person = next(each for each in harvest.page(CANDIDATES) if each["phone_numbers"])
    path = f"{CANDIDATES}/{person['id']}"

    answer = harvest.client.patch(
        path, json={"phone_numbers": [], "tags": ["new"], "is_private": True}
    )

    after = answer.json()
    assert (after["phone_numbers"], after["tags"], after["private"]) == ([], ["new"], True)
    assert harvest.one(CANDIDATES, person["id"]) == after
    assert harvest.refused(path, {"emails": []}, "PATCH")["field"] == "emails"
    assert harvest.client.patch(f"{CANDIDATES}/5", json={}).status_code == 404


def test_custom_fields_take_values_that_fit(harvest: Harvest) -> None:
    application = harvest.active()
    path = f"{APPLICATIONS}/{application['id']}"

    def put(**item: Any) -> httpx.Response:
        return harvest.client.patch(path, json={"custom_fields": [item]})

    assert put(name_key="assessment_score", value=87.5).status_code == 200
    assert put(name_key="assessment_status", value="Passed").status_code == 200
    fields = harvest.one(APPLICATIONS, application["id"])["custom_fields"]
    assert fields["assessment_score"]["value"] == "87.5"
    assert fields["assessment_status"] == {
        "name": "Assessment status", "type": "single_select", "value": "Passed",
    }  # fmt: skip
    definition = next(
        each
        for each in harvest.page("/v3/custom_fields")
        if each["name_key"] == "assessment_status"
    )
    options = harvest.page("/v3/custom_field_options", custom_field_ids=definition["id"])
    failed = next(each["id"] for each in options if each["name"] == "Failed")
    assert put(custom_field_id=definition["id"], value=failed).status_code == 200
    assert put(name_key="assessment_status", value="Maybe").status_code == 422
    assert put(name_key="assessment_score", value="high").status_code == 422
    assert put(name_key="notice_period", value="x").status_code == 422
    assert put(name_key="assessment_score", custom_field_id=1, value=1).status_code == 422
    assert put(name_key="assessment_score", value=None).status_code == 200


def test_an_attachment_goes_to_an_application_and_comes_back(harvest: Harvest) -> None:
    application = harvest.active()
    body = {"application_id": application["id"], "filename": "report.pdf", "type": "other"}
    content = base64.b64encode(b"%PDF-1.4 a report").decode()

    assert harvest.refused("/v3/attachments", body)["field"] == "content"
    both = {**body, "content": content, "url": "https://example.com/report.pdf"}
    assert harvest.refused("/v3/attachments", both)["field"] == "content"
    assert harvest.refused("/v3/attachments", {**body, "content": "%"})["field"] == "content"
    strange = {**body, "content_type": "application/pdf", "content": content}
    assert harvest.refused("/v3/attachments", strange)["field"] == "content_type"
    made = harvest.post("/v3/attachments", {**body, "content": content})

    origin = made["url"].split("/attachments/")[0]
    assert httpx.get(
        verify=TLS, url=made["url"].replace(origin, harvest.origins[origin])
    ).content == (b"%PDF-1.4 a report")
    found = harvest.page("/v3/attachments", application_ids=application["id"])
    assert found[0]["id"] == made["id"]


def test_an_interview_is_made_changed_and_removed(harvest: Harvest) -> None:
    application = harvest.active("On-site interview")
    slot = harvest.page("/v3/job_interviews", job_ids=application["job_id"])[0]["id"]
    user = harvest.page("/v3/users", deactivated="false")[0]
    body = {
        "application_id": application["id"], "job_interview_id": slot,
        "interviewers": [{"user_id": user["id"], "response_status": "accepted"}],
        "starts_at": "2026-12-01T10:00:00Z", "ends_at": "2026-12-01T11:00:00Z",
        "external_event_id": "event-1", "video_conferencing_url": "https://video.example.com/1",
    }  # fmt: skip

    late = {**body, "ends_at": "2026-12-01T09:00:00Z"}
    assert harvest.refused("/v3/interviews", late)["field"] == "ends_at"
    assert (
        harvest.refused("/v3/interviews", {**body, "interviewers": []})["field"] == "interviewers"
    )
    made = harvest.post("/v3/interviews", body)
    (guest,) = harvest.page("/v3/interviewers", interview_ids=made["id"])
    assert (guest["user_id"], guest["email"]) == (user["id"], user["primary_email"])
    path = f"/v3/interviews/{made['id']}"
    moved = harvest.client.patch(path, json={"ends_at": "2026-12-01T12:00:00Z"}).json()
    assert moved["ends_at"] == "2026-12-01T12:00:00.000Z"
    assert harvest.client.delete(path).status_code == 200
    assert harvest.page("/v3/interviews", ids=made["id"]) == []
    assert harvest.page("/v3/interviewers", interview_ids=made["id"]) == []
    foreign = harvest.page("/v3/interviews", per_page=1)[0]["id"]
    assert harvest.client.delete(f"/v3/interviews/{foreign}").status_code == 422


def test_a_scorecard_takes_answers_and_ratings_of_its_kit(harvest: Harvest) -> None:
    application = harvest.active()
    job = application["job_id"]
    kit = harvest.page("/v3/interview_kits", job_ids=job)[0]["id"]
    questions = harvest.page("/v3/scorecard_questions", interview_kit_ids=kit)
    text = next(each["id"] for each in questions if each["answer_type"] == "text")
    yes_no = next(each["id"] for each in questions if each["answer_type"] == "yes_no")
    attribute = harvest.page("/v3/job_candidate_attributes", job_ids=job)[0]["id"]
    user = application["recruiter_id"]
    body = {
        "interview_kit_id": kit, "interviewer_id": user, "submitter_id": user,
        "application_id": application["id"], "interviewed_at": "2026-11-02T09:00:00Z",
        "candidate_rating": "strong_yes", "notes": "87 of 100", "status": "complete",
        "question_answers": [
            {"scorecard_question_id": text, "value": "Well done"},
            {"scorecard_question_id": yes_no, "value": True},
        ],
        "candidate_attributes": [{"job_candidate_attribute_id": attribute, "value": "strong_yes"}],
    }  # fmt: skip

    other = harvest.page("/v3/interview_kits")[0]["id"]
    wrong_kit = {**body, "interview_kit_id": other}
    if other != kit:
        assert harvest.refused("/v3/scorecards", wrong_kit)["field"] == "interview_kit_id"
    rated = {**body, "candidate_rating": "definitely_not"}
    assert harvest.refused("/v3/scorecards", rated)["field"] == "candidate_rating"
    typed = {**body, "question_answers": [{"scorecard_question_id": yes_no, "value": "yes"}]}
    assert harvest.refused("/v3/scorecards", typed)["field"] == "question_answers"
    card = harvest.post("/v3/scorecards", body)

    assert (card["status"], card["candidate_rating"]) == ("complete", "strong_yes")
    assert card["submitted_at"] is not None
    answers = harvest.page("/v3/scorecard_question_answers", scorecard_ids=card["id"])
    assert {(each["answer"], each["boolean_value"]) for each in answers} == {
        ("Well done", None), (None, True),
    }  # fmt: skip
    (rating,) = harvest.page("/v3/scorecard_candidate_attributes", scorecard_ids=card["id"])
    assert rating["candidate_attribute_rating"] == "strong_yes"
    assert harvest.page("/v3/scorecards", application_ids=application["id"])[0] == card
    assert harvest.screen()["acts"][-1]["rating"] == "strong_yes"


def test_tags_are_made_given_and_taken(harvest: Harvest) -> None:
    person = harvest.page(CANDIDATES, per_page=1)[0]

    tag = harvest.post("/v3/candidate_tags", {"name": "Hireloom: passed"})
    assert harvest.refused("/v3/candidate_tags", {"name": "Hireloom: passed"})["field"] == "name"
    applied = harvest.post(
        "/v3/applied_candidate_tags", {"candidate_id": person["id"], "candidate_tag_id": tag["id"]}
    )
    assert "Hireloom: passed" in harvest.one(CANDIDATES, person["id"])["tags"]
    assert harvest.client.delete(f"/v3/applied_candidate_tags/{applied['id']}").status_code == 200
    assert harvest.one(CANDIDATES, person["id"])["tags"] == person["tags"]


def test_a_recruiter_changes_things_and_clients_see_them(harvest: Harvest) -> None:
    application = harvest.active("Application review")
    key = application["id"]
    stamp = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    harvest.change("move", application=key)
    harvest.change("custom_field", application=key, name_key="assessment_score", value=3)
    new = harvest.change("apply", first_name="Neo", last_name="Example", email="n@example.org")

    changed = harvest.page(APPLICATIONS, updated_at=f"gte|{stamp}")
    assert [row["candidate_id"] for row in changed] == [
        new.json()["id"],
        application["candidate_id"],
    ]
    assert changed[1]["stage_name"] == "Phone screen"
    assert harvest.screen() == {"notes": [], "acts": []}
    harvest.change("delete_candidate", candidate=application["candidate_id"])
    assert harvest.page(APPLICATIONS, ids=key) == []
    assert harvest.page("/v3/application_stages", application_ids=key) == []
    assert harvest.change("move", application=key).status_code == 400
    assert harvest.change("promote").status_code == 400


def test_a_reset_forgets_what_was_written(harvest: Harvest) -> None:
    before = harvest.page(APPLICATIONS, per_page=3)
    harvest.client.delete(f"{APPLICATIONS}/{before[0]['id']}")
    assert harvest.page(APPLICATIONS, per_page=1)[0]["id"] == before[1]["id"]

    vendor(harvest).reset()

    assert harvest.page(APPLICATIONS, per_page=3) == before


def test_the_limit_is_told_and_kept() -> None:
    with Running(size=20, vendors=["greenhouse"]) as here, Harvest(here) as harvest:
        answers = [harvest.get("/v3/offices") for _ in range(76)]

    assert [answer.status_code for answer in answers] == [200] * 75 + [429]
    assert answers[0].headers["x-ratelimit-limit"] == "75"
    assert answers[0].headers["x-ratelimit-remaining"] == "74"
    refused = answers[75].headers
    assert 1 <= int(refused["retry-after"]) <= 30
    assert int(refused["x-ratelimit-reset"]) >= int(time.time())


def test_faults_speak_as_greenhouse_does(harvest: Harvest) -> None:
    door = f"{harvest.running.url}/_sandbox/faults"

    def meet(kind: str, **what: Any) -> httpx.Response:
        plan = {"fault": [{"kind": kind, "path": "/v3/*", **what}]}
        assert httpx.post(verify=TLS, url=door, json=plan).json() == {"faults": 1}
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
