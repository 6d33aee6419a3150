"""Lever's contacts as candidates, read off the opportunities."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from hireloom import kit
from hireloom.kit import Request
from hireloom.kit.trip import Trip, travel
from hireloom.models import (
    ApplicationQuery,
    Candidate,
    CandidateInfo,
    CandidateQuery,
    CandidateSearch,
    Education,
    Email,
    Experience,
    Location,
)
from tests.connectors.ats.lever_account import (
    DAY,
    FAIR,
    INES_PHONES,
    MILLIS,
    MINUTE,
    OLGA,
    START,
    account,
    page,
    rows,
)
from tests.replay import fixture

INES = CandidateInfo(
    id="contact-ines",
    first_name="Ines",
    last_name="Vega",
    phones=INES_PHONES,
    emails=[Email(email="ines@mail.example")],
    links=["https://ines.example"],
    tags=["Deckhand", "sea legs"],
    headline="Northlight Ferries",
    source=FAIR,
    owner=OLGA,
    created_at=START - MINUTE,
    updated_at=START + 2 * DAY,
    applications=["opp-1"],
    job_ids=["posting-deck"],
    is_private=False,
    url="https://hire.lever.example/opp-1",
)


async def test_candidates_are_read_off_the_opportunities() -> None:
    lever, _ = account()

    ines, tove = await lever.list_candidates(CandidateQuery()).all()

    assert ines == Candidate(info=INES, locations=[Location(raw="Bergen")])
    assert (tove.info.id, tove.info.is_private, tove.info.job_ids) == ("contact-tove", True, [])


def candidacy(identity: str, contact: str, made: int, **changed: Any) -> dict[str, Any]:
    """A candidacy of somebody, made so many minutes after the start."""
    stamp = MILLIS + made * 60_000
    times = {"createdAt": stamp, "updatedAt": stamp}
    return {**rows()[1], "id": identity, "contact": contact, **times, **changed}


def listing(*found: dict[str, Any], repeats: bool = True) -> Callable[[Request], Any]:
    """Lever's list, with its filters, in the order of `found`; a page holds `limit` of them.

    Without `repeats` only the first of several contacts counts.
    """

    def answer(request: Request) -> dict[str, Any]:
        asked: dict[str, list[str]] = {}
        for name, value in request.params:
            asked.setdefault(name, []).append(value)
        contacts = asked.get("contact_id", [])[: None if repeats else 1]
        since = int(asked.get("updated_at_start", ["0"])[0])
        kept = [
            one
            for one in found
            if (not contacts or one["contact"] in contacts)
            and one["updatedAt"] >= since
            and all(tag in one["tags"] for tag in asked.get("tag", []))
            and all(posting_of(one, False) == each for each in asked.get("posting_id", []))
            and all(posting_of(one, True) == each for each in asked.get("archived_posting_id", []))
        ]
        start, size = int(asked.get("offset", ["0"])[0]), int(asked["limit"][0])
        more = start + size < len(kept)
        return page(*kept[start : start + size], following=str(start + size) if more else None)

    return answer


def posting_of(one: dict[str, Any], archived: bool) -> str | None:
    """The posting of an application that is archived, or is not."""
    link = next(iter(one["applications"]), None)
    return link["posting"] if link and (link["archived"] is not None) is archived else None


async def test_a_person_shows_all_candidacies() -> None:
    ines = rows()[0]
    again = candidacy("opp-2", "contact-ines", 0, tags=["cook"])
    elsewhere = candidacy("opp-0", "contact-ines", -15, tags=["diver"])
    lever, _ = account(answers={"GET /v1/opportunities": listing(ines, again, elsewhere)})

    [found] = await lever.list_candidates(CandidateQuery()).all()

    assert found.info.applications == ["opp-2", "opp-1", "opp-0"]
    assert found.info.tags == ["cook", "Deckhand", "sea legs", "diver"]
    assert found.info.is_private is True


SEVERAL = (
    candidacy("a-3", "ann", 9, tags=["x"]),
    candidacy("b-2", "bob", 8),
    candidacy("a-2", "ann", 7, tags=["x"]),
    candidacy("c-1", "cleo", 6, tags=["x"]),
    candidacy("a-1", "ann", 5),
    candidacy("b-1", "bob", 4, tags=["x"]),
)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize(
    "query",
    [
        CandidateQuery(),
        CandidateQuery(tag=("x",)),
        CandidateQuery(updated_after=START + 5 * MINUTE),
        CandidateQuery(updated_after=START + 6 * MINUTE, tag=("x",)),
    ],
)
async def test_a_person_comes_once_in_a_whole_list(size: int, query: CandidateQuery) -> None:
    lever, _ = account(
        answers={
            "GET /v1/opportunities": listing(*SEVERAL),
            "GET /v1/tags": page({"text": "x", "count": 1}),
        }
    )

    with travel(Trip(page_size=size)):
        found = await lever.list_candidates(query).all()

    fitting = {
        one["contact"]
        for one in SEVERAL
        if (not query.updated_after or one["updatedAt"] >= kit.to_millis(query.updated_after))
        and (not query.tag or "x" in one["tags"])
    }
    assert sorted(one.info.id or "" for one in found) == sorted(fitting)


async def test_who_applied_twice_for_a_job_comes_once() -> None:
    archived = {"reason": "reason-skills", "archivedAt": MILLIS}
    link = {"id": "app", "posting": "deck", "archived": None}
    now = candidacy("opp-9", "ann", 9, applications=[link])
    before = candidacy("opp-1", "ann", 1, applications=[{**link, "archived": archived}])
    other = candidacy("opp-2", "bob", 2, applications=[{**link, "archived": archived}])
    lever, _ = account(answers={"GET /v1/opportunities": listing(now, before, other)})

    found = await lever.list_candidates(CandidateQuery(job_id=("deck",))).all()

    assert [one.info.id for one in found] == ["ann", "bob"]


async def test_people_are_asked_for_alone_where_lever_heeds_one_of_several() -> None:
    lever, _ = account(answers={"GET /v1/opportunities": listing(*SEVERAL, repeats=False)})

    with travel(Trip(page_size=4)):
        found = await lever.list_candidates(CandidateQuery()).all()

    assert {one.info.id: one.info.applications for one in found} == {
        "ann": ["a-3", "a-2", "a-1"],
        "bob": ["b-2", "b-1"],
        "cleo": ["c-1"],
    }
    assert len(found) == 3


async def test_a_candidate_comes_with_what_lever_read_from_the_resume() -> None:
    lever, _ = account(
        answers={
            "GET /v1/opportunities": page(rows()[0]),
            "GET /contacts/contact-ines": fixture("lever", "contact.json"),
            "GET /opportunities/opp-1/resumes": fixture("lever", "resumes.list.json"),
        }
    )

    ines = await lever.get_candidate("contact-ines")

    assert (ines.info.id, ines.info.applications) == ("contact-ines", ["opp-1"])
    assert ines.education == [
        Education(
            institute="Sea School",
            degree="Certificate",
            major="Navigation",
            start_date=date(2018, 1, 1),
            end_date=date(2019, 6, 1),
        )
    ]
    assert ines.experiences == [
        Experience(
            company="Northlight Ferries",
            title="Mate",
            start_date=date(2020, 4, 1),
            end_date=None,
            description="Ropes",
        )
    ]


async def test_people_are_looked_for_by_e_mail() -> None:
    lever, replay = account()
    search = CandidateSearch(emails=("ines@mail.example",), last_name="Vega")

    pages = lever.search_candidates(search)
    found = await pages.all()

    assert pages.applied == {"emails"}
    assert [one.info.id for one in found] == ["contact-ines"]
    assert replay.sent[0].params["email"] == "ines@mail.example"


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (CandidateSearch(first_name="iNES"), ["contact-ines"]),
        (CandidateSearch(first_name="Ine"), []),
        (CandidateSearch(last_name="vega"), ["contact-ines"]),
        (CandidateSearch(first_name="Tove", last_name="Vega"), []),
        (CandidateSearch(phones=("0047 55550102", "+47 (55) 55-01-02")), ["contact-ines"]),
        (CandidateSearch(phones=("55 55 01 02",)), []),
        (CandidateSearch(phones=("12",), last_name="Vega"), ["contact-ines"]),
        (CandidateSearch(phones=("n/a",)), []),
        (CandidateSearch(emails=("INES@mail.example",)), ["contact-ines"]),
        (CandidateSearch(emails=("ines@mail.example", "Ines@mail.example ")), ["contact-ines"]),
        (CandidateSearch(emails=("tove@mail.example",)), []),
        (CandidateSearch(emails=("ines@mail.example",), first_name="Tove"), []),
        (CandidateSearch(emails=("ines@mail.example",), phones=("13",)), []),
    ],
)
async def test_a_search_finds_only_who_fits_all_of_it(
    search: CandidateSearch, found: list[str]
) -> None:
    lever, _ = account()  # gives everybody, whatever is asked for

    people = await lever.search_candidates(search).all()

    assert [one.info.id for one in people] == found


async def test_a_name_of_several_words_is_found_however_it_is_cut() -> None:
    ana = candidacy("opp-1", "ana", 0, name="Ana de la Cruz")
    lever, _ = account(answers={"GET /v1/opportunities": page(ana)})

    search = CandidateSearch(first_name="Ana", last_name="De la Cruz")

    assert [one.info.id for one in await lever.search_candidates(search).all()] == ["ana"]


async def test_who_has_two_of_the_e_mails_is_found_once() -> None:
    both = candidacy("opp-1", "ann", 0, emails=["a@mail.example", "b@mail.example"])
    lever, _ = account(answers={"GET /v1/opportunities": page(both)})

    search = CandidateSearch(emails=("b@mail.example", "A@mail.example"))

    assert [one.info.id for one in await lever.search_candidates(search).all()] == ["ann"]


async def test_confidential_records_are_asked_for_only_where_that_is_chosen() -> None:
    plain, replay = account()
    asking, asked = account({"confidential": "include"})

    await plain.list_applications(ApplicationQuery()).all()
    await asking.list_applications(ApplicationQuery()).all()

    assert "confidentiality" not in replay.sent[0].params
    assert asked.sent[0].params["confidentiality"] == "all"
