"""A vendor's words, made fit to be shown and logged: no person, no secret, not too long."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from hireloom.kit.message import Request

LONGEST = 500
GONE = "[…]"
_EMAIL = re.compile(r"[^\s@<>\"'(),;:]+@[^\s@<>\"'(),;:]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"\+?\d[\d\s().\-/]{6,}\d")
_TOKEN = re.compile(r"\b(?:eyJ[\w.\-]+|(?=[\w\-]*\d)(?=[\w\-]*[A-Za-z])[\w\-]{24,})")
_UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


def redacted(words: str, request: Request) -> str:
    """The words without what we sent, and without anything that looks like a person or a key."""
    if words.lstrip()[:1] == "<":
        words = _TAG.sub(" ", words)
    for value in sorted(set(_sent(request)), key=len, reverse=True):
        words = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", GONE, words)
    words = _EMAIL.sub(GONE, words)
    words = _TOKEN.sub(lambda match: match[0] if _UUID.match(match[0]) else GONE, words)
    words = _PHONE.sub(GONE, words)
    words = re.sub(r"\s+", " ", words).strip()
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


def _sent(request: Request) -> Iterator[str]:
    """The values that went out: a vendor that quotes one back would name a person."""
    for _, value in request.params:
        yield from _words(value)
    if request.body:
        try:
            yield from _leaves(msgspec.json.decode(request.body))
        except msgspec.DecodeError:
            yield from _words(unquote_plus(request.body.decode(errors="replace")))
    for part in request.parts:
        if part.filename:
            yield from _words(part.filename)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from _words(value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)


def _words(value: str) -> Iterator[str]:
    """The value whole and, for names and sentences, its longer words."""
    if 3 <= len(value) <= 200:
        yield value
    for word in re.findall(r"[^\W\d_]{3,}", value[:2000]):
        if word[0].isupper():
            yield word
