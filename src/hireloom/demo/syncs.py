"""Steps of the demo about syncs: a receiver is registered, every account is read into it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from hireloom.demo.calls import CallRefusedError, Json, UnexpectedError
from hireloom.demo.scene import Account, Scene
from hireloom.demo.show import Bars

MODELS = ("application_info", "application_stage")
WHY_THESE = (
    "These two come with the vendors' lists. Interviews, offers and files would cost Lever 4 and"
    " Ashby 5 calls more for each application. Greenhouse allows 75 calls in 30 seconds; its sync"
    " waits where the steps before have used them."
)
DATA_TYPE = "ats_applications"
ENDED = ("COMPLETE", "PARTIAL", "FAILED", "STOPPED")
STILL_SECONDS = 180.0  # without anything new, after which the demo gives up
LOOK_SECONDS = 0.2


async def register_receiver(scene: Scene) -> None:
    """Register an endpoint for webhooks"""
    scene.show.call("webhook.create {url}, webhook.test")
    made = await scene.api.post("the demo", "webhook.create", {"url": scene.receiver.url})
    scene.receiver.secret = made["secret"]
    about = {"webhookId": made["webhook"]["webhookId"]}
    tried = await scene.api.post("the demo", "webhook.test", about)
    if not tried["acknowledged"] or scene.receiver.refused:
        raise UnexpectedError(f"The test event was not taken: {tried['reason']}")
    scene.show.tell(
        f"{scene.receiver.url} is a receiver inside this demo. It checks every signature with the"
        " standardwebhooks library. That of the test event was right."
    )


@dataclass
class Following:
    """A run on its way: what it says of itself, and what has arrived of it."""

    account: Account
    began: float
    listed: frozenset[str]  # the ids that the ATS has
    hidden: frozenset[str]  # of which these are confidential
    run: Json
    took: float = 0.0
    first: float = 0.0
    consumed: bool = False
    complaint: str = ""


async def sync_accounts(scene: Scene) -> None:
    """Sync the three accounts: every application comes as a signed webhook"""
    scene.show.call(f"sync.start {{models: {', '.join(MODELS)}}}, sync.run.get")
    scene.show.tell(WHY_THESE)
    followed = [await begin(scene, account) for account in scene.accounts]
    with scene.show.bars([one.account.title for one in followed], "received") as bars:
        await follow(scene, followed, lambda one: draw(scene, bars, one))
    scene.show.table({one.account.title: summary(scene, one) for one in followed})


async def begin(scene: Scene, account: Account) -> Following:
    state = await scene.sandbox(f"/_sandbox/{account.app}/state?kind=applications")
    rows: list[Json] = list(state)  # type: ignore[arg-type]  # the one door that answers a list
    body = {"dataType": DATA_TYPE, "models": MODELS}
    started = await scene.post(account, "sync.start", body)
    account.run_id = started["syncRunId"]
    return Following(
        account=account,
        began=time.monotonic(),
        listed=frozenset(str(row["id"]) for row in rows),
        hidden=frozenset(str(row["id"]) for row in rows if row.get("confidential")),
        run={"state": "QUEUED", "processed": 0},
    )


async def follow(
    scene: Scene, followed: list[Following], draw: Callable[[Following], None]
) -> None:
    """Until each has ended and all of it was acknowledged; raises for one that failed."""
    news, latest = -1, time.monotonic()
    while not all(one.consumed for one in followed):
        for one in followed:
            if not one.consumed:
                await look(scene, one)
                draw(one)
        now = scene.receiver.posts + sum(one.run["processed"] for one in followed)
        if now != news:
            news, latest = now, time.monotonic()
        if time.monotonic() - latest > STILL_SECONDS:
            (slow, *_) = [one for one in followed if not one.consumed]
            raise UnexpectedError(
                f"Nothing new of the sync of {slow.account.title} for {STILL_SECONDS:.0f} s;"
                f" it is {slow.run['state']} in its step '{slow.run.get('step')}'"
            )
        await asyncio.sleep(LOOK_SECONDS)


async def look(scene: Scene, one: Following) -> None:
    one.run = await scene.get(one.account, "sync.run.get", syncRunId=one.account.run_id)
    error = one.run["error"] or {}
    if one.run["state"] in ("FAILED", "STOPPED"):
        raise CallRefusedError(one.account.title, "sync.start", error)
    if error and one.run["state"] not in ENDED:
        complaint = f"{one.account.title}: {error['msg']}. The run tries again by itself."
        if complaint != one.complaint:
            scene.show.tell(complaint, "yellow")
        one.complaint = complaint
    here = scene.receiver.records_of(one.account.run_id)
    now = time.monotonic() - one.began
    one.first = one.first or (now if here else 0.0)
    ends = {"syncRunId": one.account.run_id, "eventType": "sync.events.allConsumed"}
    if scene.receiver.first(lambda event: ends.items() <= event.items()):
        one.took, one.consumed = now, True


def draw(scene: Scene, bars: Bars, one: Following) -> None:
    here = len(scene.receiver.records_of(one.account.run_id))
    read = one.run["processed"]
    is_over = one.run["state"] in ENDED
    total = one.run["emitted"] if is_over else max(len(one.listed), read)
    bars.draw(one.account.title, here, total, f"{here:,} of {read:,} read")


def summary(scene: Scene, one: Following) -> dict[str, str]:
    """What arrived, beside what there is; raises where anything was lost."""
    here = scene.receiver.records_of(one.account.run_id)
    missing = one.listed - here - one.hidden
    if missing or scene.receiver.refused:
        raise UnexpectedError(
            f"Of {one.account.title} {len(missing)} applications did not arrive,"
            f" and {scene.receiver.refused} events had a wrong signature"
        )
    hidden = len(one.listed - here)
    return {
        "in the ATS": f"{len(one.listed):,}",
        "not listed": f"{hidden:,} confidential" if hidden else "none",
        "arrived": f"{len(here):,}",
        "signatures": "all verified",
        "vendor calls": f"{one.run['upstreamCalls']:,}",
        "acknowledged": f"after {one.took:.1f} s",
    }


STEPS = (register_receiver, sync_accounts)
