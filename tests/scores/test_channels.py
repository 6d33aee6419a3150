"""Which refusals let the next channel have its turn."""

import pytest

from hireloom.errors import (
    CredentialsInvalidError,
    HireloomError,
    RejectedError,
    UnavailableError,
    Upstream,
)
from hireloom.scores.channels import is_for_good


def answered(status: int) -> Upstream:
    return Upstream(status=status)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RejectedError("no", upstream=answered(422)), True),
        (CredentialsInvalidError("no", upstream=answered(403)), True),
        (CredentialsInvalidError("no", upstream=answered(401)), False),
        (CredentialsInvalidError("no"), False),
        (UnavailableError("away", upstream=answered(503)), False),
    ],
)
def test_a_403_is_for_one_place_and_a_401_for_the_account(
    error: HireloomError, expected: bool
) -> None:
    assert is_for_good(error) is expected


def test_a_refusal_of_what_may_have_arrived_ends_the_push() -> None:
    error = RejectedError("no", upstream=answered(422))
    error.may_have_arrived = True

    assert not is_for_good(error)
