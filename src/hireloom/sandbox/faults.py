"""Fault plans: what goes wrong, where and how often; the same plan goes wrong the same way."""

import asyncio
import fnmatch
import hashlib
from typing import Annotated, Any, Literal, NamedTuple, get_args

import msgspec
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from litestar.types.asgi_types import HTTPResponseBodyEvent, HTTPResponseStartEvent

from hireloom.sandbox import _spoil as spoil
from hireloom.sandbox.vendor import Answer, Vendor

Kind = Literal[
    "status",
    "429",
    "timeout",
    "drop",
    "truncate",
    "html",
    "expired_token",
    "slow",
    "shuffle",
    "type_change",
    "empty_page",
    "repeat_cursor",
    "short_list",
    "empty_list",
]
KINDS: tuple[str, ...] = get_args(Kind)
Count = Annotated[int, msgspec.Meta(ge=0)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=3600)]


class FaultPlanError(ValueError):
    """A fault plan that says something impossible; the text tells what and where."""


class Fault(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that goes wrong with the calls that match."""

    kind: Kind
    vendor: str = "*"
    path: str = "*"  # the vendor's own path, as on its real origin; * matches anything
    method: str = "*"
    status: Annotated[int, msgspec.Meta(ge=400, le=599)] = 500
    after: Count = 0  # the first matching calls that pass unharmed
    times: Annotated[int, msgspec.Meta(ge=1)] | None = None  # at most so often
    every: Annotated[int, msgspec.Meta(ge=1)] = 1  # of the calls after that, each so-manieth
    probability: Annotated[float, msgspec.Meta(gt=0, le=1)] = 1.0
    seconds: Seconds | None = None  # how long "slow" (1) and "timeout" (60) take
    retry_after: Seconds = 1  # what "429" asks for
    field: str | None = None  # what "type_change" alters; else the seed chooses
    performed: bool = False  # "status" and "timeout": the vendor does it, the answer is lost

    def covers(self, vendor: str, method: str, path: str) -> bool:
        return (
            self.vendor in {"*", vendor}
            and self.method.upper() in {"*", method}
            and fnmatch.fnmatchcase(path, self.path)
        )


class FaultPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fault: tuple[Fault, ...] = ()
    seed: int = 7

    @classmethod
    def from_toml(cls, text: str, source: str = "fault plan") -> "FaultPlan":
        """Read `[[fault]]` tables; FaultPlanError tells what is wrong, and where."""
        try:
            return msgspec.toml.decode(text.encode(), type=cls)
        except msgspec.DecodeError as error:
            raise FaultPlanError(f"{source}: {_explain(error)}") from error

    @classmethod
    def from_json(cls, data: bytes) -> "FaultPlan":
        """The same plan as JSON."""
        try:
            return msgspec.json.decode(data, type=cls)
        except msgspec.DecodeError as error:
            raise FaultPlanError(f"fault plan: {_explain(error)}") from error

    def check_vendors(self, known: list[str]) -> None:
        """Refuse a plan for a vendor that is not there."""
        for number, fault in enumerate(self.fault, start=1):
            if fault.vendor not in {"*", *known}:
                names = ", ".join(known)
                raise FaultPlanError(
                    f"fault plan: fault {number}: no vendor {fault.vendor!r}; there are {names}"
                )


def _explain(error: Exception) -> str:
    text = str(error)
    for position in range(100):
        text = text.replace(f"`$.fault[{position}].", f"`fault {position + 1}, ")
        text = text.replace(f"`$.fault[{position}]`", f"`fault {position + 1}`")
    if "Invalid enum value" in text:
        text += f"; kinds are {', '.join(KINDS)}"
    return text


class Faults:
    """A plan at work: counts matching calls and remembers what a fault needs to remember."""

    def __init__(self, plan: FaultPlan | None = None) -> None:
        self.replace(plan or FaultPlan())

    def replace(self, plan: FaultPlan) -> None:
        self.plan = plan
        self._seen = [0] * len(plan.fault)
        self._done = [0] * len(plan.fault)
        self._memory: dict[tuple[int, str], spoil.Memory] = {}

    def strike(self, vendor: str, method: str, path: str) -> tuple[Fault, spoil.Memory] | None:
        """The fault that befalls this call, with the memory it keeps for this path.

        Every fault that covers the call counts it; of those that would strike, the first does.
        """
        struck: int | None = None
        for number, fault in enumerate(self.plan.fault):
            if fault.covers(vendor, method, path) and self._falls(number, fault):
                struck = number if struck is None else struck
        if struck is None:
            return None
        self._done[struck] += 1
        memory = self._memory.setdefault((struck, path), spoil.Memory(self.plan.seed + struck))
        return self.plan.fault[struck], memory

    def _falls(self, number: int, fault: Fault) -> bool:
        self._seen[number] += 1
        count = self._seen[number] - fault.after
        if count < 1 or (fault.times is not None and self._done[number] >= fault.times):
            return False
        if (count - 1) % fault.every:
            return False
        key = f"{self.plan.seed}/{number}/{count}".encode()
        chance = int.from_bytes(hashlib.blake2b(key, digest_size=8).digest()) / 2**64
        return chance < fault.probability


class Exchange(NamedTuple):
    """One call under way: the application that would answer it, and the ends of the wire."""

    app: ASGIApp
    scope: Scope
    receive: Receive
    send: Send

    async def run(self, send: Send | None = None) -> None:
        """Let the application answer."""
        await self.app(self.scope, self.receive, send or self.send)


async def suffer(struck: tuple[Fault, spoil.Memory], vendor: Vendor, call: Exchange) -> None:
    """Answer a call the way its fault wants."""
    fault, memory = struck
    if fault.kind == "slow":
        await asyncio.sleep(1 if fault.seconds is None else fault.seconds)
        await call.run()
    elif fault.kind == "timeout":
        if fault.performed:
            await _record(call)
        await asyncio.sleep(60 if fault.seconds is None else fault.seconds)
        await _drop({"status": 200, "headers": []}, b"??", call.send)
    elif fault.kind in {"status", "429", "expired_token", "html"}:
        if fault.performed:
            await _record(call)
        await answer(_instead(fault, vendor), call.send)
    else:
        start, body = await _record(call)
        if fault.kind == "drop":
            await _drop(start, body, call.send)
        headers, body = spoil.SPOILERS[fault.kind](
            spoil.Page(start["headers"], body), memory, fault.field
        )
        await _send(call.send, start["status"], spoil.sized(headers, body), body)


class ConnectionDroppedError(Exception):
    """Raised into the server, which closes the connection."""


async def answer(reply: Answer, send: Send) -> None:
    """Send a whole answer."""
    headers = [(name.lower().encode(), text.encode()) for name, text in reply.headers.items()]
    headers.append((b"content-length", str(len(reply.body)).encode()))
    await _send(send, reply.status, headers, reply.body)


def _instead(fault: Fault, vendor: Vendor) -> Answer:
    if fault.kind == "429":
        verdict = vendor.limiter.exhausted()
        return vendor.refuse(
            msgspec.structs.replace(
                verdict, retry_after=fault.retry_after, reset_in=fault.retry_after
            )
        )
    if fault.kind == "expired_token":
        return vendor.expired()
    if fault.kind == "html":
        page = b"<!doctype html>\n<html><head><title>Maintenance</title></head><body><h1>We'll be"
        page += b" back soon</h1><p>Scheduled maintenance is under way.</p></body></html>\n"
        return Answer(200, page, {"content-type": "text/html; charset=utf-8"})
    return vendor.failed(fault.status)


async def _record(call: Exchange) -> tuple[dict[str, Any], bytes]:
    start: dict[str, Any] = {}
    body = bytearray()

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        elif message["type"] == "http.response.body":
            body.extend(message["body"])

    await call.run(keep)
    return start, bytes(body)


async def _drop(start: dict[str, Any], body: bytes, send: Send) -> None:
    headers = spoil.sized(start["headers"], body)
    await _send(send, start["status"], headers, body[: len(body) // 2], more=True)
    await asyncio.sleep(0.02)  # let the half leave before the connection goes
    raise ConnectionDroppedError


async def _send(
    send: Send, status: int, headers: spoil.Pairs, body: bytes, *, more: bool = False
) -> None:
    start: HTTPResponseStartEvent = {
        "type": "http.response.start",
        "status": status,
        "headers": headers,
    }
    await send(start)
    rest: HTTPResponseBodyEvent = {"type": "http.response.body", "body": body, "more_body": more}
    await send(rest)
