"""The style sheet and the script of the console."""

from functools import cache
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler

from hireloom import __version__

FOLDER = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@cache
def known() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir())}


def handler() -> HTTPRouteHandler:
    @get("/console/static/{name:str}", sync_to_thread=False)
    def show_file(request: Request[Any, Any, Any]) -> Response[bytes]:
        name = request.path_params["name"]
        if name not in known():
            raise NotFoundException
        return Response(
            known()[name],
            media_type=TYPES[Path(name).suffix],
            headers={
                "Cache-Control": "no-cache",
                "ETag": f'"{__version__}"',
                "X-Content-Type-Options": "nosniff",
                "Cross-Origin-Resource-Policy": "same-origin",
            },
        )

    return show_file
