"""The way to vendors; with `wire`, the only part of the kit that speaks to the network.

A `Line` is the way to one customer's account: it signs, keeps to the vendor's limit, retries what
may be retried and refreshes tokens once for everybody; `verdicts` says what comes back. Addresses
are the vendors' own; the origin map decides where a call really goes.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar
from urllib.parse import urljoin

import aiohttp
from tenacity import AsyncRetrying, retry_if_exception_type

from hireloom.errors import (
    CredentialsInvalidError,
    HireloomError,
    RejectedError,
    UnavailableError,
    UnexpectedAnswerError,
)
from hireloom.kit.auth import AnyOf, Auth, Secrets
from hireloom.kit.connector import Connector
from hireloom.kit.flights import Flights
from hireloom.kit.limits import Budget, Shelf, WaitTooLongError
from hireloom.kit.message import Answer, Request, Stream
from hireloom.kit.origins import Origins, origin_of
from hireloom.kit.ports import Keeper, Nobody, Report, Witness
from hireloom.kit.renewal import Renewal
from hireloom.kit.reporter import Reporter
from hireloom.kit.retries import (
    RATE_LIMIT_PATIENCE,
    AgainError,
    count_pause,
    enough,
    pause,
)
from hireloom.kit.trip import Trip, current, travel
from hireloom.kit.verdicts import Verdicts
from hireloom.kit.wire import (
    FAILURES,
    Wire,
    chunks,
    lower,
    only,
    read_whole,
)

T = TypeVar("T")
C = TypeVar("C", bound=Connector)

REDIRECTS = 5
BACKGROUND_SHARE = 0.8  # of a limit; the rest is for calls that somebody waits for
AHEAD_SECONDS = 0.5
LOOK_AGAIN_SECONDS = 0.5

_BREAK = re.compile(r"[\r\n\0]")


@dataclass
class Http:
    """The process's way out: connections, the origin map, and where lines find their account."""

    keeper: Keeper
    shelf: Shelf
    report: Report = lambda _: None
    origins: Origins = field(default_factory=Origins)
    wire: Wire = field(default_factory=Wire)
    witness: Witness = field(default_factory=Nobody)

    def connect(
        self,
        integration_id: str,
        kind: type[C],
        settings: Mapping[str, str] | None = None,
        *,
        keeper: Keeper | None = None,
        shelf: Shelf | None = None,
    ) -> C:
        """The connector of one account, on a line of its own."""
        budget = Budget(shelf or self.shelf, integration_id, kind.rate_limit)
        line = Line(self, integration_id, kind, keeper or self.keeper, budget)
        connector = kind(line, settings)
        line.belong_to(connector)
        return connector

    async def close(self) -> None:
        await self.wire.close()


class Line:
    """The way to one customer's account at a vendor; a `kit.Channel`."""

    def __init__(
        self, http: Http, integration_id: str, kind: type[Connector], keeper: Keeper, budget: Budget
    ) -> None:
        self._http = http
        self._id = integration_id
        self._kind = kind
        self._budget = budget
        self._renewal = Renewal(integration_id, keeper, self._auth, self._ask_token)
        self._verdicts = Verdicts(kind, budget)
        self._reporter = Reporter(integration_id, kind.name, http.report, http.witness)
        self._flights = Flights(kind.title, self._place)
        self._homes: frozenset[str] | None = None
        self.connector: Connector

    def belong_to(self, connector: Connector) -> None:
        """It knows its addresses and its refusals."""
        self.connector = self._verdicts.connector = connector

    # What a connector calls.

    async def send(self, request: Request) -> Answer:
        return await self._retried(lambda: self._attempt(request))

    async def stream(self, request: Request) -> Stream:
        return await self._retried(lambda: self._open(request))

    async def entered(self, field: str) -> str | None:
        """What the customer entered in a field of the credentials that is no secret."""
        fields = self.connector.authentication.fields
        if field not in {one.name for one in fields if not one.secret}:
            return None
        return (await self._renewal.fresh()).fields.get(field) or None

    async def keep_alive(self) -> None:
        """Renew the token if it has ended."""
        await self._renewal.fresh()

    async def ask_token(self, request: Request) -> Answer:
        """Exchange a code for a token; what the vendor refuses is CredentialsInvalidError."""
        return await self._ask_token(request)

    # Attempts.

    async def _retried(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """The first attempt's outcome or, where it may be repeated, a later one's."""
        with travel(current()):  # all attempts are one trip, also outside of an operation
            try:
                async for trial in AsyncRetrying(
                    retry=retry_if_exception_type(AgainError),
                    stop=enough,
                    wait=pause,
                    before_sleep=count_pause,
                    reraise=True,
                ):
                    with trial:
                        return await attempt()
            except AgainError as failure:
                raise failure.error from None
        raise AssertionError("tenacity either returns or raises")

    async def _attempt(self, request: Request) -> Answer:
        secrets = await self._ready(request)
        answer = await self._answer(self._signed(request, secrets))
        if answer.status == 401 and (newer := await self._newer(request, secrets)):
            answer = await self._answer(self._signed(request, newer))
        await self._budget.heed(answer.headers)
        if not request.raw_answer or answer.status in {401, 429}:
            await self._verdicts.judge(answer)
        _count(request, answer.status)
        return answer

    async def _answer(self, signed: Request) -> Answer:
        async with self._flights.one(signed):
            return await self._whole(signed, await self._call(signed))

    async def _open(self, request: Request) -> Stream:
        secrets = await self._ready(request)
        asked, response = await self._followed(request, secrets)
        if response.status == 401 and asked.signed:
            refusal = await self._whole(asked, response)
            newer = await self._newer(request, secrets)
            if newer is None:
                await self._verdicts.judge(refusal)
                return Stream(refusal.status, refusal.headers, only(refusal.body))
            asked, response = await self._followed(request, newer)
        refused = response.status >= 300 and not request.raw_answer
        if refused or response.status in {401, 429}:
            await self._verdicts.judge(await self._whole(asked, response))
        self._reporter.answered(asked, response, None)
        _count(request, response.status)
        bodiless = asked.method == "HEAD"
        return Stream(response.status, lower(response.headers), chunks(response), bodiless)

    async def _followed(
        self, request: Request, secrets: Secrets
    ) -> tuple[Request, aiohttp.ClientResponse]:
        """The call that ended in no redirect, and what came back. Only reads are redirected."""
        for _ in range(REDIRECTS + 1):
            signed = self._signed(request, secrets)
            async with self._flights.one(signed):
                response = await self._call(signed, streamed=True)
            target = response.headers.get("Location")
            if response.status not in {301, 302, 303, 307, 308} or not target or not request.reads:
                return signed, response
            self._reporter.answered(signed, response, None)
            response.release()
            request = self._redirected(request, target)
        raise UnexpectedAnswerError("The vendor's file link redirects without end")

    async def _ready(self, request: Request) -> Secrets:
        """What must be so before a call: the circuit closed, a place in the budget, a token."""
        if not request.signed:
            return Secrets()
        if (left := self._verdicts.circuit.left) > 0:
            raise UnavailableError(
                f"{self._kind.title} keeps failing for this account; calls pause for a moment",
                retry_after=left,
            )
        secrets = await self._renewal.fresh()
        await self._place()
        return secrets

    async def _place(self) -> None:
        trip = current()
        patience = min(RATE_LIMIT_PATIENCE - trip.waited, trip.left - 1)
        try:
            with trip.pause():
                if trip.in_background:
                    await self._place_in_background(trip)
                else:
                    await self._budget.wait(patience)
        except WaitTooLongError as error:
            raise self._verdicts.too_many(error.seconds) from None

    async def _place_in_background(self, trip: Trip) -> None:
        """Patiently, and never more than a moment ahead, so that a live call finds a place soon."""
        while True:
            try:
                await self._budget.wait(AHEAD_SECONDS, BACKGROUND_SHARE)
                return
            except WaitTooLongError as error:
                if error.seconds > trip.left - 1:
                    raise
                await asyncio.sleep(min(error.seconds, LOOK_AGAIN_SECONDS))

    async def _newer(self, request: Request, refused: Secrets) -> Secrets | None:
        """Other secrets to try after a 401, with a place in the budget to try them."""
        newer = await self._renewal.after_refusal(refused) if request.signed else None
        if newer is not None:
            await self._place()
        return newer

    def _signed(self, request: Request, secrets: Secrets) -> Request:
        if not request.signed:
            self._refuse_stray(request)
            return request
        if not self._is_home(request.url):
            raise UnexpectedAnswerError(
                f"{self._kind.title} pointed to an address that is not its own; "
                "no credentials were sent there"
            )
        signed = self._auth(secrets).sign(request, secrets)
        if any(_BREAK.search(value) for value in signed.headers.values()):
            raise CredentialsInvalidError(
                f"The key of this {self._kind.title} account has a line break in it"
            )
        return signed

    def _refuse_stray(self, request: Request) -> None:
        """Raise for a key that would leave the addresses that may get it."""
        homes = request.homes
        if homes and not self._http.origins.reaches(request.url, homes):
            raise RejectedError(
                f"{request.template} leads to an address that is not {self._kind.title}'s own; "
                "nothing was sent there"
            )

    def _redirected(self, request: Request, target: str) -> Request:
        """The same read elsewhere. Away from the vendor nothing of ours goes along."""
        try:
            url = urljoin(request.url, target)
        except ValueError:
            raise UnexpectedAnswerError("The vendor redirects to what is no address") from None
        if request.signed and not self._is_home(url):
            return Request("GET", url, template=request.template, signed=False, reading=True)
        return replace(request, url=url, params=())

    def _is_home(self, url: str) -> bool:
        if self._homes is None:
            self._homes = frozenset(origin_of(address) for address in self.connector.addresses)
        try:
            origin = origin_of(url)
        except ValueError:
            return False
        return origin in self._homes or self._http.origins.is_target_of(url, self._homes)

    async def _call(
        self, request: Request, *, trusted: bool = False, streamed: bool = False
    ) -> aiohttp.ClientResponse:
        """One call on the wire; the body is not read yet. Only an address that the connector or

        the operator vouches for is called without the guard against private networks.
        """
        trip = current()
        url = self._http.origins.send(request.full_url)
        guarded = not (trusted or request.signed or self._http.origins.knows(request.url))
        started = time.monotonic()
        trip.calls += 1
        error: HireloomError | None = None
        response: aiohttp.ClientResponse | None = None
        try:
            response = await self._http.wire.call(
                request, url, guarded=guarded, streamed=streamed, seconds=trip.left
            )
        except FAILURES as failure:
            again = self._verdicts.failed(request, failure, counted=trusted or request.signed)
            error = again.error if isinstance(again, AgainError) else again
            raise again from None
        finally:
            trip.seconds += time.monotonic() - started
            self._reporter.called(request, response, time.monotonic() - started, error)
        return response

    async def _whole(self, request: Request, response: aiohttp.ClientResponse) -> Answer:
        started = time.monotonic()
        try:
            body = await read_whole(response)
        except FAILURES as failure:
            self._reporter.answered(request, response, None)
            raise self._verdicts.failed(request, failure, counted=request.signed) from None
        finally:
            current().seconds += time.monotonic() - started
        self._reporter.answered(request, response, body)
        return Answer(response.status, lower(response.headers), body, request)

    # Tokens.

    def _auth(self, secrets: Secrets) -> Auth:
        auth = self.connector.authentication
        return auth.way(secrets) if isinstance(auth, AnyOf) else auth

    async def _ask_token(self, request: Request) -> Answer:
        return await self._retried(lambda: self._token_attempt(request))

    async def _token_attempt(self, request: Request) -> Answer:
        answer = await self._whole(request, await self._call(request, trusted=True))
        self._verdicts.judge_token(answer)
        return answer


def _count(request: Request, status: int) -> None:
    if not request.repeatable and status < 400:
        current().written += 1
