"""The wire codec: the text in full, both ways, and exact for any Grid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import InputError
from services.workbook.grid import FORMULA, LOCKED, MERGED, RICH, CellError, ColumnFormats, DateSerial, Grid
from services.workbook.tsv import decode, encode

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
        "\tn:0.30000000000000004\te:#N/A\tr:t:y",
        "",
    ]
)


def test_a_grid_is_written_as_this_text():
    assert encode(GRID, {"language": "zh"}) == TEXT


def test_the_text_is_read_as_that_grid():
    options, grid = decode(TEXT)
    assert options == {"language": "zh"}
    assert grid == GRID
    assert repr(grid.columns) == repr(GRID.columns)


def test_line_ends_of_windows_and_a_missing_last_one_are_taken():
    assert decode(TEXT.replace("\n", "\r\n"))[1] == GRID
    assert decode(TEXT.removesuffix("\n"))[1] == GRID


def test_a_column_of_empty_cells_keeps_its_rows():
    grid = Grid(columns=([None, None, "a", None],))
    assert encode(grid) == "#size\t4\t1\n\n\n\nt:a\n\n"
    assert decode(encode(grid))[1] == grid


def test_a_macro_may_write_numbers_as_str_does():
    text = "#size\t1\t5\n\nn:.5\tn:-.5\tn:1E+20\tn:.3+5.55111512312578E-17\td:.25\n"
    assert decode(text)[1].columns == ([0.5], [-0.5], [1e20], [0.1 + 0.2], [DateSerial(0.25)])


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("", 1, 1),
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
        decode(text)
    assert caught.value.code == "tsv"
    assert (caught.value.parameters["line"], caught.value.parameters["column"]) == (line, column)


def test_an_option_may_not_take_a_name_of_ours():
    with pytest.raises(ValueError, match="size"):
        encode(GRID, {"size": "1"})


FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.one_of(
    st.none(), st.text(), st.integers(), FLOATS, st.booleans(), FLOATS.map(DateSerial), st.text().map(CellError)
)
CODES = st.sampled_from(["General", "0.00", "@", 'yyyy"年"', "a\tb"])


@st.composite
def grids(draw):
    rows, width = draw(st.integers(0, 4)), draw(st.integers(1, 4))
    formats = tuple(
        ColumnFormats(draw(CODES), draw(st.dictionaries(st.integers(0, 9), CODES, max_size=3))) for _ in range(width)
    )
    masks = tuple(bytes(draw(st.integers(0, 15)) for _ in range(rows)) for _ in range(width))
    masks = tuple(mask if any(mask) else b"" for mask in masks)
    return Grid(
        columns=tuple([draw(SCALARS) for _ in range(rows)] for _ in range(width)),
        header=draw(st.one_of(st.just(()), st.tuples(*[st.text()] * width))),
        formats=formats if any(known != ColumnFormats() for known in formats) else (),
        masks=masks if any(masks) else (),
        hidden_rows=draw(st.frozensets(st.integers(0, 50))),
        date_system=draw(st.sampled_from([1900, 1904])),
        first_row=draw(st.integers(1, 1_048_576)),
        first_column=draw(st.integers(1, 16_384)),
        sheet=draw(st.text()),
    )


@given(grids(), st.dictionaries(st.from_regex(r"option[a-z0-9_.-]*", fullmatch=True), st.text(), max_size=3))
def test_any_grid_comes_back_as_it_was(grid, options):
    again, back = decode(encode(grid, options))
    assert again == options
    assert back == grid
    assert repr(back.columns) == repr(grid.columns)


@given(st.text(alphabet="#sizet\t\n\r:nbdef1205-,.\\ "))
def test_any_text_is_read_or_refused_with_its_place(text):
    try:
        decode(text)
    except InputError as error:
        known = {"line", "column", "why"}
        if error.parameters.keys() != known:
            raise
