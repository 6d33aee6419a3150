"""The database goes away under a running API and comes back: callers hear of it, and go on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import asyncpg
import httpx
import pytest
from structlog.testing import capture_logs

from hireloom.accounts import StoredSecrets, from_stored
from hireloom.api import once
from hireloom.api.desk import Call
from hireloom.api.once import Answered
from hireloom.api.operation import operations
from hireloom.api.runner import NOBODY, explained
from hireloom.kit import Secrets
from hireloom.kit.trip import Trip
from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from hireloom.store import credentials, embedded, masters
from hireloom.store.idempotency import Attempt
from hireloom.store.pool import connect
from hireloom.store.seal import OURS
from tests.outage import a_home, kill, starts, until
from tests.service import Service, running


class Own:
    """A server of the operator's: Hireloom is given its address and nothing else."""

    def __init__(self, home: Path) -> None:
        self._server = embedded.Server(home)
        self._server.hold()
        self.url = embedded.address(self._server.data, "postgres")

    async def stop(self) -> None:
        await asyncio.to_thread(embedded._stop, self._server.data)

    async def start(self) -> None:
        await asyncio.to_thread(self._server.revive)

    def release(self) -> None:
        self._server.release()


@pytest.fixture
async def own() -> AsyncIterator[Own]:
    with a_home() as home:
        own = Own(home)
        yield own
        own.release()


@pytest.fixture
async def service(own: Own, vendors: Running, tmp_path: Path) -> AsyncIterator[Service]:
    settings = Settings(home=tmp_path / "home", database_url=own.url)
    async with running(settings, vendors) as found:
        yield found


async def test_calls_fail_in_order_while_the_database_is_away_and_work_again(
    own: Own, service: Service
) -> None:
    integration = await service.connect("greenhouse")

    await own.stop()
    service.desk.accounts.forget(integration)
    away = await service.get("ats.department.list", integration)
    health = await service.http.get("/health")
    await own.start()
    back = await service.get("ats.department.list", integration)

    error = away.json()["error"]
    assert (away.status_code, error["code"]) == (503, "hireloom.unavailable")
    assert (error["category"], error["retryable"]) == ("hireloom", True)
    assert error["executionId"] == away.headers["X-Execution-Id"]
    assert int(away.headers["Retry-After"]) >= 1
    assert health.status_code == 503
    assert back.status_code == 200

    async def is_well() -> bool:
        return (await service.http.get("/health")).status_code == 200

    await until(is_well)


async def test_a_restart_between_two_calls_is_not_noticed(own: Own, service: Service) -> None:
    integration = await service.connect("lever")
    assert (await service.get("ats.user.list", integration)).status_code == 200

    await own.stop()
    await own.start()
    answers = await asyncio.gather(*(service.get("ats.user.list", integration) for _ in range(20)))

    assert {answer.status_code for answer in answers} == {200}


async def test_the_log_of_calls_waits_and_says_so_once(own: Own, service: Service) -> None:
    integration = await service.connect("greenhouse")
    await service.desk.ledger.flush()

    with capture_logs() as lines:
        await own.stop()
        for _ in range(3):
            await service.get("ats.department.list", integration)
            await service.desk.ledger.flush()
        await own.start()
        await service.desk.ledger.flush()
        async with asyncio.timeout(120):  # the log's own turn may have it in hand
            while not any(line["event"] == "The call log goes on" for line in lines):  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    told = [line["event"] for line in lines if line["event"].startswith("The call log")]
    assert told == ["The call log waits for the database", "The call log goes on"]
    assert not [line for line in lines if line["log_level"] == "error"]
    async with service.desk.pool.acquire() as conn:
        kept = await conn.fetchval(
            "select count(*) from calls where operation = 'ats.department.list'"
        )
    assert kept == 3


async def test_an_answer_that_the_outage_overtook_is_kept_for_repeats(
    own: Own, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "SETTLE_SECONDS", 120.0)
    restarts: list[asyncio.Task[None]] = []

    async def act() -> Answered:
        await own.stop()
        restarts.append(asyncio.create_task(own.start()))
        return Answered(200, b"written")

    first = await carried_out(service, act)
    again = await carried_out(service, act)

    assert (first.status, first.replayed) == (200, False)
    assert (again.body, again.replayed) == (b"written", True)
    assert len(restarts) == 1


async def test_a_write_is_answered_though_the_database_stays_away(
    own: Own, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "SETTLE_SECONDS", 0.2)

    async def act() -> Answered:
        await own.stop()
        return Answered(200, b"written")

    answered = await carried_out(service, act)

    assert answered.body == b"written"


async def carried_out(service: Service, act: Callable[[], Awaitable[Answered]]) -> Answered:
    desk = service.desk
    async with desk.pool.acquire() as conn:
        data_key = await masters.own_key(conn, desk.vault)
    attempt = Attempt(integration_id=OURS, api_key_id="", method="m", key="overtaken", body=b"")
    return await once.once(
        desk.pool, data_key, attempt, act, lambda error: Answered(error.status, b"", error)
    )


def test_whoever_wrote_before_the_outage_is_told_to_look_first(service: Service) -> None:
    operation = operations()["ats.candidate.create"]
    call = Call(service.desk, NOBODY, "ex_1", Trip())

    before = explained(operation, call, asyncpg.ConnectionDoesNotExistError("gone"))
    call.trip.written = 1
    after = explained(operation, call, asyncpg.ConnectionDoesNotExistError("gone"))

    assert (before.may_have_arrived, after.may_have_arrived) == (False, True)
    assert "look in the ATS" in after.hint


async def test_a_token_that_was_saved_and_not_committed_is_saved_again(
    own: Own, service: Service
) -> None:
    integration = await service.connect("greenhouse")
    pool = service.desk.pool
    keeper = StoredSecrets(pool, pool, service.desk.vault)
    fresh = Secrets(fields={"clientId": "a", "clientSecret": "b"}, refresh_token="the newest")

    async with keeper.hold(integration) as held:
        await held.save(fresh)
        conn = await connect(own.url)
        await conn.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where state = 'idle in transaction'"
        )
        await conn.close()

    async with pool.acquire() as conn:
        opened = await credentials.opened(conn, service.desk.vault, integration)
    assert from_stored(opened.credentials) == fresh


async def test_the_embedded_server_is_killed_and_the_api_goes_on(vendors: Running) -> None:
    refused: list[httpx.Response] = []
    with a_home() as home:
        async with running(Settings(home=home), vendors) as service:
            integration = await service.connect("ashby")

            async def works_again() -> bool:
                service.desk.accounts.forget(integration)
                answer = await service.get("ats.department.list", integration)
                if answer.status_code != 200:
                    refused.append(answer)
                return answer.status_code == 200 and starts(home) == 2

            kill(home)
            await until(works_again)

    assert {one.json()["error"]["code"] for one in refused} <= {"hireloom.unavailable"}
