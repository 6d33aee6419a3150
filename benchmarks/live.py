"""What a live call costs over calling the vendor directly: one caller, and fifty at a steady pace.

The vendor is the page server on loopback, so nearly all of what is measured is ours. Direct calls
and calls through Hireloom take turns in every round. Fifty callers each make a call every quarter
of a second, like fifty busy users; a closed loop without a pause would measure how fast two cores
saturate, which is told beside it as calls per second.
"""

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from benchmarks import measure
from benchmarks.environments import serving
from benchmarks.installation import GREENHOUSE_LOGIN, Service, greenhouse_at, installed

CALLERS = 50
PAUSE = 0.25  # seconds between one caller's calls
Act = Callable[[aiohttp.ClientSession], Awaitable[None]]


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks live")
    parser.add_argument("--calls", type=int, default=400, help="calls of one caller, per round")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args(arguments)
    with (
        serving(1000) as vendor,
        installed(greenhouse_at(vendor)) as home,
        home.serve() as service,
    ):
        result = asyncio.run(bench(vendor, service, asked.calls, asked.rounds))
    rows = [
        [
            name,
            f"{one['direct_ms']:.2f}",
            f"{one['median_ms']:.2f}",
            f"{one['overhead_ms']:.2f}",
            f"{one['direct_p99_ms']:.2f}",
            f"{one['p99_ms']:.2f}",
            f"{one['p99_overhead_ms']:.2f}",
            f"{one['calls_a_second']:,.0f}",
        ]
        for name, one in result.items()
    ]
    columns = [
        "operation", "direct ms", "through ms", "overhead ms",
        f"direct p99, {CALLERS} callers", "through p99", "p99 overhead ms", "calls/s at most",
    ]  # fmt: skip
    measure.show("Live calls", columns, rows, measure.machine_line())
    measure.save("live", {"calls": asked.calls, "rounds": asked.rounds, "result": result})


async def bench(
    vendor: str, service: Service, calls: int, rounds: int
) -> dict[str, dict[str, float]]:
    limits = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=limits) as session:
        account = service.connect("greenhouse", "bench", GREENHOUSE_LOGIN)
        headers = {"Authorization": f"Bearer {service.key}", "X-Integration-Id": account}
        token = {"Authorization": f"Bearer {await token_of(session, vendor)}"}
        pairs = operations(vendor, service.url, token, headers)
        found: dict[str, list[dict[str, float]]] = {name: [] for name in pairs}
        for _ in range(rounds):
            for name, (direct, through) in pairs.items():
                found[name].append(await one_round(session, direct, through, calls))
    return {
        name: {field: statistics.median(one[field] for one in rows) for field in rows[0]}
        for name, rows in found.items()
    }


async def one_round(
    session: aiohttp.ClientSession, direct: Act, through: Act, calls: int
) -> dict[str, float]:
    for act in (direct, through):
        await in_turn(session, act, 20)
    alone = await in_turn(session, direct, calls)
    ours = await in_turn(session, through, calls)
    together = await side_by_side(session, direct, calls // 20)
    ours_together = await side_by_side(session, through, calls // 20)
    started = time.perf_counter()
    await asyncio.gather(*(in_turn(session, through, 20) for _ in range(CALLERS)))
    most = CALLERS * 20 / (time.perf_counter() - started)
    return {
        "direct_ms": statistics.median(alone),
        "median_ms": statistics.median(ours),
        "overhead_ms": statistics.median(ours) - statistics.median(alone),
        "direct_p99_ms": p99(together),
        "p99_ms": p99(ours_together),
        "p99_overhead_ms": p99(ours_together) - p99(together),
        "calls_a_second": most,
    }


async def in_turn(session: aiohttp.ClientSession, act: Act, calls: int) -> list[float]:
    return [await timed(session, act) for _ in range(calls)]


async def side_by_side(session: aiohttp.ClientSession, act: Act, each: int) -> list[float]:
    async def caller(number: int) -> list[float]:
        await asyncio.sleep(PAUSE * number / CALLERS)
        found = []
        for _ in range(each):
            started = time.perf_counter()
            found.append(await timed(session, act))
            await asyncio.sleep(max(0.0, PAUSE - (time.perf_counter() - started)))
        return found

    several = await asyncio.gather(*(caller(number) for number in range(CALLERS)))
    return [one for found in several for one in found]


async def timed(session: aiohttp.ClientSession, act: Act) -> float:
    started = time.perf_counter()
    await act(session)
    return (time.perf_counter() - started) * 1000


def p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


def operations(
    vendor: str, url: str, token: dict[str, str], headers: dict[str, str]
) -> dict[str, tuple[Act, Act]]:
    note = {"candidate_id": 1, "application_id": 1, "note_type": "NOTE", "body": "noted"}
    draft = {"candidateId": "1", "applicationId": "1", "content": "noted"}
    users = f"{vendor}/v3/users?per_page=100"
    passed = {"method": "GET", "path": "/users", "params": {"per_page": 100}}
    listed = f"{url}/v1.0/ats.user.list?pageSize=100"
    noted = f"{url}/v1.0/ats.candidate.note.create"
    return {
        "list (100 users)": (get(users, token), get(listed, headers)),
        "note": (post(f"{vendor}/v3/notes", token, note), post(noted, headers, draft)),
        "passthrough": (get(users, token), post(f"{url}/v1.0/passthrough", headers, passed)),
    }


def get(url: str, headers: dict[str, str]) -> Act:
    async def act(session: aiohttp.ClientSession) -> None:
        async with session.get(url, headers=headers) as answer:
            await checked(answer)

    return act


def post(url: str, headers: dict[str, str], body: Any) -> Act:
    async def act(session: aiohttp.ClientSession) -> None:
        async with session.post(url, headers=headers, json=body) as answer:
            await checked(answer)

    return act


async def checked(answer: aiohttp.ClientResponse) -> bytes:
    body = await answer.read()
    if answer.status >= 300:
        raise RuntimeError(f"{answer.status}: {body[:500]!r}")
    return body


async def token_of(session: aiohttp.ClientSession, vendor: str) -> str:
    form = {"grant_type": "client_credentials"}
    async with session.post(f"{vendor}/token", data=form) as answer:
        found: str = json.loads(await checked(answer))["access_token"]
        return found
