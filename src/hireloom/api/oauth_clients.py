"""OAuth clients: what a vendor gave the user, so that customers can connect by consent."""

from hireloom import connectors
from hireloom.api.desk import Call
from hireloom.api.operation import Scope, operation
from hireloom.desk import Desk
from hireloom.errors import RequestInvalidError
from hireloom.kit import AnyOf
from hireloom.kit.auth import AuthorizationCode
from hireloom.models import (
    OAuthClientChoice,
    OAuthClientDeleted,
    OAuthClientDraft,
    OAuthClientList,
    OAuthClientShown,
)
from hireloom.store import audit, masters, oauth_clients
from hireloom.store.oauth_clients import OAuthClient


@operation(
    "oauth.client.put",
    scope=Scope.ADMIN,
    example={"appId": "lever", "clientId": "…", "clientSecret": "…"},
)
async def put_oauth_client(call: Call, draft: OAuthClientDraft) -> OAuthClientShown:
    """Keep your OAuth client at a vendor, sealed; the connect window then asks for consent there.

    One client per vendor: another takes the place of the one before.
    """
    kind = connectors.load(draft.app_id)
    ways = kind.auth.ways if isinstance(kind.auth, AnyOf) else (kind.auth,)
    if not any(isinstance(way, AuthorizationCode) for way in ways):
        raise RequestInvalidError.at("appId", f"{kind.title} has no consent to ask for")
    async with call.desk.pool.acquire() as conn, conn.transaction():
        own_key = await masters.own_key(conn, call.desk.vault)
        kept = await oauth_clients.put(
            conn, own_key, draft.app_id, draft.client_id, draft.client_secret
        )
        detail = {"connector": draft.app_id}
        await audit.add(conn, call.actor, "oauth.client.put", detail=detail)
    return shown(call.desk, kept)


@operation("oauth.client.list", scope=Scope.ADMIN)
async def list_oauth_clients(call: Call) -> OAuthClientList:
    """List your OAuth clients, without their secrets."""
    async with call.desk.pool.acquire() as conn:
        found = await oauth_clients.every(conn)
    return OAuthClientList(clients=[shown(call.desk, one) for one in found])


@operation("oauth.client.delete", scope=Scope.ADMIN, example={"appId": "lever"})
async def delete_oauth_client(call: Call, choice: OAuthClientChoice) -> OAuthClientDeleted:
    """Forget your OAuth client at a vendor. Accounts that were connected with it go on."""
    connectors.load(choice.app_id)  # or it is named wrongly
    async with call.desk.pool.acquire() as conn, conn.transaction():
        deleted = await oauth_clients.delete(conn, choice.app_id)
        if deleted:
            detail = {"connector": choice.app_id}
            await audit.add(conn, call.actor, "oauth.client.delete", detail=detail)
    return OAuthClientDeleted(app_id=choice.app_id, deleted=deleted)


def shown(desk: Desk, kept: OAuthClient) -> OAuthClientShown:
    return OAuthClientShown(
        app_id=kept.connector,
        client_id=kept.client_id,
        redirect_url=f"{desk.public_url}/oauth/callback",
        created_at=kept.created_at,
        updated_at=kept.updated_at,
    )
