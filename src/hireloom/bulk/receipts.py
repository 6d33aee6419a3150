"""The resume file beside a file of scores: what became of each row, so that nothing is lost.

The first line names the account and the file as it was; each other one is a row with its receipt
or its error. Of several for one row the last counts. A line that was cut off is written anew.
"""

import fcntl
import os
from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from hireloom.bulk.rows import FileError, Row
from hireloom.models import ScoreReceipt

SUFFIX = ".receipts.jsonl"


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """`file` is the hash of the file when the first of its rows was sent."""

    integration: str
    file: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What became of a row; `mark` is the row's, in hex."""

    line: int
    mark: str
    external_id: str | None = None
    receipt: ScoreReceipt | None = None
    error: dict[str, Any] | None = None


def outcome(
    row: Row, *, receipt: ScoreReceipt | None = None, error: dict[str, Any] | None = None
) -> Outcome:
    return Outcome(
        line=row.line,
        mark=f"{row.mark:x}",
        external_id=row.external_id,
        receipt=receipt,
        error=error,
    )


class Receipts:
    """An open resume file, and what it says. Numbers by line, so that a long file takes little."""

    def __init__(self, descriptor: int, head: Head) -> None:
        self.head = head
        self.failed: dict[int, Outcome] = {}
        self._descriptor = descriptor
        self._marks = array("Q")

    def keep(self, outcomes: Iterable[Outcome]) -> None:
        """Write them all, and be sure that they are on the disk."""
        told = list(outcomes)
        for one in told:
            self.remember(one)
        self.append(told)

    def append(self, lines: Iterable[Head | Outcome]) -> None:
        """At once: a signal comes before all of them or after."""
        content = b"".join(msgspec.json.encode(one) + b"\n" for one in lines)
        while content:
            content = content[os.write(self._descriptor, content) :]
        os.fsync(self._descriptor)

    def remember(self, one: Outcome) -> None:
        if one.line >= len(self._marks):
            self._marks.extend([0] * (max(2 * one.line, 1000) - len(self._marks)))
        self._marks[one.line] = int(one.mark, 16)
        if one.error is None:
            self.failed.pop(one.line, None)
        else:
            self.failed[one.line] = one

    @property
    def has_any(self) -> bool:
        return bool(self._marks)

    def is_known(self, row: Row) -> bool:
        """Whether something became of this row as it stands there now."""
        return row.line < len(self._marks) and self._marks[row.line] == row.mark


@contextmanager
def opened(path: Path, integration: str, file: str) -> Iterator[Receipts]:
    """The resume file of an account, locked. Raises FileError for one of another account."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise FileError(
            f"{path} cannot be written: {error.strerror}.",
            "The receipts lie beside the file; copy it to where you may write.",
        ) from None
    try:
        _lock(descriptor, path)
        yield _read(descriptor, path, Head(integration=integration, file=file))
    finally:
        os.close(descriptor)


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise FileError(f"Another run is at work with {path}.", "Let it end first.") from None


def _read(descriptor: int, path: Path, fresh: Head) -> Receipts:
    whole = 0
    with os.fdopen(os.dup(descriptor), "rb") as file:
        head: Head | None = None
        receipts = Receipts(descriptor, fresh)
        for line in file:
            if not line.endswith(b"\n"):
                break  # the machine stopped in the midst of it
            whole += len(line)
            if head is None:
                head = receipts.head = _decoded(line, Head, path)
            else:
                receipts.remember(_decoded(line, Outcome, path))
    if head is not None and head.integration == fresh.integration:
        os.ftruncate(descriptor, whole)
        return receipts
    if head is not None and receipts.has_any:
        raise FileError(
            f"{path} has the receipts of another account, {head.integration}.",
            "Name that one, or move the file away to begin anew.",
        )
    os.ftruncate(descriptor, 0)
    receipts.head = fresh
    receipts.append([fresh])
    return receipts


def _decoded(line: bytes, kind: Any, path: Path) -> Any:
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.DecodeError, ValueError):
        raise FileError(
            f"{path} is no resume file, or was changed.", "Move it away to begin anew."
        ) from None
