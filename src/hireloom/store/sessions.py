"""Connect sessions: a link, good once and for a while, by which a customer connects an account.

The token is kept as a hash; the person's e-mail address and name are sealed.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from hireloom.store.pool import Connection
from hireloom.store.seal import OURS, Key

PURPOSE = "connect_sessions.person"
LIFETIME = timedelta(minutes=30)


class Person(msgspec.Struct, frozen=True, kw_only=True):
    email: str = ""
    name: str = ""

    def __repr__(self) -> str:
        return "Person(…)"


class NewSession(msgspec.Struct, frozen=True, kw_only=True):
    origin_org_id: str
    origin_org_name: str
    person: Person = Person()
    filters: Sequence[Any] = ()  # category and apps to offer, as the caller gave them
    options: dict[str, Any] = {}  # test account, language, where to return


class Session(msgspec.Struct, frozen=True, kw_only=True):
    origin_org_id: str
    origin_org_name: str
    person: Person
    filters: list[Any]
    options: dict[str, Any]
    created_at: datetime
    expires_at: datetime
    has_ended: bool = False
    used_at: datetime | None = None
    used_for: str | None = None  # the integration
    browser: bytes | None = None  # the hash of what the browser that used it is known by


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


CREATE = """
insert into connect_sessions
    (token_hash, origin_org_id, origin_org_name, person, filters, options, expires_at)
values ($1, $2, $3, $4, $5, $6, now() + $7::interval)
returning expires_at
"""


async def create(
    conn: Connection, own_key: Key, new: NewSession, lifetime: timedelta = LIFETIME
) -> tuple[str, datetime]:
    """The token, which is kept nowhere, and when it ends. `own_key` is `masters.own_key`."""
    token = secrets.token_urlsafe(32)
    place = hash_of(token)
    person = own_key.seal(OURS, _purpose(place), msgspec.json.encode(new.person))
    expires_at: datetime = await conn.fetchval(
        CREATE, place, new.origin_org_id, new.origin_org_name, person, new.filters, new.options,
        lifetime,
    )  # fmt: skip
    return token, expires_at


FIND = """
select origin_org_id, origin_org_name, person, filters, options, created_at, expires_at
  from connect_sessions
 where token_hash = $1 and used_at is null and expires_at > now()
"""


async def find(conn: Connection, own_key: Key, token: str) -> Session | None:
    """The session, unless the token is unknown, used or expired."""
    place = hash_of(token)
    row = await conn.fetchrow(FIND, place)
    if row is None:
        return None
    person = own_key.open(OURS, _purpose(place), row["person"])
    return Session(**{**row, "person": msgspec.json.decode(person, type=Person)})


LOOK = """
select origin_org_id, origin_org_name, person, filters, options, created_at, expires_at,
       expires_at <= now() as has_ended, used_at, used_for, browser
  from connect_sessions
 where token_hash = $1
"""


async def look(conn: Connection, own_key: Key, token: str) -> Session | None:
    """The session, also when it was used or has ended, until it is cleaned up."""
    place = hash_of(token)
    row = await conn.fetchrow(LOOK, place)
    if row is None:
        return None
    person = own_key.open(OURS, _purpose(place), row["person"])
    return Session(**{**row, "person": msgspec.json.decode(person, type=Person)})


FRAME = """
update connect_sessions
   set options = options || jsonb_build_object('frameOrigin', $2::text, 'skipIntro', $3::boolean)
 where token_hash = $1 and not options ? 'frameOrigin'
"""


async def frame(conn: Connection, token: str, origin: str, *, skip_intro: bool) -> None:
    """Bind the session to the page that opened it in a frame; the first one stays."""
    await conn.execute(FRAME, hash_of(token), origin, skip_intro)


USE = """
update connect_sessions set used_at = now(), used_for = $2, browser = $3
 where token_hash = $1 and used_at is null and expires_at > now()
returning true
"""


async def use(
    conn: Connection, token: str, integration_id: str | None = None, browser: bytes | None = None
) -> bool:
    """Spend the token, in the transaction that makes the integration; whether it was still good."""
    return await conn.fetchval(USE, hash_of(token), integration_id, browser) is not None


CLEAN_UP = """
delete from connect_sessions
 where expires_at < now() - interval '1 hour' or used_at < now() - interval '1 hour'
returning 1
"""


async def clean_up(conn: Connection) -> int:
    """Drop what nobody can use any more, and with it whose it was; return how many."""
    return len(await conn.fetch(CLEAN_UP))


def _purpose(token_hash: bytes) -> str:
    return f"{PURPOSE} {token_hash.hex()}"
