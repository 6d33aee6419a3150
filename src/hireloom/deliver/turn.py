"""A turn: the letters of one webhook are sent for a while, by the one sender that it has.

Letters come in windows, are opened just before they leave, and what became of them is written in
bulk; while a POST is under way, no connection to the database is held. First attempts have all the
room that the endpoint is good for, retries a quarter of it on top.
"""

import asyncio
import time
from collections.abc import Callable, Sequence

import asyncpg
import structlog

from hireloom.deliver import retries, sign
from hireloom.deliver.connections import Connections
from hireloom.deliver.courier import Courier, Outcome
from hireloom.deliver.ledger import Ledger
from hireloom.deliver.window import Window
from hireloom.errors import IntegrationNotFoundError
from hireloom.store import masters, outbox, senders
from hireloom.store.calls import new_execution_id
from hireloom.store.outbox import Letter
from hireloom.store.pool import LOST_CONNECTION, Connection
from hireloom.store.seal import OURS, Key, SealBrokenError, Vault
from hireloom.store.senders import Endpoint

Report = Callable[[int, Outcome], None]  # so many letters were sent along, and what came of it

log = structlog.get_logger()

SECONDS = 10.0  # of taking letters; those under way then may take what an answer may take
FIRST_LIMIT = 8.0
HIGHEST_LIMIT = 64.0
WRITTEN_AT_ONCE = 1000  # acknowledgements
LARGEST_BATCH = 1024 * 1024  # bytes of a POST of several
LARGEST_WINDOW = 6000
LOOK_SECONDS = 2.0  # how often new letters are looked for while others are under way
RENEW_SECONDS = 2.0

AWAY = (*LOST_CONNECTION, asyncpg.PostgresError, OSError, TimeoutError)


class LeaseLostError(Exception):
    """Another sender has it, or the webhook is disabled or gone."""


class Turn:
    def __init__(
        self,
        connections: Connections,
        vault: Vault,
        courier: Courier,
        endpoint: Endpoint,
        holder: str,
        *,
        report: Report,
    ) -> None:
        self._connections = connections
        self._vault = vault
        self._courier = courier
        self._endpoint = endpoint
        self._holder = holder
        self._report = report
        self._fresh, self._failed = Window(), Window()
        self._ledger = Ledger(endpoint.id, first_failures=endpoint.failures)
        self._keys: dict[str, Key] = {}
        self._signer: sign.Signer | None = None
        # Letters taken from the box and not written down yet, and how often they were sent before.
        self._here: dict[int, int] = {}
        self._after = 0  # the letter up to which the box was looked through
        self._more = False  # the box had more than was taken
        self._bytes_each = 0.0
        self._limit = FIRST_LIMIT if endpoint.failing_since is None else 1.0
        self._paused = endpoint.pause > 0
        self._posts: set[asyncio.Task[None]] = set()
        self._retrying = 0
        self._defect: BaseException | None = None
        self._changed = asyncio.Event()
        self._woken = False
        self._closing = False
        self._renewed = self._looked = time.monotonic()

    def wake(self) -> None:
        """There may be new letters."""
        self._woken = True
        self._changed.set()

    def close(self) -> None:
        """Take no more letters; those under way are waited for."""
        self._closing = True
        self._changed.set()

    async def run(self) -> None:
        """Send until nothing is due, or the time is over. Raises LeaseLostError."""
        ends = time.monotonic() + SECONDS
        try:
            found = await self._round(look=True)
            while True:
                self._closing = self._closing or time.monotonic() > ends
                self._dispatch()
                if not self._posts:
                    if self._closing or not (found or self._ledger):
                        break
                    found = await self._round(look=not self._closing)
                    continue
                await self._wait()
                if self._due():
                    found = await self._round(look=not self._closing)
            if self._ledger or self._ledger.attempts:
                await self._round(look=False)
            if self._defect is not None:  # without letting go: nobody is to run into it at once
                raise self._defect
        finally:
            await self._abandon()

    # Which letters go.

    @property
    def _down(self) -> bool:
        """Whether it acknowledges nothing at all, as far as one can tell."""
        return self._ledger.first_failures >= retries.DOWN_AFTER

    def _dispatch(self) -> None:
        while not self._closing and (window := self._next()) is not None:
            size = self._endpoint.batch_size
            letters = window.take(size, LARGEST_BATCH)
            retry = window is self._failed
            self._retrying += retry
            post = asyncio.create_task(self._post(letters, window))
            self._posts.add(post)
            post.add_done_callback(self._ended)

    def _ended(self, post: asyncio.Task[None]) -> None:
        self._posts.discard(post)
        if not post.cancelled() and (defect := post.exception()) is not None:
            self._defect = self._defect or defect
            self.close()

    def _next(self) -> Window | None:
        """The window that may send now: the fresh one first."""
        under_way = len(self._posts)
        if self._paused or (self._down and under_way):
            return None
        if self._fresh.ready and under_way - self._retrying < int(self._limit):
            return self._fresh
        if self._failed.ready and self._retrying < max(1, int(self._limit) // 4):
            return self._failed
        return None

    async def _post(self, letters: list[Letter], window: Window) -> None:
        bodies = self._opened(letters)
        opened = [letter for letter, body in zip(letters, bodies, strict=True) if body is not None]
        outcome = None
        if opened:
            outcome = await self._send(opened, [body for body in bodies if body is not None])
        self._retrying -= window is self._failed
        # The task itself is still among those under way.
        self._posts.discard(asyncio.current_task())
        if outcome is None or outcome.acknowledged:
            if outcome:
                self._connections.acknowledged(self._endpoint.id)
            self._limit = min(HIGHEST_LIMIT, self._limit + 1) if outcome else self._limit
            self._paused = self._paused and outcome is None
            window.done(letters)
        else:
            self._connections.failed(self._endpoint.id)
            self._limit = max(1.0, self._limit // 2)
            self._paused = self._ledger.first_failures >= retries.PAUSED_AFTER
            for left in window.stopped(letters):
                self._here.pop(left.id, None)
        self._dispatch()
        self._changed.set()

    def _opened(self, letters: Sequence[Letter]) -> list[bytes | None]:
        return [self._open(letter) for letter in letters]

    def _open(self, letter: Letter) -> bytes | None:
        try:
            return letter.open(self._keys[letter.integration_id])
        except KeyError:  # its integration was deleted, and the letter with it
            self._ledger.unopened(letter)
            return None
        except SealBrokenError:
            self._ledger.unopened(letter)
            log.error("A letter does not open", webhook=self._endpoint.id, letter=letter.event_id)
            return None

    async def _send(self, letters: Sequence[Letter], bodies: Sequence[bytes]) -> Outcome:
        execution_id = new_execution_id()
        size = sum(map(len, bodies))
        try:
            outcome = await self._carried(letters, bodies, execution_id)
        except Exception as defect:  # the letters must not go round for ever
            kind = type(defect).__name__
            log.error("A defect", webhook=self._endpoint.id, kind=kind, execution_id=execution_id)
            outcome = Outcome(None, "could not be sent: a defect in Hireloom", 0.0)
        self._report(len(letters), outcome)
        self._ledger.note(letters, outcome, execution_id)
        self._ledger.attempted(letters, outcome, execution_id, size)
        return outcome

    async def _carried(
        self, letters: Sequence[Letter], bodies: Sequence[bytes], execution_id: str
    ) -> Outcome:
        endpoint = self._endpoint
        if endpoint.batch_size == 1:
            webhook_id, body = letters[0].event_id, bodies[0]
        else:
            webhook_id = sign.batch_id([letter.event_id for letter in letters])
            body = sign.batch_body(bodies)
        accounts = {letter.integration_id for letter in letters}
        headers = self._signed().headers(
            webhook_id,
            body,
            integration_id=accounts.pop() if len(accounts) == 1 else OURS,
            execution_id=execution_id,
        )
        return await self._courier.send(endpoint.url, body, headers)

    def _signed(self) -> sign.Signer:
        if self._signer is None:
            secrets = self._endpoint.open_secrets(self._keys[OURS])
            self._signer = sign.Signer(secrets, knit=self._endpoint.compatibility == "knit")
        return self._signer

    # When the database is asked.

    async def _wait(self) -> None:
        if self._woken:
            return
        self._changed.clear()
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._changed.wait()
        except TimeoutError:
            pass

    def _due(self) -> bool:
        """Whether there is something to write, or room for more letters."""
        spare = not self._down and len(self._posts) - self._retrying < int(self._limit)
        patience = LOOK_SECONDS if spare else RENEW_SECONDS
        if self._woken or time.monotonic() - self._looked > patience:
            return True
        return len(self._ledger) >= WRITTEN_AT_ONCE or (
            len(self._fresh) < self._room() // 2 and self._more
        )

    def _room(self) -> int:
        """How many letters to have in memory."""
        if self._down:
            return self._endpoint.batch_size
        return min(LARGEST_WINDOW, max(50, int(self._limit) * self._endpoint.batch_size * 4))

    async def _round(self, *, look: bool) -> bool:
        """Write down what is known and, to `look`, take more letters; whether there were any."""
        while True:
            try:
                async with self._connections.of(self._endpoint.id) as conn:
                    return await self._written(conn, look=look)
            except AWAY as error:
                # The lease tells how long it makes sense to insist.
                if time.monotonic() - self._renewed > senders.LEASE.total_seconds():
                    raise
                log.warning("Deliveries wait for the database", error=type(error).__name__)
                await asyncio.sleep(0.5)

    async def _written(self, conn: Connection, *, look: bool) -> bool:
        settled = self._ledger.settled
        await self._ledger.write(conn, self._vault, self._endpoint)
        for number in settled:
            self._here.pop(number, None)
        if look or time.monotonic() - self._renewed > RENEW_SECONDS:
            await self._renew(conn)
        return await self._look(conn) if look else False

    async def _renew(self, conn: Connection) -> None:
        endpoint = await senders.renew(conn, self._endpoint.id, self._holder)
        if endpoint is None:
            self._closing = True
            raise LeaseLostError
        if (endpoint.secret, endpoint.previous_secret, endpoint.compatibility) != (
            self._endpoint.secret,
            self._endpoint.previous_secret,
            self._endpoint.compatibility,
        ):
            self._signer = None
        self._endpoint = endpoint
        self._renewed = time.monotonic()

    async def _look(self, conn: Connection) -> bool:
        self._woken = False
        self._looked = time.monotonic()
        if self._paused:
            return False
        room = self._room() - len(self._fresh)
        found = await self._unsent(conn, room) if room > 0 else []
        slots = max(1, int(self._limit) // 4) * self._endpoint.batch_size * 2 - len(self._failed)
        again = await outbox.failed(conn, self._endpoint.id, slots) if slots > 0 else []
        # First the keys: what is in a window may be sent at once.
        await self._load_keys(conn, {OURS, *(one.integration_id for one in (*found, *again))})
        fresh, failed = self._added(found, self._fresh), self._added(again, self._failed)
        return bool(fresh or failed)

    async def _unsent(self, conn: Connection, room: int) -> list[Letter]:
        """What came since the last look; from the beginning, where any was left behind.

        Transactions end in no order, what failed lets go those of its record that waited for it,
        and old ones are replayed.
        """
        page = await self._page(conn, room)
        mine = sum(attempts == 0 for attempts in self._here.values())
        if self._after and (not page.letters or page.passed > mine):
            self._after = 0
            page = await self._page(conn, room + mine)
        while page.more and self._here.keys() >= {letter.id for letter in page.letters}:
            self._after = page.letters[-1].id
            page = await self._page(conn, room)
        self._more = page.more
        if page.letters:
            self._after = page.letters[-1].id
        return page.letters

    async def _page(self, conn: Connection, room: int) -> outbox.Page:
        if self._bytes_each:
            room = min(room, 1 + int(outbox.WINDOW_BYTES / self._bytes_each))
        page = await outbox.fresh(conn, self._endpoint.id, self._after, room)
        if page.letters:
            size = sum(len(letter.sealed) for letter in page.letters)
            self._bytes_each = size / len(page.letters)
        return page

    def _added(self, letters: Sequence[Letter], window: Window) -> list[Letter]:
        # What failed and is not written down yet still looks as if it could be passed.
        stopped = {one.letter.line for one in self._ledger.failures}
        new = [
            letter
            for letter in letters
            if letter.id not in self._here and letter.line not in stopped
        ]
        self._here.update((letter.id, letter.attempts) for letter in new)
        window.add(new)
        return new

    async def _load_keys(self, conn: Connection, accounts: set[str]) -> None:
        for integration_id in accounts - self._keys.keys():
            try:
                if integration_id == OURS:
                    self._keys[OURS] = await masters.own_key(conn, self._vault)
                else:
                    key = await masters.data_key(conn, self._vault, integration_id)
                    self._keys[integration_id] = key
            except IntegrationNotFoundError:
                continue

    async def _abandon(self) -> None:
        """Whatever ends the turn: nothing stays under way, and what was acknowledged is written."""
        posts = list(self._posts)
        for post in posts:
            post.cancel()
        if posts:
            await asyncio.wait(posts)
        if self._ledger:
            try:
                async with (
                    asyncio.timeout(5),
                    self._connections.of(self._endpoint.id) as conn,
                ):
                    await self._ledger.write(conn, self._vault, self._endpoint)
            except AWAY as error:
                log.warning("What was sent may be sent again", error=type(error).__name__)
