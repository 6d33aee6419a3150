"""Nothing is kept: what passes through lies nowhere, but sealed while it is not delivered yet."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from hireloom.sandbox.app import Running
from tests.installation import Installation
from tests.outage import a_home, until
from tests.receiver import OK, Arrival, Receiver, Reply
from tests.sandbox.account import Account

SIZE = 60
# At two of the vendors the others take a call for each application.
MODELS = ["application_info", "application_stage", "application_rejection"]
ABOUT_PERSONS = ("firstName", "phoneNumber", "eventData")  # as they stand in every event


@pytest.fixture
def home() -> Iterator[Path]:
    with a_home() as home:
        yield home


@pytest.fixture
def sandbox() -> Iterator[Running]:
    with Running(size=SIZE, seed=11, limits=False) as sandbox:
        yield sandbox


async def tables(conn: asyncpg.Connection) -> dict[str, str]:
    """All that each table holds: values as text, bytes as they are and as hexadecimal digits."""
    names = await conn.fetch(
        "select table_name as name from information_schema.tables"
        " where table_schema = 'public' and table_type = 'BASE TABLE'"
    )
    found = {}
    for (name,) in names:
        rows = await conn.fetch(f"select * from {name}")  # noqa: S608 – from the catalogue
        values = [value for row in rows for value in row.values() if value is not None]
        found[name] = "\n".join(
            f"{value.decode('latin-1')}\n{value.hex()}" if isinstance(value, bytes) else str(value)
            for value in values
        )
    return found


def files(home: Path) -> dict[Path, bytes]:
    """Every file of an installation: tables, the write-ahead log, what the processes said."""
    found = {}
    for path in home.rglob("*"):
        try:
            if path.is_file():
                found[path] = path.read_bytes()
        except FileNotFoundError:
            continue  # the server tidies meanwhile
    return found


async def everything(installation: Installation) -> list[tuple[str, bytes]]:
    """Each place where something could lie, and what lies there."""
    conn = await installation.database()
    await conn.execute("checkpoint")
    rows = await tables(conn)
    await conn.close()
    read = await asyncio.to_thread(files, installation.home)
    places = [(f"table {name}", text.encode()) for name, text in rows.items()]
    return places + [(str(path), content) for path, content in read.items()]


def places_of(words: set[str], everything: list[tuple[str, bytes]]) -> set[str]:
    """Where one of the words stands, as text or in hexadecimal digits."""
    spelt = sorted(
        {word.encode() for word in words} | {word.encode().hex().encode() for word in words}
    )
    pattern = re.compile(b"|".join(map(re.escape, spelt)))
    return {
        f"{place}: {found[0].decode()}"
        for place, content in everything
        if (found := pattern.search(content))
    }


def persons(events: list[dict[str, Any]]) -> set[str]:
    """The names, addresses, numbers and notes that events tell of."""
    found: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, list):
            for one in value:
                walk(one)
        if not isinstance(value, dict):
            return
        found.update(str(value[name]) for name in ("email", "phoneNumber") if value.get(name))
        if value.get("firstName") and value.get("lastName"):
            found.add(f"{value['firstName']} {value['lastName']}")
        found.update(
            str(value[name]) for name in ("content", "text") if len(str(value.get(name) or "")) > 20
        )
        for one in value.values():
            walk(one)

    for event in events:
        walk(event["eventData"])
    return found


async def bring_forward(installation: Installation) -> None:
    """The receiver is back: nobody waits for the next attempts."""
    conn = await installation.database()
    # What a sender holds at this moment is none that waits.
    await conn.execute(
        "update outbox set next_at = now() where id in ("
        "select id from outbox where next_at is not null for update skip locked)"
    )
    await conn.execute("update webhooks set paused_until = null")
    await conn.close()


async def waiting(installation: Installation) -> list[asyncpg.Record]:
    conn = await installation.database()
    rows: list[asyncpg.Record] = await conn.fetch("select * from outbox where state = 'waiting'")
    await conn.close()
    return rows


@pytest.mark.parametrize("vendor", ["ashby", "greenhouse", "lever"])
async def test_what_is_not_delivered_is_there_only_sealed_and_then_nowhere(
    home: Path, sandbox: Running, vendor: str
) -> None:
    def refuse(arrival: Arrival) -> Reply:
        return Reply(503, {"Retry-After": "1"}, arrival.body)  # says what it was told

    async with Receiver() as receiver, Installation(home, sandbox) as installation:
        receiver.answer = refuse
        integration = await installation.connect(vendor)
        await installation.ask("webhook.create", url=receiver.url, batchSize=50)
        happenings = ["ats_applications_new", "ats_applications_modified"]
        await installation.ask("events.subscribe", integration, events=happenings)
        run = await installation.ask(
            "sync.start", integration, dataType="ats_applications", models=MODELS
        )
        await until_over(installation, run["syncRunId"])
        with Account(sandbox, vendor) as account:
            account.change("scatter", count=20)
        undelivered = await waiting(installation)
        before = await everything(installation)

        receiver.answer = lambda _: OK
        await settled(installation)
        after = await everything(installation)

    told = persons(receiver.events)
    assert len(told) > SIZE / 2
    assert {row["sealed"] is None for row in undelivered} == {False}
    assert places_of({integration}, before) >= {f"table outbox: {integration}"}
    assert places_of({*told, *ABOUT_PERSONS}, before) == set()
    assert places_of({*told, *ABOUT_PERSONS}, after) == set()


async def until_over(installation: Installation, run_id: str) -> None:
    async def is_over() -> bool:
        conn = await installation.database()
        state = await conn.fetchval("select state from sync_runs where id = $1", run_id)
        await conn.close()
        return state not in {"queued", "running"}

    await until(is_over)


async def settled(installation: Installation) -> None:
    async def is_settled() -> bool:
        await bring_forward(installation)
        return await waiting(installation) == []

    await until(is_settled)
