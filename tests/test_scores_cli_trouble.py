"""`hireloom scores push` in trouble: rows that fail, what cannot run, what is broken off."""

import asyncio
import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from hireloom.bulk.receipts import SUFFIX
from tests.client.stub import Json, Stub, failure, success
from tests.score_table import Cells, applications, counted, push, receipts, result, results, table
from tests.service import Service
from tests.test_cli import SECONDS, environment, run, started

# What fails.


async def test_a_bad_row_stops_no_other(service: Service, tmp_path: Path) -> None:
    integration = await service.connect_for_writes("greenhouse")
    people = await applications(service, integration, 3)
    bad: list[Cells] = [
        {"score.value": "many"}, {"score.value": "120"}, {"completedAt": "2026-01-15"},
        {"result": "GREAT"}, {"breakdown.Code quality": "87"}, {"applicationId": "999999999"},
    ]  # fmt: skip
    rows = [result(people[0], 0), *(result(people[1], 10 + n) | one for n, one in enumerate(bad))]
    path = table(tmp_path / "scores.csv", [*rows, result(people[2], 2)])

    told = await push(service, path, integration)

    assert told.returncode == 1
    assert counted(told.stdout) == {
        "written APPLICATION_NOTE": 2, "failed: request.invalid": 5,
        "failed: resource.not_found": 1,
    }  # fmt: skip
    for words in (
        "line 3 (attempt-10): request.invalid: score.value: it is no number",
        "line 4 (attempt-11): request.invalid: score.value: 120 is above the maximum of 100",
        "completedAt: must be an instant such as 2026-11-21T10:00:00Z",
        "result: one of: PASS, FAIL, REVIEW, NOT_SPECIFIED",
        "breakdown.Code quality: write the points and their maximum, such as 87/100",
        "line 8 (attempt-15): resource.not_found: ",
    ):
        assert words in told.stdout
    assert len(receipts(path)) == 8


async def test_broken_lines_are_told_by_their_number(service: Service, tmp_path: Path) -> None:
    integration = await service.connect_for_writes("greenhouse")
    [whom] = await applications(service, integration, 1)
    good = {**whom, "assessment": {"name": "Rope"}, "notes": "Well done"}
    path = tmp_path / "scores.jsonl"
    path.write_text(f'{{"cand\n[1]\n{json.dumps({**good, "note": "x"})}\n{json.dumps(good)}\n')

    told = await push(service, path, integration)

    assert told.returncode == 1
    assert counted(told.stdout)["written APPLICATION_NOTE"] == 1
    assert "line 1: request.invalid: it is no valid JSON" in told.stdout
    assert "line 2: request.invalid: it is no JSON object" in told.stdout
    assert "note: is not known here; did you mean 'notes'?" in told.stdout


async def test_a_broken_line_of_a_table_takes_no_other_with_it(
    service: Service, tmp_path: Path
) -> None:
    integration = await service.connect_for_writes("greenhouse")
    [whom] = await applications(service, integration, 1)
    one = whom["applicationId"]
    path = tmp_path / "scores.tsv"
    path.write_text(
        "applicationId\tassessment.name\tnotes\n"
        f'{one}\t"Rope" test\tFine\n'
        f"{one}\tRope\n"
        f"{one}\tRope\tFine\n"
        f'{one}\tKnots\t"Fine\n'
    )

    told = await push(service, path, integration)

    assert told.returncode == 1
    assert counted(told.stdout) == {"written APPLICATION_NOTE": 1, "failed: request.invalid": 3}
    for line in (2, 5):
        assert f"line {line}: request.invalid: a quotation mark is opened here" in told.stdout
    assert "line 3: request.invalid: it has 2 cells, and the header has 3" in told.stdout


async def test_a_row_that_the_vendor_has_no_time_for_says_when_to_come_back(
    service: Service,
) -> None:
    integration = await service.connect_for_writes("greenhouse")
    [whom] = await applications(service, integration, 1)
    service.faults({"kind": "429", "vendor": "greenhouse", "retry_after": 300})
    score = {**whom, "assessment": {"name": "Rope"}, "notes": "Fine"}

    answer = await service.post(
        "ats.application.score.createMany", integration, body={"scores": [score]}
    )

    [entry] = answer.json()["data"]["results"]
    assert entry["error"]["code"] == "upstream.rate_limited"
    assert 0 < entry["error"]["retryAfter"] <= 300


async def test_what_may_pass_is_tried_again_and_what_does_not_is_not(
    service: Service, tmp_path: Path
) -> None:
    with Stub() as stub:
        path = table(tmp_path / "scores.csv", [result({"applicationId": "1"}, n) for n in range(3)])
        stub.answers(
            many(written("1"), error("upstream.unavailable", retryable=True, retryAfter=0.01),
                 error("upstream.rejected")),
            many(error("upstream.unavailable", retryable=True, retryAfter=0.01)),
        )  # fmt: skip
        environ = environment(HIRELOOM_URL=stub.url, HIRELOOM_API_KEY="hl_x")
        words = ("scores", "push", str(path), "--integration", "int_1")

        first = await asyncio.to_thread(run, environ, *words)
        tries = [names_in(one.body) for one in stub.seen]
        stub.seen.clear()
        stub.answers(many(written("2")))
        second = await asyncio.to_thread(run, environ, *words)
        again = [names_in(one.body) for one in stub.seen]
        stub.seen.clear()
        third = await asyncio.to_thread(run, environ, *words, "--retry-failed")

    assert first.returncode == second.returncode == 1
    assert tries == [["attempt-0", "attempt-1", "attempt-2"], *[["attempt-1"]] * 5]
    assert counted(first.stdout) == {
        "written SCORECARD": 1, "failed: upstream.unavailable": 1, "failed: upstream.rejected": 1,
    }  # fmt: skip
    assert again == [["attempt-1"]]
    assert counted(second.stdout) == {
        "written SCORECARD": 1, "done by an earlier run": 1, "failed: upstream.rejected": 1,
    }  # fmt: skip
    assert [names_in(one.body) for one in stub.seen] == [["attempt-2"]]
    assert third.returncode == 0
    assert [one["line"] for one in receipts(path)] == [2, 4, 3, 3, 4]


def many(*entries: Json) -> Any:
    told = [{"index": index, **one} for index, one in enumerate(entries)]
    done = sum("receipt" in one for one in entries)
    return success({"results": told, "written": done, "failed": len(entries) - done})


def written(remote_id: str) -> Json:
    return {"receipt": {"channel": "SCORECARD", "remoteId": remote_id}}


def error(code: str, *, retryable: bool = False, **more: Any) -> Json:
    told = {"msg": "No", "code": code, "category": "vendor", "retryable": retryable, "hint": "Wait"}
    return {"error": {**told, **more}}


def names_in(body: Any) -> list[str]:
    return [score["externalId"] for score in body["scores"]]


async def test_a_server_that_asks_for_patience_is_waited_for(tmp_path: Path) -> None:
    with Stub() as stub:
        stub.answers(
            failure(429, "rate.limited", retry_after="1"),
            failure(503, "hireloom.unavailable", retry_after="1"),
            many(written("1")),
        )
        told = await from_stub(stub, tmp_path)

    assert told.returncode == 0, told.stderr
    assert len(stub.seen) == 3
    assert told.stderr.count("once more in 1 s") == 2


async def from_stub(
    stub: Stub, folder: Path, integration: str = "int_1"
) -> subprocess.CompletedProcess[str]:
    path = table(folder / "scores.csv", [result({"applicationId": "1"}, 1)])
    environ = environment(HIRELOOM_URL=stub.url, HIRELOOM_API_KEY="hl_x")
    words = ("scores", "push", str(path), "--integration", integration)
    return await asyncio.to_thread(run, environ, *words)


async def test_a_chunk_that_is_too_large_goes_in_parts(tmp_path: Path) -> None:
    path = table(tmp_path / "scores.csv", [result({"applicationId": "1"}, n) for n in range(2)])
    with Stub() as stub:
        stub.answers(
            failure(413, "request.too_large"), many(written("1")), failure(413, "request.too_large")
        )
        environ = environment(HIRELOOM_URL=stub.url, HIRELOOM_API_KEY="hl_x")
        told = await asyncio.to_thread(
            run, environ, "scores", "push", str(path), "--integration", "int_1"
        )

    assert told.returncode == 1
    assert counted(told.stdout) == {"written SCORECARD": 1, "failed: request.too_large": 1}


async def test_a_wait_of_hours_is_left_to_the_user(tmp_path: Path) -> None:
    with Stub() as stub:
        stub.answers(failure(429, "rate.limited", retry_after="7200"))
        told = await from_stub(stub, tmp_path)

    assert told.returncode == 2
    assert "it asks for 120 minutes" in told.stderr


# What cannot run.


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("scores.csv", b"candidateId,score.vlaue\n1,2\n", "no column 'score.vlaue'; did you mean"),
        ("scores.csv", b"candidateId,candidateId\n1,2\n", "'candidateId' is there twice"),
        ("scores.csv", b"", "is empty"),
        ("scores.csv", b"candidateId,notes\n1,Gr\xfc\xdfe\n", "is not UTF-8"),
        ("scores.xlsx", b"PK", "neither CSV nor JSON lines"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_before_anything_is_sent(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with Stub() as stub:
        environ = environment(HIRELOOM_URL=stub.url, HIRELOOM_API_KEY="hl_x")
        told = await asyncio.to_thread(
            run, environ, "scores", "push", str(path), "--integration", "int_1"
        )

    assert told.returncode == 2
    assert said in told.stderr
    assert stub.seen == []
    assert [one.name for one in os.scandir(tmp_path)] == [name]


async def test_a_wrong_key_or_account_ends_the_run(service: Service, tmp_path: Path) -> None:
    integration = await service.connect("greenhouse")
    path = table(tmp_path / "scores.csv", [result({"applicationId": "1"}, 1)])

    wrong_key = await push(service, path, integration, "--key", "hl_wrong")
    unknown = await push(service, path, "int_unknown")

    assert wrong_key.returncode == unknown.returncode == 2
    assert "hireloom keys create" in wrong_key.stderr
    assert "integration.list" in unknown.stderr


def test_without_key_or_server_it_cannot_run(tmp_path: Path, free_port: int) -> None:
    path = table(tmp_path / "scores.csv", [result({"applicationId": "1"}, 1)])
    words = ("scores", "push", str(path), "--integration", "int_1")
    url = f"http://127.0.0.1:{free_port}"

    no_key = run(environment(HIRELOOM_URL=url), *words)
    no_server = run(environment(HIRELOOM_URL=url, HIRELOOM_API_KEY="hl_x"), *words)
    no_address, broken_address = (
        run(environment(HIRELOOM_URL=text, HIRELOOM_API_KEY="hl_x"), *words)
        for text in ("localhost:8400", "http://[")
    )

    assert no_key.returncode == no_server.returncode == 2
    assert no_address.returncode == broken_address.returncode == 2
    assert "is no address such as" in no_address.stderr
    assert "HIRELOOM_API_KEY" in no_key.stderr
    assert "hireloom serve" in no_server.stderr


async def test_the_receipts_of_another_account_are_left_alone(tmp_path: Path) -> None:
    with Stub() as stub:
        stub.answers(many(written("1")))
        await from_stub(stub, tmp_path)
        other = await from_stub(stub, tmp_path, "int_2")

    assert other.returncode == 2
    assert "receipts of another account, int_1" in other.stderr
    assert len(stub.seen) == 1


# What is broken off.


async def test_a_run_that_was_cut_off_goes_on_where_it_stopped(
    service: Service, tmp_path: Path
) -> None:
    integration = await service.connect_for_writes("greenhouse")
    [whom] = await applications(service, integration, 1)
    path = table(tmp_path / "scores.csv", [result(whom, n) for n in range(400)])
    beside = path.with_name(path.name + SUFFIX)
    environ = environment(HIRELOOM_URL=service.url, HIRELOOM_API_KEY=service.key)
    words = ("scores", "push", str(path), "--integration", integration)

    async with started(environ, *words) as (program, _):
        await asyncio.to_thread(until_it_has, beside, 25)
        program.send_signal(signal.SIGINT)
        printed, said = await asyncio.wait_for(program.communicate(), SECONDS)
        code = program.returncode
    before = [json.loads(line) for line in beside.read_text().splitlines()[1:]]
    with beside.open("ab") as file:
        file.write(b'{"line":400,"mark"')  # as if the power had failed
    ended = await push(service, path, integration)

    assert code == 130, said.decode()
    assert "Traceback" not in said.decode()
    assert "The same command goes on from here." in said.decode()
    assert counted(printed.decode())["written APPLICATION_NOTE"] == len(before) < 400
    assert ended.returncode == 0, ended.stderr
    counts = counted(ended.stdout)
    assert counts.pop("done by an earlier run") == len(before)
    assert sum(counts.values()) == 400 - len(before)
    assert sorted(one["line"] for one in receipts(path)) == list(range(2, 402))
    assert results(service, "greenhouse", whom["applicationId"], "Rope and Knots") == 400


def until_it_has(path: Path, lines: int) -> None:
    deadline = time.monotonic() + SECONDS
    while not path.exists() or path.read_bytes().count(b"\n") < lines:
        assert time.monotonic() < deadline, "it never had so many lines"
        time.sleep(0.01)


async def test_two_runs_do_not_take_the_same_file(tmp_path: Path) -> None:
    with Stub() as stub:
        stub.answers(failure(429, "rate.limited", retry_after="60"))
        path = table(tmp_path / "scores.csv", [result({"applicationId": "1"}, 1)])
        environ = environment(HIRELOOM_URL=stub.url, HIRELOOM_API_KEY="hl_x")
        words = ("scores", "push", str(path), "--integration", "int_1")
        async with started(environ, *words) as (program, _):
            await asyncio.to_thread(until_it_has, path.with_name(path.name + SUFFIX), 1)
            second = await asyncio.to_thread(run, environ, *words)
            program.send_signal(signal.SIGINT)
            await asyncio.wait_for(program.communicate(), SECONDS)

    assert second.returncode == 2
    assert "Another run is at work" in second.stderr
