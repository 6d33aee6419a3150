"""Which fields a connector can supply, read from its code.

A mapping function names every field that it fills as a keyword of our model's constructor; a field
that is named nowhere cannot be supplied by that vendor. So nothing is listed twice.
"""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from functools import lru_cache
from types import ModuleType
from typing import Any

import msgspec

from hireloom import models
from hireloom.kit.connector import Connector

MODELS: dict[str, type[models.Model]] = {
    name: kind
    for name, kind in vars(models).items()
    if isinstance(kind, type) and issubclass(kind, models.Model) and kind is not models.Model
}
MADE_HERE = frozenset({"mapped_fields"})  # out of others, for every vendor that supplies those


def modules(module_name: str, connector_name: str) -> Iterator[ModuleType]:
    """The connector's own module and, beside it, those that hold its structs and mapping."""
    own = importlib.import_module(module_name)
    yield own
    package = importlib.import_module(own.__package__ or own.__name__)
    for found in pkgutil.iter_modules(getattr(package, "__path__", [])):
        if found.name.startswith(f"_{connector_name}_"):
            yield importlib.import_module(f"{package.__name__}.{found.name}")


def supplied(connector: type[Connector]) -> dict[str, frozenset[str]]:
    """Our models that the connector builds, each with the fields that it fills."""
    return _read(connector.__module__, connector.name)


@lru_cache(maxsize=256)
def _read(module_name: str, connector_name: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for module in modules(module_name, connector_name):
        for node in ast.walk(parsed(inspect.getsource(module))):
            if isinstance(node, ast.Call) and (name := _called(node)) in MODELS:
                named = {keyword.arg for keyword in node.keywords if keyword.arg}
                found.setdefault(name, set()).update(named)
    return {name: frozenset(fields) for name, fields in found.items()}


def parsed(source: str) -> ast.Module:
    """CPython 3.11 miscounts its depth when two threads parse at once (gh-106905), so try again."""
    try:
        return ast.parse(source)
    except SystemError:
        return ast.parse(source)


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def unsupported(
    connector: type[Connector], model: type[models.Model], besides: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Dotted wire paths of a model that the connector cannot fill.

    `besides` names fields of the model that are filled from elsewhere.
    """
    return tuple(_walk(connector, model, "", besides, ()))


def _walk(
    connector: type[Connector],
    model: type[models.Model],
    prefix: str,
    besides: frozenset[str],
    above: tuple[type, ...],
) -> Iterator[str]:
    named = supplied(connector).get(model.__name__, frozenset())
    for field in msgspec.structs.fields(model):
        wire = f"{prefix}{field.encode_name}"
        if field.name in besides or field.name in MADE_HERE:
            continue
        if field.name not in named and not field.required:
            yield wire
        elif (inner := _model_in(field.type)) and inner not in above:
            yield from _walk(connector, inner, f"{wire}.", frozenset(), (*above, model))


def paths(model: type[models.Model]) -> tuple[str, ...]:
    """Every dotted wire path of a model, inner models included."""
    return tuple(_paths(model, "", ()))


def _paths(model: type[models.Model], prefix: str, above: tuple[type, ...]) -> Iterator[str]:
    for field in msgspec.structs.fields(model):
        wire = f"{prefix}{field.encode_name}"
        yield wire
        if (inner := _model_in(field.type)) and inner not in (*above, model):
            yield from _paths(inner, f"{wire}.", (*above, model))


def _model_in(kind: Any) -> type[models.Model] | None:
    """The model inside of `Maybe[list[Model]]` and the like."""
    info = msgspec.inspect.type_info(kind)
    options = list(info.types) if isinstance(info, msgspec.inspect.UnionType) else [info]
    for option in options:
        inner = option.item_type if isinstance(option, msgspec.inspect.ListType) else option
        if isinstance(inner, msgspec.inspect.StructType) and issubclass(inner.cls, models.Model):
            return inner.cls
    return None
