"""Tests that recruiters order inside their ATS: packages, orders, and the partner's address."""

from typing import Annotated

from msgspec import Meta

from hireloom.models.base import UNSET, Id, Instant, Maybe, Model, Request, Word
from hireloom.models.drafts import Text


class PackageDraft(Request, frozen=True, kw_only=True):
    """A test that can be ordered. The `packageId` is the caller's own, and stays the same.

    With the header X-Integration-Id it is offered to that account alone, otherwise to all.
    `expiresAfterDays` is the life of an order; by default as long as the ATS waits.
    """

    package_id: Id
    name: Text
    description: str = ""
    assessment_type: str = ""
    expires_after_days: Annotated[int, Meta(ge=1, le=365)] | None = None


class Package(Model, frozen=True, kw_only=True):
    """`withdrawnAt`: since then it can no longer be ordered; its orders stay as they are."""

    package_id: str
    name: str
    description: str
    assessment_type: str
    expires_after_days: int | None
    integration_id: str | None
    withdrawn_at: Instant | None
    updated_at: Instant


class PackageAnswer(Model, frozen=True, kw_only=True):
    package: Package


class PackageQuery(Request, frozen=True, kw_only=True):
    """`withdrawn=true` lists those as well that are no longer offered."""

    withdrawn: bool = False


class PackageList(Model, frozen=True, kw_only=True):
    packages: list[Package]


class PackageChoice(Request, frozen=True, kw_only=True):
    package_id: Id


class PackageDeleted(Model, frozen=True, kw_only=True):
    """Orders of it that are still open keep waiting for their results."""

    package_id: str
    deleted: bool
    open_orders: int


class OrderState(Word):
    ORDERED = "ORDERED"
    STARTED = "STARTED"
    IN_PROGRESS = "IN_PROGRESS"
    RESULT_READY = "RESULT_READY"  # the ATS was told of the result and has yet to fetch it
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


class AssessmentOrder(Model, frozen=True, kw_only=True):
    """An order holds ids and times; who the candidate is was in the event `assessment.ordered`.

    `problem` is what the ATS said when it could not use our answer.
    """

    order_id: str
    integration_id: str
    package_id: str
    state: OrderState
    candidate_id: str | None
    application_id: str | None
    job_id: str | None
    times_ordered: int
    ordered_at: Instant
    expires_at: Instant
    completed_at: Instant | None
    closed_because: str | None
    fetched_at: Instant | None
    problem: str | None
    updated_at: Instant


class OrderAnswer(Model, frozen=True, kw_only=True):
    order: AssessmentOrder


class OrderQuery(Request, frozen=True, kw_only=True):
    state: OrderState | None = None
    package_id: str | None = None
    application_id: str | None = None
    page_token: str | None = None
    page_size: Annotated[int, Meta(ge=1, le=500)] = 100


class OrderPage(Model, frozen=True, kw_only=True):
    orders: list[AssessmentOrder]
    next_page_token: Maybe[str] = UNSET


class OrderChoice(Request, frozen=True, kw_only=True):
    order_id: Id


class OrderCancellation(Request, frozen=True, kw_only=True):
    """Give an order up from our side; the ATS is told where it can be."""

    order_id: Id
    reason: str | None = None


class OrderCancelled(Model, frozen=True, kw_only=True):
    """`told`: whether the ATS knows of it."""

    order: AssessmentOrder
    told: bool
    told_reason: str | None = None


class PartnerRequest(Request, frozen=True, kw_only=True):
    """`rotate` makes a new key; the one before is valid for another day."""

    rotate: bool = False


class PartnerAccess(Model, frozen=True, kw_only=True):
    """What a customer enters in the ATS. The key is shown this once.

    `sharedUrl` is for an ATS that takes one address for all its customers: the key then says whose
    call it is.
    """

    base_url: str
    shared_url: str
    secret_key: str | None
    steps: list[str]
    created_at: Instant


class PartnerShown(Model, frozen=True, kw_only=True):
    integration_id: str
    base_url: str
    created_at: Instant
    last_called_at: Instant | None


class PartnerList(Model, frozen=True, kw_only=True):
    partners: list[PartnerShown]


class PartnerDeleted(Model, frozen=True, kw_only=True):
    integration_id: str
    deleted: bool
