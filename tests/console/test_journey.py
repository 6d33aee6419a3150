"""An endpoint fails, becomes an issue, is told of once, is mended, and all is well again."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import msgspec
import pytest
from playwright.async_api import Page, expect

from hireloom.deliver import retries
from hireloom.issues import alerts, watch
from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from hireloom.worker import working
from tests.chromium import PATIENCE
from tests.issues.mailbox import Mailbox
from tests.outage import until
from tests.receiver import Receiver, Reply
from tests.service import Service, running

ATTEMPTED = """
select exists (select from webhooks where failing_since is not null)
       and exists (select from calls where operation = 'webhook' and direction = 'out')
"""
IS_OVER = "select is_over from issues where kind = 'webhook_failing' and opened_at is not null"
WELL = "Nothing: every account, sync and webhook is well."


@dataclass(frozen=True)
class Told:
    """Whom alerts go to."""

    mailbox: Mailbox
    chat: Receiver


@pytest.fixture
async def told() -> AsyncIterator[Told]:
    async with Mailbox() as mailbox, Receiver() as chat:
        yield Told(mailbox, chat)


@pytest.fixture
async def service(
    settings: Settings, vendors: Running, told: Told, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Service]:
    """What fails is tried again when somebody says so, and not meanwhile."""
    monkeypatch.setattr(retries, "DELAYS", (retries.HOUR,))
    read = Settings.read(
        {
            "HIRELOOM_SMTP_URL": told.mailbox.url(),
            "HIRELOOM_ALERT_EMAILS": "ops@example.com",
            "HIRELOOM_ALERT_WEBHOOK": told.chat.url,
        }
    )
    alerting = msgspec.structs.replace(
        settings,
        allow_private_webhooks=True,
        smtp=read.smtp,
        alert_emails=read.alert_emails,
        alert_webhook=read.alert_webhook,
    )
    async with running(alerting, vendors) as found, working(found.desk):
        yield found


async def a_minute_passes(service: Service) -> None:
    """What the worker does every minute, now."""
    desk = service.desk
    async with desk.pool.acquire() as conn:
        await conn.execute("update webhooks set failing_since = failing_since - interval '1 min'")
        await conn.execute("update issue_alerts set next_at = next_at - interval '1 min'")
    await desk.ledger.flush()
    await watch.look(desk.pool, desk.vault, settling=0)
    await alerts.send(desk.pool, desk.settings)


async def failed_attempt(service: Service) -> None:
    """It is noted at the webhook first, and then in the log."""

    async def is_noted() -> bool:
        return bool(await service.desk.pool.fetchval(ATTEMPTED))

    await until(is_noted)


async def minutes_pass(service: Service, *, is_over: bool) -> None:
    """Until the issue is open, or over; a look does nothing while the worker has its own."""

    async def is_so() -> bool:
        await a_minute_passes(service)
        return await service.desk.pool.fetchval(IS_OVER) is is_over

    await until(is_so)


async def test_an_endpoint_fails_is_seen_is_mended_and_all_is_well(
    service: Service, page: Page, told: Told
) -> None:
    main = page.get_by_role("main")
    await page.goto("/console")
    await expect(main.get_by_text(WELL)).to_be_visible()

    async with Receiver() as receiver:
        receiver.answer = lambda _: Reply(status=500)
        await service.post("webhook.create", body={"url": receiver.url})
        await service.connect("ashby")
        await failed_attempt(service)
        await minutes_pass(service, is_over=False)
        await a_minute_passes(service)

        await page.goto("/console")
        await main.get_by_role("link", name="acknowledges nothing").click()
        await expect(main.get_by_text("You must act")).to_be_visible()
        await main.get_by_role("link", name="Its lines of the log").click()
        line = page.locator("tbody tr").last
        await expect(line.get_by_text("500")).to_be_visible()
        await page.locator("tbody tr").first.get_by_role("link", name="delivery").click()
        await expect(main.get_by_text("Failing", exact=True).first).to_be_visible()
        await expect(main.get_by_text("Part of the issue")).to_be_visible()

        receiver.answer = lambda _: Reply()
        await page.get_by_role("button", name="Send again").click()
        await expect(page.get_by_role("status")).to_have_text("It is sent again.")
        await receiver.until(lambda: "app.integration.activate" in str(receiver.events))
        await expect_delivered(page)
        await minutes_pass(service, is_over=True)

    await main.get_by_role("link", name="Others to this webhook").click()
    await page.goto("/console/issues?state=resolved")
    await expect(main.get_by_role("link", name="acknowledges nothing")).to_be_visible()
    await page.goto("/console")
    await expect(main.get_by_text(WELL)).to_be_visible()
    await until(lambda: bool(told.mailbox.mails and told.chat.arrivals))
    assert len(told.mailbox.mails) == 1
    assert "acknowledges nothing: answered 500" in str(told.mailbox.mails[0].get_body())
    assert len(told.chat.arrivals) == 1


async def expect_delivered(page: Page) -> None:
    """The page does not follow a delivery by itself."""
    async with asyncio.timeout(PATIENCE / 1000):
        while not await page.get_by_text("Delivered", exact=True).first.is_visible():
            await page.reload()
