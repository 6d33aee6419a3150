"""Webhooks by API: made, tried out, changed, deleted; deliveries looked at and replayed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from hireloom.client import verify_batch, verify_webhook
from hireloom.deliver import retries
from hireloom.deliver.run import Deliverer
from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from hireloom.store import integrations, masters, outbox, webhooks
from tests.deliver.conftest import ACCOUNT, event
from tests.receiver import OK, Receiver, Reply
from tests.service import Service, running


@pytest.fixture
async def allowing(settings: Settings, vendors: Running) -> AsyncIterator[Service]:
    """The API where webhooks may go to this machine."""
    async with running(
        msgspec.structs.replace(settings, allow_private_webhooks=True), vendors
    ) as found:
        yield found


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as found:
        yield found


@dataclass
class Office:
    """The API, an account, and a worker that delivers."""

    service: Service
    integration: str
    deliverer: Deliverer

    async def ask(self, method: str, **body: Any) -> Any:
        answer = await self.service.post(method, body=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    async def look(self, method: str, **params: Any) -> Any:
        answer = await self.service.get(method, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    async def emit(self, *records: str, run: str | None = None) -> None:
        desk = self.service.desk
        async with desk.pool.acquire() as conn, conn.transaction():
            key = await masters.data_key(conn, desk.vault, self.integration)
            events = [event(self.integration, one, "planted", run_id=run) for one in records]
            to = await webhooks.wanting(conn, self.integration, None, None)
            await outbox.put(conn, key, events, to)

    async def sql(self, statement: str) -> None:
        await self.service.desk.pool.execute(statement)


@pytest.fixture
async def office(allowing: Service, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    monkeypatch.setattr(retries, "DELAYS", (retries.HOUR,))  # nothing fails twice in one turn
    desk = allowing.desk
    async with desk.pool.acquire() as conn, conn.transaction():
        made = await integrations.create(conn, desk.vault, ACCOUNT, b"{}")
    deliverer = Deliverer(desk.pool, desk.vault, desk.settings)
    yield Office(allowing, made.id, deliverer)
    await deliverer.close()


async def test_a_webhook_shows_its_secret_once(office: Office) -> None:
    made = await office.ask(
        "webhook.create",
        url="http://127.0.0.1:1/hook?token=planted",
        events=["record.new"],
        dataTypes=["ats_jobs"],
        batchSize=20,
        compatibility="knit",
        description="ours",
    )

    (listed,) = (await office.look("webhook.list"))["webhooks"]
    assert made["secret"].startswith("whsec_")
    assert listed == made["webhook"]
    assert made["secret"] not in str(listed)
    assert (listed["events"], listed["dataTypes"]) == (["record.new"], ["ats_jobs"])
    assert (listed["batchSize"], listed["compatibility"]) == (20, "knit")
    assert (listed["state"], listed["integrationId"]) == ("active", None)
    audited = await office.service.desk.pool.fetch("select action, detail from audit")
    assert [row["action"] for row in audited] == ["webhook.create"]
    assert "planted" not in str(audited)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"url": "https://127.0.0.1/"}, "url"),
        ({"url": "https://2130706433/"}, "url"),
        ({"url": "http://hooks.example.com/"}, "url"),
        ({"url": "https://u:p@hooks.example.com/"}, "url"),
        ({"url": "nonsense"}, "url"),
        ({}, "url"),
        ({"url": "https://hooks.example.com/", "events": ["record.seen"]}, "events[0]"),
        ({"url": "https://hooks.example.com/", "dataTypes": ["jobs"]}, "dataTypes[0]"),
        ({"url": "https://hooks.example.com/", "batchSize": 101}, "batchSize"),
        ({"url": "https://hooks.example.com/", "batchSize": 0}, "batchSize"),
        ({"url": "https://hooks.example.com/", "compatibility": "merge"}, "compatibility"),
    ],
)
async def test_a_wrong_webhook_says_where(
    service: Service, body: dict[str, Any], path: str
) -> None:
    answer = await service.post("webhook.create", body=body)

    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["fields"][0]["path"] == path


async def test_a_private_address_is_refused_in_a_change_as_well(service: Service) -> None:
    made = await service.post("webhook.create", body={"url": "https://hooks.example.com/"})
    webhook = made.json()["data"]["webhook"]["webhookId"]

    answer = await service.post(
        "webhook.update", body={"webhookId": webhook, "url": "https://10.0.0.1/"}
    )

    assert answer.status_code == 400
    assert "private address" in answer.json()["error"]["msg"]


async def test_an_unknown_account_has_no_webhooks(service: Service) -> None:
    answer = await service.post(
        "webhook.create", body={"url": "https://hooks.example.com/", "integrationId": "int_none"}
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "integration.not_found")


async def test_webhooks_need_an_admin_s_key_and_deliveries_one_that_reads(
    service: Service,
) -> None:
    reader = await service.make_key("read", "write", "passthrough")
    admin = await service.make_key("admin")

    refused = [
        await service.get("webhook.list", key=reader),
        await service.post("webhook.create", key=reader, body={"url": "https://h.example.com/"}),
        await service.post("delivery.replay", key=reader, body={"webhookId": "wh_1"}),
        await service.get("delivery.list", key=admin),
    ]

    assert [answer.status_code for answer in refused] == [403] * 4
    assert (await service.get("webhook.list", key=admin)).status_code == 200
    assert (await service.get("delivery.list", key=reader)).status_code == 200


async def test_webhooks_are_listed_a_page_at_a_time(office: Office) -> None:
    made = {
        (await office.ask("webhook.create", url=f"http://127.0.0.1:1/{n}"))["webhook"]["webhookId"]
        for n in range(5)
    }

    found: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = await office.look("webhook.list", pageSize=2, **token)
        found += [one["webhookId"] for one in page["webhooks"]]
        if "nextPageToken" not in page:
            break
        token = {"pageToken": page["nextPageToken"]}

    assert found == sorted(made)


@pytest.mark.parametrize(
    ("reply", "acknowledged", "reason"),
    [
        (OK, True, "answered 200"),
        (Reply(500, body=b"planted"), False, "answered 500"),
        (Reply(302), False, "answered 302, a redirect, which is not followed"),
    ],
)
async def test_a_test_says_what_came_back(
    office: Office, receiver: Receiver, reply: Reply, acknowledged: bool, reason: str
) -> None:
    receiver.answer = lambda _: reply
    made = await office.ask("webhook.create", url=receiver.url, integrationId=office.integration)

    told = await office.ask("webhook.test", webhookId=made["webhook"]["webhookId"])

    (arrival,) = receiver.arrivals
    sent = verify_webhook(arrival.headers, arrival.body, made["secret"])
    assert (sent.event_type, sent.event_id) == ("webhook.test", told["eventId"])
    assert (told["acknowledged"], told["reason"]) == (acknowledged, reason)
    assert told["executionId"] == arrival.headers["x-execution-id"]
    logged = await office.service.desk.pool.fetchval(
        "select status from calls where direction = 'out' and execution_id = $1",
        told["executionId"],
    )
    assert logged == reply.status == told["status"]


async def test_a_test_has_the_shape_that_the_endpoint_asks_for(
    office: Office, receiver: Receiver
) -> None:
    made = await office.ask("webhook.create", url=receiver.url, batchSize=10, compatibility="knit")

    await office.ask("webhook.test", webhookId=made["webhook"]["webhookId"])

    (arrival,) = receiver.arrivals
    assert len(verify_batch(arrival.headers, arrival.body, made["secret"])) == 1
    assert arrival.headers["x-knit-signature"]


async def test_a_rotated_secret_signs_with_the_one_before_unless_it_expires_now(
    office: Office, receiver: Receiver
) -> None:
    made = await office.ask("webhook.create", url=receiver.url)
    webhook = made["webhook"]["webhookId"]

    rotated = await office.ask("webhook.rotateSecret", webhookId=webhook)
    await office.ask("webhook.test", webhookId=webhook)
    assert receiver.verified(made["secret"])
    assert receiver.verified(rotated["secret"])
    assert rotated["webhook"]["previousSecretUntil"]
    receiver.arrivals.clear()
    await office.ask("webhook.rotateSecret", webhookId=webhook, expireNow=True)
    await office.ask("webhook.test", webhookId=webhook)

    assert not receiver.verified(made["secret"])
    assert not receiver.verified(rotated["secret"])


async def test_a_disabled_webhook_goes_on_when_it_is_enabled(
    office: Office, receiver: Receiver
) -> None:
    webhook = (await office.ask("webhook.create", url=receiver.url))["webhook"]["webhookId"]
    await office.emit("rec_1")
    await office.ask("webhook.update", webhookId=webhook, state="disabled")
    await office.deliverer.work(webhook)
    await office.emit("rec_2")
    assert receiver.arrivals == []
    await office.sql("delete from pgqueuer")

    shown = await office.ask("webhook.update", webhookId=webhook, state="active")
    jobs = await office.service.desk.pool.fetchval("select count(*) from pgqueuer")
    await office.deliverer.work(webhook)

    assert shown["webhook"]["state"] == "active"
    assert jobs == 1
    assert [one["recordId"] for one in receiver.events] == ["rec_1"]


async def test_a_deleted_webhook_takes_its_letters_along(
    office: Office, receiver: Receiver
) -> None:
    webhook = (await office.ask("webhook.create", url=receiver.url))["webhook"]["webhookId"]
    await office.emit("rec_1")

    deleted = await office.ask("webhook.delete", webhookId=webhook)
    await office.deliverer.work(webhook)

    assert deleted == {"webhookId": webhook, "deleted": True}
    assert receiver.arrivals == []
    assert await office.service.desk.pool.fetchval("select count(*) from outbox") == 0
    again = await office.service.post("webhook.delete", body={"webhookId": webhook})
    assert again.status_code == 404


async def test_deliveries_tell_how_each_event_fares(office: Office, receiver: Receiver) -> None:
    webhook = (await office.ask("webhook.create", url=receiver.url))["webhook"]["webhookId"]
    receiver.script(OK, Reply(503, body=b"planted"))
    await office.emit("rec_1", run="run_1")
    await office.deliverer.work(webhook)
    await office.emit("rec_2", run="run_1")
    await office.deliverer.work(webhook)
    await office.emit("rec_3", run="run_2")

    listed = (await office.look("delivery.list"))["deliveries"]
    by_record = {one["recordId"]: one for one in listed}

    assert [one["recordId"] for one in listed] == ["rec_3", "rec_2", "rec_1"]
    assert {name: one["state"] for name, one in by_record.items()} == {
        "rec_1": "delivered",
        "rec_2": "failing",
        "rec_3": "waiting",
    }
    failing = by_record["rec_2"]
    assert (failing["attempts"], failing["lastStatus"]) == (1, 503)
    assert (failing["reason"], failing["webhookId"]) == ("answered 503", webhook)
    sent_as = {
        arrival.events[0]["recordId"]: arrival.headers["x-execution-id"]
        for arrival in receiver.arrivals
    }
    assert {name: one["executionId"] for name, one in by_record.items()} == {
        **sent_as,
        "rec_3": None,
    }
    made, tried, again = (
        datetime.fromisoformat(failing[name])
        for name in ("createdAt", "lastAttemptAt", "nextAttemptAt")
    )
    assert again > tried >= made
    assert by_record["rec_1"]["deliveredAt"]
    assert "planted" not in str(listed)
    for one in listed:
        assert (await office.look("delivery.get", deliveryId=one["deliveryId"]))["delivery"] == one


async def test_deliveries_are_found_by_what_is_asked(office: Office, receiver: Receiver) -> None:
    webhook = (await office.ask("webhook.create", url=receiver.url))["webhook"]["webhookId"]
    await office.emit("rec_1", "rec_2", run="run_1")
    await office.deliverer.work(webhook)
    await office.emit("rec_1", run="run_2")
    now = datetime.now(UTC)

    async def records(**asked: Any) -> list[str]:
        found = (await office.look("delivery.list", **asked))["deliveries"]
        return sorted(one["recordId"] for one in found)

    assert await records(recordId="rec_1") == ["rec_1", "rec_1"]
    assert await records(syncRunId="run_1") == ["rec_1", "rec_2"]
    assert await records(state="delivered") == ["rec_1", "rec_2"]
    assert await records(state="waiting", recordId="rec_1") == ["rec_1"]
    assert await records(webhookId="wh_other") == []
    assert len(await records(integrationId=office.integration)) == 3
    assert len(await records(since=(now - timedelta(hours=1)).isoformat())) == 3
    assert await records(until=(now - timedelta(hours=1)).isoformat()) == []


async def test_deliveries_come_a_page_at_a_time(office: Office, receiver: Receiver) -> None:
    webhook = (await office.ask("webhook.create", url=receiver.url))["webhook"]["webhookId"]
    await office.emit(*(f"rec_{n}" for n in range(4)))
    await office.deliverer.work(webhook)
    await office.emit(*(f"rec_{n}" for n in range(4, 7)))

    found: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = await office.look("delivery.list", pageSize=3, **token)
        found += [one["recordId"] for one in page["deliveries"]]
        if "nextPageToken" not in page:
            break
        token = {"pageToken": page["nextPageToken"]}

    assert found == [f"rec_{n}" for n in reversed(range(7))]


@pytest.mark.parametrize("delivery", ["dlv_1", "dlv_", "1", "dlv_9999999999999999999999", "x"])
async def test_an_unknown_delivery_is_not_found(service: Service, delivery: str) -> None:
    answer = await service.get("delivery.get", deliveryId=delivery)

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "resource.not_found")


async def test_a_replay_sends_again_what_failed_or_was_given_up(
    office: Office, receiver: Receiver
) -> None:
    webhook = (await office.ask("webhook.create", url=receiver.url))["webhook"]["webhookId"]
    receiver.script(OK, Reply(500), Reply(500))
    await office.emit("rec_0")
    await office.deliverer.work(webhook)
    await office.emit("rec_1", "rec_2")
    await office.deliverer.work(webhook)
    await office.sql("update outbox set state = 'dead' where record_id = 'rec_2'")

    told = await office.ask("delivery.replay", webhookId=webhook)
    await office.deliverer.work(webhook)

    assert (told["replayed"], told["erased"]) == (2, 1)
    assert "sync.run.replay" in told["hint"]
    states = [one["state"] for one in (await office.look("delivery.list"))["deliveries"]]
    assert states == ["delivered"] * 3
    assert len(set(receiver.event_ids)) == 3


async def test_a_replay_takes_only_what_is_asked_for(office: Office, receiver: Receiver) -> None:
    receiver.answer = lambda _: Reply(500)
    webhook = (await office.ask("webhook.create", url=receiver.url))["webhook"]["webhookId"]
    for run in ("run_1", "run_2"):
        await office.emit(f"rec_{run}", run=run)
    await office.deliverer.work(webhook)
    listed = (await office.look("delivery.list"))["deliveries"]
    past = (datetime.now(UTC) - timedelta(hours=1)).isoformat()

    assert (await office.ask("delivery.replay", syncRunId="run_none"))["replayed"] == 0
    assert (await office.ask("delivery.replay", webhookId=webhook, until=past))["replayed"] == 0
    assert (await office.ask("delivery.replay", syncRunId="run_1"))["replayed"] == 1
    # What waits for its first attempt is on its way already.
    assert (await office.ask("delivery.replay", syncRunId="run_1"))["replayed"] == 0
    ids = [one["deliveryId"] for one in listed]
    assert (await office.ask("delivery.replay", deliveryIds=ids))["replayed"] == 1


@pytest.mark.parametrize("body", [{}, {"deliveryIds": []}, {"deliveryIds": ["one"]}])
async def test_a_replay_must_say_of_what(service: Service, body: dict[str, Any]) -> None:
    answer = await service.post("delivery.replay", body=body)

    assert answer.status_code == 400
    assert answer.json()["error"]["fields"][0]["path"].startswith("deliveryIds")


async def test_a_replay_for_a_disabled_webhook_says_so(office: Office, receiver: Receiver) -> None:
    webhook = (await office.ask("webhook.create", url=receiver.url))["webhook"]["webhookId"]
    receiver.answer = lambda _: Reply(410)
    await office.emit("rec_1")
    await office.deliverer.work(webhook)

    told = await office.ask("delivery.replay", webhookId=webhook)

    assert told["replayed"] == 1
    assert "webhook.update" in told["hint"]


async def test_what_expired_counts_as_erased(office: Office, receiver: Receiver) -> None:
    webhook = (await office.ask("webhook.create", url=receiver.url))["webhook"]["webhookId"]
    await office.emit("rec_1")
    await office.sql("update outbox set state = 'expired', sealed = null")

    told = await office.ask("delivery.replay", webhookId=webhook)
    await asyncio.wait_for(office.deliverer.work(webhook), 120)

    assert (told["replayed"], told["erased"]) == (0, 1)
    assert receiver.arrivals == []
