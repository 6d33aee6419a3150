"""What every connector keeps, whoever wrote it. The suite reads the folder; nothing is listed."""

import ast
import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hireloom import connectors, kit
from hireloom.api.connectors import details, supported_operations
from hireloom.api.openapi import document
from hireloom.api.operation import Operation, operations
from hireloom.kit.capabilities import CAPABILITIES
from hireloom.kit.connector import Connector
from hireloom.kit.support import MODELS, modules, supplied
from hireloom.models import Support
from hireloom.sandbox.app import vendor_classes
from tests.service import Service

NAMES = connectors.names()
HOOKS = {"verify", "lacks", "barred", "refusal", "permission", "forbidden", "message"}
FACTS = {"name", "title", "docs", "category", "origins", "settings", "auth", "paging", "rate_limit"}
MORE_FACTS = {"wrapped_in", "headers", "hooks", "partner", "longest_note", "grants"}
METHODS = {name: one for one in CAPABILITIES for name in vars(one) if not name.startswith("_")}

TWINS = vendor_classes()

every_connector = pytest.mark.parametrize("name", NAMES)
every_connector_in_the_sandbox = pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            name,
            marks=pytest.mark.skipif(
                name not in TWINS, reason=f"{name} has no twin in src/hireloom/sandbox"
            ),
        )
        for name in NAMES
    ],
)


def kind_of(name: str) -> type[Connector]:
    return connectors.load(name)


def sources(name: str) -> Iterator[tuple[str, ast.Module]]:
    kind = kind_of(name)
    for module in modules(kind.__module__, kind.name):
        yield module.__name__, ast.parse(inspect.getsource(module))


@every_connector
def test_it_declares_its_facts(name: str) -> None:
    kind = kind_of(name)

    assert kind.name == name == kind.__module__.rpartition(".")[2]
    assert all(hasattr(kind, fact) for fact in FACTS)
    assert kind.docs.startswith("https://")
    assert all(origin.startswith("https://") for origin in kind.origins)
    assert all(field.label and (field.where or field.help) for field in kind.auth.fields)


@every_connector
def test_a_public_method_is_a_capability_with_the_capability_s_signature(name: str) -> None:
    own = {
        attribute: value
        for base in kind_of(name).__mro__
        if base is not object and base is not Connector
        for attribute, value in vars(base).items()
        if not attribute.startswith("_")
    }

    for attribute, value in own.items():
        assert attribute in METHODS.keys() | HOOKS | FACTS | MORE_FACTS, attribute
        if attribute in METHODS:
            wanted = inspect.signature(getattr(METHODS[attribute], attribute))
            assert inspect.signature(value) == wanted, attribute


@every_connector
def test_it_uses_nothing_of_ours_but_the_kit_and_the_models(name: str) -> None:
    own_package = kind_of(name).__module__.rpartition(".")[0]
    allowed = {"hireloom", "hireloom.kit", "hireloom.models", own_package}

    for module, tree in sources(name):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("hireloom"):
                used = node.module or ""
                siblings = used.startswith(f"{own_package}._{name}_")
                assert used in allowed or siblings, f"{module} imports {used}"
                if used == "hireloom":
                    assert [alias.name for alias in node.names] == ["kit"], module


@every_connector
def test_a_field_is_filled_by_name_so_that_the_support_matrix_can_be_read(name: str) -> None:
    for module, tree in sources(name):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MODELS:
                spread = [keyword for keyword in node.keywords if keyword.arg is None]
                assert not spread, f"{module}:{node.lineno} spreads a dict into a model"


@every_connector
def test_its_file_is_no_longer_than_a_reader_bears(name: str) -> None:
    kind = kind_of(name)

    for module in modules(kind.__module__, kind.name):
        longest = 710 if module.__name__ == kind.__module__ else 530
        assert len(inspect.getsource(module).splitlines()) <= longest, module.__name__


@every_connector
def test_it_has_a_twin_in_the_sandbox_for_every_address(name: str) -> None:
    assert name in TWINS, (
        f"{name} has no twin, so its tests against the sandbox were skipped:"
        f" write src/hireloom/sandbox/{name}.py"
    )
    origins = {str(origin) for origin in TWINS[name].origins}

    for address in reading_addresses(kind_of(name)):
        assert any(address == one or address.startswith(f"{one}/") for one in origins), address


def reading_addresses(kind: type[Connector]) -> tuple[str, ...]:
    return kind(Deaf()).addresses


class Deaf:
    """A channel that must not be used."""

    async def send(self, request: kit.Request) -> kit.Answer:
        raise AssertionError(f"called {request.method} {request.url}")

    async def stream(self, request: kit.Request) -> kit.Stream:
        raise AssertionError(f"called {request.method} {request.url}")

    async def entered(self, field: str) -> str | None:
        raise AssertionError(f"asked for {field}")

    async def ask_token(self, request: kit.Request) -> kit.Answer:
        raise AssertionError(f"called {request.method} {request.url}")


@every_connector
def test_every_model_that_it_lists_is_built_with_an_id_or_a_name(name: str) -> None:
    built = supplied(kind_of(name))

    for one in operations().values():
        listed = one.lists and one.supported_by(kind_of(name)) and one.answer.__name__ in MODELS
        if listed and one.on_integration:
            fields = built.get(one.answer.__name__, frozenset())
            assert fields & {"id", "info", "name"}, f"{one.name} answers with {one.answer}"


# Against the sandbox.

LISTS = [one for one in operations().values() if one.lists and one.method == "GET" and one.needs]


@every_connector_in_the_sandbox
async def test_every_list_that_it_supports_reads_the_whole_sandbox(
    service: Service, name: str
) -> None:
    integration = await service.connect(name)
    some = (await service.get("ats.application.list", integration, pageSize=5)).json()["data"]
    ids = [one["info"]["id"] for one in some["applications"]]
    people = [one["info"]["candidate"]["id"] for one in some["applications"]]

    for one in (one for one in LISTS if one.supported_by(kind_of(name))):
        answer = await service.get(one.name, integration, pageSize=500)
        if answer.status_code == 400:  # this vendor lists them per parent
            answer = await service.get(one.name, integration, **parents(one, ids, people))

        body = answer.json()
        assert answer.status_code == 200, f"{one.name}: {body}"
        assert "setAside" not in body["meta"], f"{one.name}: {body['meta']['setAside']}"
        shape: Any = one.answer
        records = msgspec.convert(body["data"][one.lists], list[shape])
        assert records or one.name in SPARSE, f"{one.name} is empty"
        promise_kept(one, body)


SPARSE = {"ats.offer.list", "ats.interview.list", "ats.note.list", "ats.scorecard.list"}


def parents(one: Operation, ids: list[str], people: list[str]) -> dict[str, Any]:
    fields = one.request.__struct_fields__
    return {"applicationId": ids} if "application_id" in fields else {"candidateId": people}


def promise_kept(one: Operation, body: dict[str, object]) -> None:
    """What is said to be unsupported is never there."""
    meta, data = body["meta"], body["data"]
    assert isinstance(meta, dict)
    assert isinstance(data, dict)
    for record in data[one.lists or ""]:
        for path in meta["unsupportedFields"]:
            assert not reachable(record, path.split(".")), f"{one.name} fills {path}"


def reachable(record: object, path: list[str]) -> bool:
    if isinstance(record, list):
        return any(reachable(one, path) for one in record)
    if not isinstance(record, dict) or path[0] not in record:
        return False
    value = record[path[0]]
    if len(path) > 1:
        return reachable(value, path[1:])
    # An enum that has no source keeps its NOT_SPECIFIED.
    return value not in (None, [], "NOT_SPECIFIED", "NOTE", "PLAIN", "BASE")


@every_connector_in_the_sandbox
@pytest.mark.parametrize("noun", ["job", "application", "candidate"])
async def test_getting_one_record_says_what_its_list_said(
    service: Service, name: str, noun: str
) -> None:
    integration = await service.connect(name)
    listed = (await service.get(f"ats.{noun}.list", integration, pageSize=3)).json()["data"]

    for record in listed[f"{noun}s"]:
        query = {f"{noun}Id": record["info"]["id"]}
        answer = (await service.get(f"ats.{noun}.get", integration, **query)).json()
        found = answer["data"][noun]["info"]
        for field, value in record["info"].items():
            if value not in (None, []) and field not in {"candidate", "applications", "jobIds"}:
                assert found[field] == value, field


# A fourth vendor, in a package of its own.

HARBOR = '''
"""Harbor Recruiting, REST v2: an invented vendor."""

from hireloom import kit
from hireloom.models import Department


class HarborTeam(kit.VendorStruct):
    id: int
    label: str


class Harbor(kit.Connector):
    name = "harbor"
    title = "Harbor Recruiting"
    docs = "https://docs.harbor.example/rest/v2"
    category = "ats"
    origins = ("https://api.harbor.example/rest/v2",)
    auth = kit.BearerKey(where="Settings > Developers > API keys")
    paging = kit.CursorPaging(items="data", next="next", send_as="after", size=("limit", 100))
    rate_limit = kit.RateLimit(calls=100, seconds=60)

    async def verify(self) -> None:
        await self.get("/me")

    def list_departments(self) -> kit.Pages[Department]:
        return self.pages("/teams", HarborTeam, to_department)


def to_department(team: HarborTeam) -> Department:
    return Department(id=str(team.id), name=team.label)
'''


@pytest.fixture
def harbor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Connector]]:
    """A package with one connector, as if it had been installed."""
    (tmp_path / "harbor.py").write_text(HARBOR)
    info = tmp_path / "acme_harbor-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-harbor\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[hireloom.connectors]\nharbor = harbor:Harbor\n")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    connectors.load.cache_clear()
    yield connectors.load("harbor")
    connectors.load.cache_clear()
    sys.modules.pop("harbor", None)


def test_another_vendor_is_in_the_list_without_a_change_of_ours(harbor: type[Connector]) -> None:
    assert connectors.names() == tuple(sorted({*NAMES, "harbor"}))
    assert harbor.title == "Harbor Recruiting"


def test_another_vendor_is_in_the_support_matrix(harbor: type[Connector]) -> None:
    support = supported_operations(harbor)

    assert support["ats.department.list"] is Support.SUPPORTED
    assert support["ats.job.list"] is Support.UNSUPPORTED


def test_another_vendor_is_in_the_openapi_document(harbor: type[Connector]) -> None:
    schemas = document(operations(), "http://127.0.0.1")["components"]["schemas"]

    assert "harbor" in schemas["IntegrationImport"]["properties"]["appId"]["enum"]


def test_another_vendor_says_what_connecting_it_takes(harbor: type[Connector]) -> None:
    shown = details(harbor)

    assert [field.name for way in shown.connect for field in way.fields] == ["apiKey"]
    assert shown.models["Department"] == {
        "id": Support.SUPPORTED,
        "name": Support.SUPPORTED,
        "parentId": Support.UNSUPPORTED,
    }
