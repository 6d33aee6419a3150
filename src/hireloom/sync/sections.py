"""What filters and watched fields look into must be read: a section whose model is not subscribed

is empty in every record, so a filter on it would let nothing through, and nothing would change.
"""

from collections.abc import Iterable, Iterator

from hireloom.errors import RequestInvalidError
from hireloom.store.syncs import Sync
from hireloom.sync import native, virtual, watch
from hireloom.sync.kinds import Kind

INFO = frozenset({"info"})  # every record has it, and filters may look into it


def refuse_unread(kind: Kind, sync: Sync, where: str | None = None) -> None:
    """Raises RequestInvalidError, at the filter or the path, or at `where` instead."""
    read = {kind.section(one) for one in kind.models if one.value in sync.models}
    for at, sections, seen in _looks(kind, sync):
        unread = sections - seen
        if unread and not unread & read:
            models = [one.value for one in kind.models if kind.section(one) in unread]
            raise RequestInvalidError.at(where or at, _sentence(at, where, unread, models))


def _sentence(at: str, where: str | None, unread: Iterable[str], models: list[str]) -> str:
    looks = f"looks into {', '.join(sorted(unread))}"
    needs = f"which this sync reads only with the model {' or '.join(models[:1])}"
    return f"{looks}, {needs}" if where is None else f"{at} of this sync {looks}, {needs}"


def _looks(kind: Kind, sync: Sync) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    """Where it is said, the sections that are looked into, and those that need no model."""
    sections = frozenset(kind.section(one) for one in kind.models)
    if sync.virtual_filter:
        for section in sorted(virtual.parse(sync.virtual_filter, kind.model).sections & sections):
            yield "filter", frozenset({section}), INFO
    if sync.native_filter:
        query = native.parse(kind.data_type, sync.native_filter)
        for section in sorted(native.sections(query) & sections):
            yield "nativeFilters", frozenset({section}), INFO
    for index, path in enumerate(sync.watch):
        yield f"jsonPaths[{index}]", watch.parse([path], kind.model).sections, frozenset()
