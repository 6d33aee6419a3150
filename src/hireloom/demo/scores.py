"""Steps of the demo about scores: pushed, looked at in each ATS, corrected, and refused."""

from collections.abc import Iterable, Sequence

from hireloom.demo.calls import Json, UnexpectedError
from hireloom.demo.pages import Entry, drawn, lacking, new_in, page_of
from hireloom.demo.scene import Account, Scene
from hireloom.demo.show import short
from hireloom.demo.steps import TEST

SCORE: Json = {
    "assessment": {"name": TEST, "type": "coding"},
    "completedAt": "2025-01-15T12:00:00Z",
    "score": {"value": 89, "max": 100},
    "breakdown": [
        {"label": "Algorithm Design", "value": 87, "max": 100},
        {"label": "Code Quality", "value": 92, "max": 100},
        {"label": "Problem Solving", "value": 88, "max": 100},
    ],
    "result": "PASS",
    "notes": "At home with data structures. The code is tested, and explains itself.",
}
CONTENT = (
    f"=== {TEST} ===\nCompleted: 2025-01-15\nOverall Score: 89/100\n\nDetailed Breakdown:\n"
    "• Algorithm Design: 87/100\n• Code Quality: 92/100\n• Problem Solving: 88/100\n\n"
    f"Result: PASS\n\nEvaluator Notes: {SCORE['notes']}"
)
FIRST, SECOND = "attempt-1", "attempt-2"
CORRECTED: Json = {"value": 91, "max": 100}
CREATE = "ats.application.score.create"
# Where each vendor takes what becomes a scorecard there.
NATIVE_PATHS = {
    "greenhouse": "*/scorecards",
    "lever": "*/feedback",
    "ashby": "/applicationFeedback.submit",
}
NOTES = ("APPLICATION_NOTE", "CANDIDATE_NOTE")


async def write_as_note(scene: Scene) -> None:
    """Write a score as a note: plain text, the same call for every ATS"""

    async def look(account: Account) -> dict[str, str]:
        before = await page_of(scene, account)
        draft = {
            "candidateId": account.candidate_id,
            "applicationId": account.application_id,
            "content": CONTENT,
        }
        note = (await scene.post(account, "ats.candidate.note.create", draft))["note"]
        entries = new_in(await page_of(scene, account), before)
        if missing := lacking(entries, SCORE, SCORE):
            raise UnexpectedError(f"The note at {account.title} lacks {', '.join(missing)}")
        return {"placement": note["placement"], "the ATS shows": drawn(entries)}

    scene.show.call("ats.candidate.note.create {candidateId, applicationId, content}")
    await scene.each(look)


async def push_score(scene: Scene) -> None:
    """Push the score itself: it goes where the recruiter looks for it in this ATS"""
    scene.evaluator = await evaluator_of_all(scene)
    scene.show.call(f"{CREATE} {{applicationId, assessment, score, breakdown, result, …}}")
    pages = {}
    shown = {}
    for account in scene.accounts:
        account.receipt, pages[account.title] = await pushed(scene, account, score_of(scene, FIRST))
        shown[account.title] = receipt_of(account.receipt)
    scene.show.tell("The three receipts:", "bold")
    scene.show.table(shown)
    scene.show.tell("What a recruiter now sees on the application's page:", "bold")
    scene.show.table({title: {"new there": drawn(one)} for title, one in pages.items()})


async def evaluator_of_all(scene: Scene) -> dict[str, str]:
    """A user whom all three ATSs know by e-mail: who judged becomes the author where one is."""
    known: list[dict[str, str]] = []
    for account in scene.accounts:
        users = (await scene.get(account, "ats.user.list"))["users"]
        known.append({one["email"]: name_of(one) for one in users if one.get("email")})
    for email, name in known[0].items():
        if all(one.get(email) == name for one in known):
            return {"name": name, "email": email}
    raise UnexpectedError("No user is known to all three ATSs")


def name_of(user: Json) -> str:
    return " ".join(filter(None, (user.get("firstName"), user.get("lastName"))))


def score_of(scene: Scene, external_id: str) -> Json:
    return {**SCORE, "evaluator": scene.evaluator, "externalId": external_id}


async def pushed(scene: Scene, account: Account, score: Json) -> tuple[Json, list[Entry]]:
    """The receipt, and what is new on the page; raises where the page does not bear it out."""
    before = await page_of(scene, account)
    body = {"applicationId": account.application_id, **score}
    receipt: Json = (await scene.post(account, CREATE, body))["receipt"]
    entries = new_in(await page_of(scene, account), before)
    bear_out(account, receipt, entries, score)
    scene.scores += 1
    return receipt, entries


def bear_out(account: Account, receipt: Json, entries: Sequence[Entry], score: Json) -> None:
    written = receipt["fieldsWritten"]
    if not written:
        raise UnexpectedError(f"The receipt of {account.title} names nothing as written")
    if missing := lacking(entries, score, written):
        raise UnexpectedError(
            f"The receipt of {account.title} says that {', '.join(missing)} was written,"
            " and the page there does not show it"
        )


def receipt_of(receipt: Json) -> dict[str, str]:
    """As the API answers it, with a line for each field and each attempt."""
    shown = {
        "channel": receipt["channel"],
        "remoteId": short(receipt["remoteId"]),
        "change": receipt["change"],
        "fieldsWritten": ", ".join(receipt["fieldsWritten"]) or "none",
        "fieldsDropped": "\n".join(f"{one['field']}: {one['reason']}" for one in dropped(receipt))
        or "none",
    }
    if receipt["fieldsPending"]:
        shown["fieldsPending"] = ", ".join(receipt["fieldsPending"])
    return {**shown, "attempts": attempts_of(receipt)}


def dropped(receipt: Json) -> list[Json]:
    found: list[Json] = receipt["fieldsDropped"]
    return found


def attempts_of(receipt: Json) -> str:
    return "\n".join(attempt(one) for one in receipt["attempts"])


def attempt(one: Json) -> str:
    told = f": {one['reason']}" if one["reason"] else ""
    return f"• {one['channel']} {one['outcome']}{told}"


async def correct_score(scene: Scene) -> None:
    """Correct the score: the same externalId, so no second result"""

    async def look(account: Account) -> dict[str, str]:
        before = await page_of(scene, account)
        score = {**score_of(scene, FIRST), "score": CORRECTED}
        receipt, entries = await pushed(scene, account, score)
        stays = [one for one in before if one in await page_of(scene, account)]
        check_correction(account, receipt, stays)
        return {
            "change": receipt["change"],
            "channel": receipt["channel"],
            "remoteId": short(receipt["remoteId"]),
            "attempts": attempts_of(receipt),
            "new lines there": new_lines(entries, before),
        }

    scene.show.call(f"{CREATE} {{externalId: {FIRST}, score: {CORRECTED['value']}, …}}")
    scene.show.tell(
        "UPDATED: the same place has the new content. CORRECTED: what was written cannot be changed"
        " in that ATS, so a correction beside it says what is new."
    )
    await scene.each(look)


def check_correction(account: Account, receipt: Json, stays: Iterable[Entry]) -> None:
    """Raises where the page has it otherwise than the receipt."""
    is_updated = receipt["change"] == "UPDATED"
    if receipt["change"] not in ("UPDATED", "CORRECTED"):
        raise UnexpectedError(f"{account.title} has it as {receipt['change']}, not as a correction")
    if is_updated != (receipt["remoteId"] == account.receipt["remoteId"]):
        raise UnexpectedError(f"{account.title} names the wrong place for {receipt['change']}")
    # The plain note has the old score, too.
    is_old = [one for one in stays if not lacking([one], SCORE, ("score",))]
    if len(is_old) != (1 if is_updated else 2):
        raise UnexpectedError(f"{account.title} shows the old score {len(is_old)} times")


def new_lines(entries: Iterable[Entry], before: Iterable[Entry]) -> str:
    """The lines of changed or added entries that are nowhere on the page as it was."""
    old = {line for entry in before for line in entry.lines}
    return "\n".join(line for entry in entries for line in entry.lines if line not in old)


async def be_refused(scene: Scene) -> None:
    """Let each ATS answer 403 where scorecards go: the score arrives as a note"""
    scene.show.call(f"POST <sandbox>/_sandbox/faults, {CREATE} {{externalId: {SECOND}, …}}")
    scene.show.tell(
        "Of the attempts, those that were refused. Greenhouse allows 75 calls in 30 seconds; where"
        " the steps before have used them, the call waits."
    )
    try:
        await scene.break_also(
            [
                {"kind": "status", "status": 403, "method": "POST", "vendor": app, "path": path}
                for app, path in NATIVE_PATHS.items()
            ]
        )
        await scene.each(lambda account: refused(scene, account))
    finally:
        await scene.break_also([])
    scene.show.tell("From here on the vendors answer as before.")


async def refused(scene: Scene, account: Account) -> dict[str, str]:
    """Where the score went instead, and what the receipt says of the place that was refused."""
    receipt, entries = await pushed(scene, account, score_of(scene, SECOND))
    told = [one for one in receipt["attempts"] if one["outcome"] == "REFUSED"]
    first = account.receipt["channel"]
    if receipt["channel"] not in NOTES:
        raise UnexpectedError(f"{account.title} took as {receipt['channel']} what it was to refuse")
    if first not in NOTES and first not in [one["channel"] for one in told]:
        raise UnexpectedError(f"The receipt of {account.title} is silent about the refusal")
    return {
        "attempts": "\n".join(attempt(one) for one in told) or "no scorecard to refuse",
        "channel": receipt["channel"],
        "fieldsWritten": ", ".join(receipt["fieldsWritten"]),
        "new there": begun(drawn(entries)),
    }


def begun(text: str) -> str:
    """The first lines: the rest was seen in the steps before."""
    return "\n".join([*text.splitlines()[:5], "…"])


STEPS = (write_as_note, push_score, correct_score, be_refused)
