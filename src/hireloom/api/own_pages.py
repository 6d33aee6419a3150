"""Pages of what Hireloom itself keeps: read one more than fits, and seal where to go on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from hireloom.api import page_tokens
from hireloom.api.listing import Place
from hireloom.api.reading import to_query
from hireloom.errors import PageTokenError
from hireloom.models import UNSET, UnsetType
from hireloom.store.seal import Key

R = TypeVar("R")


@dataclass(frozen=True)
class OwnPage:
    """`after` is the mark that the page before ended with; `read` says how many rows to ask for."""

    key: Key
    owner: str
    method: str
    filters: bytes
    size: int
    after: str | None

    @property
    def read(self) -> int:
        return self.size + 1

    def cut(
        self, found: Sequence[R], mark: Callable[[R], object]
    ) -> tuple[Sequence[R], str | UnsetType]:
        """The rows of the page, and the token of the next one where there is any."""
        if len(found) <= self.size:
            return found, UNSET
        listed = found[: self.size]
        place = Place(str(mark(listed[-1])))
        return listed, page_tokens.seal(self.key, self.owner, self.method, place, self.filters)


def opened(key: Key, owner: str, method: str, query: Any) -> OwnPage:
    """The page that a query with `page_token` and `page_size` asks for. Raises PageTokenError."""
    filters = to_query(msgspec.structs.replace(query, page_token=None, page_size=100))
    after = None
    if query.page_token:
        token = page_tokens.unseal(key, owner, method, query.page_token)
        if token.query != filters:
            raise PageTokenError.at("pageToken", "goes on with other filters than are sent")
        after = token.place.cursor
    return OwnPage(key, owner, method, filters, query.page_size, after)
