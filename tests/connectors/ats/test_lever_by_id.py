"""Lever: all ids, and records by id."""

from typing import Any

import pytest

from hireloom import kit
from hireloom.kit.trip import Trip, travel
from hireloom.models import (
    ApplicationQuery,
    CandidateModel,
    CandidateQuery,
    JobQuery,
    given,
)
from tests.connectors.ats.lever_account import page
from tests.connectors.ats.lever_runs import (
    CLOSED,
    FRIEND,
    OPENED,
    PERSON,
    REQUISITIONS,
    Query,
    by_id,
    having,
    opportunity,
)
from tests.replay import Reply


@pytest.mark.parametrize(
    ("chosen", "answer", "there"),
    [
        ({}, {"data": opportunity(OPENED)}, True),
        ({}, Reply({"code": "NotFoundError"}, status=404), False),
        ({}, {"data": opportunity(OPENED, confidentiality="confidential")}, False),
        (
            {"confidential": "include"},
            {"data": opportunity(OPENED, confidentiality="confidential")},
            True,
        ),
        (
            {},
            Reply({"code": "ForbiddenError", "message": "No access to Confidential"}, status=403),
            False,
        ),
    ],
)
async def test_what_the_list_would_not_show_is_gone(
    chosen: dict[str, str], answer: Any, there: bool
) -> None:
    lever, _ = having(chosen=chosen, answers={f"GET /opportunities/{OPENED}": answer})

    found = await lever.get_applications([OPENED], ApplicationQuery())

    assert [one.info.id for one in found] == ([OPENED] if there else [])


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (
            Reply({"code": "ForbiddenError", "message": "no"}, status=403),
            kit.PermissionMissingError,
        ),
        (Reply({"code": "InvalidRequest"}, status=400), kit.RejectedError),
        ({"data": opportunity(OPENED, updatedAt=1e40)}, kit.UnexpectedAnswerError),
    ],
)
async def test_a_record_that_cannot_be_read_is_not_gone(
    answer: Any, error: type[kit.HireloomError]
) -> None:
    lever, _ = having(answers={f"GET /opportunities/{OPENED}": answer})

    with travel(Trip()), pytest.raises(error):
        await lever.get_applications([OPENED], ApplicationQuery())


@pytest.mark.parametrize("chosen", [{}, REQUISITIONS], ids=["postings", "requisitions"])
@pytest.mark.parametrize("query", [ApplicationQuery(), CandidateQuery(), JobQuery()])
async def test_an_id_that_is_none_of_lever_s_is_gone_without_a_call(
    query: Query, chosen: dict[str, str]
) -> None:
    lever, sent = having(chosen=chosen)

    assert await by_id(lever, query, ["", ".", "..", "a/b", "REQ-7", "7"]) == []
    assert sent() == []


async def test_people_are_read_by_id_together() -> None:
    lever, sent = having(opportunity(OPENED, PERSON), opportunity(CLOSED, PERSON, createdAt=0))

    [found] = await lever.get_candidates([PERSON, PERSON], CandidateQuery())
    some = await lever.get_candidates([PERSON, FRIEND], CandidateQuery())

    assert found.info.applications == [OPENED, CLOSED]
    assert some == [found]
    assert [one.params["contact_id"] for one in sent() if "contact_id" in one.params] == [
        PERSON,
        f"{PERSON},{FRIEND}",
        FRIEND,
    ]


def resume(org: str) -> dict[str, Any]:
    return page({"id": org, "file": None, "parsedData": {"schools": [{"org": org}]}})


async def test_a_person_reads_the_same_in_whatever_order_the_candidacies_come() -> None:
    first, second = opportunity(OPENED, PERSON), opportunity(CLOSED, PERSON, createdAt=0)
    resumes = {
        f"GET /opportunities/{OPENED}/resumes": resume("Fjord School"),
        f"GET /opportunities/{CLOSED}/resumes": resume("Harbour Academy"),
    }
    query = CandidateQuery(models=(CandidateModel.EDUCATION,))

    found = []
    for order in ((first, second), (second, first)):
        lever, _ = having(*order, answers=resumes)
        found += await lever.list_candidates(query).all()
        found += await lever.get_candidates([PERSON], query)

    assert [each.institute for each in given(found[0].education) or []] == [
        "Fjord School",
        "Harbour Academy",
    ]
    assert found == [found[0]] * 4


async def test_ids_come_without_any_join() -> None:
    lever, sent = having(opportunity(OPENED, PERSON), opportunity(CLOSED, PERSON))

    assert await lever.list_application_ids().all() == [OPENED, CLOSED]
    assert await lever.list_candidate_ids().all() == [PERSON]
    assert [(one.path, one.params) for one in sent()] == [
        ("/v1/opportunities", {"limit": "100"})
    ] * 2
