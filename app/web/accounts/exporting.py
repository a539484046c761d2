"""The narrowed list as a file for a spreadsheet, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Response, request
from flask_babel import gettext as _

from app.adapters.spreadsheets.writing import write_csv, write_xlsx
from app.domain.identity import MANUFACTURER_ROLES
from app.domain.labels import label_of
from app.localisation import phrase_text
from app.queries.accounts.listing import AccountRow, list_accounts_for_export
from app.services.accounts.exporting import record_export
from app.web.access import allowed, current_viewer
from app.web.accounts.blueprint import blueprint
from app.web.accounts.reading import wanted_accounts
from app.web.places import country_name

FORMATS = ("csv", "xlsx")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.post("/export")
@allowed(*MANUFACTURER_ROLES)
def export() -> Response:
    """The list as a file; that it was taken is kept."""
    viewer = current_viewer()
    rows = list_accounts_for_export(viewer=viewer, wanted=wanted_accounts())
    file_format = request.form.get("format", "")
    if file_format not in FORMATS:
        file_format = FORMATS[0]
    record_export(actor=viewer, file_format=file_format, count=len(rows))
    if file_format == "xlsx":
        response = Response(write_xlsx(_cells(rows), _("Accounts")), mimetype=_XLSX)
    else:
        response = Response(write_csv(_cells(rows), viewer.language), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="accounts.{file_format}"'
    return response


def _cells(rows: Sequence[AccountRow]) -> Iterator[Sequence[object]]:
    yield (
        _("Code"),
        _("Company"),
        _("City"),
        _("Country"),
        _("Status"),
        _("Marks"),
        _("Partner"),
        _("Direct seller"),
        _("Leads"),
        _("Open deals"),
    )
    for row in rows:
        yield (
            row.code,
            row.name,
            row.city,
            country_name(row.country) if row.country else "",
            phrase_text(label_of(row.status)),
            ", ".join(phrase_text(label_of(flag)) for flag in row.flags),
            row.owner or "",
            row.seller or "",
            row.leads,
            row.open_deals,
        )
