"""Deliveries of webhooks, over real HTTP."""

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from hireloom.sandbox.hooks import Courier, Delivery, Pace, chosen, is_address
from tests.sandbox.receiver import Receiver

QUICK = Pace(delays=(0.02, 0.02), timeout=120)


@pytest.fixture
def courier() -> Iterator[Courier]:
    made = Courier("example", QUICK)
    yield made
    made.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as here:
        yield here


def delivery(url: str, event: str = "moved", attempts: int | None = None) -> Delivery:
    body = b'{"event":"' + event.encode() + b'"}'
    return Delivery(event=event, webhook=1, url=url, body=body, attempts=attempts)


def settled(courier: Courier) -> None:
    """Wait until nothing is under way."""
    end = time.monotonic() + 120
    while courier.waiting:
        assert time.monotonic() < end
        threading.Event().wait(0.005)


def test_deliveries_to_one_address_keep_their_order(courier: Courier, receiver: Receiver) -> None:
    for number in range(50):
        courier.send(delivery(receiver.url, f"event {number}"))

    assert receiver.events(50, "event") == [f"event {number}" for number in range(50)]
    settled(courier)
    assert {sent.state for sent in courier.sent} == {"delivered"}
    assert [sent.event for sent in courier.sent] == [f"event {number}" for number in range(50)]


def test_a_failed_delivery_is_repeated_until_it_is_taken(
    courier: Courier, receiver: Receiver
) -> None:
    receiver.statuses = [500, 404]

    courier.send(delivery(receiver.url))

    settled(courier)
    (sent,) = courier.sent
    assert (sent.state, sent.status, sent.attempts) == ("delivered", 200, [500, 404, 200])
    assert receiver.got.qsize() == 3


def test_a_delivery_is_given_up_after_its_last_attempt(
    courier: Courier, receiver: Receiver
) -> None:
    receiver.statuses = [500] * 10

    courier.send(delivery(receiver.url))
    courier.send(delivery("http://127.0.0.1:1/nobody", attempts=2))

    settled(courier)
    refused, unheard = courier.sent
    assert (refused.state, refused.attempts) == ("failed", [500, 500, 500])
    assert (unheard.state, unheard.attempts) == ("failed", [0, 0])


def test_an_address_that_hangs_holds_up_nobody_else(courier: Courier, receiver: Receiver) -> None:
    with Receiver() as hanging:
        hanging.statuses = [None]
        courier.send(delivery(hanging.url, "held"))
        hanging.next()

        courier.send(delivery(receiver.url, "free"))

        assert receiver.events(1, "event") == ["free"]
        assert courier.sent[0].state == "waiting"


def test_closing_gives_up_what_is_under_way_and_leaves_no_thread(receiver: Receiver) -> None:
    before = set(threading.enumerate())
    courier = Courier("example", Pace(delays=(3600,), timeout=120))
    receiver.statuses = [500, None]
    courier.send(delivery(receiver.url, "repeated in an hour"))
    receiver.next()
    courier.send(delivery(receiver.url, "not answered"))
    receiver.next()

    courier.close()

    left = {thread.name for thread in set(threading.enumerate()) - before}
    assert "example-webhooks" not in left
    assert courier.waiting == 0
    courier.send(delivery(receiver.url, "it can begin again"))
    assert receiver.events(1, "event") == ["it can begin again"]
    courier.close()


async def test_asking_waits_for_the_one_answer(courier: Courier, receiver: Receiver) -> None:
    receiver.statuses = [503]

    assert await courier.ask(delivery(receiver.url)) == 503
    assert await courier.ask(delivery(receiver.url)) == 200
    assert await courier.ask(delivery("http://127.0.0.1:1/nobody")) == 0

    assert receiver.got.qsize() == 2


async def test_who_waits_for_an_answer_is_let_go_when_it_closes(
    courier: Courier, receiver: Receiver
) -> None:
    receiver.statuses = [None]
    asking = asyncio.create_task(courier.ask(delivery(receiver.url)))
    await asyncio.to_thread(receiver.next)

    await asyncio.to_thread(courier.close)

    with pytest.raises(asyncio.CancelledError):
        await asking


def test_addresses_are_https_or_on_this_machine() -> None:
    good = [
        "https://example.com/hook",
        "http://127.0.0.1:80/",
        "http://localhost:1",
        "http://[::1]/",
    ]
    bad = ["http://example.com", "ftp://127.0.0.1", "https://", "example.com", "http://[", None, 7]

    assert [url for url in good if not is_address(url)] == []
    assert [url for url in bad if is_address(url)] == []


def test_events_are_all_unless_some_are_named() -> None:
    assert chosen(None, ("a", "b")) == ["a", "b"]
    assert chosen(["b", "b"], ("a", "b")) == ["b"]
    for wrong in ([], "a", ["c"]):
        with pytest.raises(ValueError, match="event"):
            chosen(wrong, ("a", "b"))
