"""Structured logs on stderr: JSON lines in a service, coloured lines on a terminal.

Events are fixed past-tense phrases, facts are keys. Bodies, personal data and secrets never go to a log; ids do.
warning: someone should look this week; error: someone should look now; exception: our bug.
"""

import logging
import sys
from typing import Any

import structlog


def configure(*, json: bool | None = None, level: str = "info") -> None:
    """Set up logging once for this process; ``json`` None decides by whether stderr is a terminal."""
    as_json = not sys.stderr.isatty() if json is None else json
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    plain = structlog.dev.plain_traceback  # the other kind prints local variables, and bodies with them
    console = structlog.dev.ConsoleRenderer(exception_formatter=plain)
    renderer = structlog.processors.JSONRenderer() if as_json else console
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # whatever it is now: tests and daemons move it
        cache_logger_on_first_use=False,
    )


def get(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of one part of the system.

    Whoever uses a part as a library and has not configured structlog gets our configuration: structlog's own prints the
    local variables of a traceback, and with them the bodies of messages.
    """
    if not structlog.is_configured():
        configure()
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(part=name)
    return logger
