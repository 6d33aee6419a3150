"""In and out: the first link, invitations, login, logout."""

import unicodedata
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from litestar import Response

from hireloom.console import looks, passwords
from hireloom.console.provider import host_of
from hireloom.console.visit import (
    HEADERS,
    HTML,
    ROOT,
    SESSION,
    Answer,
    Told,
    Visit,
    change,
    inside,
    page,
)
from hireloom.errors import ConflictError
from hireloom.settings import Settings
from hireloom.store import audit, masters, operators
from hireloom.store.operators import Link, Operator

LOGIN = f"{ROOT}/login"
START = f"{ROOT}/start/"
LONGEST_NAME = 60

# Failures in a quarter of an hour, after which nobody is let try: of one name from one address, of
# a name from anywhere, of an address whatever the name.
MOST_FAILURES = (5, 40, 60)
SECONDS = 15 * 60

WRONG = "This name and password do not belong together."
TOO_OFTEN = (
    "Too many attempts. Wait a quarter of an hour, or ask for a link to a new password, which"
    " `hireloom console link --name` prints on the server."
)
CHANGED = "Your password is changed. Wherever else you were logged in, you are logged out."
OVER = "This link was used already, or it is too old. `hireloom console link` makes another one."
NO_PASSWORDS = "Passwords are switched off here: the provider alone lets people in."


def lets_in(settings: Settings, operator: Operator) -> bool:
    """Whether the way by which somebody came in is still open."""
    if operator.issuer is None:
        return settings.console_passwords
    return settings.oidc is not None and operator.issuer == settings.oidc.issuer


def login_at(address: str) -> str:
    """The login, from which people come to where they wanted to go."""
    wanted = inside(address)
    return LOGIN if wanted == ROOT else f"{LOGIN}?next={quote(wanted, safe='/')}"


def go_on(to: str) -> Answer:
    """A page that goes on by itself: from a page of ours the browser sends the session along."""
    text = looks.alone("going_on.html", to=to)
    return Response(text, media_type=HTML, status_code=200, headers=HEADERS)


def login_page(visit: Visit, status: int = 200, **values: Any) -> Answer:
    """Each way in that there is, and what went wrong with the last one."""
    oidc = visit.desk.settings.oidc
    return visit.show(
        "login.html",
        status,
        passwords=visit.desk.settings.console_passwords,
        host=None if oidc is None else host_of(oidc),
        next_page=inside(visit.given("next") or visit.asked("next")),
        **values,
    )


def too_often(visit: Visit, **values: Any) -> Answer:
    answer = login_page(visit, 429, problem=TOO_OFTEN, **values)
    answer.headers["Retry-After"] = str(SECONDS)
    return answer


async def show_login(visit: Visit) -> Answer:
    if visit.operator:
        return visit.go(inside(visit.asked("next")))
    if visit.request.headers.get("sec-fetch-site") == "cross-site" and visit.comes_from_elsewhere:
        return go_on(login_at(visit.asked("next")))
    return login_page(visit)


async def log_in(visit: Visit) -> Answer:
    if not visit.desk.settings.console_passwords:
        return login_page(visit, 403, problem=NO_PASSWORDS)
    name = clean_name(visit.given("name"))
    password = visit.given("password")[: passwords.LONGEST]
    counted = await subjects(visit, *tries_of(visit, name))
    async with visit.desk.pool.acquire() as conn:
        counts = await operators.note_attempt(conn, counted)
        found = await operators.by_name(conn, name)
    if is_too_often(counts):
        if is_first_too_often(counts):
            await keep_failure(visit, "too_often", found and found[0])
        return too_often(visit, name=name)
    house = visit.house
    if not await house.passwords.fits(found and found[1], password) or found is None:
        await keep_failure(visit, "wrong_password" if found else "unknown_name", found and found[0])
        return login_page(visit, 403, problem=WRONG, name=name)
    operator, kept = found
    fresh = await house.passwords.hashed(password) if house.passwords.is_outdated(kept) else None
    async with visit.desk.pool.acquire() as conn, conn.transaction():
        await operators.forgive(conn, counted[:2])
        if fresh:
            await operators.set_password(conn, operator.id, fresh)
        if before := visit.request.cookies.get(SESSION):
            await operators.end_session(conn, before)
        token = await operators.open_session(conn, operator.id)
        visit.operator = operator
        await audit.add(conn, visit.actor, "console.login")
    return visit.go(inside(visit.given("next")), cookies=visit.logged_in(token))


def tries_of(visit: Visit, name: str) -> tuple[str, str, str]:
    """By what attempts with a name are counted, as `MOST_FAILURES` has it."""
    address = address_of(visit)
    return f"both {name.lower()} {address}", f"name {name.lower()}", f"address {address}"


def is_too_often(counts: Sequence[int]) -> bool:
    return any(count > most for count, most in zip(counts, MOST_FAILURES, strict=True))


def is_first_too_often(counts: Sequence[int]) -> bool:
    """Whether they are told to wait just now: whoever goes on all the same fills no audit."""
    return any(count == most + 1 for count, most in zip(counts, MOST_FAILURES, strict=True))


async def keep_failure(visit: Visit, reason: str, meant: Operator | None) -> None:
    """In the audit: whose password was tried, and nothing of a name that nobody has."""
    detail = {"reason": reason} | ({"operatorId": meant.id, "name": meant.name} if meant else {})
    async with visit.desk.pool.acquire() as conn:
        await audit.add(conn, "console", "console.login.refused", detail=detail)


async def change_password(visit: Visit) -> Answer:
    """A new password in the place of one's own; sessions elsewhere end."""
    who, house = visit.who, visit.house
    counted = await subjects(visit, *tries_of(visit, who.name))
    async with visit.desk.pool.acquire() as conn:
        counts = await operators.note_attempt(conn, counted)
        found = await operators.by_name(conn, who.name)
    if found is None or found[0].id != who.id or not visit.desk.settings.console_passwords:
        return visit.back("You have no password here.", is_good=False)
    if is_too_often(counts):
        return visit.back(TOO_OFTEN, is_good=False)
    if not await house.passwords.fits(found[1], visit.given("password")[: passwords.LONGEST]):
        await keep_failure(visit, "wrong_password", who)
        return visit.back("The password of now is another one.", is_good=False)
    if problem := passwords.problem(visit.given("new"), visit.given("again"), who.name):
        return visit.back(problem, is_good=False)
    hashed = await house.passwords.hashed(visit.given("new"))
    async with visit.desk.pool.acquire() as conn, conn.transaction():
        await operators.forgive(conn, counted[:2])
        await operators.set_password(conn, who.id, hashed)
        await operators.void_renewals(conn, who.id)
        await operators.end_sessions(conn, who.id)
        token = await operators.open_session(conn, who.id)
        await audit.add(conn, visit.actor, "console.password.change")
    return visit.go(visit.came_from, Told(CHANGED), visit.logged_in(token))


async def log_out(visit: Visit) -> Answer:
    async with visit.desk.pool.acquire() as conn, conn.transaction():
        elsewhere = await operators.end_session(conn, visit.token)
        await audit.add(conn, visit.actor, "console.logout")
    oidc = visit.desk.settings.oidc
    if elsewhere and oidc:
        visit.operator = None
        cookies = visit.logged_out()
        return visit.show("logged_out.html", cookies=cookies, url=elsewhere, host=host_of(oidc))
    return visit.go(LOGIN, Told("You are logged out."), visit.logged_out())


async def log_out_everywhere(visit: Visit) -> Answer:
    async with visit.desk.pool.acquire() as conn, conn.transaction():
        await operators.end_sessions(conn, visit.who.id)
        await audit.add(conn, visit.actor, "console.logout.everywhere")
    return visit.go(LOGIN, Told("You are logged out everywhere."), visit.logged_out())


async def show_start(visit: Visit) -> Answer:
    if not visit.desk.settings.console_passwords:
        return visit.show("refused.html", 403, why=NO_PASSWORDS)
    async with visit.desk.pool.acquire() as conn:
        link = await operators.find_link(conn, visit.named("token"))
    if link is None:
        return visit.show("refused.html", 410, why=OVER)
    return visit.show("start.html", link=link)


async def start(visit: Visit) -> Answer:
    """Whoever holds the link chooses a name and a password, and is in."""
    if not visit.desk.settings.console_passwords:
        return visit.show("refused.html", 403, why=NO_PASSWORDS)
    token = visit.named("token")
    async with visit.desk.pool.acquire() as conn:
        link = await operators.find_link(conn, token)
    if link is None:
        return visit.show("refused.html", 410, why=OVER)
    name, password = link.renews or clean_name(visit.given("name")), visit.given("password")
    problem = None if name else "A name is needed."
    problem = problem or passwords.problem(password, visit.given("again"), name)
    if problem:
        return visit.show("start.html", 400, link=link, problem=problem, name=name)
    hashed = await visit.house.passwords.hashed(password)
    try:
        session = await _let_in(visit, link, name, hashed)
        if session is None:
            return visit.show("refused.html", 410, why=OVER)
    except ConflictError as error:
        return visit.show("start.html", 409, link=link, problem=f"{error.msg}.", name=name)
    return visit.go(ROOT, Told(f"Welcome, {name}."), visit.logged_in(session))


async def _let_in(visit: Visit, link: Link, name: str, hashed: str) -> str | None:
    """A session of whoever the link is for; None where it was used meanwhile."""
    token = visit.named("token")
    forgiven = (await subjects(visit, *tries_of(visit, name)))[:2] if link.renews else []
    async with visit.desk.pool.acquire() as conn, conn.transaction():
        if link.renews:
            operator = await operators.renew(conn, token, hashed)
        else:
            operator = await operators.join(conn, token, name, hashed)
        if operator is None:
            return None
        await operators.forgive(conn, forgiven)
        session = await operators.open_session(conn, operator.id)
        visit.operator = operator
        detail = {"role": operator.role, "link": link.purpose, "madeBy": link.made_by}
        action = "console.password.renew" if link.renews else "console.join"
        await audit.add(conn, visit.actor, action, detail=detail)
    return session


def clean_name(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)[: LONGEST_NAME * 2]
    shown = "".join(one if unicodedata.category(one)[0] != "C" else " " for one in plain)
    return " ".join(shown.split())[:LONGEST_NAME].rstrip()


def address_of(visit: Visit) -> str:
    client = visit.request.client
    return client.host if client else ""


async def subjects(visit: Visit, *texts: str) -> list[bytes]:
    """What attempts are counted by, hashed with a key: neither names nor addresses are kept."""
    async with visit.desk.pool.acquire() as conn:
        key = await masters.own_key(conn, visit.desk.vault)
    return [key.fingerprint("login_failures", text.encode()) for text in texts]


ROUTES = (
    page("/login", show_login, "anybody"),
    change("/login", log_in, "anybody"),
    change("/password", change_password, "support"),
    change("/logout", log_out, "support"),
    change("/logout/everywhere", log_out_everywhere, "support"),
    page("/start/{token:str}", show_start, "anybody"),
    change("/start/{token:str}", start, "anybody"),
)
