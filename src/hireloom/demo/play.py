"""The demo's course: start, play the steps, sum up, and stay or go.

`HIRELOOM_DEMO_FAULTS` may name a fault plan, a TOML file as for `hireloom sandbox --faults`: the
sandbox then misbehaves as planned, which shows how failures are told.
"""

import asyncio
import os
import signal
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
from rich.console import Console

from hireloom.demo import changes, orders, scores, steps, syncs
from hireloom.demo.calls import CallRefusedError, UnexpectedError, calling
from hireloom.demo.installation import Installation, NotStartedError, installed, last_words
from hireloom.demo.receiver import receiving
from hireloom.demo.scene import VENDORS, Scene
from hireloom.demo.show import Show
from hireloom.sandbox.faults import FaultPlan, FaultPlanError

Step = Callable[[Scene], Awaitable[None]]

COURSE: tuple[Step, ...] = (
    *steps.STEPS,
    *syncs.STEPS,
    *changes.STEPS,
    *scores.STEPS,
    *orders.STEPS,
)
SMALLEST = 50  # applications; with fewer, a vendor may have no open job or no résumé
INTERRUPTED = 130
LOOK_SECONDS = 0.2


class StepFailedError(Exception):
    """A step of the demo that did not go well; its cause says why."""


async def run(*, once: bool = False, size: int = 1000) -> int:
    """Play the demo; 0 when all went well, 1 when something failed (which has been said)."""
    show = Show(Console(highlight=False))
    if size < SMALLEST:
        show.failed("The demo cannot start", f"--size must be {SMALLEST} or more.")
        return 1
    playing = asyncio.ensure_future(play(show, once=once, size=size))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, playing.cancel)
    try:
        return await playing
    except asyncio.CancelledError:
        return INTERRUPTED
    except NotStartedError as error:
        show.failed("The demo could not start", str(error))
    except FaultPlanError as error:
        show.failed("The fault plan cannot be used", str(error))
    return 1


async def play(show: Show, *, once: bool, size: int) -> int:
    began = time.monotonic()
    plan = fault_plan()
    async with AsyncExitStack() as stack:
        show.step(1, len(COURSE) + 1, "Start the sandbox, a database and the server")
        with show.working("Starting …"):
            installation = await stack.enter_async_context(installed(size, VENDORS, plan))
        show.say(f"     server {installation.url}, sandbox {installation.sandbox.url}", "dim")
        show.say(f"     ready after {seconds_since(began)}", "dim")
        async with calling(installation.url, installation.key, show.tell) as api:
            receiver = stack.enter_context(receiving())
            scene = Scene(api, show, installation.sandbox.url, receiver, plan or FaultPlan())
            try:
                first = await play_steps(scene, began)
            except StepFailedError as error:
                tell(show, str(error), error.__cause__, installation.log)
                return 1
        sum_up(scene, first, began)
        return 0 if once else await stay(show, installation, scene)


def fault_plan() -> FaultPlan | None:
    path = os.environ.get("HIRELOOM_DEMO_FAULTS", "")
    try:
        return FaultPlan.from_toml(Path(path).read_text(), path) if path else None
    except OSError as error:
        raise FaultPlanError(f"{path} cannot be read: {error.strerror}") from error


async def play_steps(scene: Scene, began: float) -> str:
    """Play them all; how long it took until the first application was there."""
    first = ""
    for number, step in enumerate(COURSE, start=2):
        title = title_of(step)
        scene.show.step(number, len(COURSE) + 1, title)
        try:
            with scene.show.working("…"):
                await step(scene)
        except (CallRefusedError, UnexpectedError, httpx.HTTPError) as error:
            raise StepFailedError(f"{number}. {title}") from error
        if step is steps.list_applications:
            first = seconds_since(began)
    return first


def title_of(step: Step) -> str:
    return (step.__doc__ or "").partition("\n")[0].rstrip(".")


def seconds_since(began: float) -> str:
    return f"{time.monotonic() - began:.1f} s"


def tell(show: Show, title: str, cause: BaseException | None, log: Path) -> None:
    """Which step failed, and all that the API said about it."""
    title = f"Step {title}: failed"
    if not isinstance(cause, CallRefusedError):
        show.failed(title, f"{cause}" or type(cause).__name__)
        return
    error = cause.error
    upstream = error.get("upstream") or {}
    show.failed(
        title,
        str(cause),
        [
            ("hint", error.get("hint", "")),
            ("code", error.get("code", "")),
            (
                "fields",
                "; ".join(f"{one['path']}: {one['msg']}" for one in error.get("fields", [])),
            ),
            (
                "the vendor said",
                f"{upstream.get('status', '')} {upstream.get('body') or ''}".strip(),
            ),
            ("executionId", error.get("executionId", "")),
            ("the server", last_words(log) if error.get("category") == "hireloom" else ""),
        ],
    )


def sum_up(scene: Scene, first: str, began: float) -> None:
    show = scene.show
    show.say("")
    show.say("✓ All of it worked", "bold green")
    show.say(f"  accounts connected             {len(scene.accounts)}")
    show.say(f"  calls of one API               {scene.api.calls}")
    show.say(f"  first normalised application   after {first}")
    received = scene.receiver
    show.say(
        f"  webhooks received              {len(received.arrivals):,}, every signature verified"
    )
    show.say(f"  of these twice                 {received.repeated}")
    show.say(f"  scores pushed                  {scene.scores}, each seen in its ATS")
    median, slowest = statistics.median(scene.latencies), max(scene.latencies)
    show.say(f"  change in an ATS → webhook     median {median:.2f} s, slowest {slowest:.2f} s")
    took = seconds_since(began)
    show.say(f"  everything                     after {took}, without the installation")


async def stay(show: Show, installation: Installation, scene: Scene) -> int:
    """Say how to go on, and wait for Ctrl-C."""
    shown = len(scene.receiver.arrivals)
    show.say("")
    show.say("Everything stays up until Ctrl-C. Go on in another terminal:", "bold")
    show.line(f"export HIRELOOM_URL={installation.url}")
    show.line(f"export HIRELOOM_API_KEY={installation.key}")
    for account in scene.accounts:
        show.line(f"export {account.app.upper()}={account.id}")
    account = scene.accounts[0]
    show.say("")
    show.line(
        'curl -s -H "Authorization: Bearer $HIRELOOM_API_KEY"'
        f' -H "X-Integration-Id: ${account.app.upper()}"'
        ' "$HIRELOOM_URL/v1.0/ats.application.list?pageSize=2&status=ACTIVE"'
    )
    show.line(f"hireloom call ats.job.list status=OPEN --integration ${account.app.upper()}")
    show.say("")
    show.line(f"Methods: {installation.url}/openapi.json")
    screen = f"{installation.sandbox.url}/_sandbox/{account.app}/screen"
    show.line(f"What {account.title} took: {screen}")
    show.line(f"What a recruiter sees of Ines: {screen}?application={account.application_id}")
    show.line("Change something in an ATS, and see below what arrives:")
    moved = scene.accounts[-1]
    body = f'{{"kind": "hire_application", "application": "{moved.application_id}"}}'
    show.line(f"curl -s {installation.sandbox.url}/_sandbox/{moved.app}/change -d '{body}'")
    show.line(f"The server's log: {installation.log}")
    told = asyncio.ensure_future(show_arrivals(scene, shown))
    try:
        await installation.server.wait()
    except asyncio.CancelledError:
        show.say("Stopping …", "dim")
        return 0
    finally:
        told.cancel()
    show.failed("The server ended by itself", last_words(installation.log))
    return 1


async def show_arrivals(scene: Scene, shown: int) -> None:
    """A line for each event but the first ones."""
    titles = {account.id: account.title for account in scene.accounts}
    while True:
        for one in scene.receiver.arrivals[shown:]:
            shown += 1
            event = one.event
            about = [titles.get(event["integrationId"]), event["eventType"], event["recordId"]]
            words = [*about, *event.get("changedPaths", ())]
            scene.show.line(f"→ {' '.join(filter(None, words))}")
        await asyncio.sleep(LOOK_SECONDS)
