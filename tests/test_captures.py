"""A capture spans processes: one starts it, others see the calls, and nobody is in any file."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from hireloom.sandbox.app import Running
from tests.installation import Installation
from tests.outage import a_home, until
from tests.receiver import Receiver
from tests.test_nothing_kept import everything, places_of, until_over

LISTS = {"/candidate.list", "/application.list"}
PLANTED = "She would like to move to Kiel in spring"


@pytest.fixture
def home() -> Iterator[Path]:
    with a_home() as home:
        yield home


@pytest.fixture
def sandbox() -> Iterator[Running]:
    with Running(size=60, seed=11, limits=False) as sandbox:
        yield sandbox


async def read(
    installation: Installation, integration: str, method: str, **asked: Any
) -> dict[str, Any]:
    """A read that goes well; its `data`."""
    headers = {"Authorization": f"Bearer {installation.key}", "X-Integration-Id": integration}
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        url = f"http://127.0.0.1:{installation.port}/v1.0/{method}"
        answer = await http.get(url, params=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["data"]
    return found


def words_of(people: list[dict[str, Any]]) -> set[str]:
    """Names, addresses and numbers of candidates, where they cannot be anything else."""
    found = set()
    for one in people:
        info = one["info"]
        found.add(f"{info['firstName']} {info['lastName']}")
        found |= {email["email"] for email in info.get("emails") or []}
        found |= {phone["phoneNumber"] for phone in info.get("phones") or []}
    return found


def by_process(calls: list[dict[str, Any]]) -> tuple[set[str], set[str]]:
    """What was asked of the API, and the vendor's calls that belong to none of it."""
    own = {one["executionId"] for one in calls if one["direction"] == "in"}
    asked = {one["operation"] for one in calls if one["direction"] == "in"}
    return asked, {one["operation"] for one in calls if one["executionId"] not in own}


async def test_another_process_s_calls_are_captured_and_no_file_holds_a_person(
    home: Path, sandbox: Running
) -> None:
    async with Receiver() as receiver, Installation(home, sandbox) as installation:
        integration = await installation.connect("ashby")
        people = (await read(installation, integration, "ats.candidate.list"))["candidates"]
        await installation.ask("webhook.create", url=receiver.url)
        await installation.ask("integration.capture.start", integration, minutes=30)
        run = await installation.ask("sync.start", integration, dataType="ats_candidates")
        await until_over(installation, run["syncRunId"])
        note = {"candidateId": people[0]["info"]["id"], "content": PLANTED}
        await installation.ask("ats.candidate.note.create", integration, **note)

        async def is_there() -> bool:
            """Of both processes: each writes what it saw when it comes to it."""
            asked, of_worker = by_process((await captured())["calls"])
            return "ats.candidate.note.create" in asked and bool(of_worker & LISTS)

        async def captured() -> dict[str, Any]:
            return await read(installation, integration, "integration.capture.list", pageSize=100)

        await until(is_there)
        found = await captured()
        places = await everything(installation)
        logged = await asyncio.to_thread(lambda: installation.logged)

    asked, of_worker = by_process(found["calls"])
    assert asked == {"sync.start", "ats.candidate.note.create"}
    assert of_worker & LISTS
    told = words_of(people) | {PLANTED}
    assert len(told) > 30
    assert places_of(told, places) == set()
    assert places_of(told, [("told", repr(found).encode())]) == set()
    assert places_of(told, [("logged", logged.encode())]) == set()
