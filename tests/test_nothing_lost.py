"""Nothing is lost: whatever is killed or fails, the receiver has each record's last state."""

import asyncio
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hireloom.sandbox.app import Running
from hireloom.store.pool import LOST_CONNECTION
from tests.installation import TARGETS, Installation
from tests.outage import a_home, until
from tests.receiver import Receiver
from tests.sandbox.account import Account
from tests.truth import Book, differences, truth

LIGHT = ["application_info", "application_stage"]
KILLS = int(os.environ.get("HIRELOOM_TEST_KILLS", "30"))
SEED = int(os.environ.get("HIRELOOM_TEST_SEED", "7"))
PATIENCE = 300.0


@pytest.fixture
def home() -> Iterator[Path]:
    with a_home() as home:
        yield home


@dataclass
class Reaper:
    """Kills at moments spread over a run by chance, as it reads and as its events arrive."""

    installation: Installation
    book: Book
    size: int
    chance: random.Random = field(
        default_factory=lambda: random.Random(SEED)  # noqa: S311 – to be repeated, no secret
    )
    killed: list[str] = field(default_factory=list)
    _processed: int = 0

    async def reap(self, kills: int, account: Account) -> None:
        moments = sorted(self.chance.uniform(0, 2 * self.size) for _ in range(kills))
        # Each as often as the others, in an order by chance.
        targets = [TARGETS[number % len(TARGETS)] for number in range(kills)]
        self.chance.shuffle(targets)
        for moment, target in zip(moments, targets, strict=True):
            await self._reach(moment)
            self.installation.kill(target, self.chance)
            self.killed.append(target)
            await asyncio.to_thread(account.change, "scatter", count=self.size // 1000)

    async def _reach(self, moment: float) -> None:
        ends = time.monotonic() + PATIENCE
        while await self._progress() < moment:
            assert self.installation.ended() == []
            assert time.monotonic() < ends, f"nothing goes on after the kills of {self.killed}"
            await asyncio.sleep(0.02)

    async def _progress(self) -> int:
        """Records read and events that arrived."""
        try:
            conn = await self.installation.database()
            try:
                self._processed = await conn.fetchval("select max(processed) from sync_runs")
            finally:
                await conn.close(timeout=1)
        except (OSError, *LOST_CONNECTION):
            pass  # the last answer must do until the database is back
        return self._processed + len(self.book.bodies)


@pytest.mark.parametrize(
    ("vendor", "size", "kills"),
    [("greenhouse", 20_000, KILLS), ("ashby", 2_000, KILLS // 5), ("lever", 2_000, KILLS // 5)],
)
async def test_nothing_is_lost_whatever_is_killed(
    home: Path, vendor: str, size: int, kills: int
) -> None:
    book = Book()
    with Running(size=size, seed=11, limits=False) as sandbox, Account(sandbox, vendor) as account:
        async with Receiver() as receiver, Installation(home, sandbox) as installation:
            receiver.answer = book
            integration = await installation.connect(vendor)
            await installation.ask("webhook.create", url=receiver.url)
            body = {"dataType": "ats_applications", "models": LIGHT}

            first = await installation.ask("sync.start", integration, **body)
            await Reaper(installation, book, size).reap(kills, account)
            await consumed(receiver, book, first["syncRunId"])
            await until(installation.is_well)
            second = await installation.ask(
                "sync.start", integration, syncType="delta_sync", **body
            )
            await consumed(receiver, book, second["syncRunId"])

        assert book.wrong == []
        assert differences(book.holds(), truth(account)) == {}


async def consumed(receiver: Receiver, book: Book, run_id: str) -> None:
    await receiver.until(
        lambda: "sync.events.allConsumed" in book.ends.get(run_id, set()), seconds=3 * PATIENCE
    )
