"""Tokens: renewed once however many ask, and never lost."""

import asyncio
import json
import sys
import time
from pathlib import Path

import asyncpg
import pytest

from hireloom.accounts import StoredSecrets, from_stored, to_stored
from hireloom.errors import CredentialsInvalidError, TimedOutError, UnavailableError
from hireloom.kit import AnyOf, Secrets
from hireloom.kit.http import Http
from hireloom.kit.limits import Memory
from hireloom.kit.origins import Origins
from hireloom.kit.ports import Held, MemoryKeeper
from hireloom.kit.trip import Trip, travel
from hireloom.settings import Settings
from hireloom.store import credentials, integrations
from hireloom.store.seal import Vault
from tests.kit.conftest import Way
from tests.kit.harbor import (
    CLIENT,
    HANGING,
    KEY,
    SHIP,
    ClientHarbor,
    Door,
    Harbor,
    Reply,
    RotatingHarbor,
    Vendor,
    origins,
    rotating,
    says,
    seen,
)
from tests.outage import until


async def test_fifty_callers_make_one_renewal(way: Way, vendor: Vendor) -> None:
    vendor.answer = door = Door()
    harbor = way.to(RotatingHarbor, rotating(access_token="a-old", expires_at=1.0))

    ships = await asyncio.gather(*[harbor.get_ship("7") for _ in range(50)])

    assert len(ships) == 50
    assert (door.given, vendor.counts["/login/token"]) == (1, 1)


async def test_fifty_callers_with_a_token_that_ended_early_make_one_renewal(
    way: Way, vendor: Vendor
) -> None:
    vendor.answer = door = Door()
    harbor = way.to(RotatingHarbor, rotating(access_token="a-old"))

    await asyncio.gather(*[harbor.get_ship("7") for _ in range(50)])

    assert door.given == 1
    assert vendor.counts["/v2/ships/7"] == 100


async def test_a_file_s_caller_gets_a_new_token_too(way: Way, vendor: Vendor) -> None:
    vendor.answer = door = Door()
    harbor = way.to(RotatingHarbor, rotating(access_token="a-old"))

    stream = await harbor.open("/ships/7")

    assert json.loads(b"".join([chunk async for chunk in stream.chunks])) == SHIP
    assert door.given == 1


async def test_the_new_refresh_token_is_saved_before_the_token_is_used(
    way: Way, vendor: Vendor
) -> None:
    keeper = MemoryKeeper(rotating())
    door = Door()
    kept: list[str | None] = []

    def answer(call: object) -> object:
        kept.append(keeper.secrets.refresh_token)
        return door(call)  # type: ignore[arg-type]  # the door says what a call is

    vendor.answer = answer  # type: ignore[assignment]  # the same, seen from the other side
    await way.to(RotatingHarbor, keeper=keeper).get_ship("7")

    assert kept == ["r-0", "r-1"]


async def test_a_caller_who_leaves_does_not_lose_the_new_token(way: Way, vendor: Vendor) -> None:
    vendor.answer = door = Door(pause=0.2)
    keeper = MemoryKeeper(rotating())
    harbor = way.to(RotatingHarbor, keeper=keeper)

    leaving = asyncio.create_task(harbor.get_ship("7"))
    await until(lambda: len(vendor.calls) == 1)
    leaving.cancel()

    await until(lambda: keeper.secrets.refresh_token == "r-1")
    await harbor.get_ship("7")
    assert (door.given, door.voided) == (1, 0)


async def test_a_caller_out_of_time_leaves_the_others_theirs(way: Way, vendor: Vendor) -> None:
    vendor.answer = door = Door(pause=0.3)
    harbor = way.to(RotatingHarbor, rotating())

    async def hurried() -> None:
        with travel(Trip(ends=time.monotonic() + 0.1)):
            await harbor.get_ship("7")

    late, ship = await asyncio.gather(hurried(), harbor.get_ship("7"), return_exceptions=True)

    assert isinstance(late, TimedOutError)
    assert not isinstance(ship, BaseException)
    assert door.given == 1


async def test_a_refused_refresh_token_asks_the_customer_to_reconnect(
    way: Way, vendor: Vendor
) -> None:
    vendor.answer = Door(refresh_token="another")
    harbor = way.to(RotatingHarbor, rotating())

    failures = await asyncio.gather(
        *[harbor.get_ship("7") for _ in range(20)], return_exceptions=True
    )

    assert all(isinstance(failure, CredentialsInvalidError) for failure in failures)
    assert len(vendor.calls) == 1
    assert "r-0" not in seen(failures[0])  # type: ignore[arg-type]  # just looked at


@pytest.mark.parametrize("trouble", [says({}, 500), says({}, 429), Reply(silent=True)])
async def test_a_token_endpoint_that_is_down_says_nothing_of_the_credentials(
    way: Way, vendor: Vendor, trouble: Reply
) -> None:
    vendor.script(trouble)
    harbor = way.to(ClientHarbor, Secrets(fields=CLIENT))

    failures = await asyncio.gather(
        *[harbor.get_ship("7") for _ in range(20)], return_exceptions=True
    )

    assert all(isinstance(failure, UnavailableError) for failure in failures)
    assert len(vendor.calls) <= 4  # one renewal with its retries, not one per caller
    assert "look in the ATS" not in seen(failures[0])  # type: ignore[arg-type]  # as above


async def test_a_token_endpoint_that_recovers_is_asked_again(way: Way, vendor: Vendor) -> None:
    vendor.script(says({}, 500), says({"access_token": "a", "expires_in": 900}), says(SHIP))

    ship = await way.to(ClientHarbor, Secrets(fields=CLIENT)).get_ship("7")

    assert ship.id == 7


async def test_a_hanging_token_endpoint_is_a_timeout(way: Way, vendor: Vendor) -> None:
    vendor.script(HANGING)
    harbor = way.to(ClientHarbor, Secrets(fields=CLIENT))

    with travel(Trip(ends=time.monotonic() + 0.2)), pytest.raises(TimedOutError):
        await harbor.get_ship("7")


async def test_a_key_that_was_replaced_elsewhere_is_found(way: Way, vendor: Vendor) -> None:
    keeper = MemoryKeeper(KEY)
    harbor = way.to(Harbor, keeper=keeper)
    vendor.answer = lambda call: says(
        SHIP, 200 if call.headers["authorization"] == "Bearer new" else 401
    )
    with pytest.raises(CredentialsInvalidError):
        await harbor.get_ship("7")

    keeper.secrets = Secrets(fields={"apiKey": "new"})

    assert (await harbor.get_ship("7")).id == 7
    assert len(vendor.calls) == 3


class EitherHarbor(Harbor):
    """It takes a key or tokens."""

    auth = AnyOf((Harbor.auth, RotatingHarbor.auth))


async def test_a_key_that_was_replaced_by_a_consent_is_found(way: Way, vendor: Vendor) -> None:
    vendor.answer = Door()
    keeper = MemoryKeeper(KEY)
    harbor = way.to(EitherHarbor, keeper=keeper)
    with pytest.raises(CredentialsInvalidError):
        await harbor.get_ship("7")

    keeper.secrets = rotating()

    assert (await harbor.get_ship("7")).id == 7


async def test_a_new_token_that_is_refused_too_ends_the_call(way: Way, vendor: Vendor) -> None:
    door = Door()

    async def answer(call: object) -> Reply:
        reply = await door(call)  # type: ignore[arg-type]  # the door says what a call is
        return reply if reply.body != json.dumps(SHIP).encode() else says({}, 401)

    vendor.answer = answer

    with pytest.raises(CredentialsInvalidError):
        await way.to(RotatingHarbor, rotating(access_token="a-old")).get_ship("7")

    assert len(vendor.calls) == 3


# Across processes.


async def stored(pool: asyncpg.Pool, vault: Vault, secrets: Secrets) -> str:
    new = integrations.NewIntegration(
        connector="harbor", category="ats", origin_org_id="org-1", origin_org_name="Sea & Sons"
    )
    async with pool.acquire() as conn:
        return (await integrations.create(conn, vault, new, to_stored(secrets))).id


async def kept(pool: asyncpg.Pool, vault: Vault, integration_id: str) -> Secrets:
    async with pool.acquire() as conn:
        return from_stored((await credentials.opened(conn, vault, integration_id)).credentials)


CALLERS = """
import asyncio, json, sys
from pathlib import Path
from hireloom.accounts import StoredBudgets, StoredSecrets
from hireloom.kit.http import Http
from hireloom.kit.origins import Origins
from hireloom.settings import Settings
from hireloom.store import keyfile
from hireloom.store.pool import connect_pool
from tests.kit.harbor import RotatingHarbor

async def main(database, home, integration, targets):
    pool = await connect_pool(database)
    vault = keyfile.open_vault(Settings(home=Path(home), database_url=database))
    http = Http(StoredSecrets(pool, pool, vault), StoredBudgets(pool), origins=Origins(targets))
    harbor = http.connect(integration, RotatingHarbor)
    await asyncio.gather(*[harbor.get_ship("7") for _ in range(25)])
    await http.close()
    await pool.close()

asyncio.run(main(*sys.argv[1:4], json.loads(sys.argv[4])))
"""


async def test_two_processes_make_one_renewal(
    vendor: Vendor, pool: asyncpg.Pool, vault: Vault, settings: Settings
) -> None:
    vendor.answer = door = Door(pause=0.3)
    integration = await stored(pool, vault, rotating(access_token="a-old"))
    arguments = [settings.database_url, settings.home, integration, json.dumps(origins(vendor))]

    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", CALLERS, *map(str, arguments), cwd=Path(__file__).parents[2]
        )
        for _ in range(2)
    ]

    assert [await process.wait() for process in processes] == [0, 0]
    assert (door.given, door.voided) == (1, 0)
    secrets = await kept(pool, vault, integration)
    assert (secrets.refresh_token, secrets.access_token) == ("r-1", "a-1")


async def test_a_token_that_another_process_saved_is_taken(
    vendor: Vendor, pool: asyncpg.Pool, vault: Vault
) -> None:
    vendor.answer = door = Door()
    integration = await stored(pool, vault, rotating())
    keeper = StoredSecrets(pool, pool, vault)
    one, other = [Http(keeper, Memory(), origins=Origins(origins(vendor))) for _ in range(2)]
    await other.connect(integration, RotatingHarbor).get_ship("7")
    harbor = one.connect(integration, RotatingHarbor)
    await harbor.get_ship("7")
    door.access_token = "a-9"  # the vendor ended a-1; somebody else has a-9 already
    async with keeper.hold(integration) as held:
        await held.save(rotating(access_token="a-9", refresh_token="r-9"))

    await harbor.get_ship("7")

    assert door.given == 1
    for http in (one, other):
        await http.close()


async def test_what_cannot_be_saved_is_not_used(way: Way, vendor: Vendor) -> None:
    class Full(MemoryKeeper):
        def hold(self, integration_id: str) -> "Holding":
            return Holding(self.secrets)

    vendor.answer = Door()

    with pytest.raises(OSError, match="disk"):
        await way.to(RotatingHarbor, keeper=Full(rotating())).get_ship("7")

    assert vendor.paths == ["/login/token"]


class Holding:
    """A place where nothing can be saved."""

    def __init__(self, secrets: Secrets) -> None:
        self.secrets = secrets

    async def __aenter__(self) -> Held:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def save(self, secrets: Secrets) -> None:
        raise OSError("the disk is full")
