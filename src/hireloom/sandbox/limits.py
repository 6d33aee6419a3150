"""The vendors' published limits, kept on arrival time."""

import fnmatch
import time
from collections.abc import Callable, Sequence

import msgspec


class FixedWindow(msgspec.Struct, frozen=True):
    """So many calls in each window of so many seconds."""

    calls: int
    seconds: float


class TokenBucket(msgspec.Struct, frozen=True):
    """A steady rate per second, with bursts up to the bucket's size."""

    rate: float
    burst: int


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A limit for the calls whose method and path match; paths are the vendor's own."""

    limit: FixedWindow | TokenBucket
    method: str = "*"
    path: str = "*"

    def covers(self, method: str, path: str) -> bool:
        return self.method in {"*", method} and fnmatch.fnmatchcase(path, self.path)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a limit says of one call."""

    allowed: bool
    limit: int
    remaining: int
    reset_in: float  # seconds until the budget is whole again
    retry_after: float  # seconds until the next call passes; 0 when this one did


class _Account:
    """One credential's use of one rule."""

    __slots__ = ("left", "recent", "since")

    def __init__(self, left: float, since: float) -> None:
        self.left = left
        self.since = since
        self.recent = 0


PLENTY = Verdict(allowed=True, limit=1_000_000, remaining=1_000_000, reset_in=1, retry_after=0)


class Limiter:
    """Counts calls per credential; `calls`, `refused` and `peak` are for tests and reports."""

    def __init__(
        self,
        rules: Sequence[Rule] = (),
        *,
        enabled: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.rules = tuple(rules)
        self.enabled = enabled
        self._clock = clock
        self.reset()

    def reset(self) -> None:
        self.calls = 0
        self.refused = 0
        self.peak = 0  # most calls that arrived in one window (a second, for a bucket)
        self._accounts: dict[tuple[str, int], _Account] = {}

    def arrive(self, credential: str, method: str, path: str) -> Verdict | None:
        """Count a call; None when nothing limits it, else the verdict of the tightest rule."""
        self.calls += 1
        if not self.enabled:
            # Whoever keeps to the limit that the headers name is told that there is plenty.
            return PLENTY if self.rules else None
        verdicts = [
            self._take(credential, number, rule.limit)
            for number, rule in enumerate(self.rules)
            if rule.covers(method, path)
        ]
        if not verdicts:
            return None
        verdict = min(verdicts, key=lambda each: (each.allowed, each.remaining))
        self.refused += not verdict.allowed
        return verdict

    def numbers(self) -> dict[str, int]:
        return {"calls": self.calls, "refused": self.refused, "peak": self.peak}

    def exhausted(self) -> Verdict:
        """The verdict on a call over the limit, for a simulated 429."""
        limit = self.rules[0].limit if self.rules else FixedWindow(1, 1)
        size = limit.calls if isinstance(limit, FixedWindow) else limit.burst
        return Verdict(allowed=False, limit=size, remaining=0, reset_in=1, retry_after=1)

    def _take(self, credential: str, number: int, limit: FixedWindow | TokenBucket) -> Verdict:
        now = self._clock()
        size = limit.calls if isinstance(limit, FixedWindow) else limit.burst
        account = self._accounts.setdefault((credential, number), _Account(size, now))
        if isinstance(limit, FixedWindow):
            return self._window(account, limit, now)
        return self._bucket(account, limit, now)

    def _window(self, account: _Account, limit: FixedWindow, now: float) -> Verdict:
        if now - account.since >= limit.seconds:
            account.since += (now - account.since) // limit.seconds * limit.seconds
            account.left = limit.calls
            account.recent = 0
        self._peak(account)
        allowed = account.left >= 1
        account.left -= allowed
        wait = account.since + limit.seconds - now
        return Verdict(
            allowed=allowed,
            limit=limit.calls,
            remaining=int(account.left),
            reset_in=wait,
            retry_after=0 if allowed else wait,
        )

    def _bucket(self, account: _Account, limit: TokenBucket, now: float) -> Verdict:
        # `since` is the last arrival here; the peak counts the calls of one second of the clock.
        elapsed = now - account.since
        account.left = min(limit.burst, account.left + elapsed * limit.rate)
        if int(now) != int(account.since):
            account.recent = 0
        account.since = now
        self._peak(account)
        allowed = account.left >= 1
        account.left -= allowed
        return Verdict(
            allowed=allowed,
            limit=limit.burst,
            remaining=int(account.left),
            reset_in=(limit.burst - account.left) / limit.rate,
            retry_after=0 if allowed else (1 - account.left) / limit.rate,
        )

    def _peak(self, account: _Account) -> None:
        account.recent += 1
        self.peak = max(self.peak, account.recent)
