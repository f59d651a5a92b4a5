"""DhGrid: what a selection means, and what of it is sent."""

from __future__ import annotations

import pytest
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter import NOTHING, VBAErrorValue

from services.workbook import tsv
from services.workbook.grid import FORMULA, LOCKED, MERGED, RICH, CellError, ColumnFormats, Grid
from tests.office.interpreter import Excel, source_modules

PROBE = """
Function Addresses() As String
    Dim area As Object
    For Each area In DhAreas(Selection)
        Addresses = Addresses & " " & area.Worksheet.Name & "!" & area.Address(False, False)
    Next area
    Addresses = Mid$(Addresses, 2)
End Function

Function Sent(options As String, withHeader As Boolean) As String
    Sent = DhGridsText(DhAreas(Selection), options, withHeader)
End Function

Function Hidden_() As Long
    Hidden_ = DhHiddenRows(DhAreas(Selection))
End Function

Function NamedBy(text As String) As String
    Dim reply As Variant
    Dim area As Object
    reply = DhRead(text)
    For Each area In DhRangesOf(ActiveWorkbook, reply)
        NamedBy = NamedBy & " " & area.Worksheet.Name & "!" & area.Address(False, False)
    Next area
    NamedBy = Mid$(NamedBy, 2)
End Function

Sub AddTable(address As String, headers As Long)
    ActiveSheet.ListObjects.Add 1, Range(address), , headers
End Sub

Sub TotalsOn()
    ActiveSheet.ListObjects(1).ShowTotals = True
End Sub

Sub Filter_(address As String, field As Long, wanted As String)
    Range(address).AutoFilter field, wanted
End Sub

Sub Guard_()
    ActiveSheet.Protect
End Sub
"""


@pytest.fixture
def excel() -> Excel:
    excel = Excel({**source_modules("DhHttp", "DhTsv", "DhPicked", "DhAlike", "DhGrid"), "Probe": PROBE})
    excel.new_workbook()
    return excel


def areas(excel: Excel, address: str) -> str:
    excel.select(address)
    return str(excel.run("Addresses"))


def sent(excel: Excel, address: str, *, header: bool = True) -> Grid:
    """The one grid that the macros send for this selection, as the service reads it."""
    excel.select(address)
    return tsv.decode_all(excel.run("Sent", "", header))[1][0]


def raised_by(excel: Excel, macro: str, *arguments: object) -> tuple[int, str]:
    with pytest.raises(VBARuntimeError) as raised:
        excel.run(macro, *arguments)
    return raised.value.number, raised.value.description


ROWS = [["Name", "Amount"], ["Ann", 1], ["Ben", 2], ["Cem", 3]]


def test_one_cell_means_the_region_around_it(excel: Excel) -> None:
    excel.put("B3", ROWS)
    excel.put("F1", [["apart"]])
    assert areas(excel, "C4") == "Sheet1!B3:C6"


def test_one_cell_of_a_protected_sheet_means_what_is_used(excel: Excel) -> None:
    excel.put("B3", ROWS)
    excel.run("Guard_")
    assert areas(excel, "C4") == "Sheet1!B3:C6"


def test_several_cells_mean_themselves(excel: Excel) -> None:
    excel.put("A1", ROWS)
    assert areas(excel, "A2:B3") == "Sheet1!A2:B3"


def test_a_merged_block_counts_as_one_cell(excel: Excel) -> None:
    excel.put("A1", [["Title"], ["Name", "Amount"], ["Ann", 1]])
    excel.cells("A1:B1").vba_get("Merge")
    assert areas(excel, "A1:B1") == "Sheet1!A1:B3"


def test_whole_columns_are_cut_to_the_filled_rows(excel: Excel) -> None:
    excel.put("A1", ROWS)
    excel.set("A1:D500", "NumberFormat", "0.00")
    assert areas(excel, "A:D") == "Sheet1!A1:B4"
    assert areas(excel, "A:A,B:B") == "Sheet1!A1:A4 Sheet1!B1:B4"


def test_empty_rows_and_columns_inside_stay(excel: Excel) -> None:
    excel.put("A1", [["a", None, "c"], [None, None, None], ["x", None, "z"]])
    assert areas(excel, "A:C") == "Sheet1!A1:C3"


def test_several_areas_keep_the_order_of_the_selection(excel: Excel) -> None:
    excel.put("A1", [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]])
    assert areas(excel, "D1:E2,A1:B2") == "Sheet1!D1:E2 Sheet1!A1:B2"


def test_areas_that_overlap_are_sent_once(excel: Excel) -> None:
    excel.put("A1", [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]])
    assert areas(excel, "B2:C3,A1:D4") == "Sheet1!B2:C3 Sheet1!A1:D1 Sheet1!A2:A3 Sheet1!D2:D3 Sheet1!A4:D4"
    assert areas(excel, "A1:D4,B2:C3") == "Sheet1!A1:D4"
    assert areas(excel, "A1:B4,B1:C2") == "Sheet1!A1:B4 Sheet1!C1:C2"


def test_what_holds_no_cells_is_refused(excel: Excel) -> None:
    assert raised_by(excel, "DhAreas", NOTHING) == (47005, "selection")
    excel.select("A1")
    assert raised_by(excel, "Addresses") == (47005, "empty")
    excel.put("A1", ROWS)
    excel.select("F1:G9")
    assert raised_by(excel, "Addresses") == (47005, "empty")


def test_one_cell_in_a_table_means_the_tables_rows(excel: Excel) -> None:
    excel.put("B2", ROWS)
    excel.run("AddTable", "B2:C5", 1)
    excel.run("TotalsOn")
    assert areas(excel, "C3") == "Sheet1!B3:C5"
    assert areas(excel, "B2") == "Sheet1!B3:C5"
    grid = sent(excel, "C3")
    assert grid.header == ("Name", "Amount")
    assert [grid.first_row, grid.first_column] == [3, 2]
    assert list(grid.rows()) == [("Ann", 1), ("Ben", 2), ("Cem", 3)]
    assert sent(excel, "C3", header=False).header == ()


def test_part_of_a_table_brings_its_titles(excel: Excel) -> None:
    excel.put("A1", ROWS)
    excel.run("AddTable", "A1:B4", 1)
    assert areas(excel, "B3:B4") == "Sheet1!B3:B4"
    assert sent(excel, "B3:B4").header == ("Amount",)
    assert areas(excel, "A1:B1") == "Sheet1!A2:B4"
    assert areas(excel, "A:B") == "Sheet1!A2:B4"


def test_values_selected_without_their_titles_bring_them(excel: Excel) -> None:
    excel.put("B3", ROWS)
    assert sent(excel, "B5:C6").header == ("Name", "Amount")
    assert sent(excel, "C4:C6").header == ("Amount",)
    assert list(sent(excel, "C4:C6").rows()) == [(1,), (2,), (3,)]
    assert sent(excel, "C4:C6", header=False).header == ()


def test_what_begins_with_its_titles_is_sent_as_it_stands(excel: Excel) -> None:
    excel.put("B3", ROWS)
    assert sent(excel, "B3:C6").header == ()
    excel.put("B2", [["A heading over some columns"]])
    assert sent(excel, "B3:C6").header == ()
    assert sent(excel, "B4:C6").header == ("Name", "Amount")


def test_values_above_are_no_titles(excel: Excel) -> None:
    excel.put("A1", [["Ann", 1], ["Ben", 2], ["Cem", 3]])
    assert sent(excel, "A2:B3").header == ()


def test_more_cells_than_the_service_takes_are_refused_before_they_are_read(excel: Excel) -> None:
    excel.put("A1", [["first"]])
    excel.put("ALM5001", [["last"]])
    excel.select("A1:ALM5001")
    assert raised_by(excel, "Sent", "", True) == (47008, "5006001")


def test_a_table_and_other_cells_are_sent_as_they_stand(excel: Excel) -> None:
    excel.put("A1", [*ROWS, [None, None], ["below", None]])
    excel.run("AddTable", "A1:B4", 1)
    assert areas(excel, "A:B") == "Sheet1!A1:B6"
    assert sent(excel, "A:B").header == ()


def test_two_tables_in_one_area_are_two_grids(excel: Excel) -> None:
    excel.put("A1", ROWS)
    excel.put("D1", ROWS)
    excel.run("AddTable", "A1:B4", 1)
    excel.run("AddTable", "D1:E4", 1)
    assert areas(excel, "A:E") == "Sheet1!A2:B4 Sheet1!D2:E4"


def test_values_are_sent_with_their_kinds(excel: Excel) -> None:
    excel.put(
        "B3", [["a\tb", 0.1 + 0.2, True, None, VBAErrorValue(2042)], ["00123", -5, False, "x", "\u4e2d\U0001f600"]]
    )
    grid = sent(excel, "B3:F4")
    assert list(grid.rows()) == [
        ("a\tb", 0.1 + 0.2, True, None, CellError("#N/A")),
        ("00123", -5, False, "x", "\u4e2d\U0001f600"),
    ]
    assert (grid.sheet, grid.first_row, grid.first_column, grid.date_system) == ("Sheet1", 3, 2, 1900)


def test_one_cell_alone_is_sent_as_a_grid(excel: Excel) -> None:
    excel.put("C3", [["only"]])
    assert list(sent(excel, "C3").rows()) == [("only",)]


def test_a_workbook_that_counts_from_1904_says_so(excel: Excel) -> None:
    excel.put("A1", [[1000], [1001]])
    excel.count_from_1904()
    assert sent(excel, "A1:A2").date_system == 1904


def test_a_sheets_name_in_any_script_is_sent(excel: Excel) -> None:
    excel.put("A1", [[1], [2]])
    excel.sheet().sheet.vba_set("Name", "\u8ba2\u5355 1")
    assert sent(excel, "A1:A2").sheet == "\u8ba2\u5355 1"


def test_the_most_frequent_format_and_the_others_are_sent(excel: Excel) -> None:
    excel.put("A1", [[row, row, row] for row in range(1, 9)])
    excel.set("A1:A8", "NumberFormat", "0.00")
    excel.set("B1:B8", "NumberFormat", "@")
    excel.set("B2", "NumberFormat", "yyyy-mm-dd")
    excel.set("B5:B7", "NumberFormat", "General")
    grid = sent(excel, "A1:C8")
    assert grid.formats == (
        ColumnFormats("0.00"),
        ColumnFormats("@", {1: "yyyy-mm-dd", 4: "General", 5: "General", 6: "General"}),
        ColumnFormats("General"),
    )


def test_one_format_everywhere_is_asked_for_once(excel: Excel) -> None:
    excel.put("A1", [[1, 2], [3, 4]])
    excel.set("A1:B2", "NumberFormat", "yyyy-mm-dd")
    assert sent(excel, "A1:B2").formats == (ColumnFormats("yyyy-mm-dd"), ColumnFormats("yyyy-mm-dd"))


def test_formulas_are_marked_and_texts_that_look_like_them_are_not(excel: Excel) -> None:
    excel.put("A1", [[1, "=x"], [2, "y"], [3, 4], [None, "z"]])
    excel.set("A2", "Formula", "=A1+1")
    excel.set("B3", "Formula", '="t"')
    grid = sent(excel, "A1:B4")
    marked = [(row, column) for row in range(4) for column in range(2) if grid.mask_at(row, column) == FORMULA]
    assert marked == [(1, 0), (2, 1)]
    assert list(grid.rows())[:3] == [(1, "=x"), (2, "y"), (3, "t")]
    assert excel.run("DhSeen", "formulas") == 2
    assert excel.run("DhSeen", "cells") == 8


def test_a_column_of_formulas_alone_is_marked(excel: Excel) -> None:
    excel.put("A1", [[1], [2], [3]])
    excel.set("B1:B3", "Formula", "=A1*2")
    grid = sent(excel, "A1:B3")
    assert [grid.mask_at(row, 1) for row in range(3)] == [FORMULA] * 3
    assert [grid.mask_at(row, 0) for row in range(3)] == [0] * 3


def test_what_an_array_spilled_into_is_marked_as_a_formula(excel: Excel) -> None:
    excel.put("A1", [["a"], ["b"], ["c"]])
    excel.set("B1", "Formula2", "=SEQUENCE(2)")
    grid = sent(excel, "A1:B3")
    assert [grid.mask_at(row, 1) for row in range(3)] == [FORMULA, FORMULA, 0]


def test_covered_cells_of_merged_blocks_are_marked(excel: Excel) -> None:
    excel.put("A1", [["a", "b", "c"], ["d", None, "f"], ["g", None, "i"]])
    excel.cells("A2:B3").vba_get("Merge")
    grid = sent(excel, "A1:C3")
    marked = [(row, column) for row in range(3) for column in range(3) if grid.mask_at(row, column) == MERGED]
    assert marked == [(1, 1), (2, 0), (2, 1)]
    assert excel.run("DhSeen", "merged") == 3


def test_texts_with_formats_inside_are_marked(excel: Excel) -> None:
    excel.put("A1", [["a"], ["b"], ["c"], ["d"], ["e"]])
    excel.set("A1", "Locked", False)
    excel.cells("A4").vba_get("Font").vba_set("Size", 20)
    excel.rich("A2")
    grid = sent(excel, "A1:A5")
    assert [grid.mask_at(row, 0) for row in range(5)] == [0, RICH, 0, 0, 0]
    assert excel.run("DhSeen", "rich") == 1


def test_locked_cells_are_marked_only_where_the_sheet_is_protected(excel: Excel) -> None:
    excel.put("A1", [["a", "b"], ["c", "d"], ["e", "f"]])
    excel.set("A1:A2", "Locked", False)
    assert sent(excel, "A1:B3").masks == ()
    excel.run("Guard_")
    grid = sent(excel, "A1:B3")
    locked = [(row, column) for row in range(3) for column in range(2) if grid.mask_at(row, column) == LOCKED]
    assert locked == [(0, 1), (1, 1), (2, 0), (2, 1)]
    assert excel.run("DhSeen", "locked") == 4


def test_all_marks_of_one_cell_stand_in_the_wires_order(excel: Excel) -> None:
    excel.put("A1", [["a", "b"], ["c", "d"]])
    excel.set("B2", "Formula", "=1+1")
    excel.rich("A2")
    excel.run("Guard_")
    excel.select("A1:B2")
    assert excel.run("Sent", "", False).split("\n\n")[1] == "l:t:a\tl:t:b\nr:l:t:c\tf:l:n:2\n"


def test_rows_hidden_by_hand_or_by_a_filter_are_told(excel: Excel) -> None:
    excel.put("A1", [["Kind"], *([[kind] for kind in "abbabba"])])
    excel.select("A1:A8")
    assert excel.run("Hidden_") == 0
    assert sent(excel, "A1:A8").hidden_rows == frozenset()
    excel.run("Filter_", "A1:A8", 1, "a")
    assert excel.run("Hidden_") == 4
    assert sent(excel, "A2:A8").hidden_rows == {1, 2, 4, 5}
    assert excel.run("DhSeen", "hidden") == 4
    excel.select("A2:A8")
    assert "#hidden\t2-3,5-6\n" in excel.run("Sent", "", False)


def test_one_hidden_row_alone_is_told(excel: Excel) -> None:
    excel.put("A1", [["a"], ["b"]])
    excel.put("A2", [["b", "c"]])
    excel.hide_rows(2, 2)
    assert sent(excel, "A2:B2").hidden_rows == {0}


def test_options_stand_in_the_first_grid_only(excel: Excel) -> None:
    excel.put("A1", [[1, 2, 3], [4, 5, 6]])
    excel.select("A1:A2,C1:C2")
    text = excel.run("Sent", "#workbook\tBook1\n", False)
    first, second = text.split("#size")[1:]
    assert tsv.decode_all("#size" + first) == (
        {"workbook": "Book1"},
        [Grid(columns=([1, 4],), sheet="Sheet1")],
    )
    assert tsv.decode_all("#size" + second) == ({}, [Grid(columns=([3, 6],), sheet="Sheet1", first_column=3)])


def test_more_cells_than_are_read_at_once_arrive_whole(excel: Excel) -> None:
    rows = [[f"name {row}", row, None, "x"] for row in range(1, 5_101)]
    excel.put("A1", rows)
    excel.set("B3", "Formula", "=1+2")
    excel.set("B5090", "Formula", "=5000+90")
    grid = sent(excel, "A:D")
    assert grid.row_count == 5_100
    assert [list(row) for row in grid.rows()] == rows
    assert [row for row in range(5_100) if grid.mask_at(row, 1)] == [2, 5_089]


def test_a_jobs_ranges_are_found_in_the_workbook(excel: Excel) -> None:
    excel.sheet().sheet.vba_set("Name", "\u8ba2\u5355")
    reply = tsv.encode(Grid(columns=(["\u8ba2\u5355", "\u8ba2\u5355"], ["A2:B9", "D5"]), header=("sheet", "range")))
    assert excel.run("NamedBy", reply) == "\u8ba2\u5355!A2:B9 \u8ba2\u5355!D5"


def test_a_jobs_sheet_that_is_gone_is_named(excel: Excel) -> None:
    reply = tsv.encode(Grid(columns=(["Orders"], ["A2:B9"]), header=("sheet", "range")))
    assert raised_by(excel, "NamedBy", reply) == (47006, "Orders")
