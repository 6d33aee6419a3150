"""Where the console does what an operation does: the one way from the API's words to its pages.

Steps and hints are written once, in the API's words. The console and e-mails say them with this
table, and lead there as far as an issue knows the way.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote

from hireloom.models import Issue

ACCOUNT = "/console/integrations/{integration}"
DEAD = "/console/deliveries?state=dead&webhook={subject}"
FAILING = "/console/deliveries?state=failing&webhook={subject}"
WAITING = "/console/deliveries?state=waiting&webhook={subject}"
LINES = "/console/logs?execution={execution}"
RUN = "/console/runs/{run}"
SYNCS = "/console/syncs"
WEBHOOK = "/console/webhooks#{subject}"
WEBHOOKS = "/console/webhooks"

# What the API calls it, what the console calls it, and where that is.
PLACES: Mapping[str, tuple[str, str]] = {
    "auth.createSession": ("“New magic link”", ACCOUNT),
    "integration.deactivate": ("“Deactivate”", ACCOUNT),
    "integration.list": ("Integrations", "/console/integrations"),
    "integration.reactivate": ("“Reactivate”", ACCOUNT),
    "integration.verify": ("“Test now”", ACCOUNT),
    "upstream.body": ("the captured answer", ACCOUNT),
    "connector.get": ("the Support matrix", "/console/support"),
    "issue.list": ("Issues", "/console/issues"),
    "the log": ("the log", LINES),
    "the execution id": ("the execution id", LINES),
    "the executionId": ("the execution id", LINES),
    "executionId": ("the execution id", LINES),
    "the run's id": ("the run's id", RUN),
    "Open the run": ("Open the run", RUN),
    "sync.list": ("Syncs", SYNCS),
    "sync.run.get": ("the run", RUN),
    "sync.run.list": ("the history of the sync", RUN),
    "sync.run.replay": ("“Replay”", RUN),
    "sync.start": ("“Run now”", SYNCS),
    "sync.stop": ("“Stop”", SYNCS),
    "delivery.list": ("Deliveries", "/console/deliveries"),
    "delivery.list with state dead": ("the list of those given up", DEAD),
    "delivery.replay": ("“Send again”", DEAD),
    "events wait": ("events wait", FAILING),
    "what waits for it": ("what waits for it", WAITING),
    "webhook.create": ("“Add a webhook”", WEBHOOKS),
    "webhook.list": ("Webhooks", WEBHOOKS),
    "webhook.test": ("“Test now”", WEBHOOK),
    'webhook.update and "state": "active"': ("“Enable”", WEBHOOK),
}
# What the API says to programs, and how it is said to people.
SAID = {
    "after Retry-After seconds": "after a while",
    "Wait for Retry-After seconds": "Wait a while",
}
PHRASE = re.compile(
    r"(?<![\w.])(?:" + "|".join(map(re.escape, sorted(PLACES, key=len, reverse=True))) + r")(?!\w)"
)


class Piece(NamedTuple):
    """A part of a text, and the page that it leads to."""

    text: str
    path: str = ""


def placed(text: str, known: Mapping[str, str]) -> Sequence[Piece]:
    """A text of the API in the console's words; `known` fills in the paths."""
    for words, plain in SAID.items():
        text = text.replace(words, plain)
    pieces, end = [], 0
    for found in PHRASE.finditer(text):
        pieces.append(Piece(text[end : found.start()]))
        said, path = PLACES[found[0]]
        pieces.append(Piece(said, filled(path, known)))
        end = found.end()
    return [one for one in (*pieces, Piece(text[end:])) if one.text]


def filled(path: str, known: Mapping[str, str]) -> str:
    """Empty where something is not known."""
    try:
        return path.format_map({name: quote(one, safe="") for name, one in known.items() if one})
    except KeyError:
        return ""


def page_of(issue: Issue) -> str:
    return f"/console/issues/{issue.issue_id}"


def known_of(issue: Issue) -> dict[str, str]:
    return {
        "subject": issue.subject or "",
        "integration": issue.integration_id or "",
        "code": issue.code or "",
        "execution": issue.execution_id or issue.sync_run_id or "",
        "run": issue.sync_run_id or "",
        "delivery": issue.delivery_id or "",
    }
