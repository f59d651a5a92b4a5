"""Which rectangles are tables, which row is the header, and what a range means."""

from __future__ import annotations

import pytest

from services.errors import InputError, NotFound
from services.workbook.delimited import read_delimited
from services.workbook.grid import FORMULA, MERGED, ColumnFormats, DateSerial, Grid, Sheet, TableArea
from services.workbook.headers import with_header
from services.workbook.tables import area, as_table, clip, cut, find_tables

D = DateSerial(45294)


def grid(*rows, **known):
    width = max(map(len, rows))
    return Grid(
        columns=tuple(map(list, zip(*[[*row, *[None] * (width - len(row))] for row in rows], strict=True))), **known
    )


def tables(*rows, declared=(), **known):
    found = find_tables(Sheet("S", grid(*rows, **known), tables=declared))
    return [(table.address_of(0, 0), table.row_count, table.column_count, table.header) for table in found]


PEOPLE = [["姓名", "年龄", "入职日期"], ["张三", 30, D], ["李四", 41, D], ["王五", 25, D]]


def test_a_plain_table_has_its_first_row_as_header():
    assert tables(*PEOPLE) == [("A2", 3, 3, ("姓名", "年龄", "入职日期"))]


def test_titles_above_a_table_are_no_part_of_it():
    masks = (b"", bytes([MERGED, 0, 0, 0, 0, 0]), bytes([MERGED, 0, 0, 0, 0, 0]))
    assert tables(["员工名单"], [None, None, "2024-01"], *PEOPLE, masks=masks) == [
        ("A4", 3, 3, ("姓名", "年龄", "入职日期"))
    ]
    assert tables(["员工名单"], [], *PEOPLE) == [("A4", 3, 3, ("姓名", "年龄", "入职日期"))]


def test_rows_without_a_header_have_none():
    assert tables(["a1", 1, D], ["b2", 2, D], ["c3", 3, D]) == [("A1", 3, 3, ())]
    assert tables(["13800138000", "张三"], ["13900139000", "李四"], ["13700137000", "王五"]) == [("A1", 3, 2, ())]


def test_of_a_header_of_two_rows_the_last_counts():
    rows = [["Region", "Q1", None, "Q2", None], [None, "Sales", "Cost", "Sales 2", "Cost 2"]]
    masks = (bytes([0, MERGED, 0, 0]), b"", bytes([MERGED, 0, 0, 0]), b"", bytes([MERGED, 0, 0, 0]))
    found = tables(*rows, ["North", 1, 2, 3, 4], ["South", 5, 6, 7, 8], masks=masks)
    assert found == [("A3", 2, 5, ("Region", "Sales", "Cost", "Sales 2", "Cost 2"))]


def test_years_may_be_titles_of_numbers():
    assert tables(["Region", 2022, 2023], ["North", 5, 6], ["South", 7, 8])[0][3] == ("Region", "2022", "2023")


def test_months_may_be_titles_and_read_as_they_are_shown():
    shown = ColumnFormats("yyyy-mm", {0: 'yyyy"年"m"月"'})
    found = tables(["Region", D], ["North", 5], ["South", 7], formats=(ColumnFormats(), shown))
    assert found == [("A2", 2, 2, ("Region", "2024年1月"))]


def test_an_empty_row_inside_a_table_stays_in_it():
    rows = [*PEOPLE, [], ["赵六", 33, D], [None, 35, D]]
    assert tables(*rows) == [("A2", 6, 3, ("姓名", "年龄", "入职日期"))]


def test_tables_below_each_other_are_two():
    rows = [*PEOPLE, [], ["产品", "价格"], ["笔", 2.5], ["纸", 1.5], ["墨", 9]]
    assert tables(*rows) == [("A2", 3, 3, ("姓名", "年龄", "入职日期")), ("A7", 3, 2, ("产品", "价格"))]
    rows = [*PEOPLE, [], [], [], *PEOPLE]
    assert [found[0] for found in tables(*rows)] == ["A2", "A9"]
    rows = [*PEOPLE, [], *PEOPLE]
    assert [found[0] for found in tables(*rows)] == ["A2", "A7"]


def test_tables_side_by_side_are_two():
    rows = [[*row, None, *row[:2]] for row in PEOPLE]
    assert tables(*rows) == [("A2", 3, 3, ("姓名", "年龄", "入职日期")), ("E2", 3, 2, ("姓名", "年龄"))]


def test_notes_beside_and_below_are_no_part():
    rows = [[*row, None, note] for row, note in zip(PEOPLE, [None, "see below", None, None], strict=True)]
    assert tables(*rows, ["注：数据截至一月"]) == [("A2", 3, 3, ("姓名", "年龄", "入职日期"))]


def test_an_empty_column_with_a_title_stays():
    assert tables(["a", "b", "c"], ["x", None, 1], ["y", None, 2]) == [("A2", 2, 3, ("a", "b", "c"))]


def test_declared_tables_come_as_declared_without_totals():
    declared = (TableArea("T", 2, 2, 5, 3, header_rows=1, totals_rows=1), TableArea("U", 2, 5, 3, 5, header_rows=0))
    rows = [[], [None, "1", "2", None, "k"], [None, 1, 2, None, "l"], [None, 3, 4], [None, "Total", 6]]
    assert tables(*rows, declared=declared) == [("B3", 2, 2, ("1", "2")), ("E2", 2, 1, ())]


def test_an_empty_sheet_has_no_tables():
    assert find_tables(Sheet("S", Grid(columns=()))) == []


def test_a_sheet_of_one_cell_is_one_table_without_a_header():
    assert tables(["x"]) == [("A1", 1, 1, ())]


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        ([["name", "city"], ["Ann", "Rome"], ["Bob", "Oslo"]], ("name", "city")),
        ([["id", "date"], ["1", "2024-01-03"], ["2", "2024-01-04"]], ("id", "date")),
        ([["1", "2024-01-02"], ["2", "2024-01-03"], ["3", "2024-01-04"]], ()),
        ([["a@b.com", "x"], ["c@d.com", "y"]], ()),
        ([["yes", "no"], ["no", "yes"], ["yes", "no"], ["yes", "yes"]], ()),
        ([["code"], ["A-100"], ["A-101"], ["A-102"]], ("code",)),
        ([["A-099"], ["A-100"], ["A-101"], ["A-102"]], ()),
        ([["id", "v"], ["1", "x"], ["id", "v"], ["2", "y"]], ("id", "v")),
    ],
)
def test_the_first_record_of_a_text_is_the_header_unless_it_looks_like_data(rows, header):
    assert as_table(grid(*rows)).header == header


def test_formats_masks_and_hidden_rows_move_with_the_cells():
    whole = grid(
        ["a", "b"],
        ["x", 1],
        ["y", 2],
        formats=(ColumnFormats(), ColumnFormats("0", {0: "@", 2: "0.0"})),
        masks=(b"", bytes([0, 0, FORMULA])),
        hidden_rows=frozenset({0, 2}),
        first_row=5,
        first_column=2,
    )
    table = with_header(whole)
    assert (table.header, table.first_row, table.hidden_rows) == (("a", "b"), 6, {1})
    assert [table.format_at(row, 1) for row in (0, 1)] == ["0", "0.0"]
    assert [table.mask_at(row, 1) for row in (0, 1)] == [0, FORMULA]
    part = cut(whole, 1, 3, 1, 2)
    assert (part.address_of(0, 0), part.columns) == ("C6", ([1, 2],))
    assert (part.mask_at(1, 0), part.format_at(1, 0)) == (FORMULA, "0.0")


@pytest.mark.parametrize(
    ("reference", "first", "rows", "columns", "header"),
    [
        ("A1:C4", "A2", 3, 3, ("姓名", "年龄", "入职日期")),
        ("c4:a1", "A2", 3, 3, ("姓名", "年龄", "入职日期")),
        ("$A$1:$B$3", "A2", 2, 2, ("姓名", "年龄")),
        ("B2:C4", "B2", 3, 2, ("年龄", "入职日期")),
        ("A:B", "A2", 3, 2, ("姓名", "年龄")),
        ("2:3", "A2", 2, 3, ("姓名", "年龄", "入职日期")),
        ("B3", "B3", 1, 1, ("年龄",)),
        ("A2:XFD1048576", "A2", 3, 3, ("姓名", "年龄", "入职日期")),
        ("S!A1:A4", "A2", 3, 1, ("姓名",)),
    ],
)
def test_what_a_range_means(reference, first, rows, columns, header):
    found = clip(Sheet("S", grid(*PEOPLE)), reference)
    assert (found.address_of(0, 0), found.row_count, found.column_count, found.header) == (first, rows, columns, header)


@pytest.mark.parametrize("reference", ["", "A", "5", "A1:B", "A1:2", "A1;B2", "1A", "A0", "A1:B2:C3", "姓名"])
def test_what_is_no_range_is_said(reference):
    with pytest.raises(InputError) as caught:
        clip(Sheet("S", grid(*PEOPLE)), reference)
    assert (caught.value.code, caught.value.parameters) == ("bad-range", {"range": reference})


def test_a_range_outside_names_what_there_is():
    with pytest.raises(NotFound) as caught:
        clip(Sheet("S", grid(*PEOPLE)), "E1:F9")
    assert caught.value.code == "range-outside"
    assert caught.value.parameters == {"range": "E1:F9", "sheet": "S", "used": "A1:C4"}


def test_an_area_always_has_its_size():
    whole = grid(["a", 1], ["b", 2], first_row=3, first_column=2, masks=(bytes([FORMULA, 0]), b""))
    found = area(whole, 2, 1, 3, 2)
    assert found.columns == ([None, None, None], [None, "a", "b"])
    assert (found.first_row, found.first_column, found.mask_at(1, 1)) == (2, 1, FORMULA)
    assert area(whole, 3, 3, 2, 1).columns == ([1, 2],)
    assert area(whole, 4, 3, 3, 1).columns == ([2, None, None],)
    assert area(whole, 9, 9, 1, 1).columns == ([None],)


def test_real_text_files_have_their_header(samples):
    for path in sorted((samples / "cleaning").glob("*/*.csv")):
        table = as_table(read_delimited(path).sheet.grid)
        assert table.first_row == 2
        assert all(table.header)
