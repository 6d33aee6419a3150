"""The deliverer: what a job "deliver" does. A root makes one per process and registers `work`.

There is one sender per webhook, by a lease in its row. No event is overlooked: a job for now comes
with each put, and is visible when its events are; a job that meets another sender's lease ends at
once, since whoever lets go of the lease looks once more; and while a lease is held, a job for
later waits, so that somebody comes when the sender was killed.
"""

import secrets
from datetime import timedelta

import asyncpg
import structlog

from hireloom.deliver.connections import Connections
from hireloom.deliver.courier import SECONDS, Courier, Outcome
from hireloom.deliver.turn import AWAY, LeaseLostError, Report, Turn
from hireloom.settings import Settings
from hireloom.store import days, outbox, queue, senders
from hireloom.store.outbox import Due
from hireloom.store.pool import Connection
from hireloom.store.seal import Vault
from hireloom.store.senders import Endpoint

log = structlog.get_logger()

LOOK_AGAIN = timedelta(seconds=30)  # longer than a turn, and than the lease of one that was killed
A_MOMENT = timedelta(seconds=1)


def unheard(_letters: int, _outcome: Outcome) -> None:
    """Where nobody counts."""


class Deliverer:
    """A process's sender: close it when no job runs any more."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        vault: Vault,
        settings: Settings,
        *,
        seconds: float = SECONDS,
        report: Report = unheard,
    ) -> None:
        self._connections = Connections(pool)
        self._vault = vault
        self._courier = Courier(allow_private=settings.allow_private_webhooks, seconds=seconds)
        self._report = report
        self._turns: dict[str, Turn] = {}

    async def work(self, webhook_id: str, *, waited: bool = True) -> None:
        """Send what is due for one webhook, for a while; what is due later has a job of its own.

        A job that `waited` may have been that one.
        """
        if (turn := self._turns.get(webhook_id)) is not None:
            turn.wake()
            if waited:
                await self._come_later(webhook_id)
            return
        holder = secrets.token_hex(8)
        async with self._connections.of(webhook_id) as conn:
            endpoint = await self._begin(conn, webhook_id, holder)
            if endpoint is not None and webhook_id in self._turns:
                # A turn that lost its lease is not quite over.
                await self._end(conn, webhook_id, holder)
                return
        if endpoint is None:
            return
        turn = Turn(
            self._connections, self._vault, self._courier, endpoint, holder, report=self._report
        )
        self._turns[webhook_id] = turn
        try:
            await turn.run()
        except LeaseLostError:
            pass
        except AWAY as error:  # the job for later goes on
            log.warning("Deliveries wait for the database", error=type(error).__name__)
            return
        finally:
            del self._turns[webhook_id]
        async with self._connections.of(webhook_id) as conn:
            await self._end(conn, webhook_id, holder)

    async def _come_later(self, webhook_id: str) -> None:
        """Put the job again that waits in case that the sender is killed."""
        async with self._connections.of(webhook_id) as conn:
            endpoint = await senders.find(conn, webhook_id)
            if endpoint is not None:
                later = outbox.job(webhook_id, endpoint.integration_id, LOOK_AGAIN)
                await queue.put_by(conn, later)

    def stop(self) -> None:
        """Take no more letters; the work under way comes to its end within seconds."""
        for turn in self._turns.values():
            turn.close()

    async def close(self) -> None:
        await self._courier.close()

    async def _begin(self, conn: Connection, webhook_id: str, holder: str) -> Endpoint | None:
        endpoint = await senders.take(conn, webhook_id, holder)
        if endpoint is not None:
            await queue.put_by(conn, outbox.job(webhook_id, endpoint.integration_id, LOOK_AGAIN))
            return endpoint
        found = await senders.find(conn, webhook_id)
        left = await senders.held_for(conn, webhook_id)
        if found is not None and left is not None:
            after = max(left, timedelta()) + A_MOMENT
            await queue.put_by(conn, outbox.job(webhook_id, found.integration_id, after))
        return None

    async def _end(self, conn: Connection, webhook_id: str, holder: str) -> None:
        await senders.release(conn, webhook_id, holder)
        await look_again(conn, webhook_id)


async def look_again(conn: Connection, webhook_id: str) -> None:
    """Put the job for what is due of a webhook, now or later, where anything is."""
    endpoint = await senders.find(conn, webhook_id)
    if endpoint is None or endpoint.state != "active":
        return
    after = wait(await outbox.due(conn, webhook_id), endpoint.pause)
    if after is None:
        return
    if after > 0:
        later = outbox.job(webhook_id, endpoint.integration_id, timedelta(seconds=after))
        await queue.put_by(conn, later)
    else:
        await queue.put(conn, [outbox.job(webhook_id, endpoint.integration_id)])


def wait(due: Due, pause: float) -> float | None:
    """Seconds until something can be sent; None where nothing waits."""
    times = [0.0] if due.fresh else []
    if due.failed_in is not None:
        times.append(due.failed_in)
    return max(pause, min(times)) if times else None


async def tidy(pool: asyncpg.Pool, log_days: int) -> None:
    """Once an hour: erase what expired, drop old days, make coming ones, and miss nobody."""
    async with pool.acquire() as conn:
        await days.keep_coming(conn, "deliveries")
        await days.drop_old(conn, "deliveries", log_days)
        await outbox.expire(conn)
        await outbox.drop_old(conn, log_days)
        for one in await outbox.waited_for(conn):
            await look_again(conn, one["id"])
