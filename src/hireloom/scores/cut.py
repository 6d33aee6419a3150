"""A score made to fit: first its notes are cut, then its details, at last the text itself."""

import html
import re
from collections.abc import Callable
from itertools import accumulate, takewhile

from msgspec.structs import replace

from hireloom import kit
from hireloom.models import ScoreDraft

SHORT = 80  # characters of a name when all else is cut away
IN_HTML = {"&": 5, "<": 4, ">": 4, "\n": 4, "\xa0": 6}  # characters of one
LOOK_BACK = 40  # characters in which a word may end
_TOKEN = re.compile(r'<(?:"[^"]*"|[^>"])*>|&[#\w]+;|[^<&\s]{1,40}|.', re.DOTALL)
_NAME = re.compile(r"</?(\w+)")

Fill = Callable[[ScoreDraft, str | None], str]


def fits(content: str, longest: int) -> bool:
    return len(content) <= longest and len(kit.to_plain(content)) <= longest


def shortened(score: ScoreDraft, fill: Fill, longest: int, rest: str, end: str) -> str:
    """HTML of as much of the score as fits.

    `rest` is what a cut ends with, `end` is HTML that stays whatever is cut.
    """
    if score.notes and (made := _with_notes(score, score.notes, fill, longest, rest)):
        return made
    bare = replace(score, notes=None)
    details = len(score.attributes) + 2 * len(score.breakdown) + 3
    made = _most(details, longest, lambda count: fill(_less(bare, details - count), rest))
    if made is not None:
        return made
    made = fill(_short(_less(bare, details)), rest)
    return made if fits(made, longest) else cut(made, longest, end)


def _with_notes(score: ScoreDraft, notes: str, fill: Fill, longest: int, rest: str) -> str | None:
    def begun(count: int) -> str:
        return fill(replace(score, notes=_beginning(notes, count) + rest), None)

    without = begun(0)
    if not fits(without, longest):
        return None
    return _most(_count(notes, longest - len(without)), longest, begun)


def _count(text: str, room: int) -> int:
    """How many characters of a text fit into so many of HTML: exact where it is shown once."""
    lengths = accumulate(IN_HTML.get(character, 1) for character in text)
    return sum(1 for _ in takewhile(room.__ge__, lengths))


def cut(content: str, longest: int, end: str) -> str:
    """The beginning of safe HTML, never ending inside a tag or an entity, and `end` after it.

    Where `end` alone is too long, it goes as well.
    """
    tokens = _TOKEN.findall(content)
    made = _most(len(tokens), longest, lambda count: _up_to(tokens, count) + end)
    if made is None:
        made = _most(len(tokens), longest, lambda count: _up_to(tokens, count))
    return made or ""


def ending(rest: str, label: str, url: str | None, name: str) -> str:
    """The HTML that a cut text ends with."""
    if not url:
        return ""
    link = f'<a href="{html.escape(url)}">{html.escape(name[:SHORT])}</a>'
    return f"<p>{html.escape(rest)}</p><p>{html.escape(label)} {link}</p>"


def _most(high: int, longest: int, make: Callable[[int], str]) -> str | None:
    """What `make` makes of the greatest number that fits; None where not even 0 does."""
    best = make(0)
    if not fits(best, longest):
        return None
    if high and fits(made := make(high), longest):
        return made
    low, high = 0, high - 1
    while low < high:
        middle = (low + high + 1) // 2
        made = make(middle)
        if fits(made, longest):
            low, best = middle, made
        else:
            high = middle - 1
    return best


def _beginning(text: str, count: int) -> str:
    """Up to so many characters, to the end of a word where one is near."""
    part = text[:count]
    if count < len(text) and not text[count].isspace():
        tail = part[-LOOK_BACK:]
        word = len(tail.split()[-1]) if tail.split() else 0
        part = part[: len(part) - word] if word < len(tail) else part
    return part.rstrip()


def _less(score: ScoreDraft, count: int) -> ScoreDraft:
    """Without so many details: attributes, remarks on parts, parts, each from their end; then the

    evaluator, the score's label and percentile, and the date.
    """
    attributes, parts = score.attributes, score.breakdown
    kept = max(0, len(attributes) - count)
    count -= len(attributes) - kept
    noted = max(0, len(parts) - count)
    parts = (*parts[:noted], *(replace(one, note=None) for one in parts[noted:]))
    count -= len(parts) - noted
    parts = parts[: max(0, len(parts) - count)]
    count -= len(score.breakdown) - len(parts)
    points = score.score
    if count > 1 and points is not None:
        points = replace(points, label=None, percentile=None)
    return replace(
        score,
        attributes=attributes[:kept],
        breakdown=parts,
        evaluator=None if count > 0 else score.evaluator,
        score=points,
        completed_at=None if count > 2 else score.completed_at,
    )


def _short(score: ScoreDraft) -> ScoreDraft:
    name = score.assessment.name
    if len(name) > SHORT:
        name = name[: SHORT - 1].rstrip() + "…"
    return replace(score, assessment=replace(score.assessment, name=name))


def _up_to(tokens: list[str], count: int) -> str:
    """So many tokens, an ellipsis, and the end of every tag that is open there."""
    open_: list[str] = []
    for token in tokens[:count]:
        match = _NAME.match(token)
        if match is None or match[1] == "br":
            continue
        if token.startswith("</"):
            open_.pop()
        else:
            open_.append(match[1])
    closing = "".join(f"</{name}>" for name in reversed(open_))
    return f"{''.join(tokens[:count])}…{closing}"
