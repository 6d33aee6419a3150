"""The web application: a route per operation, and the few pages beside them."""

import re
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import structlog
from litestar import Litestar, Request, Response, get, post, route
from litestar.datastructures import UploadFile
from litestar.enums import HttpMethod
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, ControllerRouterHandler, Receive, Scope, Send
from prometheus_client import CONTENT_TYPE_LATEST

from hireloom import __version__
from hireloom.api import answers, partner_calls
from hireloom.api.desk import new_execution_id
from hireloom.api.flow import Flowing
from hireloom.api.hooks import hear
from hireloom.api.incoming import Headers, Incoming
from hireloom.api.openapi import document
from hireloom.api.operation import Operation, operations
from hireloom.api.runner import Outcome, Runner
from hireloom.desk import Desk
from hireloom.errors import (
    HireloomError,
    InternalError,
    MethodNotAllowedError,
    RequestInvalidError,
    ResourceNotFoundError,
    TooLargeError,
)
from hireloom.kit import Hook, PartnerCall
from hireloom.logs import described
from hireloom.models import Download
from hireloom.store import calls
from hireloom.store.seal import OURS

log = structlog.get_logger()

JSON = "application/json"
MULTIPART = "multipart/form-data"
LARGEST_HOOK = 4 * 1024 * 1024  # bytes; vendors' webhooks and calls hold one record
PARTNER = "/partner/{connector:str}/{token:str}/{rest:path}"
PATIENCE_WITH_BODIES = 8  # times the limit that is read before hanging up
_NOT_IN_NAMES = re.compile(r"[\r\n\"\\/\x00-\x1f]")


Stray = Callable[[Request[Any, Any, Any], HTTPException], Response[Any] | None]


def no_page(_: Request[Any, Any, Any], __: HTTPException) -> None:
    return None


def create_app(
    desk: Desk, faces: Sequence[ControllerRouterHandler] = (), stray: Stray = no_page
) -> Litestar:
    """The API on a desk, with pages of others beside it; the maker opens and closes the desk.

    `stray` may answer in its own way what the web refuses.
    """
    runner = Runner(desk)
    routes = [_route(runner, one) for one in operations().values()]

    @get("/openapi.json", sync_to_thread=True)
    def show_openapi() -> Response[bytes]:
        described = _described(desk.public_url)
        return Response(described, media_type=JSON, headers=answers.headers(new_execution_id()))

    @get("/health")
    async def health() -> Response[bytes]:
        """Whether calls can be answered: the database is there."""
        try:
            async with desk.pool.acquire(timeout=2) as conn:
                await conn.fetchval("select 1", timeout=2)
        except Exception:
            return Response(
                answers.ENCODER.encode(
                    {"status": "down", "database": "unreachable", "version": __version__}
                ),
                media_type=JSON,
                status_code=503,
                headers=answers.headers(new_execution_id()),
            )
        told = {"status": "ok", "database": "ok", "version": __version__}
        headers = answers.headers(new_execution_id())
        return Response(answers.ENCODER.encode(told), media_type=JSON, headers=headers)

    @get("/metrics")
    async def metrics() -> Response[bytes]:
        headers = answers.headers(new_execution_id())
        found = await desk.ledger.told()
        return Response(found, media_type=CONTENT_TYPE_LATEST, headers=headers)

    @post("/hooks/{integration_id:str}/{token:str}", status_code=200)
    async def hooked(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Where vendors' own webhooks come in."""
        return await _heard(desk, request)

    @route(PARTNER, http_method=[HttpMethod.GET, HttpMethod.POST], status_code=200)
    async def partnered(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Where vendors order tests."""
        return await _partnered(desk, request)

    def refused(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
        return stray(request, error) or _refused(request, error)

    limit = desk.settings.max_body_bytes

    def limited(app: ASGIApp) -> ASGIApp:
        return limit_bodies(app, limit)

    return Litestar(
        [*routes, *faces, show_openapi, health, metrics, hooked, partnered],
        openapi_config=None,
        request_max_body_size=limit,
        middleware=[limited],
        exception_handlers={HTTPException: refused, Exception: _defect},
        on_shutdown=[runner.close],
        logging_config=None,
    )


@lru_cache(maxsize=4)
def _described(server: str) -> bytes:
    """The description of the API; to write it takes a tenth of a second, which no start needs."""
    return answers.ENCODER.encode(document(operations(), server))


async def _heard(desk: Desk, request: Request[Any, Any, Any]) -> Response[bytes]:
    started = time.monotonic()
    integration_id: str = request.path_params["integration_id"]
    execution_id = new_execution_id()
    error: HireloomError | None = None
    try:
        body = await _vendor_body(request)
        headers = {name.lower(): value for name, value in request.headers.items()}
        found = await hear(desk, integration_id, request.path_params["token"], Hook(headers, body))
        answer = answers.success({"touched": found})
    except HireloomError as refused:
        error = refused
        answer = answers.failure(refused, execution_id)
    desk.ledger.answered(
        calls.Call(
            at=datetime.now(UTC),
            direction="in",
            execution_id=execution_id,
            operation="(vendor webhook)",
            method="POST",
            duration_ms=(time.monotonic() - started) * 1000,
            integration_id=integration_id if error is None else OURS,
            status=200 if error is None else error.status,
            code=None if error is None else error.code,
            bytes=len(answer),
        )
    )
    return Response(
        answer,
        media_type=JSON,
        status_code=200 if error is None else error.status,
        headers=answers.headers(execution_id, error),
    )


async def _partnered(desk: Desk, request: Request[Any, Any, Any]) -> Response[bytes]:
    started = time.monotonic()
    execution_id = new_execution_id()
    named = request.path_params
    try:
        body = await _vendor_body(request)
        call = PartnerCall(
            request.method, named["rest"].lstrip("/"), dict(request.query_params.items()), body
        )
        found = await partner_calls.answer(
            desk,
            named["connector"],
            named["token"],
            call,
            authorization=request.headers.get("authorization", ""),
            call_id=execution_id,
        )
    except TooLargeError as refused:
        told = answers.failure(refused, execution_id)
        found = partner_calls.Answered(refused.status, told, error=refused)
    desk.ledger.answered(
        calls.Call(
            at=datetime.now(UTC),
            direction="in",
            execution_id=execution_id,
            operation="(partner call)",
            method=request.method,
            duration_ms=(time.monotonic() - started) * 1000,
            integration_id=found.integration_id,
            status=found.status,
            code=None if found.error is None else found.error.code,
            bytes=len(found.body),
        )
    )
    headers = answers.headers(execution_id, found.error)
    if found.status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="assessments", charset="UTF-8"'
    return Response(found.body, media_type=JSON, status_code=found.status, headers=headers)


async def _vendor_body(request: Request[Any, Any, Any]) -> bytes:
    """Read to its end, as `limit_bodies` says, but not kept past what a vendor's call can be."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= LARGEST_HOOK:
            chunks.append(chunk)
    if size > LARGEST_HOOK:
        raise TooLargeError("This call is larger than any that a vendor sends")
    return b"".join(chunks)


def limit_bodies(app: ASGIApp, limit: int) -> ASGIApp:
    """Answer 413 to a body that says it is too long, after reading it to its end.

    A server that answers and hangs up while the client still sends makes the client see a broken
    connection and not the answer. What is far too long is cut off all the same.
    """

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope.get("headers", []))
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) <= limit:
            await app(scope, receive, send)
            return
        drained = 0
        while drained < PATIENCE_WITH_BODIES * limit:
            message = await receive()
            if message["type"] != "http.request":
                break
            drained += len(message.get("body", b""))
            if not message.get("more_body"):
                break
        error = TooLargeError(f"The body is larger than the {limit:,} bytes that are taken")
        await _failure(error).to_asgi_response(None, Request(scope))(scope, receive, send)

    return limited


def _route(runner: Runner, operation: Operation) -> HTTPRouteHandler:
    async def handle(request: Request[Any, Any, Any]) -> Response[Any]:
        try:
            incoming = await _incoming(operation, request)
        except HireloomError as error:
            return _failure(error)
        return _respond(await runner.run(operation, incoming))

    return HTTPRouteHandler(
        operation.path,
        http_method=HttpMethod(operation.method),
        name=operation.name,
        status_code=200,
    )(handle)


async def _incoming(operation: Operation, request: Request[Any, Any, Any]) -> Incoming:
    found = request.headers
    headers = Headers(
        authorization=found.get("authorization", ""),
        integration_id=found.get("x-integration-id") or found.get("x-knit-integration-id") or "",
        idempotency_key=found.get("idempotency-key", ""),
        accept=found.get("accept", JSON),
    )
    query = [(name, value) for name, value in request.query_params.multi_items()]
    if operation.method == "GET":
        return Incoming(query, b"", headers)
    if operation.upload and found.get("content-type", "").startswith(MULTIPART):
        return Incoming(query, b"", headers, await _form(request))
    return Incoming(query, await request.body(), headers)


async def _form(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """A multipart form as the fields of a draft; the part `file` brings name, type and bytes."""
    values: dict[str, Any] = {}
    try:
        form = await request.form()
    except (ValueError, LookupError):  # of a part's own headers, such as an unknown charset
        raise RequestInvalidError.at("(body)", "is no valid multipart form") from None
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            values.setdefault("name", value.filename)
            values.setdefault("contentType", value.content_type)
            values["data"] = await value.read()
        else:
            values[name] = value
    return values


def _respond(outcome: Outcome) -> Response[Any]:
    if outcome.download is not None:
        return _stream(outcome.download, outcome.headers)
    return Response(
        outcome.body, media_type=JSON, status_code=outcome.status, headers=outcome.headers
    )


def _stream(download: Download, headers: dict[str, str]) -> Response[Any]:
    headers = {**headers, "X-Upstream-Status": str(download.status)}
    # A file out of an ATS may be anything: never let a browser open it as a page of ours.
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Disposition"] = _disposition(download.name)
    if download.size is not None:
        headers["Content-Length"] = str(download.size)
    return Flowing(download.chunks, media_type=download.content_type, headers=headers)


def _disposition(name: str | None) -> str:
    if not name:
        return "attachment"
    plain = _NOT_IN_NAMES.sub("_", name).encode("ascii", "replace").decode()
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _refused(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """What the web refuses before any operation is asked."""
    path = request.url.path
    told: HireloomError
    if error.status_code == 404:
        told = ResourceNotFoundError(
            "There is nothing at this address", hint="The methods are listed in /openapi.json."
        )
    elif error.status_code == 405:
        told = MethodNotAllowedError(f"{path} does not take {request.method}")
    elif error.status_code == 413:
        told = TooLargeError("The body is larger than this server takes")
    elif error.status_code >= 500:
        return _defect(request, error)
    else:
        told = RequestInvalidError("The request could not be read")
    return _failure(told)


def _defect(request: Request[Any, Any, Any], defect: Exception) -> Response[bytes]:
    """What went wrong outside of any operation: rare, so it is logged with the id that is told."""
    answer = _failure(InternalError("Something went wrong inside Hireloom"))
    execution_id = answer.headers["X-Execution-Id"]
    path = request.url.path
    log.error("A defect", execution_id=execution_id, path=path, **described(defect))
    return answer


def _failure(error: HireloomError) -> Response[bytes]:
    execution_id = new_execution_id()
    return Response(
        answers.failure(error, execution_id),
        media_type=JSON,
        status_code=error.status,
        headers=answers.headers(execution_id, error),
    )
