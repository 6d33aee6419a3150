"""The records of any vendor endpoint: found by two JSON paths, or a clear sentence why not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hireloom.errors import RequestInvalidError
from hireloom.sync.paths import parse


def refusal(answer: Any, list_at: Any = "$.items", id_at: Any = "$.id") -> tuple[str, str]:
    with pytest.raises(RequestInvalidError) as refused:
        parse(list_at, id_at).records(answer)
    (problem,) = refused.value.fields
    return problem.path, problem.msg


def test_records_come_with_their_ids_and_canonical_bytes() -> None:
    answer = {"items": [{"id": 7, "b": 1, "a": {"d": 1, "c": None}}, {"id": "x"}], "next": "n"}

    records = parse("$.items", "$.id").records(answer)

    assert records == [("7", b'{"a":{"c":null,"d":1},"b":1,"id":7}'), ("x", b'{"id":"x"}')]


@pytest.mark.parametrize(
    ("list_at", "answer"),
    [
        ("$", [{"id": "1"}, {"id": "2"}]),
        ("$[*]", [{"id": "1"}, {"id": "2"}]),
        ("$.a.b", {"a": {"b": [{"id": "1"}, {"id": "2"}]}}),
        ("$.items[*]", {"items": [{"id": "1"}, {"id": "2"}]}),
        ("$.items[?@.live==true]", {"items": [
            {"id": "1", "live": True}, {"id": "2", "live": True}, {"id": "3", "live": False},
        ]}),
        ("$.groups[*].people", {"groups": [{"people": [{"id": "1"}]}, {"people": [{"id": "2"}]}]}),
    ],
)  # fmt: skip
def test_a_list_is_found_where_it_is(list_at: str, answer: Any) -> None:
    assert [name for name, _ in parse(list_at, "$.id").records(answer)] == ["1", "2"]


@pytest.mark.parametrize(
    ("list_at", "answer"),
    [("$.items", {"items": []}), ("$.items", {"items": None}), ("$.items[*]", {"items": []})],
)
def test_an_empty_list_is_an_answer(list_at: str, answer: Any) -> None:
    assert parse(list_at, "$.id").records(answer) == []


@pytest.mark.parametrize("list_at", ["$.items", "$.items[*]", "$.items[?@.live==true]"])
@pytest.mark.parametrize("answer", [{}, {"error": "down"}, [], "items", None, 5])
def test_a_list_that_is_missing_is_no_empty_list(list_at: str, answer: Any) -> None:
    assert refusal(answer, list_at) == ("listIdentifier", "finds nothing in the vendor's answer")


def test_a_deep_id_is_found() -> None:
    assert parse("$.items", "$.person['the id']").records(
        {"items": [{"person": {"the id": "9"}}]}
    ) == [("9", b'{"person":{"the id":"9"}}')]


@pytest.mark.parametrize(
    ("answer", "path", "sentence"),
    [
        ({"items": {"id": "1"}}, "listIdentifier", "an object"),
        ({"items": "text"}, "listIdentifier", "text"),
        ({"items": [{"id": "1"}, 5]}, "listIdentifier", "record 2 is a number"),
        ({"items": [{"id": "1"}, {}]}, "recordIdentifier", "no id in record 2"),
        ({"items": [{"id": None}]}, "recordIdentifier", "null in record 1"),
        ({"items": [{"id": True}]}, "recordIdentifier", "true or false in record 1"),
        ({"items": [{"id": 1.5}]}, "recordIdentifier", "a number in record 1"),
        ({"items": [{"id": ""}]}, "recordIdentifier", "empty"),
        ({"items": [{"id": "a\0"}]}, "recordIdentifier", "NUL"),
        ({"items": [{"id": "1"}, {"id": 1}]}, "recordIdentifier", "record 2"),
    ],
)
def test_what_does_not_fit_is_said(answer: Any, path: str, sentence: str) -> None:
    where, msg = refusal(answer)

    assert where == path
    assert sentence in msg


def test_several_ids_in_a_record_are_refused() -> None:
    assert "2 ids in record 1" in refusal({"items": [{"ids": ["1", "2"]}]}, id_at="$.ids[*]")[1]


@pytest.mark.parametrize(
    ("list_at", "id_at", "where"),
    [
        ("items", "$.id", "listIdentifier"),
        ("$.items", None, "recordIdentifier"),
        ("$.items", "$", "recordIdentifier"),
        ("$.a | $.b", "$.id", "listIdentifier"),
    ],
)
def test_a_wrong_path_is_named(list_at: Any, id_at: Any, where: str) -> None:
    assert refusal({"items": []}, list_at, id_at)[0] == where


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text("abid\0é"),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["items", "id", "x"]), inner),
)


@given(json, st.sampled_from(["$", "$.items", "$.items[*]", "$..id", "$[0]", "$.*"]))
def test_no_answer_breaks_anything(answer: Any, list_at: str) -> None:
    try:
        records = parse(list_at, "$..id").records(answer)
    except RequestInvalidError:
        return

    assert len({name for name, _ in records}) == len(records)
