"""The list as a file for a spreadsheet, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Response
from flask_babel import gettext as _

from app.adapters.spreadsheets.writing import write_csv, write_xlsx
from app.domain.identity import Viewer
from app.domain.labels import label_of
from app.localisation import phrase_text
from app.queries.cockpit import LeadRow

FORMATS = ("csv", "xlsx")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def written(rows: Sequence[LeadRow], file_format: str, viewer: Viewer) -> Response:
    """The rows as CSV or XLSX, to be saved."""
    cells = _cells(rows, ZoneInfo(viewer.time_zone))
    if file_format == "xlsx":
        response = Response(write_xlsx(cells, _("Leads")), mimetype=_XLSX)
    else:
        response = Response(write_csv(cells, viewer.language), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="leads.{file_format}"'
    return response


def _cells(rows: Sequence[LeadRow], zone: ZoneInfo) -> Iterator[Sequence[object]]:
    yield (
        _("Lead"),
        _("Manufacturer"),
        _("Company"),
        _("Person"),
        _("Product lines"),
        _("Works it"),
        _("State"),
        _("Stage"),
        _("Attempts"),
        _("Reached"),
        _("Expected revenue"),
        _("Currency"),
        _("Close in sight"),
        _("Follow-up"),
        _("Received"),
    )
    for row in rows:
        yield (
            row.reference,
            row.manufacturer,
            row.company,
            row.person,
            ", ".join(row.products),
            row.worker or "",
            phrase_text(label_of(row.state)),
            phrase_text(label_of(row.stage)),
            row.attempts,
            row.reached,
            row.expected_revenue.major if row.expected_revenue else None,
            row.expected_revenue.currency if row.expected_revenue else "",
            row.close_on,
            _local(row.follow_up_at, zone),
            _local(row.received_at, zone),
        )


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return moment.astimezone(zone).replace(tzinfo=None, microsecond=0) if moment else None
