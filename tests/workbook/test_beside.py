"""New columns beside a table: where they stand, what they show of what is there, and that nothing is in the way."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Protection
from openpyxl.worksheet.table import Table

from services.errors import InputError
from services.workbook.files import open_source
from services.workbook.grid import LOCKED, MAX_COLUMN, ColumnFormats, DateSerial, Grid, Sheet
from services.workbook.host import HostCells

HEAD = ["Name", "City", "Amount"]
ROWS = [["Ann", "Oslo", 1], ["Bob", "Rome", 2], ["Cem", "Bonn", 3]]


def book(tmp_path: Path, place=lambda sheet: None, at=(1, 1), rows=(HEAD, *ROWS)) -> Path:
    """A workbook with a table from the cell ``at`` on; ``place`` puts more on its sheet."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for down, cells in enumerate(rows):
        for across, value in enumerate(cells):
            sheet.cell(at[0] + down, at[1] + across, value)
    place(sheet)
    workbook.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def beside(path: Path, *titles: str, cells: str | None = None, at: int = 0):
    source = open_source(path)
    return source.beside(source.tables(None, cells)[at], titles)


def addresses(found) -> list[str]:
    return [
        f"{grid.address_of(0, 0)}:{grid.address_of(grid.row_count - 1, grid.column_count - 1)}" for grid in found.grids
    ]


def test_new_columns_stand_right_of_the_table_with_their_title_cells(tmp_path):
    found = beside(book(tmp_path), "Kind", "Score")
    assert found.title_row
    (grid,) = found.grids
    assert grid.header == ("Kind", "Score")
    assert grid.columns == ([None] * 4, [None] * 4)
    assert (grid.first_row, grid.first_column, grid.sheet) == (1, 4, "Sheet")


def test_a_column_that_has_the_title_is_taken_as_it_stands_whatever_its_case(tmp_path):
    found = beside(book(tmp_path), " city ")
    (grid,) = found.grids
    assert grid.columns == (["City", "Oslo", "Rome", "Bonn"],)
    assert (grid.header, addresses(found)) == ((" city ",), ["B1:B4"])


def test_titles_that_stand_and_titles_that_do_not_are_grids_of_their_own_in_the_order_asked(tmp_path):
    found = beside(book(tmp_path), "Kind", "Name", "Score")
    assert [grid.header for grid in found.grids] == [("Kind",), ("Name",), ("Score",)]
    assert addresses(found) == ["D1:D4", "A1:A4", "E1:E4"]
    found = beside(book(tmp_path), "Amount", "Kind")
    assert ([grid.header for grid in found.grids], addresses(found)) == ([("Amount", "Kind")], ["C1:D4"])


def test_a_title_asked_for_twice_gets_two_columns(tmp_path):
    assert addresses(beside(book(tmp_path), "Kind", "kind")) == ["D1:E4"]
    assert addresses(beside(book(tmp_path), "City", "City")) == ["B1:B4", "D1:D4"]


def test_a_cell_beside_any_row_makes_the_next_gap_the_place(tmp_path):
    path = book(tmp_path, lambda sheet: sheet.cell(3, 5, "a note"))
    assert addresses(beside(path, "Kind")) == ["D1:D4"]
    assert addresses(beside(path, "Kind", "Score")) == ["F1:G4"]


def test_another_table_to_the_right_is_never_written_over(tmp_path):
    def second(sheet):
        for down, cells in enumerate([["Code", "Stock"], ["a1", 5], ["b2", 6], ["c3", 7]]):
            for across, value in enumerate(cells):
                sheet.cell(1 + down, 5 + across, value)

    path = book(tmp_path, second)
    assert addresses(beside(path, "Kind")) == ["D1:D4"]
    assert addresses(beside(path, "Kind", "Score")) == ["G1:H4"]
    assert addresses(beside(path, "Stock", "Kind")) == ["G1:H4"], "a title of another table is not meant"
    assert addresses(beside(path, "Kind", at=1)) == ["G1:G4"]


def test_columns_of_ours_that_stand_away_from_the_table_are_found_again(tmp_path):
    def second(sheet):
        for down, cells in enumerate([["Code", "Stock"], ["a1", 5], ["b2", 6], ["c3", 7]]):
            for across, value in enumerate(cells):
                sheet.cell(1 + down, 5 + across, value)
        sheet["I1"], sheet["I3"], sheet["J1"] = "Kind", "x", "Score"

    found = beside(book(tmp_path, second), "Score", "Kind")
    assert addresses(found) == ["J1:J4", "I1:I4"]
    assert found.grids[1].columns == (["Kind", None, "x", None],)


def test_cells_above_and_below_the_table_are_not_in_the_way(tmp_path):
    def around(sheet):
        sheet["D1"], sheet["D9"] = "printed today", "total"

    assert addresses(beside(book(tmp_path, around, at=(3, 1)), "Kind")) == ["D3:D6"]


def test_merged_cells_are_not_free_even_where_they_are_empty(tmp_path):
    assert addresses(beside(book(tmp_path, lambda sheet: sheet.merge_cells("D3:E3")), "Kind")) == ["F1:F4"]
    assert addresses(beside(book(tmp_path, lambda sheet: sheet.merge_cells("D9:E9")), "Kind")) == ["D1:D4"]


def test_a_protected_sheet_gives_the_columns_that_are_not_locked_else_the_first_with_its_locks(tmp_path):
    def locked(sheet):
        sheet.protection.sheet = True

    def partly(sheet):
        locked(sheet)
        sheet.column_dimensions["F"].protection = Protection(locked=False)
        sheet.column_dimensions["F"].width = 20

    (grid,) = beside(book(tmp_path, locked), "Kind").grids
    assert (grid.address_of(0, 0), grid.masks) == ("D1", (bytes([LOCKED]) * 4,))
    (grid,) = beside(book(tmp_path, partly), "Kind").grids
    assert (grid.address_of(0, 0), grid.masks) == ("F1", ())


def test_a_declared_table_gets_its_columns_right_of_it_and_another_one_is_no_free_place(tmp_path):
    def declared(sheet):
        sheet.add_table(Table(displayName="Own", ref="A1:C4"))
        for at, title in enumerate(["P", "Q"]):
            sheet.cell(2, 5 + at, title)
        sheet.add_table(Table(displayName="Other", ref="E2:F20"))

    path = book(tmp_path, declared)
    assert addresses(beside(path, "Kind")) == ["D1:D4"]
    assert addresses(beside(path, "Kind", "Score")) == ["G1:H4"]


def test_columns_added_to_a_declared_table_are_found_again(tmp_path):
    def declared(sheet):
        sheet.add_table(Table(displayName="Own", ref="A1:C4"))
        for row, cells in enumerate([["Kind", "Score"], ["a", 1], [None, 2], ["b", 3]], 1):
            for column, value in enumerate(cells, 4):
                sheet.cell(row, column, value)

    found = beside(book(tmp_path, declared), "Kind", "Score", "More")
    assert addresses(found) == ["D1:F4"]


def test_a_table_without_a_header_takes_the_row_above_where_that_is_free(tmp_path):
    numbers = [[1, 2], [3, 4], [5, 6]]
    found = beside(book(tmp_path, rows=numbers), "Kind")
    assert (addresses(found), found.title_row) == (["C1:C3"], False)
    found = beside(book(tmp_path, rows=numbers, at=(2, 1)), "Kind")
    assert (addresses(found), found.title_row) == (["C1:C4"], True)
    taken = book(tmp_path, lambda sheet: sheet.cell(4, 3, "Report of May"), rows=numbers, at=(5, 1))
    found = beside(taken, "Kind", cells="A5:B7")
    assert (addresses(found), found.title_row) == (["C5:C7"], False)


def test_a_piece_from_the_middle_of_a_table_has_no_title_row_but_knows_the_titles(tmp_path):
    path = book(tmp_path, lambda sheet: sheet.cell(1, 4, "Kind"))
    found = beside(path, "New", cells="A3:C4")
    assert (addresses(found), found.title_row) == (["E3:E4"], False)
    found = beside(path, "Kind", cells="A3:C4")
    assert (addresses(found), found.title_row) == (["D3:D4"], False)


def test_a_title_in_the_upper_row_of_a_tall_header_is_shown_in_the_title_row(tmp_path):
    def tall(sheet):
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:C1")

    rows = [["Name", "Sales", None], [None, "May", "June"], ["Ann", 1, 2], ["Bob", 3, 4], ["Cem", 5, 6]]
    path = book(tmp_path, tall, rows=rows)
    (grid,) = beside(path, "name").grids
    assert (grid.address_of(0, 0), grid.columns) == ("A2", (["Name", "Ann", "Bob", "Cem"],))
    assert addresses(beside(path, "Kind")) == ["D2:D5"]


def test_hidden_rows_are_carried_over(tmp_path):
    def hide(sheet):
        sheet.row_dimensions[3].hidden = True

    (grid,) = beside(book(tmp_path, hide), "Kind").grids
    assert grid.hidden_rows == frozenset({2})


def test_a_delimited_text_gets_its_columns_at_the_end_of_the_widest_record(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("Name,City,Amount\nAnn,Oslo,1\nBob\nCem,Bonn,3,,x\n")
    found = beside(path, "Kind")
    assert (addresses(found), found.title_row) == (["F1:F4"], True)


def test_named_sheets_are_read_once(tmp_path, monkeypatch):
    path = book(tmp_path)
    source = open_source(path)
    (table,) = source.tables(["Sheet"])
    path.unlink()
    assert source.beside(table, ["Kind"]).grids[0].first_column == 4


def test_no_room_at_the_end_of_the_sheet_is_said():
    table = Grid(([1], [2]), first_column=MAX_COLUMN - 1, sheet="Wide")
    with pytest.raises(InputError) as told:
        HostCells("w", (table,)).beside(table, ["Kind"])
    assert told.value.code == "no-room-beside"


def test_a_selection_gets_its_columns_right_of_what_was_sent():
    sent = Grid((["Name", "Ann", "Bob"], ["City", "Oslo", "Rome"]), first_row=5, first_column=2, sheet="S")
    cells = HostCells("w", (sent,))
    found = cells.beside(cells.tables()[0], ["Kind", "city"])
    assert (addresses(found), found.title_row) == (["D5:D7", "C5:C7"], True)


def test_a_header_that_a_host_sent_apart_is_the_row_above():
    sent = Grid((["Ann", "Bob"], [DateSerial(45000), None]), ("Name", "Day"), first_row=6, sheet="S")
    cells = HostCells("w", (sent,))
    found = cells.beside(cells.tables()[0], ["Day", "Kind"])
    assert (addresses(found), found.title_row) == (["B5:C7"], True)
    assert found.grids[0].columns == (["Day", DateSerial(45000), None], [None] * 3)


def test_empty_columns_of_a_selection_are_used_and_other_selections_are_no_place():
    first = Grid((["Name", "Ann", "Bob"], [None] * 3), sheet="S")
    second = Grid((["Code", "a1", "b2"],), first_column=3, sheet="S")
    cells = HostCells("w", (first, second))
    assert addresses(cells.beside(cells.tables()[0], ["Kind"])) == ["B1:B3"]
    assert addresses(cells.beside(cells.tables()[0], ["Kind", "Score"])) == ["D1:E3"]


def test_values_selected_without_their_title_get_the_row_above_as_title_row():
    cells = HostCells("w", (Grid(([1, 2, 3],), first_row=2, sheet="S"),))
    found = cells.beside(cells.tables()[0], ["Kind"])
    assert (addresses(found), found.title_row) == (["B1:B4"], True)


def test_formats_and_masks_of_an_existing_column_come_along():
    grid = Grid(
        (["Name", "Ann"], ["Day", DateSerial(1)]),
        formats=(ColumnFormats(), ColumnFormats("yyyy-mm-dd", {0: "General"})),
        masks=(b"", bytes([0, LOCKED])),
        sheet="S",
    )
    table = HostCells("w", (grid,)).tables()[0]
    (found,) = HostCells("w", (grid,)).beside(table, ["Day"]).grids
    assert (found.format_at(1, 0), found.masks) == ("yyyy-mm-dd", (bytes([0, LOCKED]),))
    assert Sheet("S", grid).merges == ()
