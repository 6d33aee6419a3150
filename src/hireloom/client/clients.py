"""`Hireloom` and `AsyncHireloom`: where a program begins."""

import os
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Literal

import httpx

from hireloom.client import asks
from hireloom.client.answers import LAST_CALL, LastCall
from hireloom.client.asks import Ask
from hireloom.client.async_methods import AsyncMethods
from hireloom.client.async_sender import AsyncSender
from hireloom.client.methods import Methods
from hireloom.client.sender import Sender

DEFAULT_URL = "http://127.0.0.1:8400"
TIMEOUT = 60.0  # seconds; the server itself gives a vendor less
RETRIES = 3


class Hireloom(Methods):
    """A Hireloom server, asked without asyncio; threads may share one.

    `url` and `key` are HIRELOOM_URL's and HIRELOOM_API_KEY's unless they are given. `integration`
    names the connected account that calls are for; `on` gives the same client for another one.
    An `http` of your own brings its own timeout and trust, and is yours to close.
    """

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        integration: str = "",
        timeout: float = TIMEOUT,
        retries: int = RETRIES,
        http: httpx.Client | None = None,
    ) -> None:
        address = address_of(url)
        owned = http is None
        http = http or httpx.Client(timeout=timeout, trust_env=not asks.is_loopback(address))
        introduce(http, address, key)
        super().__init__(Sender(http, integration, retries, owned=owned))

    def on(self, integration: str) -> "Hireloom":
        """The same client for another account; it shares this one's connections."""
        found = Hireloom.__new__(Hireloom)
        Methods.__init__(found, self._sender.on(integration))
        return found

    def call(
        self,
        method: str,
        values: Mapping[str, Any] | None = None,
        *,
        verb: Literal["GET", "POST"] = "GET",
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        """A method by its name on the wire; `data` comes back as it is, with names in camelCase.

        For `raw` and `fields`, and for methods that are newer than this client.
        """
        return self._sender.answer(by_name(method, values, verb, idempotency_key), dict[str, Any])

    @property
    def last_call(self) -> LastCall | None:
        """How the last call of this thread or task was answered, whichever client made it."""
        return LAST_CALL.get()

    def close(self) -> None:
        self._sender.close()

    def __enter__(self) -> "Hireloom":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class AsyncHireloom(AsyncMethods):
    """The same for asyncio: calls are awaited, lists are read with `async for`."""

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        integration: str = "",
        timeout: float = TIMEOUT,
        retries: int = RETRIES,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        address = address_of(url)
        owned = http is None
        http = http or httpx.AsyncClient(timeout=timeout, trust_env=not asks.is_loopback(address))
        introduce(http, address, key)
        super().__init__(AsyncSender(http, integration, retries, owned=owned))

    def on(self, integration: str) -> "AsyncHireloom":
        """The same client for another account; it shares this one's connections."""
        found = AsyncHireloom.__new__(AsyncHireloom)
        AsyncMethods.__init__(found, self._sender.on(integration))
        return found

    async def call(
        self,
        method: str,
        values: Mapping[str, Any] | None = None,
        *,
        verb: Literal["GET", "POST"] = "GET",
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        """A method by its name on the wire; `data` comes back as it is, with names in camelCase.

        For `raw` and `fields`, and for methods that are newer than this client.
        """
        ask = by_name(method, values, verb, idempotency_key)
        return await self._sender.answer(ask, dict[str, Any])

    @property
    def last_call(self) -> LastCall | None:
        """How the last call of this thread or task was answered, whichever client made it."""
        return LAST_CALL.get()

    async def close(self) -> None:
        await self._sender.close()

    async def __aenter__(self) -> "AsyncHireloom":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


def address_of(url: str | None) -> str:
    return (url or os.environ.get("HIRELOOM_URL") or DEFAULT_URL).rstrip("/")


def introduce(http: httpx.Client | httpx.AsyncClient, url: str, key: str | None) -> None:
    """Let an HTTP client speak to this server with this key."""
    http.base_url = httpx.URL(url)
    found = key if key is not None else os.environ.get("HIRELOOM_API_KEY", "")
    if found:
        http.headers["Authorization"] = f"Bearer {found}"


def by_name(
    method: str,
    values: Mapping[str, Any] | None,
    verb: Literal["GET", "POST"],
    idempotency_key: str | None,
) -> Ask:
    if verb == "GET":
        return Ask(method, query=tuple(asks.pairs(values or {})))
    return Ask(
        method,
        body=asks.ENCODER.encode(values or {}),
        idempotency_key=idempotency_key,
        repeatable=idempotency_key is not None,
    )
