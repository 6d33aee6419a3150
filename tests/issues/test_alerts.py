"""Alerts: new issues in one message, again when nobody took it, and no secret anywhere."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import msgspec
import pytest
from structlog.testing import capture_logs

from hireloom.issues import alerts, mail
from hireloom.settings import Settings
from hireloom.store import integrations, issues
from hireloom.store.issues import Finding
from hireloom.store.seal import Vault
from tests.issues.mailbox import Mailbox
from tests.receiver import Receiver, Reply

SECRET = "pass-word-of-the-mail-server"


def finding(cause: str, integration_id: str = "") -> Finding:
    now = datetime.now(UTC)
    return Finding(
        integration_id=integration_id,
        kind="call_failing",
        cause=cause,
        count=3,
        first_at=now,
        last_at=now,
        code="upstream.timeout",
        subject=f"ats.{cause}.list",
        execution_id="ex_sample",
    )


async def fail(pool: asyncpg.Pool, *causes: str, integration_id: str = "") -> None:
    async with pool.acquire() as conn:
        await issues.find(conn, [finding(cause, integration_id) for cause in causes])
        await issues.open_due(conn)


async def time_passes(pool: asyncpg.Pool, minutes: int) -> None:
    async with pool.acquire() as conn:
        await conn.execute(
            "update issue_alerts set next_at = next_at - make_interval(mins => $1)", minutes
        )


def by_mail(settings: Settings, url: str) -> Settings:
    read = Settings.read(
        {"HIRELOOM_SMTP_URL": url, "HIRELOOM_ALERT_EMAILS": "ops@example.com, help@example.com"}
    )
    return msgspec.structs.replace(
        settings,
        smtp=read.smtp,
        alert_emails=read.alert_emails,
        public_url="https://ats.example.com",
    )


async def test_new_issues_come_in_one_mail_and_the_next_ones_ten_minutes_later(
    pool: asyncpg.Pool, settings: Settings
) -> None:
    async with Mailbox() as box:
        there = by_mail(settings, box.url())
        await alerts.send(pool, there)
        await fail(pool, "job", "user", "offer")
        await alerts.send(pool, there)
        await fail(pool, "stage")
        await alerts.send(pool, there)
        await time_passes(pool, 9)
        await alerts.send(pool, there)
        assert len(box.mails) == 1

        await time_passes(pool, 1)
        await alerts.send(pool, there)
        await time_passes(pool, 10)
        await alerts.send(pool, there)

    first, second = box.mails
    assert first["Subject"] == "Hireloom: 3 new issues"
    assert second["Subject"] == "Hireloom: a new issue"
    assert (first["To"], first["From"]) == ("ops@example.com, help@example.com", "ats@example.com")
    assert sum(line.startswith("rcpt TO") for line in box.said) == 4


async def test_a_mail_says_what_since_when_who_and_what_to_do(
    pool: asyncpg.Pool, settings: Settings, vault: Vault
) -> None:
    new = integrations.NewIntegration(
        connector="lever", category="ats", origin_org_id="o", origin_org_name="<b>Sons</b>"
    )
    async with pool.acquire() as conn:
        account = await integrations.create(conn, vault, new, b"{}")
    await fail(pool, "job", "<script>alert(1)</script>", integration_id=account.id)
    async with pool.acquire() as conn:
        first_at = (await issues.page(conn))[0].first_seen_at

    async with Mailbox() as box:
        await alerts.send(pool, by_mail(settings, box.url()))

    (found,) = box.mails
    text, html = (part.get_content().replace("\r\n", "\n") for part in found.iter_parts())
    assert "* ats.job.list fails with upstream.timeout\n" in text
    assert f"3 times since {first_at:%Y-%m-%d %H:%M} UTC · lever account {account.id}" in text
    assert "to act: the vendor of the ATS · log: ex_sample" in text
    assert "  1. The ATS did not answer in time; try again.\n  2. Open" in text
    assert "https://ats.example.com/console/issues" in text
    assert "<li>The ATS did not answer in time; try again.</li>" in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>" not in html


async def test_a_mail_says_steps_in_the_console_s_words_and_leads_there(
    pool: asyncpg.Pool, settings: Settings
) -> None:
    dead = msgspec.structs.replace(finding("wh_1"), kind="dead_letters", subject="wh_1", code=None)
    async with pool.acquire() as conn:
        await issues.find(conn, [dead])
        (issue,) = await issues.open_due(conn)

    async with Mailbox() as box:
        there = by_mail(settings, box.url())
        await alerts.send(pool, there)
        await time_passes(pool, 10)
        await fail(pool, "job")
        await alerts.send(pool, msgspec.structs.replace(there, public_url=None))

    (text, html), (without, _) = [
        [part.get_content() for part in mail.iter_parts()] for mail in box.mails
    ]
    page = "https://ats.example.com/console/deliveries?state=dead&webhook=wh_1"
    assert f"1. Repair the endpoint; the list of those given up ({page}) names" in text
    assert f'<a href="{page.replace("&", "&amp;")}">“Send again”</a>' in html
    assert f'<a href="https://ats.example.com/console/issues/{issue.id}">Events for' in html
    assert "delivery." not in text + html
    assert "http" not in without


async def test_a_mail_that_nobody_takes_is_sent_later(
    pool: asyncpg.Pool, settings: Settings, free_port: int
) -> None:
    await fail(pool, "job")
    there = by_mail(settings, Mailbox(port=free_port).url())

    with capture_logs() as logs:
        await alerts.send(pool, there)
    await alerts.send(pool, there)
    async with Mailbox(port=free_port) as box:
        await alerts.send(pool, there)
        assert box.mails == []  # it is not time yet
        await time_passes(pool, 1)
        await alerts.send(pool, there)

        assert len(box.mails) == 1
    (told,) = logs
    assert told["problem"] == "the server could not be reached (ConnectionRefusedError)"


@pytest.mark.parametrize(
    ("refuses", "problem"),
    [
        ({"AUTH": 535}, "the server does not accept the user and the password"),
        ({"MAIL": 451}, "the server answered 451"),
        ({"RCPT": 550}, "the server refused every address"),
        ({"DATA": 554}, "the server answered 554"),
    ],
)
async def test_a_refusal_is_logged_without_a_secret_and_without_what_the_server_said(
    pool: asyncpg.Pool, settings: Settings, refuses: dict[str, int], problem: str
) -> None:
    await fail(pool, "job")

    async with Mailbox(refuses=refuses) as box:
        there = by_mail(settings, box.url(user="ats", password=SECRET))
        with capture_logs() as logs:
            await alerts.send(pool, there)

    (told,) = logs
    assert told["problem"] == problem
    assert SECRET not in str(logs)
    assert "ada.lovelace" not in str(logs)
    assert SECRET not in repr(there)
    assert SECRET not in repr(there.smtp)


async def test_a_user_and_a_password_are_used(pool: asyncpg.Pool, settings: Settings) -> None:
    await fail(pool, "job")

    async with Mailbox() as box:
        await alerts.send(pool, by_mail(settings, box.url(user="ats", password="p%40ss")))

    (line,) = [line for line in box.said if line.startswith("AUTH")]
    assert line == "AUTH PLAIN AGF0cwBwQHNz"  # of ats and p@ss
    assert len(box.mails) == 1


async def test_a_server_that_says_nothing_holds_up_nobody(
    pool: asyncpg.Pool, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "SECONDS", 0.5)
    await fail(pool, "job")

    async with Mailbox(hangs=True) as box, Receiver() as receiver:
        there = by_mail(settings, box.url())
        with capture_logs() as logs:
            sending = asyncio.create_task(alerts.send(pool, there))
            only_webhook = msgspec.structs.replace(settings, alert_webhook=receiver.url)
            await alerts.send(pool, only_webhook)
            arrived = len(receiver.arrivals)
            await sending

    assert arrived == 1
    (told,) = [one for one in logs if one["log_level"] == "warning"]
    assert told["channel"] == "email"


async def test_a_webhook_gets_the_same_as_json(pool: asyncpg.Pool, settings: Settings) -> None:
    await fail(pool, "job", "user")

    async with Receiver() as receiver:
        url = f"{receiver.url}/hooks/T0-secret"
        there = msgspec.structs.replace(settings, alert_webhook=url)
        receiver.script(Reply(status=500))
        with capture_logs() as logs:
            await alerts.send(pool, there)
        await alerts.send(pool, there)
        await time_passes(pool, 1)
        await alerts.send(pool, there)

        refused, taken = receiver.arrivals
    assert refused.body == taken.body
    content = msgspec.json.decode(taken.body)
    assert content["text"].startswith("Hireloom: 2 new issues\n\n* ats.job.list fails")
    assert [one["subject"] for one in content["issues"]] == ["ats.job.list", "ats.user.list"]
    assert logs[0]["problem"] == "answered 500"
    assert "T0-secret" not in str(logs)
    assert "T0-secret" not in repr(there)


async def test_two_workers_send_one_mail(pool: asyncpg.Pool, settings: Settings) -> None:
    await fail(pool, "job")

    async with Mailbox() as box:
        await asyncio.gather(*(alerts.send(pool, by_mail(settings, box.url())) for _ in range(5)))

        assert len(box.mails) == 1


async def test_muted_issues_and_those_of_long_ago_are_not_told(
    pool: asyncpg.Pool, settings: Settings
) -> None:
    await fail(pool, "muted", "past", "new")
    async with pool.acquire() as conn:
        for one in await issues.page(conn):
            if one.cause == "muted":
                until = datetime.now(UTC) + timedelta(hours=1)
                await issues.mute(conn, one.id, until, "key 1")
        await conn.execute(
            "update issues set is_over = true, resolved_at = now() - interval '2 hours'"
            " where cause = 'past'"
        )

    async with Mailbox() as box:
        await alerts.send(pool, by_mail(settings, box.url()))

    (found,) = box.mails
    assert found["Subject"] == "Hireloom: a new issue"
    assert "ats.new.list" in str(found)


async def test_what_comes_and_goes_is_told_once_an_hour(
    pool: asyncpg.Pool, settings: Settings
) -> None:
    async with Mailbox() as box:
        there = by_mail(settings, box.url())
        for _ in range(3):
            await fail(pool, "job")
            await alerts.send(pool, there)
            await time_passes(pool, 10)
            async with pool.acquire() as conn:
                await issues.gone(conn, ["call_failing"], [])

        assert len(box.mails) == 1


async def test_a_flood_is_one_mail_that_says_how_many_there_are(
    pool: asyncpg.Pool, settings: Settings
) -> None:
    await fail(pool, *(f"kind{number}" for number in range(60)))

    async with Mailbox() as box:
        await alerts.send(pool, by_mail(settings, box.url()))

    (found,) = box.mails
    text = next(iter(found.iter_parts())).get_content()
    assert found["Subject"] == "Hireloom: 60 new issues"
    assert text.count("* ats.") == 50
    assert "And 10 more" in text


async def test_nothing_is_sent_where_nothing_is_set_up(
    pool: asyncpg.Pool, settings: Settings
) -> None:
    await fail(pool, "job")

    await alerts.send(pool, settings)

    assert alerts.channels(settings) == {}
