"""The log: structured lines on standard error, without anything personal and without secrets."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from hireloom.settings import Settings

SECRET_NAMES = re.compile(r"secret|token|password|authorization|api_?key|credential", re.IGNORECASE)
LOOKS_SECRET = re.compile(r"(?i)\b(bearer|basic)\s+\S+|\bhl_[0-9A-Za-z]{20,}|\beyJ[\w-]+\.[\w.-]+")
EMAIL = re.compile(r"[^\s@<>\"'(),;:]+@[^\s@<>\"'(),;:]+\.[A-Za-z]{2,}")
GONE = "[…]"


def configure(settings: Settings) -> None:
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    console = settings.log_format == "console"
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            clean,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
            if console
            else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


class Brief(logging.Handler):
    """What a library logs, as a line of ours: its words, never its tracebacks."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().warning(record.getMessage(), library=record.name)


def quiet(name: str) -> None:
    """Let a library's logger say what is wrong through us."""
    logger = logging.getLogger(name)
    logger.handlers = [Brief(logging.WARNING)]
    logger.propagate = False


def clean(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The last line of defence: what slipped into a line all the same does not get out."""
    for name, value in event.items():
        if SECRET_NAMES.search(name):
            event[name] = GONE
        elif isinstance(value, str):
            event[name] = EMAIL.sub(GONE, LOOKS_SECRET.sub(GONE, value))
    return event


def described(defect: Exception) -> dict[str, Any]:
    """A defect for the log: where it happened, never what was in the values."""
    frames = []
    trace = defect.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rpartition('hireloom/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return {"kind": type(defect).__name__, "at": " > ".join(frames[-8:])}
