"""Many scores at once: each has its own receipt or error, at the place at which it was sent."""

from typing import Any

from tests.scores.pushing import (
    BETTER,
    CODING,
    Json,
    candidates,
    page,
    whole_page,
    written,
)
from tests.service import Service


async def push_many(service: Service, integration: str, scores: list[Any]) -> Json:
    answer = await service.post("ats.application.score.createMany", integration, {"scores": scores})
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()["data"]
    return found


async def test_five_hundred_rows_are_answered_in_their_order(service: Service) -> None:
    integration = await service.connect("greenhouse")
    people = (await candidates(service, "greenhouse", integration))[:4]
    good = {
        100 * number + 7: {**CODING, **whom, "externalId": f"r-{number}"}
        for number, whom in enumerate(people)
    }
    wrong = [
        {**CODING, "externalId": "nobody's"},
        {**CODING, "candidateId": "1", "score": {"value": 120, "max": 100}},
        {**CODING, "candidateId": "1", "completedAt": "2999-01-01T00:00:00Z"},
        {"candidateId": "1", "assesment": {"name": "X"}},
        "not a score",
        {**CODING, "candidateId": "1", "reportUrl": "javascript:alert(1)"},
    ]
    scores = [good.get(index, wrong[index % len(wrong)]) for index in range(500)]

    found = await push_many(service, integration, scores)

    results = found["results"]
    assert [one["index"] for one in results] == list(range(500))
    assert (found["written"], found["failed"]) == (4, 496)
    assert [one["index"] for one in results if one["receipt"]] == list(good)
    assert {one["error"]["code"] for one in results if one["error"]} == {"request.invalid"}
    for index, score in good.items():
        assert results[index]["externalId"] == score["externalId"]
        assert results[index]["receipt"]["applicationId"] == score["applicationId"]
        assert whole_page(service, "greenhouse", score).count("89/100") == 1
    assert results[0]["externalId"] == "nobody's"
    assert results[4]["externalId"] is None
    assert [one["path"] for one in results[1]["error"]["fields"]] == ["score.value"]


async def test_the_same_id_twice_in_one_batch_is_one_result_and_the_last_one_stays(
    service: Service,
) -> None:
    integration = await service.connect_for_writes("lever")
    whom, other, *_ = await candidates(service, "lever", integration)
    score = {**CODING, **whom, "externalId": "r-1"}
    worse = {**score, "score": {"value": 55, "max": 100}}
    better = {**BETTER, **whom, "externalId": "r-1"}
    alone = {**CODING, **other, "externalId": "r-2"}

    found = await push_many(service, integration, [score, score, worse, alone, worse, better])

    receipts = [one["receipt"] for one in found["results"]]
    (feedback,) = page(service, "lever", whom["applicationId"])["Feedback"]
    assert [one["change"] for one in receipts] == [
        "CREATED", "UNCHANGED", "UPDATED", "CREATED", "UNCHANGED", "UPDATED",
    ]  # fmt: skip
    assert len({one["remoteId"] for one in receipts}) == 2
    assert "Score: 91/100" in feedback["lines"]


async def test_credentials_that_are_refused_are_one_error(service: Service) -> None:
    integration = await service.connect_for_writes("lever")
    people = (await candidates(service, "lever", integration))[:3]
    scores = [{**CODING, **whom} for whom in people]
    service.faults({"kind": "status", "status": 401, "vendor": "lever"})

    answer = await service.post("ats.application.score.createMany", integration, {"scores": scores})
    service.faults({"kind": "status", "status": 404, "vendor": "lever"})
    missing = await push_many(service, integration, scores)

    assert answer.status_code == 424
    assert answer.json()["error"]["code"] == "integration.credentials_invalid"
    assert (missing["written"], missing["failed"]) == (0, 3)
    assert {one["error"]["code"] for one in missing["results"]} == {"resource.not_found"}
    assert [one for one in written(service, "lever") if one["status"] < 400] == []


async def test_none_and_too_many_are_refused_as_a_whole(service: Service) -> None:
    integration = await service.connect("greenhouse")

    for count in (0, 501):
        answer = await service.post(
            "ats.application.score.createMany", integration, {"scores": [{}] * count}
        )

        assert answer.status_code == 400
        assert "scores" in answer.json()["error"]["msg"]
