"""A vendor's published limit as a budget that every process draws from.

All pure: `draw` takes the budget's state, the time and a number of calls, and gives the new state
and how long each call has to wait. Where the state lives and who locks it is the roots' business
(PostgreSQL in service, memory in tests). No library shares a limit between machines without Redis,
so this is our own.

Two kinds. A window (`calls` in any `seconds`) keeps counts in slots and never lets more through in
any window of that length, wherever the vendor's own window begins. A bucket (`burst` given) is the
generic cell rate algorithm. Both leave a small margin, because calls that leave in time may arrive
closer together than they left.
"""

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, TypeVar

import msgspec

from hireloom.kit.convert import to_count

R = TypeVar("R")
Change = Callable[[bytes | None, float], tuple[bytes, R]]

SLOTS = 30
MARGIN = 0.05
UNSEEN = 10  # calls let through before the vendor's own header said how many there are
LOOK_AGAIN = 0.1  # seconds until the next look whether it has said so
MOST = 10**15  # calls: what is more is no number of calls
LONGEST_BLOCK = 3600.0  # seconds that a vendor's word holds an account up at most
FAR = 86_400.0  # seconds ahead: a call that is planned beyond was planned by a clock gone wrong


class WaitTooLongError(TimeoutError):
    """A place in the budget takes more seconds than the caller has."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.1f} s until the next call")
        self.seconds = seconds


@dataclass(frozen=True)
class RateLimit:
    """`calls` in `seconds`; with `burst`, a bucket of that size refilled at that rate.

    The headers, where the vendor sends them, say the real size and what is left of it.
    """

    calls: int
    seconds: float
    burst: int | None = None
    size_header: str | None = None
    name: str = "calls"


class State(msgspec.Struct, array_like=True):
    """What a budget remembers: counts per slot, the bucket's clock, what the vendor said."""

    slots: dict[int, int] = {}
    arrival: float = 0.0
    size: int | None = None
    blocked_until: float = 0.0


_ENCODE = msgspec.msgpack.Encoder().encode
_DECODE = msgspec.msgpack.Decoder(State, strict=False).decode


def load(state: bytes | None) -> State:
    if state is None:
        return State()
    try:
        return _DECODE(state)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return State()  # written by another version; a fresh budget is safe enough


def _sound(state: bytes | None, now: float) -> State:
    """The state without what would hold the account up for ever, however it came to be."""
    budget = load(state)
    budget.blocked_until = _bounded(budget.blocked_until, now + LONGEST_BLOCK)
    budget.arrival = _bounded(budget.arrival, now + FAR)
    if budget.size is not None and not 0 < budget.size <= MOST:
        budget.size = None
    budget.slots = {slot: calls for slot, calls in budget.slots.items() if 0 < calls <= MOST}
    return budget


def _bounded(at: float, latest: float) -> float:
    return min(at, latest) if math.isfinite(at) else 0.0


def draw(
    state: bytes | None,
    now: float,
    limit: RateLimit,
    calls: int,
    *,
    longest: Sequence[float] | None = None,
    shares: Sequence[float] | None = None,
) -> tuple[bytes, list[float]]:
    """Take `calls` from the budget: the new state, and the seconds that each of them waits.

    With `longest`, a call that would wait longer than its number of seconds takes nothing. A wait
    is infinite where the vendor first has to say how large the budget is. `shares` says of how much
    of the budget a call may make use; what it leaves is there for others at once.
    """
    budget = _sound(state, now)
    patience = longest or [math.inf] * calls
    waits = [
        _one(budget, now, limit, max(0.0, seconds), share)
        for seconds, share in zip(patience, shares or [1.0] * calls, strict=True)
    ]
    return _ENCODE(budget), waits


def _one(budget: State, now: float, limit: RateLimit, longest: float, share: float) -> float:
    if limit.burst is not None:
        return _from_bucket(budget, now, limit, limit.burst * share, longest)
    return _from_window(budget, now, limit, longest, share)


def _from_bucket(
    budget: State, now: float, limit: RateLimit, burst: float, longest: float
) -> float:
    step = limit.seconds / limit.calls * (1 + MARGIN)
    room = step * max(0, int(burst * (1 - MARGIN)) - 1)
    at = max(now, budget.blocked_until, budget.arrival - room)
    if at - now <= longest:
        budget.arrival = max(budget.arrival, at) + step
    return at - now


def _from_window(
    budget: State, now: float, limit: RateLimit, longest: float, share: float
) -> float:
    width = limit.seconds / SLOTS
    start = max(now, budget.blocked_until)
    slot = int(start // width)
    last = int((now + FAR) // width)
    for old in [key for key in budget.slots if not slot - SLOTS <= key <= last]:
        del budget.slots[old]
    size = budget.size or (None if limit.size_header else limit.calls)
    allowed = max(1, int((size or min(limit.calls, UNSEEN)) * (1 - MARGIN) * share))
    slot = max((slot, *budget.slots))  # nobody overtakes, so that later windows keep to it, too
    if size is None and _taken(budget, slot) >= allowed:
        return math.inf
    while _taken(budget, slot) >= allowed:
        slot += 1
    at = max(start, slot * width)
    if at - now <= longest:
        budget.slots[slot] = budget.slots.get(slot, 0) + 1
    return at - now


def _taken(budget: State, slot: int) -> int:
    return sum(calls for key, calls in budget.slots.items() if slot - SLOTS <= key <= slot)


def learn(state: bytes | None, now: float, size: int) -> tuple[bytes, None]:
    """The vendor said how many calls a window holds."""
    budget = _sound(state, now)
    budget.size = size
    return _ENCODE(budget), None


def block(state: bytes | None, now: float, seconds: float) -> tuple[bytes, None]:
    """The vendor said to wait: nobody calls before that."""
    budget = _sound(state, now)
    budget.blocked_until = max(budget.blocked_until, now + min(seconds, LONGEST_BLOCK))
    return _ENCODE(budget), None


class Shelf(Protocol):
    """Where budgets lie, and the lock around them."""

    async def change(self, integration_id: str, name: str, f: Change[R]) -> R: ...


@dataclass
class Memory:
    """Budgets of one process, for tests and for a connector on its own."""

    states: dict[tuple[str, str], bytes] = field(default_factory=dict)

    async def change(self, integration_id: str, name: str, f: Change[R]) -> R:
        key = integration_id, name
        self.states[key], result = f(self.states.get(key), asyncio.get_running_loop().time())
        return result


class Budget:
    """One integration's budget as one process sees it.

    Callers who come together draw together: while one look-up is on its way the rest queue up and
    share the next, so that fifty callers cost a few transactions and not fifty.
    """

    def __init__(self, shelf: Shelf, integration_id: str, limit: RateLimit) -> None:
        self._shelf = shelf
        self._id = integration_id
        self.limit = limit
        self._waiting: list[tuple[asyncio.Future[float], float, float]] = []
        self._drawing: asyncio.Task[None] | None = None
        self._size: int | None = None

    async def wait(self, longest: float, share: float = 1.0) -> float:
        """Wait for a place; the seconds waited, or raise WaitTooLongError where it takes longer.

        With a `share`, the place is one in that part of the budget.
        """
        clock = asyncio.get_running_loop().time
        began = clock()
        patience = longest
        while math.isinf(seconds := await self._place(patience, share)):
            if clock() - began >= longest:
                raise WaitTooLongError(self.limit.seconds)
            if self._size is not None:  # the vendor did say, and the shelf lost it
                await self._learn(self._size)
            await asyncio.sleep(LOOK_AGAIN)
            patience = began + longest - clock()
        if seconds > max(0.0, patience):
            raise WaitTooLongError(seconds)
        if seconds > 0:
            await asyncio.sleep(seconds)
        return clock() - began if seconds > 0 else 0.0

    async def _place(self, longest: float, share: float) -> float:
        place: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting.append((place, longest, share))
        if self._drawing is None or self._drawing.done():
            self._drawing = asyncio.create_task(self._draw())
        return await place

    async def _draw(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            take = partial(
                draw,
                limit=self.limit,
                calls=len(batch),
                longest=[seconds for _, seconds, _ in batch],
                shares=[share for _, _, share in batch],
            )
            try:
                waits = await self._change(take)
            except Exception as error:
                for place, _, _ in batch:
                    if not place.done():
                        place.set_exception(error)
                continue
            for (place, _, _), seconds in zip(batch, waits, strict=True):
                if not place.done():
                    place.set_result(seconds)

    async def heed(self, headers: Mapping[str, str]) -> None:
        """Learn the size of the window from the vendor's own header, once it differs."""
        if self.limit.size_header is None:
            return
        size = to_count(headers.get(self.limit.size_header.lower(), "")) or None
        if size is None and self._size is None:
            size = self.limit.calls
        if size is not None and size != self._size:
            await self._learn(size)
            self._size = size

    async def _learn(self, size: int) -> None:
        await self._change(lambda state, now: learn(state, now, size))

    async def block(self, seconds: float) -> None:
        await self._change(lambda state, now: block(state, now, seconds))

    async def _change(self, f: Change[R]) -> R:
        return await self._shelf.change(self._id, self.limit.name, f)
