"""A score as a text for people, as HTML and as plain text, from one template."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

from hireloom import kit
from hireloom.errors import RequestInvalidError
from hireloom.kit.html import clean
from hireloom.kit.scores import given, squeezed
from hireloom.models import Dropped, ScoreDraft
from hireloom.scores import cut
from hireloom.scores.example import BARE, EXAMPLE, PEOPLE
from hireloom.scores.facts import READ_AS, Facts, details, facts, found, holds
from hireloom.scores.layout import Layout, layout
from hireloom.scores.words import Reader, reader

LEFT_OUT = "the template leaves it out"
NOBODY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Rendered:
    """A score as text: `shown` has the pieces of `plain` that show a field, for each one shown.

    Every other field that the caller gave is in `dropped`, with the reason.
    """

    html: str
    plain: str
    shown: Mapping[str, tuple[str, ...]]
    dropped: list[Dropped]

    @property
    def text(self) -> kit.NoteText:
        return kit.NoteText(self.html, is_html=True)


def render(
    score: ScoreDraft,
    *,
    template: str | None = None,
    people: Mapping[str, str] = NOBODY,
    longest: int,
) -> Rendered:
    """The score by its template, or by ours; neither text is longer than `longest` characters.

    `people` has the names of the `candidate`, the `job` and the `evaluator`, where they are known.
    Raises RequestInvalidError where the template fails.
    """
    sheet = layout(standard() if template is None else template)
    who = reader(score.language, score.time_zone)
    of = facts(score, people, who)

    def fill(version: ScoreDraft, rest: str | None) -> str:
        return _filled(sheet, facts(version, people, who, rest), who)

    whole = fill(score, None)
    if cut.fits(whole, longest):
        return _rendered(score, sheet.used, of, whole=whole, kept=whole, longest=longest)
    url = of["report_url"] if "report_url" in sheet.used else None
    rest = f"… {who.words['rest']}" if url else "…"
    label = f"{who.words['report']}{who.words['colon']}"
    end = cut.ending(rest, label, url, of["assessment"]["name"] or "")
    shorter = clean(cut.shortened(score, fill, longest, rest, end))
    return _rendered(score, sheet.used, of, whole=whole, kept=shorter, longest=longest)


def check_template(source: str) -> None:
    """Raises RequestInvalidError with the line and the reason where a template is not usable.

    It is tried with a score that says everything and with one that says almost nothing.
    """
    sheet = layout(source)
    for score, people in ((EXAMPLE, PEOPLE), (BARE, NOBODY)):
        who = reader(score.language, score.time_zone)
        shown = _filled(sheet, facts(score, people, who), who)
        if score is EXAMPLE and not kit.to_plain(shown):
            raise RequestInvalidError.at("template", "line 1: it shows nothing of a score")


@lru_cache(maxsize=1)
def standard() -> str:
    """The template for scores that have no other; it is also where one's own may begin."""
    return resources.files(__package__).joinpath("templates", "note.html").read_text("utf-8")


def _filled(sheet: Layout, of: Facts, who: Reader) -> str:
    content = clean(sheet.fill(of, who))
    if of["rest"] and "rest" not in sheet.used:
        content += f"<p>{of['rest']}</p>"
    return content


def _rendered(
    draft: ScoreDraft, used: frozenset[str], of: Facts, *, whole: str, kept: str, longest: int
) -> Rendered:
    plain = kit.to_plain(kept)
    there = squeezed(plain)
    before = there if kept == whole else squeezed(kit.to_plain(whole))
    shown: dict[str, tuple[str, ...]] = {}
    dropped: list[Dropped] = []
    for field in (*given(draft), *details(of)):
        whole_field = field.partition(".")[0]
        read = not READ_AS[whole_field].isdisjoint(used)
        way = found(field, of, before) if read else None
        if way is not None and holds(there, way):
            shown[field] = way
        elif field == whole_field or whole_field in shown:
            reason = LEFT_OUT if way is None else f"cut at {longest} characters"
            dropped.append(Dropped(field=field, reason=reason))
    return Rendered(kept, plain, {one: shown[one] for one in given(draft) if one in shown}, dropped)
