"""The files beside the pages: served under the hash of their content, so that caches never lie."""

import base64
import hashlib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler

TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
COMPONENT = "connect.js"
FOREVER = "public, max-age=31536000, immutable"
# Pages load it by a name that stays, so they ask now and then whether it changed.
A_WHILE = "public, max-age=300"


@dataclass(frozen=True)
class Asset:
    name: str
    content: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:16]

    @property
    def integrity(self) -> str:
        """What a page's `integrity` attribute says, so that a browser takes nothing else."""
        return "sha384-" + base64.b64encode(hashlib.sha384(self.content).digest()).decode()

    @property
    def path(self) -> str:
        return f"/connect/static/{self.digest}/{self.name}"

    @property
    def media_type(self) -> str:
        return TYPES[self.name.rpartition(".")[2]]


def load() -> dict[str, Asset]:
    folder = files("hireloom.connect") / "static"
    return {one.name: Asset(one.name, one.read_bytes()) for one in folder.iterdir()}


def handlers(assets: dict[str, Asset]) -> list[HTTPRouteHandler]:
    @get("/connect/static/{digest:str}/{name:str}", sync_to_thread=False)
    def show_asset(request: Request[Any, Any, Any]) -> Response[bytes]:
        found = assets.get(request.path_params["name"])
        if found is None or found.digest != request.path_params["digest"]:
            raise NotFoundException
        headers = {"Cache-Control": FOREVER, "X-Content-Type-Options": "nosniff"}
        return Response(found.content, media_type=found.media_type, headers=headers)

    @get("/connect.js")
    async def show_component(request: Request[Any, Any, Any]) -> Response[bytes]:
        """The web component; a module is loaded from other origins only where that is allowed."""
        found = assets[COMPONENT]
        headers = {
            "Access-Control-Allow-Origin": "*",
            "Cache-Control": A_WHILE,
            "Cross-Origin-Resource-Policy": "cross-origin",
            "ETag": f'"{found.digest}"',
            "X-Content-Type-Options": "nosniff",
        }
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(b"", status_code=304, headers=headers)
        return Response(found.content, media_type=found.media_type, headers=headers)

    return [show_asset, show_component]
