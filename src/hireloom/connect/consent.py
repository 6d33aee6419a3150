"""Connecting by consent (OAuth 2 with PKCE): the way to the vendor and back.

What belongs to one attempt waits, sealed, in a cookie of the browser that began it: nobody else can
end it, and nothing of it is stored here.
"""

import base64
import secrets
import time
from collections.abc import Mapping

import msgspec
from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from hireloom.connect import flow, forms, words
from hireloom.connect.flow import SpentError
from hireloom.connect.gates import Page, closed_for, notice, posted, refused
from hireloom.connect.reasons import Reason, reason
from hireloom.connect.show import onward, page
from hireloom.connect.visits import Asked, Visit, visit
from hireloom.desk import Desk
from hireloom.errors import CredentialsInvalidError, HireloomError, RejectedError
from hireloom.kit import Connector
from hireloom.kit.auth import AuthorizationCode
from hireloom.kit.choices import fill, placeholders
from hireloom.store import masters
from hireloom.store.seal import OURS, SealBrokenError

COOKIE = "hireloom_consent_"
PURPOSE = "connect consent"
LIFETIME = 1200  # seconds in which somebody agrees at the vendor


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    token: str
    proof: str  # of the browser that asked, maybe in a frame with other cookies
    in_frame: bool
    app: str
    chosen: dict[str, str]
    state: str
    verifier: str
    until: float

    def __repr__(self) -> str:
        return f"Attempt({self.app})"


async def form(
    seen: Visit,
    kind: type[Connector],
    *,
    by_key: bool,
    entered: Mapping[str, str] | None = None,
    why: Reason | None = None,
) -> Page:
    """The page that asks for credentials, or sends to the vendor where the user has a client."""
    ways = await flow.ways(seen, kind)
    known = (await flow.accounts(seen)).get(kind.name)
    if entered is None:
        kept = {} if known is None else known.settings
        entered = {f"settings.{name}": str(value) for name, value in kept.items()}
    notes = {} if why is None else why.at
    consents = ways.consent is not None and not (by_key and ways.keys)
    return page(
        seen,
        "consent" if consents else "form",
        status=200 if why is None else 422,
        app=kind.title,
        name=kind.name,
        docs=kind.docs,
        grants=kind.grants,
        why=why,
        fields=[] if consents else forms.credentials(ways.keys, entered, notes),
        settings=forms.settings(kind, entered, notes),
        other_way=bool(ways.consent and ways.keys),
        nothing=not (ways.consent or ways.keys),
    )


def handlers(desk: Desk) -> list[ControllerRouterHandler]:
    @post("/connect/{token:str}/app/{app:str}/consent", status_code=200)
    async def leave(request: Asked) -> Page:
        seen, entered = await posted(desk, request)
        kind = flow.app(seen, request.path_params["app"])
        if shut := await closed_for(seen, kind) or refused(seen, request, entered):
            return shut
        return onward(seen, seen.path) if kind is None else await _leave(seen, kind, entered)

    @get("/oauth/callback")
    async def come_back(request: Asked) -> Page:
        state = request.query_params.get("state", "")
        attempt = await _attempt(desk, request.cookies.get(_cookie_of(state), ""))
        if attempt is None or not secrets.compare_digest(attempt.state, state):
            return notice(await visit(desk, request), "stray", 403)
        seen = await visit(desk, request, attempt.proof, attempt.token)
        kind = flow.app(seen, attempt.app)
        if shut := await closed_for(seen, kind):
            return shut
        if kind is None:
            return onward(seen, seen.path)
        return await _connect(seen, kind, attempt, request.query_params.get("code", ""))

    @get("/connect/{token:str}/status")
    async def status(request: Asked) -> Page:
        """Whether the tab at the vendor is done; asked by the page that waits for it."""
        seen = await visit(desk, request)
        is_done = seen.is_whose_used_it
        told = {"next": f"{seen.path}/finish?by={seen.proof}" if is_done else ""}
        return Response(told, headers={"Cache-Control": "no-store"})

    return [leave, come_back, status]


async def _leave(seen: Visit, kind: type[Connector], entered: dict[str, str]) -> Page:
    say = words.speaker(seen.language)
    known = (await flow.accounts(seen)).get(kind.name)
    client = await flow.client(seen, kind)
    try:
        chosen = forms.chosen(kind, entered, known.settings if known else {})
        way = await _way(seen, kind, chosen)
    except HireloomError as error:
        return await form(
            seen, kind, by_key=False, entered=entered, why=reason(say, kind.title, error)
        )
    if client is None or way is None:
        return onward(seen, f"{seen.path}/app/{kind.name}/form")
    attempt = Attempt(
        token=seen.token,
        proof=seen.proof,
        in_frame=bool(seen.framed_by),
        app=kind.name,
        chosen=chosen,
        state=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
        until=time.time() + LIFETIME,
    )
    url = way.consent_url(client[0], _back(seen.desk), attempt.state, attempt.verifier)
    shown = page(seen, "leaving", app=kind.title, url=seen.desk.accounts.http.origins.send(url))
    shown.headers["Set-Cookie"] = _set_cookie(seen, attempt)
    return shown


async def _connect(seen: Visit, kind: type[Connector], attempt: Attempt, code: str) -> Page:
    """After the vendor sent the customer back: a code for a token, the token verified, kept."""
    say = words.speaker(seen.language)
    client = await flow.client(seen, kind)
    way = await _way(seen, kind, attempt.chosen)
    if client is None or way is None:
        return onward(seen, f"{seen.path}/app/{kind.name}/form")
    if not code:
        todo = (say("no.consent.do", app=kind.title),)
        return await _again(seen, kind, attempt, Reason(say("no.consent", app=kind.title), todo))
    accounts = seen.desk.accounts
    exchange = way.code_request(
        {"clientId": client[0], "clientSecret": client[1]}, code, _back(seen.desk), attempt.verifier
    )
    try:
        found = await accounts.exchanged(kind, way, client, exchange, attempt.chosen)
        kept = await accounts.verified(kind, found, attempt.chosen, trying=True)
        await flow.connect(seen, kind, kept, attempt.chosen)
    except SpentError:
        return onward(seen, f"{seen.path}/app/{kind.name}")
    except CredentialsInvalidError as error:
        other = RejectedError(error.msg, upstream=error.upstream)
        return await _again(seen, kind, attempt, reason(say, kind.title, other))
    except HireloomError as error:
        return await _again(seen, kind, attempt, reason(say, kind.title, error))
    if attempt.in_frame:
        return page(seen, "returned", app=kind.title)
    return onward(seen, f"{seen.path}/finish?by={seen.proof}")


async def _again(seen: Visit, kind: type[Connector], attempt: Attempt, why: Reason) -> Page:
    entered = {f"settings.{name}": text for name, text in attempt.chosen.items()}
    return await form(seen, kind, by_key=False, entered=entered, why=why)


async def _way(
    seen: Visit, kind: type[Connector], chosen: Mapping[str, str]
) -> AuthorizationCode | None:
    """The connector's consent with its addresses filled in."""
    way = (await flow.ways(seen, kind)).consent
    if way is None:
        return None
    filled = fill(way, placeholders(kind.settings, chosen))
    return filled if isinstance(filled, AuthorizationCode) else None


def _back(desk: Desk) -> str:
    return f"{desk.public_url}/oauth/callback"


def _cookie_of(state: str) -> str:
    return COOKIE + "".join(letter for letter in state[:12] if letter.isalnum())


def _set_cookie(seen: Visit, attempt: Attempt) -> str:
    sealed = seen.own_key.seal(OURS, PURPOSE, msgspec.json.encode(attempt))
    text = base64.urlsafe_b64encode(sealed).decode().rstrip("=")
    secure = "; Secure" if seen.desk.public_url.startswith("https:") else ""
    return (
        f"{_cookie_of(attempt.state)}={text}; Path={seen.base}/oauth; Max-Age={LIFETIME}; "
        f"HttpOnly; SameSite=Lax{secure}"
    )


async def _attempt(desk: Desk, text: str) -> Attempt | None:
    """What this browser began, unless that was too long ago."""
    async with desk.pool.acquire() as conn:
        own_key = await masters.own_key(conn, desk.vault)
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        found = msgspec.json.decode(own_key.open(OURS, PURPOSE, sealed), type=Attempt)
    except (ValueError, SealBrokenError):
        return None
    return found if found.until > time.time() else None
