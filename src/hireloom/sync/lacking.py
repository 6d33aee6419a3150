"""Which models of a sync cannot be read: each is tried alone, with one record."""

from collections.abc import Sequence
from dataclasses import replace

from hireloom.errors import HireloomError, UnexpectedAnswerError
from hireloom.kit.trip import travel
from hireloom.sync.opening import Opened
from hireloom.sync.trouble import PERMANENT

TRIES = 3  # of what cannot be understood; a broken answer may be an accident


async def failing(
    opened: Opened, models: Sequence[str], seconds: float
) -> dict[str, HireloomError]:
    """Those that fail for good, with the reason."""
    found: dict[str, HireloomError] = {}
    for model in models:
        error = await _fails(opened, model, seconds)
        if error is not None:
            found[model] = error
    return found


async def _fails(opened: Opened, model: str, seconds: float) -> HireloomError | None:
    reading = replace(opened.reading, models=(model,))
    found: HireloomError | None = None
    for _ in range(TRIES):
        trip = reading.trip(seconds)
        trip.page_size = 1
        try:
            with travel(trip):
                async for _ in reading.batches(reading.whole(), None):
                    return None
            return None
        except PERMANENT as error:
            found = error
            if not isinstance(error, UnexpectedAnswerError):
                return error
    return found
