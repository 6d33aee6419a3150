"""The invented company: the same from the same seed, and findable without a search."""

import itertools
import sys
from datetime import timedelta

import pytest

from hireloom.sandbox.world import FOUNDED, World, resume_pdf


def test_the_same_seed_makes_the_same_company() -> None:
    first, second, other = World(7, 500), World(7, 500), World(8, 500)

    for index in (0, 7, 123, 499):
        assert first.application(index) == second.application(index)
    assert [first.person(index) for index in range(first.people)] == [
        second.person(index) for index in range(second.people)
    ]
    assert [first.person(index).last for index in range(50)] != [
        other.person(index).last for index in range(50)
    ]


@pytest.mark.parametrize("size", [1, 9, 10, 100, 1003])
def test_every_application_is_found_from_its_person_and_its_job(size: int) -> None:
    world = World(7, size)

    by_person = [each for p in range(world.people) for each in world.applications_of_person(p)]
    by_job = [each for job in range(world.jobs) for each in world.applications_of_job(job)]

    assert sorted(by_person) == sorted(by_job) == list(range(size))
    for index in range(size):
        application = world.application(index)
        assert index in world.applications_of_person(application.person)
        assert index in world.applications_of_job(application.job)


def test_some_people_apply_more_than_once_and_later_than_before() -> None:
    world = World(7, 1000)
    several = [world.applications_of_person(person) for person in range(world.people)]

    assert max(len(each) for each in several) == 3
    for indexes in several:
        times = [world.application(index).applied_at for index in indexes]
        assert times == sorted(times)


def test_jobs_list_their_applications_newest_first() -> None:
    world = World(7, 1000)

    for job in range(world.jobs):
        indexes = list(world.applications_of_job(job))
        assert indexes == sorted(indexes, reverse=True)
    assert not list(world.applications_of_job(world.jobs - 1))
    assert world.job(world.jobs - 1).status == "draft"


def test_a_million_applications_take_no_room() -> None:
    world = World(7, 1_000_000)

    last = world.application(999_999)

    assert world.person(last.person).created_at <= last.applied_at <= world.now
    assert world.jobs <= 2500
    held = [value for value in vars(world).values() if isinstance(value, list | dict | tuple | set)]
    assert sum(sys.getsizeof(value) for value in held) < 10_000


def test_dates_lie_in_the_two_years_before_now() -> None:
    world = World(7, 1000)

    for index in range(world.applications):
        application = world.application(index)
        assert FOUNDED <= application.applied_at <= application.updated_at <= world.now
        entries = world.history_of(application)
        assert [entry.stage for entry in entries][-1] == application.stage
        assert entries[-1].left_at is None
        for before, after in itertools.pairwise(entries):
            assert before.left_at == after.entered_at


def test_an_update_window_holds_all_that_was_updated_in_it() -> None:
    world = World(7, 2000)
    since, until = world.now - timedelta(days=40), world.now - timedelta(days=20)

    window = world.applications_updated(since, until)
    people = world.people_updated(since, until)

    assert len(window) < 600
    for index in range(world.applications):
        if since <= world.application(index).updated_at <= until:
            assert index in window
    for index in range(world.people):
        if since <= world.person(index).updated_at <= until:
            assert index in people


def test_names_are_awkward_and_some_details_are_missing() -> None:
    world = World(7, 1000)
    people = [world.person(index) for index in range(world.people)]

    assert any(person.first is None and " " not in person.name for person in people)
    assert any("'" in person.last for person in people)
    assert any(not person.name.isascii() for person in people)
    assert any(person.email is None for person in people)
    assert any(person.phone is None for person in people)
    hosts = {person.email.rpartition("@")[2] for person in people if person.email}
    assert hosts == {"example.com", "example.org", "example.net"}
    emails = [person.email for person in people if person.email]
    assert len(set(emails)) == len(emails)


def test_every_status_and_side_occurs() -> None:
    world = World(7, 1000)
    applications = [world.application(index) for index in range(world.applications)]

    assert {each.status for each in applications} == {"active", "rejected", "hired"}
    prospects = sum(each.prospect for each in applications)
    assert 10 <= prospects <= 60
    for each in applications:
        assert (each.rejected_at is None) == (each.status != "rejected")
        assert each.hired_at is None or each.stage == 6
        if each.rejection_reason is not None:
            side = world.rejection_reason(each.rejection_reason).side
            assert each.withdrawn == (side == "candidate")
    jobs = {world.job(index).status for index in range(world.jobs)}
    assert jobs == {"open", "closed", "archived", "draft"}


def test_what_hangs_on_applications_has_indexes_of_its_own() -> None:
    world = World(7, 800)
    for kind, each in (("interviews_of", 2), ("scorecards_of", 4), ("offers_of", 2),
                       ("attachments_of", 2), ("notes_of", 2), ("history_of", 8)):  # fmt: skip
        indexes = []
        for index in range(world.applications):
            for record in getattr(world, kind)(world.application(index)):
                assert record.index // each == index
                indexes.append(record.index)
        assert indexes
        assert len(set(indexes)) == len(indexes)


def test_scorecards_come_from_people_who_interviewed() -> None:
    world = World(7, 400)

    for index in range(world.applications):
        application = world.application(index)
        interviews = {each.index: each for each in world.interviews_of(application)}
        for card in world.scorecards_of(application):
            assert card.interviewer in interviews[card.interview].interviewers
            assert world.user(card.interviewer).active


def test_a_uuid_tells_its_index_to_its_kind_only() -> None:
    world = World(7, 100)
    uuids = [world.uuid("candidate", index) for index in range(100)]

    assert len(set(uuids)) == 100
    assert [world.index_of("candidate", uuid) for uuid in uuids] == list(range(100))
    assert world.index_of("candidate", uuids[3].upper()) == 3
    assert world.index_of("job", uuids[3]) is None
    assert World(8, 100).index_of("candidate", uuids[3]) is None
    for text in ("", "not-a-uuid", "00000000-0000-4000-8000-000000000000"):
        assert world.index_of("candidate", text) is None


def test_a_resume_is_a_pdf_whose_cross_references_hold() -> None:
    world = World(7, 100)
    person = next(p for p in map(world.person, range(100)) if not p.name.isascii())

    document = resume_pdf(person)

    assert document == resume_pdf(person)
    assert document.startswith(b"%PDF-1.4\n")
    assert document.endswith(b"%%EOF\n")
    start = int(document.rsplit(b"startxref\n", 1)[1].split(b"\n", 1)[0])
    table = document[start:].split(b"\n")
    assert table[0] == b"xref"
    for number in range(1, 6):
        offset = int(table[2 + number].split(b" ")[0])
        assert document[offset:].startswith(b"%d 0 obj\n" % number)
    assert person.company.encode("cp1252").replace(b"(", b"\\(") in document


def test_there_is_nothing_beyond_the_end() -> None:
    world = World(7, 10)

    for get, count in ((world.application, 10), (world.person, world.people), (world.stage, 7)):
        with pytest.raises(IndexError):
            get(count)
        with pytest.raises(IndexError):
            get(-1)
