"""Calls of an ATS in which tests are ordered: who calls, what is asked, the answer in its words."""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import compare_digest

import msgspec
import structlog

from hireloom import connectors
from hireloom.accounts import Account
from hireloom.api import answers
from hireloom.desk import Desk
from hireloom.errors import (
    ConflictError,
    DatabaseAwayError,
    HireloomError,
    InternalError,
    KeyInvalidError,
    RequestInvalidError,
    ResourceNotFoundError,
)
from hireloom.kit import (
    CancellationTold,
    Heard,
    HostsAssessments,
    OfferedPackage,
    OrderGivenUp,
    OrderPlaced,
    OrderStands,
    OrderTaken,
    PackagesOffered,
    PackagesWanted,
    PartnerAnswer,
    PartnerCall,
    PartnerReply,
    Request,
    StatusWanted,
    TroubleTold,
)
from hireloom.kit.redact import redacted
from hireloom.logs import described
from hireloom.models import AssessmentStatus, ScoreDraft
from hireloom.store import integrations, orders, packages, partners
from hireloom.store.orders import NewOrder, Order
from hireloom.store.packages import Package
from hireloom.store.partners import Partner
from hireloom.store.pool import Connection, is_lost
from hireloom.store.seal import OURS
from hireloom.sync import ordering
from hireloom.sync.ordering import Ending

log = structlog.get_logger()

AWAY_SECONDS = 5
FOR_ALL = "all"  # in place of an account's own token
LONGEST_PROBLEM = 500
STANDING = {
    "ORDERED": AssessmentStatus.STARTED,
    "STARTED": AssessmentStatus.STARTED,
    "IN_PROGRESS": AssessmentStatus.IN_PROGRESS,
    "RESULT_READY": AssessmentStatus.COMPLETED,
    "COMPLETED": AssessmentStatus.COMPLETED,
    "CANCELLED": AssessmentStatus.CANCELLED,
    "EXPIRED": AssessmentStatus.EXPIRED,
}


@dataclass(frozen=True)
class Answered:
    """What the ATS is told, and for the log what became of its call."""

    status: int
    body: bytes
    integration_id: str = OURS
    error: HireloomError | None = None


@dataclass(frozen=True)
class Caller:
    """The account whose ATS calls, as its address says; the key has yet to prove it."""

    desk: Desk
    account: Account
    access: Partner
    host: HostsAssessments
    life_days: int  # how long the ATS waits for a result


async def answer(
    desk: Desk, connector: str, token: str, call: PartnerCall, *, authorization: str, call_id: str
) -> Answered:
    """Carry out one call; every failure becomes an answer. `call_id` finds it in the log."""
    caller: Caller | None = None
    error: HireloomError
    try:
        given = username(authorization)
        caller = await named(desk, connector, token, given)
        await check_key(caller, given)
        told = await carry_out(caller, call)
        return Answered(told.status, told.body, caller.account.id)
    except HireloomError as refused:
        error = refused
    except Exception as defect:
        error = explained(defect, call_id)
    if caller is None:
        return Answered(error.status, answers.failure(error, call_id), error=error)
    told = caller.host.refuse_partner(call, error)
    status = error.status if isinstance(error, KeyInvalidError) else told.status
    return Answered(status, told.body, caller.account.id, error)


def explained(defect: Exception, call_id: str) -> HireloomError:
    if is_lost(defect):
        return DatabaseAwayError("The database of this server is away", retry_after=AWAY_SECONDS)
    log.error("A defect", operation="(partner call)", execution_id=call_id, **described(defect))
    return InternalError("Something went wrong inside the partner's server")


async def named(desk: Desk, connector: str, token: str, given: str) -> Caller:
    """Whose address it is; at the address for all accounts of a vendor, whose key is given.

    Raises ResourceNotFoundError, the same whatever is wrong with the address, and KeyInvalidError.
    """
    nowhere: HireloomError = ResourceNotFoundError("There is nothing at this address")
    account_id = partners.account_of(token)
    if token == FOR_ALL and is_partnered(connector):
        nowhere, account_id = wrong_key(), partners.account_of(given)
    try:
        account = await desk.accounts.open(account_id, even_inactive=True)
    except HireloomError:
        raise nowhere from None
    async with desk.pool.acquire() as conn:
        access = await partners.get(conn, account.id)
    host = account.integration.able_to(HostsAssessments)
    fact = type(account.integration.connector).partner
    if access is None or host is None or fact is None or account.stored.connector != connector:
        raise nowhere
    if token != FOR_ALL and not compare_digest(access.token.encode(), token.encode()):
        raise nowhere
    return Caller(desk, account, access, host, fact.life_days)


def is_partnered(connector: str) -> bool:
    return connector in connectors.names() and connectors.load(connector).partner is not None


def wrong_key() -> KeyInvalidError:
    return KeyInvalidError(
        "This key is not one that belongs to this address",
        hint="Send the key of assessment.partner.create as the user name of HTTP Basic.",
    )


async def check_key(caller: Caller, given: str) -> None:
    """Raises KeyInvalidError, and IntegrationDeactivatedError where it was right."""
    if not caller.access.accepts(given):
        raise wrong_key()
    await caller.desk.accounts.open(caller.account.id)
    async with caller.desk.pool.acquire() as conn:
        is_current = caller.access.is_current(given)
        await partners.called(conn, caller.account.id, with_current=is_current)


def username(authorization: str) -> str:
    """Of HTTP Basic; empty where there is none."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(encoded.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


async def carry_out(caller: Caller, call: PartnerCall) -> PartnerAnswer:
    """Raises what `read_partner_call` does, ResourceNotFoundError, RequestInvalidError,

    ConflictError.
    """
    ask = caller.host.read_partner_call(call)
    if isinstance(ask, StatusWanted):
        return await show(caller, ask)
    reply: PartnerReply
    if isinstance(ask, PackagesWanted):
        reply = await offer(caller)
    elif isinstance(ask, OrderPlaced):
        reply = await place(caller, ask)
    elif isinstance(ask, CancellationTold):
        reply = await give_up(caller, ask)
    else:
        reply = await note(caller, ask)
    return caller.host.answer_partner(ask, reply)


async def offer(caller: Caller) -> PackagesOffered:
    async with caller.desk.pool.acquire() as conn:
        found = await packages.of_account(conn, caller.account.id)
    return PackagesOffered(
        [
            OfferedPackage(one.package_id, one.name, one.description)
            for one in found
            if one.withdrawn_at is None
        ]
    )


async def place(caller: Caller, placed: OrderPlaced) -> OrderTaken:
    """The order, told of once: whoever repeats an open one gets the same."""
    desk, account = caller.desk, caller.account
    async with desk.pool.acquire() as conn, conn.transaction():
        await integrations.hold(conn, account.id)
        if not await partners.hold(conn, account.id):
            raise ResourceNotFoundError("There is nothing at this address")
        package = await packages.find(conn, account.id, placed.package_id)
        new = wanted(caller, placed, package)
        if (repeated := await open_already(conn, caller, new)) is not None:
            return OrderTaken(repeated.id)
        offered = refuse_withdrawn(placed, package)
        order = await orders.put(conn, account.data_key, new)
        heard = await ordering.tell_ordered(
            conn, desk.vault, account.stored, order, package=offered, placed=placed
        )
        if not heard and placed.application_id is None and placed.candidate_id is None:
            raise ConflictError(
                "Nobody takes orders of tests at the moment; please ask the provider of the test",
                hint="Register a webhook that takes assessment.ordered with webhook.create.",
            )
    return OrderTaken(order.id)


def wanted(caller: Caller, placed: OrderPlaced, package: Package | None) -> NewOrder:
    days = None if package is None else package.expires_after_days
    life = min(days or caller.life_days, caller.life_days)
    return NewOrder(
        integration_id=caller.account.id,
        package_id=placed.package_id,
        subject=subject(placed),
        candidate_id=placed.candidate_id,
        application_id=placed.application_id,
        job_id=placed.job_id,
        callback=placed.callback,
        expires_at=datetime.now(UTC) + timedelta(days=life),
    )


def subject(placed: OrderPlaced) -> str | None:
    """Whom a test is ordered for; the same test is open for one of them once."""
    email = placed.candidate.email
    if placed.application_id is not None:
        return f"application {placed.application_id}"
    if placed.candidate_id is not None:
        return f"candidate {placed.candidate_id}"
    return f"email {email.strip().lower()}" if email else None


async def open_already(conn: Connection, caller: Caller, new: NewOrder) -> Order | None:
    data_key = caller.account.data_key
    found = await orders.find_open(conn, data_key, new)
    if found is None:
        return None
    if found.is_overdue:
        ending = ordering.expiry(found)
        await ordering.close(conn, caller.desk.vault, caller.account.stored, found, ending)
        return None
    if new.callback is not None:
        await orders.add_callback(conn, data_key, found, new.callback)
    return found


def refuse_withdrawn(placed: OrderPlaced, package: Package | None) -> Package:
    """Raises ResourceNotFoundError, RequestInvalidError."""
    if package is None:
        raise ResourceNotFoundError(
            f"There is no test with the id {placed.package_id[:100]}; choose one from the list"
        )
    if package.withdrawn_at is not None:
        raise RequestInvalidError(
            f"The test {package.name} is no longer offered; choose another one from the list"
        )
    return package


async def show(caller: Caller, ask: StatusWanted) -> PartnerAnswer:
    """How an order stands. A result that is in the answer counts as fetched."""
    account = caller.account
    async with caller.desk.pool.acquire() as conn, conn.transaction():
        order = await orders.locked(conn, account.id, ask.order_id)
        content = order.open_result(account.data_key)
        if content is None and order.state == "COMPLETED":
            raise ResourceNotFoundError(
                "The result of this order was given before and is no longer kept here"
            )
        score = None if content is None else msgspec.json.decode(content, type=ScoreDraft)
        told = caller.host.answer_partner(ask, OrderStands(order.id, STANDING[order.state], score))
        if score is not None and told.fields_told:
            await orders.fetched(conn, order)
    return told


async def give_up(caller: Caller, ask: CancellationTold) -> OrderGivenUp:
    account = caller.account
    async with caller.desk.pool.acquire() as conn, conn.transaction():
        order = await orders.locked(conn, account.id, ask.order_id)
        if order.state == "COMPLETED":
            raise ConflictError("This test is complete, so it can no longer be cancelled")
        if order.is_open:
            ending = Ending("CANCELLED", "ATS", "cancelled in the ATS", ask.reason)
            await ordering.close(conn, caller.desk.vault, account.stored, order, ending)
    return OrderGivenUp(order.id)


async def note(caller: Caller, ask: TroubleTold) -> Heard:
    """What the ATS says may name a person, so that it is kept with the order and not logged."""
    account = caller.account
    async with caller.desk.pool.acquire() as conn, conn.transaction():
        try:
            order = await orders.locked(conn, account.id, ask.order_id or "")
        except ResourceNotFoundError:
            pass
        else:
            problem = in_words(ask, order.open_result(account.data_key))
            await orders.note_problem(conn, account.id, order.id, problem)
    log.warning(
        "The ATS did not understand an answer",
        integration=account.id, order=ask.order_id, about=ask.about,
    )  # fmt: skip
    return Heard()


def in_words(ask: TroubleTold, sent: bytes | None) -> str:
    """The vendor's words without persons, and without what was in the result itself."""
    words = ": ".join(part for part in (ask.about, "; ".join(ask.errors)) if part)
    return redacted(words, Request(method="POST", url="", body=sent))[:LONGEST_PROBLEM]
