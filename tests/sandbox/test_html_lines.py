"""HTML as lines of text."""

import pytest

from hireloom.sandbox._html_lines import html_lines


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>One</p><p>Two &amp; three</p>", ["One", "Two & three"]),
        ("One<br>Two<br/>\n\nThree", ["One", "Two", "Three"]),
        ("<ul><li>SQL: <b>9</b></li><li>Go</li></ul>", ["• SQL: 9", "• Go"]),
        ("<ol><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ol>",
         ["1. a", "2. b", "  • c", "3. d"]),
        ("<ul><li><p>Wrapped</p></li></ul>", ["• Wrapped"]),
        ('<a href="https://x.example/r">Report</a> here', ["Report (https://x.example/r) here"]),
        ('<a href="https://x.example">https://x.example</a>', ["https://x.example"]),
        ("<pre>a  b\n  c</pre>", ["a  b", "  c"]),
        ("<table><tr><th>Part</th><th>Points</th></tr><tr><td>SQL</td><td>9</td></tr></table>",
         ["Part | Points", "SQL | 9"]),
        ("safe<script>alert(1)</script> text", ["safe text"]),
        ("&lt;script&gt;", ["<script>"]),
        ("", []),
    ],
)  # fmt: skip
def test_html_reads_as_a_browser_shows_it(html: str, lines: list[str]) -> None:
    assert html_lines(html) == lines
