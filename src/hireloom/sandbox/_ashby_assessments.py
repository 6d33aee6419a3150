"""The Ashby simulator's assessments: what a partner tells of its tests, with the customer's key."""

from collections.abc import Mapping
from typing import Any

from hireloom.sandbox._ashby_candidates import WRITE
from hireloom.sandbox._ashby_company import Company
from hireloom.sandbox._ashby_lists import Method
from hireloom.sandbox._ashby_people import Application
from hireloom.sandbox._ashby_reads import visible_application, visible_candidate
from hireloom.sandbox._ashby_wire import Call, Json, Refusal, done, instant, invalid, missing

PARTNER = "sandbox-partner"  # the id that Ashby gave to the one partner it knows
BLOB_TYPES = (
    "boolean_success",
    "numeric_score",
    "numeric_duration_milliseconds",
    "numeric_duration_minutes",
    "numeric_timestamp_milliseconds",
    "single_sign_on_url",
    "string",
    "url",
)
BLOB_PARTS = frozenset({"identifier", "label", "description", "type", "value", "isInternal"})
PARTS = ("assessment_status", "assessment_profile_url", "assessment_result", "cancelled_reason")


def start_assessment(
    company: Company, application: Application, assessment_id: str, **about: Any
) -> Json:
    """What Ashby keeps once a recruiter started a test at a partner."""
    record: Json = {
        "assessment_id": assessment_id,
        "applicationId": company.applications.id(application.index),
        "candidateId": company.candidates.id(application.person),
        "status": "started",
        "timestamp": 0,
        "metadata": [],
        "updatedAt": instant(company.clock.now()),
        **about,
    }
    company.assessments[assessment_id] = record
    return record


def update_assessment(company: Company, call: Call) -> Json:
    """A result makes it complete, the reason for it makes it cancelled."""
    record = company.assessments.get(call.must_text("assessment_id"))
    if record is None or not _is_visible(company, call, record):
        raise missing("assessment")
    if record.get("cancelledInAshby"):
        raise invalid("The assessment was cancelled in Ashby")
    timestamp = _later(call, record)
    sent: Json = {
        name: _check_blob(name, call.body[name])
        for name in PARTS
        if call.body.get(name) is not None
    }
    if "metadata" in call.body:
        sent["metadata"] = [_check_blob("metadata", blob) for blob in call.items("metadata")]
    record |= {**sent, "timestamp": timestamp, "updatedAt": instant(company.clock.now())}
    if "assessment_result" in sent:
        record["status"] = "complete"
    elif "cancelled_reason" in sent:
        record["status"] = "cancelled"
    company.show("assessments", dict(call.body))
    return done(record)


def add_assessment(company: Company, call: Call) -> Json:
    """A finished test that nobody ordered from inside Ashby."""
    candidate = visible_candidate(company, call, call.must_uuid("candidateId"))
    if call.must_text("partnerId") != PARTNER:
        raise missing("assessment_partner")
    test = call.part("assessment")
    if test is None:
        raise invalid("assessment is required")
    for name in ("assessmentTypeId", "assessmentId", "assessmentName"):
        if not isinstance(test.get(name), str) or not test[name]:
            raise invalid(f"assessment.{name} is required")
    result = _check_blob("assessment.result", test.get("result"))
    metadata = test.get("metadata") or []
    if not isinstance(metadata, list):
        raise invalid("assessment.metadata must be an array")
    blobs = [_check_blob("assessment.metadata", blob) for blob in metadata]
    who = company.candidates.id(candidate.index)
    known = company.assessments.get(test["assessmentId"], {"candidateId": who, "timestamp": 0})
    if known["candidateId"] != who:
        raise invalid("assessment.assessmentId belongs to another candidate")
    record = {
        **known,
        **test,
        "assessment_id": test["assessmentId"],
        "assessment_name": test["assessmentName"],
        "assessment_result": result,
        "metadata": blobs,
        "status": "complete",
        "timestamp": _later(call, known),
        "updatedAt": instant(company.clock.now()),
    }
    company.assessments[test["assessmentId"]] = record
    company.show("assessments", dict(call.body))
    return done(record)


def _is_visible(company: Company, call: Call, record: Json) -> bool:
    try:
        if record.get("applicationId") is not None:
            visible_application(company, call, record["applicationId"])
        else:
            visible_candidate(company, call, record["candidateId"])
    except Refusal:
        return False
    return True


def _later(call: Call, record: Json) -> int:
    timestamp = call.whole("timestamp")
    if timestamp is None:
        raise invalid("timestamp is required")
    if timestamp <= record["timestamp"]:
        raise invalid("timestamp must be later than that of the last update")
    return timestamp


def _check_blob(name: str, blob: Any) -> Json:
    """Every value of an assessment is `{identifier, label, type, value}`."""
    if not isinstance(blob, dict):
        raise invalid(f"{name} must be an object")
    unknown = sorted(set(blob) - BLOB_PARTS)
    if unknown:
        raise invalid(f"{name} must not have {unknown[0]}")
    if "value" not in blob or not all(
        isinstance(blob.get(part), str) and blob[part] for part in ("identifier", "label")
    ):
        raise invalid(f"{name} must have an identifier, a label and a value")
    if not isinstance(blob.get("isInternal", False), bool):
        raise invalid(f"{name}.isInternal must be a boolean")
    if blob.get("type") not in BLOB_TYPES:
        raise invalid(f"{name}.type must be one of {', '.join(BLOB_TYPES)}")
    _check_value(name, blob["type"], blob["value"])
    return blob


def _check_value(name: str, kind: str, value: Any) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "boolean_success" and not isinstance(value, bool):
        raise invalid(f"{name}.value must be a boolean")
    if kind.startswith("numeric_") and not is_number:
        raise invalid(f"{name}.value must be a number")
    if kind in {"string", "url", "single_sign_on_url"} and not isinstance(value, str):
        raise invalid(f"{name}.value must be a string")
    if kind.endswith("url") and not value.startswith(("http://", "https://")):
        raise invalid(f"{name}.value must be a URL")


METHODS: Mapping[str, Method] = {
    "assessment.update": Method(update_assessment, WRITE),
    "assessment.addCompletedToCandidate": Method(add_assessment, WRITE),
}
