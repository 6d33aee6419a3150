"""Where the vendors' published samples and specifications lie: beside the checkout, never in it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

VENDORS = Path(__file__).resolve().parents[3] / "shared" / "vendors"


class Samples:
    """The published samples of one vendor, by file name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __getitem__(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text())

    def bytes(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def names(self, pattern: str = "*.json") -> list[str]:
        return sorted(path.name for path in self.folder.glob(pattern))


def samples_of(connector: str) -> Samples:
    folder = VENDORS / "samples" / connector
    if not folder.is_dir():
        pytest.skip(f"no published samples of {connector} at {folder}", allow_module_level=True)
    return Samples(folder)


def spec_of(name: str) -> Any:
    file = VENDORS / "specs" / name
    if not file.is_file():
        pytest.skip(f"no published specification at {file}", allow_module_level=True)
    return json.loads(file.read_text())


@pytest.fixture(scope="session")
def samples() -> Callable[[str], Samples]:
    """`samples("harbor")["jobs.list.json"]`; skips where the samples are not there."""
    return samples_of


@pytest.fixture(scope="session")
def spec() -> Callable[[str], Any]:
    return spec_of
