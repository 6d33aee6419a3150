"""Links out of data never lead into a private network, however the address is written."""

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hireloom.errors import (
    HireloomError,
    RequestInvalidError,
    ResourceNotFoundError,
    UnavailableError,
    UnexpectedAnswerError,
)
from hireloom.guard import GuardedResolver, PrivateAddressError, is_public
from hireloom.kit import circuit
from hireloom.kit.limits import RateLimit
from tests.kit.conftest import Way
from tests.kit.harbor import FILES, Harbor, Reply, Vendor

PRIVATE = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0177.0.0.1", "017700000001", "0x7f.1",
    "0x7f000001", "127.0.0.1.", "0.0.0.0", "0", "10.1.2.3", "172.16.0.1", "192.168.1.1",
    "169.254.169.254", "2852039166", "100.64.0.1", "192.0.0.1", "198.18.0.1", "224.0.0.1",
    "255.255.255.255", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
    "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[fe80::1]", "[fc00::1]",
    "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]", "[2001:db8::1]", "localhost", "LOCALHOST",
    "localhost.", "１２７.０.０.１", "①②⑦.⓪.⓪.①", "127。0。0。1",
]  # fmt: skip


def literal(host: str) -> str | None:
    """The address, where it is written in its usual spelling."""
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return None


@pytest.mark.parametrize("host", PRIVATE)
async def test_a_link_into_a_private_network_is_refused(way: Way, host: str) -> None:
    async with Vendor() as inside:  # nobody vouches for its port
        port = inside.url.rpartition(":")[2]

        with pytest.raises(HireloomError) as caught:
            await way.to(Harbor).open_link(f"http://{host}:{port}/cv.pdf")

    assert inside.calls == []
    assert isinstance(caught.value, RequestInvalidError | UnavailableError)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "[::1]", "169.254.169.254", "localhost"]
)
async def test_the_refusal_says_why(way: Way, host: str) -> None:
    with pytest.raises(RequestInvalidError, match="private network"):
        await way.to(Harbor).open_link(f"http://{host}/cv.pdf")


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "gopher://x.example/", "ftp://x.example/", "//x.example/", "cv.pdf",
     "", "http://", "http://[::1", "http://x.example:port/", "http:///etc", "http://" + "a" * 300],
)  # fmt: skip
async def test_what_is_no_web_link_is_refused(way: Way, url: str) -> None:
    with pytest.raises(HireloomError) as caught:
        await way.to(Harbor).open_link(url)

    assert isinstance(caught.value, RequestInvalidError | UnavailableError)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "2002:808:808::1", "64:ff9b::808:808"]
)
def test_the_open_internet_is_open(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    ["64:ff9b:1::808:808", "64:ff9b:1:ffff::1", "3fff::1", "5f00::1", "100::1", "100:0:0:1::1",
     "2001:2::1", "2001:10::1", "2001:20::1", "2620:4f:8000::1", "::ffff:0:7f00:1", "4000::1",
     "192.88.99.1", "192.0.0.9", "192.0.0.171", "192.31.196.1", "192.52.193.1", "192.175.48.1",
     "240.0.0.1", "::ffff:192.88.99.1", "64:ff9b::192.88.99.1"],
)  # fmt: skip
def test_an_address_for_a_special_purpose_is_not_the_open_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [one for one in map(literal, PRIVATE) if one])
def test_python_s_own_word_is_not_needed(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(ipaddress.IPv4Address, "is_global", True)
    monkeypatch.setattr(ipaddress.IPv6Address, "is_global", True)

    assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_is_as_private_inside_of_ipv6_as_outside(address: object) -> None:
    high, low = divmod(int(address), 65536)  # type: ignore[call-overload]  # an IPv4Address
    inside = [f"::ffff:{address}", f"64:ff9b::{address}", f"2002:{high:x}:{low:x}::1"]

    assert {is_public(one) for one in inside} == {is_public(str(address))}


async def test_one_private_address_among_several_is_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolver = GuardedResolver()

    async def found(*_: object) -> list[dict[str, str]]:
        return [{"host": "8.8.8.8"}, {"host": "10.0.0.1"}]

    monkeypatch.setattr(resolver._inner, "resolve", found)

    with pytest.raises(PrivateAddressError):
        await resolver.resolve("cv.example", 443, socket.AF_INET)


def redirect(target: str, status: int = 302) -> Reply:
    return Reply(status, b"", (("Location", target),))


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/secret",
        "http://2130706433:{port}/secret",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost:{port}/secret",
        "//127.1:{port}/secret",
        "file:///etc/passwd",
        "http://[::1",
    ],
)
@pytest.mark.parametrize("status", [301, 303, 307])
async def test_a_redirect_into_a_private_network_is_refused(
    way: Way, vendor: Vendor, target: str, status: int
) -> None:
    async with Vendor() as inside:
        inside.script(Reply(body=b"secret"))
        port = inside.url.rpartition(":")[2]
        vendor.script(redirect(target.format(port=port), status))

        with pytest.raises((RequestInvalidError, UnexpectedAnswerError)):
            await way.to(Harbor).open("/files/1")

    assert (len(vendor.calls), inside.calls) == (1, [])


async def test_a_redirect_within_the_vendor_s_house_keeps_the_key(way: Way, vendor: Vendor) -> None:
    vendor.script(redirect(f"{FILES}/a%2Fb/%C3%BC?sig=%2B1"), Reply(body=b"file"))

    stream = await way.to(Harbor).open("/files/1", params={"version": "2"})

    assert b"".join([chunk async for chunk in stream.chunks]) == b"file"
    first, second = vendor.calls
    assert first.target == "/v2/files/1?version=2"
    assert second.target == "/files/a%2Fb/%C3%BC?sig=%2B1"
    assert second.headers["authorization"] == "Bearer key-of-harbor"


async def test_a_redirect_away_from_the_vendor_takes_nothing_along(
    way: Way, vendor: Vendor
) -> None:
    harbor = way.to(Harbor)
    targets = dict(way.open[0].origins.targets) | {"https://bucket.example": f"{vendor.url}/s3"}
    object.__setattr__(way.open[0].origins, "targets", targets)
    vendor.script(redirect("https://bucket.example/cv?sig=1"), Reply(body=b"file"))
    request = harbor.request("GET", "/files/1").with_header("X-Act-As", "jane")

    stream = await harbor.channel.stream(request)

    assert b"".join([chunk async for chunk in stream.chunks]) == b"file"
    call = vendor.calls[1]
    assert call.target == "/s3/cv?sig=1"
    assert not {"authorization", "x-act-as"} & call.headers.keys()


async def test_redirects_end(way: Way, vendor: Vendor) -> None:
    vendor.script(redirect(f"{FILES}/round"))

    with pytest.raises(UnexpectedAnswerError, match="without end"):
        await way.to(Harbor).open("/files/1")

    assert len(vendor.calls) == 6


async def test_a_write_is_not_redirected(way: Way, vendor: Vendor) -> None:
    vendor.script(redirect(f"{FILES}/round", 307))
    harbor = way.to(Harbor)

    with pytest.raises(UnexpectedAnswerError, match="redirected"):
        await harbor.channel.stream(harbor.request("POST", "/files", body={"a": 1}))

    assert len(vendor.calls) == 1


class OneCallHarbor(Harbor):
    """It allows a call in ten seconds."""

    rate_limit = RateLimit(calls=1, seconds=10)


async def test_a_file_elsewhere_costs_the_account_nothing(way: Way, vendor: Vendor) -> None:
    harbor = way.to(OneCallHarbor)
    vendor.script(Reply(404), Reply(403), Reply(body=b"1"), Reply(body=b"2"))
    for _ in range(2):
        with pytest.raises(ResourceNotFoundError, match="link answered"):
            await harbor.open_link(f"{FILES}/cv.pdf")

    streams = [await harbor.open_link(f"{FILES}/cv.pdf") for _ in range(2)]

    assert [b"".join([c async for c in stream.chunks]) for stream in streams] == [b"1", b"2"]
    assert not any("authorization" in call.headers for call in vendor.calls)


async def test_dead_links_do_not_open_the_account_s_circuit(way: Way, vendor: Vendor) -> None:
    harbor = way.to(Harbor)
    vendor.answer = lambda call: Reply(
        500 if "/dead" in call.target else 200, b'{"id":7,"name":""}'
    )
    for _ in range(circuit.FAILURES // 4 + 1):
        with pytest.raises(UnavailableError, match="file's host"):
            await harbor.open_link(f"{FILES}/dead")

    assert (await harbor.get_ship("7")).id == 7


async def test_a_file_that_breaks_off_is_an_error_and_no_short_file(
    way: Way, vendor: Vendor
) -> None:
    vendor.script(Reply(body=b"half", length=100))
    stream = await way.to(Harbor).open("/files/1")

    with pytest.raises(UnavailableError, match="broke off"):
        _ = [chunk async for chunk in stream.chunks]
