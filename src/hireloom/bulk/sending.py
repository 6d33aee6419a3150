"""Rows on their way to the server: in chunks, again after a while where that may help."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
import msgspec

from hireloom.bulk.receipts import Outcome, outcome
from hireloom.bulk.rows import Row
from hireloom.client import ClientError, Hireloom, HireloomApiError, ServerUnreachableError
from hireloom.client.asks import is_loopback
from hireloom.errors import TooLargeError
from hireloom.models import ManyScoresEntry

CHUNK = 25
LARGEST = 8 * 1024 * 1024  # bytes of a chunk; a single row may have more
SECONDS = 330.0  # the server takes up to 300 for many
CONNECT_SECONDS = 10.0
TRIES = 6
LONGEST_WAIT = 900.0  # seconds; who asks for more is come back to by hand
PASSING = (429, 500, 502, 503, 504)

Wait = Callable[[float, str], None]


class StoppedError(Exception):
    """It makes no sense to go on: no row would fare better."""

    def __init__(self, what: str, todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.todo = todo


@contextmanager
def connected(url: str, key: str, integration: str) -> Iterator[Hireloom]:
    """A client that makes no call again by itself and waits as long as a chunk may take."""
    timeout = httpx.Timeout(SECONDS, connect=CONNECT_SECONDS)
    with httpx.Client(timeout=timeout, trust_env=not is_loopback(url)) as http:
        yield Hireloom(url, key, integration=integration, retries=0, http=http)


def chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Two rows with one `externalId` are never in the same: the later one has to win."""
    chunk: list[Row] = []
    names: set[str | None] = set()
    size = 0
    for row in rows:
        length = len(msgspec.json.encode(row.body))
        if len(chunk) == CHUNK or row.external_id in names or (chunk and size + length > LARGEST):
            yield chunk
            chunk, names, size = [], set(), 0
        chunk.append(row)
        names.add(row.external_id)
        size += length
    if chunk:
        yield chunk


class Sender:
    """`wait` is asked to let time pass, and told why."""

    def __init__(self, client: Hireloom, wait: Wait) -> None:
        self._client = client
        self._wait = wait
        self._was_reached = False

    def send(self, rows: Sequence[Row]) -> Iterator[list[Outcome]]:
        """What became of them, as it is known: those that may still succeed come last."""
        waiting = list(rows)
        for attempt in range(TRIES):
            told = self._many(waiting)
            again = [row for row, entry in told if _may_pass(entry)]
            if attempt == TRIES - 1:
                again = []
            left = {row.line for row in again}
            yield [_became(row, entry) for row, entry in told if row.line not in left]
            if not again:
                return
            errors = [entry.error or {} for row, entry in told if row.line in left]
            seconds = max(float(one.get("retryAfter") or 0) for one in errors)
            self._pause(seconds or 2.0**attempt, str(errors[0].get("msg", "")))
            waiting = again

    def _many(self, rows: Sequence[Row]) -> list[tuple[Row, ManyScoresEntry]]:
        try:
            entries = self._called(rows)
        except TooLargeError as error:
            if len(rows) > 1:
                half = len(rows) // 2
                return [*self._many(rows[:half]), *self._many(rows[half:])]
            entries = [ManyScoresEntry(index=0, error=_told(error))]
        return list(zip(rows, entries, strict=True))

    def _called(self, rows: Sequence[Row]) -> list[ManyScoresEntry]:
        """Raises TooLargeError, and StoppedError for all else that a wait does not heal."""
        for attempt in range(TRIES):
            try:
                made = self._client.ats.application.score.create_many(
                    scores=[row.body for row in rows]
                )
            except TooLargeError:
                raise
            except ClientError as error:
                self._endure(error, attempt)
            else:
                self._was_reached = True
                return made.results
        raise AssertionError("the last attempt ends it")

    def _endure(self, error: ClientError, attempt: int) -> None:
        asked = None
        if isinstance(error, HireloomApiError):
            self._was_reached = True
            if error.status not in PASSING or attempt == TRIES - 1:
                raise StoppedError(error.msg, error.hint) from error
            asked = error.retry_after
        elif not isinstance(error, ServerUnreachableError):
            raise StoppedError(str(error)) from error
        elif not self._was_reached or attempt == TRIES - 1:
            raise StoppedError(f"{error}.", "Start it with `hireloom serve`, or set --url.")
        msg = error.msg if isinstance(error, HireloomApiError) else str(error)
        self._pause(2.0**attempt if asked is None else asked, msg)

    def _pause(self, seconds: float, why: str) -> None:
        if seconds > LONGEST_WAIT:
            minutes = round(seconds / 60)
            raise StoppedError(f"{why}; it asks for {minutes} minutes.", "Go on after that.")
        self._wait(seconds, why)


def sleep(seconds: float) -> None:
    """In pieces that a key press ends."""
    ends = time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0:
        time.sleep(min(left, 0.5))


def _may_pass(entry: ManyScoresEntry) -> bool:
    return entry.error is not None and bool(entry.error.get("retryable"))


def _became(row: Row, entry: ManyScoresEntry) -> Outcome:
    if entry.receipt is not None:
        return outcome(row, receipt=entry.receipt)
    return outcome(row, error=entry.error or {"code": "hireloom.internal", "msg": "No answer"})


def _told(error: TooLargeError) -> dict[str, Any]:
    told = {"msg": error.msg, "code": error.code, "hint": error.hint}
    return {**told, "retryable": False}
