"""Text for vendors: safe HTML, or plain text that reads well."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hireloom.kit.html import KEPT, clean, from_plain, looks_like_html, note_text, to_plain
from hireloom.models import ContentType, NoteDraft

PLAIN = [
    ("<p>Hello <b>Ada</b></p><p>Bye</p>", "Hello Ada\n\nBye"),
    ("a<br>b<br/>c", "a\nb\nc"),
    ("<ul><li>one</li><li>two</li></ul>", "• one\n• two"),
    ("<ol><li>one</li><li>two</li></ol>", "1. one\n2. two"),
    ("<ul><li>one<ol><li>a</li><li>b</li></ol></li><li>two</li></ul>",
     "• one\n  1. a\n  2. b\n• two"),
    ("<p>Intro</p><ul><li>x</li></ul><p>Outro</p>", "Intro\n\n• x\n\nOutro"),
    ('See <a href="https://x.example/cv">the CV</a>.', "See the CV (https://x.example/cv)."),
    ('<a href="https://x.example">https://x.example</a>', "https://x.example"),
    ('<a href="mailto:a@x.example">a@x.example</a>', "a@x.example"),
    ('<a href="javascript:alert(1)">click</a>', "click"),
    ("<h1>Title</h1>text", "Title\n\ntext"),
    ("<pre>a\n  b</pre>", "a\n  b"),
    ("one\n   two", "one two"),
    ("Tom &amp; Jerry &lt;3 &#8211; &euro;5", "Tom & Jerry <3 – €5"),
    ("<script>alert(1)</script>ok<style>b{}</style>", "ok"),
    ("<!-- hidden -->shown", "shown"),
    ("<table><tr><td>cell</td></tr></table>", "cell"),
    ("", ""),
]  # fmt: skip


@pytest.mark.parametrize(("content", "text"), PLAIN)
def test_html_as_plain_text(content: str, text: str) -> None:
    assert to_plain(content) == text


CLEAN = [
    ("<p>Hello <b>Ada</b></p>", "<p>Hello <b>Ada</b></p>"),
    ("<h2>Title</h2>", "<p>Title</p>"),
    ('<p onclick="x()" style="y" class="z">a</p>', "<p>a</p>"),
    ('<a href="https://x.example" target="_blank">x</a>', '<a href="https://x.example">x</a>'),
    ('<a href="javascript:alert(1)">x</a>', "<a>x</a>"),
    ('<a href=" JaVaScRiPt&#58;alert(1)">x</a>', "<a>x</a>"),
    ('<a href="data:text/html,x">x</a>', "<a>x</a>"),
    ("<script>alert(1)</script>ok", "ok"),
    ("<img src=x onerror=alert(1)>ok", "ok"),
    ("<div><span>deep</span></div>", "deep"),
    ("<b>open", "<b>open</b>"),
]


@pytest.mark.parametrize(("content", "safe"), CLEAN)
def test_html_as_safe_html(content: str, safe: str) -> None:
    assert clean(content) == safe


class Tags(HTMLParser):
    """What a browser would see."""

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


pieces = st.sampled_from(
    [
        "<b>", "</b>", "<p>", "</p>", "<ul>", "<li>", "</ul>", "<ol>", "</ol>", "<a href='", "'>",
        "</a>", "javascript:", "https://x.example", "<script>", "</script>", "alert(1)", "<style>",
        "</style>", "<img src=x onerror=", ">", "<", "&lt;", "&#x3c;", "<svg onload=x>", "<!--",
        "-->", "<h1", "</h1>", "<pre>", "</pre>", "\n", " ", '"', "<math>", "<iframe src=//x>",
        "<table>", "<noscript>", "<textarea>", "<title>", "<xmp>", "\0", "<a href=//x.example>",
    ]
)  # fmt: skip
markup = st.lists(pieces | st.text(max_size=5), max_size=25).map("".join)


@given(markup)
def test_safe_html_holds_the_subset_and_nothing_else(content: str) -> None:
    seen = Tags(clean(content))

    assert set(seen.tags) <= KEPT
    assert {name for name, _ in seen.attributes} <= {"href"}
    schemes = {urlsplit((link or "").strip()).scheme for _, link in seen.attributes}
    assert schemes <= {"", "http", "https", "mailto", "tel"}
    assert clean(clean(content)) == clean(content)


@given(st.lists(pieces, max_size=8).map("".join), st.lists(pieces, max_size=8).map("".join))
def test_a_script_s_words_are_gone(before: str, after: str) -> None:
    content = f"<p>a</p><script>var secret = 1;</script><p>b</p>{before}{after}"

    assert "secret" not in clean(content)
    assert "secret" not in to_plain(content)


@given(st.text(max_size=200))
def test_plain_text_comes_through_html_unchanged(content: str) -> None:
    html = from_plain(content)

    shown = Tags(html.replace("<br>", "\n")).text
    assert shown == content.replace("\r\n", "\n").replace("\r", "\n")


@given(markup)
def test_plain_text_has_no_trailing_space_and_no_wide_gaps(content: str) -> None:
    text = to_plain(content)

    assert text == text.strip()
    assert "\n\n\n" not in text
    assert all(line == line.rstrip() for line in text.split("\n"))


@pytest.mark.parametrize(
    "content", ["<p>x</p>", "a<br>b", "<B>x</B>", '<a href="x">y</a>', "<li>x", "a <BR/> b"]
)
def test_html_is_recognised(content: str) -> None:
    assert looks_like_html(content)


@pytest.mark.parametrize(
    "content", ["a < b and c > d", "x<y", "<3", "<jane@x.example>", "List<int>", "Q&amp;A", ""]
)
def test_what_only_has_angles_is_no_html(content: str) -> None:
    assert not looks_like_html(content)


def test_a_note_is_ready_for_either_kind_of_vendor() -> None:
    draft = NoteDraft(
        candidate_id="1", content="<p>Fine</p><script>x</script>", content_type=ContentType.AUTO
    )

    assert (note_text(draft).html, note_text(draft).plain) == ("<p>Fine</p>", "Fine")


def test_a_plain_note_keeps_its_angles() -> None:
    draft = NoteDraft(
        candidate_id="1", content="a < b\nc", content_type=ContentType.PLAIN, title="R&D"
    )

    assert note_text(draft).plain == "R&D\n\na < b\nc"
    assert note_text(draft).html == "R&amp;D<br><br>a &lt; b<br>c"
    assert note_text(draft, with_title=False).plain == "a < b\nc"


def test_a_title_above_html_is_no_markup() -> None:
    draft = NoteDraft(
        candidate_id="1", content="<p>x</p>", content_type=ContentType.HTML, title="<script>y"
    )

    assert note_text(draft).html == "<p><b>&lt;script&gt;y</b></p><p>x</p>"
