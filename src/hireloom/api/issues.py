"""Issues: failures grouped by cause, with who must act and what to do; muting them."""

from datetime import UTC, datetime, timedelta

from hireloom.api import own_pages
from hireloom.api.desk import Call
from hireloom.api.operation import Scope, operation
from hireloom.issues.showing import shown
from hireloom.models import IssueAnswer, IssueChoice, IssueMuting, IssuePage, IssueQuery
from hireloom.store import audit, issues, masters
from hireloom.store.pool import Connection
from hireloom.store.seal import OURS

ISSUE = "iss_5Jc0pQ2xWm8nTzYb4dHs9R"


@operation("issue.list", scope=Scope.READ, example={"state": "open"})
async def list_issues(call: Call, query: IssueQuery) -> IssuePage:
    """List the causes of failures, the newest first: what, since when, who must act, what to do."""
    async with call.desk.pool.acquire() as conn:
        own_key = await masters.own_key(conn, call.desk.vault)
        page = own_pages.opened(own_key, OURS, "issue.list", query)
        found = await issues.page(
            conn,
            integration_id=query.integration_id,
            kind=query.kind,
            state=None if query.state is None else query.state.value,
            before=int(page.after or issues.LAST),
            size=page.read,
        )
        listed, following = page.cut(found, lambda one: one.opening)
        return IssuePage(issues=await shown(conn, listed), next_page_token=following)


@operation("issue.get", scope=Scope.READ, example={"issueId": ISSUE})
async def get_issue(call: Call, choice: IssueChoice) -> IssueAnswer:
    """Say what an issue is about, how often it was seen, and what to do step by step."""
    async with call.desk.pool.acquire() as conn:
        return await _answer(conn, await issues.get(conn, choice.issue_id))


@operation("issue.mute", scope=Scope.ADMIN, example={"issueId": ISSUE, "hours": 24})
async def mute_issue(call: Call, muting: IssueMuting) -> IssueAnswer:
    """Tell nobody of an issue for some hours; it is still listed, and resolves itself as ever."""
    until = datetime.now(UTC) + timedelta(hours=muting.hours)
    return await _mute(call, "issue.mute", muting.issue_id, until)


@operation("issue.unmute", scope=Scope.ADMIN, example={"issueId": ISSUE})
async def unmute_issue(call: Call, choice: IssueChoice) -> IssueAnswer:
    """Undo issue.mute: when the issue comes up anew, it is told again."""
    return await _mute(call, "issue.unmute", choice.issue_id, None)


async def _mute(call: Call, action: str, issue_id: str, until: datetime | None) -> IssueAnswer:
    async with call.desk.pool.acquire() as conn, conn.transaction():
        by = None if until is None else call.actor
        muted = await issues.mute(conn, issue_id, until, by)
        detail = {"issueId": muted.id, "kind": muted.kind, "until": until}
        await audit.add(
            conn, call.actor, action, integration_id=muted.integration_id, detail=detail
        )
        return await _answer(conn, muted)


async def _answer(conn: Connection, found: issues.Issue) -> IssueAnswer:
    listed = await shown(conn, [found])
    if not listed:
        raise issues.unknown()
    return IssueAnswer(issue=listed[0])
