"""`hireloom scores push` as a user runs it: files, what is printed, the resume file, exit codes."""

import json
import os
import re
from pathlib import Path

import pytest

from hireloom.bulk.receipts import SUFFIX
from tests.score_table import applications, counted, push, receipts, result, results, table
from tests.service import Service

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
