"""The wire codec: the text in full, both ways, and exact for any Grid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import InputError
from services.workbook.grid import FORMULA, LOCKED, MERGED, RICH, CellError, ColumnFormats, DateSerial, Grid
from services.workbook.tsv import decode_all, encode, encode_all
from tests.workbook.grids import grids

GRID = Grid(
    columns=(
        ["=1+1", "a\tb\nc\rd\\e", "", None],
        [7, -2.5, 1e20, 0.30000000000000004],
        [True, False, DateSerial(45294.25), CellError("#N/A")],
        [None, 5, "x", "y"],
    ),
    header=("Text", "Zahl\t", "", "f"),
    formats=(
        ColumnFormats(),
        ColumnFormats("0.00", {0: "#,##0", 1: "#,##0", 3: "General"}),
        ColumnFormats("yyyy-mm-dd"),
        ColumnFormats(),
    ),
    masks=(b"", b"", b"", bytes([FORMULA, FORMULA | LOCKED, MERGED, RICH])),
    hidden_rows=frozenset({0, 2, 3}),
    date_system=1904,
    first_row=3,
    first_column=28,
    sheet="Blatt 1",
)
TEXT = "\n".join(
    [
        "#size\t4\t4",
        "#sheet\tBlatt 1",
        "#address\tAB3",
        "#1904\t1",
        "#header\tText\tZahl\\t\t\tf",
        "#format\t2\t0.00",
        "#format\t2\t#,##0\t1-2",
        "#format\t2\tGeneral\t4",
        "#format\t3\tyyyy-mm-dd",
        "#hidden\t1,3-4",
        "#language\tzh",
        "",
        "t:=1+1\tn:7\tb:1\tf:",
        "t:a\\tb\\nc\\rd\\\\e\tn:-2.5\tb:0\tf:l:n:5",
        "t:\tn:1e+20\td:45294.25\tm:t:x",
        "\tn:0.3+5.55111512312578e-17\te:#N/A\tr:t:y",
        "",
    ]
)


def test_a_grid_is_written_as_this_text():
    assert encode(GRID, {"language": "zh"}) == TEXT


def test_the_text_is_read_as_that_grid():
    options, [grid] = decode_all(TEXT)
    assert options == {"language": "zh"}
    assert grid == GRID
    assert repr(grid.columns) == repr(GRID.columns)


def test_line_ends_of_windows_and_a_missing_last_one_are_taken():
    assert decode_all(TEXT.replace("\n", "\r\n"))[1] == [GRID]
    assert decode_all(TEXT.removesuffix("\n"))[1] == [GRID]


def test_a_column_of_empty_cells_keeps_its_rows():
    grid = Grid(columns=([None, None, "a", None],))
    assert encode(grid) == "#size\t4\t1\n\n\n\nt:a\n\n"
    assert decode_all(encode(grid))[1] == [grid]


def test_a_number_of_many_digits_stays_the_kind_of_number_it_is():
    grid = Grid(columns=([10**13, 1e13, 123456789012345.0, 1e15, 0.1 + 0.2],))
    text = (
        "#size\t5\t1\n\nn:10000000000000\nn:10000000000000.\nn:123456789012345.\nn:1e+15\nn:0.3+5.55111512312578e-17\n"
    )
    assert encode(grid) == text
    assert repr(decode_all(text)[1][0].columns) == repr(grid.columns)


def test_a_macro_may_write_numbers_as_str_does():
    text = "#size\t1\t5\n\nn:.5\tn:-.5\tn:1E+20\tn:.3+5.55111512312578E-17\td:.25\n"
    _, [grid] = decode_all(text)
    assert grid.columns == ([0.5], [-0.5], [1e20], [0.1 + 0.2], [DateSerial(0.25)])


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("size\t1\t1\n\nt:a\n", 1, 1),
        ("#sheet\ta\n\n", 1, 1),
        ("#size\t1\tx\n\nt:a\n", 1, 2),
        ("#size\t1\t1\n#size\t1\t1\n\nt:a\n", 2, 1),
        ("#size\t1\t1\n#hidden\t5-2\n\nt:a\n", 2, 2),
        ("#size\t1\t1\n#address\tA1:B2\n\nt:a\n", 2, 2),
        ("#size\t1\t1\n#option\ta\\x\n\nt:a\n", 2, 2),
        ("#size\t2\t2\n\nt:a\tt:b\nt:a\n", 4, 2),
        ("#size\t2\t1\n\nt:a\n", 4, 1),
        ("#size\t1\t1\n\nt:a\nt:b\n", 4, 1),
        ("#size\t2\t2\n\nt:a\tn:1\nt:b\tn:1,5\n", 4, 2),
        ("#size\t1\t1\n\nhello\n", 3, 1),
        ("#size\t1\t1\n\nb:2\n", 3, 1),
        ("#size\t1\t1\n\nn:1e999\n", 3, 1),
        ("#size\t1\t1\n\nn:nan\n", 3, 1),
        ("#size\t1\t1\n\nn: 5\n", 3, 1),
        ("#size\t1\t1\n\nt:a\\q\n", 3, 1),
        ("#size\t1\t1\n\nt:a\\\n", 3, 1),
        ("#size\t1\t1\n\nt:a\rb\n", 3, 1),
        ("#size\t1\t1\n\nl:f:n:1\n", 3, 1),
    ],
)
def test_a_bad_text_names_its_line_and_column(text, line, column):
    with pytest.raises(InputError) as caught:
        decode_all(text)
    assert caught.value.code == "tsv"
    assert (caught.value.parameters["line"], caught.value.parameters["column"]) == (line, column)


def test_an_option_may_not_take_a_name_of_ours():
    with pytest.raises(ValueError, match="size"):
        encode(GRID, {"size": "1"})


OPTIONS = st.dictionaries(st.from_regex(r"option[a-z0-9_.-]*", fullmatch=True), st.text(), max_size=3)


@given(grids(), OPTIONS)
def test_any_grid_comes_back_as_it_was(grid, options):
    again, [back] = decode_all(encode(grid, options))
    assert again == options
    assert back == grid
    assert repr(back.columns) == repr(grid.columns)


@given(st.lists(grids(), max_size=3), OPTIONS)
def test_any_grids_come_back_in_their_order(several, options):
    again, back = decode_all(encode_all(several, options))
    assert again == options
    assert back == several
    assert repr([grid.columns for grid in back]) == repr([grid.columns for grid in several])


TWO = "\n".join(["#size\t1\t2", "#accept\tall", "", "t:a\tn:1", "#size\t2\t1", "#sheet\tB", "", "", "t:b", ""])


def test_several_grids_follow_one_another_and_the_options_stand_in_the_first():
    two = [Grid((["a"], [1])), Grid(([None, "b"],), sheet="B")]
    assert encode_all(two, {"accept": "all"}) == TWO
    assert decode_all(TWO) == ({"accept": "all"}, two)


def test_a_grid_without_rows_may_stand_between_others():
    several = [Grid((["a"],)), Grid(([], []), header=("x", "y")), Grid(()), Grid(([None],))]
    text = "#size\t1\t1\n\nt:a\n#size\t0\t2\n#header\tx\ty\n\n#size\t0\t0\n\n#size\t1\t1\n\n\n"
    assert encode_all(several) == text
    assert decode_all(text) == ({}, several)


def test_options_may_stand_alone():
    assert encode_all([], {"undo": "1", "written": "7"}) == "#undo\t1\n#written\t7\n\n"
    assert decode_all("#undo\t1\n#written\t7\n\n") == ({"undo": "1", "written": "7"}, [])
    assert decode_all("#undo\t1\r\n") == ({"undo": "1"}, [])
    assert decode_all("") == ({}, [])


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (TWO.replace("#sheet\tB", "#sheet\tB\n#accept\tall"), 5, 1),
        (TWO + "t:c\n", 10, 1),
        (TWO.replace("t:b", "x"), 9, 1),
        (TWO.replace("#size\t2\t1", "#size\t3\t1"), 10, 1),
        (TWO + "#accept\tall\n\n", 10, 1),
        ("#accept\tall\n\nt:a\n", 1, 1),
        ("#accept\tall\n#sheet\tB\n\n", 1, 1),
        ("#accept\tall", 1, 1),
        (TWO.replace("#sheet\tB", "#hidden\t1,3"), 6, 2),
        (TWO.replace("#sheet\tB", "#hidden\t1-2,2"), 6, 2),
        (TWO.replace("#sheet\tB", "#format\t1\t0.00\t3"), 6, 4),
        (TWO.replace("#sheet\tB", "#format\t2\t0.00"), 6, 2),
        (TWO.replace("#sheet\tB", "#header\ta\tb"), 6, 1),
        ("#size\t0\t16385\n\n", 1, 2),
        ("#size\t20000001\t1\n\n", 1, 2),
    ],
)
def test_what_is_wrong_with_one_of_several_is_named_by_its_line_in_the_whole_text(text, line, column):
    with pytest.raises(InputError) as caught:
        decode_all(text)
    assert caught.value.code == "tsv"
    assert (caught.value.parameters["line"], caught.value.parameters["column"]) == (line, column)


@given(st.text(alphabet="#sizet\t\n\r:nbdef1205-,.\\ "))
def test_any_text_is_read_or_refused_with_its_place(text):
    try:
        decode_all(text)
    except InputError as error:
        refused = (error.code, *error.parameters)
    else:
        refused = None

    assert refused in (None, ("tsv", "line", "column", "why"))
