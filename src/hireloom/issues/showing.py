"""An issue as the API, events, alerts and the console show it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from hireloom.issues.kind import Facts, Kind
from hireloom.issues.kinds import KINDS
from hireloom.models import Issue, IssueState
from hireloom.store import issues
from hireloom.store.issues import Owner
from hireloom.store.pool import Connection

DELIVERY = "dlv_"


async def shown(conn: Connection, found: Sequence[issues.Issue]) -> list[Issue]:
    """Kinds that this version no longer has are left out."""
    owners = await issues.owners(conn, found)
    return [
        _shown(one, KINDS[one.kind], owners.get(one.integration_id))
        for one in found
        if one.kind in KINDS
    ]


def _shown(one: issues.Issue, kind: Kind, owner: Owner | None) -> Issue:
    facts = Facts(one.code, one.subject, one.detail)
    return Issue(
        issue_id=one.id,
        kind=one.kind,
        title=kind.title(facts),
        state=state_of(one),
        category=kind.category(facts),
        steps=kind.what_to_do(facts),
        code=one.code,
        subject=one.subject or None,
        integration_id=one.integration_id or None,
        app_id=owner.connector if owner else None,
        origin_org_id=owner.origin_org_id if owner else None,
        count=max(1, one.count),
        first_seen_at=one.first_seen_at,
        last_seen_at=one.last_seen_at,
        opened_at=one.opened_at,
        resolved_at=one.resolved_at if one.is_over else None,
        muted_until=one.muted_until if one.is_muted(datetime.now(UTC)) else None,
        muted_by=one.muted_by if one.is_muted(datetime.now(UTC)) else None,
        execution_id=one.execution_id,
        sync_run_id=one.run_id,
        delivery_id=None if one.delivery_id is None else f"{DELIVERY}{one.delivery_id}",
    )


def state_of(one: issues.Issue) -> IssueState:
    if one.is_over:
        return IssueState.RESOLVED
    return IssueState.MUTED if one.is_muted(datetime.now(UTC)) else IssueState.OPEN
