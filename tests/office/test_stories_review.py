"""Ticking, applying and taking back, told by clicks: a person's own ways with the list, and cells edited meanwhile."""

from __future__ import annotations

import pytest
from pyopenvba.interpreter import EMPTY

from tests.office.desk import BEFORE_LIST, CHANGES, CLEAN, ORDERS, excel_on, listed, orders, states, ticked
from tests.office.interpreter import Excel
from tests.office.stories import story
from tests.serving import Service

YES, NO, CANCEL = 6, 7, 2
HINT = "\n\nTo take it back: Ctrl+Z now, or the button Undo at any time."


@pytest.fixture
def excel(story_service: Service) -> Excel:
    """Excel with the orders cleaned and the list of changes in front."""
    excel = excel_on(story_service)
    excel.click("DhRibbonClean")
    return excel


def row_of(excel: Excel, cell: str) -> int:
    return next(line["row"] for line in listed(excel) if line["cell"] == cell)


def tick(excel: Excel, cell: str, mark: str | None) -> None:
    excel.set(f"A{row_of(excel, cell)}", "Value", EMPTY if mark is None else mark)


@story("partial-apply", engine="pyopenvba")
def test_only_what_is_ticked_is_written(excel: Excel) -> None:
    for row in range(2, 10):
        tick(excel, f"C{row}", None)
    tick(excel, "E4", "✓")

    excel.click("DhRibbonApply")

    wanted = [list(row) for row in ORDERS]
    wanted[0][0], wanted[5][0], wanted[2][4] = "Ann Lee", "Fay Poe", 40.5
    assert orders(excel) == wanted
    assert excel.told == [f"Cells written: 3.{HINT}"]
    assert {cell for cell, state in states(excel).items() if state == "changed"} == {"A2", "A7", "E4"}


@pytest.mark.parametrize("mark", ["x", "X", "yes", "y", "1", "ok", "✓"])
def test_anything_that_is_not_a_no_is_a_tick(excel: Excel, mark: str) -> None:
    for cell in CHANGES:
        tick(excel, cell, None)
    tick(excel, "A2", mark)

    excel.click("DhRibbonApply")

    assert orders(excel) == [["Ann Lee", *ORDERS[0][1:]], *ORDERS[1:]]


@pytest.mark.parametrize("mark", [None, "", " ", "no", "N", "-", "0", "×", "否", "false"])
def test_a_no_is_no_tick(excel: Excel, mark: str | None) -> None:
    for cell in CHANGES:
        tick(excel, cell, mark)

    excel.click("DhRibbonApply")

    assert orders(excel) == ORDERS
    assert excel.told[0].startswith("Nothing is ticked, so nothing was written.")


def test_in_chinese_a_cross_is_a_no(story_service: Service) -> None:
    excel = excel_on(story_service, language=2052)
    excel.click("DhRibbonClean")
    for cell in CHANGES:
        tick(excel, cell, "x")

    excel.click("DhRibbonApply")

    assert orders(excel) == ORDERS
    assert excel.told[0].startswith("没有打勾的更改")


def test_what_is_written_loses_its_tick_and_a_second_apply_writes_the_rest(excel: Excel) -> None:
    excel.click("DhRibbonApply")
    assert ticked(excel) == []
    tick(excel, "E4", "✓")

    excel.click("DhRibbonApply")

    assert orders(excel)[2] == ["Cy Dunn", "Berlin", 45295.0, "00125", 40.5]
    assert excel.told[-1] == f"Cells written: 1.{HINT}"
    assert set(states(excel).values()) == {"changed"}


def test_lines_that_a_filter_hides_are_applied_and_told_too(excel: Excel) -> None:
    first, last = listed(excel)[0]["row"], listed(excel)[-1]["row"]
    excel.run("FilterBy", f"A{first - 1}:M{last}", 2, "E4")

    excel.click("DhRibbonApply")

    assert orders(excel) == CLEAN
    assert {cell for cell, state in states(excel).items() if state == "changed"} == set(CHANGES)
    assert ticked(excel) == []


@story("conflict", engine="pyopenvba")
def test_a_cell_edited_meanwhile_is_not_overwritten_but_listed(excel: Excel) -> None:
    excel.put("A2", [["Ann Lee-Smith"]], sheet=1)

    excel.click("DhRibbonApply")

    assert orders(excel) == [["Ann Lee-Smith", *CLEAN[0][1:]], *CLEAN[1:]]
    assert states(excel)["A2"] == "A2: no longer holds Ann Lee "
    assert ticked(excel) == ["A2"]
    assert excel.told == [
        "Cells written: 9.\n"
        "Left alone: 1. They were changed meanwhile, or hold a formula or a lock; "
        "the column State says which and why.\n"
        f"   A2: no longer holds Ann Lee {HINT}"
    ]


def test_a_cell_that_became_a_formula_is_not_overwritten(excel: Excel) -> None:
    excel.run("GoTo_", "Sheet1")
    excel.run("PutFormula", "A2", '="Ann Lee "')
    excel.say(YES)

    excel.click("DhRibbonApply")

    assert excel.formula("A2", sheet=1) == '="Ann Lee "'
    assert states_of_list(excel)["A2"] == "A2: holds a formula"


def states_of_list(excel: Excel) -> dict[str, str]:
    excel.run("GoTo_", "Deskhand review")
    return states(excel)


def test_apply_from_the_data_asks_first(excel: Excel) -> None:
    excel.run("GoTo_", "Sheet1")
    excel.say(NO)

    excel.click("DhRibbonApply")

    assert excel.told == ["Write the ticked changes of the list on sheet Deskhand review? (10)"]
    assert excel.told_kinds == [36]
    assert orders(excel) == ORDERS


def test_a_list_that_was_sorted_renamed_and_shifted_is_still_understood(excel: Excel) -> None:
    first, last = listed(excel)[0]["row"], listed(excel)[-1]["row"]
    excel.run("SortRows", f"A{first}:M{last}", f"M{first}")
    excel.run("InsertColumn", "C1")
    excel.run("InsertRows", "1:2")
    excel.run("RenameSheet", "My own name")

    excel.click("DhRibbonApply")

    assert orders(excel) == CLEAN
    assert excel.told == [f"Cells written: 10.{HINT}"]


def test_a_list_that_lost_a_column_says_so(excel: Excel) -> None:
    excel.set("A1", "Value", "my own")

    excel.click("DhRibbonApply")

    assert excel.told[0].startswith("This list has lost the columns by which Deskhand knows its lines: accept.")
    assert orders(excel) == ORDERS


def test_a_deleted_list_is_said_and_can_be_opened_again_by_review(excel: Excel) -> None:
    excel.run("GoTo_", "Sheet1")
    excel.run("DeleteSheet", "Deskhand review")
    excel.click("DhRibbonApply")
    assert excel.told[0].startswith("There is no list of changes in this workbook.")

    excel.click("DhRibbonReview")

    assert excel.sheet().name == "Deskhand review"
    assert {line["cell"] for line in listed(excel)} == {*CHANGES, "E4"}
    excel.click("DhRibbonApply")
    assert orders(excel) == CLEAN


def test_review_goes_to_the_list_that_is_there(excel: Excel) -> None:
    excel.run("GoTo_", "Sheet1")

    excel.click("DhRibbonReview")

    assert excel.sheet().name == "Deskhand review"
    assert excel.told == []
    assert excel.sheet_names() == ["Sheet1", "Deskhand review"]


def test_the_data_sheet_under_another_name_is_said_plainly(excel: Excel) -> None:
    excel.run("GoTo_", "Sheet1")
    excel.run("RenameSheet", "Moved")
    excel.run("GoTo_", "Deskhand review")

    excel.click("DhRibbonApply")

    assert excel.told[0].startswith("The sheet or the cells of this list are no longer in this workbook: Sheet1")
    assert excel.value("A2:E9", sheet=1) == ORDERS


def test_rows_inserted_above_the_table_are_no_reason_to_write_into_wrong_cells(excel: Excel) -> None:
    excel.run("GoTo_", "Sheet1")
    excel.run("InsertRows", "1:1")
    excel.run("GoTo_", "Deskhand review")

    excel.click("DhRibbonApply")

    assert excel.value("A3:E10", sheet=1) == ORDERS
    assert excel.told[0].startswith("No cell was written.\nLeft alone: 10.")


def test_where_most_cells_are_different_it_asks_before_it_writes_the_rest(excel: Excel) -> None:
    excel.put("A2", [["Somebody else"]], sheet=1)
    excel.put("C2", [[f"2025-01-0{day}"] for day in range(1, 9)], sheet=1)
    before = orders(excel)
    excel.say(NO)

    excel.click("DhRibbonApply")

    assert excel.told == [
        "Most of these cells (9) are not as they were when you clicked Clean. Rows or columns may have been inserted, "
        "deleted or sorted since.\n\nBest click No, select the cells and click Clean again. "
        "Write the rest all the same (1)?"
    ]
    assert orders(excel) == before
    excel.click("DhRibbonReview")
    assert "changed" not in states(excel).values()
    excel.say(YES)
    excel.click("DhRibbonApply")
    assert orders(excel)[5][0] == "Fay Poe"


def test_a_workbook_saved_under_another_name_keeps_its_list_and_its_undo(excel: Excel) -> None:
    excel.app.workbook.name = "Orders 2.xlsx"
    excel.click("DhRibbonApply")
    assert orders(excel) == CLEAN
    excel.app.workbook.name = "Orders 3.xlsx"
    excel.run("GoTo_", "Sheet1")
    excel.select("G20")
    excel.say(YES)

    excel.click("DhRibbonUndo")

    assert orders(excel) == ORDERS


@story("undo-one", engine="pyopenvba")
def test_undo_on_a_line_takes_that_change_back(excel: Excel) -> None:
    excel.click("DhRibbonApply")
    excel.select(f"F{row_of(excel, 'A7')}")
    excel.say(YES)

    excel.click("DhRibbonUndo")

    wanted = [list(row) for row in CLEAN]
    wanted[5][0] = " Fay Poe"
    assert orders(excel) == wanted
    assert excel.told[-2:] == [
        "Take back the change in A7?\n\nYes: only this change\n"
        "No: everything that was written last in this workbook (10 cells)\nCancel: nothing",
        "Cells as they were before: 1.",
    ]
    assert states(excel)["A7"] == "safe, not written"
    assert ticked(excel) == []


def test_undo_on_several_lines_takes_those_changes_back(excel: Excel) -> None:
    excel.click("DhRibbonApply")
    rows = sorted(row_of(excel, cell) for cell in ("A2", "C2"))
    assert rows[1] == rows[0] + 1
    excel.select(f"A{rows[0]}:B{rows[1]}")
    excel.say(YES)

    excel.click("DhRibbonUndo")

    assert orders(excel) == [ORDERS[0], *CLEAN[1:]]
    assert excel.told[-2].startswith("Take back the 2 changes that are selected in the list?")


@story("undo-one", engine="pyopenvba")
def test_undo_on_a_changed_cell_takes_that_change_back(excel: Excel) -> None:
    excel.click("DhRibbonApply")
    excel.run("GoTo_", "Sheet1")
    excel.select("C4")
    excel.say(YES)

    excel.click("DhRibbonUndo")

    wanted = [list(row) for row in CLEAN]
    wanted[2][2] = "2024-01-04"
    assert orders(excel) == wanted
    assert excel.told[-2].startswith("Take back the change in C4?")


def test_cancel_in_the_question_takes_nothing_back(excel: Excel) -> None:
    excel.click("DhRibbonApply")
    excel.select(f"F{row_of(excel, 'A7')}")
    excel.say(CANCEL)

    excel.click("DhRibbonUndo")

    assert orders(excel) == CLEAN
    assert excel.switches() == BEFORE_LIST


@story("undo-all", engine="pyopenvba")
@pytest.mark.parametrize("address", ["G20", "A1:E9", "B2"])
def test_undo_elsewhere_takes_everything_back(excel: Excel, address: str) -> None:
    excel.click("DhRibbonApply")
    excel.run("GoTo_", "Sheet1")
    excel.select(address)
    excel.say(YES)

    excel.click("DhRibbonUndo")

    assert orders(excel) == ORDERS
    assert len(excel.told) == 3, excel.told[-1]
    assert excel.told[-2:] == [
        "Take back everything that Deskhand wrote last in this workbook? (10 cells)",
        "Cells as they were before: 10.",
    ]
    assert excel.get("C2:C9", "NumberFormat", sheet=1) == "General"


def test_what_was_taken_back_as_a_whole_is_ticked_again_and_can_be_applied_again(excel: Excel) -> None:
    excel.click("DhRibbonApply")
    excel.select("A2")
    excel.say(YES)
    excel.click("DhRibbonUndo")
    assert orders(excel) == ORDERS
    assert sorted(ticked(excel)) == sorted(CHANGES)

    excel.click("DhRibbonApply")

    assert orders(excel) == CLEAN


def test_undo_leaves_a_cell_alone_that_was_edited_after_apply(excel: Excel) -> None:
    excel.click("DhRibbonApply")
    excel.put("A2", [["Ann Lee-Smith"]], sheet=1)
    excel.select("A2")
    excel.say(YES)

    excel.click("DhRibbonUndo")

    assert orders(excel) == [["Ann Lee-Smith", *ORDERS[0][1:]], *ORDERS[1:]]
    assert "Left alone: 1." in excel.told[-1]
    assert "A2" in excel.told[-1]


@story("undo-by-ctrl-z", engine="pyopenvba")
def test_ctrl_z_after_apply_takes_it_back_without_a_question(excel: Excel) -> None:
    excel.click("DhRibbonApply")
    assert excel.undo == [("Deskhand: take back what was written", "DhUndoByKey")]
    said = len(excel.told)

    excel.run(excel.undo[0][1])

    assert orders(excel) == ORDERS
    assert excel.told[said:] == []
    assert excel.switches() == BEFORE_LIST


def test_where_nothing_was_written_ctrl_z_stays_excel_s_own(excel: Excel) -> None:
    for row, values in enumerate(ORDERS, 2):
        excel.put(f"A{row}", [["edited", *values[1:2], "edited"]], sheet=1)

    excel.click("DhRibbonApply")

    assert excel.told[0].startswith("No cell was written.\nLeft alone: 10.")
    assert excel.undo == []


def test_undo_with_nothing_to_take_back_says_so(story_service: Service) -> None:
    excel = excel_on(story_service)
    excel.app.workbook.name = "Never cleaned.xlsx"

    excel.click("DhRibbonUndo")

    assert excel.told[0].startswith("There is nothing to take back in this workbook.")
