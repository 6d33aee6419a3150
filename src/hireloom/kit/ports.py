"""What `kit.http` needs from whoever runs it: where secrets lie and where calls are logged."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from hireloom.kit.auth import Secrets
from hireloom.kit.message import Request


@dataclass(frozen=True, slots=True)
class CallReport:
    """One call to a vendor, as the log may keep it: no body, no query, no id of a person."""

    integration_id: str
    connector: str
    execution_id: str
    method: str
    template: str
    status: int | None
    seconds: float
    size: int
    code: str | None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call with all that went and came, for whoever captures it; nothing in it is reduced."""

    integration_id: str
    direction: Literal["in", "out"]
    execution_id: str
    operation: str  # ours, or the vendor's path with its ids left out
    request: Request
    status: int | None
    headers: Mapping[str, str]
    body: bytes | None  # None: it streamed past, or never came
    code: str | None


class Witness(Protocol):
    """Captures calls of the accounts that it was told to look at."""

    def wants(self, integration_id: str) -> bool: ...

    def saw(self, exchange: Exchange) -> None: ...


class Nobody:
    """Captures nothing."""

    def wants(self, integration_id: str) -> bool:
        return False

    def saw(self, exchange: Exchange) -> None: ...


class Held(Protocol):
    """An account's secrets while nobody else may change them."""

    secrets: Secrets

    async def save(self, secrets: Secrets) -> None: ...


class Keeper(Protocol):
    """Where secrets lie. `hold` locks them across processes and saves before it lets go."""

    async def load(self, integration_id: str) -> Secrets: ...

    def hold(self, integration_id: str) -> AbstractAsyncContextManager[Held]: ...


@dataclass
class _MemoryHeld:
    keeper: "MemoryKeeper"
    secrets: Secrets

    async def save(self, secrets: Secrets) -> None:
        self.keeper.secrets = secrets


@dataclass
class MemoryKeeper:
    """Secrets of one account in memory: for checking credentials before they are kept at all."""

    secrets: Secrets

    async def load(self, integration_id: str) -> Secrets:
        return self.secrets

    def hold(self, integration_id: str) -> AbstractAsyncContextManager[Held]:
        return _Holding(self)


@dataclass
class _Holding(AbstractAsyncContextManager[Held]):
    keeper: MemoryKeeper

    async def __aenter__(self) -> Held:
        return _MemoryHeld(self.keeper, self.keeper.secrets)

    async def __aexit__(self, *_: object) -> None:
        return None


Report = Callable[[CallReport], None]
