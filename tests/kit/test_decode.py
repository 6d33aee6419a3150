"""From bytes to structs: one bad record does not spoil a page."""

import contextlib
import json
from datetime import datetime
from enum import Enum
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hireloom.errors import UnexpectedAnswerError
from hireloom.kit.decode import VendorStruct, decode_list, decode_one, explain, placeholder
from hireloom.kit.message import Answer, Request
from hireloom.kit.trip import SetAside, Trip, travel


class Rank(Enum):
    MATE = "mate"


class Sailor(VendorStruct, frozen=True):
    id: int
    name: str
    rank: Rank | None = None


def answer(body: bytes | Any, **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(200, headers, content, Request("GET", "https://x.example", template="/sailors"))


GOOD = [{"id": 1, "name": "Ada", "more": {"x": 1}}, {"id": 2, "name": "Bo"}]


def test_a_page_is_read_without_what_is_not_used() -> None:
    assert decode_list(answer({"data": GOOD}), Sailor, "data")[0] == [
        Sailor(1, "Ada"),
        Sailor(2, "Bo"),
    ]
    assert decode_list(answer(GOOD), Sailor, None)[0] == [Sailor(1, "Ada"), Sailor(2, "Bo")]


@pytest.mark.parametrize(
    ("bad", "aside"),
    [
        ({"id": "x1", "name": "C"},
         SetAside("x1", "$.data[1].id", "Expected `int`, got `str`")),
        ({"id": 3, "name": 4}, SetAside("3", "$.data[1].name", "Expected `str`, got `int`")),
        ({"id": 3}, SetAside("3", "$.data[1]", "Object missing required field `name`")),
        ("text", SetAside(None, "$.data[1]", "Expected `object`, got `str`")),
        (None, SetAside(None, "$.data[1]", "Expected `object`, got `null`")),
        ({"id": 3, "name": "C", "rank": "Admiral Jane"},
         SetAside("3", "$.data[1].rank", "Invalid enum value")),
    ],
)  # fmt: skip
def test_a_bad_record_is_set_aside_and_the_page_goes_on(bad: object, aside: SetAside) -> None:
    with travel(Trip()) as trip:
        records, _ = decode_list(answer({"data": [GOOD[0], bad, GOOD[1]]}), Sailor, "data")

    assert [record.id for record in records] == [1, 2]
    assert trip.set_aside == [aside]


def test_text_that_is_no_utf8_spoils_one_record() -> None:
    body = b'[{"id": 1, "name": "Ada"}, {"id": 2, "name": "\xff"}]'

    with travel(Trip()) as trip:
        records, _ = decode_list(answer(body), Sailor, None)

    assert [record.id for record in records] == [1]
    assert (trip.set_aside[0].id, trip.set_aside[0].path) == ("2", "$[1]")
    assert "UTF-8" in trip.set_aside[0].reason


def test_a_page_without_a_readable_record_is_a_change_of_theirs() -> None:
    bad = [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}]

    with (
        travel(Trip()) as trip,
        pytest.raises(UnexpectedAnswerError, match=r"\$\[0\]\.id") as caught,
    ):
        decode_list(answer(bad), Sailor, None)

    assert caught.value.status == 502
    assert trip.set_aside == []


def test_raw_records_stand_beside_the_readable_ones() -> None:
    rows = [GOOD[0], {"id": "x"}, GOOD[1]]

    with travel(Trip(keep_raw=True)):
        records, raws = decode_list(answer({"data": rows}), Sailor, "data")

    assert raws is not None
    assert [json.loads(bytes(raw)) for raw in raws] == GOOD
    assert len(records) == 2


def test_the_raw_record_of_a_single_answer_is_kept() -> None:
    with travel(Trip(keep_raw=True)) as trip:
        decode_one(answer({"data": GOOD[0]}), Sailor, "data")

    assert [json.loads(bytes(raw)) for raw in trip.raw] == [GOOD[0]]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty body"),
        (b" \n", "empty body"),
        (b"<html>", "HTML or XML"),
        (b'{"data": [{"id": 1', "malformed or truncated"),
        (b"nope", "malformed or truncated"),
        (b"[" * 200_000, "nested too deeply|unexpected shape"),
        (b'{"other": []}', "unexpected shape at"),
        (b'{"data": {}}', r"unexpected shape at \$\.data: Expected `array`, got `object`"),
        (b'{"data": null}', r"unexpected shape at \$\.data"),
    ],
)
def test_a_page_that_is_none_says_what_it_is(body: bytes, words: str) -> None:
    with pytest.raises(UnexpectedAnswerError, match=words) as caught:
        decode_list(answer(body, **{"x-request-id": "r-1"}), Sailor, "data")

    assert caught.value.upstream is not None
    assert caught.value.upstream.request_id == "r-1"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["id", "name", "rank", "data"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(json_values.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60))
def test_no_answer_ends_in_anything_but_records_or_our_error(body: bytes) -> None:
    for items in (None, "data"):
        for read in (decode_one, decode_list):
            with travel(Trip()), contextlib.suppress(UnexpectedAnswerError):
                read(answer(body), Sailor, items)


def test_reasons_hold_no_values() -> None:
    class Kind(msgspec.Struct, tag="kind-a", tag_field="type"):
        pass

    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.json.decode(b'{"type": "Jane Doe"}', type=Kind)

    assert "Jane" not in explain(caught.value)[0]


class Cargo(VendorStruct, frozen=True):
    id: str
    owner: Sailor
    tags: list[str]
    counts: dict[str, int]
    weight: float
    sealed: bool
    at: datetime
    note: str | None
    extra: str = "not asked for"


def test_a_dry_run_stands_in_for_the_answer() -> None:
    cargo = placeholder(Cargo, "answer")

    assert cargo.id == "<answer.id>"
    assert cargo.owner.name == "<answer.owner.name>"
    assert (cargo.tags, cargo.counts, cargo.weight, cargo.sealed) == ([], {}, 0.0, False)
    assert (cargo.at.year, cargo.note, cargo.extra) == (1970, None, "not asked for")
