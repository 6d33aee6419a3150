"""What a connection can do, in the words of people, read from what the connector can do."""

from collections.abc import Collection
from dataclasses import dataclass

from hireloom.kit import Connector
from hireloom.kit import capabilities as can
from hireloom.kit.integration import has

# Per kind of data, the capabilities that read it and those that write it.
READS: dict[str, tuple[type, ...]] = {
    "jobs": (can.ListsJobs,),
    "applications": (can.ListsApplications,),
    "candidates": (can.ListsCandidates,),
    "stages": (can.ListsStages, can.ListsRejectionReasons),
    "interviews": (can.ListsInterviews,),
    "scores": (can.ListsScorecards,),
    "offers": (can.ListsOffers,),
    "files": (can.ListsAttachments,),
    "notes": (can.ListsNotes,),
    "tags": (can.ListsTags, can.ListsSources),
    "company": (can.ListsDepartments, can.ListsOffices, can.ListsUsers),
    "eeoc": (can.ListsEeoc, can.GetsEeoc),
    "fields": (can.ListsCustomFields,),
}
WRITES: dict[str, tuple[type, ...]] = {
    "jobs": (can.CreatesJobs,),
    "applications": (can.CreatesApplications,),
    "candidates": (can.CreatesCandidates, can.UpdatesCandidates),
    "stages": (can.MovesApplications, can.RejectsApplications),
    "interviews": (can.CreatesInterviews, can.UpdatesInterviews, can.CancelsInterviews),
    "scores": (
        can.CreatesAssessmentResults,
        can.CreatesScorecards,
        can.UpdatesScoreFields,
        can.AddsResultLinks,
    ),
    "files": (can.AddsAttachments,),
    "notes": (can.CreatesApplicationNotes, can.CreatesCandidateNotes),
    "tags": (can.AddsCandidateTags, can.RemovesCandidateTags),
}


@dataclass(frozen=True)
class Line:
    data: str  # `data.<this>` is its name
    reads: bool
    writes: bool


def lines(kind: type[Connector]) -> list[Line]:
    """What is read or written of each kind of data; what the connector cannot touch is absent."""
    found = [
        Line(data, _any(kind, READS[data]), _any(kind, WRITES.get(data, ()))) for data in READS
    ]
    return [line for line in found if line.reads or line.writes]


def unable(kind: type[Connector], lacking: Collection[type]) -> list[Line]:
    """What of it does not work where some capabilities lack something."""
    found = [
        Line(data, _lacks(kind, READS[data], lacking), _lacks(kind, WRITES.get(data, ()), lacking))
        for data in READS
    ]
    return [line for line in found if line.reads or line.writes]


def _lacks(kind: type[Connector], wanted: tuple[type, ...], lacking: Collection[type]) -> bool:
    return any(has(kind, one) and one in lacking for one in wanted)


def _any(kind: type[Connector], wanted: tuple[type, ...]) -> bool:
    return any(has(kind, one) for one in wanted)
