"""A side pier: an account whose vendor orders tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from tests.pier import Pierside, pierside, plug


@pytest.fixture
async def pier(
    settings: Settings, vendors: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Pierside]:
    folder = tmp_path / "packages"
    folder.mkdir()
    plug(folder, monkeypatch)
    async with pierside(settings, vendors) as side:
        yield side
