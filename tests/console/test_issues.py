"""The page of issues: from a cause to a line of the log and back, muted, and gone by itself."""

import re

from hireloom.issues import watch
from hireloom.store import issues
from tests.console.conftest import Console, Visitor
from tests.issues.test_watch import until_good


async def look(console: Console) -> None:
    desk = console.service.desk
    await desk.ledger.flush()
    await watch.look(desk.pool, desk.vault, settling=0)


async def failing(console: Console) -> tuple[str, str]:
    """An account one of whose methods fails, and the execution id of that call."""
    service = console.service
    integration = await service.connect("greenhouse")
    service.faults({"vendor": "greenhouse", "path": "*/jobs*", "kind": "status", "status": 500})
    failed = await service.get("ats.job.list", integration)
    service.faults()
    await look(console)
    return integration, failed.headers["X-Execution-Id"]


async def test_an_issue_says_who_must_act_and_leads_to_its_call(
    console: Console, admin: Visitor
) -> None:
    _, execution = await failing(console)

    text = (await admin.get("/issues")).text
    (link,) = set(re.findall(r'href="(/console/logs\?execution=[^"]+)"', text))
    lines = (await admin.http.get(link)).text

    assert "ats.job.list fails with upstream.unavailable" in text
    assert "The vendor must act" in text
    assert link.endswith(execution)
    assert "ats.job.list" in lines


async def test_an_issue_is_muted_and_told_again_by_admins_alone(
    console: Console, admin: Visitor, support: Visitor
) -> None:
    await failing(console)
    async with console.service.desk.pool.acquire() as conn:
        (issue,) = await issues.page(conn)

    refused = await support.post(f"/issues/{issue.id}/mute", seen_on="/issues")
    await admin.post(f"/issues/{issue.id}/mute", seen_on="/issues")
    muted = (await admin.get("/issues", state="muted")).text
    none_open = (await admin.get("/issues")).text
    await admin.post(f"/issues/{issue.id}/unmute", seen_on="/issues")
    open_again = (await admin.get("/issues")).text
    audited = (await admin.get("/audit")).text

    assert refused.status_code == 403
    assert issue.id in muted
    assert "Nothing is wrong." in none_open
    assert issue.id in open_again
    assert "issue.mute" in audited


async def test_what_recovers_is_resolved_by_itself(console: Console, admin: Visitor) -> None:
    integration, _ = await failing(console)
    await until_good(console.service, "ats.job.list", integration)
    await look(console)

    assert "Nothing is wrong." in (await admin.get("/issues")).text
    assert "ats.job.list fails" in (await admin.get("/issues", state="resolved")).text
