"""The web component on another site's page: what it tells, to whom, and who may frame it."""

from datetime import UTC, datetime

import httpx
from playwright.async_api import Page, expect

from tests.connect.conftest import GOOD, Link, accounts
from tests.connect.host import framed, heard, hosting, product, stranger
from tests.service import Service

EVENTS = "() => window.events"


async def test_a_product_embeds_the_window_and_hears_of_the_connection(
    service: Service, link: Link, tab: Page
) -> None:
    token = (await link("ashby")).rpartition("/")[2]
    async with hosting({"/": product(service.url, token)}) as host:
        await tab.goto(host)
        await tab.click("text=Connect")
        frame = tab.frame_locator("iframe")
        await frame.locator("text=Continue").click()
        await frame.locator("[name='credentials.apiKey']").fill("wrong")
        await frame.locator("button[type=submit]").click()
        await expect(frame.locator("#trouble")).to_be_visible()
        submit = frame.locator("button[type=submit]")
        await expect(submit).to_have_css("background-color", "rgb(10, 90, 60)")
        await frame.locator("[name='credentials.apiKey']").fill(GOOD["ashby"]["apiKey"])
        await submit.click()
        await expect(frame.locator("text=Finish")).to_be_visible()
        await framed(tab)
        await frame.locator("text=Finish").click()
        await heard(tab, 3)
        events = await tab.evaluate(EVENTS)
        focused = await tab.evaluate("() => document.activeElement.textContent")

    (account,) = await accounts(service)
    assert [name for name, _ in events] == ["onFinish", "onKnitClose", "onNewSession"]
    assert events[0][1] == {
        "integrationDetails": {
            "integrationId": account["integrationId"],
            "appId": "ashby",
            "categoryId": "ATS",
            "originOrgId": "org-77",
            "success": True,
        }
    }
    assert events[1][1] == {"knitClosed": True}
    assert focused == "Connect"


async def test_the_element_by_its_other_name_skips_the_intro_and_tells_of_a_disconnection(
    service: Service, link: Link, tab: Page
) -> None:
    token = (await link("ashby")).rpartition("/")[2]
    page = product(service.url, token, name="knit-auth", more=" skipIntro")
    async with hosting({"/": page}) as host:
        await tab.goto(host)
        await tab.click("text=Connect")
        frame = tab.frame_locator("iframe")
        await frame.locator("[name='credentials.apiKey']").fill(GOOD["ashby"]["apiKey"])
        await frame.locator("button[type=submit]").click()
        await frame.locator("text=Disconnect").click()
        await frame.locator("button:has-text('Disconnect')").click()
        await expect(frame.locator("text=Ashby is disconnected")).to_be_visible()
        await heard(tab, 2)
        events = await tab.evaluate(EVENTS)

    assert [name for name, _ in events] == ["onFinish", "onDeactivate"]
    assert events[1][1]["integrationDetails"]["isDeactivated"] is True


async def test_whoever_closes_after_connecting_has_finished(
    service: Service, link: Link, tab: Page
) -> None:
    token = (await link("lever")).rpartition("/")[2]
    async with hosting({"/": product(service.url, token)}) as host:
        await tab.goto(host)
        await tab.click("text=Connect")
        frame = tab.frame_locator("iframe")
        await frame.locator("text=Continue").click()
        await frame.locator("[name='credentials.apiKey']").fill(GOOD["lever"]["apiKey"])
        await frame.locator("button[type=submit]").click()
        await expect(frame.locator("#user")).to_be_visible()
        await framed(tab)
        await frame.locator("#user").focus()
        await tab.keyboard.press("Escape")  # the frame goes while the key is still down
        await heard(tab, 2)
        events = await tab.evaluate(EVENTS)

    assert [name for name, _ in events][:2] == ["onFinish", "onKnitClose"]


async def test_without_a_token_one_is_asked_for_and_the_window_opens_with_it(
    service: Service, link: Link, tab: Page
) -> None:
    token = (await link("ashby")).rpartition("/")[2]
    async with hosting({"/": product(service.url, "")}) as host:
        await tab.clock.set_fixed_time(datetime.now(UTC))  # it asks again after a while
        await tab.goto(host)
        await tab.click("text=Connect")
        events = await tab.evaluate(EVENTS)
        before = await tab.locator("iframe").count()
        await tab.evaluate(
            "token => document.getElementById('connect').setAttribute('authsessiontoken', token)",
            token,
        )
        await expect(tab.frame_locator("iframe").locator("h1")).to_have_text("Connect Ashby")

    assert [name for name, _ in events] == ["onNewSession"]  # one, although it was clicked, too
    assert before == 0


async def test_an_open_window_goes_on_with_a_new_token_where_its_own_has_expired(
    service: Service, link: Link, tab: Page
) -> None:
    old = (await link("ashby", language="de")).rpartition("/")[2]
    await service.desk.pool.execute("update connect_sessions set expires_at = now()")
    new = (await link("ashby")).rpartition("/")[2]
    async with hosting({"/": product(service.url, old)}) as host:
        await tab.goto(host)
        await tab.click("text=Connect")
        frame = tab.frame_locator("iframe")
        await expect(frame.locator("h1")).to_have_text("Dieser Link ist abgelaufen")
        await heard(tab, 1)
        events = await tab.evaluate(EVENTS)
        await tab.evaluate(
            "token => document.getElementById('connect').setAttribute('authsessiontoken', token)",
            new,
        )
        await expect(frame.locator("h1")).to_have_text("Connect Ashby")
        later = await tab.evaluate(EVENTS)

    assert [name for name, _ in events] == [name for name, _ in later] == ["onNewSession"]


async def test_a_forged_message_is_not_heard(service: Service, link: Link, tab: Page) -> None:
    token = (await link("ashby")).rpartition("/")[2]
    forged = "{hireloom: 'done', details: {integrationId: 'int_forged'}}"
    async with hosting({"/": product(service.url, token)}) as host:
        await tab.goto(host)
        await tab.click("text=Connect")
        await expect(tab.frame_locator("iframe").locator("h1")).to_have_text("Connect Ashby")
        await tab.evaluate(f"window.postMessage({forged}, '*')")
        await tab.evaluate("() => new Promise((done) => setTimeout(done))")
        events = await tab.evaluate(EVENTS)

    assert events == []


async def test_a_stranger_may_not_frame_the_window_and_hears_nothing(
    service: Service, link: Link, tab: Page
) -> None:
    plain, bound = await link("ashby"), await link("ashby")
    async with hosting({}) as honest:
        async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
            await http.get(bound, params={"embed": honest})
        pages = {
            "/plain": stranger(plain),
            "/bound": stranger(bound),
            "/posing": stranger(f"{bound}?embed={honest}"),
        }
        async with hosting(pages) as strange:
            pages["/claiming"] = stranger(f"{bound}?embed={strange}")
            for path in pages:
                await tab.goto(strange + path)
                await tab.frames[1].wait_for_url("chrome-error://**")

                assert await tab.evaluate("() => window.heard") == [], path


async def test_the_headers_name_the_one_page_that_may_frame(service: Service, link: Link) -> None:
    url = await link()
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        plain = await http.get(url)
        framed = await http.get(url, params={"embed": "https://product.example"})
        other = await http.get(url, params={"embed": "https://other.example"})
        odd = await http.get(await link(), params={"embed": "https://x.example; script-src *"})

    assert "frame-ancestors 'none'" in plain.headers["content-security-policy"]
    assert plain.headers["x-frame-options"] == "DENY"
    assert framed.headers["content-security-policy"].endswith(
        "frame-ancestors https://product.example"
    )
    assert "x-frame-options" not in framed.headers
    assert other.status_code == 403
    assert "frame-ancestors 'none'" in other.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in odd.headers["content-security-policy"]


async def test_the_component_is_small_and_may_be_loaded_from_anywhere(service: Service) -> None:
    answer = await service.http.get("/connect.js")
    again = await service.http.get("/connect.js", headers={"If-None-Match": answer.headers["etag"]})

    assert len(answer.content) < 15_000
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert again.status_code == 304
