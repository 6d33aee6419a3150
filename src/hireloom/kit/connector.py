"""What a connector starts from: its declared facts, and the verbs that it speaks with."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Protocol, TypeVar, overload

from hireloom.errors import (
    ConflictError,
    CredentialsInvalidError,
    HireloomError,
    PermissionMissingError,
    RejectedError,
    RequestInvalidError,
    ResourceNotFoundError,
    TimedOutError,
    TooLargeError,
    UnexpectedAnswerError,
)
from hireloom.kit.auth import Auth, Grants
from hireloom.kit.choices import Setting, choose, fill, placeholders
from hireloom.kit.convert import chunks
from hireloom.kit.decode import FROM_ANSWER, decode_list, decode_one, placeholder
from hireloom.kit.hooks import Hooks
from hireloom.kit.limits import RateLimit
from hireloom.kit.message import (
    Answer,
    Channel,
    Params,
    Part,
    Path,
    Rehearsed,
    Request,
    Stream,
    to_json,
    to_params,
)
from hireloom.kit.paging import Page, Pages, Paging, fingerprint
from hireloom.kit.partner import Partner
from hireloom.kit.records import mapped, ours, same
from hireloom.kit.references import References
from hireloom.kit.together import gather
from hireloom.kit.trip import current
from hireloom.kit.wire import unsure
from hireloom.models import FileDraft

S = TypeVar("S")
M = TypeVar("M")

REFUSALS: Mapping[int, type[HireloomError]] = {
    401: CredentialsInvalidError,
    403: PermissionMissingError,
    404: ResourceNotFoundError,
    409: ConflictError,
    410: ResourceNotFoundError,
    413: TooLargeError,
}
LARGEST_FILE = 100 * 1024 * 1024  # bytes of a file that is fetched by URL to be sent on


class HasId(Protocol):
    @property
    def id(self) -> Any: ...


R = TypeVar("R", bound=HasId)


class Connector:
    """One vendor. Subclasses declare the facts and have a method for each thing it can do."""

    name: ClassVar[str]  # also the name of its file and of its sandbox
    title: ClassVar[str]
    docs: ClassVar[str]
    category: ClassVar[str]
    origins: ClassVar[
        tuple[str, ...]
    ]  # the base address first; all others that passthrough may use
    settings: ClassVar[tuple[Setting, ...]] = ()
    auth: ClassVar[Auth]
    paging: ClassVar[Paging]
    rate_limit: ClassVar[RateLimit]
    wrapped_in: ClassVar[str | None] = None  # the member that holds the record of a single answer
    headers: ClassVar[Mapping[str, str]] = {"Accept": "application/json"}
    hooks: ClassVar[Hooks | None] = None  # the webhooks that it can send
    partner: ClassVar[Partner | None] = None  # how tests are ordered inside of it
    grants: ClassVar[Grants | None] = None  # what is ticked for its credentials
    longest_note: ClassVar[int] = 60_000  # characters; ours, where the vendor states none

    def __init__(self, channel: Channel, settings: Mapping[str, str] | None = None) -> None:
        self.channel = channel
        self.chosen = choose(type(self).settings, settings or {})
        fills = placeholders(type(self).settings, self.chosen)
        self.addresses = tuple(origin.format_map(fills) for origin in self.origins)
        self.authentication: Auth = fill(self.auth, fills)
        self._references = References()

    async def verify(self) -> None:
        """Make the cheapest call that shows whether the credentials work; raise if they don't."""
        raise TypeError(f"{self.name} does not say how to verify its credentials")

    async def lacks(self, *, trying: bool) -> Mapping[str, str]:
        """By method the permission that the credentials lack; by `trying` each list if need be."""
        return {}

    @classmethod
    def barred(cls, chosen: Mapping[str, str]) -> Mapping[str, str]:
        """By method the setting without which the vendor refuses it."""
        return {}

    def refusal(self, answer: Answer) -> HireloomError | None:
        """What the vendor's answer means when it is no success; None when it is one.

        A vendor that reports failures in a 200 overrides this.
        """
        if answer.status < 400:
            return None
        kind = REFUSALS.get(answer.status, RejectedError)
        if kind is PermissionMissingError:
            return self.forbidden(answer.request)
        return kind(f"{self.title} answered {answer.status} to {answer.request.template}")

    def forbidden(self, request: Request) -> PermissionMissingError:
        """The error for a missing permission, naming it as the vendor does."""
        permission = self.permission(request)
        return PermissionMissingError(
            f"The credentials of this {self.title} account lack a permission: {permission}",
            hint=f"Ask the customer to grant {permission} to the API credentials in {self.title}.",
        )

    def permission(self, request: Request) -> str:
        """The vendor's name of the permission that a request needs."""
        return f"access to {request.method} {request.template}"

    def message(self, answer: Answer) -> str:
        """The vendor's own words in an error; they are redacted before anybody sees them."""
        return answer.body[:10_000].decode(errors="replace")

    # The verbs.

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        body: Any = None,
        parts: Sequence[Part] = (),
        reading: bool = False,
    ) -> Request:
        return Request(
            method=method,
            url=self.addresses[0] + path,
            params=to_params(params),
            headers=self.headers,
            body=None if body is None else to_json(body),
            content_type=None if body is None else "application/json",
            parts=tuple(parts),
            template=path.template if isinstance(path, Path) else path,
            reading=reading,
        )

    @overload
    async def get(self, path: str, shape: type[S], *, params: Params | None = None) -> S: ...
    @overload
    async def get(self, path: str, shape: None = None, *, params: Params | None = None) -> None: ...
    async def get(self, path: str, shape: Any = None, *, params: Params | None = None) -> Any:
        return await self._call(self.request("GET", path, params=params), shape)

    @overload
    async def ask(self, path: str, body: Any, shape: type[S]) -> S: ...
    @overload
    async def ask(self, path: str, body: Any, shape: None = None) -> None: ...
    async def ask(self, path: str, body: Any, shape: Any = None) -> Any:
        """Read by POST."""
        return await self._call(self.request("POST", path, body=body, reading=True), shape)

    @overload
    async def post(
        self, path: str, body: Any, shape: type[S], *, params: Params | None = None
    ) -> S: ...
    @overload
    async def post(
        self, path: str, body: Any, shape: None = None, *, params: Params | None = None
    ) -> None: ...
    async def post(
        self, path: str, body: Any, shape: Any = None, *, params: Params | None = None
    ) -> Any:
        return await self._call(self.request("POST", path, params=params, body=body), shape)

    @overload
    async def put(
        self, path: str, body: Any, shape: type[S], *, params: Params | None = None
    ) -> S: ...
    @overload
    async def put(
        self, path: str, body: Any, shape: None = None, *, params: Params | None = None
    ) -> None: ...
    async def put(
        self, path: str, body: Any, shape: Any = None, *, params: Params | None = None
    ) -> Any:
        return await self._call(self.request("PUT", path, params=params, body=body), shape)

    @overload
    async def patch(
        self, path: str, body: Any, shape: type[S], *, params: Params | None = None
    ) -> S: ...
    @overload
    async def patch(
        self, path: str, body: Any, shape: None = None, *, params: Params | None = None
    ) -> None: ...
    async def patch(
        self, path: str, body: Any, shape: Any = None, *, params: Params | None = None
    ) -> Any:
        return await self._call(self.request("PATCH", path, params=params, body=body), shape)

    async def delete(self, path: str, *, params: Params | None = None) -> None:
        await self._call(self.request("DELETE", path, params=params), None)

    async def upload(
        self, path: str, parts: Sequence[Part], shape: type[S], *, params: Params | None = None
    ) -> S:
        """Send a multipart form."""
        request = self.request("POST", path, params=params, parts=parts)
        found: S = await self._call(request, shape)
        return found

    async def open(self, path: str, *, params: Params | None = None) -> Stream:
        """Start reading a file of the vendor's."""
        return await self.channel.stream(self.request("GET", path, params=params))

    async def open_link(self, url: str) -> Stream:
        """Start reading a file from a link that carries its own permission: no credentials go."""
        return await self.channel.stream(
            Request("GET", url, template="(link)", signed=False, reading=True)
        )

    async def content_of(self, file: FileDraft) -> bytes:
        """A draft's bytes, fetched where it came as a URL."""
        if file.data is not None:
            return file.data
        if not file.url:
            raise RequestInvalidError.at("data", "a file needs data or url")
        try:
            async with asyncio.timeout(current().left):
                return await _read_file(await self.open_link(file.url))
        except TimeoutError:
            raise TimedOutError(
                "The file did not arrive from its link in time",
                hint="Send the file itself, or give a link that is faster.",
            ) from None

    def pages(
        self,
        path: str,
        shape: type[S],
        to_model: Callable[[S], M | None] | None = None,
        *,
        params: Params | None = None,
        body: Any = None,
        join: Callable[[list[S]], Awaitable[Sequence[M | None]]] | None = None,
        applied: Iterable[str] = (),
        paging: Paging | None = None,
        size: int | None = None,
    ) -> Pages[M]:
        """A list of the vendor's as ours. `to_model` maps a record, `join` a page with look-ups;

        either may give None for a record that is none of ours. A `body` makes it a POST.
        """
        way = paging or self.paging
        method = "GET" if body is None else "POST"
        bare = self.request(method, path, params=params, body=body, reading=True)

        async def fetch(cursor: str | None) -> Page[M]:
            start = way.start(bare, size or current().page_size)
            request = start if cursor is None else way.at(start, cursor)
            answer = await self._read(request)
            structs, raws = decode_list(answer, shape, way.items)
            if join is not None:
                models: Sequence[M | None] = await join(structs)
            elif to_model is not None:
                models = mapped(structs, to_model)
            else:
                models = structs  # type: ignore[assignment]  # S is M where nothing is mapped
            kept, kept_raws = ours(models, raws)
            after, sync = way.follow(request, answer), way.sync_token(answer)
            return Page(kept, after, kept_raws, fingerprint(answer.body), sync)

        return Pages(fetch, frozenset(applied))

    async def everything(
        self, path: str, shape: type[S], *, params: Params | None = None, body: Any = None
    ) -> list[S]:
        """A whole list, for the small tables that others refer to."""
        size = self.paging.largest
        return await self.pages(path, shape, same, params=params, body=body, size=size).all()

    async def look_up(
        self,
        path: str,
        shape: type[S],
        ids: Iterable[str],
        *,
        by: str = "ids",
        at_once: int = 50,
        params: Params | None = None,
    ) -> list[S]:
        """The records of many ids, `at_once` of them to a call, comma separated, side by side."""
        batches = chunks(sorted(set(ids)), at_once)
        found = await gather(
            *(
                self.everything(path, shape, params={**(params or {}), by: ",".join(batch)})
                for batch in batches
            )
        )
        return [record for batch in found for record in batch]

    async def remember(
        self, table: str, ids: Iterable[Any], fetch: Callable[[list[str]], Awaitable[Iterable[R]]]
    ) -> Mapping[str, R]:
        """Reference records by id, out of memory where they are known and not too old.

        `fetch` gets the missing ids; it may answer with more than those. What it does not find is
        remembered as missing, too.
        """
        wanted = {str(one) for one in ids if one is not None}
        known = self._references.recall(table, wanted)
        if known.keys() < wanted:
            async with self._references.learning(table):
                known = self._references.recall(table, wanted)
                if missing := wanted - known.keys():
                    found = {str(record.id): record for record in await fetch(sorted(missing))}
                    learned = {one: found.get(one) for one in missing | found.keys()}
                    self._references.learn(table, learned)
                    known |= {one: learned[one] for one in missing}
        return {one: record for one, record in known.items() if record is not None}

    async def known(
        self,
        path: str,
        shape: type[R],
        ids: Iterable[Any],
        *,
        whole: bool = False,
        params: Params | None = None,
    ) -> Mapping[str, R]:
        """Reference records by id, remembered; the rest is looked up by `ids`, or, of a short list

        (`whole`), read in full.
        """

        async def fetch(missing: list[str]) -> list[R]:
            if whole:
                return await self.everything(path, shape, params=params)
            return await self.look_up(path, shape, missing, params=params)

        return await self.remember(path, ids, fetch)

    def each(
        self, ids: Sequence[str], fetch: Callable[[str], Awaitable[list[M]]], *, at_once: int = 8
    ) -> Pages[M]:
        """What a vendor lists only per parent: a few parents side by side make a page."""
        batches = chunks(ids, at_once) or [[]]

        async def page(cursor: str | None) -> Page[M]:
            index = int(cursor or 0)
            found = await gather(*(fetch(one) for one in batches[index]))
            following = str(index + 1) if index + 1 < len(batches) else None
            return Page([record for records in found for record in records], following)

        return Pages(page)

    # How the verbs work.

    async def _read(self, request: Request) -> Answer:
        answer = await self.channel.send(request)
        if isinstance(answer, Rehearsed):
            raise TypeError("a read is never rehearsed")
        return answer

    async def _call(self, request: Request, shape: Any) -> Any:
        answer = await self.channel.send(request)
        if isinstance(answer, Rehearsed):
            return None if shape is None else placeholder(shape, FROM_ANSWER)
        if shape is None:
            return None
        try:
            return decode_one(answer, shape, self.wrapped_in)
        except UnexpectedAnswerError as error:
            raise unsure(request, error) from None  # the vendor may have done it all the same


async def _read_file(stream: Stream) -> bytes:
    content = bytearray()
    async for chunk in stream.chunks:
        content += chunk
        if len(content) > LARGEST_FILE:
            raise TooLargeError(f"The file is larger than {LARGEST_FILE >> 20} MiB")
    return bytes(content)
