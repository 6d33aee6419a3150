"""Endpoints that fail, for tests."""

from collections.abc import Callable

from tests.receiver import OK, Arrival, Reply

FAILS = Reply(status=500)


def failing(wrong: Callable[[Arrival], bool], reply: Reply = FAILS) -> Callable[[Arrival], Reply]:
    return lambda arrival: reply if wrong(arrival) else OK


def of_record(name: str) -> Callable[[Arrival], bool]:
    return lambda arrival: any(event["recordId"] == name for event in arrival.events)
