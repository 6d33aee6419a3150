"""A Lever account with somebody in whose name is written."""

from typing import Any

from hireloom.connectors.ats.lever import Lever
from tests.connectors.ats.lever_account import account
from tests.replay import Replay, Sent

ACTING = {"performAs": "user-olga"}


def writing(settings: dict[str, str] | None = None, /, **answers: Any) -> tuple[Lever, Replay]:
    """An account in which Olga acts."""
    return account({**ACTING, **(settings or {})}, answers=answers)


def only_write(replay: Replay) -> Sent:
    [sent] = replay.writes
    return sent
