"""The connect window: where a customer of the user connects an ATS."""

import structlog
from litestar import Response, Router, get, post
from litestar.exceptions import HTTPException
from litestar.types import ControllerRouterHandler

from hireloom import connecting
from hireloom.connect import assets, consent, fields, flow, forms, scope, words
from hireloom.connect.flow import SpentError
from hireloom.connect.gates import Page, closed, closed_for, details, not_theirs, posted, refused
from hireloom.connect.reasons import Reason, reason
from hireloom.connect.show import onward, page
from hireloom.connect.visits import Asked, Visit, visit
from hireloom.connectors import load
from hireloom.desk import Desk
from hireloom.errors import HireloomError
from hireloom.kit import Connector
from hireloom.logs import described
from hireloom.store.integrations import Integration

log = structlog.get_logger()


def handlers(desk: Desk) -> list[ControllerRouterHandler]:
    """The routes, to be served beside the API."""
    pages = Router(
        path="/",
        route_handlers=[
            *_before(desk),
            *_after(desk),
            *fields.handlers(desk),
            *consent.handlers(desk),
        ],
        exception_handlers={HTTPException: _passed_on, Exception: _broken},
    )
    return [pages, *assets.handlers(assets.load())]


def _before(desk: Desk) -> list[ControllerRouterHandler]:
    """The pages that lead to a connection."""

    @get("/connect/{token:str}")
    async def choose(request: Asked) -> Page:
        seen = await visit(desk, request)
        return closed(seen) or await _choice(seen, request.query_params.get("q", ""))

    @get("/connect/{token:str}/app/{app:str}")
    async def introduce(request: Asked) -> Page:
        seen = await visit(desk, request)
        kind = flow.app(seen, _named(request))
        return await closed_for(seen, kind) or (
            onward(seen, seen.path) if kind is None else await _intro(seen, kind)
        )

    @get("/connect/{token:str}/app/{app:str}/form")
    async def ask(request: Asked) -> Page:
        seen = await visit(desk, request)
        kind = flow.app(seen, _named(request))
        if shut := await closed_for(seen, kind):
            return shut
        if kind is None:
            return onward(seen, seen.path)
        by_key = request.query_params.get("by_key", "") == "1"
        return await consent.form(seen, kind, by_key=by_key)

    @post("/connect/{token:str}/app/{app:str}/form", status_code=200)
    async def connect(request: Asked) -> Page:
        seen, entered = await posted(desk, request)
        kind = flow.app(seen, _named(request))
        if shut := await closed_for(seen, kind) or refused(seen, request, entered):
            return shut
        return onward(seen, seen.path) if kind is None else await _connect(seen, kind, entered)

    return [choose, introduce, ask, connect]


def _after(desk: Desk) -> list[ControllerRouterHandler]:
    """The pages that follow a connection, for the browser that made it."""

    @get("/connect/{token:str}/finish")
    async def finish(request: Asked) -> Page:
        return await _finish(await visit(desk, request))

    @post("/connect/{token:str}/finish", status_code=200)
    async def act_as(request: Asked) -> Page:
        seen, entered = await posted(desk, request)
        return refused(seen, request, entered) or await _act_as(seen, entered.get("user", ""))

    @get("/connect/{token:str}/done")
    async def done(request: Asked) -> Page:
        return await _done(await visit(desk, request))

    @get("/connect/{token:str}/app/{app:str}/off")
    async def ask_off(request: Asked) -> Page:
        seen = await visit(desk, request)
        stored = await _to_disconnect(seen, _named(request))
        if stored is None:
            return _elsewhere(seen)
        return page(seen, "off", app=load(stored.connector).title, name=stored.connector)

    @post("/connect/{token:str}/app/{app:str}/off", status_code=200)
    async def turn_off(request: Asked) -> Page:
        seen, entered = await posted(desk, request)
        return refused(seen, request, entered) or await _turn_off(seen, _named(request))

    return [finish, act_as, done, ask_off, turn_off]


def _named(request: Asked) -> str:
    """The app that an address names."""
    found: str = request.path_params["app"]
    return found


def _elsewhere(seen: Visit) -> Page:
    return closed(seen) or onward(seen, seen.path)


async def _choice(seen: Visit, searched: str) -> Page:
    found = flow.apps(seen)
    if len(found) == 1:
        return onward(seen, f"{seen.path}/app/{found[0].name}")
    accounts = await flow.accounts(seen)
    active = {name for name, one in accounts.items() if one.state == "active"}
    shown = [one for one in found if searched.lower() in one.title.lower()]
    return page(seen, "choose", apps=shown, connected=active, searched=searched)


async def _intro(seen: Visit, kind: type[Connector]) -> Page:
    known = (await flow.accounts(seen)).get(kind.name)
    is_connected = known is not None and known.state != "deactivated"
    if seen.options.get("skipIntro") and not is_connected:
        return onward(seen, f"{seen.path}/app/{kind.name}/form")
    lines = scope.lines(kind)
    return page(
        seen, "intro", app=kind.title, name=kind.name, lines=lines, is_connected=is_connected,
        is_refused=known is not None and known.state == "credentials_invalid",
        writes=any(one.writes for one in lines), alone=len(flow.apps(seen)) == 1,
    )  # fmt: skip


async def _connect(seen: Visit, kind: type[Connector], entered: dict[str, str]) -> Page:
    say = words.speaker(seen.language)
    known = (await flow.accounts(seen)).get(kind.name)
    ways = await flow.ways(seen, kind)
    told = ""
    try:
        chosen = forms.chosen(kind, entered, known.settings if known else {})
        told = forms.told(kind, chosen, seen.language)
        given = forms.secrets(ways.keys, entered)
        tried = await seen.desk.accounts.verified(kind, given, chosen, trying=True)
        await flow.connect(seen, kind, tried, chosen)
    except SpentError:
        return onward(seen, f"{seen.path}/app/{kind.name}")
    except HireloomError as error:
        optional = forms.quoted(forms.optional(ways.keys, entered), seen.language)
        why: Reason = reason(say, kind.title, error, told, optional)
        return await consent.form(seen, kind, by_key=True, entered=entered, why=why)
    return onward(seen, f"{seen.path}/finish?by={seen.proof}")


async def _finish(seen: Visit) -> Page:
    """What is left to choose once the account is connected: in whose name is written."""
    stored = await flow.connected(seen) if seen.is_whose_used_it else None
    if stored is None:
        return not_theirs(seen)
    wants = stored.state != "deactivated" and flow.wants_actor(stored)
    users = await flow.actors(seen.desk, stored) if wants else []
    if not users:
        return onward(seen, f"{seen.path}/fields?by={seen.proof}")
    return page(
        seen, "actor", app=load(stored.connector).title, users=users,
        event="connected", details=details(stored),
    )  # fmt: skip


async def _act_as(seen: Visit, user_id: str) -> Page:
    stored = await flow.connected(seen) if seen.is_whose_used_it else None
    if stored is None:
        return await _finish(seen)
    if all(one != user_id for one, _ in await flow.actors(seen.desk, stored)):
        return onward(seen, f"{seen.path}/finish?by={seen.proof}")
    await flow.act_as(seen, stored, user_id)
    return onward(seen, f"{seen.path}/fields?by={seen.proof}")


async def _done(seen: Visit) -> Page:
    stored = await flow.connected(seen) if seen.is_whose_used_it else None
    if stored is None:
        return await _finish(seen)
    is_off = stored.state == "deactivated"
    kind = load(stored.connector)
    told = details(stored)
    return page(
        seen,
        "done",
        app=kind.title,
        name=stored.connector,
        is_off=is_off,
        unable=[] if is_off else scope.unable(kind, flow.lacking(seen, kind, stored)),
        permissions=sorted(set(stored.permissions.values())),
        only_reads=bool(kind.barred({name: str(one) for name, one in stored.settings.items()})),
        syncs=await flow.syncs(seen, stored),
        onward_to="" if seen.framed_by else _web_address(seen.options.get("redirectUrl")),
        event="deactivated" if is_off else "done",
        details={**told, "isDeactivated": True} if is_off else told,
    )


async def _turn_off(seen: Visit, app: str) -> Page:
    stored = await _to_disconnect(seen, app)
    if stored is None:
        return _elsewhere(seen)
    try:
        await flow.disconnect(seen, stored.id)
    except SpentError:
        return onward(seen, seen.path)
    return onward(seen, f"{seen.path}/done?by={seen.proof}")


def _web_address(given: object) -> str:
    """Where the user wants their customer to go; a link that would run something is none."""
    return given if isinstance(given, str) and connecting.is_web_address(given) else ""


async def _to_disconnect(seen: Visit, app: str) -> Integration | None:
    """The account that this visit may disconnect: the one it connected, or before that, any."""
    session = seen.session
    if session is None or seen.is_stray:
        return None
    if seen.is_whose_used_it:
        stored = await flow.connected(seen)
    elif session.used_at is None and not session.has_ended and flow.app(seen, app):
        stored = (await flow.accounts(seen)).get(app)
    else:
        stored = None
    fits = stored is not None and stored.connector == app and stored.state != "deactivated"
    return stored if fits else None


def _passed_on(request: Asked, error: HTTPException) -> Page:
    """What the web itself refuses, in few words: the address, which holds a token, is not told."""
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
    return Response(
        error.detail, status_code=error.status_code, media_type="text/plain", headers=headers
    )


def _broken(request: Asked, defect: Exception) -> Page:
    """A defect of ours; the path is not logged, because it holds a token."""
    log.error("A defect in the connect window", **described(defect))
    text = f"{words.WORDS['broken'][0]}. {words.WORDS['broken.why'][0]}"
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
    return Response(text, status_code=500, media_type="text/plain", headers=headers)
