"""Greenhouse as it calls an assessment partner, and how it hears of a result."""

import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from hireloom import kit
from hireloom.connectors.ats.greenhouse import Greenhouse
from hireloom.errors import RequestInvalidError, UnavailableError
from hireloom.kit.http import Http
from hireloom.kit.limits import Memory
from hireloom.kit.origins import Origins
from hireloom.kit.passthrough import base_for
from hireloom.kit.ports import MemoryKeeper
from hireloom.models import AssessmentStatus, BreakdownPart, Points, ScoreAttribute, WrittenScore
from tests.connectors.ats.greenhouse import account
from tests.connectors.ats.greenhouse.paper import ALL, SCORE, paper
from tests.kit.harbor import Reply, Vendor, says
from tests.replay import Reply as Answer

GREENHOUSE = account()[0]
TEST = "https://app.greenhouse.io/integrations/testing_partners/take_home_tests/31"
OTHER = "https://app2.greenhouse.io/integrations/testing_partners/take_home_tests/32"
KEY = "partner-key"


def call(method: str, path: str, body: Any = None, **query: str) -> kit.PartnerCall:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return kit.PartnerCall(method, path, query, b"" if body is None else content)


# What Greenhouse asks.

ORDER = {
    "partner_test_id": "seam",
    "candidate": {
        "first_name": "Runa",
        "last_name": "Falk",
        "preferred_name": "Ru",
        "email": "runa@falk.example",
        "phone_number": "0421 7",
        "resume_url": "https://files.example/falk.pdf",
        "greenhouse_profile_url": "https://app.greenhouse.io/people/51?application_id=701",
    },
    "sent_by": "ida.moor@weser.example",
    "url": TEST,
}


def test_greenhouse_asks_which_tests_there_are() -> None:
    assert GREENHOUSE.read_partner_call(call("GET", "list_tests")) == kit.PackagesWanted()


def test_an_order_says_who_and_for_which_application() -> None:
    ask = GREENHOUSE.read_partner_call(call("POST", "send_test", ORDER))

    assert ask == kit.OrderPlaced(
        package_id="seam",
        candidate=kit.OrderedCandidate(
            first_name="Runa",
            last_name="Falk",
            email="runa@falk.example",
            phone="0421 7",
            profile_url="https://app.greenhouse.io/people/51?application_id=701",
            resume_url="https://files.example/falk.pdf",
        ),
        candidate_id="51",
        application_id="701",
        ordered_by="ida.moor@weser.example",
        callback=TEST,
    )


def test_an_order_may_have_numbers_for_texts_and_little_else() -> None:
    ask = GREENHOUSE.read_partner_call(
        call("POST", "send_test/", {"partner_test_id": 12, "candidate": None, "news": [1]})
    )

    assert ask == kit.OrderPlaced(package_id="12", candidate=kit.OrderedCandidate())


@pytest.mark.parametrize(
    ("url", "ids"),
    [
        ("https://app2.greenhouse.io/people/51/?x=1&application_id=701#a", ("51", "701")),
        ("https://app.greenhouse.io/people/51", ("51", None)),
        ("https://app.greenhouse.io/people/new?application_id=x", (None, None)),
        ("https://[broken", (None, None)),
        (None, (None, None)),
    ],
)
def test_the_profile_s_address_may_say_less(
    url: str | None, ids: tuple[str | None, str | None]
) -> None:
    order = {**ORDER, "candidate": {"greenhouse_profile_url": url}}

    ask = GREENHOUSE.read_partner_call(call("POST", "send_test", order))

    assert isinstance(ask, kit.OrderPlaced)
    assert (ask.candidate_id, ask.application_id) == ids


def test_greenhouse_asks_how_an_order_stands() -> None:
    ask = GREENHOUSE.read_partner_call(call("GET", "test_status", partner_interview_id="ord_1"))

    assert ask == kit.StatusWanted("ord_1")


@pytest.mark.parametrize(
    ("body", "trouble"),
    [
        (
            {
                "api_call": "test_status",
                "errors": ["no profile url", {"field": "score"}],
                "partner_interview_id": 9,
                "candidate_email": "runa@falk.example",
            },
            kit.TroubleTold("test_status", ("no profile url", '{"field":"score"}'), "9"),
        ),
        ({"errors": "no"}, kit.TroubleTold("an answer", ("no",))),
        ({}, kit.TroubleTold("an answer", ())),
    ],
)
def test_greenhouse_tells_what_it_did_not_understand(body: Any, trouble: kit.TroubleTold) -> None:
    assert GREENHOUSE.read_partner_call(call("POST", "response_error", body)) == trouble


@pytest.mark.parametrize(
    "wrong",
    [
        call("POST", "send_test", b"\xff{"),
        call("POST", "send_test", [1]),
        call("POST", "send_test", {"candidate": {}}),
        call("POST", "send_test"),
        call("POST", "response_error", b"[" * 100_000),
        call("GET", "test_status"),
        call("GET", "test_status", partner_interview_id=" "),
    ],
    ids=["no JSON", "a list", "no test", "empty", "too deep", "no order", "a blank"],
)
def test_a_call_that_cannot_be_read_is_the_caller_s_mistake(wrong: kit.PartnerCall) -> None:
    with pytest.raises(RequestInvalidError):
        GREENHOUSE.read_partner_call(wrong)


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "list_tests"), ("GET", "send_test"), ("GET", "tests"), ("GET", ""), ("DELETE", "x")],
)
def test_there_are_four_calls_and_no_more(method: str, path: str) -> None:
    with pytest.raises(kit.ResourceNotFoundError):
        GREENHOUSE.read_partner_call(call(method, path, {}))


# What it is answered.


def answered(ask: kit.PartnerAsk, reply: kit.PartnerReply) -> tuple[int, Any, tuple[str, ...]]:
    answer = GREENHOUSE.answer_partner(ask, reply)
    return answer.status, json.loads(answer.body), answer.fields_told


def test_tests_are_listed_under_greenhouse_s_names() -> None:
    offered = kit.PackagesOffered([kit.OfferedPackage("seam", "Seam test", "Two seams")])

    assert answered(kit.PackagesWanted(), offered) == (
        200,
        [{"partner_test_id": "seam", "partner_test_name": "Seam test"}],
        (),
    )


def test_an_order_is_answered_with_its_id() -> None:
    ask = kit.OrderPlaced("seam", kit.OrderedCandidate())

    assert answered(ask, kit.OrderTaken("ord_1")) == (200, {"partner_interview_id": "ord_1"}, ())


def standing(status: AssessmentStatus, score: Any = None) -> tuple[int, Any, tuple[str, ...]]:
    return answered(kit.StatusWanted("ord_1"), kit.OrderStands("ord_1", status, score))


def test_a_finished_test_is_told_with_a_flat_list_of_all_that_is_known() -> None:
    status, body, told = standing(AssessmentStatus.COMPLETED, SCORE)

    assert status == 200
    assert body == {
        "partner_status": "complete",
        "partner_profile_url": "https://tests.example/r/9",
        "partner_score": 81,
        "metadata": {
            "Assessment": "Seam test",
            "Completed at": "2026-05-04T09:30:00.000Z",
            "Score": "81/100",
            "Score label": "Good",
            "Percentile": 90.5,
            "TIG": "18/20 – steady",
            "MIG": "2.5/5 (from 1)",
            "Result": "PASS",
            "Evaluator": "Ida Moor",
            "Notes": "Neat seams",
            "Own helmet?": True,
        },
    }
    assert sorted(told) == sorted(ALL)


def test_lines_of_one_name_are_all_kept() -> None:
    score = paper(
        {
            "breakdown": (
                BreakdownPart(label="Score", value=1, max=2),
                BreakdownPart(label="Score", value=2, max=2),
            ),
            "attributes": (ScoreAttribute(label="Notes", value=3),),
        }
    ).score

    _, body, _ = standing(AssessmentStatus.COMPLETED, score)

    shown = {name: body["metadata"][name] for name in ("Score", "Score (2)", "Score (3)")}
    assert shown == {"Score": "81/100", "Score (2)": "1/2", "Score (3)": "2/2"}
    assert (body["metadata"]["Notes"], body["metadata"]["Notes (2)"]) == ("Neat seams", 3)


def test_a_score_need_not_be_a_number_of_points() -> None:
    score = paper({"score": None}).score

    _, body, told = standing(AssessmentStatus.COMPLETED, score)

    assert "partner_score" not in body
    assert "score" not in told


def test_points_go_as_they_are_whatever_their_scale() -> None:
    _, body, _ = standing(
        AssessmentStatus.COMPLETED, paper({"score": Points(value=3.5, max=5)}).score
    )

    assert (body["partner_score"], body["metadata"]["Score"]) == (3.5, "3.5/5")


@pytest.mark.parametrize(
    ("score", "words"),
    [(None, "its result is not here"), (paper({"report_url": None}).score, "wants a reportUrl")],
)
def test_a_finished_test_without_what_greenhouse_wants_is_an_error(score: Any, words: str) -> None:
    status, body, told = standing(AssessmentStatus.COMPLETED, score)

    assert (status, told) == (422, ())
    assert words in body["errors"][0]


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (AssessmentStatus.STARTED, "started"),
        (AssessmentStatus.IN_PROGRESS, "in_progress"),
        (AssessmentStatus.EXPIRED, "expired"),
        (AssessmentStatus.CANCELLED, "cancelled"),
    ],
)
def test_a_test_that_is_not_finished_has_a_status_and_no_more(
    status: AssessmentStatus, word: str
) -> None:
    assert standing(status) == (200, {"partner_status": word}, ())
    assert standing(status, paper({"status": status}).score) == (
        200,
        {"partner_status": word},
        ("status",),
    )


def test_what_was_heard_is_answered_with_nothing() -> None:
    assert answered(kit.TroubleTold("test_status", ()), kit.Heard()) == (200, {}, ())


def test_a_refusal_says_why() -> None:
    error = kit.ConflictError("This test was withdrawn")

    refused = GREENHOUSE.refuse_partner(call("POST", "send_test", ORDER), error)

    assert (refused.status, json.loads(refused.body)) == (
        409,
        {"errors": ["This test was withdrawn"]},
    )


def test_a_person_is_told_all_four_addresses_and_the_key() -> None:
    steps = " ".join(Greenhouse.partner.steps).format(sharedUrl="https://h/p", secretKey="k-1")

    for name in ("list_tests", "send_test", "test_status", "response_error"):
        assert f"https://h/p/{name}" in steps
    assert "k-1" in steps


# How it hears that there is a result.


def order(*callbacks: str) -> kit.OpenOrder:
    return kit.OpenOrder("ord_1", "seam", callbacks or (TEST,), KEY)


async def test_everybody_who_ordered_the_test_hears_of_the_result() -> None:
    greenhouse, replay = account({"PATCH 31": Answer(status=200), "PATCH 32": Answer(status=204)})

    written = await greenhouse.create_assessment_result(paper(), order(TEST, OTHER))

    first, second = replay.requests
    assert [first.url, second.url] == [TEST, OTHER]
    assert (first.method, first.body, first.signed) == ("PATCH", None, False)
    basic = base64.b64encode(f"{KEY}:".encode()).decode()
    assert first.headers["Authorization"] == f"Basic {basic}"
    assert written == WrittenScore(remote_id="ord_1", fields_written=[], fields_pending=ALL)


async def test_what_will_be_told_is_what_is_pending() -> None:
    greenhouse, _ = account({"PATCH 31": Answer()})
    started = paper({"status": AssessmentStatus.STARTED, "report_url": None})

    done = await greenhouse.create_assessment_result(paper(), order())
    begun = await greenhouse.create_assessment_result(started, order())

    assert set(done.fields_pending) == set(standing(AssessmentStatus.COMPLETED, SCORE)[2])
    assert begun.fields_pending == ["status"]
    assert "score" in {one.field for one in begun.fields_dropped}


@pytest.mark.parametrize(
    ("score", "waiting", "reason"),
    [
        ({}, None, "ordered in it"),
        ({"report_url": None}, order(), "wants a reportUrl"),
        ({}, kit.OpenOrder("ord_1", "seam", (), KEY), "without an address"),
    ],
    ids=["no order", "no report", "no address"],
)
async def test_without_a_place_greenhouse_hears_nothing(
    score: dict[str, Any], waiting: kit.OpenOrder | None, reason: str
) -> None:
    greenhouse, replay = account()

    with pytest.raises(kit.NoPlaceError, match=reason):
        await greenhouse.create_assessment_result(paper(score), waiting)

    assert replay.requests == []


# On the wire.


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with Vendor() as vendor:
        yield vendor


@pytest.fixture
async def mapped(vendor: Vendor) -> AsyncIterator[Greenhouse]:
    """A Greenhouse of which the operator's map knows the interface for customers only."""
    async for one in connected({"https://harvest.greenhouse.io": f"{vendor.url}/harvest"}):
        yield one


async def connected(targets: dict[str, str]) -> AsyncIterator[Greenhouse]:
    secrets = kit.Secrets(fields={"clientId": "c", "clientSecret": "s", "userId": "11"})
    http = Http(MemoryKeeper(secrets), Memory(), origins=Origins(targets))
    yield http.connect("int_1", Greenhouse)
    await http.close()


async def test_a_simulator_is_told_on_its_own_host_and_gets_no_other_key(
    mapped: Greenhouse, vendor: Vendor
) -> None:
    vendor.script(Reply(204, b""))

    await mapped.create_assessment_result(paper(), order(f"{vendor.url}/tests/31"))

    [told] = vendor.calls
    assert (told.method, told.target, told.body) == ("PATCH", "/tests/31", b"")
    assert told.headers["authorization"].startswith("Basic ")


async def test_a_host_below_greenhouse_s_name_is_its_own(vendor: Vendor) -> None:
    async for greenhouse in connected({"https://app2.greenhouse.io": vendor.url}):
        await greenhouse.create_assessment_result(paper(), order(OTHER))

    assert vendor.paths == ["/integrations/testing_partners/take_home_tests/32"]


async def test_greenhouse_s_own_address_goes_where_the_map_leads(vendor: Vendor) -> None:
    async for greenhouse in connected({"https://app.greenhouse.io": f"{vendor.url}/app"}):
        await greenhouse.create_assessment_result(paper(), order())

    assert vendor.paths == ["/app/integrations/testing_partners/take_home_tests/31"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/tests/31",
        "http://app.greenhouse.io/tests/31",
        "https://app.greenhouse.io.evil.example/tests/31",
        "https://evilgreenhouse.io/tests/31",
        "https://evil.example/app.greenhouse.io/tests/31",
        "https://evil.example\\.greenhouse.io/tests/31",
        "https://u@app.greenhouse.io/tests/31",
        "https://app.greenhouse.io:8443/tests/31",
        "https://app.greenhouse.io\t/tests/31",
        "file:///etc/passwd",
        "",
    ],
)
async def test_the_key_goes_to_nobody_else(mapped: Greenhouse, vendor: Vendor, url: str) -> None:
    with pytest.raises(kit.RejectedError, match="nothing was sent"):
        await mapped.create_assessment_result(paper(), order(url))

    assert vendor.calls == []


@pytest.mark.parametrize("status", [302, 401, 403, 404, 410, 422])
async def test_a_test_that_greenhouse_no_longer_has_is_a_refusal(
    mapped: Greenhouse, vendor: Vendor, status: int
) -> None:
    vendor.script(Reply(status, b"", (("Location", f"{vendor.url}/elsewhere"),)))

    with pytest.raises(kit.RejectedError, match=f"Greenhouse answered {status}"):
        await mapped.create_assessment_result(paper(), order(f"{vendor.url}/tests/31"))

    assert vendor.paths == ["/tests/31"]


async def test_one_recruiter_s_test_that_is_gone_does_not_keep_the_other_s_from_its_result(
    mapped: Greenhouse, vendor: Vendor
) -> None:
    vendor.script(Reply(404), Reply(204, b""))

    written = await mapped.create_assessment_result(
        paper(), order(f"{vendor.url}/tests/31", f"{vendor.url}/tests/32")
    )

    assert vendor.paths == ["/tests/31", "/tests/32"]
    assert written.fields_pending == ALL


async def test_an_outage_of_greenhouse_is_tried_again(mapped: Greenhouse, vendor: Vendor) -> None:
    down = says({}, 503).with_headers(Retry_After="0")
    vendor.script(down, Reply(204, b""))

    written = await mapped.create_assessment_result(paper(), order(f"{vendor.url}/tests/31"))

    assert vendor.counts["/tests/31"] == 2
    assert written.fields_pending == ALL


async def test_a_lasting_outage_is_called_greenhouse_s(mapped: Greenhouse, vendor: Vendor) -> None:
    vendor.script(says({}, 503).with_headers(Retry_After="0"))

    with pytest.raises(UnavailableError, match="Greenhouse answered 503"):
        await mapped.create_assessment_result(paper(), order(f"{vendor.url}/tests/31"))


async def test_the_user_whom_the_credentials_act_as_is_known(vendor: Vendor) -> None:
    vendor.script(says({"access_token": "t", "expires_in": 3600}))
    async for greenhouse in connected({"https://auth.greenhouse.io": vendor.url}):
        channel = greenhouse.channel
        told = [await channel.entered(one) for one in ("userId", "clientId", "clientSecret", "x")]

    assert told == ["11", "c", None, None]


def test_passthrough_takes_no_token_to_the_addresses_of_tests() -> None:
    with pytest.raises(RequestInvalidError, match="the vendor's own"):
        base_for(GREENHOUSE.addresses, "https://app.greenhouse.io")
