"""Addresses in A1 notation: areas, cells, and cells of a sheet that is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.workbook.addresses import Area, Place, parse_area, parse_cell, parse_place
from services.workbook.grid import MAX_COLUMN, MAX_ROW

ROWS, COLUMNS = st.integers(1, MAX_ROW), st.integers(1, MAX_COLUMN)


@given(ROWS, COLUMNS, ROWS, COLUMNS)
def test_the_notation_of_an_area_is_read_as_that_area(row: int, column: int, other: int, another: int) -> None:
    area = Area(min(row, other), min(column, another), max(row, other), max(column, another))

    assert parse_area(area.notation()) == area


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("B7", Area(7, 2, 7, 2)),
        ("$B$7:$D$20", Area(7, 2, 20, 4)),
        (" d20:b7 ", Area(7, 2, 20, 4)),
        ("A:C", Area(1, 1, MAX_ROW, 3)),
        ("3:9", Area(3, 1, 9, MAX_COLUMN)),
        ("XFD1048576", Area(MAX_ROW, MAX_COLUMN, MAX_ROW, MAX_COLUMN)),
    ],
)
def test_corners_stand_in_any_order_and_whole_columns_and_rows_are_areas(text: str, area: Area) -> None:
    assert parse_area(text) == area


@pytest.mark.parametrize(
    "text",
    ["", ":", "B", "7", "B0", "A1:B", "A1:2", "XFE1", "A1048577", "B7:", "B7:C8:D9", "7B", "Ä7", "ABCD1", "A12345678"],
)
def test_what_is_no_address_of_an_area_is_none(text: str) -> None:
    assert parse_area(text) is None


@pytest.mark.parametrize("text", ["A:A", "3:3", "B7:B8", "B", "7", "B0"])
def test_more_or_less_than_one_cell_is_no_cell(text: str) -> None:
    assert parse_cell(text) is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("B7", Place(None, 7, 2)),
        ("Orders!$B$7", Place("Orders", 7, 2)),
        ("'Jan''s orders'!b7", Place("Jan's orders", 7, 2)),
        ("a!b!B7", Place("a!b", 7, 2)),
    ],
)
def test_a_cell_may_name_its_sheet_as_excel_writes_it(text: str, place: Place) -> None:
    assert parse_place(text) == place


@pytest.mark.parametrize("text", ["12", "!B7", "Orders!", "Orders", "Orders!B"])
def test_what_names_no_cell_is_no_place(text: str) -> None:
    assert parse_place(text) is None


def test_a_place_without_a_sheet_may_be_on_any_and_names_of_sheets_ignore_case() -> None:
    assert Place(None, 7, 2).is_on("Orders")
    assert Place("ORDERS", 7, 2).is_on("Orders")
    assert not Place("Order", 7, 2).is_on("Orders")
    assert Place("Orders", 7, 2).notation() == "B7"
