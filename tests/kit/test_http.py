"""Calls to a vendor: what may be tried again, what comes of trouble, and what is never sent."""

import asyncio
import time
from collections.abc import Callable
from email.utils import format_datetime, formatdate
from types import SimpleNamespace

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from hireloom import kit
from hireloom.errors import (
    CredentialsInvalidError,
    HireloomError,
    PermissionMissingError,
    RejectedError,
    ResourceNotFoundError,
    TimedOutError,
    UnavailableError,
    UnexpectedAnswerError,
    UpstreamRateLimitedError,
)
from hireloom.kit import Secrets, circuit, wire
from hireloom.kit.http import Line
from hireloom.kit.message import Answer, Request
from hireloom.kit.retries import AgainError, read_retry_after
from hireloom.kit.trip import Trip, travel
from tests.kit.conftest import Way
from tests.kit.harbor import (
    CLIENT,
    HANGING,
    HOME,
    SHIP,
    SILENCE,
    ClientHarbor,
    Harbor,
    Reply,
    Vendor,
    says,
    seen,
)

FINE = says(SHIP)
BROKEN = says({"error": "down"}, 500)


def within(seconds: float) -> Trip:
    return Trip(ends=time.monotonic() + seconds)


@pytest.mark.parametrize("trouble", [BROKEN, says({}, 502), says({}, 503), SILENCE])
async def test_a_read_is_tried_again(way: Way, vendor: Vendor, trouble: Reply) -> None:
    vendor.script(trouble, trouble, FINE)

    ship = await way.to(Harbor).get_ship("7")

    assert ship.name == "Aurora"
    assert len(vendor.calls) >= 3  # aiohttp repeats a read on a connection that went stale, too


async def test_a_read_that_fails_each_time_ends_after_four_attempts(
    way: Way, vendor: Vendor
) -> None:
    vendor.script(BROKEN)

    with pytest.raises(UnavailableError) as caught:
        await way.to(Harbor).get_ship("7")

    assert (caught.value.status, len(vendor.calls)) == (503, 4)
    assert caught.value.retry_after
    assert caught.value.upstream is not None
    assert caught.value.upstream.status == 500


@pytest.mark.parametrize("trouble", [BROKEN, says({}, 502), SILENCE])
async def test_a_write_that_may_have_arrived_is_not_sent_again(
    way: Way, vendor: Vendor, trouble: Reply
) -> None:
    vendor.script(trouble, FINE)

    with pytest.raises(UnavailableError):
        await way.to(Harbor).create_ship("Aurora")

    assert len(vendor.calls) == 1


@pytest.mark.parametrize(
    "trouble", [BROKEN, says({}, 502), says({}, 504), SILENCE, Reply(length=9), HANGING]
)
async def test_a_write_that_may_have_arrived_says_so(
    way: Way, vendor: Vendor, trouble: Reply
) -> None:
    vendor.script(trouble)

    with travel(within(0.5)) as trip, pytest.raises(HireloomError) as caught:
        await way.to(Harbor).create_ship("Aurora")

    assert caught.value.may_have_arrived
    assert "look in the ATS" in caught.value.hint
    assert trip.written == 0


@pytest.mark.parametrize(
    "trouble",
    [
        says({}, 503).with_headers(Retry_After="600"),
        says({}, 422),
        says({}, 401),
        says({}, 429).with_headers(Retry_After="600"),
    ],
)
async def test_a_write_that_was_turned_away_has_not_arrived(
    way: Way, vendor: Vendor, trouble: Reply
) -> None:
    vendor.script(trouble)

    with travel(within(120)) as trip, pytest.raises(HireloomError) as caught:
        await way.to(Harbor).create_ship("Aurora")

    assert not caught.value.may_have_arrived
    assert trip.written == 0


@pytest.mark.parametrize("trouble", [BROKEN, SILENCE, HANGING])
async def test_a_read_or_a_replacement_cannot_arrive_twice(
    way: Way, vendor: Vendor, trouble: Reply
) -> None:
    vendor.script(trouble)
    harbor = way.to(Harbor)

    for attempt in (harbor.get_ship("7"), harbor.rename_ship("7", "Aurora")):
        with travel(within(0.5)), pytest.raises(HireloomError) as caught:
            await attempt
        assert not caught.value.may_have_arrived


async def test_a_write_for_which_there_was_no_token_never_left(way: Way, vendor: Vendor) -> None:
    vendor.script(SILENCE)

    with pytest.raises(HireloomError) as caught:
        await way.to(ClientHarbor, Secrets(fields=CLIENT)).create_ship("Aurora")

    assert not caught.value.may_have_arrived
    assert vendor.paths == ["/login/token"]


async def test_a_trip_knows_what_was_written_on_it(way: Way, vendor: Vendor) -> None:
    harbor = way.to(Harbor)
    vendor.script(FINE, FINE, FINE, says({}, 503), FINE, says({"id": "unreadable"}), says({}, 422))

    with travel(Trip()) as trip:
        await harbor.get_ship("7")
        await harbor.rename_ship("7", "Aurora")
        await kit.gather(harbor.create_ship("Aurora"), harbor.create_ship("Borealis"))
        with pytest.raises(UnexpectedAnswerError):
            await harbor.create_ship("Aurora")
        with pytest.raises(RejectedError):
            await harbor.create_ship("Aurora")

    assert trip.written == 3


@pytest.mark.parametrize("refusal", [says({}, 503), says({}, 429).with_headers(Retry_After="0")])
async def test_a_write_that_was_turned_away_is_sent_again(
    way: Way, vendor: Vendor, refusal: Reply
) -> None:
    vendor.script(refusal, FINE)

    await way.to(Harbor).create_ship("Aurora")

    assert [call.body for call in vendor.calls] == [b'{"name":"Aurora"}'] * 2


async def test_a_write_that_never_left_is_sent_again(way: Way, vendor: Vendor) -> None:
    harbor = way.to(Harbor)
    assert vendor._server is not None
    port = int(vendor.url.rpartition(":")[2])
    vendor._server.close()
    vendor.script(FINE)

    async def come_back() -> None:
        await asyncio.sleep(0.15)
        vendor._server = await asyncio.start_server(vendor._serve, "127.0.0.1", port)

    _, ship = await asyncio.gather(come_back(), harbor.create_ship("Aurora"))

    assert ship.id == 7
    assert len(vendor.calls) == 1


async def test_a_write_whose_connection_takes_too_long_to_open_never_left() -> None:
    failure = aiohttp.ConnectionTimeoutError("connecting took too long")

    again = wire.explained(Request("POST", f"{HOME}/ships", template="/ships"), failure, "Harbor")

    assert isinstance(again, AgainError)


async def test_a_replacement_is_sent_again_because_twice_is_once(way: Way, vendor: Vendor) -> None:
    vendor.script(BROKEN, FINE)

    await way.to(Harbor).rename_ship("7", "Aurora")

    assert len(vendor.calls) == 2


@pytest.mark.parametrize(
    "after", [lambda: "1", lambda: formatdate(time.time() + 2, usegmt=True)], ids=["number", "date"]
)
@pytest.mark.parametrize("status", [429, 503])
async def test_the_vendor_says_how_long_to_wait(
    way: Way, vendor: Vendor, after: Callable[[], str], status: int
) -> None:
    started = time.monotonic()
    vendor.script(says({}, status).with_headers(Retry_After=after()), FINE)

    await way.to(Harbor).get_ship("7")

    assert time.monotonic() - started > 0.9
    assert len(vendor.calls) == 2


async def test_a_wait_that_is_too_long_is_the_caller_s_to_wait(way: Way, vendor: Vendor) -> None:
    vendor.script(says({}, 429).with_headers(Retry_After="21"))

    with pytest.raises(UpstreamRateLimitedError) as caught:
        await way.to(Harbor).get_ship("7")

    assert (caught.value.status, caught.value.retry_after) == (503, 21)
    assert len(vendor.calls) == 1


@pytest.mark.parametrize(
    "after",
    ["inf", "-inf", "nan", "1e999", "soon", "Mon, 99 Jan 2026 00:00:00 GMT",
     f"Mon, 01 Jan {'9' * 30} 00:00:00 GMT", "Fri, 31 Dec 0000 23:59:59 -9999"],
)  # fmt: skip
async def test_a_wait_that_means_nothing_is_none(way: Way, vendor: Vendor, after: str) -> None:
    vendor.script(says({}, 429).with_headers(Retry_After=after), FINE)
    harbor = way.to(Harbor)

    await harbor.get_ship("7")
    await harbor.get_ship("7")

    assert len(vendor.calls) == 3


@pytest.mark.parametrize("after", ["31536000", formatdate(2e10, usegmt=True)])
async def test_no_vendor_holds_an_account_up_for_more_than_an_hour(
    way: Way, vendor: Vendor, after: str
) -> None:
    vendor.script(says({}, 429).with_headers(Retry_After=after))

    with pytest.raises(UpstreamRateLimitedError) as caught:
        await way.to(Harbor).get_ship("7")

    assert caught.value.retry_after == 3600


@given(st.text(max_size=40) | st.floats().map(str) | st.datetimes().map(format_datetime))
def test_whatever_a_vendor_says_of_waiting_is_a_time_or_nothing(said: str) -> None:
    seconds = read_retry_after({"retry-after": said})

    assert seconds is None or 0 <= seconds <= 3600


async def test_everybody_waits_when_one_was_told_to(way: Way, vendor: Vendor) -> None:
    harbor = way.to(Harbor)
    vendor.script(says({}, 429).with_headers(Retry_After="3000"), FINE)
    started = time.monotonic()
    with pytest.raises(UpstreamRateLimitedError):
        await harbor.get_ship("7")

    with pytest.raises(UpstreamRateLimitedError) as caught:
        await harbor.get_ship("7")

    passed = time.monotonic() - started
    assert 3000 - passed - 0.1 < (caught.value.retry_after or 0) <= 3000
    assert len(vendor.calls) == 1


async def test_a_storm_of_refusals_ends_within_the_patience(
    way: Way, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hireloom.kit.retries.RATE_LIMIT_PATIENCE", 2.5)
    monkeypatch.setattr("hireloom.kit.http.RATE_LIMIT_PATIENCE", 2.5)
    # So that only what it means to wait counts, and not how slow the machine is.
    monkeypatch.setattr("hireloom.kit.trip.time", SimpleNamespace(monotonic=lambda: 0.0))
    vendor.script(says({}, 429))

    with travel(Trip()) as trip, pytest.raises(UpstreamRateLimitedError) as caught:
        await way.to(Harbor).get_ship("7")

    assert len(vendor.calls) == 2
    assert 0 < trip.waited <= 2.5
    assert caught.value.retry_after


async def test_a_call_without_time_left_is_late_and_not_rate_limited(
    way: Way, vendor: Vendor
) -> None:
    vendor.script(HANGING)

    with travel(within(0.3)), pytest.raises(TimedOutError) as caught:
        await way.to(Harbor).get_ship("7")

    assert caught.value.status == 504


@pytest.mark.parametrize(
    "half", [Reply(body=b'{"id": 7, "na', length=1000), HANGING, Reply(length=9, hang=True)]
)
async def test_a_vendor_that_does_not_finish_ends_in_an_error(
    way: Way, vendor: Vendor, half: Reply
) -> None:
    vendor.script(half)

    async with asyncio.timeout(120):
        with travel(within(0.6)), pytest.raises(HireloomError) as caught:
            await way.to(Harbor).get_ship("7")

    assert caught.value.status in {503, 504}


async def test_an_answer_without_end_is_not_read(
    way: Way, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "LARGEST_ANSWER", 100_000)
    vendor.script(Reply(body=b" " * 300_000))

    with pytest.raises(UnexpectedAnswerError, match="larger"):
        await way.to(Harbor).get_ship("7")

    assert len(vendor.calls) == 1


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(body=b"<!doctype html><h1>Maintenance</h1>"), "HTML"),
        (Reply(body=b'{"id": 7, "name": "Au'), "truncated"),
        (Reply(body=b""), "empty"),
        (Reply(body=b"[" * 100_000), "unexpected shape|truncated"),
        (Reply(body=b'{"id": 7, "name": "\xff\xfe"}'), "UTF-8"),
        (says({"id": "seven", "name": "Aurora"}), r"\$\.id: Expected `int`, got `str`"),
        (says({"id": 7}), "name"),
        (Reply(302, b"", (("Location", "https://login.harbor.example/"),)), "redirected"),
    ],
)
async def test_an_answer_that_cannot_be_read_is_the_vendor_s_fault(
    way: Way, vendor: Vendor, reply: Reply, words: str
) -> None:
    vendor.script(reply)

    with pytest.raises(UnexpectedAnswerError, match=words) as caught:
        await way.to(Harbor).get_ship("7")

    assert caught.value.status == 502
    assert "/ships/{}" in caught.value.msg


async def test_refused_credentials_ask_the_customer_to_reconnect(way: Way, vendor: Vendor) -> None:
    vendor.script(says({"message": "Key key-of-harbor is not known"}, 401))

    with pytest.raises(CredentialsInvalidError) as caught:
        await way.to(Harbor).get_ship("7")

    assert (caught.value.status, caught.value.category) == (424, "customer")
    assert "reconnect" in caught.value.hint
    assert "key-of-harbor" not in seen(caught.value)


@pytest.mark.parametrize("key", ["abc\n", "abc\r\nX-Evil: 1", "a\0b"])
async def test_a_key_with_a_line_break_is_never_sent(way: Way, vendor: Vendor, key: str) -> None:
    with pytest.raises(CredentialsInvalidError) as caught:
        await way.to(Harbor, Secrets(fields={"apiKey": key})).get_ship("7")

    assert vendor.calls == []
    assert "abc" not in seen(caught.value)


async def test_a_missing_permission_is_named(way: Way, vendor: Vendor) -> None:
    vendor.script(says({}, 403))

    with pytest.raises(PermissionMissingError, match="ships:write") as caught:
        await way.to(Harbor).create_ship("Aurora")

    assert caught.value.status == 424


async def test_a_refusal_says_why_without_saying_who(way: Way, vendor: Vendor) -> None:
    vendor.script(says({"message": "Ship 'Grace Hopper' <grace@navy.example> exists"}, 422))

    with pytest.raises(RejectedError) as caught:
        await way.to(Harbor).create_ship("Grace Hopper")

    said = seen(caught.value)
    assert "exists" in said
    assert not any(word in said for word in ("Grace", "Hopper", "navy"))


async def test_the_log_gets_a_template_and_no_id(way: Way, vendor: Vendor) -> None:
    vendor.script(says({}, 404))

    with pytest.raises(ResourceNotFoundError):
        await way.to(Harbor).get_ship("jane@sea.example")

    (report,) = way.reports
    assert (report.method, report.template, report.status) == ("GET", "/ships/{}", 404)
    assert "jane" not in repr(report)


@pytest.mark.parametrize("length", ["9" * 19, "²", "-5"])
async def test_the_log_gets_no_length_that_is_none(
    way: Way, monkeypatch: pytest.MonkeyPatch, length: str
) -> None:
    harbor = way.to(Harbor)

    async def odd(*_: object, **__: object) -> object:
        headers = CIMultiDict({"Content-Length": length})
        return SimpleNamespace(status=200, headers=headers)

    monkeypatch.setattr(way.open[0].wire, "call", odd)
    assert isinstance(harbor.channel, Line)

    await harbor.channel._call(Request("GET", f"{HOME}/ships"))

    assert way.reports[0].size == 0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The circuits' own: it stands still until a test moves it."""
    now = [1000.0]
    monkeypatch.setattr(circuit, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


async def test_the_circuit_opens_for_one_account_and_closes_again(
    way: Way, vendor: Vendor, clock: list[float]
) -> None:
    failing, other = way.to(Harbor), way.to(Harbor)
    vendor.script(BROKEN)
    for _ in range(circuit.FAILURES):
        with pytest.raises(UnavailableError):
            await failing.create_ship("Aurora")
    before = len(vendor.calls)
    vendor.script(FINE)

    with pytest.raises(UnavailableError, match="pause") as caught:
        await failing.get_ship("7")
    await other.get_ship("7")
    clock[0] += circuit.SECONDS
    await failing.get_ship("7")

    assert caught.value.retry_after == circuit.SECONDS
    assert len(vendor.calls) == before + 2


async def test_one_failure_opens_the_circuit_again_after_its_pause(
    way: Way, vendor: Vendor, clock: list[float]
) -> None:
    harbor = way.to(Harbor)
    vendor.script(BROKEN)
    for _ in range(circuit.FAILURES):
        with pytest.raises(UnavailableError):
            await harbor.create_ship("Aurora")
    clock[0] += circuit.SECONDS
    with pytest.raises(UnavailableError):
        await harbor.create_ship("Aurora")

    with pytest.raises(UnavailableError, match="pause"):
        await harbor.get_ship("7")


async def test_refusals_do_not_open_the_circuit(way: Way, vendor: Vendor) -> None:
    harbor = way.to(Harbor)
    vendor.script(says({}, 404))

    for _ in range(circuit.FAILURES + 2):
        with pytest.raises(ResourceNotFoundError):
            await harbor.get_ship("8")


async def test_a_raw_answer_comes_back_as_it_is(way: Way, vendor: Vendor) -> None:
    vendor.script(says({"error": "teapot"}, 418).with_headers(X_Odd="1"))
    harbor = way.to(Harbor)

    answer = await harbor.channel.send(Request("POST", f"{HOME}/odd", raw_answer=True))

    assert isinstance(answer, Answer)
    assert (answer.status, answer.headers["x-odd"]) == (418, "1")


async def test_a_header_that_comes_twice_is_one_list(way: Way, vendor: Vendor) -> None:
    vendor.script(Reply(headers=(("Link", "<a>; rel=prev"), ("Link", "<b>; rel=next"))))

    answer = await way.to(Harbor).channel.send(Request("GET", f"{HOME}/ships"))

    assert isinstance(answer, Answer)
    assert answer.headers["link"] == "<a>; rel=prev, <b>; rel=next"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://api.harbor.example.evil.example/v2/ships",
        "https://api.harbor.example@evil.example/v2/ships",
        "https://api.harbor.example:8443/v2/ships",
        "https://user:word@api.harbor.example/v2/ships",
        "http://api.harbor.example/v2/ships",
        "https://evil.example\\@api.harbor.example/v2/ships",
        "//api.harbor.example/v2/ships",
        "mailto:someone",
        "https://[::1",
        "https://api.harbor.example:port/v2",
        "",
    ],
)
async def test_credentials_go_to_the_vendor_s_own_address_alone(
    way: Way, vendor: Vendor, elsewhere: str
) -> None:
    with pytest.raises(UnexpectedAnswerError, match="not its own"):
        await way.to(Harbor).channel.send(Request("GET", elsewhere))

    assert vendor.calls == []
