"""Greenhouse Recruiting, simulated: Harvest v3 as its documents and users describe it (2026-11).

Lists are flat and joined by ids, newest id first; times are UTC with milliseconds. Where sources
are silent the simulation is strict: unknown query parameters and body attributes answer 422.
"""

import math
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote

from litestar import Request, Response
from litestar.background_tasks import BackgroundTask
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.types import ExceptionHandlersMap

from hireloom.sandbox import _greenhouse_auth as auth
from hireloom.sandbox._greenhouse_body import read_body
from hireloom.sandbox._greenhouse_hooks import EVENTS, Hooks, by_hand, shown
from hireloom.sandbox._greenhouse_numbers import number
from hireloom.sandbox._greenhouse_operations import OPERATIONS, Operation
from hireloom.sandbox._greenhouse_page import application_page
from hireloom.sandbox._greenhouse_partner import APP, PATH, Tests
from hireloom.sandbox._greenhouse_query import RefusalError, read_query, refusal
from hireloom.sandbox._greenhouse_recruiter import Desk
from hireloom.sandbox._greenhouse_shelf import Shelf
from hireloom.sandbox._greenhouse_state import state
from hireloom.sandbox._greenhouse_tables import TABLES, Table
from hireloom.sandbox._greenhouse_writes import Writes
from hireloom.sandbox._resume import pdf
from hireloom.sandbox.limits import FixedWindow, Limiter, Rule, Verdict
from hireloom.sandbox.vendor import (
    Answer,
    CallLog,
    Vendor,
    empty_response,
    json_answer,
    json_response,
    phrase,
    route,
)
from hireloom.sandbox.world import World, resume_pdf

Record = dict[str, Any]
Asked = Request[Any, Any, Any]

CLIENT = "sandbox-greenhouse-client"
NARROW_CLIENT = "sandbox-greenhouse-client-without-scopes"
PARTNER_CLIENT = "sandbox-greenhouse-partner"
SECRET = "sandbox-greenhouse-secret-not-real"  # noqa: S105  # a fake that connects to the sandbox only
CLIENTS = frozenset({CLIENT, NARROW_CLIENT, PARTNER_CLIENT})
DENIED = frozenset(
    {
        "harvest:users:list",
        "harvest:notes:list",
        "harvest:notes:create",
        "harvest:eeoc:list",
        "harvest:offers:list",
        "harvest:scorecards:create",
        "harvest:scorecards:update",
    }
)
WITH_HIDDEN_FIELDS = frozenset({"users", "custom_field_options"})
SERVICE_USER = 1  # the world's service account: whom a token without `sub` acts for


class Greenhouse(Vendor):
    name = "greenhouse"
    origins: ClassVar[dict[str, str]] = {
        "https://harvest.greenhouse.io": "harvest",
        "https://auth.greenhouse.io": "auth",
        auth.FILES_ORIGIN: "files",
        APP: "app",
    }
    credentials: ClassVar[dict[str, str]] = {"clientId": CLIENT, "clientSecret": SECRET}
    more_credentials: ClassVar[dict[str, dict[str, str]]] = {
        "credentialsWithoutScopes": {"clientId": NARROW_CLIENT, "clientSecret": SECRET},
        "credentialsOfPartner": {"clientId": PARTNER_CLIENT, "clientSecret": SECRET},
    }
    # The window's length is known; its size is what one customer's header said.
    rules = (Rule(limit=FixedWindow(75, 30), path="/v3/*"),)
    events = EVENTS

    def __init__(self, world: World, limiter: Limiter, log: CallLog) -> None:
        super().__init__(world, limiter, log)
        self.shelf = Shelf(world, self.overlay)
        self.hooks = Hooks(self.courier, self.now)
        self.writes = Writes(self.shelf, self.now, self.hooks)
        self.recruiter = Desk(self.writes, self)
        self.tests = Tests(self.shelf, self.now)
        self.token_seconds = 3600.0
        self._round = 0

    def handlers(self) -> list[HTTPRouteHandler]:
        found = [
            route("POST", "/auth/token", self.token),
            route("GET", "/files/attachments/{key:int}/{filename:str}", self.file),
        ]
        found += [
            route("GET", f"/harvest/v3/{table.name}", self._list(table))
            for table in TABLES.values()
        ]
        found += [
            route(each.method, f"/harvest/v3/{each.path}", self._write(each)) for each in OPERATIONS
        ]
        return [
            *found,
            route("PATCH", f"/app/{PATH}/{{key:int}}", self.test_done),
            route("GET", "/harvest/v3/webhooks", self._list_webhooks),
            route("POST", "/harvest/v3/webhooks", self._create_webhook),
            route("PATCH", "/harvest/v3/webhooks/{key:int}", self._update_webhook),
            route("DELETE", "/harvest/v3/webhooks/{key:int}", self._delete_webhook),
        ]

    def exception_handlers(self) -> ExceptionHandlersMap:
        return {RefusalError: _refused, HTTPException: _http_error}

    async def token(self, request: Asked) -> Response[bytes]:
        """The client-credentials grant."""
        given = auth.basic(request.headers.get("authorization", ""))
        if given is None or given[0] not in CLIENTS or given[1] != SECRET:
            text = "Client authentication failed"
            return json_response({"error": "invalid_client", "error_description": text}, 401)
        form = {
            key: values[-1] for key, values in parse_qs((await request.body()).decode()).items()
        }
        if form.get("grant_type") != "client_credentials":
            return json_response({"error": "unsupported_grant_type"}, 400)
        sub = form.get("sub")
        if sub is not None and not self._is_user(sub):
            text = "sub is not an active user"
            return json_response({"error": "invalid_grant", "error_description": text}, 400)
        expires = time.time() + self.token_seconds
        claims = auth.Claims(given[0], int(sub) if sub else None, expires, self._round)
        at = datetime.fromtimestamp(expires, UTC).isoformat(timespec="seconds")
        return json_response(
            {
                "access_token": auth.make_token(claims),
                "token_type": "Bearer",
                "expires_at": at.replace("+00:00", "Z"),
            },
            headers={"cache-control": "no-store"},
        )

    async def file(self, request: Asked) -> Response[bytes]:
        """A file by its signed address; nobody asks for a token here."""
        key, filename = request.path_params["key"], request.path_params["filename"]
        problem = auth.file_problem(
            f"/attachments/{key}/{unquote(filename)}", dict(request.query_params)
        )
        record = self.shelf.find("attachments", key)
        if problem is not None or record is None:
            text = f"<Error><Code>AccessDenied</Code><Message>{problem or 'Gone'}</Message></Error>"
            return Response(text.encode(), status_code=403, media_type="application/xml")
        return Response(self._content(record), media_type="application/pdf")

    async def test_done(self, request: Asked) -> Response[bytes]:
        """The partner says that there is a result; it is fetched once this is answered."""
        partner, order = self.tests.line.partner, self.tests.orders.get(request.path_params["key"])
        given = auth.basic(request.headers.get("authorization", ""))
        if partner is None or given != (partner.key, ""):
            return json_response({"message": "Unauthorized", "errors": []}, 401)
        if order is None or order.interview is None:
            return json_response({"message": "Resource not found", "errors": []}, 404)
        if await request.body() not in {b"", b"{}"}:
            return json_response({"message": "The body must be empty", "errors": []}, 422)
        if not self.tests.is_active(order):
            text = "Only active, unhired candidates can be updated"
            return json_response({"message": text, "errors": []}, 422)

        async def fetch() -> None:
            self.tests.line.soon(self.tests.fetch(order))

        return Response(b"", status_code=200, background=BackgroundTask(fetch))

    async def partner(self, act: str, **what: Any) -> Record:
        return await self.tests.act(act, what)

    def application_screen(self, application: str) -> Record:
        return application_page(self.shelf, self.tests, int(application))

    def screen(self) -> Record:
        """What API clients did, newest last, and the notes by themselves."""
        acts = [act for act in self.writes.acts if act["user_id"] is not None]
        return {"notes": [act for act in acts if act["action"] == "note"], "acts": acts}

    def reset(self) -> None:
        super().reset()
        self.hooks.clear()
        self.writes.acts.clear()
        self.tests.clear()
        self.token_seconds = 3600.0

    def close(self) -> None:
        super().close()
        self.tests.line.close()

    def change(self, kind: str, **what: Any) -> Record:
        """As a recruiter would; ids are Greenhouse's."""
        return self.recruiter.change(kind, what)

    async def add_webhooks(self, url: str, events: list[str], secret: str | None) -> list[Record]:
        """In the Dev Center; a webhook whose ping failed is there, but disabled."""
        if not secret:
            raise ValueError("a webhook needs a secret")
        for event in events:
            await self.hooks.create(by_hand(url, event, secret))
        return self.webhooks()[-len(events) :]

    def webhooks(self) -> list[Record]:
        return [
            {
                "id": hook["id"],
                "event": hook["event_action_type"],
                "url": hook["endpoint_url"],
                "secret": hook["secret_key"],
                "enabled": not hook["deactivated"],
            }
            for hook in self.hooks.held.values()
        ]

    def remove_webhook(self, webhook: str) -> bool:
        key = int(webhook) if webhook.isdigit() else 0
        return self.hooks.held.pop(key, None) is not None

    def state(self, kind: str) -> Iterator[Record]:
        return state(self.shelf, kind)

    def credential_of(self, headers: Mapping[str, str], path: str) -> str | None:
        if not path.startswith("/v3/"):
            return None
        return auth.client_of(headers.get("authorization", "").removeprefix("Bearer "))

    def limit_headers(self, verdict: Verdict) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(verdict.limit),
            "X-RateLimit-Remaining": str(verdict.remaining),
        }

    def refuse(self, verdict: Verdict) -> Answer:
        headers = {
            **self.limit_headers(verdict),
            "X-RateLimit-Reset": str(int(time.time() + verdict.reset_in) + 1),
            "Retry-After": str(max(1, math.ceil(verdict.retry_after))),
        }
        return json_answer(429, {"message": "Rate limit exceeded", "errors": []}, headers)

    def expired(self) -> Answer:
        return json_answer(401, {"message": "Unauthorized", "errors": []})

    def failed(self, status: int) -> Answer:
        return json_answer(status, {"message": phrase(status), "errors": []})

    def _list(self, table: Table) -> Callable[[Asked], Awaitable[Response[Any]]]:
        async def serve(request: Asked) -> Response[Any]:
            self._admit(request, f"harvest:{table.name}:list")
            if await request.body():
                raise refusal(403, "Forbidden", ("A GET must not have a body", "body"))
            query = read_query(request.query_params, table.filters)
            found, cursor = self.shelf.page(table, query)
            page = [self._shown(table.name, record, query.fields) for record in found]
            link = f'<https://harvest.greenhouse.io/v3/{table.name}?cursor={cursor}>; rel="next"'
            return json_response(page, headers={"link": link} if cursor else None)

        return serve

    def _write(self, operation: Operation) -> Callable[[Asked], Awaitable[Response[Any]]]:
        async def serve(request: Asked) -> Response[Any]:
            actor = self._admit(request, f"harvest:{operation.scope}")
            arguments: list[Any] = []
            if "key" in request.path_params:
                arguments.append(request.path_params["key"])
            if operation.body is not None:
                arguments.append(read_body(await request.body(), operation.body))
            record = operation.act(self.writes, *arguments, actor)
            if operation.status == 204:
                return empty_response()
            kind = operation.path.split("/", maxsplit=1)[0]
            return json_response(self._shown(kind, record), operation.status)

        return serve

    # For partners: everybody else sets webhooks up by hand.

    async def _list_webhooks(self, request: Asked) -> Response[Any]:
        self._admit(request, "harvest:webhooks:list")
        return json_response([shown(hook) for hook in reversed(self.hooks.held.values())])

    async def _create_webhook(self, request: Asked) -> Response[Any]:
        self._admit(request, "harvest:webhooks:create")
        body = read_body(await request.body(), "webhook.create")
        return json_response(await self.hooks.create(body), 201)

    async def _update_webhook(self, request: Asked) -> Response[Any]:
        self._admit(request, "harvest:webhooks:update")
        body = read_body(await request.body(), "webhook.update")
        return json_response(await self.hooks.update(request.path_params["key"], body))

    async def _delete_webhook(self, request: Asked) -> Response[Any]:
        self._admit(request, "harvest:webhooks:destroy")
        return json_response(self.hooks.delete(request.path_params["key"]))

    def _shown(self, kind: str, record: Record, fields: tuple[str, ...] | None = None) -> Record:
        if kind == "attachments" and "filename" in record:
            record = {**record, "url": auth.file_url(record["id"], record["filename"])}
        if fields is None and kind not in WITH_HIDDEN_FIELDS:
            return record
        return {
            name: value
            for name, value in record.items()
            if name[0] != "_" and (fields is None or name in fields)
        }

    def _admit(self, request: Asked, scope: str) -> int:
        """The acting user's id, when the token opens this; lists are for Site Admins."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        claims = auth.read_token(token) if kind.lower() == "bearer" else None
        if claims is None or claims.round != self._round or not auth.still_valid(claims):
            raise refusal(401, "Unauthorized")
        for_partners = scope.startswith("harvest:webhooks:") and claims.client != PARTNER_CLIENT
        if for_partners or (claims.client == NARROW_CLIENT and scope in DENIED):
            raise refusal(403, "Forbidden", (f"Missing scope: {scope}", "scope"))
        actor = number("users", SERVICE_USER) if claims.sub is None else claims.sub
        if scope.endswith(":list") and not self.shelf.get("users", actor)["site_admin"]:
            raise refusal(403, "Forbidden", ("The acting user is not a Site Admin", "sub"))
        return actor

    def _is_user(self, sub: str) -> bool:
        user = self.shelf.find("users", int(sub)) if sub.isdigit() else None
        return user is not None and not user["deactivated"]

    def _content(self, record: Record) -> bytes:
        sent = self.overlay.created.get("files", {}).get(record["id"])
        if sent is not None:
            # What a client named by address is not fetched: the sandbox calls nobody.
            return sent["content"] or pdf(["A file from", str(sent["url"])])
        root = self.shelf.root_of("candidates", record["candidate_id"])
        return resume_pdf(self.world.person(root or 0))

    def expire_tokens(self) -> Record:
        self._round += 1
        return {"round": self._round}

    def token_lifetime(self, seconds: float) -> Record:
        self.token_seconds = seconds
        return {"seconds": seconds}


def _refused(_: Asked, error: RefusalError) -> Response[bytes]:
    return json_response(error.body, error.status)


def _http_error(_: Asked, error: HTTPException) -> Response[bytes]:
    return json_response({"message": error.detail, "errors": []}, error.status_code)
