"""The table of a virtual filter's comparisons, for docs/syncs.md."""

from docs_markdown import table

from hireloom.sync.operators import FAMILIES, Operator


def operators_block() -> str:
    rows = []
    for name, family in FAMILIES.items():
        first = f"`{name}`"
        for one in family.operators:
            rows.append([first, f"`{one.name}`", _beside(one), _also(one)])
            first = ""
    return table(["`type`", "`data`", "beside a", "also written"], rows)


def _beside(one: Operator) -> str:
    return " or ".join(f"`{kind}`" for kind in one.takes) or "nothing"


def _also(one: Operator) -> str:
    return " ".join(f"`{name}`" for name in one.also)
