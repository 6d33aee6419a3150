"""A pause for an account whose vendor keeps failing, so that calls fail fast and it can recover."""

import time
from dataclasses import dataclass

FAILURES = 8
SECONDS = 15.0


@dataclass
class Circuit:
    failures: int = 0
    open_until: float = 0.0

    @property
    def left(self) -> float:
        """Seconds until a call may be tried again; zero or less when it may."""
        return self.open_until - time.monotonic()

    def fail(self) -> None:
        self.failures += 1
        if self.failures >= FAILURES:
            self.open_until = time.monotonic() + SECONDS
            self.failures = FAILURES - 1  # one more failure opens it again

    def succeed(self) -> None:
        self.failures = 0
