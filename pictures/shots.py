"""Which pictures there are: pages of the console, and steps of the connect window."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import httpx
from playwright.async_api import Page
from tests.connect.host import hosting

from hireloom.console.looks import NAVIGATION
from hireloom.sandbox.app import Running
from pictures.scene import Scene

Take = Callable[[str], Awaitable[None]]

CLIENT = {"appId": "lever", "clientId": "lever-sandbox-client-id",
          "clientSecret": "lever-sandbox-client-secret"}  # fmt: skip


def console_pages(scene: Scene, paths: set[str]) -> dict[str, str]:
    """By name: every page of the navigation that there is, and one page of each thing."""
    listed = {path.rpartition("/")[2]: path for _, path in NAVIGATION if path in paths}
    listed["overview"] = listed.pop("console") + "?range=7d"
    return listed | {
        "integration": f"/console/integrations/{scene.account}",
        "sync": f"/console/syncs/{scene.sync}",
        "delivery": f"/console/deliveries/{scene.delivery}",
        "issue": f"/console/issues/{scene.issue}",
        "invite": "/console/connect",
    }


async def connect_steps(page: Page, http: httpx.AsyncClient, sandbox: Running, take: Take) -> None:
    """Walk through the connect window as somebody who connects Lever, and stop at each step."""
    api_key = sandbox.vendor("lever").credentials["apiKey"]
    await page.goto(await _link(http))
    await take("choose")
    await page.click("text=Lever")
    await take("intro")
    await page.click("a.button")
    await take("form")
    await page.fill("[name='credentials.apiKey']", "a-key-that-was-revoked")
    await page.click("button[type=submit]")
    await page.wait_for_selector("#trouble")
    await take("trouble")
    await page.fill("[name='credentials.apiKey']", api_key)
    await page.click("button[type=submit]")
    await page.wait_for_selector("#user")
    await take("actor")
    await page.click("a.quiet")
    await _to_the_end(page, take)
    await page.click("text=Disconnect")
    await take("off")
    await page.click("button.danger")
    await page.wait_for_selector(".sign.off")
    await take("disconnected")
    await page.goto(f"{await _link(http)}x")
    await take("ended")


async def _to_the_end(page: Page, take: Take) -> None:
    """What an account may be asked besides, each under the name of its address."""
    for _ in range(3):
        if await page.locator(".sign").count():
            break
        await take(page.url.partition("?")[0].rpartition("/")[2])
        await page.locator("main a.quiet, main button[type=submit]").last.click()
    await take("done")


async def consent_step(page: Page, http: httpx.AsyncClient, take: Take) -> None:
    """The step before a vendor that is connected by consent."""
    await _post(http, "oauth.client.put", CLIENT)
    await page.goto(await _link(http, "lever"))
    await page.click("text=Continue")
    await take("consent")
    await _post(http, "oauth.client.delete", {"appId": "lever"})


async def fields_step(page: Page, http: httpx.AsyncClient, sandbox: Running, take: Take) -> None:
    """The step in which custom fields are matched, with values of the latest records."""
    await page.goto(await _link(http, "ashby"))
    await page.click("text=Continue")
    await page.fill("[name='credentials.apiKey']", sandbox.vendor("ashby").credentials["apiKey"])
    await page.click("button[type=submit]")
    await page.wait_for_selector("select")
    await page.wait_for_load_state("networkidle")
    await take("fields")


async def _link(http: httpx.AsyncClient, *apps: str) -> str:
    body = {
        "originOrgId": "org-brightwater",
        "originOrgName": "Brightwater Health",
        "originUserEmail": "hr@brightwater.example",
        "originUserName": "Kim Example",
        "filters": [{"category": "ATS", "apps": apps}] if apps else [],
    }
    found: str = (await _post(http, "auth.createSession", body))["url"]
    return found


async def _post(
    http: httpx.AsyncClient, operation: str, body: Mapping[str, object]
) -> dict[str, str]:
    answer = await http.post(f"/v1.0/{operation}", json=body)
    answer.raise_for_status()
    found: dict[str, str] = answer.json()["data"]
    return found


EMBEDDING = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Product</title>
<meta name="color-scheme" content="light dark"><style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 44rem; }}
button {{ font: inherit; padding: 0.5rem 1rem; }}
</style><script type="module" src="{url}/connect.js"></script></head>
<body><h1>Integrations</h1><p>Connect your applicant tracking system, so that candidates and their
applications appear here by themselves.</p>
<hireloom-connect authsessiontoken="{token}"><button slot="trigger">Connect your ATS</button>
</hireloom-connect></body></html>"""


@asynccontextmanager
async def embedded(page: Page, http: httpx.AsyncClient) -> AsyncIterator[Page]:
    """A product's page, on an origin of its own, that opens the window in a frame."""
    token = (await _link(http)).rpartition("/")[2]
    url = str(http.base_url).rstrip("/")
    async with hosting({"/": EMBEDDING.format(url=url, token=token)}) as host:
        await page.goto(host)
        await page.click("text=Connect your ATS")
        await page.frame_locator("iframe").locator("h1").wait_for()
        yield page
