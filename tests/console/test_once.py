"""What is made is shown once, by a page that a reload does not make anew."""

import pytest

from hireloom.console import once
from hireloom.store import keys
from tests.console.accounts import furnished
from tests.console.conftest import Console, Visitor


async def test_what_is_made_is_shown_once_and_a_reload_makes_nothing(
    console: Console, admin: Visitor
) -> None:
    scene = await furnished(console.service.desk, "Northwind")
    account = f"/integrations/{scene.account}"
    for path, fields, page, shown in (
        ("/keys", {"name": "nightly", "scope": "read"}, "/keys", "hl_"),
        ("/webhooks", {"url": "https://a.example/x"}, "/webhooks", "whsec_"),
        (f"/webhooks/{scene.webhook.id}/rotate", {}, "/webhooks", "whsec_"),
        (f"{account}/link", {}, account, "/connect/"),
        ("/connect", {"org_id": "o", "org_name": "New & Co"}, "/connect", "/connect/"),
        ("/people/invite", {"role": "support"}, "/people", "/console/start/"),
    ):
        answer = await admin.post(path, fields, seen_on=page)
        elsewhere = await admin.get("/syncs")
        first, again = await admin.get(page), await admin.get(page)

        assert (answer.status_code, answer.headers["location"]) == (303, f"/console{page}"), path
        assert shown not in str(answer.headers), path
        assert 'class="secret"' not in elsewhere.text
        assert 'class="secret"' in first.text, path
        assert shown in first.text.partition('class="secret"')[2][:200], path
        assert 'class="secret"' not in again.text, path
    async with console.service.desk.pool.acquire() as conn:
        assert [one.name for one in await keys.every(conn)].count("nightly") == 1


async def test_what_is_shown_once_is_for_that_session_and_that_minute(
    admin: Visitor, support: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = {"name": "nightly", "scope": "read"}
    await admin.post("/keys", fields, seen_on="/keys")
    (carried,) = [one for one in admin.http.cookies.jar if one.name == once.COOKIE]
    support.http.cookies.set(once.COOKIE, str(carried.value), path="/console/keys")
    other = await support.get("/keys")
    monkeypatch.setattr(once, "SECONDS", -1)
    await admin.post("/keys", fields, seen_on="/keys")
    sent = {"cookie": f"hireloom_console={admin.http.cookies['hireloom_console']};"
                      f" {once.COOKIE}={carried.value}x"}  # fmt: skip
    broken = await admin.http.get("/console/keys", headers=sent)

    for answer in (other, broken):
        assert answer.status_code == 200
        assert 'class="secret"' not in answer.text
