"""Greenhouse Harvest v3: the tables that were looked up beside a page of records.

A table that was not wanted is None; a row that is missing leaves an id without a name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from hireloom.connectors.ats._greenhouse_job_records import (
    GreenhouseJobInterview,
    GreenhouseJobUser,
    GreenhouseOpening,
    GreenhousePayRange,
    GreenhousePost,
    GreenhousePostLocation,
    GreenhouseStage,
)
from hireloom.connectors.ats._greenhouse_records import (
    GreenhouseApplication,
    GreenhouseApplicationStage,
    GreenhouseAttributeRating,
    GreenhouseCandidate,
    GreenhouseEducation,
    GreenhouseEmployment,
    GreenhouseInterviewer,
    GreenhouseNamed,
    GreenhouseNote,
    GreenhousePlace,
    GreenhouseReason,
    GreenhouseReferrer,
    GreenhouseRejection,
    GreenhouseScorecardAnswer,
    GreenhouseScorecardQuestion,
    GreenhouseSource,
    GreenhouseUser,
)
from hireloom.models import JobModel

S = TypeVar("S")


@dataclass
class ApplicationTables:
    """What a page of applications refers to; a table that was not wanted is None."""

    candidates: Mapping[str, GreenhouseCandidate] | None = None
    sources: Mapping[str, GreenhouseSource] = field(default_factory=dict)
    referrers: Mapping[str, GreenhouseReferrer] = field(default_factory=dict)
    users: dict[str, GreenhouseUser] = field(default_factory=dict)
    current: Mapping[int, Sequence[GreenhouseApplicationStage]] | None = None
    history: Mapping[int, Sequence[GreenhouseApplicationStage]] | None = None  # of the rejected
    stages: Mapping[str, GreenhouseStage] = field(default_factory=dict)
    rejections: Mapping[int, Sequence[GreenhouseRejection]] | None = None
    reasons: Mapping[str, GreenhouseReason] = field(default_factory=dict)
    notes: Mapping[str, GreenhouseNote] = field(default_factory=dict)
    answered: bool = True


@dataclass
class CandidateTables:
    applications: Mapping[int, Sequence[GreenhouseApplication]] | None = None
    educations: Mapping[int, Sequence[GreenhouseEducation]] | None = None
    options: Mapping[str, GreenhouseNamed] = field(default_factory=dict)
    employments: Mapping[int, Sequence[GreenhouseEmployment]] | None = None
    located: bool = True


@dataclass
class JobTables:
    departments: Mapping[str, GreenhousePlace] | None = None
    offices: Mapping[str, GreenhousePlace] | None = None
    openings: Mapping[int, Sequence[GreenhouseOpening]] | None = None
    managers: Mapping[int, Sequence[GreenhouseJobUser]] | None = None
    owners: Mapping[int, Sequence[GreenhouseJobUser]] | None = None
    users: Mapping[str, GreenhouseUser] = field(default_factory=dict)
    stages: Mapping[int, Sequence[GreenhouseStage]] | None = None
    posts: Mapping[int, Sequence[GreenhousePost]] | None = None
    locations: Mapping[int, Sequence[GreenhousePostLocation]] = field(default_factory=dict)
    post_offices: Mapping[str, GreenhousePlace] = field(default_factory=dict)
    pay: Mapping[int, Sequence[GreenhousePayRange]] | None = None
    asked: frozenset[JobModel] = frozenset()


@dataclass
class InterviewTables:
    slots: Mapping[str, GreenhouseJobInterview]
    stages: Mapping[str, GreenhouseStage]
    interviewers: Mapping[int, Sequence[GreenhouseInterviewer]]
    users: Mapping[str, GreenhouseUser]


@dataclass
class ScorecardTables:
    users: Mapping[str, GreenhouseUser]
    candidates: Mapping[int, str | None]  # by application
    interviews: Mapping[int, str]  # by scorecard
    answers: Mapping[int, Sequence[GreenhouseScorecardAnswer]]
    questions: Mapping[str, GreenhouseScorecardQuestion]
    chosen: Mapping[int, Sequence[str]]  # the options' names, by answer
    ratings: Mapping[int, Sequence[GreenhouseAttributeRating]]
    attributes: Mapping[str, GreenhouseNamed]


@dataclass(frozen=True)
class RefusedFilter(Generic[S]):
    """A parameter that Greenhouse does not take, and the table that was read instead."""

    id: str
    rows: list[S] | None
