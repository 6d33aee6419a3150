"""The environment as settings: what is read, and what is refused in which words."""

import base64
from pathlib import Path

import pytest

from hireloom.login_rules import RoleRule
from hireloom.settings import Address, Settings, SettingsError, Smtp

KEY = bytes(range(32))


def test_an_empty_environment_gives_the_documented_defaults() -> None:
    settings = Settings.read({})

    assert settings.home == Path.home() / ".hireloom"
    assert settings.database_url is None
    assert settings.master_keys == ()
    assert settings.origins == {}
    assert settings.allow_private_webhooks is False
    assert settings.log_days == 30
    assert (settings.log_level, settings.log_format) == ("info", "console")
    assert settings.public_url is None
    assert settings.max_body_bytes == 32 * 1024 * 1024
    assert settings.rate_limit == 0
    assert (settings.smtp, settings.alert_emails, settings.alert_webhook) == (None, (), None)
    assert (settings.oidc, settings.console_passwords) == (None, True)


def test_every_variable_is_read() -> None:
    settings = Settings.read(
        {
            "HIRELOOM_HOME": "/srv/hireloom",
            "HIRELOOM_DATABASE_URL": "postgresql://me:word@db/hireloom",
            "HIRELOOM_MASTER_KEY": KEY.hex(),
            "HIRELOOM_ORIGINS": '{"https://api.lever.co": "http://127.0.0.1:8500/lever/"}',
            "HIRELOOM_ALLOW_PRIVATE_WEBHOOKS": "Yes",
            "HIRELOOM_LOG_DAYS": "7",
            "HIRELOOM_LOG_LEVEL": "DEBUG",
            "HIRELOOM_LOG_FORMAT": "json",
            "HIRELOOM_PUBLIC_URL": "https://ats.example.com/",
            "HIRELOOM_MAX_BODY_BYTES": "2048",
            "HIRELOOM_RATE_LIMIT": "600",
            "HIRELOOM_SMTP_URL": "smtps://ats%40example.com:p%2Fw@mail.example.com",
            "HIRELOOM_ALERT_EMAILS": "ops@example.com, help@example.com",
            "HIRELOOM_ALERT_WEBHOOK": "https://chat.example.com/hooks/T0",
            "HIRELOOM_METRICS_ADDRESS": "127.0.0.1:9464",
            "HIRELOOM_OIDC_ISSUER": "https://login.example.com/",
            "HIRELOOM_OIDC_CLIENT_ID": "hireloom",
            "HIRELOOM_OIDC_CLIENT_SECRET": "a long secret",
            "HIRELOOM_OIDC_ROLES": "groups: ops = admin, help=support; hd:example.com=support",
            "HIRELOOM_CONSOLE_PASSWORDS": "off",
        }
    )

    assert settings == Settings(
        home=Path("/srv/hireloom"),
        database_url="postgresql://me:word@db/hireloom",
        master_keys=(KEY,),
        origins={"https://api.lever.co": "http://127.0.0.1:8500/lever"},
        allow_private_webhooks=True,
        log_days=7,
        log_level="debug",
        log_format="json",
        public_url="https://ats.example.com",
        max_body_bytes=2048,
        rate_limit=600,
        smtp=Smtp(
            host="mail.example.com",
            port=465,
            tls="implicit",
            sender="ats@example.com",
            user="ats@example.com",
            password="p/w",
        ),
        alert_emails=("ops@example.com", "help@example.com"),
        alert_webhook="https://chat.example.com/hooks/T0",
        metrics_address=Address("127.0.0.1", 9464),
        oidc_issuer="https://login.example.com/",
        oidc_client_id="hireloom",
        oidc_client_secret="a long secret",
        oidc_roles=(
            RoleRule(claim="groups", value="ops", role="admin"),
            RoleRule(claim="groups", value="help", role="support"),
            RoleRule(claim="hd", value="example.com", role="support"),
        ),
        console_passwords=False,
    )


@pytest.mark.parametrize(
    "text",
    [
        KEY.hex(),
        base64.b64encode(KEY).decode(),
        base64.urlsafe_b64encode(KEY).decode(),
        base64.b64encode(KEY).decode().rstrip("="),
    ],
)
def test_a_master_key_is_hex_or_base64(text: str) -> None:
    assert Settings.read({"HIRELOOM_MASTER_KEY": text}).master_keys == (KEY,)


def test_two_master_keys_stand_with_the_current_one_first() -> None:
    other = bytes(32)

    settings = Settings.read({"HIRELOOM_MASTER_KEY": f"{other.hex()}, {KEY.hex()}"})

    assert settings.master_keys == (other, KEY)


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("HIRELOOM_HOME", "relative/folder"),
        ("HIRELOOM_DATABASE_URL", "mysql://root:topsecret@db/x"),
        ("HIRELOOM_DATABASE_URL", "topsecret"),
        ("HIRELOOM_MASTER_KEY", "topsecret"),
        ("HIRELOOM_MASTER_KEY", KEY.hex()[:-2]),
        ("HIRELOOM_MASTER_KEY", f"{KEY.hex()},{KEY.hex()}"),
        ("HIRELOOM_ORIGINS", "https://api.lever.co"),
        ("HIRELOOM_ORIGINS", "[]"),
        ("HIRELOOM_ORIGINS", '{"https://api.lever.co/v1": "http://127.0.0.1:1"}'),
        ("HIRELOOM_ORIGINS", '{"api.lever.co": "http://127.0.0.1:1"}'),
        ("HIRELOOM_ORIGINS", '{"https://api.lever.co": "127.0.0.1:1"}'),
        ("HIRELOOM_ORIGINS", '{"https://api.lever.co": "http://127.0.0.1:99999"}'),
        ("HIRELOOM_ORIGINS", '{"https://api.lever.co": 5}'),
        ("HIRELOOM_ALLOW_PRIVATE_WEBHOOKS", "maybe"),
        ("HIRELOOM_LOG_DAYS", "0"),
        ("HIRELOOM_LOG_DAYS", "a week"),
        ("HIRELOOM_LOG_LEVEL", "loud"),
        ("HIRELOOM_LOG_FORMAT", "xml"),
        ("HIRELOOM_PUBLIC_URL", "ats.example.com"),
        ("HIRELOOM_PUBLIC_URL", "https://user:topsecret@ats.example.com"),
        ("HIRELOOM_MAX_BODY_BYTES", "32MB"),
        ("HIRELOOM_RATE_LIMIT", "-1"),
        ("HIRELOOM_OIDC_ISSUER", "login.example.com"),
        ("HIRELOOM_OIDC_ISSUER", "http://login.example.com"),
        ("HIRELOOM_OIDC_ISSUER", "https://login.example.com/?a=b"),
        ("HIRELOOM_OIDC_CLIENT_ID", "two words"),
        ("HIRELOOM_OIDC_CLIENT_SECRET", "s"),
        ("HIRELOOM_OIDC_ROLES", "hireloom-admins=admin"),
        ("HIRELOOM_OIDC_ROLES", "groups:hireloom-admins=owner"),
        ("HIRELOOM_OIDC_ROLES", "groups:hireloom-admins"),
        ("HIRELOOM_OIDC_ROLES", "groups:=admin"),
        ("HIRELOOM_OIDC_ROLES", "groups:a=admin,"),
        ("HIRELOOM_OIDC_ROLES", "email:example.com=admin"),
        ("HIRELOOM_CONSOLE_PASSWORDS", "maybe"),
    ],
)
def test_a_wrong_value_names_its_variable_and_shows_a_right_one(variable: str, text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.read({variable: text})

    assert caught.value.variable == variable
    assert str(caught.value).startswith(f"{variable} ")
    assert f"Example: {variable}=" in str(caught.value)
    assert "topsecret" not in str(caught.value)
    assert KEY.hex()[:20] not in str(caught.value)


def test_the_settings_do_not_show_their_secrets() -> None:
    settings = Settings.read(
        {
            "HIRELOOM_DATABASE_URL": "postgresql://me:topsecret@db/hireloom",
            "HIRELOOM_MASTER_KEY": KEY.hex(),
        }
    )

    shown = f"{settings!r} {settings}"

    assert "topsecret" not in shown
    assert KEY.hex() not in shown
    assert str(KEY) not in shown


@pytest.mark.parametrize(
    ("url", "port", "tls", "sender"),
    [
        ("smtp://mail.example.com", 587, "starttls", "hireloom@mail.example.com"),
        ("smtp://ops:word@mail.example.com:2525", 2525, "starttls", "hireloom@mail.example.com"),
        ("smtp://mail.internal?tls=none&from=a@b.example", 25, "none", "a@b.example"),
        ("smtps://ops@mail.example.com/", 465, "implicit", "hireloom@mail.example.com"),
    ],
)
def test_a_mail_server_has_sensible_defaults(url: str, port: int, tls: str, sender: str) -> None:
    smtp = Settings.read({"HIRELOOM_SMTP_URL": url}).smtp

    assert smtp is not None
    assert (smtp.port, smtp.tls, smtp.sender) == (port, tls, sender)


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("HIRELOOM_SMTP_URL", "http://ops:hush@mail.example.com"),
        ("HIRELOOM_SMTP_URL", "smtp://ops:hush@"),
        ("HIRELOOM_SMTP_URL", "smtp://ops:hush@mail.example.com:x"),
        ("HIRELOOM_SMTP_URL", "smtp://ops:hush@mail.example.com?tls=maybe"),
        ("HIRELOOM_SMTP_URL", "smtps://ops:hush@mail.example.com?tls=none"),
        ("HIRELOOM_SMTP_URL", "smtp://ops:hush@mail.example.com?hush=1"),
        ("HIRELOOM_SMTP_URL", "smtp://ops:hush@mail.example.com?from=a%0D%0Ab@hush"),
        ("HIRELOOM_SMTP_URL", "smtp://ops:hush@mail.example.com/path"),
        ("HIRELOOM_ALERT_EMAILS", "ops@example.com,hush"),
        ("HIRELOOM_ALERT_EMAILS", ","),
        ("HIRELOOM_ALERT_WEBHOOK", "ftp://hush.example.com"),
        ("HIRELOOM_ALERT_WEBHOOK", "https://[hush"),
    ],
)
def test_what_alerts_cannot_use_is_refused_without_repeating_it(variable: str, text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.read({variable: text})

    assert caught.value.variable == variable
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("text", ["127.0.0.1:9464", "metrics.internal:80", "[::1]:9464"])
def test_an_address_is_a_host_and_a_port(text: str) -> None:
    assert str(Settings.read({"HIRELOOM_METRICS_ADDRESS": text}).metrics_address) == text


@pytest.mark.parametrize(
    "text",
    ["9464", ":9464", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "http://127.0.0.1:9464",
     "127.0.0.1:9464/metrics", "::1:9464", "a@127.0.0.1:9464"],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingsError, match=r"a host and a port.*127\.0\.0\.1:9464"):
        Settings.read({"HIRELOOM_METRICS_ADDRESS": text})


def test_addresses_without_a_mail_server_are_refused() -> None:
    with pytest.raises(SettingsError, match="along with HIRELOOM_ALERT_EMAILS") as caught:
        Settings.read({"HIRELOOM_ALERT_EMAILS": "ops@example.com"})

    assert caught.value.variable == "HIRELOOM_SMTP_URL"


GIVEN = {
    "HIRELOOM_OIDC_ISSUER": "https://login.example.com",
    "HIRELOOM_OIDC_CLIENT_ID": "hireloom",
    "HIRELOOM_OIDC_CLIENT_SECRET": "topsecret",
    "HIRELOOM_OIDC_ROLES": "groups:ops=admin",
}


@pytest.mark.parametrize("missing", GIVEN)
def test_a_login_provider_is_described_as_a_whole_or_not_at_all(missing: str) -> None:
    with pytest.raises(SettingsError, match="must be given along with HIRELOOM_OIDC_") as refused:
        Settings.read({name: text for name, text in GIVEN.items() if name != missing})

    assert refused.value.variable == missing
    assert "topsecret" not in str(refused.value)


def test_passwords_are_switched_off_only_where_a_provider_lets_people_in() -> None:
    off = {"HIRELOOM_CONSOLE_PASSWORDS": "false"}

    with pytest.raises(SettingsError, match="nobody could log in"):
        Settings.read(off)

    assert Settings.read({**GIVEN, **off}).console_passwords is False
