"""DhTsv: the macros' side of the wire, against the service's own codec in both directions."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter import EMPTY, VBAArray, VBAErrorValue

from services.workbook import tsv
from services.workbook.grid import FORMULA, LOCKED, MERGED, RICH, CellError, DateSerial, Grid, Scalar
from tests.office.interpreter import Excel, source_modules

PROBE = """
Function Lines(values As Variant) As String
    Lines = DhLines(values, Empty)
End Function

Function Marked(values As Variant, marks As Variant) As String
    Marked = DhLines(values, marks)
End Function

Function Cells_(text As String) As Variant
    Dim reply As Variant
    reply = DhRead(text)
    Cells_ = DhRows(reply)
End Function

Function ColumnAt(text As String, title As String) As Long
    Dim reply As Variant
    reply = DhRead(text)
    ColumnAt = DhColumnOf(reply, title)
End Function

Function OptionAt(text As String, key As String) As String
    Dim reply As Variant
    reply = DhRead(text)
    OptionAt = DhOption(reply, key, "none")
End Function

Function SizeOf(text As String) As String
    Dim reply As Variant
    reply = DhRead(text)
    SizeOf = DhRowCount(reply) & "x" & DhColumnCount(reply)
End Function
"""


@pytest.fixture(scope="module")
def vba() -> Excel:
    excel = Excel({**source_modules("DhHttp", "DhTsv"), "Probe": PROBE})
    excel.new_workbook()
    return excel


def array(rows: list[list[object]]) -> VBAArray:
    """A 1-based array as Value2 gives it: column by column."""
    items = [EMPTY if row[column] is None else row[column] for column in range(len(rows[0])) for row in rows]
    return VBAArray([(1, len(rows)), (1, len(rows[0]))], items=items)


def decoded(vba: Excel, rows: list[list[object]]) -> list[list[Scalar]]:
    """What the service reads of these cells when the macros write them."""
    lines = vba.run("Lines", array(rows))
    _, [grid] = tsv.decode_all(f"#size\t{len(rows)}\t{len(rows[0])}\n\n{lines}")
    return [list(row) for row in grid.rows()]


def read(vba: Excel, grid: Grid, options: dict[str, str] | None = None) -> list[list[object]]:
    """What the macros read of this grid when the service writes it."""
    cells = vba.app.interpreter.run("Cells_", [tsv.encode(grid, options)])
    assert isinstance(cells, VBAArray)
    rows, columns = cells.bounds
    assert rows[0] == columns[0] == 1
    return [
        [None if (value := cells.get([row, column])) is EMPTY else value for column in range(1, columns[1] + 1)]
        for row in range(1, rows[1] + 1)
    ]


texts = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\\\t\n\rtnr\U0001f600"), max_size=12)
numbers = st.floats(-1e300, 1e300).map(lambda number: number + 0.0) | st.integers(-(10**15), 10**15).map(float)


def grids(cells: st.SearchStrategy[object]) -> st.SearchStrategy[list[list[object]]]:
    return st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
        lambda size: st.lists(st.lists(cells, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0])
    )


@settings(max_examples=150)
@given(grids(texts | numbers | st.booleans() | st.none()))
@example([["\\n", "\\\\t", "a\\"], ["\\\n", "\\\\\\r", "\r\n"]])
@example([[0.1 + 0.2, 1 / 3, 5e-324, -0.5, 1e20, 123456789012345678.0]])
@example([[""]])
@example([[None], [None]])
def test_what_the_macros_write_the_service_reads(vba: Excel, rows: list[list[object]]) -> None:
    read_back = decoded(vba, rows)
    assert read_back == rows
    assert [[type(value) is bool for value in row] for row in read_back] == [
        [type(value) is bool for value in row] for row in rows
    ]


@settings(max_examples=150)
@given(grids(texts | numbers | st.booleans() | st.none()))
@example([["\\n", "\\\\t", "a\\"], ["\\\n", "\\\\\\r", "\r\n"]])
@example([[None], [None]])
@example([["x"], [None], ["x"]])
@example([["x", 1.0], ["x", None], ["x", 1.0], [None, 1.0]])
def test_what_the_service_writes_the_macros_read(vba: Excel, rows: list[list[object]]) -> None:
    columns = tuple([row[column] for row in rows] for column in range(len(rows[0])))
    read_back = read(vba, Grid(columns=columns))
    assert read_back == rows
    assert [[type(value) is bool for value in row] for row in read_back] == [
        [type(value) is bool for value in row] for row in rows
    ]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (12.5, "12.5"),
        (-0.5, "-.5"),
        (1e20, "1E+20"),
        (0.1 + 0.2, ".3+5.55111512312578E-17"),
        (45000.0, "45000"),
        (1.7976931348623157e308, "1.79E+308"),
    ],
)
def test_a_number_has_a_point_and_keeps_all_its_digits(vba: Excel, number: float, text: str) -> None:
    written = vba.run("DhNumberText", number)
    assert re.sub(r"\b0\.", ".", written) == text  # Office leaves the zero before the point out


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12.5", 12.5),
        ("-.5", -0.5),
        ("1E+20", 1e20),
        ("1e-7", 1e-7),
        (".3+5.55111512312578E-17", 0.1 + 0.2),
        ("-1-1E-16", -1.0),
    ],
)
def test_a_sum_of_two_numbers_is_read(vba: Excel, text: str, number: float) -> None:
    assert vba.run("DhNumberOf", text) == number


def test_dates_are_read_as_serial_numbers_and_errors_as_errors(vba: Excel) -> None:
    grid = Grid(columns=([DateSerial(45000.25)], [CellError("#N/A")], [CellError("#SPILL!")], [CellError("#NEW!")]))
    assert read(vba, grid) == [[45000.25, VBAErrorValue(2042), VBAErrorValue(2045), "#NEW!"]]


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (2000, "#NULL!"),
        (2007, "#DIV/0!"),
        (2015, "#VALUE!"),
        (2023, "#REF!"),
        (2029, "#NAME?"),
        (2036, "#NUM!"),
        (2042, "#N/A"),
        (2043, "#GETTING_DATA"),
        (2045, "#SPILL!"),
        (2050, "#CALC!"),
        (2099, "#UNKNOWN!"),
    ],
)
def test_each_error_value_has_its_name(vba: Excel, number: int, name: str) -> None:
    assert decoded(vba, [[VBAErrorValue(number)]]) == [[CellError(name)]]


def test_marks_stand_in_front_of_their_cells(vba: Excel) -> None:
    marks = array([["f:", "m:l:", ""], ["r:", "f:l:", "l:"]])
    lines = vba.run("Marked", array([[5.0, None, "a"], ["b\t", "", True]]), marks)
    assert lines == "f:n:5\tm:l:\tt:a\nr:t:b\\t\tf:l:t:\tl:b:1\n"
    _, [grid] = tsv.decode_all(f"#size\t2\t3\n\n{lines}")
    assert [grid.mask_at(0, 0), grid.mask_at(0, 1), grid.mask_at(1, 0), grid.mask_at(1, 1)] == [
        FORMULA,
        MERGED | LOCKED,
        RICH,
        FORMULA | LOCKED,
    ]


def test_marks_in_a_reply_are_passed_over(vba: Excel) -> None:
    cells = vba.run("Cells_", "#size\t1\t4\n\nf:n:5\tm:l:\tr:t:a\\\\b\tf:l:b:0\n")
    assert cells == [[5.0, None, "a\\b", False]]


def test_titles_and_options_of_a_reply_are_found_by_name(vba: Excel) -> None:
    grid = Grid(columns=(["a"], [1.0]), header=("kind", "two\nlines"), sheet="S")
    text = tsv.encode(grid, {"job": "abc", "note": "a\tb\\n"})
    assert vba.run("ColumnAt", text, "kind") == 1
    assert vba.run("ColumnAt", text, "two\nlines") == 2
    assert vba.run("ColumnAt", text, "other") == 0
    assert vba.run("OptionAt", text, "job") == "abc"
    assert vba.run("OptionAt", text, "note") == "a\tb\\n"
    assert vba.run("OptionAt", text, "sheet") == "S"
    assert vba.run("OptionAt", text, "missing") == "none"
    assert vba.run("SizeOf", text) == "1x2"


def test_a_body_of_options_alone_is_read_by_the_service(vba: Excel) -> None:
    options = vba.run("DhOptionLine", "accept", "1,3\t\\") + vba.run("DhOptionLine", "undo", "1")
    body = vba.run("DhOptionsOnly", options)
    assert body == "#size\t0\t0\n#accept\t1,3\\t\\\\\n#undo\t1\n\n"
    assert tsv.decode_all(body) == ({"accept": "1,3\t\\", "undo": "1"}, [Grid(columns=())])


def test_a_reply_without_rows_has_none(vba: Excel) -> None:
    assert vba.run("SizeOf", "#size\t0\t0\n#job\tx\n\n") == "0x0"
    assert vba.run("Cells_", "#size\t0\t0\n\n") is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "head"),
        ("<html>\n<body>\n", "head"),
        ("#size\t1\t1\nx\n\nt:a\n", "line 2"),
        ("#job\tx\n\n", "size"),
        ("#size\t2\t1\n\nt:a", "line 4"),
        ("#size\t1\t2\n\nt:a\n", "line 3"),
        ("#size\t1\t1\n\nx:a\n", "line 3"),
    ],
)
def test_a_reply_that_is_none_says_where(vba: Excel, text: str, place: str) -> None:
    with pytest.raises(VBARuntimeError) as raised:
        vba.run("Cells_", text)
    assert (raised.value.number, raised.value.description) == (47007, place)
