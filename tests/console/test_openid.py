"""In through an OpenID Connect provider: who gets which role, and what becomes of sessions."""

from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from hireloom.sandbox.app import Running
from hireloom.settings import Settings, some_roles
from hireloom.store import audit, operators, provider_logins
from tests.console.conftest import LEADS_TO, Console, Visitor, by_provider, logged_in
from tests.console.provider import CLIENT, SECRET, Provider
from tests.service import running


async def people(console: Console) -> list[operators.Operator]:
    async with console.service.desk.pool.acquire() as conn:
        return await operators.every(conn)


async def actions(console: Console) -> list[str]:
    async with console.service.desk.pool.acquire() as conn:
        return [one.action for one in reversed(await audit.page(conn))]


async def test_the_first_login_makes_somebody_with_the_role_of_the_claim(
    joined: Console, provider: Provider
) -> None:
    async with joined.visitor() as visitor:
        arrived = await visitor.come_by_provider()
        page = await visitor.get("/people")

    (ada,) = await people(joined)
    assert LEADS_TO.findall(arrived.text) == ["/console"]
    assert (ada.name, ada.role, ada.issuer) == ("Ada Lovelace", "admin", provider.url)
    assert (page.status_code, provider.url.removeprefix("http://") in page.text) == (200, True)
    assert await actions(joined) == ["console.join", "console.login"]


async def test_a_login_asks_for_a_code_with_state_nonce_and_pkce(
    joined: Console, provider: Provider
) -> None:
    async with joined.visitor() as visitor:
        await visitor.come_by_provider()
        await visitor.come_by_provider()

    first, second = provider.asked
    assert first["redirect_uri"] == f"{joined.service.url}/console/oidc/callback"
    assert first["scope"] == "openid profile email groups"
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) == 43
        assert first[name] != second[name]


async def test_each_login_sets_the_role_anew(joined: Console, provider: Provider) -> None:
    async with joined.visitor() as visitor:
        await visitor.come_by_provider()
        provider.person["groups"] = ["hireloom-support"]
        await visitor.come_by_provider()
        refused = await visitor.get("/people")

    (ada,) = await people(joined)
    assert (ada.role, refused.status_code) == ("support", 403)
    assert await actions(joined) == [
        "console.join", "console.login", "console.role", "console.login",
    ]  # fmt: skip


async def test_whoever_lost_the_role_is_refused_and_out_everywhere(
    joined: Console, provider: Provider
) -> None:
    async with joined.visitor() as laptop, joined.visitor() as phone:
        await laptop.come_by_provider()
        before = await laptop.get("")
        provider.person["groups"] = ["staff"]
        refused = await phone.come_by_provider()
        after = await laptop.get("")
        of_phone = await phone.get("")

    assert (before.status_code, after.status_code, of_phone.status_code) == (200, 303, 303)
    assert refused.status_code == 403
    assert "nothing that it says of you opens this console. It looks at: groups." in refused.text
    assert (await actions(joined))[-1] == "console.login.refused"


async def test_people_are_known_by_subject_and_never_by_mail_or_name(
    joined: Console, provider: Provider
) -> None:
    mail = {"email": "ada@example.com", "email_verified": True}
    provider.person |= mail
    async with logged_in(joined, "ada lovelace", "admin"), joined.visitor() as visitor:
        await visitor.come_by_provider()
        provider.person = {**provider.person, "sub": "another", "groups": ["hireloom-support"]}
        await visitor.come_by_provider()

    found = {one.name: (one.role, one.issuer) for one in await people(joined)}
    assert found == {
        "ada lovelace": ("admin", None),
        "Ada Lovelace 2": ("admin", provider.url),
        "Ada Lovelace 3": ("support", provider.url),
    }


async def test_groups_that_are_not_in_the_token_are_asked_for(
    joined: Console, provider: Provider
) -> None:
    async with joined.visitor() as visitor:
        await visitor.come_by_provider()
        asked_for = provider.calls.count("userinfo")
        provider.in_token = False
        arrived = await visitor.come_by_provider()

    assert asked_for == 0
    assert provider.calls.count("userinfo") == 1
    assert "You are logged in" in arrived.text


async def test_the_provider_may_want_the_secret_in_the_form_and_sign_with_a_curve(
    joined: Console, provider: Provider
) -> None:
    provider.post_only = True
    provider.rotate("EC")

    async with joined.visitor() as visitor:
        arrived = await visitor.come_by_provider()

    assert "You are logged in" in arrived.text


async def test_a_rotated_key_is_simply_there(joined: Console, provider: Provider) -> None:
    async with joined.visitor() as visitor:
        for _ in range(3):
            arrived = await visitor.come_by_provider()
            assert "You are logged in" in arrived.text
            provider.rotate()


async def test_a_session_begins_anew_and_the_one_before_ends(joined: Console) -> None:
    async with joined.visitor() as visitor:
        await visitor.come_by_provider()
        before = visitor.http.cookies["hireloom_console"]
        await visitor.come_by_provider()
        after = visitor.http.cookies["hireloom_console"]
        visitor.http.cookies.clear()
        visitor.http.cookies.set("hireloom_console", before, path="/console")
        old = await visitor.get("")

    assert before != after
    assert old.status_code == 303


async def test_a_session_of_the_provider_ends_after_twelve_hours_however_much_it_is_used(
    joined: Console,
) -> None:
    async with joined.visitor() as visitor:
        await visitor.come_by_provider()
        before = await visitor.get("")
        async with joined.service.desk.pool.acquire() as conn:
            await conn.execute(
                "update operator_sessions set created_at = created_at - interval '12 hours'"
            )
        after = await visitor.get("")

    assert (before.status_code, after.status_code) == (200, 303)


async def test_who_comes_back_is_where_they_wanted_to_go(joined: Console) -> None:
    async with joined.visitor() as visitor:
        refused = await visitor.get("/logs", code="x/y")
        asked = urlsplit(refused.headers["location"])
        (wanted,) = parse_qs(asked.query)["next"]
        arrived = await visitor.come_by_provider(wanted)

    assert asked.path == "/console/login"
    assert LEADS_TO.findall(arrived.text) == ["/console/logs?code=x%2Fy"]


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/", "//evil.example", "/console/../v1.0", "/console\\evil",
        "/consolé", "javascript:alert(1)", "/console//evil.example", "/console@evil.example",
        "/console/logs\r\nX-Evil: 1",
    ],
)  # fmt: skip
async def test_nobody_is_led_out_of_the_console(joined: Console, wanted: str) -> None:
    async with logged_in(joined, "Grace", "admin"), joined.visitor() as visitor:
        arrived = await visitor.come_by_provider(wanted)
        while_in = await visitor.get("/login", next=wanted)
        visitor.http.cookies.clear()
        token = await visitor.token("/login")
        fields = {"name": "Grace", "password": "seven grey herons wading", "csrf": token}
        by_password = await visitor.http.post("/console/login", data=fields | {"next": wanted})

    assert LEADS_TO.findall(arrived.text) == ["/console"]
    assert while_in.headers["location"] == by_password.headers["location"] == "/console"


async def test_logging_out_offers_the_logout_of_the_provider(
    joined: Console, provider: Provider
) -> None:
    async with joined.visitor() as visitor:
        await visitor.come_by_provider()
        answer = await visitor.post("/logout")
        after = await visitor.get("")
    here = joined.service.url

    assert after.status_code == 303
    href = answer.text.partition(f'href="{provider.url}/logout?')[2].partition('"')[0]
    assert parse_qs(href.replace("&amp;", "&")) == {
        "from": ["a"],
        "client_id": [CLIENT],
        "post_logout_redirect_uri": [f"{here}/console/login"],
    }


async def test_where_the_provider_has_no_logout_none_is_offered(
    joined: Console, provider: Provider
) -> None:
    provider.document = {"end_session_endpoint": None}

    async with joined.visitor() as visitor:
        await visitor.come_by_provider()
        answer = await visitor.post("/logout")

    assert (answer.status_code, answer.headers["location"]) == (303, "/console/login")


async def test_without_passwords_only_the_provider_lets_people_in(
    settings: Settings, vendors: Running, provider: Provider, capsys: pytest.CaptureFixture[str]
) -> None:
    from hireloom.console import pages

    strict = msgspec.structs.replace(by_provider(settings, provider), console_passwords=False)
    async with running(strict, vendors) as service:
        console = Console(service)
        await pages.greet(service.desk)
        async with logged_in(console, "Grace", "admin") as grace, console.visitor() as visitor:
            session = await grace.get("")
            login = await visitor.get("/login")
            fields = {"name": "Grace", "password": "seven grey herons wading"}
            by_password = await visitor.post("/login", fields, seen_on="/login")
            link = await visitor.get(f"/start/{await console.link()}")
            arrived = await visitor.come_by_provider()
            invited = await visitor.post("/people/invite", {"role": "admin"}, seen_on="/people")

    assert "/console/start/" not in "".join(capsys.readouterr())
    assert (session.status_code, by_password.status_code, link.status_code) == (303, 403, 403)
    assert 'type="password"' not in login.text
    assert "You are logged in" in arrived.text
    assert invited.status_code == 303


async def test_a_session_of_a_provider_that_is_no_longer_set_is_over(
    settings: Settings, vendors: Running, provider: Provider
) -> None:
    named = by_provider(settings, provider)
    async with running(named, vendors) as service, Console(service).visitor() as visitor:
        await visitor.come_by_provider()
        token = visitor.http.cookies["hireloom_console"]

    async with running(settings, vendors) as service, Console(service).visitor() as visitor:
        visitor.http.cookies.set("hireloom_console", token, domain="127.0.0.1", path="/console")
        answer = await visitor.get("")
        begun = await visitor.post("/oidc", seen_on="/login")
        returned = await visitor.get("/oidc/callback", state="x", code="y")

    assert (answer.status_code, begun.status_code, returned.status_code) == (303, 404, 404)


async def test_verified_addresses_and_domains_can_give_roles(
    settings: Settings, vendors: Running, provider: Provider
) -> None:
    rules = "email:ada@example.com=admin,@example.com=support"
    by_mail = msgspec.structs.replace(
        by_provider(settings, provider), oidc_roles=some_roles("", rules)
    )
    async with running(by_mail, vendors) as service:
        console = Console(service)
        for subject, mail, verified in (
            ("1", "Ada@Example.com", True),
            ("2", "bob@example.com", True),
            ("3", "eve@example.com", False),
            ("4", "mallory@evil-example.com", True),
        ):
            said = {"email": mail, "email_verified": verified}
            provider.person = {"sub": subject, "name": subject, **said}
            async with console.visitor() as visitor:
                await visitor.come_by_provider()

        found = {one.name: one.role for one in await people(console)}
    assert found == {"1": "admin", "2": "support"}


async def test_a_link_of_the_first_start_is_void_once_somebody_came_in(joined: Console) -> None:
    async with joined.service.desk.pool.acquire() as conn:
        link = await operators.make_link(conn, "first", "admin", "the first start")

    async with joined.visitor() as visitor:
        await visitor.come_by_provider()
        answer = await visitor.get(f"/start/{link}")

    assert answer.status_code == 410


async def test_a_removed_person_is_out_and_comes_back_as_somebody_new(joined: Console) -> None:
    async with logged_in(joined, "Grace", "admin") as admin, joined.visitor() as visitor:
        await visitor.come_by_provider()
        (ada,) = [one for one in await people(joined) if one.issuer]
        await admin.post(f"/people/{ada.id}/remove", seen_on="/people")
        out = await visitor.get("")
        await visitor.come_by_provider()
        (again,) = [one for one in await people(joined) if one.issuer]

    assert out.status_code == 303
    assert again.id != ada.id


async def test_a_name_has_no_password_where_the_provider_vouches(joined: Console) -> None:
    async with joined.visitor() as visitor:
        await visitor.come_by_provider()
        visitor.http.cookies.clear()
        answer = await visitor.log_in("Ada Lovelace", "")

    assert answer.status_code == 403


async def test_the_cookie_of_a_login_is_for_the_way_back_and_no_longer(joined: Console) -> None:
    async with joined.visitor() as visitor:
        token = await visitor.token("/login")
        begun = await visitor.http.post("/console/oidc", data={"csrf": token})
        arrived = await visitor.come_by_provider()

    def set_cookies(headers: list[str], name: str) -> list[str]:
        return [one for one in headers if one.startswith(name)]

    (kept,) = set_cookies(begun.headers.get_list("set-cookie"), "hireloom_oidc_")
    (spent,) = set_cookies(arrived.headers.get_list("set-cookie"), "hireloom_oidc_")
    (session,) = set_cookies(arrived.headers.get_list("set-cookie"), "hireloom_console=")
    assert {"HttpOnly", "SameSite=lax", "Max-Age=600", "Path=/console"} <= set(kept.split("; "))
    assert "Max-Age=0" in spent
    assert {"HttpOnly", "SameSite=strict"} <= set(session.split("; "))


async def test_only_hashes_of_what_browsers_hold_are_kept(joined: Console) -> None:
    async with joined.visitor() as visitor:
        at_provider = await visitor.set_off()
        (browser,) = [
            one.value for one in visitor.http.cookies.jar if one.name.startswith("hireloom_oidc_")
        ]
    (state,) = parse_qs(urlsplit(at_provider).query)["state"]

    async with joined.service.desk.pool.acquire() as conn:
        row = await conn.fetchrow("select * from provider_logins")
        await operators.clean_up(conn)
        kept = await conn.fetchval("select count(*) from provider_logins")
        await conn.execute("update provider_logins set expires_at = now() - interval '1 second'")
        await operators.clean_up(conn)
        later = await conn.fetchval("select count(*) from provider_logins")
    assert str(browser) not in str(row)
    assert state not in str(row)
    assert str(browser) not in at_provider
    assert (kept, later) == (1, 0)
    assert provider_logins.LIFETIME.total_seconds() == 600


async def test_nothing_secret_is_logged_or_kept_in_the_audit(
    joined: Console, provider: Provider, capsys: pytest.CaptureFixture[str]
) -> None:
    async with joined.visitor() as visitor:
        await visitor.come_by_provider()
        for fault in ("broken", "own key", "denied", "wrong client"):
            provider.fault = fault
            page = await visitor.come_by_provider()
            assert page.status_code in {403, 502}
            assert not [one for one in provider.issued if one in page.text]

    async with joined.service.desk.pool.acquire() as conn:
        kept = str(await audit.page(conn))
    told = "".join(capsys.readouterr()) + kept
    assert "own key" not in told
    assert "bad_signature" in told
    for secret in [*provider.issued, SECRET, "No <b>way</b>"]:
        assert secret not in told


async def test_begun_logins_are_counted_by_address(joined: Console, support: Visitor) -> None:
    del support  # another installation's, so that nothing here counts for it
    async with joined.visitor() as visitor:
        token = await visitor.token("/login")
        statuses = [
            (await visitor.http.post("/console/oidc", data={"csrf": token})).status_code
            for _ in range(61)
        ]

    assert statuses == [200] * 60 + [429]
