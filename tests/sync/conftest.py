"""A connected account of each vendor whose syncs run."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import httpx
import pytest

from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from hireloom.sync import starting, trouble
from tests.outage import PATIENCE
from tests.syncing import Syncing, syncing


@pytest.fixture
def unaided(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run whose job is lost gets no other one, however long a test waits for its end."""
    monkeypatch.setattr(starting, "IDLE", timedelta(days=1))


@pytest.fixture
async def greenhouse(settings: Settings, vendors: Running, unaided: None) -> AsyncIterator[Syncing]:
    async with syncing(settings, vendors, "greenhouse") as found:
        yield found


@pytest.fixture(params=["ashby", "greenhouse", "lever"])
async def vendor(
    request: pytest.FixtureRequest, settings: Settings, vendors: Running, unaided: None
) -> AsyncIterator[Syncing]:
    async with syncing(settings, vendors, request.param) as found:
        yield found


@pytest.fixture(scope="session")
def shared_handful() -> Iterator[Running]:
    """So few records that a vendor with a call for each of them is read in a second."""
    with Running(size=24, seed=5, limits=False) as sandbox:
        yield sandbox


@pytest.fixture
def handful(shared_handful: Running) -> Running:
    httpx.post(f"{shared_handful.url}/_sandbox/reset", timeout=PATIENCE)
    return shared_handful


@pytest.fixture(params=["ashby", "greenhouse", "lever"])
async def small(
    request: pytest.FixtureRequest, settings: Settings, handful: Running, unaided: None
) -> AsyncIterator[Syncing]:
    """A vendor with few records."""
    async with syncing(settings, handful, request.param) as found:
        yield found


@pytest.fixture
async def few(settings: Settings, handful: Running, unaided: None) -> AsyncIterator[Syncing]:
    """Greenhouse with few records."""
    async with syncing(settings, handful, "greenhouse") as found:
        yield found


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that try again at once, as often as ever."""
    monkeypatch.setattr(trouble, "PAUSES", tuple(0.05 for _ in trouble.PAUSES))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that give up after two tries."""
    monkeypatch.setattr(trouble, "PAUSES", (0.05,))
