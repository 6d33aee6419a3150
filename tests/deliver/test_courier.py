"""One POST: what comes of it, in words."""

import datetime as dt
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hireloom.deliver.courier import Courier
from tests.receiver import Receiver, Reply


@pytest.fixture
def self_signed(tmp_path: Path) -> ssl.SSLContext:
    """A certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


async def test_a_certificate_that_nobody_vouches_for_is_not_accepted(
    self_signed: ssl.SSLContext,
) -> None:
    async with Receiver(tls=self_signed) as receiver, Courier(allow_private=True) as courier:
        outcome = await courier.send(receiver.url, b"{}", {})

    assert (outcome.status, outcome.reason) == (None, "TLS certificate is not valid")
    assert receiver.arrivals == []


async def test_plain_http_where_tls_is_expected_is_said_so(receiver: Receiver) -> None:
    async with Courier(allow_private=True) as courier:
        outcome = await courier.send(receiver.url.replace("http:", "https:"), b"{}", {})

    assert outcome.reason == "no TLS connection came about"


async def test_nobody_there_is_said_so(free_port: int) -> None:
    async with Courier(allow_private=True) as courier:
        outcome = await courier.send(f"http://127.0.0.1:{free_port}", b"{}", {})

    assert outcome.reason == "refused the connection"


async def test_cookies_are_not_kept(receiver: Receiver) -> None:
    receiver.answer = lambda _: Reply(headers={"Set-Cookie": "a=1"})

    async with Courier(allow_private=True) as courier:
        for _ in range(2):
            await courier.send(receiver.url, b"{}", {})

    assert [arrival.headers.get("cookie") for arrival in receiver.arrivals] == [None, None]


async def test_no_proxy_of_the_environment_is_used(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Receiver() as proxy, Courier(allow_private=True) as courier:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)

        outcome = await courier.send(receiver.url, b"{}", {})

    assert outcome.acknowledged
    assert proxy.arrivals == []


async def test_a_path_and_a_query_arrive_as_they_were_given(receiver: Receiver) -> None:
    async with Courier(allow_private=True) as courier:
        await courier.send(f"{receiver.url}/a%2Fb/c?token=x%2By&z=1", b"{}", {})

    assert receiver.arrivals[0].path == "/a%2Fb/c?token=x%2By&z=1"


async def test_a_large_body_arrives_whole(receiver: Receiver) -> None:
    body = b'{"a":"' + b"x" * 3_000_000 + b'"}'

    async with Courier(allow_private=True) as courier:
        outcome = await courier.send(receiver.url, body, {"Content-Type": "application/json"})

    assert outcome.acknowledged
    assert receiver.arrivals[0].body == body


async def test_a_connection_that_was_closed_meanwhile_costs_no_attempt(
    receiver: Receiver,
) -> None:
    receiver.script(Reply(), Reply(hangs_up=True))

    async with Courier(allow_private=True) as courier:
        outcomes = [await courier.send(receiver.url, b"{}", {}) for _ in range(2)]

    assert [one.acknowledged for one in outcomes] == [True, True]
    assert len(receiver.arrivals) == 3
