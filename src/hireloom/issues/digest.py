"""New issues as one message: plain text, HTML, and JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from hireloom.issues.places import Piece, known_of, page_of, placed
from hireloom.models import Issue

MOST_SHOWN = 50
ACTS = {
    "you": "you",
    "customer": "your customer",
    "vendor": "the vendor of the ATS",
    "hireloom": "whoever runs Hireloom",
}

TEXT = """\
{% for issue in shown %}
* {{ issue.title }}
  {{ facts(issue) }}
{% for step in issue.steps %}
  {{ loop.index }}. {{ said(issue, step) }}
{% endfor %}

{% endfor %}
{% if more %}
And {{ more }} more.

{% endif %}
{% if root %}
All issues: {{ root }}/console/issues
{% endif %}
"""

HTML = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ subject }}</title></head>
<body style="font:15px/1.5 system-ui,sans-serif;max-width:42rem;margin:auto;padding:1rem">
<h1 style="font-size:1.25rem">{{ subject }}</h1>
{% for issue in shown %}
<h2 style="font-size:1rem;margin:1.5rem 0 0">{{ linked(issue.title, page_of(issue)) }}</h2>
<p style="margin:0;opacity:.75">{{ facts(issue) }}</p>
<ol style="margin:.5rem 0">
{% for step in issue.steps %}
<li>{% for one in pieces(issue, step) %}{{ linked(one.text, one.path) }}{% endfor %}</li>
{% endfor %}
</ol>
{% endfor %}
{% if more %}
<p>And {{ more }} more.</p>
{% endif %}
{% if root %}
<p><a href="{{ root }}/console/issues">All issues</a></p>
{% endif %}
</body></html>
"""


def facts(issue: Issue) -> str:
    """How often, since when, whose account, who must act, and where to look."""
    times = "once" if issue.count == 1 else f"{issue.count} times"
    whose = f"{issue.app_id} account {issue.integration_id}" if issue.app_id else "this Hireloom"
    parts = [
        f"{times} since {at(issue.first_seen_at)}",
        whose,
        f"to act: {ACTS.get(issue.category, issue.category)}",
    ]
    parts += ["it has resolved itself"] if issue.resolved_at else []
    parts += [f"log: {issue.execution_id}"] if issue.execution_id else []
    return " · ".join(parts)


def at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _environment(*, html: bool) -> Environment:
    return Environment(
        autoescape=html,  # noqa: S701 – plain text needs no escapes
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


@dataclass(frozen=True)
class Digest:
    issues: Sequence[Issue]
    public_url: str | None = None

    @property
    def subject(self) -> str:
        count = len(self.issues)
        return f"Hireloom: {'a new issue' if count == 1 else f'{count} new issues'}"

    def text(self) -> str:
        return self._filled(TEXT, html=False).strip() + "\n"

    def html(self) -> str:
        return self._filled(HTML, html=True)

    def message(self, sender: str, to: Sequence[str]) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = self.subject
        message["From"] = sender
        message["To"] = ", ".join(to)
        message["Date"] = formatdate(usegmt=True)
        message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(self.text())
        message.add_alternative(self.html(), subtype="html")
        return message

    def content(self) -> dict[str, Any]:
        """`text` is what chats show of an incoming webhook."""
        return {
            "text": f"{self.subject}\n\n{self.text()}",
            "issues": self.issues[:MOST_SHOWN],
            "more": max(0, len(self.issues) - MOST_SHOWN),
        }

    def _filled(self, template: str, *, html: bool) -> str:
        return (
            _environment(html=html)
            .from_string(template)
            .render(
                subject=self.subject,
                shown=self.issues[:MOST_SHOWN],
                more=max(0, len(self.issues) - MOST_SHOWN),
                root=self.public_url,
                facts=facts,
                said=self._said,
                pieces=pieces,
                linked=self._linked,
                page_of=page_of,
            )
        )

    def _said(self, issue: Issue, step: str) -> str:
        return "".join(
            f"{one.text} ({self.public_url}{one.path})"
            if one.path and self.public_url
            else one.text
            for one in pieces(issue, step)
        )

    def _linked(self, text: str, path: str) -> Markup:
        if not (path and self.public_url):
            return escape(text)
        return Markup('<a href="{}">{}</a>').format(self.public_url + path, text)


def pieces(issue: Issue, step: str) -> Sequence[Piece]:
    return placed(step, known_of(issue))
