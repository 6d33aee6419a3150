"""The texts of the kinds: they name what exists, and whatever a row holds can be shown."""

import re

import pytest

from hireloom.api.operation import operations
from hireloom.errors import (
    CredentialsInvalidError,
    HireloomError,
    NotSupportedError,
    TimedOutError,
)
from hireloom.issues.kind import Facts, Kind
from hireloom.issues.kinds import KINDS

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


@every_kind
def test_steps_name_operations_that_there_are(kind: Kind) -> None:
    named = set(re.findall(r"\b[a-z]+(?:\.[a-zA-Z]+)+\b", " ".join(kind.steps)))

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
    assert kind.counts == (kind.quiet is not None)


@pytest.mark.parametrize("error", [CredentialsInvalidError, TimedOutError, NotSupportedError])
def test_whom_an_error_names_has_to_act_and_its_hint_comes_first(
    error: type[HireloomError],
) -> None:
    facts = Facts(code=error.code, subject="ats.job.list")

    assert KINDS["call_failing"].category(facts) == error.category
    assert KINDS["call_failing"].what_to_do(facts)[0] == error.hint
