"""What happens at the same time: other processes, calls in flight, broken connections."""

import asyncio
from typing import Any

import pytest

from hireloom.accounts import StoredSecrets, from_stored, to_stored
from hireloom.desk import open_desk
from hireloom.kit import Secrets, flights
from hireloom.kit.http import Line
from hireloom.kit.ports import CallReport
from hireloom.store import credentials, idempotency
from tests.outage import until
from tests.service import Service


async def test_another_process_uses_credentials_that_were_replaced_here(
    service: Service,
) -> None:
    integration = await service.connect("ashby")
    public = service.sandbox.vendor("ashby").more_credentials["credentialsWithoutConfidential"]
    async with open_desk(service.desk.settings, service.url) as other:
        before = await other.accounts.open(integration)
        await before.integration.connector.verify()

        await service.post("integration.credentials.update", integration, {"credentials": public})
        other.accounts.forget(integration)
        after = await other.accounts.open(integration)

    assert after.integration.connector is not before.integration.connector


async def test_a_call_in_flight_does_not_undo_a_deactivation(service: Service) -> None:
    integration = await service.connect("ashby")
    service.faults({"vendor": "ashby", "path": "/*", "kind": "status", "status": 401})
    await service.get("ats.user.list", integration)
    service.faults({"vendor": "ashby", "path": "/*", "kind": "slow", "seconds": 1})

    line = (await service.desk.accounts.open(integration)).integration.connector.channel
    assert isinstance(line, Line)

    in_flight = asyncio.create_task(service.get("ats.user.list", integration))
    await until(lambda: in_flight.done() or line._flights._free._value < flights.AT_ONCE)
    await service.post("integration.deactivate", integration)
    await in_flight

    details = await service.get("integration.details", integration)
    assert details.json()["data"]["apps"][0]["state"] == "DEACTIVATED"


async def test_a_write_that_may_have_arrived_is_not_repeated_by_its_key(
    service: Service,
) -> None:
    integration = await service.connect_for_writes("ashby")
    person = {"firstName": "Ines", "lastName": "Duarte"}
    lost = {"vendor": "ashby", "path": "/candidate.create", "kind": "drop", "performed": True}
    headers = {"Idempotency-Key": "lost-answer"}
    service.faults({**lost, "times": 1})

    first = await service.post("ats.candidate.create", integration, person, headers=headers)
    again = await service.post("ats.candidate.create", integration, person, headers=headers)

    assert first.json()["error"]["retryable"] is False
    assert again.json()["error"] == first.json()["error"]
    assert again.headers["Idempotent-Replayed"] == "true"


async def test_an_attempt_that_was_cut_off_says_so_each_time(service: Service) -> None:
    integration = await service.connect_for_writes("ashby")
    account = await service.desk.accounts.open(integration)
    async with service.desk.pool.acquire() as conn:
        key_id = await conn.fetchval("select id from api_keys limit 1")
        attempt = idempotency.Attempt(
            integration_id=integration,
            api_key_id=key_id,
            method="ats.candidate.create",
            key="killed",
            body=b'{"firstName":"A","lastName":"B"}',
        )
        await idempotency.begin(conn, account.data_key, attempt)
        await conn.execute("update idempotency set created_at = now() - interval '11 minutes'")

    answers = [
        await service.post(
            "ats.candidate.create",
            integration,
            {"firstName": "A", "lastName": "B"},
            headers={"Idempotency-Key": "killed"},
        )
        for _ in range(2)
    ]

    assert [one.status_code for one in answers] == [409, 409]
    assert all("cut off" in one.json()["error"]["msg"] for one in answers)


async def test_a_rotated_token_is_kept_though_the_connection_broke(
    service: Service,
) -> None:
    integration = await service.connect("greenhouse")
    pool = service.desk.pool
    keeper = StoredSecrets(pool, pool, service.desk.vault)
    fresh = Secrets(fields={"clientId": "a", "clientSecret": "b"}, refresh_token="the newest")

    async with keeper.hold(integration) as held:
        async with pool.acquire() as conn:
            await conn.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where state = 'idle in transaction' and datname = current_database()"
            )
        await held.save(fresh)

    async with pool.acquire() as conn:
        opened = await credentials.opened(conn, service.desk.vault, integration)
    assert from_stored(opened.credentials) == fresh
    assert to_stored(fresh) == opened.credentials


async def test_a_vendor_s_odd_length_does_not_end_the_call_log(service: Service) -> None:
    integration = await service.connect("greenhouse")
    report = CallReport(integration, "greenhouse", "ex_1", "GET", "(link)", 200, 0.1, 10**30, None)

    service.desk.ledger.called(report)
    await service.desk.ledger.flush()
    await service.get("ats.department.list", integration)
    await service.desk.ledger.flush()

    async with service.desk.pool.acquire() as conn:
        operations = {row["operation"] for row in await conn.fetch("select operation from calls")}
    assert {"(link)", "ats.department.list"} <= operations


@pytest.mark.parametrize("app", ["greenhouse", "lever", "ashby"])
async def test_pages_of_changing_size_hold_every_application_once(
    service: Service, app: str
) -> None:
    integration = await service.connect(app)
    found: list[str] = []
    token: dict[str, Any] = {}
    for size in (105, 2, 50, 7, 500):
        data = (
            await service.get("ats.application.list", integration, pageSize=size, **token)
        ).json()["data"]
        found += [one["info"]["id"] for one in data["applications"]]
        if "nextPageToken" not in data:
            break
        token = {"pageToken": data["nextPageToken"]}

    assert len(found) == len(set(found)) == 120


async def test_a_write_takes_nothing_from_its_address(service: Service) -> None:
    integration = await service.connect_for_writes("ashby")

    answer = await service.http.post(
        "/v1.0/ats.candidate.create?dryRun=true",
        json={"firstName": "Ines", "lastName": "Duarte"},
        headers=service.headers(integration),
    )

    assert answer.status_code == 400
    assert answer.json()["error"]["fields"][0]["path"] == "dryRun"


@pytest.mark.parametrize("method", ["integration.details", "ats.application.list"])
async def test_the_character_nul_is_refused(service: Service, method: str) -> None:
    integration = await service.connect("greenhouse")
    name = "originOrgId" if method == "integration.details" else "candidateEmail"

    answer = await service.get(method, integration, **{name: "a\0b"})

    assert answer.status_code == 400
