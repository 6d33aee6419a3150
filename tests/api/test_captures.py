"""Capturing details over the API: what is kept of calls, for whom, and how it ends."""

from collections import defaultdict
from typing import Any

import pytest

from hireloom import capturing
from hireloom.store import audit
from tests.service import Service
from tests.test_nothing_kept import places_of, tables

PLANTED = "She would like to move to Kiel in spring"
FILE = "R2hhc3RseSBHcmFjZQ=="


async def captured(service: Service, integration: str, **asked: Any) -> list[dict[str, Any]]:
    """What was captured so far, the oldest first."""
    await service.desk.accounts.recorder.flush()
    answer = await service.get("integration.capture.list", integration, **asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]["calls"]
    return found[::-1]


async def start(service: Service, integration: str, **asked: Any) -> dict[str, Any]:
    answer = await service.post("integration.capture.start", integration, body=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["data"]["capture"]
    return found


async def set_back(service: Service, integration: str, change: str) -> None:
    async with service.desk.pool.acquire() as conn:
        await conn.execute(f"update captures set {change}")  # noqa: S608 – of this test
    service.desk.accounts.forget(integration)


async def count(service: Service) -> int:
    async with service.desk.pool.acquire() as conn:
        found: int = await conn.fetchval("select count(*) from captured")
    return found


@pytest.mark.parametrize("vendor", ["ashby", "greenhouse", "lever"])
async def test_a_call_and_what_it_led_to_are_captured_together(
    service: Service, vendor: str
) -> None:
    integration = await service.connect(vendor)
    capture = await start(service, integration)

    answer = await service.get("ats.job.list", integration, pageSize=2)

    found = await captured(service, integration)
    assert capture["on"]
    assert {one["executionId"] for one in found} == {answer.headers["X-Execution-Id"]}
    assert [one["direction"] for one in found if one["operation"] == "ats.job.list"] == ["in"]
    outs = [one for one in found if one["direction"] == "out"]
    assert outs
    assert all(one["status"] in {200, 404} and one["answerBody"] for one in outs)
    [own] = [one for one in found if one["direction"] == "in"]
    assert own["address"].endswith("/v1.0/ats.job.list?pageSize=2")
    assert '"id": ' in own["answerBody"]


async def test_without_a_capture_nothing_is_kept(service: Service) -> None:
    integration = await service.connect("ashby")
    other = await service.connect("lever")
    await start(service, other)

    await service.get("ats.job.list", integration)

    assert await captured(service, integration) == []
    assert await count(service) == 0


@pytest.mark.parametrize("vendor", ["ashby", "greenhouse", "lever"])
async def test_no_person_and_no_secret_is_kept(service: Service, vendor: str) -> None:
    integration = await service.connect_for_writes(vendor)
    await start(service, integration)
    people = (await service.get("ats.candidate.list", integration)).json()["data"]["candidates"]
    info = next(one["info"] for one in people if one["info"].get("applications"))
    some, of = info["id"], info["applications"][0]
    note = {"applicationId": of, "candidateId": some, "content": PLANTED, "title": "Planted Title"}
    file = {"applicationId": of, "name": "Planted Person.pdf", "data": FILE}
    path = {
        "method": "POST",
        "path": "/planted.person",
        "params": {"email": "planted@sea.example"},
        "headers": {"X-Odd": "planted-header-1"},
        "body": {"note": PLANTED, "planted@sea.example": ["Planted Person"]},
    }
    written = await service.post("ats.candidate.note.create", integration, body=note)
    attached = await service.post("ats.application.attachment.add", integration, body=file)
    passed = await service.post("passthrough", integration, body=path)
    await service.post("ats.candidate.note.create", integration, body=note | {"x": PLANTED})
    await service.get("ats.candidate.get", integration, candidateId=PLANTED)

    found = await captured(service, integration, pageSize=100)

    async with service.desk.pool.acquire() as conn:
        rows = await tables(conn)
    planted = words_of(people) | {
        PLANTED,
        "Planted Person",
        "Planted Title",
        "planted.person",
        "planted@sea.example",
        "planted-header-1",
        FILE,
    }
    secrets = {*service.sandbox.vendor(vendor).credentials.values(), service.key}
    assert [one.status_code for one in (written, attached, passed)] == [200, 200, 200]
    assert len(found) > 8
    assert len(planted) > 30
    places = [(name, text.encode()) for name, text in rows.items()]
    told = [("told", repr(found).encode())]
    assert places_of(planted, places + told) == set()
    assert places_of(secrets, told) == set()
    assert places_of({some}, told) != set()


def words_of(people: list[dict[str, Any]]) -> set[str]:
    """Names, addresses and numbers of candidates."""
    found = set()
    for one in people:
        info = one["info"]
        found.add(f"{info['firstName']} {info['lastName']}")
        found.add(info["lastName"] or "")
        found |= {email["email"] for email in info.get("emails") or []}
        found |= {phone["phoneNumber"] for phone in info.get("phones") or []}
    return {word for word in found if len(word) > 6}


async def test_a_refusal_says_why_and_quotes_nobody(service: Service) -> None:
    integration = await service.connect("greenhouse")
    await start(service, integration)

    answer = await service.get("ats.job.list", integration, pageToken="Grace Hopper")

    [own] = await captured(service, integration)
    assert (own["status"], own["code"]) == (400, "request.invalid")
    assert answer.json()["error"]["msg"] in own["answerBody"]
    assert "Grace" not in repr(own)


async def test_a_call_without_an_answer_is_captured_too(service: Service) -> None:
    integration = await service.connect("ashby")
    await start(service, integration)
    service.faults({"vendor": "ashby", "kind": "status", "status": 503, "times": 9})

    await service.get("ats.job.list", integration)

    found = await captured(service, integration)
    service.faults()
    assert 503 in {one["status"] for one in found if one["direction"] == "out"}
    assert found[-1]["code"] == "upstream.unavailable"


async def test_it_ends_by_itself(service: Service) -> None:
    integration = await service.connect("ashby")
    await start(service, integration, minutes=1)
    await service.get("ats.job.list", integration, pageSize=1)
    before = len(await captured(service, integration))

    await set_back(service, integration, "ends_at = now() - interval '1 minute'")
    await service.get("ats.job.list", integration, pageSize=1)

    assert before > 0
    assert len(await captured(service, integration)) == before


async def test_it_is_erased_by_itself(service: Service) -> None:
    integration = await service.connect("ashby")
    await start(service, integration)
    await service.get("ats.job.list", integration, pageSize=1)
    before = len(await captured(service, integration))

    await set_back(service, integration, "ends_at = now(), erased_at = now()")

    assert before > 0
    assert await captured(service, integration) == []
    await capturing.tidy(service.desk.pool)
    assert await count(service) == 0


async def test_stopping_keeps_and_erasing_does_not(service: Service) -> None:
    integration = await service.connect("ashby")
    await start(service, integration)
    await service.get("ats.job.list", integration, pageSize=1)
    before = await captured(service, integration)

    stopped = await service.post("integration.capture.stop", integration)
    await service.get("ats.job.list", integration, pageSize=1)
    after = await captured(service, integration)
    erased = await service.post("integration.capture.stop", integration, body={"erase": True})

    assert stopped.json()["data"]["capture"]["on"] is False
    assert after == before
    assert erased.json()["data"]["capture"] is None
    assert await captured(service, integration) == []
    assert await count(service) == 0


async def test_what_waits_when_it_is_erased_is_not_written_afterwards(service: Service) -> None:
    integration = await service.connect("ashby")
    await start(service, integration)
    await service.get("ats.job.list", integration, pageSize=1)

    await service.post("integration.capture.stop", integration, body={"erase": True})

    assert await captured(service, integration) == []


async def test_captured_calls_are_listed_page_by_page_and_by_execution(service: Service) -> None:
    integration = await service.connect("ashby")
    await start(service, integration)
    for _ in range(3):
        answer = await service.get("ats.job.list", integration, pageSize=1)
    execution = answer.headers["X-Execution-Id"]
    everything = await captured(service, integration)

    seen: list[str] = []
    token = None
    while True:
        asked: dict[str, Any] = {"pageSize": 2} | ({"pageToken": token} if token else {})
        data = (await service.get("integration.capture.list", integration, **asked)).json()["data"]
        seen += [one["id"] for one in data["calls"]]
        token = data.get("nextPageToken")
        if token is None:
            break

    assert seen == [one["id"] for one in reversed(everything)]
    of_one = await captured(service, integration, executionId=execution)
    assert of_one == [one for one in everything if one["executionId"] == execution]
    assert 0 < len(of_one) < len(everything)


async def test_who_may_read_may_not_start_or_stop(service: Service) -> None:
    integration = await service.connect("ashby")
    reader = await service.make_key("read", "write")

    codes = [
        (await service.post("integration.capture.start", integration, key=reader)).status_code,
        (await service.post("integration.capture.stop", integration, key=reader)).status_code,
        (await service.get("integration.capture.list", integration, key=reader)).status_code,
    ]

    assert codes == [403, 403, 200]


@pytest.mark.parametrize("minutes", [0, 61])
async def test_it_lasts_an_hour_at_most(service: Service, minutes: int) -> None:
    integration = await service.connect("ashby")

    answer = await service.post("integration.capture.start", integration, body={"minutes": minutes})

    assert answer.status_code == 400
    assert "minutes" in answer.json()["error"]["msg"]


async def test_each_start_stop_and_reading_is_audited(service: Service) -> None:
    integration = await service.connect("ashby")
    await start(service, integration, minutes=5)
    await service.get("ats.job.list", integration, pageSize=1)
    await captured(service, integration)
    await service.post("integration.capture.stop", integration, body={"erase": True})

    async with service.desk.pool.acquire() as conn:
        entries = await audit.page(conn, integration_id=integration)

    by_action = defaultdict(list)
    for entry in entries:
        by_action[entry.action].append(entry.detail)
    assert by_action["integration.capture.start"][0]["minutes"] == 5
    assert by_action["integration.capture.read"][0]["calls"] > 1
    assert by_action["integration.capture.stop"] == [{"erase": True}]


async def test_reading_what_is_captured_is_not_captured(service: Service) -> None:
    integration = await service.connect("ashby")
    await start(service, integration)

    for _ in range(3):
        await service.get("integration.capture.list", integration)

    assert await captured(service, integration) == []


async def test_a_file_that_passes_is_captured_without_its_bytes(service: Service) -> None:
    integration = await service.connect_for_writes("greenhouse")
    listed = (await service.get("ats.application.list", integration)).json()["data"]
    of = listed["applications"][0]["info"]["id"]
    await start(service, integration)

    added = await service.http.post(
        "/v1.0/ats.application.attachment.add",
        headers=service.headers(integration),
        data={"applicationId": of, "fileType": "RESUME"},
        files={"file": ("planted person.pdf", b"planted bytes", "application/pdf")},
    )
    attachment = added.json()["data"]["attachment"]
    downloaded = await service.get(
        "ats.attachment.download",
        integration,
        applicationId=of,
        candidateId=attachment.get("candidateId") or "",
        attachmentId=attachment["id"],
    )

    found = await captured(service, integration)
    [sent] = [one for one in found if one["operation"] == "ats.application.attachment.add"]
    [read] = [one for one in found if one["operation"] == "ats.attachment.download"]
    assert downloaded.content == b"planted bytes"
    assert "data: unknown type, 13 bytes" in sent["requestBody"]
    assert read["answerBody"].startswith("‹not read whole: a file")
    assert "planted" not in repr(found)
