"""Tests that are ordered inside an ATS: the vendor calls us, in its own protocol.

The connector reads such a call into one of the asks below and words our reply as the vendor wants
it, without any I/O. Who calls is checked before, by the key that the customer entered there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hireloom.models import AssessmentStatus, ScoreDraft


@dataclass(frozen=True)
class Partner:
    """How an ATS orders tests. `{baseUrl}` and `{secretKey}` are filled into the steps, and

    `{sharedUrl}`, the address for an ATS that takes one for all its customers.

    `fetches_results`: the ATS asks for a result after it was told that there is one. `life_days`:
    how long it waits for one.
    """

    steps: tuple[str, ...]
    fetches_results: bool
    life_days: int = 56


@dataclass(frozen=True)
class PartnerCall:
    """A call as it came: `path` is what follows our base address, without a slash at its start."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class PackagesWanted:
    """The ATS asks which tests there are."""


@dataclass(frozen=True)
class OrderedCandidate:
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    profile_url: str | None = None
    resume_url: str | None = None


@dataclass(frozen=True)
class OrderPlaced:
    """A recruiter ordered a test. `callback` is where the vendor wants to hear of the result; of

    two calls with the same one the second is a repeat.
    """

    package_id: str
    candidate: OrderedCandidate
    candidate_id: str | None = None
    application_id: str | None = None
    job_id: str | None = None
    job_title: str | None = None
    ordered_by: str | None = None
    callback: str | None = None


@dataclass(frozen=True)
class StatusWanted:
    """The ATS asks how an order stands, and fetches its result."""

    order_id: str


@dataclass(frozen=True)
class CancellationTold:
    order_id: str
    reason: str | None = None


@dataclass(frozen=True)
class TroubleTold:
    """The ATS did not understand an answer of ours."""

    about: str
    errors: tuple[str, ...]
    order_id: str | None = None


PartnerAsk = PackagesWanted | OrderPlaced | StatusWanted | CancellationTold | TroubleTold


@dataclass(frozen=True)
class OfferedPackage:
    id: str
    name: str
    description: str = ""


@dataclass(frozen=True)
class PackagesOffered:
    packages: Sequence[OfferedPackage]


@dataclass(frozen=True)
class OrderTaken:
    order_id: str


@dataclass(frozen=True)
class OrderStands:
    """How an order stands; `score` is its result once there is one."""

    order_id: str
    status: AssessmentStatus
    score: ScoreDraft | None = None


@dataclass(frozen=True)
class OrderGivenUp:
    order_id: str


@dataclass(frozen=True)
class Heard:
    """Nothing to add."""


PartnerReply = PackagesOffered | OrderTaken | OrderStands | OrderGivenUp | Heard


@dataclass(frozen=True)
class PartnerAnswer:
    """JSON for the vendor; `fields_told` are the fields of a score that are in it."""

    status: int
    body: bytes
    fields_told: tuple[str, ...] = ()
