"""Nothing is lost where the receiver is down for half of a run, or the vendor keeps failing."""

import asyncio
from typing import Any

import pytest

from hireloom.deliver import retries
from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from hireloom.sync import trouble
from tests.receiver import Arrival, Reply
from tests.syncing import Syncing, syncing
from tests.truth import Book, differences, truth

LIGHT = ["application_info", "application_stage"]
SIZE = 2500
PATIENCE = 300.0


@pytest.fixture
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same schedules, with short pauses."""
    monkeypatch.setattr(retries, "DELAYS", (0.2,))
    monkeypatch.setattr(retries, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(retries, "LONGEST_PAUSE", 0.3)
    monkeypatch.setattr(trouble, "PAUSES", (0.05,) * 16)


async def synced(found: Syncing, book: Book, **body: Any) -> None:
    run = await found.ask("sync.start", dataType="ats_applications", models=LIGHT, **body)
    ended = {"sync.events.allConsumed", "sync.failed"}
    await found.receiver.until(
        lambda: bool(ended & book.ends.get(run["syncRunId"], set())), PATIENCE
    )
    shown = await found.look("sync.run.get", syncRunId=run["syncRunId"])
    assert shown["state"] == "COMPLETE", shown["error"]


@pytest.mark.usefixtures("in_a_hurry")
async def test_nothing_is_lost_while_the_receiver_is_down_for_the_first_half(
    settings: Settings,
) -> None:
    book = Book()
    refusals = 0

    def recover_in_the_end(arrival: Arrival) -> Reply:
        nonlocal refusals
        refusals += 1
        if refusals <= 20:
            return Reply(hangs_up=True)
        return Reply(500) if refusals <= 40 else book(arrival)

    with Running(size=SIZE, seed=11, limits=False) as sandbox:
        async with syncing(settings, sandbox, "greenhouse") as found:
            found.receiver.answer = recover_in_the_end
            await synced(found, book)
            await asyncio.to_thread(found.account.change, "scatter", count=50)
            await synced(found, book, syncType="delta_sync")

            assert refusals > 40
            assert book.wrong == []
            assert differences(book.holds(), truth(found.account)) == {}


FAULTS: dict[str, list[dict[str, Any]]] = {
    "429 storm": [{"kind": "429", "every": 3, "times": 12, "retry_after": 0}],
    "5xx": [{"kind": "status", "status": 503, "every": 3, "times": 12}],
    "dropped connections": [{"kind": "drop", "every": 3, "times": 12}],
    "truncated pages": [{"kind": "truncate", "every": 4, "times": 8}],
    "shuffled rows": [{"kind": "shuffle"}],
    "an empty page in the middle": [{"kind": "empty_page", "after": 2, "times": 1}],
    "a repeated cursor": [{"kind": "repeat_cursor", "after": 1, "times": 2}],
}


@pytest.mark.usefixtures("in_a_hurry")
@pytest.mark.parametrize("trouble_at", sorted(FAULTS))
async def test_nothing_is_lost_where_the_vendor_fails(settings: Settings, trouble_at: str) -> None:
    book = Book()
    with Running(size=SIZE, seed=11, limits=False) as sandbox:
        async with syncing(settings, sandbox, "lever") as found:
            found.receiver.answer = book
            found.service.faults(
                *(
                    {"vendor": "lever", "path": "*/opportunities", **one}
                    for one in FAULTS[trouble_at]
                )
            )
            await synced(found, book)
            found.service.faults()
            await asyncio.to_thread(found.account.change, "scatter", count=50)
            await synced(found, book, syncType="delta_sync")

            assert book.wrong == []
            assert differences(book.holds(), truth(found.account)) == {}
