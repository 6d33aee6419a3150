"""Webhooks of the simulated Lever, received over real HTTP."""

import hashlib
import hmac
import json
import queue
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import httpx
import pytest

from hireloom.sandbox import app
from tests.sandbox.account import Account, settled
from tests.sandbox.lever_client import Caller, Json, active


@pytest.fixture(scope="module")
def sandbox() -> Iterator[app.Running]:
    with app.Running(size=120, vendors=["lever"], limits=False) as running:
        httpx.post(f"{running.url}/_sandbox/webhooks", json={"timeout": 120}, timeout=120)
        yield running


@pytest.fixture
def lever(sandbox: app.Running) -> Iterator[Caller]:
    httpx.post(f"{sandbox.url}/_sandbox/reset", timeout=120)
    caller = Caller(sandbox)
    with caller.http:
        yield caller


class Receiver(BaseHTTPRequestHandler):
    bodies: ClassVar[queue.Queue[Json]] = queue.Queue()

    def do_POST(self) -> None:
        self.bodies.put(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Be quiet."""


@pytest.fixture
def address() -> Iterator[str]:
    """Where webhooks can be received; what another test was still sent is not."""
    Receiver.bodies = queue.Queue()
    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hook"
        server.shutdown()
        thread.join()


def test_a_webhook_is_signed_over_its_token_and_time(lever: Caller, address: str) -> None:
    body = {"event": "candidateStageChange", "url": address}
    made = lever.http.post("/webhooks", json=body).json()["data"]
    row = active(lever)

    lever.act("PUT", f"/opportunities/{row['id']}/stage", {"stage": "offer"})
    lever.act("POST", f"/opportunities/{row['id']}/addTags", {"tags": ["unheard"]})

    event = Receiver.bodies.get(timeout=120)
    secret = made["configuration"]["signatureToken"].encode()
    covered = f"{event['token']}{event['triggeredAt']}".encode()
    assert event["signature"] == hmac.new(secret, covered, hashlib.sha256).hexdigest()
    assert event["event"] == "candidateStageChange"
    assert event["data"] == {
        "candidateId": row["id"],
        "opportunityId": row["id"],
        "contactId": row["contact"],
        "fromStageId": row["stage"],
        "toStageId": "offer",
    }
    assert Receiver.bodies.empty()


def test_a_hire_an_applicant_and_an_erasure_are_told_to_subscribers(
    lever: Caller, address: str
) -> None:
    for event in ("candidateHired", "applicationCreated", "candidateDeleted", "contactCreated"):
        lever.http.post("/webhooks", json={"event": event, "url": address})

    hired = lever.change("hire", application=7)
    applicant = lever.change("new_applicant", job=1, email="hooked@example.com")
    lever.change("delete_candidate", candidate=applicant["contact"])

    events = [Receiver.bodies.get(timeout=120) for _ in range(4)]
    assert [event["event"] for event in events] == [
        "candidateHired",
        "contactCreated",
        "applicationCreated",
        "candidateDeleted",
    ]
    assert events[0]["data"]["opportunityId"] == hired["id"]
    assert events[2]["data"]["applicationId"] == applicant["applications"][0]
    assert events[3]["data"]["opportunityId"] == applicant["id"]


def test_subscriptions_can_be_narrowed_changed_and_ended(lever: Caller, address: str) -> None:
    body: Json = {"event": "candidateStageChange", "url": "http://example.com/hook"}
    assert lever.http.post("/webhooks", json=body).status_code == 400
    assert lever.http.post("/webhooks", json={**body, "event": "lunch"}).status_code == 400
    row = active(lever)
    others = sorted({"agency", "applied", "internal", "referred"} - {row["origin"]})
    body |= {"url": address, "configuration": {"conditions": {"origins": others}}}

    made = lever.http.post("/webhooks", json=body).json()["data"]
    lever.change("move", application=row["id"], stage=2)

    shown = lever.data("/webhooks")
    assert shown[0]["configuration"] == {"conditions": {"origins": others}}
    change = {"id": made["id"], "configuration": {"conditions": {"origins": [row["origin"]]}}}
    assert lever.http.put("/webhooks/", json={"data": [change]}).status_code == 200
    lever.change("move", application=row["id"], stage=3)
    stages = Receiver.bodies.get(timeout=120)["data"]
    ids = [each["id"] for each in lever.data("/stages")]
    assert (stages["fromStageId"], stages["toStageId"]) == (ids[4], ids[5])
    assert lever.http.delete(f"/webhooks/{made['id']}").status_code == 204
    assert lever.data("/webhooks") == []


def test_interviews_are_told_from_their_making_to_their_end(lever: Caller, address: str) -> None:
    for event in ("interviewCreated", "interviewUpdated", "interviewDeleted"):
        lever.http.post("/webhooks", json={"event": event, "url": address})
    row = active(lever)

    made = lever.change("schedule_interview", application=row["id"])
    lever.change("update_interview", interview=made["id"], location="Elsewhere")
    lever.change("cancel_interview", interview=made["id"])
    lever.change("delete_interview", interview=made["id"])

    events = [Receiver.bodies.get(timeout=120) for _ in range(4)]
    assert [event["event"] for event in events] == [
        "interviewCreated",
        "interviewUpdated",
        "interviewUpdated",
        "interviewDeleted",
    ]
    assert {event["data"]["interviewId"] for event in events} == {made["id"]}
    assert {event["data"]["panelId"] for event in events} == {made["panel"]}
    assert {event["data"]["opportunityId"] for event in events} == {row["id"]}


def test_a_customer_copies_a_token_for_each_event(lever: Caller, address: str) -> None:
    door = f"{lever.sandbox.url}/_sandbox/lever/webhooks"
    events = ["candidateStageChange", "contactUpdated"]
    made = httpx.post(door, json={"url": address, "events": events}, timeout=120).json()["webhooks"]
    row = active(lever)

    lever.change("move_application", application=row["id"])
    lever.change("update_candidate", candidate=row["contact"], name="Eve Other")

    tokens = {hook["event"]: hook["signatureToken"] for hook in made}
    assert list(tokens) == events
    assert len(set(tokens.values())) == 2
    for event in (Receiver.bodies.get(timeout=120) for _ in range(2)):
        covered = f"{event['token']}{event['triggeredAt']}".encode()
        key = tokens[event["event"]].encode()
        assert event["signature"] == hmac.new(key, covered, hashlib.sha256).hexdigest()
    with Account(lever.sandbox, "lever") as account:
        settled(account)
    listed = httpx.get(door, timeout=120).json()
    assert [sent["state"] for sent in listed["deliveries"]] == ["delivered", "delivered"]


def test_interviews_cleaned_away_by_a_rejection_are_told(lever: Caller, address: str) -> None:
    lever.http.post("/webhooks", json={"event": "interviewUpdated", "url": address})
    row = active(lever)
    made = lever.change("schedule_interview", application=row["id"])
    reason = lever.data("/archive_reasons", type="non-hired")[0]["id"]

    body = {"reason": reason, "cleanInterviews": True}
    lever.act("PUT", f"/opportunities/{row['id']}/archived", body)

    told = Receiver.bodies.get(timeout=120)["data"]["interviewId"]
    known = lever.data(f"/opportunities/{row['id']}/interviews/{made['id']}")
    assert told == made["id"]
    assert known["canceledAt"] is not None
