"""The generated methods: up to date, complete, the same on both faces."""

import inspect
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hireloom.api.operation import operations
from hireloom.client import AsyncHireloom, Hireloom

ROOT = Path(__file__).parents[2]
IN_PYTHON = {
    "ats.rejectionReason.list": "ats.rejection_reason.list",
    "ats.customField.list": "ats.custom_field.list",
    "auth.createSession": "auth.create_session",
    "integration.import": "integration.import_",
    "ats.candidate.note.create": "ats.candidate.note.create",
    "passthrough": "passthrough",
}


def test_the_methods_are_those_that_the_operations_make() -> None:
    command = [sys.executable, "scripts/generate_client.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, f"run scripts/generate: {done.stdout}{done.stderr}"


@pytest.mark.parametrize(("wire", "python"), IN_PYTHON.items())
def test_a_method_has_its_name_on_the_wire_in_snake_case(wire: str, python: str) -> None:
    assert wire in operations()
    assert callable(found(Hireloom(), python))


def test_both_faces_take_the_same_keywords() -> None:
    sync, asynchronous = dict(methods(Hireloom())), dict(methods(AsyncHireloom()))

    assert set(sync) == set(asynchronous)
    for name, method in sync.items():
        ours, theirs = inspect.signature(method), inspect.signature(asynchronous[name])
        assert list(ours.parameters.values()) == list(theirs.parameters.values()), name


def test_every_operation_is_a_method_and_says_what_it_does() -> None:
    made = dict(methods(Hireloom()))

    assert len(made) == len(operations()) + 1  # passthrough has two, for JSON and for bytes
    for name, method in made.items():
        assert inspect.getdoc(method), name


def methods(namespace: Any, path: str = "") -> list[tuple[str, Any]]:
    """Every generated method below a namespace, by its path."""
    listed = []
    for kind in type(namespace).__mro__:
        if not kind.__module__.endswith("methods"):
            continue
        for name, value in vars(kind).items():
            if isinstance(value, property):
                listed += methods(getattr(namespace, name), f"{path}{name}.")
            elif inspect.isfunction(value) and not name.startswith("_"):
                listed.append((f"{path}{name}", getattr(namespace, name)))
    return listed


def found(client: Any, path: str) -> Any:
    for part in path.split("."):
        client = getattr(client, part)
    return client
