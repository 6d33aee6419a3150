"""Faults, as a client on the other end of the wire meets them."""

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import httpx
import pytest
from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from hireloom.sandbox import app as sandbox
from hireloom.sandbox.app import Running, create_app, origin_map, vendor_classes
from hireloom.sandbox.faults import KINDS, Fault, FaultPlan, FaultPlanError, Faults
from hireloom.sandbox.limits import FixedWindow, Limiter, Rule, TokenBucket, Verdict
from hireloom.sandbox.vendor import CallLog, Vendor, json_response, route
from hireloom.sandbox.world import World

TLS = ssl.create_default_context()  # made once: each costs more than a call
ROWS = [{"id": number, "name": f"row {number}", "open": True} for number in range(10)]


class Shop(Vendor):
    """A vendor with two pages of five rows."""

    name = "shop"
    origins: ClassVar[dict[str, str]] = {"https://api.shop.example": "api"}
    credentials: ClassVar[dict[str, str]] = {"apiKey": "not-a-key"}
    rules = (Rule(limit=FixedWindow(3, 30), path="/limited*"),)
    sold = 0

    def handlers(self) -> list[HTTPRouteHandler]:
        return [
            route("GET", "/api/rows", self.rows),
            route("GET", "/api/limited", self.rows),
            route("POST", "/api/sell", self.sell),
        ]

    async def rows(self, request: Request[Any, Any, Any]) -> Response[Any]:
        start = int(request.query_params.get("from", 0))
        more = start + 5 < len(ROWS)
        body = {
            "data": ROWS[start : start + 5],
            "hasNext": more,
            "next": start + 5 if more else None,
        }
        return json_response(body)

    async def sell(self, request: Request[Any, Any, Any]) -> Response[Any]:
        self.sold += 1
        return json_response({"sold": self.sold}, 201)

    def screen(self) -> dict[str, Any]:
        return {"sold": self.sold}

    def change(self, kind: str, **what: Any) -> dict[str, Any]:
        if kind != "sold":
            raise ValueError(f"no change {kind!r}")
        self.sold = what["count"]
        return {"sold": self.sold}

    def limit_headers(self, verdict: Verdict) -> dict[str, str]:
        return {"X-Left": str(verdict.remaining)}


@pytest.fixture
def shop_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "vendor_classes", lambda names=None: {"shop": Shop})


@contextmanager
def running(plan: FaultPlan | None = None) -> Iterator[tuple[Running, httpx.Client]]:
    with (
        Running(size=10, faults=plan) as here,
        httpx.Client(verify=TLS, base_url=f"{here.url}/shop/api", timeout=120) as client,
    ):
        yield here, client


def plan_of(kind: str, **what: Any) -> FaultPlan:
    return FaultPlan(fault=(Fault(kind=kind, **what),))  # type: ignore[arg-type]  # the tests vary it


def walk(client: httpx.Client, most: int = 6) -> list[list[dict[str, Any]]]:
    """Follow the pages as a client does."""
    pages: list[list[dict[str, Any]]] = []
    after: int | None = 0
    while after is not None and len(pages) < most:
        body = client.get("/rows", params={"from": after}).json()
        pages.append(body["data"])
        after = body.get("next")
    return pages


pytestmark = pytest.mark.usefixtures("shop_only")


def test_without_a_plan_nothing_goes_wrong() -> None:
    with running() as (_, client):
        assert [row for page in walk(client) for row in page] == ROWS


def test_a_status_comes_for_so_many_calls_and_then_no_more() -> None:
    with running(plan_of("status", status=503, after=1, times=2)) as (_, client):
        seen = [client.get("/rows").status_code for _ in range(5)]

    assert seen == [200, 503, 503, 200, 200]


def test_a_fault_may_strike_each_third_call() -> None:
    with running(plan_of("status", every=3)) as (_, client):
        assert [client.get("/rows").status_code for _ in range(6)] == [500, 200, 200, 500, 200, 200]


def test_an_answer_may_be_lost_after_the_vendor_did_its_part() -> None:
    with running(plan_of("status", performed=True, times=1)) as (here, client):
        assert client.post("/sell").status_code == 500
        assert httpx.get(
            verify=TLS, url=f"{here.url}/_sandbox/shop/screen", timeout=120
        ).json() == {"sold": 1}


def test_429_asks_to_wait() -> None:
    with running(plan_of("429", retry_after=4)) as (_, client):
        answer = client.get("/rows")

    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "4"


def test_a_dropped_connection_ends_in_the_middle_of_the_body() -> None:
    with running(plan_of("drop", times=1)) as (_, client):
        with pytest.raises(httpx.RemoteProtocolError, match=r"incomplete|without sending"):
            client.get("/rows")
        assert client.get("/rows").status_code == 200


def test_a_timeout_says_nothing_for_so_long() -> None:
    silent = Fault(kind="timeout", seconds=3600, times=1)
    soon = Fault(kind="timeout", seconds=0.6)
    with running(FaultPlan(fault=(silent, soon))) as (_, client):
        with pytest.raises(httpx.ReadTimeout):
            client.get("/rows", timeout=httpx.Timeout(120, read=0.2))
        before = time.monotonic()
        with pytest.raises(httpx.RemoteProtocolError):
            client.get("/rows")
        assert time.monotonic() - before >= 0.6


def test_a_truncated_body_is_complete_by_its_length_but_no_json() -> None:
    with running(plan_of("truncate")) as (_, client):
        answer = client.get("/rows")

    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) == len(answer.content)
    with pytest.raises(ValueError, match=r"JSON|delimiter|Expecting|Unterminated"):
        answer.json()


def test_an_html_page_comes_with_status_200() -> None:
    with running(plan_of("html")) as (_, client):
        answer = client.get("/rows")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<html>" in answer.text


def test_an_expired_token_is_a_401() -> None:
    with running(plan_of("expired_token", times=1)) as (_, client):
        assert [client.get("/rows").status_code for _ in range(2)] == [401, 200]


def test_slow_answers_come_late_and_whole() -> None:
    with running(plan_of("slow", seconds=0.3)) as (_, client):
        before = time.monotonic()
        assert client.get("/rows").json()["data"] == ROWS[:5]

    assert time.monotonic() - before >= 0.3


def test_shuffled_rows_move_to_the_next_page_and_none_is_lost() -> None:
    with running(plan_of("shuffle")) as (_, client):
        first, second = walk(client)

    assert (len(first), len(second)) == (4, 6)
    assert first != ROWS[:4]
    assert sorted(row["id"] for row in first + second) == list(range(10))


def test_shuffling_is_the_same_each_time() -> None:
    with running(plan_of("shuffle")) as (_, client):
        once = walk(client)
    with running(plan_of("shuffle")) as (_, client):
        assert walk(client) == once


def test_a_scalar_of_the_first_record_becomes_an_object() -> None:
    with running(plan_of("type_change", field="name")) as (_, client):
        first, second, *_ = client.get("/rows").json()["data"]

    assert first["name"] == {"value": "row 0", "type": "changed"}
    assert second == ROWS[1]


def test_an_empty_page_still_leads_on() -> None:
    with running(plan_of("empty_page", times=1)) as (_, client):
        assert walk(client) == [[], ROWS[5:]]


def test_a_repeated_cursor_never_ends() -> None:
    with running(plan_of("repeat_cursor")) as (_, client):
        pages = walk(client)

    assert len(pages) == 6
    assert pages[1:] == [ROWS[5:]] * 5


def test_a_short_list_ends_early_and_says_nothing() -> None:
    with running(plan_of("short_list", times=1)) as (_, client):
        assert walk(client) == [ROWS[:3]]
        assert walk(client) == [ROWS[:5], ROWS[5:]]


def test_an_empty_list_leads_nowhere() -> None:
    with running(plan_of("empty_list", times=1)) as (_, client):
        assert walk(client) == [[]]
        assert walk(client) == [ROWS[:5], ROWS[5:]]


def test_a_fault_strikes_only_where_it_is_meant() -> None:
    plan = plan_of("status", vendor="shop", path="/se*", method="POST")
    with running(plan) as (_, client):
        assert client.post("/sell").status_code == 500
        assert client.get("/rows").status_code == 200


def test_probability_is_decided_by_the_seed() -> None:
    def struck(seed: int) -> list[bool]:
        faults = Faults(FaultPlan(fault=(Fault(kind="html", probability=0.3),), seed=seed))
        return [faults.strike("shop", "GET", "/rows") is not None for _ in range(200)]

    assert struck(1) == struck(1)
    assert struck(1) != struck(2)
    assert 30 <= sum(struck(1)) <= 90


def test_a_plan_is_read_from_toml() -> None:
    plan = FaultPlan.from_toml(
        """
        seed = 3
        [[fault]]
        vendor = "shop"
        path = "/rows*"
        method = "GET"
        kind = "429"
        after = 3
        times = 2
        retry_after = 2
        [[fault]]
        kind = "slow"
        seconds = 40
        """
    )

    assert plan.seed == 3
    assert [fault.kind for fault in plan.fault] == ["429", "slow"]
    assert (plan.fault[0].after, plan.fault[0].retry_after, plan.fault[1].seconds) == (3, 2, 40)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[fault]]\nkind = "status"\n[[fault]]\nkind = "boom"', "fault 2, kind.*kinds are status"),
        ('[[fault]]\nkind = "status"\nstatus = 200', ">= 400.*fault 1, status"),
        ('[[fault]]\nkind = "slow"\nsecond = 3', "second.*fault 1"),
        ('[[fault]]\npath = "/x"', "kind.*fault 1"),
        ('[[fault]]\nkind = "html"\nprobability = 2.0', "fault 1, probability"),
        ("[[fault", "plan.toml"),
    ],
)
def test_a_wrong_plan_is_told_what_and_where(text: str, told: str) -> None:
    with pytest.raises(FaultPlanError, match=told):
        FaultPlan.from_toml(text, "plan.toml")


def test_a_plan_for_an_unknown_vendor_is_refused() -> None:
    with pytest.raises(FaultPlanError, match=r"no vendor 'shops'; there are shop"):
        create_app(size=10, faults=plan_of("status", vendor="shops"))


def test_the_plan_can_be_replaced_while_it_runs() -> None:
    with running() as (here, client):
        doors = f"{here.url}/_sandbox"
        assert httpx.post(
            verify=TLS, url=f"{doors}/faults", json={"fault": [{"kind": "html"}]}, timeout=120
        ).json() == {"faults": 1}
        assert "html" in client.get("/rows").headers["content-type"]
        wrong = httpx.post(
            verify=TLS, url=f"{doors}/faults", json={"fault": [{"kind": "wat"}]}, timeout=120
        )
        assert (wrong.status_code, "fault 1, kind" in wrong.json()["error"]) == (400, True)
        httpx.post(verify=TLS, url=f"{doors}/reset", timeout=120)
        assert client.get("/rows").json()["data"] == ROWS[:5]


def test_every_kind_of_fault_is_met_here() -> None:
    for kind in KINDS:
        assert Fault(kind=kind).covers("shop", "GET", "/rows")  # type: ignore[arg-type]  # from the list


def test_the_limit_is_kept_and_counted() -> None:
    with running() as (here, client):
        here.vendor("shop").limiter._clock = lambda: 100.0
        answers = [client.get("/limited") for _ in range(5)]
        numbers = httpx.get(verify=TLS, url=f"{here.url}/_sandbox/shop/calls", timeout=120).json()

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert [answer.headers["x-left"] for answer in answers[:3]] == ["2", "1", "0"]
    assert int(answers[3].headers["retry-after"]) in range(28, 31)
    assert numbers["limiter"] == {"calls": 5, "refused": 2, "peak": 5}
    assert numbers["counts"] == {"GET 200": 3, "GET 429": 2}
    assert numbers["calls"][0] | {"at": 0} == {
        "method": "GET", "path": "/limited", "query": "", "status": 200, "at": 0,
    }  # fmt: skip


def test_a_window_opens_again_and_is_each_credentials_own() -> None:
    now = [100.0]
    limiter = Limiter([Rule(limit=FixedWindow(2, 30))], clock=lambda: now[0])

    def allowed(credential: str) -> bool:
        verdict = limiter.arrive(credential, "GET", "/x")
        return verdict is not None and verdict.allowed

    assert [allowed("a"), allowed("a"), allowed("a"), allowed("b")] == [True, True, False, True]
    now[0] += 29.9
    assert not allowed("a")
    now[0] += 0.2
    assert allowed("a")
    assert (limiter.calls, limiter.refused, limiter.peak) == (6, 2, 4)


def test_a_bucket_fills_at_its_rate() -> None:
    now = [0.0]
    limiter = Limiter([Rule(limit=TokenBucket(10, 20))], clock=lambda: now[0])

    burst = [limiter.arrive("a", "GET", "/x") for _ in range(21)]
    assert [each.allowed for each in burst if each] == [True] * 20 + [False]
    last = burst[-1]
    assert last is not None
    assert last.retry_after == pytest.approx(0.1)
    now[0] += 0.5
    assert [each.allowed for _ in range(6) if (each := limiter.arrive("a", "GET", "/x"))] == [
        True, True, True, True, True, False,
    ]  # fmt: skip


def test_the_front_page_tells_where_everything_is() -> None:
    with running() as (here, _):
        about = httpx.get(verify=TLS, url=here.url, timeout=120).json()

    shop = about["vendors"]["shop"]
    assert (about["size"], about["seed"]) == (10, 7)
    assert about["origins"] == {"https://api.shop.example": f"{here.url}/shop/api"}
    assert shop["credentials"] == {"apiKey": "not-a-key"}
    assert list(shop["changes"]) == ["scatter"]
    assert "POST /_sandbox/{vendor}/change" in about["doors"]
    assert about["faults"] == list(KINDS)
    assert here.origins == about["origins"]


def test_a_recruiter_changes_things_by_the_door() -> None:
    with running() as (here, _):
        doors = f"{here.url}/_sandbox/shop"
        assert httpx.post(
            verify=TLS, url=f"{doors}/change", json={"kind": "sold", "count": 9}, timeout=120
        ).json() == {"sold": 9}
        refused = httpx.post(verify=TLS, url=f"{doors}/change", json={"kind": "burnt"}, timeout=120)
        assert (refused.status_code, refused.json()) == (400, {"error": "no change 'burnt'"})
        assert (
            httpx.get(verify=TLS, url=f"{here.url}/_sandbox/nobody/screen", timeout=120).status_code
            == 404
        )


async def test_it_runs_beside_an_event_loop_too() -> None:
    async with Running(size=10) as here, httpx.AsyncClient(verify=TLS, timeout=120) as client:
        assert (await client.get(here.url)).json()["size"] == 10


def test_vendors_are_found_in_the_folder() -> None:
    classes = vendor_classes(["greenhouse"])

    assert list(classes) == ["greenhouse"]
    assert classes["greenhouse"].origins["https://harvest.greenhouse.io"] == "harvest"


def test_origins_point_into_the_sandbox() -> None:
    assert origin_map("http://127.0.0.1:9100/", ["shop"]) == {
        "https://api.shop.example": "http://127.0.0.1:9100/shop/api"
    }


def test_an_unknown_vendor_is_refused() -> None:
    with pytest.raises(ValueError, match="no vendor nobody; there are shop"):
        create_app(size=10, vendors=["nobody"])


@pytest.mark.parametrize(
    ("status", "words"),
    [(403, b"Forbidden"), (500, b"Internal server error"), (599, b"Status 599")],
)
def test_every_vendor_words_a_status_as_what_it_means(status: int, words: bytes) -> None:
    for kind in vendor_classes().values():
        answer = kind(World(7, 10), Limiter(()), CallLog()).failed(status)

        assert answer.status == status
        assert words in answer.body
