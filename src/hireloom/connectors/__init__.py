"""Vendors, one file each. They are found by their files; no list of them is written anywhere.

A package outside of Hireloom adds its own through the entry-point group `hireloom.connectors`: the
entry's name is the connector's, its value the class (`harbor = "acme_hireloom.harbor:Harbor"`).
"""

import importlib
import pkgutil
import sys
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points

from hireloom.errors import RequestInvalidError
from hireloom.kit import Connector

GROUP = "hireloom.connectors"


def names() -> tuple[str, ...]:
    """The names of all connectors, in order."""
    return tuple(sorted({**_own(), **_added()}))


@lru_cache(maxsize=256)
def load(name: str) -> type[Connector]:
    """The connector of a name; only now is its file read."""
    if module_name := _own().get(name):
        return _defined_in(module_name)
    if entry := _added().get(name):
        found: type[Connector] = entry.load()
        return found
    raise RequestInvalidError.at("appId", f"one of: {', '.join(names())}")


@lru_cache
def _own() -> dict[str, str]:
    found: dict[str, str] = {}
    for category in pkgutil.iter_modules(__path__):
        if not category.ispkg:
            continue
        package = importlib.import_module(f"{__name__}.{category.name}")
        for module in pkgutil.iter_modules(package.__path__):
            if not module.name.startswith("_"):
                found[module.name] = f"{package.__name__}.{module.name}"
    return found


def _added() -> dict[str, EntryPoint]:
    return _installed(tuple(sys.path))


@lru_cache
def _installed(_path: tuple[str, ...]) -> dict[str, EntryPoint]:
    """To look through all that is installed takes far longer than a call of the API."""
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _defined_in(module_name: str) -> type[Connector]:
    module = importlib.import_module(module_name)
    for value in vars(module).values():
        if not isinstance(value, type) or value.__module__ != module_name:
            continue
        if issubclass(value, Connector):
            return value
    raise TypeError(f"{module_name} defines no connector")
