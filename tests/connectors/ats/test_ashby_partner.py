"""Tests that are ordered inside Ashby: its calls to us, and the answers that it gets."""

import json
from typing import Any

import pytest

from hireloom import kit
from hireloom.connectors.ats.ashby import Ashby
from hireloom.errors import DatabaseAwayError, KeyInvalidError, RateLimitedError
from tests.replay import Replay

START = {
    "assessment_type_id": "sailing",
    "candidate": {
        "ashby_id": "cand",
        "ashby_profile_url": "https://app.ashbyhq.example/candidates/cand",
        "first_name": "Nora",
        "last_name": "Vik",
        "email": "nora@harbor.example",
        "phone": "+47 99 99 99 99",
        "resume_url": "https://files.example/cv.pdf",
    },
    "application": {"ashby_id": "app"},
    "job": {"ashby_id": "job", "name": "Pilot"},
}


def ashby() -> Ashby:
    return Replay({}).connect(Ashby)


def call(method: str, body: Any = None) -> kit.PartnerCall:
    content = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
    return kit.PartnerCall(method="POST", path=method, body=content)


def read(method: str, body: Any = None) -> kit.PartnerAsk:
    return ashby().read_partner_call(call(method, body))


def test_ashby_is_told_of_results_and_never_asks_for_them() -> None:
    partner = Ashby.partner

    assert partner is not None
    assert not partner.fetches_results
    steps = " ".join(partner.steps).format(sharedUrl="https://us.example/p", secretKey="k-1")
    assert "https://us.example/p" in steps
    assert "k-1" in steps


# What it calls.


@pytest.mark.parametrize("body", [{}, b""])
def test_it_asks_which_tests_there_are(body: Any) -> None:
    assert read("assessment.list", body) == kit.PackagesWanted()


def test_an_order_has_who_and_for_what() -> None:
    assert read("assessment.start", START) == kit.OrderPlaced(
        package_id="sailing",
        candidate=kit.OrderedCandidate(
            first_name="Nora",
            last_name="Vik",
            email="nora@harbor.example",
            phone="+47 99 99 99 99",
            profile_url="https://app.ashbyhq.example/candidates/cand",
            resume_url="https://files.example/cv.pdf",
        ),
        candidate_id="cand",
        application_id="app",
        job_id="job",
        job_title="Pilot",
        callback=None,
    )


@pytest.mark.parametrize("missing", [{}, {"candidate": None, "application": None, "job": None}])
def test_an_order_may_lack_all_but_the_test(missing: dict[str, Any]) -> None:
    order = read("assessment.start", {"assessment_type_id": "sailing", **missing})

    assert order == kit.OrderPlaced(package_id="sailing", candidate=kit.OrderedCandidate())


def test_an_order_is_read_whatever_shape_a_phone_has() -> None:
    candidate: dict[str, Any] = {
        "phone": {"value": "123", "type": "Work"},
        "last_name": None,
        "tags": [],
    }

    order = read("assessment.start", {"assessment_type_id": "s", "candidate": candidate})

    assert order == kit.OrderPlaced(package_id="s", candidate=kit.OrderedCandidate(phone="123"))


def test_a_cancellation_names_the_order() -> None:
    told = read("assessment.cancel", {"assessment_id": "o-1"})

    assert told == kit.CancellationTold("o-1")


@pytest.mark.parametrize(
    ("method", "body", "named"),
    [
        ("assessment.start", {}, "assessment_type_id"),
        ("assessment.start", {"assessment_type_id": 7}, "assessment_type_id"),
        ("assessment.start", {**START, "candidate": []}, "assessment_type_id"),
        ("assessment.start", b"{", "assessment_type_id"),
        ("assessment.start", b"\xff", "assessment_type_id"),
        ("assessment.cancel", [], "assessment_id"),
        ("assessment.cancel", b"", "assessment_id"),
    ],
)
def test_a_call_that_cannot_be_read_says_what_it_needs(method: str, body: Any, named: str) -> None:
    with pytest.raises(kit.RequestInvalidError, match=named):
        read(method, body)


@pytest.mark.parametrize("method", ["assessment.update", "", "assessment.list/x"])
def test_another_method_is_not_there(method: str) -> None:
    with pytest.raises(kit.ResourceNotFoundError):
        read(method)


# What it gets.


def answered(ask: kit.PartnerAsk, reply: kit.PartnerReply) -> Any:
    answer = ashby().answer_partner(ask, reply)
    assert (answer.status, answer.fields_told) == (200, ())
    return json.loads(answer.body)


def test_tests_are_listed_in_its_words() -> None:
    offered = kit.PackagesOffered([kit.OfferedPackage("sailing", "Sailing Test", "Two hours")])

    assert answered(kit.PackagesWanted(), offered) == {
        "success": True,
        "results": [
            {
                "assessment_type_id": "sailing",
                "name": "Sailing Test",
                "description": "Two hours",
            }
        ],
    }


def test_an_order_that_was_taken_has_our_id() -> None:
    said = answered(read("assessment.start", START), kit.OrderTaken("o-1"))

    assert said == {"success": True, "results": {"assessment_id": "o-1"}}


@pytest.mark.parametrize("reply", [kit.OrderGivenUp("o-1"), kit.Heard()])
def test_a_cancellation_is_confirmed_with_the_order(reply: kit.PartnerReply) -> None:
    said = answered(kit.CancellationTold("o-1"), reply)

    assert said == {"success": True, "results": {"assessment_id": "o-1"}}


@pytest.mark.parametrize(
    ("method", "error", "status"),
    [
        ("assessment.start", kit.RequestInvalidError("No such test"), 422),
        ("assessment.start", kit.ConflictError("The test was withdrawn"), 422),
        ("assessment.cancel", kit.ResourceNotFoundError("No such order"), 422),
        ("assessment.list", KeyInvalidError("Unknown key"), 401),
        ("assessment.start", DatabaseAwayError("Away"), 503),
        ("assessment.start", RateLimitedError("Too fast"), 429),
        ("assessment.stop", kit.ResourceNotFoundError("No such method"), 404),
    ],
)
def test_a_refusal_has_a_message_and_tells_whether_a_repeat_helps(
    method: str, error: kit.HireloomError, status: int
) -> None:
    answer = ashby().refuse_partner(call(method), error)

    assert (answer.status, answer.fields_told) == (status, ())
    assert json.loads(answer.body) == {
        "success": False,
        "errors": [error.msg],
        "errorInfo": {"code": error.code, "message": error.msg},
    }
