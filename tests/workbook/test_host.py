"""Cells that a host sent: each selection is one table, and current cells are laid on the tables they were sent for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from services.errors import Conflict, DeskhandError, InputError, NotFound
from services.workbook.files import open_source
from services.workbook.grid import FORMULA, ColumnFormats, DateSerial, Grid, Scalar
from services.workbook.host import HostCells, aligned, value_range, with_dates
from services.workbook.tsv import decode_all, encode_all


def cells(*rows: list[Scalar], **known: object) -> Grid:
    return Grid(columns=tuple(map(list, zip(*rows, strict=True))), **known)  # type: ignore[arg-type]


def table(*grids: Grid) -> Grid:
    (only,) = HostCells("Book1", grids).tables()
    return only


PEOPLE: list[list[Scalar]] = [["Name", "Age"], ["Ann", 31], ["Bob", 45], ["Cid", 27]]


def test_a_header_that_is_sent_is_kept_whatever_it_looks_like() -> None:
    sent = cells(["Ann", 31], ["Bob", 45], header=("", "7"), first_row=2)
    assert table(sent) == sent
    assert table(sent).names() == ("A", "7")


def test_a_header_in_the_selection_is_found_and_the_values_begin_below_it() -> None:
    found = table(cells(*PEOPLE, first_row=5, first_column=2, sheet="S", hidden_rows=frozenset({0, 2})))
    assert found == cells(
        *PEOPLE[1:], header=("Name", "Age"), first_row=6, first_column=2, sheet="S", hidden_rows=frozenset({1})
    )


def test_titles_and_empty_edges_around_whole_columns_are_left_out() -> None:
    empty: list[Scalar] = [None, None, None, None]
    rows = [["Staff of 2024", None, None, None], empty, *([*row, None, ""] for row in PEOPLE), empty, empty]
    found = table(cells(empty, *rows))
    assert found == cells(*PEOPLE[1:], header=("Name", "Age"), first_row=5)


def test_empty_rows_of_a_table_with_a_header_stay() -> None:
    sent = cells([None, None], ["Ann", 31], [None, None], header=("Name", "Age"))
    assert table(sent) == sent


def test_a_selection_without_a_header_has_none() -> None:
    sent = cells(["Ann", 31], ["Bob", 45], ["Cid", 27])
    assert table(sent) == sent


@pytest.mark.parametrize("sent", [cells(["a"], ["b"], ["a"]), cells(["a", 1, "x"]), cells([5])])
def test_one_column_one_row_and_one_cell_are_tables(sent: Grid) -> None:
    assert table(sent) == sent


def test_texts_that_look_like_numbers_stay_texts() -> None:
    sent = cells(["007", "1e5"], ["TRUE", "45294"], header=("a", "b"), formats=(ColumnFormats("yyyy-mm-dd"),) * 2)
    assert repr(table(sent).columns) == "(['007', 'TRUE'], ['1e5', '45294'])"


@pytest.mark.parametrize(
    ("code", "date"),
    [
        ('yyyy"年"m"月"', True),
        ("[$-804]yyyy/m/d;@", True),
        ('[DBNum1][$-804]m"月"d"日"', True),
        ("[$-F800]dddd\\, mmmm dd\\, yyyy", True),
        ("[h]:mm", True),
        ('上午/下午h"时"mm"分"', True),
        ("m/d/yyyy", True),
        ("General", False),
        ("G/通用格式", False),
        ("", False),
        ("@", False),
        ('0"个月"', False),
        ("[$¥-804]#,##0.00", False),
        ("0.00E+00", False),
    ],
)
def test_a_number_is_a_date_where_its_format_shows_one(code: str, date: bool) -> None:
    sent = cells([45294, "text"], [0.5, True], header=("a", "b"), formats=(ColumnFormats(code),) * 2, date_system=1904)
    first, second = table(sent).columns
    assert repr(first) == ("[DateSerial(45294.0), DateSerial(0.5)]" if date else "[45294, 0.5]")
    assert second == ["text", True]
    assert repr(second) == "['text', True]"


def test_formats_of_single_cells_count_and_columns_without_formats_stay() -> None:
    some = ColumnFormats("0.00", {1: "yyyy-mm-dd", 2: "h:mm"})
    other = ColumnFormats("yyyy-mm-dd", {1: "0"})
    sent = cells([1, 1, 1], [2, 2, 2], [3, None, 3], formats=(some, other))
    assert repr(with_dates(sent).columns) == (
        "([1, DateSerial(2.0), DateSerial(3.0)], [DateSerial(1.0), 2, None], [1, 2, 3])"
    )


def test_each_selection_is_a_table_of_its_own_even_where_one_is_empty() -> None:
    sent = (cells(*PEOPLE), cells([None], [""], first_row=9), cells(["x"], ["y"], ["x"], first_column=5, sheet="T"))
    assert [value_range(one) for one in HostCells("Book1", sent).tables()] == ["A2:B4", "A9:A10", "E1:E3"]


@pytest.mark.parametrize(
    "sent", [(), (Grid(()),), (cells([None, ""]),), (Grid(([], []), header=("a", "b")),), (cells([None]), cells([""]))]
)
def test_a_selection_without_any_value_is_said(sent: tuple[Grid, ...]) -> None:
    with pytest.raises(NotFound) as caught:
        HostCells("Book1", sent).tables()
    assert (caught.value.code, caught.value.parameters) == ("selection-empty", {"file": "Book1"})


def test_sheets_may_be_named_and_ranges_may_not() -> None:
    source = HostCells("Book1", (cells(["x"], sheet="S"), cells(["y"], sheet="T")))
    assert [one.sheet for one in source.tables(["T"])] == ["T"]
    with pytest.raises(NotFound) as missing:
        source.tables(["U"])
    assert missing.value.code == "sheet-missing"
    with pytest.raises(InputError) as refused:
        source.tables(None, "A1:B2")
    assert refused.value.code == "selection-has-no-range"


STORED = cells(["Ann", DateSerial(45294.0)], ["Bob", DateSerial(1.0)], header=("Name", "Born"), first_row=6, sheet="S")
DATES = (ColumnFormats(), ColumnFormats("yyyy-mm-dd"))


def test_current_cells_are_the_rectangle_of_the_table_with_dates_marked() -> None:
    current = cells(["Ann", 45294], ["Eve", 1], formats=DATES, first_row=6, sheet="S")
    (found,) = aligned([current], [STORED])
    assert repr(found.columns) == "(['Ann', 'Eve'], [DateSerial(45294.0), DateSerial(1.0)])"
    assert (found.header, found.first_row) == (("Name", "Born"), 6)


def test_names_of_sheets_are_compared_as_hosts_compare_them() -> None:
    current = cells(["Ann", 45294], ["Bob", 1], formats=DATES, first_row=6, sheet="s")
    assert aligned([current], [STORED])[0].columns == STORED.columns


def test_rows_above_the_values_are_the_header_and_are_left_out() -> None:
    mask = bytes([0, FORMULA, 0])
    current = cells(
        ["Name", "Born"], ["Ann", 45294], ["Bob", 1], formats=DATES, first_row=5, sheet="S", masks=(mask, b"")
    )
    (found,) = aligned([current], [STORED])
    assert found.columns == STORED.columns
    assert (found.first_row, found.mask_at(0, 0), found.mask_at(1, 0)) == (6, FORMULA, 0)


@pytest.mark.parametrize(
    "moved",
    [
        {"sheet": "T"},
        {"first_row": 7},
        {"first_row": 5},
        {"first_column": 2},
        {"columns": (["Ann"], [1])},
        {"columns": (["Ann", "Bob"],)},
        {"columns": (["Ann", "Bob", "Cid"], [1, 2, 3])},
        {"columns": ()},
    ],
)
def test_another_place_or_size_is_a_conflict(moved: dict[str, object]) -> None:
    current = replace(cells(["Ann", 45294], ["Bob", 1], first_row=6, sheet="S"), **moved)  # type: ignore[arg-type]
    with pytest.raises(Conflict) as caught:
        aligned([current], [STORED])
    assert (caught.value.code, caught.value.parameters) == ("range-moved", {"sheet": "S", "range": "A6:B7"})


def test_a_changed_date_system_and_a_missing_grid_are_said() -> None:
    current = cells(["Ann", 45294], ["Bob", 1], first_row=6, sheet="S", date_system=1904)
    with pytest.raises(Conflict) as changed:
        aligned([current], [STORED])
    assert changed.value.code == "date-system-changed"
    with pytest.raises(InputError) as missing:
        aligned([], [STORED])
    assert (missing.value.code, missing.value.parameters) == ("grid-count", {"expected": 1, "sent": 0})


def test_the_range_of_a_table_is_that_of_its_values() -> None:
    assert value_range(STORED) == "A6:B7"
    assert value_range(cells([1], first_column=28, first_row=3)) == "AB3:AB3"
    assert value_range(Grid(([], []), header=("a", "b"), first_row=2)) == ""


def test_dates_are_marked_as_reading_a_workbook_marks_them(samples: Path) -> None:
    compared = dates = 0
    for path in sorted((samples / "workbooks").rglob("*.xlsx")):
        try:
            grids = open_source(path).tables()
        except DeskhandError:
            continue
        for grid in grids:
            plain = [[float(v) if isinstance(v, DateSerial) else v for v in column] for column in grid.columns]
            (sent,) = decode_all(encode_all([replace(grid, columns=tuple(plain))]))[1]
            assert repr(with_dates(sent).columns) == repr(grid.columns), path.name
            compared += 1
            dates += sum(isinstance(value, DateSerial) for column in grid.columns for value in column)
    assert (compared >= 50, dates >= 1000) == (True, True)
