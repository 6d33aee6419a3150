"""Tests that recruiters order inside Ashby: it calls assessment.list, .start and .cancel of ours.

Only the ids, e-mail and names in these calls are documented; the rest is UNCONFIRMED and may lack.
An order names no address to answer to: a result goes to `assessment.update`.
"""

from typing import Any, TypeVar

import msgspec

from hireloom import kit
from hireloom.connectors.ats._ashby_forms import text_of
from hireloom.connectors.ats._ashby_lookups import AshbyLookups

S = TypeVar("S", bound=kit.VendorStruct)
METHODS = {"assessment.list", "assessment.start", "assessment.cancel"}
PARTNER = kit.Partner(
    steps=(
        "Ashby lets only partners offer tests: ask its partnerships team to become one, once.",
        "Tell Ashby, as the base URL of the assessment integration: {sharedUrl}",
        "Tell Ashby, as the key that it calls this address with for this customer: {secretKey}",
        "In Ashby, open Admin > Integrations > API Keys > New and tick Candidates: Read and Write.",
        "Enter that key here as the key of the account: results are sent with it.",
        "Enter the partner id that Ashby issued as partnerId, to file tests that nobody ordered.",
    ),
    fetches_results=False,
)


class AshbyOrderedCandidate(kit.VendorStruct, frozen=True):
    ashby_id: Any = None
    ashby_profile_url: Any = None
    first_name: Any = None
    last_name: Any = None
    email: Any = None
    phone: Any = None
    resume_url: Any = None


class AshbyOrderedFor(kit.VendorStruct, frozen=True):
    """The application, or the job."""

    ashby_id: Any = None
    name: Any = None


class AshbyStart(kit.VendorStruct, frozen=True):
    assessment_type_id: str
    candidate: AshbyOrderedCandidate | None = None
    application: AshbyOrderedFor | None = None
    job: AshbyOrderedFor | None = None


class AshbyCancel(kit.VendorStruct, frozen=True):
    assessment_id: str
    cancelled_reason: Any = None


class AshbyPartner(AshbyLookups):
    def read_partner_call(self, call: kit.PartnerCall) -> kit.PartnerAsk:
        """A start that is told twice has the same test and application; nothing else marks it."""
        if call.path == "assessment.list":
            return kit.PackagesWanted()
        if call.path == "assessment.start":
            return to_order(read(call, AshbyStart))
        if call.path == "assessment.cancel":
            told = read(call, AshbyCancel)
            return kit.CancellationTold(told.assessment_id, text_of(told.cancelled_reason))
        raise kit.ResourceNotFoundError(f"There is no partner's method {call.path}")

    def answer_partner(self, ask: kit.PartnerAsk, reply: kit.PartnerReply) -> kit.PartnerAnswer:
        """Ashby never asks for a result, so that no field of a score is told here."""
        results: Any = {}
        if isinstance(reply, kit.PackagesOffered):
            results = [
                {"assessment_type_id": one.id, "name": one.name, "description": one.description}
                for one in reply.packages
            ]
        elif not isinstance(reply, kit.Heard):
            results = {"assessment_id": reply.order_id}
        elif isinstance(ask, kit.CancellationTold):
            results = {"assessment_id": ask.order_id}
        return kit.PartnerAnswer(200, msgspec.json.encode({"success": True, "results": results}))

    def refuse_partner(self, call: kit.PartnerCall, error: kit.HireloomError) -> kit.PartnerAnswer:
        """422 says to Ashby that a repeat would change nothing; what may pass keeps its status."""
        body = {
            "success": False,
            "errors": [error.msg],
            "errorInfo": {"code": error.code, "message": error.msg},
        }
        keeps = error.retryable or error.status in {401, 403} or call.path not in METHODS
        return kit.PartnerAnswer(error.status if keeps else 422, msgspec.json.encode(body))


def read(call: kit.PartnerCall, shape: type[S]) -> S:
    try:
        return msgspec.json.decode(call.body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        needed = ", ".join(one.encode_name for one in msgspec.structs.fields(shape) if one.required)
        raise kit.RequestInvalidError(
            f"{call.path} needs a JSON object with {needed} as text"
        ) from None


def to_order(start: AshbyStart) -> kit.OrderPlaced:
    who = start.candidate or AshbyOrderedCandidate()
    application = start.application or AshbyOrderedFor()
    job = start.job or AshbyOrderedFor()
    return kit.OrderPlaced(
        package_id=start.assessment_type_id,
        candidate=kit.OrderedCandidate(
            first_name=text_of(who.first_name),
            last_name=text_of(who.last_name),
            email=text_of(who.email),
            phone=text_of(who.phone),
            profile_url=text_of(who.ashby_profile_url),
            resume_url=text_of(who.resume_url),
        ),
        candidate_id=text_of(who.ashby_id),
        application_id=text_of(application.ashby_id),
        job_id=text_of(job.ashby_id),
        job_title=text_of(job.name),
    )
