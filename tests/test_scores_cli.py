"""`hireloom scores push` as a user runs it: files, what is printed, the resume file, exit codes."""

import asyncio
import csv
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from hireloom.bulk.receipts import SUFFIX
from tests.client.stub import Json, Stub, failure, success
from tests.service import Service
from tests.test_cli import SECONDS, environment, run, started

HEADER = (
    "candidateId", "applicationId", "externalId", "assessment.name", "assessment.type",
    "completedAt", "score.value", "score.max", "score.percentile", "result", "reportUrl",
    "evaluator", "notes", "breakdown.Code quality", "attributes.Language",
)  # fmt: skip
Cells = dict[str, str]


async def applications(service: Service, integration: str, count: int) -> list[dict[str, str]]:
    answer = await service.get("ats.application.list", integration, status="ACTIVE", pageSize="100")
    found = [
        {"applicationId": one["info"]["id"], "candidateId": one["info"]["candidate"]["id"]}
        for one in answer.json()["data"]["applications"]
    ]
    assert len(found) >= count
    return found[:count]


def result(whom: dict[str, str], number: int, **more: str) -> Cells:
    return {
        **whom,
        "externalId": f"attempt-{number}",
        "assessment.name": "Rope and Knots",
        "completedAt": "2026-01-15T14:30:00Z",
        "score.value": str(60 + number % 40),
        "score.max": "100",
        "result": "PASS",
        **more,
    }


def table(
    path: Path, rows: Sequence[Cells], *, header: Sequence[str] = HEADER, **dialect: Any
) -> Path:
    with path.open("w", encoding=dialect.pop("encoding", "utf-8"), newline="") as file:
        writer = csv.DictWriter(file, header, restval="", **dialect)
        writer.writeheader()
        writer.writerows(rows)
    return path


async def push(
    service: Service, path: Path, integration: str, *words: str
) -> subprocess.CompletedProcess[str]:
    environ = environment(HIRELOOM_URL=service.url, HIRELOOM_API_KEY=service.key)
    words = ("scores", "push", str(path), "--integration", integration, *words)
    return await asyncio.to_thread(run, environ, *words)


def receipts(path: Path) -> list[Json]:
    lines = path.with_name(path.name + SUFFIX).read_text().splitlines()[1:]
    return [json.loads(line) for line in lines]


def counted(printed: str) -> dict[str, int]:
    """The report's rows, `written APPLICATION_NOTE` with its count."""
    found = re.findall(r"│\s*(\d+)\s*│\s*(\S.*?)\s*│\s*(.*?)\s*│", printed)
    return {
        what if what.startswith("failed") else f"{what} {where}": int(n) for n, what, where in found
    }


def results(service: Service, vendor: str, application: str, words: str) -> int:
    """How often something is seen in that vendor's windows."""
    url = f"{service.sandbox.url}/_sandbox/{vendor}/screen"
    screen = httpx.get(url, params={"application": application}).json()
    entries = [entry for tab in screen["tabs"] for entry in tab["entries"]]
    return sum(words in "\n".join(map(str, entry["lines"])) for entry in entries)


# What is written.


async def test_a_table_is_written_and_each_row_has_its_receipt(
    service: Service, tmp_path: Path
) -> None:
    integration = await service.connect_for_writes("greenhouse")
    people = await applications(service, integration, 30)
    rows = [result(whom, n) for n, whom in enumerate(people)]
    rows[0] |= {
        "notes": "Two lines,\nand a comma", "breakdown.Code quality": "87/100",
        "attributes.Language": "Python", "evaluator": "Grace Hopper", "score.percentile": "93.5",
        "reportUrl": "https://testbench.example/reports/7f3a",
    }  # fmt: skip
    path = table(tmp_path / "scores.csv", rows)

    told = await push(service, path, integration)

    assert told.returncode == 0, told.stderr
    assert counted(told.stdout) == {"written APPLICATION_NOTE": 30}
    assert "30 of 30 rows" in told.stderr
    kept = receipts(path)
    assert [one["externalId"] for one in kept] == [f"attempt-{n}" for n in range(30)]
    assert [one["line"] for one in kept][:3] == [2, 4, 5]  # the first has two lines
    assert set(kept[0]["receipt"]["fieldsWritten"]) == {
        "assessment", "completedAt", "score", "breakdown", "result", "reportUrl", "evaluator",
        "notes", "attributes",
    }  # fmt: skip
    first = people[0]["applicationId"]
    assert results(service, "greenhouse", first, "Code quality: 87/100") == 1


@pytest.mark.parametrize("vendor", ["greenhouse", "lever", "ashby"])
async def test_json_lines_go_to_every_vendor(service: Service, tmp_path: Path, vendor: str) -> None:
    integration = await service.connect_for_writes(vendor)
    [whom] = await applications(service, integration, 1)
    score = {
        **whom, "assessment": {"name": "Rope"}, "score": {"value": 7, "max": 9}, "externalId": "a",
    }  # fmt: skip
    path = tmp_path / "scores.jsonl"
    path.write_text(f"{json.dumps(score)}\n\n")

    told = await push(service, path, integration)

    assert told.returncode == 0, told.stderr
    [kept] = receipts(path)
    assert counted(told.stdout) == {f"written {kept['receipt']['channel']}": 1}
    assert results(service, vendor, whom["applicationId"], "7/9") == 1


async def test_a_table_out_of_a_spreadsheet_is_read(service: Service, tmp_path: Path) -> None:
    integration = await service.connect_for_writes("ashby")
    [whom] = await applications(service, integration, 1)
    row = result(whom, 1, **{"score.value": "61,5", "result": "pass"})
    path = table(
        tmp_path / "scores.csv", [row, {}], delimiter=";", encoding="utf-8-sig"
    )  # with a mark at its start, CRLF, and a line of empty cells

    told = await push(service, path, integration)

    assert told.returncode == 0, told.stderr
    assert results(service, "ashby", whom["applicationId"], "61.5/100") == 1


async def test_a_corrected_row_is_sent_again_and_the_others_are_not(
    service: Service, tmp_path: Path
) -> None:
    integration = await service.connect_for_writes("lever")
    people = await applications(service, integration, 2)
    rows = [result(whom, n) for n, whom in enumerate(people)]
    path = table(tmp_path / "scores.csv", rows)
    first = await push(service, path, integration)
    rows[1]["score.value"] = "99"
    table(path, rows)

    again = await push(service, path, integration)

    assert (first.returncode, again.returncode) == (0, 0), again.stderr
    assert counted(again.stdout) == {"updated SCORECARD": 1, "done by an earlier run": 1}
    assert [one["line"] for one in receipts(path)] == [2, 3, 3]


async def test_without_ids_a_repeat_makes_no_second_result(
    service: Service, tmp_path: Path
) -> None:
    integration = await service.connect_for_writes("greenhouse")
    people = await applications(service, integration, 2)
    rows = [result(whom, n, externalId="") for n, whom in enumerate([*people, people[0]])]
    rows[2] = rows[0]
    path = table(tmp_path / "scores.csv", rows)
    first = await push(service, path, integration)
    path.with_name(path.name + SUFFIX).unlink()

    again = await push(service, path, integration)

    assert counted(first.stdout) == {
        "written APPLICATION_NOTE": 2, "unchanged APPLICATION_NOTE": 1,
    }  # fmt: skip
    assert counted(again.stdout) == {"unchanged APPLICATION_NOTE": 3}
    named = [one["externalId"] for one in receipts(path)]
    assert all(re.fullmatch(r"hireloom-[0-9a-f]{32}", one) for one in named)
    assert named[0] == named[2] != named[1]
    assert results(service, "greenhouse", people[0]["applicationId"], "Rope and Knots") == 1


async def test_ids_that_were_made_outlive_a_change_of_the_file(
    service: Service, tmp_path: Path
) -> None:
    integration = await service.connect_for_writes("greenhouse")
    people = await applications(service, integration, 3)
    rows = [result(whom, n, externalId="") for n, whom in enumerate(people)]
    path = table(tmp_path / "scores.csv", rows[1:])
    await push(service, path, integration)
    table(path, rows)  # the new one comes first, so the others moved by a line

    again = await push(service, path, integration)

    assert counted(again.stdout) == {
        "written APPLICATION_NOTE": 1, "unchanged APPLICATION_NOTE": 2,
    }  # fmt: skip


async def test_a_correction_that_is_taken_back_is_sent_as_well(
    service: Service, tmp_path: Path
) -> None:
    integration = await service.connect_for_writes("lever")
    [whom] = await applications(service, integration, 1)
    path = tmp_path / "scores.csv"

    told = [
        await push(service, table(path, [result(whom, 1, **{"score.value": n})]), integration)
        for n in ("50", "60", "50")
    ]

    assert [counted(one.stdout) for one in told] == [
        {"written SCORECARD": 1}, {"updated SCORECARD": 1}, {"updated SCORECARD": 1},
    ]  # fmt: skip
    assert results(service, "lever", whom["applicationId"], "50/100") == 1


async def test_the_later_of_two_rows_with_one_id_wins(service: Service, tmp_path: Path) -> None:
    integration = await service.connect_for_writes("lever")
    [whom] = await applications(service, integration, 1)
    rows = [result(whom, 1, **{"score.value": str(value)}) for value in (10, 20, 30)]
    path = table(tmp_path / "scores.csv", rows)

    told = await push(service, path, integration)

    assert counted(told.stdout) == {"written SCORECARD": 1, "updated SCORECARD": 2}
    assert results(service, "lever", whom["applicationId"], "30/100") == 1


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


# Dry runs.


async def test_a_dry_run_shows_where_scores_would_go_and_sends_nothing(
    service: Service, tmp_path: Path
) -> None:
    integration = await service.connect_for_writes("greenhouse")
    people = await applications(service, integration, 5)
    rows = [result(whom, n, evaluator="Grace Hopper") for n, whom in enumerate(people)]
    rows[4]["score.max"] = "10"
    path = table(tmp_path / "scores.csv", rows)

    told = await push(service, path, integration, "--dry-run")

    assert told.returncode == 1
    assert told.stdout.count("APPLICATION_NOTE") == 3
    assert "4 rows can be sent. Nothing was sent." in told.stdout
    assert "line 6 (attempt-4): request.invalid: score.value" in told.stdout
    assert "Grace" not in told.stdout + told.stderr
    assert {one.name for one in os.scandir(tmp_path)} == {path.name, "home"}
    assert results(service, "greenhouse", people[0]["applicationId"], "Rope and Knots") == 0


# A terminal.


def test_on_a_terminal_a_bar_shows_how_far_it_is() -> None:
    from io import StringIO

    from rich.console import Console

    from hireloom.bulk.report import shown

    seen = StringIO()
    with shown(Console(file=seen, force_terminal=True, width=80), 50) as progress:
        progress.done(20)
        progress.done(30)
        progress.say("[b]Waiting[/b]")

    assert "50/50" in seen.getvalue()
