"""Native filters: two names for each, one query, and the check of what a vendor did not apply."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hireloom.errors import RequestInvalidError
from hireloom.models import (
    UNSET,
    ApplicationQuery,
    ApplicationStatus,
    CandidateQuery,
    DataType,
    JobQuery,
    JobStatus,
)
from hireloom.sync.native import fits, judged, parse, sections
from tests.sync.samples import APPLICATION, APPLIED, INFO


def refusal(given: Any, data_type: DataType = DataType.APPLICATIONS) -> tuple[str, str]:
    with pytest.raises(RequestInvalidError) as refused:
        parse(data_type, given)
    (problem,) = refused.value.fields
    return problem.path, problem.msg


@pytest.mark.parametrize(
    ("data_type", "given", "query"),
    [
        (
            DataType.APPLICATIONS,
            {
                "ats_applications_job_id": "1, 2",
                "ats_applications_stage": ["s1"],
                "ats_applications_created_after": "2026-01-01T00:00:00Z",
                "ats_applications_tag": "one, with a comma",
                "ats_applications_status": "ACTIVE,HIRED",
                "ats_applications_candidate_email": "ines@example.com",
            },
            ApplicationQuery(
                job_id=("1", "2"),
                stage_id=("s1",),
                created_after=datetime(2026, 1, 1, tzinfo=UTC),
                tag=("one, with a comma",),
                status=(ApplicationStatus.ACTIVE, ApplicationStatus.HIRED),
                candidate_email=("ines@example.com",),
            ),
        ),
        (
            DataType.CANDIDATES,
            {"jobId": ["1"], "email": "a@example.com"},
            CandidateQuery(job_id=("1",), email=("a@example.com",)),
        ),
        (
            DataType.JOBS,
            {"ats_jobs_department_id": "d", "officeId": "o", "status": "OPEN"},
            JobQuery(department_id=("d",), office_id=("o",), status=(JobStatus.OPEN,)),
        ),
        (DataType.JOBS, {}, JobQuery()),
    ],
)
def test_filters_go_by_two_names(data_type: DataType, given: Any, query: Any) -> None:
    assert parse(data_type, given) == query


@pytest.mark.parametrize(
    ("given", "where", "sentence"),
    [
        ([], "filters", "an object"),
        ({"jobid": "1"}, "filters.jobid", "did you mean 'jobId'?"),
        ({"ats_jobs_status": "OPEN"}, "filters.ats_jobs_status", "a filter of ats_jobs"),
        ({"models": "application_info"}, "filters.models", "a setting of their own"),
        ({"updatedAfter": "2026-01-01T00:00:00Z"}, "filters.updatedAfter", "info.updatedAt"),
        (
            {"ats_applications_changed_stage_before": "2026-01-01T00:00:00Z"},
            "filters.ats_applications_changed_stage_before",
            "currentStage.enteredAt",
        ),
        ({"createdAfter": "2026-01-01T00:00:00"}, "filters.createdAfter", "time zone"),
        ({"createdAfter": 5}, "filters.createdAfter", "an instant"),
        ({"status": "ACTIV"}, "filters.status", "did you mean 'ACTIVE'?"),
        ({"jobId": []}, "filters.jobId", "1 to 500 values"),
        ({"jobId": " , "}, "filters.jobId", "1 to 500 values"),
        ({"jobId": ["1", 2]}, "filters.jobId", "values of text"),
        ({"jobId": ["a\0"]}, "filters.jobId", "values of text"),
        (
            {"jobId": "1", "ats_applications_job_id": "2"},
            "filters.ats_applications_job_id",
            "given twice",
        ),
    ],
)
def test_a_wrong_filter_is_named(given: Any, where: str, sentence: str) -> None:
    path, msg = refusal(given)

    assert path == where
    assert sentence in msg


def test_what_the_vendor_did_not_apply_is_completed() -> None:
    query = ApplicationQuery(job_id=("4001",), tag=("SILVER",), created_after=APPLIED)

    assert fits(query, APPLICATION)
    assert not fits(replace(query, job_id=("4002",)), APPLICATION)
    assert not fits(replace(query, created_after=APPLIED + timedelta(seconds=1)), APPLICATION)
    assert judged(query, {"job_id"}).completed == ("createdAfter", "tag")


def test_where_a_record_says_nothing_the_vendor_is_believed() -> None:
    silent = replace(APPLICATION, info=replace(INFO, job_id=UNSET))
    query = ApplicationQuery(job_id=("4001",))

    assert fits(query, silent, {"job_id"})
    assert not fits(query, silent)


def test_a_query_says_which_sections_it_needs() -> None:
    query = parse(DataType.APPLICATIONS, {"stageId": "s1", "jobId": "1"})

    assert sections(query) == {"currentStage", "info"}


@given(
    st.sampled_from(DataType),
    st.dictionaries(
        st.sampled_from(["jobId", "status", "tag", "createdAfter", "ats_jobs_status"]) | st.text(),
        st.recursive(
            st.none() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner, max_size=3),
        ),
    ),
)
def test_no_value_breaks_anything(data_type: DataType, given: Any) -> None:
    try:
        query = parse(data_type, given)
    except RequestInvalidError:
        return

    assert data_type is not DataType.APPLICATIONS or isinstance(fits(query, APPLICATION), bool)
