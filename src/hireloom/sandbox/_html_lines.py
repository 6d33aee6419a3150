"""HTML as the lines that a reader sees."""

from collections.abc import Mapping
from html.parser import HTMLParser

_BLOCKS = frozenset(
    ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr", "pre", "blockquote", "table",
     "ul", "ol", "br", "hr")
)  # fmt: skip
_UNSEEN = frozenset(("script", "style", "template", "head"))


def html_lines(html: str) -> list[str]:
    """Lists have bullets or numbers, table cells a bar between them, links their address."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_line()
    return reader.lines


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._text = ""
        self._mark = ""  # what the line begins with, once it has text
        self._lists: list[int | None] = []  # the last number of each open list; None: bullets
        self._unseen = 0
        self._kept = 0  # depth of elements whose white space is kept
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.end_line()
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in {"ul", "ol"}:
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._mark = self._bullet()
        elif tag == "pre":
            self._kept += 1
        elif tag in {"td", "th"} and self._text.strip():
            self._text = self._text.rstrip() + " | "
        elif tag == "a":
            given: Mapping[str, str | None] = dict(attrs)
            self._links.append((given.get("href") or "", len(self._text)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_line()
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        elif tag == "pre":
            self._kept = max(0, self._kept - 1)
        elif tag == "a" and self._links:
            address, start = self._links.pop()
            if address and self._text[start:].strip() != address:
                self._text += f" ({address})"

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if not self._kept:
            self._text += data
            return
        first, *rest = data.split("\n")
        self._text += first
        for line in rest:
            self.end_line()
            self._text = line

    def end_line(self) -> None:
        text = self._text.rstrip() if self._kept else " ".join(self._text.split())
        if text:
            self.lines.append(self._mark + text)
            self._mark = ""
        self._text = ""

    def _bullet(self) -> str:
        indent = "  " * max(0, len(self._lists) - 1)
        number = self._lists[-1] if self._lists else None
        if number is None:
            return f"{indent}• "
        self._lists[-1] = number + 1
        return f"{indent}{number + 1}. "
