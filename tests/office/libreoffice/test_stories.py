"""Stories told by LibreOffice Calc with the add-in's own modules: a click, a list, cells that change, and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl.styles import Protection

from tests.office.desk import CHANGES, CLEAN, HEADER, ORDERS
from tests.office.libreoffice.calc import Calc
from tests.office.libreoffice.paper import NO, YES, Paper, many_rows
from tests.office.stories import story
from tests.serving import Service

HINT = "\n\nTo take it back: Ctrl+Z now, or the button Undo at any time."
Given = Callable[..., Paper]


@pytest.fixture
def given(office: Calc, tmp_path: Path) -> Given:
    """A function that lays a paper on the desk."""
    return lambda **wishes: Paper(office, tmp_path, **wishes)


@story("clean-to-cells", engine="libreoffice")
@story("english", engine="libreoffice")
def test_clean_and_apply_make_the_cells_clean(given: Given) -> None:
    paper = given()

    assert paper.click("Clean").messages == []
    assert paper.cells() == ORDERS
    told = paper.click("Apply")

    assert paper.cells() == CLEAN
    assert paper.calc.formats(paper.book, "Sheet1", "C2:C9") == [["YYYY-MM-DD"]] * 8
    assert told.messages == [f"Cells written: 10.{HINT}"]
    assert told.status[-1] == ""


@story("review", engine="libreoffice")
def test_the_list_tells_each_change_and_ticks_what_is_safe(given: Given) -> None:
    paper = given()

    paper.click("Clean")

    assert paper.sheets == ["Sheet1", "Deskhand review"]
    lines = {line["cell"]: line for line in paper.lines}
    assert {cell: (line["before"], line["after"]) for cell, line in lines.items()} == {
        **CHANGES,
        "E4": ("40,5", "40.5"),
    }
    assert sorted(paper.ticked) == sorted(CHANGES)
    assert [lines["E4"][key] for key in ("accept", "sheet", "column", "verdict", "state")] == [
        "",
        "Sheet1",
        "Amount",
        "review",
        "to review",
    ]
    assert lines["A2"]["reason"] == "Spaces at the beginning or end were taken away."
    assert paper.link_of("A2") == """=HYPERLINK("#'Sheet1'!A2";"A2")"""
    assert paper.notes[0] == f"Deskhand: what would change in {paper.book}"
    assert paper.notes[1:3] == [
        "Safe changes: 10. For you to decide: 1. Only to look at: 0.",
        "Cells looked at: 45.",
    ]


@story("review", engine="libreoffice")
def test_review_brings_the_list_to_the_front_again(given: Given) -> None:
    paper = given()
    paper.click("Clean")
    paper.select("A1")

    paper.click("Review")

    assert paper.calc.active()[1] == "Deskhand review"
    assert paper.sheets == ["Sheet1", "Deskhand review"]


def test_values_selected_without_their_titles_are_all_cleaned_and_named_by_them(given: Given) -> None:
    paper = given()
    paper.put("A3", "Bob Ray ")
    paper.select("A2:A9")

    paper.click("Clean")

    assert {(line["cell"], line["column"]) for line in paper.lines} == {(cell, "Name") for cell in ("A2", "A3", "A7")}


@story("partial-apply", engine="libreoffice")
def test_only_what_is_ticked_is_written(given: Given) -> None:
    paper = given()
    paper.click("Clean")
    for row in range(2, 10):
        paper.tick(f"C{row}", "")
    paper.tick("E4", "✓")

    told = paper.click("Apply")

    wanted = [list(row) for row in ORDERS]
    wanted[0][0], wanted[5][0], wanted[2][4] = "Ann Lee", "Fay Poe", 40.5
    assert paper.cells() == wanted
    assert told.messages == [f"Cells written: 3.{HINT}"]
    assert {cell for cell, state in paper.states.items() if state == "changed"} == {"A2", "A7", "E4"}


@story("conflict", engine="libreoffice")
def test_a_cell_edited_meanwhile_is_not_overwritten_but_listed(given: Given) -> None:
    paper = given()
    paper.click("Clean")
    paper.put("A2", "Ann Lee-Smith")

    told = paper.click("Apply")

    assert paper.cells() == [["Ann Lee-Smith", *CLEAN[0][1:]], *CLEAN[1:]]
    assert paper.states["A2"] == "A2: no longer holds Ann Lee "
    assert told.messages[0].startswith("Cells written: 9.\nLeft alone: 1.")


@story("undo-one", engine="libreoffice")
def test_undo_on_a_line_of_the_list_takes_back_that_change(given: Given) -> None:
    paper = given()
    paper.click("Clean")
    paper.click("Apply")
    paper.select(f"E{paper.row_of('A2')}", "Deskhand review")

    told = paper.click("Undo", says=YES)

    assert paper.cells() == [[ORDERS[0][0], *CLEAN[0][1:]], *CLEAN[1:]]
    assert told.messages[0].startswith("Take back the change in A2?")
    assert told.messages[1] == "Cells as they were before: 1."
    assert paper.states["A2"] == "safe, not written"


@story("undo-one", engine="libreoffice")
def test_undo_on_a_cell_takes_back_what_was_written_there(given: Given) -> None:
    paper = given()
    paper.click("Clean")
    paper.click("Apply")
    paper.select("C4")

    told = paper.click("Undo", says=YES)

    assert paper.cells("C4") == [["2024-01-04"]]
    assert paper.cells("C3") == [[45294.0]]
    assert told.messages[0].startswith("Take back the change in C4?")


@story("undo-all", engine="libreoffice")
def test_undo_elsewhere_takes_back_everything(given: Given) -> None:
    paper = given()
    paper.click("Clean")
    paper.click("Apply")
    paper.select("A1:E9")

    told = paper.click("Undo", says=YES)

    assert paper.cells() == ORDERS
    assert paper.calc.formats(paper.book, "Sheet1", "C2:C9") == [["General"]] * 8
    assert told.messages == [
        "Take back everything that Deskhand wrote last in this workbook? (10 cells)",
        "Cells as they were before: 10.",
    ]


@story("undo-all", engine="libreoffice")
def test_a_no_leaves_everything_written(given: Given) -> None:
    paper = given()
    paper.click("Clean")
    paper.click("Apply")
    paper.select("A1:E9")

    paper.click("Undo", says=NO)

    assert paper.cells() == CLEAN


@story("undo-by-ctrl-z", engine="libreoffice")
def test_apply_offers_undo_and_the_offered_macro_takes_everything_back(given: Given) -> None:
    paper = given()
    paper.click("Clean")

    label, macro = paper.click("Apply").undo[-1].split("\t")
    assert label == "Deskhand: take back what was written"
    told = paper.calc.run(macro)

    assert paper.cells() == ORDERS
    assert told.messages == []


@story("rows-50000", engine="libreoffice")
def test_fifty_thousand_rows_are_cleaned_and_written(given: Given) -> None:
    rows = many_rows(50_000)
    paper = given(rows=rows)
    paper.select("A1:A50001")

    paper.click("Clean")
    assert len(paper.lines) == 500
    told = paper.click("Apply")

    assert told.messages == [f"Cells written: 500.{HINT}"]
    assert paper.calc.values(paper.book, "Sheet1", "A2:B50001") == [[name.strip(), amount] for name, amount in rows[1:]]


@story("chinese", engine="libreoffice")
def test_chinese_cells_are_cleaned_and_told_in_chinese(given: Given, story_service: Service) -> None:
    rows: list[list[Any]] = [["姓名", "城市", "日期"]]
    rows += [[f"张{digit}", "北京", f"2024年1月{day}日"] for day, digit in enumerate("一二三四五六七八", 1)]
    rows[3][0] = "张三 "
    paper = given(rows=rows)
    paper.calc.environment(**{"DESKHAND_FOLDER": str(story_service.folder), "office language": "2052"})

    paper.click("Clean")
    assert paper.sheets == ["Sheet1", "Deskhand 清单"]
    assert {line["cell"]: line["reason"] for line in paper.lines}["A4"] == "去掉了开头或结尾的空格。"
    told = paper.click("Apply")

    assert paper.cells("A4:C4") == [["张三", "北京", 45294.0]]
    assert told.messages == ["已写入的单元格：9 个。\n\n要恢复原样：现在按 Ctrl+Z，或随时点“撤销”。"]


@story("filtered", engine="libreoffice")
def test_of_hidden_rows_nothing_changes_and_a_note_says_so(given: Given) -> None:
    hidden = [row for row in range(8) if ORDERS[row][1] != "Paris"]

    # Hidden by hand: where a filter hid them, LibreOffice's Selection leaves them out by itself.
    def hide(sheet: Any) -> None:
        for row in hidden:
            sheet.row_dimensions[row + 2].hidden = True

    paper = given(dress=hide)

    paper.click("Clean")
    assert "Hidden rows were left alone: 4. Only visible rows were cleaned." in paper.notes
    paper.click("Apply")

    assert paper.cells() == [ORDERS[row] if row in hidden else CLEAN[row] for row in range(8)]


@story("two-areas", engine="libreoffice")
def test_two_areas_are_two_tables_of_one_job(given: Given) -> None:
    paper = given(rows=[[*row, None, *row] for row in (HEADER, *ORDERS)])
    paper.select("A1:C9,G1:I9")

    paper.click("Clean")
    assert {line["cell"] for line in paper.lines} == {
        *CHANGES,
        "G2",
        "G7",
        *(f"I{row}" for row in range(2, 10)),
    }
    paper.click("Apply")

    assert paper.cells("A2:C9") == [row[:3] for row in CLEAN]
    assert paper.cells("G2:I9") == [row[:3] for row in CLEAN]
    assert paper.cells("J2:K9") == [row[3:] for row in ORDERS]


@story("whole-columns", engine="libreoffice")
def test_whole_columns_are_cut_to_what_is_used(given: Given) -> None:
    paper = given()
    paper.select("A1:E1048576")

    paper.click("Clean")

    assert "Cells looked at: 45." in paper.notes
    assert {line["cell"] for line in paper.lines} == {*CHANGES, "E4"}


@story("single-cell", engine="libreoffice")
def test_one_cell_means_the_region_around_it(given: Given) -> None:
    paper = given()
    paper.put("H1", "apart ")
    paper.select("B5")

    paper.click("Clean")

    assert {line["cell"] for line in paper.lines} == {*CHANGES, "E4"}


@story("protected", engine="libreoffice")
def test_locked_cells_are_left_alone_and_a_note_says_so(given: Given) -> None:
    def protect(sheet: Any) -> None:
        for row in range(2, 5):
            sheet.cell(row, 1).protection = Protection(locked=False)
        sheet.protection.enable()

    paper = given(dress=protect)

    paper.click("Clean")
    assert "Locked cells on a protected sheet, left alone: 42." in paper.notes
    assert paper.ticked == ["A2"]
    paper.click("Apply")

    assert paper.cells() == [["Ann Lee", *ORDERS[0][1:]], *ORDERS[1:]]


@story("formulas", engine="libreoffice")
def test_formulas_are_left_alone_and_a_note_says_so(given: Given) -> None:
    def calculate(sheet: Any) -> None:
        sheet["A7"] = '=" Fay"&" Poe"'

    paper = given(dress=calculate)

    paper.click("Clean")
    assert "Cells with formulas, left alone: 1." in paper.notes
    assert "A7" not in paper.states
    paper.click("Apply")

    assert paper.cells("A7") == [['=" Fay"&" Poe"']]
    assert paper.cells("A2") == [["Ann Lee"]]


@story("merged", engine="libreoffice")
def test_covered_cells_are_left_alone_and_a_note_says_so(given: Given) -> None:
    paper = given(dress=lambda sheet: sheet.merge_cells("B2:B3"))

    paper.click("Clean")
    assert "Cells covered by merged cells, left alone: 1." in paper.notes
    assert "B3" not in paper.states
    paper.click("Apply")

    assert paper.cells("A2:C2") == [["Ann Lee", "Berlin", 45293.0]]


@story("text-stays-text", engine="libreoffice")
def test_identifiers_and_texts_that_look_like_formulas_stay_texts(given: Given) -> None:
    rows = [["Code", "Note"], *([f"{number:05}", f"=row {number}"] for number in range(8))]
    rows[4] = ["00003 ", "=row 3 "]
    paper = given(rows=rows)

    paper.click("Clean")
    paper.click("Apply")

    assert paper.cells("A2:B9") == [[f"{number:05}", f"=row {number}"] for number in range(8)]


@story("dates-1904", engine="libreoffice")
def test_a_workbook_that_counts_from_1904_gets_its_own_days(given: Given) -> None:
    paper = given(from_1904=True)

    paper.click("Clean")
    paper.click("Apply")

    # 1,462 days lie between the two beginnings.
    assert [row[2] for row in paper.cells()] == [row[2] - 1462 for row in CLEAN]
