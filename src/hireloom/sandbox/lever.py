"""A simulated Lever: Data API v1, written from its documentation as read in November 2026."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs

import msgspec
from litestar import Request, Response
from litestar.datastructures import UploadFile
from litestar.handlers import HTTPRouteHandler

from hireloom.sandbox import _lever_auth as auth
from hireloom.sandbox import _lever_consent as consent
from hireloom.sandbox import _lever_routes as routes
from hireloom.sandbox import vendor
from hireloom.sandbox._lever_account import Account
from hireloom.sandbox._lever_calls import (
    Answer,
    Call,
    Refusal,
    Upload,
    bad_request,
    forbidden,
    not_found,
)
from hireloom.sandbox._lever_hooks import EVENTS
from hireloom.sandbox._lever_page import page
from hireloom.sandbox._lever_recruiter import Desk
from hireloom.sandbox._lever_shelf import Json
from hireloom.sandbox._lever_state import state
from hireloom.sandbox.limits import Limiter, Rule, TokenBucket, Verdict
from hireloom.sandbox.world import World

# The sandbox is a tenant of its own; the European data centre is production by another name.
API_HOSTS = {
    "api": ("https://api.lever.co/v1", "production"),
    "api-eu": ("https://api.eu.lever.co/v1", "production"),
    "api-sandbox": ("https://api.sandbox.lever.co/v1", "sandbox"),
}
AUTH_HOSTS = {"auth": "production", "auth-sandbox": "sandbox"}


class Lever(vendor.Vendor):
    name = "lever"
    origins = {  # noqa: RUF012 -- the base class declares it
        "https://api.lever.co": "api",
        "https://api.eu.lever.co": "api-eu",
        "https://api.sandbox.lever.co": "api-sandbox",
        "https://auth.lever.co": "auth",
        "https://sandbox-lever.auth0.com": "auth-sandbox",
    }
    credentials = {  # noqa: RUF012 -- the base class declares it
        "apiKey": auth.API_KEY,
        "clientId": auth.CLIENT_ID,
        "clientSecret": auth.CLIENT_SECRET,
        "refreshToken": auth.REFRESH_TOKEN,
    }
    more_credentials = {  # noqa: RUF012 -- the base class declares it
        "credentialsWithoutScopes": {"apiKey": auth.LIMITED_KEY},
        "credentialsWithoutConfidential": {"apiKey": auth.PUBLIC_KEY},
        "credentialsWithoutFeedback": {"apiKey": auth.NO_FEEDBACK_KEY},
        "credentialsNotesOnly": {"apiKey": auth.NOTES_KEY},
        "credentialsOfSandboxTenant": {"apiKey": auth.TRIAL_KEY},
    }
    events = EVENTS
    rules = (
        Rule(limit=TokenBucket(rate=10, burst=20)),
        Rule(limit=TokenBucket(rate=2, burst=2), method="POST", path="/v1/postings/*/apply"),
    )

    def __init__(self, world: World, limiter: Limiter, log: vendor.CallLog) -> None:
        super().__init__(world, limiter, log)
        self.account = Account(world, self.courier)
        self.auth = auth.Auth(world.seed)
        self.recruiter = Desk(self.account, self.auth)

    def handlers(self) -> list[HTTPRouteHandler]:
        found = [
            vendor.route(method, f"/{segment}/{{rest:path}}", self._serve)
            for segment in API_HOSTS
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        ]
        for segment in AUTH_HOSTS:
            found.append(vendor.route("GET", f"/{segment}/authorize", self._authorize))
            found.append(vendor.route("POST", f"/{segment}/oauth/token", self._token))
        return found

    def screen(self) -> Json:
        account = self.account
        created = (account.opportunity_at(index) for index in account.opportunities.written())
        return {
            "created": [record for record in created if record is not None],
            "notes": [self._titled(*pair) for pair in account.notes.of_written()],
            "feedback": [self._titled(*pair) for pair in account.feedback.of_written()],
            "forms": [self._titled(*pair) for pair in account.forms.of_written()],
            "files": [self._titled(*pair) for pair in account.files.of_written()],
            "resumes": [self._titled(*pair) for pair in account.resumes.of_written()],
            "panels": [self._titled(*pair) for pair in account.panels.of_written()],
            "moves": [row for row in account.written if row["act"] == "move"],
            "rejections": [row for row in account.written if row["act"] == "archive"],
            "webhooks": list(self.courier.sent),
            "acts": account.written,
        }

    def application_screen(self, application: str) -> Json:
        return page(self.account, application)

    def _titled(self, parent: int, record: Json) -> Json:
        opportunity = self.account.opportunity_at(parent) or {}
        return {
            "opportunity": opportunity.get("id"),
            "candidate": opportunity.get("name"),
            **record,
        }

    def reset(self) -> None:
        super().reset()
        self.account.clear()
        self.auth.clear()

    def change(self, kind: str, **what: Any) -> Json:
        """Alter the account as a recruiter would; the kinds are `Desk`'s methods."""
        try:
            return self.recruiter.change(kind, what)
        except Refusal as refusal:
            raise ValueError(str(refusal)) from refusal

    async def add_webhooks(self, url: str, events: list[str], secret: str | None) -> list[Json]:
        """In the settings; Lever makes the secret itself, another for each event."""
        made = [self.account.hooks.subscribe(event, url, {})["id"] for event in events]
        return [hook for hook in self.webhooks() if hook["id"] in made]

    def webhooks(self) -> list[Json]:
        return [
            {
                "id": hook["id"],
                "event": hook["event"],
                "url": hook["url"],
                "signatureToken": hook["configuration"]["signatureToken"],
                "enabled": True,
            }
            for hook in self.account.hooks.subscriptions.values()
        ]

    def remove_webhook(self, webhook: str) -> bool:
        return self.account.hooks.subscriptions.pop(webhook, None) is not None

    def state(self, kind: str) -> Iterator[Json]:
        return state(self.account, kind)

    def credential_of(self, headers: Mapping[str, str], path: str) -> str | None:
        """The limit is per key; the login hosts are not limited."""
        return headers.get("authorization", "") if path.startswith("/v1") else None

    def refuse(self, verdict: Verdict) -> vendor.Answer:
        """Without Retry-After: clients must back off by themselves."""
        message = "You have exceeded the rate limit. Please try again later."
        return vendor.json_answer(429, {"code": "TooManyRequestsError", "message": message})

    def expired(self) -> vendor.Answer:
        message = "The access token has expired"
        return vendor.json_answer(401, {"code": "UnauthorizedError", "message": message})

    def failed(self, status: int) -> vendor.Answer:
        body = {
            "code": vendor.phrase(status).title().replace(" ", ""),
            "message": vendor.phrase(status),
        }
        return vendor.json_answer(status, body)

    async def _serve(self, request: Request[Any, Any, Any]) -> Response[Any]:
        _, _, segment, rest = request.scope["path"].split("/", 3)
        origin, environment = API_HOSTS[segment]
        try:
            answer = await self._answer(request, rest, origin, environment)
        except Refusal as refusal:
            answer = refusal.answer
        return _response(answer, origin)

    async def _answer(
        self, request: Request[Any, Any, Any], rest: str, origin: str, environment: str
    ) -> Answer:
        key = self.auth.key(request.headers.get("authorization", ""), environment)
        version, _, path = rest.partition("/")
        found = routes.find(str(request.method), path) if version == "v1" else None
        if found is None:
            raise not_found("endpoint")
        endpoint, ids = found
        if not key.may(endpoint.permission):
            raise forbidden(f"This API key does not have the permission {endpoint.permission}")
        query = parse_qs(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
        call = Call(origin=origin, ids=ids, query=query, key=key)
        call.performer = self._performer(call, endpoint)
        if request.method in {"POST", "PUT"}:
            call.body, call.uploads = await _content(request)
        return endpoint.function(self.account, call)

    def _performer(self, call: Call, endpoint: routes.Endpoint) -> str | None:
        if endpoint.perform_as == "unused":
            return None
        user_id = call.word("perform_as")
        if user_id is None:
            if endpoint.perform_as == "must":
                raise bad_request("Missing required query parameter: perform_as")
            return None
        user = self.account.users.get(user_id)
        if user is None:
            raise bad_request("perform_as is not a user of your account")
        if user["deactivatedAt"] is not None:
            raise forbidden("perform_as is a deactivated user")
        return user_id

    async def _authorize(self, request: Request[Any, Any, Any]) -> Response[Any]:
        environment = AUTH_HOSTS[request.scope["path"].split("/")[2]]
        query = dict(request.query_params)
        answer = self.auth.authorize(environment, query)
        if answer.status == 302 and consent.is_asked_for(query, request.headers.get("accept", "")):
            return Response(consent.page(query), media_type="text/html")
        if answer.status == 302:
            return Response(None, status_code=302, headers={"location": answer.body})
        return vendor.json_response(answer.body, answer.status)

    async def _token(self, request: Request[Any, Any, Any]) -> Response[Any]:
        environment = AUTH_HOSTS[request.scope["path"].split("/")[2]]
        body = (await request.body()).decode()
        if request.headers.get("content-type", "").startswith("application/json"):
            form = msgspec.json.decode(body, type=dict[str, str])
        else:
            form = {name: values[-1] for name, values in parse_qs(body).items()}
        answer = self.auth.token(environment, form)
        return vendor.json_response(answer.body, answer.status, {"cache-control": "no-store"})


async def _content(request: Request[Any, Any, Any]) -> tuple[Json, tuple[Upload, ...]]:
    """A JSON object, or a form with files; a repeated or `name[]` field becomes a list."""
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _form(request)
    content = await request.body()
    if not content:
        return {}, ()
    try:
        body = msgspec.json.decode(content)
    except msgspec.DecodeError:
        raise bad_request("The body is not valid JSON") from None
    if not isinstance(body, dict):
        raise bad_request("The body must be a JSON object")
    return body, ()


async def _form(request: Request[Any, Any, Any]) -> tuple[Json, tuple[Upload, ...]]:
    body: Json = {}
    uploads = []
    for field, value in (await request.form()).multi_items():
        name = field.removesuffix("[]")
        if isinstance(value, UploadFile):
            content = await value.read()
            uploads.append(Upload(field=name, filename=value.filename, content=content))
        elif field.endswith("[]") or name in body:
            before = body.get(name, [])
            body[name] = [*(before if isinstance(before, list) else [before]), value]
        else:
            body[name] = value
    return body, tuple(uploads)


def _response(answer: Answer, origin: str) -> Response[Any]:
    if answer.content is not None:
        disposition = f'attachment; filename="{answer.filename}"'
        return Response(
            answer.content,
            status_code=answer.status,
            media_type="application/pdf",
            headers={"content-disposition": disposition},
        )
    if answer.status == 204:
        return vendor.empty_response()
    if origin == API_HOSTS["api"][0]:
        return vendor.json_response(answer.body, answer.status)
    content = msgspec.json.encode(answer.body)  # links lead back to the host that was asked
    content = content.replace(API_HOSTS["api"][0].encode(), origin.encode())
    return Response(content, status_code=answer.status, media_type="application/json")
