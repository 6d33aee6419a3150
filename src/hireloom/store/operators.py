"""Who may use the console: operators, the links that let them in, their sessions, failed logins.

Tokens are kept as hashes only; passwords as whoever calls hashed them.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import asyncpg
import msgspec

from hireloom.errors import ConflictError
from hireloom.store.keys import new_id
from hireloom.store.pool import Connection

Role = Literal["admin", "support"]
Purpose = Literal["first", "terminal", "invitation", "renewal"]

LINK_LIFETIME = timedelta(minutes=30)
INVITATION_LIFETIME = timedelta(days=3)
IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
LONGEST_BY_PROVIDER = timedelta(hours=12)  # after which the provider is asked for the role again
FAILURES_COUNT_FOR = timedelta(minutes=15)


class Operator(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    role: Role
    created_at: datetime
    last_login_at: datetime | None = None
    issuer: str | None = None  # the provider that knows them; none: they have a password

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"


class Link(msgspec.Struct, frozen=True, kw_only=True):
    purpose: Purpose
    role: Role
    made_by: str
    expires_at: datetime
    renews: str | None = None  # the name of somebody who has to choose a new password


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


ANY = "select exists (select from operators)"


async def any_there(conn: Connection) -> bool:
    return bool(await conn.fetchval(ANY))


EVERY = """
select id, name, role, created_at, last_login_at, issuer from operators order by lower(name)
"""


async def every(conn: Connection) -> list[Operator]:
    return [Operator(**row) for row in await conn.fetch(EVERY)]


BY_NAME = """
select id, name, role, created_at, last_login_at, password_hash
  from operators where lower(name) = lower($1) and password_hash is not null
"""


async def by_name(conn: Connection, name: str) -> tuple[Operator, str] | None:
    """Somebody who has a password, with its hash."""
    row = await conn.fetchrow(BY_NAME, name)
    if row is None:
        return None
    found = dict(row)
    kept = found.pop("password_hash")
    return Operator(**found), kept


SET_PASSWORD = "update operators set password_hash = $2 where id = $1"  # noqa: S105 – SQL


async def set_password(conn: Connection, operator_id: str, password_hash: str) -> None:
    await conn.execute(SET_PASSWORD, operator_id, password_hash)


ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended('operators', 0))"
ADMINS = "select count(*) from operators where role = 'admin' and id <> $1"
REMOVE = "delete from operators where id = $1 returning name"


async def remove(conn: Connection, operator_id: str) -> str | None:
    """Delete somebody with their sessions; the name, or None where there is no such person.

    Raises ConflictError for the last admin.
    """
    await conn.execute(ONE_AT_A_TIME)
    if not await conn.fetchval(ADMINS, operator_id):
        raise ConflictError("Nobody else is an admin", hint="Invite another admin first.")
    name: str | None = await conn.fetchval(REMOVE, operator_id)
    return name


MAKE_LINK = """
insert into operator_links (token_hash, purpose, role, made_by, expires_at, operator_id)
values ($1, $2, $3, $4, now() + $5::interval, $6)
"""


async def make_link(
    conn: Connection,
    purpose: Purpose,
    role: Role,
    made_by: str,
    lifetime: timedelta = LINK_LIFETIME,
    *,
    renews: str | None = None,
) -> str:
    """The token of a link that lets one person in, once; it is kept nowhere.

    `renews`: the id of somebody whose password is lost; they alone are let in by it.
    """
    token = secrets.token_urlsafe(32)
    await conn.execute(MAKE_LINK, hash_of(token), purpose, role, made_by, lifetime, renews)
    return token


FIND_LINK = """
select purpose, operator_links.role, made_by, expires_at, name as renews
  from operator_links left join operators on operators.id = operator_id
 where token_hash = $1 and expires_at > now()
"""


async def find_link(conn: Connection, token: str) -> Link | None:
    row = await conn.fetchrow(FIND_LINK, hash_of(token))
    return None if row is None else Link(**row)


SPEND_LINK = """
delete from operator_links where token_hash = $1 and expires_at > now() and operator_id is null
returning role
"""
VOID_FIRST_LINKS = "delete from operator_links where purpose = 'first'"
CREATE = """
insert into operators (id, name, role, password_hash) values ($1, $2, $3, $4)
returning id, name, role, created_at, last_login_at
"""


async def join(conn: Connection, token: str, name: str, password_hash: str) -> Operator | None:
    """Spend a link on a new operator, in the caller's transaction; None where it is not good.

    Raises ConflictError where somebody has that name.
    """
    row = await conn.fetchrow(SPEND_LINK, hash_of(token))
    if row is None:
        return None
    await conn.execute(VOID_FIRST_LINKS)
    try:
        made = await conn.fetchrow(CREATE, new_id("op"), name, row["role"], password_hash)
    except asyncpg.UniqueViolationError:
        raise ConflictError(f"Somebody is called {name} already") from None
    return Operator(**made)


SPEND_RENEWAL = """
delete from operator_links
 where token_hash = $1 and expires_at > now() and operator_id is not null
returning operator_id
"""
RENEW = """
update operators set password_hash = $2 where id = $1 and password_hash is not null
returning id, name, role, created_at, last_login_at
"""


async def renew(conn: Connection, token: str, password_hash: str) -> Operator | None:
    """Spend a link on the new password of whom it is for, whose sessions end; in a transaction."""
    operator_id = await conn.fetchval(SPEND_RENEWAL, hash_of(token))
    row = None if operator_id is None else await conn.fetchrow(RENEW, operator_id, password_hash)
    if row is None:
        return None
    await end_sessions(conn, operator_id)
    await void_renewals(conn, operator_id)
    return Operator(**row)


VOID_RENEWALS = "delete from operator_links where operator_id = $1"


async def void_renewals(conn: Connection, operator_id: str) -> None:
    await conn.execute(VOID_RENEWALS, operator_id)


OPEN_SESSION = """
insert into operator_sessions (token_hash, operator_id, provider_logout) values ($1, $2, $3)
"""
LOGGED_IN = "update operators set last_login_at = now() where id = $1"


async def open_session(
    conn: Connection, operator_id: str, provider_logout: str | None = None
) -> str:
    """The token of a session that begins now; where to log out of the provider that it came by."""
    token = secrets.token_urlsafe(32)
    await conn.execute(OPEN_SESSION, hash_of(token), operator_id, provider_logout)
    await conn.execute(LOGGED_IN, operator_id)
    return token


FIND_SESSION = """
select id, name, role, operators.created_at, last_login_at, issuer
  from operator_sessions join operators on operators.id = operator_id
 where token_hash = $1 and seen_at > now() - $2::interval
   and operator_sessions.created_at
       > now() - case when issuer is null then $3::interval else $4::interval end
"""
SEEN = """
update operator_sessions set seen_at = now()
 where token_hash = $1 and seen_at < now() - interval '1 minute'
"""


async def who(conn: Connection, token: str) -> Operator | None:
    """Whose session it is, unless it ended."""
    row = await conn.fetchrow(FIND_SESSION, hash_of(token), IDLE, LONGEST, LONGEST_BY_PROVIDER)
    if row is None:
        return None
    await conn.execute(SEEN, hash_of(token))
    return Operator(**row)


END_SESSION = "delete from operator_sessions where token_hash = $1 returning provider_logout"


async def end_session(conn: Connection, token: str) -> str | None:
    """Where to log out of the provider too, if the session came by one that has such a place."""
    found: str | None = await conn.fetchval(END_SESSION, hash_of(token))
    return found


END_SESSIONS = "delete from operator_sessions where operator_id = $1"


async def end_sessions(conn: Connection, operator_id: str) -> None:
    await conn.execute(END_SESSIONS, operator_id)


NOTE_FAILURES = "insert into login_failures (subject) select unnest($1::bytea[])"
COUNT_FAILURES = """
select (select count(*) from login_failures
         where login_failures.subject = wanted.subject and at > now() - $2::interval) as count
  from unnest($1::bytea[]) with ordinality as wanted (subject, place)
 order by place
"""


async def note_attempt(conn: Connection, subjects: Sequence[bytes]) -> list[int]:
    """Count an attempt as failed until it is forgiven; how many there were of each lately."""
    await conn.execute(NOTE_FAILURES, list(subjects))
    rows = await conn.fetch(COUNT_FAILURES, list(subjects), FAILURES_COUNT_FOR)
    return [row["count"] for row in rows]


FORGIVE = "delete from login_failures where subject = any ($1)"


async def forgive(conn: Connection, subjects: Sequence[bytes]) -> None:
    await conn.execute(FORGIVE, list(subjects))


CLEAN_UP = (
    "delete from operator_links where expires_at < now()",
    "delete from login_failures where at < now() - interval '1 day'",
    "delete from provider_logins where expires_at < now()",
)
CLEAN_UP_SESSIONS = """
delete from operator_sessions
 where seen_at < now() - $1::interval or created_at < now() - $2::interval
"""


async def clean_up(conn: Connection) -> None:
    """Drop what nobody can use any more."""
    for statement in CLEAN_UP:
        await conn.execute(statement)
    await conn.execute(CLEAN_UP_SESSIONS, IDLE, LONGEST)
