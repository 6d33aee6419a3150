"""`hireloom scores push`: the scores of a file into an account, once each, with their receipts."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import msgspec
from rich.table import Table

from hireloom.bulk import report, rows, sending
from hireloom.bulk.receipts import SUFFIX, Outcome, Receipts, opened, outcome
from hireloom.bulk.report import Shown, Tally
from hireloom.bulk.rows import FileError, Row
from hireloom.bulk.sending import Sender, StoppedError
from hireloom.client import ClientError, Hireloom, HireloomApiError
from hireloom.errors import RequestInvalidError
from hireloom.models import ScorePreview
from hireloom.shell import err, out
from hireloom.terminal import headers_of

ALL_DONE, SOME_FAILED, NOT_RUN, BROKEN_OFF = 0, 1, 2, 130
PREVIEWED = 3  # rows of a dry run
GO_ON = "The same command goes on from here."


def push(
    path: Path, url: str, key: str, integration: str, *, dry_run: bool, retry_failed: bool
) -> int:
    """0 when all is written, 1 when rows failed, 2 when it could not run, 130 when broken off."""
    try:
        require_usable(url, key, integration)
    except (ValueError, httpx.InvalidURL) as error:
        err.print(str(error))
        return NOT_RUN
    try:
        with sending.connected(url, key, integration) as client:
            if dry_run:
                return rehearse(path, client)
            return send(path, client, integration, retry_failed=retry_failed)
    except (FileError, StoppedError) as error:
        err.print(error.what, style="bold red")
        if error.todo:
            err.print(error.todo)
    return NOT_RUN


def require_usable(url: str, key: str, integration: str) -> None:
    """Raises ValueError or httpx.InvalidURL for what nobody could mean."""
    headers_of(key, integration)
    if not integration:
        raise ValueError("Give the id of the account as --integration; integration.list has it.")
    if urlsplit(url).scheme not in {"http", "https"}:
        raise ValueError(f"{url} is no address such as http://127.0.0.1:8400.")
    httpx.URL(url)


# A push.


@dataclass
class Run:
    """One file on its way; what is known of it lies in `receipts`, what is told in `tally`."""

    receipts: Receipts
    sender: Sender
    progress: Shown
    retry_failed: bool
    tally: Tally = field(default_factory=Tally)
    refused: list[Outcome] = field(default_factory=list)  # that are not in the receipts yet

    def go(self, path: Path) -> None:
        due = self._due(rows.rows_of(path, self.receipts.head.file))
        for chunk in sending.chunks(due):
            for became in self.sender.send(chunk):
                self._keep(became)
                self.progress.done(len(became))
        self._keep([])

    def _keep(self, became: list[Outcome]) -> None:
        """What is counted is in the receipts, and what is in them is counted."""
        with undisturbed():
            waiting, self.refused = self.refused, []
            self.receipts.keep([*waiting, *became])
            for one in became:
                self.tally.add(one)

    def _due(self, every: Iterator[Row]) -> Iterator[Row]:
        """The rows to be sent; of the others it is told here what became of them."""
        for row in every:
            if row.problem is not None:
                self._refuse(row, row.problem)
            elif self.receipts.is_known(row) and not self._again(row):
                failed = self.receipts.failed.get(row.line)
                if failed is None:
                    self.tally.before += 1
                else:
                    self.tally.add(failed)
                self.progress.done(1)
            else:
                yield row

    def _again(self, row: Row) -> bool:
        failed = self.receipts.failed.get(row.line)
        if failed is None or failed.error is None:
            return False
        was_invalid = failed.error.get("code") == RequestInvalidError.code  # and is not any more
        return self.retry_failed or was_invalid or bool(failed.error.get("retryable"))

    def _refuse(self, row: Row, problem: str) -> None:
        kind = RequestInvalidError
        error = {"code": kind.code, "msg": problem, "hint": kind.hint, "retryable": False}
        became = outcome(row, error=error)
        if not self.receipts.is_known(row):
            self.refused.append(became)
            if len(self.refused) == sending.CHUNK:
                self._keep([])
        self.tally.add(became)
        self.progress.done(1)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C waits until it is over."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def send(path: Path, client: Hireloom, integration: str, *, retry_failed: bool) -> int:
    total, print_ = rows.count_rows(path), rows.print_of(path)
    beside = path.with_name(path.name + SUFFIX)
    with opened(beside, integration, print_) as receipts, report.shown(err, total) as progress:

        def wait(seconds: float, why: str) -> None:
            progress.say(f"{why}: once more in {seconds:g} s")
            sending.sleep(seconds)

        run = Run(receipts, Sender(client, wait), progress, retry_failed)
        ended = _ended(run, path)
    if run.tally.has_any or ended == ALL_DONE:
        run.tally.print(out)
    err.print(f"Receipts: {beside}")
    if ended in {NOT_RUN, BROKEN_OFF}:
        err.print(GO_ON)
    return ended


def _ended(run: Run, path: Path) -> int:
    try:
        run.go(path)
    except KeyboardInterrupt:
        run.progress.say("Broken off.")
        return BROKEN_OFF
    except StoppedError as error:
        run.progress.say(error.what)
        if error.todo:
            run.progress.say(error.todo)
        return NOT_RUN
    return SOME_FAILED if run.tally.failed else ALL_DONE


# A dry run.


def rehearse(path: Path, client: Hireloom) -> int:
    """Check every row, and show for the first ones where they would go. Nothing is sent."""
    tally, good = Tally(), 0
    places = Table("line", "externalId", "would go to", "dropped there")
    for row in rows.rows_of(path, rows.print_of(path)):
        problem = row.problem
        if problem is None and good < PREVIEWED:
            problem = _previewed(client, row, places)
        if problem is None:
            good += 1
        else:
            kind = RequestInvalidError
            error = {"code": kind.code, "msg": problem, "hint": kind.hint}
            tally.add(outcome(row, error=error))
    if places.row_count:
        report.print_table(out, places)
    out.print(f"{good} rows can be sent. Nothing was sent.")
    if tally.failed:
        tally.print(out)
    return SOME_FAILED if tally.failed else ALL_DONE


def _previewed(client: Hireloom, row: Row, places: Table) -> str | None:
    """Why the server refuses the row; else None, and its places are in the table."""
    try:
        answer = client.call("ats.application.score.preview", row.body, verb="POST")
    except HireloomApiError as error:
        if error.code not in ROWS_OWN:
            raise StoppedError(error.msg, error.hint) from error
        return error.msg
    except ClientError as error:
        raise StoppedError(str(error)) from error
    shown = msgspec.convert(answer, ScorePreview)
    best = next((one for one in shown.channels if one.available), None)
    where = best.channel.value if best else "nowhere: this account has no place for it"
    dropped = ", ".join(one.field for one in best.fields_dropped) if best else ""
    places.add_row(str(row.line), row.external_id or "", where, dropped)
    return None


ROWS_OWN = frozenset({"request.invalid", "resource.not_found", "resource.conflict"})
