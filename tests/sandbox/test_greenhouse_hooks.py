"""Webhooks of the simulated Greenhouse, received over real HTTP."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from hireloom.sandbox.app import Running
from tests.sandbox.account import Account, settled
from tests.sandbox.greenhouse_client import Harvest
from tests.sandbox.receiver import Got, Receiver

SECRET = "known to both"  # of this test alone
WEBHOOKS = "/v3/webhooks"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Running]:
    with Running(size=120, vendors=["greenhouse"], limits=False) as running:
        pace = {"delays": [0.01, 0.01], "timeout": 120}
        httpx.post(f"{running.url}/_sandbox/webhooks", json=pace, timeout=120)
        yield running


@pytest.fixture
def account(sandbox: Running) -> Iterator[Account]:
    httpx.post(f"{sandbox.url}/_sandbox/reset", timeout=120)
    with Account(sandbox, "greenhouse") as made:
        yield made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as here:
        yield here


def subscribe(account: Account, receiver: Receiver, *events: str) -> None:
    """The pings are taken away."""
    made = account.subscribe(receiver.url, *events, secret=SECRET)
    assert {receiver.next().json["action"] for _ in made} == {"ping"}


def payload(receiver: Receiver, action: str) -> dict[str, Any]:
    event = receiver.next().json
    assert event["action"] == action
    found: dict[str, Any] = event["payload"]
    return found


def signature(got: Got) -> str:
    return "sha256 " + hmac.new(SECRET.encode(), got.body, hashlib.sha256).hexdigest()


def test_an_event_is_signed_over_the_raw_body(account: Account, receiver: Receiver) -> None:
    subscribe(account, receiver, "update_candidate")
    person = account.running()["candidateId"]

    account.change("update_candidate", candidate=person, name="Zoë <b>&</b>")

    first = receiver.next()
    assert first.headers["signature"] == signature(first)
    assert first.headers["greenhouse-event-id"]
    assert first.headers["content-type"] == "application/json"
    assert rb"\u003cb\u003e\u0026\u003c/b\u003e" in first.body
    assert first.json["payload"]["candidate"]["last_name"] == "<b>&</b>"
    again = json.dumps(first.json, separators=(",", ":")).encode()
    assert hmac.new(SECRET.encode(), again, hashlib.sha256).hexdigest() not in signature(first)
    account.change("update_candidate", candidate=person, name="Zoë")
    other = receiver.next()
    assert other.headers["greenhouse-event-id"] != first.headers["greenhouse-event-id"]


def test_a_stage_change_tells_of_the_application_as_it_was_in_the_first_version(
    account: Account, receiver: Receiver, sandbox: Running
) -> None:
    subscribe(account, receiver, "candidate_stage_change")
    held = account.running()

    account.change("move_application", application=held["id"])

    shown = payload(receiver, "candidate_stage_change")["application"]
    now = account.state()[held["id"]]
    with Harvest(sandbox) as harvest:
        person = harvest.one("/v3/candidates", held["candidateId"])
        stage = harvest.one("/v3/job_interview_stages", now["stageId"])
        job = harvest.one("/v3/jobs", held["jobId"])
    assert (shown["id"], shown["status"], shown["prospect"]) == (held["id"], "active", False)
    assert shown["current_stage"] == {"id": stage["id"], "name": stage["name"], "interviews": []}
    assert shown["candidate"]["id"] == person["id"]
    assert shown["candidate"]["email_addresses"] == person["email_addresses"]
    assert shown["candidate"]["is_private"] == person["private"]
    assert [each["id"] for each in shown["jobs"]] == [job["id"]]
    assert len(shown["applied_at"]) == len("2026-11-01T00:00:00Z")


def test_what_recruiters_do_with_applications_is_told(account: Account, receiver: Receiver) -> None:
    subscribe(account, receiver)
    key = account.running()["id"]

    account.change("reject_application", application=key)
    rejected = payload(receiver, "reject_candidate")["application"]
    account.change("unreject_application", application=key)
    assert payload(receiver, "unreject_candidate")["application"]["rejection_reason"] is None
    account.change("hire_application", application=key)
    hired = payload(receiver, "hire_candidate")["application"]
    account.change("unhire_application", application=key)
    back = payload(receiver, "unhire_candidate")["application"]
    account.change("set_custom_field", application=key, field="assessment_score", value=3)
    updated = payload(receiver, "application_updated")["application"]
    account.change("delete_application", application=key)
    gone = payload(receiver, "delete_application")["application"]

    assert (rejected["status"], rejected["rejection_reason"]["id"] > 0) == ("rejected", True)
    assert rejected["current_stage"] == back["current_stage"]
    assert hired["job"]["id"] == hired["jobs"][0]["id"]
    assert updated["custom_fields"]["assessment_score"]["value"] == "3"
    assert gone["id"] == key
    assert "candidate" not in gone


def test_applicants_prospects_and_erasures_are_told(account: Account, receiver: Receiver) -> None:
    subscribe(account, receiver)
    job = account.running()["jobId"]

    made = account.change("new_application", job=job, name="Ada Example", email="a@example.com")
    told = payload(receiver, "new_candidate_application")["application"]
    prospect = account.change("new_application", job=job, prospect=True, name="Bo Example")
    unsure = payload(receiver, "new_prospect_application")["application"]
    account.change("anonymize_candidate", candidate=prospect["candidate_id"])
    blank = payload(receiver, "candidate_anonymized")
    account.change("delete_candidate", candidate=made["candidate_id"])
    erased = payload(receiver, "delete_candidate")["person"]

    assert (told["id"], told["candidate"]["first_name"]) == (made["id"], "Ada")
    assert (unsure["prospect"], unsure["current_stage"]) == (True, None)
    assert blank["candidate_id"] == prospect["candidate_id"]
    assert "last_name" in blank["anonymized_fields"]
    assert erased["deleted_application_ids"] == [made["id"]]


def test_a_merge_is_told_as_one_or_else_as_a_deletion(
    account: Account, receiver: Receiver, sandbox: Running
) -> None:
    subscribe(account, receiver, "delete_candidate")
    people = list(account.state("candidates"))[:3]
    old = [row["id"] for row in account.state().values() if row["candidateId"] == people[0]]

    account.change("merge_candidates", candidate=people[0], into=people[2])
    assert payload(receiver, "delete_candidate")["person"]["id"] == people[0]
    subscribe(account, receiver, "merge_candidate")
    account.change("merge_candidates", candidate=people[1], into=people[2])
    merged = payload(receiver, "merge_candidate")["person"]

    assert (merged["id"], merged["new_candidate_id"]) == (people[1], people[2])
    assert receiver.got.empty()
    assert old
    assert all(account.state()[key]["candidateId"] == people[2] for key in old)
    with Harvest(sandbox) as harvest:
        found = harvest.all("/v3/applications", candidate_ids=people[2])
        assert {row["id"] for row in found} > set(old)
        assert harvest.page("/v3/candidates", ids=people[0]) == []
        files = harvest.all("/v3/attachments", candidate_ids=people[2])
        assert {row["application_id"] for row in files} >= {
            row["application_id"]
            for key in old
            for row in harvest.page("/v3/attachments", application_ids=key)
        }


def test_offers_jobs_and_interviews_are_told_as_far_as_there_are_events(
    account: Account, receiver: Receiver
) -> None:
    subscribe(account, receiver)
    held = account.running()

    offer = account.change("create_offer", application=held["id"])
    made = payload(receiver, "offer_created")
    second = account.change("update_offer", offer=offer["id"], salary=70_000)
    changed = payload(receiver, "offer_updated")
    account.change("approve_offer", offer=second["id"])
    assert payload(receiver, "offer_approved")["id"] == second["id"]
    account.change("delete_offer", offer=second["id"])
    assert payload(receiver, "offer_deleted")["offer"]["id"] == second["id"]
    interview = account.change("schedule_interview", application=held["id"])["id"]
    account.change("update_interview", interview=interview, location="Elsewhere")
    account.change("cancel_interview", interview=interview)
    assert payload(receiver, "interview_deleted") == {"interview": {"id": interview}}
    account.change("update_job", job=held["jobId"], title="Renamed")
    job = payload(receiver, "job_updated")["job"]
    account.change("delete_job", job=held["jobId"])

    assert (made["version"] + 1, made["offer_status"]) == (changed["version"], "Created")
    assert changed["custom_fields"]["salary"]["value"]["amount"] == 70_000
    assert job["name"] == "Renamed"
    assert job["hiring_team"]["recruiters"]
    assert payload(receiver, "job_deleted")["job"]["id"] == held["jobId"]
    assert receiver.got.empty()


def test_a_webhook_whose_ping_fails_is_there_but_disabled(
    account: Account, receiver: Receiver
) -> None:
    receiver.statuses = [204]  # not the 200 that Greenhouse wants

    (made,) = account.subscribe(receiver.url, "hire_candidate")
    receiver.next()
    account.change("hire_application", application=account.running()["id"])

    assert (made["enabled"], receiver.got.empty()) == (False, True)
    assert [sent["event"] for sent in account.webhooks()["deliveries"]] == ["ping"]


def test_a_customer_gives_a_secret_and_a_safe_address(account: Account) -> None:
    def refused(**body: Any) -> str:
        answer = account.http.post("/webhooks", json=body)
        assert answer.status_code == 400
        return str(answer.json()["error"])

    assert "secret" in refused(url="https://example.com/")
    assert "https" in refused(url="http://example.com/", secret="s")
    assert "no event lunch" in refused(url="https://example.com/", secret="s", events=["lunch"])
    assert account.webhooks()["webhooks"] == []


def test_webhooks_are_removed_one_by_one_or_all(account: Account, receiver: Receiver) -> None:
    made = account.subscribe(receiver.url, "hire_candidate", "job_created", "job_updated")

    assert account.http.delete(f"/webhooks/{made[0]['id']}").json() == {
        "removed": [str(made[0]["id"])]
    }
    assert account.http.delete(f"/webhooks/{made[0]['id']}").status_code == 404
    assert len(account.webhooks()["webhooks"]) == 2
    account.http.delete("/webhooks")
    assert account.webhooks()["webhooks"] == []


def test_only_partners_reach_webhooks_through_harvest(
    account: Account, receiver: Receiver, sandbox: Running
) -> None:
    body = {
        "endpoint_url": receiver.url,
        "name": "Mine",
        "event_action_type": "hire_candidate",
        "secret_key": SECRET,
        "max_attempts": 2,
    }
    with Harvest(sandbox) as customer:
        assert customer.get(WEBHOOKS).status_code == 403
        assert customer.client.post(WEBHOOKS, json=body).status_code == 403
    with Harvest(sandbox, "credentialsOfPartner") as partner:
        made = partner.post(WEBHOOKS, body)
        assert (made["deactivated"], made["max_attempts"]) == (False, 2)
        assert "secret_key" not in made
        receiver.next()
        receiver.statuses = [500, 500, 500]
        account.change("hire_application", application=account.running()["id"])
        hired = [receiver.next() for _ in range(2)]
        path = f"{WEBHOOKS}/{made['id']}"
        changed = partner.client.patch(path, json={"event_action_type": "job_updated"}).json()
        assert changed["event_action_type"] == "job_updated"
        assert partner.page(WEBHOOKS)[0]["id"] == made["id"]
        assert partner.refused(WEBHOOKS, {**body, "endpoint_url": "http://example.com"})
        assert partner.client.delete(path).json() == {
            "message": f"Webhook {made['id']} deleted successfully"
        }
        assert partner.client.delete(path).status_code == 404

    assert hired[0].headers["greenhouse-event-id"] == hired[1].headers["greenhouse-event-id"]
    settled(account)
    sent = account.webhooks()["deliveries"][1]
    assert (sent["state"], sent["attempts"]) == ("failed", [500, 500])
