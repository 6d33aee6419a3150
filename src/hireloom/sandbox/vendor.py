"""What every simulated vendor is made of."""

import hashlib
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, ClassVar

import msgspec
from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler
from litestar.types import ExceptionHandlersMap

from hireloom.sandbox.hooks import Courier
from hireloom.sandbox.limits import Limiter, Rule, Verdict
from hireloom.sandbox.recruiter import Recruiter
from hireloom.sandbox.world import World

Handler = Callable[[Request[Any, Any, Any]], Awaitable[Response[Any]]]


class Answer(msgspec.Struct, frozen=True):
    """A whole HTTP answer, for what is said before a handler is asked."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = {}


class Call(msgspec.Struct, frozen=True):
    method: str
    path: str
    query: str
    status: int
    at: float  # Unix seconds


class CallLog:
    """The last thousand calls, and how many there were of each method, path shape and status."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.calls: deque[Call] = deque(maxlen=1000)
        self.counts: Counter[str] = Counter()

    def record(self, method: str, path: str, query: str, status: int) -> None:
        """Status 0: the connection was dropped or never answered."""
        self.calls.append(Call(method, path, query, status, time.time()))
        self.counts[f"{method} {status}"] += 1


class Overlay:
    """What was created, changed and deleted over the pure world, by kind and the vendor's id."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.created: dict[str, dict[Any, dict[str, Any]]] = {}
        self.changed: dict[str, dict[Any, dict[str, Any]]] = {}
        self.deleted: dict[str, set[Any]] = {}
        self.moved: dict[tuple[str, str], set[Any]] = {}  # kind, "…_id": who got another parent

    def create(self, kind: str, key: Any, record: dict[str, Any]) -> dict[str, Any]:
        self.deleted.get(kind, set()).discard(key)
        self.created.setdefault(kind, {})[key] = record
        return record

    def change(self, kind: str, key: Any, **fields: Any) -> None:
        """Lay these fields over the record, whether the world or a client made it."""
        made = self.created.get(kind, {})
        if key in made:
            made[key].update(fields)
        else:
            self.changed.setdefault(kind, {}).setdefault(key, {}).update(fields)
            for field in fields:
                if field.endswith("_id"):
                    self.moved.setdefault((kind, field), set()).add(key)

    def delete(self, kind: str, key: Any) -> None:
        self.created.get(kind, {}).pop(key, None)
        self.changed.get(kind, {}).pop(key, None)
        self.deleted.setdefault(kind, set()).add(key)

    def over(self, kind: str, key: Any, record: dict[str, Any]) -> dict[str, Any] | None:
        """The record as it is now; None when it was deleted."""
        if key in self.deleted.get(kind, ()):
            return None
        fields = self.changed.get(kind, {}).get(key)
        return record if fields is None else {**record, **fields}


class Vendor:
    """A simulated vendor: a subclass in a module of this folder is found and mounted by itself."""

    name: ClassVar[str]
    origins: ClassVar[dict[str, str]]  # real origin -> mount segment
    credentials: ClassVar[dict[str, str]]  # fake values that connect
    more_credentials: ClassVar[dict[str, dict[str, str]]] = {}  # "credentialsWithoutScopes": {...}
    rules: ClassVar[Sequence[Rule]] = ()
    events: ClassVar[tuple[str, ...]] = ()  # of webhooks

    def __init__(self, world: World, limiter: Limiter, log: CallLog) -> None:
        self.world = world
        self.limiter = limiter
        self.log = log
        self.overlay = Overlay()
        self.courier = Courier(self.name)
        self.recruiter = Recruiter(world)

    def handlers(self) -> list[HTTPRouteHandler]:
        """Route handlers whose paths begin with a mount segment; see `route`."""
        raise NotImplementedError

    def exception_handlers(self) -> ExceptionHandlersMap:
        """How this vendor answers what its handlers raise."""
        return {}

    def screen(self) -> dict[str, Any]:
        """What a recruiter would see of what API clients wrote."""
        raise NotImplementedError

    def application_screen(self, application: str) -> dict[str, Any]:
        """One application's page in this vendor's windows, as a recruiter sees it.

        `{"candidate": …, "job": …, "tabs": [{"name": …, "entries": [{"title", "by", "at",
        "lines": […]}]}]}`: the tabs by the vendor's own names (note feed, scorecards, custom
        fields, assessments), newest entry first, `lines` as they are shown. ValueError for an
        unknown id.
        """
        raise ValueError(f"{self.name} shows no single application")

    async def partner(self, act: str, **what: Any) -> dict[str, Any]:
        """What a recruiter does with the tests of an assessment partner.

        `connect` (`base_url`, `secret_key`) enters a partner's address; `list` shows its tests;
        `order` (`application`, `package`, `ordered_by`) orders one; `cancel` (`order`) gives one
        up; `result` (`order`) looks for its result again. Each answers what the partner answered:
        `{"status": …, "answer": …}` and, for an order, its `order` as this vendor calls it.
        """
        raise ValueError(f"{self.name} has no partners for tests")

    def reset(self) -> None:
        """Forget every write, and every delivery."""
        self.overlay.clear()
        self.courier.forget()
        self.recruiter.rounds = 0

    def close(self) -> None:
        """Leave nothing that runs."""
        self.courier.close()

    def change(self, kind: str, **what: Any) -> dict[str, Any]:
        """Alter the world as a recruiter would; answers what changed."""
        raise NotImplementedError

    async def add_webhooks(
        self, url: str, events: list[str], secret: str | None
    ) -> list[dict[str, Any]]:
        """Subscribe as the customer would by hand; answers what the vendor's screen shows."""
        raise NotImplementedError

    def webhooks(self) -> list[dict[str, Any]]:
        """Every subscription, with its secret."""
        raise NotImplementedError

    def remove_webhook(self, webhook: str) -> bool:
        """Whether there was one."""
        raise NotImplementedError

    def state(self, kind: str) -> Iterator[dict[str, Any]]:
        """What exists now, to compare receivers with: ids, status, parents, a mark of the version.

        ValueError for an unknown kind.
        """
        raise NotImplementedError

    def credential_of(self, headers: Mapping[str, str], path: str) -> str | None:
        """Whose limit a call counts against (header names in lower case); None: nobody's."""
        return headers.get("authorization", "")

    def now(self) -> datetime:
        """The time of a write: the real one, but never before the world's own end."""
        return max(datetime.now(UTC), self.world.now + timedelta(seconds=1))

    def limit_headers(self, verdict: Verdict) -> dict[str, str]:
        """Headers that tell of the limit, on every answer."""
        return {}

    def refuse(self, verdict: Verdict) -> Answer:
        """The vendor's 429."""
        headers = {"retry-after": str(max(1, round(verdict.retry_after)))}
        return json_answer(429, {"error": "Too many requests"}, headers)

    def expired(self) -> Answer:
        """The vendor's 401 for a token that is no longer valid."""
        return json_answer(401, {"error": "Unauthorized"})

    def failed(self, status: int) -> Answer:
        """The vendor's answer when it fails by itself."""
        return json_answer(status, {"error": phrase(status)})


def phrase(status: int) -> str:
    """What a status means, also one that HTTP has no words for."""
    known = {one.value: one.phrase.capitalize() for one in HTTPStatus}
    return known.get(status, f"Status {status}")


def version(record: Any) -> str:
    """A mark that differs whenever anything in the record does."""
    return hashlib.blake2b(msgspec.json.encode(record), digest_size=8).hexdigest()


def json_answer(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer with a JSON body."""
    content = {"content-type": "application/json", **(headers or {})}
    return Answer(status, msgspec.json.encode(body), content)


def json_response(
    body: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response[bytes]:
    """A JSON response for a handler to return."""
    return Response(
        msgspec.json.encode(body),
        status_code=status,
        headers=dict(headers or {}),
        media_type="application/json",
    )


def empty_response(status: int = 204) -> Response[None]:
    """A response without a body."""
    return Response(None, status_code=status)


def route(method: str, path: str, handler: Handler) -> HTTPRouteHandler:
    """Serve a path by a function of the request (`path_params`, `await request.body()`)."""

    async def serve(request: Request[Any, Any, Any]) -> Response[Any]:
        return await handler(request)

    return HTTPRouteHandler(path, http_method=method, status_code=200)(serve)  # type: ignore[arg-type]  # litestar's stub knows literals only
