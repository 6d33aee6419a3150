"""In and out of the console: links, logins, sessions, roles and what forms have to bring."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from hireloom.console import door, pages
from hireloom.store import audit, operators
from tests.console.conftest import PASSWORD, Console, Visitor


def session_of(answer: httpx.Response) -> str:
    found = answer.cookies.get("hireloom_console")
    assert found
    return found


async def test_a_link_lets_one_person_in_once(console: Console) -> None:
    link = await console.link()

    async with console.visitor() as first, console.visitor() as second:
        joined = await first.join(link, "Ada")
        page = await first.get("")
        again = await second.get(f"/start/{link}")

    assert joined.status_code == 303
    assert (page.status_code, "Ada" in page.text) == (200, True)
    assert again.status_code == 410


async def test_of_two_who_use_a_link_at_once_one_is_let_in(console: Console) -> None:
    link = await console.link()

    async with console.visitor() as first, console.visitor() as second:
        answers = await asyncio.gather(first.join(link, "Ada"), second.join(link, "Bob"))

    assert sorted(answer.status_code for answer in answers) == [303, 410]


async def test_a_link_that_is_too_old_lets_nobody_in(console: Console) -> None:
    async with console.service.desk.pool.acquire() as conn:
        link = await operators.make_link(conn, "terminal", "admin", "a test", timedelta(0))

    async with console.visitor() as visitor:
        answer = await visitor.get(f"/start/{link}")

    assert answer.status_code == 410


async def test_the_link_of_the_first_start_is_void_once_somebody_can_log_in(
    console: Console,
) -> None:
    desk = console.service.desk
    async with desk.pool.acquire() as conn:
        first = await operators.make_link(conn, "first", "admin", "the first start")

    async with console.visitor() as visitor, console.visitor() as late:
        await visitor.join(await console.link(), "Ada")
        answer = await late.get(f"/start/{first}")

    assert answer.status_code == 410


async def test_the_first_start_tells_a_link_and_later_ones_do_not(
    console: Console, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = console.service.desk
    await pages.greet(desk)
    told = capsys.readouterr()
    (link,) = [
        word.partition(door.START)[2].strip()
        for word in (told.out + told.err).split()
        if door.START in word
    ]

    async with console.visitor() as visitor:
        joined = await visitor.join(link, "Ada")
    await pages.greet(desk)
    told_later = capsys.readouterr()

    assert joined.status_code == 303
    assert door.START not in told_later.out + told_later.err


@pytest.mark.parametrize(
    ("password", "again"),
    [("short", "short"), ("aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa"), (PASSWORD, "")],
)
async def test_a_poor_password_is_refused_and_the_link_stays_good(
    console: Console, password: str, again: str
) -> None:
    link = await console.link()

    async with console.visitor() as visitor:
        path = f"/start/{link}"
        fields = {"name": "Ada", "password": password, "again": again}
        refused = await visitor.post(path, fields, seen_on=path)
        joined = await visitor.join(link, "Ada")

    assert (refused.status_code, joined.status_code) == (400, 303)


async def test_logging_in_begins_a_session_of_its_own(console: Console, admin: Visitor) -> None:
    async with console.visitor() as visitor:
        visitor.http.cookies.set("hireloom_console", "chosen-by-an-attacker", path="/console")
        visitor.http.cookies.delete("hireloom_console", path="/console")
        first = await visitor.log_in("ada")
        before = session_of(first)
        token = await visitor.token("")
        second = await visitor.http.post(
            "/console/login", data={"name": "Ada", "password": PASSWORD, "csrf": token}
        )
        after = session_of(second)
        visitor.http.cookies.clear()
        visitor.http.cookies.set("hireloom_console", before, path="/console")
        old = await visitor.get("")

    assert first.status_code == second.status_code == 303
    assert before != after
    assert (old.status_code, old.headers["location"]) == (303, "/console/login")


async def test_a_cookie_that_somebody_else_chose_never_becomes_a_session(
    console: Console, admin: Visitor
) -> None:
    async with console.visitor() as visitor:
        visitor.http.headers["cookie"] = "hireloom_console=chosen; hireloom_visitor=chosen"
        token = await visitor.token("/login")
        answer = await visitor.http.post(
            "/console/login", data={"name": "Ada", "password": PASSWORD, "csrf": token}
        )
        page = await visitor.get("")

    assert session_of(answer) != "chosen"
    assert page.headers["location"] == "/console/login"


async def test_cookies_are_for_the_console_alone(admin: Visitor, console: Console) -> None:
    async with console.visitor() as visitor:
        answer = await visitor.log_in("Ada")

    (cookie,) = [
        one for one in answer.headers.get_list("set-cookie") if one.startswith("hireloom_console=")
    ]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/console" in cookie


async def test_only_hashes_of_tokens_are_kept(console: Console, admin: Visitor) -> None:
    token = admin.http.cookies["hireloom_console"]

    async with console.service.desk.pool.acquire() as conn:
        kept = await conn.fetchval("select token_hash from operator_sessions")
        password = await conn.fetchval("select password_hash from operators")

    assert kept == operators.hash_of(token)
    assert password.startswith("$argon2id$")


async def test_a_wrong_password_and_an_unknown_name_are_told_alike(
    console: Console, admin: Visitor
) -> None:
    async with console.visitor() as visitor:
        wrong = await visitor.log_in("Ada", "not the password")
        unknown = await visitor.log_in("Nobody", "not the password")

    assert wrong.status_code == unknown.status_code == 403
    assert door.WRONG in wrong.text
    assert door.WRONG in unknown.text


async def test_after_five_failures_even_the_right_password_waits(
    console: Console, admin: Visitor
) -> None:
    async with console.visitor() as visitor:
        for _ in range(5):
            assert (await visitor.log_in("Ada", "not the password")).status_code == 403
        refused = await visitor.log_in("Ada")
        async with console.service.desk.pool.acquire() as conn:
            await conn.execute("update login_failures set at = at - interval '15 minutes'")
        later = await visitor.log_in("Ada")

    assert (refused.status_code, refused.headers["retry-after"]) == (429, "900")
    assert later.status_code == 303


async def test_names_and_addresses_of_failed_logins_are_not_kept(
    console: Console, admin: Visitor
) -> None:
    async with console.visitor() as visitor:
        await visitor.log_in("Zebediah", "not the password")

    async with console.service.desk.pool.acquire() as conn:
        kept = await conn.fetch("select subject from login_failures")
    assert kept
    subjects = b" ".join(row["subject"] for row in kept)
    assert b"zebediah" not in subjects
    assert b"127.0.0.1" not in subjects


@pytest.mark.parametrize("column", ["seen_at", "created_at"])
async def test_a_session_ends_when_it_is_not_used_and_after_a_week(
    console: Console, admin: Visitor, column: str
) -> None:
    before = await admin.get("")
    days = {"seen_at": "12 hours", "created_at": "7 days"}[column]
    async with console.service.desk.pool.acquire() as conn:
        await conn.execute(
            f"update operator_sessions set {column} = {column} - '{days}'::interval"  # noqa: S608
        )
    after = await admin.get("")

    assert (before.status_code, after.status_code) == (200, 303)


async def test_logging_out_ends_the_session_and_everywhere_all_of_them(
    console: Console, admin: Visitor
) -> None:
    async with console.visitor() as phone:
        await phone.log_in("Ada")
        kept = phone.http.cookies["hireloom_console"]
        await phone.post("/logout")
        phone.http.cookies.set("hireloom_console", kept, path="/console")
        ended = await phone.get("")
        still = await admin.get("")
        await phone.log_in("Ada")
        await admin.post("/logout/everywhere", seen_on="/settings")
        everywhere = await phone.get("")

    assert (ended.status_code, still.status_code, everywhere.status_code) == (303, 200, 303)


async def test_every_page_needs_a_session(console: Console) -> None:
    async with console.visitor() as visitor:
        for route in pages.ROUTES:
            if route.method == "GET" and route.allowed != "anybody":
                path = route.path.replace("{", "").replace(":str}", "")
                answer = await visitor.http.get(path)
                login, _, wanted = answer.headers.get("location", "").partition("?next=")
                assert (login, wanted or "/console") == ("/console/login", path), path


async def test_support_is_refused_every_change(console: Console, support: Visitor) -> None:
    token = await support.token()

    for route in pages.ROUTES:
        if route.allowed == "admin":
            path = route.path.replace("{", "").replace(":str}", "")
            answer = await support.http.request(route.method, path, data={"csrf": token})
            assert answer.status_code == 403, path


async def test_changes_are_for_admins_alone() -> None:
    open_to_all = {
        route.path for route in pages.ROUTES if route.method == "POST" and route.allowed != "admin"
    }

    assert open_to_all == {
        "/console/login",
        "/console/oidc",
        "/console/start/{token:str}",
        "/console/logout",
        "/console/logout/everywhere",
        "/console/password",
    }


async def test_a_form_without_its_token_is_refused(console: Console, admin: Visitor) -> None:
    async with console.visitor() as other:
        await other.log_in("Ada")
        foreign = await other.token()

    for token in ("", "made-up", foreign):
        for route in pages.ROUTES:
            if route.method == "POST":
                path = route.path.replace("{", "").replace(":str}", "")
                answer = await admin.http.post(path, data={"csrf": token})
                assert answer.status_code == 403, path


async def test_a_form_of_another_site_is_refused(admin: Visitor) -> None:
    token = await admin.token()

    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 303)):
        answer = await admin.http.post(
            "/console/logout", data={"csrf": token}, headers={"sec-fetch-site": site}
        )
        assert answer.status_code == status


async def test_every_page_says_how_browsers_must_treat_it(admin: Visitor) -> None:
    for path in ("", "/login", "/logs", "/nowhere/at/all", "/start/unknown"):
        answer = await admin.get(path)
        if answer.status_code == 404:
            continue
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"


async def test_no_page_has_script_or_style_of_its_own(admin: Visitor) -> None:
    for route in pages.ROUTES:
        if route.method == "GET" and "{" not in route.path:
            page = (await admin.http.get(route.path)).text
            assert " style=" not in page
            assert "<style" not in page
            assert " onclick" not in page
            assert page.count("<script") == page.count('<script src="/console/static/')


async def test_who_comes_back_only_goes_to_the_console(admin: Visitor) -> None:
    for back in ("https://evil.example/", "//evil.example", "/console/../v1.0", "/console\\evil"):
        answer = await admin.post("/deliveries/replay", {"back": back})
        assert answer.headers["location"] == "/console"


async def test_an_admin_invites_and_removes_people(console: Console, admin: Visitor) -> None:
    page = await admin.made("/people/invite", {"role": "support"}, seen_on="/people")
    link = page.text.partition("/console/start/")[2].partition("<")[0]
    async with console.visitor() as invited:
        await invited.join(link, "Sam")
        sees = await invited.get("")
        may_not = await invited.get("/people")
        async with console.service.desk.pool.acquire() as conn:
            (sam,) = [one for one in await operators.every(conn) if one.name == "Sam"]
        removed = await admin.post(f"/people/{sam.id}/remove", seen_on="/people")
        gone = await invited.get("")

    assert (sees.status_code, may_not.status_code) == (200, 403)
    assert removed.status_code == gone.status_code == 303
    assert sam.role == "support"


async def test_the_last_admin_stays(console: Console, admin: Visitor) -> None:
    async with console.service.desk.pool.acquire() as conn:
        (ada,) = await operators.every(conn)

    await admin.post(f"/people/{ada.id}/remove", seen_on="/people")
    page = await admin.get("/people")

    assert page.status_code == 200
    assert "Nobody else is an admin" in page.text


async def test_who_came_in_and_what_they_did_is_in_the_audit(
    console: Console,
) -> None:
    async with console.visitor() as visitor:
        await visitor.join(await console.link(), "Ada")
        await visitor.post("/keys", {"name": "nightly", "scope": "read"}, seen_on="/keys")
        await visitor.post("/logout")
        await visitor.log_in("Ada")
        page = await visitor.get("/audit")

    async with console.service.desk.pool.acquire() as conn:
        entries = await audit.page(conn)
    assert [one.action for one in entries] == [
        "console.login", "console.logout", "key.create", "console.join",
    ]  # fmt: skip
    assert all(one.actor.endswith("(Ada)") for one in entries)
    assert "key.create" in page.text


async def test_a_form_that_is_too_long_is_refused(admin: Visitor) -> None:
    answer = await admin.http.post("/console/keys", data={"name": "x" * 300_000})

    assert answer.status_code == 413
