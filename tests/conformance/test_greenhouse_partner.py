"""Greenhouse's assessment partners as it publishes them: its calls are read, our answers fit."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from hireloom import kit
from hireloom.connectors.ats.greenhouse import Greenhouse
from hireloom.models import AssessmentStatus
from tests.conformance.conftest import Samples
from tests.connectors.ats.greenhouse import account
from tests.connectors.ats.greenhouse.paper import paper

GREENHOUSE: Greenhouse = account()[0]


@pytest.fixture
def shown(samples: Callable[[str], Samples]) -> Samples:
    return samples("greenhouse")


def told(reply: kit.PartnerReply) -> Any:
    answer = GREENHOUSE.answer_partner(kit.PackagesWanted(), reply)
    assert answer.status == 200
    return json.loads(answer.body)


def test_the_list_of_tests_is_the_published_one(shown: Samples) -> None:
    tests = [
        kit.OfferedPackage("12345", "My First Test"),
        kit.OfferedPackage("54321", "My Second Test"),
    ]

    assert told(kit.PackagesOffered(tests)) == shown["assessment_list_tests.list.json"]


def test_the_published_order_is_read_and_answered(shown: Samples) -> None:
    body = shown.bytes("assessment_send_test.create.request.json")

    ask = GREENHOUSE.read_partner_call(kit.PartnerCall("POST", "send_test", {}, body))

    assert isinstance(ask, kit.OrderPlaced)
    assert (ask.package_id, ask.candidate_id, ask.application_id) == (
        "12345",
        "17681532",
        "26234709",
    )
    assert ask.candidate.email == "hpotter@hogwarts.edu"
    assert ask.ordered_by == "test_sender@example.org"
    assert (ask.callback or "").endswith("/take_home_tests/12345")
    assert told(kit.OrderTaken("98765")) == shown["assessment_send_test.create.json"]


async def test_the_published_address_of_a_test_is_greenhouse_s_own(shown: Samples) -> None:
    url = shown["assessment_send_test.create.request.json"]["url"]
    greenhouse, replay = account({f"PATCH {url}": None})

    await greenhouse.create_assessment_result(paper(), kit.OpenOrder("98765", "12345", (url,)))

    [request] = replay.requests
    assert (request.url, request.homes) == (url, ("https://app.greenhouse.io",))


def test_a_result_has_the_members_of_the_published_one(shown: Samples) -> None:
    published = shown["assessment_test_status.get.json"]
    score = paper({"report_url": published["partner_profile_url"]}).score

    result = told(kit.OrderStands("98765", AssessmentStatus.COMPLETED, score))

    assert result.keys() == published.keys()
    for name in ("partner_status", "partner_profile_url", "partner_score"):
        assert result[name] == published[name]
    kinds = {type(value) for value in result["metadata"].values()}
    assert kinds <= {str, int, float, bool}


def test_the_published_complaint_is_read(shown: Samples) -> None:
    body = shown.bytes("assessment_response_error.create.request.json")

    ask = GREENHOUSE.read_partner_call(kit.PartnerCall("POST", "response_error", {}, body))

    words = "partner_status is 'complete' but partner_profile url is missing"
    assert ask == kit.TroubleTold("test_status", (words,), "299506")
