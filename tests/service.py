"""The API as it runs, for tests: real HTTP, a real database, the sandbox's vendors."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec

from hireloom import ports, web
from hireloom.desk import Desk, open_desk
from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from hireloom.store import keys
from tests.outage import PATIENCE, until

ALL = ("read", "write", "passthrough", "admin")


@dataclass
class Service:
    """A running API with a key for everything; `on` speaks for one connected account."""

    url: str
    desk: Desk
    sandbox: Running
    key: str
    http: httpx.AsyncClient

    def headers(self, integration: str = "", key: str | None = None) -> dict[str, str]:
        found = {"Authorization": f"Bearer {self.key if key is None else key}"}
        return found | ({"X-Integration-Id": integration} if integration else {})

    async def get(
        self, method: str, integration: str = "", /, key: str | None = None, **params: Any
    ) -> httpx.Response:
        return await self.http.get(
            f"/v1.0/{method}", params=params, headers=self.headers(integration, key)
        )

    async def post(
        self,
        method: str,
        integration: str = "",
        /,
        body: Any = None,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        return await self.http.post(
            f"/v1.0/{method}",
            json={} if body is None else body,
            headers=self.headers(integration, key) | dict(headers or {}),
        )

    async def make_key(self, *scopes: str) -> str:
        async with self.desk.pool.acquire() as conn:
            return (await keys.create(conn, "test", scopes)).secret

    async def connect(self, app: str, settings: Mapping[str, str] | None = None) -> str:
        """Connect the sandbox's account at a vendor; its integration id."""
        credentials = dict(self.sandbox.vendor(app).credentials)
        if app == "lever":
            credentials = {"apiKey": credentials["apiKey"]}
        answer = await self.post(
            "integration.import",
            body={
                "originOrgId": f"org-{app}",
                "originOrgName": "Example & Sons",
                "appId": app,
                "credentials": credentials,
                "settings": dict(settings or {}),
            },
        )
        assert answer.status_code == 200, answer.text
        found: str = answer.json()["data"]["integrationId"]
        return found

    async def connect_for_writes(self, app: str) -> str:
        """The same, with what the vendor needs beside credentials before it takes a write."""
        integration = await self.connect(app)
        if app != "lever":
            return integration
        users = (await self.get("ats.user.list", integration)).json()["data"]["users"]
        actor = next(user["id"] for user in users if user["active"])
        return await self.connect(app, {"performAs": actor})

    def faults(self, *faults: Mapping[str, Any]) -> None:
        """Let the sandbox misbehave as the plan says."""
        plan, url = {"fault": list(faults)}, f"{self.sandbox.url}/_sandbox/faults"
        answer = httpx.post(url, json=plan, timeout=PATIENCE)
        assert answer.status_code < 300, answer.text

    def calls(self, vendor: str) -> dict[str, Any]:
        url = f"{self.sandbox.url}/_sandbox/{vendor}/calls"
        found: dict[str, Any] = httpx.get(url, timeout=PATIENCE).json()
        return found


@asynccontextmanager
async def running(settings: Settings, sandbox: Running) -> AsyncIterator[Service]:
    mapped = msgspec.structs.replace(settings, origins=sandbox.origins)
    stopped = asyncio.Event()
    async with AsyncExitStack() as stack:
        port = stack.enter_context(ports.reserved())
        url = f"http://127.0.0.1:{port}"
        desk = await stack.enter_async_context(open_desk(mapped, url))
        listening = asyncio.create_task(web.listen(web.make_app(desk), "127.0.0.1", port, stopped))
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, trust_env=False) as http:
            await answering(http)
            service = Service(url, desk, sandbox, "", http)
            service.key = await service.make_key(*ALL)
            yield service
        stopped.set()
        await listening


async def answering(http: httpx.AsyncClient) -> None:
    async def is_there() -> bool:
        try:
            return (await http.get("/health")).status_code == 200
        except httpx.TransportError:
            return False

    await until(is_there)
