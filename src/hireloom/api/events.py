"""Real-time events in: subscribing to the vendor's own webhooks."""

import ipaddress
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import urlsplit

from hireloom.api import registration
from hireloom.api.desk import Call
from hireloom.api.operation import Scope, operation
from hireloom.api.registration import EVERY, address
from hireloom.desk import Desk
from hireloom.errors import HireloomError, NotSupportedError, RequestInvalidError
from hireloom.kit import Hooks, Integration
from hireloom.models import (
    EventsShown,
    EventsSubscribe,
    EventsUnsubscribe,
    Happening,
    Registration,
    SecretField,
    Subscribed,
)
from hireloom.store import audit, hooks, syncs
from hireloom.store.hooks import Subscription
from hireloom.store.pool import Connection
from hireloom.store.syncs import NewSync
from hireloom.sync import schedule
from hireloom.sync.kinds import kind_of


@operation(
    "events.subscribe",
    scope=Scope.WRITE,
    stays_here=True,
    example={"events": ["ats_applications_new", "ats_applications_modified"]},
)
async def subscribe(call: Call, integration: Integration, request: EventsSubscribe) -> Subscribed:
    """Hear of changes from the vendor itself: registers its webhooks, or says how a person does.

    Records that it touches are read again and told as record events. Calling it again changes
    nothing but adds what is new.
    """
    heard = hearing(integration)
    refuse_unknown(integration, heard, request)
    account = await call.desk.accounts.open(integration.id)
    async with registration.held(call.desk, account, heard) as book:
        await book.add(request.events, request.secrets)
        async with call.desk.pool.acquire() as conn, conn.transaction():
            await follow(conn, integration, map(Happening, book.stored.happenings))
            await audit.add(
                conn,
                call.actor,
                "events.subscribe",
                integration_id=integration.id,
                detail={"events": book.stored.happenings},
            )
        await book.register()
    return told(call.desk, integration, heard, book.stored)


@operation("events.list", scope=Scope.READ)
async def list_events(call: Call, integration: Integration) -> EventsShown:
    """Show which of the vendor's own events are subscribed, and which there are."""
    heard = type(integration.connector).hooks
    available = sorted({one for ours in heard.events.values() for one in ours}) if heard else []
    stored = await stored_of(call, integration)
    if stored is None or heard is None:
        return EventsShown(
            events=[],
            available=list(available),
            webhook_url=None,
            upstream_events=[],
            registered=None,
            last_heard_at=None,
        )
    shown = told(call.desk, integration, heard, stored)
    return EventsShown(
        events=shown.events,
        available=list(available),
        webhook_url=shown.webhook_url,
        upstream_events=shown.upstream_events,
        registered=shown.registered,
        last_heard_at=stored.last_heard_at,
    )


@operation(
    "events.unsubscribe",
    scope=Scope.WRITE,
    stays_here=True,
    example={"events": ["ats_applications_new"]},
)
async def unsubscribe(
    call: Call, integration: Integration, request: EventsUnsubscribe
) -> EventsShown:
    """Stop hearing of events. What was registered by API is removed at the vendor, too."""
    heard = hearing(integration)
    account = await call.desk.accounts.open(integration.id)
    if await stored_of(call, integration) is not None:
        async with registration.held(call.desk, account, heard) as book:
            given_up = request.events or tuple(map(Happening, book.stored.happenings))
            await book.remove(given_up)
            async with call.desk.pool.acquire() as conn:
                await audit.add(
                    conn,
                    call.actor,
                    "events.unsubscribe",
                    integration_id=integration.id,
                    detail={"events": sorted(given_up)},
                )
    return await list_events(call, integration)


async def forget_hooks(call: Call, integration: Integration) -> None:
    """Before an account is deleted: let its vendor send nothing more, if that can be done."""
    heard = type(integration.connector).hooks
    if heard is None or await stored_of(call, integration) is None:
        return
    account = await call.desk.accounts.open(integration.id, even_inactive=True)
    with suppress(HireloomError):
        async with registration.held(call.desk, account, heard) as book:
            await book.remove(tuple(map(Happening, book.stored.happenings)))


def told(desk: Desk, integration: Integration, heard: Hooks, stored: Subscription) -> Subscribed:
    events = heard.meaning(frozenset(map(Happening, stored.happenings)))
    url = address(desk, stored)
    by_hand = [one for one in events if one not in stored.registered]
    fields = secret_fields(integration, heard, stored, by_hand)
    steps = [
        step.format(url=url, secret=stored.secrets.get(EVERY, ""), events=", ".join(by_hand))
        for step in heard.steps
    ]
    return Subscribed(
        webhook_url=url,
        events=sorted(stored.happenings),
        upstream_events=list(events),
        secret_fields=fields if by_hand else [],
        registered=Registration.MANUAL if by_hand else Registration.AUTOMATIC,
        steps=[*unreachable(url), *(steps if by_hand else [])],
    )


def unreachable(url: str) -> list[str]:
    """What to do first where no vendor can reach the address."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_inside(host):
        why = f"The address leads to {host}, where no vendor on the internet can send anything."
    elif parts.scheme != "https":
        why = "The address is not https, and vendors send to no other."
    else:
        return []
    todo = "Set HIRELOOM_PUBLIC_URL to the https address of this server on the internet"
    return [f"{why} {todo}, restart it, and call events.subscribe again."]


def is_inside(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))


def secret_fields(
    integration: Integration, heard: Hooks, stored: Subscription, by_hand: Iterable[str]
) -> list[SecretField]:
    if heard.secrets == "ours":
        label = f"Secret to enter in {integration.title}"
        value = stored.secrets.get(EVERY)
        return [SecretField(name="secret", label=label, value=value, is_known=True)]
    return [
        SecretField(
            name=event,
            label=f"Signature token that {integration.title} shows for {event}",
            value=None,
            is_known=event in stored.secrets,
        )
        for event in by_hand
    ]


def hearing(integration: Integration) -> Hooks:
    """Raises NotSupportedError."""
    heard = type(integration.connector).hooks
    if heard is None:
        raise NotSupportedError(
            f"{integration.title} has no webhooks that Hireloom can read",
            hint="Follow its records with sync.start; high frequency reads them every hour.",
        )
    return heard


def refuse_unknown(integration: Integration, heard: Hooks, request: EventsSubscribe) -> None:
    if not request.events:
        raise RequestInvalidError.at("events", "name one at least")
    possible = {one for ours in heard.events.values() for one in ours}
    for index, one in enumerate(request.events):
        if one not in possible:
            known = ", ".join(sorted(possible))
            raise RequestInvalidError.at(
                f"events[{index}]", f"{integration.title} cannot tell of {one}; it can of {known}"
            )
    for name in request.secrets:
        if heard.secrets == "ours" or name not in heard.events:
            known = ", ".join(heard.events) if heard.secrets == "theirs" else "none"
            raise RequestInvalidError.at(f"secrets.{name}", f"is not asked for; it can be {known}")


async def follow(
    conn: Connection, integration: Integration, happenings: Iterable[Happening]
) -> None:
    """A sync for each data type, because events are told by its models; without a schedule where

    nobody started it.
    """
    for data_type in sorted({one.data_type for one in happenings}):
        if await syncs.find(conn, integration.id, data_type) is None:
            models = kind_of(data_type).fillable(type(integration.connector))
            new = NewSync(
                integration_id=integration.id,
                data_type=data_type,
                models=[one.value for one in models],
                frequency=schedule.STANDARD,
                state="stopped",
            )
            await syncs.create(conn, new)


async def stored_of(call: Call, integration: Integration) -> Subscription | None:
    account = await call.desk.accounts.open(integration.id, even_inactive=True)
    async with call.desk.pool.acquire() as conn:
        return await hooks.get(conn, account.data_key, integration.id)
