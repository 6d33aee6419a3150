"""Sending: everything arrives, signed, in order within a record, and leaves nothing behind."""

import asyncio

import msgspec
import pytest
from asyncpg import Pool

from hireloom.deliver.run import tidy
from hireloom.store import calls, console_lists, deliveries, keyfile
from tests.deliver.conftest import Post
from tests.deliver.failures import FAILS, failing, of_record
from tests.receiver import OK, Receiver, Reply


async def test_an_event_arrives_signed_and_is_erased(post: Post, receiver: Receiver) -> None:
    webhook, secret = await post.webhook(receiver.url)
    sent = post.event("rec_1", {"n": 1})
    await post.put(sent)

    await post.deliverer().work(webhook)

    (arrival,) = receiver.arrivals
    assert arrival.body == sent.body
    assert arrival.headers["webhook-id"] == sent.event_id
    assert arrival.headers["x-integration-id"] == post.integration
    assert arrival.headers["x-knit-integration-id"] == post.integration
    assert receiver.verified(secret)
    assert await post.waiting() == []


async def test_what_was_acknowledged_is_told_without_its_content(
    post: Post, receiver: Receiver
) -> None:
    webhook, _ = await post.webhook(receiver.url)
    sent = post.event("rec_1", run_id="run_1")
    await post.put(sent)
    (letter,) = await post.waiting()

    await post.deliverer().work(webhook)

    async with post.pool.acquire() as conn:
        found = await deliveries.get(conn, letter["id"])
    assert found is not None
    assert (found.state, found.attempts, found.status) == ("delivered", 1, 200)
    assert (found.event_id, found.record_id, found.run_id) == (sent.event_id, "rec_1", "run_1")
    assert found.created_at == letter["created_at"]


async def test_an_attempt_is_found_in_the_log_by_the_id_that_was_sent(
    post: Post, receiver: Receiver
) -> None:
    webhook, _ = await post.webhook(receiver.url)
    receiver.script(FAILS)
    await post.put(post.event("rec_1"))

    await post.deliverer().work(webhook)
    await post.time_passes()
    await post.deliverer().work(webhook)

    ids = [arrival.headers["x-execution-id"] for arrival in receiver.arrivals]
    async with post.pool.acquire() as conn:
        logged = await calls.page(conn, calls.CallFilter(operation="webhook"))
    assert [one.execution_id for one in reversed(logged)] == ids
    assert [one.status for one in reversed(logged)] == [500, 200]
    assert {one.integration_id for one in logged} == {post.integration}
    assert len(set(ids)) == 2


async def test_a_line_of_the_log_leads_to_the_delivery_that_was_sent_in_it(
    post: Post, receiver: Receiver
) -> None:
    receiver.answer = lambda arrival: FAILS if arrival.path == "/failing" else OK
    endpoints = {}
    for path in ("/well", "/failing", "/batches"):
        size = 10 if path == "/batches" else 1
        webhook, _ = await post.webhook(f"{receiver.url}{path}", batch_size=size)
        endpoints[webhook] = path
    await post.put(post.event("rec_1"))
    await post.another_account()
    await post.put(post.event("rec_2"))

    await asyncio.gather(*(post.deliverer().work(webhook) for webhook in endpoints))

    for arrival in receiver.arrivals:
        async with post.pool.acquire() as conn:
            number = await console_lists.attempt(conn, arrival.headers["x-execution-id"])
            found = await deliveries.get(conn, number or 0)
        assert found is not None
        assert endpoints[found.webhook_id] == arrival.path
        assert found.record_id in {event["recordId"] for event in arrival.events}
        assert found.execution_id == arrival.headers["x-execution-id"]
    assert len(receiver.arrivals) == 5


async def test_an_attempt_that_was_repeated_since_leads_to_no_delivery(
    post: Post, receiver: Receiver
) -> None:
    webhook, _ = await post.webhook(receiver.url)
    receiver.script(FAILS)
    await post.put(post.event("rec_1"))

    await post.deliverer().work(webhook)
    await post.time_passes()
    await post.deliverer().work(webhook)

    before, last = (arrival.headers["x-execution-id"] for arrival in receiver.arrivals)
    async with post.pool.acquire() as conn:
        assert await console_lists.attempt(conn, before) is None
        assert await console_lists.attempt(conn, last) is not None


async def test_everything_arrives_once_and_in_order_within_a_record(
    post: Post, receiver: Receiver
) -> None:
    webhook, _ = await post.webhook(receiver.url)
    for n in range(20):
        await post.put(*(post.event(f"rec_{record}", n) for record in range(30)))

    await post.deliverer().work(webhook)

    assert len(receiver.events) == 600
    assert all(data == list(range(20)) for data in receiver.by_record().values())


async def test_events_go_out_side_by_side(post: Post, receiver: Receiver) -> None:
    webhook, _ = await post.webhook(receiver.url)
    receiver.answer = lambda arrival: Reply(hangs=len(receiver.arrivals) < 8)
    await post.put(*(post.event(f"rec_{n}") for n in range(8)))

    working = asyncio.create_task(post.deliverer().work(webhook))
    await receiver.until(lambda: len(receiver.arrivals) == 8)
    receiver.release()
    await working

    assert max(arrival.under_way for arrival in receiver.arrivals) == 8


async def test_an_event_waits_until_the_one_before_of_its_record_arrived(
    post: Post, receiver: Receiver
) -> None:
    webhook, _ = await post.webhook(receiver.url)
    receiver.answer = failing(of_record("rec_1"))
    await post.put(*(post.event(record, n) for n in range(3) for record in ("rec_1", "rec_2")))

    await post.deliverer().work(webhook)
    await post.put(post.event("rec_1", 3))
    await post.deliverer().work(webhook)
    assert receiver.by_record() == {"rec_1": [0], "rec_2": [0, 1, 2]}
    receiver.answer = lambda _: OK
    await post.time_passes()
    await post.deliverer().work(webhook)

    assert receiver.by_record()["rec_1"] == [0, 0, 1, 2, 3]


async def test_events_of_no_record_wait_for_nothing(post: Post, receiver: Receiver) -> None:
    webhook, _ = await post.webhook(receiver.url)
    receiver.script(FAILS)
    await post.put(*(post.event(None, n) for n in range(5)))

    await post.deliverer().work(webhook)

    assert len(receiver.arrivals) == 5
    assert len(await post.waiting()) == 1


async def test_the_same_record_id_at_two_accounts_is_two_records(
    post: Post, receiver: Receiver
) -> None:
    webhook, _ = await post.webhook(receiver.url)
    first = post.integration
    await post.put(post.event("rec_1", "first"))
    await post.another_account()
    await post.put(post.event("rec_1", "second"))
    receiver.answer = failing(lambda arrival: arrival.headers["x-integration-id"] == first)

    await post.deliverer().work(webhook)

    assert sorted(event["eventData"] for event in receiver.events) == ["first", "second"]
    assert [row["integration_id"] for row in await post.waiting()] == [first]


async def test_nothing_is_sent_before_its_account_s_key_is_there(
    post: Post, receiver: Receiver
) -> None:
    webhook, _ = await post.webhook(receiver.url)
    await post.put(*(post.event(f"rec_{n}") for n in range(8)))
    receiver.answer = lambda _: Reply(hangs=True)
    deliverer = post.deliverer()
    working = asyncio.create_task(deliverer.work(webhook))
    await receiver.until(lambda: len(receiver.arrivals) == 8)
    await post.another_account()
    await post.put(*(post.event(f"rec_{n}") for n in range(10)))

    async with post.pool.acquire() as conn, conn.transaction():
        await conn.execute("lock table integration_keys in access exclusive mode")
        await deliverer.work(webhook)
        await post.until_locked_out(conn)
        receiver.release()
        await receiver.until(lambda: receiver.under_way == 0)
        for _ in range(100):  # let the answers be read
            await asyncio.sleep(0)
    await working

    assert await post.waiting() == []
    assert len(receiver.arrivals) == 18


async def test_a_batch_holds_many_and_keeps_the_order(post: Post, receiver: Receiver) -> None:
    webhook, secret = await post.webhook(receiver.url, batch_size=50)
    for n in range(10):
        await post.put(*(post.event(f"rec_{record}", n) for record in range(40)))

    await post.deliverer().work(webhook)

    assert len(receiver.events) == 400
    assert len(receiver.arrivals) < 40
    assert max(len(arrival.events) for arrival in receiver.arrivals) == 50
    assert all(data == list(range(10)) for data in receiver.by_record().values())
    assert receiver.verified(secret)


async def test_a_failed_batch_comes_again_in_order(post: Post, receiver: Receiver) -> None:
    webhook, _ = await post.webhook(receiver.url, batch_size=10)
    await post.put(*(post.event("rec_1", n) for n in range(4)), post.event("rec_2", 0))
    receiver.script(FAILS)

    await post.deliverer().work(webhook)
    failed = receiver.arrivals.pop()
    while await post.waiting():
        await post.time_passes()
        await post.deliverer().work(webhook)

    assert failed.headers["webhook-id"].startswith("batch_")
    assert receiver.by_record() == {"rec_1": [0, 1, 2, 3], "rec_2": [0]}


async def test_a_batch_of_several_accounts_names_none_in_its_headers(
    post: Post, receiver: Receiver
) -> None:
    webhook, _ = await post.webhook(receiver.url, batch_size=10)
    first = post.integration
    await post.put(post.event("rec_1"))
    await post.another_account()
    await post.put(post.event("rec_2"))

    await post.deliverer().work(webhook)

    (arrival,) = receiver.arrivals
    assert [event["integrationId"] for event in arrival.events] == [first, post.integration]
    assert "x-integration-id" not in arrival.headers


async def test_a_deleted_account_ends_its_events(post: Post, receiver: Receiver) -> None:
    webhook, _ = await post.webhook(receiver.url)
    receiver.answer = lambda _: Reply(hangs=True)
    await post.put(*(post.event(f"rec_{n}") for n in range(20)))
    working = asyncio.create_task(post.deliverer().work(webhook))
    await receiver.until(lambda: len(receiver.arrivals) == 8)

    await post.delete_account()
    receiver.release()
    await working

    assert await post.waiting() == []
    assert await post.pool.fetchval("select count(*) from deliveries") == 0


async def test_a_letter_that_does_not_open_is_given_up_and_the_next_one_goes(
    post: Post, receiver: Receiver
) -> None:
    webhook, _ = await post.webhook(receiver.url)
    await post.put(post.event("rec_1", 1), post.event("rec_1", 2))
    await post.pool.execute(
        "update outbox set sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1)"
        " where id = (select min(id) from outbox)"
    )

    await post.deliverer().work(webhook)

    (letter,) = await post.waiting()
    assert letter["state"] == "dead"
    assert [event["eventData"] for event in receiver.events] == [2]
    assert await post.pool.fetchval("select failing_since is null from webhooks")


async def test_after_four_days_an_event_is_given_up_and_after_a_week_erased(
    post: Post, receiver: Receiver, pool: Pool
) -> None:
    webhook, _ = await post.webhook(receiver.url)
    receiver.answer = lambda _: FAILS
    await post.put(post.event("rec_1"))
    await post.deliverer().work(webhook)
    await pool.execute(
        "update outbox set first_attempt_at = now() - interval '4 days', next_at = now()"
    )

    await post.deliverer().work(webhook)
    (dead,) = await post.waiting()
    await tidy(pool, 30)
    (kept,) = await post.waiting()
    await pool.execute("update outbox set created_at = now() - interval '7 days 1 minute'")
    await tidy(pool, 30)
    (expired,) = await post.waiting()
    await pool.execute("update outbox set created_at = now() - interval '31 days'")
    await tidy(pool, 30)

    assert (dead["state"], dead["sealed"] is not None) == ("dead", True)
    assert kept["sealed"] is not None
    assert (expired["state"], expired["sealed"], expired["last_status"]) == ("expired", None, 500)
    assert await post.waiting() == []


async def test_a_new_secret_signs_beside_the_one_before_for_a_day(
    post: Post, receiver: Receiver
) -> None:
    webhook, before = await post.webhook(receiver.url)
    after = await post.rotate(webhook)
    await post.put(post.event("rec_1"))
    await post.deliverer().work(webhook)
    assert receiver.verified(before)
    assert receiver.verified(after)
    receiver.arrivals.clear()

    await post.pool.execute("update webhooks set previous_until = now()")
    await post.put(post.event("rec_1"))
    await post.deliverer().work(webhook)

    assert not receiver.verified(before)
    assert receiver.verified(after)


async def test_secrets_open_after_the_master_key_was_rotated(
    post: Post, receiver: Receiver
) -> None:
    webhook, secret = await post.webhook(receiver.url)
    await post.put(post.event("rec_1"))
    await post.rotate_master_key()
    post.vault = keyfile.open_vault(post.settings)

    await post.deliverer().work(webhook)

    assert receiver.verified(secret)


async def test_secrets_and_bodies_are_in_no_table(
    post: Post, receiver: Receiver, capfd: pytest.CaptureFixture[str]
) -> None:
    webhook, secret = await post.webhook(receiver.url)
    receiver.answer = lambda _: Reply(500, body=b"Zebulina Quatermassova")
    await post.put(post.event("rec_1", {"name": "Zebulina"}))
    while_failing = ""
    for answer in (receiver.answer, lambda _: OK):
        receiver.answer = answer
        await post.deliverer().work(webhook)
        while_failing = while_failing or await post.everything_stored()
        await post.time_passes()

    stored = while_failing + await post.everything_stored()

    assert "answered 500" in stored
    for planted in ("Zebulina", "Quatermassova", secret, secret.removeprefix("whsec_")):
        assert planted not in stored
        assert planted not in "".join(capfd.readouterr())


async def test_an_allowed_address_needs_no_tls_and_others_do(post: Post) -> None:
    strict = msgspec.structs.replace(post.settings, allow_private_webhooks=False)
    post.settings = strict
    webhook, _ = await post.webhook("http://hooks.example.com/")
    await post.put(post.event("rec_1"))

    await post.deliverer().work(webhook)

    (letter,) = await post.waiting()
    assert letter["last_reason"] == "refused: the URL must begin with https://"
