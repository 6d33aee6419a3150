"""Text on its way to a vendor: HTML reduced to what is allowed, or turned into plain text.

The allowed subset is that of the contract: bold, italic, underline, links, lists, code. nh3 does
the cleaning; the plain-text side is a small renderer over the standard parser, because what readers
want here (bullets, numbers, `text (url)`) is what no Markdown-minded library writes.
"""

import html
import re
from html.parser import HTMLParser

import nh3

from hireloom.models import ContentType, NoteDraft

TAGS = frozenset(
    "a b blockquote br code em i li ol p pre strong u ul div h1 h2 h3 h4 h5 h6".split()  # noqa: SIM905 – a sentence of tags reads better
)
KEPT = TAGS - {"div", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"}
BLOCKS = frozenset(
    {"p", "div", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_LOOKS_LIKE_HTML = re.compile(
    r"<(?:/?(?:a|b|i|u|p|br|li|ul|ol|em|strong|code|pre|div|span|h[1-6])\b[^<>]*)>", re.IGNORECASE
)


class NoteText:
    """A note's content, ready for either kind of vendor."""

    def __init__(self, content: str, is_html: bool) -> None:
        self._content = content
        self._is_html = is_html

    @property
    def html(self) -> str:
        """Safe HTML of the allowed subset."""
        return clean(self._content) if self._is_html else from_plain(self._content)

    @property
    def plain(self) -> str:
        return to_plain(self._content) if self._is_html else self._content


def note_text(draft: NoteDraft, *, with_title: bool = True) -> NoteText:
    """The draft's content; a title goes on top where the vendor has no field for it."""
    is_html = draft.content_type is ContentType.HTML or (
        draft.content_type is ContentType.AUTO and looks_like_html(draft.content)
    )
    content = draft.content
    if draft.title and with_title:
        title = html.escape(draft.title)
        content = f"<p><b>{title}</b></p>{content}" if is_html else f"{draft.title}\n\n{content}"
    return NoteText(content, is_html)


def looks_like_html(content: str) -> bool:
    return _LOOKS_LIKE_HTML.search(content) is not None


def clean(content: str) -> str:
    """Keep the allowed subset; everything else loses its tags, scripts and styles their text."""
    headed = re.sub(r"<(/?)h[1-6]\b[^>]*>", r"<\1p>", content, flags=re.IGNORECASE)
    return nh3.clean(
        headed,
        tags=set(KEPT),
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    ).strip()


def from_plain(content: str) -> str:
    lines = content.replace("\r\n", "\n").replace("\r", "\n")
    return html.escape(lines, quote=False).replace("\n", "<br>")


def to_plain(content: str) -> str:
    renderer = _Renderer()
    renderer.feed(
        nh3.clean(
            content,
            tags=set(TAGS),
            attributes={"a": {"href"}},
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel=None,
        )
    )
    renderer.close()
    return renderer.text


class _Renderer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._lists: list[int | None] = []  # next number of an ordered list, None for bullets
        self._link: str | None = None
        self._linked: list[str] = []
        self._exact = 0  # inside <pre> white space counts

    @property
    def text(self) -> str:
        joined = "".join(self._out)
        lines = [line.rstrip() for line in joined.split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"ul", "ol"}:
            self._newline(1)
            self._lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            self._newline(1)
            self._out.append("  " * max(0, len(self._lists) - 1) + self._marker())
        elif tag == "br":
            self._out.append("\n")
        elif tag in BLOCKS:
            self._newline(2 if not self._lists else 1)
            self._exact += tag == "pre"
        elif tag == "a":
            self._link, self._linked = dict(attrs).get("href"), []

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ul", "ol"}:
            if self._lists:
                self._lists.pop()
            self._newline(1 if self._lists else 2)
        elif tag in BLOCKS:
            self._exact -= tag == "pre"
            self._newline(2 if not self._lists else 1)
        elif tag == "a" and self._link:
            if "".join(self._linked).strip() != self._link.removeprefix("mailto:"):
                self._out.append(f" ({self._link.removeprefix('mailto:')})")
            self._link = None

    def handle_data(self, data: str) -> None:
        text = data if self._exact else re.sub(r"\s+", " ", data)
        if not self._exact and (not self._out or self._out[-1].endswith(("\n", " "))):
            text = text.lstrip(" ")
        if text:
            self._linked.append(text)
            self._out.append(text)

    def _marker(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "• "
        self._lists[-1] = number + 1
        return f"{number}. "

    def _newline(self, wanted: int) -> None:
        tail = "".join(self._out[-3:])
        have = len(tail) - len(tail.rstrip("\n"))
        if tail:
            self._out.append("\n" * max(0, wanted - have))
