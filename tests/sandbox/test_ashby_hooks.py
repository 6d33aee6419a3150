"""Webhooks of the simulated Ashby, received over real HTTP."""

import hashlib
import hmac
from collections.abc import Iterator

import httpx
import pytest

from hireloom.sandbox.app import Running
from tests.sandbox.account import Account
from tests.sandbox.ashby_client import Caller, Json
from tests.sandbox.receiver import Receiver

SECRET = "known to both"  # of this test alone
SIZE = 120


@pytest.fixture
def account(ashby_running: Running) -> Iterator[Account]:
    with Account(ashby_running, "ashby") as made:
        yield made


@pytest.fixture(autouse=True)
def _pace(ashby_running: Running) -> None:
    pace = {"delays": [0.01], "timeout": 120}
    httpx.post(f"{ashby_running.url}/_sandbox/webhooks", json=pace, timeout=120)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as here:
        yield here


def subscribe(ashby: Caller, receiver: Receiver, *events: str) -> list[Json]:
    """The pings are taken away."""
    made = [
        ashby.results(
            "webhook.create", webhookType=event, requestUrl=receiver.url, secretToken=SECRET
        )
        for event in events
    ]
    assert {receiver.next().json["action"] for _ in made} == {"ping"}
    return made


def test_a_stage_change_is_signed_and_holds_the_whole_application(
    ashby: Caller, receiver: Receiver
) -> None:
    subscribe(ashby, receiver, "candidateStageChange", "applicationUpdate")
    held = ashby.application(status="Active")

    ashby.change("move_application", application=held["id"], stage=4)

    got = [receiver.next(), receiver.next()]
    for each in got:
        digest = hmac.new(SECRET.encode(), each.body, hashlib.sha256).hexdigest()
        assert each.headers["ashby-signature"] == f"sha256={digest}"
    assert {each.json["action"] for each in got} == {"candidateStageChange", "applicationUpdate"}
    assert len({each.json["webhookActionId"] for each in got}) == 1
    whole = ashby.results("application.info", applicationId=held["id"])
    assert got[0].json["data"] == {"application": whole}
    ashby.change("move_application", application=held["id"], stage=3)
    assert receiver.next().json["webhookActionId"] != got[0].json["webhookActionId"]


def test_events_tell_what_they_are_about(ashby: Caller, receiver: Receiver) -> None:
    subscribe(
        ashby, receiver, "applicationSubmit", "candidateHire", "offerCreate", "offerUpdate",
        "interviewScheduleCreate", "interviewScheduleUpdate", "jobUpdate", "jobPostingUnpublish",
        "candidateDelete", "candidateMerge", "jobCreate", "offerDelete",
    )  # fmt: skip

    def told(action: str) -> Json:
        event = receiver.next().json
        assert event["action"] == action
        found: Json = event["data"]
        return found

    made = ashby.change("new_application", job=1, email="ada@example.com")
    assert told("applicationSubmit")["application"]["id"] == made["id"]
    offer = ashby.change("create_offer", application=made["id"])
    assert told("offerCreate") == {"offer": offer}
    offer = ashby.change("update_offer", offer=offer["id"], status="accepted")
    assert told("offerUpdate") == {"offer": offer}
    ashby.change("hire_application", application=made["id"])
    hired = told("candidateHire")
    assert (hired["application"]["status"], hired["offer"]) == ("Hired", offer)
    schedule = ashby.change("schedule_interview", application=made["id"])
    assert told("interviewScheduleCreate") == {"interviewSchedule": schedule}
    schedule = ashby.change("cancel_interview", interview=schedule["id"])
    assert told("interviewScheduleUpdate") == {"interviewSchedule": schedule}
    ashby.change("delete_offer", offer=offer["id"])
    assert told("offerDelete")["offer"]["id"] == offer["id"]
    job = ashby.change("create_job")
    assert told("jobCreate") == {"job": job}
    ashby.change("close_job", job=job["id"])
    assert told("jobPostingUnpublish")["jobPosting"]["jobId"] == job["id"]
    assert told("jobUpdate")["job"]["status"] == "Closed"
    ashby.change("merge_candidates", candidate=made["candidate"]["id"], into=3)
    assert told("candidateMerge")["mergedCandidateId"] == made["candidate"]["id"]
    ashby.change("delete_candidate", candidate=3)
    assert told("candidateDelete") == {"candidate": {"id": ashby.id("candidate", 3)}}


def test_there_is_no_event_for_a_changed_person_or_a_deleted_application(
    ashby: Caller, receiver: Receiver, account: Account
) -> None:
    account.subscribe(receiver.url)
    for _ in account.webhooks()["webhooks"]:
        receiver.next()
    held = ashby.application(status="Active")

    ashby.change("update_candidate", candidate=held["candidate"]["id"], name="Eve Other")
    ashby.change("add_tag", application=held["id"], tag="Unheard")
    ashby.change("delete_application", application=held["id"])
    ashby.results("candidate.create", name="Somebody")

    assert account.webhooks()["waiting"] == 0
    assert {sent["event"] for sent in account.webhooks()["deliveries"]} == {"ping"}


def test_a_webhook_is_not_made_when_its_ping_fails(
    ashby: Caller, receiver: Receiver, account: Account
) -> None:
    wanted = {"webhookType": "jobUpdate", "requestUrl": receiver.url}
    receiver.statuses = [500, 500]

    assert ashby.refusal("webhook.create", **wanted) == "webhook_ping_failed"
    by_hand = account.http.post("/webhooks", json={"url": receiver.url, "events": ["jobUpdate"]})

    assert by_hand.status_code == 400
    assert account.webhooks()["webhooks"] == []


def test_webhooks_are_changed_and_ended(ashby: Caller, receiver: Receiver) -> None:
    (made,) = subscribe(ashby, receiver, "jobUpdate")

    ashby.results("webhook.update", webhookId=made["id"], enabled=False)
    ashby.change("update_job", job=0, title="Unheard")
    ashby.results("webhook.update", webhookId=made["id"], enabled=True)
    ashby.change("update_job", job=0, title="Heard")

    assert receiver.next().json["data"]["job"]["title"] == "Heard"
    assert ashby.results("webhook.info", webhookId=made["id"]) == {**made, "enabled": True}
    ashby.results("webhook.delete", webhookId=made["id"])
    assert ashby.refusal("webhook.info", webhookId=made["id"]) == "webhook_not_found"


def test_webhooks_need_a_permission_a_type_and_an_address(ashby: Caller) -> None:
    wanted = {"webhookType": "jobUpdate", "requestUrl": "https://example.com/hook"}
    few = Caller(ashby.sandbox, "sandbox-ashby-key-few-scopes")
    with few.http:
        assert few.post("webhook.create", **wanted).status_code == 403

    assert ashby.refusal("webhook.create", **{**wanted, "webhookType": "x"}) == "invalid_input"
    unsafe = {**wanted, "requestUrl": "http://example.com"}
    assert ashby.refusal("webhook.create", **unsafe) == "invalid_input"


def test_without_a_secret_nothing_is_signed(
    ashby: Caller, receiver: Receiver, account: Account
) -> None:
    account.http.post("/webhooks", json={"url": receiver.url, "events": ["jobUpdate"]})
    ping = receiver.next()

    ashby.change("update_job", job=0, title="Heard")

    assert "ashby-signature" not in ping.headers
    assert "ashby-signature" not in receiver.next().headers
