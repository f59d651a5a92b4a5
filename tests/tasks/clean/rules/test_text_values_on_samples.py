"""The rules for single text values on real tables that are clean: nothing safe that a reader would notice."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from services.tasks.clean.rule import Proposal
from services.tasks.clean.rules import (
    addresses,
    booleans,
    case,
    contacts,
    empties,
    identifiers,
    phones,
    postcodes,
    tidy,
)
from services.tasks.clean.table import Table
from services.workbook.grid import Grid, Scalar

RULES = [tidy.RULE, empties.RULE, phones.RULE, identifiers.RULE, contacts.RULE, postcodes.RULE, booleans.RULE]
RULES += [case.RULE, addresses.RULE]


def read(path: Path) -> Table:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    columns: tuple[list[Scalar], ...] = tuple([value or None for value in column] for column in zip(*rows, strict=True))
    return Table(grid=Grid(columns=columns, header=tuple(header)), typed=False, language="en")


@pytest.mark.parametrize("name", ["hospital", "beers", "movies_1"])
def test_a_clean_table_stays_but_for_stray_spaces(samples: Path, name: str) -> None:
    table = read(samples / "cleaning" / name / "clean.csv")
    for rule in RULES:
        for step in rule.propose(table):
            for value, finding in rule.run(step, table).values.items():
                assert isinstance(finding, Proposal)
                assert str(finding.after).split() == str(value).split()


def test_words_for_no_value_in_a_column_of_numbers_are_emptied(samples: Path) -> None:
    table = read(samples / "cleaning" / "beers" / "dirty.csv")
    emptied = {
        (step.column, value): (finding.after, finding.safe)
        for step in empties.RULE.propose(table)
        for value, finding in empties.RULE.run(step, table).values.items()
        if isinstance(finding, Proposal)
    }
    assert emptied == {("ibu", "N/A"): (None, True)}
