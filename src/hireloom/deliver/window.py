"""The letters of one webhook that are in memory: which may go, and which wait for one before."""

from collections import deque
from collections.abc import Iterable, Sequence

from hireloom.store.outbox import Letter

Line = tuple[str, str] | int


class Window:
    """Letters in lines, one line per record. Of a line, only what is at its head may go, and

    nothing while what was taken of it is under way.
    """

    def __init__(self) -> None:
        self._lines: dict[Line, deque[Letter]] = {}
        self._free: deque[Line] = deque()
        self._count = 0

    def __len__(self) -> int:
        """How many are here that were not taken."""
        return self._count

    @property
    def ready(self) -> bool:
        return bool(self._free)

    def add(self, letters: Iterable[Letter]) -> None:
        for letter in letters:
            line = letter.line
            found = self._lines.get(line)
            if found is None:
                self._lines[line] = deque((letter,))
                self._free.append(line)
            else:
                found.append(letter)
            self._count += 1

    def take(self, most: int, most_bytes: int) -> list[Letter]:
        """The next letters to go, one at least; those of one line together and in order."""
        taken: list[Letter] = []
        size = 0
        while self._free and len(taken) < most:
            letters = self._lines[self._free[0]]
            if taken and size + len(letters[0].sealed) > most_bytes:
                break
            self._free.popleft()
            while letters and len(taken) < most:
                if taken and size + len(letters[0].sealed) > most_bytes:
                    break
                size += len(letters[0].sealed)
                taken.append(letters.popleft())
        self._count -= len(taken)
        return taken

    def done(self, taken: Sequence[Letter]) -> None:
        """They were acknowledged or given up: the next of their lines may go."""
        for line in {letter.line for letter in taken}:
            if self._lines[line]:
                self._free.append(line)
            else:
                del self._lines[line]

    def stopped(self, taken: Sequence[Letter]) -> list[Letter]:
        """They are tried again later: what waits behind them leaves memory; returns that."""
        left: list[Letter] = []
        for line in {letter.line for letter in taken}:
            left.extend(self._lines.pop(line))
        self._count -= len(left)
        return left
