"""What the pages show and do, over HTTP."""

import re

import msgspec

from hireloom.console import pages
from hireloom.issues import watch
from hireloom.store import audit, integrations, keys, syncs, webhooks
from tests.console.accounts import EVIL, furnished, log
from tests.console.conftest import Console, Visitor
from tests.receiver import Receiver
from tests.service import Service

LOOKED_AT = [
    route.path
    for route in pages.ROUTES
    if route.method == "GET" and not re.search("[{]|login|oidc", route.path)
]


async def test_every_page_opens_in_an_empty_installation(admin: Visitor) -> None:
    for path in LOOKED_AT:
        answer = await admin.http.get(path)
        assert answer.status_code == 200, path


async def test_what_others_say_is_shown_and_never_run(console: Console, admin: Visitor) -> None:
    scene = await furnished(console.service.desk)
    async with console.service.desk.pool.acquire() as conn:
        await log(conn, 1, operation=EVIL, code="x<b>", status=500)
        await keys.create(conn, EVIL, ["read"])
        await audit.add(conn, f"console op_1 ({EVIL})", EVIL, detail={"evil": EVIL})

    shown = ""
    for path in (
        *LOOKED_AT,
        f"/console/integrations/{scene.account}",
        f"/console/syncs/{scene.account}/{scene.sync.id}",
        f"/console/deliveries/dlv_{scene.delivery}",
    ):
        answer = await admin.http.get(path)
        assert answer.status_code == 200, path
        assert "<script>document" not in answer.text, path
        assert "<img" not in answer.text, path
        shown += answer.text
    assert shown.count("&lt;script&gt;document") >= 8


async def test_no_page_shows_a_candidate_or_a_secret(console: Console, admin: Visitor) -> None:
    secret = console.service.key
    ashby = await console.service.connect("ashby")
    vendor_key = console.service.sandbox.vendor("ashby").credentials["apiKey"]
    scene = await furnished(console.service.desk, "Example & Sons", ashby)
    await console.service.get("ats.candidate.list", ashby)

    for path in (
        *LOOKED_AT,
        f"/console/integrations/{ashby}",
        f"/console/syncs/{ashby}/{scene.sync.id}",
        f"/console/deliveries/dlv_{scene.delivery}",
    ):
        text = (await admin.http.get(path)).text
        for hidden in (secret, vendor_key, "Grace Candidate", "secret-path", "whsec_"):
            assert hidden not in text, path


async def test_support_sees_the_pages_without_their_buttons(
    console: Console, support: Visitor
) -> None:
    scene = await furnished(console.service.desk, "Example & Sons")
    console_paths = [
        path for path in LOOKED_AT if path not in {"/console/people", "/console/connect"}
    ]

    for path in (
        *console_paths,
        f"/console/integrations/{scene.account}",
        f"/console/syncs/{scene.account}/{scene.sync.id}",
        f"/console/deliveries/dlv_{scene.delivery}",
    ):
        answer = await support.http.get(path)
        assert answer.status_code == 200, path
        acts = set(re.findall(r'<form method="post" action="([^"]+)"', answer.text))
        assert acts <= {
            "/console/logout", "/console/logout/everywhere", "/console/password",
        }, path  # fmt: skip


async def test_the_overview_says_who_must_act(console: Console, admin: Visitor) -> None:
    scene = await furnished(console.service.desk, "Example & Sons")
    async with console.service.desk.pool.acquire() as conn:
        await integrations.set_state(conn, scene.account, "credentials_invalid")
        await log(conn, 10)
        await log(conn, 5, status=503, code="upstream.unavailable")
        await log(conn, 3, direction="out", operation="/jobs", method="GET")
        await log(conn, 7, direction="out", operation="webhook", status=500)
    await watch.look(console.service.desk.pool, console.service.desk.vault, settling=0)

    text = (await admin.get("")).text

    assert "The ATS no longer accepts the credentials of this account" in text
    assert "The customer" in text
    assert "given up" in text
    assert "15 in 24 hours" in text
    assert "5 failed (33 %)" in text
    assert "1 given up" in text
    assert ("0 failed at vendors" in text, "7 attempts failed" in text) == (True, True)
    assert "3 in 24 hours" in text
    assert "at most" in text


async def test_integrations_are_found_by_name_state_and_vendor(
    console: Console, admin: Visitor
) -> None:
    await console.service.connect("lever")
    scene = await furnished(console.service.desk, "Northwind")

    by_name = (await admin.get("/integrations", text="northw")).text
    by_vendor = (await admin.get("/integrations", app="lever")).text
    by_state = (await admin.get("/integrations", state="deactivated")).text

    assert ("Northwind" in by_name, "Example &amp; Sons" in by_name) == (True, False)
    assert ("Northwind" in by_vendor, "Example &amp; Sons" in by_vendor) == (False, True)
    assert "No account fits" in by_state
    assert scene.account in by_name


async def test_integrations_are_listed_page_by_page(console: Console, admin: Visitor) -> None:
    async with console.service.desk.pool.acquire() as conn:
        for number in range(60):
            new = integrations.NewIntegration(
                connector="ashby",
                category="ats",
                origin_org_id="o",
                origin_org_name=f"Z{number:02}",
            )
            await integrations.create(conn, console.service.desk.vault, new, b"{}")

    first = (await admin.get("/integrations")).text
    more = re.findall(r'href="(/console/integrations\?[^"]+after[^"]+)"', first)
    second = (await admin.http.get(more[0].replace("&amp;", "&"))).text

    names = re.findall(r">(Z\d\d)<", first + second)
    assert names == sorted(names)
    assert len(names) == 60


async def test_an_account_is_tested_against_its_vendor(console: Console, admin: Visitor) -> None:
    ashby = await console.service.connect("ashby")
    async with console.service.desk.pool.acquire() as conn:
        await integrations.set_state(conn, ashby, "credentials_invalid")

    await admin.post(f"/integrations/{ashby}/test", seen_on=f"/integrations/{ashby}")
    good = (await admin.get(f"/integrations/{ashby}")).text
    async with console.service.desk.pool.acquire() as conn:
        stored = await integrations.get(conn, ashby)
    await console.service.desk.ledger.flush()
    async with console.service.desk.pool.acquire() as conn:
        ids = await conn.fetch(
            "select distinct execution_id as id from calls where direction = 'out'"
        )
    console.service.faults({"vendor": "ashby", "kind": "status", "status": 401, "every": 1})
    await admin.post(f"/integrations/{ashby}/test", seen_on=f"/integrations/{ashby}")
    bad = (await admin.get(f"/integrations/{ashby}")).text

    assert len(ids) == 2  # when it was connected, and tested
    assert all(one["id"].startswith("ex_") for one in ids)
    assert "accepts the credentials" in good
    assert stored.state == "active"
    assert "The customer must act" in bad


async def test_what_an_account_lacks_is_shown_with_what_to_do(
    console: Console, admin: Visitor
) -> None:
    lever = await console.service.connect("lever")
    whole = await console.service.connect_for_writes("lever")
    body = {"originOrgId": "org-few", "originOrgName": "Few", "appId": "ashby"}
    key = {"credentials": {"apiKey": "sandbox-ashby-key-few-scopes"}}
    made = await console.service.post("integration.import", body=body | key)

    read_only = (await admin.get(f"/integrations/{lever}")).text
    able = (await admin.get(f"/integrations/{whole}")).text
    few = (await admin.get(f"/integrations/{made.json()['data']['integrationId']}")).text

    assert "wait for a setting" in read_only
    assert "Send a new magic link" in read_only
    assert "setting missing" in read_only
    assert "wait for a setting" not in able
    assert "setting missing" not in able
    assert "the vendor wants <em>Offers: Read (offers:read)</em>" in few
    assert "no permission" in few


async def test_an_account_is_deactivated_and_activated_again(
    console: Console, admin: Visitor
) -> None:
    ashby = await console.service.connect("ashby")
    here = f"/integrations/{ashby}"

    await admin.post(f"{here}/deactivate", seen_on=here)
    refused = await console.service.get("ats.job.list", ashby)
    await admin.post(f"{here}/reactivate", seen_on=here)
    taken = await console.service.get("ats.job.list", ashby)

    assert (refused.status_code, taken.status_code) == (410, 200)
    async with console.service.desk.pool.acquire() as conn:
        entries = await audit.page(conn, integration_id=ashby)
    assert [one.action for one in entries[:2]] == [
        "integration.reactivate",
        "integration.deactivate",
    ]
    assert all("(Ada)" in one.actor for one in entries[:2])


async def test_a_magic_link_is_made_for_an_account_and_for_a_new_customer(
    console: Console, admin: Visitor
) -> None:
    scene = await furnished(console.service.desk, "Northwind")
    here = f"/integrations/{scene.account}"

    again = await admin.made(f"{here}/link", {}, seen_on=here)
    fresh = await admin.made(
        "/connect", {"org_id": "org-9", "org_name": "New & Co"}, seen_on="/connect"
    )

    async with console.service.desk.pool.acquire() as conn:
        kept = await conn.fetch("select * from connect_sessions order by created_at")
    assert [one["origin_org_name"] for one in kept] == ["Northwind", "New & Co"]
    assert kept[0]["filters"] == [{"category": "ATS", "apps": ["ashby"]}]
    assert all("/connect/" in answer.text for answer in (again, fresh))


async def test_a_sync_is_started_and_stopped(console: Console, admin: Visitor) -> None:
    scene = await furnished(console.service.desk, "Northwind")
    here = f"/syncs/{scene.account}/{scene.sync.id}"

    await admin.post(f"{here}/start", seen_on=here)
    started = (await admin.get(here)).text
    await admin.post(f"{here}/stop", seen_on=here)
    stopped = (await admin.get(here)).text
    again = await admin.made(f"{here}/start", {}, seen_on=here)
    async with console.service.desk.pool.acquire() as conn:
        kept = await syncs.get(conn, scene.account, scene.sync.id)

    assert ">Start</button>" in stopped
    assert "sync.start" not in started + stopped
    assert (kept.state, "Queued" in again.text) == ("active", True)
    assert "Queued" in started
    assert "Read everything" not in started
    assert "Stopped" in stopped


async def test_a_list_of_syncs_follows_what_runs_on_its_first_page(
    console: Console, admin: Visitor
) -> None:
    scene = await furnished(console.service.desk, "Northwind")

    first = (await admin.get("/syncs", view="failed")).text
    later = (await admin.get("/syncs", view="failed", before=str(scene.sync.number + 1))).text
    rows = (await admin.get("/syncs/rows", view="failed")).text
    none = (await admin.get("/syncs/rows", view="late")).text

    assert ("data-fresh" in first, "data-fresh" in later) == (True, False)
    assert "Northwind" in rows
    assert "<html" not in rows
    assert "No sync fits" in none


async def test_a_run_that_failed_is_replayed(console: Console, admin: Visitor) -> None:
    scene = await furnished(console.service.desk, "Northwind")
    here = f"/syncs/{scene.account}/{scene.sync.id}"
    before = (await admin.get(here)).text

    await admin.post(f"/runs/{scene.account}/sr_one/replay", seen_on=here)

    assert "Ask the customer to look." in before
    assert "Queued" in (await admin.get(here)).text


async def test_a_run_leads_to_its_sync_and_its_deliveries(console: Console, admin: Visitor) -> None:
    scene = await furnished(console.service.desk, "Northwind")

    there = await admin.get("/runs/sr_one")
    listed = (await admin.get("/deliveries", run="sr_one")).text
    others = (await admin.get("/deliveries", run="sr_two")).text

    assert there.headers["location"] == f"/console/syncs/{scene.account}/{scene.sync.id}"
    assert f"dlv_{scene.delivery}" in listed
    assert f"dlv_{scene.delivery}" not in others


async def test_deliveries_are_sent_again(console: Console, admin: Visitor) -> None:
    scene = await furnished(console.service.desk, "Northwind")

    await admin.post("/deliveries/replay", {"number": str(scene.delivery)}, seen_on="/deliveries")
    page = (await admin.get("/deliveries")).text

    assert "It is sent again." in page
    async with console.service.desk.pool.acquire() as conn:
        state = await conn.fetchrow("select state, attempts from outbox")
    assert (state["state"], state["attempts"]) == ("waiting", 0)


async def test_a_webhook_is_made_tested_disabled_and_deleted(
    console: Console, admin: Visitor
) -> None:
    desk = console.service.desk
    desk.settings = msgspec.structs.replace(desk.settings, allow_private_webhooks=True)
    async with Receiver() as receiver:
        fields = {"url": receiver.url, "event": "record.new", "batch_size": "5"}
        made = await admin.made("/webhooks", fields, seen_on="/webhooks")
        async with desk.pool.acquire() as conn:
            (webhook,) = await webhooks.page(conn)
        await admin.post(f"/webhooks/{webhook.id}/test", seen_on="/webhooks")
        tested = (await admin.get("/webhooks")).text
    await admin.post(f"/webhooks/{webhook.id}/state", {"state": "disabled"}, seen_on="/webhooks")
    disabled = (await admin.get("/webhooks")).text
    await admin.post(f"/webhooks/{webhook.id}/delete", seen_on="/webhooks")

    assert "whsec_" in made.text
    assert (webhook.events, webhook.batch_size) == (["record.new"], 5)
    assert re.search(r"It answered 2\d\d after", tested)
    assert "disabled in the console" in disabled
    assert "No webhook yet" in (await admin.get("/webhooks")).text


async def test_what_makes_no_webhook_is_said_beside_what_was_entered(admin: Visitor) -> None:
    fields = {"url": "https://127.0.0.1:9/", "description": "Nightly & more", "event": "record.new"}

    private = await admin.post("/webhooks", fields, seen_on="/webhooks")
    unread = await admin.post("/webhooks", fields | {"url": "nowhere"}, seen_on="/webhooks")
    many = await admin.post(
        "/webhooks", fields | {"url": "https://a.example/", "batch_size": "x"}, seen_on="/webhooks"
    )

    assert "The address leads to a private address" in private.text
    assert "The address is not a URL that can be read." in unread.text
    assert "Events at once: a number from 1 to 100." in many.text
    for answer in (private, unread, many):
        assert answer.status_code == 400
        assert 'value="Nightly &amp; more"' in answer.text
        assert 'value="record.new" checked' in answer.text
        assert '<details class="more" open>' in answer.text
    assert "No webhook yet" in (await admin.get("/webhooks")).text


async def test_a_key_is_shown_once_works_and_is_revoked(service: Service, admin: Visitor) -> None:
    made = await admin.made("/keys", {"name": "nightly", "scope": "read"}, seen_on="/keys")
    (secret,) = re.findall(r"hl_\w{43}", made.text)
    works = await service.get("connector.list", key=secret)
    async with service.desk.pool.acquire() as conn:
        (key,) = [one for one in await keys.every(conn) if one.name == "nightly"]
    page = (await admin.get("/keys")).text
    await admin.post(f"/keys/{key.id}/revoke", seen_on="/keys")

    assert works.status_code == 200
    assert secret not in page
    async with service.desk.pool.acquire() as conn:
        assert await keys.find(conn, secret) is None


async def test_the_support_matrix_says_what_each_vendor_can_do(admin: Visitor) -> None:
    text = (await admin.get("/support")).text

    assert "ats.candidate.note.create" in text
    assert text.count("✓") > 60


async def test_what_is_not_there_is_told_as_a_page(admin: Visitor) -> None:
    for path in ("/integrations/int_none", "/deliveries/dlv_99999", "/deliveries/x", "/runs/none"):
        answer = await admin.get(path)
        assert answer.status_code in {400, 404}, path
        assert "That is not possible" in answer.text
