"""The connect window: where a customer of the user connects an ATS."""

from litestar.types import ControllerRouterHandler

from hireloom.desk import Desk


def handlers(desk: Desk) -> list[ControllerRouterHandler]:
    """The routes, to be served beside the API."""
    return []
