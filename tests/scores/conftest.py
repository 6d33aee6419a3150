"""Time enough for many scores at once, on a machine that is slow."""

import pytest

from hireloom.kit import trip
from hireloom.scores import once


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for the same score, and who calls the vendor, has ten minutes."""
    monkeypatch.setattr(once, "PATIENCE", 600.0)
    monkeypatch.setattr(trip, "OPERATION_SECONDS", 600.0)
