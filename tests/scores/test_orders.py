"""The result side of orders: which ones take a result, and what becomes of them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from asyncpg import Connection

from hireloom.errors import ConflictError, ResourceNotFoundError
from hireloom.kit import OpenOrder
from hireloom.models import AssessmentNamed, AssessmentStatus, FileDraft, Points, ScoreDraft
from hireloom.scores import orders as results
from hireloom.store import integrations, masters, orders, partners
from hireloom.store.integrations import NewIntegration
from hireloom.store.orders import NewOrder, Order
from hireloom.store.seal import Key, Vault


def score(external_id: str | None = "r-1", **more: Any) -> ScoreDraft:
    points = Points(value=89, max=100)
    return ScoreDraft(
        assessment=AssessmentNamed(name="Java"), score=points, external_id=external_id, **more
    )


@dataclass
class Desk:
    """An account with one order, and a push of scores."""

    conn: Connection
    key: Key
    integration: str
    order: str

    async def state(self) -> Order:
        return await results.order_of(self.conn, self.integration, self.order)

    async def open(self, external_id: str | None = "r-1") -> OpenOrder:
        return await results.open_order(
            self.conn, self.key, self.integration, self.order, external_id=external_id
        )

    async def hold(self, draft: ScoreDraft) -> None:
        await results.hold_result(self.conn, self.key, self.integration, self.order, draft)

    async def told(self, draft: ScoreDraft, *, fetches: bool = False) -> None:
        await results.completed(
            self.conn, self.key, self.integration, self.order, draft, fetches_results=fetches
        )

    async def back(self) -> None:
        await results.given_back(self.conn, self.integration, self.order)


@pytest.fixture
async def desk(conn: Connection, vault: Vault) -> Desk:
    new = NewIntegration(
        connector="harbor", category="ats", origin_org_id="org_1", origin_org_name="Initech"
    )
    made = await integrations.create(conn, vault, new, b"{}")
    key = await masters.data_key(conn, vault, made.id)
    await partners.create(conn, key, made.id)
    order = await orders.put(
        conn,
        key,
        NewOrder(
            integration_id=made.id,
            package_id="java",
            subject="application 7",
            candidate_id=None,
            application_id="7",
            job_id=None,
            callback=None,
            expires_at=datetime.now(UTC) + timedelta(days=1),
        ),
    )
    return Desk(conn, key, made.id, order.id)


async def test_an_order_that_was_told_of_its_result_is_complete(desk: Desk) -> None:
    opened = await desk.open()
    await desk.hold(score())
    await desk.told(score())

    order = await desk.state()
    assert opened.after == 0
    assert (order.state, order.result) == ("COMPLETED", None)
    assert order.completed_at is not None


async def test_a_result_that_the_vendor_fetches_waits_for_it(desk: Desk) -> None:
    await desk.hold(score())
    await desk.told(score(), fetches=True)

    order = await desk.state()
    held = msgspec.json.decode(order.open_result(desk.key) or b"", type=ScoreDraft)
    assert (order.state, order.completed_at) == ("RESULT_READY", None)
    assert held == score()


async def test_files_are_not_held_for_the_vendor(desk: Desk) -> None:
    file = FileDraft(name="report.pdf", content_type="application/pdf", data=b"planted")

    await desk.hold(score(attachments=(file,)))

    content = (await desk.state()).open_result(desk.key)
    assert msgspec.json.decode(content or b"", type=ScoreDraft) == score()


async def test_a_result_that_was_fetched_before_the_push_ended_stays_complete(desk: Desk) -> None:
    await desk.hold(score())
    await orders.fetched(desk.conn, await desk.state())
    await desk.told(score(), fetches=True)
    complete = await desk.state()
    await desk.back()

    assert complete.state == "COMPLETED"
    assert complete.fetched_at is not None
    assert (await desk.state()).state == "COMPLETED"


async def test_trouble_that_is_told_before_the_push_ended_stays_on_the_order(desk: Desk) -> None:
    await desk.hold(score())
    await orders.fetched(desk.conn, await desk.state())
    await orders.note_problem(desk.conn, desk.integration, desk.order, "no address")
    await desk.told(score(), fetches=True)
    troubled = await desk.state()
    await desk.hold(score())

    assert (troubled.state, troubled.problem) == ("RESULT_READY", "no address")
    assert (await desk.state()).problem is None


async def test_a_push_that_failed_gives_the_order_back(desk: Desk) -> None:
    await desk.told(score(status=AssessmentStatus.IN_PROGRESS))
    await desk.hold(score())
    await desk.back()

    order = await desk.state()
    assert (order.state, order.result, order.result_print) == ("IN_PROGRESS", None, None)
    assert (await desk.open("another")).id == desk.order


@pytest.mark.parametrize("fetches", [True, False])
async def test_only_the_same_result_again_corrects_a_complete_order(
    desk: Desk, fetches: bool
) -> None:
    await desk.hold(score())
    await desk.told(score(), fetches=fetches)

    assert (await desk.open("r-1")).id == desk.order
    for external_id in ("r-2", None):
        with pytest.raises(ConflictError, match="another result"):
            await desk.open(external_id)
        with pytest.raises(ConflictError, match="another result"):
            await desk.hold(score(external_id))


async def test_a_correction_that_fails_leaves_the_order_complete(desk: Desk) -> None:
    await desk.hold(score())
    await desk.told(score())
    await desk.hold(score())
    held = await desk.state()
    await desk.back()

    assert held.state == "RESULT_READY"
    assert (await desk.state()).state == "COMPLETED"
    with pytest.raises(ConflictError):
        await desk.open("r-2")


async def test_a_correction_that_is_never_fetched_leaves_the_order_complete(desk: Desk) -> None:
    await desk.hold(score())
    await desk.told(score())
    await desk.hold(score())
    await desk.conn.execute("update assessment_orders set expires_at = now()")

    overdue = await orders.overdue(desk.conn, 10)
    await orders.erase_results(desk.conn)

    order = await desk.state()
    assert overdue == []
    assert (order.state, order.result) == ("COMPLETED", None)


async def test_a_closed_order_takes_no_result(desk: Desk) -> None:
    await orders.close(desk.conn, await desk.state(), "CANCELLED", "for the test")
    with pytest.raises(ConflictError, match="is cancelled, so it takes no result"):
        await desk.open()
    await orders.close(desk.conn, await desk.state(), "EXPIRED", "for the test")
    with pytest.raises(ConflictError, match="has expired"):
        await desk.open()


async def test_an_order_past_its_time_takes_no_result_before_the_clean_up_came(desk: Desk) -> None:
    await desk.conn.execute("update assessment_orders set expires_at = now()")

    with pytest.raises(ConflictError, match="has expired"):
        await desk.open()


@pytest.mark.parametrize("status", ["STARTED", "IN_PROGRESS", "EXPIRED", "CANCELLED"])
async def test_a_status_without_a_result_is_noted(desk: Desk, status: str) -> None:
    draft = score(status=AssessmentStatus(status))
    await desk.hold(draft)
    held = await desk.state()
    await desk.told(draft)

    order = await desk.state()
    assert held.state == "ORDERED"
    assert (order.state, order.result, order.completed_at) == (status, None, None)
    assert (order.closed_because is None) == (status in {"STARTED", "IN_PROGRESS"})


async def test_each_update_is_later_than_the_one_before(desk: Desk) -> None:
    before = results.now_in_millis()
    await desk.told(score(status=AssessmentStatus.STARTED))
    first = (await desk.open()).after
    await desk.conn.execute("update assessment_orders set after_ms = $1", first + 10**9)
    await desk.hold(score())
    await desk.back()

    assert first >= before
    assert (await desk.open()).after == first + 10**9 + 1


async def test_an_order_of_another_account_or_without_access_is_refused(desk: Desk) -> None:
    with pytest.raises(ResourceNotFoundError):
        await results.open_order(desk.conn, desk.key, "int_none", desk.order, external_id=None)
    await partners.delete(desk.conn, desk.integration)
    with pytest.raises(ConflictError, match="partner access"):
        await desk.open()
