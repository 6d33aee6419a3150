"""Alerts: new issues by e-mail and to a webhook, in one message per channel and ten minutes.

A channel that fails is tried again later and later, and holds up neither the other nor the look.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import asyncpg
import msgspec
import structlog

from hireloom.deliver.courier import Courier
from hireloom.issues import mail
from hireloom.issues.digest import Digest
from hireloom.issues.showing import shown
from hireloom.settings import Settings, Smtp
from hireloom.store import alerts, issues

log = structlog.get_logger()

REST = timedelta(minutes=10)  # between two messages of a channel
LEASE = timedelta(minutes=3)  # longer than a message takes
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30))

Channel = Callable[[Digest], Awaitable[str | None]]  # what went wrong, without any secret


async def send(pool: asyncpg.Pool, settings: Settings) -> None:
    """Send what is due on each channel that is set up."""
    for name, channel in channels(settings).items():
        await _send_on(pool, name, channel, settings.public_url)


def channels(settings: Settings) -> Mapping[str, Channel]:
    found: dict[str, Channel] = {}
    if settings.smtp is not None and settings.alert_emails:
        found["email"] = by_mail(settings.smtp, settings.alert_emails)
    if settings.alert_webhook is not None:
        found["webhook"] = to_webhook(settings.alert_webhook)
    return found


def by_mail(smtp: Smtp, addresses: tuple[str, ...]) -> Channel:
    async def send(digest: Digest) -> str | None:
        return await mail.send(smtp, digest.message(smtp.sender, addresses))

    return send


def to_webhook(url: str) -> Channel:
    """The operator vouches for the address, so it may be a private one."""

    async def send(digest: Digest) -> str | None:
        body = msgspec.json.encode(digest.content())
        async with Courier(allow_private=True) as courier:
            outcome = await courier.send(url, body, {"Content-Type": "application/json"})
        return None if outcome.acknowledged else outcome.reason

    return send


async def _send_on(pool: asyncpg.Pool, name: str, channel: Channel, public_url: str | None) -> None:
    async with pool.acquire() as conn, conn.transaction():
        turn = await alerts.take(conn, name, LEASE)
    if turn is None:
        return
    async with pool.acquire() as conn:
        found = await issues.newer(conn, turn.opening)
        digest = Digest(await shown(conn, found), public_url)
    problem = await channel(digest) if digest.issues else None
    async with pool.acquire() as conn:
        if problem is None:
            last = max((one.opening for one in found), default=turn.opening)
            await alerts.sent(conn, name, last, REST)
            log.info("Issues were told", channel=name, count=len(found))
        else:
            pause = PAUSES[min(turn.failures, len(PAUSES) - 1)]
            await alerts.failed(conn, name, pause)
            log.warning("Issues could not be told", channel=name, problem=problem)
