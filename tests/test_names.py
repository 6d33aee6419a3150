"""Names that nobody answers for: they may hold up themselves, and nobody else."""

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from hireloom import names
from hireloom.deliver.courier import Courier
from hireloom.names import Names
from tests.kit.conftest import Way
from tests.kit.harbor import Harbor, Vendor
from tests.receiver import Receiver

DEAD = [f"hooks-{number}.dead.example" for number in range(100)]
ON_LOOPBACK = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]


class System:
    """Answers for healthy names with loopback; for dead ones it does not answer until `release`."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self._system = socket.getaddrinfo
        self._released = threading.Event()

    def getaddrinfo(self, host: str, port: int | None, *how: Any, **named: Any) -> list[Any]:
        if not host.endswith(".example"):  # somebody else in this process
            return self._system(host, port, *how, **named)
        self.asked[host] += 1
        if ".dead." in host:
            self._released.wait()
            raise socket.gaierror(socket.EAI_AGAIN, "no answer")
        if ".unknown." in host:
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        return [(*one[:4], (one[4][0], port or 0)) for one in ON_LOOPBACK]

    def release(self) -> None:
        self._released.set()

    async def until_asked(self, count: int) -> None:
        async with asyncio.timeout(120):
            while self.asked.total() < count:  # noqa: ASYNC110 – in other threads
                await asyncio.sleep(0.005)


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    found = System()
    monkeypatch.setattr(socket, "getaddrinfo", found.getaddrinfo)
    yield found
    found.release()


@pytest.fixture
async def resolver() -> AsyncIterator[Names]:
    found = Names()
    yield found
    await found.close()


async def test_a_hundred_dead_names_hold_up_no_healthy_endpoint_and_no_vendor(
    system: System,
) -> None:
    async with (
        Receiver() as receiver,
        Vendor() as vendor,
        Courier(allow_private=True, seconds=300) as courier,
    ):
        dead = [asyncio.create_task(courier.send(f"http://{one}/", b"{}", {})) for one in DEAD]
        await system.until_asked(len(DEAD))
        vendor.url = vendor.url.replace("127.0.0.1", "vendor.example")
        way = Way(vendor)
        healthy = receiver.url.replace("127.0.0.1", "hooks.healthy.example")

        outcome = await courier.send(healthy, b"{}", {})
        await way.to(Harbor).get("/jobs")

        assert outcome.acknowledged
        assert not any(one.done() for one in dead)
        assert vendor.paths == ["/v2/jobs"]
        system.release()
        reasons = {(await one).reason for one in dead}
        assert reasons == {"the name is not known"}
        await way.open[0].close()


async def test_a_name_has_one_thread_however_often_it_is_asked_for(
    system: System, resolver: Names
) -> None:
    for _ in range(5):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(resolver.resolve(DEAD[0], 443), 0.01)
    later = [asyncio.create_task(resolver.resolve(DEAD[0], port)) for port in (443, 8443)]
    await system.until_asked(1)
    system.release()

    for one in later:
        with pytest.raises(socket.gaierror):
            await one
    assert system.asked == {DEAD[0]: 1}


async def test_a_name_that_was_answered_waits_for_no_stranger(
    system: System, resolver: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolver, "_strange", asyncio.Semaphore(2))
    await resolver.resolve("hooks.healthy.example", 443)
    dead = [asyncio.create_task(resolver.resolve(one, 443)) for one in DEAD[:3]]
    await system.until_asked(3)

    (again,) = await resolver.resolve("hooks.healthy.example", 8443)

    assert (again["host"], again["port"]) == ("127.0.0.1", 8443)
    assert system.asked[DEAD[2]] == 0  # it waits for its place
    system.release()
    await asyncio.wait(dead)
    assert all(isinstance(one.exception(), socket.gaierror) for one in dead)


async def test_a_name_that_is_answered_no_more_is_a_stranger_again(
    system: System, resolver: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "REMEMBERED", 1)
    for host in ("one.healthy.example", "two.healthy.example"):
        await resolver.resolve(host, 443)
    resolver._answered["it.unknown.example"] = None

    with pytest.raises(socket.gaierror):
        await resolver.resolve("it.unknown.example", 443)

    assert list(resolver._answered) == ["two.healthy.example"]


async def test_what_cannot_be_a_name_is_an_error_of_the_name(resolver: Names) -> None:
    with pytest.raises(UnicodeError):
        await resolver.resolve("x" * 64 + ".example", 443)


async def test_names_are_looked_up_as_the_system_does(resolver: Names) -> None:
    found = await resolver.resolve("localhost", 8400, socket.AF_UNSPEC)

    assert {one["host"] for one in found} <= {"127.0.0.1", "::1"}
    assert {(one["hostname"], one["port"]) for one in found} == {("localhost", 8400)}
