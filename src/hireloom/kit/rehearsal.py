"""A dry run: reads are made, writes are noted and not sent."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import msgspec

from hireloom.kit.decode import FROM_ANSWER, UNKNOWN_NUMBER, UNREADABLE_JSON
from hireloom.kit.message import Answer, Channel, Rehearsed, Request, Stream


@dataclass
class Rehearsal:
    """A channel that lets reads through and keeps the writes that would have been made."""

    channel: Channel
    writes: list[Request] = field(default_factory=list)

    async def send(self, request: Request) -> Answer | Rehearsed:
        if request.reads:
            return await self.channel.send(request)
        self.writes.append(request)
        return Rehearsed.YES

    async def stream(self, request: Request) -> Stream:
        return await self.channel.stream(request)

    async def entered(self, field: str) -> str | None:
        return await self.channel.entered(field)

    async def ask_token(self, request: Request) -> Answer:
        return await self.channel.ask_token(request)


def is_complete(request: Request) -> bool:
    """Whether all of a request is known before any answer is."""
    parts = (
        request.full_url.encode(),
        request.body or b"",
        *(one.content for one in request.parts),
    )
    marks = (FROM_ANSWER.encode(), quote(FROM_ANSWER).encode(), str(UNKNOWN_NUMBER).encode())
    return not any(mark in part for part in parts for mark in marks)


def shown(request: Request) -> dict[str, Any]:
    """A request as a dry run shows it: all that would be sent but the credentials."""
    number, told = str(UNKNOWN_NUMBER), f"<{FROM_ANSWER}>"
    url = request.full_url.replace(number, quote(told))
    view: dict[str, Any] = {"method": request.method, "url": url}
    if request.parts:
        view["contentType"] = "multipart/form-data"
        view["parts"] = [
            {
                "name": part.name,
                "filename": part.filename,
                "contentType": part.content_type,
                "bytes": len(part.content),
            }
            for part in request.parts
        ]
    elif request.body is not None:
        view["contentType"] = request.content_type
        view["body"] = _body(request)
    return view


def _body(request: Request) -> Any:
    number = str(UNKNOWN_NUMBER).encode()
    try:
        body = (request.body or b"null").replace(number, f'"<{FROM_ANSWER}>"'.encode())
        return msgspec.json.decode(body)
    except UNREADABLE_JSON:
        return (request.body or b"").decode(errors="replace")
