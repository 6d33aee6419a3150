"""Steps of the demo about changes: the vendors' own webhooks, and what only a run can find."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from hireloom.demo.calls import CallRefusedError, Json, UnexpectedError
from hireloom.demo.receiver import Arrival
from hireloom.demo.scene import Account, Scene
from hireloom.demo.show import at, short
from hireloom.demo.syncs import DATA_TYPE

DELETED = "ats_applications_deleted"
WANTED = ("ats_applications_new", "ats_applications_modified", DELETED)
APPLICANT = "Tomas Lind"
SCORE = 89
# As the vendors name it; Lever has no custom fields in applications.
FIELDS = {"greenhouse": "assessment_score", "ashby": "Assessment score"}
SECONDS = 180.0
LOOK_SECONDS = 0.02


async def subscribe(scene: Scene) -> None:
    """Hear of changes at once: subscribe to the vendors' own webhooks"""
    scene.show.call("events.list, events.subscribe {events}")
    by_hand = {}
    columns = {}
    for account in scene.accounts:
        offered = (await scene.get(account, "events.list"))["available"]
        wanted = [one for one in WANTED if one in offered]
        account.deletions_by_run = DELETED not in wanted
        told = await scene.post(account, "events.subscribe", {"events": wanted})
        columns[account.title] = {
            "registered": told["registered"],
            "vendor events": str(len(told["upstreamEvents"])),
            "cannot tell of": ", ".join(one for one in WANTED if one not in wanted) or "none",
        }
        if told["registered"] == "MANUAL":
            by_hand[account.title] = told
            await click_together(scene, account, told)
    scene.show.table(columns)
    for title, told in by_hand.items():
        # On a machine that nobody outside can reach, there is a step about that, too.
        steps = [step for step in told["steps"] if "HIRELOOM_PUBLIC_URL" not in step]
        scene.show.tell(
            f"{title} lets only its partners register by API, so the answer has {len(steps)} steps"
            f" for a person: “{steps[0]}” … Here the demo plays that person, in the sandbox.",
            style="",
        )


async def click_together(scene: Scene, account: Account, told: Json) -> None:
    """What the customer would do in the ATS: one webhook for each event, with the secret."""
    secrets = [one["value"] for one in told["secretFields"] if one["value"]]
    body = {"url": told["webhookUrl"], "events": told["upstreamEvents"], "secret": secrets[0]}
    made = await scene.click(f"/_sandbox/{account.app}/webhooks", body)
    if any(one.get("disabled_at") for one in made["webhooks"]):
        raise UnexpectedError(f"{account.title} switched a webhook off when it tried the address")


@dataclass(frozen=True)
class Done:
    """A change in the ATS: the record it touched, and the event that it should lead to."""

    record_id: str
    event_type: str


Change = Callable[[Scene, Account], Awaitable[Done | None]]


async def move(scene: Scene, account: Account) -> Done | None:
    """A recruiter moves Ines Duarte to the next stage"""
    await scene.change(account, "move_application", application=known(account.application_id))
    return Done(account.application_id, "record.modified")


async def apply(scene: Scene, account: Account) -> Done | None:
    """Somebody new applies"""
    made = await scene.change(
        account, "new_application", name=APPLICANT, email="tomas.lind@example.com"
    )
    return Done(str(made["id"]), "record.new")


async def fill_in(scene: Scene, account: Account) -> Done | None:
    """A recruiter fills in a custom field"""
    if account.app not in FIELDS:
        return None
    record_id = others(account)[0]
    await scene.change(
        account,
        "set_custom_field",
        application=known(record_id),
        field=FIELDS[account.app],
        value=SCORE,
    )
    return Done(record_id, "record.modified")


async def delete(scene: Scene, account: Account) -> Done | None:
    """A recruiter deletes an application"""
    account.deleted_id = others(account)[-1]
    await scene.change(account, "delete_application", application=known(account.deleted_id))
    if account.deletions_by_run:
        return None
    return Done(account.deleted_id, "record.deleted")


def known(record_id: str) -> int | str:
    """Greenhouse numbers its records."""
    return int(record_id) if record_id.isdigit() else record_id


def others(account: Account) -> list[str]:
    """Applications that are under way, without the demo's own."""
    found: list[str] = [
        one["info"]["id"]
        for one in account.applications
        if one["info"]["status"] == "ACTIVE" and one["info"]["id"] != account.application_id
    ]
    if len(found) < 2:
        raise UnexpectedError(f"{account.title} listed too few active applications")
    return found


async def watch_changes(scene: Scene) -> None:
    """Change things in each ATS, and watch the webhooks arrive"""
    scene.show.call("POST <sandbox>/_sandbox/<vendor>/change: what people do in the ATS")
    for change in (move, apply, fill_in, delete):
        scene.show.say("")
        scene.show.tell(f"{change.__doc__}:", "bold")
        shown = await asyncio.gather(
            *(watched(scene, account, change) for account in scene.accounts)
        )
        titles = [account.title for account in scene.accounts]
        scene.show.table(dict(zip(titles, shown, strict=True)))


async def watched(scene: Scene, account: Account, change: Change) -> dict[str, str]:
    before, began = len(scene.receiver.arrivals), time.monotonic()
    done = await change(scene, account)
    if done is None:
        return {"event": "by the next run" if change is delete else "no such field there"}
    arrival = await arriving(scene, account, done, before)
    scene.latencies.append(arrival.at - began)
    return {
        "event": done.event_type,
        "recordId": short(done.record_id),
        "changedPaths": "\n".join(arrival.event.get("changedPaths", ())) or "–",
        **facts(arrival.event, change),
        "arrived": f"after {arrival.at - began:.2f} s",
        "signature": "verified",
    }


def facts(event: Json, change: Change) -> dict[str, str]:
    """The part of the record that the change is about."""
    if change is move:
        return {"stage": at(event["eventData"], "currentStage.text")}
    if change is apply:
        person = [at(event["eventData"], f"info.candidate.{one}Name") for one in ("first", "last")]
        return {"candidate": " ".join(person)}
    return {}


async def arriving(scene: Scene, account: Account, done: Done, before: int) -> Arrival:
    """The event of a change; raises UnexpectedError when it does not come."""
    wanted = {
        "integrationId": account.id,
        "recordId": done.record_id,
        "eventType": done.event_type,
    }
    latest = time.monotonic() + SECONDS
    while time.monotonic() < latest:
        arrival = scene.receiver.first(lambda event: wanted.items() <= event.items(), before)
        if arrival is not None:
            return arrival
        await asyncio.sleep(LOOK_SECONDS)
    raise UnexpectedError(
        f"No {done.event_type} of {done.record_id} at {account.title} within {SECONDS:.0f} s"
    )


async def run_again(scene: Scene) -> None:
    """Run a sync again: it finds what no webhook told"""
    scene.show.call("sync.start {syncType: delta_sync}")
    quiet = [account for account in scene.accounts if account.deletions_by_run]
    names = ", ".join(account.title for account in quiet)
    scene.show.tell(
        f"{names} has no webhook for a deleted application. A run compares what there is with what"
        " was there. By itself it comes every 24 hours, or up to every 5 minutes."
    )
    shown = {account.title: await found(scene, account) for account in quiet}
    scene.show.table(shown)


async def found(scene: Scene, account: Account) -> dict[str, str]:
    """What a run of changes told; raises where the deletion was not among it."""
    before, began = len(scene.receiver.arrivals), time.monotonic()
    body = {"dataType": DATA_TYPE, "syncType": "delta_sync"}
    run_id = (await scene.post(account, "sync.start", body))["syncRunId"]
    run = await ended(scene, account, run_id)
    told = [one.event for one in scene.receiver.arrivals[before:] if of(one.event, run_id)]
    if ("record.deleted", account.deleted_id) not in [
        (one["eventType"], one["recordId"]) for one in told
    ]:
        raise UnexpectedError(f"The run did not tell that {account.title} deleted an application")
    return {
        "told": "\n".join(f"{one['eventType']} {one['recordId']}" for one in told),
        "vendor calls": f"{run['upstreamCalls']:,}",
        "acknowledged": f"after {time.monotonic() - began:.1f} s",
    }


def of(event: Json, run_id: str) -> bool:
    return event.get("syncRunId") == run_id and event["eventType"].startswith("record.")


async def ended(scene: Scene, account: Account, run_id: str) -> Json:
    """The run, once all that it told was acknowledged; raises where it failed."""
    latest = time.monotonic() + SECONDS
    ends = {"syncRunId": run_id, "eventType": "sync.events.allConsumed"}
    while time.monotonic() < latest:
        run = await scene.get(account, "sync.run.get", syncRunId=run_id)
        if run["state"] in ("FAILED", "STOPPED"):
            raise CallRefusedError(account.title, "sync.start", run["error"] or {})
        if scene.receiver.first(lambda event: ends.items() <= event.items()):
            return run
        await asyncio.sleep(0.2)
    raise UnexpectedError(f"The run at {account.title} has not ended within {SECONDS:.0f} s")


STEPS = (subscribe, watch_changes, run_again)
