"""A score as text: what it says, that it harms nobody, and how it is made to fit."""

import html
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from hireloom import kit
from hireloom.kit.html import KEPT, clean
from hireloom.kit.scores import given as fields_of
from hireloom.kit.scores import squeezed
from hireloom.models import BreakdownPart, Points, ScoreAttribute, ScoreDraft, Verdict
from hireloom.models.score import AssessmentNamed, AssessmentStatus, Evaluator
from hireloom.scores.example import BARE, EXAMPLE
from hireloom.scores.render import Rendered, render, standard

LINK = "https://testbench.example/reports/7f3a"
PLAIN = f"""\
=== Technical Coding Assessment ===
Completed: 15 January 2025
Overall Score: 89/100 (Strong, percentile 93)

Detailed Breakdown:
• Algorithm Design: 87/100
• Code Quality: 92/100 – Clear names throughout
• Problem Solving: 88/100

Result: PASS

Details:
• Language: Python
• Minutes needed: 52.5
• Camera on: yes

Evaluator: Grace Hopper

Evaluator Notes: Quick and sure with data structures.
Her code explains itself and comes with tests.

Report: Technical Coding Assessment ({LINK})"""
HTML = f"""\
<p><b>=== Technical Coding Assessment ===</b><br>Completed: 15 January 2025\
<br>Overall Score: <b>89/100</b> (Strong, percentile 93)</p>
Detailed Breakdown:
<ul><li>Algorithm Design: 87/100</li>\
<li>Code Quality: 92/100 – Clear names throughout</li>\
<li>Problem Solving: 88/100</li></ul>\
<p>Result: <b>PASS</b></p>
Details:
<ul><li>Language: Python</li><li>Minutes needed: 52.5</li><li>Camera on: yes</li></ul>\
<p>Evaluator: Grace Hopper</p>\
<p>Evaluator Notes: Quick and sure with data structures.\
<br>Her code explains itself and comes with tests.</p>\
<p>Report: <a href="{LINK}">Technical Coding Assessment</a></p>"""


def whole(score: ScoreDraft) -> Rendered:
    return render(score, longest=1_000_000)


def test_a_score_reads_as_recruiters_know_it() -> None:
    rendered = whole(EXAMPLE)

    assert rendered.plain == PLAIN
    assert rendered.html == HTML
    assert (rendered.text.html, rendered.text.plain) == (HTML, PLAIN)
    assert rendered.dropped == []
    assert tuple(rendered.shown) == fields_of(EXAMPLE)


def test_what_is_not_given_leaves_no_trace() -> None:
    rendered = whole(BARE)

    assert rendered.plain == "=== Typing Test ==="
    assert rendered.shown == {"assessment": ("Typing Test",)}


def test_every_field_is_found_again_in_what_a_vendor_holds() -> None:
    rendered = whole(EXAMPLE)
    paper = kit.Paper(score=EXAMPLE, text=rendered.text, shown=rendered.shown)

    held = rendered.plain.replace("\n", "  ")

    assert paper.found_in(held) == list(fields_of(EXAMPLE))
    assert paper.found_in(held.replace("89/100", "98/100")) == [
        one for one in fields_of(EXAMPLE) if one != "score"
    ]


@pytest.mark.parametrize(
    ("language", "zone", "lines"),
    [
        ("de", "Europe/Berlin", ["Abgeschlossen: 1. Februar 2025", "Ergebnis: BESTANDEN",
                                 "• Minutes needed: 52,5", "• Camera on: ja"]),
        ("fr", None, ["Terminé le : 31 janvier 2025", "Résultat : RÉUSSI",
                      "• Minutes needed : 52,5"]),
        ("en-US", "America/New_York", ["Completed: January 31, 2025", "Result: PASS"]),
        ("es", "UTC", ["Completed: 31 de enero de 2025", "Result: PASS",
                       "• Minutes needed: 52,5"]),
        (None, None, ["Completed: 31 January 2025", "• Minutes needed: 52.5"]),
        ("tlh-unknown", "Nowhere/Town", ["Completed: 31 January 2025"]),
    ],
)  # fmt: skip
def test_dates_numbers_and_labels_are_the_reader_s(
    language: str | None, zone: str | None, lines: list[str]
) -> None:
    late = datetime(2025, 1, 31, 23, 30, tzinfo=UTC)

    rendered = whole(replace(EXAMPLE, completed_at=late, language=language, time_zone=zone))

    assert set(lines) <= set(rendered.plain.splitlines())
    assert rendered.dropped == []


def test_numbers_have_no_needless_decimals() -> None:
    points = Points(value=3.50, max=5.0, min=1, percentile=50.0)

    rendered = whole(replace(BARE, score=points))

    assert "Overall Score: 3.5/5 (percentile 50, scale 1–5)" in rendered.plain.splitlines()


def test_a_test_that_is_not_done_says_how_far_it_is() -> None:
    rendered = whole(replace(BARE, status=AssessmentStatus.EXPIRED))

    assert rendered.plain == "=== Typing Test ===\nStatus: Expired"
    assert rendered.shown["status"] == ("Status: Expired",)


def test_an_evaluator_goes_by_name_else_by_the_name_that_is_known_else_by_address() -> None:
    by_id = replace(BARE, evaluator=Evaluator(id="u-1", email="g@x.example"))

    known = render(by_id, people={"evaluator": "Grace"}, longest=1000)

    assert "Evaluator: Grace" in known.plain
    assert "Evaluator: g@x.example" in whole(by_id).plain
    assert "Evaluator: Ada" in whole(replace(BARE, evaluator="Ada")).plain


def test_notes_are_text_and_never_a_template() -> None:
    notes = "{{ 7 * 7 }} {% for a in b %}\n<b>bold</b> & <script>alert(1)</script>\n\nend"

    rendered = whole(replace(BARE, notes=notes))

    assert rendered.plain.endswith(notes)
    assert "<script" not in rendered.html
    assert "{{ 7 * 7 }} {% for a in b %}<br>&lt;b&gt;bold&lt;/b&gt; &amp; " in rendered.html
    assert "notes" in rendered.shown


def test_an_address_that_is_no_web_address_becomes_no_link() -> None:
    rendered = whole(replace(BARE, report_url="javascript:alert(1)"))

    assert "javascript" not in rendered.html
    assert [(one.field, one.reason) for one in rendered.dropped] == [
        ("reportUrl", "the template leaves it out")
    ]


class Seen(HTMLParser):
    """Tags, attributes and text as a browser would have them."""

    def __init__(self, content: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


nasty = st.lists(
    st.sampled_from(
        ["<script>", "</p>", "<b", "&", "&lt;", "&#60;", '"', "'", ">", "{{ 1 }}", "{% if x %}",
         "{#", "\n", "\r\n", " ", "<!--", "]]>", "\0", "\x85", "12", "…", "é", "<a href=x>"]
    )
    | st.text(max_size=6),
    min_size=1,
    max_size=8,
).map("".join)  # fmt: skip
names = nasty.map(lambda text: f"n{text}n")  # not blank
urls = st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), max_size=30).map(
    lambda tail: f"https://x.example/{tail}"
)
numbers = st.floats(min_value=0, max_value=1000, allow_nan=False) | st.integers(0, 1000)
scores = st.builds(
    ScoreDraft,
    assessment=st.builds(AssessmentNamed, name=names),
    candidate_id=st.just("c"),
    completed_at=st.none() | st.just(datetime(2025, 1, 15, tzinfo=UTC)),
    score=st.none() | st.builds(Points, value=numbers, max=st.just(1000), label=st.none() | names),
    breakdown=st.lists(
        st.builds(BreakdownPart, label=names, value=numbers, max=st.just(10), note=names),
        max_size=4,
    ).map(tuple),
    result=st.sampled_from(list(Verdict)),
    report_url=st.none() | urls,
    evaluator=st.none() | names,
    notes=st.none() | names | names.map(lambda text: text * 40),
    attributes=st.lists(
        st.builds(ScoreAttribute, label=names, value=names | numbers | st.booleans()), max_size=4
    ).map(tuple),
    language=st.sampled_from([None, "en", "de", "fr", "ja"]),
)


@given(scores)
def test_no_text_of_a_caller_is_markup_and_all_of_it_is_shown(score: ScoreDraft) -> None:
    rendered = whole(score)

    seen = Seen(rendered.html)
    links = [score.report_url] if score.report_url else []
    assert set(seen.tags) <= {"p", "b", "br", "ul", "li", "a"}
    assert seen.attributes == [("href", one) for one in links]
    assert rendered.dropped == []
    assert tuple(rendered.shown) == fields_of(score)


@given(scores, st.integers(1, 600))
@example(EXAMPLE, 1)
@example(replace(EXAMPLE, notes="&" * 5000), 900)
def test_a_cut_text_is_short_enough_safe_and_whole_html(score: ScoreDraft, longest: int) -> None:
    rendered = render(score, longest=longest)

    assert len(rendered.plain) <= longest
    assert len(rendered.html) <= longest
    assert clean(rendered.html) == rendered.html
    assert set(Seen(rendered.html).tags) <= KEPT
    for tag in ("p", "b", "ul", "li", "a"):
        opened = len(re.findall(rf"<{tag}\b", rendered.html))
        assert opened == rendered.html.count(f"</{tag}>")
    bare = re.sub(r"<[^>]*>", "", rendered.html)
    assert html.escape(html.unescape(bare), quote=False) == bare.replace("&nbsp;", "\xa0")


@given(scores, st.integers(1, 600))
def test_every_given_field_is_either_shown_or_dropped(score: ScoreDraft, longest: int) -> None:
    rendered = render(score, longest=longest)

    dropped = [one.field for one in rendered.dropped if "." not in one.field]
    assert sorted([*rendered.shown, *dropped]) == sorted(fields_of(score))
    assert {one.reason for one in rendered.dropped} <= {f"cut at {longest} characters"}
    there = squeezed(rendered.plain)
    pieces = [squeezed(piece) for way in rendered.shown.values() for piece in way]
    assert all(piece in there for piece in pieces)


def test_notes_are_cut_first_at_the_end_of_a_word() -> None:
    notes = "Solid work throughout. " * 50

    rendered = render(replace(EXAMPLE, notes=notes), longest=900)

    assert [one.field for one in rendered.dropped] == ["notes"]
    assert rendered.dropped[0].reason == "cut at 900 characters"
    (line,) = [one for one in rendered.plain.splitlines() if one.startswith("Evaluator Notes:")]
    assert re.fullmatch(
        r"Evaluator Notes: (Solid work throughout\. ?)+(Solid( work)?)?"
        r"… The rest is in the report\.",
        line,
    )
    assert rendered.plain.endswith(f"Report: Technical Coding Assessment ({LINK})")
    assert len(rendered.html) > 860


def test_details_go_next_and_title_score_result_and_link_stay() -> None:
    many = tuple(ScoreAttribute(label=f"Attribute {n}", value=n) for n in range(50))

    rendered = render(replace(EXAMPLE, attributes=many, language="de"), longest=300)

    assert rendered.plain == (
        "=== Technical Coding Assessment ===\n"
        "Abgeschlossen: 15. Januar 2025\n"
        "Gesamtpunktzahl: 89/100\n\n"
        "Ergebnis: BESTANDEN\n\n"
        "… Der Rest steht im Bericht.\n\n"
        f"Bericht: Technical Coding Assessment ({LINK})"
    )
    assert {one.field for one in rendered.dropped} == {
        "breakdown", "evaluator", "notes", "attributes", "score.label", "score.percentile",
    }  # fmt: skip


def test_attributes_go_before_the_remarks_on_parts() -> None:
    score = replace(EXAMPLE, notes=None)
    size = len(whole(score).html)

    rendered = render(score, longest=size - 5)

    assert [one.field for one in rendered.dropped] == ["attributes"]
    assert "Clear names throughout" in rendered.plain


def test_remarks_on_parts_go_before_the_parts() -> None:
    noted = tuple(replace(one, note="word " * 20) for one in EXAMPLE.breakdown)
    score = replace(EXAMPLE, notes=None, attributes=(), breakdown=noted)
    size = len(whole(score).html)

    rendered = render(score, longest=size - 150)

    assert [one.field for one in rendered.dropped] == ["breakdown.note"]
    assert "• Algorithm Design: 87/100 – word word" in rendered.plain
    assert rendered.plain.count("87/100") + rendered.plain.count("88/100") == 2


def test_a_cut_without_a_report_promises_none() -> None:
    rendered = render(replace(BARE, notes="word " * 500), longest=300)

    assert rendered.plain.endswith("word…")
    assert "report" not in rendered.plain


def test_a_long_name_is_cut_and_the_link_stays() -> None:
    named = replace(EXAMPLE, assessment=AssessmentNamed(name="Long " * 200))

    rendered = render(named, longest=500)

    assert rendered.plain.startswith("=== Long Long")
    assert LINK in rendered.plain
    assert "Overall Score: 89/100" in rendered.plain
    assert "assessment" in {one.field for one in rendered.dropped}


def test_a_number_is_not_cut_into_another() -> None:
    for longest in range(40, 400):
        plain = render(replace(EXAMPLE, report_url=None), longest=longest).plain

        assert re.findall(r"Overall Score: (\S+)", plain) in ([], ["89/100"], ["…"], ["89/100…"])


def test_a_template_of_one_s_own_shows_what_it_names() -> None:
    template = "<h2>{{ candidate }}</h2><p>{{ score.value }} points, {{ result }}</p>"

    rendered = render(
        EXAMPLE, template=template, people={"candidate": "<script>x</script>"}, longest=1000
    )

    assert rendered.plain == "<script>x</script>\n\n89 points, PASS"
    assert rendered.html == "<p>&lt;script&gt;x&lt;/script&gt;</p><p>89 points, PASS</p>"
    assert rendered.shown == {"score": ("89",), "result": ("PASS",)}
    assert {one.reason for one in rendered.dropped} == {"the template leaves it out"}
    assert "score.label" in {one.field for one in rendered.dropped}


def test_words_that_are_there_by_chance_do_not_count() -> None:
    chance = replace(EXAMPLE, notes="Result: PASS, I would say: 89/100", attributes=())

    rendered = render(chance, template="{{ notes }}", longest=1000)

    assert list(rendered.shown) == ["notes"]


def test_a_number_inside_another_does_not_count() -> None:
    score = replace(BARE, score=Points(value=8, max=10), completed_at=EXAMPLE.completed_at)

    rendered = render(score, template="{{ completed }} 18 {{ score.max }}", longest=1000)

    assert list(rendered.shown) == ["completedAt"]


def test_a_long_template_of_one_s_own_keeps_its_beginning_and_its_link() -> None:
    template = "<p>" + "static words " * 100 + '</p><a href="{{ report_url }}">report</a>'

    rendered = render(EXAMPLE, template=template, longest=400)

    assert rendered.plain.startswith("static words static")
    assert "… The rest is in the report." in rendered.plain
    assert rendered.plain.endswith(f"Report: Technical Coding Assessment ({LINK})")


def test_the_sentence_of_a_cut_is_there_though_the_template_does_not_ask_for_it() -> None:
    rows = "{% for one in attributes %}<p>{{ one.label }} {{ one.text }}</p>{% endfor %}"
    many = tuple(ScoreAttribute(label=f"Attribute {n}", value=n) for n in range(50))
    template = rows + '<a href="{{ report_url }}">{{ assessment }}</a>'

    rendered = render(replace(EXAMPLE, attributes=many), template=template, longest=400)

    assert "Attribute 3 3" in rendered.plain
    assert "Attribute 49" not in rendered.plain
    assert rendered.plain.endswith(f"({LINK})\n\n… The rest is in the report.")


def test_the_standard_template_comes_with_the_package() -> None:
    assert "{{ assessment.name }}" in standard()
