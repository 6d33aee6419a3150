"""Integrations: customers' accounts, how they come in, change and go."""

from datetime import UTC, datetime

from hireloom import connecting, connectors
from hireloom.accounts import from_stored, title
from hireloom.api import own_pages
from hireloom.api.desk import Call
from hireloom.api.events import forget_hooks
from hireloom.api.operation import Scope, operation
from hireloom.errors import (
    RequestInvalidError,
)
from hireloom.kit import Integration
from hireloom.kit.choices import choose
from hireloom.models import (
    ConnectedApps,
    ConnectSession,
    CredentialsUpdate,
    Deleted,
    DetailsQuery,
    Imported,
    IntegrationChange,
    IntegrationDetails,
    IntegrationExport,
    IntegrationImport,
    IntegrationPage,
    IntegrationQuery,
    IntegrationState,
    SessionRequest,
    Verified,
)
from hireloom.store import audit, credentials, integrations, masters, sessions
from hireloom.store.pool import Connection
from hireloom.store.seal import OURS

LANGUAGES = ("en", "de", "fr")
CREDENTIALS = {"clientId": "…", "clientSecret": "…"}


@operation(
    "auth.createSession",
    scope=Scope.ADMIN,
    example={
        "originOrgId": "org-77",
        "originOrgName": "Example & Sons",
        "originUserEmail": "hr@example.com",
        "originUserName": "Kim Example",
    },
)
async def create_session(call: Call, request: SessionRequest) -> ConnectSession:
    """Make a token, good once and for 30 minutes, by which a customer connects an account."""
    if request.language not in LANGUAGES:
        raise RequestInvalidError.at("language", f"one of: {', '.join(LANGUAGES)}")
    for index, one in enumerate(request.filters):
        for app in one.apps:
            if app not in connectors.names():
                raise RequestInvalidError.at(f"filters[{index}].apps", f"there is no app '{app}'")
    if request.redirect_url and not connecting.is_web_address(request.redirect_url):
        raise RequestInvalidError.at(
            "redirectUrl", "an address that begins with https:// or http://"
        )
    new = sessions.NewSession(
        origin_org_id=request.origin_org_id,
        origin_org_name=request.origin_org_name,
        person=sessions.Person(email=request.origin_user_email, name=request.origin_user_name),
        filters=[{"category": one.category, "apps": one.apps} for one in request.filters],
        options={
            "testAccount": request.test_account,
            "language": request.language,
            "redirectUrl": request.redirect_url,
        },
    )
    async with call.desk.pool.acquire() as conn:
        own_key = await masters.own_key(conn, call.desk.vault)
        token, ends = await sessions.create(conn, own_key, new)
        detail = {"originOrgId": request.origin_org_id}
        await audit.add(conn, call.actor, "auth.createSession", detail=detail)
    # Where the wire shape that we are compatible to has it.
    call.beside["msg"] = {"token": token}
    return ConnectSession(
        token=token, url=f"{call.desk.public_url}/connect/{token}", expires_at=ends
    )


@operation("integration.details", scope=Scope.READ, example={"originOrgId": "org-77"})
async def integration_details(call: Call, query: DetailsQuery) -> ConnectedApps:
    """Show the accounts of one of your customers, or the one that the header names."""
    async with call.desk.pool.acquire() as conn:
        if query.origin_org_id:
            found = await _all_of(conn, query.origin_org_id)
        elif call.origin_integration_id:
            found = [await integrations.get(conn, call.origin_integration_id)]
        else:
            raise RequestInvalidError.at("originOrgId", "give it, or send X-Integration-Id")
    return ConnectedApps(apps=[shown(one) for one in found])


@operation("integration.list", scope=Scope.READ)
async def list_integrations(call: Call, query: IntegrationQuery) -> IntegrationPage:
    """List all connected accounts, a page at a time."""
    async with call.desk.pool.acquire() as conn:
        own_key = await masters.own_key(conn, call.desk.vault)
        page = own_pages.opened(own_key, OURS, "integration.list", query)
        found = await integrations.page(
            conn,
            origin_org_id=query.origin_org_id,
            connector=query.app_id,
            after=page.after or "",
            size=page.read,
        )
    listed, following = page.cut(found, lambda one: one.id)
    return IntegrationPage(integrations=[shown(one) for one in listed], next_page_token=following)


@operation(
    "integration.import",
    scope=Scope.ADMIN,
    example={
        "originOrgId": "org-77",
        "originOrgName": "Example & Sons",
        "appId": "greenhouse",
        "credentials": CREDENTIALS,
    },
)
async def import_integration(call: Call, request: IntegrationImport) -> Imported:
    """Connect an account with credentials that you have; they are verified with the vendor."""
    kind = connectors.load(request.app_id)
    chosen = choose(kind.settings, request.settings)
    tried = await connecting.verified(call.desk, kind, request.credentials, chosen)
    new = integrations.NewIntegration(
        connector=kind.name,
        category=kind.category,
        origin_org_id=request.origin_org_id,
        origin_org_name=request.origin_org_name,
        settings=chosen,
        test_account=request.test_account,
    )
    action = "integration.import"
    stored = await connecting.create(call.desk, call.actor, new, tried, action)
    return Imported(integration_id=stored.id)


@operation("integration.export", scope=Scope.ADMIN)
async def export_integration(call: Call, integration: Integration) -> IntegrationExport:
    """Take an account out, credentials in clear, to import it elsewhere. It is audited."""
    desk = call.desk
    async with desk.pool.acquire() as conn, conn.transaction():
        opened = await credentials.opened(conn, desk.vault, integration.id)
        await audit.add(conn, call.actor, "integration.export", integration_id=integration.id)
    stored = opened.integration
    return IntegrationExport(
        integration_id=stored.id,
        origin_org_id=stored.origin_org_id,
        origin_org_name=stored.origin_org_name,
        app_id=stored.connector,
        credentials=_exported(opened.credentials),
        settings={name: str(value) for name, value in stored.settings.items()},
        test_account=stored.test_account,
    )


@operation(
    "integration.credentials.update", scope=Scope.ADMIN, example={"credentials": CREDENTIALS}
)
async def update_credentials(
    call: Call, integration: Integration, request: CredentialsUpdate
) -> IntegrationChange:
    """Replace an account's credentials; the new ones are verified first. Its id stays."""
    desk, kind = call.desk, type(integration.connector)
    before = dict(integration.connector.chosen)
    chosen = choose(kind.settings, before if request.settings is None else request.settings)
    tried = await connecting.verified(desk, kind, request.credentials, chosen)
    stored = await connecting.replace_credentials(desk, call.actor, integration.id, tried, chosen)
    return changed(stored)


@operation("integration.verify", scope=Scope.READ, by_post=True)
async def verify_integration(call: Call, integration: Integration) -> Verified:
    """Ask the vendor whether the account's credentials still work."""
    await connecting.verify_again(call.desk, integration)
    async with call.desk.pool.acquire() as conn:
        stored = await integrations.update(conn, integration.id, verified=True)
        if await integrations.turn(conn, integration.id, "credentials_invalid", "active"):
            stored = await integrations.get(conn, integration.id)
    call.desk.accounts.forget(integration.id)
    return Verified(
        integration_id=stored.id,
        state=state(stored),
        verified_at=stored.verified_at or datetime.now(UTC),
        missing_permissions=stored.permissions,
    )


@operation("integration.deactivate", scope=Scope.ADMIN)
async def deactivate_integration(call: Call, integration: Integration) -> IntegrationChange:
    """Stop all use of an account; its credentials stay sealed until it is deleted."""
    stored = await connecting.set_state(
        call.desk, call.actor, integration.id, "deactivated", "integration.deactivate"
    )
    return changed(stored)


@operation("integration.reactivate", scope=Scope.ADMIN)
async def reactivate_integration(call: Call, integration: Integration) -> IntegrationChange:
    """Use a deactivated account again, if its credentials still work."""
    await integration.connector.verify()
    stored = await connecting.set_state(
        call.desk, call.actor, integration.id, "active", "integration.reactivate"
    )
    return changed(stored)


@operation("integration.delete", scope=Scope.ADMIN)
async def delete_integration(call: Call, integration: Integration) -> Deleted:
    """Delete an account: its key first, then all else. Only the audit entry stays.

    Webhooks that were registered by API are removed at the vendor, as far as it lets us.
    """
    await forget_hooks(call, integration)
    async with call.desk.pool.acquire() as conn, conn.transaction():
        await integrations.delete(conn, call.desk.vault, integration.id, call.actor)
    call.desk.accounts.replace(integration.id)
    call.account = None
    return Deleted(integration_id=integration.id, deleted=True)


def shown(stored: integrations.Integration) -> IntegrationDetails:
    return IntegrationDetails(
        id=stored.connector,
        app_id=stored.connector,
        app_name=title(stored.connector),
        category=stored.category.upper(),
        integration_id=stored.id,
        origin_org_id=stored.origin_org_id,
        origin_org_name=stored.origin_org_name,
        state=state(stored),
        is_active=stored.state != "deactivated",
        test_account=stored.test_account,
        settings=stored.settings,
        missing_permissions=stored.permissions,
        created_at=stored.created_at,
        updated_at=stored.updated_at,
        deactivated_at=stored.deactivated_at,
        verified_at=stored.verified_at,
    )


def state(stored: integrations.Integration) -> IntegrationState:
    return IntegrationState(stored.state.upper())


def changed(stored: integrations.Integration) -> IntegrationChange:
    return IntegrationChange(
        integration_id=stored.id, state=state(stored), is_active=stored.state != "deactivated"
    )


async def _all_of(conn: Connection, origin_org_id: str) -> list[integrations.Integration]:
    found: list[integrations.Integration] = []
    while True:
        after = found[-1].id if found else ""
        page = await integrations.page(conn, origin_org_id=origin_org_id, after=after, size=500)
        found += page
        if len(page) < 500:
            return found


def _exported(stored: bytes) -> dict[str, str]:
    secrets = from_stored(stored)
    fields = dict(secrets.fields)
    if secrets.refresh_token:
        fields["refreshToken"] = secrets.refresh_token
    return fields
