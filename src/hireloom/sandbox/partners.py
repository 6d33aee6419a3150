"""The partner for tests that a customer connected to a vendor, and the vendor's calls to it."""

import asyncio
import functools
import ssl
import time
from collections import deque
from collections.abc import Coroutine, Mapping
from typing import Any, NamedTuple

import httpx
import msgspec

from hireloom.sandbox.hooks import is_address

LOGGED = 1000
PATIENCE = 20.0  # seconds in which a partner has to answer


class Partner(NamedTuple):
    base_url: str
    key: str


class Said(NamedTuple):
    """What a partner answered: JSON, or else the text. Status 0: there was no answer."""

    status: int
    answer: Any

    @property
    def fine(self) -> bool:
        return 200 <= self.status < 300

    def told(self, **more: Any) -> dict[str, Any]:
        """For whoever asked the vendor to call."""
        return {"status": self.status, "answer": self.answer, **more}


class Line:
    """Calls carry the key as the user of Basic authentication; they follow no redirects."""

    def __init__(self) -> None:
        self.partner: Partner | None = None
        self.calls: deque[dict[str, Any]] = deque(maxlen=LOGGED)
        self._errands: set[asyncio.Task[Any]] = set()

    def connect(self, base_url: str, secret_key: str) -> None:
        """ValueError for what no vendor would take."""
        if not is_address(base_url):
            raise ValueError("base_url must be https, or http on this machine")
        if not secret_key or not secret_key.isascii() or ":" in secret_key:
            raise ValueError("secret_key must be ASCII without a colon")
        self.partner = Partner(base_url.rstrip("/"), secret_key)

    async def call(
        self,
        method: str,
        name: str,
        body: Any = None,
        query: Mapping[str, str] | None = None,
    ) -> Said:
        """ValueError where no partner is connected."""
        if self.partner is None:
            raise ValueError("no partner is connected")
        said = await _call(self.partner, method, name, body, query)
        entry = {"method": method, "call": name, "status": said.status, "at": time.time()}
        self.calls.append(entry)
        return said

    def soon(self, errand: Coroutine[Any, Any, Any]) -> None:
        """Do it while whoever asked goes on."""
        task = asyncio.get_running_loop().create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    def close(self) -> None:
        """Give up what is under way; from any thread."""
        for task in list(self._errands):
            loop = task.get_loop()
            if not loop.is_closed():
                loop.call_soon_threadsafe(task.cancel)

    def forget(self) -> None:
        self.close()
        self.partner = None
        self.calls.clear()


async def _call(
    partner: Partner, method: str, name: str, body: Any, query: Mapping[str, str] | None
) -> Said:
    content = None if body is None else msgspec.json.encode(body)
    headers = {} if body is None else {"content-type": "application/json"}
    client = httpx.AsyncClient(verify=_certificates(), trust_env=False, timeout=PATIENCE)
    async with client:
        try:
            answer = await client.request(
                method,
                f"{partner.base_url}/{name}",
                auth=(partner.key, ""),
                content=content,
                headers=headers,
                params=query,
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Said(0, str(error) or type(error).__name__)
    try:
        return Said(answer.status_code, msgspec.json.decode(answer.content))
    except msgspec.DecodeError:
        return Said(answer.status_code, answer.text)


@functools.cache
def _certificates() -> ssl.SSLContext:
    return ssl.create_default_context()
