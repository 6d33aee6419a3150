"""Sending: everything arrives, signed, in order within a record, and leaves nothing behind."""

from tests.deliver.conftest import Post
from tests.receiver import Receiver


async def test_an_event_arrives_signed_and_is_erased(post: Post, receiver: Receiver) -> None:
    webhook, secret = await post.webhook(receiver.url)
    sent = post.event("rec_1", {"n": 1})
    await post.put(sent)

    await post.deliverer().work(webhook)

    (arrival,) = receiver.arrivals
    assert arrival.body == sent.body
    assert arrival.headers["webhook-id"] == sent.event_id
    assert arrival.headers["x-integration-id"] == post.integration
    assert receiver.verified(secret)
    assert await post.waiting() == []
