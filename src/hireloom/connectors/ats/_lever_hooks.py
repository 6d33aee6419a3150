"""Lever's webhooks: one subscription and one secret per event, the signature inside the body."""

import hashlib
from collections.abc import Mapping

import msgspec

from hireloom import kit
from hireloom.connectors.ats._lever_shapes import LeverContact
from hireloom.connectors.ats._lever_words import id_of
from hireloom.models import DataType, Happening

EVENTS: Mapping[str, tuple[Happening, ...]] = {  # documentation; no event tells of postings
    "applicationCreated": (
        Happening.APPLICATIONS_NEW,
        Happening.APPLICATIONS_MODIFIED,  # who was a lead applied
        Happening.CANDIDATES_NEW,
        Happening.CANDIDATES_MODIFIED,
    ),
    "candidateStageChange": (Happening.APPLICATIONS_MODIFIED,),
    "candidateArchiveChange": (Happening.APPLICATIONS_MODIFIED,),
    "candidateHired": (Happening.APPLICATIONS_MODIFIED,),
    "candidateDeleted": (
        Happening.APPLICATIONS_DELETED,
        Happening.CANDIDATES_DELETED,
        Happening.CANDIDATES_MODIFIED,  # another candidacy of the person is left
    ),
    "interviewCreated": (Happening.APPLICATIONS_MODIFIED,),
    "interviewUpdated": (Happening.APPLICATIONS_MODIFIED,),
    "interviewDeleted": (Happening.APPLICATIONS_MODIFIED,),
    "contactCreated": (Happening.CANDIDATES_NEW,),
    "contactUpdated": (
        Happening.CANDIDATES_MODIFIED,
        Happening.APPLICATIONS_MODIFIED,  # they show the name and the addresses
    ),
}
STEPS = (
    "Sign in to Lever as a Super Admin and open Settings > Integrations and API > Webhooks.",
    "Turn on these events and no others: {events}",
    "For each of them enter this address and save: {url}",
    "Lever now shows a signature token beside each event, a different one for each.",
    "Copy each token into the field here that has the name of its event.",
)


class LeverSubject(kit.VendorStructCamel, frozen=True):
    """The ids that an event or a deletion is about. UNCONFIRMED which of them each has."""

    opportunity_id: str | None = None
    candidate_id: str | None = None  # the old name of the opportunity's id
    contact_id: str | None = None
    contact: str | LeverContact | None = None

    @property
    def opportunity(self) -> str | None:
        return self.opportunity_id or self.candidate_id

    @property
    def person(self) -> str | None:
        return self.contact_id or id_of(self.contact)


class LeverDeleted(LeverSubject, frozen=True, kw_only=True):
    """What a list of deletions says. Those recorded were empty: all but `id` is UNCONFIRMED."""

    id: str


class LeverEvent(kit.VendorStructCamel, frozen=True):
    """A webhook's body; the signature covers token and time, and nothing else of it."""

    event: str = ""
    token: str = ""
    triggered_at: int = 0
    signature: str = ""
    data: LeverSubject | None = None

    @property
    def signed(self) -> bytes:
        return f"{self.token}{self.triggered_at}".encode()


class LeverSubscriptionDetails(kit.VendorStructCamel, frozen=True):
    signature_token: str | None = None


class LeverSubscription(kit.VendorStructCamel, frozen=True):
    id: str
    configuration: LeverSubscriptionDetails | None = None


class LeverHooks(kit.Connector):
    """The part of the Lever connector that hears and asks for webhooks."""

    hooks = kit.Hooks(events=EVENTS, secrets="theirs", steps=STEPS)

    def read_hook(self, hook: kit.Hook, secrets: Mapping[str, str]) -> kit.News:
        """A delivery is known by what was signed: its `id` could be changed by anybody."""
        told = read(hook.body)
        secret = secrets.get(told.event) or secrets.get("")
        kit.check_signature(secret, told.signed, told.signature)
        try:
            sent_at = kit.from_millis(told.triggered_at)
        except OverflowError:
            raise kit.RequestInvalidError("The time of this webhook is no time") from None
        return kit.News(
            id=hashlib.sha256(told.signed).hexdigest(),
            event=told.event,
            touched=touched(told.event, told.data or LeverSubject()),
            sent_at=sent_at,
        )

    async def register_hook(self, event: str, url: str, secret: str) -> kit.Registered:
        """For all origins of opportunities, which is what Lever takes where none is named."""
        made = await self.post("/webhooks", {"event": event, "url": url}, LeverSubscription)
        theirs = made.configuration.signature_token if made.configuration else None
        return kit.Registered(made.id, theirs)

    async def remove_hook(self, hook_id: str) -> None:
        try:
            await self.delete(kit.path("/webhooks/{}", hook_id))
        except kit.ResourceNotFoundError:
            return  # somebody removed it in Lever


def read(body: bytes) -> LeverEvent:
    try:
        return msgspec.json.decode(body, type=LeverEvent)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise kit.RequestInvalidError("The body of this webhook is not as Lever sends it") from None


def touched(event: str, subject: LeverSubject) -> tuple[kit.Touched, ...]:
    """The records that the event can mean something for, as far as the body names them."""
    known = {
        DataType.APPLICATIONS: subject.opportunity,
        DataType.CANDIDATES: subject.person,
    }
    meant = dict.fromkeys(happening.data_type for happening in EVENTS.get(event, ()))
    return tuple(kit.Touched(one, identity) for one in meant if (identity := known.get(one)))
