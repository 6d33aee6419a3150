"""Vendors' own webhooks as they come in: whose they are, and a job for what they touched.

Nothing is asked of the vendor here, so that it has its answer within milliseconds.
"""

import secrets as random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from hireloom.desk import Desk
from hireloom.errors import HireloomError, ResourceNotFoundError, SignatureInvalidError
from hireloom.kit import Hook, Hooks, News, ReadsHooks
from hireloom.models import DataType, Happening
from hireloom.store import hooks, queue
from hireloom.store.hooks import Subscription
from hireloom.sync import live
from hireloom.sync.live import Touch

TOO_OLD = timedelta(minutes=10)
AHEAD = timedelta(minutes=5)


async def hear(desk: Desk, integration_id: str, token: str, hook: Hook) -> int:
    """Take a vendor's webhook: check its signature and put a job for what it touched.

    How many records that were. Raises ResourceNotFoundError, SignatureInvalidError,
    RequestInvalidError.
    """
    nowhere = ResourceNotFoundError("There is nothing at this address")
    try:
        account = await desk.accounts.open(integration_id)
    except HireloomError:
        raise nowhere from None
    async with desk.pool.acquire() as conn:
        stored = await hooks.get(conn, account.data_key, integration_id)
    reader = account.integration.able_to(ReadsHooks)
    heard = type(account.integration.connector).hooks
    if stored is None or reader is None or heard is None:
        raise nowhere
    if not random.compare_digest(stored.token.encode(), token.encode()):
        raise nowhere
    news = reader.read_hook(hook, stored.secrets)
    refuse_stale(news)
    touches = list(touched(heard, stored, news))
    mark = account.data_key.fingerprint("heard", f"{news.event} {news.id}".encode())
    async with desk.pool.acquire() as conn, conn.transaction():
        if not await hooks.hear(conn, integration_id, mark):
            return 0
        await queue.put(conn, [live.job(integration_id, touch) for touch in touches])
    return sum(len(touch.ids) for touch in touches)


def refuse_stale(news: News) -> None:
    """A webhook that was recorded and is sent again later says nothing new."""
    if news.sent_at is None:
        return
    age = datetime.now(UTC) - news.sent_at
    if age > TOO_OLD or age < -AHEAD:
        raise SignatureInvalidError(
            "This webhook was signed too long ago, or in the future",
            hint="Check this server's clock; a vendor's repeat is signed anew.",
        )


def touched(heard: Hooks, stored: Subscription, news: News) -> Iterator[Touch]:
    """What is to be read again, as far as its data type is followed."""
    meant = heard.events.get(news.event, ())
    followed = {Happening(one).data_type for one in stored.happenings}
    named: dict[DataType, list[str]] = {}
    for one in news.touched:
        named.setdefault(one.data_type, []).append(one.id)
    for data_type, ids in named.items():
        if data_type in followed:
            can_end = any(one.data_type is data_type and one.is_deletion for one in meant)
            yield Touch(data_type, tuple(dict.fromkeys(ids)), can_end=can_end)
    people = named.get(DataType.CANDIDATES)
    if people and DataType.APPLICATIONS in followed and DataType.APPLICATIONS not in named:
        yield Touch(DataType.APPLICATIONS, tuple(dict.fromkeys(people)), of_candidates=True)
