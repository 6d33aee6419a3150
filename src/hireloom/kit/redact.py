"""A vendor's words, made fit to be shown and logged: no person, no secret, not too long.

What we sent is looked for in the vendor's words, which are short, and never the other way round:
what it costs must not grow with what a caller sends.
"""

import base64
import contextlib
import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby, takewhile
from operator import add
from typing import Any
from urllib.parse import parse_qsl, unquote

import msgspec

from hireloom.kit.decode import UNREADABLE_JSON
from hireloom.kit.message import Request

LONGEST = 500
MOST = 2000  # letters of the vendor's words, and of one value of ours, that are looked at
SHORT = 60  # letters: a name, an address, a title; what is longer is read as prose
GONE = "[…]"

# How much of what we sent is looked at in all. What has more in it comes back as nothing at all.
MOST_QUOTES = 6000
MOST_LETTERS = 100_000
MOST_FIELDS = 1000  # of a form
LARGEST_BODY = 4 * MOST_LETTERS  # bytes, once files are taken out
LARGEST_PIECE = 12_000  # bytes of JSON without a quote: enough for MOST letters, however escaped

_WORD = re.compile(r"[^\W\d_]{2,}")
_EMAIL = re.compile(
    r"(?P<email>[^\s@<>\"(),;:]++@[^\s@<>\"'(),;:]+\.[^\W\d_]{2,})|[^\s@<>\"(),;:]++"
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_KEY_OR_PHONE = re.compile(
    rf"(?P<uuid>(?<!\w){_UUID.pattern}(?![\w-]))"
    r"|\b(?:eyJ[\w.\-]+|(?=[\w\-]*\d)(?=[\w\-]*[A-Za-z])[\w\-]{24,})"
    r"|\+?\d[\d\s().\-/]{6,}\d",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^>]*>")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


class TooMuchError(Exception):
    """More was sent than can be looked for in a moment."""


def redacted(words: str, request: Request) -> str:
    """The words without what we sent, and without anything that looks like a person or a key."""
    shown = Shown(_plain(words[:MOST]))
    try:
        shown.hide_sent(request)
    except TooMuchError:
        return GONE
    # A value that is cut off at the end would not be known for what it is.
    told = re.sub(r"\s+", " ", shown.told(whole=len(words) <= MOST))
    beginning = told[: 2 * LONGEST]
    fit = _EMAIL.sub(lambda match: GONE if match["email"] else match[0], beginning)
    fit = _KEY_OR_PHONE.sub(lambda match: match["uuid"] or GONE, fit)
    fit = (fit if beginning == told else fit[:-SHORT]).strip()
    return fit if len(fit) <= LONGEST else fit[: LONGEST - 1] + "…"


def _plain(words: str) -> str:
    """The words as a person reads them: a quoted name may come back escaped in several ways."""
    if words.lstrip()[:1] == "<":
        words = _TAG.sub(" ", words)
    units = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), words)
    whole = units.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", unquote(html.unescape(whole)))


class Shown:
    """A vendor's words, and which letters of them are hidden."""

    def __init__(self, words: str) -> None:
        self._words = words
        self._folded = _fold(words)
        self._hidden = bytearray(len(words))

    def told(self, *, whole: bool) -> str:
        end = len(self._words) if whole else max(0, len(self._words) - SHORT)
        runs = groupby(range(end), self._hidden.__getitem__)
        told = []
        for hidden, places in runs:
            letters = "".join(map(self._words.__getitem__, places))
            told.append(GONE if hidden else letters)
        return "".join(told)

    def hide_sent(self, request: Request) -> None:
        """Raises TooMuchError."""
        for secret in credentials(request):
            self._hide(secret, any_case=False)
        # What we sent may hold escapes of its own, which the vendor's words were freed of.
        values = list({form: None for value in _values(request) for form in (value, _plain(value))})
        short = [value for value in values if len(value) <= SHORT]
        prose = [value for value in values if len(value) > SHORT]
        for value in _inside(set(map(_fold, short)), self._folded):
            self._hide(value, any_case=True)
        for value in prose:
            self._hide_beginning(value)
        self._hide_names(" ".join(short), " ".join(prose))

    def _hide_names(self, short: str, prose: str) -> None:
        """The words of short values, and those of prose that may be names."""
        for word in _common(_fold(short), self._folded):
            if len(word) > 2:
                self._hide(word, any_case=True)
        for word in _common(short, self._words):
            if len(word) == 2 and not word[0].islower():
                self._hide(word, any_case=False)
        for word in _common(prose, self._words):
            if not word[0].islower() and (len(word) > 2 or not _cased(word[0])):
                self._hide(word, any_case=False)

    def _hide_beginning(self, value: str) -> None:
        """Prose, as far as it was quoted."""
        at = self._words.find(value[:SHORT])
        while at >= 0:
            pairs = zip(value, self._words[at:], strict=False)
            end = at + sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
            self._hidden[at:end] = b"\1" * (end - at)
            at = self._words.find(value[:SHORT], end)

    def _hide(self, value: str, *, any_case: bool) -> None:
        """Wherever the value stands by itself; in scripts without spaces anywhere."""
        text = self._folded if any_case else self._words
        at = text.find(value)
        while at >= 0:
            end = at + len(value)
            begins = not _cased(value[0]) or at == 0 or not _in_word(text[at - 1])
            if begins and (not _cased(value[-1]) or end == len(text) or not _in_word(text[end])):
                self._hidden[at:end] = b"\1" * len(value)
            at = text.find(value, at + 1)


def _common(words: str, text: str) -> set[str]:
    """The words that are in the text, too."""
    ours, theirs = set(_WORD.findall(words)), set(_WORD.findall(text))
    if words.isascii():
        return ours & theirs
    anywhere = [word for word in ours if not (_cased(word[0]) and _cased(word[-1]))]
    return ours & theirs | _inside(anywhere, text)


def _inside(values: Iterable[str], text: str) -> set[str]:
    """Those that stand in the text; most do not, and their ends give them away sooner."""
    pairs = set(map(add, text, text[1:]))
    return {one for one in values if one[:2] in pairs and one[-2:] in pairs and one in text}


def _fold(text: str) -> str:
    """In lower case, letter by letter, so that places stay the same."""
    return text.replace("İ", "i").lower().replace("ı", "i").replace("ς", "σ")


def _cased(letter: str) -> bool:
    return letter.isdigit() or letter.lower() != letter.upper()


def _in_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def credentials(request: Request) -> Iterator[str]:
    """The key of the account in the forms in which it was sent."""
    for name, value in request.headers.items():
        if name.lower() != "authorization":
            continue
        key = value.rpartition(" ")[2]
        if key:
            yield unicodedata.normalize("NFC", key)
        with contextlib.suppress(ValueError):
            pair = base64.b64decode(key).decode().split(":", 1)
            yield from (unicodedata.normalize("NFC", part) for part in pair if part)


def _values(request: Request) -> Iterator[str]:
    """What went out and says something: a vendor that quotes it back would name a person."""
    letters = 0
    for value in _sent(request):
        told = unicodedata.normalize("NFC", value[:MOST]).strip()
        size = len(told)
        letters += size
        if letters > MOST_LETTERS:
            raise TooMuchError
        if size < 2 or (size < 5 and told.isdigit()) or (size == 36 and _UUID.fullmatch(told)):
            continue
        yield told


def _sent(request: Request) -> Iterator[str]:
    for _, value in request.params:
        yield value
    if request.body:
        yield from _of_body(request.body)
    for part in request.parts:
        yield part.filename or part.content[:MOST].decode(errors="replace")


def _of_body(body: bytes) -> Iterable[str]:
    """The values of JSON or of a form."""
    pieces = body.split(b'"', MOST_QUOTES)
    if len(pieces) > MOST_QUOTES:
        raise TooMuchError
    cut = any(len(piece) > LARGEST_PIECE for piece in pieces)
    if cut:  # a file, most of all; what is left of it is as good as all of it, and read at once
        body = b'"'.join(map(_beginning, pieces))
    if len(body) > LARGEST_BODY:
        raise TooMuchError
    try:
        return _leaves(msgspec.json.decode(body))
    except UNREADABLE_JSON:
        if cut:
            raise TooMuchError from None
    return _of_form(body.decode(errors="replace"))


def _of_form(text: str) -> list[str]:
    try:
        return [text, *(value for _, value in parse_qsl(text, max_num_fields=MOST_FIELDS))]
    except ValueError:
        raise TooMuchError from None


def _beginning(piece: bytes) -> bytes:
    """Enough of it; cut at a space, which is part of no escape and of no letter."""
    if len(piece) <= LARGEST_PIECE:
        return piece
    return piece[:LARGEST_PIECE].rpartition(b" ")[0] or piece[:LARGEST_PIECE]


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
