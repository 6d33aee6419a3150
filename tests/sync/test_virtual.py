"""Virtual filters: what each comparison asks, the laws of logic, and sentences for mistakes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hireloom.errors import RequestInvalidError
from hireloom.models import UNSET, Application, ApplicationStatus, Stage
from hireloom.sync.operators import FAMILIES
from hireloom.sync.virtual import LOGICAL_WORDS, TYPES, parse
from tests.sync.samples import APPLICATION, APPLIED, INFO, NOW

Tree = dict[str, Any]


def key(path: str) -> Tree:
    return {"type": "key", "data": path, "left": None, "right": None}


def value(kind: str, data: Any) -> Tree:
    return {"type": f"value_{kind}", "data": data, "left": None, "right": None}


def ask(family: str, word: str, path: str, right: Tree | None = None) -> Tree:
    return {"type": f"{family}_operator", "data": word, "left": key(path), "right": right}


def both(word: str, left: Tree, right: Tree | None = None) -> Tree:
    return {"type": "logical_operator", "data": word, "left": left, "right": right}


def string(word: str, path: str, text: Any, kind: str = "string") -> Tree:
    return ask("string", word, path, value(kind, text))


def number(word: str, path: str, given: Any, kind: str = "number") -> Tree:
    return ask("number", word, path, value(kind, given))


def when(word: str, path: str, given: Any, kind: str = "date") -> Tree:
    return ask("date", word, path, value(kind, given))


def array(word: str, path: str, given: Any = None, kind: str = "string") -> Tree:
    return ask("array", word, path, None if given is None else value(kind, given))


def fits(tree: Any, record: Application = APPLICATION, now: datetime = NOW) -> bool:
    return parse(tree, Application).fits(record, now)


def refusal(tree: Any) -> tuple[str, str]:
    with pytest.raises(RequestInvalidError) as refused:
        parse(tree, Application)
    (problem,) = refused.value.fields
    return problem.path, problem.msg


STATUS = string("eq", "info.status", "ACTIVE")
HIRED = string("eq", "info.status", "HIRED")


@pytest.mark.parametrize(
    "tree",
    [
        STATUS,
        string("neq", "info.status", "HIRED"),
        string("beginsWith", "currentStage.text", "Phone"),
        string("endsWith", "currentStage.text", "screen"),
        string("contains", "currentStage.text", "one sc"),
        string("in", "info.status", "HIRED, ACTIVE"),
        string("in", "info.status", ["HIRED", "ACTIVE"], "list"),
        string("eq", "info.candidate.emails.email", "duarte@work.example"),
        string("eq", "info.candidate.emails.type", "PERSONAL"),
        string("eq", "info.tags", "python"),
        string("eq", "info.customFields.level", "L5"),
        string("eq", "info.customFields.salary.unit", "EUR"),
        string("eq", "info.customFields.skills", "go"),
        string("eq", "interviews.interviewers.email", "rita@example.com"),
        string("Begins_With", "$.info.jobId", "40"),
        number("eq", "info.customFields.score", 0.1),
        number("eq", "offers.compensation.min", 0.1),
        number("gt", "offers.compensation.max", 199),
        number("gte", "offers.compensation.max", "200"),
        number("lt", "currentStage.order", 3),
        number("lte", "currentStage.order", 2),
        number("neq", "currentStage.order", 3),
        number("in", "currentStage.order", [1, 2], "list"),
        number("isInBetween", "info.customFields.salary.amount", [100000, 120000], "list"),
        when("isGreaterThan", "info.appliedAt", "2026-11-01"),
        when("isLessThan", "info.appliedAt", "2026-11-01T10:00:00+01:00"),
        when("isInBetween", "info.appliedAt", "2026-10-01,2026-11-01"),
        when("isInBetween", "info.appliedAt", "2026-11-01T08:00:00Z,2026-11-01T08:00:00Z"),
        when("isGreaterThan", "offers.startDate", "2026-11-30"),
        when("isInBetween", "offers.startDate", ["2026-12-01", "2026-12-01"], "list"),
        when("isGreaterThan", "info.customFields.start.date", "2026-11-30"),
        when("isInLastDays", "info.appliedAt", 21, "number"),
        when("isInLastWeeks", "info.appliedAt", 3, "number"),
        when("is_in_last_months", "info.appliedAt", "1", "number"),
        ask("boolean", "is", "info.isProspect", value("boolean", False)),
        ask("boolean", "is", "info.customFields.remote", value("boolean", "true")),
        array("contains", "info.tags", "silver"),
        array("contains", "info.customFields.skills", "sql"),
        array("containsAny", "info.tags", ["gold", "silver"], "list"),
        ask("presence", "exists", "info.jobId"),
        ask("presence", "exists", "offers"),
        ask("presence", "exists", "info.customFields.start.date"),
        ask("presence", "isNull", "rejection"),
        ask("presence", "isNull", "info.rejectedAt"),
        both("and", STATUS, ask("presence", "exists", "info.owner.email")),
        both("or", HIRED, STATUS),
        both("not", HIRED),
    ],
)
def test_the_application_fits(tree: Tree) -> None:
    assert fits(tree)
    assert not fits(both("not", tree))


@pytest.mark.parametrize(
    "tree",
    [
        string("eq", "info.jobId", "400"),
        string("eq", "info.customFields.level", "l5"),
        string("neq", "info.tags", "python"),
        string("neq", "info.jobPostingId", "1"),
        string("eq", "info.customFields.unknown", "1"),
        string("eq", "info.customFields.level.deeper", "1"),
        string("contains", "rejection.text", "a"),
        string("eq", "info.customFields.salary.amount", "120000"),
        number("gt", "offers.compensation.max", 200),
        number("gte", "info.customFields.remote", 0),
        number("eq", "info.customFields.level", 5),
        when("isGreaterThan", "info.appliedAt", "2026-11-01T08:00:00Z"),
        when("isLessThan", "info.appliedAt", "2026-11-01T08:00:00Z"),
        when("isLessThan", "info.rejectedAt", "2030-01-01"),
        when("isLessThan", "info.customFields.level", "2030-01-01"),
        when("isGreaterThan", "offers.startDate", "2026-12-01"),
        when("isInLastDays", "info.appliedAt", 20, "number"),
        when("isInLastMonths", "offers.startDate", 1, "number"),
        ask("boolean", "is", "info.isProspect", value("boolean", True)),
        array("contains", "info.tags", "silv"),
        array("isEmpty", "info.tags"),
        array("isEmpty", "questionResponses"),
        ask("presence", "exists", "info.rejectedAt"),
        ask("presence", "exists", "questionResponses"),
        ask("presence", "isNull", "questionResponses"),
        ask("presence", "isNull", "info.jobId"),
    ],
)
def test_the_application_does_not_fit(tree: Tree) -> None:
    assert not fits(tree)
    assert fits(both("not", tree))


def test_an_empty_list_is_empty_and_has_nothing() -> None:
    record = replace(APPLICATION, info=replace(INFO, tags=[]), offers=[])

    assert fits(array("isEmpty", "info.tags"), record)
    assert fits(array("isEmpty", "offers"), record)
    assert not fits(ask("presence", "exists", "offers"), record)


@pytest.mark.parametrize(
    ("now", "month_ago"),
    [
        (datetime(2026, 3, 31, 12, tzinfo=UTC), datetime(2026, 2, 28, 12, tzinfo=UTC)),
        (datetime(2026, 5, 31, 12, tzinfo=UTC), datetime(2026, 4, 30, 12, tzinfo=UTC)),
        (datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2025, 12, 15, 12, tzinfo=UTC)),
    ],
)
def test_a_month_ends_where_the_shorter_one_ends(now: datetime, month_ago: datetime) -> None:
    tree = when("isInLastMonths", "info.appliedAt", 1, "number")
    record = replace(APPLICATION, info=replace(INFO, applied_at=month_ago))

    assert fits(tree, record, now)
    assert not fits(tree, record, now + timedelta(seconds=1))


def test_a_rolling_period_moves_with_the_clock_and_forgives_the_vendors() -> None:
    tree = when("isInLastDays", "info.appliedAt", 1, "number")

    assert fits(tree, now=APPLIED + timedelta(days=1))
    assert not fits(tree, now=APPLIED + timedelta(days=1, seconds=1))
    assert fits(tree, now=APPLIED - timedelta(minutes=5))
    assert not fits(tree, now=APPLIED - timedelta(hours=2))


def test_a_filter_says_which_sections_it_needs() -> None:
    tree = both("and", STATUS, ask("presence", "exists", "offers.status"))

    assert parse(tree, Application).sections == {"info", "offers"}


def deep(levels: int) -> Tree:
    tree = STATUS
    for _ in range(levels):
        tree = both("not", tree)
    return tree


def wide(levels: int) -> Tree:
    tree = STATUS
    for _ in range(levels):
        tree = both("and", tree, tree)
    return tree


@pytest.mark.parametrize(
    ("tree", "where", "sentence"),
    [
        (None, "filter", "is a node"),
        ({}, "filter.type", "is one of logical_operator"),
        ({**STATUS, "type": "string_oprator"}, "filter.type", "did you mean 'string_operator'?"),
        ({**STATUS, "lft": None}, "filter", "did you mean 'left'?"),
        (key("info.id"), "filter.type", "here, not 'key'"),
        (both("xor", STATUS, STATUS), "filter.data", "and, or, not"),
        (both("and", STATUS), "filter.right", "is a node"),
        (both("not", STATUS, STATUS), "filter.right", "one node, on the left"),
        (both("or", STATUS, HIRED | {"data": "equal"}), "filter.right.data", "eq, neq"),
        (HIRED | {"left": value("string", "a")}, "filter.left.type", "is key"),
        (string("eq", "info.stauts", "a"), "filter.left.data", "did you mean 'info.status'?"),
        (string("eq", "info.id.x", "a"), "filter.left.data", "has no fields of its own"),
        (string("eq", "", "a"), "filter.left.data", "the path of a field"),
        (string("eq", "info.appliedAt", "a"), "filter.type", "an instant: use date_operator"),
        (number("eq", "info.jobId", 1), "filter.type", "is text: use string_operator"),
        (when("isLessThan", "currentStage.order", "2026-01-01"), "filter.type", "number_operator"),
        (string("eq", "info.candidate", "a"), "filter.type", "is a record: name one of its fields"),
        (array("contains", "info.jobId", "a"), "filter.type", "compares lists"),
        (array("contains", "offers", "a"), "filter.data", "use isEmpty"),
        (string("eq", "info.status", "ACTIV"), "filter.right.data", "did you mean 'ACTIVE'?"),
        (string("in", "info.status", "ACTIVE,X"), "filter.right.data", "is one of ACTIVE"),
        (string("eq", "info.jobId", 5), "filter.right.data", "is text"),
        (string("eq", "info.jobId", "x" * 1001), "filter.right.data", "at most 1000"),
        (string("eq", "info.jobId", 5, "number"), "filter.right.type", "is value_string beside"),
        (number("gt", "currentStage.order", "many"), "filter.right.data", "is a number"),
        (number("gt", "currentStage.order", "nan"), "filter.right.data", "is a number"),
        (number("gt", "currentStage.order", True), "filter.right.data", "is a number"),
        (number("isInBetween", "currentStage.order", [2, 1], "list"), "filter.right.data", "lower"),
        (number("in", "currentStage.order", [], "list"), "filter.right.data", "1 to 1000 values"),
        (when("isLessThan", "info.appliedAt", "soon"), "filter.right.data", "is an instant"),
        (when("isInBetween", "info.appliedAt", "2026-01-01"), "filter.right.data", "two values"),
        (
            when("isInBetween", "info.appliedAt", "2026-01-02,2026-01-01"),
            "filter.right.data",
            "its earlier end first",
        ),
        (when("isInLastDays", "info.appliedAt", 0, "number"), "filter.right.data", "from 1 to"),
        (when("isInLastDays", "info.appliedAt", 1.5, "number"), "filter.right.data", "whole"),
        (
            ask("presence", "exists", "info.id", value("string", "a")),
            "filter.right",
            "compares with nothing",
        ),
        (STATUS | {"right": {**STATUS["right"], "left": {}}}, "filter.right.left", "stands alone"),
    ],
)
def test_a_mistake_is_named_with_its_place(tree: Any, where: str, sentence: str) -> None:
    path, msg = refusal(tree)

    assert sentence in msg
    assert path == where


@pytest.mark.parametrize("tree", [deep(30), deep(5000), wide(8)])
def test_a_tree_that_is_too_large_is_refused(tree: Tree) -> None:
    assert "too large a filter" in refusal(tree)[1]


words = st.sampled_from(["ACTIVE", "HIRED", "REJECTED", "ON_HOLD"])
leaves = st.one_of(
    words.map(lambda word: string("eq", "info.status", word)),
    st.sampled_from(["L4", "L5"]).map(lambda word: string("eq", "info.customFields.level", word)),
    st.integers(0, 4).map(lambda order: number("gt", "currentStage.order", order)),
    st.just(ask("presence", "exists", "currentStage.id")),
    st.just(when("isInLastDays", "info.appliedAt", 10, "number")),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(lambda tree: both("not", tree)),
        st.tuples(st.sampled_from(["and", "or"]), inner, inner).map(lambda three: both(*three)),
    ),
    max_leaves=8,
)
records = st.builds(
    lambda status, level, order, days: replace(
        APPLICATION,
        info=replace(
            INFO,
            status=status,
            custom_fields=level,
            applied_at=NOW - timedelta(days=days),
        ),
        current_stage=order,
    ),
    st.sampled_from(ApplicationStatus),
    st.sampled_from([{"level": "L4"}, {"level": "L5"}, {"level": 5}, {}, None, UNSET]),
    st.sampled_from([UNSET, None, Stage(id=None), *(Stage(id="s", order=n) for n in range(4))]),
    st.integers(0, 20),
)


@given(trees, records)
def test_not_not_is_the_same(tree: Tree, record: Application) -> None:
    assert fits(both("not", both("not", tree)), record) == fits(tree, record)


@given(trees, trees, records)
def test_and_and_or_are_dual(left: Tree, right: Tree, record: Application) -> None:
    neither = both("and", both("not", left), both("not", right))
    not_both = both("or", both("not", left), both("not", right))

    assert fits(both("not", both("or", left, right)), record) == fits(neither, record)
    assert fits(both("not", both("and", left, right)), record) == fits(not_both, record)
    assert fits(both("and", left, right), record) == (fits(left, record) and fits(right, record))


@given(st.lists(words, min_size=1, max_size=4), records)
def test_in_is_any_of_eq(given_: list[str], record: Application) -> None:
    several = string("in", "info.status", given_, "list")
    each = [string("eq", "info.status", word) for word in given_]

    assert fits(several, record) == any(fits(one, record) for one in each)


@given(words, records)
def test_neq_is_not_eq_where_there_is_a_value(word: str, record: Application) -> None:
    path = "info.customFields.level"
    there = fits(ask("presence", "exists", path), record)

    assert fits(string("neq", path, word), record) == (
        there and not fits(string("eq", path, word), record)
    )


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
paths = st.sampled_from(["info.status", "info.appliedAt", "offers", "info.customFields.x", "a.b"])
types = st.sampled_from(TYPES)
spelled = st.sampled_from(
    [*LOGICAL_WORDS, *(one.name for family in FAMILIES.values() for one in family.operators)]
)
data = plain | paths | spelled | st.lists(plain, max_size=3)
leaf = st.fixed_dictionaries({"type": types, "data": data})
keys = st.fixed_dictionaries({"type": st.just("key"), "data": paths})
wild = st.recursive(
    plain | leaf,
    lambda inner: st.fixed_dictionaries(
        {"type": types, "data": spelled | data, "left": keys | inner, "right": inner}
    ) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)  # fmt: skip


@given(wild, records)
def test_no_tree_breaks_anything(tree: Any, record: Application) -> None:
    try:
        filter_ = parse(tree, Application)
    except RequestInvalidError:
        return

    assert filter_.fits(record, NOW) in (True, False)
