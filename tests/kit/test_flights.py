"""Calls under way: a vendor that hangs keeps its own callers waiting, and nobody else's."""

import asyncio
import time

import pytest

from hireloom.errors import UnavailableError
from hireloom.kit import flights
from hireloom.kit.limits import RateLimit
from hireloom.kit.trip import Trip, travel
from tests.kit.conftest import Way, stalls
from tests.kit.harbor import FILES, HANGING, SHIP, Call, Harbor, Reply, Vendor, says
from tests.outage import until


async def hang(harbor: Harbor, seconds: float) -> BaseException | None:
    with travel(Trip(ends=time.monotonic() + seconds)):
        try:
            await harbor.create_ship("Aurora")
        except Exception as error:
            return error
    return None


async def test_a_hanging_vendor_does_not_starve_another(way: Way, vendor: Vendor) -> None:
    many = asyncio.Event()

    def answer(_: Call) -> Reply:
        if len(vendor.calls) >= 300:
            many.set()
        return HANGING

    async with Vendor() as healthy:
        vendor.answer = answer
        healthy.script(says(SHIP))
        hanging = [way.to(Harbor) for _ in range(8)]
        other = Way(healthy).to(Harbor)
        http = way.open[0]
        for line in (*hanging, other):  # one process: they all go by the same wire
            line.channel._http.wire = http.wire  # type: ignore[attr-defined]  # a Line
        waiting = [asyncio.create_task(hang(each, 600.0)) for each in hanging for _ in range(40)]
        async with asyncio.timeout(120):
            await many.wait()

        with travel(Trip(ends=time.monotonic() + 120)):
            ship = await other.get_ship("7")

        assert ship.id == 7
        assert not any(one.done() for one in waiting)
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_so_many_calls_of_one_account_are_under_way_and_no_more(
    way: Way, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flights, "AT_ONCE", 5)
    vendor.script(HANGING)
    harbor = way.to(Harbor)

    under_way = [asyncio.create_task(hang(harbor, 600.0)) for _ in range(5)]
    await until(lambda: len(vendor.calls) == 5)

    outcomes = await asyncio.gather(*[hang(harbor, 2.0) for _ in range(7)])

    assert len(vendor.calls) == 5
    assert not any(one.done() for one in under_way)
    for one in under_way:
        one.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)
    refused = [one for one in outcomes if isinstance(one, UnavailableError)]
    assert len(refused) == 7
    assert not any(one.may_have_arrived for one in refused)
    assert all("slow" in one.msg and one.retry_after for one in refused)


async def test_who_waits_goes_when_another_has_landed(
    way: Way, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flights, "AT_ONCE", 2)
    under_way = [0, 0]

    async def answer(_: Call) -> Reply:
        under_way[0] += 1
        under_way[1] = max(under_way)
        await asyncio.sleep(0.01)
        under_way[0] -= 1
        return says(SHIP)

    vendor.answer = answer
    harbor = way.to(Harbor)

    await asyncio.gather(*[harbor.get_ship("7") for _ in range(10)])
    await asyncio.gather(*[harbor.open_link(f"{FILES}/cv") for _ in range(10)])

    assert len(vendor.calls) == 20
    assert under_way[1] == 2


async def test_calls_that_were_held_up_keep_to_the_limit_when_they_are_let_go(
    way: Way, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flights, "AT_ONCE", 20)
    arrivals: list[float] = []

    class Slow(Harbor):
        rate_limit = RateLimit(calls=20, seconds=0.3)

    async def answer(_: Call) -> Reply:
        arrivals.append(time.monotonic())
        await asyncio.sleep(max(0.0, arrivals[0] + 0.8 - time.monotonic()))
        return says(SHIP)

    vendor.answer = answer
    harbor = way.to(Slow)

    async with stalls() as stall:
        await asyncio.gather(*[harbor.get_ship("7") for _ in range(60)])

    pairs = zip(arrivals, arrivals[20:], strict=False)
    assert all(later - earlier > 0.28 - stall.seconds for earlier, later in pairs)
