"""Calls of the demo's own server, over real HTTP."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx


class CallRefusedError(Exception):
    """A call that was answered with an error; `error` is the API's own, with its hint."""

    def __init__(self, who: str, method: str, error: Mapping[str, Any]) -> None:
        super().__init__(f"{method} ({who}): {error.get('msg', 'it failed')}")
        self.who = who
        self.method = method
        self.error = error


class UnexpectedError(Exception):
    """The API answered, but not with what this step of the demo is there to show."""


Json = dict[str, Any]
LIMIT_SECONDS = 45.0  # the longest window of the three vendors' limits is 30 seconds


class Api:
    def __init__(self, client: httpx.AsyncClient, tell: Callable[[str], None]) -> None:
        self._client = client
        self.tell = tell
        self.calls = 0

    async def get(self, who: str, method: str, integration: str = "", **query: Any) -> Json:
        """`data` of a read."""
        answer = await self._get(method, integration, query)
        return opened(who, method, answer)

    async def post(self, who: str, method: str, body: Json, integration: str = "") -> Json:
        """`data` of a write; the key makes a repetition harmless."""
        answer = await self._post(method, integration, body)
        return opened(who, method, answer)

    async def refusal(self, who: str, method: str, integration: str) -> Json:
        """The error that a call is answered with, whichever way the method is called."""
        answer = await self._get(method, integration, {})
        if answer.status_code == httpx.codes.METHOD_NOT_ALLOWED:
            answer = await self._post(method, integration, {})
        if answer.is_success:
            raise UnexpectedError(f"{who} was expected to refuse {method}, and did not")
        error: Json = answer.json()["error"]
        return {**error, "status": answer.status_code}

    async def download(
        self, who: str, method: str, integration: str, **query: Any
    ) -> httpx.Response:
        answer = await self._get(method, integration, query)
        if not answer.is_success:
            opened(who, method, answer)
        return answer

    async def _get(self, method: str, integration: str, query: Json) -> httpx.Response:
        headers = addressed(integration)
        return await self._patiently("GET", method, params=query, headers=headers)

    async def _post(self, method: str, integration: str, body: Json) -> httpx.Response:
        headers = {**addressed(integration), "Idempotency-Key": uuid.uuid4().hex}
        return await self._patiently("POST", method, json=body, headers=headers)

    async def _patiently(self, verb: str, method: str, **call: Any) -> httpx.Response:
        """Once more, as soon as the answer says, where a vendor's limit is used up."""
        latest = time.monotonic() + LIMIT_SECONDS
        while True:
            self.calls += 1
            answer = await self._client.request(verb, f"/v1.0/{method}", **call)
            after = float(answer.headers.get("Retry-After", 0))
            if not after or time.monotonic() + after > latest:
                return answer
            self.tell(f"A vendor's limit is used up; the API says: again in {after:.0f} s.")
            await asyncio.sleep(after)


@asynccontextmanager
async def calling(url: str, key: str, tell: Callable[[str], None]) -> AsyncIterator[Api]:
    """`tell` hears why a call takes long."""
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(
        base_url=url, headers=headers, timeout=120, trust_env=False
    ) as client:
        yield Api(client, tell)


def addressed(integration: str) -> dict[str, str]:
    return {"X-Integration-Id": integration} if integration else {}


def opened(who: str, method: str, answer: httpx.Response) -> Json:
    """`data`, or CallRefusedError with the API's own words."""
    try:
        told = answer.json()
    except ValueError:
        what = f"The server answered {answer.status_code} without JSON"
        raise CallRefusedError(who, method, {"msg": what}) from None
    if not told.get("success"):
        raise CallRefusedError(who, method, told.get("error", {}))
    data: Json = told["data"]
    return data
