"""Leftovers: the texts of a column that nobody understood, each of them once, and only in a column of clear kind."""

from __future__ import annotations

from services.tasks.clean.rules.leftovers import leftovers
from services.tasks.clean.table import Table
from services.workbook.grid import Grid, Scalar


def told(values: list[Scalar], understood: set[str], *, header: tuple[str, ...] = ("Size",)) -> list[str]:
    table = Table(Grid(columns=(values,), header=header), typed=True, language="en")
    column = table.columns[0]
    cells = sum(1 for value in values if not isinstance(value, str) or value in understood)
    return [text for text, _ in leftovers(column, table, understood, "numbers.no_number", cells, column.filled)]


def test_a_text_that_is_not_understood_is_told() -> None:
    assert told([1, 2, 3, 4, "5 kg", "tall"], {"5 kg"}) == ["tall"]


def test_below_four_fifths_of_one_kind_nothing_is_told() -> None:
    assert told([1, 2, 3, 4, "tall"], set()) == ["tall"]
    assert told([1, 2, 3, "tall"], set()) == []


def test_a_title_above_the_first_value_is_none_where_no_header_row_was_recognised() -> None:
    values: list[Scalar] = ["Budget", "in EUR", *range(20), "tall"]
    assert told(values, set(), header=()) == ["tall"]
    assert told(values, set()) == ["Budget", "in EUR", "tall"]


def test_a_long_text_is_shown_by_its_beginning() -> None:
    table = Table(Grid(columns=([1, 2, 3, 4, "x" * 100],), header=("Size",)), typed=True, language="en")
    ((_, doubt),) = leftovers(table.columns[0], table, set(), "numbers.no_number", 4, 5)
    assert dict(doubt.reason.parameters)["value"] == "x" * 60 + "…"
