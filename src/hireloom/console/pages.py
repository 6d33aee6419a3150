"""The console: what operators and support people look at."""

from litestar.types import ControllerRouterHandler

from hireloom.desk import Desk


def handlers(desk: Desk) -> list[ControllerRouterHandler]:
    """The routes, to be served beside the API."""
    return []
