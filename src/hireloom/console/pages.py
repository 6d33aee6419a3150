"""The console: what operators and support people look at."""

from collections.abc import Mapping
from typing import Any

import structlog
from litestar import Request, Response
from litestar.enums import HttpMethod
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.types import ControllerRouterHandler

from hireloom.console import (
    accounts,
    captures,
    deliveries,
    door,
    files,
    issues,
    keys,
    log,
    looks,
    mappings,
    openid,
    overview,
    people,
    support,
    syncs,
    webhooks,
)
from hireloom.console.passwords import Passwords
from hireloom.console.visit import (
    HEADERS,
    HTML,
    ROOT,
    SESSION,
    Answer,
    House,
    Route,
    SupportOf,
    Told,
    Visit,
    is_genuine,
    read_form,
)
from hireloom.desk import Desk
from hireloom.errors import HireloomError, InternalError
from hireloom.kit import Connector
from hireloom.logs import described
from hireloom.models import Support
from hireloom.store import operators
from hireloom.store.integrations import Integration

logger = structlog.get_logger()

LARGEST_FORM = 256 * 1024  # bytes
STRAY = {
    404: "There is no such page.",
    405: "This address is not for that.",
    413: "This form is too long.",
}

ROUTES: tuple[Route, ...] = (
    *door.ROUTES,
    *openid.ROUTES,
    *overview.ROUTES,
    *issues.ROUTES,
    *accounts.ROUTES,
    *captures.ROUTES,
    *syncs.ROUTES,
    *deliveries.ROUTES,
    *log.ROUTES,
    *webhooks.ROUTES,
    *mappings.ROUTES,
    *keys.ROUTES,
    *support.ROUTES,
    *people.ROUTES,
)


def nothing_known(_: type[Connector], __: Integration | None) -> Mapping[str, Support]:
    return {}


def handlers(desk: Desk, able: SupportOf = nothing_known) -> list[ControllerRouterHandler]:
    """The routes, to be served beside the API; `able` says what a vendor's account can do."""
    paths = frozenset(route.path for route in ROUTES)
    house = House(desk, able, Passwords(), paths)
    return [*(_handler(house, route) for route in ROUTES), files.handler()]


def stray(request: Request[Any, Any, Any], error: HTTPException) -> Answer | None:
    """How a browser is told what no route answers; None: not here, or not to a browser."""
    path, is_browser = request.url.path, "text/html" in request.headers.get("accept", "")
    if path == "/" and request.method == "GET" and is_browser:
        headers = HEADERS | {"Location": ROOT, "Vary": "Accept"}
        return Response(b"", status_code=303, headers=headers)
    if path != ROOT and not path.startswith(f"{ROOT}/"):
        return None
    page = looks.alone("refused.html", why=STRAY.get(error.status_code, "It could not be read."))
    return Response(page, media_type=HTML, status_code=error.status_code, headers=HEADERS)


async def greet(desk: Desk) -> None:
    """Log a link to set the console up, as long as nobody can log in."""
    if not desk.settings.console_passwords:
        return
    async with desk.pool.acquire() as conn:
        if await operators.any_there(conn):
            return
        token = await operators.make_link(conn, "first", "admin", "the first start")
    logger.info(
        "Set up the console, within 30 minutes", page=f"{desk.public_url}{door.START}{token}"
    )


def _handler(house: House, route: Route) -> HTTPRouteHandler:
    async def handle(request: Request[Any, Any, Any]) -> Response[Any]:
        visit = Visit(house, request)
        try:
            return await _answer(visit, route)
        except HireloomError as error:
            return _refusal(visit, error)
        except HTTPException:
            raise  # such as a form that is too long: the application answers it
        except Exception as defect:
            logger.error("A defect", path=route.path, **described(defect))
            return _refusal(visit, InternalError("Something went wrong inside Hireloom"))

    return HTTPRouteHandler(
        route.path,
        http_method=HttpMethod(route.method),
        name=f"console {route.method} {route.path}",
        status_code=200,
        request_max_body_size=LARGEST_FORM,
    )(handle)


async def _answer(visit: Visit, route: Route) -> Answer:
    if token := visit.request.cookies.get(SESSION):
        async with visit.desk.pool.acquire() as conn:
            found = await operators.who(conn, token)
        if found is not None and door.lets_in(visit.desk.settings, found):
            visit.operator = found
    if route.method == "POST":
        visit.fields = read_form(await visit.request.body())
        if not is_genuine(visit):
            return visit.show("refused.html", 403, why="This form is out of date, or not ours.")
    if route.allowed != "anybody" and visit.operator is None:
        to = door.login_at(visit.address if route.method == "GET" else ROOT)
        return door.go_on(to) if visit.comes_from_elsewhere else visit.go(to)
    if route.allowed == "admin" and not visit.who.is_admin:
        return visit.show("refused.html", 403, why="Support people look; admins change.")
    return await route.act(visit)


def _refusal(visit: Visit, error: HireloomError) -> Answer:
    if visit.request.method == "POST" and visit.operator is not None and error.status < 500:
        return visit.go(visit.came_from, Told(looks.sentence(error), False, error.hint))
    return visit.show("refused.html", error.status, why=looks.sentence(error), hint=error.hint)


__all__ = ["ROOT", "greet", "handlers", "stray"]
