"""Who may call the simulated Lever: keys, permissions, confidential data, OAuth."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from hireloom.sandbox import app
from tests.sandbox.lever_client import API_KEY, Caller, basic

AUDIENCE = "https://api.lever.co/v1/"
OAUTH = {"client_id": "lever-sandbox-client-id", "client_secret": "lever-sandbox-client-secret"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[app.Running]:
    with app.Running(size=230, vendors=["lever"], limits=False) as running:
        yield running


@pytest.fixture
def lever(sandbox: app.Running) -> Iterator[Caller]:
    httpx.post(f"{sandbox.url}/_sandbox/reset", timeout=120)
    caller = Caller(sandbox)
    with caller.http:
        yield caller


def test_a_key_without_a_permission_is_told_so(sandbox: app.Running, lever: Caller) -> None:
    about = httpx.get(sandbox.url, timeout=120).json()["vendors"]["lever"]
    limited = Caller(sandbox, about["credentialsWithoutScopes"]["apiKey"])
    with limited.http:
        row = limited.data("/opportunities", limit=1)[0]
        refused = limited.get(f"/opportunities/{row['id']}/notes")

        assert refused.status_code == 403
        assert refused.json()["code"] == "ForbiddenError"
        assert limited.get("/users").status_code == 403
        assert limited.act("PUT", f"/opportunities/{row['id']}/stage", {}).status_code == 403


def test_confidential_records_are_hidden_by_default_and_closed_to_some_keys(
    sandbox: app.Running, lever: Caller
) -> None:
    secret = lever.data("/opportunities", confidentiality="confidential", limit=1)[0]
    public = Caller(sandbox, "lever-sandbox-api-key-no-confidential")

    assert secret["id"] not in {row["id"] for row in lever.walk("/opportunities")}
    assert lever.get(f"/opportunities/{secret['id']}").status_code == 200
    with public.http:
        assert public.get(f"/opportunities/{secret['id']}").status_code == 403
        assert public.data("/opportunities", confidentiality="confidential") == []
        everything = list(public.walk("/postings", confidentiality="all"))
        assert {row["confidentiality"] for row in everything} == {"non-confidential"}


@pytest.mark.parametrize(
    "header", ["", basic("wrong"), basic(API_KEY, "password"), "Basic %%%", "Bearer nothing"]
)
def test_a_bad_credential_is_a_401(lever: Caller, header: str) -> None:
    answer = lever.http.get("/users", headers={"authorization": header})

    assert (answer.status_code, answer.json()["code"]) == (401, "UnauthorizedError")


def test_the_sandbox_tenant_has_credentials_of_its_own(sandbox: app.Running, lever: Caller) -> None:
    trial = Caller(sandbox, origin="https://api.sandbox.lever.co")
    europe = Caller(sandbox, origin="https://api.eu.lever.co")
    with trial.http, europe.http:
        assert trial.get("/users").status_code == 401
        key = {"authorization": basic("lever-sandbox-api-key-of-the-sandbox-tenant")}
        assert trial.http.get("/users", headers=key).status_code == 200
        assert europe.get("/users").status_code == 200
    assert lever.http.get("/users", headers=key).status_code == 401


def authorize(sandbox: app.Running, **query: str) -> dict[str, list[str]]:
    wanted = {
        "client_id": OAUTH["client_id"],
        "redirect_uri": "http://localhost/back",
        "response_type": "code",
        "state": "s1",
        "scope": "offline_access users:read:admin",
        **query,
    }
    url = sandbox.origins["https://auth.lever.co"] + "/authorize"
    answer = httpx.get(url, params=wanted, timeout=120)
    assert answer.status_code == 302, answer.text
    return parse_qs(urlsplit(answer.headers["location"]).query)


def token(sandbox: app.Running, **form: str) -> httpx.Response:
    url = sandbox.origins["https://auth.lever.co"] + "/oauth/token"
    return httpx.post(url, data={**OAUTH, **form}, timeout=120)


def exchange(sandbox: app.Running, **query: str) -> dict[str, Any]:
    code = authorize(sandbox, **query)["code"][0]
    redirect = "http://localhost/back"
    answer = token(sandbox, grant_type="authorization_code", code=code, redirect_uri=redirect)
    assert answer.status_code == 200, answer.text
    again = token(sandbox, grant_type="authorization_code", code=code, redirect_uri=redirect)
    assert again.status_code == 403
    granted: dict[str, Any] = answer.json()
    return granted


def test_consent_gives_a_token_for_its_scopes_only(sandbox: app.Running, lever: Caller) -> None:
    assert authorize(sandbox, audience=AUDIENCE)["state"] == ["s1"]
    granted = exchange(sandbox, audience=AUDIENCE)
    header = {"authorization": f"Bearer {granted['access_token']}"}

    assert granted["expires_in"] == 3600
    assert lever.http.get("/users", headers=header).status_code == 200
    assert lever.http.get("/postings", headers=header).status_code == 403


def test_without_the_exact_audience_there_is_no_usable_token(
    sandbox: app.Running, lever: Caller
) -> None:
    granted = exchange(sandbox)
    header = {"authorization": f"Bearer {granted['access_token']}"}

    assert granted["scope"] == "offline_access"
    assert lever.http.get("/users", headers=header).status_code == 401
    without_slash = authorize(sandbox, audience=AUDIENCE.rstrip("/"))
    assert without_slash["error"] == ["access_denied"]


def test_a_refresh_token_works_once(sandbox: app.Running, lever: Caller) -> None:
    first = "lever-sandbox-refresh-token"

    renewed = token(sandbox, grant_type="refresh_token", refresh_token=first).json()
    replayed = token(sandbox, grant_type="refresh_token", refresh_token=first)
    next_one = token(sandbox, grant_type="refresh_token", refresh_token=renewed["refresh_token"])

    assert renewed["refresh_token"] != first
    assert (replayed.status_code, replayed.json()["error"]) == (403, "invalid_grant")
    assert next_one.status_code == 200
    header = {"authorization": f"Bearer {renewed['access_token']}"}
    assert lever.http.get("/postings", headers=header).status_code == 200


def test_an_access_token_expires(sandbox: app.Running, lever: Caller) -> None:
    lever.change("token_life", seconds=0)
    granted = exchange(sandbox, audience=AUDIENCE)

    answer = lever.http.get(
        "/users", headers={"authorization": f"Bearer {granted['access_token']}"}
    )

    assert answer.status_code == 401


def test_a_wrong_client_secret_is_refused(sandbox: app.Running) -> None:
    answer = token(sandbox, grant_type="refresh_token", refresh_token="x", client_secret="wrong")

    assert (answer.status_code, answer.json()["error"]) == (401, "access_denied")


def test_links_lead_to_the_host_that_was_asked(sandbox: app.Running) -> None:
    europe = Caller(sandbox, origin="https://api.eu.lever.co")
    with europe.http:
        found = (
            europe.data(f"/opportunities/{row['id']}/resumes")
            for row in europe.walk("/opportunities")
        )
        resume = next(rows[0] for rows in found if rows)
        url = resume["file"]["downloadUrl"]

        assert url.startswith("https://api.eu.lever.co/v1/opportunities/")
        assert europe.get(url.removeprefix("https://api.eu.lever.co/v1")).status_code == 200
