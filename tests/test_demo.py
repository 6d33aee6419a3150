"""The demo as a user runs it: a command, its output, its exit code."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from hireloom.demo.calls import UnexpectedError
from hireloom.demo.pages import Entry
from hireloom.demo.play import COURSE
from hireloom.demo.scene import VENDORS as APPS
from hireloom.demo.scene import Account
from hireloom.demo.scores import SCORE, bear_out, check_correction

COMMAND = (sys.executable, "-m", "hireloom", "demo")
VENDORS = ("Greenhouse", "Lever", "Ashby")
SECONDS = 900


def environment(home: Path, **more: str) -> dict[str, str]:
    """A terminal of 100 columns, and a place where what is left behind can be seen."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("HIRELOOM_")}
    return {**kept, "COLUMNS": "100", "TMPDIR": str(home), **more}


@pytest.fixture
def temporary() -> Iterator[Path]:
    """Short, because the database's socket lies inside."""
    with tempfile.TemporaryDirectory(prefix="hl-") as folder:
        yield Path(folder)


def played(temporary: Path, *options: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, "--once", *(options or ("--size", "60"))],
        env=environment(temporary, **more),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def rows(output: str, name: str) -> list[list[str]]:
    """The cells of the table rows of that name; columns stand at least two spaces apart."""
    found = re.findall(rf"^ *{re.escape(name)}  +(.*)$", output, re.MULTILINE)
    return [re.split(r"\s{2,}", one.strip()) for one in found]


def row(output: str, name: str) -> list[str]:
    found = rows(output, name)
    assert found, f"no row {name} in:\n{output}"
    return found[0]


def test_the_demo_shows_three_vendors_in_one_shape_and_cleans_up(temporary: Path) -> None:
    result = played(temporary)

    assert result.returncode == 0, result.stdout + result.stderr
    for number in range(1, len(COURSE) + 2):
        assert f"{number}/{len(COURSE) + 1}  " in result.stdout
    assert result.stdout.count("  ".join(("", "Greenhouse"))) >= len(COURSE)
    assert all(cell.startswith("int_") for cell in row(result.stdout, "integration"))
    assert len(row(result.stdout, "candidate.firstName")) == len(VENDORS)
    assert row(result.stdout, "type") == ["application/pdf"] * 3
    assert row(result.stdout, "begins with") == ["'%PDF-1.4'"] * 3
    assert row(result.stdout, "format")[2] == "HTML"
    assert "operation.not_supported" in result.stdout.replace("\n", "")
    assert "ex_" in result.stdout
    assert row(result.stdout, "registered") == ["MANUAL", "AUTOMATIC", "AUTOMATIC"]
    assert len(set(row(result.stdout, "in the ATS"))) <= len(VENDORS)
    assert row(result.stdout, "signatures") == ["all verified"] * len(VENDORS)
    assert rows(result.stdout, "event") == [
        ["record.modified"] * 3,
        ["record.new"] * 3,
        ["record.modified", "no such field there", "record.modified"],
        ["record.deleted", "record.deleted", "by the next run"],
    ]
    assert row(result.stdout, "changedPaths") == ["$.currentStage"] * len(VENDORS)
    assert row(result.stdout, "told")[0].startswith("record.deleted ")
    check_scores(result.stdout)
    check_orders(result.stdout)
    assert re.search(r"webhooks received +\d+, every signature verified", result.stdout)
    assert re.search(r"of these twice +\d+\n", result.stdout)
    assert re.search(r"webhook +median \d+\.\d+ s, slowest \d+\.\d+ s", result.stdout)
    assert re.search(r"first normalised application +after \d+\.\d s", result.stdout)
    assert re.search(r"after \d+\.\d s, without the installation\n$", result.stdout)
    assert list(temporary.glob("hireloom-demo-*")) == []


def part(output: str, title: str) -> str:
    """What a step printed."""
    found = re.search(
        rf"^\d+/\d+  {re.escape(title)}.*?(?=^\d+/\d+  |^✓)", output, re.MULTILINE | re.DOTALL
    )
    assert found, f"no step {title} in:\n{output}"
    return found[0]


def check_scores(output: str) -> None:
    noted = part(output, "Write a score as a note")
    assert row(noted, "placement") == ["APPLICATION", "APPLICATION", "CANDIDATE"]
    assert noted.count("Overall Score: 89/100") == len(VENDORS)
    assert noted.count("• Code Quality: 92/100") == len(VENDORS)
    given = part(output, "Push the score itself")
    assert row(given, "channel") == ["SCORECARD"] * len(VENDORS)
    assert row(given, "change") == ["CREATED"] * len(VENDORS)
    assert row(given, "fieldsDropped") == ["none"] * len(VENDORS)
    assert (given.count("[Scorecards] "), given.count("[Feedback] ")) == (1, 2)
    assert given.count("Score: 89/100") == len(VENDORS)
    again = part(output, "Correct the score")
    assert row(again, "change") == ["CORRECTED", "UPDATED", "CORRECTED"]
    assert row(again, "channel") == ["APPLICATION_NOTE", "SCORECARD", "CANDIDATE_NOTE"]
    assert row(again, "remoteId")[1] == row(given, "remoteId")[1]
    assert again.count("Correction: Overall Score") == 2
    assert again.count("Score: 91/100") == len(VENDORS)
    fallen = part(output, "Let each ATS answer 403")
    assert fallen.count("SCORECARD REFUSED") == len(VENDORS)
    assert row(fallen, "channel") == ["APPLICATION_NOTE", "APPLICATION_NOTE", "CANDIDATE_NOTE"]


def check_orders(output: str) -> None:
    placed = part(output, "Offer a test inside the ATS")
    assert row(placed, "package.name") == ["Technical Coding Assessment"] * 2
    assert row(placed, "candidate") == ["Ines Duarte"] * 2
    assert row(placed, "signature") == ["verified"] * 2
    brought = part(output, "Bring the result")
    assert row(brought, "channel") == ["NATIVE_ASSESSMENT"] * 2
    assert row(brought, "fieldsWritten")[0] == "none"
    assert row(brought, "fieldsPending")[0].startswith("assessment, completedAt, score")
    assert row(brought, "order") == ["COMPLETED"] * 2
    assert "[Take Home Tests]" in brought
    assert "[Assessments]" in brought
    assert re.search(r"scores pushed +11, each seen in its ATS\n", output)


def test_a_narrow_terminal_gets_the_vendors_one_under_the_other(temporary: Path) -> None:
    result = played(temporary, COLUMNS="60")

    assert result.returncode == 0, result.stdout + result.stderr
    assert "\nGreenhouse\n  integration: int_" in result.stdout
    assert "received" in result.stdout
    assert max(len(line) for line in result.stdout.splitlines()) <= 60


def test_a_step_that_fails_is_named_with_what_the_api_said(temporary: Path) -> None:
    plan = temporary / "faults.toml"
    plan.write_text('[[fault]]\nkind = "status"\nstatus = 400\nvendor = "ashby"\n')
    plan.write_text(plan.read_text() + 'path = "/candidate.create"\n')

    result = played(temporary, HIRELOOM_DEMO_FAULTS=str(plan))

    assert result.returncode == 1, result.stdout + result.stderr
    assert "✗ Step 5. Create a candidate: failed" in result.stdout
    assert "ats.candidate.create (Ashby): " in result.stdout
    assert "hint: " in result.stdout
    assert "executionId: ex_" in result.stdout
    assert "All of it worked" not in result.stdout
    assert list(temporary.glob("hireloom-demo-*")) == []


def test_a_storm_of_429_is_waited_for(temporary: Path) -> None:
    plan = temporary / "faults.toml"
    plan.write_text(
        """[[fault]]
kind = "429"
vendor = "lever"
path = "/v1/opportunities"
method = "GET"
after = 3
times = 6
retry_after = 1
"""
    )

    result = played(temporary, HIRELOOM_DEMO_FAULTS=str(plan))

    assert result.returncode == 0, result.stdout + result.stderr
    assert "All of it worked" in result.stdout


def test_a_sync_that_fails_is_told_with_its_hint(temporary: Path) -> None:
    plan = temporary / "faults.toml"
    plan.write_text(
        """[[fault]]
kind = "status"
status = 403
vendor = "lever"
path = "/v1/opportunities"
method = "GET"
after = 3
"""
    )

    result = played(temporary, HIRELOOM_DEMO_FAULTS=str(plan))

    assert result.returncode == 1, result.stdout + result.stderr
    assert "✗ Step 13. Sync the three accounts" in result.stdout
    assert "sync.start (Lever): " in result.stdout
    assert "code: integration.permission_missing" in result.stdout
    assert "hint: Ask the customer to grant" in result.stdout
    assert "All of it worked" not in result.stdout


def test_a_fault_plan_that_cannot_be_used_stops_the_demo(temporary: Path) -> None:
    result = played(temporary, HIRELOOM_DEMO_FAULTS=str(temporary / "missing.toml"))

    assert result.returncode == 1
    assert "The fault plan cannot be used" in result.stdout
    assert "missing.toml" in result.stdout.replace("\n", "")


def test_a_size_that_is_too_small_is_refused(temporary: Path) -> None:
    result = played(temporary, "--size", "1")

    assert result.returncode == 1
    assert "--size must be" in result.stdout


def test_without_once_it_stays_up_and_says_how_to_go_on_until_interrupted(temporary: Path) -> None:
    output = temporary / "output"
    with output.open("wb") as into:
        demo = subprocess.Popen(
            [*COMMAND, "--size", "60"], env=environment(temporary), stdout=into, stderr=into
        )
    try:
        told = wait_for(demo, output, "The server's log: ")

        exported = dict(re.findall(r"^export (\w+)=(\S+)$", told, re.MULTILINE))
        headers = {
            "Authorization": f"Bearer {exported['HIRELOOM_API_KEY']}",
            "X-Integration-Id": exported[APPS[0].upper()],
        }
        url = f"{exported['HIRELOOM_URL']}/v1.0/ats.application.list"
        answer = httpx.get(
            url, params={"pageSize": 2}, headers=headers, trust_env=False, timeout=SECONDS
        )
        assert len(json.loads(answer.text)["data"]["applications"]) == 2

        shown = re.search(r"^curl -s (\S+/change) -d '(.+)'$", told, re.MULTILINE)
        assert shown, told
        changed = httpx.post(shown[1], content=shown[2], trust_env=False, timeout=SECONDS)
        changed.raise_for_status()
        wait_for(demo, output, "→ Ashby record.modified ")

        demo.send_signal(signal.SIGINT)
        assert demo.wait(SECONDS) == 0
    finally:
        demo.kill()
        demo.wait()
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)
    assert list(temporary.glob("hireloom-demo-*")) == []


def wait_for(demo: subprocess.Popen[bytes], output: Path, line: str) -> str:
    latest = time.monotonic() + SECONDS
    while time.monotonic() < latest and demo.poll() is None:
        told = output.read_text(errors="replace")
        if line in told:
            return told
        time.sleep(0.1)
    raise AssertionError(f"'{line}' was not printed:\n{output.read_text(errors='replace')}")


def receipt(*written: str, **more: Any) -> dict[str, Any]:
    return {"change": "CREATED", "remoteId": "1", "fieldsWritten": list(written), **more}


ACCOUNT = Account("lever", "Lever", "int_1", {}, receipt=receipt())
PLAIN = Entry("Notes", "Note", "", ("Overall Score: 89/100",))
CARD = Entry("Feedback", "Technical Coding Assessment", "", ("Score: 89/100", "Result: Pass"))


def test_a_receipt_that_names_more_than_the_page_shows_fails_the_demo() -> None:
    bear_out(ACCOUNT, receipt("assessment", "score", "result"), [CARD], SCORE)

    with pytest.raises(UnexpectedError, match="says that notes was written"):
        bear_out(ACCOUNT, receipt("score", "notes"), [CARD], SCORE)
    with pytest.raises(UnexpectedError, match="says that score was written"):
        bear_out(ACCOUNT, receipt("score"), [], SCORE)
    with pytest.raises(UnexpectedError, match="names nothing"):
        bear_out(ACCOUNT, receipt(), [CARD], SCORE)


@pytest.mark.parametrize(
    ("change", "remote_id", "stays"),
    [
        ("CREATED", "1", [PLAIN]),
        ("UPDATED", "2", [PLAIN]),
        ("UPDATED", "1", [PLAIN, CARD]),
        ("CORRECTED", "1", [PLAIN, CARD]),
        ("CORRECTED", "2", [PLAIN]),
    ],
)
def test_a_correction_that_the_page_does_not_show_fails_the_demo(
    change: str, remote_id: str, stays: list[Entry]
) -> None:
    check_correction(ACCOUNT, receipt(change="UPDATED"), [PLAIN])
    check_correction(ACCOUNT, receipt(change="CORRECTED", remoteId="2"), [PLAIN, CARD])

    with pytest.raises(UnexpectedError):
        check_correction(ACCOUNT, receipt(change=change, remoteId=remote_id), stays)
