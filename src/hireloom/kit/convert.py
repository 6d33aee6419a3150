"""Small conversions between the words of vendors and ours. All are pure."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TypeVar
from urllib.parse import urlsplit

import phonenumbers
import pycountry

T = TypeVar("T")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC)

_COUNT = re.compile(r"[0-9]{1,15}")  # more digits than that count nothing on earth


def to_millis(instant: datetime | None) -> int | None:
    """Unix milliseconds."""
    return None if instant is None else (instant - EPOCH) // timedelta(milliseconds=1)


def from_millis(millis: int | float | None) -> datetime | None:
    return None if millis is None else EPOCH + timedelta(milliseconds=millis)


def to_iso(instant: datetime) -> str:
    """RFC 3339 in UTC with milliseconds, as most vendors write it."""
    text = _in_utc(instant).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def utc(instant: datetime | None) -> datetime | None:
    """The instant in UTC; a vendor's time without a zone is taken as UTC."""
    return None if instant is None else _in_utc(instant)


def _in_utc(instant: datetime) -> datetime:
    if not instant.tzinfo:
        return instant.replace(tzinfo=UTC)
    try:
        return instant.astimezone(UTC)
    except OverflowError:  # the first or the last day there is, in a zone where UTC has no such day
        return EARLIEST if instant.year == 1 else LATEST


def year_month(year: int | None, month: int | None) -> date | None:
    """The first day of what the vendor knows of a date."""
    return None if year is None else date(year, month or 1, 1)


def to_count(text: str) -> int | None:
    """A number of things as a header writes it; None for what is no such number."""
    return int(text) if _COUNT.fullmatch(text) else None


def to_id(value: int | str | None) -> str | None:
    return None if value is None else str(value)


def split_name(name: str | None) -> tuple[str | None, str | None]:
    """First and last name of a vendor that has one string: cut at the last space."""
    words = (name or "").split()
    if not words:
        return None, None
    return (" ".join(words[:-1]), words[-1]) if words[1:] else (words[0], None)


def join_name(first: str | None, last: str | None) -> str:
    return " ".join(part for part in (first, last) if part)


@lru_cache(maxsize=4096)
def e164(number: str | None, region: str | None = None) -> str | None:
    """`+15551234567` where the number says its country or `region` gives it, else None."""
    try:
        parsed = phonenumbers.parse(number or "", region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=1024)
def country_code(name: str | None) -> str | None:
    """ISO 3166-1 alpha-2 of a country's name or code, None where it is not known."""
    if not name:
        return None
    try:
        found = pycountry.countries.lookup(name.strip())
    except LookupError:
        return None
    return str(found.alpha_2)


def host_of(url: str) -> str:
    """The host that a link leads to, in lower case; "" where it is no address."""
    try:
        return urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""


def chunks(values: Iterable[T], size: int) -> list[list[T]]:
    listed = list(values)
    return [listed[start : start + size] for start in range(0, len(listed), size)]
