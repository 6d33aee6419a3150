"""Lists, page by page: all of it, once, and never without end."""

import asyncio
import contextlib
from collections import Counter
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hireloom.errors import UnexpectedAnswerError
from hireloom.kit.message import Answer, Request
from hireloom.kit.paging import CursorPaging, LinkPaging, Page, Pages, WholePaging, whole
from hireloom.kit.trip import Trip, travel
from tests.kit.conftest import Way
from tests.kit.harbor import Call, Harbor, LinkedHarbor, Reply, Ship, Vendor, says


def ships(*ids: int) -> list[dict[str, object]]:
    return [{"id": one, "name": f"Ship {one}"} for one in ids]


def cursor_of(call: Call) -> str | None:
    return dict(parse_qsl(call.target.partition("?")[2])).get("after")


def book(vendor: Vendor, **pages: Reply) -> None:
    """Answers by cursor; `first` is the page without one."""
    vendor.answer = lambda call: pages[cursor_of(call) or "first"]


async def ids(pages: Pages[Ship]) -> list[int]:
    return [ship.id async for page in pages for ship in page]


async def test_cursors_lead_through_the_list(way: Way, vendor: Vendor) -> None:
    book(
        vendor,
        first=says({"data": ships(1, 2), "next": "b", "more": True}),
        b=says({"data": ships(3), "next": "c", "more": True}),
        c=says({"data": ships(4), "next": "d", "more": False}),
    )

    assert await ids(way.to(Harbor).list_ships()) == [1, 2, 3, 4]
    assert vendor.calls[0].target == "/v2/ships?limit=50"
    assert vendor.calls[1].target == "/v2/ships?limit=50&after=b"


async def test_an_empty_page_in_the_middle_is_not_the_end(way: Way, vendor: Vendor) -> None:
    book(
        vendor,
        first=says({"data": ships(1), "next": "b", "more": True}),
        b=says({"data": [], "next": "c", "more": True}),
        c=says({"data": [], "next": "d", "more": True}),
        d=says({"data": ships(2)}),
    )

    assert await ids(way.to(Harbor).list_ships()) == [1, 2]


@pytest.mark.parametrize("last", [{}, {"next": None}, {"next": ""}, {"next": "x", "more": False}])
async def test_the_end_is_seen_in_each_of_its_forms(
    way: Way, vendor: Vendor, last: dict[str, object]
) -> None:
    book(vendor, first=says({"data": ships(1), **last}))

    assert await ids(way.to(Harbor).list_ships()) == [1]


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ({"data": ships(2), "next": "b"}, "does not move"),
        ({"data": ships(2), "next": None, "more": True}, "not where"),
        ({"data": ships(2), "next": {"page": 2}}, "unexpected shape at"),
        ({"data": ships(2), "next": "c", "more": "yes"}, "unexpected shape at"),
    ],
)
async def test_paging_that_leads_nowhere_is_an_error(
    way: Way, vendor: Vendor, second: dict[str, object], words: str
) -> None:
    book(vendor, first=says({"data": ships(1), "next": "b"}), b=says(second))

    with pytest.raises(UnexpectedAnswerError, match=words):
        await ids(way.to(Harbor).list_ships())

    assert len(vendor.calls) == 2


async def test_a_page_that_comes_twice_under_another_cursor_is_noticed() -> None:
    async def fetch(cursor: str | None) -> Page[int]:
        return Page([1], f"after-{cursor}", print=1)

    with pytest.raises(UnexpectedAnswerError, match="twice"):
        await Pages(fetch).all()


@pytest.mark.parametrize("start", [None, "a"])
async def test_cursors_that_go_round_end(start: str | None) -> None:
    asked: Counter[str | None] = Counter()

    async def fetch(cursor: str | None) -> Page[int]:
        asked[cursor] += 1
        return Page([sum(asked.values())], {"a": "b", "b": "c", "c": "a"}[cursor or "c"])

    with pytest.raises(UnexpectedAnswerError, match="twice"):
        _ = [page async for page in Pages(fetch).after(start)]

    assert asked.most_common(1)[0][1] == 1


async def test_the_next_page_is_fetched_while_this_one_is_used() -> None:
    asked: list[str | None] = []

    async def fetch(cursor: str | None) -> Page[int]:
        asked.append(cursor)
        return Page([len(asked)], str(len(asked)) if len(asked) < 5 else None)

    pages = Pages(fetch).after(None)
    await anext(pages)
    await asyncio.sleep(0)

    assert asked == [None, "1"]
    await pages.aclose()


async def test_a_record_that_cannot_be_read_does_not_end_the_list(way: Way, vendor: Vendor) -> None:
    book(
        vendor,
        first=says({"data": [*ships(1), {"id": "x", "name": "y"}], "next": "b"}),
        b=says({"data": ships(2)}),
    )

    with travel(Trip()) as trip:
        assert await ids(way.to(Harbor).list_ships()) == [1, 2]

    assert [(one.id, one.path) for one in trip.set_aside] == [("x", "$.data[1].id")]


def linked(target: str, *numbers: int) -> Reply:
    return says(ships(*numbers)).with_headers(Link=f'<{target}>; rel="next"')


@pytest.mark.parametrize(
    "target",
    [
        "https://api.harbor.example/v2/ships?cursor=a%2Fb%3D&per_page=50",
        "/v2/ships?cursor=a%2Fb%3D&per_page=50",
        "?cursor=a%2Fb%3D&per_page=50",
    ],
)
async def test_links_are_followed_as_they_are(way: Way, vendor: Vendor, target: str) -> None:
    vendor.script(linked(target, 1), says(ships(2)))

    assert await ids(way.to(LinkedHarbor).list_ships()) == [1, 2]
    assert vendor.calls[1].target == "/v2/ships?cursor=a%2Fb%3D&per_page=50"


async def test_a_link_to_where_the_vendor_was_mapped_is_its_own(way: Way, vendor: Vendor) -> None:
    vendor.script(linked(f"{vendor.url}/v2/ships?page=2", 1), says(ships(2)))

    assert await ids(way.to(LinkedHarbor).list_ships()) == [1, 2]


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/v2/ships?page=2",
        "https://api.harbor.example.evil.example/v2/ships",
        "https://api.harbor.example@evil.example/v2/ships",
        "//evil.example/v2/ships",
        "http://api.harbor.example/v2/ships",
        "http://169.254.169.254/",
        "https://[::1",
        "javascript:alert(1)",
    ],
)
async def test_a_link_to_a_foreign_host_gets_no_credentials(
    way: Way, vendor: Vendor, target: str
) -> None:
    vendor.script(linked(target, 1), says(ships(2)))

    with pytest.raises(UnexpectedAnswerError):
        await ids(way.to(LinkedHarbor).list_ships())

    assert len(vendor.calls) == 1


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ('<a>; rel="prev", <b>; rel="next", <c>; rel="last"', "b"),
        ("<b>; rel=next", "b"),
        ('<b>;rel="next"', "b"),
        ('<b> ; title="Next, please"; rel="next"', "b"),
        ('<a>; title="x; rel=next", <b>; REL="Next"', "b"),
        ('<b>; rel="last next"', "b"),
        ('<b?x=1,2&y=(3)>; rel="next"; per="5"', "b?x=1,2&y=(3)"),
        ('<a>; rel="nextish"', None),
        ('<a>; rel="next-archive"', None),
        ("<a>; rel=prev", None),
        ("rubbish", None),
        ("", None),
    ],
)
def test_the_next_link_is_found_among_others(header: str, found: str | None) -> None:
    request = Request("GET", "https://x.example/y")
    answer = Answer(200, {"link": header}, b"[]", request)

    following = LinkPaging(size=("n", 5)).follow(request, answer)

    assert following == (None if found is None else f"https://x.example/{found}")


@given(st.text(max_size=300))
def test_no_link_header_breaks_paging(header: str) -> None:
    request = Request("GET", "https://x.example/y")
    with contextlib.suppress(UnexpectedAnswerError):
        LinkPaging(size=("n", 5)).follow(request, Answer(200, {"link": header}, b"[]", request))


def test_a_cursor_can_travel_in_the_body() -> None:
    way = CursorPaging(
        items="results", next="cursor", send_as="cursor", size=("limit", 100), in_body=True
    )
    request = way.start(Request("POST", "https://x.example", body=b'{"filter":1}'), 30)

    assert request.body == b'{"filter":1,"limit":30}'
    assert way.at(request, "c2").body == b'{"filter":1,"limit":30,"cursor":"c2"}'
    assert way.start(request, 1000).body == b'{"filter":1,"limit":100}'


async def test_a_whole_list_is_one_page() -> None:
    assert await whole([1, 2]).all() == [1, 2]
    request = Request("GET", "https://x.example")
    assert WholePaging().follow(request, Answer(200, {}, b"[]", request)) is None
    with pytest.raises(UnexpectedAnswerError):
        WholePaging().at(request, "2")
