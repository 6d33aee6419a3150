"""A simulated Ashby: API version 1, written from its documentation as read in November 2026."""

import base64
import binascii
import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from hireloom.sandbox import (
    _ashby_assessments,
    _ashby_candidates,
    _ashby_follow_ups,
    _ashby_jobs,
    _ashby_lists,
    _ashby_meetings,
    _ashby_moves,
    _ashby_offers,
    _ashby_postings,
    _ashby_reads,
    _ashby_scores,
    _ashby_webhooks,
    vendor,
)
from hireloom.sandbox._ashby_company import Company
from hireloom.sandbox._ashby_files import ORIGIN, Denied
from hireloom.sandbox._ashby_hooks import EVENTS
from hireloom.sandbox._ashby_lists import Method
from hireloom.sandbox._ashby_page import application_page
from hireloom.sandbox._ashby_partner import Tests
from hireloom.sandbox._ashby_recruiter import Desk
from hireloom.sandbox._ashby_state import state
from hireloom.sandbox._ashby_wire import Call, Json, Key, Refusal, Upload, invalid, refused_body
from hireloom.sandbox.limits import FixedWindow, Limiter, Rule, Verdict
from hireloom.sandbox.world import World

METHODS: Mapping[str, Method] = {
    name: method
    for module in (
        _ashby_lists,
        _ashby_reads,
        _ashby_follow_ups,
        _ashby_postings,
        _ashby_candidates,
        _ashby_moves,
        _ashby_scores,
        _ashby_assessments,
        _ashby_meetings,
        _ashby_jobs,
        _ashby_offers,
        _ashby_webhooks,
    )
    for name, method in module.METHODS.items()
}
MODULES = (
    "apiKeys",
    "approvals",
    "candidates",
    "hiringProcessMetadata",
    "interviews",
    "jobs",
    "offers",
    "organization",
)
SCOPES = frozenset(f"{module}:{act}" for module in MODULES for act in ("read", "write"))
FEW_SCOPES = frozenset({"jobs:read", "candidates:read"})
KEYS: Mapping[str, Key] = {
    "sandbox-ashby-key": Key(title="Sandbox", scopes=SCOPES),
    "sandbox-ashby-key-few-scopes": Key(title="Sandbox, few scopes", scopes=FEW_SCOPES),
    "sandbox-ashby-key-public-only": Key(
        title="Sandbox, without confidential jobs", scopes=SCOPES, confidential=False
    ),
    "sandbox-ashby-key-disabled": Key(title="Sandbox, disabled", scopes=SCOPES, enabled=False),
}
METHOD_PATH = re.compile(r"/[A-Za-z]+\.[A-Za-z_]+")
# The firewall in front of the API lets no library pass under its own name.
LIBRARIES = re.compile(
    r"python|aiohttp|httpx|urllib|requests|go-http-client|java/|okhttp|axios|node|undici|ruby",
    re.IGNORECASE,
)


class Ashby(vendor.Vendor):
    name = "ashby"
    origins = {  # noqa: RUF012 -- the base class declares it
        "https://api.ashbyhq.com": "api",
        ORIGIN: "files",
    }
    credentials = {"apiKey": "sandbox-ashby-key"}  # noqa: RUF012 -- the base class declares it
    more_credentials = {  # noqa: RUF012 -- the base class declares it
        "credentialsWithoutScopes": {"apiKey": "sandbox-ashby-key-few-scopes"},
        "credentialsWithoutConfidential": {"apiKey": "sandbox-ashby-key-public-only"},
        "credentialsDisabled": {"apiKey": "sandbox-ashby-key-disabled"},
        "credentialsOfPartner": {
            "apiKey": "sandbox-ashby-key",
            "partnerId": _ashby_assessments.PARTNER,
        },
    }
    # No limit is published; recorded answers told of a thousand, without the window.
    rules = (Rule(limit=FixedWindow(1000, 60)),)
    events = EVENTS

    def __init__(self, world: World, limiter: Limiter, log: vendor.CallLog) -> None:
        super().__init__(world, limiter, log)
        self._begin()

    def _begin(self) -> None:
        self.company = Company(self.world, self.courier)
        self.recruiter = Desk(self.company)
        self.tests = Tests(self.company)
        self._calls = 0

    def handlers(self) -> list[HTTPRouteHandler]:
        return [
            vendor.route("POST", "/api/{method:str}", self._call),
            vendor.route("GET", "/files/organizations/sandbox/{file:str}/{name:str}", self._file),
            vendor.route("POST", "/files/", self._receive),
        ]

    def screen(self) -> Json:
        """Everything that clients wrote, by what it is; notes and results as they were sent."""
        empty: Json = {name: [] for name in ("candidates", "applications", "notes", "moves")}
        empty |= {name: [] for name in ("rejections", "scorecards", "assessments", "files")}
        return {**empty, **self.company.seen}

    def application_screen(self, application: str) -> Json:
        return application_page(self.company, application)

    async def partner(self, act: str, **what: Any) -> Json:
        return await self.tests.act(act, what)

    def reset(self) -> None:
        super().reset()
        self._begin()

    def change(self, kind: str, **what: Any) -> Json:
        """Alter the organisation as a recruiter would; the kinds are `Desk`'s methods."""
        try:
            return self.recruiter.change(kind, what)
        except Refusal as refusal:
            raise ValueError(refusal.message) from refusal

    async def add_webhooks(self, url: str, events: list[str], secret: str | None) -> list[Json]:
        """In the administration; each answers a ping first."""
        made = []
        for event in events:
            hook = await self.company.hooks.create(event, url, secret)
            if hook is None:
                raise ValueError(f"{url} did not answer the ping")
            made.append(_hook(hook))
        return made

    def webhooks(self) -> list[Json]:
        return [_hook(hook) for hook in self.company.hooks.held.values()]

    def remove_webhook(self, webhook: str) -> bool:
        return self.company.hooks.held.pop(webhook, None) is not None

    def state(self, kind: str) -> Iterator[Json]:
        return state(self.company, kind)

    def credential_of(self, headers: Mapping[str, str], path: str) -> str | None:
        """The limit is per key; the file store has none."""
        return headers.get("authorization") if METHOD_PATH.fullmatch(path) else None

    def limit_headers(self, verdict: Verdict) -> dict[str, str]:
        return {"x-ratelimit-limit": str(verdict.limit)}

    def refuse(self, verdict: Verdict) -> vendor.Answer:
        headers = {"retry-after": str(max(1, round(verdict.retry_after)))}
        body = refused_body("rate_limit_exceeded", "Too many requests", self._request_id())
        return vendor.json_answer(429, body, headers)

    def expired(self) -> vendor.Answer:
        return vendor.Answer(401, b"Unauthorized", {"content-type": "text/plain"})

    def failed(self, status: int) -> vendor.Answer:
        body = refused_body("internal_error", vendor.phrase(status), self._request_id())
        return vendor.json_answer(status, body)

    def _request_id(self) -> str:
        self._calls += 1
        return self.world.uuid("ashby-request", self._calls)

    async def _call(self, request: Request[Any, Any, Any]) -> Response[Any]:
        agent = request.headers.get("user-agent", "").strip()
        if not agent or LIBRARIES.match(agent):
            return _plain(403, "error code: 1010")
        authorization = request.headers.get("authorization")
        if not authorization:
            return _plain(401, "Unauthorized")
        try:
            method, name = _method(request.path_params["method"])
            key = _key(authorization)
            if method.scope is not None and method.scope not in key.scopes:
                message = f"This API key lacks the permission {method.scope}"
                raise Refusal("missing_endpoint_permission", message, 403)
            body, uploads = await _content(request)
            call = Call(method=name, body=body, key=key, uploads=uploads)
            self.company.hooks.begin()
            answer = method.run(self.company, call)
            return vendor.json_response(await answer if inspect.isawaitable(answer) else answer)
        except Refusal as refusal:
            refused = refused_body(refusal.code, refusal.message, self._request_id())
            return vendor.json_response(refused, refusal.status)

    async def _file(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """A signed address is all that it takes."""
        try:
            query = dict(request.query_params)
            stored = self.company.files.read(request.path_params["file"], query)
        except Denied as denied:
            return _denied(denied)
        return Response(stored.content, media_type=stored.content_type)

    async def _receive(self, request: Request[Any, Any, Any]) -> Response[Any]:
        fields, uploads = await _form(request)
        try:
            if "file" not in uploads:
                raise Denied("The body holds no file")
            texts = {name: str(value) for name, value in fields.items()}
            self.company.files.receive(texts, uploads["file"].content)
        except Denied as denied:
            return _denied(denied)
        return vendor.empty_response()


def _hook(hook: Json) -> Json:
    return {
        "id": hook["id"],
        "event": hook["webhookType"],
        "url": hook["requestUrl"],
        "secret": hook["secretToken"],
        "enabled": hook["enabled"],
    }


def _plain(status: int, text: str) -> Response[Any]:
    return Response(text, status_code=status, media_type="text/plain")


def _denied(denied: Denied) -> Response[Any]:
    text = f"<Error><Code>AccessDenied</Code><Message>{denied}</Message></Error>"
    return Response(text, status_code=403, media_type="application/xml")


def _method(name: str) -> tuple[Method, str]:
    """The method under its name, which may also be spelled with underscores."""
    category, _, act = name.partition(".")
    first, *others = act.split("_")
    spelled = f"{category}.{first}{''.join(each.capitalize() for each in others)}"
    method = METHODS.get(name) or METHODS.get(spelled)
    if method is None:
        raise Refusal("not_found", f"There is no method {name}", 404)
    return method, spelled


def _key(authorization: str) -> Key:
    """The key is the user of Basic authentication, whose password stays blank."""
    scheme, _, encoded = authorization.partition(" ")
    try:
        user, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        user, colon, password = "", "", ""
    key = KEYS.get(user)
    is_basic = scheme.lower() == "basic" and bool(colon) and not password
    if key is None or not key.enabled or not is_basic:
        raise Refusal("invalid_api_key", "The API key is not valid", 403)
    return key


async def _content(request: Request[Any, Any, Any]) -> tuple[Json, dict[str, Upload]]:
    """A JSON object, be it empty, or a form with files."""
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        return await _form(request)
    if not kind.startswith("application/json"):
        raise Refusal("invalid_input", "Content-Type must be application/json", 400)
    try:
        body = msgspec.json.decode(await request.body())
    except msgspec.DecodeError:
        raise Refusal("invalid_input", "The body is not valid JSON", 400) from None
    if not isinstance(body, dict):
        raise invalid("The body must be a JSON object")
    return body, {}


async def _form(request: Request[Any, Any, Any]) -> tuple[Json, dict[str, Upload]]:
    try:
        form = await request.form()
    except (HTTPException, ValueError):
        raise Refusal("invalid_input", "The form cannot be read", 400) from None
    body: Json = {}
    uploads = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            content = await value.read()
            uploads[name] = Upload(
                filename=value.filename, content_type=value.content_type, content=content
            )
        else:
            body[name] = value
    return body, uploads
