"""Lever's contacts as candidates, read off the opportunities."""

from datetime import date

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


async def test_a_person_comes_once_per_page_with_all_candidacies() -> None:
    first, second = rows()
    again = {**second, "contact": "contact-ines", "tags": ["cook"]}
    elsewhere = {**again, "id": "opp-0", "createdAt": MILLIS - 900_000, "tags": ["diver"]}
    lever, replay = account(
        answers={
            "GET /v1/opportunities": lambda request: (
                page(first, again, elsewhere)
                if ("contact_id", "contact-ines") in request.params
                else page(first, again)
            )
        }
    )

    [found] = await lever.list_candidates(CandidateQuery()).all()

    assert found.info.applications == ["opp-2", "opp-1", "opp-0"]
    assert found.info.tags == ["cook", "Deckhand", "sea legs", "diver"]
    assert found.info.is_private is True
    assert replay.sent[1].params["contact_id"] == "contact-ines"


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
    assert found[0].info.id == "contact-ines"
    assert replay.sent[0].params["email"] == "ines@mail.example"


async def test_confidential_records_are_asked_for_only_where_that_is_chosen() -> None:
    plain, replay = account()
    asking, asked = account({"confidential": "include"})

    await plain.list_applications(ApplicationQuery()).all()
    await asking.list_applications(ApplicationQuery()).all()

    assert "confidentiality" not in replay.sent[0].params
    assert asked.sent[0].params["confidentiality"] == "all"
