"""The only module that speaks to vendors.

A `Line` is the way to one customer's account: it signs, keeps to the vendor's limit, retries what
may be retried, refreshes tokens once for everybody, and turns what comes back into an answer or one
of our errors. Addresses are the vendors' own; the origin map decides where a call really goes.
"""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

import aiohttp
import certifi
from tenacity import AsyncRetrying, retry_if_exception_type
from yarl import URL

from hireloom.errors import (
    CredentialsInvalidError,
    HireloomError,
    PermissionMissingError,
    RequestInvalidError,
    TimedOutError,
    UnavailableError,
    UnexpectedAnswerError,
    Upstream,
    UpstreamRateLimitedError,
)
from hireloom.kit.auth import AnyOf, Auth, Secrets, TokenAuth
from hireloom.kit.connector import Connector
from hireloom.kit.decode import request_id
from hireloom.kit.guard import GuardedResolver, PrivateAddressError, refuse_private_literal
from hireloom.kit.limits import Budget, Shelf
from hireloom.kit.message import Answer, Request, Stream
from hireloom.kit.origins import Origins
from hireloom.kit.ports import CallReport, Keeper, Report
from hireloom.kit.redact import redacted
from hireloom.kit.retries import RATE_LIMIT_PATIENCE, AgainError, enough, pause, read_retry_after
from hireloom.kit.trip import current

T = TypeVar("T")
C = TypeVar("C", bound=Connector)

USER_AGENT = "Hireloom/0.1 (unified ATS API)"
LARGEST_ANSWER = 64 * 1024 * 1024  # bytes of a JSON answer; files stream and have no such limit
CIRCUIT_FAILURES = 8
CIRCUIT_SECONDS = 15.0
REDIRECTS = 5
CHUNK = 64 * 1024


@dataclass
class Http:
    """The process's way out: connections, the origin map, and where lines find their account."""

    keeper: Keeper
    shelf: Shelf
    report: Report = lambda _: None
    origins: Origins = field(default_factory=Origins)
    _sessions: dict[bool, aiohttp.ClientSession] = field(default_factory=dict)

    def connect(
        self,
        integration_id: str,
        kind: type[C],
        settings: Mapping[str, str] | None = None,
        *,
        keeper: Keeper | None = None,
        shelf: Shelf | None = None,
    ) -> C:
        """The connector of one account, on a line of its own."""
        budget = Budget(shelf or self.shelf, integration_id, kind.rate_limit)
        line = Line(self, integration_id, kind, keeper or self.keeper, budget)
        connector = kind(line, settings)
        line.connector = connector
        return connector

    def session(self, guarded: bool) -> aiohttp.ClientSession:
        """For vendors' own addresses, or guarded for links that come out of data."""
        if guarded not in self._sessions:
            resolver = GuardedResolver() if guarded else None
            self._sessions[guarded] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=200, ssl=_tls(), resolver=resolver),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": USER_AGENT},
                trust_env=False,
            )
        return self._sessions[guarded]

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()


def _tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())


class Line:
    """The way to one customer's account at a vendor; a `kit.Channel`."""

    def __init__(
        self, http: Http, integration_id: str, kind: type[Connector], keeper: Keeper, budget: Budget
    ) -> None:
        self._http = http
        self._id = integration_id
        self._kind = kind
        self._keeper = keeper
        self._budget = budget
        self._secrets: Secrets | None = None
        self._renewing = asyncio.Lock()
        self._failures = 0
        self._open_until = 0.0
        self.connector: Connector  # set by Http.connect: it knows its addresses and its refusals

    # What a connector calls.

    async def send(self, request: Request) -> Answer:
        return await self._retried(lambda: self._attempt(request))

    async def stream(self, request: Request) -> Stream:
        return await self._retried(lambda: self._open(request))

    # Attempts.

    async def _retried(self, attempt: Callable[[], Awaitable[T]]) -> T:
        try:
            async for trial in AsyncRetrying(
                retry=retry_if_exception_type(AgainError), stop=enough, wait=pause, reraise=True
            ):
                with trial:
                    return await attempt()
        except AgainError as failure:
            raise failure.error from None
        raise AssertionError("tenacity either returns or raises")

    async def _attempt(self, request: Request) -> Answer:
        secrets = await self._ready(request)
        answer = await self._whole(request, await self._call(self._signed(request, secrets)))
        if answer.status == 401 and (newer := await self._newer(request, secrets)):
            await self._place()
            answer = await self._whole(request, await self._call(self._signed(request, newer)))
        await self._budget.heed(answer.headers)
        if request.raw_answer and answer.status not in {401, 429}:
            return answer
        await self._judge(answer)
        return answer

    async def _open(self, request: Request) -> Stream:
        secrets = await self._ready(request)
        request = self._signed(request, secrets)
        for _ in range(REDIRECTS + 1):
            response = await self._call(request)
            target = response.headers.get("Location")
            if response.status not in {301, 302, 303, 307, 308} or not target:
                break
            response.release()
            request = self._redirected(request, target)
        else:
            raise UnexpectedAnswerError("The vendor's file link redirects without end")
        if response.status >= 400 and not request.raw_answer:
            await self._judge(await self._whole(request, response))
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Stream(response.status, headers, _chunks(response))

    async def _ready(self, request: Request) -> Secrets:
        """What must be so before a call: the circuit closed, a place in the budget, a token."""
        if (left := self._open_until - time.monotonic()) > 0:
            raise UnavailableError(
                f"{self._kind.title} keeps failing for this account; calls pause for a moment",
                retry_after=left,
            )
        secrets = await self._fresh() if request.signed else Secrets()
        await self._place()
        return secrets

    async def _place(self) -> None:
        trip = current()
        try:
            waited = await self._budget.wait(min(RATE_LIMIT_PATIENCE - trip.waited, trip.left - 1))
        except TimeoutError as error:
            raise self._too_many(float(error.args[0])) from None
        trip.waited += waited

    def _signed(self, request: Request, secrets: Secrets) -> Request:
        if not request.signed:
            return request
        if not self._is_home(request.url):
            raise UnexpectedAnswerError(
                f"{self._kind.title} pointed to an address that is not its own; "
                "no credentials were sent there"
            )
        return self._auth(secrets).sign(request, secrets)

    def _redirected(self, request: Request, target: str) -> Request:
        url = str(URL(request.url).join(URL(target)))
        if request.signed and not self._is_home(url):
            bare = {k: v for k, v in request.headers.items() if k.lower() != "authorization"}
            return replace(request, url=url, params=(), headers=bare, signed=False, method="GET")
        return replace(request, url=url, params=(), method="GET")

    def _is_home(self, url: str) -> bool:
        homes = {_origin(address) for address in self.connector.addresses}
        return _origin(url) in homes or self._http.origins.is_target_of(url, homes)

    async def _call(self, request: Request, *, trusted: bool = False) -> aiohttp.ClientResponse:
        """One call on the wire; the body is not read yet. Only an address that the connector or

        the operator vouches for is called without the guard against private networks.
        """
        trip = current()
        url = self._http.origins.send(request.full_url)
        guarded = not (trusted or request.signed or self._http.origins.knows(request.url))
        if guarded:
            refuse_private_literal(url)
        started = time.monotonic()
        trip.calls += 1
        error: HireloomError | None = None
        response: aiohttp.ClientResponse | None = None
        try:
            response = await self._http.session(guarded).request(
                request.method,
                URL(url, encoded=True),
                headers=_headers(request),
                data=_body(request),
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=max(trip.left, 0.05), sock_connect=5),
            )
        except (aiohttp.ClientError, TimeoutError, OSError) as failure:
            again = self._failed(request, failure)
            error = again.error if isinstance(again, AgainError) else again
            raise again from None
        finally:
            trip.seconds += time.monotonic() - started
            self._log(request, response, time.monotonic() - started, error)
        return response

    async def _whole(self, request: Request, response: aiohttp.ClientResponse) -> Answer:
        parts: list[bytes] = []
        size = 0
        started = time.monotonic()
        try:
            async for part in response.content.iter_any():
                size += len(part)
                if size > LARGEST_ANSWER:
                    raise UnexpectedAnswerError("The vendor's answer is larger than 64 MiB")
                parts.append(part)
        except (aiohttp.ClientError, TimeoutError, OSError) as failure:
            raise self._failed(request, failure) from None
        finally:
            current().seconds += time.monotonic() - started
            response.release()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, headers, b"".join(parts), request)

    # What came back.

    async def _judge(self, answer: Answer) -> None:
        """Return when the answer is a success; raise what it means when it is not."""
        if answer.status == 429:
            after = read_retry_after(answer.headers)
            await self._budget.block(after if after is not None else 1.0)
            raise AgainError(self._too_many(after, answer), after)
        if answer.status >= 500:
            failure = UnavailableError(
                f"{self._kind.title} answered {answer.status} to {answer.request.template}",
                upstream=Upstream(status=answer.status, request_id=request_id(answer)),
                retry_after=read_retry_after(answer.headers) or 30.0,
            )
            self._count_failure()
            if answer.request.repeatable or answer.status == 503:
                raise AgainError(failure, read_retry_after(answer.headers))
            raise failure
        if 300 <= answer.status < 400:
            raise UnexpectedAnswerError(
                f"{self._kind.title} redirected {answer.request.template} instead of answering",
                upstream=Upstream(status=answer.status),
            )
        self._failures = 0
        if refusal := self.connector.refusal(answer):
            raise self._explained(refusal, answer)

    def _explained(self, refusal: HireloomError, answer: Answer) -> HireloomError:
        words = redacted(self.connector.message(answer), answer.request)
        refusal.upstream = Upstream(
            status=answer.status, request_id=request_id(answer), body=words or None
        )
        if isinstance(refusal, CredentialsInvalidError | PermissionMissingError):
            refusal.detail = answer.request.template
        return refusal

    def _failed(self, request: Request, failure: BaseException) -> AgainError | HireloomError:
        """A call that brought no answer. A write is repeated only if it never left."""
        if isinstance(failure, HireloomError):
            return failure
        never_left = isinstance(failure, aiohttp.ClientConnectorError)
        if isinstance(getattr(failure, "os_error", None), PrivateAddressError):
            return RequestInvalidError.at("url", "leads into a private network")
        self._count_failure()
        title = self._kind.title
        if isinstance(failure, TimeoutError) and not isinstance(
            failure, aiohttp.ConnectionTimeoutError
        ):
            return TimedOutError(f"{title} did not answer {request.template} in time")
        what = "could not be reached" if never_left else "broke the connection off"
        error = UnavailableError(f"{title} {what} ({request.template})", retry_after=30.0)
        if request.repeatable or never_left:
            return AgainError(error)
        error.hint = "It may have arrived: look in the ATS before you send it again."
        return error

    def _too_many(
        self, after: float | None, answer: Answer | None = None
    ) -> UpstreamRateLimitedError:
        status = None if answer is None else Upstream(status=429, request_id=request_id(answer))
        return UpstreamRateLimitedError(
            f"{self._kind.title} limits the calls of this account and the wait is too long",
            retry_after=max(1.0, after if after is not None else 10.0),
            upstream=status,
        )

    def _count_failure(self) -> None:
        self._failures += 1
        if self._failures >= CIRCUIT_FAILURES:
            self._open_until = time.monotonic() + CIRCUIT_SECONDS
            self._failures = CIRCUIT_FAILURES - 1  # one more failure opens it again

    def _log(
        self,
        request: Request,
        response: aiohttp.ClientResponse | None,
        seconds: float,
        error: HireloomError | None,
    ) -> None:
        length = response.headers.get("Content-Length", "0") if response is not None else "0"
        self._http.report(
            CallReport(
                integration_id=self._id,
                connector=self._kind.name,
                execution_id=current().execution_id,
                method=request.method,
                template=request.template,
                status=None if response is None else response.status,
                seconds=seconds,
                size=int(length) if length.isdigit() else 0,
                code=None if error is None else error.code,
            )
        )

    # Tokens.

    def _auth(self, secrets: Secrets) -> Auth:
        auth = self.connector.authentication
        return auth.way(secrets) if isinstance(auth, AnyOf) else auth

    def _renewable(self, secrets: Secrets) -> bool:
        return isinstance(self._auth(secrets), TokenAuth)

    async def _fresh(self) -> Secrets:
        """The account's secrets, with a token that still lives where tokens are used."""
        if self._secrets is None:
            self._secrets = await self._keeper.load(self._id)
        secrets = self._secrets
        if self._renewable(secrets) and secrets.expired(time.time()):
            return await self._renew(secrets)
        return secrets

    async def _newer(self, request: Request, refused: Secrets) -> Secrets | None:
        """After a 401: a new token, or the key that the customer entered meanwhile elsewhere."""
        if not request.signed:
            return None
        if self._renewable(refused):
            return await self._renew(refused)
        self._secrets = await self._keeper.load(self._id)
        return self._secrets if self._secrets.fields != refused.fields else None

    async def _renew(self, stale: Secrets) -> Secrets:
        """A new token, made once however many ask: a lock here, the keeper's across processes.

        Whoever comes second finds the new token saved and takes it.
        """
        async with self._renewing:
            if self._secrets is not None and self._secrets.access_token != stale.access_token:
                return self._secrets
            async with self._keeper.hold(self._id) as held:
                secrets = held.secrets
                taken = secrets.access_token == stale.access_token or secrets.expired(time.time())
                if taken:
                    secrets = await self._exchange(secrets)
                    await held.save(secrets)
            self._secrets = secrets
            return secrets

    async def _exchange(self, secrets: Secrets) -> Secrets:
        auth = self._auth(secrets)
        if not isinstance(auth, TokenAuth):
            raise CredentialsInvalidError(
                f"{self._kind.title} no longer accepts this account's key"
            )
        request = auth.token_request(secrets)
        answer = await self._retried(lambda: self._token_attempt(request))
        return auth.read_token(answer, secrets, time.time())

    async def _token_attempt(self, request: Request) -> Answer:
        answer = await self._whole(request, await self._call(request, trusted=True))
        if answer.status >= 500 or answer.status == 429:
            error = UnavailableError(
                f"{self._kind.title} gives no token now ({answer.status})",
                upstream=Upstream(status=answer.status),
                retry_after=read_retry_after(answer.headers) or 30.0,
            )
            raise AgainError(error, read_retry_after(answer.headers))
        if answer.status >= 400:
            raise CredentialsInvalidError(
                f"{self._kind.title} does not accept the credentials of this account",
                upstream=Upstream(status=answer.status, request_id=request_id(answer)),
            )
        return answer


def _headers(request: Request) -> dict[str, str]:
    headers = dict(request.headers)
    if request.content_type:
        headers["Content-Type"] = request.content_type
    return headers


def _body(request: Request) -> bytes | aiohttp.FormData | None:
    if not request.parts:
        return request.body
    form = aiohttp.FormData()
    for part in request.parts:
        form.add_field(
            part.name, part.content, filename=part.filename, content_type=part.content_type
        )
    return form


async def _chunks(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    try:
        async for chunk in response.content.iter_chunked(CHUNK):
            yield chunk
    finally:
        response.close()


def _origin(url: str) -> str:
    return str(URL(url).origin())
