"""What a turn has to write down: acknowledgements, failures, and the attempts for the call log."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hireloom.deliver import notices, retries
from hireloom.deliver.consumed import tell_consumed
from hireloom.deliver.courier import Outcome
from hireloom.store import calls, deliveries, outbox, receipts, senders
from hireloom.store.outbox import Letter
from hireloom.store.pool import Connection
from hireloom.store.seal import OURS, Vault
from hireloom.store.senders import Endpoint

OPERATION = "webhook"
NOT_ACKNOWLEDGED = "webhook.not_acknowledged"
UNOPENED = "could not be opened: it was sealed under another key, or altered"


@dataclass
class Ledger:
    """Of one webhook, since it was last written."""

    webhook_id: str
    delivered: list[deliveries.Delivered] = field(default_factory=list)
    failures: list[outbox.Failure] = field(default_factory=list)
    given_up: list[outbox.Failure] = field(default_factory=list)  # through no fault of the endpoint
    attempts: list[calls.Call] = field(default_factory=list)
    first_failures: int = 0  # first attempts in a row that failed, of all turns
    gone: bool = False

    def __len__(self) -> int:
        return len(self.delivered) + len(self.failures) + len(self.given_up)

    @property
    def settled(self) -> list[int]:
        """The ids of the letters in it."""
        failed = (one.letter.id for one in (*self.failures, *self.given_up))
        return [*(one.letter.id for one in self.delivered), *failed]

    def note(self, letters: Sequence[Letter], outcome: Outcome, execution_id: str) -> None:
        """One POST came to its end."""
        if outcome.acknowledged:
            self.first_failures = 0
            now, ms = datetime.now(UTC), outcome.seconds * 1000
            self.delivered.extend(
                deliveries.Delivered(letter, self.webhook_id, now, outcome.status, ms, execution_id)
                for letter in letters
            )
            return
        self.gone = self.gone or outcome.gone
        if not letters[0].attempts:
            self.first_failures += 1
        self._failed(letters, outcome, execution_id)

    def _failed(self, letters: Sequence[Letter], outcome: Outcome, execution_id: str) -> None:
        now = datetime.now(UTC)
        # One for the whole batch, so that it stays together.
        chance = random.random()  # noqa: S311 – no secret
        for letter in letters:
            delay = retries.delay(
                letter.attempts + 1,
                letter.first_attempt_at or now,
                now,
                wish=outcome.retry_after,
                chance=chance,
            )
            self.failures.append(
                outbox.Failure(letter, now, outcome.status, outcome.reason, delay, execution_id)
            )

    def unopened(self, letter: Letter) -> None:
        """It will never open, so there is no use in trying again."""
        failure = outbox.Failure(letter, datetime.now(UTC), None, UNOPENED, None, None)
        self.given_up.append(failure)

    def attempted(
        self, letters: Sequence[Letter], outcome: Outcome, execution_id: str, size: int
    ) -> None:
        """For the log of calls, where the execution id is looked for."""
        accounts = {letter.integration_id for letter in letters}
        self.attempts.append(
            attempt(accounts.pop() if len(accounts) == 1 else OURS, outcome, execution_id, size)
        )

    async def write(self, conn: Connection, vault: Vault, endpoint: Endpoint) -> None:
        """Write it all in one transaction, then the attempts; nothing is dropped where it fails."""
        done, failed = self.delivered[:], self.failures[:]
        lost, tried, gone = self.given_up[:], self.attempts[:], self.gone
        if done or failed or lost:
            async with conn.transaction():
                if failed or lost:
                    await outbox.fail(conn, [*failed, *lost])
                if done:
                    await self._acknowledged(conn, vault, done)
                if done or failed:
                    await self._health(conn, vault, endpoint, healthy=bool(done), gone=gone)
        del self.delivered[: len(done)], self.failures[: len(failed)], self.given_up[: len(lost)]
        if tried:
            await calls.add(conn, tried)
            del self.attempts[: len(tried)]

    async def _acknowledged(
        self, conn: Connection, vault: Vault, delivered: Sequence[deliveries.Delivered]
    ) -> None:
        there = await outbox.erase(conn, [one.letter for one in delivered])
        kept = [one for one in delivered if one.letter.id in there]
        if not kept:
            return
        await deliveries.add(conn, kept)
        consumed = Counter(
            (one.letter.integration_id, one.letter.run_id, self.webhook_id)
            for one in kept
            if one.letter.run_id is not None and one.letter.event_type != outbox.NEVER_COUNTED
        )
        for integration_id, run_id in await receipts.consume(conn, consumed):
            await tell_consumed(conn, vault, integration_id, run_id)

    async def _health(
        self, conn: Connection, vault: Vault, endpoint: Endpoint, *, healthy: bool, gone: bool
    ) -> None:
        if gone:
            await notices.disable(conn, vault, endpoint, "answered 410: it is gone", None)
        elif healthy:
            await senders.delivered(conn, self.webhook_id)
        else:
            chance = random.random()  # noqa: S311 – no secret
            pause = retries.pause(self.first_failures, chance)
            since = await senders.failed(conn, self.webhook_id, self.first_failures, pause)
            if since is not None and datetime.now(UTC) - since > retries.DISABLED_AFTER:
                days = retries.DISABLED_AFTER / timedelta(days=1)
                because = f"acknowledged nothing for {days:g} days"
                await notices.disable(conn, vault, endpoint, because, since)


def attempt(integration_id: str, outcome: Outcome, execution_id: str, size: int) -> calls.Call:
    """One POST for the log of calls."""
    return calls.Call(
        at=datetime.now(UTC) - timedelta(seconds=outcome.seconds),
        direction="out",
        execution_id=execution_id,
        operation=OPERATION,
        method="POST",
        duration_ms=outcome.seconds * 1000,
        integration_id=integration_id,
        status=outcome.status,
        code=None if outcome.acknowledged else NOT_ACKNOWLEDGED,
        bytes=size,
    )
