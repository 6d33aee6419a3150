"""One request of the console: who asks, what was sent, and how it is answered."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias
from urllib.parse import parse_qs, urlencode

import msgspec
from litestar import Request, Response
from litestar.datastructures import Cookie

from hireloom.console import looks
from hireloom.console.passwords import Passwords
from hireloom.desk import Desk
from hireloom.errors import RequestInvalidError
from hireloom.kit import Connector
from hireloom.models import Support
from hireloom.store.integrations import Integration
from hireloom.store.operators import LONGEST, Operator

ROOT = "/console"
SESSION = "hireloom_console"
VISITOR = "hireloom_visitor"  # who fills in a form without a session
TOLD = "hireloom_told"
LONGEST_TOLD = 800  # characters
MOST_FIELDS = 500
INSIDE = re.compile(r"/console(?:/[\w~-][\w.~-]*)*(?:\?[\w.~%&=+:-]*)?")

HTML = "text/html"  # litestar adds the charset
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}

SupportOf: TypeAlias = Callable[[type[Connector], Integration | None], Mapping[str, Support]]
Answer: TypeAlias = Response[Any]


class Told(msgspec.Struct, frozen=True):
    """A sentence for the next page: what was done, or why not."""

    text: str
    is_good: bool = True
    hint: str = ""


@dataclass(frozen=True)
class House:
    """What all visits share."""

    desk: Desk
    support: SupportOf
    passwords: Passwords
    paths: frozenset[str] = frozenset()


@dataclass
class Visit:
    house: House
    request: Request[Any, Any, Any]
    operator: Operator | None = None
    fields: Mapping[str, list[str]] = field(default_factory=dict)
    spent: list[Cookie] = field(default_factory=list)  # to be erased with the page that is shown

    @property
    def desk(self) -> Desk:
        return self.house.desk

    @property
    def who(self) -> Operator:
        """Whoever is logged in, on pages that are for nobody else."""
        if self.operator is None:
            raise RuntimeError("this page is shown without a session")
        return self.operator

    @property
    def actor(self) -> str:
        """As the audit has it."""
        return f"console {self.who.id} ({self.who.name})"

    @property
    def token(self) -> str:
        """What the browser holds: a session's token, or what its forms are tied to before."""
        cookies = self.request.cookies
        return cookies.get(SESSION, "") if self.operator else cookies.get(VISITOR, "")

    @property
    def comes_from_elsewhere(self) -> bool:
        """Whether another site, a mail or a chat led here: browsers then leave the session out.

        Where they do not trust the connection they do not say, and it is as good as so.
        """
        headers = self.request.headers
        if self.request.method != "GET" or SESSION in self.request.cookies:
            return False
        is_page = "text/html" in headers.get("accept", "")
        return headers.get("sec-fetch-site", "cross-site" if is_page else "") == "cross-site"

    @property
    def is_secure(self) -> bool:
        return self.desk.public_url.startswith("https:") or self.request.url.scheme == "https"

    def named(self, name: str) -> str:
        found: str = self.request.path_params[name]
        return found

    def asked(self, name: str) -> str:
        """A parameter of the address, empty where it is not given."""
        return self.request.query_params.get(name, "").strip()[:300]

    def given(self, name: str) -> str:
        """A field of the form, empty where it is not given."""
        return self.fields.get(name, [""])[0]

    def needed(self, name: str) -> str:
        """Raises RequestInvalidError where it is empty."""
        if not (found := self.given(name).strip()[:2000]):
            raise RequestInvalidError.at(name, "is needed")
        return found

    def ticked(self, name: str) -> list[str]:
        return self.fields.get(name, [])

    def show(
        self, template: str, status: int = 200, *, cookies: Sequence[Cookie] = (), **values: Any
    ) -> Answer:
        kept = [self.cookie(TOLD, "", 0)] if TOLD in self.request.cookies else []
        token = self.token
        if not token:
            token = secrets.token_urlsafe(32)
            kept.append(self.cookie(VISITOR, token, 3600))
        kept.extend([*self.spent, *cookies])
        page = looks.render(
            template,
            operator=self.operator,
            csrf=csrf(token),
            told=told_in(self.request.cookies.get(TOLD, "")),
            here=self.here,
            address=self.request.url.path,
            paths=self.house.paths,
            **values,
        )
        return Response(page, media_type=HTML, status_code=status, headers=HEADERS, cookies=kept)

    @property
    def address(self) -> str:
        """What was asked for, without parameters that say nothing."""
        query = urlencode([(k, v) for k, v in self.request.query_params.multi_items() if v])
        return self.request.url.path + (f"?{query}" if query else "")

    @property
    def here(self) -> str:
        """This page's address, for forms to come back to; nobody comes back to a login."""
        if self.operator is None:
            return ROOT
        return self.address if self.request.method == "GET" else self.came_from

    @property
    def came_from(self) -> str:
        return inside(self.given("back"))

    def go(self, to: str, told: Told | None = None, cookies: list[Cookie] | None = None) -> Answer:
        kept = list(cookies or [])
        if told is not None:
            kept.append(self.cookie(TOLD, packed(told), 60))
        return Response(b"", status_code=303, headers=HEADERS | {"Location": to}, cookies=kept)

    def back(self, text: str, *, is_good: bool = True, hint: str = "") -> Answer:
        return self.go(self.came_from, Told(text, is_good, hint))

    def logged_in(self, token: str) -> list[Cookie]:
        """A new session's cookie in the place of whatever was there."""
        return [
            self.cookie(SESSION, token, int(LONGEST.total_seconds())),
            self.cookie(VISITOR, "", 0),
        ]

    def logged_out(self) -> list[Cookie]:
        return [self.cookie(SESSION, "", 0)]

    def cookie(
        self, name: str, value: str, seconds: int, *, across_sites: bool = False, path: str = ROOT
    ) -> Cookie:
        """`across_sites`: also sent where another site leads back to the console."""
        return Cookie(
            name,
            path=path,
            value=value,
            max_age=seconds,
            httponly=True,
            samesite="lax" if across_sites else "strict",
            secure=self.is_secure,
        )


Act: TypeAlias = Callable[[Visit], Awaitable[Answer]]
For: TypeAlias = Literal["anybody", "support", "admin"]


@dataclass(frozen=True)
class Route:
    path: str
    method: Literal["GET", "POST"]
    act: Act
    allowed: For


def page(path: str, act: Act, allowed: For = "support") -> Route:
    """Something to look at."""
    return Route(ROOT + path, "GET", act, allowed)


def change(path: str, act: Act, allowed: For = "admin") -> Route:
    """Something that is done; whoever may only look is refused."""
    return Route(ROOT + path, "POST", act, allowed)


def inside(address: str) -> str:
    """An address of the console as it is; the overview in the place of any other."""
    return address if address.isascii() and INSIDE.fullmatch(address) else ROOT


def csrf(token: str) -> str:
    """What a form has to bring: it follows from the cookie, and the cookie not from it."""
    digest = hashlib.sha256(b"hireloom console form " + token.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def is_genuine(visit: Visit) -> bool:
    """Whether a form was filled in on a page of ours, in the same session."""
    site = visit.request.headers.get("sec-fetch-site", "same-origin")
    sent = visit.given("csrf").encode()
    return (
        site in {"same-origin", "none"}
        and bool(visit.token)
        and hmac.compare_digest(sent, csrf(visit.token).encode())
    )


def read_form(body: bytes) -> dict[str, list[str]]:
    """Raises RequestInvalidError."""
    try:
        return parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise RequestInvalidError("The form could not be read") from None


def packed(told: Told) -> str:
    cut = Told(told.text[:LONGEST_TOLD], told.is_good, told.hint[:LONGEST_TOLD])
    return base64.urlsafe_b64encode(msgspec.json.encode(cut)).decode()


def told_in(cookie: str) -> Told | None:
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(cookie), type=Told) if cookie else None
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        return None
