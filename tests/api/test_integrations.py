"""Accounts: how they come in, what is said when they fail, and what is left when they go."""

from typing import Any

import pytest

from hireloom import connectors
from hireloom.store import audit, integrations
from tests.service import Service

every_connector = pytest.mark.parametrize("app", connectors.names())


def account(service: Service, app: str, **changes: Any) -> dict[str, Any]:
    credentials = dict(service.sandbox.vendor(app).credentials)
    if app == "lever":
        credentials = {"apiKey": credentials["apiKey"]}
    return {
        "originOrgId": "org-1",
        "originOrgName": "Example & Sons",
        "appId": app,
        "credentials": credentials,
    } | changes


@every_connector
async def test_wrong_credentials_are_refused_before_anything_is_kept(
    service: Service, app: str
) -> None:
    body = account(service, app)
    wrong = {name: f"{value}-wrong" for name, value in body["credentials"].items()}

    answer = await service.post("integration.import", body=body | {"credentials": wrong})

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (424, "integration.credentials_invalid")
    assert error["category"] == "customer"
    assert not any(value in answer.text for value in wrong.values())
    listed = await service.get("integration.list")
    assert listed.json()["data"]["integrations"] == []


@every_connector
async def test_missing_credentials_are_named_with_where_to_find_them(
    service: Service, app: str
) -> None:
    answer = await service.post("integration.import", body=account(service, app, credentials={}))

    assert answer.status_code == 400
    for field in answer.json()["error"]["fields"]:
        assert field["path"].startswith("credentials.")
        assert len(field["msg"]) > len("is required. ")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"appId": "nothing"}, "appId"),
        ({"credentials": {"pin": "1"}}, "credentials.pin"),
        ({"settings": {"colour": "red"}}, "settings.colour"),
        ({"originOrgId": ""}, "originOrgId"),
    ],
)
async def test_a_wrong_import_says_where(
    service: Service, changes: dict[str, Any], path: str
) -> None:
    answer = await service.post("integration.import", body=account(service, "lever", **changes))

    assert answer.status_code == 400
    assert answer.json()["error"]["fields"][0]["path"] == path


async def test_lever_connects_by_oauth_with_a_refresh_token_that_rotates(
    service: Service,
) -> None:
    found = service.sandbox.vendor("lever").credentials
    names = ("clientId", "clientSecret", "refreshToken")
    body = account(service, "lever", credentials={name: found[name] for name in names})

    imported = await service.post("integration.import", body=body)
    integration = imported.json()["data"]["integrationId"]
    answer = await service.get("ats.user.list", integration)
    exported = await service.post("integration.export", integration)

    assert answer.status_code == 200
    newest = exported.json()["data"]["credentials"]["refreshToken"]
    assert newest != found["refreshToken"]


async def test_details_show_the_accounts_of_one_organisation(service: Service) -> None:
    one = await service.connect("greenhouse")
    await service.connect("lever")

    by_org = await service.get("integration.details", originOrgId="org-greenhouse")
    by_header = await service.get("integration.details", one)

    (app,) = by_org.json()["data"]["apps"]
    assert (app["id"], app["integrationId"], app["isActive"]) == ("greenhouse", one, True)
    assert by_header.json()["data"]["apps"] == [app]


async def test_integrations_are_listed_a_page_at_a_time(service: Service) -> None:
    made = {await service.connect("ashby") for _ in range(5)}

    found: list[str] = []
    token: dict[str, str] = {}
    while True:
        data = (await service.get("integration.list", pageSize=2, **token)).json()["data"]
        found += [one["integrationId"] for one in data["integrations"]]
        if "nextPageToken" not in data:
            break
        token = {"pageToken": data["nextPageToken"]}

    assert sorted(found) == sorted(made)


async def test_credentials_that_stop_working_are_424_until_they_are_replaced(
    service: Service,
) -> None:
    integration = await service.connect("ashby")
    body = {"credentials": dict(service.sandbox.vendor("ashby").credentials)}
    service.faults({"vendor": "ashby", "path": "/*", "kind": "status", "status": 401})

    refused = await service.get("ats.user.list", integration)
    details = await service.get("integration.details", integration)
    service.faults()
    replaced = await service.post("integration.credentials.update", integration, body)
    answered = await service.get("ats.user.list", integration)

    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (424, "integration.credentials_invalid")
    assert "reconnect" in error["hint"]
    assert details.json()["data"]["apps"][0]["state"] == "CREDENTIALS_INVALID"
    assert replaced.json()["data"] == {
        "integrationId": integration,
        "state": "ACTIVE",
        "isActive": True,
    }
    assert answered.status_code == 200


async def test_credentials_that_work_again_heal_the_account(service: Service) -> None:
    integration = await service.connect("ashby")
    service.faults({"vendor": "ashby", "path": "/*", "kind": "status", "status": 401})
    await service.get("ats.user.list", integration)
    service.faults()

    answered = await service.get("ats.user.list", integration)
    details = await service.get("integration.details", integration)

    assert answered.status_code == 200
    assert details.json()["data"]["apps"][0]["state"] == "ACTIVE"


async def test_a_missing_permission_is_424_and_named_until_it_is_granted(
    service: Service,
) -> None:
    limited = service.sandbox.vendor("greenhouse").more_credentials["credentialsWithoutScopes"]
    integration = await service.connect("greenhouse")
    async with service.desk.pool.acquire() as conn:
        assert await conn.fetchval("select count(*) from integrations") == 1
    await replace_silently(service, integration, limited)

    refused = await service.get("ats.user.list", integration)
    shown = await service.get("connector.get", integration)

    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (424, "integration.permission_missing")
    assert "harvest:users:list" in error["hint"]
    operations = shown.json()["data"]["connector"]["operations"]
    assert operations["ats.user.list"] == "PERMISSION_MISSING"
    assert operations["ats.job.list"] == "SUPPORTED"


async def test_a_permission_known_to_be_missing_is_refused_once_a_call_meets_it(
    service: Service,
) -> None:
    limited = service.sandbox.vendor("greenhouse").more_credentials["credentialsWithoutScopes"]
    integration = await service.connect("greenhouse")
    withheld = {"ats.user.list": "harvest:users:list", "ats.offer.list": "harvest:offers:list"}
    async with service.desk.pool.acquire() as conn:
        await integrations.update(conn, integration, permissions=withheld)
    await replace_silently(service, integration, limited)

    await service.get("ats.user.list", integration)

    async with service.desk.pool.acquire() as conn:
        stored = await integrations.get(conn, integration)
    assert (stored.permissions, stored.refused) == (withheld, ["ats.user.list"])


async def replace_silently(service: Service, integration: str, credentials: dict[str, str]) -> None:
    """As if the customer had taken scopes away in the ATS: what is stored loses its token."""
    from hireloom.accounts import to_stored
    from hireloom.kit import Secrets
    from hireloom.store import credentials as stored

    async with service.desk.pool.acquire() as conn:
        opened = await stored.opened(conn, service.desk.vault, integration)
        await stored.save(
            conn, service.desk.vault, opened.data_key, integration,
            to_stored(Secrets(fields=credentials)), version=opened.integration.credentials_version,
        )  # fmt: skip
    service.desk.accounts.replace(integration)


async def test_a_deactivated_account_is_disabled_in_the_matrix(service: Service) -> None:
    integration = await service.connect("greenhouse")
    await service.post("integration.deactivate", integration)

    shown = await service.get("connector.get", integration)

    states = set(shown.json()["data"]["connector"]["operations"].values())
    assert states <= {"DISABLED", "UNSUPPORTED"}


async def test_an_export_is_complete_and_audited(service: Service) -> None:
    integration = await service.connect("greenhouse")

    exported = (await service.post("integration.export", integration)).json()["data"]
    again = await service.post(
        "integration.import",
        body={
            name: exported[name]
            for name in ("originOrgId", "originOrgName", "appId", "credentials", "settings")
        },
    )

    assert again.status_code == 200
    async with service.desk.pool.acquire() as conn:
        actions = [row["action"] for row in await conn.fetch("select action from audit")]
    assert actions.count("integration.export") == 1
    assert actions.count("integration.import") == 2


async def test_deleting_an_account_leaves_only_its_audit_entry(service: Service) -> None:
    integration = await service.connect("greenhouse")
    await service.get("ats.job.list", integration)
    await service.desk.ledger.flush()

    deleted = await service.post("integration.delete", integration)
    await service.desk.ledger.flush()

    assert deleted.json()["data"] == {"integrationId": integration, "deleted": True}
    async with service.desk.pool.acquire() as conn:
        tables = await conn.fetch(
            "select table_name as name from information_schema.columns"
            " where column_name = 'integration_id' and table_schema = 'public'"
        )
        left = {
            row["name"]: await conn.fetchval(
                f"select count(*) from {row['name']} where integration_id = $1",  # noqa: S608 – from the catalogue
                integration,
            )
            for row in tables
        }
    assert {name for name, count in left.items() if count} == {"audit"}


async def test_a_session_is_for_one_organisation_and_names_its_link(service: Service) -> None:
    answer = await service.post(
        "auth.createSession",
        body={
            "originOrgId": "org-1",
            "originOrgName": "Example & Sons",
            "originUserEmail": "hr@example.com",
            "originUserName": "Kim Example",
            "filters": [{"category": "ATS", "apps": ["greenhouse"]}],
        },
    )

    body = answer.json()
    assert body["msg"]["token"] == body["data"]["token"]
    assert body["data"]["url"].endswith(f"/connect/{body['data']['token']}")
    async with service.desk.pool.acquire() as conn:
        kept = str(await conn.fetch("select * from connect_sessions"))
        (entry,) = await audit.page(conn)
    assert body["data"]["token"] not in kept
    assert "hr@example.com" not in kept
    assert (entry.action, entry.detail) == ("auth.createSession", {"originOrgId": "org-1"})


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "//evil.example", "data:,x", "https://"]
)
async def test_a_session_sends_nobody_where_no_website_is(service: Service, address: str) -> None:
    body = {
        "originOrgId": "org-1",
        "originOrgName": "Example & Sons",
        "originUserEmail": "hr@example.com",
        "originUserName": "Kim Example",
        "redirectUrl": address,
    }

    answer = await service.post("auth.createSession", body=body)

    assert answer.status_code == 400
    assert answer.json()["error"]["fields"][0]["path"] == "redirectUrl"


async def test_the_support_matrix_of_an_app_comes_without_an_account(service: Service) -> None:
    answer = await service.get("connector.get", appId="lever")

    connector = answer.json()["data"]["connector"]
    assert connector["operations"]["ats.application.list"] == "SUPPORTED"
    assert connector["models"]["Application"]["info.candidate.firstName"] == "SUPPORTED"
    assert {way["kind"] for way in connector["connect"]} == {"AuthorizationCode", "BasicKey"}
