"""Logins through an OpenID Connect provider: those that began, and whom they let in.

What a browser holds and what it sends back are kept as hashes only. People are known by what the
provider calls them (issuer and subject), never by an e-mail address or a name.
"""

import secrets
from datetime import timedelta

import msgspec

from hireloom.store.keys import new_id
from hireloom.store.operators import (
    ONE_AT_A_TIME,
    VOID_FIRST_LINKS,
    Operator,
    Role,
    hash_of,
)
from hireloom.store.pool import Connection

LIFETIME = timedelta(minutes=10)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    operator: Operator
    is_new: bool = False
    role_before: Role | None = None


BEGIN = """
insert into provider_logins (state_hash, browser_hash, next_page, expires_at)
values ($1, $2, $3, now() + $4::interval)
"""


async def begin(conn: Connection, browser: str, next_page: str) -> str:
    """The state of a login that `browser`, a secret of that browser's alone, can end once."""
    state = secrets.token_urlsafe(32)
    await conn.execute(BEGIN, hash_of(state), hash_of(browser), next_page, LIFETIME)
    return state


TAKE = """
delete from provider_logins
 where state_hash = $1 and browser_hash = $2 and expires_at > now()
returning next_page
"""


async def take(conn: Connection, state: str, browser: str) -> str | None:
    """End a login that this browser began: where it wanted to go; None where it is not good."""
    found: str | None = await conn.fetchval(TAKE, hash_of(state), hash_of(browser))
    return found


FIND = """
select id, name, role, created_at, last_login_at, issuer
  from operators where issuer = $1 and subject = $2
"""


async def find(conn: Connection, issuer: str, subject: str) -> Operator | None:
    row = await conn.fetchrow(FIND, issuer, subject)
    return None if row is None else Operator(**row)


SET_ROLE = """
update operators set role = $2 where id = $1
returning id, name, role, created_at, last_login_at, issuer
"""
CREATE = """
insert into operators (id, name, role, issuer, subject) values ($1, $2, $3, $4, $5)
returning id, name, role, created_at, last_login_at, issuer
"""


async def come_in(conn: Connection, issuer: str, subject: str, name: str, role: Role) -> Known:
    """Somebody with the role of now, in the caller's transaction; made at the first login."""
    await conn.execute(ONE_AT_A_TIME)
    found = await find(conn, issuer, subject)
    if found is not None:
        row = await conn.fetchrow(SET_ROLE, found.id, role)
        return Known(operator=Operator(**row), role_before=found.role)
    await conn.execute(VOID_FIRST_LINKS)
    row = await conn.fetchrow(
        CREATE, new_id("op"), await _free_name(conn, name), role, issuer, subject
    )
    return Known(operator=Operator(**row), is_new=True)


IS_TAKEN = "select exists (select from operators where lower(name) = lower($1))"


async def _free_name(conn: Connection, name: str) -> str:
    """The name, with a number where somebody else has it: each name stands for one person."""
    number, free = 1, name
    while await conn.fetchval(IS_TAKEN, free):
        number += 1
        free = f"{name} {number}"
    return free
