"""The origin map: only what is really the vendor's address is sent elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hireloom.kit.origins import Origins

SANDBOX = "http://127.0.0.1:9100"
MAP = Origins(
    {
        "https://api.lever.co": f"{SANDBOX}/lever/api",
        "https://hire.lever.co/oauth": f"{SANDBOX}/lever/oauth",
        "https://hire.lever.co/": f"{SANDBOX}/lever/hire/",
    }
)


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://api.lever.co", f"{SANDBOX}/lever/api"),
        ("https://api.lever.co/v1/users?limit=1", f"{SANDBOX}/lever/api/v1/users?limit=1"),
        ("https://api.lever.co?limit=1", f"{SANDBOX}/lever/api?limit=1"),
        ("https://hire.lever.co/oauth/token", f"{SANDBOX}/lever/oauth/token"),
        ("https://hire.lever.co/oauthority", f"{SANDBOX}/lever/hire/oauthority"),
        ("https://hire.lever.co/x", f"{SANDBOX}/lever/hire/x"),
    ],
)
def test_the_longest_origin_wins(url: str, sent: str) -> None:
    assert MAP.send(url) == sent
    assert MAP.knows(url)
    assert MAP.knows(sent)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.lever.co.evil.example/v1",
        "https://api.lever.co@evil.example/v1",
        "https://api.lever.co:8443/v1",
        "https://user@api.lever.co/v1",
        "http://api.lever.co/v1",
        "https://evil.example/https://api.lever.co/v1",
        "https://evil.example?https://api.lever.co",
        "https://xapi.lever.co/v1",
        f"{SANDBOX}0/lever/api",
    ],
)
def test_a_lookalike_is_a_stranger(url: str) -> None:
    assert MAP.send(url) == url
    assert not MAP.knows(url)
    assert not MAP.is_target_of(url, ["https://api.lever.co", "https://hire.lever.co"])


def test_a_target_belongs_to_the_origins_that_lead_there() -> None:
    link = f"{SANDBOX}/lever/api/v1/users?offset=2"

    assert MAP.is_target_of(link, ["https://api.lever.co/v1", "https://api.lever.co"])
    assert not MAP.is_target_of(link, ["https://hire.lever.co"])


@given(st.text(max_size=30))
def test_nothing_behind_an_origin_s_name_makes_it_another_host(tail: str) -> None:
    url = f"https://api.lever.co{tail}"

    sent = MAP.send(url)

    assert sent == url or (sent.startswith(f"{SANDBOX}/lever/api") and tail[:1] in "/?#")


def test_a_simulator_s_files_are_vouched_for_with_its_host() -> None:
    origins = Origins({"https://api.lever.co": "http://127.0.0.1:9100/lever"})

    assert origins.knows("http://127.0.0.1:9100/files/cv.pdf")
    assert origins.knows("https://api.lever.co/v1/files/1")
    assert not origins.knows("http://127.0.0.1:9101/files/cv.pdf")
    assert not origins.knows("http://127.0.0.1:9100@evil.example/cv.pdf")
    assert not origins.knows("http://169.254.169.254/latest")


def test_a_neighbour_on_the_simulator_s_host_gets_no_credentials() -> None:
    neighbour = f"{SANDBOX}/lever/apis"

    assert MAP.send(neighbour) == neighbour
    assert not MAP.is_target_of(neighbour, ["https://api.lever.co"])


def test_a_key_reaches_its_addresses_and_the_hosts_that_stand_in_for_them() -> None:
    homes = ["https://api.lever.co", "https://app.lever.co"]

    assert MAP.reaches("https://app.lever.co/tests/1", homes)
    assert MAP.reaches(f"{SANDBOX}/anywhere/else", homes)
    assert not MAP.reaches(f"{SANDBOX}0/lever/api", homes)
    assert not MAP.reaches(f"{SANDBOX}/anywhere/else", ["https://app.lever.co"])
    assert not MAP.reaches("https://app.lever.co.evil.example/tests/1", homes)
    assert not MAP.reaches("https://u@app.lever.co/tests/1", homes)
    assert not MAP.reaches("tests/1", homes)
