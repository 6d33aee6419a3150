"""Watch fields: which JSON paths are taken, and what they find."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hireloom.errors import RequestInvalidError
from hireloom.models import UNSET, Application, ApplicationStatus, Attachment
from hireloom.sync.watch import parse
from tests.sync.samples import APPLICATION, INFO, NOW


def found(*paths: str, record: Application = APPLICATION) -> list[bytes]:
    return parse(list(paths), Application).values(record)


def refusal(path: Any) -> str:
    with pytest.raises(RequestInvalidError) as refused:
        parse([path], Application)
    (problem,) = refused.value.fields
    assert problem.path == "jsonPaths[0]"
    return problem.msg


def test_paths_find_what_is_on_the_wire() -> None:
    assert found(
        "$.info.status",
        "$.currentStage.text",
        "$.info.customFields['level']",
        "$.info.customFields.salary.amount",
        "$.offers[*].status",
        "$.offers[*].compensation[0].min",
        "$.interviews[?@.status=='COMPLETE'].id",
        "$.rejection",
        "$.questionResponses",
        "$.rejection.text",
    ) == [
        b'"ACTIVE"',
        b'"Phone screen"',
        b'"L5"',
        b"120000",
        b'["SENT"]',
        b"[0.1]",
        b'["i2"]',
        b"null",
        b"",
        b"",
    ]


def test_the_values_come_in_the_order_of_the_paths() -> None:
    assert found("$.info.jobId", "$.info.id") == [b'"4001"', b'"70001"']
    assert found("$.info.id", "$.info.jobId") == [b'"70001"', b'"4001"']


@pytest.mark.parametrize("path", ["$", "$.attachments", "$.attachments[*]", "$.info", "$.info.*"])
def test_what_changes_by_itself_is_not_watched(path: str) -> None:
    moved = replace(
        APPLICATION,
        info=replace(INFO, updated_at=UNSET, tags=["python", "silver"]),
        attachments=[Attachment(id="a1", name="cv.pdf", link="https://files.example/1?sig=2")],
    )

    assert found(path) == found(path, record=moved)
    assert found(path) != [b""]


@pytest.mark.parametrize("path", ["$.info.updatedAt", "$..updatedAt", "$.interviews[*].updatedAt"])
def test_the_last_update_is_watched_where_it_is_named(path: str) -> None:
    later = NOW.replace(year=2027)
    moved = replace(
        APPLICATION,
        info=replace(INFO, updated_at=later),
        interviews=[replace(one, updated_at=later) for one in APPLICATION.interviews or []],
    )

    assert found(path) != found(path, record=moved)


def test_a_watch_says_which_sections_it_needs() -> None:
    assert parse(["$.offers[*].id", "$.info.status"], Application).sections == {"offers", "info"}
    assert "questionResponses" in parse(["$..id"], Application).sections


def test_a_change_elsewhere_finds_the_same() -> None:
    hired = replace(APPLICATION, info=replace(INFO, status=ApplicationStatus.HIRED))

    assert found("$.currentStage", "$.info.tags", record=hired) == found(
        "$.currentStage", "$.info.tags"
    )


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (5, "starts with $"),
        ("info.status", "starts with $"),
        ("$.info.", "is no JSONPath"),
        (
            "$.info.stauts",
            "'info.stauts' is no field of an application; did you mean 'info.status'?",
        ),
        ("$.offers.status", "'offers' is a list; for each of its records write $.offers[*].status"),
        ("$.info.status.text", "info.status is text and has no fields of its own"),
        ("$.info[0]", "'info' is not a list"),
        ("$..stauts", "did you mean 'status'?"),
        ("$.attachments[*].link", "signed anew"),
        ("$..linkExpiresAt", "can be watched"),
        ("$['info','offers']", "one selector"),
        ("$..*..*", ".. once"),
        ("$.offers[?$.info.id=='1']", "$ only at its start"),
        ("$.offers[?search(@.id, '(a+)+')]", "'search' is not defined"),
        ("$." + "a" * 300, "at most 200 characters"),
    ],
)
def test_a_path_that_finds_nothing_is_refused(path: Any, sentence: str) -> None:
    assert sentence in refusal(path)


@pytest.mark.parametrize("paths", [[], "$.info", None, ["$.info"] * 2, ["$.info.id"] * 51])
def test_a_list_of_different_paths_is_wanted(paths: Any) -> None:
    with pytest.raises(RequestInvalidError):
        parse(paths, Application)


@given(st.text("$.[]*?@'\"(),:0123 infostatucyedAr=&|!<>-\\\n", max_size=40))
def test_no_path_breaks_anything(text: str) -> None:
    try:
        watch = parse([f"${text}"], Application)
    except RequestInvalidError:
        return

    assert len(watch.values(APPLICATION)) == 1
