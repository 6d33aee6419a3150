"""Webhooks at rest: who wants what, one sender at a time, secrets sealed."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from hireloom.errors import ConflictError, ResourceNotFoundError
from hireloom.store import masters, senders, webhooks
from hireloom.store.seal import Key, SealBrokenError, Vault
from hireloom.store.webhooks import Changes, NewWebhook

URL = "https://hooks.example.com/"


@pytest.fixture
async def own_key(conn: asyncpg.Connection, vault: Vault) -> Key:
    return await masters.own_key(conn, vault)


async def make(conn: asyncpg.Connection, own_key: Key, **more: object) -> str:
    new = NewWebhook(url=URL, **more)  # type: ignore[arg-type]
    return (await webhooks.create(conn, own_key, new))[0].id


async def test_those_are_found_that_want_an_event(conn: asyncpg.Connection, own_key: Key) -> None:
    everything = await make(conn, own_key)
    new_jobs = await make(conn, own_key, events=["record.new"], data_types=["ats_jobs"])
    own = await make(conn, own_key, integration_id="int_1")
    await make(conn, own_key, integration_id="int_2")
    disabled = await make(conn, own_key)
    await webhooks.update(conn, disabled, Changes(state="disabled"))

    async def wanting(
        account: str, event_type: str | None, data_type: str | None, only: str | None = None
    ) -> set[str]:
        found = await webhooks.wanting(conn, account, event_type, data_type, only)
        return {one.id for one in found}

    assert await wanting("int_1", "record.new", "ats_jobs") == {everything, new_jobs, own}
    assert await wanting("int_1", "record.new", "ats_candidates") == {everything, own}
    assert await wanting("int_1", "record.deleted", "ats_jobs") == {everything, own}
    assert await wanting("int_1", "record.new", None) == {everything, new_jobs, own}
    assert await wanting("int_1", None, None) == {everything, new_jobs, own}
    assert await wanting("", "webhook.disabled", None) == {everything}
    assert await wanting("int_1", "record.new", "ats_jobs", only=own) == {own}


async def test_a_secret_is_sealed_for_its_webhook(conn: asyncpg.Connection, own_key: Key) -> None:
    made, secret = await webhooks.create(conn, own_key, NewWebhook(url=URL))
    other = await make(conn, own_key)
    endpoint = await senders.find(conn, made.id)
    assert endpoint is not None
    assert endpoint.open_secrets(own_key) == (secret,)

    await conn.execute(
        "update webhooks set secret = (select secret from webhooks where id = $1) where id = $2",
        made.id, other,
    )  # fmt: skip

    moved = await senders.find(conn, other)
    assert moved is not None
    with pytest.raises(SealBrokenError):
        moved.open_secrets(own_key)


async def test_a_rotation_keeps_the_secret_before_unless_told_otherwise(
    conn: asyncpg.Connection, own_key: Key
) -> None:
    made, first = await webhooks.create(conn, own_key, NewWebhook(url=URL))

    _, second = await webhooks.rotate(conn, own_key, made.id)
    both = await senders.find(conn, made.id)
    _, third = await webhooks.rotate(conn, own_key, made.id, None)
    one = await senders.find(conn, made.id)

    assert both is not None
    assert both.open_secrets(own_key) == (second, first)
    assert one is not None
    assert one.open_secrets(own_key) == (third,)


@pytest.fixture
def a_long_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    """None ends by itself while a test looks."""
    monkeypatch.setattr(senders, "LEASE", timedelta(hours=1))


@pytest.mark.usefixtures("a_long_lease")
async def test_one_sender_at_a_time_has_the_lease(
    conn: asyncpg.Connection, pool: asyncpg.Pool, own_key: Key
) -> None:
    webhook = await make(conn, own_key)

    async def take(holder: str) -> bool:
        async with pool.acquire() as another:
            return await senders.take(another, webhook, holder) is not None

    assert sum(await asyncio.gather(*(take(str(n)) for n in range(10)))) == 1


@pytest.mark.usefixtures("a_long_lease")
async def test_a_lease_ends_and_is_then_another_s(conn: asyncpg.Connection, own_key: Key) -> None:
    webhook = await make(conn, own_key)
    assert await senders.take(conn, webhook, "one")
    assert await senders.take(conn, webhook, "two") is None
    await conn.execute("update webhooks set lease_until = now() - interval '1 second'")

    assert await senders.take(conn, webhook, "two")

    assert await senders.renew(conn, webhook, "one") is None
    await senders.release(conn, webhook, "one")
    assert await senders.renew(conn, webhook, "two")


async def test_a_disabled_webhook_has_no_sender(conn: asyncpg.Connection, own_key: Key) -> None:
    webhook = await make(conn, own_key)
    await senders.take(conn, webhook, "one")

    assert await senders.disable(conn, webhook, "answered 410: it is gone")
    assert not await senders.disable(conn, webhook, "again")

    assert await senders.renew(conn, webhook, "one") is None
    await senders.release(conn, webhook, "one")
    assert await senders.take(conn, webhook, "two") is None


async def test_activating_forgets_how_it_failed(conn: asyncpg.Connection, own_key: Key) -> None:
    webhook = await make(conn, own_key)
    await senders.failed(conn, webhook, 9, 60)
    await senders.disable(conn, webhook, "acknowledged nothing for 5 days")

    made = await webhooks.update(conn, webhook, Changes(state="active"))

    endpoint = await senders.find(conn, webhook)
    assert endpoint is not None
    assert (made.failing_since, made.disabled_because, made.disabled_at) == (None, None, None)
    assert (endpoint.failures, endpoint.pause) == (0, 0)


async def test_what_is_not_given_stays(conn: asyncpg.Connection, own_key: Key) -> None:
    webhook = await make(conn, own_key, events=["record.new"], description="ours", batch_size=5)

    made = await webhooks.update(conn, webhook, Changes(events=[]))

    assert (made.events, made.description, made.batch_size) == ([], "ours", 5)


async def test_a_webhook_that_a_sync_names_stays(conn: asyncpg.Connection, own_key: Key) -> None:
    webhook = await make(conn, own_key)
    await conn.execute(
        "insert into syncs (integration_id, id, data_type, models, frequency, webhook_id)"
        " values ('int_1', 'sync_1', 'ats_jobs', '{}', 60, $1)",
        webhook,
    )

    with pytest.raises(ConflictError, match="sync_1"):
        await webhooks.delete(conn, webhook)

    assert (await webhooks.get(conn, webhook)).id == webhook


async def test_an_unknown_webhook_is_not_found(conn: asyncpg.Connection, own_key: Key) -> None:
    with pytest.raises(ResourceNotFoundError):
        await webhooks.get(conn, "wh_none")
    with pytest.raises(ResourceNotFoundError):
        await webhooks.delete(conn, "wh_none")
    with pytest.raises(ResourceNotFoundError):
        await webhooks.rotate(conn, own_key, "wh_none")
