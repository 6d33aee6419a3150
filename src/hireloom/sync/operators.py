"""The comparisons of virtual filters: what each asks of one value of a field.

A value that is missing, or of another type than the comparison wants, never fits.
"""

import calendar
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum
from operator import contains, eq, ge, gt, le, lt
from typing import Any, TypeVar

from hireloom.errors import RequestInvalidError
from hireloom.sync.fields import Kind

Test = Callable[[Any, datetime], bool]
V = TypeVar("V")

LONGEST_TEXT = 1000
MOST_VALUES = 1000
LONGEST_ROLL = 36_500  # of days; weeks and months in proportion
CLOCK_SLACK = timedelta(hours=1)  # by which a vendor's clock may be ahead of ours


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time, and the day that it stands for beside fields that are dates."""

    instant: datetime
    day: date
    whole_day: bool = False

    @property
    def end(self) -> datetime:
        if not self.whole_day:
            return self.instant
        return datetime.combine(self.day, time.max, UTC)


@dataclass(frozen=True)
class Given:
    """What the right side of a comparison gives: its type, its data, and where it stands."""

    type: str
    data: Any
    where: str

    def wrong(self, sentence: str) -> RequestInvalidError:
        return RequestInvalidError.at(f"{self.where}.data", sentence)

    def text(self) -> str:
        if not isinstance(self.data, str) or len(self.data) > LONGEST_TEXT:
            raise self.wrong(f"is text of at most {LONGEST_TEXT} characters")
        return self.data

    def number(self) -> Decimal:
        return self._number(self.data)

    def moment(self) -> Moment:
        return self._moment(self.data)

    def boolean(self) -> bool:
        words = {"true": True, "false": False}
        data = words.get(self.data, self.data) if isinstance(self.data, str) else self.data
        if not isinstance(data, bool):
            raise self.wrong("is true or false")
        return data

    def texts(self) -> tuple[str, ...]:
        return tuple(replace(self, data=one).text() for one in self.several())

    def numbers(self) -> tuple[Decimal, ...]:
        return tuple(self._number(one) for one in self.several())

    def moments(self) -> tuple[Moment, ...]:
        return tuple(self._moment(one) for one in self.several())

    def several(self) -> Sequence[Any]:
        data = self.data
        if isinstance(data, str):
            data = [part.strip() for part in data.split(",")]
        if not isinstance(data, list) or not 1 <= len(data) <= MOST_VALUES:
            raise self.wrong(f"is a list of 1 to {MOST_VALUES} values, or one text with commas")
        return data

    def _number(self, data: Any) -> Decimal:
        number = to_number(data)
        if number is None and isinstance(data, str) and len(data) <= 40:
            try:
                number = to_number(Decimal(data))
            except InvalidOperation:
                number = None
        if number is None:
            raise self.wrong("is a number")
        return number

    def _moment(self, data: Any) -> Moment:
        moment = to_moment(data)
        if moment is None:
            raise self.wrong("is an instant such as 2026-11-21T10:00:00Z, or a date 2026-11-21")
        return moment


def to_number(value: Any) -> Decimal | None:
    """A number as it is written: 0.1 is a tenth, whether it comes as a float or a decimal."""
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, float):
        return Decimal(repr(value)) if math.isfinite(value) else None
    whole = isinstance(value, int) and not isinstance(value, bool)
    return Decimal(value) if whole else None


def to_moment(value: Any) -> Moment | None:
    if isinstance(value, datetime):
        return Moment(value, value.date())
    if isinstance(value, date):
        return Moment(datetime.combine(value, time.min, UTC), value, whole_day=True)
    if not isinstance(value, str) or not value.isascii() or not 10 <= len(value) <= 40:
        return None
    try:
        if len(value) == 10:
            return to_moment(date.fromisoformat(value))
        instant = datetime.fromisoformat(value)
        instant = (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return Moment(instant, instant.date())


def _text(ask: Callable[[str, str], bool]) -> Callable[[Given], Test]:
    def make(given: Given) -> Test:
        wanted = given.text()
        return lambda said, _: isinstance(said, str) and ask(said, wanted)

    return make


def _text_in(given: Given) -> Test:
    wanted = frozenset(given.texts())
    return lambda said, _: isinstance(said, str) and str(said) in wanted


def _number(ask: Callable[[Decimal, Decimal], bool]) -> Callable[[Given], Test]:
    def make(given: Given) -> Test:
        wanted = given.number()
        return lambda said, _: (number := to_number(said)) is not None and ask(number, wanted)

    return make


def _number_in(given: Given) -> Test:
    wanted = frozenset(given.numbers())
    return lambda said, _: to_number(said) in wanted


def _number_between(given: Given) -> Test:
    low, high = _ends(given, given.numbers())
    if low > high:
        raise given.wrong("has its lower end first")
    return lambda said, _: (number := to_number(said)) is not None and low <= number <= high


def _ends(given: Given, values: tuple[V, ...]) -> tuple[V, V]:
    if len(values) != 2:
        raise given.wrong("has two values, the two ends of a range, joined by a comma")
    return values[0], values[1]


def _later(given: Given) -> Test:
    wanted = given.moment()
    return _timed(lambda at: at > wanted.instant, lambda day: day > wanted.day)


def _earlier(given: Given) -> Test:
    wanted = given.moment()
    return _timed(lambda at: at < wanted.instant, lambda day: day < wanted.day)


def _date_between(given: Given) -> Test:
    low, high = _ends(given, given.moments())
    start, end, first, last = low.instant, high.end, low.day, high.day
    if start > end:
        raise given.wrong("has its earlier end first")
    return _timed(lambda at: start <= at <= end, lambda day: first <= day <= last)


def _timed(at: Callable[[datetime], bool], on: Callable[[date], bool]) -> Test:
    """Instants are asked one question, dates the other; text of custom fields is read first."""

    def test(said: Any, _: datetime) -> bool:
        if isinstance(said, str):
            moment = to_moment(said)
            said = None if moment is None else moment.day if moment.whole_day else moment.instant
        if isinstance(said, datetime):
            return at(said)
        return isinstance(said, date) and on(said)

    return test


def _last(start: Callable[[datetime, int], datetime], most: int) -> Callable[[Given], Test]:
    """A period that rolls along with the clock, up to now."""

    def make(given: Given) -> Test:
        number = given.number()
        if number != number.to_integral_value() or not 1 <= number <= most:
            raise given.wrong(f"is a whole number from 1 to {most}")
        count = int(number)

        def test(said: Any, now: datetime) -> bool:
            low, high = start(now, count), now + CLOCK_SLACK
            inside = _timed(
                lambda at: low <= at <= high, lambda day: low.date() <= day <= high.date()
            )
            return inside(said, now)

        return test

    return make


def months_before(now: datetime, count: int) -> datetime:
    """The same day some calendar months ago, or the last of that month where it is shorter."""
    year, month = divmod(now.year * 12 + now.month - 1 - count, 12)
    day = min(now.day, calendar.monthrange(year, month + 1)[1])
    return now.replace(year=year, month=month + 1, day=day)


def _last_days(days: int) -> Callable[[Given], Test]:
    return _last(lambda now, count: now - timedelta(days=days * count), LONGEST_ROLL // days)


def _is(given: Given) -> Test:
    wanted = given.boolean()
    return lambda said, _: said is wanted


def _same(given: Given) -> Test:
    wanted = given.text()
    return lambda said, _: bool(said == wanted)


def _holds(given: Given) -> Test:
    return (_number(eq) if given.type == "value_number" else _same)(given)


def _holds_any(given: Given) -> Test:
    numbers: set[Decimal] = set()
    words: set[str] = set()
    for one in given.several():
        number = to_number(one)
        if number is None:
            words.add(replace(given, data=one).text())
        else:
            numbers.add(number)
    return lambda said, _: (
        str(said) in words if isinstance(said, str) else to_number(said) in numbers
    )


class Shape(Enum):
    """What a comparison does with the values at its path."""

    ANY = "any of them passes the test"
    NONE = "there are some, and none of them passes"
    EMPTY = "the list is there and empty"
    EXISTS = "there is one"
    NULL = "the ATS says that there is none"


@dataclass(frozen=True)
class Operator:
    name: str
    takes: tuple[str, ...] = ()  # types of the right side; none where there is no right side
    make: Callable[[Given], Test] | None = None
    shape: Shape = Shape.ANY
    also: tuple[str, ...] = ()  # other spellings
    whole: bool = False  # it compares whole words, so a word that a field never has is a mistake


@dataclass(frozen=True)
class Family:
    """The operators of one node type, and the kinds of field that they can compare."""

    kinds: frozenset[Kind]
    operators: tuple[Operator, ...]

    def find(self, spelled: str) -> Operator | None:
        word = _plain(spelled)
        return next(
            (one for one in self.operators if word in map(_plain, (one.name, *one.also))), None
        )


def _plain(spelled: str) -> str:
    return spelled.casefold().replace("_", "").replace("-", "").replace(" ", "")


TEXT, NUMBER, DATE = ("value_string",), ("value_number",), ("value_date",)
SEVERAL, RANGE = ("value_list", "value_string"), ("value_list",)
ONE = ("value_string", "value_number")

FAMILIES: Mapping[str, Family] = {
    "string_operator": Family(
        frozenset({Kind.TEXT, Kind.OPEN}),
        (
            Operator("eq", TEXT, _same, also=("equals", "is"), whole=True),
            Operator("neq", TEXT, _same, Shape.NONE, ("ne", "notEquals", "isNot"), whole=True),
            Operator("beginsWith", TEXT, _text(str.startswith), also=("startsWith",)),
            Operator("endsWith", TEXT, _text(str.endswith)),
            Operator("contains", TEXT, _text(contains)),
            Operator("in", SEVERAL, _text_in, also=("isIn", "oneOf"), whole=True),
        ),
    ),
    "number_operator": Family(
        frozenset({Kind.NUMBER, Kind.OPEN}),
        (
            Operator("eq", NUMBER, _number(eq), also=("equals",)),
            Operator("neq", NUMBER, _number(eq), Shape.NONE, also=("ne", "notEquals")),
            Operator("gt", NUMBER, _number(gt), also=("isGreaterThan",)),
            Operator("gte", NUMBER, _number(ge), also=("isGreaterThanOrEqual",)),
            Operator("lt", NUMBER, _number(lt), also=("isLessThan",)),
            Operator("lte", NUMBER, _number(le), also=("isLessThanOrEqual",)),
            Operator("isInBetween", SEVERAL, _number_between, also=("between", "isBetween")),
            Operator("in", SEVERAL, _number_in, also=("isIn", "oneOf")),
        ),
    ),
    "date_operator": Family(
        frozenset({Kind.INSTANT, Kind.DATE, Kind.OPEN}),
        (
            Operator("isGreaterThan", DATE, _later, also=("gt", "after", "isAfter")),
            Operator("isLessThan", DATE, _earlier, also=("lt", "before", "isBefore")),
            Operator("isInBetween", (*DATE, *RANGE), _date_between, also=("between", "isBetween")),
            Operator(
                "isInLastDays", NUMBER, _last_days(1), also=("inLastDays", "lastDays", "lastNDays")
            ),
            Operator(
                "isInLastWeeks",
                NUMBER,
                _last_days(7),
                also=("inLastWeeks", "lastWeeks", "lastNWeeks"),
            ),
            Operator(
                "isInLastMonths",
                NUMBER,
                _last(months_before, LONGEST_ROLL // 30),
                also=("inLastMonths", "lastMonths", "lastNMonths"),
            ),
        ),
    ),
    "boolean_operator": Family(
        frozenset({Kind.BOOLEAN, Kind.OPEN}),
        (Operator("is", ("value_boolean",), _is, also=("eq", "equals")),),
    ),
    "array_operator": Family(
        frozenset({Kind.TEXT, Kind.NUMBER, Kind.RECORD, Kind.OPEN}),
        (
            Operator("contains", ONE, _holds, whole=True),
            Operator("containsAny", SEVERAL, _holds_any, whole=True),
            Operator("isEmpty", shape=Shape.EMPTY),
        ),
    ),
    "presence_operator": Family(
        frozenset(Kind),
        (
            Operator("exists", shape=Shape.EXISTS, also=("isNotNull",)),
            Operator("isNull", shape=Shape.NULL),
        ),
    ),
}
