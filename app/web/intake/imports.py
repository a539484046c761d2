"""Files of leads: upload, mapping and preview, dry run or run, progress, result and what was left out."""

from __future__ import annotations

from flask import Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.adapters.spreadsheets import FileKind, write_csv, write_xlsx
from app.domain.errors import Invalid
from app.domain.identity import MANUFACTURER_ROLES
from app.domain.intake.fields import LeadField
from app.domain.leads import SourceKind
from app.localisation import phrase_text
from app.queries.intake.imports import (
    ImportSummary,
    count_reasons,
    import_summary,
    lead_states,
    list_imports,
    list_line_problems,
)
from app.services import intake
from app.web.access import allowed, current_viewer
from app.web.htmx import go_to, is_htmx, polled
from app.web.intake.arrivals import DESK
from app.web.intake.blueprint import blueprint
from app.web.intake.forms import ImportDefaultsForm, ShapeForm, UploadForm
from app.web.intake.words import field_choices, field_label
from app.web.markup import reader_language

_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/imports")
@allowed(*MANUFACTURER_ROLES)
def imports() -> str:
    """The files brought in, and those that wait to be."""
    return render_template("intake/imports.html", imports=list_imports(viewer=current_viewer()))


@blueprint.get("/imports/new")
@allowed(*DESK)
def new_import() -> str:
    """The form to upload a file."""
    return render_template("intake/import_new.html", form=UploadForm())


@blueprint.post("/imports/new")
@allowed(*DESK)
def upload() -> ResponseReturnValue:
    """Take the file in, and go on to say which column is which."""
    form = UploadForm()
    status = 422
    if form.validate():
        sent = form.file.data
        try:
            import_id = intake.upload_import(
                actor=current_viewer(), filename=sent.filename or "", data=sent.read(LARGEST_READ)
            )
            return go_to(url_for("intake.import_page", import_id=import_id))
        except Invalid as error:
            form.file.errors = [*form.file.errors, phrase_text(error.phrase)]
    return render_template("intake/import_new.html", form=form), status


@blueprint.get("/imports/<int:import_id>")
@allowed(*MANUFACTURER_ROLES)
def import_page(import_id: int) -> str:
    """One import: its columns and preview before the run, its progress and result afterwards."""
    return _import_page(import_id)


@blueprint.get("/imports/<int:import_id>/progress")
@allowed(*MANUFACTURER_ROLES)
def import_progress(import_id: int) -> ResponseReturnValue:
    """How far it has come; polled while it runs, and then the whole page is shown anew."""
    summary = import_summary(viewer=current_viewer(), import_id=import_id)
    if is_htmx() and not summary.is_under_way:
        return go_to(url_for("intake.import_page", import_id=import_id))
    return polled(f"{summary.version}-{reader_language()}", lambda: _progress(summary))


@blueprint.post("/imports/<int:import_id>/shape")
@allowed(*DESK)
def shape_import(import_id: int) -> ResponseReturnValue:
    """Read the file with another encoding or delimiter."""
    try:
        intake.read_import_as(
            actor=current_viewer(),
            import_id=import_id,
            encoding=request.form.get("encoding", ""),
            delimiter=request.form.get("delimiter", ""),
        )
    except Invalid as error:
        flash(phrase_text(error.phrase), "error")
        return _import_page(import_id), 422
    return go_to(url_for("intake.import_page", import_id=import_id))


@blueprint.post("/imports/<int:import_id>/mapping")
@allowed(*DESK)
def save_mapping(import_id: int) -> ResponseReturnValue:
    """Say which column is which; then look at the preview again, or try, or run."""
    viewer = current_viewer()
    preview = intake.preview_import(viewer=viewer, import_id=import_id)
    chosen = {column.header: request.form.get(f"column-{place}", "") for place, column in enumerate(preview.columns)}
    known = {header: name for header, name in chosen.items() if name in set(LeadField)}
    form = _defaults_form()
    if not form.validate():
        flash(_("Choose one."), "error")
        return _import_page(import_id), 422
    try:
        intake.map_import(
            actor=viewer,
            import_id=import_id,
            fields_by_header=known,
            country=form.country.data or "",
            source=SourceKind(form.source_kind.data or SourceKind.FILE),
        )
        then = request.form.get("then", "")
        if then in ("try", "run"):
            intake.start_import(actor=viewer, import_id=import_id, is_dry_run=then == "try")
    except Invalid as error:
        flash(phrase_text(error.phrase), "error")
        return _import_page(import_id), 422
    return go_to(url_for("intake.import_page", import_id=import_id))


@blueprint.post("/imports/<int:import_id>/start")
@allowed(*DESK)
def start(import_id: int) -> ResponseReturnValue:
    """Bring the file in as it is mapped."""
    try:
        intake.start_import(actor=current_viewer(), import_id=import_id, is_dry_run=False)
    except Invalid as error:
        flash(phrase_text(error.phrase), "error")
    return go_to(url_for("intake.import_page", import_id=import_id))


@blueprint.post("/imports/<int:import_id>/cancel")
@allowed(*DESK)
def cancel(import_id: int) -> ResponseReturnValue:
    """Stop after the rows that are under way."""
    intake.cancel_import(actor=current_viewer(), import_id=import_id)
    return go_to(url_for("intake.import_page", import_id=import_id))


@blueprint.post("/imports/<int:import_id>/left-out")
@allowed(*DESK)
def download_left_out(import_id: int) -> Response:
    """The rows that were left out, each with its reasons, in a file of the same kind."""
    left_out = intake.export_left_out(actor=current_viewer(), import_id=import_id)
    shape = left_out.shape
    rows = [(*shape.headers, "error"), *((*row.cells, _reasons(row)) for row in left_out.rows)]
    stem = left_out.filename.rpartition(".")[0] or left_out.filename
    if shape.kind is FileKind.WORKBOOK:
        return _attachment(write_xlsx(rows), _XLSX, f"{stem}-errors.xlsx")
    return _attachment(write_csv(rows, delimiter=shape.delimiter), _CSV, f"{stem}-errors.csv")


LARGEST_READ = 26_000_000
"""One byte beyond what is taken in is enough to refuse it."""


def _reasons(row: intake.LeftOutRow) -> str:
    return " ".join(
        f"{field_label(finding.field)}: {phrase_text(finding.phrase)}" if finding.field else phrase_text(finding.phrase)
        for finding in row.findings
        if finding.is_fatal
    )


def _attachment(data: bytes, mimetype: str, filename: str) -> Response:
    response = Response(data, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


def _import_page(import_id: int) -> str:
    viewer = current_viewer()
    summary = import_summary(viewer=viewer, import_id=import_id)
    is_open = not summary.is_under_way and not summary.is_brought_in and viewer.role in DESK
    preview = intake.preview_import(viewer=viewer, import_id=import_id) if is_open else None
    problems = list_line_problems(viewer=viewer, import_id=import_id)
    return render_template(
        "intake/import.html",
        summary=summary,
        lead_states=lead_states(import_id) if summary.is_brought_in else [],
        preview=preview,
        shape_form=_shape_form(preview) if preview else None,
        defaults_form=_defaults_form(preview) if preview else None,
        field_choices=field_choices(),
        problems=problems,
        reasons=count_reasons(problems),
        may_work=viewer.role in DESK,
    )


def _progress(summary: ImportSummary) -> str:
    return render_template("intake/_import_progress.html", summary=summary, may_work=current_viewer().role in DESK)


def _shape_form(preview: intake.Preview) -> ShapeForm:
    form = ShapeForm(formdata=None, encoding=preview.shape.encoding, delimiter=preview.shape.delimiter)
    form.offer(preview.shape.encoding)
    return form


def _defaults_form(preview: intake.Preview | None = None) -> ImportDefaultsForm:
    if preview is None:
        form = ImportDefaultsForm()
    else:
        arrival = preview.arrival
        form = ImportDefaultsForm(formdata=None, country=arrival.country, source_kind=arrival.source_kind.value)
    form.offer()
    return form
