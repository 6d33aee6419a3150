"""What fails becomes an issue, and resolves itself when it works again."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from hireloom.deliver.run import Deliverer
from hireloom.issues import watch
from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from hireloom.store import calls, integrations, issues, masters, orders
from hireloom.store.calls import CallFilter
from tests.receiver import Receiver, Reply
from tests.service import Service, running

ACCOUNT = integrations.NewIntegration(
    connector="lever", category="ats", origin_org_id="org-1", origin_org_name="Example & Sons"
)


@pytest.fixture
async def service(settings: Settings, vendors: Running) -> AsyncIterator[Service]:
    allowed = msgspec.structs.replace(settings, allow_private_webhooks=True)
    async with running(allowed, vendors) as found:
        yield found


async def look(service: Service) -> None:
    await service.desk.ledger.flush()
    await watch.look(service.desk.pool, service.desk.vault, settling=0)


async def listed(service: Service, **params: Any) -> list[dict[str, Any]]:
    answer = await service.get("issue.list", **params)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]["issues"]
    return found


async def account(service: Service) -> str:
    async with service.desk.pool.acquire() as conn:
        made = await integrations.create(conn, service.desk.vault, ACCOUNT, b"{}")
    return made.id


async def run_sql(service: Service, sql: str, *values: Any) -> None:
    async with service.desk.pool.acquire() as conn:
        await conn.execute(sql, *values)


async def test_a_failing_endpoint_becomes_an_issue_is_fixed_and_resolves_itself(
    service: Service,
) -> None:
    integration = await service.connect("greenhouse")
    service.faults({"vendor": "greenhouse", "path": "*/jobs*", "kind": "status", "status": 500})
    failed = await service.get("ats.job.list", integration)
    await service.get("ats.user.list", integration)
    await look(service)

    (issue,) = await listed(service, state="open")
    assert issue["title"] == "ats.job.list fails with upstream.unavailable"
    assert (issue["kind"], issue["category"], issue["count"]) == ("call_failing", "vendor", 1)
    assert (issue["integrationId"], issue["appId"]) == (integration, "greenhouse")
    assert issue["executionId"] == failed.headers["X-Execution-Id"]
    assert "The ATS is down" in issue["steps"][0]

    service.faults()
    await look(service)
    assert len(await listed(service, state="open")) == 1

    await until_good(service, "ats.job.list", integration)
    await look(service)

    assert await listed(service, state="open") == []
    (resolved,) = await listed(service, state="resolved")
    assert resolved["issueId"] == issue["issueId"]
    assert resolved["resolvedAt"] is not None


async def until_good(service: Service, method: str, integration: str) -> None:
    """The circuit lets a call through after a moment."""
    async with asyncio.timeout(120):
        while (await service.get(method, integration)).status_code != 200:  # noqa: ASYNC110
            await asyncio.sleep(0.2)


async def test_a_failure_that_went_well_since_is_no_issue(service: Service) -> None:
    integration = await service.connect("greenhouse")
    service.faults({"vendor": "greenhouse", "path": "/*", "kind": "html", "times": 1})
    assert (await service.get("ats.user.list", integration)).status_code == 502
    assert (await service.get("ats.user.list", integration)).status_code == 200

    await look(service)

    assert await listed(service) == []


async def test_an_answer_in_an_unknown_shape_is_the_vendor_s(service: Service) -> None:
    integration = await service.connect("ashby")
    service.faults({"vendor": "ashby", "path": "/*", "kind": "html"})
    await service.get("ats.user.list", integration)

    await look(service)

    (issue,) = await listed(service)
    assert (issue["kind"], issue["category"]) == ("schema_drift", "vendor")
    assert issue["subject"] == "ats.user.list"


async def test_a_caller_s_mistakes_count_from_the_tenth_on(service: Service) -> None:
    integration = await service.connect("ashby")
    for _ in range(9):
        await service.get("ats.job.list", integration, pageSize=0)
    await look(service)
    assert await listed(service) == []

    await service.get("ats.job.list", integration, pageSize=0)
    await look(service)

    (issue,) = await listed(service)
    assert (issue["code"], issue["category"], issue["count"]) == ("request.invalid", "you", 10)


async def test_refused_credentials_are_the_customer_s_until_they_work(service: Service) -> None:
    integration = await account(service)
    await run_sql(service, "update integrations set state = 'credentials_invalid'")
    await look(service)

    (issue,) = await listed(service)
    assert (issue["kind"], issue["category"]) == ("credentials_invalid", "customer")
    assert (issue["integrationId"], issue["count"]) == (integration, 1)
    assert any("auth.createSession" in step for step in issue["steps"])

    await run_sql(service, "update integrations set state = 'active'")
    await look(service)

    assert [one["state"] for one in await listed(service)] == ["resolved"]


async def test_operations_that_lack_the_same_permission_are_one_issue(service: Service) -> None:
    integration = await account(service)
    async with service.desk.pool.acquire() as conn:
        await integrations.lacks(conn, integration, "ats.job.list", "harvest:jobs:list")
        await integrations.lacks(conn, integration, "ats.job.get", "harvest:jobs:list")

    await look(service)

    found = {one["subject"]: one for one in await listed(service, integrationId=integration)}
    issue = found["harvest:jobs:list"]
    assert (issue["kind"], issue["category"]) == ("permission_missing", "customer")
    assert "ats.job.get, ats.job.list" in issue["steps"][1]


async def test_a_permission_that_nobody_uses_is_no_issue_until_a_call_is_refused(
    service: Service,
) -> None:
    integration = await account(service)
    withheld = {"ats.offer.list": "harvest:offers:list", "ats.job.list": "harvest:jobs:list"}
    async with service.desk.pool.acquire() as conn:
        await integrations.update(conn, integration, permissions=withheld)
    await look(service)
    before = await listed(service, integrationId=integration)

    async with service.desk.pool.acquire() as conn:
        await integrations.lacks(conn, integration, "ats.job.list", "harvest:jobs:list")
    await look(service)
    during = await listed(service, integrationId=integration)
    async with service.desk.pool.acquire() as conn:  # a verification found it
        del withheld["ats.job.list"]
        await integrations.update(conn, integration, permissions=withheld)
    await look(service)

    assert before == []
    assert [(one["subject"], one["state"]) for one in during] == [("harvest:jobs:list", "open")]
    after = await listed(service, integrationId=integration)
    assert [one["state"] for one in after] == ["resolved"]


ADD_SYNC = """
insert into syncs (integration_id, id, data_type, models, frequency)
values ($1, 'sj_1', 'ats_jobs', '{job_info}', 60)
"""
ADD_RUN = """
insert into sync_runs (integration_id, id, sync_id, kind, cause, state, models, error,
                       failed_models, unreadable, finished_at)
values ($1, $2, 'sj_1', 'delta_sync', 'schedule', $3, '{job_info}', $4, $5, $6, now())
"""


async def test_a_sync_is_an_issue_until_a_run_is_complete(service: Service) -> None:
    integration = await account(service)
    error = {"code": "upstream.timeout", "msg": "…"}
    lacking = [{"model": "job_hiringTeam", "code": "integration.permission_missing"}]
    await run_sql(service, ADD_SYNC, integration)

    await run_sql(service, ADD_RUN, integration, "sr_1", "failed", error, [], 0)
    await look(service)
    (failing,) = await listed(service)
    await run_sql(service, ADD_RUN, integration, "sr_2", "partial", None, lacking, 0)
    await look(service)
    (partial,) = await listed(service)
    await run_sql(service, ADD_RUN, integration, "sr_3", "complete", None, [], 3)
    await look(service)
    unreadable, resolved = await listed(service)

    assert (failing["title"], failing["category"]) == ("The sync of ats_jobs fails", "vendor")
    assert (failing["syncRunId"], failing["count"]) == ("sr_1", 1)
    assert partial["title"] == "The sync of ats_jobs lacks job_hiringTeam"
    assert (partial["category"], partial["count"]) == ("customer", 2)
    assert partial["issueId"] == failing["issueId"] == resolved["issueId"]
    assert (resolved["state"], unreadable["kind"]) == ("resolved", "records_unreadable")
    assert unreadable["count"] == 3


async def test_a_sync_without_credentials_is_told_once(service: Service) -> None:
    integration = await account(service)
    await run_sql(service, ADD_SYNC, integration)
    error = {"code": "integration.credentials_invalid", "msg": "…"}
    await run_sql(service, ADD_RUN, integration, "sr_1", "failed", error, [], 0)
    await run_sql(service, "update integrations set state = 'credentials_invalid'")

    await look(service)

    assert [one["kind"] for one in await listed(service)] == ["credentials_invalid"]


async def test_a_webhook_that_fails_leads_to_its_delivery_and_log_line(service: Service) -> None:
    desk = service.desk
    async with Receiver() as receiver:
        receiver.answer = lambda _: Reply(status=500)
        body = {"url": receiver.url, "events": ["app.integration.activate"]}
        made = await service.post("webhook.create", body=body)
        webhook = made.json()["data"]["webhook"]["webhookId"]
        await service.connect("ashby")
        deliverer = Deliverer(desk.pool, desk.vault, desk.settings)
        await deliverer.work(webhook)
        await deliverer.close()
    await look(service)
    assert await listed(service) == []  # that may be over in a moment

    await run_sql(service, "update webhooks set failing_since = now() - interval '2 minutes'")
    await look(service)

    (issue,) = await listed(service)
    assert issue["title"] == f"The webhook {webhook} acknowledges nothing: answered 500"
    delivery = await service.get("delivery.get", deliveryId=issue["deliveryId"])
    assert delivery.json()["data"]["delivery"]["webhookId"] == webhook
    assert delivery.json()["data"]["delivery"]["lastStatus"] == 500
    async with desk.pool.acquire() as conn:
        (line,) = await calls.page(conn, CallFilter(execution_id=issue["executionId"]))
    assert (line.operation, line.status) == ("webhook", 500)

    await run_sql(service, "update webhooks set failing_since = null")
    await look(service)
    assert [one["state"] for one in await listed(service)] == ["resolved"]


async def test_a_webhook_that_was_disabled_by_itself_is_an_issue(service: Service) -> None:
    webhooks = []
    for _ in range(2):
        made = await service.post("webhook.create", body={"url": "http://127.0.0.1:9/"})
        webhooks.append(made.json()["data"]["webhook"]["webhookId"])
    by_itself, by_hand = webhooks
    await service.post("webhook.update", body={"webhookId": by_hand, "state": "disabled"})
    await run_sql(
        service,
        "update webhooks set state = 'disabled', disabled_at = now(), disabled_because = $2"
        " where id = $1",
        by_itself,
        "answered 410: it is gone",
    )

    await look(service)

    (issue,) = await listed(service)
    assert (issue["kind"], issue["subject"]) == ("webhook_disabled", by_itself)
    assert issue["title"].endswith("is disabled: it answered 410: it is gone")


async def test_events_that_were_given_up_are_an_issue_until_they_are_sent_again(
    service: Service,
) -> None:
    made = await service.post("webhook.create", body={"url": "http://127.0.0.1:9/"})
    webhook = made.json()["data"]["webhook"]["webhookId"]
    await service.connect("ashby")
    await run_sql(service, "update outbox set state = 'dead', last_attempt_at = now()")
    await look(service)

    (issue,) = await listed(service)
    assert (issue["kind"], issue["subject"], issue["count"]) == ("dead_letters", webhook, 1)

    again = await service.post("delivery.replay", body={"webhookId": webhook})
    assert again.json()["data"]["replayed"] == 1
    await look(service)
    assert [one["state"] for one in await listed(service)] == ["resolved"]


async def test_trouble_with_an_ordered_test_is_an_issue_of_its_account(service: Service) -> None:
    integration = await account(service)
    new = orders.NewOrder(
        integration_id=integration,
        package_id="p-1",
        subject="a-1",
        candidate_id="c-1",
        application_id="a-1",
        job_id=None,
        callback=None,
        expires_at=datetime.now(UTC) + timedelta(days=3),
    )
    async with service.desk.pool.acquire() as conn, conn.transaction():
        key = await masters.data_key(conn, service.desk.vault, integration)
        order = (await orders.put(conn, key, new)).id
        await orders.note_problem(conn, integration, order, "partner_score: Inesita Duarte is odd")

    await look(service)

    (issue,) = await listed(service)
    assert (issue["kind"], issue["integrationId"]) == ("assessment_trouble", integration)
    assert order in issue["steps"][0]
    assert not any(name in str(issue) for name in ("Inesita", "Duarte"))


async def test_jobs_that_nobody_takes_are_an_issue(service: Service) -> None:
    await run_sql(
        service,
        "insert into pgqueuer (priority, status, entrypoint, payload, execute_after)"
        " values (0, 'queued', 'sync', '- x', now() - interval '5 minutes')",
    )
    await look(service)

    (issue,) = await listed(service)
    assert (issue["kind"], issue["category"], issue["integrationId"]) == (
        "workers_away",
        "you",
        None,
    )

    await run_sql(service, "delete from pgqueuer")
    await look(service)
    assert [one["state"] for one in await listed(service)] == ["resolved"]


async def test_a_limit_is_an_issue_only_when_it_lasts(service: Service) -> None:
    integration = await account(service)
    now = datetime.now(UTC)
    limited = calls.Call(
        at=now,
        direction="out",
        execution_id="ex_1",
        operation="/jobs",
        method="GET",
        duration_ms=1,
        integration_id=integration,
        status=429,
    )

    def earlier(minutes: int) -> calls.Call:
        return msgspec.structs.replace(limited, at=now - timedelta(minutes=minutes))

    service.desk.ledger._rows.extend([limited] * 10)
    await look(service)
    assert await listed(service) == []

    service.desk.ledger._rows.extend([earlier(11)])
    await look(service)

    (issue,) = await listed(service)
    assert (issue["kind"], issue["code"]) == ("rate_limited", "upstream.rate_limited")

    await run_sql(service, "update issues set last_seen_at = now() - interval '16 minutes'")
    await look(service)
    assert [one["state"] for one in await listed(service)] == ["resolved"]


# Whom it is told.


async def delivered(service: Service, webhook: str) -> None:
    desk = service.desk
    deliverer = Deliverer(desk.pool, desk.vault, desk.settings)
    await deliverer.work(webhook)
    await deliverer.close()


async def test_webhooks_that_named_them_hear_of_issues(service: Service) -> None:
    async with Receiver() as receiver, Receiver() as silent:
        body = {"url": receiver.url, "events": ["issue.opened", "issue.resolved"]}
        made = await service.post("webhook.create", body=body)
        webhook = made.json()["data"]["webhook"]["webhookId"]
        everything = await service.post("webhook.create", body={"url": silent.url})
        integration = await account(service)
        await run_sql(service, "update integrations set state = 'credentials_invalid'")
        await look(service)
        await look(service)
        await run_sql(service, "update integrations set state = 'active'")
        await look(service)

        await delivered(service, webhook)
        await delivered(service, everything.json()["data"]["webhook"]["webhookId"])

        opened, resolved = receiver.events
        assert receiver.verified(made.json()["data"]["secret"])
        assert silent.events == []
    assert (opened["eventType"], resolved["eventType"]) == ("issue.opened", "issue.resolved")
    assert (opened["integrationId"], opened["appId"]) == (integration, "lever")
    (issue,) = await listed(service)
    assert opened["eventData"]["issueId"] == issue["issueId"]
    assert opened["eventData"]["state"] == "open"
    assert resolved["eventData"] == issue


async def test_what_belongs_to_no_account_is_told_with_none(service: Service) -> None:
    async with Receiver() as receiver:
        body = {"url": receiver.url, "events": ["issue.opened"]}
        made = await service.post("webhook.create", body=body)
        await run_sql(
            service,
            "insert into pgqueuer (priority, status, entrypoint, payload, execute_after)"
            " values (0, 'queued', 'sync', '- x', now() - interval '5 minutes')",
        )
        await look(service)

        await delivered(service, made.json()["data"]["webhook"]["webhookId"])

        (event,) = receiver.events
    assert (event["integrationId"], event["eventData"]["kind"]) == (None, "workers_away")


async def test_nobody_hears_of_a_muted_issue_that_comes_back(service: Service) -> None:
    async with Receiver() as receiver:
        body = {"url": receiver.url, "events": ["issue.opened"]}
        made = await service.post("webhook.create", body=body)
        await account(service)
        await run_sql(service, "update integrations set state = 'credentials_invalid'")
        await look(service)
        (issue,) = await listed(service)
        muted = await service.post("issue.mute", body={"issueId": issue["issueId"], "hours": 2})
        for state in ("active", "credentials_invalid"):
            await run_sql(service, "update integrations set state = $1", state)
            await look(service)

        await delivered(service, made.json()["data"]["webhook"]["webhookId"])

        assert len(receiver.events) == 1
    assert muted.json()["data"]["issue"]["state"] == "muted"
    assert muted.json()["data"]["issue"]["mutedBy"].startswith("key ")
    assert [one["state"] for one in await listed(service, state="muted")] == ["muted"]
    unmuted = await service.post("issue.unmute", body={"issueId": issue["issueId"]})
    assert unmuted.json()["data"]["issue"]["state"] == "open"


async def test_workers_that_look_at_once_tell_once(service: Service) -> None:
    async with Receiver() as receiver:
        body = {"url": receiver.url, "events": ["issue.opened"]}
        made = await service.post("webhook.create", body=body)
        await account(service)
        await run_sql(service, "update integrations set state = 'credentials_invalid'")

        await asyncio.gather(*(look(service) for _ in range(6)))

        await delivered(service, made.json()["data"]["webhook"]["webhookId"])
        assert len(receiver.events) == 1


async def test_nobody_looks_while_another_does(service: Service) -> None:
    await account(service)
    await run_sql(service, "update integrations set state = 'credentials_invalid'")

    async with service.desk.pool.acquire() as conn, conn.transaction():
        assert await issues.alone(conn)
        await look(service)
    assert await listed(service) == []

    await look(service)
    assert len(await listed(service)) == 1


# Who may ask, and page by page.


async def test_reading_takes_a_key_that_reads_and_muting_one_of_an_admin(service: Service) -> None:
    reader, writer = await service.make_key("read"), await service.make_key("write")

    assert (await service.get("issue.list", key=reader)).status_code == 200
    assert (await service.get("issue.list", key=writer)).status_code == 403
    muting = await service.post("issue.mute", body={"issueId": "iss_1"}, key=reader)
    assert muting.status_code == 403
    unknown = await service.get("issue.get", issueId="iss_1", key=reader)
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "resource.not_found")


async def test_a_page_token_goes_on_with_its_own_filters(service: Service) -> None:
    for _ in range(3):
        await account(service)
    await run_sql(service, "update integrations set state = 'credentials_invalid'")
    await look(service)

    first = (await service.get("issue.list", state="open", pageSize=2)).json()["data"]
    token = first["nextPageToken"]
    rest = (await service.get("issue.list", state="open", pageToken=token)).json()["data"]
    other = await service.get("issue.list", state="resolved", pageToken=token)

    ids = {one["issueId"] for one in first["issues"] + rest["issues"]}
    assert (len(ids), "nextPageToken" in rest) == (3, False)
    assert other.status_code == 400


async def test_muting_is_in_the_audit(service: Service) -> None:
    integration = await account(service)
    await run_sql(service, "update integrations set state = 'credentials_invalid'")
    await look(service)
    (issue,) = await listed(service)

    await service.post("issue.mute", body={"issueId": issue["issueId"]})

    async with service.desk.pool.acquire() as conn:
        row = await conn.fetchrow("select * from audit where action = 'issue.mute'")
    assert row["integration_id"] == integration
    assert row["detail"]["issueId"] == issue["issueId"]


async def test_what_is_said_of_failures_names_no_person(service: Service) -> None:
    integration = await service.connect("greenhouse")
    name = "Wilhelmina Featherstonehaugh"
    service.faults({"vendor": "greenhouse", "path": "/*", "kind": "html"})
    draft = {"firstName": "Wilhelmina", "lastName": name, "emails": [{"email": "w@example.com"}]}
    for _ in range(3):
        await service.post("ats.candidate.create", integration, draft)
        await service.get("ats.candidate.get", integration, candidateId="900190019001")

    await look(service)

    found = await listed(service)
    async with service.desk.pool.acquire() as conn:
        rows = await conn.fetch("select * from issues")
    assert found
    for text in (str(found), str(rows)):
        assert not any(
            word in text for word in ("Wilhelmina", "Featherstone", "w@example", "900190019001")
        )
