"""A local stand-in for Greenhouse's Harvest v3 that no contender can outrun.

Pages are rendered before the first request and written as they lie in memory, by one process.
One connection on two shared cores draws 5,600 to 6,900 pages of 500 a second from uvloop with
httptools (2,950 to 3,400 from aiohttp.web, 2,800 to 3,100 from granian's RSGI), some twenty times
what the fastest contender parses. Filters other than `ids`, `…_ids`, `updated_at` and `fields` are
accepted and ignored.

`GET /tally` tells how many requests came and how many records and bare ids went out since then,
`POST /touch?share=0.01` changes that share of the applications, and under `/slow` there is a
vendor whose lists take ten seconds.
"""

import argparse
import json
import sys
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar
from urllib.parse import parse_qsl

from benchmarks import conversation
from benchmarks import greenhouse_account as account
from benchmarks.conversation import Answer, Later, Request

PAGE_SIZE = 500
MOST_IDS = 50
TOKEN = "a-token-of-the-page-server"
EXPIRES_AT = "2099-12-31T23:59:59Z"
SLOW_SECONDS = 10.0

# As the vendor says it; generous, so that no contender that keeps to limits has to wait here.
LIMIT = b"X-RateLimit-Limit: 1000000\r\nX-RateLimit-Remaining: 999999\r\n"


@dataclass(frozen=True)
class View:
    """One list as it was asked for."""

    table: str
    size: int
    fields: str = ""
    since: str = ""  # only what was updated then or later, to the second

    def cursor(self, number: int) -> str:
        text = json.dumps([self.table, self.size, self.fields, self.since, number])
        return urlsafe_b64encode(text.encode()).decode()


class Account:
    """Answers for every path of the account; the same question twice is answered from memory."""

    def __init__(self, records: int, base_url: str) -> None:
        self._base_url = base_url
        self._tables = Tables(records)
        self._pages: dict[View, list[Answer]] = {}
        self._first_request: float | None = None
        self._requests = self._records = self._ids = 0
        self._touches = 0
        self._warm()

    def _warm(self) -> None:
        for fields in ("", "id"):
            self._paged(View("applications", PAGE_SIZE, fields))

    def answer(self, request: Request) -> Answer:
        """Return the head and the body for one request."""
        path, _, query = request.target.decode().partition("?")
        if control := self._controls().get((request.method, path)):
            return control(query)
        if self._first_request is None:
            self._first_request = time.monotonic()
        self._requests += 1
        if path.startswith("/slow/"):
            return SLOW
        if path == "/token" and request.method == b"POST":
            return _token(request.body)
        if path == "/v3/notes" and request.method == b"POST":
            return NOTE
        if not path.startswith("/v3/") or request.method != b"GET":
            return _error(404, "Resource not found")
        if request.headers.get(b"authorization") != b"Bearer " + TOKEN.encode():
            return _error(401, "Invalid access token")
        return self._list(path.removeprefix("/v3/"), dict(parse_qsl(query)))

    def _controls(self) -> dict[tuple[bytes, str], Callable[[str], Answer]]:
        """What a benchmark asks of its vendor, and no vendor has."""
        return {
            (b"GET", "/clock"): self._clock,
            (b"GET", "/tally"): self._tally,
            (b"POST", "/touch"): self._touch,
        }

    def _clock(self, _: str) -> Answer:
        """Tell when the first request since the last such question came in, and forget it."""
        first, self._first_request = self._first_request, None
        return _ok(json.dumps({"first_request": first}).encode())

    def _tally(self, _: str) -> Answer:
        found = {"requests": self._requests, "records": self._records, "ids": self._ids}
        self._requests = self._records = self._ids = 0
        return _ok(json.dumps(found).encode())

    def _touch(self, query: str) -> Answer:
        self._touches += 1
        share = float(dict(parse_qsl(query))["share"])
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        changed = self._tables["applications"].touch(round(1 / share), now, self._touches)
        self._pages.clear()
        self._warm()
        return _ok(json.dumps({"changed": changed}).encode())

    def _list(self, name: str, query: dict[str, str]) -> Answer:
        if "cursor" in query:
            if len(query) > 1:
                return _error(422, "When passing a cursor, do not include other query params.")
            return self._at(query["cursor"])
        if name not in self._tables:
            return _ok(b"[]")
        for parameter, values in query.items():
            if parameter.endswith("ids"):
                return self._filtered(name, parameter, values.encode().split(b","))
        size, fields = int(query.get("per_page", 100)), query.get("fields", "")
        since = query.get("updated_at", "").removeprefix("gte|").partition("|")[0]
        return self._page(View(name, size, fields, since), 0)

    def _at(self, cursor: str) -> Answer:
        try:
            *view, number = json.loads(urlsafe_b64decode(cursor))
            return self._page(View(*view), number)
        except (ValueError, LookupError, TypeError):
            return _error(422, "Invalid cursor")

    def _page(self, view: View, number: int) -> Answer:
        pages = self._paged(view)
        left = self._tables[view.table].count(view.since) - number * view.size
        if view.fields == "id":
            self._ids += min(view.size, left)
        else:
            self._records += min(view.size, left)
        return pages[number]

    def _paged(self, view: View) -> list[Answer]:
        ready = self._pages.get(view)
        if ready is None:
            bodies = self._tables[view.table].pages(view.size, view.fields, view.since)
            links = [self._link(view, number) for number in range(1, len(bodies))]
            ready = [_ok(body, link) for body, link in zip(bodies, [*links, b""], strict=True)]
            self._pages[view] = ready
        return ready

    def _link(self, view: View, number: int) -> bytes:
        url = f"{self._base_url}/v3/{view.table}?cursor={view.cursor(number)}"
        return f'Link: <{url}>; rel="next"\r\n'.encode()

    def _filtered(self, name: str, parameter: str, ids: list[bytes]) -> Answer:
        if len(ids) > MOST_IDS:
            return _error(422, f"{parameter} takes at most {MOST_IDS} ids")
        found = self._tables[name].find(parameter.removesuffix("s"), ids)
        if found is None:
            return _error(422, f"Invalid filter: {parameter}")
        self._records += len(found)
        return _ok(account.array(found))


class Tables:
    """The account's tables by the last part of their path, each made when it is first asked for."""

    PARENTS: ClassVar = {
        "applications": ["candidate_id"],
        "application_stages": ["application_id"],
        "rejection_details": ["application_id"],
        "job_interview_stages": ["job_id"],
    }

    def __init__(self, records: int) -> None:
        self._small = account.reference_tables()
        self._made: dict[str, account.Table] = {}
        self._large: dict[str, Callable[[], account.Rows]] = {
            "applications": lambda: account.applications(records),
            "candidates": lambda: account.candidates(records),
            "application_stages": lambda: account.application_stages(account.applications(records)),
            "rejection_details": lambda: account.rejection_details(account.applications(records)),
        }

    def __contains__(self, name: str) -> bool:
        return name in self._small or name in self._large

    def __getitem__(self, name: str) -> account.Table:
        table = self._made.get(name)
        if table is None:
            rows = self._large[name]() if name in self._large else self._small[name]
            table = self._made[name] = account.Table(rows, self.PARENTS.get(name, ()))
        return table


def _token(body: bytes) -> Answer:
    if dict(parse_qsl(body.decode())).get("grant_type") != "client_credentials":
        return _error(400, "unsupported_grant_type")
    token = {"access_token": TOKEN, "token_type": "Bearer", "expires_at": EXPIRES_AT}
    return _ok(json.dumps(token).encode())


def _ok(body: bytes, headers: bytes = b"") -> Answer:
    return conversation.answer(200, body, LIMIT + headers)


def _error(status: int, message: str) -> Answer:
    return conversation.answer(status, json.dumps({"errors": [message]}).encode(), LIMIT)


NOTE = _ok(b'{"id": 1, "candidate_id": 1, "application_id": 1, "body": "noted", "type": "NOTE"}')
SLOW = _ok(b'{"data": [], "hasNext": false}')


def slowly(respond: Callable[[Request], Answer], seconds: float) -> conversation.Respond:
    """Let every page of a list take this long, as a vendor far away does."""

    def answer(request: Request) -> Answer | Later:
        found = respond(request)
        if found is SLOW and b"/opportunities" in request.target:
            return Later(found, SLOW_SECONDS)
        return Later(found, seconds) if seconds and b"/v3/" in request.target else found

    return answer


def run(arguments: list[str]) -> None:
    """Serve an account on a free port of the loopback address and print the base URL."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page_server", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds that a page takes")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args(arguments)
    listener, base_url = conversation.listen(options.port)
    respond = Account(options.records, base_url).answer
    conversation.run(listener, base_url, slowly(respond, options.latency), b"authorization")


if __name__ == "__main__":
    run(sys.argv[1:])
