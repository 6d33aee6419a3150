"""What subscribing to a vendor's own webhooks takes and answers."""

from hireloom.models.base import Instant, Model, Request, Word
from hireloom.models.sync import Happening


class Registration(Word):
    AUTOMATIC = "AUTOMATIC"
    MANUAL = "MANUAL"


class EventsSubscribe(Request, frozen=True, kw_only=True):
    """`secrets` brings what the vendor shows when a person registers the webhooks there, by the

    vendor's name of the event. Send the call again with it: what was subscribed before stays.
    """

    events: tuple[Happening, ...]
    secrets: dict[str, str] = {}


class SecretField(Model, frozen=True, kw_only=True):
    """A secret of a webhook. Where `value` is given it was made here and is entered in the ATS;

    where it is null, it is shown by the ATS, to be brought by `secrets` under this name.
    """

    name: str
    label: str
    value: str | None
    is_known: bool


class Subscribed(Model, frozen=True, kw_only=True):
    """MANUAL: a person has to follow `steps` in the ATS. AUTOMATIC: the vendor's webhooks are

    registered, and there is a step only where the vendor cannot reach `webhookUrl`.
    `upstreamEvents` are the vendor's own events that are listened to.
    """

    webhook_url: str
    events: list[str]
    upstream_events: list[str]
    secret_fields: list[SecretField]
    registered: Registration
    steps: list[str]


class EventsShown(Model, frozen=True, kw_only=True):
    """`available` are the events that this vendor can tell of. Without a subscription, the rest is

    empty; `lastHeardAt` is null until a webhook came whose signature was the vendor's.
    """

    events: list[str]
    available: list[str]
    webhook_url: str | None
    upstream_events: list[str]
    registered: Registration | None
    last_heard_at: Instant | None


class EventsUnsubscribe(Request, frozen=True, kw_only=True):
    """The events to give up; none named means all."""

    events: tuple[Happening, ...] = ()
