"""What connecting an account and asking about it takes and answers."""

from typing import Annotated, Any

from msgspec import Meta

from hireloom.models.base import UNSET, Id, Instant, Maybe, Model, Request, Word


class PassthroughRequest(Request, frozen=True, kw_only=True):
    """`body` is sent as JSON; text goes as it is, a form is encoded when `contentType` says so."""

    method: str
    path: Annotated[str, Meta(max_length=4000)]
    base_url: str | None = None
    params: dict[str, str | int | float | bool | list[str] | None] = {}
    headers: dict[str, str] = {}
    body: Any = None
    content_type: Annotated[str, Meta(max_length=200, pattern="^[!-~ ]*$")] = "application/json"


class PassedAnswer(Model, frozen=True, kw_only=True):
    """The vendor's answer; `bodyEncoding` is "base64" where the body is neither JSON nor text."""

    status: int
    headers: dict[str, str]
    body: Any = None
    body_encoding: str | None = None


class Passed(Model, frozen=True, kw_only=True):
    response: PassedAnswer


class SessionFilter(Request, frozen=True, kw_only=True):
    category: str
    apps: tuple[str, ...] = ()


class SessionRequest(Request, frozen=True, kw_only=True):
    origin_org_id: Id
    origin_org_name: str
    origin_user_email: str
    origin_user_name: str
    filters: tuple[SessionFilter, ...] = ()
    test_account: bool = False
    language: str = "en"
    redirect_url: str | None = None


class ConnectSession(Model, frozen=True, kw_only=True):
    """`token` feeds the web component; `url` is a link to the hosted page."""

    token: str
    url: str
    expires_at: Instant


class IntegrationState(Word):
    ACTIVE = "ACTIVE"
    DEACTIVATED = "DEACTIVATED"
    CREDENTIALS_INVALID = "CREDENTIALS_INVALID"


class IntegrationDetails(Model, frozen=True, kw_only=True):
    """One connected account. `id` is the app's, for compatibility, `integrationId` its own."""

    id: str
    app_id: str
    app_name: str
    category: str
    integration_id: str
    origin_org_id: str
    origin_org_name: str
    state: IntegrationState
    is_active: bool
    test_account: bool
    settings: dict[str, Any]
    missing_permissions: dict[str, str]
    created_at: Instant
    updated_at: Instant
    deactivated_at: Instant | None = None
    verified_at: Instant | None = None


class DetailsQuery(Request, frozen=True, kw_only=True):
    """The accounts of one organisation, or with the header the one that it names."""

    origin_org_id: str | None = None


class ConnectedApps(Model, frozen=True, kw_only=True):
    apps: list[IntegrationDetails]


class IntegrationQuery(Request, frozen=True, kw_only=True):
    origin_org_id: str | None = None
    app_id: str | None = None
    page_token: str | None = None
    page_size: Annotated[int, Meta(ge=1, le=500)] = 100


class IntegrationPage(Model, frozen=True, kw_only=True):
    integrations: list[IntegrationDetails]
    next_page_token: Maybe[str] = UNSET


class IntegrationImport(Request, frozen=True, kw_only=True):
    origin_org_id: Id
    origin_org_name: str
    app_id: str
    credentials: dict[str, str]
    settings: dict[str, str] = {}
    test_account: bool = False


class IntegrationExport(Model, frozen=True, kw_only=True):
    """All that `integration.import` needs, credentials in clear. Handle it like a password."""

    integration_id: str
    origin_org_id: str
    origin_org_name: str
    app_id: str
    credentials: dict[str, str]
    settings: dict[str, str]
    test_account: bool

    def __repr__(self) -> str:
        return f"IntegrationExport({self.integration_id})"


class CredentialsUpdate(Request, frozen=True, kw_only=True):
    credentials: dict[str, str]
    settings: dict[str, str] | None = None

    def __repr__(self) -> str:
        return "CredentialsUpdate(…)"


class Imported(Model, frozen=True, kw_only=True):
    integration_id: str


class IntegrationChange(Model, frozen=True, kw_only=True):
    integration_id: str
    state: IntegrationState
    is_active: bool


class Deleted(Model, frozen=True, kw_only=True):
    integration_id: str
    deleted: bool


class Verified(Model, frozen=True, kw_only=True):
    """The credentials work. What was found to lack stays named until it works or is granted."""

    integration_id: str
    state: IntegrationState
    verified_at: Instant
    missing_permissions: dict[str, str]


class Support(Word):
    SUPPORTED = "SUPPORTED"
    UNSUPPORTED = "UNSUPPORTED"
    PERMISSION_MISSING = "PERMISSION_MISSING"
    DISABLED = "DISABLED"


class ConnectField(Model, frozen=True, kw_only=True):
    """One field of the form in which a customer connects an account."""

    name: str
    label: str
    where: str
    secret: bool
    required: bool


class ConnectSetting(Model, frozen=True, kw_only=True):
    name: str
    label: str
    help: str
    required: bool
    options: list[str] | None = None


class ConnectWay(Model, frozen=True, kw_only=True):
    """A way to connect: what kind of authentication it is and which fields it asks for."""

    kind: str
    fields: list[ConnectField]


class ConnectorSummary(Model, frozen=True, kw_only=True):
    id: str
    title: str
    category: str
    docs: str


class ConnectorDetails(Model, frozen=True, kw_only=True):
    """What a vendor can do: per operation, and per field of each model (dotted wire paths)."""

    id: str
    title: str
    category: str
    docs: str
    connect: list[ConnectWay]
    settings: list[ConnectSetting]
    operations: dict[str, Support]
    models: dict[str, dict[str, Support]]


class ConnectorQuery(Request, frozen=True, kw_only=True):
    """The app, or with the header the integration, whose missing permissions are then shown."""

    app_id: str | None = None


class ConnectorList(Model, frozen=True, kw_only=True):
    connectors: list[ConnectorSummary]


class ConnectorAnswer(Model, frozen=True, kw_only=True):
    connector: ConnectorDetails


class OAuthClientDraft(Request, frozen=True, kw_only=True):
    """The client that a vendor gave you: customers consent to it in the connect window."""

    app_id: str
    client_id: Annotated[str, Meta(min_length=1, max_length=2000)]
    client_secret: Annotated[str, Meta(min_length=1, max_length=4000)]

    def __repr__(self) -> str:
        return f"OAuthClientDraft({self.app_id})"


class OAuthClientChoice(Request, frozen=True, kw_only=True):
    app_id: str


class OAuthClientShown(Model, frozen=True, kw_only=True):
    """`redirectUrl` is what to register at the vendor as the address to come back to."""

    app_id: str
    client_id: str
    redirect_url: str
    created_at: Instant
    updated_at: Instant


class OAuthClientList(Model, frozen=True, kw_only=True):
    clients: list[OAuthClientShown]


class OAuthClientDeleted(Model, frozen=True, kw_only=True):
    app_id: str
    deleted: bool
