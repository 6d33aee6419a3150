"""One e-mail to an SMTP server, in a thread: so few leave that the standard library will do."""

import asyncio
import smtplib
import ssl
from email.message import EmailMessage

import certifi
import structlog

from hireloom.settings import Smtp

log = structlog.get_logger()

SECONDS = 20.0  # for each answer of the server
FAILURES = (smtplib.SMTPException, OSError, ValueError)


async def send(smtp: Smtp, message: EmailMessage) -> str | None:
    """What went wrong in words; None where the server took it."""
    return await asyncio.to_thread(_send, smtp, message)


def _send(smtp: Smtp, message: EmailMessage) -> str | None:
    try:
        with _connected(smtp) as server:
            if smtp.user:
                server.login(smtp.user, smtp.password)
            refused = server.send_message(message)
    except FAILURES as failure:
        return in_words(failure)
    if refused:  # the others have it, so it is not sent again
        log.warning("The mail server refused some of the addresses", count=len(refused))
    return None


def _connected(smtp: Smtp) -> smtplib.SMTP:
    if smtp.tls == "implicit":
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=SECONDS, context=_trust())
    server = smtplib.SMTP(smtp.host, smtp.port, timeout=SECONDS)
    try:
        if smtp.tls == "starttls":
            server.starttls(context=_trust())
    except BaseException:
        server.close()
        raise
    return server


def _trust() -> ssl.SSLContext:
    tls = ssl.create_default_context(cafile=certifi.where())
    tls.load_default_certs()
    return tls


def in_words(failure: Exception) -> str:
    """Nothing that the server said: it may repeat an address or a key."""
    if isinstance(failure, smtplib.SMTPAuthenticationError):
        return "the server does not accept the user and the password"
    if isinstance(failure, smtplib.SMTPNotSupportedError):
        return "the server offers no STARTTLS, or no way to log in"
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return "the server refused every address"
    if isinstance(failure, smtplib.SMTPResponseException):
        return f"the server answered {failure.smtp_code}"
    if isinstance(failure, ssl.SSLError):
        return "no TLS connection came about"
    return f"the server could not be reached ({type(failure).__name__})"
