"""What a score has to be, beyond its shape: said all at once, in sentences, without its content."""

import math
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from hireloom.errors import FieldProblem, RequestInvalidError
from hireloom.kit.score_fields import plain_number
from hireloom.models import BreakdownPart, Evaluator, Points, ScoreDraft, Verdict
from hireloom.models.score import AssessmentStatus, is_future
from hireloom.scores.words import known_locale, known_zone

LARGEST = 10**15
MOST_TEXT = 300_000  # characters
MOST_NAMED = 3  # of the problems, in the message itself


def check(score: ScoreDraft, now: datetime) -> None:
    """Raises RequestInvalidError with every problem of the score in its `fields`."""
    problems = [FieldProblem(path=path, msg=msg) for path, msg in _problems(score, now)]
    if not problems:
        return
    said = [f"{one.path}: {one.msg}" for one in problems[:MOST_NAMED]]
    if len(problems) > MOST_NAMED:
        said.append(f"and {len(problems) - MOST_NAMED} more, see fields")
    raise RequestInvalidError("; ".join(said), fields=tuple(problems))


def _problems(score: ScoreDraft, now: datetime) -> Iterator[tuple[str, str]]:
    yield from _whose(score)
    yield from _names(score)
    if score.score is not None:
        yield from _points("score", score.score)
    for index, part in enumerate(score.breakdown):
        yield from _points(f"breakdown[{index}]", part)
    yield from _content(score)
    yield from _length(score)
    yield from _time(score, now)
    yield from _address(score.report_url)
    yield from _reader(score)
    yield from _channels(score)
    yield from _attachments(score)


def _whose(score: ScoreDraft) -> Iterator[tuple[str, str]]:
    ids = (score.candidate_id, score.application_id, score.order_id)
    if all(one is None for one in ids):
        yield "candidateId", "give candidateId, applicationId or orderId, to say whose score it is"


def _names(score: ScoreDraft) -> Iterator[tuple[str, str]]:
    named = [
        ("assessment.name", score.assessment.name),
        ("candidateId", score.candidate_id),
        ("applicationId", score.application_id),
        ("orderId", score.order_id),
        ("externalId", score.external_id),
    ]
    named += [(f"breakdown[{i}].label", one.label) for i, one in enumerate(score.breakdown)]
    named += [(f"attributes[{i}].label", one.label) for i, one in enumerate(score.attributes)]
    named += [(f"attachments[{i}].name", one.name) for i, one in enumerate(score.attachments)]
    for path, name in named:
        if name is not None and not name.strip():
            yield path, "it is blank"
    who = score.evaluator
    ways = (who.name, who.email, who.id) if isinstance(who, Evaluator) else (who,)
    if who is not None and not any((one or "").strip() for one in ways):
        yield "evaluator", "it is blank; give a name, an email or an id"


def _points(path: str, points: Points | BreakdownPart) -> Iterator[tuple[str, str]]:
    wrong = [
        (f"{path}.{name}", "it is no number that a score can have")
        for name in ("value", "max", "min")
        if not abs(getattr(points, name)) <= LARGEST  # so that it is true of NaN as well
    ]
    if wrong:
        yield from wrong
    elif points.max <= points.min:
        high, low = plain_number(points.max), plain_number(points.min)
        yield f"{path}.max", f"{high} is not above the minimum of {low}"
    elif points.value > points.max:
        value, high = plain_number(points.value), plain_number(points.max)
        yield f"{path}.value", f"{value} is above the maximum of {high}"
    elif points.value < points.min:
        value, low = plain_number(points.value), plain_number(points.min)
        yield f"{path}.value", f"{value} is below the minimum of {low}"
    if isinstance(points, Points) and points.percentile is not None:
        yield from _percentile(f"{path}.percentile", points.percentile)


def _percentile(path: str, percentile: float) -> Iterator[tuple[str, str]]:
    if not 0 <= percentile <= 100:
        yield path, "a percentile is between 0 and 100"


def _content(score: ScoreDraft) -> Iterator[tuple[str, str]]:
    completed = score.status is AssessmentStatus.COMPLETED
    judged = score.result is not Verdict.NOT_SPECIFIED
    if completed and not (judged or score.score or score.breakdown or (score.notes or "").strip()):
        yield "score", "a completed assessment needs a score, a result, a breakdown or notes"
    for index, one in enumerate(score.attributes):
        if isinstance(one.value, float) and not math.isfinite(one.value):
            yield f"attributes[{index}].value", "it is not a finite number"


def _length(score: ScoreDraft) -> Iterator[tuple[str, str]]:
    texts: list[object] = [score.assessment.name, score.notes, score.score and score.score.label]
    texts += [text for one in score.breakdown for text in (one.label, one.note)]
    texts += [text for one in score.attributes for text in (one.label, one.value)]
    if sum(len(one) for one in texts if isinstance(one, str)) > MOST_TEXT:
        yield "notes", f"all texts of a score together have at most {MOST_TEXT} characters"


def _time(score: ScoreDraft, now: datetime) -> Iterator[tuple[str, str]]:
    if score.completed_at is not None and is_future(score.completed_at, now):
        yield "completedAt", "it is in the future"


def _address(url: str | None) -> Iterator[tuple[str, str]]:
    if url is None:
        return
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # the port raises where it is none
    except ValueError:
        yield "reportUrl", "it is not an address"
        return
    if parts.scheme not in {"http", "https"} or not host:
        yield "reportUrl", "it has to be a whole address that begins with https:// or http://"
    elif parts.username is not None or parts.password is not None:
        yield (
            "reportUrl",
            "it holds a user name or a password; whoever sees the link would see them",
        )
    elif any(one.isspace() or not one.isprintable() for one in url):
        yield "reportUrl", "it holds white space or a control character"


def _reader(score: ScoreDraft) -> Iterator[tuple[str, str]]:
    if score.language is not None and known_locale(score.language) is None:
        yield "language", "no language is called so; give a code such as en, de or fr-CA"
    if score.time_zone is not None and known_zone(score.time_zone) is None:
        yield "timeZone", "no time zone is called so; give a name such as Europe/Berlin"


def _channels(score: ScoreDraft) -> Iterator[tuple[str, str]]:
    if score.channels is None:
        return
    if not score.channels:
        yield "channels", "it is empty; name a channel, or leave it out to try them all"
    for one in dict.fromkeys(score.channels):
        if score.channels.count(one) > 1:
            yield "channels", f"{one} is named more than once"


def _attachments(score: ScoreDraft) -> Iterator[tuple[str, str]]:
    for index, file in enumerate(score.attachments):
        if not file.data and not file.url:
            yield f"attachments[{index}]", "it has neither data nor url"
