"""Who comes in through a login provider: which claims make an admin, which support."""

import re
from collections.abc import Iterator
from typing import Literal
from urllib.parse import unquote

import msgspec

ConsoleRole = Literal["admin", "support"]

CLAIM = re.compile(r"(?P<claim>(?:https?://)?[^:=,\s]+):(?P<pairs>.+)")
ROLES: dict[str, ConsoleRole] = {"admin": "admin", "support": "support"}


class RoleRule(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever has this value among those of this claim has this role in the console."""

    claim: str
    value: str
    role: ConsoleRole


class Oidc(msgspec.Struct, frozen=True, kw_only=True):
    """The OpenID Connect provider that people may log in to the console through."""

    issuer: str
    client_id: str
    client_secret: str
    rules: tuple[RoleRule, ...]

    def __repr__(self) -> str:
        return f"Oidc({self.issuer!r})"


def rules_of(text: str) -> Iterator[RoleRule]:
    """Of `claim:value=role,value=role`; raises ValueError or KeyError."""
    found = CLAIM.fullmatch(text)
    claim, pairs = found.groups() if found else ("", "")
    for pair in pairs.split(","):
        value, _, role = pair.rpartition("=")
        named = unquote(value.strip())
        if not named or (claim == "email" and "@" not in named):
            raise ValueError(pair)
        yield RoleRule(claim=claim, value=named, role=ROLES[role.strip()])
