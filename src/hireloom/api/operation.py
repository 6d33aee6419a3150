"""An operation is defined once: from it come the route, the OpenAPI entry, the client's method.

A handler's parameters say what it needs: the `Integration` that the call is for, the `Call` itself,
and one request struct of `models`. Its return annotation says what it answers: a struct, a
`Listing[Model]` for a paged list, or a `Download`.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from hireloom.api.listing import Listing
from hireloom.kit import Integration
from hireloom.kit.connector import Connector
from hireloom.kit.integration import has
from hireloom.models import Download, Request, Word

F = TypeVar("F", bound=Callable[..., Any])


class Scope(Word):
    READ = "read"
    WRITE = "write"
    PASSTHROUGH = "passthrough"
    ADMIN = "admin"


class Nothing(Request, frozen=True, kw_only=True):
    """The request of an operation that takes no parameters."""


@dataclass(frozen=True)
class Operation:
    name: str  # "ats.job.list", the last part of its URL
    scope: Scope
    call: Callable[..., Any]
    request: type[Request]
    answer: Any  # the struct in `data`; for a list, the struct of one record
    needs: tuple[type, ...] = ()  # capabilities, any of which will do
    lists: str | None = None  # the member of `data` that holds the records of a page
    gets: str | None = None  # the member of `data` that holds the one record
    instead: tuple[str, ...] = ()  # operations to suggest where the vendor lacks this one
    parameters: tuple[str, ...] = ()  # what the handler takes, in order
    by_post: bool = False  # a read whose question is a JSON body
    example: dict[str, Any] = field(default_factory=dict)
    upload: bool = False  # takes multipart/form-data as well
    stays_here: bool = False  # nothing of it goes to the vendor, so there is nothing to rehearse

    @property
    def method(self) -> str:
        reads = self.scope is Scope.READ or self.name in READS_FOR_ADMINS
        return "GET" if reads and not self.by_post else "POST"

    @property
    def path(self) -> str:
        return f"/v1.0/{self.name}"

    @property
    def on_integration(self) -> bool:
        return "integration" in self.parameters

    @property
    def streams(self) -> bool:
        return self.answer is Download

    @property
    def writes(self) -> bool:
        return self.scope is not Scope.READ and self.method == "POST"

    @property
    def rehearses(self) -> bool:
        """Whether `dryRun` works: the writes that go to a vendor."""
        return self.scope is Scope.WRITE and self.on_integration and not self.stays_here

    @property
    def summary(self) -> str:
        return (inspect.getdoc(self.call) or "").partition("\n")[0]

    @property
    def description(self) -> str:
        return inspect.getdoc(self.call) or ""

    def supported_by(self, connector: type[Connector]) -> bool:
        return not self.needs or any(has(connector, capability) for capability in self.needs)


READS_FOR_ADMINS = frozenset(
    {
        "assessment.partner.list",
        "connector.get",
        "connector.list",
        "integration.details",
        "integration.list",
        "oauth.client.list",
        "webhook.list",
    }
)
_REGISTRY: dict[str, Operation] = {}


def operation(
    name: str,
    *,
    scope: Scope,
    needs: tuple[type, ...] = (),
    lists: str | None = None,
    gets: str | None = None,
    instead: tuple[str, ...] = (),
    by_post: bool = False,
    upload: bool = False,
    stays_here: bool = False,
    example: dict[str, Any] | None = None,
) -> Callable[[F], F]:
    """Make a handler an operation."""

    def register(call: F) -> F:
        hints = get_type_hints(call)
        answer = hints.pop("return")
        request = next((h for h in hints.values() if _is_request(h)), Nothing)
        _REGISTRY[name] = Operation(
            name=name,
            scope=scope,
            call=call,
            request=request,
            answer=get_args(answer)[0] if get_origin(answer) is Listing else answer,
            needs=needs,
            lists=lists,
            gets=gets,
            instead=instead,
            parameters=tuple(_role(hint) for hint in hints.values()),
            by_post=by_post,
            upload=upload,
            stays_here=stays_here,
            example=example or {},
        )
        return call

    return register


def _is_request(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Request)


def _role(hint: Any) -> str:
    if _is_request(hint):
        return "request"
    return "integration" if hint is Integration else "call"


def operations() -> dict[str, Operation]:
    """Every operation by name, out of the modules of this package."""
    package = importlib.import_module("hireloom.api")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return dict(sorted(_REGISTRY.items()))
