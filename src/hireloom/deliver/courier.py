"""The courier: one POST to a user's endpoint, and in plain words what came of it.

What an endpoint answers is never kept: its status counts, the rest is thrown away.
"""

import asyncio
import functools
import io
import ssl
import time
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
import certifi
from aiohttp.abc import AbstractResolver

from hireloom.deliver import targets
from hireloom.deliver.retries import read_retry_after
from hireloom.guard import GuardedResolver, PrivateAddressError
from hireloom.names import Names

SECONDS = 15.0  # to acknowledge
CONNECT_SECONDS = 10.0
DRAINED = 4096  # bytes of an answer that are read, so that its connection can be used again
DRAIN_SECONDS = 1.0
IDLE_SECONDS = 4.0  # less than servers wait before they hang up
NAMES_SECONDS = 30  # how long an address is remembered that was found to be public
LARGE = 1024 * 1024

FAILURES = (aiohttp.ClientError, TimeoutError, OSError, ValueError)
HUNG_UP = (aiohttp.ServerDisconnectedError, ConnectionError)
ASKS_TO_WAIT = frozenset({429, 503})
GONE = 410


@dataclass(frozen=True, slots=True)
class Outcome:
    status: int | None  # none: no answer came
    reason: str
    seconds: float
    retry_after: float | None = None

    @property
    def acknowledged(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def kind(self) -> str:
        """For counting: a few words, whatever happens."""
        if self.status is None:
            return "unanswered"
        return "acknowledged" if self.acknowledged else "refused"

    @property
    def gone(self) -> bool:
        return self.status == GONE


class Courier(AbstractAsyncContextManager["Courier"]):
    """A process's connections to webhooks."""

    def __init__(self, *, allow_private: bool, seconds: float = SECONDS) -> None:
        self.allow_private = allow_private
        self._seconds = seconds
        self._opened: aiohttp.ClientSession | None = None
        self._resolver: AbstractResolver | None = None

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.close()
            self._opened = None
        if self._resolver is not None:
            await self._resolver.close()
            self._resolver = None

    async def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """POST once. Whatever goes wrong is an outcome and no exception."""
        wrong = targets.problem(url, allow_private=self.allow_private)
        if wrong is not None:
            return Outcome(None, f"refused: the URL {wrong}", 0.0)
        started = time.perf_counter()
        try:
            try:
                status, wish = await self._post(url, body, headers)
            except HUNG_UP:
                # A connection kept from before may be closed just as it is used again.
                status, wish = await self._post(url, body, headers)
        except FAILURES as error:
            seconds = time.perf_counter() - started
            return Outcome(None, in_words(error, self._seconds), seconds)
        return Outcome(status, answered(status), time.perf_counter() - started, wish)

    async def _post(
        self, url: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, float | None]:
        async with self._session.post(
            targets.parse(url),
            data=body if len(body) < LARGE else io.BytesIO(body),
            headers=headers,
            allow_redirects=False,
        ) as response:
            await _drain(response)
            wish = None
            if response.status in ASKS_TO_WAIT:
                wish = read_retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
            return response.status, wish

    @property
    def _session(self) -> aiohttp.ClientSession:
        if self._opened is None:
            self._resolver = Names() if self.allow_private else GuardedResolver()
            self._opened = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0,
                    ssl=_tls(),
                    resolver=self._resolver,
                    keepalive_timeout=IDLE_SECONDS,
                    ttl_dns_cache=NAMES_SECONDS,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=self._seconds, sock_connect=CONNECT_SECONDS),
                auto_decompress=False,
                trust_env=False,
            )
        return self._opened


@functools.cache
def _tls() -> ssl.SSLContext:
    tls = ssl.create_default_context(cafile=certifi.where())
    tls.load_default_certs()
    return tls


async def _drain(response: aiohttp.ClientResponse) -> None:
    """Read a short answer to its end; a longer or slower one costs its connection."""
    content = response.content
    if content.is_eof():
        return
    left = DRAINED
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            while left > 0 and not content.at_eof():
                left -= len(await content.read(left))
    except FAILURES:
        response.close()


def answered(status: int) -> str:
    if 300 <= status < 400:
        return f"answered {status}, a redirect, which is not followed"
    return f"answered {status}"


def in_words(error: BaseException, seconds: float) -> str:
    """A failure for a support person: nothing of what was sent or answered, no URL."""
    cause = getattr(error, "os_error", None) or error
    if isinstance(cause, PrivateAddressError):
        return "refused: the name leads to a private address"
    for kinds, words in WORDS:
        if isinstance(error, kinds):
            return words
    if isinstance(error, TimeoutError):
        return f"did not answer within {seconds:g} s"
    if isinstance(cause, ConnectionRefusedError):
        return "refused the connection"
    if isinstance(error, HUNG_UP):
        return "hung up before it answered"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "could not be reached"
    if isinstance(error, aiohttp.ClientResponseError | aiohttp.ClientPayloadError):
        return "answered with something that is not HTTP"
    return "could not be sent to"


# The first that fits.
WORDS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    (aiohttp.ClientConnectorCertificateError, "TLS certificate is not valid"),
    (aiohttp.ClientSSLError, "no TLS connection came about"),
    (aiohttp.ClientConnectorDNSError, "the name is not known"),
    (aiohttp.ConnectionTimeoutError, f"no connection came about within {CONNECT_SECONDS:g} s"),
    (aiohttp.InvalidURL, "refused: the URL is not one that can be read"),
)
