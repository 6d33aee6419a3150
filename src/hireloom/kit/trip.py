"""One operation's journey to the vendor: how long it may take and what it cost so far."""

import secrets
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


CURRENT: "ContextVar[Trip | None]" = ContextVar("hireloom_trip", default=None)


def _inherited() -> str:
    """A trip within another one is part of it; any other has an id of its own, to be found by."""
    around = CURRENT.get()
    return "ex_" + secrets.token_hex(9)[:17] if around is None else around.execution_id


@dataclass
class Trip:
    execution_id: str = field(default_factory=_inherited)
    ends: float = field(default_factory=lambda: time.monotonic() + OPERATION_SECONDS)
    calls: int = 0
    seconds: float = 0.0
    waited: float = 0.0
    written: int = 0  # writes that the vendor took and would take twice
    in_background: bool = False  # nobody waits for it: it takes what others leave of a limit
    page_size: int | None = None  # how many records the caller wants of a list
    keep_raw: bool = False
    raw: list[msgspec.Raw] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    _pauses: int = 0
    _paused_at: float = 0.0

    @contextmanager
    def pause(self) -> Iterator[None]:
        """Wait because of a vendor's limit. Calls that wait side by side wait the same seconds."""
        if self._pauses == 0:
            self._paused_at = time.monotonic()
        self._pauses += 1
        try:
            yield
        finally:
            self._pauses -= 1
            if self._pauses == 0:
                self.waited += time.monotonic() - self._paused_at

    @property
    def left(self) -> float:
        return max(0.0, self.ends - time.monotonic())


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
