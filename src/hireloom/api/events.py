"""Real-time events in: subscribing to the vendor's own webhooks, and hearing them."""

import secrets as random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from hireloom.accounts import Account
from hireloom.api.desk import Call, Desk
from hireloom.api.operation import Scope, operation
from hireloom.errors import (
    HireloomError,
    NotSupportedError,
    PermissionMissingError,
    RequestInvalidError,
    ResourceNotFoundError,
    SignatureInvalidError,
)
from hireloom.kit import Hook, Hooks, Integration, News, ReadsHooks, RegistersHooks, RemovesHooks
from hireloom.models import (
    DataType,
    EventsShown,
    EventsSubscribe,
    EventsUnsubscribe,
    Happening,
    Registration,
    SecretField,
    Subscribed,
)
from hireloom.store import audit, hooks, queue, syncs
from hireloom.store.hooks import Subscription
from hireloom.store.pool import Connection
from hireloom.store.syncs import NewSync
from hireloom.sync import live, schedule
from hireloom.sync.kinds import kind_of

log = structlog.get_logger()

EVERY = ""  # stands for all of the vendor's events where they share one secret
TOO_OLD = timedelta(minutes=10)
AHEAD = timedelta(minutes=5)


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
    async with call.desk.pool.acquire() as lock, lock.transaction():
        await hooks.lock(lock, integration.id)
        stored = await _subscribed(call.desk, account, heard, request)
    async with call.desk.pool.acquire() as conn, conn.transaction():
        await follow(conn, integration, map(Happening, stored.happenings))
        await audit.add(
            conn,
            call.actor,
            "events.subscribe",
            integration_id=integration.id,
            detail={"events": stored.happenings},
        )
    return told(call.desk, integration, heard, stored)


async def _subscribed(
    desk: Desk, account: Account, heard: Hooks, request: EventsSubscribe
) -> Subscription:
    """Kept before it is registered as well as after: some vendors try the address at once."""
    async with desk.pool.acquire() as conn:
        before = await hooks.get(conn, account.data_key, account.id)
    happenings = {*map(Happening, before.happenings if before else ()), *request.events}
    plan = Plan.after(before, heard, frozenset(happenings), request.secrets)

    async def keep() -> Subscription:
        async with desk.pool.acquire() as conn:
            return await hooks.put(
                conn,
                account.data_key,
                account.id,
                token=plan.token,
                happenings=sorted(happenings),
                secrets=plan.secrets,
                registered=plan.registered,
            )

    await keep()
    try:
        await plan.register(account.integration, address(desk, account.id, plan.token))
    finally:
        stored = await keep()
    return stored


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
    hearing(integration)
    account = await call.desk.accounts.open(integration.id)
    async with call.desk.pool.acquire() as conn, conn.transaction():
        await hooks.lock(conn, integration.id)
        before = await hooks.get(conn, account.data_key, integration.id)
        if before is not None:
            given_up = set(request.events) or set(map(Happening, before.happenings))
            left = {*map(Happening, before.happenings)} - given_up
            await keep_only(conn, account, before, left)
            await audit.add(
                conn,
                call.actor,
                "events.unsubscribe",
                integration_id=integration.id,
                detail={"events": sorted(given_up)},
            )
    return await list_events(call, integration)


async def keep_only(
    conn: Connection, account: Account, before: Subscription, left: set[Happening]
) -> None:
    integration = account.integration
    wanted = set(hearing(integration).meaning(frozenset(left)))
    remover = integration.able_to(RemovesHooks)
    registered = dict(before.registered)
    for event, hook_id in before.registered.items():
        if event not in wanted and remover is not None:
            await remover.remove_hook(hook_id)
            del registered[event]
    if not left:
        await hooks.delete(conn, integration.id)
        return
    await hooks.put(
        conn,
        account.data_key,
        integration.id,
        token=before.token,
        happenings=sorted(left),
        secrets={name: one for name, one in before.secrets.items() if name in {EVERY, *wanted}},
        registered=registered,
    )


@dataclass
class Plan:
    """What a subscription comes to: its address, its secrets, and what is registered by API."""

    heard: Hooks
    token: str
    events: tuple[str, ...]  # the vendor's
    secrets: dict[str, str]
    registered: dict[str, str]

    @classmethod
    def after(
        cls,
        before: Subscription | None,
        heard: Hooks,
        happenings: frozenset[Happening],
        brought: Mapping[str, str],
    ) -> "Plan":
        secrets = {**(before.secrets if before else {}), **brought}
        if heard.secrets == "ours":
            secrets.setdefault(EVERY, random.token_hex(32))
        return cls(
            heard,
            before.token if before else random.token_urlsafe(24),
            heard.meaning(happenings),
            secrets,
            dict(before.registered) if before else {},
        )

    async def register(self, integration: Integration, url: str) -> None:
        """Register by API what is not yet; where the vendor does not let us, a person has to."""
        registrar = integration.able_to(RegistersHooks)
        if registrar is None or (not self.registered and self._brought_by_hand):
            return
        for event in self.events:
            if event in self.registered:
                continue
            try:
                made = await registrar.register_hook(event, url, self.secrets.get(EVERY, ""))
            except PermissionMissingError:
                return
            self.registered[event] = made.id
            if made.secret is not None:
                self.secrets[event] = made.secret

    @property
    def _brought_by_hand(self) -> bool:
        return self.heard.secrets == "theirs" and bool(self.secrets)


def told(desk: Desk, integration: Integration, heard: Hooks, stored: Subscription) -> Subscribed:
    events = heard.meaning(frozenset(map(Happening, stored.happenings)))
    url = address(desk, integration.id, stored.token)
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
        steps=steps if by_hand else [],
    )


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


def address(desk: Desk, integration_id: str, token: str) -> str:
    return f"{desk.public_url}/hooks/{integration_id}/{token}"


# Hearing.


async def hear(desk: Desk, integration_id: str, token: str, hook: Hook) -> int:
    """Take a vendor's webhook: check its signature and put a job for what it touched.

    How many records that were. Raises ResourceNotFoundError, SignatureInvalidError.
    """
    nowhere = ResourceNotFoundError("There is nothing at this address")
    try:
        account = await desk.accounts.open(integration_id)
    except HireloomError:
        raise nowhere from None
    async with desk.pool.acquire() as conn:
        stored = await hooks.get(conn, account.data_key, integration_id)
    reader = account.integration.able_to(ReadsHooks)
    if stored is None or reader is None or not random.compare_digest(stored.token, token):
        raise nowhere
    news = reader.read_hook(hook, stored.secrets)
    refuse_stale(news)
    followed = {Happening(one).data_type for one in stored.happenings}
    if DataType.APPLICATIONS in followed:
        followed.add(DataType.CANDIDATES)  # whom applications show
    touched: dict[DataType, list[str]] = {}
    for one in news.touched:
        if one.data_type in followed:
            touched.setdefault(one.data_type, []).append(one.id)
    mark = account.data_key.fingerprint("heard", f"{news.event} {news.id}".encode())
    jobs = [
        live.job(integration_id, live.Touch(data_type, tuple(dict.fromkeys(ids))))
        for data_type, ids in touched.items()
    ]
    async with desk.pool.acquire() as conn, conn.transaction():
        if not await hooks.hear(conn, integration_id, mark):
            return 0
        await queue.put(conn, jobs)
    return sum(len(ids) for ids in touched.values())


def refuse_stale(news: News) -> None:
    """A webhook that was recorded and is sent again later says nothing new."""
    if news.sent_at is None:
        return
    age = datetime.now(UTC) - news.sent_at
    if age > TOO_OLD or age < -AHEAD:
        raise SignatureInvalidError(
            "This webhook was signed too long ago, or in the future",
            hint="Check this server's clock; a vendor's repeat is signed anew.",
        )
