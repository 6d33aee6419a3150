"""Lists: pages that lose nothing, filters that are always honoured, what `meta` says of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from hireloom import connectors
from tests.service import Service

every_connector = pytest.mark.parametrize("app", connectors.names())


async def whole(service: Service, method: str, integration: str, **asked: Any) -> list[Any]:
    """A list, page after page, the filters sent only once."""
    records: list[Any] = []
    name = {"ats.application.list": "applications", "ats.candidate.list": "candidates"}
    answer = (await service.get(method, integration, **asked)).json()
    for _ in range(500):
        assert answer["success"], answer
        assert len(answer["data"][name.get(method, "jobs")]) <= asked.get("pageSize", 100)
        records += answer["data"][name.get(method, "jobs")]
        token = answer["data"].get("nextPageToken")
        if token is None:
            return records
        size = {"pageSize": asked["pageSize"]} if "pageSize" in asked else {}
        answer = (await service.get(method, integration, pageToken=token, **size)).json()
    raise AssertionError("the list has no end")


def ids(records: list[Any]) -> list[str]:
    return [record["info"]["id"] for record in records]


@every_connector
@pytest.mark.parametrize("size", [7, 100, 500])
async def test_pages_of_any_size_hold_every_application_once(
    service: Service, app: str, size: int
) -> None:
    integration = await service.connect(app)

    found = ids(await whole(service, "ats.application.list", integration, pageSize=size))

    assert len(found) == len(set(found)) == 120


FILTERS = [
    ("status", lambda one: one["info"]["status"]),
    ("jobId", lambda one: one["info"]["jobId"]),
    ("stageId", lambda one: (one.get("currentStage") or {}).get("id")),
    ("candidateId", lambda one: one["info"]["candidate"]["id"]),
]


@every_connector
@pytest.mark.parametrize(("name", "said"), FILTERS)
async def test_a_filter_keeps_exactly_the_applications_that_fit(
    service: Service, app: str, name: str, said: Any
) -> None:
    integration = await service.connect(app)
    everything = await whole(service, "ats.application.list", integration)
    values = sorted({said(one) for one in everything} - {None})

    for wanted in ([values[0]], values[:2]):
        found = await whole(
            service, "ats.application.list", integration, **{name: ",".join(wanted)}
        )

        fits = [one for one in everything if said(one) in wanted]
        assert sorted(ids(found)) == sorted(ids(fits)), wanted


@every_connector
@pytest.mark.parametrize(("name", "field"), [("created", "appliedAt"), ("updated", "updatedAt")])
async def test_a_window_keeps_exactly_the_applications_inside_of_it(
    service: Service, app: str, name: str, field: str
) -> None:
    integration = await service.connect(app)
    everything = await whole(service, "ats.application.list", integration)
    instants = sorted(datetime.fromisoformat(one["info"][field]) for one in everything)
    start, end = instants[30], instants[80]

    found = await whole(
        service,
        "ats.application.list",
        integration,
        **{f"{name}After": as_sent(start), f"{name}Before": as_sent(end)},
    )

    fits = [one for one in everything if start <= datetime.fromisoformat(one["info"][field]) <= end]
    assert sorted(ids(found)) == sorted(ids(fits))


def as_sent(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


@every_connector
async def test_an_e_mail_is_found_in_any_case(service: Service, app: str) -> None:
    integration = await service.connect(app)
    everything = await whole(service, "ats.application.list", integration)
    emails = [one["info"]["candidate"].get("emails") or [] for one in everything]
    wanted = next(several[0]["email"] for several in emails if several)

    found = await whole(service, "ats.application.list", integration, candidateEmail=wanted.upper())

    fits = [
        one
        for one, several in zip(everything, emails, strict=True)
        if wanted in [email["email"] for email in several]
    ]
    assert sorted(ids(found)) == sorted(ids(fits))


@every_connector
async def test_meta_says_who_applied_which_filter(service: Service, app: str) -> None:
    integration = await service.connect(app)

    answer = await service.get(
        "ats.application.list", integration, status="REJECTED", updatedAfter="2026-01-01T00:00:00Z"
    )

    filters = answer.json()["meta"]["filters"]
    assert sorted(filters["applied"] + filters["completed"]) == ["status", "updatedAfter"]


@every_connector
async def test_a_job_is_found_by_its_department(service: Service, app: str) -> None:
    integration = await service.connect(app)
    everything = await whole(service, "ats.job.list", integration)
    wanted = next(one["departments"][0]["id"] for one in everything if one["departments"])

    found = await whole(service, "ats.job.list", integration, departmentId=wanted)

    fits = [one for one in everything if wanted in [it["id"] for it in one["departments"]]]
    assert sorted(ids(found)) == sorted(ids(fits))


async def test_a_filter_that_nobody_can_answer_is_refused(service: Service) -> None:
    integration = await service.connect("greenhouse")

    answer = await service.get("ats.job.list", integration, tag="urgent")

    assert answer.status_code == 400
    assert answer.json()["error"]["fields"][0]["path"] == "tag"


async def test_only_the_fields_asked_for_come(service: Service) -> None:
    integration = await service.connect("greenhouse")

    answer = await service.get(
        "ats.application.list",
        integration,
        pageSize=1,
        fields="info.id,info.candidate.emails.email",
    )

    (record,) = answer.json()["data"]["applications"]
    assert list(record) == ["info"]
    assert set(record["info"]) == {"id", "candidate"}
    assert all(list(email) == ["email"] for email in record["info"]["candidate"]["emails"])


async def test_an_unknown_field_to_keep_is_400(service: Service) -> None:
    integration = await service.connect("greenhouse")

    answer = await service.get("ats.application.list", integration, fields="inof.id")

    assert answer.json()["error"]["fields"][0]["path"] == "fields"


@every_connector
async def test_raw_adds_the_vendor_s_own_record(service: Service, app: str) -> None:
    integration = await service.connect(app)

    listed = (await service.get("ats.application.list", integration, pageSize=3, raw="true")).json()
    first = listed["data"]["applications"][0]
    one = (
        await service.get(
            "ats.application.get", integration, applicationId=first["info"]["id"], raw="true"
        )
    ).json()

    assert all(
        str(record["rawValues"]["id"]) == record["info"]["id"]
        for record in listed["data"]["applications"]
    )
    assert str(one["data"]["application"]["rawValues"]["id"]) == first["info"]["id"]


async def test_a_page_token_of_another_method_or_integration_or_altered_is_400(
    service: Service,
) -> None:
    one, other = await service.connect("greenhouse"), await service.connect("greenhouse")
    listed = await service.get("ats.application.list", one, pageSize=1)
    token = listed.json()["data"]["nextPageToken"]

    elsewhere = [
        await service.get("ats.candidate.list", one, pageToken=token),
        await service.get("ats.application.list", other, pageToken=token),
        await service.get("ats.application.list", one, pageToken=token[:-4] + "AAAA"),
        await service.get("ats.application.list", one, pageToken="a"),
        await service.get("ats.application.list", one, pageToken=token, status="HIRED"),
    ]

    for answer in elsewhere:
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "request.invalid")
        assert answer.json()["error"]["fields"][0]["path"] == "pageToken"


async def test_a_page_token_tells_nothing(service: Service) -> None:
    integration = await service.connect("lever")

    listed = await service.get("ats.application.list", integration, pageSize=1, status="ACTIVE")

    assert "ACTIVE" not in listed.json()["data"]["nextPageToken"]


@every_connector
async def test_sections_come_when_they_are_asked_for(service: Service, app: str) -> None:
    integration = await service.connect(app)

    answer = await service.get(
        "ats.application.list",
        integration,
        pageSize=10,
        models="application_stage,application_interviews,application_offers",
    )

    for record in answer.json()["data"]["applications"]:
        assert set(record) == {"info", "currentStage", "interviews", "offers"}


async def test_a_candidate_search_finds_by_e_mail(service: Service) -> None:
    for app in connectors.names():
        integration = await service.connect(app)
        listed = (await service.get("ats.candidate.list", integration, pageSize=5)).json()["data"]
        person = next(one for one in listed["candidates"] if one["info"]["emails"])
        email = person["info"]["emails"][0]["email"]

        found = await service.post("ats.candidates.search", integration, {"emails": [email]})

        assert person["info"]["id"] in ids(found.json()["data"]["candidates"]), app


async def test_windows_are_inclusive_at_both_ends(service: Service) -> None:
    integration = await service.connect("greenhouse")
    first = (await whole(service, "ats.application.list", integration))[0]
    instant = datetime.fromisoformat(first["info"]["appliedAt"])

    at = await service.get(
        "ats.application.list", integration,
        createdAfter=as_sent(instant), createdBefore=as_sent(instant),
    )  # fmt: skip
    after = await service.get(
        "ats.application.list", integration, createdAfter=as_sent(instant + timedelta(seconds=1))
    )

    assert first["info"]["id"] in ids(at.json()["data"]["applications"])
    assert first["info"]["id"] not in ids(after.json()["data"]["applications"])


@every_connector
async def test_a_section_that_only_a_filter_needs_does_not_come(service: Service, app: str) -> None:
    integration = await service.connect(app)
    everything = await whole(service, "ats.application.list", integration)
    stages = sorted({(one.get("currentStage") or {}).get("id") or "" for one in everything} - {""})

    found = await whole(
        service,
        "ats.application.list",
        integration,
        stageId=stages[0],
        models="application_info",
    )

    fits = [one for one in everything if (one.get("currentStage") or {}).get("id") == stages[0]]
    assert sorted(ids(found)) == sorted(ids(fits))
    assert all(set(record) == {"info"} for record in found)


@every_connector
async def test_a_candidate_comes_once_in_a_whole_listing(service: Service, app: str) -> None:
    integration = await service.connect(app)

    found = ids(await whole(service, "ats.candidate.list", integration, pageSize=9))

    assert len(found) == len(set(found))
