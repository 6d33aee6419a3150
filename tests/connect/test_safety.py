"""What others try: forms of other sites, names that are scripts, tokens that leak."""

import re
from importlib.resources import files

import httpx
import pytest
from playwright.async_api import Page

from tests.connect.conftest import GOOD, Link, accounts
from tests.connect.host import hosting
from tests.service import Service

SCRIPT = """<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>"'>&"""
PROOF = re.compile(r'name="proof" value="([^"]+)"')


async def test_a_name_that_is_a_script_is_only_text(
    service: Service, link: Link, tab: Page
) -> None:
    await tab.goto(await link("ashby", originOrgName=SCRIPT))

    shown = await tab.text_content(".organisation span")
    await tab.click("text=Continue")
    await tab.fill("[name='credentials.apiKey']", SCRIPT)
    await tab.click("button[type=submit]")
    await tab.wait_for_selector("#trouble")
    await tab.fill("[name='credentials.apiKey']", GOOD["ashby"]["apiKey"])
    await tab.click("button[type=submit]")
    await tab.wait_for_selector("text=Ashby is connected")

    assert shown == f"for {SCRIPT}"
    assert await tab.evaluate("() => window.harmed") is None
    (account,) = await accounts(service)
    assert account["originOrgName"] == SCRIPT


async def test_a_form_counts_only_from_the_page_that_this_browser_got(
    service: Service, link: Link, person: httpx.AsyncClient
) -> None:
    url = f"{await link('ashby')}/app/ashby/form"
    fields = {"credentials.apiKey": GOOD["ashby"]["apiKey"]}
    (proof,) = PROOF.findall((await person.get(url)).text)
    (of_another_session,) = PROOF.findall(
        (await person.get(f"{await link('ashby')}/app/ashby/form")).text
    )
    browser = {"Sec-Fetch-Site": "same-origin"}

    async with httpx.AsyncClient(trust_env=False, timeout=60) as stranger:
        refused = [
            await person.post(url, data=fields),
            await person.post(url, data={**fields, "proof": of_another_session}, headers=browser),
            await person.post(url, data={**fields, "proof": proof + "x"}, headers=browser),
            await person.post(
                url, data={**fields, "proof": proof}, headers={"Sec-Fetch-Site": "cross-site"}
            ),
            await stranger.post(url, data={**fields, "proof": proof}),
        ]
    kept = await accounts(service)
    taken = await person.post(url, data={**fields, "proof": proof})

    assert [answer.status_code for answer in refused] == [403] * 5
    assert kept == []
    assert taken.status_code == 303


async def test_another_sites_form_is_refused_even_with_the_token(
    service: Service, link: Link, tab: Page, person: httpx.AsyncClient
) -> None:
    url = f"{await link('ashby')}/app/ashby/form"
    (proof,) = PROOF.findall((await person.get(url)).text)
    form = (
        f'<form method="post" action="{url}"><input name="proof" value="{proof}">'
        f'<input name="credentials.apiKey" value="{GOOD["ashby"]["apiKey"]}">'
        "<button>Win</button></form>"
    )
    async with hosting({"/": form}) as host:
        await tab.goto(host)
        await tab.click("button")
        await tab.wait_for_selector("h1")

    assert await tab.text_content("h1") == "This page was opened in another way"
    assert await accounts(service) == []


async def test_what_leaves_the_server_keeps_the_token_to_itself(
    link: Link, person: httpx.AsyncClient
) -> None:
    answer = await person.get(await link())

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=Lax" in answer.headers["set-cookie"]
    assert re.findall(r"(?:src|href)=\"(https?:)?//", answer.text) == []


async def test_a_defect_of_ours_tells_no_token(
    service: Service, link: Link, person: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    url = await link()
    await service.desk.pool.execute("drop table connect_sessions")

    answer = await person.get(url)

    token = url.rpartition("/")[2]
    out, err = capsys.readouterr()
    assert answer.status_code == 500
    assert "A defect in the connect window" in out + err
    assert token not in answer.text + out + err


async def test_files_are_kept_for_ever_under_the_hash_of_their_content(
    link: Link, person: httpx.AsyncClient
) -> None:
    page = await person.get(await link())
    paths = re.findall(r'"(/connect/static/[^"]+)"', page.text)

    found = [await person.get(str(page.url.join(path))) for path in paths]
    other = await person.get(str(page.url.join("/connect/static/0000000000000000/page.js")))

    assert len(paths) == 3
    assert all("immutable" in answer.headers["cache-control"] for answer in found)
    assert page.text.count('integrity="sha384-') == 2
    assert other.status_code == 404


def test_no_page_has_a_script_or_a_style_inside() -> None:
    for template in (files("hireloom.connect") / "templates").iterdir():
        text = template.read_text(encoding="utf-8")

        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\son\w+=|\sstyle=|\|\s*safe", text)
