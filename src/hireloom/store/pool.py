"""Connections: to the PostgreSQL that comes along, or to the one that the operator names."""

import asyncio
import socket
import ssl
from typing import Any, TypeAlias

import asyncpg
import msgspec

from hireloom.settings import Settings
from hireloom.store.problems import DatabaseUnavailableError

Connection: TypeAlias = asyncpg.Connection

OLDEST_SERVER = 14
LAX = {"synchronous_commit": "off"}  # what was committed last may be lost in a crash, never half
CONNECT_SECONDS = 15
SERVER_SETTINGS = {
    "application_name": "hireloom",
    "timezone": "UTC",
    "jit": "off",  # the queries are short; compiling them takes longer than running them
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "180s",
}


async def find_server(settings: Settings) -> str:
    """The URL of the database, with the embedded server running and held by this process.

    The server is let go when the process ends. For what is soon done; what runs on goes by
    `watch.kept_server`.
    """
    if settings.database_url:
        return settings.database_url
    from hireloom.store.embedded import Server  # it needs a Unix, a server elsewhere does not

    server = Server(settings.home)
    url = await asyncio.to_thread(server.hold)
    await make_database(url)
    return url


async def make_database(url: str) -> None:
    """Make the embedded server's database where it is not there yet."""
    try:
        connection = await connect(url)
    except DatabaseUnavailableError as error:
        if not isinstance(error.__cause__, asyncpg.InvalidCatalogNameError):
            raise
    else:
        await connection.close()
        return
    connection = await connect(url.replace("/hireloom?", "/postgres?"))
    try:
        await connection.execute("create database hireloom")
    except asyncpg.PostgresError as error:
        # Another process was quicker: PostgreSQL says so in one of two ways.
        if not isinstance(error, asyncpg.DuplicateDatabaseError | asyncpg.UniqueViolationError):
            raise
    finally:
        await connection.close()


async def connect(url: str, *, plain: bool = False) -> Connection:
    """One connection outside the pool; raises DatabaseUnavailableError.

    On a `plain` one jsonb is text, which is what other libraries expect.
    """
    connection = await _connect(url, server_settings=SERVER_SETTINGS, timeout=CONNECT_SECONDS)
    if not plain:
        await prepare(connection)
    return connection


async def _connect(*address: Any, **options: Any) -> Connection:
    try:
        return await asyncpg.connect(*address, **options)
    except FAILURES as error:
        raise unavailable(error) from error


async def connect_pool(url: str, *, size: int = 16, lax: bool = False) -> asyncpg.Pool:
    """A pool on a database that is there already; raises DatabaseUnavailableError.

    It outlives a restart of the database: broken connections are replaced when they are asked for,
    and `acquire` raises DatabaseUnavailableError where that fails. A `lax` one does not wait for
    the disk: a crash of the database may forget the last half second, as a whole.
    """
    pool = asyncpg.create_pool(
        url,
        connect=_connect,
        min_size=0,  # to keep a minimum, asyncpg logs a traceback each second of an outage
        max_size=size,
        timeout=CONNECT_SECONDS,
        init=prepare,
        reset=keep,
        server_settings=SERVER_SETTINGS | (LAX if lax else {}),
        statement_cache_size=512,
    )
    try:
        await pool
        async with pool.acquire() as conn:
            refuse_old_server(conn)
    except FAILURES as error:
        await pool.close()
        raise unavailable(error) from error
    except DatabaseUnavailableError:
        await pool.close()
        raise
    return pool


def refuse_old_server(conn: Connection) -> None:
    """Raises DatabaseUnavailableError."""
    version = conn.get_server_version()
    if version.major < OLDEST_SERVER:
        what = f"The database is PostgreSQL {version.major}; Hireloom needs {OLDEST_SERVER}."
        raise DatabaseUnavailableError(what, "Upgrade the server, or name a newer one.")


CLOCK = "select extract(epoch from clock_timestamp())::float8"


async def clock(conn: Connection) -> float:
    """The database's time in Unix seconds: the one clock that all processes share."""
    seconds: float = await conn.fetchval(CLOCK)
    return seconds


async def prepare(conn: Connection) -> None:
    """Let jsonb be anything that msgspec can write; it comes back as plain values."""
    await conn.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=_to_jsonb, decoder=_from_jsonb, format="binary"
    )


def _to_jsonb(value: Any) -> bytes:
    return b"\x01" + msgspec.json.encode(value)


def _from_jsonb(content: bytes) -> Any:
    return msgspec.json.decode(content[1:])


async def keep(_: Connection) -> None:
    """Given back, a connection needs no reset and saves that round trip: what the store sets or
    locks ends with its transaction, and an open transaction is rolled back by the pool itself."""


FAILURES = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError)


# What a step says when the database goes away under it or is not there. No OSError is among them:
# to connect is all that raises one, and `_connect` has the words for it.
LOST_CONNECTION = (
    DatabaseUnavailableError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what a connection that breaks in the middle of a step says
    asyncpg.InvalidCachedStatementError,  # a migration changed a table under a transaction
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresConnectionError,
)
OUR_FAULT = (
    asyncpg.ClientConfigurationError,
    asyncpg.DataError,
    asyncpg.QueryCanceledError,  # the statement took too long, and would again
    asyncpg.UnsupportedClientFeatureError,
)


def is_lost(error: BaseException) -> bool:
    """Whether it was the database that failed, so that the same step may work when it is back."""
    return isinstance(error, LOST_CONNECTION) and not isinstance(error, OUR_FAULT)


def unavailable(error: BaseException) -> DatabaseUnavailableError:
    """The failure to connect in plain words; never the URL, which may hold a password."""
    what, todo = _in_words(error)
    return DatabaseUnavailableError(what, todo, may_pass=isinstance(error, MAY_PASS))


def _in_words(error: BaseException) -> tuple[str, str]:
    for kinds, what, todo in WORDS:
        if isinstance(error, kinds):
            return what, todo
    if isinstance(error, asyncpg.PostgresError):
        return f"The database refuses the connection: {error}.", CORRECT
    return "This is not an address of a PostgreSQL database.", CORRECT


# What a server says that starts, restarts or is busy; of a wrong address some of it, too.
MAY_PASS = (
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    ConnectionError,
    FileNotFoundError,  # the socket of a server that is not up yet
    TimeoutError,
)

CORRECT = "Correct HIRELOOM_DATABASE_URL."

# The first that fits: TimeoutError, gaierror and SSLError are OSErrors too.
WORDS: tuple[tuple[tuple[type[BaseException], ...], str, str], ...] = (
    (
        (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError),
        "The database refuses this user or password.",
        CORRECT,
    ),
    (
        (asyncpg.InvalidCatalogNameError,),
        "The database that is named does not exist.",
        f"Create it, or: {CORRECT}",
    ),
    (
        (asyncpg.TooManyConnectionsError,),
        "The database takes no more connections.",
        "Raise its max_connections, or run fewer processes.",
    ),
    (
        (asyncpg.CannotConnectNowError,),
        "The database is starting up or shutting down.",
        "Wait a moment and try again.",
    ),
    ((ssl.SSLError,), "No encrypted connection to the database came about.", CORRECT),
    (
        (TimeoutError,),
        "The database does not answer.",
        f"Check that it runs and that no firewall is in between, or: {CORRECT}",
    ),
    ((socket.gaierror,), "The database's host name is not known.", CORRECT),
    (
        (OSError,),
        "Nothing listens where the database should be.",
        f"Start it, or: {CORRECT}",
    ),
)
