"""The list of how partners answer, for the quarterly review, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from app.adapters.spreadsheets.writing import write_csv
from app.domain.identity import MANUFACTURER_ROLES
from app.queries.responders import Responder, ResponderList, ResponderSort, list_responders
from app.services.response_scores.exporting import record_export
from app.web.access import allowed, current_viewer
from app.web.response_scores.blueprint import blueprint

EVERYBODY = 1_000_000


@blueprint.get("/response-scores")
@allowed(*MANUFACTURER_ROLES)
def index() -> str:
    """How the manufacturer's partners answer, the slow ones first."""
    found = _found(page=max(1, request.args.get("page", 1, type=int)))
    return render_template(
        "response_scores/index.html",
        found=found,
        sort=_sort(),
        sorts=ResponderSort,
        is_slow_only=_is_slow_only(),
        url_with=_url_with,
        export_url=url_for("response_scores.export", show=_show(), sort=_sort().value),
    )


@blueprint.post("/response-scores/export")
@allowed(*MANUFACTURER_ROLES)
def export() -> Response:
    """The list as a file; that it was taken is kept."""
    viewer = current_viewer()
    rows = _found(page_size=EVERYBODY).rows
    record_export(actor=viewer, count=len(rows))
    response = Response(write_csv(_cells(rows), viewer.language), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="response-scores.csv"'
    return response


def _found(**paging: int) -> ResponderList:
    return list_responders(viewer=current_viewer(), sort=_sort(), is_slow_only=_is_slow_only(), **paging)


def _sort() -> ResponderSort:
    text = request.args.get("sort", "")
    return ResponderSort(text) if text in set(ResponderSort) else ResponderSort.SCORE


def _is_slow_only() -> bool:
    return _show() != "all"


def _show() -> str | None:
    return "all" if request.args.get("show") == "all" else None


def _url_with(**changes: Any) -> str:
    """This list's address with some of its filters changed; the page begins anew."""
    kept: dict[str, Any] = {"show": _show(), "sort": _sort().value}
    return url_for("response_scores.index", **{**kept, **changes})


def _cells(rows: list[Responder]) -> Iterator[tuple[object, ...]]:
    yield (
        _("Code"),
        _("Partner"),
        _("Response score"),
        _("Asked alone"),
        _("Answered"),
        _("Hours to an answer"),
        _("Silent"),
        _("Lost for not working"),
        _("Leads it got"),
        _("Hours to the first contact"),
        _("Hours from receipt to the quotation"),
        _("Closed"),
        _("Won"),
        _("Claims suspended until"),
    )
    for row in rows:
        own = row.figures
        yield (
            row.code,
            row.name,
            row.score,
            own.asked,
            own.answered,
            _hours(own.answer_seconds),
            own.silent,
            own.re_routed,
            own.taken,
            _hours(own.contact_seconds),
            _hours(own.quote_seconds),
            own.closed,
            own.won,
            row.suspended_until or "",
        )


def _hours(seconds: int | None) -> float | str:
    return "" if seconds is None else round(seconds / 3600, 2)
