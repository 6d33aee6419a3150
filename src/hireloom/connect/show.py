"""Pages as they leave: a template with its words, and the headers that keep them safe."""

from functools import lru_cache
from typing import Any

import jinja2
import msgspec
from litestar import Response

from hireloom.connect import assets, words
from hireloom.connect.visits import Visit

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # The address holds the token: it is told to our own pages and to nobody else.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {framed_by}"
)


@lru_cache(maxsize=1)
def _assets() -> dict[str, assets.Asset]:
    return assets.load()


@lru_cache(maxsize=1)
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("hireloom.connect"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(
    visit: Visit,
    template: str,
    *,
    status: int = 200,
    event: str = "",
    details: dict[str, Any] | None = None,
    **values: Any,
) -> Response[str]:
    """`event` and `details` are told to the page that shows this one in a frame."""
    may_be_framed = bool(visit.framed_by) and not visit.is_stray
    session = visit.session
    text = (
        _templates()
        .get_template(f"{template}.html")
        .render(
            say=words.speaker(visit.language),
            of_vendor=lambda text: words.translated(visit.language, text),
            language=visit.language if visit.language in words.LANGUAGES else "en",
            organisation="" if session is None else session.origin_org_name,
            asset=_assets(),
            base=visit.base,
            path=visit.path,
            proof=visit.proof,
            framed_by=visit.framed_by if may_be_framed else "",
            event=event,
            details="" if details is None else msgspec.json.encode(details).decode(),
            **values,
        )
    )
    return Response(
        text,
        media_type="text/html",
        status_code=status,
        headers=_headers(visit, may_be_framed),
    )


def onward(visit: Visit, address: str) -> Response[None]:
    """A redirect to another page of ours."""
    headers = _headers(visit, may_be_framed=False)
    return Response(None, status_code=303, headers={**headers, "Location": address})


def _headers(visit: Visit, may_be_framed: bool) -> dict[str, str]:
    framed_by = visit.framed_by if may_be_framed else "'none'"
    headers = {
        **HEADERS,
        "Content-Security-Policy": POLICY.format(framed_by=framed_by),
        "Set-Cookie": visit.cookie,
    }
    return headers if may_be_framed else {**headers, "X-Frame-Options": "DENY"}
