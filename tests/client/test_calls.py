"""What the client sends, and what it makes of answers, against a server told what to say."""

import pickle
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from hireloom import errors
from hireloom.client import (
    AnswerUnreadableError,
    AsyncHireloom,
    Hireloom,
    HireloomApiError,
    ServerUnreachableError,
)
from hireloom.models import ApplicationStatus, CandidateDraft, Email
from tests.client.stub import Reply, Stub, failure, success

DEPARTMENTS = success({"departments": [{"id": "1", "name": "Sales"}]})
MOVED = success({"applicationId": "7", "stageId": "2"})


@pytest.fixture
def hireloom(stub: Stub) -> Iterator[Hireloom]:
    with Hireloom(stub.url, "key_1", integration="int_1") as client:
        yield client


def test_filters_are_repeated_parameters_in_camel_case(stub: Stub, hireloom: Hireloom) -> None:
    stub.answers(success({"applications": []}))

    hireloom.ats.application.list(
        status=[ApplicationStatus.ACTIVE, ApplicationStatus.HIRED],
        job_id="job 1",
        updated_after=datetime(2026, 11, 21, 10, tzinfo=UTC),
        page_size=20,
    ).first_page()

    (seen,) = stub.seen
    assert (seen.method, seen.path) == ("GET", "/v1.0/ats.application.list")
    assert seen.query == {
        "status": ["ACTIVE", "HIRED"],
        "jobId": ["job 1"],
        "updatedAfter": ["2026-11-21T10:00:00Z"],
        "pageSize": ["20"],
    }
    assert seen.headers["Authorization"] == "Bearer key_1"
    assert seen.headers["X-Integration-Id"] == "int_1"


def test_a_body_holds_only_what_was_given(stub: Stub, hireloom: Hireloom) -> None:
    stub.answers(success({"applicationId": "1", "candidateId": "2", "jobId": "3"}))

    hireloom.ats.application.create(
        job_id="3",
        candidate=CandidateDraft(
            first_name="Ada",
            last_name="Example",
            emails=(Email(email="ada@example.com"),),
            custom_fields={"none": None, "rate": Decimal("1.50")},
        ),
        idempotency_key="once",
    )

    (seen,) = stub.seen
    assert seen.body == {
        "jobId": "3",
        "candidate": {
            "firstName": "Ada",
            "lastName": "Example",
            "emails": [{"email": "ada@example.com"}],
            "customFields": {"none": None, "rate": 1.5},
        },
    }
    assert seen.headers["Idempotency-Key"] == "once"


def test_a_list_goes_on_over_all_pages(stub: Stub, hireloom: Hireloom) -> None:
    stub.answers(
        success({"departments": [{"id": "1"}], "nextPageToken": "t1"}),
        success({"departments": [], "nextPageToken": "t2"}),
        success({"departments": [{"id": "2"}]}, meta={"upstreamCalls": 3, "unheardOf": {}}),
    )

    departments = hireloom.ats.department.list()

    assert [one.id for one in departments] == ["1", "2"]
    assert [seen.query.get("pageToken") for seen in stub.seen] == [None, ["t1"], ["t2"]]
    assert hireloom.last_call is not None
    assert hireloom.last_call.meta.upstream_calls == 3


def test_a_list_can_be_taken_up_at_a_page(stub: Stub, hireloom: Hireloom) -> None:
    stub.answers(DEPARTMENTS)

    page = hireloom.ats.department.list(page_token="t9").first_page()

    assert (len(page), page.next_page_token) == (1, None)
    assert stub.seen[0].query == {"pageToken": ["t9"]}


def test_fields_that_the_client_does_not_know_are_ignored(stub: Stub, hireloom: Hireloom) -> None:
    stub.answers(
        success({"application": {"info": {"id": "7", "newer": 1}, "newest": []}, "more": True})
    )

    assert hireloom.ats.application.get(application_id="7").info.id == "7"


def test_a_success_that_cannot_be_read_says_so(stub: Stub, hireloom: Hireloom) -> None:
    stub.answers(Reply(200, b"<html>welcome</html>"))

    with pytest.raises(AnswerUnreadableError, match=r"ats\.application\.get"):
        hireloom.ats.application.get(application_id="7")


def test_a_refusal_is_the_error_of_its_code(stub: Stub, hireloom: Hireloom) -> None:
    stub.answers(
        failure(
            422,
            "upstream.rejected",
            fields=[{"path": "stageId", "msg": "is another job's"}],
            upstream={"status": 400, "requestId": "r1", "body": "no such stage"},
        )
    )

    with pytest.raises(errors.RejectedError) as caught:
        hireloom.ats.application.stage.update(application_id="7", stage_id="2")

    error = caught.value
    assert isinstance(error, HireloomApiError)
    assert (error.status, error.execution_id, error.hint) == (422, "ex_1", "Do so.")
    assert error.fields == (errors.FieldProblem(path="stageId", msg="is another job's"),)
    assert error.upstream == errors.Upstream(status=400, request_id="r1", body="no such stage")
    assert "ex_1" in str(error)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 – pickled one line above
    assert isinstance(again, errors.RejectedError)
    assert str(again) == str(error)


def test_a_code_of_a_newer_server_is_still_an_api_error(stub: Stub, hireloom: Hireloom) -> None:
    stub.answers(failure(418, "tea.pot"))

    with pytest.raises(HireloomApiError) as caught:
        hireloom.integration.verify()

    assert (caught.value.code, caught.value.status) == ("tea.pot", 418)


def test_an_answer_of_a_proxy_is_an_api_error(stub: Stub) -> None:
    stub.answers(Reply(502, b"<html>Bad Gateway</html>", {"X-Execution-Id": "ex_2"}))

    with Hireloom(stub.url) as hireloom, pytest.raises(HireloomApiError) as caught:
        hireloom.connector.list()

    assert (caught.value.code, caught.value.execution_id) == ("http.502", "ex_2")


def test_a_read_waits_as_told_and_asks_again(stub: Stub, hireloom: Hireloom) -> None:
    stub.answers(
        failure(429, "rate.limited", "0"),
        failure(503, "upstream.unavailable", "0"),
        DEPARTMENTS,
    )

    assert len(list(hireloom.ats.department.list())) == 1
    assert len(stub.seen) == 3


def test_retries_come_to_an_end(stub: Stub) -> None:
    stub.answers(failure(503, "upstream.rate_limited", "0"))

    with Hireloom(stub.url, retries=2) as hireloom, pytest.raises(errors.UpstreamRateLimitedError):
        hireloom.ats.department.list().first_page()

    assert len(stub.seen) == 3


def test_a_server_that_asks_for_an_hour_is_not_waited_for(stub: Stub, hireloom: Hireloom) -> None:
    stub.answers(failure(429, "rate.limited", "3600"))

    with pytest.raises(errors.RateLimitedError) as caught:
        hireloom.ats.department.list().first_page()

    assert caught.value.retry_after == 3600
    assert len(stub.seen) == 1


def test_a_write_without_a_key_is_not_made_twice(stub: Stub, hireloom: Hireloom) -> None:
    stub.answers(failure(503, "upstream.unavailable", "0"), MOVED)

    with pytest.raises(errors.UnavailableError):
        hireloom.ats.application.stage.update(application_id="7", stage_id="2")

    assert len(stub.seen) == 1


def test_a_write_with_a_key_is_made_again_with_the_same_key(stub: Stub, hireloom: Hireloom) -> None:
    stub.answers(failure(503, "upstream.unavailable", "0"), MOVED)

    moved = hireloom.ats.application.stage.update(
        application_id="7", stage_id="2", idempotency_key="k1"
    )

    assert moved.stage_id == "2"
    assert [seen.headers["Idempotency-Key"] for seen in stub.seen] == ["k1", "k1"]


def test_a_write_that_our_own_limit_refused_is_made_again(stub: Stub, hireloom: Hireloom) -> None:
    stub.answers(failure(429, "rate.limited", "0"), MOVED)

    hireloom.ats.application.stage.update(application_id="7", stage_id="2")

    assert len(stub.seen) == 2


def test_a_server_that_is_not_there_is_unreachable(free_port: int) -> None:
    url = f"http://127.0.0.1:{free_port}"

    with Hireloom(url, retries=1) as hireloom, pytest.raises(ServerUnreachableError) as caught:
        hireloom.connector.list()

    assert url in str(caught.value)
    assert not caught.value.may_have_arrived


def test_another_account_has_its_own_header(stub: Stub, hireloom: Hireloom) -> None:
    stub.answers(DEPARTMENTS)

    other = hireloom.on("int_2")
    list(other.ats.department.list())
    list(hireloom.ats.department.list())
    other.close()
    list(hireloom.ats.department.list())

    assert [seen.headers["X-Integration-Id"] for seen in stub.seen] == ["int_2", "int_1", "int_1"]


def test_key_and_address_come_from_the_environment(
    stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIRELOOM_URL", f"{stub.url}/")
    monkeypatch.setenv("HIRELOOM_API_KEY", "key_2")
    stub.answers(success({"connectors": []}))

    with Hireloom() as hireloom:
        hireloom.connector.list()

    assert stub.seen[0].path == "/v1.0/connector.list"
    assert stub.seen[0].headers["Authorization"] == "Bearer key_2"


def test_a_file_that_breaks_off_leaves_nothing(
    stub: Stub, hireloom: Hireloom, tmp_path: Path
) -> None:
    stub.answers(Reply(200, b"x" * 100_000, {"Content-Type": "application/pdf"}, cut_off=50_000))

    with pytest.raises(ServerUnreachableError):
        hireloom.ats.attachment.download(attachment_id="1").save(tmp_path / "resume.pdf")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="cv.pdf"', "cv.pdf"),
        (
            "attachment; filename=\"R_sum_.pdf\"; filename*=UTF-8''R%C3%A9sum%C3%A9.pdf",
            "Résumé.pdf",
        ),
        ("attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd", "passwd"),
        ('attachment; filename=".."', None),
        ("attachment", None),
    ],
)
def test_a_file_has_the_last_part_of_its_name(
    stub: Stub, hireloom: Hireloom, disposition: str, name: str | None
) -> None:
    stub.answers(Reply(200, b"%PDF", {"Content-Disposition": disposition}))

    with hireloom.ats.attachment.download(attachment_id="1") as file:
        assert (file.name, file.size, file.read()) == (name, 4, b"%PDF")


def test_a_method_can_be_called_by_its_name(stub: Stub, hireloom: Hireloom) -> None:
    stub.answers(success({"job": {"info": {"id": "1"}, "rawValues": {"x": 1}}}))

    data = hireloom.call("ats.job.get", {"jobId": "1", "raw": True, "fields": ["info.id"]})

    assert data["job"]["rawValues"] == {"x": 1}
    assert stub.seen[0].query == {"jobId": ["1"], "raw": ["true"], "fields": ["info.id"]}


async def test_the_asynchronous_face_does_the_same(stub: Stub) -> None:
    stub.answers(
        failure(503, "upstream.unavailable", "0"),
        success({"departments": [{"id": "1"}], "nextPageToken": "t1"}),
        success({"departments": [{"id": "2"}]}),
        failure(404, "operation.not_supported"),
    )

    async with AsyncHireloom(stub.url, "key_1", integration="int_1") as hireloom:
        listed = [one.id async for one in hireloom.ats.department.list()]
        with pytest.raises(errors.NotSupportedError):
            await hireloom.on("int_2").ats.job.get(job_id="1")

    assert listed == ["1", "2"]
    assert stub.seen[-1].headers["X-Integration-Id"] == "int_2"
