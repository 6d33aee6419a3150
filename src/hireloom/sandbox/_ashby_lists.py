"""The Ashby simulator's calls for reference data: what an organisation sets up once."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import msgspec

from hireloom.sandbox._ashby_company import Company
from hireloom.sandbox._ashby_shelf import Shelf
from hireloom.sandbox._ashby_wire import Call, Json, Listing, Row, done, missing, page

Held = TypeVar("Held")
Shown = Callable[[Json], bool]
HIRING_PROCESS = "hiringProcessMetadata:read"
ORGANIZATION = "organization:read"
INTERVIEWS = "interviews:read"


class Method(msgspec.Struct, frozen=True):
    """One call of the API; `run` may answer at once or be waited for."""

    run: Callable[[Company, Call], Any]
    scope: str | None  # None: every key may


def paged(
    company: Company,
    call: Call,
    shelf: Shelf[Held],
    body: Callable[[Held], Json],
    keep: Callable[[Held], bool] = lambda _: True,
    *,
    sync: bool = True,
    rows: Callable[[int], Iterator[tuple[int, Held]]] | None = None,
) -> Json:
    """A page of a shelf's records; `rows` narrows it to those that can match at all."""

    def shown(found: Iterator[tuple[int, Held]]) -> Iterator[Row]:
        return ((place, body(record)) for place, record in found if keep(record))

    listing = Listing(
        rows=lambda start: shown((rows or shelf.rows)(start)),
        changed=(lambda after: shown(shelf.changed(after))) if sync else None,
    )
    return page(call, company.ledger, listing, company.clock.seconds())


def same(record: Json) -> Json:
    return record


def reference_list(shelf_name: str, *flags: tuple[str, Shown], sync: bool = True) -> Any:
    """A list whose `flags` each add what is hidden without them."""

    def run(company: Company, call: Call) -> Json:
        hidden = [is_hidden for flag, is_hidden in flags if not call.flag(flag)]
        shelf: Shelf[Json] = getattr(company, shelf_name)
        return paged(
            company,
            call,
            shelf,
            same,
            lambda record: not any(is_hidden(record) for is_hidden in hidden),
            sync=sync,
        )

    return run


def reference_info(shelf_name: str, parameter: str, what: str) -> Any:
    def run(company: Company, call: Call) -> Json:
        shelf: Shelf[Json] = getattr(company, shelf_name)
        record = shelf.get(call.must_uuid(parameter))
        if record is None:
            raise missing(what)
        return done(record)

    return run


def is_archived(record: Json) -> bool:
    return bool(record["isArchived"])


ARCHIVED = ("includeArchived", is_archived)


def is_deactivated(user: Json) -> bool:
    return not user["isEnabled"]


def is_hierarchy(location: Json) -> bool:
    return bool(location["type"] == "LocationHierarchy")


def is_of_one_job(interview: Json) -> bool:
    return "jobId" in interview


def whole(results: list[Json]) -> Json:
    """A list that Ashby does not cut into pages."""
    return {**done(results), "moreDataAvailable": False}


def list_reasons(company: Company, call: Call) -> Json:
    archived = call.flag("includeArchived")
    reasons = [reason for _, reason in company.reasons.rows()]
    return whole([reason for reason in reasons if archived or not reason["isArchived"]])


def list_stages(company: Company, call: Call) -> Json:
    return whole(_of_plan(company, call, company.stages))


def list_groups(company: Company, call: Call) -> Json:
    return whole(_of_plan(company, call, company.groups))


def _of_plan(company: Company, call: Call, shelf: Shelf[Json]) -> list[Json]:
    plan = call.must_uuid("interviewPlanId")
    if company.plans.get(plan) is None:
        raise missing("interview_plan")
    return [record for _, record in shelf.rows() if record["interviewPlanId"] == plan]


def list_projects(company: Company, call: Call) -> Json:
    archived = call.flag("includeArchived")
    return paged(
        company,
        call,
        company.projects,
        same,
        lambda project: (
            (archived or not project["isArchived"])
            and (call.key.confidential or not project["confidential"])
        ),
    )


def project_info(company: Company, call: Call) -> Json:
    project = company.projects.get(call.must_uuid("projectId"))
    if project is None or (project["confidential"] and not call.key.confidential):
        raise missing("project")
    return done(project)


def search_users(company: Company, call: Call) -> Json:
    address = call.must_text("email").lower()
    users = [user for _, user in company.users.rows() if user["email"].lower() == address]
    return done(users)


def list_roles(company: Company, call: Call) -> Json:
    return paged(company, call, company.roles, same, sync=False)


def key_info(company: Company, call: Call) -> Json:
    created = company.directory.plan(0)["createdAt"]
    scopes = sorted(call.key.scopes)
    return done({"title": call.key.title, "createdAt": created, "scopes": scopes})


METHODS: Mapping[str, Method] = {
    "apiKey.info": Method(key_info, None),
    "department.list": Method(reference_list("departments", ARCHIVED), ORGANIZATION),
    "department.info": Method(
        reference_info("departments", "departmentId", "department"), ORGANIZATION
    ),
    "location.list": Method(
        reference_list("locations", ARCHIVED, ("includeLocationHierarchy", is_hierarchy)),
        ORGANIZATION,
    ),
    "location.info": Method(reference_info("locations", "locationId", "location"), ORGANIZATION),
    "user.list": Method(
        reference_list("users", ("includeDeactivated", is_deactivated)), ORGANIZATION
    ),
    "user.info": Method(reference_info("users", "userId", "user"), ORGANIZATION),
    "user.search": Method(search_users, ORGANIZATION),
    "hiringTeamRole.list": Method(list_roles, ORGANIZATION),
    "applicationHiringTeamRole.list": Method(list_roles, ORGANIZATION),
    "candidateTag.list": Method(reference_list("tags", ARCHIVED), HIRING_PROCESS),
    "source.list": Method(reference_list("sources", ARCHIVED, sync=False), HIRING_PROCESS),
    "archiveReason.list": Method(list_reasons, HIRING_PROCESS),
    "customField.list": Method(reference_list("fields", ARCHIVED), HIRING_PROCESS),
    "customField.info": Method(
        reference_info("fields", "customFieldId", "custom_field"), HIRING_PROCESS
    ),
    "feedbackFormDefinition.list": Method(reference_list("forms", ARCHIVED), HIRING_PROCESS),
    "feedbackFormDefinition.info": Method(
        reference_info("forms", "feedbackFormDefinitionId", "feedback_form_definition"),
        HIRING_PROCESS,
    ),
    "surveyFormDefinition.list": Method(reference_list("surveys", ARCHIVED), HIRING_PROCESS),
    "surveyFormDefinition.info": Method(
        reference_info("surveys", "surveyFormDefinitionId", "survey_form_definition"),
        HIRING_PROCESS,
    ),
    "interviewPlan.list": Method(reference_list("plans", ARCHIVED), INTERVIEWS),
    "interviewStage.list": Method(list_stages, INTERVIEWS),
    "interviewStage.info": Method(
        reference_info("stages", "interviewStageId", "interview_stage"), INTERVIEWS
    ),
    "interviewStageGroup.list": Method(list_groups, INTERVIEWS),
    "interview.list": Method(
        reference_list("interviews", ARCHIVED, ("includeNonSharedInterviews", is_of_one_job)),
        INTERVIEWS,
    ),
    "interview.info": Method(reference_info("interviews", "id", "interview"), INTERVIEWS),
    "project.list": Method(list_projects, "candidates:read"),
    "project.info": Method(project_info, "candidates:read"),
}
