"""Ways to a page of the console: from a mail, through the login, from the server's own address."""

import html
import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.chromium import PATIENCE
from tests.console.conftest import PASSWORD, Console, Visitor

WANTED = "/console/integrations?state=active"
GOES_ON = re.compile(r'http-equiv="refresh" content="0; url=([^"]+)"')
FROM_A_MAIL = {"sec-fetch-site": "cross-site", "accept": "text/html"}
MAIL = "<!doctype html><title>Mail</title><a href='{}'>Look at it</a>"


async def mail(browser_page: Page, to: str) -> None:
    """A page of another site with a link to the console."""
    await browser_page.route(
        "http://mail.example/**",
        lambda route: route.fulfill(body=MAIL.format(to), content_type="text/html"),
    )
    await browser_page.goto("http://mail.example/")
    await browser_page.get_by_role("link").click()


async def test_a_link_from_a_mail_leads_who_is_logged_in_to_its_page(
    console: Console, page: Page
) -> None:
    await mail(page, f"{console.service.url}{WANTED}")

    await expect(page).to_have_url(f"{console.service.url}{WANTED}")
    await expect(page.get_by_role("heading", name="Integrations")).to_be_visible()

    await mail(page, f"{console.service.url}/console/login?next=%2Fconsole%2Flogs")
    await expect(page).to_have_url(f"{console.service.url}/console/logs")


async def test_a_link_from_a_mail_leads_through_the_login_to_its_page(
    console: Console, admin: Visitor, browser: Browser
) -> None:
    context = await browser.new_context(base_url=console.service.url)
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()

    await mail(page, f"{console.service.url}{WANTED}")
    await page.get_by_label("Name").fill("Ada")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")

    await expect(page).to_have_url(f"{console.service.url}{WANTED}")
    await context.close()


@pytest.mark.parametrize("headers", [FROM_A_MAIL, {"accept": "text/html"}])
async def test_a_page_that_goes_on_stays_in_the_console(
    console: Console, headers: dict[str, str]
) -> None:
    async with console.visitor() as visitor:
        for wanted, to in (
            ("/integrations?state=active", "/console/login?next=/console/integrations%3F"),
            ("/logs?method=//evil.example", "/console/login?next=/console/logs%3Fmethod%3D"),
            ("", "/console/login"),
        ):
            answer = await visitor.http.get(f"/console{wanted}", headers=headers)
            found = GOES_ON.search(answer.text)
            assert found is not None, wanted
            assert html.unescape(found[1]).startswith(to)
            assert "set-cookie" not in answer.headers
        for wanted in ("https://evil.example/", "//evil.example", "/console/../x", "javascript:1"):
            answer = await visitor.http.get("/console/login", params={"next": wanted},
                                            headers=FROM_A_MAIL)  # fmt: skip
            assert GOES_ON.findall(answer.text) == ["/console/login"]


async def test_a_login_goes_on_to_the_page_that_was_asked_for(
    console: Console, admin: Visitor
) -> None:
    async with console.visitor() as visitor:
        asked = await visitor.http.get(WANTED)
        at_login = asked.headers["location"].removeprefix("/console")
        fields = {"name": "Ada", "password": PASSWORD}
        page = (await visitor.get("/login", next=WANTED)).text
        came = await visitor.post("/login", fields | {"next": WANTED}, seen_on=at_login)
        bad = await visitor.post("/login", fields | {"next": "//evil.example"}, seen_on="/settings")

    assert f'name="next" value="{WANTED}"' in page
    assert came.headers["location"] == WANTED
    assert bad.headers["location"] == "/console"


async def test_a_browser_at_the_server_s_address_finds_the_console(console: Console) -> None:
    async with console.visitor() as visitor:
        browser = await visitor.http.get("/", headers={"accept": "text/html,*/*;q=0.8"})
        program = await visitor.http.get("/", headers={"accept": "application/json"})

    assert (browser.status_code, browser.headers["location"]) == (303, "/console")
    assert program.status_code == 404
    assert program.json()["error"]["code"] == "resource.not_found"


async def test_an_address_of_the_console_that_is_none_is_a_page(admin: Visitor) -> None:
    for path in ("/nothing", "/nothing/at/all", "/static/none.css"):
        answer = await admin.get(path)
        assert answer.status_code == 404, path
        assert "There is no such page." in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
