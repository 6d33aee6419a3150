"""How far each channel of alerts has told of issues, and when it may tell again."""

from datetime import timedelta

import msgspec

from hireloom.store.pool import Connection


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """A channel that may send now. Issues up to `opening` were told."""

    channel: str
    opening: int
    failures: int


# One that is known is not waited for, even while another process holds it.
KNOW = """
insert into issue_alerts (channel)
select $1 where not exists (select from issue_alerts where channel = $1)
on conflict (channel) do nothing
"""
DUE = """
select channel, opening, failures from issue_alerts
 where channel = $1 and next_at <= now()
   and exists (
    select from issues
     where issues.opening > issue_alerts.opening and opened_at is not null
       and (muted_until is null or muted_until <= now())
       and not (is_over and resolved_at < now() - interval '1 hour')
   )
   for update skip locked
"""
HOLD = "update issue_alerts set next_at = now() + $2::interval where channel = $1"


async def take(conn: Connection, channel: str, lease: timedelta) -> Turn | None:
    """Become the one that sends, where there is something new and its time has come.

    In a transaction. Nobody else sends until the lease ends, even if this process dies.
    """
    await conn.execute(KNOW, channel)
    row = await conn.fetchrow(DUE, channel)
    if row is None:
        return None
    await conn.execute(HOLD, channel, lease)
    return Turn(**row)


SENT = """
update issue_alerts
   set opening = greatest(opening, $2), failures = 0, sent_at = now(),
       next_at = now() + $3::interval
 where channel = $1
"""


async def sent(conn: Connection, channel: str, opening: int, rest: timedelta) -> None:
    """They were told up to this one; nothing more for a while."""
    await conn.execute(SENT, channel, opening, rest)


FAILED = """
update issue_alerts set failures = failures + 1, next_at = now() + $2::interval
 where channel = $1
"""


async def failed(conn: Connection, channel: str, pause: timedelta) -> None:
    """Nobody took them: try again after a pause."""
    await conn.execute(FAILED, channel, pause)
