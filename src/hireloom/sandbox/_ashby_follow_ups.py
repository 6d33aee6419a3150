"""The Ashby simulator's calls that read interviews, feedback, offers and survey answers."""

from collections.abc import Callable, Mapping
from datetime import datetime

from hireloom.sandbox._ashby_company import Company
from hireloom.sandbox._ashby_directory import SURVEYS
from hireloom.sandbox._ashby_lists import INTERVIEWS, Method, paged, same, whole
from hireloom.sandbox._ashby_reads import CANDIDATES, rows_of, visible_application
from hireloom.sandbox._ashby_shelf import Branch
from hireloom.sandbox._ashby_wire import Call, Json, done, invalid, missing

OFFERS = "offers:read"
SURVEY_TYPES = {*SURVEYS, "CandidateDataConsent", "CandidateExperience", "Questionnaire"}


def of_applications(
    company: Company,
    call: Call,
    branch: Branch[Json],
    keep: Callable[[Json], bool] = lambda _: True,
    made_at: str | None = None,
) -> Json:
    """A page of all, or of one application's; `made_at` names the time for createdAfter."""
    application_id = call.uuid("applicationId")
    since = call.whole("createdAfter") if made_at else None
    rows = None
    if application_id is not None:
        parent = visible_application(company, call, application_id).index
        rows = lambda start: rows_of(branch, parent, start)  # noqa: E731 -- bound to the parent

    def shown(record: Json) -> bool:
        index = company.applications.index(record["applicationId"])
        if index is None or not company.shows_application(call.key, index):
            return False
        if application_id is not None and record["applicationId"] != application_id:
            return False
        return keep(record) and (since is None or _millis(record[made_at or ""]) > since)

    return paged(company, call, branch, same, shown, rows=rows)


def _millis(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def list_schedules(company: Company, call: Call) -> Json:
    wanted = call.uuid("interviewScheduleId")
    return of_applications(
        company,
        call,
        company.schedules,
        lambda schedule: wanted is None or schedule["id"] == wanted,
        "createdAt",
    )


def list_events(company: Company, call: Call) -> Json:
    schedule = company.schedules.get(call.must_uuid("interviewScheduleId"))
    if schedule is None:
        raise missing("interview_schedule")
    visible_application(company, call, schedule["applicationId"])
    events = schedule["interviewEvents"]
    if "interview" in call.items("expand"):
        events = [
            {**event, "interview": company.interviews.get(event["interviewId"])} for event in events
        ]
    return whole(events)


def list_feedback(company: Company, call: Call) -> Json:
    return of_applications(company, call, company.feedback, made_at="submittedAt")


def list_offers(company: Company, call: Call) -> Json:
    return of_applications(company, call, company.offers)


def offer_info(company: Company, call: Call) -> Json:
    offer = company.offers.get(call.must_uuid("offerId"))
    if offer is None:
        raise missing("offer")
    visible_application(company, call, offer["applicationId"])
    return done(offer)


def list_survey_answers(company: Company, call: Call) -> Json:
    kind = call.must_text("surveyType")
    if kind not in SURVEY_TYPES:
        raise invalid(f"surveyType must be one of {', '.join(sorted(SURVEY_TYPES))}")
    return of_applications(
        company, call, company.answers, lambda answer: bool(answer["surveyType"] == kind)
    )


METHODS: Mapping[str, Method] = {
    "applicationFeedback.list": Method(list_feedback, CANDIDATES),
    "interviewSchedule.list": Method(list_schedules, INTERVIEWS),
    "interviewEvent.list": Method(list_events, INTERVIEWS),
    "offer.list": Method(list_offers, OFFERS),
    "offer.info": Method(offer_info, OFFERS),
    "surveySubmission.list": Method(list_survey_answers, CANDIDATES),
}
