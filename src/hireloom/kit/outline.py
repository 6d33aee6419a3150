"""What calls carried, reduced to its outline: names and structure stay, people and secrets go.

Kept as they are: booleans, null, ids, full times, words of closed lists, and what a failed call
says, freed of persons. All other text becomes its length. When in doubt, something is left out.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from hireloom.kit.decode import UNREADABLE_JSON
from hireloom.kit.message import Part
from hireloom.kit.redact import GONE

LARGEST = 1024 * 1024  # bytes of a body that is looked into
LONGEST = 16_000  # characters of an outline
LONGEST_MESSAGE = 300
MOST_ITEMS = 5  # of a list
MOST_MEMBERS = 100  # of an object, a query or a form
MOST_VALUES = 2000
DEEPEST = 16
SHORTEST_SECRET = 4  # letters, below which a text is no key that could be told from others

NUMBER = "‹number›"
HIDDEN = "‹left out›"
YES_OR_NO = "‹yes or no›"

IDS = frozenset({"id", "ids", "uuid", "guid"})
VOCABULARIES = frozenset(
    {
        "action", "actions", "category", "connector", "direction", "event", "events", "kind",
        "method", "mode", "model", "models", "order", "sort", "stage", "state", "states", "status",
        "statuses", "type", "types", "visibility",
    }
)  # fmt: skip
MESSAGES = frozenset(
    {
        "code", "codes", "description", "detail", "details", "error", "errors", "field", "fields",
        "hint",
        "message", "messages", "msg", "param", "path", "pointer", "reason", "upstream",
    }
)  # fmt: skip
ERRORS = frozenset({"error", "errors", "fault"})
PAGING = frozenset({"limit", "offset", "page", "size", "skip"})
# Below such a name nothing is kept, not even an id or a word of a list.
SENSITIVE = frozenset(
    {
        "auth", "authorization", "bearer", "cookie", "credential", "credentials", "key", "keys",
        "password", "passwd", "secret", "secrets", "session", "signature", "token", "tokens",
        "birth", "birthday", "born", "citizenship", "demographic", "demographics", "dob",
        "disability", "diversity", "driver", "eeo", "eeoc", "ethnicity", "gender", "health",
        "licence", "license", "marital", "national", "nationality", "passport", "pronoun",
        "pronouns", "race", "religion", "sex", "social", "ssn", "tax", "veteran", "visa",
        "bank", "card", "email", "emails", "facebook", "fax", "github", "iban", "linkedin", "mail",
        "mobile", "phone", "phones", "skype", "telegram", "telephone", "twitter", "wechat",
        "whatsapp",
    }
)  # fmt: skip
EQUALITY = frozenset({"demographic", "demographics", "diversity", "eeo", "eeoc", "survey"})
PLACES = frozenset({"address", "addresses", "location", "locations", "place"})  # have a "state"
ID_OF_A_LIST = frozenset({"app", "connector", "stage", "status", "type"})
# What vendors write with capitals in their errors; other words in a row may be somebody's name.
USUAL = frozenset(
    {
        "a", "access", "allowed", "an", "api", "application", "ats", "authentication",
        "authorization", "bad", "behalf", "body", "conflict", "content", "denied",
        "entity", "error", "exceeded", "expired", "failed", "forbidden", "found", "gateway",
        "header", "http", "https", "id", "idempotencykey", "integration", "internal", "invalid",
        "is", "job", "json", "key", "large", "limit", "many", "media", "method", "missing",
        "no", "not", "of", "offer", "on", "page", "parameter", "payload", "permission", "rate",
        "request", "requests", "required", "resource", "server", "service", "stage", "the",
        "this", "timeout", "token", "too", "type", "unauthorized", "unavailable", "unknown",
        "unprocessable", "unsupported", "url", "user", "validation", "xintegrationid",
    }
)  # fmt: skip

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NAME = re.compile(r"[A-Za-z_][\w-]{0,59}(?:\[\w{0,40}\]){0,3}", re.ASCII)
_LONG_DIGITS = re.compile(r"\d{6}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ID = re.compile(
    r"\d{1,19}|[0-9a-f]{24}|[a-z]{2,4}_[0-9A-Za-z]{17,22}|(?=[\w-]*\d)[\w-]{1,23}", re.ASCII
)
_TIME = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?", re.ASCII
)
_WORD = re.compile(
    r"[a-z]+(?:[_-][a-z]+)*|[A-Z]+(?:_[A-Z]+)*|[A-Z]?[a-z]+(?:[A-Z][a-z]+)*", re.ASCII
)
_EVENT = re.compile(r"[a-z_]+(?:\.[a-z_]+){1,4}", re.ASCII)
_MEDIA_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9.+-]{1,60}")
_SIZE = re.compile(r"\d{1,4}", re.ASCII)
_GRANT = re.compile(r"[a-z_:-]{1,60}")
LONGEST_WORD = 40

Tell = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Name:
    """The name that a value has, and what the names above it say of it."""

    words: tuple[str, ...] = ()
    is_sensitive: bool = False
    is_in_place: bool = False
    is_message: bool = True  # of a failed call: it and all above it speak of the failure

    def of(self, text: str) -> "Name":
        words = tuple(word.lower() for word in _WORDS.findall(text))
        speaks = not ERRORS.isdisjoint(words) or not MESSAGES.isdisjoint(words[-1:])
        vendors = self.words == ("upstream",) and words == ("body",)
        return Name(
            words,
            self.is_sensitive or not SENSITIVE.isdisjoint(words),
            self.is_in_place or not PLACES.isdisjoint(words),
            self.is_message and (speaks or vendors),
        )

    @property
    def names_id(self) -> bool:
        return bool(self.words) and self.words[-1] in IDS

    @property
    def names_word(self) -> bool:
        if not self.words or (self.is_in_place and self.words[-1] == "state"):
            return False
        of_id = self.names_id and not ID_OF_A_LIST.isdisjoint(self.words)
        return of_id or self.words[-1] in VOCABULARIES


TOP = Name()


def about(path: str) -> Name:
    """The name of a whole body: what asks for answers on equality keeps no id and no word."""
    words = {word.lower() for word in _WORDS.findall(path)}
    return replace(TOP, is_sensitive=not EQUALITY.isdisjoint(words))


@dataclass
class Outline:
    """Of one call. `tell` frees what it said of persons; it is there where the call failed."""

    secrets: frozenset[str] = frozenset()  # that stand nowhere, whatever their name
    tell: Tell | None = None
    top: Name = TOP  # of the whole
    _values: int = field(default=0, init=False)

    def of_body(self, body: bytes, content_type: str) -> str:
        if not body:
            return ""
        kind = content_type.partition(";")[0].strip().lower()
        shown = f"‹{kind if _MEDIA_TYPE.fullmatch(kind) else 'unknown type'}, {len(body):,} bytes›"
        if len(body) > LARGEST:
            return shown
        if kind == "application/x-www-form-urlencoded":
            return self.of_form(body) or shown
        if "json" not in kind and body.lstrip()[:1] not in {b"{", b"["}:
            return shown
        try:
            decoded = msgspec.json.decode(body)
        except UNREADABLE_JSON:
            return shown
        return self.of_value(decoded)

    def of_value(self, value: Any) -> str:
        """JSON, indented, and cut where it is too long."""
        self._values = 0
        reduced = msgspec.json.encode(self._value(self.top, value, 0))
        text = msgspec.json.format(reduced, indent=2).decode()
        if len(text) <= LONGEST:
            return text
        return f"{text[:LONGEST]}\n‹{len(text) - LONGEST:,} more characters›"

    def of_form(self, body: bytes) -> str:
        """Names, and the grant type of a request for a token."""
        try:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_MEMBERS)
        except ValueError:
            return ""
        return "\n".join(self._field(name, value) for name, value in pairs)

    def of_parts(self, parts: Sequence[Part]) -> str:
        """Names, types and sizes."""
        return "\n".join(
            f"{self.name(part.name)}: {_kind(part.content_type)}, {len(part.content):,} bytes"
            for part in parts[:MOST_MEMBERS]
        )

    def of_query(self, pairs: Iterable[tuple[str, str]]) -> str:
        shown = [
            f"{self.name(name)}={self._queried(self.top.of(name), value)}"
            for name, value in list(pairs)[:MOST_MEMBERS]
        ]
        return "&".join(shown)

    def name(self, text: str) -> str:
        """A member's name, unless it looks like what should be a value."""
        looks_like_key = len(text) >= 24 and any(one.isdigit() for one in text)
        odd = not _NAME.fullmatch(text) or looks_like_key or _LONG_DIGITS.search(text)
        if (odd and not _UUID.fullmatch(text)) or self.holds_secret(text):
            return f"‹name, {_characters(text)}›"
        return text

    def _value(self, name: Name, value: Any, depth: int) -> Any:
        self._values += 1
        if isinstance(value, list | dict):
            if depth >= DEEPEST or self._values > MOST_VALUES:
                return HIDDEN
            if isinstance(value, list):
                return self._list(name, value, depth)
            return self._members(name, value, depth)
        if isinstance(value, str):
            return self._text(name, value)
        if isinstance(value, bool):
            return YES_OR_NO if name.is_sensitive else value
        return None if value is None else self._number(name, value)

    def _list(self, name: Name, items: list[Any], depth: int) -> list[Any]:
        shown = [self._value(name, item, depth + 1) for item in items[:MOST_ITEMS]]
        if len(items) > MOST_ITEMS:
            shown.append(f"‹and {len(items) - MOST_ITEMS:,} more›")
        return shown

    def _members(self, name: Name, members: dict[str, Any], depth: int) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for text, value in list(members.items())[:MOST_MEMBERS]:
            below = name.of(text)
            if name.is_message and "errors" in name.words and isinstance(value, list):
                below = replace(below, is_message=True)  # {"errors": {"phone": ["is too long"]}}
            label = self.name(text)
            while label in shown:
                label += "′"
            shown[label] = self._value(below, value, depth + 1)
        if len(members) > MOST_MEMBERS:
            shown["‹and more›"] = f"‹{len(members) - MOST_MEMBERS:,} members›"
        return shown

    def _number(self, name: Name, value: float) -> Any:
        is_id = name.names_id and isinstance(value, int) and 0 <= value < 10**19
        return value if is_id and not self._hides(name, str(value)) else NUMBER

    def _text(self, name: Name, text: str) -> str:
        if not text:
            return text
        if not self._hides(name, text):
            if _stays(name, text):
                return text
            if name.is_message and self.tell is not None:
                told = _without_names(self.tell(text))[:LONGEST_MESSAGE]
                return HIDDEN if self.holds_secret(told) else told
        return f"‹text, {_characters(text)}›"

    def _queried(self, name: Name, text: str) -> str:
        is_size = not PAGING.isdisjoint(name.words) and _SIZE.fullmatch(text)
        if text in {"true", "false"} or (is_size and not self._hides(name, text)):
            return text
        several = text.split(",", MOST_ITEMS) if name.names_id or name.names_word else [text]
        return ",".join(self._text(name, one) for one in several)

    def _field(self, name: str, value: str) -> str:
        if name == "grant_type" and _GRANT.fullmatch(value) and not self.holds_secret(value):
            return f"{name}={value}"
        return f"{self.name(name)}={HIDDEN}"

    def _hides(self, name: Name, text: str) -> bool:
        return name.is_sensitive or self.holds_secret(text)

    def holds_secret(self, text: str) -> bool:
        return any(secret in text for secret in self.secrets if len(secret) >= SHORTEST_SECRET)


def _stays(name: Name, text: str) -> bool:
    if _TIME.fullmatch(text) or (name.names_id and (_UUID.fullmatch(text) or _ID.fullmatch(text))):
        return True
    if not name.names_word or len(text) > LONGEST_WORD:
        return False
    is_event = name.words[-1] in {"event", "events", "action", "method"} and _EVENT.fullmatch(text)
    return bool(is_event or _WORD.fullmatch(text))


def _without_names(text: str) -> str:
    """Without words that begin with capitals, as a name does, but for those that vendors use so."""
    told: list[str] = []
    for at, word in enumerate(text.split(" ")):
        plain = re.sub(r"\W", "", word)
        is_name = plain[:1].isupper() and (at > 0 or _goes_on_with_capital(text))
        hidden = (is_name and plain.lower() not in USUAL) or any(map(_is_caseless, plain))
        if not (hidden and told[-1:] == [GONE]):
            told.append(GONE if hidden else word)
    return " ".join(told)


def _goes_on_with_capital(text: str) -> bool:
    """Whether its second word is one, too: then the first may be somebody's first name."""
    words = text.split(" ", 2)
    return len(words) > 1 and re.sub(r"\W", "", words[1])[:1].isupper()


def _is_caseless(letter: str) -> bool:
    """Of a script in which names have no capitals."""
    return letter.isalpha() and letter.lower() == letter.upper()


def _characters(text: str) -> str:
    return "1 character" if len(text) == 1 else f"{len(text):,} characters"


def _kind(content_type: str | None) -> str:
    kind = (content_type or "").partition(";")[0].strip().lower()
    return kind if _MEDIA_TYPE.fullmatch(kind) else "unknown type"
