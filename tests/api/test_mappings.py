"""Field mapping by the API: declared fields, what an account maps them to, and what reads show."""

from typing import Any

import pytest

from tests.service import Service

NOTICE = {"key": "noticePeriod", "label": "Notice period", "owner": "CANDIDATE"}
FILLED = pytest.mark.parametrize(
    ("app", "label"), [("ashby", "Notice period"), ("greenhouse", "Seniority")]
)


async def declare(service: Service, **field: Any) -> dict[str, Any]:
    answer = await service.post("mapping.field.put", body=NOTICE | field)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["data"]
    return found


async def custom(service: Service, integration: str, label: str, owner: str) -> dict[str, Any]:
    """The definition of a custom field by its label."""
    answer = await service.get("ats.customField.list", integration, owner=owner)
    fields: list[dict[str, Any]] = answer.json()["data"]["customFields"]
    return next(one for one in fields if one["label"] == label)


async def chosen(service: Service, integration: str, **mappings: str | None) -> dict[str, Any]:
    """Map declared fields; what each is mapped to then, by key."""
    answer = await service.post("mapping.update", integration, {"mappings": mappings})
    assert answer.status_code == 200, answer.text
    return by_key(answer.json()["data"])


def by_key(data: dict[str, Any]) -> dict[str, Any]:
    return {one["key"]: one["mappedTo"] for one in data["mappings"]}


async def refused(service: Service, integration: str, **mappings: str | None) -> dict[str, Any]:
    answer = await service.post("mapping.update", integration, {"mappings": mappings})
    assert answer.status_code >= 400, answer.text
    found: dict[str, Any] = answer.json()["error"]
    return found


async def candidates(service: Service, integration: str, **params: Any) -> list[dict[str, Any]]:
    answer = await service.get("ats.candidate.list", integration, **params)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]["candidates"]
    return found


async def test_a_declared_field_is_listed_changed_and_deleted(service: Service) -> None:
    made = await declare(service, appIds=["ashby"], description="How soon they can start")

    changed = await declare(service, label="Notice")
    listed = (await service.get("mapping.field.list")).json()["data"]["fields"]
    deleted = (await service.post("mapping.field.delete", body={"key": "noticePeriod"})).json()
    again = (await service.post("mapping.field.delete", body={"key": "noticePeriod"})).json()

    assert (made["appIds"], made["description"]) == (["ashby"], "How soon they can start")
    assert (changed["appIds"], changed["label"]) == ([], "Notice")
    assert [one["key"] for one in listed] == ["noticePeriod"]
    assert deleted["data"] == {"key": "noticePeriod", "deleted": True, "unmappedAt": 0}
    assert again["data"]["deleted"] is False


@pytest.mark.parametrize("key", ["", "9lives", "cost centre", "a-b", "a" * 65, "é"])
async def test_a_key_is_a_letter_then_letters_digits_and_underscores(
    key: str, service: Service
) -> None:
    answer = await service.post("mapping.field.put", body=NOTICE | {"key": key})

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "request.invalid")
    assert error["fields"][0]["path"] == "key"


async def test_only_known_vendors_and_the_three_owners_can_be_named(service: Service) -> None:
    vendor = await service.post("mapping.field.put", body=NOTICE | {"appIds": ["harbor"]})
    owner = await service.post("mapping.field.put", body=NOTICE | {"owner": "OFFER"})

    assert vendor.status_code == owner.status_code == 400
    assert owner.json()["error"]["fields"][0]["path"] == "owner"


async def test_declaring_fields_takes_an_admins_key(service: Service) -> None:
    key = await service.make_key("read", "write")

    refused = await service.post("mapping.field.put", body=NOTICE, key=key)
    listed = await service.get("mapping.field.list", key=key)

    assert (refused.status_code, listed.status_code) == (403, 200)


@FILLED
async def test_reads_carry_the_mapped_values(app: str, label: str, service: Service) -> None:
    integration = await service.connect(app)
    await declare(service)
    before = await candidates(service, integration)
    field = await custom(service, integration, label, "CANDIDATE")

    mapped = await chosen(service, integration, noticePeriod=field["id"])
    listed = await candidates(service, integration, pageSize=100)
    got = await service.get("ats.candidate.get", integration, candidateId=listed[0]["info"]["id"])

    assert not any("mappedFields" in one["info"] for one in before)
    assert mapped["noticePeriod"]["label"] == label
    assert mapped["noticePeriod"]["exists"] is True
    for one in listed:
        value = one["info"]["customFields"].get(field["key"])
        assert one["info"]["mappedFields"] == {"noticePeriod": value}
    assert any(one["info"]["mappedFields"]["noticePeriod"] for one in listed)
    info = got.json()["data"]["candidate"]["info"]
    assert info["mappedFields"] == listed[0]["info"]["mappedFields"]


async def test_a_search_carries_them_as_well(service: Service) -> None:
    integration = await service.connect("greenhouse")
    await declare(service)
    field = await custom(service, integration, "Notice period", "CANDIDATE")
    await chosen(service, integration, noticePeriod=field["id"])
    somebody = next(one for one in await candidates(service, integration) if one["info"]["emails"])
    email = somebody["info"]["emails"][0]["email"]

    found = await service.post("ats.candidates.search", integration, {"emails": [email]})

    (first, *_) = found.json()["data"]["candidates"]
    assert first["info"]["mappedFields"] == somebody["info"]["mappedFields"]


async def test_fields_may_ask_for_mapped_values_alone(service: Service) -> None:
    integration = await service.connect("ashby")
    await declare(service)
    field = await custom(service, integration, "Notice period", "CANDIDATE")
    await chosen(service, integration, noticePeriod=field["id"])

    listed = await candidates(service, integration, fields="info.mappedFields.noticePeriod")

    assert listed
    assert all(list(one["info"]) == ["mappedFields"] for one in listed)
    assert any(one["info"]["mappedFields"]["noticePeriod"] for one in listed)


async def test_only_records_of_the_fields_owner_carry_them(service: Service) -> None:
    integration = await service.connect("ashby")
    await declare(service)
    field = await custom(service, integration, "Notice period", "CANDIDATE")
    await chosen(service, integration, noticePeriod=field["id"])

    jobs = (await service.get("ats.job.list", integration)).json()
    applications = (await service.get("ats.application.list", integration)).json()

    assert not any("mappedFields" in one["info"] for one in jobs["data"]["jobs"])
    listed = applications["data"]["applications"]
    assert not any("mappedFields" in one["info"] for one in listed)
    assert not [one for one in jobs["meta"]["unsupportedFields"] if "mapped" in one]


async def test_levers_requisitions_are_mapped_and_its_postings_have_nothing_to_map(
    service: Service,
) -> None:
    await declare(service, key="costCentre", label="Cost centre", owner="JOB")
    requisitions = await service.connect("lever", {"jobs": "requisitions"})
    postings = await service.connect("lever")

    await chosen(service, requisitions, costCentre="cost_center")
    jobs = (await service.get("ats.job.list", requisitions)).json()["data"]["jobs"]
    error = await refused(service, postings, costCentre="cost_center")

    assert all(one["info"]["mappedFields"]["costCentre"].startswith("CC-") for one in jobs)
    assert "is a field of openings, and this one of jobs" in error["msg"]


async def test_what_cannot_be_mapped_is_refused_where_it_stands(service: Service) -> None:
    integration = await service.connect("greenhouse")
    await declare(service)
    score = await custom(service, integration, "Assessment score", "APPLICATION")

    undeclared = await refused(service, integration, noticePeriodd="1")
    unknown = await refused(service, integration, noticePeriod="17")
    other = await refused(service, integration, noticePeriod=score["id"])

    assert "did you mean 'noticePeriod'?" in undeclared["msg"]
    assert "is no custom field of this account" in unknown["msg"]
    assert "is a field of applications, and this one of candidates" in other["msg"]
    assert [one["fields"][0]["path"] for one in (undeclared, unknown, other)] == [
        "mappings.noticePeriodd",
        "mappings.noticePeriod",
        "mappings.noticePeriod",
    ]
    listed = (await service.get("mapping.list", integration)).json()["data"]
    assert by_key(listed) == {"noticePeriod": None}


async def test_a_field_of_other_vendors_is_not_asked_of_this_one(service: Service) -> None:
    integration = await service.connect("greenhouse")
    await declare(service, appIds=["ashby"])

    error = await refused(service, integration, noticePeriod="1")
    listed = (await service.get("mapping.list", integration)).json()["data"]

    assert "is no declared field of this vendor" in error["msg"]
    assert listed["mappings"] == []


async def test_the_question_to_the_vendor_is_counted_and_logged(service: Service) -> None:
    integration = await service.connect("ashby")
    await declare(service)
    field = await custom(service, integration, "Notice period", "CANDIDATE")

    update = {"mappings": {"noticePeriod": field["id"]}}
    answer = await service.post("mapping.update", integration, update)
    await service.desk.ledger.flush()

    assert answer.json()["meta"]["upstreamCalls"] == 1
    async with service.desk.pool.acquire() as conn:
        logged = await conn.fetch(
            "select direction from calls where execution_id = $1",
            answer.headers["X-Execution-Id"],
        )
    assert sorted(row["direction"] for row in logged) == ["in", "out"]


async def test_unmapping_asks_the_vendor_nothing(service: Service) -> None:
    integration = await service.connect("ashby")
    await declare(service)
    field = await custom(service, integration, "Notice period", "CANDIDATE")
    await chosen(service, integration, noticePeriod=field["id"])
    service.faults({"vendor": "ashby", "path": "*", "kind": "status", "status": 500})

    mapped = await chosen(service, integration, noticePeriod=None)
    service.faults()

    assert mapped == {"noticePeriod": None}
    assert "mappedFields" not in (await candidates(service, integration))[0]["info"]


async def test_a_vendor_that_fails_leaves_the_mapping_as_it_was(service: Service) -> None:
    integration = await service.connect("ashby")
    await declare(service)
    service.faults({"vendor": "ashby", "path": "*", "kind": "status", "status": 401})

    error = await refused(service, integration, noticePeriod="1")

    assert error["code"] == "integration.credentials_invalid"


async def test_another_owner_or_vendor_unmaps_the_field_where_it_no_longer_fits(
    service: Service,
) -> None:
    integration = await service.connect("ashby")
    await declare(service)
    field = await custom(service, integration, "Notice period", "CANDIDATE")

    for change in ({"owner": "JOB"}, {"appIds": ["greenhouse"]}):
        await declare(service)
        await chosen(service, integration, noticePeriod=field["id"])
        kept = await declare(service, description="Other words")
        changed = await declare(service, **change)
        assert (kept["mappedAt"], changed["mappedAt"]) == (1, 0)


async def test_a_deleted_field_leaves_the_records(service: Service) -> None:
    integration = await service.connect("ashby")
    await declare(service)
    field = await custom(service, integration, "Notice period", "CANDIDATE")
    await chosen(service, integration, noticePeriod=field["id"])

    deleted = await service.post("mapping.field.delete", body={"key": "noticePeriod"})

    assert deleted.json()["data"]["unmappedAt"] == 1
    assert "mappedFields" not in (await candidates(service, integration))[0]["info"]
    await declare(service)
    listed = (await service.get("mapping.list", integration)).json()["data"]
    assert by_key(listed) == {"noticePeriod": None}


async def test_every_change_is_audited_without_a_value(service: Service) -> None:
    integration = await service.connect("ashby")
    await declare(service)
    field = await custom(service, integration, "Notice period", "CANDIDATE")
    await chosen(service, integration, noticePeriod=field["id"])
    await chosen(service, integration, noticePeriod=field["id"])
    await service.post("mapping.field.delete", body={"key": "noticePeriod"})

    async with service.desk.pool.acquire() as conn:
        rows = await conn.fetch("select * from audit where action like 'mapping%' order by id")

    assert [(row["action"], row["integration_id"]) for row in rows] == [
        ("mapping.field.put", ""),
        ("mapping.update", integration),
        ("mapping.field.delete", ""),
    ]
    assert rows[1]["detail"] == {"mappings": {"noticePeriod": field["id"]}}


async def test_mappings_go_with_their_account(service: Service) -> None:
    integration = await service.connect("ashby")
    await declare(service)
    field = await custom(service, integration, "Notice period", "CANDIDATE")
    await chosen(service, integration, noticePeriod=field["id"])

    await service.post("integration.delete", integration)

    (left,) = (await service.get("mapping.field.list")).json()["data"]["fields"]
    assert left["mappedAt"] == 0


async def test_a_draft_takes_mapped_fields(service: Service) -> None:
    integration = await service.connect("greenhouse")
    await declare(service)
    field = await custom(service, integration, "Notice period", "CANDIDATE")
    await chosen(service, integration, noticePeriod=field["id"])
    person = {"firstName": "Ines", "lastName": "Duarte"}

    made = await service.post(
        "ats.candidate.create", integration, person | {"mappedFields": {"noticePeriod": "A year"}}
    )
    candidate = made.json()["data"]["candidateId"]
    first = await candidate_of(service, integration, candidate)
    changes = {"candidateId": candidate, "mappedFields": {"noticePeriod": "A week"}}
    await service.post("ats.candidate.update", integration, changes)

    assert first["info"]["mappedFields"] == {"noticePeriod": "A year"}
    changed = await candidate_of(service, integration, candidate)
    assert changed["info"]["mappedFields"] == {"noticePeriod": "A week"}


async def test_an_application_takes_mapped_fields_of_its_new_candidate(service: Service) -> None:
    integration = await service.connect("ashby")
    await declare(service)
    field = await custom(service, integration, "Notice period", "CANDIDATE")
    await chosen(service, integration, noticePeriod=field["id"])
    listed = await service.get("ats.job.list", integration, status="OPEN")
    job = listed.json()["data"]["jobs"][0]["info"]["id"]
    person = {
        "firstName": "Ines",
        "lastName": "Duarte",
        "emails": [{"type": "PERSONAL", "email": "ines.duarte@example.com"}],
        "mappedFields": {"noticePeriod": "A year"},
    }

    made = await service.post(
        "ats.application.create", integration, {"jobId": job, "candidate": person}
    )

    candidate = await candidate_of(service, integration, made.json()["data"]["candidateId"])
    assert candidate["info"]["mappedFields"] == {"noticePeriod": "A year"}


async def test_a_draft_is_refused_a_field_that_is_not_mapped_or_given_twice(
    service: Service,
) -> None:
    integration = await service.connect("greenhouse")
    await declare(service)
    person = {"firstName": "Ines", "lastName": "Duarte", "mappedFields": {"noticePeriod": "1"}}

    unmapped = await service.post("ats.candidate.create", integration, person)
    field = await custom(service, integration, "Notice period", "CANDIDATE")
    await chosen(service, integration, noticePeriod=field["id"])
    twice = await service.post(
        "ats.candidate.create", integration, person | {"customFields": {field["key"]: "2"}}
    )

    errors = [answer.json()["error"] for answer in (unmapped, twice)]
    assert [one["code"] for one in errors] == ["request.invalid", "request.invalid"]
    assert "is mapped to no field of this account" in errors[0]["msg"]
    assert "is given in customFields as well" in errors[1]["msg"]


async def candidate_of(service: Service, integration: str, candidate: str) -> dict[str, Any]:
    answer = await service.get("ats.candidate.get", integration, candidateId=candidate)
    found: dict[str, Any] = answer.json()["data"]["candidate"]
    return found


async def test_a_run_that_is_open_begins_again_and_others_go_on(service: Service) -> None:
    integration = await service.connect("ashby")
    await declare(service)
    field = await custom(service, integration, "Notice period", "CANDIDATE")
    await service.post("webhook.create", body={"url": "https://hooks.example.com/hireloom"})
    for data_type in ("ats_candidates", "ats_jobs"):
        await service.post("sync.start", integration, {"dataType": data_type})
    async with service.desk.pool.acquire() as conn:
        await conn.execute("update sync_runs set kind = 'delta_sync', since = now()")
        await conn.execute("update syncs set marked_at = now()")

    await chosen(service, integration, noticePeriod=field["id"])

    async with service.desk.pool.acquire() as conn:
        rows = await conn.fetch(
            "select data_type, kind, marked_at is null as reads_all"
            "  from sync_runs join syncs on syncs.id = sync_id"
        )
    kinds = {row["data_type"]: (row["kind"], row["reads_all"]) for row in rows}
    assert kinds == {
        "ats_candidates": ("initial_sync", True),
        "ats_jobs": ("delta_sync", False),
    }


async def test_the_same_choice_again_changes_nothing(service: Service) -> None:
    integration = await service.connect("ashby")
    await declare(service)
    field = await custom(service, integration, "Notice period", "CANDIDATE")
    await service.post("webhook.create", body={"url": "https://hooks.example.com/hireloom"})
    await chosen(service, integration, noticePeriod=field["id"])
    await service.post("sync.start", integration, {"dataType": "ats_candidates"})
    async with service.desk.pool.acquire() as conn:
        await conn.execute("update syncs set marked_at = now()")

    await chosen(service, integration, noticePeriod=field["id"])

    async with service.desk.pool.acquire() as conn:
        assert await conn.fetchval("select marked_at is not null from syncs")
