"""What a sync can read: applications, candidates and jobs, each with its ways to be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hireloom.kit import Connector
from hireloom.kit.capabilities import (
    GetsApplications,
    GetsCandidates,
    GetsJobs,
    GetsManyApplications,
    GetsManyCandidates,
    GetsManyJobs,
    ListsApplicationIds,
    ListsApplications,
    ListsCandidateIds,
    ListsCandidates,
    ListsChangedApplications,
    ListsChangedCandidates,
    ListsChangedJobs,
    ListsJobIds,
    ListsJobs,
)
from hireloom.kit.integration import has
from hireloom.kit.sections import MEMBERS, besides
from hireloom.kit.support import unsupported
from hireloom.models import (
    Application,
    ApplicationModel,
    ApplicationQuery,
    Candidate,
    CandidateModel,
    CandidateQuery,
    DataType,
    Job,
    JobModel,
    JobQuery,
    JobStatus,
    Model,
    Request,
    Word,
    given,
)


@dataclass(frozen=True)
class Kind:
    """One data type: its model, and the capabilities by which connectors read it."""

    data_type: DataType
    model: type[Model]
    query: type[Request]
    models: type[Word]
    lists: type
    lists_changed: type
    lists_ids: type
    gets_many: type
    gets: type
    deleted: tuple[str, ...]  # the ids that a deletion is told with, the record's own first

    def parents(self, record: Any) -> tuple[str | None, ...]:
        """The ids beside the record's own that a deletion is told with."""
        if self.data_type is not DataType.APPLICATIONS:
            return ()
        candidate = given(record.info.candidate)
        return (None if candidate is None else candidate.id, given(record.info.job_id))

    def is_inactive(self, record: Any) -> bool:
        """Jobs that nobody hires for any more. An application is never inactive: that it was

        rejected or hired is what many receivers wait for.
        """
        return self.data_type is DataType.JOBS and record.info.status in INACTIVE_JOBS

    def fillable(self, connector: type[Connector]) -> tuple[Any, ...]:
        """The models that this vendor can fill."""
        missing = self.unsaid(connector)
        return tuple(
            one
            for one in self.models
            if one is not JobModel.RAW_VALUES  # for those who ask for it
            and self.section(one) not in missing
        )

    def unsaid(self, connector: type[Connector]) -> frozenset[str]:
        """The paths that no record of this vendor fills."""
        return frozenset(unsupported(connector, self.model, besides(connector, self.model)))

    def section(self, model: Word) -> str:
        """The field of a record, as it is on the wire, that a model is seen in."""
        wire = dict(
            zip(self.model.__struct_fields__, self.model.__struct_encode_fields__, strict=True)
        )
        return wire[MEMBERS[model]] if model in MEMBERS else "info"

    def synced_by(self, connector: type[Connector]) -> bool:
        return has(connector, self.lists)


INACTIVE_JOBS = frozenset({JobStatus.CLOSED, JobStatus.FILLED, JobStatus.ARCHIVED})

KINDS: dict[DataType, Kind] = {
    DataType.APPLICATIONS: Kind(
        DataType.APPLICATIONS,
        Application,
        ApplicationQuery,
        ApplicationModel,
        ListsApplications,
        ListsChangedApplications,
        ListsApplicationIds,
        GetsManyApplications,
        GetsApplications,
        ("applicationId", "candidateId", "jobId"),
    ),
    DataType.CANDIDATES: Kind(
        DataType.CANDIDATES,
        Candidate,
        CandidateQuery,
        CandidateModel,
        ListsCandidates,
        ListsChangedCandidates,
        ListsCandidateIds,
        GetsManyCandidates,
        GetsCandidates,
        ("candidateId",),
    ),
    DataType.JOBS: Kind(
        DataType.JOBS,
        Job,
        JobQuery,
        JobModel,
        ListsJobs,
        ListsChangedJobs,
        ListsJobIds,
        GetsManyJobs,
        GetsJobs,
        ("jobId",),
    ),
}


def kind_of(data_type: str) -> Kind:
    return KINDS[DataType(data_type)]


def words(kind: Kind, models: Sequence[str]) -> tuple[Any, ...]:
    return tuple(kind.models(one) for one in models)
