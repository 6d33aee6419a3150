"""Greenhouse's Assessment Partner API: tests that recruiters order inside of it.

It is turned round: Greenhouse calls four addresses of the partner, with a key that the customer
gave it. When a test is done it is told so at the address that came with the order, and asks for
the result itself. That it looks on its own, too, ended for new partners in 2019.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec

from hireloom import kit
from hireloom.models import AssessmentStatus, ScoreDraft, Verdict, WrittenScore

S = TypeVar("S")

REGISTER = (
    "Once: ask Greenhouse's partnerships team by e-mail to register you as an assessment partner, "
    "with a sample key and with these four addresses: {sharedUrl}/list_tests, "
    "{sharedUrl}/send_test, {sharedUrl}/test_status and {sharedUrl}/response_error. They try them "
    "in a sandbox first."
)
HAND_OVER = (
    "The customer gives Greenhouse this API key, which then comes with each call, as the user name "
    "of HTTP Basic with an empty password: {secretKey}"
)
PLAN = (
    "In a job's interview plan the customer adds an interview of the kind take-home test and "
    "chooses one of the tests there; recruiters can then send it from an application."
)
PARTNER = kit.Partner(steps=(REGISTER, HAND_OVER, PLAN), fetches_results=True)

# Where results are told of; a simulator is reached by mapping one of these.
HOMES = ("https://app.greenhouse.io", "https://harvest.greenhouse.io")
_OWN = re.compile(r"(https://(?:[a-z0-9-]+\.)*greenhouse\.io(?::443)?)/", re.IGNORECASE)
_PERSON = re.compile(r"/people/(\d+)(?:/|$)")

NO_REPORT = "Greenhouse wants a reportUrl with a finished test"


class GreenhouseTester(kit.VendorStruct, frozen=True):
    """Whom a test is for."""

    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone_number: str | int | None = None
    resume_url: str | None = None  # lives seven days
    greenhouse_profile_url: str | None = None


class GreenhouseOrder(kit.VendorStruct, frozen=True):
    partner_test_id: str | int
    candidate: GreenhouseTester | None = None
    sent_by: str | None = None
    url: str | None = None  # where the result is told of


class GreenhouseTrouble(kit.VendorStruct, frozen=True):
    api_call: str | None = None
    errors: list[Any] | str | None = None
    partner_interview_id: str | int | None = None


# What Greenhouse asks.


def read(call: kit.PartnerCall) -> kit.PartnerAsk:
    name = call.path.strip("/")
    reader = READERS.get((call.method.upper(), name))
    if reader is None:
        raise kit.ResourceNotFoundError("Greenhouse has no such call of partners")
    return reader(call)


def to_order(call: kit.PartnerCall) -> kit.OrderPlaced:
    order = _body(call, GreenhouseOrder)
    tester = order.candidate or GreenhouseTester()
    candidate_id, application_id = ids_in(tester.greenhouse_profile_url or "")
    return kit.OrderPlaced(
        package_id=str(order.partner_test_id),
        candidate=kit.OrderedCandidate(
            first_name=tester.first_name,
            last_name=tester.last_name,
            email=tester.email,
            phone=kit.to_id(tester.phone_number),
            profile_url=tester.greenhouse_profile_url,
            resume_url=tester.resume_url,
        ),
        candidate_id=candidate_id,
        application_id=application_id,
        ordered_by=order.sent_by,
        callback=order.url,
    )


def ids_in(profile_url: str) -> tuple[str | None, str | None]:
    """Nothing but the profile's address says who it is: `/people/17?application_id=26`."""
    try:
        parts = urlsplit(profile_url)
    except ValueError:
        return None, None
    person = _PERSON.search(parts.path)
    applied = parse_qs(parts.query).get("application_id", [""])[0]
    is_number = applied.isascii() and applied.isdigit()
    return person and person.group(1), applied if is_number else None


def to_question(call: kit.PartnerCall) -> kit.StatusWanted:
    order_id = call.query.get("partner_interview_id", "").strip()
    if not order_id:
        raise kit.RequestInvalidError.at("partner_interview_id", "is required")
    return kit.StatusWanted(order_id)


def to_trouble(call: kit.PartnerCall) -> kit.TroubleTold:
    said = _body(call, GreenhouseTrouble)
    listed = [said.errors] if isinstance(said.errors, str) else said.errors or []
    number = said.partner_interview_id
    return kit.TroubleTold(
        about=said.api_call or "an answer",
        errors=tuple(one if isinstance(one, str) else as_text(one) for one in listed),
        order_id=None if number is None else str(number),
    )


def as_text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _body(call: kit.PartnerCall, shape: type[S]) -> S:
    try:
        return msgspec.json.decode(call.body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise kit.RequestInvalidError(
            f"The body of {call.path.strip('/')} cannot be read: {error}"
        ) from None


READERS: Mapping[tuple[str, str], Callable[[kit.PartnerCall], kit.PartnerAsk]] = {
    ("GET", "list_tests"): lambda _: kit.PackagesWanted(),
    ("POST", "send_test"): to_order,
    ("GET", "test_status"): to_question,
    ("POST", "response_error"): to_trouble,
}

# What it is answered.


def answer(reply: kit.PartnerReply) -> kit.PartnerAnswer:
    if isinstance(reply, kit.PackagesOffered):
        return _saying(
            [{"partner_test_id": one.id, "partner_test_name": one.name} for one in reply.packages]
        )
    if isinstance(reply, kit.OrderTaken):
        return _saying({"partner_interview_id": reply.order_id})
    if isinstance(reply, kit.OrderStands):
        return standing(reply)
    return _saying({})


def standing(order: kit.OrderStands) -> kit.PartnerAnswer:
    """How a test stands. A finished one without a report is refused: Greenhouse would refuse it."""
    said: dict[str, Any] = {"partner_status": STATUS[order.status]}
    if order.status is not AssessmentStatus.COMPLETED:
        given = order.score is not None and order.score.status is order.status
        return _saying(said, fields_told=("status",) if given else ())
    if order.score is None:
        return _saying({"errors": ["This test is done, but its result is not here"]}, status=422)
    if not order.score.report_url:
        return _saying({"errors": [f"{NO_REPORT}, and this one has none"]}, status=422)
    result, told = to_result(order.score)
    return _saying({**said, **result}, fields_told=told)


def refuse(error: kit.HireloomError) -> kit.PartnerAnswer:
    return _saying({"errors": [error.msg]}, status=error.status)


def _saying(
    body: Any, *, status: int = 200, fields_told: tuple[str, ...] = ()
) -> kit.PartnerAnswer:
    return kit.PartnerAnswer(status, msgspec.json.encode(body), fields_told)


# Of the words only `complete` is documented: any other means that there is no result yet.
STATUS = {
    AssessmentStatus.STARTED: "started",
    AssessmentStatus.IN_PROGRESS: "in_progress",
    AssessmentStatus.COMPLETED: "complete",
    AssessmentStatus.EXPIRED: "expired",
    AssessmentStatus.CANCELLED: "cancelled",
}


def to_result(score: ScoreDraft) -> tuple[dict[str, Any], tuple[str, ...]]:
    """A finished test's result as Greenhouse takes it, and the fields of the score that are in it.

    No scale is documented, so the score goes as it is, with its scale among the metadata: a flat
    object of whatever one likes, which is shown beside the score.
    """
    metadata: dict[str, Any] = {}
    told: list[str] = ["reportUrl"] if score.report_url else []
    for field, label, value in lines(score):
        metadata[_free(label, metadata)] = value
        told.append(field)
    result: dict[str, Any] = {"partner_profile_url": score.report_url}
    if score.score is not None:
        result["partner_score"] = score.score.value
    return {**result, "metadata": metadata}, tuple(dict.fromkeys(told))


def lines(score: ScoreDraft) -> Iterator[tuple[str, str, Any]]:
    """The score's field, a label, and a value that is no list and no object."""
    yield "assessment", "Assessment", score.assessment.name
    if score.completed_at is not None:
        yield "completedAt", "Completed at", kit.to_iso(score.completed_at)
    if (points := score.score) is not None:
        yield "score", "Score", scaled(points.value, points.max, points.min)
        if points.label:
            yield "score", "Score label", points.label
        if points.percentile is not None:
            yield "score", "Percentile", points.percentile
    for part in score.breakdown:
        note = f" – {part.note}" if part.note else ""
        yield "breakdown", part.label, scaled(part.value, part.max, part.min) + note
    if score.result is not Verdict.NOT_SPECIFIED:
        yield "result", "Result", score.result.value
    if who := evaluator(score):
        yield "evaluator", "Evaluator", who
    if score.notes:
        yield "notes", "Notes", score.notes
    for one in score.attributes:
        yield "attributes", one.label, one.value


def scaled(value: float, most: float, least: float) -> str:
    """`81/100`; a scale that does not start at nought says so."""
    start = f" (from {least:g})" if least else ""
    return f"{_number(value)}/{_number(most)}{start}"


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else str(value)


def evaluator(score: ScoreDraft) -> str | None:
    who = score.evaluator
    return who if isinstance(who, str) or who is None else who.name or who.email or who.id


def _free(label: str, taken: Mapping[str, Any]) -> str:
    """The label, numbered where another line has it already."""
    if label not in taken:
        return label
    number = 2
    while f"{label} ({number})" in taken:
        number += 1
    return f"{label} ({number})"


# How it hears that there is a result.


async def tell(ats: kit.Connector, paper: kit.Paper, order: kit.OpenOrder | None) -> WrittenScore:
    """Every recruiter who ordered the test hears of it. What Greenhouse then has is what it asks

    for: until then all that it will be told is pending.
    """
    if order is None:
        raise kit.NoPlaceError("Greenhouse takes results only of tests that were ordered in it")
    score = paper.score
    is_done = score.status is AssessmentStatus.COMPLETED
    if is_done and not score.report_url:
        raise kit.NoPlaceError(f"{NO_REPORT}: give one, or choose another channel")
    if not order.callbacks:
        raise kit.NoPlaceError("this order came without an address to tell its result to")
    refusals = []
    for request in [notice(order, url) for url in order.callbacks]:
        try:
            await ats.channel.send(request)
        except kit.RejectedError as error:
            refusals.append(error)
    if len(refusals) == len(order.callbacks):
        raise refusals[0]
    told = to_result(score)[1] if is_done else ("status",)
    return WrittenScore(
        remote_id=order.id,
        fields_pending=[name for name in paper.given if name in told],
        fields_dropped=paper.dropped(told, "Greenhouse takes it with a finished test only"),
    )


def notice(order: kit.OpenOrder, url: str) -> kit.Request:
    """An empty call with the partner's key, which goes to Greenhouse and to nobody else."""
    own = _OWN.match(url)
    bare = kit.Request(
        "PATCH",
        url,
        headers={"Accept": "application/json"},
        template="the address of an ordered test",
        signed=False,
        homes=(own.group(1),) if own else HOMES,
    )
    return kit.BasicKey(where="").sign(bare, kit.Secrets(fields={"apiKey": order.key}))
