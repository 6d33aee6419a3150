"""A connected account of each vendor whose syncs run."""

from collections.abc import AsyncIterator

import pytest

from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from tests.syncing import Syncing, syncing


@pytest.fixture
async def greenhouse(settings: Settings, vendors: Running) -> AsyncIterator[Syncing]:
    async with syncing(settings, vendors, "greenhouse") as found:
        yield found


@pytest.fixture(params=["ashby", "greenhouse", "lever"])
async def vendor(
    request: pytest.FixtureRequest, settings: Settings, vendors: Running
) -> AsyncIterator[Syncing]:
    async with syncing(settings, vendors, request.param) as found:
        yield found
