"""Reading small worksheets of every shape that the standard, and those who bend it, allow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from services.errors import NotFound, UnreadableFile
from services.workbook.grid import FORMULA, LOCKED, MERGED, RICH, CellError, DateSerial, Grid, TableArea
from services.workbook.spreadsheetml import read_sheets, sheet_names

Make = Callable[..., Path]
Xml = Callable[..., str]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STYLES = (
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="[$-804]yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/>'
    '<numFmt numFmtId="165" formatCode="0.0&quot; days&quot;"/></numFmts><cellXfs count="5"><xf numFmtId="0"/>'
    '<xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/>'
    '<xf numFmtId="0"><protection locked="0"/></xf></cellXfs>'
)


def grid_of(path: Path) -> Grid:
    return read_sheets(path)[0].grid


def masks(grid: Grid, bit: int) -> list[str]:
    cells = [(row, column) for row in range(grid.row_count) for column in range(grid.column_count)]
    return [grid.address_of(*cell) for cell in cells if grid.mask_at(*cell) & bit]


def test_every_type_of_cell_becomes_its_own_kind_of_scalar(make: Make, sheet_xml: Xml) -> None:
    rows = (
        '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="inlineStr"><is><t>in</t></is></c>'
        '<c r="C1" t="str"><f>"a"</f><v>cached</v></c><c r="D1" t="b"><v>1</v></c><c r="E1" t="e"><v>#N/A</v></c>'
        '<c r="F1"><v>5</v></c><c r="G1"><v>5.50</v></c><c r="H1" s="1"><v>43831.25</v></c>'
        '<c r="I1" t="d"><v>2020-01-02T12:00:00</v></c><c r="J1"><v>1E-3</v></c>'
        '<c r="K1"><v>12345678901234567890</v></c>'
        "</row>"
    )
    strings = f'<sst xmlns="{MAIN}"><si><t>no</t></si><si><t>shared</t></si></sst>'
    grid = grid_of(make(sheet_xml(rows), styles=STYLES, strings=strings))
    values = next(grid.rows())
    expected = (
        "shared", "in", "cached", True, CellError("#N/A"), 5, 5.5, DateSerial(43831.25), DateSerial(43832.5), 0.001,
        12345678901234567000.0,
    )  # fmt: skip
    assert values == expected
    assert [type(value) for value in values] == [type(value) for value in expected]


def test_a_number_is_a_date_only_where_its_format_shows_one(make: Make, sheet_xml: Xml) -> None:
    rows = "".join(f'<row r="{n + 1}"><c r="A{n + 1}" s="{n}"><v>3</v></c></row>' for n in range(4))
    grid = grid_of(make(sheet_xml(rows), styles=STYLES))
    assert [type(value) for value in grid.columns[0]] == [int, DateSerial, DateSerial, int]
    assert [grid.format_at(row, 0) for row in range(4)] == [
        "General",
        "mm-dd-yy",
        '[$-804]yyyy"年"m"月"d"日"',
        '0.0" days"',
    ]


def test_rows_and_cells_without_references_count_on(make: Make, sheet_xml: Xml) -> None:
    rows = '<row><c><v>1</v></c><c><v>2</v></c></row><row r="4"><c r="B4"><v>3</v></c><c><v>4</v></c></row>'
    rows += "<row><c><v>5</v></c></row>"
    grid = grid_of(make(sheet_xml(rows)))
    assert list(grid.rows()) == [(1, 2, None), (None,) * 3, (None,) * 3, (None, 3, 4), (5, None, None)]


def test_the_stated_dimension_is_not_believed(make: Make, sheet_xml: Xml) -> None:
    xml = sheet_xml('<row r="3"><c r="C3"><v>1</v></c><c r="D3"><v>2</v></c></row>', '<dimension ref="A1:XFD1048576"/>')
    grid = grid_of(make(xml))
    assert (grid.first_row, grid.first_column, list(grid.rows())) == (3, 3, [(1, 2)])


def test_prefixed_names_are_read(make: Make) -> None:
    xml = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>7</x:v></x:c></x:row>'
    xml += "</x:sheetData></x:worksheet>"
    assert grid_of(make(xml)).columns == ([7],)


def test_utf_16_sheets_are_read(make: Make, sheet_xml: Xml) -> None:
    xml = '<?xml version="1.0" encoding="UTF-16"?>' + sheet_xml(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>客户</t></is></c></row>'
    )
    assert grid_of(make(xml.encode("utf-16"))).columns == (["客户"],)


def test_strict_files_are_read(make: Make) -> None:
    main, office = (
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    )
    xml = f'<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A1" s="1"><v>1</v></c></row></sheetData></worksheet>'
    grid = grid_of(make(xml, main=main, office=office, styles=STYLES))
    assert grid.columns == ([DateSerial(1)],)


def test_phonetic_text_is_left_out_and_escapes_are_decoded(make: Make, sheet_xml: Xml) -> None:
    strings = (
        f'<sst xmlns="{MAIN}"><si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si>'
        "<si><t>a_x000D_b_x005F_x0041_</t></si><si><r><rPr><b/></rPr><t>bo</t></r><r><t>ld</t></r></si></sst>"
    )
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>'
    grid = grid_of(make(sheet_xml(rows), strings=strings))
    assert list(grid.rows()) == [("東京", "a\rb_x0041_", "bold")]
    assert masks(grid, RICH) == ["C1"]


def test_the_1904_system_is_told(make: Make, sheet_xml: Xml) -> None:
    xml = sheet_xml('<row r="1"><c r="A1" t="d"><v>1904-01-02</v></c></row>')
    grid = grid_of(make(xml, workbook='<workbookPr date1904="1"/>'))
    assert (grid.date_system, grid.columns) == (1904, ([DateSerial(1)],))


def test_formulas_arrays_and_data_tables_are_masked_whole(make: Make, sheet_xml: Xml) -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1</f><v>1</v></c>'
        '<c r="B1"><f t="array" ref="B1:B2">x</f>'
        '<v>1</v></c><c r="C1"><v>1</v></c><c r="D1"><f t="dataTable" ref="D1:D2" r1="A1"/><v>1</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>1</v></c><c r="B2"><v>1</v></c><c r="C2"><v>1</v></c>'
        '<c r="D2"><v>1</v></c></row>'
    )
    assert masks(grid_of(make(sheet_xml(rows))), FORMULA) == ["A1", "B1", "D1", "A2", "B2", "D2"]


def test_a_merge_covers_all_but_its_first_cell(make: Make, sheet_xml: Xml) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="B{n}"/><c r="C{n}"><v>1</v></c></row>' for n in (1, 2, 3)
    )
    xml = sheet_xml(rows, after='<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>')
    assert masks(grid_of(make(xml)), MERGED) == ["B1", "A2", "B2"]


def test_cells_of_a_protected_sheet_are_locked_unless_their_format_frees_them(make: Make, sheet_xml: Xml) -> None:
    xml = sheet_xml(
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="4"><v>1</v></c></row>'
        '<row r="2"><c r="A2" s="4"/><c r="B2"><v>1</v></c></row>'
        '<row r="3"><c r="A3"><v>1</v></c></row>',
        after='<sheetProtection sheet="1"/>',
    )
    sheet = read_sheets(make(xml, styles=STYLES))[0]
    assert sheet.protected
    assert masks(sheet.grid, LOCKED) == ["A1", "B2", "A3", "B3"]


def test_hidden_rows_and_tables_are_told(make: Make, sheet_xml: Xml) -> None:
    rows = '<row r="2"><c r="B2"><v>1</v></c></row><row r="3" hidden="1"><c r="B3"><v>2</v></c></row>'
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/table" '
        'Target="../tables/table1.xml"/>'
        "</Relationships>"
    )
    table = f'<table xmlns="{MAIN}" id="1" displayName="Sales" ref="B2:C9" totalsRowCount="1"/>'
    path = make(sheet_xml(rows), extra={"xl/worksheets/_rels/sheet1.xml.rels": rels, "xl/tables/table1.xml": table})
    sheet = read_sheets(path)[0]
    assert sheet.grid.hidden_rows == {1}
    assert sheet.tables == (TableArea("Sales", 2, 2, 9, 3, 1, 1),)


def test_only_the_sheets_asked_for_are_read(make: Make, sheet_xml: Xml) -> None:
    path = make(sheet_xml(""), sheet_xml("<row><c><v>1</v></c></row>"))
    assert sheet_names(path) == ["S1", "S2"]
    assert [sheet.title for sheet in read_sheets(path, ["S2"])] == ["S2"]
    with pytest.raises(NotFound) as caught:
        read_sheets(path, ["S3"])
    assert caught.value.code == "sheet-missing"


def test_formatted_but_empty_cells_do_not_widen_the_grid(make: Make, sheet_xml: Xml) -> None:
    xml = sheet_xml(
        '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row><row r="1048576"><c r="A1048576" s="1"/></row>'
    )
    assert grid_of(make(xml, styles=STYLES)).columns == ([1],)


def test_two_cells_at_far_corners_are_refused(make: Make, sheet_xml: Xml) -> None:
    xml = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    with pytest.raises(UnreadableFile) as caught:
        read_sheets(make(xml))
    assert (caught.value.code, caught.value.parameters["sheet"]) == ("sheet-too-large", "S1")


def test_more_cells_than_can_be_held_are_refused(make: Make, sheet_xml: Xml, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.workbook.spreadsheetml.read.MAX_CELLS", 299)
    rows = "<row><c><v>1</v></c><c><v>1</v></c></row>"
    assert grid_of(make(sheet_xml(rows * 149))).row_count == 149
    with pytest.raises(UnreadableFile) as caught:
        read_sheets(make(sheet_xml(rows * 150)))
    assert (caught.value.code, caught.value.parameters["limit"]) == ("sheet-too-large", 299)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"/><row r="1"/>',
        '<row r="1"><c r="B1"/><c r="A1"/></row>',
        '<row r="1"><c r="A2"/></row>',
        '<row r="1"><c r="A1" t="s"><v>9</v></c></row>',
        '<row r="1"><c r="A1"><v>x</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
        '<row r="1"><c r="A1"><v>1E999</v></c></row>',
        '<row r="1">',
    ],
)
def test_a_sheet_that_excel_would_not_open_is_damaged(make: Make, sheet_xml: Xml, rows: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_sheets(make(sheet_xml(rows)))
    assert caught.value.code == "damaged"


def test_document_type_declarations_are_refused(make: Make) -> None:
    xml = f'<!DOCTYPE w [<!ENTITY a "b">]><worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    with pytest.raises(UnreadableFile) as caught:
        read_sheets(make(xml))
    assert caught.value.code == "xml-dtd"
