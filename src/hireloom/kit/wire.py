"""The wire itself: one call out, its answer's head and body back. It knows no account."""

import asyncio
import functools
import re
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import certifi
from multidict import CIMultiDictProxy
from yarl import URL

from hireloom.errors import (
    HireloomError,
    RejectedError,
    RequestInvalidError,
    ResourceNotFoundError,
    TimedOutError,
    UnavailableError,
    UnexpectedAnswerError,
    Upstream,
)
from hireloom.guard import GuardedResolver, PrivateAddressError, refuse_private_literal
from hireloom.kit.message import Answer, Request
from hireloom.kit.retries import AgainError, read_retry_after
from hireloom.kit.trip import OPERATION_SECONDS

FAILURES = (aiohttp.ClientError, TimeoutError, OSError, ValueError)

USER_AGENT = "Hireloom/0.1 (unified ATS API)"
LARGEST_ANSWER = 64 * 1024 * 1024  # bytes of a JSON answer; files stream and have no such limit
CONNECT_SECONDS = 5.0
CHUNK = 64 * 1024
ENCODINGS = "accept-encoding"
LOOK_FIRST = "It may have arrived: look in the ATS before you send it again."

_ENCODED = re.compile(r"[!-~]*")


@dataclass
class Wire:
    """A process's connections: to vendors' own addresses, and guarded for links out of data."""

    _sessions: dict[bool, aiohttp.ClientSession] = field(default_factory=dict)

    async def call(
        self, request: Request, url: str, *, guarded: bool, streamed: bool, seconds: float
    ) -> aiohttp.ClientResponse:
        """Send a request to `url`; the head is there within `seconds`, the body is not read yet.

        Raises one of FAILURES, or RequestInvalidError for a guarded link into a private network.
        """
        if guarded:
            refuse_private_literal(url)
        async with asyncio.timeout(max(seconds, 0.05)):
            return await self._session(guarded).request(
                request.method,
                URL(url, encoded=_ENCODED.fullmatch(url) is not None),
                headers=_headers(request, streamed),
                data=_body(request),
                allow_redirects=False,
                timeout=_timeout(seconds, streamed),
            )

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    def _session(self, guarded: bool) -> aiohttp.ClientSession:
        if guarded not in self._sessions:
            resolver = GuardedResolver() if guarded else None
            self._sessions[guarded] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, ssl=_tls(), resolver=resolver),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": USER_AGENT},
                trust_env=False,
            )
        return self._sessions[guarded]


@functools.cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())


def _timeout(seconds: float, streamed: bool) -> aiohttp.ClientTimeout:
    """A whole answer is there in time; a file may take long, as long as it keeps coming."""
    if streamed:
        return aiohttp.ClientTimeout(
            total=None, sock_connect=CONNECT_SECONDS, sock_read=OPERATION_SECONDS
        )
    return aiohttp.ClientTimeout(total=max(seconds, 0.05), sock_connect=CONNECT_SECONDS)


def _headers(request: Request, streamed: bool) -> dict[str, str]:
    headers = dict(request.headers)
    if streamed:  # its length goes on to the caller, so it has to be that of the bytes themselves
        headers = {name: text for name, text in headers.items() if name.lower() != ENCODINGS}
        headers[ENCODINGS] = "identity"
    if request.content_type:
        headers["Content-Type"] = request.content_type
    return headers


def _body(request: Request) -> bytes | aiohttp.FormData | None:
    if not request.parts:
        return request.body
    form = aiohttp.FormData()
    for part in request.parts:
        # Bytes without a file name would go out as a file of the field's name.
        content = part.content if part.filename else part.content.decode()
        form.add_field(part.name, content, filename=part.filename, content_type=part.content_type)
    return form


async def read_whole(response: aiohttp.ClientResponse) -> bytes:
    """The body, as long as it is no larger than an answer may be. Raises one of FAILURES."""
    parts: list[bytes] = []
    size = 0
    try:
        async for part in response.content.iter_any():
            size += len(part)
            if size > LARGEST_ANSWER:
                raise UnexpectedAnswerError("The vendor's answer is larger than 64 MiB")
            parts.append(part)
    finally:
        response.release()
    return b"".join(parts)


async def only(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def chunks(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    try:
        async for chunk in response.content.iter_chunked(CHUNK):
            yield chunk
    except FAILURES:
        raise UnavailableError("The file broke off on its way") from None
    finally:
        response.close()


def lower(headers: CIMultiDictProxy[str]) -> dict[str, str]:
    """Names in lower case; one that comes several times is one list, as RFC 9110 § 5.3 has it."""
    named: dict[str, str] = {}
    for name, value in headers.items():
        key = name.lower()
        named[key] = f"{named[key]}, {value}" if key in named else value
    return named


def is_private(failure: Exception) -> bool:
    """Whether the guard stopped the call."""
    return isinstance(getattr(failure, "os_error", None), PrivateAddressError)


def explained(request: Request, failure: Exception, who: str) -> AgainError | HireloomError:
    """What a call that brought no answer means. A write is repeated only if it never left."""
    if is_private(failure):
        return RequestInvalidError.at("url", "leads into a private network")
    if isinstance(failure, ValueError):
        if request.signed:
            return UnexpectedAnswerError(f"{who} has an address that cannot be called")
        return RequestInvalidError.at("url", "is not a link that can be read")
    never_left = isinstance(failure, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
    if isinstance(failure, TimeoutError) and not never_left:
        return unsure(request, TimedOutError(f"{who} did not answer {request.template} in time"))
    what = "could not be reached" if never_left else "broke the connection off"
    error = UnavailableError(f"{who} {what} ({request.template})", retry_after=30.0)
    if request.repeatable or never_left:
        return AgainError(error)
    return unsure(request, error)


def unsure(request: Request, error: HireloomError) -> HireloomError:
    """The error of a call that left; of a write that would be made twice, nobody knows."""
    if request.signed and not request.repeatable:  # an unsigned one asks for a token
        error.may_have_arrived, error.hint = True, LOOK_FIRST
    return error


def judge_link(answer: Answer, who: str) -> None:
    """Raise for a link that brought no success; it says nothing about the account."""
    upstream = Upstream(status=answer.status)
    if answer.status == 429 or answer.status >= 500:
        after = read_retry_after(answer.headers)
        error = UnavailableError(
            f"{who} answered {answer.status}",
            upstream=upstream,
            retry_after=after or 30.0,
        )
        raise AgainError(error, after)
    if answer.status >= 300 and answer.request.homes:
        words = f"{who} answered {answer.status} to {answer.request.template}"
        raise RejectedError(words, upstream=upstream)
    if answer.status >= 300:
        raise ResourceNotFoundError(
            f"The file's link answered {answer.status}",
            upstream=upstream,
            hint="The link may have ended, or may not be public; get a new one.",
        )
