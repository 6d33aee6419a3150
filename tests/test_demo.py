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

import httpx
import pytest

from hireloom.demo.play import COURSE
from hireloom.demo.scene import VENDORS as APPS

COMMAND = (sys.executable, "-m", "hireloom", "demo")
VENDORS = ("Greenhouse", "Lever", "Ashby")
SECONDS = 120


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
    assert re.search(r"webhooks received +\d+, every signature verified", result.stdout)
    assert re.search(r"of these twice +\d+\n", result.stdout)
    assert re.search(r"webhook +median \d+\.\d+ s, slowest \d+\.\d+ s", result.stdout)
    assert re.search(r"first normalised application +after \d+\.\d s", result.stdout)
    assert re.search(r"after \d+\.\d s, without the installation\n$", result.stdout)
    assert list(temporary.glob("hireloom-demo-*")) == []


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
        answer = httpx.get(url, params={"pageSize": 2}, headers=headers, trust_env=False)
        assert len(json.loads(answer.text)["data"]["applications"]) == 2

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
