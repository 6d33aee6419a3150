"""The papers are true: what is generated is up to date, what is written by hand names what exists.

The README's tutorial is run as it stands, and the example of CONTRIBUTING is installed and used.
"""

import asyncio
import importlib
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import msgspec
import pytest

from hireloom import connectors, models, ports
from hireloom.api.connectors import details
from hireloom.api.incoming import with_dry_run
from hireloom.api.operation import Operation, operations
from hireloom.api.reading import split_extras
from hireloom.deliver.sign import Signer
from hireloom.errors import every_error
from hireloom.models import Support
from hireloom.sandbox.faults import KINDS, FaultPlan
from hireloom.store.webhooks import new_secret
from hireloom.sync import virtual
from hireloom.sync.kinds import KINDS as DATA_TYPES
from hireloom.sync.kinds import kind_of
from tests import replay

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAPERS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    *sorted(DOCS.rglob("*.md")),
]
FENCE = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)")
VARIABLE = re.compile(r"\bHIRELOOM_[A-Z_]+\b")


@pytest.fixture(scope="module")
def generator() -> Iterator[Any]:
    sys.path.insert(0, str(ROOT / "scripts"))
    yield importlib.import_module("generate_docs")
    sys.path.remove(str(ROOT / "scripts"))


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return [found["text"] for found in FENCE.finditer(text) if found["language"] == language]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


every_paper = pytest.mark.parametrize("path", PAPERS, ids=named)


# What is generated.


def test_the_generated_pages_are_up_to_date(generator: Any) -> None:
    differing = [
        named(path) for path, text in generator.pages().items() if not generator.same(path, text)
    ]

    assert not differing, "run scripts/generate"
    assert generator.stale() == []


def test_the_same_code_gives_the_same_pages(generator: Any) -> None:
    assert generator.pages() == generator.pages()


# What has its entry.


def test_every_operation_has_its_entry() -> None:
    headings = HEADING.findall(read("docs/operations.md"))

    assert set(operations()) <= set(headings)


def test_every_setting_has_its_explanation(generator: Any) -> None:
    headings = set(HEADING.findall(read("docs/settings.md")))
    used = {
        variable
        for path in (ROOT / "src").rglob("*.py")
        for variable in VARIABLE.findall(path.read_text(encoding="utf-8"))
    }

    assert set(generator.variables()) <= headings
    assert used <= headings


def test_every_error_code_has_its_line() -> None:
    text = read("docs/errors.md")

    assert all(f"`{kind.code}`" in text for kind in every_error())


def test_every_command_has_its_entry(generator: Any) -> None:
    headings = HEADING.findall(read("docs/commands.md"))

    assert {f"hireloom {name}" for name in generator.commands()} <= set(headings)


def test_every_connector_has_its_page_and_is_in_the_index() -> None:
    index = read("docs/index.md")

    for name in connectors.names():
        assert (DOCS / "connectors" / f"{name}.md").exists()
        assert f"connectors/{name}.md" in index


def test_every_page_is_in_the_index() -> None:
    targets = set(LINK.findall(read("docs/index.md")))

    assert {path.name for path in DOCS.glob("*.md")} - {"index.md"} <= targets


def test_every_filter_of_a_list_is_named() -> None:
    text = read("docs/reading.md")

    for name in ("ats.application.list", "ats.candidate.list", "ats.job.list"):
        (line,) = [line for line in text.splitlines() if line.startswith(f"| `{name}` |")]
        wanted = set(operations()[name].request.__struct_encode_fields__) - {"models"}
        assert set(re.findall(r"`(\w+)`", line.partition("` |")[2])) == wanted


def test_every_dependency_has_its_line_and_every_line_its_dependency() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    lines = re.findall(
        r"^\| `([\w-]+)` \| .+ \| .+ \|$", read("docs/dependencies.md"), re.MULTILINE
    )

    assert sorted(lines) == sorted(re.split(r"[\[<>=~! ]", one)[0] for one in wanted)


# What is linked and shown.


def anchors(text: str, slug: Callable[[str], str]) -> set[str]:
    return {slug(heading.replace("`", "")) for heading in HEADING.findall(text)} | set(
        re.findall(r'<a id="([^"]+)">', text)
    )


@every_paper
def test_links_lead_somewhere(path: Path, generator: Any) -> None:
    text = FENCE.sub("", path.read_text(encoding="utf-8"))

    for target in LINK.findall(text):
        if target.startswith(("https://", "http://")):
            continue
        file, _, anchor = target.partition("#")
        there = path if not file else (path.parent / file).resolve()
        assert there.exists(), f"{named(path)} links to {target}"
        if anchor:
            found = anchors(there.read_text(encoding="utf-8"), generator.slug)
            assert anchor in found, f"{named(path)} links to {target}"


@every_paper
def test_examples_can_be_parsed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    for block in blocks(text, "json"):
        json.loads(block)
    for block in blocks(text, "toml"):
        tomllib.loads(block)
    for block in blocks(text, "python"):
        compile(block, named(path), "exec")


@every_paper
def test_commands_name_what_exists(path: Path, generator: Any) -> None:
    known = generator.commands()

    for words in commands_in(path):
        program, rest = words[0], words[1:]
        if program.startswith("scripts/"):
            assert os.access(ROOT / program, os.X_OK), program
        elif program.endswith("hireloom"):
            name = " ".join(rest[:2]) if " ".join(rest[:2]) in known else rest[0]
            assert name in known, " ".join(words)
            allowed = {
                option
                for row in generator.options(known[name])
                for option in row[0].strip("`").split(", ")
            }
            given = {word.partition("=")[0] for word in rest if word.startswith("--")}
            assert given <= allowed, " ".join(words)


def commands_in(path: Path) -> Iterator[list[str]]:
    text = path.read_text(encoding="utf-8")
    for block in blocks(text, "console"):
        for line in block.replace("\\\n", " ").splitlines():
            for found in re.finditer(
                r"(?<![\w/])((?:\.venv/bin/)?hireloom|scripts/\w+)\b[^>|&)]*", line
            ):
                yield shlex.split(found[0])
    for found in re.finditer(r"`((?:hireloom|scripts/\w+)(?: [^`]*)?)`", FENCE.sub("", text)):
        words = shlex.split(found[1])
        if words != ["hireloom"] and not words[0].endswith((".py", ".txt")):
            yield words


CALL = re.compile(r'(?:\$URL/v1\.0/|\bapi )(?P<name>[a-zA-Z.]+)"?(?P<rest>.*)')


@every_paper
def test_calls_fit_their_operations(path: Path) -> None:
    for block in blocks(path.read_text(encoding="utf-8"), "console"):
        for line in block.replace("\\\n", " ").splitlines():
            found = CALL.search(line)
            if found is None or found["rest"].startswith("()"):
                continue
            one = operations()[found["name"]]
            check_call(one, found["rest"])


def check_call(one: Operation, rest: str) -> None:
    sent = re.findall(r"-d ('[^']*'|\S+)", rest)
    if one.method == "POST":
        for body in sent:
            if body.startswith("'"):
                shape = with_dry_run(one.request) if one.rehearses else one.request
                msgspec.json.decode(body.strip("'"), type=shape)
        return
    pairs = [pair for text in sent for pair in parse_qsl(text.strip("'"))]
    _, own = split_extras(pairs, paged=bool(one.lists))
    names = set(one.request.__struct_encode_fields__)
    assert {name for name, _ in own} <= names, rest


def test_the_fault_plan_is_one_and_every_kind_is_named() -> None:
    text = read("docs/sandbox.md")
    (plan,) = blocks(text, "toml")

    read_plan = FaultPlan.from_toml(plan)
    read_plan.check_vendors(list(connectors.names()))

    assert [fault.kind for fault in read_plan.fault] == ["429", "status", "timeout"]
    assert all(f"`{kind}`" in text for kind in KINDS)


def test_the_receiver_of_the_tutorial_is_that_of_the_page_on_webhooks() -> None:
    (example,) = blocks(read("docs/webhooks.md"), "python")

    assert example in read("README.md")


def test_the_example_of_a_filter_is_one() -> None:
    (example,) = blocks(read("docs/syncs.md"), "json")

    request = msgspec.json.decode(example, type=models.FilterUpdate)

    assert virtual.parse(request.tree, kind_of(request.data_type).model).sections == {"info"}


def test_every_model_that_a_sync_can_read_is_known() -> None:
    known = {word.value for kind in DATA_TYPES.values() for word in kind.models}
    named = set(re.findall(r"`((?:application|candidate|job)_\w+)`", read("docs/syncs.md")))

    assert named <= known


# The tutorial, as it stands.

DONE = "--- block done ---"


def test_the_tutorial_of_the_readme_works(tmp_path: Path) -> None:
    lesson = read("README.md").partition("## Five minutes")[2].partition("\n## ")[0]
    parts = [(found["language"], found["text"]) for found in FENCE.finditer(lesson)]
    script = "\n".join(
        f"{as_command(language, text)}\nprintf '\\n%s\\n' '{DONE}'"
        for language, text in parts
        if language != "json"
    )

    with ports.reserved() as server, ports.reserved() as sandbox, ports.reserved() as receiver:
        told = adapted(script, tmp_path, server=server, sandbox=sandbox, receiver=receiver)
        answers = iter(run(told, tmp_path).split(DONE))

    answer = ""
    for language, text in parts:
        if language != "json":
            answer = next(answers)
        else:
            assert holds(json.loads(answer), json.loads(text)), f"{answer}\nis not\n{text}"
        if language == "python":
            assert answer.strip(), "the client found nothing"
        if "grep -m 3 record.new" in text:
            assert len(re.findall(r"^ev_\w+ record.new \S+$", answer, re.MULTILINE)) == 3


def as_command(language: str, text: str) -> str:
    return text if language == "console" else f".venv/bin/python - <<'PYTHON'\n{text}PYTHON"


def adapted(script: str, folder: Path, *, server: int, sandbox: int, receiver: int) -> str:
    """The same with free ports, a folder of its own and the programs of this environment."""
    programs = Path(sys.executable).parent
    return (
        script.replace("/tmp/hireloom-tutorial", str(folder / "home"))  # noqa: S108 – the README's
        .replace("/tmp/", f"{folder}/")  # noqa: S108 – the README's
        .replace("PORT=9200", f"PORT={receiver}")
        .replace(".venv/bin/hireloom sandbox", f".venv/bin/hireloom sandbox --port {sandbox}")
        .replace(".venv/bin/hireloom serve", f".venv/bin/hireloom serve --port {server}")
        .replace(".venv/bin/", f"{programs}/")
        .replace("127.0.0.1:8400", f"127.0.0.1:{server}")
    )


def run(script: str, folder: Path) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HIRELOOM_")}
    guarded = f"trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT\n{script}"
    ended = subprocess.run(
        ["bash", "-c", guarded],
        check=False,
        cwd=folder,
        env=clean,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def holds(told: Any, shown: Any) -> bool:
    """Whether an abbreviated example is part of an answer; a text that ends in … is its start."""
    if isinstance(shown, dict):
        return isinstance(told, dict) and all(
            name in told and holds(told[name], value) for name, value in shown.items()
        )
    if isinstance(shown, list):
        return len(told) == len(shown) and all(map(holds, told, shown))
    if isinstance(shown, str) and shown.endswith("…"):
        return isinstance(told, str) and told.startswith(shown.removesuffix("…"))
    return bool(told == shown)


# The receiver of webhooks, as it stands.


def test_the_example_receiver_takes_what_is_genuine_and_nothing_else(
    tmp_path: Path, free_port: int
) -> None:
    (example,) = blocks(read("docs/webhooks.md"), "python")
    assert sum(bool(line) for line in example.splitlines()) <= 17
    port, secret = free_port, new_secret()
    body = (
        b'{"eventId":"evt_1","eventType":"record.new","eventData":{},"recordId":"rec_1",'
        b'"triggeredAt":"2026-11-21T10:00:00Z"}'
    )
    signed = Signer([secret], knit=False).headers(
        "evt_1", body, integration_id="int_1", execution_id="ex_1"
    )
    forged = Signer([new_secret()], knit=False).headers(
        "evt_1", body, integration_id="int_1", execution_id="ex_1"
    )
    environ = os.environ | {"WEBHOOK_SECRET": secret, "PORT": str(port)}

    with subprocess.Popen(
        [sys.executable, "-c", example],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=tmp_path,
    ) as receiver:
        try:
            until_listening(port)
            statuses = [
                httpx.post(
                    f"http://127.0.0.1:{port}", content=body, headers=headers, timeout=60
                ).status_code
                for headers in (forged, signed, {})
            ]
        finally:
            receiver.terminate()
        assert receiver.stdout is not None
        printed = receiver.stdout.read()

    assert statuses == [400, 204, 400]
    assert printed == b"evt_1 record.new rec_1\n"


def until_listening(port: int) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError


# The worked example, installed.


@pytest.fixture
def quayside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The example as a package of somebody else's, and its blocks by language."""
    text = read("CONTRIBUTING.md")
    code, test = blocks(text, "python")
    (page,), (entry,) = blocks(text, "json"), blocks(text, "toml")
    package, about = tmp_path / "acme_hireloom", tmp_path / "acme_hireloom-1.dist-info"
    package.mkdir()
    about.mkdir()
    (package / "__init__.py").touch()
    (package / "quayside.py").write_text(code)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-hireloom\nVersion: 1\n")
    points = tomllib.loads(entry)["project"]["entry-points"]
    (about / "entry_points.txt").write_text(
        "".join(
            f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in found.items())
            for group, found in points.items()
        )
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    connectors.load.cache_clear()
    yield {"test": test, "page": page}
    connectors.load.cache_clear()
    for name in [name for name in sys.modules if name.startswith("acme_hireloom")]:
        del sys.modules[name]


# What comes along with a place for notes.
BY_NOTE = {
    "assessment.result.push",
    "ats.application.score.create",
    "ats.application.score.createMany",
    "ats.application.score.preview",
}


def test_the_example_shows_up_with_what_it_can_do(quayside: dict[str, str]) -> None:
    assert "quayside" in connectors.names()

    able = details(connectors.load("quayside")).operations

    supported = {name for name, one in able.items() if one is Support.SUPPORTED}
    assert supported == {"ats.application.list", "ats.candidate.note.create", *BY_NOTE}


async def test_the_example_s_own_test_passes(
    quayside: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixtures = tmp_path / "fixtures"
    (fixtures / "quayside").mkdir(parents=True)
    (fixtures / "quayside" / "applications.list.json").write_text(quayside["page"])
    monkeypatch.setattr(replay, "FIXTURES", fixtures)
    here = quayside["test"].replace("hireloom.connectors.ats.quayside", "acme_hireloom.quayside")
    space: dict[str, Any] = {}

    exec(compile(here, "CONTRIBUTING.md", "exec"), space)  # noqa: S102 – our own paper
    tests: list[Callable[[], Awaitable[None]]] = [
        value for name, value in space.items() if name.startswith("test_")
    ]
    await asyncio.gather(*(test() for test in tests))

    assert tests
