"""Who looks at a page of the connect window, by which session, and whether a form is really theirs.

The token in the address opens the session. Beside it each browser is known by a number of its own,
in a cookie; forms carry that number, signed together with the token. So a form of another site
counts for nothing, and what was connected is shown again only to the browser that did it.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from litestar import Request

from hireloom.connect import words
from hireloom.desk import Desk
from hireloom.store import masters, sessions
from hireloom.store.seal import Key

COOKIE = "hireloom_connect"
PURPOSE = "connect forms"
COOKIE_SECONDS = 7200
ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]{1,260}")

Asked = Request[Any, Any, Any]


@dataclass(frozen=True)
class Visit:
    """`session` is None where the token is unknown or cleaned up."""

    desk: Desk
    token: str
    session: sessions.Session | None
    own_key: Key
    number: str  # the browser's
    is_known: bool  # the number came with the request, by cookie or signed
    asked_by: str  # the origin that wants to frame the page; empty where none
    speaks: str = "en"  # what the browser asks for, of the languages that there are

    @property
    def base(self) -> str:
        """What the path begins with where the server does not stand at the top of its host."""
        return urlsplit(self.desk.public_url).path.rstrip("/")

    @property
    def path(self) -> str:
        return f"{self.base}/connect/{self.token}"

    @property
    def options(self) -> Mapping[str, Any]:
        return {} if self.session is None else self.session.options

    @property
    def language(self) -> str:
        return self.speaks if self.session is None else str(self.options.get("language", "en"))

    @property
    def framed_by(self) -> str:
        """The one origin that may show the page in a frame; empty: none may."""
        if self.session is None:
            return self.asked_by
        return str(self.options.get("frameOrigin") or "")

    @property
    def is_stray(self) -> bool:
        """Framed by another page than the one that opened it."""
        return bool(self.asked_by) and self.asked_by != self.framed_by

    @property
    def browser(self) -> bytes:
        return hashlib.sha256(self.number.encode()).digest()

    @property
    def is_whose_used_it(self) -> bool:
        return (
            self.session is not None
            and self.is_known
            and self.session.browser is not None
            and hmac.compare_digest(self.session.browser, self.browser)
        )

    @property
    def proof(self) -> str:
        """What forms carry: the browser's number, signed for this session."""
        return f"{self.number}.{_signature(self.own_key, self.token, self.number)}"

    @property
    def cookie(self) -> str:
        """In a frame of another site only a cookie comes back that is kept apart per site."""
        secure = self.desk.public_url.startswith("https:")
        apart = secure and bool(self.framed_by)
        parts = [f"{COOKIE}={self.number}", f"Path={self.base}/", f"Max-Age={COOKIE_SECONDS}"]
        parts.append("HttpOnly")
        parts.append("SameSite=None" if apart else "SameSite=Lax")
        parts += ["Secure"] if secure else []
        parts += ["Partitioned"] if apart else []
        return "; ".join(parts)


async def visit(desk: Desk, request: Asked, given: str = "", token: str = "") -> Visit:
    """`given` is what a form carried; `token` is told where the address does not hold it."""
    token = token or request.path_params.get("token", "")
    async with desk.pool.acquire() as conn:
        own_key = await masters.own_key(conn, desk.vault)
        session = await sessions.look(conn, own_key, token)
        asked_by = origin_of(request.query_params.get("embed", ""))
        if asked_by and session is not None and "frameOrigin" not in session.options:
            skip = request.query_params.get("skipIntro", "") == "1"
            await sessions.frame(conn, token, asked_by, skip_intro=skip)
            session = await sessions.look(conn, own_key, token)
    signed = proven(own_key, token, given or request.query_params.get("by", ""))
    number = signed or _number(request.cookies.get(COOKIE, ""))
    return Visit(
        desk=desk,
        token=token,
        session=session,
        own_key=own_key,
        number=number or secrets.token_urlsafe(18),
        is_known=bool(number),
        asked_by=asked_by,
        speaks=spoken(request.headers.get("accept-language", "")),
    )


def is_theirs(visit: Visit, request: Asked, given: str) -> bool:
    """Whether a form was sent from a page that this browser got for this session.

    A frame's cookie may be withheld, and a tab that a frame opened has another one; then the
    browser itself must say that one of our own pages sent the form.
    """
    number = proven(visit.own_key, visit.token, given)
    if not number:
        return False
    site = request.headers.get("sec-fetch-site", "")
    if site not in {"", "same-origin"}:
        return False
    cookie = request.cookies.get(COOKIE, "")
    return site == "same-origin" or hmac.compare_digest(cookie.encode(), number.encode())


def proven(own_key: Key, token: str, given: str) -> str:
    """The browser's number in what a form carried; empty where it was not signed by us."""
    number, _, signature = given.partition(".")
    wanted = _signature(own_key, token, number)
    return number if hmac.compare_digest(signature.encode(), wanted.encode()) else ""


def origin_of(text: str) -> str:
    """The origin of a page that frames ours, as browsers write it; empty where it is none."""
    return text if ORIGIN.fullmatch(text) else ""


def spoken(asked: str) -> str:
    """The first of our languages in an Accept-Language, which lists the best liked first."""
    named = (one.partition(";")[0].partition("-")[0].strip().lower() for one in asked.split(","))
    return next((one for one in named if one in words.LANGUAGES), words.LANGUAGES[0])


def _number(text: str) -> str:
    return text if re.fullmatch(r"[\w-]{24}", text) else ""


def _signature(own_key: Key, token: str, number: str) -> str:
    content = f"{token}.{number}".encode()
    found = hmac.digest(own_key.derive(PURPOSE), content, "sha256")
    return base64.urlsafe_b64encode(found).decode().rstrip("=")
