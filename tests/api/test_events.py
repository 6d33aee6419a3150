"""Subscribing to vendors' webhooks, and who is believed when one comes in."""

import asyncio
import io
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec
import pytest
import structlog

from hireloom import logs
from hireloom.api import events as subscribing
from hireloom.api import registration
from hireloom.api.app import LARGEST_HOOK
from hireloom.sandbox._lever_hooks import signed
from hireloom.sandbox.app import Running
from hireloom.sandbox.hooks import hex_hmac
from hireloom.settings import Settings
from hireloom.store import hooks
from tests.sandbox.account import Account
from tests.service import Service, running

SECRET_NAME = "Peregrine Planted"
APPLICATIONS = ["ats_applications_new", "ats_applications_modified"]


async def subscribe(service: Service, integration: str, **body: Any) -> dict[str, Any]:
    body.setdefault("events", APPLICATIONS)
    answer = await service.post("events.subscribe", integration, body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["data"]
    return found


async def connect(service: Service, app: str, credentials: str) -> str:
    """An account with other credentials than the usual ones."""
    answer = await service.post(
        "integration.import",
        body={
            "originOrgId": f"org-{credentials}",
            "originOrgName": "Other & Sons",
            "appId": app,
            "credentials": service.sandbox.vendor(app).more_credentials[credentials],
        },
    )
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["data"]["integrationId"]
    return found


@pytest.fixture
def account(vendors: Running) -> Iterator[Any]:
    """The vendor's own side, by the vendor's name."""
    opened: list[Account] = []

    def open_account(vendor: str) -> Account:
        opened.append(Account(vendors, vendor))
        return opened[-1]

    yield open_account
    for one in opened:
        one.http.close()


def registered(account: Account) -> list[str]:
    """The events of the webhooks that there are at the vendor."""
    names = ("event", "webhookType", "event_action_type")
    return sorted(
        next(row[name] for name in names if name in row) for row in account.webhooks()["webhooks"]
    )


# Subscribing.


@pytest.mark.parametrize(
    ("app", "credentials"),
    [("ashby", ""), ("lever", ""), ("greenhouse", "credentialsOfPartner")],
)
async def test_webhooks_are_registered_where_the_vendor_has_an_api_for_it_and_only_once(
    service: Service, account: Any, app: str, credentials: str
) -> None:
    if credentials:
        integration = await connect(service, app, credentials)
    else:
        integration = await service.connect(app)

    first = await subscribe(service, integration, events=["ats_applications_new"])
    there = registered(account(app))
    again = await subscribe(service, integration, events=["ats_applications_new"])
    calls = service.calls(app)["counts"]
    more = await subscribe(service, integration, events=["ats_candidates_deleted"])

    assert first["registered"] == "AUTOMATIC"
    assert first["secretFields"] == []
    assert there == sorted(first["upstreamEvents"])
    assert again == first
    assert service.calls(app)["counts"] != calls
    assert more["webhookUrl"] == first["webhookUrl"]
    assert more["events"] == ["ats_applications_new", "ats_candidates_deleted"]
    assert registered(account(app)) == sorted(more["upstreamEvents"])
    assert set(first["upstreamEvents"]) < set(more["upstreamEvents"])


@pytest.mark.parametrize("app", ["ashby", "lever"])
async def test_many_subscribe_at_once_and_each_webhook_is_registered_once(
    service: Service, account: Any, app: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration, "PATIENCE_SECONDS", 600.0)
    integration = await service.connect(app)

    told = await asyncio.gather(*(subscribe(service, integration) for _ in range(30)))

    assert all(one == told[0] for one in told)
    assert registered(account(app)) == sorted(told[0]["upstreamEvents"])


@pytest.mark.parametrize("app", ["ashby", "lever"])
async def test_what_is_given_up_is_removed_at_the_vendor_first_some_then_all(
    service: Service, account: Any, app: str
) -> None:
    integration = await service.connect(app)
    both = await subscribe(
        service, integration, events=["ats_applications_modified", "ats_candidates_deleted"]
    )

    some = await service.post(
        "events.unsubscribe", integration, {"events": ["ats_applications_modified"]}
    )
    left = registered(account(app))
    everything = await service.post("events.unsubscribe", integration)

    assert some.json()["data"]["events"] == ["ats_candidates_deleted"]
    assert left == sorted(some.json()["data"]["upstreamEvents"])
    assert set(left) < set(both["upstreamEvents"])
    assert registered(account(app)) == []
    shown = everything.json()["data"]
    assert (shown["events"], shown["webhookUrl"], shown["registered"]) == ([], None, None)
    assert shown["available"]
    async with httpx.AsyncClient(trust_env=False, timeout=120) as http:
        assert (await http.post(both["webhookUrl"], content=b"{}")).status_code == 404


async def test_a_new_address_replaces_what_was_registered_with_the_old_one(
    settings: Settings, vendors: Running, account: Any
) -> None:
    async with running(settings, vendors) as service:
        integration = await service.connect("lever")
        old = await subscribe(service, integration)
        service.desk.public_url = service.url.replace("127.0.0.1", "localhost")

        new = await subscribe(service, integration)

    assert new["webhookUrl"] == old["webhookUrl"].replace("127.0.0.1", "localhost")
    there = account("lever").webhooks()["webhooks"]
    assert {row["url"] for row in there} == {new["webhookUrl"]}
    assert registered(account("lever")) == sorted(new["upstreamEvents"])


async def test_a_person_is_told_the_steps_with_address_secret_and_events(
    service: Service, account: Any
) -> None:
    integration = await service.connect("greenhouse")

    told = await subscribe(service, integration)

    assert told["registered"] == "MANUAL"
    assert told["webhookUrl"] == f"{service.url}/hooks/{integration}/" + told["webhookUrl"][-32:]
    (field,) = told["secretFields"]
    assert (field["name"], field["isKnown"], len(field["value"])) == ("secret", True, 64)
    text = "\n".join(told["steps"])
    assert f"{told['webhookUrl']}\n" in text
    assert f"{field['value']}\n" in text
    assert ", ".join(told["upstreamEvents"]) in text
    assert "{" not in text
    assert await subscribe(service, integration) == told
    assert registered(account("greenhouse")) == []


async def test_lever_s_tokens_are_brought_by_hand_where_the_key_may_not_register(
    service: Service, account: Any
) -> None:
    integration = await service.connect("lever")
    service.faults({"kind": "status", "status": 403, "method": "POST", "path": "*/webhooks"})
    told = await subscribe(service, integration)
    made = account("lever").subscribe(told["webhookUrl"], *told["upstreamEvents"], secret=None)
    tokens = {row["event"]: row["signatureToken"] for row in made}

    brought = await subscribe(service, integration, secrets=tokens)
    moved = account("lever").running()["id"]
    account("lever").change("move_application", application=moved)

    assert told["registered"] == brought["registered"] == "MANUAL"
    assert [one["value"] for one in told["secretFields"]] == [None] * len(tokens)
    assert {one["isKnown"] for one in told["secretFields"]} == {False}
    assert {one["isKnown"] for one in brought["secretFields"]} == {True}
    assert {one["name"] for one in brought["secretFields"]} == set(tokens)
    await delivered(account("lever"))
    (delivery,) = account("lever").webhooks()["deliveries"]
    assert (delivery["event"], delivery["status"]) == ("candidateStageChange", 200)


async def delivered(account: Account) -> None:
    async with asyncio.timeout(120):
        while account.webhooks()["waiting"]:  # noqa: ASYNC110 – of another process's kind
            await asyncio.sleep(0.02)


async def test_the_list_says_what_there_is_and_when_something_was_heard(
    service: Service, account: Any
) -> None:
    integration = await service.connect("ashby")

    before = (await service.get("events.list", integration)).json()["data"]
    await subscribe(service, integration)
    after = (await service.get("events.list", integration)).json()["data"]

    assert before["events"] == []
    assert before["lastHeardAt"] is None
    assert set(APPLICATIONS) <= set(before["available"])
    assert after["events"] == sorted(APPLICATIONS)
    assert after["registered"] == "AUTOMATIC"
    assert after["lastHeardAt"] is not None  # Ashby tries the address


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"events": []}, "events"),
        ({"events": ["ats_jobs_new"]}, "events[0]"),
        ({"events": ["candidateHired"]}, "events[0]"),
        ({"events": APPLICATIONS, "secrets": {"offerMade": "x"}}, "secrets.offerMade"),
    ],
)
async def test_what_cannot_be_subscribed_is_refused_by_name(
    service: Service, account: Any, body: dict[str, Any], path: str
) -> None:
    integration = await service.connect("lever")

    answer = await service.post("events.subscribe", integration, body)

    assert answer.status_code == 400
    assert path in answer.text
    assert registered(account("lever")) == []


async def test_an_address_that_answers_nobody_is_said_before_the_customer_finds_out(
    service: Service, account: Any
) -> None:
    integration = await service.connect("ashby")
    service.desk.public_url = "http://127.0.0.1:9"

    answer = await service.post("events.subscribe", integration, {"events": APPLICATIONS})

    assert answer.status_code == 422
    assert "reachable from the internet" in answer.text
    assert registered(account("ashby")) == []


@pytest.mark.parametrize(
    ("url", "is_fine"),
    [
        ("https://hireloom.example.com/hooks/a/b", True),
        ("https://8.8.8.8/hooks/a/b", True),
        ("http://hireloom.example.com/hooks/a/b", False),
        ("https://127.0.0.1:8400/hooks/a/b", False),
        ("https://localhost/hooks/a/b", False),
        ("https://10.1.2.3/hooks/a/b", False),
        ("https://[::1]/hooks/a/b", False),
        ("https://intranet/hooks/a/b", False),
        ("https://ats.corp.internal/hooks/a/b", False),
    ],
)
def test_an_address_that_no_vendor_can_reach_makes_the_first_step(url: str, is_fine: bool) -> None:
    steps = subscribing.unreachable(url)

    assert (steps == []) is is_fine
    assert all("HIRELOOM_PUBLIC_URL" in step for step in steps)


# Hearing. No worker runs here: what is put waits.


@dataclass
class Line:
    """One vendor's webhook for an account, as it may be sent."""

    service: Service
    app: str
    integration: str
    url: str
    secret: str

    def delivery(self, number: int = 1, *, at: int | None = None) -> tuple[bytes, dict[str, str]]:
        """A signed one; each number is another."""
        person = {"firstName": SECRET_NAME, "name": SECRET_NAME}
        if self.app == "lever":
            data = {"opportunityId": f"opp-{number}", "contact": {"id": "c", **person}}
            message = signed(f"delivery-{number}", "candidateStageChange", data, self.secret)
            if at is not None:
                message["triggeredAt"] = at
                text = f"{message['token']}{at}".encode()
                message["signature"] = hex_hmac(self.secret, text)
            return msgspec.json.encode(message), {}
        if self.app == "ashby":
            application = {"id": f"app-{number}", "candidate": {"id": "c", **person}}
            body = msgspec.json.encode(
                {"action": "candidateStageChange", "data": {"application": application}}
            )
            return body, {"Ashby-Signature": f"sha256={hex_hmac(self.secret, body)}"}
        body = msgspec.json.encode(
            {
                "action": "candidate_stage_change",
                "payload": {"application": {"id": number, "candidate": {"id": 5, **person}}},
            }
        )
        return body, {
            "Signature": f"sha256 {hex_hmac(self.secret, body)}",
            "Greenhouse-Event-ID": f"delivery-{number}",
        }

    async def send(
        self, body: bytes, headers: dict[str, str], url: str | None = None
    ) -> httpx.Response:
        async with httpx.AsyncClient(trust_env=False, timeout=120) as http:
            return await http.post(url or self.url, content=body, headers=headers)

    async def jobs(self) -> int:
        async with self.service.desk.pool.acquire() as conn:
            count: int = await conn.fetchval(
                "select count(*) from pgqueuer where entrypoint = 'live'"
            )
            return count


async def line_of(service: Service, app: str) -> Line:
    integration = await service.connect(app)
    told = await subscribe(service, integration)
    async with service.desk.pool.acquire() as conn:
        opened = await service.desk.accounts.open(integration)
        stored = await hooks.get(conn, opened.data_key, integration)
    assert stored is not None
    secret = stored.secrets.get("") or stored.secrets["candidateStageChange"]
    return Line(service, app, integration, told["webhookUrl"], secret)


@pytest.fixture(params=["ashby", "greenhouse", "lever"])
async def line(request: pytest.FixtureRequest, service: Service) -> Line:
    return await line_of(service, request.param)


async def test_a_signed_webhook_puts_a_job_without_asking_the_vendor(line: Line) -> None:
    before = line.service.calls(line.app)["counts"]

    answer = await line.send(*line.delivery())

    assert (answer.status_code, answer.json()["data"]) == (200, {"touched": 1})
    assert await line.jobs() == 1
    assert line.service.calls(line.app)["counts"] == before


async def test_the_same_delivery_again_is_taken_and_does_nothing(line: Line) -> None:
    body, headers = line.delivery()
    await line.send(body, headers)

    answers = await asyncio.gather(*(line.send(body, headers) for _ in range(5)))

    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["data"]["touched"] for answer in answers} == {0}
    assert await line.jobs() == 1


async def test_a_wrong_or_missing_signature_is_refused(line: Line) -> None:
    body, headers = line.delivery()
    other = Line(line.service, line.app, line.integration, line.url, "another secret")
    unsigned = body if headers else body.replace(b'"signature":', b'"other":')

    refused = [
        await line.send(*other.delivery()),
        await line.send(unsigned, {}),
        await line.send(unsigned, dict.fromkeys(headers, "")),
    ]

    assert {one.status_code for one in refused} == {401}
    assert {one.json()["error"]["code"] for one in refused} == {"event.signature_invalid"}
    assert await line.jobs() == 0


@pytest.mark.parametrize("app", ["ashby", "greenhouse"])
async def test_an_altered_body_is_refused_where_the_vendor_signs_it(
    service: Service, app: str
) -> None:
    line = await line_of(service, app)
    body, headers = line.delivery()

    answer = await line.send(body.replace(b"Peregrine", b"peregrine"), headers)

    assert answer.status_code == 401
    assert await line.jobs() == 0


@pytest.mark.parametrize("seconds", [-3600, 3600])
async def test_lever_s_signature_of_another_time_is_refused(service: Service, seconds: int) -> None:
    line = await line_of(service, "lever")

    answer = await line.send(*line.delivery(at=int((time.time() + seconds) * 1000)))

    assert answer.status_code == 401
    assert await line.jobs() == 0


async def test_every_wrong_address_gets_the_same_answer(line: Line) -> None:
    other = await line.service.connect("ashby" if line.app != "ashby" else "lever")
    token = line.url.rpartition("/")[2]
    wrong = [
        line.url[:-1],
        line.url + "x",
        line.url.replace(token, "%E2%82%AC"),
        line.url.replace(line.integration, "int_nobody"),
        line.url.replace(line.integration, other),
    ]

    answers = [await line.send(*line.delivery(), url) for url in wrong]

    assert {answer.status_code for answer in answers} == {404}
    said = [one.json()["error"] | {"executionId": ""} for one in answers]
    assert all(one == said[0] for one in said)
    assert await line.jobs() == 0


@pytest.mark.parametrize("act", ["deactivate", "delete"])
async def test_an_account_that_is_switched_off_hears_nothing(line: Line, act: str) -> None:
    assert (await line.service.post(f"integration.{act}", line.integration)).status_code == 200

    answer = await line.send(*line.delivery())

    assert answer.status_code == 404
    assert await line.jobs() == 0


async def test_a_body_larger_than_any_webhook_is_not_taken(line: Line) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(2 * LARGEST_HOOK // 65536):
            yield b" " * 65536

    plain = await line.send(b" " * (LARGEST_HOOK + 1), {})
    async with httpx.AsyncClient(trust_env=False, timeout=120) as http:
        chunked = await http.post(line.url, content=endless())

    assert [plain.status_code, chunked.status_code] == [413, 413]


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{", b"\xff\xfe", b'{"action": 1}', b"[" * 100_000, b'{"event": []}'],
    ids=repr,
)
async def test_garbage_is_the_sender_s_fault(line: Line, body: bytes) -> None:
    signatures = {
        "ashby": {"Ashby-Signature": f"sha256={hex_hmac(line.secret, body)}"},
        "greenhouse": {"Signature": f"sha256 {hex_hmac(line.secret, body)}"},
        "lever": {},
    }

    answer = await line.send(body, signatures[line.app])

    assert answer.status_code in {400, 401}
    assert await line.jobs() == 0


async def test_only_posting_is_possible(line: Line) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=120) as http:
        answer = await http.get(line.url)

    assert answer.status_code == 405


@pytest.fixture
def written_log(service: Service) -> Iterator[io.StringIO]:
    """All that is logged, at the most talkative level."""
    before = structlog.get_config()
    logs.configure(msgspec.structs.replace(service.desk.settings, log_level="debug"))
    written = io.StringIO()
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(written), cache_logger_on_first_use=False
    )
    yield written
    structlog.configure(**before)


async def test_nothing_of_a_body_is_logged_answered_or_stored(
    service: Service, written_log: io.StringIO, line: Line
) -> None:
    body, headers = line.delivery()
    other = Line(line.service, line.app, line.integration, line.url, "another secret")

    answers = [
        await line.send(body, headers),
        await line.send(*other.delivery(2)),
        await line.send(body[:-1], headers),
    ]

    assert SECRET_NAME not in "".join(one.text for one in answers)
    assert SECRET_NAME not in written_log.getvalue()
    async with service.desk.pool.acquire() as conn:
        payloads = await conn.fetch("select convert_from(payload, 'UTF8') as it from pgqueuer")
        heard = await conn.fetch("select encode(hook_id, 'escape') as it from heard")
    assert SECRET_NAME not in "".join(row["it"] for row in [*payloads, *heard])
