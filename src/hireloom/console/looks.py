"""How pages are made: the templates, and the words and figures in them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from hireloom import __version__, connectors
from hireloom.console import charts
from hireloom.errors import HireloomError
from hireloom.issues import following, places
from hireloom.models import Issue

NAVIGATION = (
    ("Overview", "/console"),
    ("Issues", "/console/issues"),
    ("Integrations", "/console/integrations"),
    ("Syncs", "/console/syncs"),
    ("Deliveries", "/console/deliveries"),
    ("Logs", "/console/logs"),
    ("Webhooks", "/console/webhooks"),
    ("Mappings", "/console/mappings"),
    ("Keys", "/console/keys"),
    ("Support matrix", "/console/support"),
    ("People", "/console/people"),
    ("Audit", "/console/audit"),
    ("Settings", "/console/settings"),
)

# A word of ours, how it is said, and the colour of what it means.
STATES = {
    "active": ("Active", "good"),
    "credentials_invalid": ("Credentials refused", "bad"),
    "deactivated": ("Deactivated", "quiet"),
    "capturing": ("Capturing", "busy"),
    "queued": ("Queued", "busy"),
    "running": ("Running", "busy"),
    "complete": ("Complete", "good"),
    "partial": ("Partial", "warn"),
    "failed": ("Failed", "bad"),
    "stopped": ("Stopped", "quiet"),
    "waiting": ("Waiting", "busy"),
    "failing": ("Failing", "warn"),
    "delivered": ("Delivered", "good"),
    "dead": ("Given up", "bad"),
    "expired": ("Expired", "quiet"),
    "disabled": ("Disabled", "bad"),
    "never": ("Never ran", "quiet"),
    "late": ("Late", "warn"),
    "in_force": ("In force", "good"),
    "revoked": ("Revoked", "quiet"),
    "ended": ("Ended", "quiet"),
    "open": ("Open", "bad"),
    "muted": ("Muted", "quiet"),
    "resolved": ("Resolved", "good"),
}
JOINERS = "\u200c\u200d"  # which join letters and signs that belong together
LONGEST_NAME = 60
ACTOR = re.compile(r"(?P<kind>console|key) \S+ \((?P<name>.+)\)")
WHO_ACTS = {
    "you": "You",
    "customer": "The customer",
    "vendor": "The vendor",
    "hireloom": "Hireloom",
}


def render(template: str, **values: Any) -> str:
    return ENVIRONMENT.get_template(template).render(**values)


def alone(template: str, **values: Any) -> str:
    """A page that knows of nobody, and holds no form."""
    return render(template, operator=None, csrf="", told=None, here="", **values)


def sentence(error: HireloomError) -> str:
    return error.msg if error.msg.endswith((".", "!", "?")) else f"{error.msg}."


def moment(at: datetime | None, otherwise: str = "never") -> Markup:
    """A time that the script turns into `5 min ago`; without it the time itself is read."""
    if at is None:
        return Markup('<span class="faint">{}</span>').format(otherwise)
    utc = at.astimezone(UTC)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        utc.isoformat(timespec="milliseconds"),
        f"{utc:%Y-%m-%d %H:%M:%S} UTC",
        f"{utc:%b %d, %H:%M}",
    )


def span(time: timedelta | None) -> str:
    if time is None:
        return "–"
    seconds = max(time.total_seconds(), 0)
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 3600:
        return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"
    return f"{seconds // 3600:.0f} h {seconds % 3600 // 60:.0f} min"


def milliseconds(taken: float | None) -> str:
    if taken is None:
        return "–"
    return f"{taken:.0f} ms" if taken < 10_000 else f"{taken / 1000:.1f} s"


def minutes(count: int) -> str:
    for size, name in ((1440, "day"), (60, "hour")):
        if count % size == 0:
            number = count // size
            return f"every {name}" if number == 1 else f"every {number} {name}s"
    return "every minute" if count == 1 else f"every {count} minutes"


def count(number: float) -> str:
    """Exact up to a million, then short."""
    if number < 1_000_000:
        return f"{number:,.0f}"
    return f"{number / 1e6:.1f} M"


def share(part: float, whole: float) -> str:
    if not whole:
        return "–"
    percent = 100 * part / whole
    return f"{percent:.1f} %" if 0 < percent < 10 else f"{percent:.0f} %"


def state(word: str) -> Markup:
    said, kind = STATES.get(word, (word, "quiet"))
    return Markup('<span class="state {}">{}</span>').format(kind, said)


def status_kind(status: int | None, code: str | None = None) -> str:
    if status is None or status >= 500:
        return "bad"
    return "warn" if status >= 400 or code else "good"


def vendor(name: str) -> str:
    """A vendor's title; a connector that is gone keeps its name."""
    try:
        return connectors.load(name).title
    except Exception:
        return name


def actor(text: str) -> Markup:
    """Who did it, by name where the audit has one, with the id in the title."""
    found = ACTOR.fullmatch(text)
    if found is None:
        return Markup("{}").format(text)
    kind = "" if found["kind"] == "console" else f" {found['kind']}"
    return Markup('<span title="{}">{}<span class="faint">{}</span></span>').format(
        text, name(found["name"]), kind
    )


def host(address: str) -> str:
    return urlsplit(address).netloc


def plain(text: str) -> str:
    """A name of others without what is not seen and may turn round what follows it."""
    seen = (one if one in JOINERS or unicodedata.category(one)[0] != "C" else " " for one in text)
    return " ".join("".join(seen).split())


def name(text: str) -> Markup:
    """A name of others: whatever its direction or length, it changes nothing around it."""
    whole = plain(text)
    if len(whole) <= LONGEST_NAME:
        return Markup("<bdi>{}</bdi>").format(whole)
    return Markup('<bdi title="{}">{}</bdi>').format(whole, short(whole))


def short(text: str) -> str:
    """As much of a name of others as is told in a sentence."""
    whole = plain(text)
    return whole if len(whole) <= LONGEST_NAME else f"{whole[:LONGEST_NAME].rstrip()}…"


def titled(issue: Issue, webhooks: Mapping[str, str]) -> str:
    """The title of an issue, with a webhook's host or description in the place of its id."""
    known = webhooks.get(issue.subject or "")
    return issue.title.replace(issue.subject or "", known) if known else issue.title


def listed(words: Sequence[str], otherwise: str = "all") -> str:
    return ", ".join(words) or otherwise


def placed(text: str, known: Mapping[str, str] | None = None) -> Markup:
    """A step or a hint in the console's own words, with the ways to its pages."""
    return Markup("").join(
        Markup('<a href="{}">{}</a>').format(one.path, one.text) if one.path else escape(one.text)
        for one in places.placed(text, known or {})
    )


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "moment": moment,
        "span": span,
        "milliseconds": milliseconds,
        "minutes": minutes,
        "count": count,
        "state": state,
        "vendor": vendor,
        "listed": listed,
        "actor": actor,
        "placed": placed,
        "host": host,
        "name": name,
        "plain": plain,
    }
    made.globals |= {
        "navigation": NAVIGATION,
        "version": __version__,
        "share": share,
        "status_kind": status_kind,
        "who_acts": WHO_ACTS,
        "known_of": places.known_of,
        "page_of": places.page_of,
        "log_of": following.log_of,
        "bars": charts.bars,
        "split": charts.split,
        "titled": titled,
    }
    return made


ENVIRONMENT = _environment()
