"""The support matrix: which vendor can do what, read from the connectors themselves."""

from itertools import groupby

from hireloom import connectors
from hireloom.console.visit import Answer, Visit, page
from hireloom.models import Support


async def matrix(visit: Visit) -> Answer:
    kinds = [connectors.load(name) for name in connectors.names()]
    able = {kind.name: visit.house.support(kind, None) for kind in kinds}
    operations = sorted({name for found in able.values() for name in found}, key=group_of)
    groups = [
        (noun, [(name, [able[kind.name].get(name) for kind in kinds]) for name in names])
        for noun, names in groupby(operations, key=lambda name: group_of(name)[0])
    ]
    totals = [
        sum(support is Support.SUPPORTED for support in able[kind.name].values()) for kind in kinds
    ]
    return visit.show(
        "support.html", kinds=kinds, groups=groups, totals=totals, number=len(operations)
    )


def group_of(operation: str) -> tuple[str, str]:
    """The noun that an operation is about, by which the matrix is grouped."""
    parts = operation.split(".")
    noun = parts[1] if parts[0] == "ats" and len(parts) > 2 else parts[0]
    return noun, operation


ROUTES = (page("/support", matrix),)
