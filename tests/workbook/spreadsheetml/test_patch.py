"""Writing cells: what is written, what stays byte for byte, and what is refused before a byte is written."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.errors import Conflict, DeskhandError, InputError, NotFound, OutputError
from services.workbook.grid import CellError, DateSerial, Scalar
from services.workbook.spreadsheetml import CellWrite, Link, NewSheet, patch_workbook, read_sheets

Make = Callable[..., Path]
Xml = Callable[..., str]
Part = Callable[[Path, str], str]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"
STYLES = (
    '<fonts count="1"><font><sz val="11"/><color theme="1"/><name val="Calibri"/></font></fonts>'
    '<fills count="1"><fill><patternFill/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0"/><xf numFmtId="0" fontId="0" applyAlignment="1">'
    '<alignment horizontal="center"/></xf><xf numFmtId="49" fontId="0" quotePrefix="1"/>'
    '<xf numFmtId="49" fontId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
)


def patched(path: Path, *writes: CellWrite, title: str = "S1", **options: bool) -> Path:
    target = path.with_name("out.xlsx")
    patch_workbook(path, target, {title: writes}, **options)
    return target


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


def changed_parts(before: Path, after: Path) -> list[str]:
    old, new = members(before), members(after)
    assert list(old) == list(new)[: len(old)]
    return [name for name in new if old.get(name) != new[name]]


def test_only_the_bytes_of_the_touched_cells_change(make: Make, sheet_xml: Xml, part_of: Part) -> None:
    xml = sheet_xml(
        '<row r="1" spans="1:2" x="y" ><!-- a --><c  r="A1" s="1" ph="1" vm="3"><v>1</v></c >\n'
        "<c r='B1' s='1'/></row>\n"
        '<row r="3"><c r="C3"><v>9</v></c></row>',
        "<sheetViews/>",
        '<extLst><ext uri="u"/></extLst>',
    )
    path = make(xml)
    out = patched(
        path, CellWrite(1, 1, 2.5), CellWrite(1, 2, "a <b>"), CellWrite(3, 2, True), CellWrite(3, 4, CellError("#N/A"))
    )
    assert changed_parts(path, out) == [SHEET]
    assert part_of(out, SHEET) == sheet_xml(
        '<row r="1" spans="1:2" x="y" ><!-- a --><c  r="A1" s="1" ph="1"><v>2.5</v></c>\n'
        "<c r='B1' s='1' t=\"inlineStr\"><is><t>a &lt;b&gt;</t></is></c></row>\n"
        '<row r="3"><c r="B3" t="b"><v>1</v></c><c r="C3"><v>9</v></c><c r="D3" t="e"><v>#N/A</v></c></row>',
        "<sheetViews/>",
        '<extLst><ext uri="u"/></extLst>',
    )


def test_rows_and_cells_are_inserted_in_order(make: Make, sheet_xml: Xml, part_of: Part) -> None:
    path = make(sheet_xml('<row r="2"><c r="B2"><v>1</v></c></row><row r="5"/>', '<dimension ref="B2:B5"/>'))
    writes = [CellWrite(row, column, row * 10 + column) for row in (7, 5, 3, 1) for column in (3, 1)]
    out = patched(path, *writes)
    assert part_of(out, SHEET) == sheet_xml(
        '<row r="1"><c r="A1"><v>11</v></c><c r="C1"><v>13</v></c></row><row r="2"><c r="B2"><v>1</v></c></row>'
        '<row r="3"><c r="A3"><v>31</v></c><c r="C3"><v>33</v></c></row>'
        '<row r="5"><c r="A5"><v>51</v></c><c r="C5"><v>53</v></c></row>'
        '<row r="7"><c r="A7"><v>71</v></c><c r="C7"><v>73</v></c></row>',
        '<dimension ref="A1:C7"/>',
    )


def test_empty_sheet_data_is_opened(make: Make, part_of: Part) -> None:
    path = make(f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData /><x:pageMargins/></x:worksheet>')
    out = patched(path, CellWrite(2, 1, 5), CellWrite(2, 2, 6), CellWrite(4, 1, "t"), CellWrite(9, 9, None))
    assert part_of(out, SHEET) == (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="2"><x:c r="A2"><x:v>5</x:v></x:c><x:c r="B2">'
        "<x:v>6</x:v></x:c>"
        '</x:row><x:row r="4"><x:c r="A4" t="inlineStr"><x:is><x:t>t</x:t></x:is></x:c></x:row>'
        "</x:sheetData><x:pageMargins/>"
        "</x:worksheet>"
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "iso-8859-1"])
def test_the_encoding_of_a_sheet_is_kept(make: Make, sheet_xml: Xml, encoding: str) -> None:
    declared = "utf-16" if "16" in encoding else encoding
    xml = f'<?xml version="1.0" encoding="{declared}"?>' + sheet_xml(
        '<row r="1"><c r="A1" t="str"><v>é㸀</v></c><c r="B1"/></row>'
    )
    path = make(xml.encode(encoding, "xmlcharrefreplace"))
    out = patched(path, CellWrite(1, 2, "客户"), CellWrite(2, 1, "é"))
    expected = xml.replace('<c r="B1"/>', '<c r="B1" t="inlineStr"><is><t>客户</t></is></c>').replace(
        "</row>", '</row><row r="2"><c r="A2" t="inlineStr"><is><t>é</t></is></c></row>'
    )
    assert members(out)[SHEET] == expected.encode(encoding, "xmlcharrefreplace")
    assert list(read_sheets(out)[0].grid.rows()) == [("é㸀", "客户"), ("é", None)]


def test_texts_are_shared_where_the_sheet_shares_them(make: Make, sheet_xml: Xml, part_of: Part) -> None:
    strings = (
        f'<sst xmlns="{MAIN}" count="3" uniqueCount="3"><si><r><rPr><b/></rPr><t>x</t></r></si><si><t>x</t></si>'
        "<si><t>x</t></si></sst>"
    )
    path = make(sheet_xml('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>1</v></c></row>'), strings=strings)
    out = patched(path, CellWrite(1, 1, "x"))
    assert changed_parts(path, out) == [SHEET]
    assert part_of(out, SHEET) == sheet_xml('<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1"><v>1</v></c></row>')
    out = patched(
        path,
        CellWrite(1, 1, None),
        CellWrite(1, 2, " new\n_x0041_\r"),
        CellWrite(1, 3, "x"),
        CellWrite(2, 1, " new\n_x0041_\r"),
    )
    assert part_of(out, "xl/sharedStrings.xml") == strings.replace('count="3" u', 'count="5" u').replace(
        'uniqueCount="3"', 'uniqueCount="4"'
    ).replace("</sst>", '<si><t xml:space="preserve"> new\n_x005F_x0041__x000D_</t></si></sst>')
    assert list(read_sheets(out)[0].grid.rows()) == [(None, " new\n_x0041_\r", "x"), (" new\n_x0041_\r", None, None)]


def test_text_that_looks_like_a_formula_stays_text(make: Make, sheet_xml: Xml) -> None:
    texts = ["=1+1", "+1", "-1", "@x", "00123", "1E5"]
    out = patched(make(sheet_xml("")), *(CellWrite(1, n, text) for n, text in enumerate(texts, 1)))
    assert list(read_sheets(out)[0].grid.rows()) == [tuple(texts)]
    cells = openpyxl.load_workbook(out).worksheets[0][1]
    assert [(cell.value, cell.data_type) for cell in cells][4:] == [("00123", "s"), ("1E5", "s")]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ((1, 1), "formula-cell"),
        ((2, 1), "formula-cell"),
        ((1, 2), "formula-cell"),
        ((2, 2), "formula-cell"),
        ((2, 3), "formula-cell"),
        ((2, 4), "merged-cell"),
        ((9, 5), "merged-cell"),
    ],
)
def test_formulas_and_covered_cells_are_never_written(
    make: Make, sheet_xml: Xml, cell: tuple[int, int], code: str
) -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1</f><v>1</v></c><c r="B1">'
        '<f t="array" ref="B1:B2">x</f></c>'
        '<c r="C1"><f t="dataTable" ref="C1:C2" r1="A1"/><v>1</v></c><c r="D1"><v>1</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/></c><c r="B2"><v>1</v></c><c r="C2"><v>1</v></c><c r="D2"/></row>'
    )
    merges = '<mergeCells><mergeCell ref="D1:D2"/><mergeCell ref="E8:E9"/></mergeCells>'
    path = make(sheet_xml(rows, after=merges))
    with pytest.raises(Conflict) as caught:
        patched(path, CellWrite(1, 4, 5), CellWrite(*cell, 5))
    assert caught.value.code == code
    assert not path.with_name("out.xlsx").exists()
    assert [child.name for child in path.parent.iterdir()] == [path.name]


def test_a_format_that_is_there_is_used_and_a_missing_one_appended(make: Make, sheet_xml: Xml, part_of: Part) -> None:
    path = make(sheet_xml('<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="1"><v>1</v></c></row>'), styles=STYLES)
    out = patched(path, CellWrite(1, 1, "a", "@"))
    assert changed_parts(path, out) == [SHEET]
    assert '<c r="A1" t="inlineStr" s="3">' in part_of(out, SHEET)
    out = patched(path, CellWrite(1, 1, DateSerial(2), "yyyy-mm-dd"), CellWrite(1, 2, DateSerial(3), "yyyy-mm-dd"))
    assert changed_parts(path, out) == [SHEET, "xl/styles.xml"]
    assert part_of(out, "xl/styles.xml") == (
        f'<styleSheet xmlns="{MAIN}">'
        + '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts>'
        + STYLES.replace('cellXfs count="4"', 'cellXfs count="6"').replace(
            "</cellXfs>",
            '<xf numFmtId="164" fontId="0" applyNumberFormat="1"/><xf numFmtId="164" fontId="0" applyAlignment="1" '
            'applyNumberFormat="1"><alignment horizontal="center"/></xf></cellXfs>',
        )
        + "</styleSheet>"
    )
    back = out.with_name("back.xlsx")
    patch_workbook(out, back, {"S1": [CellWrite(1, 1, 1, "General"), CellWrite(1, 2, 1, "General")]})
    assert part_of(back, SHEET) == part_of(path, SHEET).replace('<c r="A1">', '<c r="A1" s="0">')


def test_a_quote_prefix_goes_with_a_number_and_comes_back_with_the_text(
    make: Make, sheet_xml: Xml, part_of: Part
) -> None:
    path = make(sheet_xml('<row r="1"><c r="A1" s="2" t="inlineStr"><is><t>012</t></is></c></row>'), styles=STYLES)
    out = patched(path, CellWrite(1, 1, 12))
    assert part_of(out, SHEET) == sheet_xml('<row r="1"><c r="A1" s="4"><v>12</v></c></row>')
    assert '<xf numFmtId="49" fontId="0" quotePrefix="0"/></cellXfs>' in part_of(out, "xl/styles.xml")
    patch_workbook(out, out, {"S1": [CellWrite(1, 1, "012")]})
    assert '<c r="A1" s="2" t="inlineStr"><is><t>012</t></is></c>' in part_of(out, SHEET)


def test_new_cells_take_the_format_of_their_row_or_column(make: Make, sheet_xml: Xml, part_of: Part) -> None:
    xml = sheet_xml('<row r="1" s="3" customFormat="1"/><row r="2"/>', '<cols><col min="1" max="2" style="1"/></cols>')
    out = patched(make(xml, styles=STYLES), CellWrite(1, 1, 1), CellWrite(2, 1, 1), CellWrite(2, 3, 1))
    assert '<c r="A1" s="3">' in part_of(out, SHEET)
    assert '<row r="2"><c r="A2" s="1"><v>1</v></c><c r="C2"><v>1</v></c></row>' in part_of(out, SHEET)


def test_nothing_to_write_copies_the_file(make: Make, sheet_xml: Xml) -> None:
    path = make(sheet_xml(""))
    patch_workbook(path, path.with_name("out.xlsx"), {"S1": []})
    assert path.with_name("out.xlsx").read_bytes() == path.read_bytes()


@pytest.mark.parametrize("stored", [0, 1])
def test_members_keep_their_order_dates_and_extra_fields(
    tmp_path: Path, make: Make, sheet_xml: Xml, stored: int
) -> None:
    plain, path = make(sheet_xml("")), tmp_path / "extra.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.comment = b"note"
        for number, (name, data) in enumerate(members(plain).items()):
            info = zipfile.ZipInfo(name, (2001, 2, 3, 4, 5, 6))
            info.extra = b"\x20\xa2\x04\x00abcd"
            info.compress_type = zipfile.ZIP_STORED if number % 2 == stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    out = patched(path, CellWrite(1, 1, 1))
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out) as new:
        for before, after in zip(old.infolist(), new.infolist(), strict=True):
            assert (before.filename, before.date_time, before.extra) == (after.filename, after.date_time, after.extra)
            if before.filename != SHEET:
                assert (before.compress_type, before.CRC) == (after.compress_type, after.CRC)
        assert new.comment == b"note"


def test_recalculation_is_asked_for_only_where_there_are_formulas(make: Make, sheet_xml: Xml, part_of: Part) -> None:
    plain, formula = sheet_xml('<row r="1"/>'), sheet_xml('<row r="1"><c r="A1"><f>1</f></c></row>')
    path = make(plain)
    assert changed_parts(path, patched(path, CellWrite(1, 1, 1), recalculate=True)) == [SHEET]
    path = make(plain, formula, after_sheets='<definedNames/><calcPr calcId="1"/><extLst/>')
    out = patched(path, CellWrite(1, 1, 1), recalculate=True)
    assert changed_parts(path, out) == ["xl/workbook.xml", SHEET]
    assert '<definedNames/><calcPr calcId="1" fullCalcOnLoad="1"/><extLst/>' in part_of(out, "xl/workbook.xml")
    path = make(plain, formula, after_sheets="<definedNames/><extLst/>")
    out = patched(path, CellWrite(1, 1, 1), recalculate=True)
    assert '<definedNames/><calcPr fullCalcOnLoad="1"/><extLst/>' in part_of(out, "xl/workbook.xml")


def test_a_workbook_without_styles_gains_them_with_the_first_format(make: Make, sheet_xml: Xml, part_of: Part) -> None:
    path = make(sheet_xml('<row r="1"><c r="A1" s="7"><v>1</v></c></row>'))
    out = patched(path, CellWrite(1, 1, 45294, "yyyy-mm-dd"), CellWrite(1, 2, 2))
    touched = ["[Content_Types].xml", "xl/_rels/workbook.xml.rels", SHEET, "xl/styles.xml"]
    assert changed_parts(path, out) == touched
    sheet = openpyxl.load_workbook(out)["S1"]
    assert (sheet["A1"].value, sheet["A1"].number_format) == (datetime(2024, 1, 3), "yyyy-mm-dd")
    assert (sheet["B1"].value, sheet["B1"].number_format) == (2, "General")
    assert part_of(out, "xl/styles.xml").count("<xf ") == 3


def test_what_a_cell_cannot_hold_is_refused(make: Make, sheet_xml: Xml) -> None:
    path = make(sheet_xml(""))
    cases: list[tuple[CellWrite, str, type[DeskhandError]]] = [
        (CellWrite(1, 1, float("nan")), "value-not-writable", InputError),
        (CellWrite(1, 1, "x" * 32_768), "text-too-long", InputError),
        (CellWrite(0, 1, 1), "outside-sheet", InputError),
        (CellWrite(1, 16_385, 1), "outside-sheet", InputError),
    ]
    for write, code, kind in cases:
        with pytest.raises(kind) as caught:
            patched(path, write)
        assert caught.value.code == code
    with pytest.raises(NotFound):
        patched(path, CellWrite(1, 1, 1), title="S9")
    with pytest.raises(OutputError) as lost:
        patch_workbook(path, path.parent / "none" / "out.xlsx", {"S1": [CellWrite(1, 1, 1)]})
    assert lost.value.code == "output-folder-missing"


def test_a_table_heading_is_not_written_since_the_table_names_its_columns(make: Make, sheet_xml: Xml) -> None:
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/table" '
        'Target="../tables/table1.xml"/>'
        "</Relationships>"
    )
    table = f'<table xmlns="{MAIN}" id="1" displayName="T" ref="A1:B3"/>'
    extra = {"xl/worksheets/_rels/sheet1.xml.rels": rels, "xl/tables/table1.xml": table}
    path = make(sheet_xml(""), extra=extra)
    with pytest.raises(Conflict) as caught:
        patched(path, CellWrite(1, 2, "new"))
    assert caught.value.code == "table-header-cell"
    assert read_sheets(patched(path, CellWrite(2, 2, "ok")))[0].grid.columns == (["ok"],)


def test_a_report_sheet_is_added(make: Make, sheet_xml: Xml) -> None:
    path = make(sheet_xml('<row r="1"/>'), styles=STYLES)
    report = NewSheet("s1", [("Cell", 12), ("Why", 40)], [[Link("A1", "S1", "A1"), "=x"], ["B", 2.5]])
    out = path.with_name("out.xlsx")
    patch_workbook(path, out, {"S1": [CellWrite(1, 1, "v")]}, new_sheets=[report])
    assert changed_parts(path, out) == [
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        SHEET,
        "xl/styles.xml",
        "xl/worksheets/sheet2.xml",
    ]
    assert [sheet.title for sheet in read_sheets(out)] == ["S1", "s1 (2)"]
    sheet = openpyxl.load_workbook(out)["s1 (2)"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.column_dimensions["B"].width) == ("A2", "A1:B3", 40)
    assert sheet["A1"].font.bold
    assert (sheet["A2"].hyperlink.location, sheet["A2"].font.color.rgb) == ("'S1'!A1", "FF0563C1")
    assert list(sheet.values)[2] == ("B", 2.5)


VALUES: st.SearchStrategy[Scalar] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(["_x0041_", "_x005F_", "a\r\nb", "\x01", "\ufffe", "𝒳", " ", "]]>", "&lt;"]),
)
SPOTS = st.tuples(st.integers(1, 6), st.integers(1, 5))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.dictionaries(SPOTS, VALUES, max_size=12),
    after=st.dictionaries(SPOTS, VALUES, max_size=12),
    shared=st.booleans(),
)
def test_whatever_is_written_is_read_back_and_nothing_else_changes(
    make: Make,
    sheet_xml: Xml,
    before: dict[tuple[int, int], Scalar],
    after: dict[tuple[int, int], Scalar],
    shared: bool,
) -> None:
    path = make(sheet_xml(""), strings=f'<sst xmlns="{MAIN}"/>' if shared else None)
    expected = {cell: value for cell, value in (before | after).items() if value is not None}
    for step in (before, after):
        patch_workbook(path, path, {"S1": [CellWrite(row, column, value) for (row, column), value in step.items()]})
    grid = read_sheets(path)[0].grid
    found = {
        (grid.first_row + row, grid.first_column + column): value
        for column, values in enumerate(grid.columns)
        for row, value in enumerate(values)
        if value is not None
    }
    assert found == expected
    assert all(isinstance(found[cell], bool) == isinstance(value, bool) for cell, value in expected.items())
