"""What is made is shown once, by a page that a reload does not make anew."""

import httpx
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
    carried = carried_by(await admin.post("/keys", fields, seen_on="/keys"))
    monkeypatch.setattr(once, "SECONDS", -1)
    too_old = carried_by(await admin.post("/keys", fields, seen_on="/keys"))
    middle = len(carried) // 2
    altered = carried[:middle] + ("A" if carried[middle] != "A" else "B") + carried[middle + 1 :]

    for visitor, sent in ((support, carried), (admin, too_old), (admin, altered), (admin, "x")):
        session = visitor.http.cookies["hireloom_console"]
        cookies = f"hireloom_console={session}; {once.COOKIE}={sent}"
        answer = await visitor.http.get("/console/keys", headers={"cookie": cookies})
        assert answer.status_code == 200
        assert 'class="secret"' not in answer.text, sent


def carried_by(answer: httpx.Response) -> str:
    (cookie,) = [
        one for one in answer.headers.get_list("set-cookie") if one.startswith(once.COOKIE)
    ]
    return cookie.partition("=")[2].partition(";")[0].strip('"')
