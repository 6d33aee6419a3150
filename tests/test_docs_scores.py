"""The page on scores is true: its examples are run as they stand, its tables read from the code."""

import json
import re
from pathlib import Path

import pytest

from hireloom import connectors, kit, ports
from hireloom.bulk import cells
from hireloom.models import ScoreChannel
from hireloom.scores.channels import BEST_FIRST, WAYS
from hireloom.scores.layout_rules import VARIABLES
from tests.test_docs import DONE, FENCE, ROOT, adapted, holds, read, run

PAGE = read("docs/scores.md")
CHECKED = re.compile(r"<!-- checked: ([\w-]+) -->\n(.*?)<!-- end -->", re.DOTALL)


def checked(name: str) -> str:
    return {found[1]: found[2] for found in CHECKED.finditer(PAGE)}[name]


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def set_up() -> str:
    """The README's tutorial, until three accounts are connected."""
    lesson = read("README.md").partition("## Five minutes")[2].partition("**Read in one shape")[0]
    return "\n".join(found["text"] for found in FENCE.finditer(lesson))


def test_every_example_does_what_it_says(tmp_path: Path) -> None:
    parts = [(found["language"], found["text"]) for found in FENCE.finditer(PAGE)]
    commands = [text for language, text in parts if language == "console"]
    script = "\n".join([set_up(), *(f"printf '\\n%s\\n' '{DONE}'\n{one}" for one in commands)])

    with ports.reserved() as server, ports.reserved() as sandbox:
        told = adapted(script, tmp_path, server=server, sandbox=sandbox, receiver=0)
        answers = iter(run(told, tmp_path).split(DONE)[1:])

    answer = ""
    for language, text in parts:
        if language == "console":
            answer = next(answers)
        elif language == "json":
            assert holds(json.loads(answer), json.loads(text)), f"{answer}\nis not\n{text}"
        else:
            assert answer.strip() == text.strip()


def test_every_place_in_the_table_is_one_and_every_place_is_there() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*) \| (.*) \| (.*) \|$", section("Channels"), re.MULTILINE)
    vendors = [connectors.load(name) for name in ("ashby", "greenhouse", "lever")]

    shown = {
        (channel, vendor.name): told != "–"
        for channel, *cells_ in rows
        for vendor, told in zip(vendors, cells_, strict=True)
    }

    assert [channel for channel, *_ in rows] == list(BEST_FIRST)
    assert shown == {
        (channel.value, vendor.name): _able(vendor, channel)
        for channel in ScoreChannel
        for vendor in vendors
    }


def _able(vendor: type[kit.Connector], channel: ScoreChannel) -> bool:
    names = [one for one in vars(WAYS[channel].needs) if not one.startswith("_")]
    return all(hasattr(vendor, one) for one in names)


def test_every_variable_of_a_template_is_named() -> None:
    first_cells = re.findall(r"^\| (`.*?`) \|", checked("template-variables"), re.MULTILINE)

    assert set(re.findall(r"`(\w+)`", " ".join(first_cells))) == set(VARIABLES)


def test_every_column_of_a_table_is_named() -> None:
    assert tuple(re.findall(r"`([^`]+)`", checked("columns"))) == cells.KNOWN


REASONS = re.findall(r"^\| `(.+?)` \|", checked("reasons"), re.MULTILINE)


@pytest.mark.parametrize("reason", REASONS)
def test_what_a_support_person_reads_is_what_the_code_says(reason: str) -> None:
    sources = (ROOT / "src" / "hireloom").rglob("*.py")
    joined = re.compile(r'"\s*\n\s*f?"')  # a text over several lines

    assert any(reason in joined.sub("", path.read_text("utf-8")) for path in sources)
