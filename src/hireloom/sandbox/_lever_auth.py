"""How the Lever simulator knows its callers: API keys, and OAuth 2 with rotating refresh tokens."""

import base64
import binascii
import hashlib
import time
from collections.abc import Mapping
from urllib.parse import urlencode

import msgspec

from hireloom.sandbox._lever_calls import Answer, Key, unauthorized
from hireloom.sandbox._lever_routes import ENDPOINTS

API_KEY = "lever-sandbox-api-key"
LIMITED_KEY = "lever-sandbox-api-key-limited"
PUBLIC_KEY = "lever-sandbox-api-key-no-confidential"
NO_FEEDBACK_KEY = "lever-sandbox-api-key-no-feedback"
NOTES_KEY = "lever-sandbox-api-key-notes-only"
TRIAL_KEY = "lever-sandbox-api-key-of-the-sandbox-tenant"
CLIENT_ID = "lever-sandbox-client-id"
CLIENT_SECRET = "lever-sandbox-client-secret"  # noqa: S105 -- fake, and published
REFRESH_TOKEN = "lever-sandbox-refresh-token"  # noqa: S105 -- fake, and published

AUDIENCES = {
    "production": "https://api.lever.co/v1/",
    "sandbox": "https://api.sandbox.lever.co/v1/",
}
LIMITED = frozenset(
    f"{name}:read"
    for name in (
        "applications",
        "archive_reasons",
        "contact",
        "feedback_templates",
        "files",
        "interviews",
        "opportunities",
        "panels",
        "postings",
        "requisitions",
        "sources",
        "stages",
        "tags",
    )
)
PERMISSIONS = frozenset(endpoint.permission for endpoint in ENDPOINTS)
READS = frozenset(each for each in PERMISSIONS if each.endswith(":read"))
KEYS = {
    API_KEY: Key(),
    LIMITED_KEY: Key(permissions=LIMITED),
    PUBLIC_KEY: Key(confidential=False),
    NO_FEEDBACK_KEY: Key(permissions=PERMISSIONS - {"feedback:write"}),
    NOTES_KEY: Key(permissions=READS | {"notes:write"}),
    TRIAL_KEY: Key(environment="sandbox"),
}
CONFIDENTIAL = "confidential:access:admin"
OFFLINE = "offline_access"


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody consented to."""

    environment: str
    scopes: tuple[str, ...]
    audience: bool  # without it only offline_access was shown, and tokens do not open the API
    redirect_uri: str = ""

    def key(self) -> Key:
        granted = frozenset(scope.removesuffix(":admin") for scope in self.scopes)
        return Key(
            permissions=None if "*" in self.scopes else granted,
            confidential="*" in self.scopes or CONFIDENTIAL in self.scopes,
            environment=self.environment,
        )


class Auth:
    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.clear()

    def clear(self) -> None:
        self.token_life = 3600.0  # seconds
        self._count = 0
        self._codes: dict[str, Grant] = {}
        everything = Grant(environment="production", scopes=("*", OFFLINE), audience=True)
        self._refresh: dict[str, Grant] = {REFRESH_TOKEN: everything}
        self._access: dict[str, tuple[Grant, float]] = {}

    def expire_tokens(self) -> None:
        self._access.clear()

    def key(self, header: str, environment: str) -> Key:
        """The key of an Authorization header; refuses what this environment does not know."""
        kind, _, value = header.partition(" ")
        found = None
        if kind.lower() == "basic":
            found = KEYS.get(_user_of(value))
        elif kind.lower() == "bearer":
            grant, until = self._access.get(value, (None, 0.0))
            if grant is not None and grant.audience and time.monotonic() < until:
                found = grant.key()
        if found is None or found.environment != environment:
            raise unauthorized("The API key or access token is not valid")
        return found

    def authorize(self, environment: str, query: Mapping[str, str]) -> Answer:
        """The consent page, agreed to at once: a redirect with a code."""
        if query.get("client_id") != CLIENT_ID:
            return _oauth_error(
                403, "unauthorized_client", f"Unknown client: {query.get('client_id')}"
            )
        redirect = query.get("redirect_uri", "")
        if not redirect.startswith(("http://", "https://")):
            return _oauth_error(403, "invalid_request", "Callback URL mismatch.")
        back = {name: query[name] for name in ("state",) if name in query}
        if query.get("response_type") != "code":
            return _redirect(redirect, {"error": "unsupported_response_type", **back})
        audience = query.get("audience")
        if audience not in {None, AUDIENCES[environment]}:
            return _redirect(redirect, {"error": "access_denied", **back})
        asked = tuple(query.get("scope", "").split())
        shown = asked if audience else tuple(scope for scope in asked if scope == OFFLINE)
        code = self._new("code")
        self._codes[code] = Grant(
            environment=environment,
            scopes=shown,
            audience=audience is not None,
            redirect_uri=redirect,
        )
        return _redirect(redirect, {"code": code, **back})

    def token(self, environment: str, form: Mapping[str, str]) -> Answer:
        if form.get("client_id") != CLIENT_ID or form.get("client_secret") != CLIENT_SECRET:
            return _oauth_error(401, "access_denied", "Unauthorized")
        kind = form.get("grant_type")
        if kind == "authorization_code":
            grant = self._codes.pop(form.get("code", ""), None)
            if grant is None or grant.redirect_uri != form.get("redirect_uri"):
                return _oauth_error(403, "invalid_grant", "Invalid authorization code")
        elif kind == "refresh_token":
            # Rotation: each refresh token works once; a replayed one is unknown.
            grant = self._refresh.pop(form.get("refresh_token", ""), None)
            if grant is None:
                return _oauth_error(403, "invalid_grant", "Unknown or invalid refresh token.")
        else:
            return _oauth_error(403, "unsupported_grant_type", f"Unsupported grant type: {kind}")
        if grant.environment != environment:
            return _oauth_error(403, "invalid_grant", "The grant is of another environment")
        return self._issue(grant)

    def _issue(self, grant: Grant) -> Answer:
        access = self._new("access")
        self._access[access] = (grant, time.monotonic() + self.token_life)
        body: dict[str, object] = {
            "access_token": access,
            "scope": " ".join(grant.scopes),
            "expires_in": int(self.token_life),
            "token_type": "Bearer",
        }
        if OFFLINE in grant.scopes:
            body["refresh_token"] = self._new("refresh")
            self._refresh[str(body["refresh_token"])] = grant
        return Answer(body=body)

    def _new(self, kind: str) -> str:
        self._count += 1
        text = f"{self._seed}/{kind}/{self._count}"
        return f"lever-{kind}-" + hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _user_of(value: str) -> str:
    """The user name of Basic credentials, whose password must be empty."""
    try:
        user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return "" if password else user


def _redirect(to: str, query: Mapping[str, str]) -> Answer:
    mark = "&" if "?" in to else "?"
    return Answer(status=302, body=to + mark + urlencode(query))


def _oauth_error(status: int, error: str, description: str) -> Answer:
    return Answer(status=status, body={"error": error, "error_description": description})
