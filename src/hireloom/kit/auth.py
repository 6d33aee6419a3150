"""How vendors want to know who calls. All pure: a request in, a signed request out.

An authentication kind says which fields a customer fills in (`fields`), signs a request with them,
and, where it lives on tokens, makes the request for a new token and reads its answer.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, runtime_checkable
from urllib.parse import urlencode

import msgspec
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from hireloom.errors import CredentialsInvalidError, UnexpectedAnswerError
from hireloom.kit.decode import decoder, unreadable
from hireloom.kit.message import Answer, Request

EARLY = 60.0  # seconds before its end at which a token is renewed, a tenth of a short life
FORM = "application/x-www-form-urlencoded"


class Secrets(msgspec.Struct, frozen=True, kw_only=True):
    """What opens one account: what the customer entered, and the tokens it was exchanged for."""

    fields: dict[str, str] = {}
    access_token: str | None = None
    refresh_token: str | None = None
    expires_at: float | None = None  # Unix seconds, a little before its real end

    def __repr__(self) -> str:
        return f"Secrets({', '.join(self.fields)})"

    def expired(self, now: float) -> bool:
        if self.access_token is None:
            return True
        return self.expires_at is not None and now >= self.expires_at


@dataclass(frozen=True)
class Field:
    """One field of the form in which a customer connects an account."""

    name: str
    label: str
    where: str = ""  # what an administrator opens at the vendor to find it
    help: str = ""  # or, where there is more to say, in whole sentences
    secret: bool = True
    required: bool = True


@dataclass(frozen=True)
class Grants:
    """What an administrator ticks for the credentials, in the vendor's words."""

    reads: tuple[str, ...]
    writes: tuple[str, ...]


class Auth(Protocol):
    @property
    def fields(self) -> tuple[Field, ...]: ...

    def fits(self, secrets: Secrets) -> bool: ...

    def sign(self, request: Request, secrets: Secrets) -> Request: ...


@runtime_checkable
class TokenAuth(Protocol):
    """An authentication that exchanges what it knows for a token that ends."""

    @property
    def fields(self) -> tuple[Field, ...]: ...

    def fits(self, secrets: Secrets) -> bool: ...

    def sign(self, request: Request, secrets: Secrets) -> Request: ...

    def token_request(self, secrets: Secrets) -> Request: ...

    def read_token(self, answer: Answer, secrets: Secrets, now: float) -> Secrets: ...


class TokenAnswer(msgspec.Struct, frozen=True):
    access_token: str
    refresh_token: str | None = None
    expires_in: float | str | None = None  # seconds from now
    expires_at: Any = None  # RFC 3339, or Unix seconds


def basic(user: str, password: str = "") -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _has(fields: tuple[Field, ...], secrets: Secrets) -> bool:
    return all(secrets.fields.get(field.name) for field in fields if field.required)


@dataclass(frozen=True)
class BasicKey:
    """An API key as the user name of HTTP Basic, with an empty password."""

    where: str
    field: str = "apiKey"
    label: str = "API key"

    @property
    def fields(self) -> tuple[Field, ...]:
        return (Field(self.field, self.label, self.where),)

    def fits(self, secrets: Secrets) -> bool:
        return _has(self.fields, secrets)

    def sign(self, request: Request, secrets: Secrets) -> Request:
        return request.with_header("Authorization", basic(secrets.fields[self.field]))


@dataclass(frozen=True)
class BearerKey(BasicKey):
    """An API key in `Authorization: Bearer`."""

    def sign(self, request: Request, secrets: Secrets) -> Request:
        return request.with_header("Authorization", f"Bearer {secrets.fields[self.field]}")


@dataclass(frozen=True)
class ClientCredentials:
    """OAuth 2 client credentials (RFC 6749 § 4.4), the client known by HTTP Basic.

    `extra` maps further form fields to the credential fields that fill them, where given.
    """

    token_url: str
    where: str
    extra: Mapping[str, Field] | None = None

    @property
    def fields(self) -> tuple[Field, ...]:
        return (
            Field("clientId", "Client ID", self.where, secret=False),
            Field("clientSecret", "Client secret", self.where),
            *(self.extra or {}).values(),
        )

    def fits(self, secrets: Secrets) -> bool:
        return _has(self.fields, secrets)

    def sign(self, request: Request, secrets: Secrets) -> Request:
        return request.with_header("Authorization", f"Bearer {secrets.access_token}")

    def token_request(self, secrets: Secrets) -> Request:
        form = {"grant_type": "client_credentials"}
        for name, field in (self.extra or {}).items():
            if value := secrets.fields.get(field.name):
                form[name] = value
        user, password = secrets.fields["clientId"], secrets.fields["clientSecret"]
        return _token_request(self.token_url, form).with_header(
            "Authorization", basic(user, password)
        )

    def read_token(self, answer: Answer, secrets: Secrets, now: float) -> Secrets:
        return _read_token(answer, secrets, now)


@dataclass(frozen=True)
class AuthorizationCode:
    """OAuth 2 authorization code (RFC 6749 § 4.1) with refresh tokens that may rotate.

    The newest refresh token is kept before the access token beside it is used once, because the
    older one may already be void.
    """

    authorize_url: str
    token_url: str
    scopes: tuple[str, ...]
    where: str
    audience: str | None = None
    client_auth: str = "post"  # "post": id and secret in the form; "basic": in the header

    @property
    def fields(self) -> tuple[Field, ...]:
        return (
            Field("clientId", "Client ID", self.where, secret=False),
            Field("clientSecret", "Client secret", self.where),
            Field("refreshToken", "Refresh token", "It comes out of the consent.", required=True),
        )

    def fits(self, secrets: Secrets) -> bool:
        return _has(self.fields, secrets)

    def sign(self, request: Request, secrets: Secrets) -> Request:
        return request.with_header("Authorization", f"Bearer {secrets.access_token}")

    def consent_url(self, client_id: str, redirect_uri: str, state: str, verifier: str) -> str:
        """Where to send the customer; `verifier` is the PKCE secret of this attempt (RFC 7636)."""
        more = {"audience": self.audience} if self.audience else {}
        url: str = prepare_grant_uri(
            self.authorize_url,
            client_id,
            "code",
            redirect_uri=redirect_uri,
            scope=" ".join(self.scopes),
            state=state,
            prompt="consent",
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
            **more,
        )
        return url

    def code_request(
        self, fields: Mapping[str, str], code: str, redirect_uri: str, verifier: str
    ) -> Request:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        return self._as_client(form, fields)

    def token_request(self, secrets: Secrets) -> Request:
        newest = secrets.refresh_token or secrets.fields["refreshToken"]
        form = {"grant_type": "refresh_token", "refresh_token": newest}
        return self._as_client(form, secrets.fields)

    def read_token(self, answer: Answer, secrets: Secrets, now: float) -> Secrets:
        return _read_token(answer, secrets, now)

    def _as_client(self, form: dict[str, str], fields: Mapping[str, str]) -> Request:
        user, password = fields["clientId"], fields["clientSecret"]
        if self.client_auth == "basic":
            return _token_request(self.token_url, form).with_header(
                "Authorization", basic(user, password)
            )
        return _token_request(
            self.token_url, {**form, "client_id": user, "client_secret": password}
        )


@dataclass(frozen=True)
class AnyOf:
    """Several ways to connect; the one whose fields the customer filled in is used."""

    ways: tuple[Auth, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(field for way in self.ways for field in way.fields)

    def fits(self, secrets: Secrets) -> bool:
        return any(way.fits(secrets) for way in self.ways)

    def sign(self, request: Request, secrets: Secrets) -> Request:
        return self.way(secrets).sign(request, secrets)

    def way(self, secrets: Secrets) -> Auth:
        for way in self.ways:
            if way.fits(secrets):
                return way
        raise CredentialsInvalidError("The credentials of this account are incomplete")


def _token_request(url: str, form: Mapping[str, str]) -> Request:
    return Request(
        method="POST",
        url=url,
        body=urlencode(form).encode(),
        content_type=FORM,
        headers={"Accept": "application/json"},
        template="token",
        signed=False,
    )


def _read_token(answer: Answer, secrets: Secrets, now: float) -> Secrets:
    try:
        token = decoder(TokenAnswer).decode(answer.body)
    except msgspec.DecodeError as error:
        raise unreadable(answer, error) from None
    return msgspec.structs.replace(
        secrets,
        access_token=token.access_token,
        refresh_token=token.refresh_token or secrets.refresh_token,
        expires_at=_before(_end(token, now), now),
    )


def _before(end: float | None, now: float) -> float | None:
    """When to renew: ahead of the end, but not so far that a short-lived token is never used."""
    return None if end is None else end - min(EARLY, max(0.0, end - now) / 10)


def _end(token: TokenAnswer, now: float) -> float | None:
    try:
        if token.expires_in is not None:
            return now + float(token.expires_in)
        if isinstance(token.expires_at, str) and not token.expires_at.isdigit():
            instant = datetime.fromisoformat(token.expires_at)
            return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp()
        return None if token.expires_at is None else float(token.expires_at)
    except (ValueError, TypeError):
        raise UnexpectedAnswerError("The vendor's token does not say when it ends") from None
