"""Who may use the console, what was done, and how the installation is set."""

import platform

from hireloom import __version__
from hireloom.console import once
from hireloom.console.door import LOGIN, NO_PASSWORDS, START
from hireloom.console.visit import Answer, Told, Visit, change, page
from hireloom.errors import ResourceNotFoundError
from hireloom.store import audit, console_lists, operators
from hireloom.store.operators import INVITATION_LIFETIME, Role

PATH = "/console/people"
SIZE = 50


async def every(visit: Visit) -> Answer:
    link = (await once.taken(visit)).get("link", "")
    async with visit.desk.pool.acquire() as conn:
        found = await operators.every(conn)
    passwords = visit.desk.settings.console_passwords
    return visit.show("people.html", rows=found, link=link, passwords=passwords)


async def invite(visit: Visit) -> Answer:
    if not visit.desk.settings.console_passwords:
        return visit.back(NO_PASSWORDS, is_good=False)
    role: Role = "admin" if visit.given("role") == "admin" else "support"
    async with visit.desk.pool.acquire() as conn, conn.transaction():
        token = await operators.make_link(
            conn, "invitation", role, visit.who.name, INVITATION_LIFETIME
        )
        await audit.add(conn, visit.actor, "console.invite", detail={"role": role})
    return await once.go(visit, PATH, link=f"{visit.desk.public_url}{START}{token}")


async def remove(visit: Visit) -> Answer:
    operator_id = visit.named("id")
    async with visit.desk.pool.acquire() as conn, conn.transaction():
        name = await operators.remove(conn, operator_id)
        if name is None:
            raise ResourceNotFoundError("There is no such person", hint="")
        detail = {"operatorId": operator_id, "name": name}
        await audit.add(conn, visit.actor, "console.remove", detail=detail)
    if operator_id == visit.who.id:
        return visit.go(LOGIN, Told("You removed yourself."), visit.logged_out())
    return visit.back(f"{name} can no longer log in.")


async def end_sessions(visit: Visit) -> Answer:
    async with visit.desk.pool.acquire() as conn, conn.transaction():
        await operators.end_sessions(conn, visit.named("id"))
        detail = {"operatorId": visit.named("id")}
        await audit.add(conn, visit.actor, "console.sessions.end", detail=detail)
    return visit.back("Logged out everywhere.")


async def trail(visit: Visit) -> Answer:
    integration_id, before = visit.asked("integration"), visit.asked("before")
    last = int(before) if before.isdecimal() and len(before) < 19 else None
    async with visit.desk.pool.acquire() as conn:
        found = await audit.page(
            conn, integration_id=integration_id or None, before=last, size=SIZE + 1
        )
        names = await console_lists.names(conn, {one.integration_id for one in found})
    further = ""
    if len(found) > SIZE:
        further = f"/console/audit?integration={integration_id}&before={found[SIZE - 1].id}"
    return visit.show(
        "audit.html", rows=found[:SIZE], names=names, further=further, integration=integration_id
    )


async def settings(visit: Visit) -> Answer:
    """How the installation is set; what is secret is only said to be there."""
    read = visit.desk.settings
    async with visit.desk.pool.acquire() as conn:
        server: str = await conn.fetchval("show server_version")
    facts = [
        ("Version", __version__, "", ""),
        ("Python", platform.python_version(), "", ""),
        ("PostgreSQL", server, "", ""),
        ("Database", "your own server" if read.database_url else "the one that comes along",
         "HIRELOOM_DATABASE_URL", "where all that is kept lies"),
        ("Master key", "given by the environment" if read.master_keys else "a file under the home",
         "HIRELOOM_MASTER_KEY", "seals credentials and events"),
        ("Public address", visit.desk.public_url, "HIRELOOM_PUBLIC_URL",
         "what links and vendors lead to"),
        ("Home", str(read.home), "HIRELOOM_HOME", "keys and the embedded database"),
        ("Log is kept for", f"{read.log_days} days", "HIRELOOM_LOG_DAYS",
         "calls and deliveries, metadata only"),
        ("Log level and format", f"{read.log_level}, {read.log_format}", "HIRELOOM_LOG_LEVEL",
         "what the process itself writes"),
        ("Login by password", "allowed" if read.console_passwords else "switched off",
         "HIRELOOM_CONSOLE_PASSWORDS", ""),
        ("Login through", read.oidc_issuer or "no provider", "HIRELOOM_OIDC_ISSUER",
         "OpenID Connect"),
        ("Roles by", ", ".join(dict.fromkeys(rule.claim for rule in read.oidc_roles)) or "–",
         "HIRELOOM_OIDC_ROLES", "what the provider says of people"),
        ("Calls per key and minute", str(read.rate_limit or "no limit"), "HIRELOOM_RATE_LIMIT", ""),
        ("Largest body", f"{read.max_body_bytes:,} bytes", "HIRELOOM_MAX_BODY_BYTES", ""),
        ("Webhooks into private networks",
         "allowed" if read.allow_private_webhooks else "refused",
         "HIRELOOM_ALLOW_PRIVATE_WEBHOOKS", ""),
        ("Vendors called elsewhere", str(len(read.origins) or "none"), "HIRELOOM_ORIGINS",
         "for the sandbox"),
    ]  # fmt: skip
    has_password = visit.who.issuer is None and read.console_passwords
    return visit.show("settings.html", facts=facts, has_password=has_password)


ROUTES = (
    page("/people", every, "admin"),
    change("/people/invite", invite),
    change("/people/{id:str}/remove", remove),
    change("/people/{id:str}/end", end_sessions),
    page("/audit", trail),
    page("/settings", settings),
)
