"""`hireloom call`: a call of the API from the terminal, printed for people."""

import sys
from collections.abc import Sequence
from typing import Any

import httpx
import msgspec
from rich.console import Console
from rich.json import JSON

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def call_and_print(
    url: str, key: str, method: str, arguments: Sequence[str], integration: str
) -> int:
    """Make the call; 0 when it went well, 1 when it was refused, 2 when it could not be made."""
    try:
        values = dict(pair(argument) for argument in arguments)
    except ValueError as error:
        err.print(str(error))
        return 2
    headers = {"Authorization": f"Bearer {key}"}
    if integration:
        headers["X-Integration-Id"] = integration
    try:
        with httpx.Client(base_url=url, headers=headers, timeout=60, trust_env=False) as client:
            answer = send(client, method, values)
    except httpx.HTTPError:
        err.print(f"No server answers at {url}. Start one with `hireloom serve`.")
        return 2
    return show(answer)


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
    """Reads are GET; where the server says that this one is none, it is POSTed."""
    path = f"/v1.0/{method}"
    answer = client.get(path, params=values)
    return client.post(path, json=values) if answer.status_code == 405 else answer


def show(answer: httpx.Response) -> int:
    if not answer.headers.get("content-type", "").startswith("application/json"):
        sys.stdout.buffer.write(answer.content)
        return 0 if answer.is_success else 1
    out.print(JSON(answer.text))
    if answer.is_success:
        return 0
    error = answer.json().get("error", {})
    err.print(f"[bold red]{error.get('msg', 'It failed.')}[/]")
    err.print(error.get("hint", ""))
    return 1
