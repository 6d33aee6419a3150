"""Capturing details: an account's calls in outline, for some minutes, erased after a day."""

from datetime import timedelta

from hireloom import capturing
from hireloom.api import own_pages
from hireloom.api.desk import Call
from hireloom.api.operation import Scope, operation
from hireloom.kit import Integration
from hireloom.models import (
    Capture,
    CaptureAnswer,
    CapturedCall,
    CapturePage,
    CaptureQuery,
    CaptureStart,
    CaptureStop,
)
from hireloom.models.captures import CallDirection
from hireloom.recorder import told
from hireloom.store import captures


@operation("integration.capture.start", scope=Scope.ADMIN, example={"minutes": 15})
async def start_capture(call: Call, integration: Integration, start: CaptureStart) -> CaptureAnswer:
    """Keep calls of an account in outline for some minutes: no person and no secret stays in it.

    It works in every process within a second, and what it kept is erased a day after it began.
    """
    length = timedelta(minutes=start.minutes)
    found = await capturing.start(call.desk, call.actor, integration.id, length)
    return CaptureAnswer(capture=shown(found))


@operation("integration.capture.stop", scope=Scope.ADMIN, example={"erase": True})
async def stop_capture(call: Call, integration: Integration, stop: CaptureStop) -> CaptureAnswer:
    """End a capture before its time; with `erase` all that was captured of the account goes."""
    found = await capturing.stop(call.desk, call.actor, integration.id, erase=stop.erase)
    return CaptureAnswer(capture=shown(found))


@operation("integration.capture.list", scope=Scope.READ)
async def list_captured(call: Call, integration: Integration, query: CaptureQuery) -> CapturePage:
    """List calls that were captured of an account, the newest first. Each reading is audited."""
    account = await call.desk.accounts.open(integration.id)
    async with call.desk.pool.acquire() as conn:
        page = own_pages.opened(account.data_key, account.id, "integration.capture.list", query)
        found = await captures.page(
            conn,
            account.data_key,
            account.id,
            execution_id=query.execution_id,
            before=int(page.after or captures.LAST),
            size=page.read,
        )
        latest = await captures.latest(conn, account.id)
        listed, following = page.cut(found, lambda one: one.number)
        await capturing.note_reading(conn, call.actor, account.id, listed)
    calls = [shown_call(one) for one in listed]
    return CapturePage(capture=shown(latest), calls=calls, next_page_token=following)


def shown(capture: captures.Capture | None) -> Capture | None:
    if capture is None:
        return None
    return Capture(
        capture_id=capture.id,
        on=capture.is_on,
        started_by=capture.started_by,
        started_at=capture.started_at,
        ends_at=capture.ends_at,
        erased_at=capture.erased_at,
        kept=capture.kept,
        left_out=capture.left_out,
    )


def shown_call(one: captures.Captured) -> CapturedCall:
    outlined = told(one)
    return CapturedCall(
        id=one.id,
        at=one.at,
        direction=CallDirection(one.direction),
        execution_id=one.execution_id,
        method=one.method,
        operation=one.operation,
        status=one.status,
        code=one.code,
        address=outlined.address,
        request_headers=outlined.sent_headers,
        request_body=outlined.sent,
        answer_headers=outlined.answered_headers,
        answer_body=outlined.answered,
    )
