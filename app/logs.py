"""Structured logs: one line of JSON per event in production, one short line on a developer's console.

Never logged: form values, query strings, e-mail addresses, paths as called (they may hold a mailed token). A request
is named by its route's rule and by its request id, which comes in and goes out as `X-Request-ID`.
"""

from __future__ import annotations

import logging
import re
import sys
import time
import traceback
import uuid
from types import TracebackType
from typing import Any, TextIO

import structlog
from flask import Flask, Response, g, request
from structlog.typing import EventDict, WrappedLogger

from app.config import Config

REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
QUIET_LOGGERS = ("werkzeug", "rq", "mail", "sqlalchemy", "alembic")
FRAMES_SHOWN = 12

log = structlog.get_logger("pullboard")


def init_app(app: Flask) -> None:
    """Configure logging for this process and name every request."""
    configure(app.extensions["config"])
    app.before_request(_begin_request)
    app.after_request(_end_request)
    app.log_exception = _log_request_exception  # type: ignore[method-assign, assignment]


def configure(config: Config) -> None:
    """Send structlog's events and the libraries' records to stderr, in the form this installation wants."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True) if config.is_production else _stamp_time,
        _describe_exception,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[config.log_level]),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    drawn = structlog.processors.JSONRenderer() if config.is_production else _short_line
    output = _StderrOfTheMoment()
    output.setFormatter(structlog.stdlib.ProcessorFormatter(processor=drawn, foreign_pre_chain=shared))
    logging.basicConfig(handlers=[output], level=config.log_level, force=True)
    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)


class _StderrOfTheMoment(logging.StreamHandler[TextIO]):
    """Writes to `sys.stderr` as it is when a line comes, since tests and servers exchange it."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


def _begin_request() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
    g.request_began = time.monotonic()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end_request(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.request_id
    if request.endpoint != "static":
        milliseconds = round((time.monotonic() - g.request_began) * 1000)
        log.info("request", method=request.method, route=_route(), status=response.status_code, ms=milliseconds)
    return response


def _route() -> str:
    return request.url_rule.rule if request.url_rule else "unknown"


def _log_request_exception(exc_info: tuple[type[BaseException], BaseException, TracebackType | None]) -> None:
    log.error("request_failed", method=request.method, route=_route(), exc_info=exc_info)


def _stamp_time(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event["timestamp"] = time.strftime("%H:%M:%S")
    return event


def _describe_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The kind of an exception and where it was raised; its message may quote what a person typed, so it stays out."""
    exc_info = event.pop("exc_info", None)
    if exc_info is True:
        exc_info = sys.exc_info()
    error = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES_SHOWN:]
        event["exception"] = f"{type(error).__module__}.{type(error).__qualname__}"
        event["raised_in"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event


def _short_line(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    frames = "".join(f"\n    {frame}" for frame in event.pop("raised_in", []))
    head = " ".join(str(event.pop(key, "")) for key in ("timestamp", "level", "event"))
    hidden = ("_record", "_from_structlog")
    rest: dict[str, Any] = {key: value for key, value in event.items() if key not in hidden}
    return " ".join([head, *(f"{key}={value}" for key, value in rest.items())]) + frames
