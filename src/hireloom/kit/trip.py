"""One operation's journey to the vendor: how long it may take and what it cost so far."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import msgspec

OPERATION_SECONDS = 30.0


@dataclass(frozen=True)
class SetAside:
    """A record that could not be read; the page went on without it."""

    id: str | None
    path: str
    reason: str


@dataclass
class Trip:
    execution_id: str = ""
    ends: float = field(default_factory=lambda: time.monotonic() + OPERATION_SECONDS)
    calls: int = 0
    written: int = 0  # writes that succeeded and would be made twice if they were sent again
    seconds: float = 0.0
    waited: float = 0.0
    written: int = 0  # writes that the vendor took
    page_size: int | None = None  # how many records the caller wants of a list
    keep_raw: bool = False
    raw: list[msgspec.Raw] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)

    @property
    def left(self) -> float:
        return max(0.0, self.ends - time.monotonic())


CURRENT: ContextVar[Trip | None] = ContextVar("hireloom_trip", default=None)


def current() -> Trip:
    """The trip that this task is on, or a fresh one for calls outside an operation."""
    return CURRENT.get() or Trip()


@contextmanager
def travel(trip: Trip) -> Iterator[Trip]:
    token = CURRENT.set(trip)
    try:
        yield trip
    finally:
        CURRENT.reset(token)
