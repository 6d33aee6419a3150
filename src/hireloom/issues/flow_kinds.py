"""What syncs, webhooks, ordered tests and the workers tell of themselves."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hireloom.errors import CredentialsInvalidError
from hireloom.issues.kind import Kind
from hireloom.store import failures, queue
from hireloom.store.failures import FailedCalls
from hireloom.store.issues import Finding
from hireloom.store.pool import Connection
from hireloom.store.seal import OURS

LATE_SECONDS = 120.0  # that a job waits at most while a worker is there


class SyncFailing(Kind):
    name = "sync_failing"
    heading = "The sync of {subject} {ended}"
    found = "The last run of an active sync failed, lacks a part, or only tries again and again."
    steps = (
        "Open the run: it says how far it came and why it ended.",
        "The next run of the schedule goes on from there; sync.run.replay does so at once.",
    )
    ends = "A run of this sync is complete, or the sync is stopped."
    has_hint = True

    async def find(self, conn: Connection, calls: Sequence[FailedCalls]) -> list[Finding]:
        found = []
        for row in await failures.of_syncs(conn):
            lacking = row["failed_models"] or []
            error: dict[str, Any] = row["error"] or next(iter(lacking), {})
            # Those credentials are an issue of their own.
            if row["state"] == "complete" or error.get("code") == CredentialsInvalidError.code:
                continue
            models = ", ".join(sorted({one["model"] for one in lacking}))
            ended = {"partial": f"lacks {models}", "failed": "fails"}.get(
                row["state"], "does not get on"
            )
            found.append(
                Finding(
                    integration_id=row["integration_id"],
                    kind=self.name,
                    cause=row["sync_id"],
                    count=max(1, row["runs"]),
                    first_at=row["first_at"] or row["at"],
                    last_at=row["at"],
                    code=error.get("code"),
                    subject=row["data_type"],
                    detail={"ended": ended},
                    run_id=row["run_id"],
                )
            )
        return found


class RecordsUnreadable(Kind):
    name = "records_unreadable"
    heading = "The sync of {subject} left out records that it could not read"
    acts = "hireloom"
    found = "The last run of a sync is complete but for records in a shape that is not known."
    steps = (
        "Open the run; `unreadable` says how many records were left out.",
        "Upgrade Hireloom if there is a newer version; otherwise report it with the run's id.",
    )
    ends = "A run of this sync reads all records."

    async def find(self, conn: Connection, calls: Sequence[FailedCalls]) -> list[Finding]:
        return [
            Finding(
                integration_id=row["integration_id"],
                kind=self.name,
                cause=row["sync_id"],
                count=row["unreadable"],
                first_at=row["at"],
                last_at=row["at"],
                subject=row["data_type"],
                run_id=row["run_id"],
            )
            for row in await failures.of_syncs(conn)
            if row["state"] == "complete"
        ]


class WebhookFailing(Kind):
    name = "webhook_failing"
    heading = "The webhook {subject} acknowledges nothing: {reason}"
    acts = "you"
    found = "An endpoint acknowledged none of the events that it was sent for a minute or longer."
    steps = (
        "Repair the endpoint so that it answers 2xx within 15 seconds; webhook.test tries it out.",
        "Nothing is lost meanwhile: events wait and are sent again by themselves.",
    )
    ends = "It acknowledges an event."

    async def find(self, conn: Connection, calls: Sequence[FailedCalls]) -> list[Finding]:
        return [
            Finding(
                integration_id=row["integration_id"],
                kind=self.name,
                cause=row["webhook_id"],
                count=row["failures"],
                first_at=row["since"],
                last_at=max(row["at"], row["since"]),
                subject=row["webhook_id"],
                detail={"reason": row["reason"] or "no answer"},
                execution_id=row["execution_id"],
                delivery_id=row["delivery_id"],
            )
            for row in await failures.of_webhooks(conn)
            if datetime.now(UTC) - row["since"] >= timedelta(minutes=1)
        ]


class WebhookDisabled(Kind):
    name = "webhook_disabled"
    heading = "The webhook {subject} is disabled: it {reason}"
    acts = "you"
    found = "An endpoint answered 410, or acknowledged nothing for days."
    steps = (
        "Repair the endpoint; webhook.test tries it out while it is disabled.",
        'Enable it with webhook.update and "state": "active"; what waits for it goes on.',
        "What it missed meanwhile was not addressed to it: sync.run.replay emits it again.",
    )
    ends = "It is enabled or deleted."

    async def find(self, conn: Connection, calls: Sequence[FailedCalls]) -> list[Finding]:
        return [
            Finding(
                integration_id=row["integration_id"],
                kind=self.name,
                cause=row["webhook_id"],
                count=1,
                first_at=row["at"],
                last_at=row["at"],
                subject=row["webhook_id"],
                detail={"reason": row["because"]},
            )
            for row in await failures.of_disabled_webhooks(conn)
        ]


class DeadLetters(Kind):
    name = "dead_letters"
    heading = "Events for the webhook {subject} were given up"
    acts = "you"
    found = "Events were not acknowledged for four days, or could not be opened."
    steps = (
        "Repair the endpoint; delivery.list with state dead names the events and the reasons.",
        "Send them again with delivery.replay before they are erased, 7 days after they came up.",
    )
    ends = "They were sent again, or are erased."

    async def find(self, conn: Connection, calls: Sequence[FailedCalls]) -> list[Finding]:
        return [
            Finding(
                integration_id=row["integration_id"],
                kind=self.name,
                cause=row["webhook_id"],
                count=row["letters"],
                first_at=row["first_at"],
                last_at=row["at"],
                subject=row["webhook_id"],
                delivery_id=row["delivery_id"],
            )
            for row in await failures.of_dead_letters(conn)
        ]


class AssessmentTrouble(Kind):
    name = "assessment_trouble"
    heading = "The ATS could not use answers about tests that were ordered"
    acts = "you"
    found = "An open order of a test has a `problem`: the ATS said that it did not understand."
    steps = (
        "assessment.order.list shows the problem of each of these orders: {orders}.",
        "Push a corrected result; the ATS fetches it again.",
    )
    ends = "The ATS fetched the results, or the orders are closed."

    async def find(self, conn: Connection, calls: Sequence[FailedCalls]) -> list[Finding]:
        return [
            Finding(
                integration_id=row["integration_id"],
                kind=self.name,
                cause="",
                count=row["orders"],
                first_at=row["first_at"],
                last_at=row["at"],
                detail={"orders": ", ".join(row["order_ids"])},
            )
            for row in await failures.of_orders(conn)
        ]


class WorkersAway(Kind):
    name = "workers_away"
    heading = "Jobs wait and no worker takes them"
    acts = "you"
    found = "A job that was due has waited for two minutes."
    steps = (
        "Look whether `hireloom serve` or `hireloom worker` runs, and what its log says.",
        "Workers that run are too few where this comes again and again: start another one.",
    )
    ends = "No job waits for so long any more."

    async def find(self, conn: Connection, calls: Sequence[FailedCalls]) -> list[Finding]:
        backlog = await queue.backlog(conn)
        if backlog.oldest < LATE_SECONDS:
            return []
        now = datetime.now(UTC)
        return [
            Finding(
                integration_id=OURS,
                kind=self.name,
                cause="",
                count=backlog.waiting,
                first_at=now - timedelta(seconds=backlog.oldest),
                last_at=now,
            )
        ]
