"""Single modules of the add-in executed by LibreOffice Calc, with the service's own codec as the measure."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import openpyxl

from services.workbook import tsv
from services.workbook.grid import FORMULA, MERGED, CellError, Grid
from tests.office.libreoffice.calc import Calc, libreoffice_modules


def test_every_module_compiles(calc: Calc) -> None:
    assert [name for name, source in libreoffice_modules().items() if not calc.compiles(source)] == []


# Values of every kind, awkward ones among them, as columns.
VALUES: tuple[list[Any], ...] = (
    ["", "a", "=1+1", "'x", "0012", "tab\there", "line\nfeed", "cr\rlf", "back\\slash", "\\n", "\\\\t", " "],
    ["中文", "emoji 😀", "\ue000", "é\u0301", "t:x", "n:1", "#N/A", "[x]", "*?", '"quoted"', "x" * 9000, "end\\"],
    [0.1 + 0.2, 1 / 3, -0.5, 1e300, -1e-300, 2.5e-308, 123456789012345.6, 2.0**53, 1e15, 0.0, 1e-7, 2 / 3 * 1e20],
    [True, False, None, None, 45000.25, -1.0, 1.0, None, "x", True, 1e20, None],
)


def test_texts_numbers_and_truth_values_become_the_lines_the_service_reads(calc: Calc) -> None:
    rows = [list(row) for row in zip(*VALUES, strict=True)]
    lines = calc.run("DhProbeLines", rows).value
    _, [grid] = tsv.decode_all(f"#size\t{len(rows)}\t{len(VALUES)}\n\n{lines}")
    assert grid.columns == VALUES


def test_a_reply_of_the_service_becomes_the_values_that_went_in(calc: Calc) -> None:
    rows = calc.run("DhProbeRows", tsv.encode(Grid(columns=VALUES))).value
    assert [list(column) for column in zip(*rows, strict=True)] == list(VALUES)


def test_errors_become_error_values_and_back(calc: Calc) -> None:
    errors = [
        CellError(name) for name in ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!")
    ]
    rows = calc.run("DhProbeRows", tsv.encode(Grid(columns=(errors,)))).value
    assert rows == [["\a" + str(error)] for error in errors]


def test_options_titles_and_size_of_a_reply_are_found(calc: Calc) -> None:
    grid = Grid(columns=([1], ["x"]), header=("Prix\t€", "名称"))
    text = tsv.encode(grid, {"what": "one\ntwo\\n", "job": "abc"})
    assert calc.run("DhProbeHead", text, "what").value == ["one\ntwo\\n", "Prix\t€|名称", 1, 2]
    assert calc.run("DhProbeHead", text, "missing").value == ["none", "Prix\t€|名称", 1, 2]


def test_any_number_survives_the_way_out_but_for_the_last_bits_that_libreoffice_s_str_loses(calc: Calc) -> None:
    # Its Str$ writes 2.13E-14 as .00000000000002, so that the second summand of a number has a few digits only.
    numbers = [math.ldexp(1 + step / 7, exponent) for step in range(7) for exponent in range(-60, 60, 3)]
    lines = calc.run("DhProbeLines", [[number] for number in numbers]).value
    _, [grid] = tsv.decode_all(f"#size\t{len(numbers)}\t1\n\n{lines}")
    assert [got for got, number in zip(grid.columns[0], numbers, strict=True) if abs(got / number - 1) > 1e-15] == []


def test_a_request_finds_address_and_token_by_itself(office: Calc) -> None:
    number, answer, status, code = office.run("DhProbeRequest", "GET", "/v1/jobs?limit=1", "").value
    assert (number, status, code) == (0, 200, "")
    assert answer.startswith("#size\t")


def test_the_service_s_own_error_arrives_with_its_two_lines_and_its_code(office: Calc) -> None:
    number, answer, status, code = office.run("DhProbeRequest", "GET", "/v1/jobs/aaaaaaaaaaaa", "").value
    assert (number, status, code) == (47004, 404, "unknown-job")
    assert len(answer.rstrip("\n").split("\n")) == 2


def test_a_selection_is_sent_with_formats_hidden_rows_formulas_and_merged_cells(office: Calc, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "Bestand"
    for row in (
        ["code", "name", "amount", "sold", "sum"],
        ["00123", " Ann ", 1.5, True, "=C2*2"],
        ["4", "中文", 0.25, False, "=1/0"],
        ["hid", "x", -1e20, None, '="t"'],
        ["=x", "y", "7", None, None],
    ):
        sheet.append(row)
    sheet["A5"].data_type = "s"
    sheet["C3"].number_format = "0.00"
    for row in range(1, 6):
        sheet.cell(row, 1).number_format = "@"
    sheet.row_dimensions[4].hidden = True
    sheet.merge_cells("B4:B5")
    workbook.save(tmp_path / "stock.xlsx")

    office.select(office.open(tmp_path / "stock.xlsx"), "Bestand", "A1:E5")
    options, [grid] = tsv.decode_all(office.run("DhProbeGrids", "#region\tDE\n", True).value)

    assert options == {"region": "DE"}
    assert (grid.sheet, grid.first_row, grid.first_column, grid.header) == ("Bestand", 1, 1, ())
    assert grid.columns == (
        ["code", "00123", "4", "hid", "=x"],
        ["name", " Ann ", "中文", "x", None],
        ["amount", 1.5, 0.25, -1e20, "7"],
        ["sold", True, False, None, None],
        ["sum", 3, CellError("#DIV/0!"), "t", None],
    )
    assert grid.hidden_rows == {3}
    assert [grid.formats[0].default, grid.formats[2].other] == ["@", {2: "0.00"}]
    assert [list(mask) for mask in grid.masks] == [
        [],
        [0, 0, 0, 0, MERGED],
        [],
        [],
        [0, FORMULA, FORMULA, FORMULA, 0],
    ]


def test_writes_keep_the_kind_of_each_value(office: Calc, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].title = "Data"
    workbook.worksheets[0]["B3"].number_format = "@"
    workbook.save(tmp_path / "kinds.xlsx")
    book = office.open(tmp_path / "kinds.xlsx")
    wanted = ["00123", "1-2", "=1+1", "TRUE", "'quoted", "+49 30 1", "x" * 9000, "two\nlines", 5.0, 0.1]
    lines = Grid(
        header=("kind", "table", "sheet", "row", "column", "value", "format", "id"),
        columns=(
            ["write"] * 11,
            [1] * 11,
            ["Data"] * 11,
            [*range(1, 11), 3],
            [1] * 10 + [2],
            [*wanted, 7.5],
            [*[None] * 8, "0.00", None, None],
            [str(number) for number in range(1, 12)],
        ),
    )

    assert office.run("DhProbeWrite", tsv.encode(lines)).value == [11, 0]

    assert [row[0] for row in office.cells(book, "Data", "A1:A10")] == wanted
    assert office.formats(book, "Data", "A9:A10") == [["0.00"], ["General"]]
    assert office.cells(book, "Data", "B3:B3") == [[7.5]]
    assert office.formats(book, "Data", "B3:B3") == [["@"]]
