"""Lists as they come: encodings, delimiters, ragged and broken rows, workbooks, and lists written for spreadsheets."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.spreadsheets import FileKind, UnreadableFile, read_rows, sniff, workbook, write_csv, write_xlsx

WORLD = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "world"
PLAIN_GERMAN = "\r\n".join(f"{n};Firma {n};Ort" for n in range(500))


def rows_of(data: bytes) -> list[dict[str, str]]:
    return [row.values for row in read_rows(data, sniff(data))]


def workbook_of(*rows: list[object]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"default_date_format": "dd.mm.yyyy"}) as book:
        page = book.add_worksheet("Leads")
        for line, row in enumerate(rows):
            page.write_row(line, 0, row)
    return stream.getvalue()


def workbook_with(data: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one part replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            target.writestr(part, content if part == name else source.read(part))
    return stream.getvalue()


@pytest.mark.covers("I-02")
@pytest.mark.parametrize(
    ("name", "encoding", "delimiter", "count", "last"),
    [
        ("leads_us.csv", "utf-8", ",", 622, "Create Date"),
        ("leads_de.csv", "cp1252", ";", 468, "Erstellt am"),
        ("leads_jp.csv", "cp932", ",", 410, "作成日時"),
    ],
)
def test_the_three_real_files_are_told_apart(name: str, encoding: str, delimiter: str, count: int, last: str) -> None:
    if not (WORLD / name).exists():
        pytest.skip(f"needs the shared data file {name}")
    data = (WORLD / name).read_bytes()
    shape = sniff(data, name)
    assert (shape.encoding, shape.delimiter, shape.row_count, shape.headers[-1]) == (encoding, delimiter, count, last)
    rows = list(read_rows(data, shape))
    assert len(rows) == count
    assert not any(row.surplus or row.missing for row in rows)


@pytest.mark.parametrize(
    ("text", "written", "sniffed"),
    [
        ("Firma;Ort\nMüller;Köln", "utf-8", "utf-8"),
        ("Firma;Ort\nMüller;Köln", "utf-8-sig", "utf-8-sig"),
        ("Firma;Ort\nMüller;Köln", "utf-16", "utf-16"),
        ("Firma;Ort\nMüller;Köln", "utf-16-le", "utf-16-le"),
        ("Firma;Ort\nMüller;Köln", "utf-16-be", "utf-16-be"),
        ("Firma;Ort\nMüller;Köln", "cp1252", "cp1252"),
        ("Firma;Umsatz\nAB;12 €\nCD;15 €", "cp1252", "cp1252"),
        ("Name;City\nJosé Núñez;São Paulo\nÉlodie;Besançon", "cp1252", "cp1252"),
        ("Name,Note\nO’Brien,“asap” – please…", "cp1252", "cp1252"),
        (f"Nr;Firma;Ort\r\n{PLAIN_GERMAN}\r\n9;Groß;Gößnitz", "cp1252", "cp1252"),
        ("STRASSE;ORT\nÄPFELWEG;ÜBERLINGEN\nÖLMÜHLE;GÖRLITZ", "cp1252", "cp1252"),
        ("会社名,氏名\n㈱アクメ,山田 太郎", "cp932", "cp932"),
        ("name,kana\nYamada,ﾔﾏﾀﾞ ﾀﾛｳ\nSato,ｻﾄｳ", "cp932", "cp932"),
        ("name,city\nYamada,東京", "cp932", "cp932"),
        ("Name,Firma\nTaro,髙島屋\nJiro,表ソ株式会社", "cp932", "cp932"),
        ("会社名,氏名\nアクメ,山田", "iso2022_jp", "iso2022_jp"),
    ],
)
def test_encoding_is_told_from_the_bytes(text: str, written: str, sniffed: str) -> None:
    data = text.encode(written)
    shape = sniff(data)
    assert shape.encoding == sniffed
    first, *_ = text.splitlines()
    assert list(shape.headers) == first.split(shape.delimiter)
    assert list(rows_of(data)[-1].values()) == text.splitlines()[-1].split(shape.delimiter)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_the_one_that_cuts_evenly(delimiter: str) -> None:
    text = f'A{delimiter}B{delimiter}C\n"1, 2; 3"{delimiter}x | y{delimiter}z\n4{delimiter}5, 6, 7{delimiter}8;9'
    assert sniff(text.encode()).delimiter == delimiter


def test_excel_may_declare_its_delimiter() -> None:
    data = b"sep=|\nA|B\n1|2,3,4\n"
    assert sniff(data).delimiter == "|"
    assert rows_of(data) == [{"A": "1", "B": "2,3,4"}]


def test_quoted_newlines_and_quotes_are_kept() -> None:
    assert rows_of(b'A,B\r\n"one\r\ntwo","say ""hi"""\r\n3,4') == [
        {"A": "one\r\ntwo", "B": 'say "hi"'},
        {"A": "3", "B": "4"},
    ]


def test_ragged_rows_survive_and_say_so() -> None:
    data = b"A,B,C\n1,2\n1,2,3,4,5\n1,2,3,,\n"
    short, long, trailing = read_rows(data, sniff(data))
    assert (short.values, short.missing, short.surplus) == ({"A": "1", "B": "2", "C": ""}, 1, ())
    assert (long.surplus, long.missing) == (("4", "5"), 0)
    assert (trailing.surplus, trailing.missing) == ((), 0), "an empty cell more is none"


def test_line_numbers_are_those_of_an_editor() -> None:
    data = b'Title\n\nA,B\n1,"x\ny"\n\n,\n2,z\n'
    shape = sniff(data)
    assert (shape.header_line, shape.headers, shape.row_count) == (3, ("A", "B"), 2)
    assert [row.line_no for row in read_rows(data, shape)] == [4, 8]


def test_a_quote_never_closed_costs_no_row() -> None:
    data = b'A,B\n1,"open\n2,x\n3,y\n'
    assert [row["A"] for row in rows_of(data)] == ["1", "2", "3"]


def test_doubled_and_missing_headers_stay_apart() -> None:
    assert sniff(b"Mail,Mail,,Mail\n1,2,3,4").headers == ("Mail", "Mail (2)", "#3", "Mail (3)")


def test_zero_bytes_and_huge_cells_do_no_harm() -> None:
    data = b"A,B\nx\x00y," + b"z" * 300_000
    assert rows_of(data) == [{"A": "xy", "B": "z" * 300_000}]


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"%PDF-1.7", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"]
)
def test_what_is_no_list_is_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        sniff(data, "letter.pdf")
    assert str(refusal.value)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        shape = sniff(data)
    except UnreadableFile:
        return
    assert len(list(read_rows(data, shape))) == shape.row_count


def test_workbook_cells_become_plain_text() -> None:
    data = workbook_of(
        ["Firma", "PLZ", "Betrag", "Anteil", "Datum", "Ja"],
        ["Müller", 1067.0, 38000.5, 12.345, datetime(2026, 11, 21, 11, 45), True],
        [],
        ["東京商事", "0001", 7, 0.1, date(2026, 11, 20), False],
    )
    shape = sniff(data, "leads.xlsx")
    assert (shape.kind, shape.sheet, shape.row_count) == (FileKind.WORKBOOK, "Leads", 2)
    first, second = read_rows(data, shape)
    assert list(first.values.values()) == ["Müller", "1067", "38000.5", "12.3450", "2026-11-21 11:45:00", "true"]
    assert list(second.values.values())[:2] == ["東京商事", "0001"]
    assert second.values["Datum"].startswith("2026-11-20")
    assert [first.line_no, second.line_no] == [2, 4]


def test_a_workbook_that_unfolds_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_UNPACKED_BYTES", 100_000)
    bomb = workbook_with(workbook_of(["A", "B"], [1, 2]), "xl/theme/theme1.xml", b"0" * 5_000_000)
    with pytest.raises(UnreadableFile, match="unpacks to more"):
        sniff(bomb)


def test_a_cell_in_the_far_corner_is_refused() -> None:
    sheet = b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    with pytest.raises(UnreadableFile, match="unpacks to more"):
        sniff(workbook_with(workbook_of(["A", "B"]), "xl/worksheets/sheet1.xml", sheet))


def test_cells_without_a_place_are_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_MAX_CELLS", 1_000)
    sheet = b"<worksheet><sheetData><row>" + b"<c/>" * 1_001 + b"</row></sheetData></worksheet>"
    with pytest.raises(UnreadableFile, match="unpacks to more"):
        sniff(workbook_with(workbook_of(["A", "B"]), "xl/worksheets/sheet1.xml", sheet))


def test_a_long_text_that_every_cell_names_is_refused() -> None:
    rows = "".join(f'<row r="{line}"><c r="A{line}" t="s"><v>1</v></c></row>' for line in range(1, 2_001))
    sheet = f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()
    data = workbook_with(workbook_of(["A", "x"]), "xl/worksheets/sheet1.xml", sheet)
    texts = b"<sst><si><t>A</t></si><si><t>" + b"x" * 200_000 + b"</t></si></sst>"
    with pytest.raises(UnreadableFile, match="unpacks to more"):
        sniff(workbook_with(data, "xl/sharedStrings.xml", texts))


def test_many_cells_may_share_short_texts() -> None:
    rows = [["Firma", "Land"], *[[f"Firma {line} GmbH", "Deutschland"] for line in range(3_000)]]
    assert sniff(workbook_of(*rows)).row_count == 3_000


@pytest.mark.parametrize("language", ["en", "de", "ja"])
def test_written_csv_opens_in_excel_and_comes_back(language: str) -> None:
    rows = [["Firma", "Betrag"], ["Müller; Söhne, ㈱", "1"], ["zwei\nZeilen", "2"]]
    data = write_csv(rows, language)
    assert data.startswith(b"\xef\xbb\xbf")
    assert sniff(data).delimiter == (";" if language == "de" else ",")
    assert [list(row.values()) for row in rows_of(data)] == rows[1:]


@pytest.mark.parametrize("cell", ["=1+1", "+49 30 1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1"])
def test_no_cell_runs_as_a_formula_and_the_guard_comes_off_again(cell: str) -> None:
    data = write_csv([["A", "B"], [cell, -5]])
    assert f"'{cell}" in data.decode("utf-8-sig")
    assert rows_of(data) == [{"A": cell, "B": "-5"}]
    assert rows_of(write_xlsx([["A", "B"], [cell, -5]])) == [{"A": cell, "B": "-5"}]


def test_written_workbook_keeps_text_numbers_and_dates() -> None:
    rows = [["A", "B", "C", "D"], ["=1+1", 1.5, datetime(2026, 11, 21, 9, 0), None]]
    assert rows_of(write_xlsx(rows)) == [{"A": "=1+1", "B": "1.5", "C": "2026-11-21 09:00:00", "D": ""}]
