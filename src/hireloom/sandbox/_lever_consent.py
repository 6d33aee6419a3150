"""The page of the Lever simulator on which a person agrees that an app may read and write."""

from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Lever (simulated)</title></head>
<body><main><h1>Lever (simulated)</h1>
<p>May {client} use this account?</p>
<ul>{scopes}</ul>
<p><a id="accept" href="{accept}">Accept</a> <a id="deny" href="{deny}">Deny</a></p>
</main></body></html>
"""


def is_asked_for(query: Mapping[str, str], accept: str) -> bool:
    """A browser that is to be asked; programs are taken to agree."""
    return query.get("prompt") == "consent" and "text/html" in accept


def page(query: Mapping[str, str]) -> str:
    redirect = query.get("redirect_uri", "")
    refused = {"error": "access_denied", "state": query.get("state", "")}
    scopes = "".join(f"<li>{escape(one)}</li>" for one in query.get("scope", "").split())
    return PAGE.format(
        client=escape(query.get("client_id", "")),
        scopes=scopes,
        accept=escape("?" + urlencode({**query, "prompt": "none"})),
        deny=escape(f"{redirect}?{urlencode(refused)}"),
    )
