"""Tests that recruiters order inside their ATS: what is offered, and what was ordered."""

from hireloom.api import own_pages
from hireloom.api.desk import Call
from hireloom.api.operation import Scope, operation
from hireloom.errors import ConflictError, HireloomError, ResourceNotFoundError
from hireloom.kit import CancelsAssessmentOrders, HostsAssessments, Integration
from hireloom.models import (
    AssessmentOrder,
    OrderAnswer,
    OrderCancellation,
    OrderCancelled,
    OrderChoice,
    OrderPage,
    OrderQuery,
    OrderState,
    Package,
    PackageAnswer,
    PackageChoice,
    PackageDeleted,
    PackageDraft,
    PackageList,
    PackageQuery,
)
from hireloom.scores.orders import as_open
from hireloom.store import audit, integrations, masters, orders, packages
from hireloom.store.pool import Connection
from hireloom.store.seal import OURS
from hireloom.sync import ordering
from hireloom.sync.ordering import Ending

PACKAGE = "java-backend-60"
ORDER = "ord_7nBt5rKc9LwE2Vx0aZ4mJq"
GIVEN_UP = "cancelled by assessment.order.cancel"


# Packages. The header is optional: without it, they are those of all accounts.


@operation(
    "assessment.package.put",
    scope=Scope.WRITE,
    example={
        "packageId": PACKAGE,
        "name": "Java backend, 60 minutes",
        "assessmentType": "TECHNICAL",
        "expiresAfterDays": 14,
    },
)
async def put_package(call: Call, draft: PackageDraft) -> PackageAnswer:
    """Offer a test, or change it. One that was withdrawn is offered again."""
    owner = call.origin_integration_id or OURS
    new = packages.NewPackage(
        integration_id=owner,
        package_id=draft.package_id,
        name=draft.name,
        description=draft.description,
        assessment_type=draft.assessment_type,
        expires_after_days=draft.expires_after_days,
    )
    async with call.desk.pool.acquire() as conn, conn.transaction():
        await known(conn, owner)
        made = await packages.put(conn, new)
        await audited(conn, call, "assessment.package.put", owner, draft.package_id)
    return PackageAnswer(package=shown_package(made))


@operation("assessment.package.list", scope=Scope.READ)
async def list_packages(call: Call, query: PackageQuery) -> PackageList:
    """List the tests that every account can order; with the integration header, those of one."""
    owner = call.origin_integration_id or OURS
    async with call.desk.pool.acquire() as conn:
        await known(conn, owner)
        found = await packages.of_account(conn, owner)
    return PackageList(
        packages=[
            shown_package(one) for one in found if query.withdrawn or one.withdrawn_at is None
        ]
    )


@operation("assessment.package.delete", scope=Scope.WRITE, example={"packageId": PACKAGE})
async def delete_package(call: Call, choice: PackageChoice) -> PackageDeleted:
    """Offer a test no longer. What was ordered of it still takes its result."""
    owner = call.origin_integration_id or OURS
    async with call.desk.pool.acquire() as conn, conn.transaction():
        await known(conn, owner)
        if await packages.withdraw(conn, owner, choice.package_id) is None:
            whose = "of this account's own" if owner else "for all accounts"
            raise ResourceNotFoundError(
                f"There is no package {choice.package_id} {whose}",
                hint="assessment.package.list has those that there are; the header"
                " X-Integration-Id names the account that a package is for.",
            )
        count = await orders.count_open(conn, owner, choice.package_id)
        await audited(conn, call, "assessment.package.delete", owner, choice.package_id)
    return PackageDeleted(package_id=choice.package_id, deleted=True, open_orders=count)


async def known(conn: Connection, owner: str) -> None:
    """Raises IntegrationNotFoundError; the account stays until the transaction ends."""
    if owner != OURS:
        await integrations.hold(conn, owner)


async def audited(conn: Connection, call: Call, action: str, owner: str, package_id: str) -> None:
    detail = {"packageId": package_id}
    await audit.add(conn, call.actor, action, integration_id=owner, detail=detail)


def shown_package(stored: packages.Package) -> Package:
    return Package(
        package_id=stored.package_id,
        name=stored.name,
        description=stored.description,
        assessment_type=stored.assessment_type,
        expires_after_days=stored.expires_after_days,
        integration_id=stored.integration_id or None,
        withdrawn_at=stored.withdrawn_at,
        updated_at=stored.updated_at,
    )


# Orders.


@operation("assessment.order.list", scope=Scope.READ, example={"state": "ORDERED"})
async def list_orders(call: Call, query: OrderQuery) -> OrderPage:
    """List orders, the newest first; with the integration header, those of one account."""
    owner = call.origin_integration_id or OURS
    wanted = orders.Filter(
        integration_id=owner or None,
        state=None if query.state is None else query.state.value,
        package_id=query.package_id,
        application_id=query.application_id,
    )
    async with call.desk.pool.acquire() as conn:
        if owner != OURS:
            await integrations.get(conn, owner)
        own_key = await masters.own_key(conn, call.desk.vault)
        page = own_pages.opened(own_key, owner, "assessment.order.list", query)
        before = int(page.after or orders.LAST)
        found = await orders.page(conn, wanted, before=before, size=page.read)
    listed, following = page.cut(found, lambda one: one.number)
    return OrderPage(orders=[shown(one) for one in listed], next_page_token=following)


@operation("assessment.order.get", scope=Scope.READ, example={"orderId": ORDER})
async def get_order(call: Call, integration: Integration, choice: OrderChoice) -> OrderAnswer:
    """Say how an order stands."""
    async with call.desk.pool.acquire() as conn:
        found = await orders.get(conn, integration.id, choice.order_id)
    return OrderAnswer(order=shown(found))


@operation(
    "assessment.order.cancel",
    scope=Scope.WRITE,
    needs=(HostsAssessments,),
    stays_here=True,  # the ATS is told where it can be, but what changes is the order
    example={"orderId": ORDER, "reason": "The test was withdrawn"},
)
async def cancel_order(
    call: Call, integration: Integration, request: OrderCancellation
) -> OrderCancelled:
    """Give an open order up. The ATS is told where it takes that; `told` says whether it was."""
    account = await call.desk.accounts.open(integration.id)
    async with call.desk.pool.acquire() as conn:
        order = await orders.get(conn, integration.id, request.order_id)
        refuse_closed(order)
        opened = await as_open(conn, account.data_key, order)
    reason = request.reason or "Cancelled by the provider of the test"
    told_reason = f"{integration.title} cannot be told that a test was cancelled"
    told = False
    if (ats := integration.able_to(CancelsAssessmentOrders)) is not None:
        try:
            await ats.cancel_assessment_order(opened, reason)
            told, told_reason = True, ""
        except HireloomError as error:
            if error.retryable:
                raise
            told_reason = error.msg
    ending = Ending("CANCELLED", "API", GIVEN_UP, request.reason)
    async with call.desk.pool.acquire() as conn, conn.transaction():
        order = await orders.locked(conn, integration.id, request.order_id)
        refuse_closed(order)
        closed = await ordering.close(conn, call.desk.vault, account.stored, order, ending)
        await audit.add(
            conn, call.actor, "assessment.order.cancel",
            integration_id=integration.id, detail={"orderId": order.id, "told": told},
        )  # fmt: skip
    return OrderCancelled(order=shown(closed), told=told, told_reason=told_reason or None)


def refuse_closed(order: orders.Order) -> None:
    """Raises ConflictError."""
    if not order.is_open:
        raise ConflictError(
            f"The order {order.id} is {order.state.lower()}, so there is nothing to cancel",
            hint="See assessment.order.get.",
        )


def shown(stored: orders.Order) -> AssessmentOrder:
    return AssessmentOrder(
        order_id=stored.id,
        integration_id=stored.integration_id,
        package_id=stored.package_id,
        state=OrderState(stored.state),
        candidate_id=stored.candidate_id,
        application_id=stored.application_id,
        job_id=stored.job_id,
        times_ordered=stored.times_ordered,
        ordered_at=stored.ordered_at,
        expires_at=stored.expires_at,
        completed_at=stored.completed_at,
        closed_because=stored.closed_because,
        fetched_at=stored.fetched_at,
        problem=stored.problem,
        updated_at=stored.updated_at,
    )
