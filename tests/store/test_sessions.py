"""Connect sessions: good once, for a while, and silent about whose they are."""

from datetime import timedelta

import asyncpg
import pytest

from hireloom.store import sessions
from hireloom.store.seal import Key, SealBrokenError, new_key
from hireloom.store.sessions import NewSession, Person

NEW = NewSession(
    origin_org_id="org_1",
    origin_org_name="Initech",
    person=Person(email="ada@example.com", name="Ada Lovelace"),
    filters=[{"category": "ATS", "apps": ["lever"]}],
    options={"language": "de"},
)


@pytest.fixture
def key() -> Key:
    return new_key()


async def test_a_token_leads_to_its_session(conn: asyncpg.Connection, key: Key) -> None:
    token, expires_at = await sessions.create(conn, key, NEW)

    session = await sessions.find(conn, key, token)

    assert session is not None
    assert session.person == NEW.person
    assert session.filters == NEW.filters
    assert session.options == NEW.options
    assert session.expires_at == expires_at
    assert session.expires_at - session.created_at == timedelta(minutes=30)
    assert "Lovelace" not in repr(session)


async def test_a_token_is_spent_once(conn: asyncpg.Connection, key: Key) -> None:
    token, _ = await sessions.create(conn, key, NEW)

    assert await sessions.use(conn, token)

    assert not await sessions.use(conn, token)
    assert await sessions.find(conn, key, token) is None


async def test_a_spent_session_says_what_it_was_used_for_and_by_which_browser(
    conn: asyncpg.Connection, key: Key
) -> None:
    token, _ = await sessions.create(conn, key, NEW)

    await sessions.use(conn, token, "int_1", b"browser")

    session = await sessions.look(conn, key, token)
    assert session is not None
    assert (session.used_for, session.browser) == ("int_1", b"browser")
    assert session.used_at is not None


async def test_a_session_belongs_to_the_first_page_that_frames_it(
    conn: asyncpg.Connection, key: Key
) -> None:
    token, _ = await sessions.create(conn, key, NEW)

    await sessions.frame(conn, token, "https://product.example", skip_intro=True)
    await sessions.frame(conn, token, "https://other.example", skip_intro=False)

    session = await sessions.look(conn, key, token)
    assert session is not None
    assert session.options == {
        **NEW.options,
        "frameOrigin": "https://product.example",
        "skipIntro": True,
    }


async def test_an_expired_or_unknown_token_leads_nowhere(
    conn: asyncpg.Connection, key: Key
) -> None:
    token, _ = await sessions.create(conn, key, NEW, timedelta(seconds=-1))

    assert await sessions.find(conn, key, token) is None
    assert not await sessions.use(conn, token)
    assert await sessions.find(conn, key, "guessed") is None


async def test_neither_the_token_nor_the_person_can_be_read(
    conn: asyncpg.Connection, key: Key
) -> None:
    token, _ = await sessions.create(conn, key, NEW)

    row = await conn.fetchrow("select * from connect_sessions")

    assert b"Lovelace" not in row["person"]
    assert b"example" not in row["person"]
    assert token not in str(dict(row))


async def test_a_person_moved_to_another_session_does_not_open(
    conn: asyncpg.Connection, key: Key
) -> None:
    token, _ = await sessions.create(conn, key, NEW)
    foreign = key.seal("", "connect_sessions.person 00", b"{}")
    await conn.execute("update connect_sessions set person = $1", foreign)

    with pytest.raises(SealBrokenError):
        await sessions.find(conn, key, token)


async def test_what_is_over_is_cleaned_up(conn: asyncpg.Connection, key: Key) -> None:
    await sessions.create(conn, key, NEW, timedelta(hours=-2))
    token, _ = await sessions.create(conn, key, NEW)

    assert await sessions.clean_up(conn) == 1
    assert await sessions.find(conn, key, token) is not None
