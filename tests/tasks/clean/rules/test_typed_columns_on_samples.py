"""The rules of typed columns on real tables: what they repair of dirty ones, and that clean ones stay as they are."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from services.tasks.clean.rule import Proposal
from services.tasks.clean.rules import amounts, dates, durations, measures, numbers, percents, times
from services.tasks.clean.table import Table
from services.workbook.grid import Grid, Scalar

RULES = (dates.RULE, times.RULE, durations.RULE, percents.RULE, measures.RULE, amounts.RULE, numbers.RULE)


def read(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        header, *rows = [row for row in csv.reader(file) if row]
    return header, [list(column) for column in zip(*rows, strict=True)]


def repaired(header: list[str], columns: list[list[str]]) -> list[list[str]]:
    """The columns with everything the rules propose carried out, for review or not."""
    result = []
    for name, column in zip(header, columns, strict=True):
        values: list[Scalar] = [value or None for value in column]
        table = Table(Grid(columns=(values,), header=(name,)), False, "en")
        after: dict[Scalar, Scalar] = {}
        for rule in RULES:
            for step in rule.propose(table):  # type: ignore[attr-defined]
                found = rule.run(step, table).values  # type: ignore[attr-defined]
                after |= {value: one.after for value, one in found.items() if isinstance(one, Proposal)}
        result.append([str(after.get(value, value) or "") for value in column])
    return result


@pytest.mark.parametrize("name", ["hospital", "beers", "movies_1"])
def test_clean_tables_stay_as_they_are(samples: Path, name: str) -> None:
    header, columns = read(samples / "cleaning" / name / "clean.csv")
    assert repaired(header, columns) == columns


@pytest.mark.parametrize(
    ("name", "column", "least_fixed", "most_wrong"),
    [
        ("beers", "ounces", 2410, 0),
        ("beers", "abv", 693, 0),
        ("movies_1", "rating_count", 1243, 0),
        ("movies_1", "rating_value", 137, 0),
        ("movies_1", "duration", 6, 11),
    ],
)
def test_dirty_columns_are_repaired_and_nothing_is_damaged(
    samples: Path, name: str, column: str, least_fixed: int, most_wrong: int
) -> None:
    header, dirty = read(samples / "cleaning" / name / "dirty.csv")
    _, clean = read(samples / "cleaning" / name / "clean.csv")
    index = header.index(column)
    (result,) = repaired([column], [dirty[index]])
    cells = list(zip(dirty[index], clean[index], result, strict=True))
    assert sum(1 for before, truth, after in cells if before != truth == after) >= least_fixed
    assert sum(1 for before, truth, after in cells if after not in (before, truth)) <= most_wrong
    assert [cell for cell in cells if cell[0] == cell[1] != cell[2]] == []
