"""Templates of users: what they may do, what they are told, and that none of them does harm."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from hireloom.errors import RequestInvalidError
from hireloom.models import BreakdownPart, ScoreAttribute, ScoreDraft
from hireloom.scores.example import EXAMPLE, PEOPLE
from hireloom.scores.layout import BUDGET, LONGEST_OUTPUT, layout
from hireloom.scores.layout_rules import FILTERS, TESTS, VARIABLES
from hireloom.scores.render import check_template, render, standard
from hireloom.scores.words import reader

NOTES = "x" * 200_000
LARGE = replace(
    EXAMPLE,
    notes=NOTES,
    breakdown=tuple(BreakdownPart(label=f"Part {n}", value=1, max=2) for n in range(200)),
    attributes=tuple(ScoreAttribute(label=f"One {n}", value=n) for n in range(200)),
)


def filled(template: str, score: ScoreDraft = EXAMPLE) -> str:
    return render(score, template=template, people=PEOPLE, longest=100_000).plain


def refusal(template: str, score: ScoreDraft = EXAMPLE) -> str:
    """What whoever wrote the template is told."""
    with pytest.raises(RequestInvalidError) as caught:
        filled(template, score)
    (field,) = caught.value.fields
    assert field.path == "template"
    return field.msg


SHOWN = [
    ("{{ assessment }}, {{ assessment.type }}, {{ assessment.provider }}",
     "Technical Coding Assessment, coding, Testbench"),
    ("{{ score }} {{ score.value }} {{ score.max }} {{ score.label }} {{ score.percentile }}",
     "89/100 89 100 Strong 93"),
    ("{% for p in breakdown %}{{ loop.index }}. {{ p.label }} {{ p }};{% endfor %}",
     "1. Algorithm Design 87/100;2. Code Quality 92/100;3. Problem Solving 88/100;"),
    ("{{ result }} {% if verdict == 'PASS' %}yes{% else %}no{% endif %}", "PASS yes"),
    ("{% for p in breakdown if p.value > 87 %}{{ p }}{{ ', ' if not loop.last }}{% endfor %}",
     "92/100, 88/100"),
    ("{{ completed }} {{ evaluator }} {{ report_url }}",
     "15 January 2025 Grace Hopper https://testbench.example/reports/7f3a"),
    ("{% for a in attributes %}{{ a.label }}={{ a.value }} {% endfor %}",
     "Language=Python Minutes needed=52.5 Camera on=yes"),
    ("{{ candidate }} {{ job }} {{ words.score }}", "Ada Lovelace Backend Engineer Overall Score"),
    ("{{ notes|lines }}", EXAMPLE.notes),
    ("{{ notes }}", " ".join((EXAMPLE.notes or "").split())),
    ("{{ rest }}{{ status }}|", "|"),
    ("{{ 'a' ~ score.max / 8 ~ candidate|upper|truncate(3) }}", "a12.5ADA…"),
    ("{{ attributes|join(', ', 'text') }}", "Python, 52.5, yes"),
    ("{{ breakdown|length + 1 }} {{ breakdown|first }} {{ breakdown|last }}", "4 87/100 88/100"),
    ("{{ (score.value / 7)|round(2) }} {{ notes|replace('Quick', 'Slow')|truncate(4) }}",
     "12.71 Slow…"),
    ("{{ score.other|default('none') }}{% if score.other is defined %}x{% endif %}", "none"),
    ("{% set name = candidate|lower %}{{ name }}{% with n = 2 %}{{ n * 2 }}{% endwith %}",
     "ada lovelace4"),
    ("{# hidden #}{% raw %}{{ kept }}{% endraw %}", "{{ kept }}"),
    ("{{ '<i>' }}{{ '<i>'|e }}{{ '<i>'|lines }}", "<i><i><i>"),
]  # fmt: skip


@pytest.mark.parametrize(("template", "text"), SHOWN)
def test_a_template_shows_the_score(template: str, text: str) -> None:
    assert filled(template) == text


def test_numbers_are_written_as_the_reader_writes_them() -> None:
    assert filled("{{ score.max / 8 }}", replace(EXAMPLE, language="de")) == "12,5"


def test_html_beyond_the_subset_is_taken_out() -> None:
    rendered = render(
        EXAMPLE,
        template='<table><tr><td onclick="x()">{{ score }}</td></tr></table><script>x()</script>'
        '<a href="javascript:x()">{{ result }}</a><!-- {{ notes }} -->',
        longest=1000,
    )

    assert rendered.html == "89/100<a>PASS</a>"


MISTAKES = [
    ("a\n\n{{ scroe }}", "line 3: there is no variable 'scroe'; did you mean 'score'?"),
    ("a\n{{ score.percent }}", "line 2: this value has no 'percent'"),
    ("{% if score %}", "line 1: Unexpected end of template"),
    ("\n{{ notes|uper }}", "line 2: there is no filter 'uper'; did you mean 'upper'?"),
    ("{{ notes|safe }}", "line 1: there is no filter 'safe'"),
    ("{% if notes is callable %}{% endif %}", "line 1: there is no test 'callable'"),
    ("{{ breakdown }}", "line 1: a list cannot be shown as it is; loop over it"),
    ("{% for one in notes %}{% endfor %}", "line 1: only lists can be looped over"),
    ("\n{{ score.value / 0 }}", "line 2: a division by zero"),
    ("\n\n{{ notes|round }}", "line 3: a value is not of the kind that is needed here"),
    ("{{ notes < 3 }}", "line 1: a value is not of the kind that is needed here"),
    ("\n{{ " + "not " * 45 + "score }}", "line 2: it is nested too deeply"),
    ("{% set score = 1 %}", "line 1: the name 'score' cannot be given anew"),
    ("{{ loop.index }}", "line 1: 'loop' is undefined"),
    ("{% for one in breakdown %}{{ loop.cycle }}{% endfor %}", "line 1: this value has no 'cycle'"),
]  # fmt: skip


@pytest.mark.parametrize(("template", "said"), MISTAKES)
def test_a_mistake_is_told_with_its_line(template: str, said: str) -> None:
    with pytest.raises(RequestInvalidError) as caught:
        check_template(template)

    assert caught.value.msg.startswith(f"template: {said}")
    assert caught.value.fields[0].path == "template"


FORBIDDEN = [
    "{{ score.__class__ }}", "{{ score['__class__'] }}", "{{ notes.upper }}", "{{ ''['join'] }}",
    "{{ words.items }}", "{{ words['get'] }}", "{{ breakdown.append }}", "{{ breakdown.count }}",
    "{{ notes.format }}", "{{ loop }}", "{{ self }}", "{{ super }}", "{{ range }}", "{{ dict }}",
    "{{ cycler }}", "{{ lipsum }}", "{{ namespace }}", "{{ _purse }}", "{{ words['_purse'].x }}",
    "{{ notes|attr('upper') }}", "{{ notes|_counted(0) }}", "{{ notes|_joined }}",
    "{{ notes|map('upper') }}", "{{ notes|format(1) }}", "{{ notes|center(3) }}",
    "{{ score() }}", "{{ range(3) }}", "{{ ''.join(['a']) }}", "{% include 'x' %}",
    "{% import 'x' as x %}", "{% from 'x' import y %}", "{% extends 'x' %}",
    "{% macro m() %}{% endmacro %}", "{% call score() %}{% endcall %}",
    "{% block b %}{% endblock %}", "{% filter upper %}a{% endfilter %}",
    "{% set x %}a{% endset %}", "{% set x.y = 1 %}", "{% autoescape false %}{% endautoescape %}",
    "{% for a in breakdown recursive %}{% endfor %}", "{{ notes[1:] }}", "{{ {'a': 1} }}",
    "{{ 2 ** 3 }}", "{{ '%s' % 1 }}", "{{ 'a' * 3 }}", "{{ [1] * 3 }}", "{{ [1] + [2] }}",
    "{% set _a = 1 %}", "{% do notes %}", "{% trans %}a{% endtrans %}", "{% debug %}",
    "{% set words = 1 %}", "{% for words in breakdown %}{% endfor %}",
    "{% with notes = 1 %}{% endwith %}",
]  # fmt: skip


@pytest.mark.parametrize("template", FORBIDDEN)
def test_what_is_not_data_is_out_of_reach(template: str) -> None:
    said = refusal(template)

    assert said.startswith("line 1: ")


def nested(depth: int, inner: str) -> str:
    return "{% for a in breakdown %}" * depth + inner + "{% endfor %}" * depth


GREEDY = [
    "{% for i in range(10**9) %}x{% endfor %}",
    "{{ 'x' * 10**10 }}",
    "{{ 'x' * 9999999999 }}",
    "{{ 10 ** 10 ** 10 }}",
    "{% set x = 99999 %}" + "{% set x = x * x %}" * 500,
    "{% set x = notes %}" + "{% set x = x ~ x %}" * 60 + "{{ x }}",
    "{% set x = notes %}" + "{% set x = x + x %}" * 60 + "{{ x }}",
    "{% set x = [notes, notes] %}" + "{% set x = [x, x] %}" * 60 + "{{ x|join }}",
    "{% set x = notes %}" + "{% set x = x|replace('x', 'xx') %}" * 60,
    "{{ notes|replace('x', notes) }}",
    "{{ notes|replace('', notes) }}",
    "{{ breakdown|join(notes, 'label') }}",
    nested(1, "{{ notes }}"),
    nested(2, "{% if 'y' in notes %}{% endif %}"),
    nested(3, ""),
    nested(4, "x"),
    nested(19, "x"),
    nested(30, "x"),
    nested(2, "{{ notes|upper|length }}"),
    "{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}",
    "{{ " + "[" * 20_000 + "1" + "]" * 20_000 + " }}",
    "{{ " + "not " * 12_000 + "1 }}",
    "{{ 1" + "+1" * 20_000 + " }}",
    "{{ score" + ".a" * 20_000 + " }}",
    "{{ notes" + "|upper" * 8_000 + " }}",
    "{% if 1 %}" * 2_000 + "{% endif %}" * 2_000,
    "{% if 0 %}{% elif 0 %}" * 1_000 + "{% endif %}" * 1_000,
    "{{ " + "9" * 40_000 + " }}",
    "{% for a in [1" + ",1" * 20_000 + "] %}{{ notes|upper|length }}{% endfor %}",
]


@pytest.mark.parametrize("template", GREEDY, ids=lambda template: template[:40])
def test_a_template_that_asks_for_too_much_is_refused_before_it_has_it(template: str) -> None:
    assert refusal(template, LARGE).startswith("line 1: ")


def test_the_largest_score_is_within_the_budget() -> None:
    named = replace(LARGE.assessment, name="<" * 90_000)

    rendered = render(replace(LARGE, assessment=named, notes="<\n" * 100_000), longest=3_000_000)

    assert rendered.dropped == []


def test_the_budget_is_for_one_rendering() -> None:
    template = "{% for a in breakdown %}{% for b in breakdown %}{% endfor %}{% endfor %}x"
    cost = len(LARGE.breakdown) ** 2

    texts = {filled(template, LARGE) for _ in range(2 * BUDGET // cost)}

    assert texts == {"x"}


def test_a_template_s_text_has_an_end() -> None:
    times = LONGEST_OUTPUT // len(NOTES)

    assert (
        len(layout("{{ notes }}" * times).fill({"notes": NOTES}, reader(None, None)))
        >= LONGEST_OUTPUT
    )
    assert refusal("{{ notes }}" * (times + 1), LARGE) == "line 1: its text is too long"


def test_a_template_is_tried_with_a_score_that_says_almost_nothing() -> None:
    template = "{{ assessment }}\n{{ score.value }}"

    assert filled(template) == "Technical Coding Assessment 89"
    with pytest.raises(RequestInvalidError) as caught:
        check_template(template)
    assert caught.value.msg == "template: line 2: an empty value has no 'value'"
    check_template("{{ assessment }}{% if score %}{{ score.value }}{% endif %}")


@pytest.mark.parametrize("template", [" ", "{# nothing #}", "<p></p>", "<script>x</script>"])
def test_a_template_that_shows_nothing_is_refused(template: str) -> None:
    with pytest.raises(RequestInvalidError, match="shows nothing of a score"):
        check_template(template)


def test_the_standard_template_is_one_that_a_user_may_have() -> None:
    check_template(standard())

    assert render(EXAMPLE, template=standard(), longest=9999) == render(EXAMPLE, longest=9999)


def test_no_message_holds_what_a_score_says() -> None:
    secret = replace(EXAMPLE, notes="very private", evaluator="Grace Private")

    told = [refusal(one, secret) for one in ("{{ notes|round }}", "{{ notes + 1 }}",
                                             "{{ evaluator < 1 }}", "{{ -notes }}")]  # fmt: skip

    assert not [one for one in told if "rivate" in one]


parts: st.SearchStrategy[Any] = st.sampled_from(
    [
        "{{", "}}", "{%", "%}", "{#", "#}", " for ", " in ", " if ", "endfor", "endif", "set x = ",
        "else", *VARIABLES, "|", *FILTERS, " is ", *TESTS, "(", ")", "[", "]", ".", ",", "~", "+",
        "*", "**", "/", "-", "'", '"', "a", "x", "7", "loop", "label", "text", "<b>", "\n", "not ",
        "{% for x in breakdown %}", "{% endfor %}", "{{ x.label }}", "{% if score %}",
    ]
)  # fmt: skip


@given(st.lists(parts, max_size=25).map(" ".join))
@example("{% for x in breakdown %}{{ x.label }}")
def test_any_text_is_a_template_or_is_refused_and_nothing_else_happens(source: str) -> None:
    try:
        said = render(EXAMPLE, template=source, longest=10_000).html
    except RequestInvalidError as error:
        said = error.fields[0].msg

    assert "<script" not in said
