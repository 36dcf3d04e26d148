"""Tables that councils send: what is read, in which rows, and what is refused in which words."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from mapsvc.errors import FileRefused
from mapsvc.ingest.rows import Cell
from mapsvc.ingest.sandbox.parent import REFERENCE, UPLOAD, Profile, read_sheets
from tests.support.workbook_files import HEADINGS, ods, text_row, xlsx, zipped

Rows = list[tuple[int, list[Cell]]]

SCHEDULE = "Street,Town,Start\nMain Street,Ashby,2026-04-07\nHigh Street,Oakham,2026-04-08\n"


class Read:
    """All that one file held: its first sheet, and the names of all."""

    def __init__(self, content: bytes, path: Path, profile: Profile, raw: bool) -> None:
        path.write_bytes(content)
        self.sheets = []
        for sheet in read_sheets(path, profile=profile, raw=raw):
            self.sheets.append((sheet, [(row.number, list(row.cells)) for row in sheet.rows]))
        sheet, self.rows = self.sheets[0]
        self.headings = sheet.headings
        self.notes = sheet.notes
        self.problems = sheet.problems


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Read]:
    def read_content(
        content: bytes | str, name: str = "rounds.csv", profile: Profile = UPLOAD, raw: bool = False
    ) -> Read:
        data = content.encode() if isinstance(content, str) else content
        return Read(data, tmp_path / name, profile, raw)

    return read_content


@pytest.fixture
def refusal(read: Callable[..., Read]) -> Callable[..., str]:
    """The sentence with which a file is refused; none comes for want of time."""

    def sentence(content: bytes | str, name: str = "rounds.csv", **options: Any) -> str:
        with pytest.raises(FileRefused) as refused:
            read(content, name, **options)
        assert "could not be read within" not in str(refused.value)
        assert str(refused.value).count("\n") == 0
        assert name in str(refused.value)
        return str(refused.value)

    return sentence


def workbook(fill: Callable[[Any], None]) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    memory = io.BytesIO()
    book.save(memory)
    return memory.getvalue()


# --- delimited text -----------------------------------------------------------------------

TWO_ROWS: Rows = [
    (2, ["Main Street", "Ashby", "2026-04-07"]),
    (3, ["High Street", "Oakham", "2026-04-08"]),
]


@pytest.mark.parametrize(
    "content",
    [
        SCHEDULE.encode(),
        SCHEDULE.encode("utf-8-sig"),
        SCHEDULE.encode("utf-16"),
        SCHEDULE.encode("utf-16-le"),
        SCHEDULE.encode("utf-16-be"),
        SCHEDULE.replace(",", ";").encode(),
        SCHEDULE.replace(",", "\t").encode(),
        SCHEDULE.replace(",", "|").encode(),
        SCHEDULE.replace(",", "$").encode(),
        SCHEDULE.replace("\n", "\r").encode(),
        SCHEDULE.replace("\n", "\r\n").encode(),
        ("sep=;\n" + SCHEDULE.replace(",", ";")).encode(),
        SCHEDULE.replace("Ashby", '"Ashby"').encode(),
        SCHEDULE.replace("Ashby", " Ashby\xa0").encode(),
        SCHEDULE.replace("Ashby", "Ash\x00by").encode(),
        SCHEDULE.rstrip().encode(),
        (SCHEDULE + "\n\n\n").encode(),
        SCHEDULE.replace("\n", ",,\n").encode(),
    ],
)
def test_the_same_table_is_read_however_it_was_saved(
    read: Callable[..., Read], content: bytes
) -> None:
    table = read(content, "rounds.xlsx")

    assert table.headings[:3] == ("Street", "Town", "Start")
    assert [(number, cells[:3]) for number, cells in table.rows] == TWO_ROWS
    assert not table.problems


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("Street,Town\nCreggan’s Lane,Trêfór\n".encode("cp1252"), "Creggan’s Lane"),
        ("Street,Town\nCreggan’s Lane,Trêfór\n".encode(), "Creggan’s Lane"),
        (
            "Street,Town\nHeol Tŷ,Trêfór\nCafé Row,Ashby\n".encode().replace(b"\xc3\xa9", b"\xe9"),
            "Heol Tŷ",
        ),
    ],
)
def test_letters_beyond_ascii_survive_whatever_their_encoding(
    read: Callable[..., Read], content: bytes, name: str
) -> None:
    table = read(content)

    assert table.rows[0][1] == [name, "Trêfór"]
    assert all("�" not in str(cells) for _, cells in table.rows)


def test_windows_text_is_said_to_be_read_as_such(read: Callable[..., Read]) -> None:
    assert read("Street,Town\nCafé Row,Ashby\n".encode("cp1252")).notes == [
        "Read as Windows text (cp1252), as it is not UTF-8."
    ]


def test_row_numbers_are_those_of_the_spreadsheet(read: Callable[..., Read]) -> None:
    """A cell with line breaks is one row there, and a blank line is one too."""
    table = read('Street,Note\n"Main\nStreet","a\r\nb\rc"\n\nHigh Street,d\n')

    assert table.rows == [(2, ["Main\nStreet", "a\r\nb\rc"]), (4, ["High Street", "d"])]


def test_titles_and_blank_rows_above_the_headings_are_left_out(read: Callable[..., Read]) -> None:
    table = read("Grass cutting 2026,,\nIssued 1 March,,\n\nStreet,Town,Start\nA Street,B,\n")

    assert table.headings == ("Street", "Town", "Start")
    assert table.rows == [(5, ["A Street", "B", None])]
    assert table.notes == ["Left out 2 rows above the headings."]


def test_a_table_without_headings_begins_with_its_first_row(read: Callable[..., Read]) -> None:
    table = read("Ash Grove,A,2,1\nBirch Close,B,3,1\n")

    assert table.headings == ()
    assert table.rows[0] == (1, ["Ash Grove", "A", "2", "1"])


def test_headings_that_nobody_knows_are_still_headings(read: Callable[..., Read]) -> None:
    assert read("Foo,Bar,Baz\nAsh Grove,x,1\n").headings == ("Foo", "Bar", "Baz")


def test_headings_that_are_blank_or_twice_there_are_named_by_column(
    read: Callable[..., Read],
) -> None:
    table = read("Street,Start,,Start\nMain Street,1 May,x,2 May\n")

    assert table.headings == ("Street", "Start", "", "Start")
    assert table.notes == [
        "Column C has no heading.",
        "The heading 'Start' stands over columns B and D.",
    ]


def test_a_row_with_a_comma_too_many_is_left_out_and_named(read: Callable[..., Read]) -> None:
    table = read("Street,Town,Start\nGreen, The,Ashby,1 May\nMain Street,Ashby,1 May\n")

    assert [number for number, _ in table.rows] == [3]
    (problem,) = table.problems
    assert (problem.kind, problem.row) == ("too_many_cells", 2)
    assert problem.sentence == (
        "This row has 4 cells under 3 headings, so it was left out. Put text that contains the "
        "separator into quotation marks."
    )


def test_raw_reading_takes_no_row_for_headings(read: Callable[..., Read]) -> None:
    table = read("Street,Town\n11,a,b,c\n", raw=True)

    assert table.headings == ()
    assert table.rows == [(1, ["Street", "Town"]), (2, ["11", "a", "b", "c"])]


def test_a_first_heading_in_brackets_does_not_make_it_json(read: Callable[..., Read]) -> None:
    assert read("[index]$street$town\n1$A$B\n").headings == ("[index]", "street", "town")


def test_dates_may_head_columns(read: Callable[..., Read]) -> None:
    table = read("Street,Village,Round,07/04/2026,04/05/2026\nA,B,1,x,\n")

    assert table.headings == ("Street", "Village", "Round", "07/04/2026", "04/05/2026")


def test_decimal_commas_do_not_make_columns(read: Callable[..., Read]) -> None:
    assert read("Street;Area\nMain;1,5\nHigh;2,5\n").headings == ("Street", "Area")


PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (PICTURE, "is a picture (PNG), not a table or a map layer."),
        (b"\xff\xd8\xff\xe0" + bytes(400), "is a picture (JPEG), not a table or a map layer."),
        (b"%PDF-1.7\n1 0 obj", "is a PDF document, not a table or a map layer."),
        (b"<!DOCTYPE html><html><body>Sign in", "is a web page, perhaps a log-in or error page"),
        (b"\n <html lang='en'><p>404", "is a web page, perhaps a log-in or error page"),
        (b'{"streets": [1, 2]}', "is JSON, but not GeoJSON."),
        (b"[1, 2]", "is JSON, but not GeoJSON."),
        (
            (
                b"<OGRVRTDataSource><OGRVRTLayer name='passwd'><SrcDataSource>/etc/passwd"
                b"</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
            ),
            "holds no data: it is a GDAL file that points to data elsewhere.",
        ),
        (b"<feed><entry/></feed>", "is XML of a kind that is not read here (<feed>)."),
        (b"\x1f\x8b\x08\x00" + bytes(40), "is compressed (gzip). Unpack it"),
        (b"\x00\x01\x02\x03" * 100, "is not text, so it cannot be read as a table."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "is a document, not a spread"),
        (zipped({"a.csv": b"Street\n"}), "is a ZIP archive, not a table. Unpack it"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "is protected by a password. Save it without one and try again.",
        ),
        (zipped({"readme.md": b"x"}), "is a ZIP archive, not a table. Unpack it"),
        (zipped({"word/document.xml": b"<x/>"}), "is a document, not a spreadsheet."),
        (b"PK\x03\x04" + bytes(50), "is damaged or incomplete and cannot be unpacked"),
        (SCHEDULE.encode() + b'"Church Street,Ashby', "row 4 opens a quotation mark"),
        (b'Street,Town\n"Main,Ashby\n' + b"High,Oakham\n" * 200, "row 2 opens a quotation mark"),
        (b"\n\n\n", "has no rows. Check that you saved the sheet"),
        (b",,,\n,,,\n", "has no rows. Check that you saved the sheet"),
        (b"a,b\n" + b"1,2\n" * 25_000, "has more than 20,000 rows. Split it into smaller files."),
        (b"a," * 300 + b"b\n" + b"1," * 300 + b"2\n", "has 301 columns in row 1, and at most 200"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(
    refusal: Callable[..., str], content: bytes, sentence: str
) -> None:
    assert sentence in refusal(content)


# --- workbooks ----------------------------------------------------------------------------


def test_workbook_cells_have_their_types(read: Callable[..., Read]) -> None:
    def fill(book: Any) -> None:
        book.active.append(["Street", "USRN", "Start", "Area", "Tracked", "Note"])
        book.active.append(
            ["Main Street", 10000001, datetime(2026, 4, 7, 8), 1.5, True, "  w/c 3 June "]
        )

    table = read(workbook(fill), "rounds.xlsx")

    assert table.rows == [(2, ["Main Street", 10000001, date(2026, 4, 7), 1.5, True, "w/c 3 June"])]


def test_dates_of_the_1904_calendar_are_the_same_days(read: Callable[..., Read]) -> None:
    def fill(book: Any) -> None:
        book.epoch = CALENDAR_MAC_1904
        book.active.append(["Street", "Start"])
        book.active.append(["Main Street", date(2026, 4, 7)])

    assert read(workbook(fill), "rounds.xlsx").rows[0][1][1] == date(2026, 4, 7)


def test_hidden_rows_and_columns_are_read_and_said(read: Callable[..., Read]) -> None:
    def fill(book: Any) -> None:
        for row in (["Street", "Start", "Note"], ["A", "1 May", "x"], ["B", "2 May", "y"]):
            book.active.append(row)
        book.active.row_dimensions[3].hidden = True
        book.active.column_dimensions["C"].hidden = True

    table = read(workbook(fill), "rounds.xlsx")

    assert [number for number, _ in table.rows] == [2, 3]
    assert table.notes == ["1 hidden row was read too.", "1 hidden column was read too."]


def test_hidden_and_empty_sheets_are_not_read_and_the_hidden_is_said(
    read: Callable[..., Read],
) -> None:
    def fill(book: Any) -> None:
        book.active.append(["Street", "Start"])
        book.active.append(["A", "1 May"])
        book.create_sheet("Empty")
        lists = book.create_sheet("Lists")
        lists.append(["Street", "Start"])
        lists.sheet_state = "hidden"
        second = book.create_sheet("South")
        second.append(["Street", "Start"])
        second.append(["B", "2 May"])

    table = read(workbook(fill), "rounds.xlsx")

    assert [sheet.name for sheet, _ in table.sheets] == ["Sheet", "South"]
    assert table.notes == ["The hidden sheet 'Lists' was not read."]


def test_a_merged_cell_counts_for_all_its_rows_and_a_merged_title_for_none(
    read: Callable[..., Read],
) -> None:
    def fill(book: Any) -> None:
        for row in (
            ["Grass cutting 2026"],
            ["Village", "Street", "Cut 1", "Cut 2"],
            ["Ashby", "A Street", "1 May", "1 June"],
            [None, "B Street", "Contact the parish", None],
        ):
            book.active.append(row)
        for cells in ("A1:D1", "A3:A4", "C4:D4"):
            book.active.merge_cells(cells)

    table = read(workbook(fill), "rounds.xlsx")

    assert table.headings == ("Village", "Street", "Cut 1", "Cut 2")
    assert table.rows[1] == (4, ["Ashby", "B Street", "Contact the parish", "Contact the parish"])


def test_a_formula_without_a_value_is_a_problem_of_its_cell(read: Callable[..., Read]) -> None:
    def fill(book: Any) -> None:
        book.active.append(["Street", "Start"])
        book.active.append(["A", "=TODAY()"])

    table = read(workbook(fill), "rounds.xlsx")

    (problem,) = table.problems
    assert (problem.kind, problem.row, problem.column) == ("formula_without_value", 2, "B")
    assert problem.sentence.startswith("Cell B2 holds a formula that was never calculated")
    assert table.rows == [(2, ["A", None])]


def test_error_cells_are_empty(read: Callable[..., Read]) -> None:
    sheet = HEADINGS + (
        '<row r="2"><c r="A2" t="inlineStr"><is><t>A</t></is></c>'
        '<c r="B2" t="e"><v>#N/A</v></c></row>'
    )

    assert read(xlsx(sheet), "rounds.xlsx").rows == [(2, ["A", None])]


def test_headings_in_two_rows_are_put_together(read: Callable[..., Read]) -> None:
    def fill(book: Any) -> None:
        for row in (
            ["Street", "Cut 1", None, "Cut 2", None],
            [None, "Start", "End", "Start", "End"],
            ["A Street", "1 May", "5 May", "1 June", "5 June"],
        ):
            book.active.append(row)
        for cells in ("A1:A2", "B1:C1", "D1:E1"):
            book.active.merge_cells(cells)

    table = read(workbook(fill), "rounds.xlsx")

    assert table.headings == ("Street", "Cut 1 Start", "Cut 1 End", "Cut 2 Start", "Cut 2 End")
    assert [number for number, _ in table.rows] == [3]


def test_an_open_document_sheet_is_read_with_its_dates(read: Callable[..., Read]) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = (
        f"<table:table-row>{cell.format('Street')}{cell.format('Start')}</table:table-row>"
        f"<table:table-row>{cell.format('A')}"
        '<table:table-cell office:value-type="date" office:date-value="2026-04-07"/>'
        "</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )

    assert read(ods(rows), "rounds.ods").rows == [(2, ["A", date(2026, 4, 7)])]


def test_a_million_empty_rows_are_no_rows(read: Callable[..., Read]) -> None:
    empty = "".join(f'<row r="{number}"/>' for number in range(3, 1_000_000))

    table = read(xlsx(HEADINGS + text_row(2, "A", "1 May") + empty), "rounds.xlsx")

    assert table.rows == [(2, ["A", "1 May"])]


def bomb(entries: dict[str, int]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, megabytes in entries.items():
            with archive.open(name, "w") as file:
                for _ in range(megabytes):
                    file.write(bytes(1_000_000))
    return memory.getvalue()


def lying(content: bytes, size: int) -> bytes:
    """A ZIP file whose directory says that its last entry is `size` bytes long."""
    at = content.rindex(b"PK\x01\x02")
    return content[: at + 24] + size.to_bytes(4, "little") + content[at + 28 :]


CELL_FAR_AWAY = text_row(2, "A", "1 May") + (
    '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
)
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{"&a" + str(n - 1) + ";" if n else "&a;"}">' for n in range(5))
    + "]>"
)
ODS_FAR_AWAY = (
    '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
    'office:value-type="string" table:number-columns-repeated="16384"><text:p>x</text:p>'
    "</table:table-cell></table:table-row>"
)


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (
            xlsx(HEADINGS + CELL_FAR_AWAY),
            "rounds.xlsx",
            (
                "Sheet Rounds of rounds.xlsx has something in cell XFD1048576, and at most 20,000 "
                "rows and 200 columns are read."
            ),
        ),
        (ods(ODS_FAR_AWAY), "rounds.ods", "has something in cell XFD1048576"),
        (xlsx(HEADINGS, head=ENTITIES), "rounds.xlsx", "defines XML entities (a DOCTYPE)"),
        (xlsx(HEADINGS, extra={"../evil.xml": b""}), "rounds.xlsx", "a path that leads outside"),
        (xlsx(HEADINGS, extra={"/etc/x": b""}), "rounds.xlsx", "a path that leads outside"),
        (zipped({f"{n}.csv": b"" for n in range(20_000)}), "rounds.zip", "holds 20,000 files"),
        (xlsx("")[:-200], "rounds.xlsx", "is damaged or incomplete and cannot be unpacked"),
        (xlsx("<row><c"), "rounds.xlsx", "is damaged in line 1"),
        (xlsx(""), "rounds.xlsx", "has no rows. Check that you saved"),
        (
            lying(xlsx(HEADINGS), 7),
            "rounds.xlsx",
            "is damaged or incomplete and cannot be unpacked",
        ),
        (zipped({"xl/workbook.xml": b"<workbook/>"}), "rounds.xlsx", ""),
    ],
)
def test_a_workbook_with_a_trap_is_refused_in_one_sentence(
    refusal: Callable[..., str], content: bytes, name: str, sentence: str
) -> None:
    assert sentence in refusal(content, name)


def test_bombs_are_refused_before_they_are_unpacked(refusal: Callable[..., str]) -> None:
    sheets = bomb({"xl/workbook.xml": 1, "xl/worksheets/sheet1.xml": 150})

    assert "packed so tightly" in refusal(sheets, "rounds.xlsx")


def test_a_link_in_an_archive_is_refused(refusal: Callable[..., str]) -> None:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        link = zipfile.ZipInfo("streets.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")

    assert "holds a shortcut in place of a file" in refusal(memory.getvalue(), "rounds.zip")


def test_archive_entries_that_share_their_bytes_are_refused(refusal: Callable[..., str]) -> None:
    """The directory's second entry is made to point to the first one's bytes."""
    content = bytearray(zipped({"a.csv": b"Street\nA\n", "b.csv": b"Street\nB\n"}))
    second = content.rindex(b"PK\x01\x02")
    content[second + 42 : second + 46] = bytes(4)

    assert "is damaged or incomplete" in refusal(bytes(content), "rounds.zip")


def test_one_enormous_cell_ends_in_a_sentence(refusal: Callable[..., str]) -> None:
    """The reference profile knows no ratio: there the address space is the limit."""
    memory = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx(HEADINGS))) as old,
        zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        for name in old.namelist():
            before, *after = old.read(name).split(b"Street")
            with archive.open(name, "w", force_zip64=True) as file:
                file.write(before)
                for rest in after:
                    for _ in range(400):
                        file.write(b"x" * 1_000_000)
                    file.write(rest)

    assert "asked for more memory" in refusal(
        memory.getvalue(), "rounds.xlsx", profile=replace(REFERENCE, address_space=400_000_000)
    )


def test_a_zip_of_tables_gives_a_sheet_for_each(read: Callable[..., Read]) -> None:
    table = read(
        zipped({"b.csv": b"Street,Town\nB,b\n", "a.csv": b"Street,Town\nA,a\n"}), "all.zip"
    )

    assert [(sheet.name, rows[0][1][0]) for sheet, rows in table.sheets] == [("a", "A"), ("b", "B")]


def test_sheets_of_a_zip_have_names_of_their_own(read: Callable[..., Read]) -> None:
    csv, workbook = b"Street,Town\nA,a\n", xlsx(HEADINGS + text_row(2, "A", "1 May"))
    parts = {"north/r.csv": csv, "south/r.csv": csv, "x.xlsx": workbook, "y.xlsx": workbook}

    names = [sheet.name for sheet, _ in read(zipped(parts), "all.zip").sheets]

    assert names == ["north/r", "south/r", "x, Rounds", "y, Rounds"]


def test_a_workbook_under_another_name_is_read_for_what_it_is(read: Callable[..., Read]) -> None:
    assert read(xlsx(HEADINGS + text_row(2, "A", "1 May")), "rounds.csv").rows == [
        (2, ["A", "1 May"])
    ]


def test_twenty_thousand_rows_are_all_read(read: Callable[..., Read]) -> None:
    rows = "".join(f"{number},Main Street,Ashby,2026-04-07\n" for number in range(20_000))

    table = read("USRN,Street,Town,Start\n" + rows)

    assert len(table.rows) == 20_000


# --- real files ---------------------------------------------------------------------------

REAL = {
    ("council_csv_uploads", "ems-dcounts-districts.csv"): 19,
    ("council_csv_uploads", "ems-dcounts-stations.csv"): 19,
    ("council_csv_uploads", "ems-idox-eros.csv"): 9,
    ("council_csv_uploads", "ems-xpress-dc.csv"): 9,
    ("council_csv_uploads", "ems-xpress-weblookup.CSV"): 9,
    ("council_csv_uploads", "stations_27700.csv"): 3,
    ("council_csv_uploads", "stations_4326.csv"): 3,
    ("council_csv_uploads", "teignbridge_2019.csv"): 90,
    ("council_gis_uploads", "north_kesteven_brownfield.csv"): 2,
    ("council_gis_uploads", "sheet.xlsx"): 8,
    ("giessen_rounds", "Straßenverzeichnis_2014.csv"): 777,
    ("giessen_rounds", "Straßenverzeichnis_2014.xlsx"): 777,
    ("giessen_rounds", "monday.csv"): 365,
    ("giessen_rounds", "monday.ods"): 365,
    ("chicago_sweeping", "Street_Sweeping_Schedule_-_2024.csv"): 4223,
    ("chicago_sweeping", "Street_Sweeping_Schedule_-_2025.csv"): 4246,
    ("dtf73_bs7666", "custodian_codes_CR_only.csv"): 380,
    ("isle_of_man", "named-highways.csv"): 6148,
}


@pytest.mark.parametrize(("place", "rows"), REAL.items(), ids=lambda value: str(value))
def test_real_tables_are_read_whole(
    shared_data: Callable[[str], Path], place: tuple[str, str], rows: int
) -> None:
    folder, name = place

    (sheet,) = read_sheets(shared_data(folder) / name)
    count = len(list(sheet.rows))

    assert count == rows
    assert not sheet.problems
