"""What a channel for scores works with: the score, its text, and the places of this account.

A channel method writes, looks at what the vendor then holds, and names as written only what it
found there. Where this account has no place for it, it raises NoPlaceError with the reason, before
anything is sent; the next channel is then tried. Every other failure has the errors' usual meaning.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from hireloom.kit.html import NoteText
from hireloom.models import Dropped, ScoreChannel, ScoreDraft, WrittenScore


@dataclass(frozen=True)
class Place:
    """Where a score with this `externalId` was written before."""

    channel: ScoreChannel
    remote_id: str
    application_id: str | None = None
    candidate_id: str | None = None


@dataclass(frozen=True)
class OpenOrder:
    """An order that the ATS placed, as it waits for its result.

    `callbacks` are the addresses that came with it (one for each recruiter who ordered it), `key`
    is the secret that the ATS calls the partner with, and `after` the time of the last update in
    Unix milliseconds: the next one has to be later.
    """

    id: str
    package_id: str
    callbacks: tuple[str, ...] = ()
    key: str = field(default="", repr=False)
    after: int = 0


@dataclass(frozen=True)
class Paper:
    """A score on its way into one account, with all that channels may need.

    `text` is the score as one text, as HTML and as plain text. `shown` has, for each given field of
    the score, the pieces of plain text that show it. `form_id` and `custom_fields` are what the
    caller has laid down for this type of assessment: the form, and per field of the score the id of
    the custom field. `by_name`: the caller named this very channel, so a custom field may also be
    found by what it is called. `previous` is given where this score corrects one that is there.
    `left_out` are the parts of the score that the text does not show, each with its reason.
    """

    score: ScoreDraft
    text: NoteText
    shown: Mapping[str, tuple[str, ...]]
    application_id: str | None = None
    candidate_id: str | None = None
    job_id: str | None = None
    form_id: str | None = None
    custom_fields: Mapping[str, str] = field(default_factory=dict)
    by_name: bool = False
    previous: Place | None = None
    left_out: tuple[Dropped, ...] = ()

    @property
    def title(self) -> str:
        return self.score.assessment.name

    @property
    def given(self) -> tuple[str, ...]:
        """The fields of the score that the caller gave, as receipts name them."""
        return given(self.score)

    def replaces(self, channel: ScoreChannel) -> Place | None:
        """The place that this score is to take, where it lies in this channel."""
        before = self.previous
        return before if before is not None and before.channel is channel else None

    def found_in(self, held: str) -> list[str]:
        """The given fields whose every piece is in a text that the vendor holds."""
        there = squeezed(held)
        return [
            name
            for name in self.given
            if (pieces := self.shown.get(name)) and all(squeezed(one) in there for one in pieces)
        ]

    def dropped(self, written: Collection[str], reason: str) -> list[Dropped]:
        """The given fields that are not among those, each with this reason."""
        return [Dropped(field=name, reason=reason) for name in self.given if name not in written]


# In the order in which receipts name them. Files go their own way, whatever the channel.
FIELDS = (
    ("assessment", "assessment"),
    ("status", "status"),
    ("completedAt", "completed_at"),
    ("score", "score"),
    ("breakdown", "breakdown"),
    ("result", "result"),
    ("reportUrl", "report_url"),
    ("evaluator", "evaluator"),
    ("notes", "notes"),
    ("attributes", "attributes"),
)


def given(score: ScoreDraft) -> tuple[str, ...]:
    """Empty values say nothing, nor do `NOT_SPECIFIED` and the status of a completed test."""
    silent = (None, (), "", "NOT_SPECIFIED", "COMPLETED")
    return tuple(wire for wire, name in FIELDS if getattr(score, name) not in silent)


def squeezed(text: str) -> str:
    """White space never tells two texts apart: vendors fold it."""
    return " ".join(text.split())


def written(
    paper: Paper, remote_id: str | None, fields: Iterable[str], reason: str, url: str | None = None
) -> WrittenScore:
    """A channel's result: those fields are there; the others are dropped for one reason."""
    found = [name for name in paper.given if name in set(fields)]
    return WrittenScore(
        remote_id=remote_id,
        url=url,
        fields_written=found,
        fields_dropped=paper.dropped(found, reason),
    )
