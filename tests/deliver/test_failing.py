"""Endpoints that fail: asked again, with ever fewer at once, until they are disabled."""

import asyncio
from datetime import timedelta

import pytest

from hireloom.deliver import retries
from hireloom.store.pool import connect_pool
from tests.deliver.conftest import Post
from tests.deliver.failures import FAILS, failing, of_record
from tests.receiver import OK, Receiver, Reply


async def test_a_retry_has_the_id_and_the_body_of_the_first_attempt(
    post: Post, receiver: Receiver
) -> None:
    webhook, secret = await post.webhook(receiver.url)
    receiver.script(FAILS)
    await post.put(post.event("rec_1"))

    await post.deliverer().work(webhook)
    await post.time_passes()
    await post.deliverer().work(webhook)

    first, second = receiver.arrivals
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert receiver.verified(secret)


async def test_first_attempts_do_not_wait_behind_retries(post: Post, receiver: Receiver) -> None:
    webhook, _ = await post.webhook(receiver.url)
    await post.put(*(post.event(f"old_{n}") for n in range(40)))
    await post.pool.execute("update outbox set attempts = 1, next_at = now()")
    receiver.answer = failing(lambda one: "old" in one.events[0]["recordId"], Reply(hangs=True))

    working = asyncio.create_task(post.deliverer().work(webhook))
    await receiver.until(lambda: len(receiver.arrivals) >= 2)
    await post.put(*(post.event(f"new_{n}") for n in range(40)))
    await post.deliverer().work(webhook)  # another process: the lease is held
    await receiver.until(lambda: sum("new" in event["recordId"] for event in receiver.events) == 40)
    old = sum("old" in event["recordId"] for event in receiver.events)
    receiver.release()
    await working

    assert 2 <= old < 20  # a quarter of the room is theirs, which grows with what arrives


async def test_an_endpoint_that_fails_is_asked_with_ever_fewer_at_once(
    post: Post, receiver: Receiver
) -> None:
    webhook, _ = await post.webhook(receiver.url)
    receiver.answer = lambda _: FAILS
    await post.put(*(post.event(f"rec_{n}") for n in range(200)))

    await post.deliverer().work(webhook)

    assert len(receiver.arrivals) < 20
    assert receiver.arrivals[-1].under_way == 1
    paused = await post.pool.fetchval("select paused_until > failing_since from webhooks")
    assert paused


async def test_a_paused_endpoint_is_asked_again_and_all_arrives(
    post: Post, receiver: Receiver
) -> None:
    webhook, _ = await post.webhook(receiver.url)
    receiver.answer = lambda _: FAILS
    await post.put(*(post.event(f"rec_{n}") for n in range(200)))
    await post.deliverer().work(webhook)
    receiver.answer = lambda _: OK
    receiver.arrivals.clear()

    while await post.waiting():
        await post.time_passes()
        await post.deliverer().work(webhook)

    assert len(set(receiver.event_ids)) == 200
    assert await post.pool.fetchval("select failing_since is null from webhooks")


async def test_a_hanging_endpoint_holds_no_connection(
    post: Post, receiver: Receiver, database: str
) -> None:
    webhooks = [(await post.webhook(f"{receiver.url}/{n}"))[0] for n in range(5)]
    receiver.answer = lambda _: Reply(hangs=True)
    await post.put(*(post.event(f"rec_{n}") for n in range(8)))
    small = await connect_pool(database, size=2)
    deliverer = post.deliverer(small)

    working = [asyncio.create_task(deliverer.work(one)) for one in webhooks]
    await receiver.until(lambda: len(receiver.arrivals) == 40)
    async with asyncio.timeout(60), small.acquire(), small.acquire():
        in_transaction = await post.pool.fetchval(
            "select count(*) from pg_stat_activity where state = 'idle in transaction'"
            " and datname = current_database()"
        )
    receiver.release()
    await asyncio.gather(*working)
    await small.close()

    assert in_transaction == 0
    assert await post.waiting() == []


async def test_no_answer_in_time_is_a_failure(post: Post, receiver: Receiver) -> None:
    webhook, _ = await post.webhook(receiver.url)
    receiver.script(Reply(hangs=True))
    await post.put(post.event("rec_1"))

    await post.deliverer(seconds=0.2).work(webhook)

    (letter,) = await post.waiting()
    assert letter["last_reason"] == "did not answer within 0.2 s"
    assert (letter["attempts"], letter["last_status"]) == (1, None)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(500), "answered 500"),
        (Reply(404, body=b"planted secret"), "answered 404"),
        (Reply(302, {"Location": "/elsewhere"}), "answered 302, a redirect, which is not followed"),
        (Reply(304), "answered 304, a redirect, which is not followed"),
        (Reply(hangs_up=True), "hung up before it answered"),
    ],
)
async def test_the_reason_of_a_failure_is_kept_in_words(
    post: Post, receiver: Receiver, reply: Reply, reason: str
) -> None:
    webhook, _ = await post.webhook(receiver.url)
    receiver.answer = lambda _: reply
    await post.put(post.event("rec_1"))

    await post.deliverer().work(webhook)

    (letter,) = await post.waiting()
    assert letter["last_reason"] == reason
    assert {arrival.path for arrival in receiver.arrivals} == {"/"}


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_any_2xx_acknowledges_whatever_the_body(
    post: Post, receiver: Receiver, status: int
) -> None:
    webhook, _ = await post.webhook(receiver.url)
    receiver.answer = lambda _: Reply(status, body=b"" if status == 204 else b"x" * 1_000_000)
    await post.put(*(post.event(f"rec_{n}") for n in range(3)))

    await post.deliverer().work(webhook)

    assert await post.waiting() == []


async def test_a_wish_to_wait_is_respected_when_it_is_longer(
    post: Post, receiver: Receiver
) -> None:
    webhook, _ = await post.webhook(receiver.url)
    receiver.script(Reply(429, {"Retry-After": "1000"}), Reply(503, {"Retry-After": "1"}))
    await post.put(post.event(None, 1), post.event(None, 2))

    began = await post.clock()
    await post.deliverer().work(webhook)
    ended = await post.clock()

    soon, late = sorted(letter["next_at"] for letter in await post.waiting())
    about = timedelta(seconds=retries.DELAYS[0])
    assert began + 0.8 * about <= soon <= ended + 1.2 * about
    assert began + timedelta(seconds=1000) <= late <= ended + timedelta(seconds=1000)


async def test_gone_disables_at_once_and_the_others_are_told(
    post: Post, receiver: Receiver
) -> None:
    async with Receiver() as witness:
        webhook, _ = await post.webhook(f"{receiver.url}/secret-path?token=planted")
        other, _ = await post.webhook(witness.url, events=["webhook.disabled"])
        receiver.answer = lambda _: Reply(410)
        await post.put(*(post.event(f"rec_{n}") for n in range(3)), only=webhook)

        await post.deliverer().work(webhook)
        await post.deliverer().work(webhook)
        await post.deliverer().work(other)

        row = await post.pool.fetchrow("select * from webhooks where id = $1", webhook)
        assert (row["state"], row["disabled_because"]) == ("disabled", "answered 410: it is gone")
        assert len(receiver.arrivals) <= 3
        assert [one["state"] for one in await post.waiting()] == ["waiting"] * 3
        (told,) = witness.events
        assert told["eventType"] == "webhook.disabled"
        assert told["eventData"]["webhookId"] == webhook
        assert told["eventData"]["reason"] == "answered 410: it is gone"
        assert told["eventData"]["hint"]
        assert "planted" not in str(told)
        assert "secret-path" not in str(told)


async def test_five_failing_days_disable(post: Post, receiver: Receiver) -> None:
    webhook, _ = await post.webhook(receiver.url, integration_id=post.integration)
    receiver.answer = lambda _: FAILS
    await post.put(post.event("rec_1"))
    await post.deliverer().work(webhook)
    state = "select state from webhooks"
    await post.pool.execute("update webhooks set failing_since = now() - interval '4.9 days'")
    await post.time_passes()
    await post.deliverer().work(webhook)
    assert await post.pool.fetchval(state) == "active"

    await post.pool.execute("update webhooks set failing_since = now() - interval '5.1 days'")
    await post.time_passes()
    await post.deliverer().work(webhook)

    assert await post.pool.fetchval(state) == "disabled"


async def test_a_success_between_failures_means_that_it_works(
    post: Post, receiver: Receiver
) -> None:
    webhook, _ = await post.webhook(receiver.url)
    receiver.answer = failing(of_record("rec_1"))
    await post.put(post.event("rec_1"))
    await post.deliverer().work(webhook)
    assert await post.pool.fetchval("select failing_since is not null from webhooks")

    await post.put(post.event("rec_2"))
    await post.deliverer().work(webhook)

    assert await post.pool.fetchval("select failing_since is null from webhooks")
