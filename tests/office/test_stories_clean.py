"""From a selection to a list of changes, told by clicks: what is sent, left alone, and said about it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.office.desk import BEFORE_LIST, CHANGES, CLEAN, HEADER, ORDERS, excel_on, listed, notes, orders, ticked
from tests.office.interpreter import Excel, addin_modules
from tests.office.stories import story
from tests.serving import Service


@pytest.fixture
def excel(story_service: Service) -> Excel:
    return excel_on(story_service)


@story("clean-to-cells", engine="pyopenvba")
@story("english", engine="pyopenvba")
def test_clean_and_apply_make_the_cells_clean(excel: Excel) -> None:
    excel.click("DhRibbonClean")
    assert orders(excel) == ORDERS
    assert excel.told == []

    excel.click("DhRibbonApply")

    assert orders(excel) == CLEAN
    assert excel.get("C2:C9", "NumberFormat", sheet=1) == "yyyy-mm-dd"
    assert excel.told == ["Cells written: 10.\n\nTo take it back: Ctrl+Z now, or the button Undo at any time."]
    assert excel.switches() == BEFORE_LIST


@story("review", engine="pyopenvba")
def test_the_list_tells_each_change_and_ticks_what_is_safe(excel: Excel) -> None:
    excel.click("DhRibbonClean")

    lines = {line["cell"]: line for line in listed(excel)}
    assert excel.sheet_names() == ["Sheet1", "Deskhand review"]
    assert excel.value("A2") == "Deskhand: what would change in Orders.xlsx"
    assert {cell: (line["before"], line["after"]) for cell, line in lines.items()} == {
        **CHANGES,
        "E4": ("40,5", "40.5"),
    }
    assert sorted(ticked(excel)) == sorted(CHANGES)
    assert {key: lines["E4"][key] for key in ("accept", "column", "sheet", "verdict", "state", "proposer")} == {
        "accept": None,
        "column": "Amount",
        "sheet": "Sheet1",
        "verdict": "review",
        "state": "to review",
        "proposer": "rule",
    }
    assert lines["A2"]["reason"] == "Spaces at the beginning or end were taken away."
    assert lines["A2"]["confidence"] == 1.0
    assert excel.formula(f"B{lines['A2']['row']}") == """=HYPERLINK("#'Sheet1'!A2","A2")"""
    assert notes(excel) == [
        "Safe changes: 10. For you to decide: 1. Only to look at: 0.",
        "Cells looked at: 45.",
        "Safe: the rest of the column proves it. Review: likely, so look first. "
        "Look: no rule can decide it, please check the cell yourself.",
        "Making this list has changed nothing. Choose ticks in the first column (a tick = write it, empty = leave it), "
        "then click Apply. Undo takes everything back, also days later.",
    ]


def test_the_list_is_easy_to_read(excel: Excel) -> None:
    excel.click("DhRibbonClean")
    lines = listed(excel)
    first, last = lines[0]["row"], lines[-1]["row"]

    assert excel.get("1:1", "Hidden") is True
    assert excel.tick_lists == [(f"A{first}:A{last}", "✓,")]
    assert excel.frozen == [("Deskhand review", first)]
    assert excel.get(f"G{first}:G{last}", "WrapText") is True
    assert [excel.get(f"{column}1", "ColumnWidth") for column in "AEG"] == [9, 26, 68]
    assert excel.sheet().sheet.vba_get("AutoFilter").vba_get("Range").vba_get("Address") == (
        f"$A${first - 1}:$M${last}"
    )


@pytest.mark.parametrize(
    ("text", "lines"), [("", 1), ("x" * 85, 1), ("x" * 86, 2), ("清" * 32, 1), ("清" * 33, 2), ("x" * 240, 3)]
)
def test_a_long_reason_gets_as_many_lines_as_it_needs(excel: Excel, text: str, lines: int) -> None:
    assert excel.run("TextLines", text) == lines


@story("chinese", engine="pyopenvba")
def test_chinese_cells_are_cleaned_and_told_in_chinese(story_service: Service) -> None:
    excel = excel_on(story_service, language=2052)
    rows: list[list[Any]] = [["姓名", "城市", "日期"]]
    rows += [[f"张{digit}", "北京", f"2024年1月{day}日"] for day, digit in enumerate("一二三四五六七八", 1)]
    rows[3][0] = "张三 "
    excel.new_workbook("订单.xlsx")
    excel.put("A1", rows)
    excel.select("A1:C9")

    excel.click("DhRibbonClean")
    assert excel.sheet_names() == ["Sheet1", "Deskhand 清单"]
    assert excel.value("A2") == "Deskhand：订单.xlsx 中的更改清单"
    assert {line["state"] for line in listed(excel)} == {"安全，未写入"}
    reasons = {line["cell"]: line["reason"] for line in listed(excel)}
    assert reasons["A4"] == "去掉了开头或结尾的空格。"

    excel.click("DhRibbonApply")
    assert excel.value("A4", sheet=1) == "张三"
    assert [value for (value,) in excel.value("C2:C9", sheet=1)] == [45292.0 + day for day in range(8)]
    assert excel.told == ["已写入的单元格：9 个。\n\n要恢复原样：现在按 Ctrl+Z，或随时点“撤销”。"]


def test_a_language_chosen_in_the_settings_comes_before_that_of_office(excel: Excel, story_service: Service) -> None:
    settings = story_service.folder / "settings.toml"
    settings.write_text('language = "zh"\n', "utf-8")
    try:
        excel.click("DhRibbonClean")
    finally:
        settings.unlink()

    assert excel.sheet_names() == ["Sheet1", "Deskhand 清单"]


@story("single-cell", engine="pyopenvba")
def test_one_cell_means_the_region_around_it(excel: Excel) -> None:
    excel.put("H1", [["apart "]])
    excel.select("B5")

    excel.click("DhRibbonClean")

    assert {line["cell"] for line in listed(excel)} == {*CHANGES, "E4"}


def test_values_selected_without_their_titles_are_all_cleaned_and_named_by_them(excel: Excel) -> None:
    excel.put("A2", [["Ann Lee "], ["Bob Ray "]])
    excel.select("A2:A9")

    excel.click("DhRibbonClean")

    assert {(line["cell"], line["column"]) for line in listed(excel)} == {
        ("A2", "Name"),
        ("A3", "Name"),
        ("A7", "Name"),
    }


@story("table", engine="pyopenvba")
def test_one_cell_of_a_table_means_the_table_and_its_titles_are_its_header(excel: Excel) -> None:
    excel.run("MakeTable", "A1:E9", "Orders")
    excel.put("A10", [["right below "]])
    excel.select("C3")

    excel.click("DhRibbonClean")

    assert {line["cell"] for line in listed(excel)} == {*CHANGES, "E4"}
    assert {line["column"] for line in listed(excel)} == {"Name", "Ordered", "Amount"}


@story("whole-columns", engine="pyopenvba")
def test_whole_columns_are_cut_to_what_is_used(excel: Excel) -> None:
    excel.select("A:E")

    excel.click("DhRibbonClean")

    assert {line["cell"] for line in listed(excel)} == {*CHANGES, "E4"}
    assert "Cells looked at: 45." in notes(excel)


@story("two-areas", engine="pyopenvba")
def test_two_areas_are_two_tables_of_one_job(excel: Excel) -> None:
    excel.put("J1", [HEADER, *ORDERS])
    excel.select("A1:C9,J1:L9")

    excel.click("DhRibbonClean")
    assert {line["cell"] for line in listed(excel)} == {*CHANGES, *(f"L{row}" for row in range(2, 10)), "J2", "J7"}

    excel.click("DhRibbonApply")
    assert excel.value("A2:C9", sheet=1) == [row[:3] for row in CLEAN]
    assert excel.value("J2:L9", sheet=1) == [row[:3] for row in CLEAN]
    assert [row[3:] for row in orders(excel)] == [row[3:] for row in ORDERS]


@story("filtered", engine="pyopenvba")
def test_of_a_filtered_range_only_visible_rows_change_and_a_note_says_so(excel: Excel) -> None:
    excel.run("FilterBy", "A1:E9", 2, "Paris")
    excel.select("A1:E9")

    excel.click("DhRibbonClean")
    assert "Hidden rows were left alone: 4. Only visible rows were cleaned." in notes(excel)
    excel.click("DhRibbonApply")

    visible = [row for row in range(8) if ORDERS[row][1] == "Paris"]
    assert orders(excel) == [CLEAN[row] if row in visible else ORDERS[row] for row in range(8)]


@story("formulas", engine="pyopenvba")
def test_formulas_are_left_alone_and_a_note_says_so(excel: Excel) -> None:
    excel.put("F1", [["Length"]])
    excel.run("PutFormula", "F2:F9", "=LEN(A2)")
    excel.run("PutFormula", "A7", '=" Fay"&" Poe"')
    excel.select("A1:F9")

    excel.click("DhRibbonClean")
    assert "Cells with formulas, left alone: 9." in notes(excel)
    excel.click("DhRibbonApply")

    assert excel.formula("F2", sheet=1) == "=LEN(A2)"
    assert excel.formula("A7", sheet=1) == '=" Fay"&" Poe"'
    assert excel.value("A2", sheet=1) == "Ann Lee"


@story("merged", engine="pyopenvba")
def test_covered_cells_are_left_alone_and_a_note_says_so(excel: Excel) -> None:
    excel.run("MergeCells_", "B2:B3")
    excel.select("A1:E9")

    excel.click("DhRibbonClean")
    assert "Cells covered by merged cells, left alone: 1." in notes(excel)
    excel.click("DhRibbonApply")

    assert excel.get("B2", "MergeCells", sheet=1) is True
    assert excel.value("A2:C2", sheet=1) == [["Ann Lee", "Berlin", 45293.0]]


@story("protected", engine="pyopenvba")
def test_locked_cells_are_left_alone_and_a_note_says_so(excel: Excel) -> None:
    excel.run("Unlock_", "A2:A4")
    excel.run("ProtectSheet")

    excel.click("DhRibbonClean")
    assert "Locked cells on a protected sheet, left alone: 42." in notes(excel)
    assert ticked(excel) == ["A2"]
    excel.click("DhRibbonApply")

    assert orders(excel) == [["Ann Lee", *ORDERS[0][1:]], *ORDERS[1:]]


def test_where_the_structure_is_protected_the_list_gets_a_workbook_of_its_own(excel: Excel) -> None:
    excel.run("ProtectBook")

    excel.click("DhRibbonClean")
    assert excel.sheet_names() == ["Deskhand review"]
    assert "This list is in a workbook of its own, since the structure of Orders.xlsx is protected." in notes(excel)
    line = listed(excel)[0]
    assert excel.formula(f"B{line['row']}") == """=HYPERLINK("#'[Orders.xlsx]Sheet1'!A2","A2")"""

    excel.click("DhRibbonApply")
    excel.run("GoToBook", "Orders.xlsx")
    assert orders(excel) == CLEAN


@story("text-stays-text", engine="pyopenvba")
def test_identifiers_and_texts_that_look_like_formulas_stay_texts(excel: Excel) -> None:
    codes = [["Code", "Note"], *([f"{number:05}", f"=row {number}"] for number in range(8))]
    codes[4] = ["00003 ", "=row 3 "]
    excel.new_workbook("Codes.xlsx")
    excel.set("A1:B9", "NumberFormat", "@")
    excel.put("A1", codes)
    excel.set("A5:B5", "NumberFormat", "General")
    excel.select("A1:B9")

    excel.click("DhRibbonClean")
    excel.click("DhRibbonApply")

    assert excel.value("A2:B9", sheet=1) == [[f"{number:05}", f"=row {number}"] for number in range(8)]
    assert excel.get("A2:B9", "HasFormula", sheet=1) is False


@story("dates-1904", engine="pyopenvba")
def test_a_workbook_that_counts_from_1904_gets_its_own_days(excel: Excel) -> None:
    excel.count_from_1904()

    excel.click("DhRibbonClean")
    excel.click("DhRibbonApply")

    # 1,462 days lie between the two beginnings.
    assert [row[2] for row in orders(excel)] == [row[2] - 1462 for row in CLEAN]


def test_cells_that_are_clean_already_get_a_word_and_no_list(excel: Excel) -> None:
    excel.new_workbook("Clean.xlsx")
    excel.put("A1", [["Name", "Amount"], *([f"Person {number}", number * 1.5] for number in range(2, 9))])
    excel.select("A1:B8")

    excel.click("DhRibbonClean")

    assert excel.sheet_names() == ["Sheet1"]
    assert excel.told == ["There is nothing to change in these cells.\n\nCells looked at: 16."]


def test_sheet_names_with_quotes_are_linked(excel: Excel) -> None:
    excel.run("RenameSheet", 'Bob\'s "Q1"')

    excel.click("DhRibbonClean")

    line = listed(excel)[0]
    assert excel.formula(f"B{line['row']}") == """=HYPERLINK("#'Bob''s ""Q1""'!A2","A2")"""


def test_a_link_too_long_for_excel_is_a_name_alone(excel: Excel) -> None:
    assert excel.run("Link", f"[{'x' * 242}.xlsx]Orders", "B7") == "B7"
    assert excel.run("Link", f"[{'x' * 200}.xlsx]Orders", "B7").startswith("=HYPERLINK(")


def test_a_list_that_cannot_be_finished_is_taken_away_again(excel: Excel) -> None:
    source = addin_modules()["DhReview"].replace("    WriteMarks sheet", "    Err.Raise 1004\r\n    WriteMarks sheet")
    excel.app.add_module(source, name="DhReview")

    excel.click("DhRibbonClean")

    assert excel.sheet_names() == ["Sheet1"]
    assert excel.told[0].startswith("Excel could not do this just now")
    assert excel.switches() == BEFORE_LIST


@pytest.mark.parametrize(
    ("address", "said"), [("H1:I4", "There are no cells to work on."), ("H9", "There are no cells")]
)
def test_empty_cells_get_a_word(excel: Excel, address: str, said: str) -> None:
    excel.select(address)

    excel.click("DhRibbonClean")

    assert excel.told[0].startswith(said)
    assert excel.sheet_names() == ["Sheet1"]
    assert excel.switches() == BEFORE_LIST


def test_a_list_is_not_cleaned_itself(excel: Excel) -> None:
    excel.click("DhRibbonClean")

    excel.click("DhRibbonClean")

    assert excel.told[0].startswith("This sheet is Deskhand's own.")
    assert excel.sheet_names() == ["Sheet1", "Deskhand review"]
