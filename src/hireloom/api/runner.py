"""How an operation is carried out: who, for whom, with what, and what goes back."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
import structlog

from hireloom.api import answers, health, page_tokens, witness
from hireloom.api.desk import Call, DryRun, new_execution_id, rehearse
from hireloom.api.guards import Guard
from hireloom.api.incoming import Incoming, fingerprinted, read_request, same_query
from hireloom.api.listing import Listing, Place, cut
from hireloom.api.once import PATIENCE, Answered, once
from hireloom.api.operation import Nothing, Operation, Scope, operations
from hireloom.api.reading import Extras, read_query, split_extras, to_query
from hireloom.completion import refuse_blind
from hireloom.desk import Desk
from hireloom.errors import (
    DatabaseAwayError,
    HireloomError,
    InternalError,
    NotSupportedError,
    RequestInvalidError,
)
from hireloom.kit import Integration
from hireloom.kit.sections import besides
from hireloom.kit.support import unsupported
from hireloom.kit.trip import Trip, travel
from hireloom.kit.wire import LOOK_FIRST
from hireloom.logs import described
from hireloom.models import Download, Request
from hireloom.store import calls, idempotency, masters
from hireloom.store.keys import ApiKey
from hireloom.store.pool import is_lost
from hireloom.store.problems import StartError
from hireloom.store.seal import OURS

log = structlog.get_logger()

STREAM = "application/octet-stream"
AWAY_SECONDS = 2.0  # an embedded database that died is back after that, as a rule
NOBODY = ApiKey(id="", name="", prefix="", scopes=[], created_at=datetime.fromtimestamp(0, UTC))


@dataclass
class Outcome:
    """What the web sends back."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    download: Download | None = None


class Runner:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.guard = Guard(desk.pool, desk.settings.rate_limit)
        self._under_way: set[asyncio.Task[Any]] = set()

    async def run(self, operation: Operation, incoming: Incoming) -> Outcome:
        """Carry out one call and log it; every failure becomes an answer."""
        trip = Trip(new_execution_id())
        call = Call(self.desk, NOBODY, trip.execution_id, trip, accept=incoming.headers.accept)
        error: HireloomError | None = None
        structlog.contextvars.bind_contextvars(execution_id=call.execution_id)
        try:
            with travel(call.trip):
                outcome = await self._admitted(operation, incoming, call)
        except HireloomError as refused:
            error = refused
            await health.note_failure(operation, call, refused)
            outcome = failed(refused, call.execution_id)
        except Exception as defect:
            error = explained(operation, call, defect)
            outcome = failed(error, call.execution_id)
        outcome.headers |= answers.headers(call.execution_id, error)
        body = None if outcome.download else outcome.body
        witness.show(operation, incoming, call, status=outcome.status, body=body, error=error)
        self._log(operation, call, outcome, error)
        structlog.contextvars.unbind_contextvars("execution_id")
        return outcome

    async def _admitted(self, operation: Operation, incoming: Incoming, call: Call) -> Outcome:
        headers = incoming.headers
        call.key = await self.guard.admit(headers.authorization, operation.scope)
        call.origin_integration_id = headers.integration_id or None
        if operation.on_integration:
            call.account = await self.desk.accounts.open(
                named(headers.integration_id), even_inactive=operation.scope is Scope.ADMIN
            )
            self._refuse_unsupported(operation, call)
        if operation.lists and operation.method == "GET":
            return await self._page(operation, incoming, call)
        if operation.method == "GET":
            return await self._read(operation, incoming, call)
        return await self._post(operation, incoming, call)

    async def close(self) -> None:
        """Let the writes under way come to their end: their callers may ask for it again."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=PATIENCE)

    # Reads.

    async def _page(self, operation: Operation, incoming: Incoming, call: Call) -> Outcome:
        extras, rest = split_extras(incoming.query, paged=True)
        answers.known_fields(extras.fields, operation.answer)
        return await self._from(operation, call, extras, read_query(rest, operation.request))

    async def _from(self, operation: Operation, call: Call, extras: Extras, query: Any) -> Outcome:
        """A page, from where the page token says that it begins."""
        place = Place()
        if extras.page_token and call.account:
            token = page_tokens.unseal(
                call.account.data_key, call.account.id, operation.name, extras.page_token
            )
            query, place = same_query(query, token.query), token.place
        return await self._cut(operation, call, extras, query, place)

    async def _cut(
        self, operation: Operation, call: Call, extras: Extras, query: Any, place: Place
    ) -> Outcome:
        listing = await self._call(operation, call, query)
        if not isinstance(listing, Listing):
            raise TypeError(f"{operation.name} does not answer with a listing")
        account = call.account
        missing: tuple[str, ...] = ()
        if account is not None:
            kind = type(account.integration.connector)
            missing = unsupported(kind, operation.answer, besides(kind, operation.answer))
            refuse_blind(kind.title, query, listing.filters, listing.pages.applied, missing)
        call.trip.keep_raw = extras.raw
        # `skip` counts within pages of one size: a token goes on with the size that it began with.
        size = place.size or vendor_page(listing, query, extras)
        call.trip.page_size = size
        page = await cut(listing, extras.page_size, Place(place.cursor, place.skip, size))
        data: dict[str, Any] = {operation.lists or "": answers.records(page, extras.fields)}
        if page.next is not None and account is not None:
            data["nextPageToken"] = page_tokens.seal(
                account.data_key, account.id, operation.name, page.next, to_query(query)
            )
        meta = answers.costs(call.trip)
        meta["filters"] = {"applied": page.applied, "completed": page.completed}
        meta["unsupportedFields"] = missing
        await health.note_success(operation, call)
        return Outcome(200, answers.success(data, meta))

    async def _read(self, operation: Operation, incoming: Incoming, call: Call) -> Outcome:
        extras, rest = Extras(), list(incoming.query)
        if operation.gets:
            extras, rest = split_extras(rest, paged=False)
        call.trip.keep_raw = extras.raw and not operation.streams
        found = await self._call(operation, call, read_query(rest, operation.request))
        await health.note_success(operation, call)
        if isinstance(found, Download):
            return Outcome(200, download=found)
        if operation.gets is None or call.account is None:
            return Outcome(200, answers.success(found))
        record = answers.plain(found)
        if call.trip.raw:
            record["rawValues"] = sole_raw(call.trip.raw[0])
        if extras.fields:
            answers.known_fields(extras.fields, type(found))
            record = answers.trimmed(record, extras.fields)
        kind = type(call.account.integration.connector)
        meta = answers.costs(call.trip)
        meta["unsupportedFields"] = unsupported(kind, type(found), besides(kind, type(found)))
        return Outcome(200, answers.success({operation.gets: record}, meta))

    # Writes, and reads by POST.

    async def _post(self, operation: Operation, incoming: Incoming, call: Call) -> Outcome:
        request, dry = read_request(operation, incoming)
        if operation.lists:
            extras, rest = split_extras(incoming.query, paged=True)
            answers.known_fields(extras.fields, operation.answer)
            read_query(rest, Nothing)
            return await self._from(operation, call, extras, request)
        read_query(incoming.query, Nothing)  # a write takes all in its body
        if dry and call.account:
            rehearsed = await rehearse(
                call.account.integration,
                lambda integration: self._call(operation, call, request, integration),
            )
            return Outcome(200, answers.success(in_words(rehearsed), answers.costs(call.trip)))
        if not (incoming.headers.idempotency_key and operation.writes):
            outcome = await self._write(operation, call, request)
            await health.note_success(operation, call)
            return outcome
        return await self._once(operation, incoming, call, request)

    async def _write(self, operation: Operation, call: Call, request: Request) -> Outcome:
        found = await self._call(operation, call, request)
        if isinstance(found, Download):
            return Outcome(200, download=found)
        meta = answers.costs(call.trip) if call.account else {}
        return Outcome(200, answers.success(found, meta, call.beside))

    async def _once(
        self, operation: Operation, incoming: Incoming, call: Call, request: Request
    ) -> Outcome:
        if STREAM in call.accept:
            raise RequestInvalidError.at("Idempotency-Key", "a streamed answer cannot be repeated")

        async def act() -> Answered:
            try:
                outcome = await self._write(operation, call, request)
            except HireloomError as error:
                return refuse(error)
            except Exception as defect:
                return refuse(explained(operation, call, defect))
            return Answered(outcome.status, outcome.body)

        def refuse(error: HireloomError) -> Answered:
            body = answers.failure(error, call.execution_id)
            passes = error.retryable and not (error.may_have_arrived or call.trip.written)
            return Answered(error.status, body, error, final=not passes)

        if call.account is not None:
            data_key = call.account.data_key
        else:
            async with self.desk.pool.acquire() as conn:
                data_key = await masters.own_key(conn, self.desk.vault)
        attempt = idempotency.Attempt(
            integration_id=call.account.id if call.account else OURS,
            api_key_id=call.key.id,
            method=operation.name,
            key=incoming.headers.idempotency_key,
            body=fingerprinted(incoming, operation),
        )
        # Its own task: a caller who hangs up must not leave a write half known.
        task = asyncio.create_task(once(self.desk.pool, data_key, attempt, act, refuse))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        answered = await asyncio.shield(task)
        if answered.error is not None:
            raise answered.error
        outcome = Outcome(answered.status, answered.body)
        if answered.replayed:
            outcome.headers["Idempotent-Replayed"] = "true"
        return outcome

    # Bits of all.

    async def _call(
        self,
        operation: Operation,
        call: Call,
        request: Request,
        integration: Integration | None = None,
    ) -> Any:
        if integration is None and call.account is not None:
            integration = call.account.integration
        given = {"integration": integration, "call": call, "request": request}
        found = operation.call(*(given[role] for role in operation.parameters))
        return await found if asyncio.iscoroutine(found) else found

    def _refuse_unsupported(self, operation: Operation, call: Call) -> None:
        if call.account is None:
            return
        kind = type(call.account.integration.connector)
        if operation.supported_by(kind):
            return
        raise NotSupportedError(
            f"{kind.title} has no {operation.name}: its API does not offer it",
            hint=nearest(operation, kind),
        )

    def _log(
        self, operation: Operation, call: Call, outcome: Outcome, error: HireloomError | None
    ) -> None:
        seconds = time.monotonic() - call.started
        self.desk.ledger.answered(
            calls.Call(
                at=datetime.now(UTC),
                direction="in",
                execution_id=call.execution_id,
                operation=operation.name,
                method=operation.method,
                duration_ms=seconds * 1000,
                integration_id=call.account.id if call.account else OURS,
                api_key_id=None if call.key is NOBODY else call.key.id,
                status=outcome.status,
                code=None if error is None else error.code,
                upstream_calls=call.trip.calls,
                bytes=len(outcome.body),
            )
        )
        told = {"code": error.code, "detail": error.detail} if error else {}
        log.info(
            "Refused" if error else "Answered",
            operation=operation.name,
            status=outcome.status,
            ms=round(seconds * 1000, 1),
            integration=call.account.id if call.account else None,
            **told,
        )


def explained(operation: Operation, call: Call, defect: Exception) -> HireloomError:
    """What the caller hears of what is no refusal: the database is away, or a defect of ours."""
    if not is_lost(defect):
        log.error("A defect", operation=operation.name, **described(defect))
        return InternalError("Something went wrong inside Hireloom")
    error = DatabaseAwayError(
        "The database of this Hireloom is away",
        retry_after=AWAY_SECONDS,
        detail=defect.what if isinstance(defect, StartError) else type(defect).__name__,
    )
    if call.trip.written:
        error.may_have_arrived, error.hint = True, LOOK_FIRST
    return error


def named(integration_id: str) -> str:
    if not integration_id:
        raise RequestInvalidError.at(
            "X-Integration-Id", "is missing: it names the integration (see integration.list)"
        )
    return integration_id


def sole_raw(raw: msgspec.Raw) -> Any:
    """The vendor's record, also of a vendor that gets one record as a list of one."""
    found = msgspec.json.decode(raw)
    return found[0] if isinstance(found, list) and len(found) == 1 else found


def failed(error: HireloomError, execution_id: str) -> Outcome:
    return Outcome(error.status, answers.failure(error, execution_id))


def vendor_page(listing: Listing[Any], query: Any, extras: Extras) -> int | None:
    """How many records to ask the vendor for at once: all it gives, where we drop some of them."""
    asked = [name for name in listing.filters if getattr(query, name) not in (None, ())]
    return extras.page_size if set(asked) <= listing.pages.applied else None


def in_words(rehearsed: DryRun) -> dict[str, Any]:
    return {
        "dryRun": True,
        "requests": rehearsed.requests,
        "complete": rehearsed.complete,
        "fieldsDropped": rehearsed.fields_dropped,
    }


def nearest(operation: Operation, kind: Any) -> str:
    known = operations()
    for name in operation.instead:
        if known[name].supported_by(kind):
            return f"The nearest that {kind.title} has is {name}."
    return f"Use passthrough for what is special to {kind.title}; see connector.get for the rest."
