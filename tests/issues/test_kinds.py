"""The texts of the kinds: they name what exists, and whatever a row holds can be shown."""

import re

import pytest

from hireloom.api.operation import operations
from hireloom.console import pages
from hireloom.errors import (
    CredentialsInvalidError,
    HireloomError,
    NotSupportedError,
    TimedOutError,
    every_error,
)
from hireloom.issues.kind import Facts, FromCalls, Kind
from hireloom.issues.kinds import KINDS
from hireloom.issues.places import PLACES, placed

OPERATION = re.compile(r"\b[a-z]+(?:\.[a-zA-Z]+)+\b")

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


@every_kind
def test_steps_name_operations_that_there_are(kind: Kind) -> None:
    named = set(OPERATION.findall(" ".join(kind.steps)))

    assert named <= set(operations())


@every_kind
def test_a_row_that_knows_less_can_still_be_shown(kind: Kind) -> None:
    facts = Facts(subject="ats.job.list")

    shown = [kind.title(facts), *kind.what_to_do(facts)]

    assert not any("{" in text for text in shown)


@every_kind
def test_every_kind_says_what_to_do_and_when_it_ends(kind: Kind) -> None:
    assert len(kind.steps) >= 2
    assert kind.ends.endswith(".")
    assert isinstance(kind, FromCalls) == (kind.quiet is not None)


@pytest.mark.parametrize("error", [CredentialsInvalidError, TimedOutError, NotSupportedError])
def test_whom_an_error_names_has_to_act_and_its_hint_comes_first(
    error: type[HireloomError],
) -> None:
    facts = Facts(code=error.code, subject="ats.job.list")

    assert KINDS["call_failing"].category(facts) == error.category
    assert KINDS["call_failing"].what_to_do(facts)[0] == error.hint


def test_the_console_s_words_name_no_operation_that_it_can_do_itself() -> None:
    known = dict.fromkeys(("subject", "integration", "code", "execution", "run"), "x")
    hints = {error.hint for error in every_error()}
    texts = [*hints, *(step for kind in KINDS.values() for step in kind.steps)]

    said = " ".join("".join(piece.text for piece in placed(text, known)) for text in texts)

    assert "Retry-After" not in said
    assert set(OPERATION.findall(said)) & set(operations()) == {
        "assessment.order.list",
        "events.subscribe",
        "sync.update",
    }


@pytest.mark.parametrize("phrase", PLACES)
def test_a_place_leads_to_a_page_of_the_console(phrase: str) -> None:
    known = dict.fromkeys(("subject", "integration", "execution", "run"), "x")

    (piece,) = placed(phrase, known)

    assert any(matching(route.path, piece.path) for route in pages.ROUTES), piece.path


def matching(pattern: str, path: str) -> bool:
    parts = map(re.escape, re.split(r"\{\w+:str\}", pattern))
    return re.fullmatch("[^/]+".join(parts), re.split("[?#]", path)[0]) is not None


def test_what_is_not_known_is_said_without_a_way() -> None:
    (opening, *_) = placed("Open the run: it says why.", {"run": ""})

    assert opening == ("Open the run", "")


def test_a_phrase_inside_a_word_is_left_alone() -> None:
    assert [one.text for one in placed("webhook.testing at my.sync.start", {})] == [
        "webhook.testing at my.sync.start"
    ]
