"""Workbooks that are built to harm, or broken by accident: each is refused with a code, quickly and in little room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from services.errors import UnreadableFile
from services.workbook.spreadsheetml import CellWrite, patch_workbook, read_sheets
from services.workbook.spreadsheetml.markup import LONGEST_TOKEN, MAX_ELEMENTS, parse_tree

Make = Callable[..., Path]
Xml = Callable[..., str]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_sheets(path)
    return caught.value.code


def test_a_tag_that_never_ends_is_given_up_on(make: Make, sheet_xml: Xml) -> None:
    noise = "".join(f"{n:07x}" for n in range(LONGEST_TOKEN // 3))
    assert refusal(make(sheet_xml(f'<row r="1" x="{noise}"/>'))) == "too-large"


@pytest.mark.parametrize("number", ["1_000", "١٢", "0x10", "1e400", "NaN", "-Infinity", "hello", "9" * 5000])
def test_what_excel_takes_for_no_number_is_not_read_as_one(make: Make, sheet_xml: Xml, number: str) -> None:
    assert refusal(make(sheet_xml(f'<row r="1"><c r="A1"><v>{number}</v></c></row>'))) == "damaged"


def test_booleans_are_read_in_each_spelling_and_nothing_else_is_one(make: Make, sheet_xml: Xml) -> None:
    cells = "".join(f'<c t="b"><v>{text}</v></c>' for text in ("1", "0", "true", "false", "TRUE", " 1 "))
    (sheet,) = read_sheets(make(sheet_xml(f'<row r="1">{cells}</row>')))
    assert [list(row) for row in sheet.grid.rows()] == [[True, False, True, False, True, True]]
    for text in ("2", "yes"):
        assert refusal(make(sheet_xml(f'<row r="1"><c t="b"><v>{text}</v></c></row>'))) == "damaged"


@pytest.mark.parametrize("odd", ["²", "-1", "x", "9" * 5000, ""])
def test_odd_numbers_in_attributes_are_no_fault_of_ours(make: Make, sheet_xml: Xml, odd: str) -> None:
    path = make(
        sheet_xml(
            f'<row r="1" s="{odd}" customFormat="1"><c r="A1" s="{odd}"><v>1</v></c></row>',
            f'<cols><col min="{odd}" max="3" style="{odd}"/><col min="1" max="{odd}" style="1"/></cols>',
            f'<mergeCells count="{odd}"><mergeCell ref="A1:²{odd}"/></mergeCells>',
        ),
        styles=f'<numFmts count="{odd}"><numFmt numFmtId="{odd}" formatCode="0"/></numFmts><cellXfs count="{odd}">'
        f'<xf numFmtId="{odd}"/></cellXfs>',
        strings=f'<sst xmlns="{MAIN}" count="{odd}" uniqueCount="{odd}"><si><t>a</t></si></sst>',
    )
    out = path.with_name("out.xlsx")
    patch_workbook(path, out, {"S1": [CellWrite(1, 1, 2, "0.00"), CellWrite(1, 4, "b"), CellWrite(5, 2, 3, "0.0")]})
    (sheet,) = read_sheets(out)
    assert list(next(sheet.grid.rows())) == [2, None, None, "b"]
    assert (sheet.grid.format_at(0, 0), sheet.grid.format_at(4, 1)) == ("0.00", "0.0")


@pytest.mark.parametrize("odd", ["²", "-1", "x", "99"])
def test_a_table_of_odd_headings_is_damaged(make: Make, sheet_xml: Xml, odd: str) -> None:
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="t" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/table" Target="/xl/t.xml"/>'
        "</Relationships>"
    )
    extra = {
        "xl/worksheets/_rels/sheet1.xml.rels": rels,
        "xl/t.xml": f'<table xmlns="{MAIN}" ref="A1:B2" headerRowCount="{odd}"/>',
    }
    assert refusal(make(sheet_xml('<row r="1"><c><v>1</v></c></row>'), extra=extra)) == "damaged"


def test_more_column_definitions_than_columns_are_damage(make: Make, sheet_xml: Xml) -> None:
    columns = '<col min="1" max="16384" style="1"/>' * 16_385
    assert refusal(make(sheet_xml("", f"<cols>{columns}</cols>"))) == "damaged"


def test_a_small_part_of_very_many_elements_is_too_large() -> None:
    with pytest.raises(UnreadableFile) as caught:
        parse_tree("book.xlsx", "xl/styles.xml", b"<a>" + b"<b/>" * MAX_ELEMENTS + b"</a>")
    assert caught.value.code == "too-large"


@pytest.mark.parametrize("second", ['name="S1" r:id="rId2"', 'name="S9" r:id="rId1"'])
def test_two_sheets_of_one_title_or_in_one_part_are_damage(make: Make, sheet_xml: Xml, second: str) -> None:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sheets = f'<sheets><sheet name="S1" sheetId="1" r:id="rId1"/><sheet {second} sheetId="2"/></sheets>'
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{office}">{sheets}</workbook>'
    assert refusal(make(sheet_xml(""), sheet_xml(""), extra={"xl/workbook.xml": book})) == "damaged"
