"""A score made ready for the channels: its text, the account's layout, the place it had before."""

import html
from collections.abc import Mapping
from dataclasses import replace

import msgspec

from hireloom.kit import Integration, Paper, Place
from hireloom.kit.html import NoteText
from hireloom.kit.scores import FIELDS
from hireloom.models import ScoreChange, ScoreChannel, ScoreDraft, ScoreReceipt
from hireloom.scores import words
from hireloom.scores.render import render
from hireloom.scores.target import Target
from hireloom.store.score_layouts import Layout
from hireloom.store.seal import Key

ENCODER = msgspec.json.Encoder(decimal_format="number")
MOVED = "attachments"
# The label, in the reader's words, of each field that a correction may name.
LABELS = {
    "assessment": "assessment",
    "status": "status",
    "completedAt": "completed",
    "score": "score",
    "breakdown": "breakdown",
    "result": "result",
    "reportUrl": "report",
    "evaluator": "evaluator",
    "notes": "notes",
    "attributes": "attributes",
}


def make(integration: Integration, score: ScoreDraft, target: Target, layout: Layout) -> Paper:
    """Raises RequestInvalidError for a template that cannot show this score."""
    rendered = render(
        score,
        template=layout.template,
        people={"candidate": target.candidate_name},
        longest=integration.connector.longest_note,
    )
    return Paper(
        score=score,
        text=rendered.text,
        shown=rendered.shown,
        application_id=target.application_id,
        candidate_id=target.candidate_id,
        job_id=target.job_id,
        form_id=layout.scorecard_form_id,
        custom_fields=layout.custom_fields,
        left_out=tuple(rendered.dropped),
    )


def corrected(paper: Paper, changed: list[str]) -> Paper:
    """The same score as a correction that says what changed, for where nothing can be altered."""
    told = words.reader(paper.score.language, paper.score.time_zone).words
    names = ", ".join(told.get(LABELS[one], LABELS[one]) for one in changed)
    head = html.escape(
        f"{told['correction']}{told['colon']} {names}" if names else told["correction"]
    )
    text = NoteText(f"<p><b>{head}</b></p>{paper.text.html}", is_html=True)
    return replace(paper, text=text, previous=None)


def place_of(receipt: ScoreReceipt) -> Place | None:
    if receipt.remote_id is None:
        return None
    return Place(
        ScoreChannel(receipt.channel),
        receipt.remote_id,
        receipt.application_id,
        receipt.candidate_id,
    )


def as_before(before: ScoreReceipt, *, moved: bool) -> ScoreReceipt:
    """Where nothing of the text changed; its files may have, and then go along once more."""
    if not moved:
        return msgspec.structs.replace(before, change=ScoreChange.UNCHANGED)
    return msgspec.structs.replace(
        before,
        change=ScoreChange.UPDATED,
        fields_written=[one for one in before.fields_written if one != MOVED],
        fields_dropped=[one for one in before.fields_dropped if not one.field.startswith(MOVED)],
    )


def prints_of(key: Key, score: ScoreDraft) -> dict[str, str]:
    """A keyed fingerprint of each field, to say later which of them changed."""
    fields = (*FIELDS, (MOVED, MOVED))
    return {
        wire: key.fingerprint(f"score {wire}", ENCODER.encode(getattr(score, name))).hex()
        for wire, name in fields
    }


def changed_fields(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return [wire for wire, print_ in now.items() if before.get(wire) != print_]
