"""A Grid as JSON: the shape in full, exact for any Grid, and bad shapes refused with their place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from pydantic import ValidationError

from services.errors import InputError
from services.workbook.grid import FORMULA, LOCKED, MERGED, RICH, CellError, ColumnFormats, DateSerial, Grid, Scalar
from services.workbook.grid_json import GridModel, json_scalar
from tests.workbook.grids import grids

GRID = Grid(
    columns=(["a", None, "00123"], [1, 2.5, True], [DateSerial(45294.25), CellError("#N/A"), 7]),
    header=("Name", "", "日期"),
    formats=(ColumnFormats(), ColumnFormats("0.00", {1: "General"}), ColumnFormats('[$-804]yyyy"年"', {})),
    masks=(b"", bytes([FORMULA, FORMULA, 0]), bytes([LOCKED | RICH, 0, MERGED])),
    hidden_rows=frozenset({0, 2}),
    date_system=1904,
    first_row=3,
    first_column=27,
    sheet="Blatt 1",
)
DATA: dict[str, Any] = {
    "sheet": "Blatt 1",
    "address": "AA3",
    "date_system": 1904,
    "header": ["Name", "", "日期"],
    "columns": [["a", None, "00123"], [1, 2.5, True], [{"date": 45294.25}, {"error": "#N/A"}, 7]],
    "formats": [
        {"column": 2, "code": "0.00", "rows": None},
        {"column": 2, "code": "General", "rows": [2]},
        {"column": 3, "code": '[$-804]yyyy"年"', "rows": None},
    ],
    "hidden_rows": [1, 3],
    "formulas": ["AB3:AB4"],
    "merged": ["AC5"],
    "rich": ["AC3"],
    "locked": ["AC3"],
}


def json_of(grid: Grid) -> dict[str, Any]:
    """A Grid as a caller would send it."""

    def marked(bit: int) -> list[str]:
        cells = [(row, column) for column, mask in enumerate(grid.masks) for row, bits in enumerate(mask) if bits & bit]
        return [grid.address_of(*cell) for cell in cells]

    formats: list[dict[str, Any]] = []
    for column, known in enumerate(grid.formats, 1):
        formats.append({"column": column, "code": known.default})
        formats += [{"column": column, "code": code, "rows": [row + 1]} for row, code in known.other.items()]
    return {
        "sheet": grid.sheet,
        "address": grid.address_of(0, 0),
        "date_system": grid.date_system,
        "header": list(grid.header) or None,
        "columns": [[json_scalar(value) for value in column] for column in grid.columns],
        "formats": formats,
        "hidden_rows": [row + 1 for row in grid.hidden_rows],
        "formulas": marked(FORMULA),
        "merged": marked(MERGED),
        "rich": marked(RICH),
        "locked": marked(LOCKED),
    }


def test_this_json_is_that_grid() -> None:
    back = GridModel.model_validate_json(json.dumps(DATA)).grid()
    assert back == GRID
    assert repr(back.columns) == repr(GRID.columns)


def test_all_but_the_cells_may_be_left_out() -> None:
    assert GridModel.model_validate({"columns": [["a"], [1]]}).grid() == Grid((["a"], [1]))
    assert GridModel.model_validate({}).grid() == Grid(())


@given(grids())
def test_any_grid_comes_back_as_it_was(grid: Grid) -> None:
    back = GridModel.model_validate_json(json.dumps(json_of(grid))).grid()
    assert back == grid
    assert repr(back.columns) == repr(grid.columns)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"columns": [["a"], [1, 2]]}, "columns[1]"),
        ({"columns": [["a", "b"], [1, {"date": "x"}]]}, "columns[1][1]"),
        ({"columns": [["a", {"date": 1, "error": "x"}]]}, "columns[0][1]"),
        ({"columns": [[[1]]]}, "columns[0][0]"),
        ({"columns": [[float("nan")]]}, "columns[0][0]"),
        ({"columns": [[{"date": float("inf")}]]}, "columns[0][0]"),
        ({"columns": [[10**400]]}, "columns[0][0]"),
        ({"columns": [["\ud83d"]]}, "columns[0][0]"),
        ({"columns": [[1]] * 16_385}, "columns"),
        ({"header": ["a"]}, "header"),
        ({"address": "B3:C4"}, "address"),
        ({"address": "3B"}, "address"),
        ({"formats": [{"column": 3, "code": "0"}]}, "formats[0]"),
        ({"formats": [{"column": 1, "code": "0"}, {"column": 1, "code": "0"}]}, "formats[1]"),
        ({"formats": [{"column": 1, "code": "0", "rows": [0]}]}, "formats[0].rows"),
        ({"hidden_rows": [3]}, "hidden_rows"),
        ({"formulas": ["A3"]}, "formulas[0]"),
        ({"merged": ["A1", "A1:B2", "B1"]}, "merged[1]"),
        ({"locked": ["A"]}, "locked[0]"),
    ],
)
def test_what_cannot_be_understood_is_named_by_its_place(wrong: dict[str, Any], where: str) -> None:
    data = {"columns": [["a", "b"], [1, 2]], **wrong}
    with pytest.raises(InputError) as caught:
        GridModel.model_validate(data).grid()
    assert (caught.value.code, caught.value.parameters["where"]) == ("grid-json", where)


@pytest.mark.parametrize("wrong", [{"header": 5}, {"columns": {"a": 1}}, {"date_system": 1901}, {"colour": "red"}])
def test_another_shape_is_refused_by_the_model(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        GridModel.model_validate({"columns": [["a"]], **wrong})


def test_the_schema_says_what_a_cell_may_be() -> None:
    cell = GridModel.model_json_schema()["properties"]["columns"]["items"]["items"]
    assert [next(iter(kind.get("properties", {"": 0})), "") or kind["type"] for kind in cell["anyOf"]] == [
        "string",
        "number",
        "boolean",
        "null",
        "date",
        "error",
    ]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("a", "a"),
        (2.5, 2.5),
        (True, True),
        (None, None),
        (DateSerial(45294), {"date": 45294.0}),
        (CellError("#N/A"), {"error": "#N/A"}),
        (float("inf"), "inf"),
    ],
)
def test_a_scalar_is_told_as_it_is_taken_and_an_endless_number_as_text(value: Scalar, told: object) -> None:
    assert repr(json_scalar(value)) == repr(told)
