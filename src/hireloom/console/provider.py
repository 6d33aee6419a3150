"""The OpenID Connect provider as it is spoken to: its addresses, its keys, tokens for a code.

Each login asks for all of it anew: logins are rare, and a key that was exchanged is simply there.
Every call has a deadline and a size limit, and follows no redirect. Certificates are those of the
system's trust or of `SSL_CERT_FILE`, as httpx reads it.
"""

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import httpx
import msgspec

from hireloom.login_rules import Oidc
from hireloom.settings import LOOPBACK

SECONDS = 10
LARGEST = 512 * 1024  # bytes
DISCOVERY = "/.well-known/openid-configuration"
LONGEST_SAID = 200  # characters of what a provider says

T = TypeVar("T")

NO_CLIENT = {"invalid_client", "unauthorized_client"}
LATER = "Try again in a few minutes. On the server, `hireloom doctor` says more."
ASK_AN_ADMIN = "An admin of the provider can put it right; `hireloom doctor` may say more."


class LoginError(Exception):
    """A login that failed: why, in words for whoever tried, and what to do about it."""

    def __init__(self, reason: str, what: str, todo: str, status: int = 403) -> None:
        super().__init__(what)
        self.reason = reason  # one word for the log and the audit
        self.what = what
        self.todo = todo
        self.status = status


class Addresses(msgspec.Struct, frozen=True, kw_only=True):
    """The discovery document (OpenID Connect Discovery 1.0, section 3), as far as it is used."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    scopes_supported: tuple[str, ...] | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] | None = None
    authorization_response_iss_parameter_supported: bool = False


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    id_token: str
    access_token: str = ""

    def __repr__(self) -> str:
        return "Tokens(…)"


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """How a provider says no (RFC 6749, section 5.2)."""

    error: str = ""
    error_description: str = ""


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    keys: list[dict[str, Any]]


class Provider:
    def __init__(self, oidc: Oidc, http: httpx.AsyncClient) -> None:
        self.oidc = oidc
        self._http = http

    async def addresses(self) -> Addresses:
        """Where everything is; raises LoginError where the document is not this issuer's."""
        issuer = self.oidc.issuer
        answer = await self._asked("GET", issuer.rstrip("/") + DISCOVERY)
        found = decoded(answer, Addresses, f"{issuer.rstrip('/')}{DISCOVERY}")
        if found.issuer != issuer:
            raise LoginError(
                "other_issuer",
                f"The provider calls itself {said(found.issuer)}, not {issuer}.",
                "HIRELOOM_OIDC_ISSUER has to be what it calls itself, letter by letter.",
                502,
            )
        for url in (
            found.authorization_endpoint,
            found.token_endpoint,
            found.jwks_uri,
            found.userinfo_endpoint,
            found.end_session_endpoint,
        ):
            refuse_unsafe(url, issuer)
        return found

    async def tokens(self, at: Addresses, code: str, verifier: str, back: str) -> Tokens:
        """A code for tokens; raises LoginError with what the provider has against it."""
        answer = await self.token_answer(at, code, verifier, back)
        if answer.status_code != 200:
            raise refused_code(refusal_in(answer), answer.status_code)
        return decoded(answer, Tokens, "The token endpoint")

    async def token_answer(
        self, at: Addresses, code: str, verifier: str, back: str
    ) -> httpx.Response:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": verifier,
        }
        client_id, secret = self.oidc.client_id, self.oidc.client_secret
        ways = at.token_endpoint_auth_methods_supported or ("client_secret_basic",)
        if "client_secret_basic" not in ways and "client_secret_post" in ways:
            fields |= {"client_id": client_id, "client_secret": secret}
            return await self._asked("POST", at.token_endpoint, fields=fields)
        both = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
        basic = base64.b64encode(both.encode()).decode()
        headers = {"Authorization": f"Basic {basic}"}
        return await self._asked("POST", at.token_endpoint, fields=fields, headers=headers)

    async def keys(self, at: Addresses) -> list[dict[str, Any]]:
        return decoded(await self._asked("GET", at.jwks_uri), Keys, "The list of its keys").keys

    async def user_info(self, url: str, access_token: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {access_token}"}
        answer = await self._asked("GET", url, headers=headers)
        return decoded(answer, dict[str, Any], "The userinfo endpoint")

    async def _asked(
        self,
        method: str,
        url: str,
        *,
        fields: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """The answer with its body; raises LoginError where there is none to be had."""
        sent = {"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})}
        host = urlsplit(url).netloc
        try:
            async with (
                asyncio.timeout(SECONDS),
                self._http.stream(method, url, data=fields, headers=sent) as answer,
            ):
                body = await _short(answer, host)
        except TimeoutError:
            raise down(host, f"it did not answer within {SECONDS} seconds") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise down(host, why_not(error)) from None
        if answer.is_redirect:
            what = f"{host} sends on to another address, which is not followed."
            raise LoginError("redirect", what, ASK_AN_ADMIN, 502)
        if answer.status_code >= 500 or answer.status_code == 429:
            raise down(host, f"it says {answer.status_code}")
        return httpx.Response(answer.status_code, headers=answer.headers, content=body)


@asynccontextmanager
async def speaking_to(oidc: Oidc) -> AsyncIterator[Provider]:
    async with httpx.AsyncClient(timeout=SECONDS, follow_redirects=False) as http:
        yield Provider(oidc, http)


async def _short(answer: httpx.Response, host: str) -> bytes:
    """The body as it came; what is packed, or goes on for too long, is left unread."""
    body = b""
    if answer.headers.get("content-encoding", "identity") == "identity":
        async for part in answer.aiter_raw():
            body += part
            if len(body) > LARGEST:
                what = f"{host} answers with more than {LARGEST // 1024} KiB."
                raise LoginError("too_long", what, ASK_AN_ADMIN, 502)
    return body


def decoded(answer: httpx.Response, kind: type[T], what: str) -> T:
    if answer.status_code != 200:
        told = f"{what} answers {answer.status_code}."
        raise LoginError("bad_answer", told, ASK_AN_ADMIN, 502)
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        told = f"{what} is not as OpenID Connect has it."
        raise LoginError("bad_answer", told, ASK_AN_ADMIN, 502) from None


def refuse_unsafe(url: str | None, issuer: str) -> None:
    """Whatever is not https goes nowhere, but for a provider on this machine."""
    if url is None:
        return
    try:
        parts = urlsplit(url)
        there = parts.hostname is not None and parts.port != 0
    except ValueError:
        there = False
    here = urlsplit(issuer).hostname in LOOPBACK
    if not there or not (
        parts.scheme == "https" or (here and parts.scheme == "http" and parts.hostname in LOOPBACK)
    ):
        what = "The provider names an address that is not https."
        raise LoginError("unsafe_address", what, ASK_AN_ADMIN, 502)


def refusal_in(answer: httpx.Response) -> Refusal:
    try:
        return msgspec.json.decode(answer.content, type=Refusal)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Refusal()


def refused_code(refusal: Refusal, status: int) -> LoginError:
    if refusal.error in NO_CLIENT:
        what = "The provider does not accept the console as its client."
        todo = "HIRELOOM_OIDC_CLIENT_ID and _CLIENT_SECRET have to be those that it shows."
        return LoginError(refusal.error, what, todo, 502)
    if refusal.error == "invalid_grant":
        what = "The provider does not take the code that it gave: too old, or used before."
        return LoginError(refusal.error, what, "Log in once more.")
    words = said(refusal.error_description or refusal.error or f"status {status}")
    what = f"The provider gives no token: {words}"
    return LoginError("no_token", what, ASK_AN_ADMIN, 502)


def down(host: str, why: str) -> LoginError:
    return LoginError("unreachable", f"{host} cannot be reached: {why}.", LATER, 502)


def why_not(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return f"it did not answer within {SECONDS} seconds"
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "its certificate is not one that this machine trusts"
    if isinstance(error, httpx.ConnectError):
        return "nobody answers there"
    return "the connection broke"


def host_of(oidc: Oidc) -> str:
    """How people know a provider."""
    return urlsplit(oidc.issuer).netloc


def said(text: str) -> str:
    """Words of a provider's as one short line."""
    shown = "".join(one if one.isprintable() else " " for one in text[: LONGEST_SAID * 2])
    return " ".join(shown.split())[:LONGEST_SAID]
