"""New columns in workbooks: what the sheet part states of rows and columns, how new cells look, and the way back."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.table import Table

from services.errors import DeskhandError
from services.workbook.changes import apply
from services.workbook.files import Source, open_source
from services.workbook.grid import DateSerial, Grid, Scalar
from services.workbook.journal import read_journal
from services.workbook.results import write_session
from services.workbook.spreadsheetml.patch import CellWrite, patch_workbook
from services.workbook.undoing import undo_output
from tests.workbook.filling import changes_beside, fill
from tests.workbook.spreadsheetml.conftest import Make

SHEET = "xl/worksheets/sheet1.xml"
STYLES = (
    "<fonts count='2'><font><sz val='11'/><name val='Calibri'/></font>"
    "<font><u/><sz val='11'/><name val='Calibri'/></font></fonts>"
    "<fills count='1'><fill><patternFill patternType='none'/></fill></fills><borders count='1'><border/></borders>"
    "<cellStyleXfs count='1'><xf numFmtId='0' fontId='0' fillId='0' borderId='0'/></cellStyleXfs>"
    "<cellXfs count='4'><xf numFmtId='0' fontId='0' fillId='0' borderId='0'/>"
    "<xf numFmtId='4' fontId='0' fillId='0' borderId='0' quotePrefix='1'>"
    "<alignment horizontal='right' vertical='top'/></xf>"
    "<xf numFmtId='0' fontId='1' fillId='0' borderId='0' xfId='0'/>"
    "<xf numFmtId='0' fontId='0' fillId='0' borderId='0'><alignment horizontal='center'/></xf></cellXfs>"
    "<cellStyles count='1'><cellStyle name='Normal' xfId='0' builtinId='0'/></cellStyles>"
)


def rows_of(path: Path, part_of, make_part=SHEET) -> str:
    text = part_of(path, make_part)
    return text[text.index("<sheetData") : text.index("</sheetData>")]


def patched(path: Path, *writes: CellWrite, **wishes) -> Path:
    out = path.with_name(f"out-{path.name}")
    patch_workbook(path, out, {"S1": writes}, **wishes)
    return out


def test_new_cells_at_the_end_of_a_row_widen_its_spans_and_the_dimension(make: Make, part_of) -> None:
    xml = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:B3"/>'
        '<sheetData><row r="1" spans="1:2" ht="15"><c r="A1"><v>1</v></c></row><row r="2" spans="1:2"/>'
        '<row r="3" spans="1:2"><c r="A3"><v>3</v></c></row></sheetData></worksheet>'
    )
    out = patched(make(xml), CellWrite(1, 3, 7), CellWrite(2, 3, 8), CellWrite(3, 2, 9), CellWrite(4, 3, 10))
    text = part_of(out, SHEET)
    assert '<dimension ref="A1:C4"/>' in text
    assert text[text.index("<sheetData>") :] == (
        '<sheetData><row r="1" spans="1:3" ht="15"><c r="A1"><v>1</v></c><c r="C1"><v>7</v></c></row>'
        '<row r="2" spans="1:3"><c r="C2"><v>8</v></c></row>'
        '<row r="3" spans="1:2"><c r="A3"><v>3</v></c><c r="B3"><v>9</v></c></row>'
        '<row r="4"><c r="C4"><v>10</v></c></row></sheetData></worksheet>'
    )


def test_a_new_cell_looks_like_the_one_left_of_it_but_for_what_belongs_to_its_value(make: Make, sheet_xml) -> None:
    row = '<row r="1"><c r="A1" s="1"><v>1</v></c></row><row r="2"><c r="A2" s="2" t="str"><v>x</v></c></row>'
    row += '<row r="3"><c r="A3" s="3"><v>1</v></c></row>'
    path = make(sheet_xml(row), styles=STYLES)
    sheet = openpyxl.load_workbook(
        patched(
            path,
            CellWrite(1, 2, "text beside a number"),
            CellWrite(1, 3, 5),
            CellWrite(2, 2, "text beside a link"),
            CellWrite(3, 2, "text beside a centred number"),
        )
    )["S1"]
    text, number, link, centred = sheet["B1"], sheet["C1"], sheet["B2"], sheet["B3"]
    assert (text.number_format, text.alignment.horizontal, text.alignment.vertical) == ("General", None, "top")
    assert not text.quotePrefix
    assert (number.alignment.horizontal, number.number_format) == ("right", "General")
    assert (link.font.u, sheet["A2"].font.u) == (None, "single")
    assert centred.alignment.horizontal == "center"


def test_a_date_that_brings_no_format_gets_one_and_one_that_does_keeps_it(make: Make, sheet_xml) -> None:
    path = make(sheet_xml('<row r="1"><c r="A1" s="1"><v>1</v></c></row>'), styles=STYLES)
    out = patched(path, CellWrite(1, 2, DateSerial(45294)), CellWrite(1, 3, DateSerial(45294), "d.m.yy"))
    sheet = openpyxl.load_workbook(out)["S1"]
    assert [sheet["B1"].number_format, sheet["C1"].number_format] == ["yyyy-mm-dd", "d.m.yy"]


def test_the_same_look_twice_is_one_format_and_one_that_is_there_already_is_used(
    make: Make, sheet_xml, part_of
) -> None:
    row = '<row r="1"><c r="A1" s="3"><v>1</v></c></row><row r="2"><c r="A2" s="1"><v>1</v></c></row>'
    row += '<row r="3"><c r="A3" s="1"><v>2</v></c></row>'
    path = make(sheet_xml(row), styles=STYLES)
    out = patched(path, CellWrite(1, 2, "a"), CellWrite(2, 2, "b"), CellWrite(3, 2, "c"))
    assert rows_of(out, part_of).count('s="4"') == 2
    assert '<c r="B1" s="3"' in rows_of(out, part_of)
    assert part_of(out, "xl/styles.xml").count("<xf ") == 6


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ("", '<cols><col min="2" max="2" width="14" customWidth="1"/></cols>'),
        (
            '<cols><col min="1" max="1" width="9"/></cols>',
            '<cols><col min="1" max="1" width="9"/><col min="2" max="2" width="14" customWidth="1"/></cols>',
        ),
        (
            '<cols><col min="3" max="9" width="9"></col></cols>',
            '<cols><col min="2" max="2" width="14" customWidth="1"/><col min="3" max="9" width="9"></col></cols>',
        ),
        (
            '<cols><col min="1" max="1" width="9"></col></cols>',
            '<cols><col min="1" max="1" width="9"/><col min="2" max="2" width="14" customWidth="1"></col></cols>',
        ),
        (
            '<cols><col min="1" max="5" width="9" style="3" hidden="1"/></cols>',
            '<cols><col min="1" max="1" width="9" style="3" hidden="1"/>'
            '<col min="2" max="2" width="14" style="3" customWidth="1"/>'
            '<col min="3" max="5" width="9" style="3" hidden="1"/></cols>',
        ),
        ('<cols><col min="1" max="5" width="30"/></cols>', '<cols><col min="1" max="5" width="30"/></cols>'),
        (
            '<cols><col min="2" max="2" width="30" hidden="true"/></cols>',
            '<cols><col min="2" max="2" width="30" customWidth="1"/></cols>',
        ),
        ('<sheetFormatPr defaultColWidth="20"/>', ""),
        ('<cols><col min="4" max="5"/><col min="1" max="3"/></cols>', None),
    ],
)
def test_a_new_column_gets_the_width_that_its_texts_need(make: Make, sheet_xml, part_of, columns, expected) -> None:
    path = make(sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>', before=columns), styles=STYLES)
    text = part_of(patched(path, CellWrite(1, 2, "twelve chars")), SHEET)
    before = text[text.index("<worksheet") : text.index("<sheetData")].partition(">")[2]
    assert before.removeprefix('<sheetFormatPr defaultColWidth="20"/>') == (columns if expected is None else expected)


def test_a_column_that_held_anything_keeps_its_width_and_short_values_need_none(make: Make, sheet_xml, part_of) -> None:
    path = make(sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="B9"><v>1</v></c></row>'))
    assert "<cols>" not in part_of(patched(path, CellWrite(1, 2, "twelve chars")), SHEET)
    assert "<cols>" not in part_of(patched(path, CellWrite(1, 3, "six ch")), SHEET)


def test_long_texts_of_a_new_column_are_wrapped_where_their_rows_can_grow(make: Make, sheet_xml) -> None:
    row = "".join(f'<row r="{n}"{ht}><c r="A{n}"><v>1</v></c></row>' for n, ht in ((1, ""), (2, ' ht="15"'), (3, "")))
    out = patched(
        make(sheet_xml(row), styles=STYLES), *(CellWrite(n, 2, "长文本" * (20 if n < 3 else 2)) for n in (1, 2, 3))
    )
    sheet = openpyxl.load_workbook(out)["S1"]
    assert [bool(sheet.cell(n, 2).alignment.wrapText) for n in (1, 2, 3)] == [True, False, False]
    assert sheet.column_dimensions["B"].width == 60


def styled(path: Path) -> Path:
    """A table with a coloured header, borders, wrapped and top-aligned cells, of which amounts and dates are some."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    side = Side("thin")
    for row, cells in enumerate([["Name", "Amount"], ["Ann", 1.5], ["Bob", 2.5], ["Cem", 3.5]], 1):
        for column, value in enumerate(cells, 1):
            cell = sheet.cell(row, column, value)
            cell.border = Border(side, side, side, side)
            cell.alignment = Alignment(vertical="top", wrap_text=True, horizontal="center" if row == 1 else None)
            if row == 1:
                cell.font, cell.fill = Font(bold=True), PatternFill("solid", "FFDDEEFF")
            elif column == 2:
                cell.number_format = "#,##0.00"
    sheet.auto_filter.ref = "A1:B4"
    sheet.print_area = "A1:B4"
    workbook.save(path)
    return path


def plain(path: Path) -> Path:
    """A table without any looks."""
    workbook = openpyxl.Workbook()
    for row in [["Name", "Amount"], ["Ann", 1.5], ["Bob", 2.5], ["Cem", 3.5]]:
        workbook.active.append(row)
    workbook.save(path)
    return path


def test_a_title_looks_like_the_title_left_of_it_and_values_like_values(tmp_path: Path) -> None:
    source = styled(tmp_path / "book.xlsx")
    fill(
        source, tmp_path / "out.xlsx", {"Kind": ["a", "b", None], "Day": [DateSerial(45294), None, None]}, code="d.m.yy"
    )
    workbook = openpyxl.load_workbook(tmp_path / "out.xlsx")
    sheet = workbook.active
    assert [cell.value for cell in sheet["C1:D1"][0]] == ["Kind", "Day"]
    for title in (sheet["C1"], sheet["D1"]):
        assert (title.font.b, title.fill.fgColor.rgb, title.alignment.horizontal) == (True, "FFDDEEFF", "center")
    for value in (sheet["C2"], sheet["D2"]):
        assert (value.font.b, value.alignment.vertical, value.alignment.wrapText) == (False, "top", True)
        assert value.border.left.style == "thin"
    assert [sheet["C2"].number_format, sheet["D2"].number_format] == ["General", "d.m.yy"]
    assert (sheet.auto_filter.ref, sheet.print_area) == ("A1:B4", "'Sheet'!$A$1:$B$4")


def test_undo_leaves_no_cell_behind_that_was_not_there_before(tmp_path: Path) -> None:
    source, output = styled(tmp_path / "book.xlsx"), tmp_path / "out.xlsx"
    fill(source, output, {"Kind": ["a", "b", None], "Amount": [None, None, None]})
    undo_output(output, ["2"])
    assert [cell.value for cell in openpyxl.load_workbook(output).active["C"]] == ["Kind", None, "b", None]
    undo_output(output)
    assert cells_of(output) == cells_of(source)


def test_undo_in_a_workbook_that_was_edited_since_clears_cells_but_keeps_them(tmp_path: Path) -> None:
    source, output = styled(tmp_path / "book.xlsx"), tmp_path / "out.xlsx"
    fill(source, output, {"Kind": ["a", "b", None]})
    workbook = openpyxl.load_workbook(output)
    workbook.active["C2"].fill = PatternFill("solid", "FFFF0000")
    workbook.active["C3"] = "mine"
    workbook.save(output)
    done = undo_output(output)
    sheet = openpyxl.load_workbook(output).active
    assert [cell.value for cell in sheet["C"]] == [None, None, "mine", None]
    assert sheet["C2"].fill.fgColor.rgb == "FFFF0000"
    assert [left.cell for left in done.conflicts] == ["Sheet!C3"]


def test_a_session_remembers_the_areas_that_it_made(tmp_path: Path) -> None:
    fill(styled(tmp_path / "book.xlsx"), tmp_path / "out.xlsx", {"Kind": ["a", None, "b"], "More": ["c", "d", "e"]})
    created = read_journal(tmp_path / "out.xlsx").sessions[-1].created
    assert [(sheet, area.notation()) for sheet, area in created] == [("Sheet", "C1:C4"), ("Sheet", "D1:D4")]


def test_a_row_without_an_answer_looks_like_the_others_and_a_plain_one_gets_no_cell(tmp_path: Path) -> None:
    source, output = styled(tmp_path / "book.xlsx"), tmp_path / "out.xlsx"
    fill(source, output, {"Kind": ["a", None, "b"]})
    gap = openpyxl.load_workbook(output).active["C3"]
    assert (gap.value, gap.border.left.style, gap.number_format) == (None, "thin", "General")
    fill(plain(tmp_path / "plain.xlsx"), output, {"Kind": ["a", None, "b"]})
    with zipfile.ZipFile(output) as archive:
        assert b'r="C3"' not in archive.read(SHEET)


def test_a_cell_that_is_there_is_left_as_it_is_where_a_row_gets_no_answer(make: Make, sheet_xml, part_of) -> None:
    row = '<row r="1"><c r="A1" s="3"><v>1</v></c><c r="B1" s="1"/><c r="C1"><f>1+1</f></c></row>'
    path = make(sheet_xml(row), styles=STYLES)
    out = patched(path, *(CellWrite(1, column, None, blank=True) for column in (2, 3, 4)))
    assert rows_of(out, part_of) == rows_of(path, part_of)
    assert not patch_workbook(path, out, {"S1": [CellWrite(1, 2, None, blank=True)]})


def test_cells_that_stand_unlocked_beside_locked_ones_stay_unlocked(tmp_path: Path) -> None:
    path = styled(tmp_path / "book.xlsx")
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.active
    sheet.protection.sheet = True
    sheet.column_dimensions["C"].protection = Protection(locked=False)
    sheet.column_dimensions["C"].width = 20
    workbook.save(path)
    fill(path, tmp_path / "out.xlsx", {"Kind": ["a", "b", "c"]})
    assert not openpyxl.load_workbook(tmp_path / "out.xlsx").active["C2"].protection.locked
    assert undo_output(tmp_path / "out.xlsx").conflicts == ()
    assert cells_of(tmp_path / "out.xlsx") == cells_of(path)


def test_a_declared_table_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    workbook = openpyxl.Workbook()
    for row in [["Name", "City"], ["Ann", "Oslo"], ["Bob", "Rome"]]:
        workbook.active.append(row)
    workbook.active.add_table(Table(displayName="People", ref="A1:B3"))
    workbook.save(path)
    fill(path, tmp_path / "out.xlsx", {"Kind": ["a", "b"]})
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").active.tables["People"].ref == "A1:B3"
    assert changed_parts(path, tmp_path / "out.xlsx") <= {SHEET, "xl/sharedStrings.xml", "xl/styles.xml"}


def cells_of(path: Path) -> dict[str, tuple]:
    """All cells that the file's first sheet has, with value and number format."""
    sheet = open_source(path).sheets()[0].grid
    with zipfile.ZipFile(path) as archive:
        text = archive.read(SHEET).decode()
    return {"cells": text.count("<c "), "values": sheet.columns, "formats": sheet.formats}


def changed_parts(before: Path, after: Path) -> set[str]:
    """The parts whose bytes differ; none may be lost or new."""
    with zipfile.ZipFile(before) as old, zipfile.ZipFile(after) as new:
        assert set(old.namelist()) == set(new.namelist())
        return {
            name
            for name in old.namelist()
            if hashlib.sha256(old.read(name)).digest() != hashlib.sha256(new.read(name)).digest()
        }


@pytest.mark.filterwarnings("ignore")  # openpyxl's, on what it does not keep
def test_every_table_of_real_workbooks_takes_columns_and_gives_them_back(samples: Path, tmp_path: Path) -> None:
    seen: list[str] = []
    for path in sorted([*samples.glob("workbooks/normal/*.xls[xm]"), *samples.glob("workbooks/hard/*.xls[xm]")]):
        try:
            source = open_source(path)
            tables = source.tables()
        except DeskhandError:
            continue
        for number, table in enumerate(tables):
            output = tmp_path / f"{path.stem}-{number}{path.suffix}"
            written = columns_added(source, table, output)
            if not written:
                continue
            seen.append(f"{path.name} {table.sheet}")
            changed = changed_parts(path, output)
            sheets = {part for part in changed if "worksheets/" in part}
            assert len(sheets) == 1, path.name
            assert {part.rpartition("/")[2].lower() for part in changed - sheets} <= {"styles.xml", "sharedstrings.xml"}
            page = openpyxl.load_workbook(output)[table.sheet]
            assert {cell: page.cell(*cell).value for cell in written} == written, path.name
            undo_output(output)
            back, was = (opened.sheets({table.sheet})[0].grid for opened in (open_source(output), source))
            assert (back.columns, back.formats, back.masks) == (was.columns, was.formats, was.masks), path.name
    assert len(seen) > 20


def columns_added(source: Source, table: Grid, output: Path) -> dict[tuple[int, int], Scalar]:
    """Add two columns to a table of a workbook; by cell what was written. Nothing where the sheet is locked."""
    texts = [f"=text {row}" for row in range(table.row_count)]
    answers = {"Deskhand A": texts, "Deskhand B": [row + 0.5 for row in range(table.row_count)]}
    made = changes_beside(source.beside(table, list(answers)), answers)
    applied = [(grid, apply(grid, changes, [one.id for one in changes.changes])) for grid, changes in made]
    if {conflict.code for _, part in applied for conflict in part.conflicts} == {"locked"}:
        return {}
    write_session(source, output, applied)
    return {
        (grid.first_row + write.row, grid.first_column + write.column): write.value
        for grid, part in applied
        for write in part.writes
    }
