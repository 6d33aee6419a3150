"""Integrations: the customers' accounts, how each is doing and who must act."""

import contextlib
from collections.abc import Sequence
from urllib.parse import urlencode

from hireloom import connecting, connectors
from hireloom.console import looks, once
from hireloom.console.visit import Answer, Visit, change, page
from hireloom.errors import HireloomError, RequestInvalidError
from hireloom.kit.trip import Trip, travel
from hireloom.models import Support
from hireloom.store import (
    audit,
    call_search,
    captures,
    console_lists,
    integrations,
    masters,
    sessions,
    webhooks,
)
from hireloom.store.console_lists import AccountRow
from hireloom.store.seal import OURS

PATH = "/console/integrations"
INVITATIONS = "/console/connect"
SIZE = 50
STATES = (
    ("", "Any"),
    ("active", "Active"),
    ("credentials_invalid", "Credentials refused"),
    ("deactivated", "Deactivated"),
)


async def every(visit: Visit) -> Answer:
    text, state, connector = (visit.asked(name) for name in ("text", "state", "app"))
    async with visit.desk.pool.acquire() as conn:
        found = await console_lists.accounts(
            conn,
            state=state or None,
            connector=connector or None,
            text=text or None,
            after=(visit.asked("after"), visit.asked("id")),
            size=SIZE + 1,
        )
    shown = found[:SIZE]
    further = ""
    if len(found) > SIZE:
        place = {"after": shown[-1].origin_org_name.lower(), "id": shown[-1].id}
        asked = {"text": text, "state": state, "app": connector}
        further = f"{PATH}?{urlencode(asked | place)}"
    return visit.show(
        "accounts.html",
        rows=[(one, *next_step(one)) for one in shown],
        further=further,
        text=text,
        state_chosen=state,
        app=connector,
        states=STATES,
        apps=[("", "Any"), *((name, looks.vendor(name)) for name in connectors.names())],
    )


def next_step(row: AccountRow) -> tuple[str, str]:
    """Who must act, and what there is to do; empty where all is well."""
    if row.state == "credentials_invalid":
        return "The customer", "Reconnect: send a new link"
    if row.state == "deactivated":
        return "", ""
    if row.error:
        who = looks.WHO_ACTS.get(str(row.error.get("category")), "You")
        return who, str(row.error.get("msg") or "A sync failed")
    if row.lacking:
        return "The customer", "Grant the permissions that are missing"
    return "", ""


async def one(visit: Visit) -> Answer:
    made = await once.taken(visit)
    async with visit.desk.pool.acquire() as conn:
        stored = await integrations.get(conn, visit.named("id"))
        syncs = await console_lists.syncs(conn, integration_id=stored.id)
        search = call_search.Search(integration_id=stored.id)
        calls = await call_search.page(conn, search, size=10)
        entries = await audit.page(conn, integration_id=stored.id, size=10)
        endpoints = await webhooks.page(conn, integration_id=stored.id)
        capture = await captures.latest(conn, stored.id)
    able, barred = {}, {}
    with contextlib.suppress(HireloomError):
        kind = connectors.load(stored.connector)
        able = dict(visit.house.support(kind, stored))
        barred = connecting.barred(visit.desk.needs, kind, stored.settings)
    return visit.show(
        "account.html",
        stored=stored,
        syncs=syncs,
        calls=calls.calls,
        entries=entries,
        endpoints=endpoints,
        capture=capture,
        able=sorted(able.items()),
        barred=sorted(barred.items()),
        supported=sum(support is Support.SUPPORTED for support in able.values()),
        link=made.get("link", ""),
    )


async def test_now(visit: Visit) -> Answer:
    """Ask the vendor whether the credentials still work."""
    desk, integration_id = visit.desk, visit.named("id")
    account = await desk.accounts.open(integration_id)
    trip = Trip()
    try:
        with travel(trip):
            await connecting.verify_again(desk, account.integration)
    except HireloomError as error:
        async with desk.pool.acquire() as conn:
            await audit.add(
                conn, visit.actor, "integration.verify", integration_id=integration_id,
                detail={"code": error.code, "executionId": trip.execution_id},
            )  # fmt: skip
        who = looks.WHO_ACTS[error.category]
        hint = f"{who} must act: {error.hint}" if error.hint else ""
        return visit.back(looks.sentence(error), is_good=False, hint=hint)
    async with desk.pool.acquire() as conn, conn.transaction():
        await integrations.update(conn, integration_id, verified=True)
        await integrations.turn(conn, integration_id, "credentials_invalid", "active")
        await audit.add(conn, visit.actor, "integration.verify", integration_id=integration_id)
    desk.accounts.forget(integration_id)
    return visit.back(f"{account.integration.title} accepts the credentials.")


async def deactivate(visit: Visit) -> Answer:
    action = "integration.deactivate"
    await connecting.set_state(visit.desk, visit.actor, visit.named("id"), "deactivated", action)
    return visit.back("Deactivated: it is neither read nor written any more.")


async def reactivate(visit: Visit) -> Answer:
    integration_id = visit.named("id")
    account = await visit.desk.accounts.open(integration_id, even_inactive=True)
    with travel(Trip()):
        await account.integration.connector.verify()
    action = "integration.reactivate"
    await connecting.set_state(visit.desk, visit.actor, integration_id, "active", action)
    return visit.back("Active again: the vendor accepts the credentials.")


async def send_link(visit: Visit) -> Answer:
    """A new magic link for the organisation of an account, shown this once."""
    async with visit.desk.pool.acquire() as conn:
        stored = await integrations.get(conn, visit.named("id"))
    filters = [{"category": stored.category.upper(), "apps": [stored.connector]}]
    link = await magic_link(visit, stored.origin_org_id, stored.origin_org_name, filters)
    return await once.go(visit, f"{PATH}/{stored.id}", link=link)


async def show_invitation(visit: Visit) -> Answer:
    made = await once.taken(visit)
    return visit.show("connect.html", link=made.get("link", ""), org_name=made.get("name", ""))


async def invite(visit: Visit) -> Answer:
    """A magic link for an organisation that connects its first account."""
    org_id, org_name = visit.needed("org_id"), visit.needed("org_name")
    if len(org_id) > 200 or len(org_name) > 200:
        raise RequestInvalidError.at("org_name", "is too long")
    link = await magic_link(visit, org_id, org_name, [])
    return await once.go(visit, INVITATIONS, link=link, name=org_name)


async def magic_link(visit: Visit, org_id: str, org_name: str, filters: Sequence[object]) -> str:
    desk = visit.desk
    new = sessions.NewSession(
        origin_org_id=org_id,
        origin_org_name=org_name,
        filters=filters,
        options={"testAccount": False, "language": "en", "redirectUrl": None},
    )
    async with desk.pool.acquire() as conn, conn.transaction():
        own_key = await masters.own_key(conn, desk.vault)
        token, _ = await sessions.create(conn, own_key, new)
        detail = {"originOrgId": org_id}
        await audit.add(conn, visit.actor, "auth.createSession", integration_id=OURS, detail=detail)
    return f"{desk.public_url}/connect/{token}"


ROUTES = (
    page("/integrations", every),
    page("/integrations/{id:str}", one),
    change("/integrations/{id:str}/test", test_now),
    change("/integrations/{id:str}/deactivate", deactivate),
    change("/integrations/{id:str}/reactivate", reactivate),
    change("/integrations/{id:str}/link", send_link),
    page("/connect", show_invitation, "admin"),
    change("/connect", invite),
)
