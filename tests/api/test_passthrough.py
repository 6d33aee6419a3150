"""Passthrough: the vendor's own API, and nobody else's."""

from typing import Any

import pytest

from tests.service import Service

CALLS = {
    "greenhouse": {"method": "GET", "path": "/users", "params": {"per_page": 2}},
    "lever": {"method": "GET", "path": "/users", "params": {"limit": 2}},
    "ashby": {"method": "POST", "path": "/user.list", "body": {"limit": 2}},
}


@pytest.mark.parametrize("app", CALLS)
async def test_a_call_of_the_vendor_s_own_comes_back_with_its_status(
    service: Service, app: str
) -> None:
    integration = await service.connect(app)

    answer = await service.post("passthrough", integration, CALLS[app])

    response = answer.json()["data"]["response"]
    rows = response["body"] if app == "greenhouse" else response["body"].popitem()
    assert response["status"] == 200
    assert rows
    assert "authorization" not in str(answer.json()).lower()


async def test_a_vendor_that_reads_by_post_gets_its_empty_body(service: Service) -> None:
    integration = await service.connect("ashby")

    answer = await service.post(
        "passthrough", integration, {"method": "POST", "path": "/user.list"}
    )

    assert answer.json()["data"]["response"]["status"] == 200


async def test_a_passed_write_is_carried_out_once_per_idempotency_key(service: Service) -> None:
    integration = await service.connect("ashby")
    body = {"method": "POST", "path": "/candidate.create", "body": {"name": "Ines Duarte"}}

    one, again = [
        await service.post("passthrough", integration, body, headers={"Idempotency-Key": "p-1"})
        for _ in range(2)
    ]

    assert one.json()["data"] == again.json()["data"]
    assert again.headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("path", ["/v3/users", "users", "/users?per_page=2"])
async def test_a_path_may_be_written_as_people_do(service: Service, path: str) -> None:
    integration = await service.connect("greenhouse")

    answer = await service.post("passthrough", integration, {"method": "GET", "path": path})

    assert answer.json()["data"]["response"]["status"] == 200


async def test_what_the_vendor_refuses_comes_back_as_it_is(service: Service) -> None:
    integration = await service.connect("greenhouse")

    answer = await service.post(
        "passthrough", integration, {"method": "GET", "path": "/users", "params": {"cursor": "x"}}
    )

    assert answer.status_code == 200
    assert answer.json()["data"]["response"]["status"] == 422


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"baseUrl": "https://evil.example.com"}, "baseUrl"),
        ({"baseUrl": "http://harvest.greenhouse.io/v3"}, "baseUrl"),
        ({"baseUrl": "https://harvest.greenhouse.io.evil.example"}, "baseUrl"),
        ({"baseUrl": "https://user:pw@harvest.greenhouse.io"}, "baseUrl"),
        ({"path": "https://evil.example.com/users"}, "path"),
        ({"path": "//evil.example.com/users"}, "path"),
        ({"path": "/../admin"}, "path"),
        ({"path": "/users/%2e%2e/%2e%2e/admin"}, "path"),
        ({"path": "/users\\..\\admin"}, "path"),
        ({"headers": {"Authorization": "Bearer x"}}, "headers.Authorization"),
        ({"headers": {"host": "evil.example.com"}}, "headers.host"),
        ({"headers": {"Cookie": "a=b"}}, "headers.Cookie"),
        ({"headers": {"Transfer-Encoding": "chunked"}}, "headers.Transfer-Encoding"),
        ({"headers": {"X-Fine": "a\r\nHost: evil"}}, "headers"),
        ({"method": "TRACE"}, "method"),
    ],
)
async def test_nothing_leads_out_of_the_vendor_s_house(
    service: Service, change: dict[str, Any], path: str
) -> None:
    integration = await service.connect("greenhouse")
    calls = service.calls("greenhouse")

    answer = await service.post(
        "passthrough", integration, {"method": "GET", "path": "/users"} | change
    )

    assert answer.status_code == 400
    assert answer.json()["error"]["fields"][0]["path"] == path
    assert service.calls("greenhouse") == calls


async def test_a_binary_body_streams_through(service: Service) -> None:
    integration = await service.connect("greenhouse")

    answer = await service.post(
        "passthrough",
        integration,
        {"method": "GET", "path": "/users", "params": {"per_page": 1}},
        headers={"Accept": "application/octet-stream"},
    )

    assert answer.status_code == 200
    assert answer.headers["X-Upstream-Status"] == "200"
    assert answer.content.startswith(b"[")


async def test_a_key_without_the_scope_cannot_pass_through(service: Service) -> None:
    integration = await service.connect("greenhouse")
    writer = await service.make_key("read", "write")

    answer = await service.post("passthrough", integration, CALLS["greenhouse"], key=writer)

    assert answer.status_code == 403
