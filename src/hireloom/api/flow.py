"""Files on their way to a client, at the client's pace, and no longer than the client is there.

The server's own stream waits on a send that cannot be cancelled, so it never learns that a client
hung up; the vendor's connection would stay open, or the whole file be fetched for nobody.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from litestar import Response
from litestar.response.base import ASGIResponse
from litestar.response.streaming import ASGIStreamingResponse
from litestar.types import Receive, Send

PATIENCE = 60.0  # seconds for one chunk to be taken by a client that is still there


class Flow(ASGIStreamingResponse):
    """The chunks of an async iterator; it is closed whether they are all sent or not."""

    __slots__ = ()

    async def send_body(self, send: Send, receive: Receive) -> None:
        gone = asyncio.ensure_future(hung_up(receive))
        chunks: Any = self.iterator
        try:
            async for chunk in chunks:
                if not await taken(send, chunk, True, gone):
                    return
            await taken(send, b"", False, gone)
        finally:
            gone.cancel()
            with contextlib.suppress(RuntimeError):  # it may be in the middle of a step
                await chunks.aclose()


async def hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def taken(send: Send, chunk: bytes, more: bool, gone: asyncio.Future[None]) -> bool:
    """Whether the client took the chunk."""
    sending = asyncio.ensure_future(
        send({"type": "http.response.body", "body": chunk, "more_body": more})
    )
    await asyncio.wait({sending, gone}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
    if gone.done() or not sending.done():
        sending.cancel()
        return False
    sending.result()
    return True


class Flowing(Response[bytes]):
    """A response whose body flows."""

    def __init__(
        self, chunks: AsyncIterator[bytes], *, media_type: str, headers: dict[str, str]
    ) -> None:
        super().__init__(b"", media_type=media_type, headers=headers)
        self._flow = Flow(iterator=chunks, media_type=media_type, headers=headers)

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIResponse:
        return self._flow
