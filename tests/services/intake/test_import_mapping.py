"""How a file is read: which column is which field, and in which encoding."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.spreadsheets import UnreadableFile
from app.domain.errors import Invalid
from app.domain.leads import SourceKind
from app.models import Lead, LeadImport
from app.services import intake
from tests.cast import Cast
from tests.services.intake.arrivals import CSV_DE
from tests.services.intake.lists import rows


def test_the_mapping_is_remembered_for_the_same_headers(session: Session, cast: Cast) -> None:
    ines = cast.viewer("ines")
    strange = rows(1, 1).replace(b"Company,Email", b"Xyzzy,Email")
    first = intake.upload_import(actor=ines, filename="a.csv", data=strange)
    assert "company" not in session.get_one(LeadImport, first).mapping
    chosen = {"Xyzzy": "company", "Email": "email", "Country": "country", "Product": "products"}
    intake.map_import(actor=ines, import_id=first, fields_by_header=chosen, source=SourceKind.TRADE_FAIR)
    second = intake.upload_import(actor=ines, filename="b.csv", data=strange)
    assert session.get_one(LeadImport, second).mapping["company"] == "Xyzzy"


def test_one_field_cannot_be_two_columns(session: Session, cast: Cast) -> None:
    ines = cast.viewer("ines")
    import_id = intake.upload_import(actor=ines, filename="a.csv", data=rows(1, 1))
    both = {"Company": "company", "Email": "company"}
    with pytest.raises(Invalid):
        intake.map_import(actor=ines, import_id=import_id, fields_by_header=both, source=SourceKind.FILE)


def test_the_country_of_the_file_holds_where_a_row_names_none(session: Session, cast: Cast) -> None:
    ines = cast.viewer("ines")
    import_id = intake.upload_import(actor=ines, filename="a.csv", data=rows(1, 2).replace(b"Germany", b""))
    mapping = {header: field for field, header in session.get_one(LeadImport, import_id).mapping.items()}
    intake.map_import(actor=ines, import_id=import_id, fields_by_header=mapping, country="AT", source=SourceKind.FILE)
    intake.start_import(actor=ines, import_id=import_id, is_dry_run=False)
    intake.advance_import(import_id)
    assert {lead.country for lead in session.scalars(select(Lead))} == {"AT"}


def test_encoding_and_delimiter_can_be_corrected(session: Session, cast: Cast) -> None:
    ines = cast.viewer("ines")
    import_id = intake.upload_import(actor=ines, filename="de.csv", data=CSV_DE)
    intake.read_import_as(actor=ines, import_id=import_id, encoding="cp932", delimiter=";")
    assert session.get_one(LeadImport, import_id).shape["encoding"] == "cp932"
    preview = intake.preview_import(viewer=ines, import_id=import_id)
    assert preview.shape.delimiter == ";"
    intake.read_import_as(actor=ines, import_id=import_id, encoding="cp1252", delimiter=";")
    preview = intake.preview_import(viewer=ines, import_id=import_id)
    assert [row.judgement.reading.company.display for row in preview.rows] == [
        "Müller & Söhne KG",
        "Jäger AG",
        "Größe GmbH",
    ]


def test_what_is_no_list_is_refused(session: Session, cast: Cast) -> None:
    for data in (b"", b"%PDF-1.7 ...", b"\x89PNG...."):
        with pytest.raises(UnreadableFile):
            intake.upload_import(actor=cast.viewer("ines"), filename="x", data=data)
