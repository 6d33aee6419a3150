"""The console as it runs: somebody logged in over HTTP, and a real browser where there is one."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec
import pytest
from argon2 import PasswordHasher
from playwright.async_api import Browser, Page

from hireloom.console import provider as speaking
from hireloom.sandbox.app import Running
from hireloom.settings import Settings, some_roles
from hireloom.store import call_search, operators
from hireloom.store.operators import Role
from tests.chromium import PATIENCE
from tests.console.provider import CLIENT, SECRET, Provider, providing
from tests.service import Service, running

PASSWORD = "seven grey herons wading"
LEADS_TO = re.compile(r'http-equiv="refresh" content="0; url=([^"]+)"')
CSRF = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class Visitor:
    """Somebody with a cookie jar of their own."""

    http: httpx.AsyncClient

    async def get(self, path: str, **params: str) -> httpx.Response:
        return await self.http.get(f"/console{path}", params=params or None)

    async def token(self, path: str = "") -> str:
        """What a form on that page would send."""
        found = CSRF.search((await self.get(path)).text)
        assert found is not None
        return found[1]

    async def post(
        self, path: str, fields: dict[str, Any] | None = None, *, seen_on: str = ""
    ) -> httpx.Response:
        """Send a form that was read on a page."""
        sent = {"csrf": await self.token(seen_on), "back": f"/console{seen_on}"} | (fields or {})
        return await self.http.post(f"/console{path}", data=sent)

    async def made(self, path: str, fields: dict[str, Any], *, seen_on: str) -> httpx.Response:
        """The page on which one lands after a form that makes something."""
        answer = await self.post(path, fields, seen_on=seen_on)
        assert answer.status_code == 303, answer.text
        return await self.http.get(answer.headers["location"])

    async def join(self, link: str, name: str, password: str = PASSWORD) -> httpx.Response:
        fields = {"name": name, "password": password, "again": password}
        return await self.post(f"/start/{link}", fields, seen_on=f"/start/{link}")

    async def set_off(self, wanted: str = "") -> str:
        """Begin a login through the provider; its address there."""
        is_in = (await self.get("")).status_code == 200
        page = await self.post("/oidc", {"next": wanted}, seen_on="" if is_in else "/login")
        assert page.status_code == 200, page.text
        found = LEADS_TO.search(page.text)
        assert found is not None
        return html.unescape(found[1])

    async def agree(self, at_provider: str) -> str:
        """Log in there; the address at which one comes back."""
        async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
            assert (await http.get(at_provider)).status_code == 200
            return (await http.post(at_provider)).headers["location"]

    async def come_by_provider(self, wanted: str = "") -> httpx.Response:
        return await self.http.get(await self.agree(await self.set_off(wanted)))

    async def log_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        return await self.post("/login", {"name": name, "password": password}, seen_on="/login")


@dataclass
class Console:
    service: Service

    @asynccontextmanager
    async def visitor(self) -> AsyncIterator[Visitor]:
        async with httpx.AsyncClient(
            base_url=self.service.url, timeout=60, trust_env=False
        ) as http:
            yield Visitor(http)

    async def link(self, role: Role = "admin") -> str:
        async with self.service.desk.pool.acquire() as conn:
            return await operators.make_link(conn, "terminal", role, "a test")


@pytest.fixture(autouse=True)
def patient_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log is searched to its end, however slow this machine is."""
    monkeypatch.setattr(call_search, "MOMENT", 60.0)


@pytest.fixture
def console(service: Service) -> Console:
    return Console(service)


@pytest.fixture
async def provider(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Provider]:
    """One that is waited for, however slow this machine is."""
    monkeypatch.setattr(speaking, "SECONDS", 60)
    async with providing() as found:
        yield found


def by_provider(settings: Settings, provider: Provider) -> Settings:
    return msgspec.structs.replace(
        settings,
        oidc_issuer=provider.url,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_roles=some_roles("", "groups:hireloom-admins=admin,hireloom-support=support"),
    )


@pytest.fixture
async def joined(
    settings: Settings, vendors: Running, provider: Provider
) -> AsyncIterator[Console]:
    """A console that people come into by password or through the provider."""
    async with running(by_provider(settings, provider), vendors) as service:
        yield Console(service)


# Weak on purpose, so that a test need not wait for its operator.
WEAK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)


@asynccontextmanager
async def logged_in(console: Console, name: str, role: Role) -> AsyncIterator[Visitor]:
    async with console.service.desk.pool.acquire() as conn, conn.transaction():
        link = await operators.make_link(conn, "terminal", role, "a test")
        operator = await operators.join(conn, link, name, WEAK)
        assert operator is not None
        token = await operators.open_session(conn, operator.id)
    async with console.visitor() as visitor:
        visitor.http.cookies.set("hireloom_console", token, domain="127.0.0.1", path="/console")
        yield visitor


@pytest.fixture
async def admin(console: Console) -> AsyncIterator[Visitor]:
    async with logged_in(console, "Ada", "admin") as visitor:
        yield visitor


@pytest.fixture
async def support(console: Console) -> AsyncIterator[Visitor]:
    async with logged_in(console, "Sam", "support") as visitor:
        yield visitor


@pytest.fixture
async def page(browser: Browser, admin: Visitor, service: Service) -> AsyncIterator[Page]:
    """A page where an admin is logged in; whatever the browser complains of fails the test."""
    context = await browser.new_context(base_url=service.url)
    token = admin.http.cookies["hireloom_console"]
    await context.add_cookies(
        [{"name": "hireloom_console", "value": token, "url": f"{service.url}/console"}]
    )
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None,
    )
    yield page
    await context.close()
    assert complaints == []
