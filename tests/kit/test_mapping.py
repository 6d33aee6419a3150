"""Mapped fields as they are made: pure, of one model, and silent where the vendor is."""

from hireloom.kit.mapping import by_model, with_mapped
from hireloom.models import (
    UNSET,
    Application,
    ApplicationInfo,
    Candidate,
    CandidateInfo,
    Job,
    JobInfo,
)

MAPPED = by_model(
    [
        ("CANDIDATE", "noticePeriod", "notice_period"),
        ("CANDIDATE", "level", "seniority"),
        ("JOB", "costCentre", "cost_center"),
    ]
)


def test_mappings_are_sorted_by_the_records_that_they_are_of() -> None:
    of_candidates = {"noticePeriod": "notice_period", "level": "seniority"}
    of_jobs = {"costCentre": "cost_center"}

    assert dict(MAPPED) == {Candidate: of_candidates, Job: of_jobs}


def test_values_come_from_custom_fields_and_stay_there() -> None:
    fields = {"notice_period": "6 weeks", "seniority": None, "other": 1}
    record = Candidate(info=CandidateInfo(id="1", custom_fields=fields))

    (mapped,) = with_mapped([record], MAPPED)

    assert mapped.info.mapped_fields == {"noticePeriod": "6 weeks", "level": None}
    assert mapped.info.custom_fields == fields
    assert record.info.mapped_fields is UNSET


def test_a_record_without_a_value_says_so() -> None:
    empty = Candidate(info=CandidateInfo(id="1", custom_fields={}))
    nothing = Candidate(info=CandidateInfo(id="2", custom_fields=None))

    mapped = with_mapped([empty, nothing], MAPPED)

    values = [one.info.mapped_fields for one in mapped]
    assert values == [{"noticePeriod": None, "level": None}] * 2


def test_where_the_vendor_says_nothing_of_custom_fields_neither_do_we() -> None:
    record = Candidate(info=CandidateInfo(id="1"))

    (mapped,) = with_mapped([record], MAPPED)

    assert mapped is record


def test_values_keep_their_shape() -> None:
    amount = {"amount": "5.50", "unit": "EUR"}
    record = Job(info=JobInfo(id="1", custom_fields={"cost_center": [amount, True]}))

    (mapped,) = with_mapped([record], MAPPED)

    assert mapped.info.mapped_fields == {"costCentre": [amount, True]}


def test_records_of_which_nothing_is_mapped_stay_as_they_are() -> None:
    record = Application(info=ApplicationInfo(id="1", custom_fields={"cost_center": "1"}))

    assert with_mapped([record], MAPPED) == [record]
    assert with_mapped([], MAPPED) == []
