"""Where webhooks may go: nowhere near this machine, however the address is written."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from hireloom import guard
from hireloom.deliver import targets
from hireloom.deliver.courier import Courier
from hireloom.errors import RequestInvalidError
from tests.kit.test_guard import PRIVATE
from tests.receiver import Receiver, Reply

MORE_SPELLINGS = [
    "127.0.0.1.", "0x7f.0.0.1",
    "0x7F000001", "0177.1", "1.0x0", "127.0.0.0x1", "0x",
    "[::ffff:a00:1]",
    "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::a00:1]", "printer.local", "db.internal", "a.localhost",
    "metadata.google.internal",
]  # fmt: skip


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[int, list[object]]]:
    """A port on loopback, and who connected to it."""
    seen: list[object] = []

    async def met(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(writer.get_extra_info("peername"))
        writer.close()

    server = await asyncio.start_server(met, None, 0, family=socket.AF_INET)
    async with server:
        yield server.sockets[0].getsockname()[1], seen


@pytest.mark.parametrize("host", [*PRIVATE, *MORE_SPELLINGS])
async def test_nothing_connects_to_a_private_address(host: str) -> None:
    async with listening() as (port, seen), Courier(allow_private=False) as courier:
        outcome = await courier.send(f"https://{host}:{port}/", b"{}", {})

    assert seen == []
    assert outcome.status is None
    assert outcome.reason.startswith("refused: ")


async def test_the_port_that_nothing_connects_to_can_be_connected_to() -> None:
    async with listening() as (port, seen), Courier(allow_private=True) as courier:
        outcome = await courier.send(f"https://127.0.0.1:{port}/", b"{}", {})

    assert len(seen) > 0
    assert not outcome.acknowledged


class Changing:
    """A name's server that answers something else each time."""

    answers: list[str]

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[dict[str, object]]:
        address = self.answers.pop(0)
        return [{"hostname": host, "host": address, "port": port, "family": socket.AF_INET,
                 "proto": 0, "flags": 0}]  # fmt: skip

    async def close(self) -> None:
        pass


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1"])
async def test_a_name_that_leads_inside_is_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(guard, "Names", Changing)
    monkeypatch.setattr(Changing, "answers", [address], raising=False)

    async with listening() as (port, seen), Courier(allow_private=False) as courier:
        outcome = await courier.send(f"https://hooks.example.com:{port}/", b"{}", {})

    assert outcome.reason == "refused: the name leads to a private address"
    assert seen == []


async def test_a_name_that_leads_inside_the_second_time_is_refused_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(guard, "Names", Changing)
    monkeypatch.setattr(Changing, "answers", ["93.184.216.34", "127.0.0.1"], raising=False)
    resolver = guard.GuardedResolver()

    (first,) = await resolver.resolve("hooks.example.com", 443)

    assert first["host"] == "93.184.216.34"
    with pytest.raises(guard.PrivateAddressError):
        await resolver.resolve("hooks.example.com", 443)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    async with Receiver() as inside, Courier(allow_private=True) as courier:
        receiver.script(Reply(status, {"Location": f"{inside.url}/secret"}))

        outcome = await courier.send(receiver.url, b"{}", {})

    assert (outcome.acknowledged, inside.arrivals) == (False, [])
    assert "redirect" in outcome.reason


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example.com/", "ftp://hooks.example.com/", "hooks.example.com", "", "https://",
     "https:///path", "https://u:p@hooks.example.com/", "https://u@hooks.example.com/",
     "https://:p@hooks.example.com/", "https://hooks.example.com/#part", "https://[::1",
     "https://hooks.example.com:port/", "https://hooks.example.com/ a", "https://hööks.example/",
     "https://hooks.example.com/\r\nX: 1", "javascript:alert(1)"],
)  # fmt: skip
def test_a_url_that_cannot_be_used_is_refused_at_once(url: str) -> None:
    with pytest.raises(RequestInvalidError) as caught:
        targets.check(url, allow_private=False)

    assert [field.path for field in caught.value.fields] == ["url"]


@pytest.mark.parametrize(
    "url",
    ["https://hooks.example.com", "https://hooks.example.com:8443/a/b?token=x", "https://8.8.8.8/",
     "https://[2606:4700::1111]/", "https://xn--hks-sna.example/", "https://1password.example/"],
)  # fmt: skip
def test_any_public_address_and_port_may_be_used(url: str) -> None:
    targets.check(url, allow_private=False)


def test_the_operator_may_allow_private_addresses() -> None:
    for url in ("http://127.0.0.1:8000/", "https://db.internal/", "http://localhost/"):
        targets.check(url, allow_private=True)
    with pytest.raises(RequestInvalidError):
        targets.check("http://u:p@127.0.0.1/", allow_private=True)


def test_only_the_origin_of_a_url_is_told() -> None:
    assert targets.origin("https://h.example:8443/t0ken?k=1") == "https://h.example:8443"
