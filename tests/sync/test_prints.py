"""Fingerprints: what counts as a change, where it is said to be, and what does not count."""

from datetime import timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hireloom.models import (
    UNSET,
    Application,
    ApplicationModel,
    ApplicationStatus,
    Candidate,
    CandidateInfo,
    Interview,
    Job,
    JobInfo,
    JobStatus,
    Model,
    Offer,
    OfferStatus,
    Stage,
)
from hireloom.sync.prints import DIGEST_BYTES, Parts, Prints, parts_of, steady
from tests.sync.samples import APPLICATION, INFO, NOW

KEY = b"k" * 32
PARTS = parts_of(Application)


def prints(parts: Parts = PARTS, key: bytes = KEY) -> Prints:
    return Prints(key, parts.names)


def of(record: Model, parts: Parts = PARTS) -> bytes:
    return prints(parts).of(parts.split(record))


def with_info(**changes: Any) -> Application:
    return replace(APPLICATION, info=replace(INFO, **changes))


def changed(after: Application) -> tuple[str, ...]:
    return prints().changed(of(APPLICATION), of(after))


def test_the_parts_are_named_as_json_paths() -> None:
    assert PARTS.names == (
        "$.info.status",
        "$.info.statusSource",
        "$.info.candidate",
        "$.info.source",
        "$.info.jobId",
        "$.info.owner",
        "$.info.tags",
        "$.info.customFields",
        "$.info.mappedFields",
        "$.info",
        "$.currentStage",
        "$.interviews",
        "$.rejection",
        "$.offers",
        "$.attachments",
        "$.questionResponses",
    )
    assert len(of(APPLICATION)) == DIGEST_BYTES * len(PARTS.names)


@pytest.mark.parametrize(
    ("after", "names"),
    [
        (APPLICATION, ()),
        (with_info(status=ApplicationStatus.HIRED), ("$.info.status",)),
        (with_info(status_source="on"), ("$.info.statusSource",)),
        (with_info(url="https://ats.example/1", is_prospect=True), ("$.info",)),
        (with_info(custom_fields={"level": "L6"}), ("$.info.customFields",)),
        (with_info(mapped_fields={"rank": "L6", "left": None}), ("$.info.mappedFields",)),
        (with_info(mapped_fields={"rank": None}), ()),
        (with_info(mapped_fields={}), ()),
        (with_info(tags=["silver"], job_id="4002"), ("$.info.jobId", "$.info.tags")),
        (with_info(rejected_at=UNSET), ("$.info",)),
        (with_info(owner=None), ("$.info.owner",)),
        (replace(APPLICATION, current_stage=Stage(id="s2")), ("$.currentStage",)),
        (replace(APPLICATION, rejection=UNSET, offers=[]), ("$.rejection", "$.offers")),
    ],
)
def test_a_change_is_named(after: Application, names: tuple[str, ...]) -> None:
    assert changed(after) == names


def test_empty_and_left_out_are_two_states() -> None:
    empty, left_out = with_info(owner=None), with_info(owner=UNSET)

    assert of(empty) != of(left_out)


@pytest.mark.parametrize(
    "same",
    [
        with_info(updated_at=NOW + timedelta(days=1)),
        with_info(updated_at=UNSET),
        with_info(tags=["python", "silver"]),
        with_info(applied_at=INFO.applied_at.astimezone(timezone(timedelta(hours=5)))),  # type: ignore[union-attr]  # it is given
        with_info(custom_fields=dict(reversed(INFO.custom_fields.items()))),  # type: ignore[union-attr]  # they are given
        replace(
            APPLICATION,
            attachments=[
                replace(one, link="https://files.example/1?sig=2", link_expires_at=None)
                for one in APPLICATION.attachments  # type: ignore[union-attr]  # there is one
            ],
        ),
        replace(APPLICATION, interviews=list(reversed(APPLICATION.interviews))),  # type: ignore[arg-type]  # there are two
        replace(
            APPLICATION,
            interviews=[replace(one, updated_at=UNSET) for one in APPLICATION.interviews],  # type: ignore[union-attr]  # there are two
        ),
    ],
)
def test_what_changes_by_itself_does_not_count(same: Application) -> None:
    assert of(same) == of(APPLICATION)
    assert steady(same) == steady(same)


def test_an_attachment_with_another_name_counts() -> None:
    renamed = [replace(one, name="new.pdf") for one in APPLICATION.attachments or []]

    assert changed(replace(APPLICATION, attachments=renamed)) == ("$.attachments",)


def test_stages_and_emails_keep_their_order() -> None:
    stages = [Stage(id="2"), Stage(id="1")]
    job = Job(info=JobInfo(id="1"), stages=stages)
    parts = parts_of(Job)

    after = replace(job, stages=list(reversed(stages)))

    assert prints(parts).changed(of(job, parts), of(after, parts)) == ("$.stages",)


def test_equal_content_of_two_parts_has_two_digests() -> None:
    pair = Prints(KEY, ("$.a", "$.b"))

    fingerprint = pair.of([b"same", b"same"])

    assert fingerprint[:DIGEST_BYTES] != fingerprint[DIGEST_BYTES:]


def test_another_key_gives_another_fingerprint() -> None:
    mine, theirs = prints(), prints(key=b"x" * 32)
    parts = PARTS.split(APPLICATION)

    assert not set(cut(mine.of(parts))) & set(cut(theirs.of(parts)))


def cut(fingerprint: bytes) -> list[bytes]:
    return [fingerprint[at : at + DIGEST_BYTES] for at in range(0, len(fingerprint), DIGEST_BYTES)]


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=900))
def test_a_fingerprint_does_not_depend_on_what_came_before(values: list[bytes]) -> None:
    seasoned = Prints(KEY, ("$.a",))
    for value in values:
        seasoned.of([value])

    assert seasoned.of([values[0]]) == Prints(KEY, ("$.a",)).of([values[0]])


def test_a_part_that_could_not_be_read_keeps_its_digest() -> None:
    before = of(APPLICATION)
    after = of(replace(with_info(job_id="9"), offers=UNSET))

    kept = prints().merged(before, after, {"$.offers"})

    assert prints().changed(before, kept) == ("$.info.jobId",)


def test_everything_differs_from_a_record_that_was_kept_back() -> None:
    fingerprint = of(APPLICATION)

    assert prints().changed(b"", fingerprint) == PARTS.names
    assert prints().merged(b"", fingerprint, {"$.offers"}) == fingerprint


def test_a_model_that_is_not_subscribed_does_not_count() -> None:
    parts = parts_of(Application, [ApplicationModel.STAGE, ApplicationModel.OFFERS])
    other = replace(with_info(job_id="9"), interviews=[])
    moved = replace(other, offers=[Offer(id="o1", status=OfferStatus.SIGNED)])

    assert parts.names == ("$.currentStage", "$.offers")
    assert of(other, parts) == of(APPLICATION, parts)
    assert prints(parts).changed(of(other, parts), of(moved, parts)) == ("$.offers",)


def test_one_section_alone_can_be_subscribed() -> None:
    parts = parts_of(Application, [ApplicationModel.INTERVIEWS])
    other = replace(APPLICATION, interviews=[Interview(id="i9")])

    assert parts.names == ("$.interviews",)
    assert of(APPLICATION, parts) != of(other, parts)


def test_candidates_and_jobs_are_cut_as_well() -> None:
    candidate = Candidate(info=CandidateInfo(id="1", tags=["b", "a"], job_ids=["2", "1"]))
    same = Candidate(info=CandidateInfo(id="1", tags=["a", "b"], job_ids=["2", "1"]))
    job = Job(info=JobInfo(id="1", title="Cook"))
    open_ = Job(info=JobInfo(id="1", title="Cook", status=JobStatus.OPEN))
    people, jobs = parts_of(Candidate), parts_of(Job)

    assert of(candidate, people) == of(same, people)
    assert prints(jobs).changed(of(job, jobs), of(open_, jobs)) == ("$.info.status",)


def test_the_number_of_parts_must_be_right() -> None:
    with pytest.raises(ValueError, match="2 parts for 1 names"):
        Prints(KEY, ("$",)).of([b"", b""])


def test_a_steady_record_has_no_links_and_sorted_tags() -> None:
    kept = steady(APPLICATION)

    assert kept.info.updated_at is UNSET
    assert kept.info.tags == ["python", "silver"]
    assert [one.link for one in kept.attachments or []] == [UNSET]
