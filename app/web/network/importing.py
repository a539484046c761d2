"""The network's files on screen: choose, see what they would do, bring them in."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.adapters.network_files import open_network_file
from app.adapters.spreadsheets.writing import write_csv
from app.domain.network.files import COLUMNS, NetworkFile, OpenedFile, file_named
from app.localisation import phrase_text
from app.services.network.importing import Decision, DoubleChoice, FileReport, import_network, preview_network
from app.web.access import allowed, current_viewer
from app.web.network.blueprint import blueprint
from app.web.network.forms import ApplyForm, UploadForm
from app.web.network.packing import LARGEST_PACKED, pack_files, unpack_files
from app.web.partner_pages import NETWORK_WRITERS
from app.web.problems import drawn_as

FAULTS_SHOWN = 50
DOUBLES_SHOWN = 200


@blueprint.get("/network/import")
@allowed(*NETWORK_WRITERS)
def import_page() -> str:
    """Choose files."""
    return _upload_page(UploadForm())


@blueprint.post("/network/import")
@allowed(*NETWORK_WRITERS)
def preview() -> ResponseReturnValue:
    """Show what the files would do; nothing is written."""
    form = UploadForm()
    uploaded = {file.filename: file.read() for file in form.files.data or () if file and file.filename}
    known = {name: data for name, data in uploaded.items() if file_named(name)}
    unknown = sorted(uploaded.keys() - known.keys())
    packed = pack_files(known)
    if not form.validate() or not known or len(packed) > LARGEST_PACKED:
        form.files.errors = [_refusal(unknown, is_too_large=len(packed) > LARGEST_PACKED)]
        return _upload_page(form), 422
    viewer = current_viewer()
    reports = preview_network(manufacturer_id=viewer.organisation_id, actor=viewer, files=_opened(known))
    return _report_page(
        reports, is_preview=True, form=ApplyForm(formdata=None, data={"packed": packed}), unknown=unknown
    )


@blueprint.post("/network/import/apply")
@allowed(*NETWORK_WRITERS)
def apply() -> ResponseReturnValue:
    """Bring the files in that were tried out."""
    files = unpack_files(ApplyForm().packed.data or "")
    if not files:
        form = UploadForm(formdata=None)
        form.files.errors = [_("The files did not arrive whole. Choose them again.")]
        return _upload_page(form), 422
    viewer = current_viewer()
    reports = import_network(
        manufacturer_id=viewer.organisation_id, actor=viewer, files=_opened(files), decisions=_decisions()
    )
    return _report_page(reports, is_preview=False, form=None, unknown=[])


@blueprint.post("/network/import/problems")
@allowed(*NETWORK_WRITERS)
def download_problems() -> Response:
    """Every problem of the files that were tried out, as a list for a spreadsheet."""
    viewer = current_viewer()
    files = unpack_files(ApplyForm().packed.data or "")
    reports = preview_network(manufacturer_id=viewer.organisation_id, actor=viewer, files=_opened(files))
    rows: list[tuple[object, ...]] = [(_("File"), _("Line"), _("Problem"))]
    rows += [
        (report.file.value, fault.line_no or "", phrase_text(fault.reason))
        for report in reports
        for fault in report.faults
    ]
    response = Response(write_csv(rows, viewer.language), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="problems.csv"'
    return response


def _decisions() -> dict[int, Decision]:
    """What was chosen about rows that may be known already: `double-12` is `skip:A-7`, `alias:A-7` or nothing."""
    chosen: dict[int, Decision] = {}
    for name, value in request.form.items():
        line, (choice, _colon, code) = name.removeprefix("double-"), value.partition(":")
        if name.startswith("double-") and line.isdecimal() and choice in list(DoubleChoice):
            chosen[int(line)] = Decision(DoubleChoice(choice), code)
    return chosen


def _opened(files: Mapping[str, bytes]) -> dict[NetworkFile, OpenedFile]:
    opened = {}
    for name, data in files.items():
        if kind := file_named(name):
            opened[kind] = open_network_file(data, name)
    return opened


def _refusal(unknown: list[str], *, is_too_large: bool) -> str:
    if is_too_large:
        return _("Together the files are too large for this page. Bring them in with “flask network import”.")
    if unknown:
        return _("%(names)s: a file is told by its name, such as partners.csv.", names=", ".join(unknown))
    return _("Choose at least one file.")


def _upload_page(form: UploadForm) -> str:
    template = drawn_as("network/import.html", "network/_upload.html")
    return render_template(template, form=form, columns=COLUMNS)


def _report_page(
    reports: tuple[FileReport, ...], *, is_preview: bool, form: ApplyForm | None, unknown: list[str]
) -> str:
    return render_template(
        drawn_as("network/report.html", "network/_report.html"),
        reports=reports,
        is_preview=is_preview,
        form=form,
        unknown=unknown,
        may_apply=any(not report.is_refused and report.created + report.changed for report in reports),
        faults_shown=FAULTS_SHOWN,
        doubles_shown=DOUBLES_SHOWN,
    )
