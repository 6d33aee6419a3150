"""The kinds of issues with their steps, for docs/issues.md."""

import re

from hireloom.issues.kind import Kind
from hireloom.issues.kinds import KINDS


def kinds_block() -> str:
    return "\n\n".join(entry(kind) for kind in KINDS.values())


def entry(kind: Kind) -> str:
    acts = f"`{kind.acts}`" if kind.acts else "as the [error](errors.md) says"
    steps = ["The hint of the [error](errors.md), where there is one."] * kind.has_hint
    steps += [_named(step) for step in kind.steps]
    return "\n\n".join(
        [
            f"### {kind.name}",
            f"“{_named(kind.heading)}”",
            f"Who acts: {acts}. {kind.found}",
            "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1)),
            f"Resolved: {kind.ends}",
        ]
    )


def _named(text: str) -> str:
    return re.sub(r"\{(\w+)\}", r"*\1*", text)
