"""The OpenAPI document: complete, with examples, and true under fuzzing."""

import asyncio
import os
from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hireloom import connectors
from hireloom.api.openapi import document
from hireloom.api.operation import operations
from hireloom.api.reading import read_body, read_query
from hireloom.errors import every_error
from tests.service import Service

DOCUMENT = msgspec.json.decode(msgspec.json.encode(document(operations(), "http://127.0.0.1:8400")))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ENTRIES = [
    pytest.param(path, verb, entry, id=path)
    for path, item in DOCUMENT["paths"].items()
    for verb, entry in item.items()
]


def valid(schema: dict[str, Any], value: Any) -> list[str]:
    whole = {**schema, "components": DOCUMENT["components"]}
    return [error.message for error in Draft202012Validator(whole).iter_errors(value)]


def test_every_operation_is_in_the_document() -> None:
    assert set(DOCUMENT["paths"]) == {one.path for one in operations().values()}


@pytest.mark.parametrize(("path", "verb", "entry"), ENTRIES)
def test_the_example_of_a_success_fits_its_schema(path: str, verb: str, entry: Any) -> None:
    for content in entry["responses"]["200"]["content"].values():
        if "example" in content:
            assert valid(content["schema"], content["example"]) == []


@pytest.mark.parametrize(("path", "verb", "entry"), ENTRIES)
def test_the_example_of_a_request_is_what_the_operation_takes(
    path: str, verb: str, entry: Any
) -> None:
    operation = operations()[entry["operationId"]]

    if verb == "post":
        sent = entry["requestBody"]["content"]["application/json"]
        assert valid(sent["schema"], sent["example"]) == []
        if sent["example"]:
            read_body(msgspec.json.encode(sent["example"]), operation.request)
    else:
        read_query(list(operation.example.items()), operation.request)
        needed = {one["name"] for one in entry["parameters"] if one.get("required")}
        assert needed - {"X-Integration-Id"} <= operation.example.keys()


def test_every_error_code_is_documented_somewhere() -> None:
    told = {
        response["content"]["application/json"]["example"]["error"]["code"]
        for item in DOCUMENT["paths"].values()
        for entry in item.values()
        for status, response in entry["responses"].items()
        if status != "200"
    }
    described = " ".join(
        response["description"]
        for item in DOCUMENT["paths"].values()
        for entry in item.values()
        for response in entry["responses"].values()
    )

    assert all(kind.code in told or kind.code in described for kind in every_error())


# Of each operation, good and bad ones each; more of them find rarer things.
EXAMPLES = int(os.environ.get("HIRELOOM_FUZZ_EXAMPLES", "5"))

# These end or replace the account that the other calls need.
LEFT_OUT = {
    "integration.delete",
    "integration.deactivate",
    "integration.credentials.update",
    "integration.import",
}


@pytest.mark.parametrize("app", connectors.names())
async def test_fuzzing_finds_no_500_and_no_undocumented_answer(service: Service, app: str) -> None:
    integration = await service.connect_for_writes(app)

    await asyncio.to_thread(fuzz, service.url, service.headers(integration))


def fuzz(url: str, headers: dict[str, str]) -> None:
    """A few examples of every operation, good and bad; each answer must be as documented."""
    for found in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        if operation.definition.raw["operationId"] not in LEFT_OUT:
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                fuzz_operation(operation.as_strategy(generation_mode=mode), url, headers)


def fuzz_operation(cases: Any, url: str, headers: dict[str, str]) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def probe(case: Any) -> None:
        case.call_and_validate(base_url=url, headers=headers, checks=CHECKS, timeout=60)

    try:
        probe()
    except Unsatisfiable:  # an operation without parameters has no bad request
        return
