"""OAuth clients: the id and secret that a vendor gave the user, with which customers consent."""

from datetime import datetime

import msgspec

from hireloom.store.pool import Connection
from hireloom.store.seal import OURS, Key

PURPOSE = "oauth_clients.client_secret"


class OAuthClient(msgspec.Struct, frozen=True, kw_only=True):
    connector: str
    client_id: str
    created_at: datetime
    updated_at: datetime


PUT = """
insert into oauth_clients (connector, client_id, client_secret) values ($1, $2, $3)
on conflict (connector)
do update set client_id = $2, client_secret = $3, updated_at = now()
returning connector, client_id, created_at, updated_at
"""


async def put(
    conn: Connection, own_key: Key, connector: str, client_id: str, client_secret: str
) -> OAuthClient:
    """Keep the client of a vendor, in the place of the one before. `own_key` seals its secret."""
    sealed = own_key.seal(OURS, _purpose(connector), client_secret.encode())
    return OAuthClient(**await conn.fetchrow(PUT, connector, client_id, sealed))


GET = "select client_id, client_secret from oauth_clients where connector = $1"


async def get(conn: Connection, own_key: Key, connector: str) -> tuple[str, str] | None:
    """Id and secret in plain, or None where the user has no client at this vendor."""
    row = await conn.fetchrow(GET, connector)
    if row is None:
        return None
    return row["client_id"], own_key.open(OURS, _purpose(connector), row["client_secret"]).decode()


EVERY = "select connector, client_id, created_at, updated_at from oauth_clients order by connector"


async def every(conn: Connection) -> list[OAuthClient]:
    return [OAuthClient(**row) for row in await conn.fetch(EVERY)]


DELETE = "delete from oauth_clients where connector = $1 returning connector"


async def delete(conn: Connection, connector: str) -> bool:
    return await conn.fetchval(DELETE, connector) is not None


def _purpose(connector: str) -> str:
    return f"{PURPOSE} {connector}"
