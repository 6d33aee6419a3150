"""A vendor's words, made fit to be shown and logged: no person, no secret, not too long."""

import base64
import contextlib
import html
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote

import msgspec

from hireloom.kit.decode import UNREADABLE_JSON
from hireloom.kit.message import Request

LONGEST = 500
SHORT = 60  # letters: a name, an address, a title; what is longer is read as prose
GONE = "[…]"
_EMAIL = re.compile(r"[^\s@<>\"(),;:]+@[^\s@<>\"'(),;:]+\.[^\W\d_]{2,}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_KEY_OR_PHONE = re.compile(
    rf"(?P<uuid>(?<!\w){_UUID.pattern}(?![\w-]))"
    r"|\b(?:eyJ[\w.\-]+|(?=[\w\-]*\d)(?=[\w\-]*[A-Za-z])[\w\-]{24,})"
    r"|\+?\d[\d\s().\-/]{6,}\d",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^>]*>")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


class Quoted(NamedTuple):
    """What may come back, and whether in any case."""

    text: str
    any_case: bool


def redacted(words: str, request: Request) -> str:
    """The words without what we sent, and without anything that looks like a person or a key."""
    words = _plain(words)
    for quoted in sorted(set(_sent(request)), key=lambda one: len(one.text), reverse=True):
        words = _without(words, quoted)
    words = _EMAIL.sub(GONE, words)
    words = _KEY_OR_PHONE.sub(lambda match: match["uuid"] or GONE, words)
    words = re.sub(r"\s+", " ", words).strip()
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


def _plain(words: str) -> str:
    """The words as a person reads them: a quoted name may come back escaped in several ways."""
    if words.lstrip()[:1] == "<":
        words = _TAG.sub(" ", words)
    units = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), words)
    whole = units.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", unquote(html.unescape(whole)))


def _without(words: str, quoted: Quoted) -> str:
    """Short values go in any case, prose as it was written; scripts without spaces anywhere."""
    value = unicodedata.normalize("NFC", quoted.text)
    pattern = re.escape(value)
    if _cased(value[0]):
        pattern = rf"(?<!\w){pattern}"
    if _cased(value[-1]):
        pattern = rf"{pattern}(?!\w)"
    return re.sub(pattern, GONE, words, flags=re.IGNORECASE if quoted.any_case else re.NOFLAG)


def _cased(letter: str) -> bool:
    return letter.isdigit() or letter.lower() != letter.upper()


def _sent(request: Request) -> Iterator[Quoted]:
    """The values that went out: a vendor that quotes one back would name a person."""
    yield from _credentials(request)
    for _, value in request.params:
        yield from _words(value)
    if request.body:
        try:
            yield from _leaves(msgspec.json.decode(request.body))
        except UNREADABLE_JSON:
            yield from _words(request.body.decode(errors="replace"))
            for _, value in parse_qsl(request.body.decode(errors="replace")):
                yield from _words(value)
    for part in request.parts:
        yield from _words(part.filename or part.content[:2000].decode(errors="replace"))


def _credentials(request: Request) -> Iterator[Quoted]:
    """The key of the account in the forms in which it was sent."""
    for name, value in request.headers.items():
        if name.lower() != "authorization":
            continue
        key = value.rpartition(" ")[2]
        yield Quoted(key, False)
        with contextlib.suppress(ValueError):
            pair = base64.b64decode(key).decode().split(":", 1)
            yield from (Quoted(part, False) for part in pair if part)


def _leaves(value: Any) -> Iterator[Quoted]:
    if isinstance(value, str):
        yield from _words(value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)


def _words(value: str) -> Iterator[Quoted]:
    """The value whole, its words where it is short, and those of prose that may be names."""
    value = value.strip()
    if len(value) < 2 or _UUID.fullmatch(value) or (value.isdigit() and len(value) < 5):
        return
    short = len(value) <= SHORT
    if len(value) <= 2000:
        yield Quoted(value, short)
    for word in re.findall(r"[^\W\d_]{2,}", value[:2000]):
        long = len(word) > 2
        if (long and short) or (not word[0].islower() and (long or short or not _cased(word[0]))):
            yield Quoted(word, long and short)
