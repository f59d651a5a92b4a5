"""DhCells: the writes of a reply in the cells, each as it was wanted or named as failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from pyopenvba.interpreter import EMPTY, VBAArray

from services.workbook import tsv
from services.workbook.grid import DateSerial, Grid, Scalar
from tests.office.interpreter import Excel, source_modules

PROBE = """
Dim failed As Variant

Function Write_(text As String) As Long
    Dim reply As Variant
    reply = DhRead(text)
    Write_ = DhWriteCells(ActiveWorkbook, reply, failed)
End Function

Function Failed_() As Variant
    Failed_ = failed
End Function

Sub Put_(address As String, values As Variant)
    DhPutArray Range(address), values
End Sub

Sub Guard_()
    ActiveSheet.Protect
End Sub

Sub AllowFormats()
    ActiveSheet.Protect , , , , , True
End Sub

Sub Filter_(address As String, field As Long, wanted As String)
    Range(address).AutoFilter field, wanted
End Sub

Sub AddTable(address As String)
    ActiveSheet.ListObjects.Add 1, Range(address), , 1
End Sub
"""

Line = tuple[int, int, Scalar] | tuple[int, int, Scalar, str]


@pytest.fixture
def excel() -> Excel:
    excel = Excel({**source_modules("DhHttp", "DhTsv", "DhPicked", "DhAlike", "DhGrid", "DhCells"), "Probe": PROBE})
    excel.new_workbook()
    return excel


def reply(lines: Sequence[Line], sheet: str = "Sheet1") -> str:
    """An apply's reply with these writes: row, column, value, and a number format or none."""
    return tsv.encode(
        Grid(
            columns=(
                ["write"] * len(lines),
                [1] * len(lines),
                [sheet] * len(lines),
                [line[0] for line in lines],
                [line[1] for line in lines],
                [line[2] for line in lines],
                [line[3] if len(line) == 4 else None for line in lines],
                [str(number) for number in range(1, len(lines) + 1)],
                [None] * len(lines),
            ),
            header=("kind", "table", "sheet", "row", "column", "value", "format", "id", "text"),
        ),
        {"application": "1"},
    )


def write(excel: Excel, *lines: Line) -> int:
    return int(excel.run("Write_", reply(lines)))


def failures(excel: Excel) -> Any:
    return excel.run("Failed_")


def test_values_of_every_kind_are_written(excel: Excel) -> None:
    assert write(excel, (1, 1, "text"), (2, 1, 12.5), (3, 1, True), (4, 1, False), (5, 1, None), (1, 2, 0.1 + 0.2)) == 6
    assert excel.value("A1:A5") == [["text"], [12.5], [True], [False], [None]]
    assert excel.value("B1") == 0.1 + 0.2
    assert failures(excel) is None


def test_an_empty_value_empties_the_cell(excel: Excel) -> None:
    excel.put("A1", [["n/a"], [5], ["x"]])
    assert write(excel, (1, 1, None), (2, 1, None)) == 2
    assert excel.value("A1:A3") == [[None], [None], ["x"]]


@pytest.mark.parametrize("code", ["General", "@", "0.00", "yyyy-mm-dd"])
@pytest.mark.parametrize(
    "text",
    [
        "00123",
        "1-2",
        "1/2",
        "5%",
        "$5",
        "1e5",
        "(5)",
        "12:30",
        "Jan 5",
        "5 Mar 2020",
        "TRUE",
        "false",
        "#N/A",
        "=1+1",
        '=WEBSERVICE("http://127.0.0.1/")',
        "+1",
        "-x",
        "@home",
        "'quoted",
        "''twice",
        " 5",
        "1,234.5",
        "+86 138 0013 8000",
        "two\nlines",
        "tab\there",
        "\u4e2d\u6587 12",
        "\u4e0a\u53488:00",
        "\U0001f600",
        "110101199003074514",
        "Room 12",
    ],
)
def test_a_text_stays_that_text(excel: Excel, text: str, code: str) -> None:
    excel.set("A1:A2", "NumberFormat", code)
    assert write(excel, (1, 1, text), (2, 1, text), (9, 3, text)) == 3
    assert excel.value("A1:A2") == [[text], [text]]
    assert excel.value("C9") == text
    assert excel.get("A1:A2", "HasFormula") is False
    assert excel.get("A1:A2", "NumberFormat") == code
    assert excel.get("C9", "NumberFormat") == "General"


def test_an_apostrophe_stands_only_before_what_would_be_read_as_something_else(excel: Excel) -> None:
    write(excel, (1, 1, "Anna"), (2, 1, "\u5317\u4eac\u5e02 12 \u53f7"), (3, 1, "Room 12"), (4, 1, "007"))
    assert [excel.get(f"A{row}", "PrefixCharacter") for row in range(1, 5)] == ["", "", "", "'"]


def test_a_number_in_a_cell_formatted_as_text_stays_a_number(excel: Excel) -> None:
    excel.set("A1:A2", "NumberFormat", "@")
    assert write(excel, (1, 1, 5), (2, 1, 6.5)) == 2
    assert excel.value("A1:A2") == [[5.0], [6.5]]
    assert excel.get("A1:A2", "NumberFormat") == "@"


def test_a_number_format_is_set_with_the_value(excel: Excel) -> None:
    excel.put("A1", [["2024-01-05"], ["5 Jan 2024"], ["x"]])
    excel.set("A2", "NumberFormat", "@")
    assert write(excel, (1, 1, DateSerial(45296.0), "yyyy-mm-dd"), (2, 1, DateSerial(45296.5), "yyyy-mm-dd")) == 2
    assert excel.value("A1:A3") == [[45296.0], [45296.5], ["x"]]
    assert [excel.get(f"A{row}", "NumberFormat") for row in (1, 2, 3)] == ["yyyy-mm-dd", "yyyy-mm-dd", "General"]


def test_each_cell_keeps_its_own_format_where_none_is_given(excel: Excel) -> None:
    excel.put("A1", [["1"], ["2"], ["3"]])
    excel.set("A1", "NumberFormat", "@")
    excel.set("A2", "NumberFormat", "0.00")
    assert write(excel, (1, 1, 1), (2, 1, 2), (3, 1, "03")) == 3
    assert excel.value("A1:A3") == [[1.0], [2.0], ["03"]]
    assert [excel.get(f"A{row}", "NumberFormat") for row in (1, 2, 3)] == ["@", "0.00", "General"]


def test_neighbouring_cells_are_written_at_once(excel: Excel) -> None:
    wrote: list[str] = []
    range_type = type(excel.cells("A1"))
    value2 = range_type._vba_members["value2"]
    known, count = value2.setter, 500
    assert known is not None

    def counted(target: Any, value: object) -> None:
        wrote.append(str(target.vba_get("Address", [False, False])))
        known(target, value)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(value2, "setter", counted)
        written = write(excel, *[(row, 2, f"name {row}") for row in range(1, count + 1)])
    assert written == count
    assert wrote == ["B1:B500"]


def test_a_formula_is_never_written_over(excel: Excel) -> None:
    excel.put("A1", [[1], [2], [3], [4]])
    excel.set("A2", "Formula", "=1+1")
    assert write(excel, (1, 1, "a"), (2, 1, "b"), (3, 1, "c"), (4, 1, "d")) == 3
    assert excel.formula("A2") == "=1+1"
    assert excel.value("A1:A4") == [["a"], [2.0], ["c"], ["d"]]
    assert failures(excel) == [["Sheet1", 2.0, 1.0, "2"]]


def test_what_an_array_spilled_into_is_never_written_over(excel: Excel) -> None:
    excel.set("A1", "Formula2", "=SEQUENCE(2)")
    assert write(excel, (2, 1, "b"), (3, 1, "c")) == 1
    assert excel.value("A1:A3") == [[1.0], [2.0], ["c"]]
    assert failures(excel) == [["Sheet1", 2.0, 1.0, "1"]]


def test_the_first_cell_of_a_merged_block_is_written_and_the_covered_ones_are_not(excel: Excel) -> None:
    excel.put("A1", [["a"], [None], ["c"]])
    excel.cells("A1:A2").vba_get("Merge")
    assert write(excel, (1, 1, "A"), (2, 1, "B"), (3, 1, "C")) == 2
    assert excel.value("A1:A3") == [["A"], [None], ["C"]]
    assert failures(excel) == [["Sheet1", 2.0, 1.0, "2"]]


def test_locked_cells_of_a_protected_sheet_are_named_and_the_others_written(excel: Excel) -> None:
    excel.put("A1", [["a"], ["b"], ["c"], ["d"]])
    excel.set("A2:A3", "Locked", False)
    excel.run("Guard_")
    assert write(excel, (1, 1, "A"), (2, 1, "B"), (3, 1, "C"), (4, 1, "D")) == 2
    assert excel.value("A1:A4") == [["a"], ["B"], ["C"], ["d"]]
    assert failures(excel) == [["Sheet1", 1.0, 1.0, "1"], ["Sheet1", 4.0, 1.0, "4"]]


def test_a_cell_whose_format_a_protected_sheet_keeps_is_left_whole(excel: Excel) -> None:
    excel.put("A1", [["5 Jan 2024"]])
    excel.set("A1", "Locked", False)
    excel.run("Guard_")
    assert write(excel, (1, 1, DateSerial(45296.0), "yyyy-mm-dd")) == 0
    assert excel.value("A1") == "5 Jan 2024"
    assert excel.get("A1", "NumberFormat") == "General"


def test_a_missing_sheet_fails_its_cells_only(excel: Excel) -> None:
    text = reply([(1, 1, "a"), (2, 1, "b")], "Gone")
    assert excel.run("Write_", text) == 0
    assert failures(excel) == [["Gone", 1.0, 1.0, "1"], ["Gone", 2.0, 1.0, "2"]]


def test_on_a_filtered_sheet_every_cell_gets_its_own_value(excel: Excel) -> None:
    excel.put("A1", [["kind", "value"], *[[kind, f"old {n}"] for n, kind in enumerate("abbaab", 2)]])
    excel.run("Filter_", "A1:B7", 1, "a")
    assert write(excel, *[(row, 2, f"new {row}") for row in range(2, 8)]) == 6
    assert excel.value("B2:B7") == [[f"new {row}"] for row in range(2, 8)]


def test_conflicts_in_a_reply_are_passed_over(excel: Excel) -> None:
    text = reply([(1, 1, "a"), (2, 1, "b"), (3, 1, "c")]).replace(
        "t:write\tn:1\tt:Sheet1\tn:2", "t:conflict\tn:1\tt:Sheet1\tn:2"
    )
    assert excel.run("Write_", text) == 2
    assert excel.value("A1:A3") == [["a"], [None], ["c"]]
    assert failures(excel) is None


def test_a_reply_without_lines_writes_nothing(excel: Excel) -> None:
    assert excel.run("Write_", reply([])) == 0
    assert failures(excel) is None


def test_long_texts_are_written_whole(excel: Excel) -> None:
    long = "x" * 8_500
    longest = "=" + "y" * 32_000
    assert write(excel, (1, 1, "a"), (2, 1, long), (3, 1, longest), (4, 1, "b")) == 4
    assert excel.value("A1:A4") == [["a"], [long], [longest], ["b"]]
    assert excel.get("A1:A4", "HasFormula") is False


def test_writes_to_several_sheets_find_their_cells(excel: Excel) -> None:
    excel.app.workbook.add_sheet("\u8ba2\u5355")
    assert excel.run("Write_", reply([(1, 1, "a"), (1, 2, "b")], "\u8ba2\u5355")) == 2
    assert excel.value("A1:B1", sheet="\u8ba2\u5355") == [["a", "b"]]


def test_an_array_is_put_into_cells_and_long_texts_one_by_one(excel: Excel) -> None:
    long = "z" * 9_000
    rows = [["=1+1", 5.0, True], ["'a", None, long]]
    items = [EMPTY if row[column] is None else row[column] for column in range(3) for row in rows]
    excel.set("C3:E4", "NumberFormat", "@")
    excel.run("Put_", "C3", VBAArray([(1, 2), (1, 3)], items=items))
    assert excel.value("C3:E4") == rows
    assert excel.get("C3:E4", "HasFormula") is False
