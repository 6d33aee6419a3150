"""The environment, read once into one frozen struct.

A value that cannot be used stops the start with a `SettingsError`, which names the variable, says
what is wrong and shows a value that would do. Secrets are never repeated, neither in an error nor
in the struct's `repr`.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from hireloom.login_rules import Oidc, RoleRule, rules_of

LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["console", "json"]
Tls = Literal["starttls", "implicit", "none"]
Value = TypeVar("Value")

MASTER_KEY_BYTES = 32


class SettingsError(Exception):
    """One variable of the environment that cannot be used."""

    def __init__(self, variable: str, problem: str, example: str) -> None:
        super().__init__(f"{variable} {problem} Example: {variable}={example}")
        self.variable = variable
        self.problem = problem
        self.example = example


class Smtp(msgspec.Struct, frozen=True, kw_only=True):
    """The server that takes e-mails."""

    host: str
    port: int
    tls: Tls
    sender: str
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"Smtp({self.host!r}, {self.port}, {self.tls})"


class Address(msgspec.Struct, frozen=True):
    """Where a server of ours listens."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    home: Path
    database_url: str | None = None  # None: the embedded PostgreSQL under `home`
    master_keys: tuple[bytes, ...] = ()  # current first; empty: a file under `home`
    origins: Mapping[str, str] = {}
    allow_private_webhooks: bool = False
    log_days: int = 30
    log_level: LogLevel = "info"
    log_format: LogFormat = "console"
    public_url: str | None = None
    max_body_bytes: int = 32 * 1024 * 1024
    rate_limit: int = 0  # calls per API key and minute; 0: no limit
    smtp: Smtp | None = None
    alert_emails: tuple[str, ...] = ()
    alert_webhook: str | None = None
    metrics_address: Address | None = None
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = None
    oidc_roles: tuple[RoleRule, ...] = ()
    console_passwords: bool = True

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Settings":
        """The settings that an environment describes; raises SettingsError."""

        def take(variable: str, read: Callable[[str, str], Value], default: Value) -> Value:
            text = environ.get(variable, "").strip()
            return read(variable, text) if text else default

        settings = cls(
            home=take("HIRELOOM_HOME", a_path, Path.home() / ".hireloom"),
            database_url=take("HIRELOOM_DATABASE_URL", a_database, None),
            master_keys=take("HIRELOOM_MASTER_KEY", some_keys, ()),
            origins=take("HIRELOOM_ORIGINS", an_origin_map, {}),
            allow_private_webhooks=take("HIRELOOM_ALLOW_PRIVATE_WEBHOOKS", a_switch, False),
            log_days=take("HIRELOOM_LOG_DAYS", a_count(1, 3650, "30"), 30),
            log_level=take("HIRELOOM_LOG_LEVEL", a_level, "info"),
            log_format=take("HIRELOOM_LOG_FORMAT", a_format, "console"),
            public_url=take("HIRELOOM_PUBLIC_URL", a_public_url, None),
            max_body_bytes=take(
                "HIRELOOM_MAX_BODY_BYTES", a_count(1024, 2**31, "33554432"), 32 * 1024 * 1024
            ),
            rate_limit=take("HIRELOOM_RATE_LIMIT", a_count(0, 10_000_000, "600"), 0),
            smtp=take("HIRELOOM_SMTP_URL", a_mail_server, None),
            alert_emails=take("HIRELOOM_ALERT_EMAILS", some_addresses, ()),
            alert_webhook=take("HIRELOOM_ALERT_WEBHOOK", an_alert_webhook, None),
            metrics_address=take("HIRELOOM_METRICS_ADDRESS", an_address, None),
            oidc_issuer=take("HIRELOOM_OIDC_ISSUER", an_issuer, None),
            oidc_client_id=take("HIRELOOM_OIDC_CLIENT_ID", a_client_id, None),
            oidc_client_secret=take("HIRELOOM_OIDC_CLIENT_SECRET", a_client_secret, None),
            oidc_roles=take("HIRELOOM_OIDC_ROLES", some_roles, ()),
            console_passwords=take("HIRELOOM_CONSOLE_PASSWORDS", a_switch, True),
        )
        if settings.alert_emails and settings.smtp is None:
            problem = "must be given along with HIRELOOM_ALERT_EMAILS."
            raise SettingsError("HIRELOOM_SMTP_URL", problem, SMTP_EXAMPLE)
        refuse_half_a_login(settings)
        return settings

    @property
    def oidc(self) -> Oidc | None:
        if not (self.oidc_issuer and self.oidc_client_id and self.oidc_client_secret):
            return None
        return Oidc(
            issuer=self.oidc_issuer,
            client_id=self.oidc_client_id,
            client_secret=self.oidc_client_secret,
            rules=self.oidc_roles,
        )

    def __repr__(self) -> str:
        where = "its own server" if self.database_url else "embedded"
        key = "given" if self.master_keys else "file"
        return f"Settings(home={str(self.home)!r}, database={where}, master_key={key})"


def a_path(variable: str, text: str) -> Path:
    path = Path(text).expanduser()
    if not path.is_absolute():
        raise SettingsError(variable, "must be an absolute path.", "/var/lib/hireloom")
    return path


def a_database(variable: str, text: str) -> str | None:
    # The text may hold a password, so it is never repeated.
    if urlsplit(text).scheme not in {"postgresql", "postgres"}:
        example = "postgresql://hireloom:PASSWORD@db.internal:5432/hireloom"
        raise SettingsError(variable, "must be a PostgreSQL URL.", example)
    return text


def some_keys(variable: str, text: str) -> tuple[bytes, ...]:
    """One key, or the current and the previous one with a comma between (see `store/rotation`)."""
    keys = tuple(a_key(variable, part.strip()) for part in text.split(","))
    if len(set(keys)) != len(keys):
        raise SettingsError(variable, "names the same key twice.", "<current key>,<previous key>")
    return keys


def a_key(variable: str, text: str) -> bytes:
    for decode in (bytes.fromhex, _from_base64):
        try:
            key = decode(text)
        except (ValueError, binascii.Error):
            continue
        if len(key) == MASTER_KEY_BYTES:
            return key
    raise SettingsError(
        variable, "must be 32 random bytes as base64 or hex.", "$(openssl rand -base64 32)"
    )


def _from_base64(text: str) -> bytes:
    standard = text.replace("-", "+").replace("_", "/").rstrip("=")
    return base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)


def an_origin_map(variable: str, text: str) -> Mapping[str, str]:
    example = """'{"https://api.lever.co": "http://127.0.0.1:8500/lever"}'"""
    try:
        origins = json.loads(text)
    except ValueError as error:
        raise SettingsError(variable, "is not valid JSON.", example) from error
    if not isinstance(origins, dict):
        raise SettingsError(variable, "must be a JSON object.", example)
    for origin, target in origins.items():
        if not ORIGIN.fullmatch(origin):
            problem = f"has the key {origin!r}, which is not scheme://host or scheme://host:port."
            raise SettingsError(variable, problem, example)
        if not isinstance(target, str) or not _is_web_address(target):
            raise SettingsError(variable, f"must give {origin!r} an http(s) URL.", example)
    return {origin: target.rstrip("/") for origin, target in origins.items()}


ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:.]+\](:\d{1,5})?")


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or parts.username or parts.password)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and plain and port_is_valid


def a_public_url(variable: str, text: str) -> str | None:
    if not _is_web_address(text):
        problem = "must be an http(s) URL without a query."
        raise SettingsError(variable, problem, "https://ats.example.com")
    return text.rstrip("/")


SMTP_EXAMPLE = "smtp://user:PASSWORD@mail.example.com:587?tls=starttls&from=ats@example.com"
PORTS: dict[Tls, int] = {"starttls": 587, "implicit": 465, "none": 25}
TLS: dict[str, Tls] = {tls: tls for tls in PORTS}
ADDRESS = re.compile(r"[^\s@<>,;:\"()]+@[^\s@<>,;:\"()]+")


def a_mail_server(variable: str, text: str) -> Smtp | None:
    # The text may hold a password, so it is never repeated.
    wrong = SettingsError(variable, "must be an smtp:// or smtps:// URL.", f"'{SMTP_EXAMPLE}'")
    try:
        parts = urlsplit(text)
        port, options = parts.port, parse_qs(parts.query, strict_parsing=bool(parts.query))
    except ValueError:
        raise wrong from None
    tls = options.pop("tls", ["implicit" if parts.scheme == "smtps" else "starttls"])[0]
    user = unquote(parts.username or "")
    standard = user if "@" in user else f"hireloom@{parts.hostname}"
    sender = options.pop("from", [standard])[0]
    known = tls in TLS and (parts.scheme == "smtps") == (tls == "implicit") and not options
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or not known:
        raise wrong
    if not ADDRESS.fullmatch(sender) or parts.path not in {"", "/"}:
        raise wrong
    return Smtp(
        host=parts.hostname,
        port=port or PORTS[TLS[tls]],
        tls=TLS[tls],
        sender=sender,
        user=user,
        password=unquote(parts.password or ""),
    )


def some_addresses(variable: str, text: str) -> tuple[str, ...]:
    addresses = tuple(part.strip() for part in text.split(",") if part.strip())
    if not addresses or not all(ADDRESS.fullmatch(one) for one in addresses):
        problem = "must be e-mail addresses with commas between."
        raise SettingsError(variable, problem, "ops@example.com,support@example.com")
    return addresses


def an_alert_webhook(variable: str, text: str) -> str | None:
    # Its path may be a secret, so it is never repeated.
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        problem = "must be an http(s) URL."
        raise SettingsError(variable, problem, "https://chat.example.com/hooks/T0/B0/x")
    return text


def an_address(variable: str, text: str) -> Address | None:
    try:
        parts = urlsplit(f"//{text}")
        address = Address(parts.hostname or "", parts.port or 0)
    except ValueError:
        address = Address("", 0)
    if not address.host or not address.port or str(address).lower() != text.lower():
        problem = "must be a host and a port."
        raise SettingsError(variable, problem, "127.0.0.1:9464")
    return address


ISSUER_EXAMPLE = "https://login.example.com/realms/staff"
ROLES_EXAMPLE = "'groups:hireloom-admins=admin,hireloom-support=support'"
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def refuse_half_a_login(settings: Settings) -> None:
    """Raises SettingsError where there is no way in, or only a part of one."""
    given = {
        "HIRELOOM_OIDC_ISSUER": (settings.oidc_issuer, ISSUER_EXAMPLE),
        "HIRELOOM_OIDC_CLIENT_ID": (settings.oidc_client_id, "hireloom"),
        "HIRELOOM_OIDC_CLIENT_SECRET": (settings.oidc_client_secret, "SECRET"),
        "HIRELOOM_OIDC_ROLES": (settings.oidc_roles, ROLES_EXAMPLE),
    }
    missing = [variable for variable, (value, _) in given.items() if not value]
    if missing and len(missing) < len(given):
        there = next(variable for variable in given if variable not in missing)
        raise SettingsError(missing[0], f"must be given along with {there}.", given[missing[0]][1])
    if missing and not settings.console_passwords:
        problem = "is false, and nobody could log in: set HIRELOOM_OIDC_ISSUER and its companions."
        raise SettingsError("HIRELOOM_CONSOLE_PASSWORDS", problem, "true")


def an_issuer(variable: str, text: str) -> str | None:
    """As it was written: it is compared letter by letter with what the provider says of itself."""
    parts = urlsplit(text) if _is_web_address(text) else None
    if parts is None or (parts.scheme != "https" and parts.hostname not in LOOPBACK):
        raise SettingsError(variable, "must be an https URL without a query.", ISSUER_EXAMPLE)
    return text


def a_client_id(variable: str, text: str) -> str | None:
    if len(text) < 2 or not text.isprintable() or " " in text:
        problem = "must be the client's id as the provider shows it."
        raise SettingsError(variable, problem, "hireloom")
    return text


def a_client_secret(variable: str, text: str) -> str | None:
    if len(text) < 4 or not text.isprintable():
        problem = "must be the client's secret as the provider shows it."
        raise SettingsError(variable, problem, "SECRET")
    return text


def some_roles(variable: str, text: str) -> tuple[RoleRule, ...]:
    """`claim:value=role,value=role`, several of them with semicolons between.

    A comma or semicolon inside of a value is written as `%2C` or `%3B`.
    """
    try:
        return tuple(rule for part in text.split(";") for rule in rules_of(part.strip()))
    except (ValueError, KeyError):
        problem = "must be a claim with its values and their roles, admin or support."
        raise SettingsError(variable, problem, ROLES_EXAMPLE) from None


SWITCH = {
    "1": True, "true": True, "yes": True, "on": True,
    "0": False, "false": False, "no": False, "off": False,
}  # fmt: skip


def a_switch(variable: str, text: str) -> bool:
    if text.lower() not in SWITCH:
        raise SettingsError(variable, f"is {text!r}; it must be true or false.", "true")
    return SWITCH[text.lower()]


def a_count(lowest: int, highest: int, example: str) -> Callable[[str, str], int]:
    def read(variable: str, text: str) -> int:
        if not (text.isascii() and text.isdigit() and lowest <= int(text) <= highest):
            problem = f"is {text!r}; it must be a whole number from {lowest} to {highest}."
            raise SettingsError(variable, problem, example)
        return int(text)

    return read


LEVELS: dict[str, LogLevel] = {
    "debug": "debug", "info": "info", "warning": "warning", "error": "error",
}  # fmt: skip
FORMATS: dict[str, LogFormat] = {"console": "console", "json": "json"}


def a_level(variable: str, text: str) -> LogLevel:
    if text.lower() not in LEVELS:
        problem = f"is {text!r}; it must be debug, info, warning or error."
        raise SettingsError(variable, problem, "info")
    return LEVELS[text.lower()]


def a_format(variable: str, text: str) -> LogFormat:
    if text.lower() not in FORMATS:
        raise SettingsError(variable, f"is {text!r}; it must be console or json.", "json")
    return FORMATS[text.lower()]
