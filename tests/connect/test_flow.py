"""From a link to a connected account, at each of the three vendors."""

import asyncio

import httpx
import pytest
from playwright.async_api import Page

from hireloom.store import syncs
from hireloom.store.syncs import NewSync
from tests.connect.conftest import GOOD, Link, accounts, enter, follow
from tests.service import Service

every_app = pytest.mark.parametrize("app", sorted(GOOD))


@every_app
async def test_bad_credentials_are_explained_and_good_ones_connect(
    app: str, service: Service, link: Link, tab: Page
) -> None:
    bad = {name: f"wrong-{number}" for number, name in enumerate(GOOD[app])}
    await tab.goto(await link())
    await tab.fill("#q", app[:3])
    await tab.click(f".apps a[href$='/{app}']")
    await tab.click("text=Continue")

    await enter(tab, bad)
    told = await tab.text_content("#trouble")
    kept = await accounts(service)
    await enter(tab, GOOD[app])
    await tab.wait_for_selector("h1:not(:has-text('Enter the'))")

    assert told is not None
    assert "does not accept these credentials" in told
    assert "administrator" in told
    assert kept == []
    (account,) = await accounts(service)
    assert (account["appId"], account["originOrgName"]) == (app, "Example & Sons")
    answer = await service.get("ats.job.list", account["integrationId"])
    assert answer.status_code == 200


async def test_secrets_that_were_refused_do_not_come_back(link: Link, tab: Page) -> None:
    await tab.goto(await link("greenhouse"))
    await tab.click("text=Continue")

    await enter(tab, {"clientId": "my-id", "clientSecret": "my-secret"})
    await tab.wait_for_selector("#trouble")

    assert await tab.input_value("[name='credentials.clientId']") == "my-id"
    assert "my-secret" not in await tab.content()


async def test_lever_asks_in_whose_name_is_written(service: Service, link: Link, tab: Page) -> None:
    await tab.goto(await link("lever"))
    await tab.click("text=Continue")
    await enter(tab, GOOD["lever"])

    await tab.wait_for_selector("#user")
    chosen = await tab.locator("#user option").nth(1).get_attribute("value")
    await tab.select_option("#user", chosen)
    await tab.click("button[type=submit]")
    await tab.wait_for_selector("text=Lever is connected")

    (account,) = await accounts(service)
    assert account["settings"]["performAs"] == chosen


async def test_connecting_again_keeps_the_integration(
    service: Service, link: Link, tab: Page
) -> None:
    for _ in range(2):
        await tab.goto(await link("ashby"))
        await tab.click("a.button")
        await enter(tab, GOOD["ashby"])
        await tab.wait_for_selector("text=Ashby is connected")
        (account,) = await accounts(service)
        await service.post("integration.deactivate", account["integrationId"])

    await tab.goto(await link("ashby"))
    await tab.click("a.button")
    await enter(tab, GOOD["ashby"])
    await tab.wait_for_selector("text=Ashby is connected")

    (again,) = await accounts(service)
    assert again["integrationId"] == account["integrationId"]
    assert again["state"] == "ACTIVE"


async def test_a_customer_can_disconnect(service: Service, link: Link, tab: Page) -> None:
    await tab.goto(await link("ashby"))
    await tab.click("text=Continue")
    await enter(tab, GOOD["ashby"])

    await tab.click("text=Disconnect")
    await tab.click("button:has-text('Disconnect')")
    await tab.wait_for_selector("text=Ashby is disconnected")

    (account,) = await accounts(service)
    assert account["state"] == "DEACTIVATED"


async def test_only_allowed_apps_are_offered_and_one_needs_no_choice(link: Link, tab: Page) -> None:
    await tab.goto(await link("ashby", "lever"))
    offered = await tab.locator(".apps span:not(.logo)").all_text_contents()
    await tab.goto(await link("lever"))

    assert offered == ["Ashby", "Lever"]
    assert await tab.text_content("h1") == "Connect Lever"


async def test_an_app_that_is_not_allowed_cannot_be_reached(
    link: Link, person: httpx.AsyncClient
) -> None:
    answer = await person.get(f"{await link('ashby', 'lever')}/app/greenhouse/form")

    assert answer.status_code == 303
    assert answer.headers["location"].count("/") == 2


async def test_the_window_says_what_is_read_and_written(link: Link, tab: Page) -> None:
    await tab.goto(await link("lever"))

    await tab.click("summary")
    rows = await tab.locator("tbody tr").all_text_contents()

    lines = [" ".join(row.split()) for row in rows]
    assert "Offers ✓yes –no" in lines
    assert "Notes ✓yes ✓yes" in lines


async def test_a_used_link_shows_the_connection_to_whoever_made_it_alone(
    service: Service, link: Link, tab: Page, person: httpx.AsyncClient
) -> None:
    url = await link("ashby")
    await tab.goto(url)
    await tab.click("text=Continue")
    await enter(tab, GOOD["ashby"])
    await tab.wait_for_selector("text=Ashby is connected")

    await tab.goto(url)
    own = await tab.text_content("h1")
    others = [await person.get(url + path) for path in ("", "/finish", "/done", "/app/ashby/form")]

    assert own == "Ashby is connected"
    assert {answer.status_code for answer in others} == {410}
    assert all("was used already" in answer.text for answer in others)


async def test_an_expired_link_says_how_to_get_a_new_one(
    service: Service, link: Link, tab: Page
) -> None:
    url = await link()
    await tab.goto(url)
    await service.desk.pool.execute("update connect_sessions set expires_at = now()")

    await follow(tab, ".apps a")

    assert await tab.text_content("h1") == "This link has expired"
    assert "ask the sender for a new one" in str(await tab.text_content(".lead"))


async def test_back_and_reload_before_connecting_are_harmless(
    service: Service, link: Link, tab: Page
) -> None:
    await tab.goto(await link())
    await tab.click("text=Ashby")
    await tab.click("text=Continue")
    await enter(tab, {"apiKey": "wrong"})
    await tab.wait_for_selector("#trouble")

    await tab.go_back()
    await tab.go_back()
    await tab.reload()
    await tab.click("text=Continue")
    await enter(tab, GOOD["ashby"])
    await tab.wait_for_selector("text=Ashby is connected")
    await tab.reload()
    await tab.go_back()
    await tab.wait_for_load_state()

    assert len(await accounts(service)) == 1


async def test_a_second_tab_makes_no_second_account(
    service: Service, link: Link, tab: Page
) -> None:
    url = await link("ashby")
    second = await tab.context.new_page()
    for one in (tab, second):
        await one.goto(url)
        await one.click("text=Continue")

    await enter(tab, GOOD["ashby"])
    await tab.wait_for_selector("text=Ashby is connected")
    await enter(second, GOOD["ashby"])
    await second.wait_for_selector("text=Ashby is connected")

    assert len(await accounts(service)) == 1


async def test_forms_sent_at_once_make_one_account(service: Service, link: Link) -> None:
    first, second = await link("ashby"), await link("ashby")

    async def connect(url: str) -> int:
        async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
            form = f"{url}/app/ashby/form"
            page = await http.get(form)
            proof = page.text.partition('name="proof" value="')[2].partition('"')[0]
            fields = {"proof": proof, "credentials.apiKey": GOOD["ashby"]["apiKey"]}
            return (await http.post(form, data=fields)).status_code

    statuses = await asyncio.gather(*(connect(url) for url in (first, first, second, second)))

    assert set(statuses) <= {303, 410, 422}
    assert 303 in statuses
    assert len(await accounts(service)) == 1


@pytest.mark.parametrize(
    ("language", "heading"),
    [("de", "Welches System nutzen Sie?"), ("fr", "Quel logiciel utilisez-vous ?")],
)
async def test_the_window_speaks_the_sessions_language(
    language: str, heading: str, link: Link, person: httpx.AsyncClient
) -> None:
    answer = await person.get(await link(language=language))

    assert heading in answer.text
    assert f'<html lang="{language}">' in answer.text


async def test_a_vendor_that_is_away_is_not_the_customers_fault(
    service: Service, link: Link, tab: Page
) -> None:
    service.faults({"vendor": "ashby", "kind": "status", "status": 503})
    await tab.goto(await link("ashby"))
    await tab.click("text=Continue")

    await enter(tab, GOOD["ashby"])
    told = await tab.text_content("#trouble h2", timeout=60_000)

    assert told == "Ashby does not answer right now"
    assert await accounts(service) == []


async def test_whoever_reconnects_is_told_that_the_vendor_refuses_the_credentials(
    service: Service, link: Link, person: httpx.AsyncClient
) -> None:
    body = {"originOrgId": "org-77", "originOrgName": "Example", "appId": "ashby"}
    await service.post("integration.import", body=body | {"credentials": GOOD["ashby"]})
    url = f"{await link('ashby')}/app/ashby"
    well = await person.get(url)
    await service.desk.pool.execute("update integrations set state = 'credentials_invalid'")

    refused = await person.get(url)

    assert "connected already" in well.text
    assert "connected already" not in refused.text
    assert "Ashby no longer accepts the credentials" in refused.text


async def test_an_app_that_another_tab_did_not_connect_is_not_called_connected(
    service: Service, link: Link, tab: Page
) -> None:
    url = await link()
    second = await tab.context.new_page()
    for one, app in ((tab, "ashby"), (second, "greenhouse")):
        await one.goto(f"{url}/app/{app}/form")

    await enter(tab, GOOD["ashby"])
    await tab.wait_for_selector("text=Ashby is connected")
    await enter(second, GOOD["greenhouse"])
    await second.wait_for_selector(".sign.off")

    assert await second.text_content("h1") == "Greenhouse was not connected"
    assert "Ashby was connected" in str(await second.text_content(".lead"))
    assert [account["appId"] for account in await accounts(service)] == ["ashby"]


async def test_settings_are_in_words_and_what_was_left_empty_is_absent(
    service: Service, link: Link, person: httpx.AsyncClient
) -> None:
    page = await person.get(f"{await link('lever', language='de')}/app/lever/form")
    url = await link("ashby", language="fr")
    form = await person.get(f"{url}/app/ashby/form")
    proof = form.text.partition('name="proof" value="')[2].partition('"')[0]
    fields = {"credentials.apiKey": GOOD["ashby"]["apiKey"], "settings.partnerId": " "}
    done = await person.post(f"{url}/app/ashby/form", data={"proof": proof, **fields})

    (account,) = await accounts(service)
    audited = await service.desk.pool.fetch("select actor, action, detail from audit")
    assert done.status_code == 303
    assert "API-Schlüssel von Lever eingeben" in page.text
    assert '<option value="eu">Europa</option>' in page.text
    assert '<option value="include">Einbeziehen</option>' in page.text
    assert ">Was als Stelle gilt<" in page.text
    assert "Saisir la clé API d’Ashby" in form.text
    assert account["settings"] == {}
    assert [row["detail"] for row in audited if row["actor"] == "connect"] == [
        {"connector": "ashby", "originOrgId": "org-77"}
    ]


async def test_the_audit_names_the_settings_that_the_window_changed(
    service: Service, link: Link, tab: Page
) -> None:
    for number in range(2):
        await tab.goto(await link("lever"))
        await tab.click("a.button")
        if number:
            await tab.select_option("[name='settings.jobs']", "requisitions")
        await enter(tab, GOOD["lever"])
        if not number:
            await tab.wait_for_selector("#user")
            await tab.select_option("#user", index=1)
            await tab.click("button[type=submit]")
        await tab.wait_for_selector("text=Lever is connected")

    rows = await service.desk.pool.fetch(
        "select action, detail from audit where actor = 'connect' order by id"
    )
    assert [(row["action"], row["detail"]) for row in rows] == [
        ("integration.connect", {"connector": "lever", "originOrgId": "org-77"}),
        ("integration.settings.update", {"settings": ["performAs"], "originOrgId": "org-77"}),
        ("integration.credentials.update", {"settings": ["jobs"], "originOrgId": "org-77"}),
    ]
    assert "Kim" not in str(rows)


async def test_data_is_promised_only_where_a_sync_reads_it(
    service: Service, link: Link, tab: Page
) -> None:
    await tab.goto(await link("ashby"))
    await tab.click("a.button")
    await enter(tab, GOOD["ashby"])
    await tab.wait_for_selector("text=Ashby is connected")
    without = await tab.text_content(".lead")
    (account,) = await accounts(service)
    new = NewSync(
        integration_id=account["integrationId"],
        data_type="ats_jobs",
        models=["job_info"],
        frequency=60,
    )
    await syncs.create(service.desk.pool, new)

    await tab.reload()

    assert "Nothing is read regularly yet" in str(without)
    assert "We read your data regularly" in str(await tab.text_content(".lead"))


@pytest.mark.parametrize(
    ("asked", "language", "heading"),
    [
        ("fr-CH, de;q=0.9", "fr", "Ce lien a expiré"),
        ("nl, de-AT;q=0.8, en;q=0.5", "de", "Dieser Link ist abgelaufen"),
        ("", "en", "This link has expired"),
    ],
)
async def test_a_link_that_nobody_knows_is_answered_in_the_browsers_language(
    asked: str, language: str, heading: str, link: Link, person: httpx.AsyncClient
) -> None:
    answer = await person.get(f"{await link()}x", headers={"Accept-Language": asked})

    assert heading in answer.text
    assert f'<html lang="{language}">' in answer.text
