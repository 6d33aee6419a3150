"""What credentials may not do is told before, while and after connecting."""

from typing import Any

import httpx
from playwright.async_api import Page

from tests.connect.conftest import GOOD, Link, accounts, enter
from tests.service import Service

FEW = {"apiKey": "sandbox-ashby-key-few-scopes"}
NARROW = {
    "clientId": "sandbox-greenhouse-client-without-scopes",
    "clientSecret": "sandbox-greenhouse-secret-not-real",
}


async def operations(service: Service, integration: str) -> dict[str, str]:
    answer = await service.get("connector.get", integration)
    found: dict[str, str] = answer.json()["data"]["connector"]["operations"]
    return found


async def imported(service: Service, app: str, credentials: dict[str, str], **more: Any) -> str:
    body = {"originOrgId": "org-77", "originOrgName": "Example", "appId": app, **more}
    answer = await service.post("integration.import", body=body | {"credentials": credentials})
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["data"]["integrationId"]
    return found


async def test_a_key_with_few_scopes_connects_and_what_will_not_work_is_named(
    service: Service, link: Link, tab: Page
) -> None:
    await tab.goto(await link("ashby"))
    await tab.click("a.button")
    await tab.click("summary:has-text('Which permissions')")
    needed = await tab.locator(".names").all_text_contents()
    await enter(tab, FEW)
    await tab.wait_for_selector("text=Ashby is connected")
    lacking = str(await tab.text_content(".lacking"))

    (account,) = await accounts(service)
    able = await operations(service, account["integrationId"])
    assert "Organization: Read" in needed[0]
    assert "Candidates: Write" in needed[1]
    assert "Offers: read" in " ".join(lacking.split())
    assert "Candidates with contact details: write" in " ".join(lacking.split())
    assert "an administrator of Ashby grants" in lacking
    assert "Offers: Read (offers:read)" in lacking
    assert "Jobs: Read" not in lacking
    assert account["missingPermissions"]["ats.offer.list"] == "Offers: Read (offers:read)"
    assert able["ats.offer.list"] == able["ats.job.create"] == "PERMISSION_MISSING"
    assert able["ats.job.list"] == able["ats.candidate.get"] == "SUPPORTED"


async def test_a_key_with_all_scopes_lacks_nothing(service: Service, link: Link, tab: Page) -> None:
    await tab.goto(await link("ashby"))
    await tab.click("a.button")
    await enter(tab, GOOD["ashby"])
    await tab.wait_for_selector("text=Ashby is connected")

    (account,) = await accounts(service)
    assert await tab.locator(".lacking").count() == 0
    assert account["missingPermissions"] == {}


async def test_all_missing_scopes_are_named_at_once(link: Link, tab: Page) -> None:
    await tab.goto(await link("greenhouse", language="fr"))
    await tab.click("a.button")
    await enter(tab, NARROW)
    told = str(await tab.text_content("#trouble"))
    listed = await tab.locator("#trouble .names li").all_text_contents()

    assert "il manque des autorisations" in told
    assert "Un administrateur de Greenhouse" in told
    assert listed == [
        "harvest:users:list",
        "harvest:eeoc:list",
        "harvest:notes:list",
        "harvest:offers:list",
    ]


async def test_permissions_that_were_granted_are_found_by_a_verification(
    service: Service,
) -> None:
    found = await imported(service, "ashby", FEW)
    await service.desk.pool.execute(
        'update integrations set permissions = permissions || \'{"ats.job.list": "gone"}\''
    )

    answer = await service.post("integration.verify", found)

    missing = answer.json()["data"]["missingPermissions"]
    assert "ats.job.list" not in missing
    assert "ats.offer.list" in missing


async def test_without_a_user_lever_is_only_read_and_everybody_is_told(
    service: Service, link: Link, tab: Page
) -> None:
    await tab.goto(await link("lever"))
    await tab.click("a.button")
    await enter(tab, GOOD["lever"])
    await tab.wait_for_selector("#user")
    await tab.click("a.quiet")
    await tab.wait_for_selector("text=Lever is connected")
    told = str(await tab.text_content(".lacking"))

    (account,) = await accounts(service)
    able = await operations(service, account["integrationId"])
    user = (await service.get("ats.user.list", account["integrationId"])).json()["data"]["users"]
    written = await imported(service, "lever", GOOD["lever"], settings={"performAs": user[0]["id"]})
    assert "no user was chosen" in told
    assert "ask for a new link" in told
    assert account["missingPermissions"] == {}
    assert able["ats.application.reject"] == able["ats.application.stage.update"]
    assert able["ats.application.reject"] == "PERMISSION_MISSING"
    assert able["ats.application.list"] == able["ats.candidate.note.create"] == "SUPPORTED"
    assert (await operations(service, written))["ats.application.reject"] == "SUPPORTED"


async def test_what_a_user_of_greenhouse_need_not_enter_is_named_when_it_is_wrong(
    link: Link, person: httpx.AsyncClient
) -> None:
    form = f"{await link('greenhouse', language='de')}/app/greenhouse/form"
    page = await person.get(form)
    proof = page.text.partition('name="proof" value="')[2].partition('"')[0]
    fields = {f"credentials.{name}": text for name, text in GOOD["greenhouse"].items()}

    answer = await person.post(form, data={"proof": proof, **fields, "credentials.userId": "999"})

    assert "Zugangsdaten von Greenhouse eingeben" in page.text
    assert "Soll ein bestimmter Benutzer handeln" in page.text
    assert "<small>(optional)</small>" in page.text
    assert "dann im Reiter Settings die Scopes ankreuzen" in page.text
    assert "harvest:scorecards:list" in page.text
    assert "Sie haben auch „Benutzer-ID“ eingegeben" in answer.text
