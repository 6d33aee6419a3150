"""Files that stream through: opened with `with`, read in chunks, or saved."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager
from email.message import Message
from email.utils import collapse_rfc2231_value
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import httpx

from hireloom.client.asks import reaching
from hireloom.client.errors import EXECUTION_ID


class Described:
    """What the headers of a file say."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        headers = response.headers
        length = headers.get("Content-Length", "")
        upstream = headers.get("X-Upstream-Status", "")
        self.name = file_name(headers.get("Content-Disposition", ""))
        self.content_type = headers.get("Content-Type", "application/octet-stream")
        self.size = int(length) if length.isdigit() else None
        self.upstream_status = int(upstream) if upstream.isdigit() else response.status_code
        self.execution_id = headers.get(EXECUTION_ID)


class File(Described):
    """An open file: iterate it for its chunks, once."""

    def __iter__(self) -> Iterator[bytes]:
        with reaching(self._response.request.url):
            yield from self._response.iter_bytes()

    def read(self) -> bytes:
        return b"".join(self)

    def save(self, path: str | Path) -> Path:
        """Write the file; nothing is left at `path` if it breaks off."""
        with whole(Path(path)) as target:
            for chunk in self:
                target.write(chunk)
        return Path(path)


class AsyncFile(Described):
    """The same for `async for`."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with reaching(self._response.request.url):
            async for chunk in self._response.aiter_bytes():
                yield chunk

    async def read(self) -> bytes:
        return b"".join([chunk async for chunk in self])

    async def save(self, path: str | Path) -> Path:
        """Write the file; nothing is left at `path` if it breaks off."""
        with whole(Path(path)) as target:
            async for chunk in self:
                target.write(chunk)
        return Path(path)


class Download:
    """A file to come: `with` opens it, `save` opens, saves and closes it."""

    def __init__(self, start: Callable[[], AbstractContextManager[httpx.Response]]) -> None:
        self._start = start
        self._open: list[AbstractContextManager[httpx.Response]] = []

    def __enter__(self) -> File:
        opened = self._start()
        response = opened.__enter__()
        self._open.append(opened)
        return File(response)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.pop().__exit__(kind, error, trace)

    def save(self, path: str | Path) -> Path:
        with self as file:
            return file.save(path)


class AsyncDownload:
    """The same for `async with`."""

    def __init__(self, start: Callable[[], AbstractAsyncContextManager[httpx.Response]]) -> None:
        self._start = start
        self._open: list[AbstractAsyncContextManager[httpx.Response]] = []

    async def __aenter__(self) -> AsyncFile:
        opened = self._start()
        response = await opened.__aenter__()
        self._open.append(opened)
        return AsyncFile(response)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._open.pop().__aexit__(kind, error, trace)

    async def save(self, path: str | Path) -> Path:
        async with self as file:
            return await file.save(path)


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """A file that is there whole or not at all."""
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with unfinished.open("wb") as target:
            yield target
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def file_name(disposition: str) -> str | None:
    """The name in a Content-Disposition, RFC 6266's encoded spelling before the plain one.

    Only its last part: the name is a stranger's, and may be passed on to `save`.
    """
    message = Message()
    message["Content-Disposition"] = disposition
    names: dict[bool, str] = {}
    for key, value in message.get_params([], header="Content-Disposition"):
        if key == "filename":
            names[isinstance(value, tuple)] = collapse_rfc2231_value(value)
    given = names.get(True) or names.get(False) or ""
    name = given.replace("\\", "/").rpartition("/")[2].replace("\0", "")
    return None if name in {"", ".", ".."} else name
