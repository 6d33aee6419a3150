"""In through an OpenID Connect provider: code flow with PKCE, state and nonce of this browser.

The browser keeps one secret per login, in a cookie. What it must not be able to choose follows from
it: the nonce and the verifier; the state is the database's, good once and for ten minutes.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Any

import httpx
import structlog
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from litestar.datastructures import Cookie

from hireloom.console import claims, door
from hireloom.console.provider import (
    Addresses,
    LoginError,
    Provider,
    host_of,
    said,
    speaking_to,
)
from hireloom.console.visit import ROOT, SESSION, Answer, Visit, change, inside, page
from hireloom.errors import ResourceNotFoundError
from hireloom.login_rules import Oidc, RoleRule
from hireloom.store import audit, operators, provider_logins
from hireloom.store.provider_logins import LIFETIME

logger = structlog.get_logger()

BEGIN = f"{ROOT}/oidc"
BACK = f"{ROOT}/oidc/callback"
COOKIE = "hireloom_oidc_"
MOST_BEGUN = 60  # in a quarter of an hour, from an address
LONGEST_CODE = 8192

NOBODY = (
    "The provider knows you, and nothing that it says of you opens this console. It looks at: {}."
)
LEFT_OUT = "The provider left your groups out of the token, as it does where somebody is in many."
ASK_FOR_ROLE = "Ask an admin of the provider for a group or role that HIRELOOM_OIDC_ROLES names."
SHORTEN = "Let it send roles of the application instead (the claim `roles`)."

# What a provider says instead of giving a code (RFC 6749, section 4.1.2.1; Core, section 3.1.2.6).
NO_CODE = {
    "access_denied": "The provider did not let you in, or you did not agree.",
    "temporarily_unavailable": "The provider is busy just now.",
    "server_error": "Something went wrong at the provider.",
    "unauthorized_client": "The provider does not know this console as a client for logins.",
    "invalid_scope": "The provider does not give the console what it asks for.",
}


async def begin(visit: Visit) -> Answer:
    """A page that leads to the provider: a form of ours may not be answered by another site."""
    oidc = _set_up(visit)
    async with visit.desk.pool.acquire() as conn:
        counted = await operators.note_attempt(conn, [await _subject(visit)])
    if counted[0] > MOST_BEGUN:
        return door.too_often(visit)
    try:
        async with speaking_to(oidc) as provider:
            at = await provider.addresses()
    except LoginError as error:
        return _refused(visit, error)
    browser = secrets.token_urlsafe(32)
    async with visit.desk.pool.acquire() as conn:
        state = await provider_logins.begin(conn, browser, inside(visit.given("next")))
    url = prepare_grant_uri(
        at.authorization_endpoint,
        oidc.client_id,
        "code",
        redirect_uri=_back(visit),
        scope=scopes(at, oidc.rules),
        state=state,
        nonce=_follows("nonce", browser),
        code_challenge=create_s256_code_challenge(_follows("verifier", browser)),
        code_challenge_method="S256",
    )
    seconds = int(LIFETIME.total_seconds())
    cookies = [visit.cookie(_cookie_of(state), browser, seconds, across_sites=True)]
    return visit.show("leaving.html", url=url, host=host_of(oidc), cookies=cookies)


async def come_back(visit: Visit) -> Answer:
    """The browser comes from the provider, with a code or with a reason why there is none."""
    oidc = _set_up(visit)
    asked = visit.request.query_params
    state = asked.get("state", "")
    browser = visit.request.cookies.get(_cookie_of(state), "")
    async with visit.desk.pool.acquire() as conn:
        next_page = await provider_logins.take(conn, state, browser)
    if next_page is None:
        return _refused(visit, _stray(visit))
    spent = visit.cookie(_cookie_of(state), "", 0, across_sites=True)
    try:
        async with speaking_to(oidc) as provider:
            found, at = await _prove(visit, provider, browser)
        token = await _let_in(visit, oidc, found, at)
    except LoginError as error:
        await _keep_refusal(visit, error)
        return _refused(visit, error, [spent])
    # Not a redirect: on the way from another site the browser would not send the new session.
    return visit.show("arrived.html", to=next_page, cookies=[spent, *visit.logged_in(token)])


async def _prove(
    visit: Visit, provider: Provider, browser: str
) -> tuple[dict[str, Any], Addresses]:
    """What the provider says of whoever is back; raises LoginError."""
    asked = visit.request.query_params
    oidc = provider.oidc
    at = await provider.addresses()
    issuer = asked.get("iss")
    if issuer != oidc.issuer and (
        issuer is not None or at.authorization_response_iss_parameter_supported
    ):
        what = "The answer comes from another provider than the one that was asked."
        raise LoginError("other_issuer", what, claims.AGAIN)
    code = asked.get("code", "")
    if asked.get("error") or not 0 < len(code) <= LONGEST_CODE:
        raise _no_code(asked.get("error", ""), asked.get("error_description", ""))
    tokens = await provider.tokens(at, code, _follows("verifier", browser), _back(visit))
    keys = await provider.keys(at)
    nonce = _follows("nonce", browser)
    found = claims.proven(tokens.id_token, keys, oidc, nonce, tokens.access_token)
    if claims.lacks(found, oidc.rules) and at.userinfo_endpoint and tokens.access_token:
        more = await provider.user_info(at.userinfo_endpoint, tokens.access_token)
        if more.get("sub") != found["sub"]:
            what = "The userinfo endpoint speaks of somebody else than the token."
            raise LoginError("other_person", what, claims.AGAIN)
        found = more | found
    return found, at


async def _let_in(visit: Visit, oidc: Oidc, found: dict[str, Any], at: Addresses) -> str:
    """A session with the role that the provider's word gives now; raises LoginError without one."""
    role = claims.role_of(found, oidc.rules)
    if role is None:
        raise await _shut_out(visit, oidc, found)
    counted = [await _subject(visit)]
    async with visit.desk.pool.acquire() as conn, conn.transaction():
        known = await provider_logins.come_in(conn, oidc.issuer, found["sub"], _name(found), role)
        visit.operator = known.operator
        await operators.forgive(conn, counted)
        if before := visit.request.cookies.get(SESSION):
            await operators.end_session(conn, before)
        logout = None if at.end_session_endpoint is None else _logout_at(visit, oidc, at)
        token = await operators.open_session(conn, known.operator.id, logout)
        by = {"by": host_of(oidc), "role": role}
        if known.is_new:
            await audit.add(conn, visit.actor, "console.join", detail=by)
        elif known.role_before != role:
            detail = {"before": known.role_before, **by}
            await audit.add(conn, visit.actor, "console.role", detail=detail)
        await audit.add(conn, visit.actor, "console.login", detail=by)
    return token


async def _shut_out(visit: Visit, oidc: Oidc, found: dict[str, Any]) -> LoginError:
    """Whoever lost the role is out at once, wherever they are logged in."""
    async with visit.desk.pool.acquire() as conn, conn.transaction():
        visit.operator = await provider_logins.find(conn, oidc.issuer, found["sub"])
        if visit.operator is not None:
            await operators.end_sessions(conn, visit.operator.id)
    elsewhere = found.get("_claim_names")
    if isinstance(elsewhere, dict) and "groups" in elsewhere:
        return LoginError("no_role", LEFT_OUT, SHORTEN)
    looked_at = ", ".join(dict.fromkeys(rule.claim for rule in oidc.rules))
    return LoginError("no_role", NOBODY.format(looked_at), ASK_FOR_ROLE)


async def _keep_refusal(visit: Visit, error: LoginError) -> None:
    actor = visit.actor if visit.operator else "console"
    visit.operator = None
    async with visit.desk.pool.acquire() as conn:
        await audit.add(conn, actor, "console.login.refused", detail={"reason": error.reason})


def _refused(visit: Visit, error: LoginError, cookies: Sequence[Cookie] = ()) -> Answer:
    logger.warning("A login through the provider failed", reason=error.reason)
    values = {"problem": error.what, "hint": error.todo, "cookies": cookies}
    return door.login_page(visit, error.status, **values)


def _stray(visit: Visit) -> LoginError:
    what = "This login is not one of this browser's, was used already, or took over ten minutes."
    at = f"{visit.desk.public_url}{door.LOGIN}"
    todo = f"Log in once more, and begin at {at}: browsers keep what they began for one address."
    return LoginError("stray", what, todo)


def _no_code(error: str, description: str) -> LoginError:
    what = NO_CODE.get(error, "The provider gave no code.")
    words = said(description or ("" if error in NO_CODE else error))
    told = f"{what} It says: {words}" if words else what
    return LoginError(error if error in NO_CODE else "no_code", told, claims.AGAIN)


def _set_up(visit: Visit) -> Oidc:
    """Raises ResourceNotFoundError where no provider is."""
    if (oidc := visit.desk.settings.oidc) is None:
        hint = "HIRELOOM_OIDC_ISSUER and its companions name one."
        raise ResourceNotFoundError("There is no provider to log in through", hint=hint)
    return oidc


async def _subject(visit: Visit) -> bytes:
    (subject,) = await door.subjects(visit, f"provider {door.address_of(visit)}")
    return subject


def scopes(at: Addresses, rules: Sequence[RoleRule]) -> str:
    """What is asked for: some providers refuse a scope that they do not know."""
    wanted = dict.fromkeys(["openid", "profile", "email", *(rule.claim for rule in rules)])
    known = at.scopes_supported
    usual = ("openid", "profile", "email")
    asked = [one for one in wanted if one in (usual if known is None else known)]
    return " ".join(dict.fromkeys(["openid", *asked]))


def _follows(purpose: str, browser: str) -> str:
    """43 letters that nobody can tell who does not hold the browser's secret."""
    digest = hmac.digest(browser.encode(), f"hireloom login {purpose}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _cookie_of(state: str) -> str:
    """One for each login, so that two tabs can log in side by side."""
    return COOKIE + "".join(one for one in state[:12] if one.isascii() and one.isalnum())


def _back(visit: Visit) -> str:
    return f"{visit.desk.public_url}{BACK}"


def _logout_at(visit: Visit, oidc: Oidc, at: Addresses) -> str:
    """OpenID Connect RP-Initiated Logout 1.0, section 2; no token goes along, as none is kept."""
    fields = {
        "client_id": oidc.client_id,
        "post_logout_redirect_uri": f"{visit.desk.public_url}{door.LOGIN}",
    }
    return str(httpx.URL(at.end_session_endpoint or "").copy_merge_params(fields))


def _name(found: dict[str, Any]) -> str:
    for claim in ("name", "preferred_username", "email"):
        if isinstance(found.get(claim), str) and (name := door.clean_name(found[claim])):
            return name
    return "Somebody"


ROUTES = (
    change("/oidc", begin, "anybody"),
    page("/oidc/callback", come_back, "anybody"),
)
