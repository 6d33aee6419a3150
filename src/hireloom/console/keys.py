"""API keys: made and revoked here, shown once."""

from datetime import UTC, datetime, timedelta

from hireloom.console import once
from hireloom.console.visit import Answer, Visit, change, page
from hireloom.errors import RequestInvalidError, ResourceNotFoundError
from hireloom.store import audit, keys
from hireloom.store.keys import ApiKey

PATH = "/console/keys"
SCOPES = (
    ("read", "read records and what was set up"),
    ("write", "write to vendors, start and stop syncs"),
    ("passthrough", "call a vendor's own API"),
    ("admin", "accounts, credentials, webhooks"),
)
ENDS = (("", "Never"), ("30", "In 30 days"), ("90", "In 90 days"), ("365", "In a year"))


async def every(visit: Visit) -> Answer:
    made = await once.taken(visit)
    async with visit.desk.pool.acquire() as conn:
        found = await keys.every(conn)
    found.sort(key=lambda one: (state_of(one) != "in_force", -one.created_at.timestamp()))
    return visit.show(
        "keys.html",
        rows=[(one, state_of(one)) for one in found],
        made=made,
        scopes=SCOPES,
        ends=ENDS,
    )


def state_of(key: ApiKey) -> str:
    if key.revoked_at:
        return "revoked"
    return "ended" if key.expires_at and key.expires_at < datetime.now(UTC) else "in_force"


async def create(visit: Visit) -> Answer:
    name = visit.needed("name")[:100]
    scopes = [scope for scope, _ in SCOPES if scope in visit.ticked("scope")]
    if not scopes:
        raise RequestInvalidError.at("scope", "tick what the key may do")
    days = visit.given("days")
    ends = datetime.now(UTC) + timedelta(days=int(days)) if days in dict(ENDS) and days else None
    async with visit.desk.pool.acquire() as conn, conn.transaction():
        made = await keys.create(conn, name, scopes, ends)
        detail = {"keyId": made.api_key.id, "name": name, "scopes": scopes}
        await audit.add(conn, visit.actor, "key.create", detail=detail)
    return await once.go(visit, PATH, name=name, secret=made.secret)


async def revoke(visit: Visit) -> Answer:
    key_id = visit.named("id")
    async with visit.desk.pool.acquire() as conn, conn.transaction():
        if not await keys.revoke(conn, key_id):
            raise ResourceNotFoundError("There is no such key in force", hint="")
        await audit.add(conn, visit.actor, "key.revoke", detail={"keyId": key_id})
    return visit.back("Revoked: calls with it are refused from now on.")


ROUTES = (
    page("/keys", every),
    change("/keys", create),
    change("/keys/{id:str}/revoke", revoke),
)
