"""One customer's account at one vendor, as operations see it."""

import re
from dataclasses import dataclass, field
from typing import TypeVar, cast

from hireloom.errors import NotSupportedError
from hireloom.kit.capabilities import method
from hireloom.kit.connector import Connector
from hireloom.kit.mapping import Mapped
from hireloom.kit.rehearsal import Rehearsal

C = TypeVar("C")


@dataclass(frozen=True)
class Integration:
    id: str
    connector: Connector
    mapped: Mapped = field(default_factory=dict, hash=False)

    @property
    def title(self) -> str:
        return self.connector.title

    @property
    def rehearses(self) -> bool:
        """Whether its writes are noted and not sent."""
        return isinstance(self.connector.channel, Rehearsal)

    def able_to(self, capability: type[C]) -> C | None:
        """The connector, seen as one that has the capability, or None where it has not."""
        return cast(C, self.connector) if has(type(self.connector), capability) else None

    def must(self, capability: type[C]) -> C:
        able = self.able_to(capability)
        if able is None:
            raise NotSupportedError(
                f"{self.title} has no operation that {in_words(capability)} by API"
            )
        return able


def has(connector: type[Connector], capability: type) -> bool:
    return hasattr(connector, method(capability))


def in_words(capability: type) -> str:
    """`CreatesCandidateNotes` as "creates candidate notes"."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", capability.__name__).lower()
