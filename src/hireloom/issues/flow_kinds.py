"""What syncs, webhooks, ordered tests and the workers tell of themselves."""

from hireloom.issues.kind import Lines, Standing
from hireloom.store import failures


class SyncFailing(Standing):
    name = "sync_failing"
    heading = "The sync of {subject} {ended}"
    found = "The last run of an active sync failed, lacks a part, or only tries again and again."
    steps = (
        "Open the run: it says how far it came and why it ended.",
        "The next run of the schedule goes on from there; sync.run.replay does so at once.",
    )
    ends = "A run of this sync is complete, or the sync is stopped."
    about = "sync"
    lines = Lines(execution="{run}")
    has_hint = True
    query = failures.SYNCS


class RecordsUnreadable(Standing):
    name = "records_unreadable"
    heading = "The sync of {subject} left out records that it could not read"
    acts = "hireloom"
    found = "The last run of a sync is complete but for records in a shape that is not known."
    steps = (
        "Open the run; `unreadable` says how many records were left out.",
        "Upgrade Hireloom if there is a newer version; otherwise report it with the run's id.",
    )
    ends = "A run of this sync reads all records."
    about = "sync"
    lines = Lines(execution="{run}")
    query = failures.UNREADABLE


class WebhookFailing(Standing):
    name = "webhook_failing"
    heading = "The webhook {subject} acknowledges nothing: {reason}"
    acts = "you"
    found = "An endpoint acknowledged none of the events that it was sent for a minute or longer."
    steps = (
        "Repair the endpoint so that it answers 2xx within 15 seconds; webhook.test tries it out.",
        "Nothing is lost meanwhile: events wait and are sent again by themselves.",
    )
    ends = "It acknowledges an event."
    about = "webhook"
    lines = Lines(method="webhook", kind="failed")
    query = failures.FAILING_WEBHOOKS


class WebhookDisabled(Standing):
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
    about = "webhook"
    lines = Lines(method="webhook", kind="failed")
    query = failures.DISABLED_WEBHOOKS


class DeadLetters(Standing):
    name = "dead_letters"
    heading = "Events for the webhook {subject} were given up"
    acts = "you"
    found = "Events were not acknowledged for four days, or could not be opened."
    steps = (
        "Repair the endpoint; delivery.list with state dead names the events and the reasons.",
        "Send them again with delivery.replay before they are erased, 7 days after they came up.",
    )
    ends = "They were sent again, or are erased."
    about = "webhook"
    lines = Lines(method="webhook", kind="failed")
    query = failures.DEAD_LETTERS


class AssessmentTrouble(Standing):
    name = "assessment_trouble"
    heading = "The ATS could not use answers about tests that were ordered"
    acts = "you"
    found = "An open order of a test has a `problem`: the ATS said that it did not understand."
    steps = (
        "assessment.order.list shows the problem of each of these orders: {orders}.",
        "Push a corrected result; the ATS fetches it again.",
    )
    ends = "The ATS fetched the results, or the orders are closed."
    lines = Lines(method="(partner call)")
    query = failures.ORDERS


class WorkersAway(Standing):
    name = "workers_away"
    heading = "Jobs wait and no worker takes them"
    acts = "you"
    found = "A job that was due has waited for two minutes."
    steps = (
        "Look whether `hireloom serve` or `hireloom worker` runs, and what its log says.",
        "Workers that run are too few where this comes again and again: start another one.",
    )
    ends = "No job waits for so long any more."
    lines = None
    query = failures.WAITING_JOBS
