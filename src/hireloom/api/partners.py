"""Partner access: the address and key that a customer enters so that an ATS can order tests."""

from urllib.parse import urlsplit

from hireloom.api.desk import Call
from hireloom.api.events import is_inside
from hireloom.api.operation import Scope, operation
from hireloom.api.partner_calls import FOR_ALL
from hireloom.desk import Desk
from hireloom.errors import NotSupportedError
from hireloom.kit import HostsAssessments, Integration
from hireloom.models import (
    PartnerAccess,
    PartnerDeleted,
    PartnerList,
    PartnerRequest,
    PartnerShown,
)
from hireloom.store import audit, integrations, partners
from hireloom.store.partners import Partner

SHOWN_BEFORE = "(the key that was shown when it was made)"


@operation(
    "assessment.partner.create",
    scope=Scope.ADMIN,
    needs=(HostsAssessments,),
    example={"rotate": False},
)
async def create_partner(
    call: Call, integration: Integration, request: PartnerRequest
) -> PartnerAccess:
    """Make the address and key with which this ATS orders tests. The key is shown this once.

    Called again, it shows the address and the steps; with `rotate` it makes a new key.
    """
    fact = type(integration.connector).partner
    if fact is None:
        raise NotSupportedError(f"In {integration.title} no tests of partners can be ordered")
    account = await call.desk.accounts.open(integration.id, even_inactive=True)
    async with call.desk.pool.acquire() as conn, conn.transaction():
        await integrations.hold(conn, integration.id)
        access, key = await partners.create(conn, account.data_key, integration.id)
        rotates = key is None and request.rotate
        if rotates:
            access, key = await partners.rotate(conn, account.data_key, integration.id)
        if key is not None:
            await audit.add(
                conn, call.actor, "assessment.partner.create",
                integration_id=integration.id, detail={"rotated": rotates},
            )  # fmt: skip
    url = address(call.desk, integration.connector.name, access)
    shared = f"{url.rpartition('/')[0]}/{FOR_ALL}"
    fills = {"baseUrl": url, "sharedUrl": shared, "secretKey": key or SHOWN_BEFORE}
    return PartnerAccess(
        base_url=url,
        shared_url=shared,
        secret_key=key,
        steps=[*unreachable(url), *(step.format_map(fills) for step in fact.steps)],
        created_at=access.created_at,
    )


@operation("assessment.partner.list", scope=Scope.ADMIN)
async def list_partners(call: Call) -> PartnerList:
    """List the accounts whose ATS can order tests; the integration header narrows it to one."""
    async with call.desk.pool.acquire() as conn:
        if call.origin_integration_id:
            await integrations.get(conn, call.origin_integration_id)
        found = await partners.every(conn, call.origin_integration_id)
        return PartnerList(
            partners=[
                PartnerShown(
                    integration_id=one.integration_id,
                    base_url=address(
                        call.desk, (await integrations.get(conn, one.integration_id)).connector, one
                    ),
                    created_at=one.created_at,
                    last_called_at=one.last_called_at,
                )
                for one in found
            ]
        )


@operation("assessment.partner.delete", scope=Scope.ADMIN)
async def delete_partner(call: Call, integration: Integration) -> PartnerDeleted:
    """Let this ATS order no more tests: its address is gone. Orders stay to be looked at."""
    async with call.desk.pool.acquire() as conn, conn.transaction():
        deleted = await partners.delete(conn, integration.id)
        if deleted:
            await audit.add(
                conn, call.actor, "assessment.partner.delete", integration_id=integration.id
            )
    return PartnerDeleted(integration_id=integration.id, deleted=deleted)


def address(desk: Desk, connector: str, access: Partner) -> str:
    return f"{desk.public_url}/partner/{connector}/{access.token}"


def unreachable(url: str) -> list[str]:
    """What to do first where no vendor can reach the address."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_inside(host):
        why = f"The address leads to {host}, where no vendor on the internet can call."
    elif parts.scheme != "https":
        why = "The address is not https, and vendors call no other."
    else:
        return []
    todo = "Set HIRELOOM_PUBLIC_URL to the https address of this server on the internet"
    return [f"{why} {todo}, restart it, and call assessment.partner.create again."]
