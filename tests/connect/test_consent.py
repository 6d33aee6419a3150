"""Connecting by consent: to the vendor and back, for the browser that began it alone."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.connect.conftest import Link, accounts, follow
from tests.connect.host import heard, hosting, product
from tests.service import Service

CLIENT = {"appId": "lever", "clientId": "lever-sandbox-client-id"}
SECRET = "lever-sandbox-client-secret"


@pytest.fixture(autouse=True)
async def client(service: Service) -> None:
    answer = await service.post("oauth.client.put", body={**CLIENT, "clientSecret": SECRET})
    assert answer.status_code == 200, answer.text


async def test_who_agrees_at_the_vendor_is_connected(
    service: Service, link: Link, tab: Page
) -> None:
    await tab.goto(await link("lever"))
    await tab.click("text=Continue")
    await tab.click("button:has-text('Continue to Lever')")
    await tab.wait_for_url("**/authorize**")
    query = parse_qs(urlsplit(tab.url).query)
    referrer = await tab.evaluate("() => document.referrer")
    await tab.click("#accept")
    await tab.wait_for_selector("#user")

    (account,) = await accounts(service)
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["state"][0]) >= 32
    assert referrer == ""
    answer = await service.get("ats.job.list", account["integrationId"])
    assert answer.status_code == 200
    exported = await service.post("integration.export", account["integrationId"])
    assert exported.json()["data"]["credentials"]["refreshToken"].startswith("lever-refresh")


async def test_who_refuses_is_told_what_to_do(service: Service, link: Link, tab: Page) -> None:
    await tab.goto(await link("lever"))
    await tab.click("text=Continue")
    await tab.click("button:has-text('Continue to Lever')")

    await follow(tab, "#deny")

    assert "you did not agree" in str(await tab.text_content("#trouble"))
    assert await accounts(service) == []
    await tab.click("text=Use an API key instead")
    await tab.wait_for_selector("[name='credentials.apiKey']")


async def test_a_client_that_the_vendor_refuses_connects_nothing(
    service: Service, link: Link, tab: Page
) -> None:
    await service.post("oauth.client.put", body={**CLIENT, "clientSecret": "wrong"})
    await tab.goto(await link("lever"))
    await tab.click("text=Continue")
    await tab.click("button:has-text('Continue to Lever')")

    await follow(tab, "#accept")

    assert "could not be connected" in str(await tab.text_content("#trouble"))
    assert await accounts(service) == []


async def test_in_a_frame_the_vendor_opens_in_a_tab_and_the_frame_goes_on(
    service: Service, link: Link, tab: Page
) -> None:
    token = (await link("lever")).rpartition("/")[2]
    async with hosting({"/": product(service.url, token)}) as host:
        await tab.goto(host)
        await tab.click("text=Connect")
        frame = tab.frame_locator("iframe")
        await frame.locator("text=Continue").click()
        async with tab.context.expect_page() as opening:
            await frame.locator("button:has-text('Continue to Lever')").click()
        vendor = await opening.value
        await vendor.click("#accept")
        await vendor.wait_for_selector("text=Close this tab")
        await expect(frame.locator("#user")).to_be_visible()
        await frame.locator("text=Skip").click()
        await expect(frame.locator("text=Lever is connected")).to_be_visible()
        await heard(tab, 1)
        events = await tab.evaluate("() => window.events")

    (account,) = await accounts(service)
    assert [name for name, _ in events] == ["onFinish"]
    assert events[0][1]["integrationDetails"]["integrationId"] == account["integrationId"]


async def test_another_browser_cannot_end_what_this_one_began(
    service: Service, link: Link, tab: Page
) -> None:
    await tab.goto(await link("lever"))
    await tab.click("text=Continue")
    await tab.click("button:has-text('Continue to Lever')")
    address = str(await tab.get_attribute("#accept", "href"))
    vendor = tab.url.partition("?")[0]

    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        agreed = await http.get(vendor + address)
        ended = await http.get(agreed.headers["location"])

    assert ended.status_code == 403
    assert await accounts(service) == []


async def test_the_clients_secret_is_kept_sealed_and_never_shown(service: Service) -> None:
    listed = await service.get("oauth.client.list")
    stored = await service.desk.pool.fetchval("select client_secret from oauth_clients")
    refused = await service.post(
        "oauth.client.put", body={"appId": "ashby", "clientId": "a", "clientSecret": "b"}
    )
    deleted = await service.post("oauth.client.delete", body={"appId": "lever"})

    (shown,) = listed.json()["data"]["clients"]
    assert (shown["appId"], shown["clientId"]) == ("lever", "lever-sandbox-client-id")
    assert shown["redirectUrl"] == f"{service.url}/oauth/callback"
    assert SECRET not in listed.text
    assert SECRET.encode() not in stored
    assert refused.status_code == 400
    assert deleted.json()["data"] == {"appId": "lever", "deleted": True}
