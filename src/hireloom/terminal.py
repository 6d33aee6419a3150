"""`hireloom call`: a call of the API from the terminal, printed for people."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import msgspec
from rich.json import JSON

from hireloom.shell import err, out

SECONDS = 60
MARK = "X-Execution-Id"  # on every answer of Hireloom
MAY_HAVE_ARRIVED = "A write may have arrived: look before you repeat it."


def call_and_print(
    url: str, key: str, method: str, arguments: Sequence[str], integration: str
) -> int:
    """Make the call; 0 when it went well, 1 when it was refused, 2 when it could not be made."""
    try:
        headers = headers_of(key, integration)
        values = dict(pair(argument) for argument in arguments)
    except ValueError as error:
        return impossible(str(error))
    try:
        with httpx.Client(
            base_url=url, headers=headers, timeout=SECONDS, trust_env=False
        ) as client:
            answer = send(client, method, values)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return impossible(unanswered(url, error))
    if MARK not in answer.headers:
        said = f"{answer.status_code} {answer.reason_phrase}".strip()
        return impossible(f"What answers at {url} is no Hireloom server: it says {said}.")
    return show(answer, values)


def impossible(why: str) -> int:
    err.print(why)
    return 2


def headers_of(key: str, integration: str) -> dict[str, str]:
    if not key:
        raise ValueError("Set HIRELOOM_API_KEY or give --key; `hireloom keys create` makes one.")
    for name, value in (("key", key), ("integration", integration)):
        if not (value.isascii() and value.isprintable()):
            raise ValueError(f"The {name} holds characters that cannot be sent.")
    named = {"X-Integration-Id": integration} if integration else {}
    return {"Authorization": f"Bearer {key}", **named}


def pair(argument: str) -> tuple[str, Any]:
    """`name=text` or `name:=json`."""
    name, equals, value = argument.partition("=")
    if not equals or not name.strip(":"):
        raise ValueError(f"'{argument}' is not name=value.")
    if not name.endswith(":"):
        return name, value
    try:
        return name[:-1], msgspec.json.decode(value)
    except msgspec.DecodeError:
        raise ValueError(f"'{value}' is not valid JSON.") from None


def send(client: httpx.Client, method: str, values: dict[str, Any]) -> httpx.Response:
    """By POST, and by GET where the server says that it is a read.

    Not the other way round: what is given may be a secret, and addresses end up in logs.
    """
    path = f"/v1.0/{method}"
    answer = client.post(path, json=values)
    if answer.status_code == httpx.codes.METHOD_NOT_ALLOWED and MARK in answer.headers:
        return client.get(path, params=values)
    return answer


def unanswered(url: str, error: httpx.HTTPError | httpx.InvalidURL) -> str:
    """Why there is no answer, in a sentence."""
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return f"No server answers at {url}. Start one with `hireloom serve`."
    if isinstance(error, httpx.UnsupportedProtocol | httpx.InvalidURL):
        return f"{url} is no address such as http://127.0.0.1:8400."
    if isinstance(error, httpx.TimeoutException):
        return f"The server at {url} did not answer within {SECONDS} seconds. {MAY_HAVE_ARRIVED}"
    return f"The connection to {url} broke before the answer was there. {MAY_HAVE_ARRIVED}"


def show(answer: httpx.Response, values: Mapping[str, Any]) -> int:
    if not answer.headers.get("content-type", "").startswith("application/json"):
        sys.stdout.buffer.write(answer.content)
        return 0 if answer.is_success else 1
    if sys.stdout.isatty():
        out.print(JSON(answer.text), soft_wrap=True)
    else:
        sys.stdout.buffer.write(answer.content + b"\n")
        sys.stdout.buffer.flush()
    if answer.is_success:
        return 0
    error = answer.json().get("error", {})
    err.print(error.get("msg", "It failed."), style="bold red")
    err.print(error.get("hint", ""))
    for problem in error.get("fields", []):
        if advice := as_json(problem["path"], problem["msg"], values):
            err.print(advice)
    return 1


def as_json(path: str, msg: str, values: Mapping[str, Any]) -> str:
    """How to write a value that is no text, where text was sent for it."""
    value = values.get(path)
    if not isinstance(value, str) or not msg.endswith("not text"):
        return ""
    try:
        msgspec.json.decode(value)
    except msgspec.DecodeError:
        return f"`{path}` takes no text: write it as JSON after `{path}:=`."
    return f"`{path}` takes no text: write `{path}:={value}` for anything but text."
