"""An OpenID Connect provider on loopback, written from OpenID Connect Core 1.0 and Discovery 1.0.

It checks what a client sends as strictly as the specification lets it, and can be told to do one
thing wrong.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import ECKey, KeyParameters, RSAKey
from joserfc.jws import JWSRegistry

from hireloom import ports

CLIENT = "hireloom-console"
SECRET = "a secret: with 50 % of oddities"
TOKEN_SECONDS = 300
STRANGERS = {"own key", "key in the header"}
ADA = {"sub": "248289761001", "name": "Ada Lovelace", "groups": ["staff", "hireloom-admins"]}


@dataclass
class Code:
    challenge: str
    nonce: str
    back: str


@dataclass
class Provider:
    url: str
    person: dict[str, Any] = field(default_factory=lambda: dict(ADA))
    fault: str = ""
    ahead: int = 0  # seconds, of its clock
    keys: list[RSAKey | ECKey] = field(default_factory=list)
    post_only: bool = False
    in_token: bool = True  # whether groups are in the token, or at the userinfo endpoint alone
    refusal: dict[str, Any] = field(default_factory=dict)  # what the token endpoint says instead
    document: dict[str, Any] = field(default_factory=dict)  # what the discovery document changes
    claims: dict[str, Any] = field(default_factory=dict)  # what the token says otherwise
    asked: list[dict[str, str]] = field(default_factory=list)  # authorization requests
    calls: list[str] = field(default_factory=list)
    issued: list[str] = field(default_factory=list)  # everything that nobody else may see
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)

    def rotate(self, kind: str = "RSA") -> None:
        """The newest key signs; one key of before stays published."""
        kid: KeyParameters = {"kid": secrets.token_hex(4), "use": "sig"}
        made = RSAKey.generate_key(2048, kid) if kind == "RSA" else ECKey.generate_key("P-256", kid)
        self.keys = [made, *self.keys[:1]]

    def discovery(self) -> dict[str, Any]:
        ways = ["client_secret_post"] if self.post_only else ["client_secret_basic"]
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "end_session_endpoint": f"{self.url}/logout?from=a",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "scopes_supported": ["openid", "profile", "email", "groups"],
            "token_endpoint_auth_methods_supported": ways,
            "authorization_response_iss_parameter_supported": True,
            **self.document,
        }

    async def discover(self, _: web.Request) -> web.StreamResponse:
        self.calls.append("discovery")
        match self.fault:
            case "down":
                return web.Response(status=503)
            case "redirect":
                raise web.HTTPFound(f"{self.url}/elsewhere")
            case "endless":
                return web.Response(body=b" " * 600_000, content_type="application/json")
            case "packed":
                return web.json_response(self.discovery(), headers={"Content-Encoding": "gzip"})
            case "no json":
                return web.Response(text="<h1>Welcome</h1>", content_type="text/html")
        return web.json_response(self.discovery())

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """The page on which somebody logs in."""
        asked = dict(request.query)
        self.asked.append(asked)
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        page = "<!doctype html><title>Who are you?</title><form method=post><button>I am Ada"
        return web.Response(text=page, content_type="text/html")

    async def agree(self, request: web.Request) -> web.StreamResponse:
        asked = request.query
        answer = {"state": asked["state"], "iss": self.url}
        if self.fault == "denied":
            said = "No <b>way</b> in\r\nfor you"
            answer |= {"error": "access_denied", "error_description": said}
        else:
            code = secrets.token_urlsafe(200)
            self.codes[code] = Code(asked["code_challenge"], asked["nonce"], asked["redirect_uri"])
            self.issued.append(code)
            answer["code"] = code
        if self.fault == "mixed up":
            answer["iss"] = "https://another.example"
        if self.fault == "no iss":
            del answer["iss"]
        raise web.HTTPFound(f"{asked['redirect_uri']}?{urlencode(answer)}")

    async def exchange(self, request: web.Request) -> web.StreamResponse:
        fields = {name: one[0] for name, one in parse_qs(await request.text()).items()}
        self.calls.append("token")
        if not self.is_client(request, fields) or self.fault == "wrong client":
            return web.json_response({"error": "invalid_client"}, status=401)
        if self.refusal:
            return web.json_response(self.refusal, status=400)
        code = self.codes.pop(fields["code"], None)
        digest = hashlib.sha256(fields["code_verifier"].encode()).digest()
        challenge = unpadded(digest)
        if code is None or code.challenge != challenge or code.back != fields["redirect_uri"]:
            return web.json_response({"error": "invalid_grant"}, status=400)
        access_token = secrets.token_urlsafe(20)
        self.tokens.add(access_token)
        token = self.id_token(code.nonce, access_token)
        self.issued += [access_token, token, fields["code_verifier"]]
        answer = {"access_token": access_token, "token_type": "Bearer", "id_token": token}
        return web.json_response(answer)

    def is_client(self, request: web.Request, fields: dict[str, str]) -> bool:
        if self.post_only:
            return (fields.get("client_id"), fields.get("client_secret")) == (CLIENT, SECRET)
        kind, _, text = request.headers.get("Authorization", "").partition(" ")
        name, _, secret = base64.b64decode(text).decode().partition(":")
        return (kind, unquote(name), unquote(secret)) == ("Basic", CLIENT, SECRET)

    def id_token(self, nonce: str, access_token: str) -> str:
        now = int(time.time()) + self.ahead
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        person = dict(self.person)
        if not self.in_token:
            person = {"sub": person["sub"]}
        claims = {
            "iss": self.url, "aud": CLIENT, "iat": now, "nbf": now, "exp": now + TOKEN_SECONDS,
            "nonce": nonce, "at_hash": unpadded(half), **person, **self.claims,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        key = self.keys[0]
        header = {"alg": "RS256" if isinstance(key, RSAKey) else "ES256", "kid": key.kid}
        return self.signed(header, claims)

    def signed(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        """As it should be, or with the fault of the day."""
        own = self.keys[0]
        stranger = RSAKey.generate_key(2048) if self.fault in STRANGERS else own
        shared = {**header, "alg": "HS256"}
        carried = {**header, "kid": "own", "jwk": stranger.as_dict(private=False)}
        roomy = JWSRegistry()
        roomy.max_header_length = 2048
        faults: dict[str, Callable[[], str]] = {
            "alg none": lambda: by_hmac({"alg": "none"}, claims, b""),
            "hmac with the public key": lambda: by_hmac(shared, claims, own.as_pem(private=False)),
            "hmac with the secret": lambda: by_hmac(shared, claims, SECRET.encode()),
            "no kid": lambda: jwt.encode({"alg": header["alg"]}, claims, own),
            "own key": lambda: jwt.encode(header, claims, stranger),
            "unknown kid": lambda: jwt.encode({**header, "kid": "another"}, claims, own),
            "key in the header": lambda: jwt.encode(carried, claims, stranger, registry=roomy),
            "broken": lambda: "not.a.token",
        }
        made = faults.get(self.fault)
        return made() if made else jwt.encode(header, claims, own)

    async def publish(self, _: web.Request) -> web.StreamResponse:
        self.calls.append("jwks")
        return web.json_response({"keys": [key.as_dict(private=False) for key in self.keys]})

    async def tell(self, request: web.Request) -> web.StreamResponse:
        self.calls.append("userinfo")
        _, _, token = request.headers["Authorization"].partition(" ")
        if token not in self.tokens:
            return web.Response(status=401)
        sub = {"sub": "somebody else"} if self.fault == "other person" else {}
        return web.json_response(self.person | sub)

    async def part(self, request: web.Request) -> web.StreamResponse:
        self.calls.append("logout")
        assert request.query["client_id"] == CLIENT
        raise web.HTTPFound(request.query["post_logout_redirect_uri"])


async def nothing(_: web.Request) -> web.StreamResponse:
    return web.Response(status=204)


def by_hmac(header: dict[str, Any], claims: dict[str, Any], key: bytes) -> str:
    """Signed with what is no secret; not at all without a key."""
    text = ".".join(unpadded(json.dumps(one).encode()) for one in (header, claims))
    return f"{text}.{unpadded(hmac.digest(key, text.encode(), hashlib.sha256)) if key else ''}"


def unpadded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@asynccontextmanager
async def providing() -> AsyncIterator[Provider]:
    with ports.reserved() as port:
        provider = Provider(f"http://127.0.0.1:{port}")
        provider.rotate()
        app = web.Application()
        app.add_routes(
            [
                web.get("/.well-known/openid-configuration", provider.discover),
                web.get("/authorize", provider.ask),
                web.post("/authorize", provider.agree),
                web.post("/token", provider.exchange),
                web.get("/jwks", provider.publish),
                web.get("/userinfo", provider.tell),
                web.get("/logout", provider.part),
                web.get("/favicon.ico", nothing),
            ]
        )
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port, reuse_address=True, reuse_port=True).start()
        try:
            yield provider
        finally:
            await runner.cleanup()
