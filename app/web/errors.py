"""Domain errors become HTTP here, once: a fragment for htmx, a page for a browser, problem+json for the API."""

from __future__ import annotations

import time
from datetime import UTC
from http import HTTPStatus
from math import ceil

import structlog
from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_limiter.errors import RateLimitExceeded
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from redis.exceptions import RedisError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import HTTPException

from app.domain.claims import ClaimRefused
from app.domain.errors import DomainError, Forbidden, Invalid, NotFound, Refused
from app.domain.phrases import N_, Phrase
from app.extensions import limiter
from app.localisation import phrase_text
from app.web.htmx import is_htmx

log = structlog.get_logger(__name__)

STATUS_OF: dict[type[DomainError], int] = {NotFound: 404, Forbidden: 403, Refused: 409, Invalid: 422}
API_PREFIX = "/api/"


def init_errors(app: Flask) -> None:
    """Register the one handler of each family of errors."""
    app.register_error_handler(DomainError, answer_domain_error)
    app.register_error_handler(HTTPException, answer_http_error)
    app.register_error_handler(DataError, answer_unkeepable)
    for gone in (OperationalError, InterfaceError, PendingRollbackError, PoolExhausted, RedisError):
        app.register_error_handler(gone, answer_busy)
    app.register_error_handler(Exception, answer_fault)


def status_of(error: DomainError) -> int:
    """The HTTP status of a domain error: its own class's, or the nearest parent's."""
    return next((status for kind, status in STATUS_OF.items() if isinstance(error, kind)), 400)


def answer_domain_error(error: DomainError) -> Response:
    """A rule said no."""
    remedy = getattr(error, "remedy", None)
    detail = phrase_text(error.phrase)
    extra: dict[str, object] = {"code": error.code}
    if remedy is not None:
        extra["remedy"] = phrase_text(remedy)
    if isinstance(error, ClaimRefused):
        extra |= _limit_of(error)
    if isinstance(error, Invalid) and error.fields:
        extra["fields"] = {name: phrase_text(phrase) for name, phrase in error.fields.items()}
    return _answer(status_of(error), detail, extra)


def _limit_of(refused: ClaimRefused) -> dict[str, object]:
    """The number that was reached, and when the refusal lifts by itself; only what is known."""
    restored_at = refused.restored_at.astimezone(UTC).isoformat() if refused.restored_at else None
    known = {"number": refused.number, "restored_at": restored_at and restored_at.replace("+00:00", "Z")}
    return {name: value for name, value in known.items() if value is not None}


def answer_http_error(error: HTTPException) -> Response:
    """Flask's own refusals, in our words."""
    if error.response is not None or error.code is None or error.code < 400:
        return make_response(error.get_response())
    if isinstance(error, RateLimitExceeded):
        response = _answer(
            429, _("Too many attempts in a short time. Wait a minute, then try again."), {"code": "throttled"}
        )
        response.headers["Retry-After"] = str(_seconds_to_wait())
        return response
    if isinstance(error, CSRFError):
        return _answer(400, _("Your form has expired. Reload the page and send it again."), {"code": "csrf"})
    is_api = request.path.startswith(API_PREFIX)
    details = {
        400: _("The body is not JSON.") if is_api else _("The request could not be read."),
        401: _("Send a key that works: “Authorization: Bearer pb_…”.") if is_api else _("Sign in to go on."),
        403: _("Your role does not allow this."),
        404: _("This page does not exist, or it is not yours to see."),
        405: _("This address does not take that kind of request."),
        413: _("The body is too large.") if is_api else _("The file is too large."),
        415: _("Send JSON: “Content-Type: application/json”.") if is_api else _("The request could not be read."),
    }
    detail = details.get(error.code, _("The request could not be read."))
    return _answer(error.code, detail, {"code": error.name.lower().replace(" ", "_")})


def answer_unkeepable(error: DataError) -> Response:
    """A value that no column can hold and no rule has caught: theirs to mend, ours to have refused in better words."""
    log.error("value_not_kept", exc_info=error)
    return answer_domain_error(Invalid(Phrase(N_("Some of the input cannot be used."))))


def answer_busy(error: Exception) -> Response:
    """The database is away, or a lock could not be had in time: nothing was changed, and soon it may work again.

    Where the line broke while the person was looked up, the second look finds the session in pieces. Or Redis went
    while attempts were counted there: of two requests that notice it at once, one is counted in memory, the other
    ends here.
    """
    g._login_user = AnonymousUserMixin()  # noqa: SLF001 - where Flask-Login looks first
    log.error("redis_away" if isinstance(error, RedisError) else "database_busy", exc_info=error)
    response = _answer(503, _("Too much is going on at this moment. Nothing was changed; try again."), {"code": "busy"})
    response.headers["Retry-After"] = "2"
    return response


def answer_fault(error: Exception) -> Response:
    """A fault of ours: logged with its request id, said without details."""
    # What failed may be the loading of the person itself (no database): log and page of a fault ask for nobody.
    g._login_user = AnonymousUserMixin()  # noqa: SLF001 - where Flask-Login looks first
    log.error("request_failed", exc_info=error)
    return _answer(500, _("Something went wrong on our side. Nothing you sent was changed."), {"code": "fault"})


def _seconds_to_wait() -> int:
    """Until the breached limit lets requests through again."""
    breached = limiter.current_limit
    return max(1, ceil(breached.reset_at - time.time())) if breached else 60


def _answer(status: int, detail: str, extra: dict[str, object]) -> Response:
    request_id = g.get("request_id", "")
    g.is_refused = True  # The page around it asks the database for nothing more: its transaction may be broken.
    if request.path.startswith(API_PREFIX):
        response = jsonify(
            type="about:blank",
            title=HTTPStatus(status).phrase,
            status=status,
            detail=detail,
            request_id=request_id,
            **extra,
        )
        response.content_type = "application/problem+json"
        if status == HTTPStatus.UNAUTHORIZED:
            response.headers["WWW-Authenticate"] = 'Bearer realm="Pullboard"'
    else:
        template = "errors/_error.html" if is_htmx() else "errors/error.html"
        response = make_response(
            render_template(template, status=status, detail=detail, remedy=extra.get("remedy"), request_id=request_id)
        )
    response.status_code = status
    return response
