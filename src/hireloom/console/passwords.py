"""Passwords of operators: argon2, a few at a time, because each takes 64 MB for a moment."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 256
AT_ONCE = 2

# What a name that nobody has is checked against, so that it takes as long as any other.
NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$SJFWkqYtBDvYdwPsYQ38IA$"
    "zgA1A5oVJwYs2QtjSZb2C3ZTy6f9+LBhmvS9vjmfCa0"
)


class Passwords:
    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._places = asyncio.Semaphore(AT_ONCE)

    async def hashed(self, password: str) -> str:
        async with self._places:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, kept: str | None, password: str) -> bool:
        """Whether it is the one; takes as long where there is nobody to compare with."""
        async with self._places:
            fits = await asyncio.to_thread(self._verify, kept or NOBODY, password)
        return fits and kept is not None

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, kept: str) -> bool:
        return self._hasher.check_needs_rehash(kept)


def problem(password: str, again: str, name: str) -> str | None:
    """What is wrong with a new password, as a sentence."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"A password has {SHORTEST} to {LONGEST} characters. A few words in a row do well."
    if len(set(password)) < 5 or password.lower() == name.lower():
        return "This password is too easy to guess."
    return None if password == again else "The two passwords differ."
