"""The steps of the demo: each makes its calls at every account and shows what came back."""

from collections.abc import Sequence

import httpx
import msgspec

from hireloom.demo.calls import Json, UnexpectedError
from hireloom.demo.scene import VENDORS, Account, Scene
from hireloom.demo.show import at, short

CUSTOMER = {
    "originOrgId": "demo-customer",
    "originOrgName": "Demo Customer Ltd",
    "testAccount": True,
}
PERSON: Json = {
    "firstName": "Ines",
    "lastName": "Duarte",
    "emails": [{"type": "PERSONAL", "email": "ines.duarte@example.com"}],
    "phones": [{"type": "MOBILE", "phoneNumber": "+351 912 345 678"}],
}
NOTE = (
    "<p><b>Coding assessment</b>: 89 of 100</p>"
    "<ul><li>Correctness: 92</li><li>Style: 84</li></ul>"
    '<p><a href="https://example.com/reports/1">Full report</a></p>'
    "<script>alert('never arrives')</script>"
)
JOB_FIELDS = (
    "info.id",
    "info.title",
    "info.status",
    "info.statusSource",
    "info.openings.open",
    "info.createdAt",
    "departments.name",
    "offices.name",
)
APPLICATION_FIELDS = (
    "info.id",
    "info.candidate.firstName",
    "info.candidate.lastName",
    "info.candidate.emails.email",
    "info.status",
    "info.statusSource",
    "currentStage.text",
    "currentStage.type",
    "info.origin",
    "info.source.name",
    "info.appliedAt",
    "info.jobId",
)
TEST = "Technical Coding Assessment"
PLANS = {"greenhouse": "/job_interviews"}  # where the vendor lists the interviews of jobs
# The vendors' own words, which is what passthrough is for.
OWN_CALLS: dict[str, Json] = {
    "greenhouse": {"method": "GET", "path": "/users", "params": {"per_page": 1}},
    "lever": {"method": "GET", "path": "/users", "params": {"limit": 1}},
    "ashby": {"method": "POST", "path": "/user.list", "body": {"limit": 1}},
}


async def connect(scene: Scene) -> None:
    """Connect three sandbox accounts"""
    scene.show.call("connector.get, integration.import {appId, credentials, settings}")
    known = (await scene.sandbox("/"))["vendors"]
    for app in VENDORS:
        told = await scene.api.get(app, "connector.get", appId=app)
        connector = told["connector"]
        credentials = entered(connector["connect"], known[app]["credentials"])
        body = {**CUSTOMER, "appId": app, "credentials": credentials}
        made = await scene.api.post(connector["title"], "integration.import", body)
        account = Account(
            app=app,
            title=connector["title"],
            id=made["integrationId"],
            operations=connector["operations"],
        )
        if any(setting["name"] == "performAs" for setting in connector["settings"]):
            account.acts_as = await act_as_somebody(scene, account, credentials)
        scene.accounts.append(account)
    scene.show.table({account.title: connected(account) for account in scene.accounts})


def entered(ways: list[Json], credentials: dict[str, str]) -> dict[str, str]:
    """What to fill in: of the ways to connect that the credentials fit, the shortest."""
    forms = [
        [one["name"] for one in way["fields"] if one["name"] in credentials]
        for way in ways
        if all(one["name"] in credentials for one in way["fields"] if one["required"])
    ]
    return {name: credentials[name] for name in min(forms, key=len)}


async def act_as_somebody(scene: Scene, account: Account, credentials: dict[str, str]) -> str:
    """Some vendors want a user in whose name changes are made."""
    users = (await scene.get(account, "ats.user.list"))["users"]
    user = next(one for one in users if one.get("active", True))
    changes = {"credentials": credentials, "settings": {"performAs": user["id"]}}
    await scene.post(account, "integration.credentials.update", changes)
    return f"{user.get('firstName') or ''} {user.get('lastName') or ''}".strip() or user["id"]


def connected(account: Account) -> dict[str, str]:
    supported = sum(state == "SUPPORTED" for state in account.operations.values())
    return {
        "integration": short(account.id),
        "can do": f"{supported} of {len(account.operations)} operations",
        "writes as": account.acts_as or "the API client",
    }


async def list_jobs(scene: Scene) -> None:
    """List open jobs"""

    async def look(account: Account) -> dict[str, str]:
        wanted = "job_info,job_departments,job_offices"
        page = await scene.get(account, "ats.job.list", status="OPEN", models=wanted, pageSize=25)
        jobs = page["jobs"]
        if not jobs:
            raise UnexpectedError(f"{account.title} listed no open job")
        account.jobs = [job["info"] for job in jobs]
        return {
            "found": f"{len(jobs)}{'+' if page.get('nextPageToken') else ''}, the first:",
            **fields_of(jobs[0], JOB_FIELDS),
        }

    scene.show.call("ats.job.list?status=OPEN")
    await scene.each(look)


async def list_applications(scene: Scene) -> None:
    """List applications: one shape, whoever the vendor is"""

    async def look(account: Account) -> dict[str, str]:
        wanted = "application_info,application_stage"
        page = await scene.get(account, "ats.application.list", models=wanted, pageSize=25)
        account.applications = page["applications"]
        if not account.applications:
            raise UnexpectedError(f"{account.title} listed no application")
        more = "+" if page.get("nextPageToken") else ""
        return {
            "found": f"{len(account.applications)}{more}, the first:",
            **fields_of(account.applications[0], APPLICATION_FIELDS),
        }

    scene.show.call("ats.application.list?models=application_info,application_stage")
    await scene.each(look)


def fields_of(record: Json, paths: Sequence[str]) -> dict[str, str]:
    """Dotted paths and their values, fit for a column; ids are cut, times lose their seconds."""
    shown = {}
    for path in paths:
        value = at(record, path)
        if path.endswith(("id", "Id")):
            value = short(value)
        elif path.endswith("At"):
            value = value[:16]
        shown[path.removeprefix("info.")] = value
    return shown


async def create_candidate(scene: Scene) -> None:
    """Create a candidate"""

    async def look(account: Account) -> dict[str, str]:
        made = await scene.post(account, "ats.candidate.create", PERSON)
        account.candidate_id = made["candidateId"]
        return {"candidateId": short(account.candidate_id), "fieldsDropped": dropped(made)}

    scene.show.call("ats.candidate.create {firstName, lastName, emails, phones}")
    await scene.each(look)


async def create_application(scene: Scene) -> None:
    """Let the candidate apply for an open job"""

    async def look(account: Account) -> dict[str, str]:
        account.job = await job_to_apply_for(scene, account)
        draft = {"jobId": account.job["id"], "candidateId": account.candidate_id}
        made = await scene.post(account, "ats.application.create", draft)
        account.application_id = made["applicationId"]
        return {
            "applicationId": short(account.application_id),
            "job": at(account.job, "title"),
            "fieldsDropped": dropped(made),
        }

    scene.show.call("ats.application.create {jobId, candidateId}")
    await scene.each(look)


async def job_to_apply_for(scene: Scene, account: Account) -> Json:
    """The first; at Greenhouse, which ties scorecards to interviews, the first with the test's."""
    if account.app not in PLANS:
        return account.jobs[0]
    ids = ",".join(job["id"] for job in account.jobs)
    call = {"method": "GET", "path": PLANS[account.app], "params": {"job_ids": ids}}
    told = (await scene.post(account, "passthrough", call))["response"]
    testing = {str(one["job_id"]) for one in told["body"] if one["name"] == TEST}
    return next((job for job in account.jobs if job["id"] in testing), account.jobs[0])


def dropped(made: Json) -> str:
    return ", ".join(one["field"] for one in made.get("fieldsDropped", [])) or "nothing"


async def move_stage(scene: Scene) -> None:
    """Move the application to the next stage"""

    async def look(account: Account) -> dict[str, str]:
        before = await stage_of(scene, account)
        stages = (await scene.get(account, "ats.stage.list", jobId=account.job["id"]))["stages"]
        target = following(stages, before)
        body = {"applicationId": account.application_id, "stageId": target["id"]}
        await scene.post(account, "ats.application.stage.update", body)
        after = await stage_of(scene, account)
        if after.get("id") != target["id"]:
            raise UnexpectedError(f"{account.title} did not move the application")
        return {"before": str(before.get("text")), "after": str(after.get("text"))}

    scene.show.call("ats.stage.list, ats.application.stage.update, ats.application.list")
    await scene.each(look)


async def stage_of(scene: Scene, account: Account) -> Json:
    """By the list, which for one section needs fewer of the vendor's calls than a whole record."""
    query = {"candidateId": account.candidate_id, "models": "application_info,application_stage"}
    for one in (await scene.get(account, "ats.application.list", **query))["applications"]:
        if one["info"]["id"] == account.application_id:
            stage: Json = one.get("currentStage") or {}
            return stage
    raise UnexpectedError(f"{account.title} does not list the application that was made")


def following(stages: list[Json], before: Json) -> Json:
    """The next stage of a pipeline in its order; after the last, another one."""
    ordered = sorted(stages, key=lambda stage: stage.get("order") or 0)
    others = [stage for stage in ordered if stage["id"] != before.get("id")]
    if not others:
        raise UnexpectedError("There is no other stage to move to")
    place = before.get("order") or 0
    return next((stage for stage in others if (stage.get("order") or 0) > place), others[-1])


async def write_note(scene: Scene) -> None:
    """Write a note with HTML, and look at it in each ATS"""

    async def look(account: Account) -> dict[str, str]:
        draft = {
            "candidateId": account.candidate_id,
            "applicationId": account.application_id,
            "content": NOTE,
        }
        note = (await scene.post(account, "ats.candidate.note.create", draft))["note"]
        screen = await scene.sandbox(f"/_sandbox/{account.app}/screen")
        shown = text_of(screen["notes"][-1]) if screen["notes"] else ""
        if "89 of 100" not in shown or "alert" in shown:
            raise UnexpectedError(f"The note did not arrive at {account.title} as it should")
        return {
            "placement": note["placement"],
            "format": note["format"],
            "as the ATS got it": shown,
        }

    scene.show.call("ats.candidate.note.create {content}, with content:")
    scene.show.tell(NOTE)
    await scene.each(look)


def text_of(note: Json) -> str:
    """What the sandbox shows of a note, in whichever member the vendor keeps it."""
    if fields := note.get("fields"):
        return "\n".join(str(one.get("value", "")) for one in fields)
    return str(next((note[name] for name in ("body", "content", "text") if name in note), ""))


async def download_resume(scene: Scene) -> None:
    """Download a résumé"""

    async def look(account: Account) -> dict[str, str]:
        resume = await find_resume(scene, account)
        wanted = {"attachmentId": resume["id"]}
        wanted |= {n: resume[n] for n in ("applicationId", "candidateId") if resume.get(n)}
        file = await scene.api.download(
            account.title, "ats.attachment.download", account.id, **wanted
        )
        if not file.content:
            raise UnexpectedError(f"The résumé from {account.title} is empty")
        return {
            "name": at(resume, "name"),
            "type": file.headers.get("content-type", ""),
            "bytes": f"{len(file.content):,}",
            "begins with": repr(file.content[:8].decode("latin-1")),
        }

    scene.show.call("ats.attachment.list, ats.attachment.download")
    await scene.each(look)


async def find_resume(scene: Scene, account: Account) -> Json:
    for application in account.applications:
        query = {"applicationId": application["info"]["id"]}
        page = await scene.get(account, "ats.attachment.list", **query)
        for attachment in page["attachments"]:
            if attachment["type"] == "RESUME":
                found: Json = {**query, **attachment}
                return found
    raise UnexpectedError(f"No application listed at {account.title} has a résumé")


async def pass_through(scene: Scene) -> None:
    """Call the vendor's own API through Hireloom"""

    async def look(account: Account) -> dict[str, str]:
        call = OWN_CALLS[account.app]
        told = (await scene.post(account, "passthrough", call))["response"]
        if told["status"] != httpx.codes.OK:
            raise UnexpectedError(
                f"{account.title} answered {told['status']} to a passthrough call"
            )
        return {
            "call": f"{call['method']} {call['path']}",
            "status": str(told["status"]),
            "body": short(msgspec.json.encode(told["body"]).decode(), 100),
        }

    scene.show.call("passthrough {method, path, params, body}")
    await scene.each(look)


async def meet_unsupported(scene: Scene) -> None:
    """Ask for what a vendor does not offer: it says so by name"""
    refused = 0
    scene.show.call("an operation that connector.get calls UNSUPPORTED")

    async def look(account: Account) -> dict[str, str]:
        nonlocal refused
        lacking = [name for name, state in account.operations.items() if state == "UNSUPPORTED"]
        if not lacking:
            return {"called": "nothing: it lacks none"}
        error = await scene.api.refusal(account.title, lacking[0], account.id)
        if error["code"] != "operation.not_supported":
            raise UnexpectedError(f"{account.title} refused {lacking[0]} with {error['code']}")
        refused += 1
        return {
            "called": lacking[0],
            "answer": f"{error['status']} {error['code']}",
            "msg": error["msg"],
            "hint": error["hint"],
            "executionId": error["executionId"],
        }

    await scene.each(look)
    if not refused:
        raise UnexpectedError("No vendor lacks any operation, so there is no error to show")


STEPS = (
    connect,
    list_jobs,
    list_applications,
    create_candidate,
    create_application,
    move_stage,
    write_note,
    download_resume,
    pass_through,
    meet_unsupported,
)
