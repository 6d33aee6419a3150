"""Chances that depend on nothing but the seed, the kind and the index."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

Choice = TypeVar("Choice")


class Draw:
    """A row of random choices for one record; enough for about forty of them."""

    __slots__ = ("_rest",)

    def __init__(self, seed: int, kind: str, index: int) -> None:
        digest = hashlib.blake2b(f"{seed}/{kind}/{index}".encode(), digest_size=64).digest()
        self._rest = int.from_bytes(digest)

    def below(self, limit: int) -> int:
        """A whole number from 0 to limit - 1."""
        self._rest, chosen = divmod(self._rest, limit)
        return chosen

    def of(self, choices: Sequence[Choice]) -> Choice:
        """One of the choices."""
        return choices[self.below(len(choices))]

    def chance(self, percent: int) -> bool:
        """True in so many of a hundred cases."""
        return self.below(100) < percent
