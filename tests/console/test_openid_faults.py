"""What a provider, or somebody between, can do wrong: each is refused, in words to act on."""

import asyncio
import html
import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import msgspec
import pytest

from hireloom.console import provider as speaking
from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from tests.console.conftest import Console, by_provider
from tests.console.provider import CLIENT, TOKEN_SECONDS, Provider
from tests.service import running

NOT_SIGNED = "is not signed by the provider"
BAD_TOKENS: dict[str, str] = {
    "alg none": "is signed by none, which proves nothing here",
    "hmac with the public key": "is signed by HS256, which proves nothing here",
    "hmac with the secret": "is signed by HS256, which proves nothing here",
    "own key": NOT_SIGNED,
    "key in the header": "a key that the provider does not publish",
    "unknown kid": "a key that the provider does not publish",
    "broken": "cannot be read",
    "mixed up": "from another provider than the one that was asked",
    "no iss": "from another provider than the one that was asked",
    "denied": "It says: No <b>way</b> in for you",
    "wrong client": "does not accept the console as its client",
}
BAD_CLAIMS: list[tuple[dict[str, Any], str]] = [
    ({"iss": "https://another.example"}, "Another issuer made it."),
    ({"aud": "another"}, "It is meant for another client."),
    ({"aud": ["another"]}, "It is meant for another client."),
    ({"aud": [CLIENT, "another"]}, "The claim azp is missing."),
    ({"aud": [CLIENT, "another"], "azp": "another"}, "It was given to another client."),
    ({"azp": "another"}, "It was given to another client."),
    ({"nonce": "another"}, "It belongs to another login."),
    ({"nonce": None}, "The claim nonce is missing."),
    ({"at_hash": "another"}, "It came with another access token."),
    ({"exp": None}, "The claim exp is missing."),
    ({"exp": "tomorrow"}, "The claim exp is wrong."),
    ({"iat": None}, "The claim iat is missing."),
    ({"sub": ""}, "The claim sub is wrong."),
    ({"sub": 5}, "The claim sub is wrong."),
    ({"sub": "x" * 256}, "The claim sub is wrong."),
]
BAD_DISCOVERY: list[tuple[str, dict[str, Any], str]] = [
    ("down", {}, "cannot be reached: it says 503."),
    ("redirect", {}, "sends on to another address, which is not followed"),
    ("endless", {}, "answers with more than 512 KiB"),
    ("packed", {}, "is not as OpenID Connect has it"),
    ("no json", {}, "is not as OpenID Connect has it"),
    ("", {"issuer": "https://x/<i>"}, "The provider calls itself https://x/<i>, not http"),
    ("", {"token_endpoint": "http://evil.example/token"}, "an address that is not https"),
    ("", {"authorization_endpoint": "javascript:alert(1)"}, "an address that is not https"),
    ("", {"end_session_endpoint": "javascript:alert(1)"}, "an address that is not https"),
    ("", {"jwks_uri": 5}, "is not as OpenID Connect has it"),
]


def told(page: httpx.Response) -> str:
    """What the page says is wrong, as it is read."""
    return html.unescape(page.text.partition('role="alert"')[2].partition("</div>")[0])


async def assert_nobody_came_in(console: Console) -> None:
    async with console.service.desk.pool.acquire() as conn:
        assert await conn.fetchval("select count(*) from operators") == 0
        assert await conn.fetchval("select count(*) from operator_sessions") == 0


async def test_a_token_that_proves_nothing_lets_nobody_in(
    joined: Console, provider: Provider
) -> None:
    async with joined.visitor() as visitor:
        for fault, words in BAD_TOKENS.items():
            provider.fault = fault
            page = await visitor.come_by_provider()
            assert page.status_code in {403, 502}, fault
            assert words in told(page), fault
            assert "hireloom_console" not in visitor.http.cookies, fault
            assert "<b>" not in page.text

    await assert_nobody_came_in(joined)


async def test_a_token_for_somebody_or_something_else_lets_nobody_in(
    joined: Console, provider: Provider
) -> None:
    now = int(time.time())
    late = [
        ({"exp": now - 3600}, "has expired"),
        ({"iat": now + 3600}, "It was made in the future."),
        ({"nbf": now + 3600}, "It is not good yet."),
    ]
    async with joined.visitor() as visitor:
        for claims, words in [*BAD_CLAIMS, *late]:
            provider.claims = claims
            page = await visitor.come_by_provider()
            assert page.status_code == 403, claims
            assert words in told(page), claims

    await assert_nobody_came_in(joined)


async def test_clocks_may_differ_a_little_and_audiences_be_several(
    joined: Console, provider: Provider
) -> None:
    good: list[dict[str, Any]] = [
        {"aud": [CLIENT]},
        {"aud": [CLIENT, "another"], "azp": CLIENT},
        {"at_hash": None},
    ]
    async with joined.visitor() as visitor:
        for seconds in (-20 - TOKEN_SECONDS, 20):
            provider.ahead = seconds
            page = await visitor.come_by_provider()
            assert "You are logged in" in page.text, seconds
        provider.ahead = 0
        for claims in good:
            provider.claims = claims
            page = await visitor.come_by_provider()
            assert "You are logged in" in page.text, claims


async def test_a_token_without_a_kid_is_good_only_where_there_is_one_key(
    joined: Console, provider: Provider
) -> None:
    provider.fault = "no kid"

    async with joined.visitor() as visitor:
        with_one = await visitor.come_by_provider()
        provider.rotate()
        with_two = await visitor.come_by_provider()

    assert "You are logged in" in with_one.text
    assert "does not say by which of its keys it is signed (kid)" in told(with_two)


async def test_a_provider_in_trouble_is_told_on_the_login_page_where_passwords_go_on(
    joined: Console, provider: Provider
) -> None:
    async with joined.visitor() as visitor:
        for fault, document, words in BAD_DISCOVERY:
            provider.fault, provider.document = fault, document
            page = await visitor.post("/oidc", seen_on="/login")
            assert page.status_code == 502, words
            assert words in told(page), words
            assert "<i>" not in page.text
            assert 'type="password"' in page.text

    assert "/elsewhere" not in str(provider.calls)


async def test_a_provider_that_nobody_reaches_or_that_keeps_silent_is_told(
    settings: Settings, vendors: Running, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = by_provider(settings, Provider(f"http://127.0.0.1:{free_port}"))

    async def keep_silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    over = asyncio.Event()
    async with running(gone, vendors) as service, Console(service).visitor() as visitor:
        nobody = await visitor.post("/oidc", seen_on="/login")
        server = await asyncio.start_server(keep_silent, "127.0.0.1", free_port, reuse_port=True)
        monkeypatch.setattr(speaking, "SECONDS", 0.5)
        silent = await visitor.post("/oidc", seen_on="/login")
        over.set()
        server.close()
        await server.wait_closed()

    assert "cannot be reached: nobody answers there" in told(nobody)
    assert "cannot be reached: it did not answer within 0.5 seconds" in told(silent)


async def test_a_code_is_of_no_use_in_another_browser(joined: Console) -> None:
    async with joined.visitor() as victim, joined.visitor() as attacker:
        back = await attacker.agree(await attacker.set_off())
        page = await victim.http.get(back)
        await victim.set_off()
        with_own_cookie = await victim.http.get(back)

    for refused in (page, with_own_cookie):
        assert refused.status_code == 403
        assert "is not one of this browser's, was used already" in told(refused)
        assert f"{joined.service.url}/console/login" in told(refused)
    await assert_nobody_came_in(joined)


async def test_the_way_back_is_good_once_and_for_ten_minutes(
    joined: Console, provider: Provider
) -> None:
    async with joined.visitor() as visitor:
        back = await visitor.agree(await visitor.set_off())
        kept = dict(visitor.http.cookies)
        first = await visitor.http.get(back)
        visitor.http.cookies.clear()
        for name, value in kept.items():
            visitor.http.cookies.set(name, value, path="/console")
        again = await visitor.http.get(back)
        late = await visitor.agree(await visitor.set_off())
        async with joined.service.desk.pool.acquire() as conn:
            await conn.execute(
                "update provider_logins set expires_at = expires_at - interval '10 minutes'"
            )
        too_late = await visitor.http.get(late)

    assert [one.status_code for one in (first, again, too_late)] == [200, 403, 403]
    assert provider.calls.count("token") == 1


async def test_of_two_who_come_back_at_once_one_is_let_in(joined: Console) -> None:
    async with joined.visitor() as visitor:
        back = await visitor.agree(await visitor.set_off())
        answers = await asyncio.gather(visitor.http.get(back), visitor.http.get(back))

    assert sorted(one.status_code for one in answers) == [200, 403]


async def test_two_tabs_log_in_side_by_side(joined: Console) -> None:
    async with joined.visitor() as visitor:
        first = await visitor.agree(await visitor.set_off())
        second = await visitor.agree(await visitor.set_off())
        answers = [await visitor.http.get(second), await visitor.http.get(first)]

    assert [one.status_code for one in answers] == [200, 200]


async def test_a_code_of_another_login_is_not_taken(joined: Console, provider: Provider) -> None:
    async with joined.visitor() as visitor:
        first = parse_qs(urlsplit(await visitor.agree(await visitor.set_off())).query)
        second = parse_qs(urlsplit(await visitor.agree(await visitor.set_off())).query)
        mixed = {"state": first["state"][0], "code": second["code"][0], "iss": provider.url}
        page = await visitor.http.get(f"/console/oidc/callback?{urlencode(mixed)}")

    assert "does not take the code that it gave" in told(page)
    await assert_nobody_came_in(joined)


async def test_a_code_that_was_spent_elsewhere_is_told(joined: Console, provider: Provider) -> None:
    async with joined.visitor() as visitor:
        back = await visitor.agree(await visitor.set_off())
        provider.codes.clear()
        page = await visitor.http.get(back)

    assert "too old, or used before" in told(page)


async def test_a_refusal_of_the_providers_is_quoted_on_the_page_and_not_in_the_log(
    joined: Console, provider: Provider, capsys: pytest.CaptureFixture[str]
) -> None:
    async with joined.visitor() as visitor:
        provider.refusal = {"error": "slow_down", "error_description": "Ask <b>Bob</b>\x1b[1m too"}
        quoted = await visitor.come_by_provider()
        provider.refusal = {"error": 5}
        unread = await visitor.come_by_provider()

    assert (quoted.status_code, unread.status_code) == (502, 502)
    assert "The provider gives no token: Ask <b>Bob</b> [1m too" in told(quoted)
    assert "<b>" not in quoted.text
    assert "The provider gives no token: status 400" in told(unread)
    assert "Bob" not in "".join(capsys.readouterr())


async def test_userinfo_of_somebody_else_gives_no_role(joined: Console, provider: Provider) -> None:
    provider.in_token = False
    provider.fault = "other person"

    async with joined.visitor() as visitor:
        page = await visitor.come_by_provider()

    assert "speaks of somebody else than the token" in told(page)
    await assert_nobody_came_in(joined)


async def test_groups_that_the_provider_left_out_are_told(
    joined: Console, provider: Provider
) -> None:
    provider.person["groups"] = None
    provider.claims = {"_claim_names": {"groups": "src1"}}
    provider.document = {"userinfo_endpoint": None}

    async with joined.visitor() as visitor:
        page = await visitor.come_by_provider()

    assert "left your groups out of the token" in told(page)
    assert "send roles of the application instead" in told(page)


async def test_what_was_not_begun_here_needs_a_form_of_ours(joined: Console) -> None:
    async with joined.visitor() as visitor:
        token = await visitor.token("/login")
        foreign = await visitor.http.post(
            "/console/oidc", data={"csrf": token}, headers={"sec-fetch-site": "cross-site"}
        )
        without = await visitor.http.post("/console/oidc", data={})
        empty = await visitor.get("/oidc/callback")
        made_up = await visitor.get("/oidc/callback", state="\x00'\"é", code="x", error="<b>")

    answers = (foreign, without, empty, made_up)
    assert [one.status_code for one in answers] == [403] * 4
    assert "<b>" not in made_up.text


async def test_a_secret_of_the_client_is_not_in_what_a_process_says_of_itself(
    settings: Settings, provider: Provider
) -> None:
    named = by_provider(settings, provider)

    assert named.oidc is not None
    assert "oddities" not in repr(named) + repr(named.oidc)
    assert msgspec.structs.replace(named, oidc_issuer=None).oidc is None
