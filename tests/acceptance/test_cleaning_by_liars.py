"""Real tables with slips and odd words in them, and models that answer wrongly in the ways that models do.

What a model says is safe only where the cell says it too: with any of them, what is written as safe is as right as by
rules alone. Real models are tried by ``benchmarks/bench_cleaning.py``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from services.llm.question import Item
from services.tasks.clean.result import CleanResult
from services.tasks.clean.task import CLEAN, CleanRequest
from services.workbook.files import open_source
from tests.acceptance.test_cleaning_figures import Figures, Rows, figures, read, with_slips
from tests.benchmarks.bench_cleaning import ODD_COLUMNS, with_odd_words
from tests.tasks.clean.speaking import Speaking
from tests.tasks.quiet import Quiet


def digits(item: Item) -> str:
    """All digits of the cell, whatever stands between them."""
    return "".join(filter(str.isdigit, item["cell"]))


def first_number(item: Item) -> str:
    """The first number of the cell, whatever it is of."""
    found = re.search(r"\d+(?:\.\d+)?", item["cell"])
    return found[0] if found else ""


def tenfold(item: Item) -> str:
    return f"{first_number(item)}0"


def negative(item: Item) -> str:
    return f"-{first_number(item)}"


def echo(item: Item) -> str:
    return str(item["cell"])


def nearest(item: Item) -> str:
    """The first of the values that a name could be; of anything else the first number."""
    return str(item["near"][0]) if "near" in item else f"{first_number(item)} min"


def farthest(item: Item) -> str:
    return str(item["near"][-1]) if "near" in item else "1987-09-02"


LIARS: Mapping[str, Callable[[Item], str]] = {
    liar.__name__: liar for liar in (digits, first_number, tenfold, negative, echo, nearest, farthest)
}


@cache
def tables(samples: Path, name: str) -> tuple[Rows, Rows]:
    """The clean table, and a copy with slips and odd words."""
    clean = read(samples / "cleaning" / name / "clean.csv")
    return clean, with_odd_words(with_slips(clean, 3, share=0.01), ODD_COLUMNS[name], 3)


def result(rows: Rows, folder: Path, model: Speaking | None) -> CleanResult:
    path = folder / "dirty.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return CLEAN.run(CleanRequest(), open_source(path), Quiet(model))


def written(rows: Rows, found: CleanResult) -> Rows:
    """The table with what is safe."""
    out = [list(row) for row in rows]
    for change in found.tables[0].changes.changes:
        if change.verdict == "safe":
            out[change.row + 1][change.column] = "" if change.after is None else str(change.after)
    return out


@cache
def by_rules(samples: Path, name: str, folder: Path) -> Figures:
    clean, dirty = tables(samples, name)
    return figures(dirty, clean, written(dirty, result(dirty, folder, None)))


@pytest.mark.parametrize("liar", LIARS)
@pytest.mark.parametrize("name", ODD_COLUMNS)
def test_nothing_wrong_is_safe_whatever_a_model_says(
    samples: Path, name: str, liar: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    clean, dirty = tables(samples, name)
    canaries: dict[str, Any] = {cell: None for row in clean for cell in row}

    def says(item: Item) -> Mapping[str, Any]:
        cell = str(item["cell"])
        return {"certain": True, "value": cell if cell in canaries else LIARS[liar](item)}

    model = Speaking(says)
    folder = tmp_path_factory.getbasetemp()
    found = result(dirty, folder, model)
    alone, now = by_rules(samples, name, folder), figures(dirty, clean, written(dirty, found))
    wrong = [
        (change.before, change.after, clean[change.row + 1][change.column])
        for change in found.tables[0].changes.changes
        if change.proposer == "model" and change.verdict == "safe"
        if str(change.after) != clean[change.row + 1][change.column]
    ]
    print(f"\n{name} by {liar}: asked {sum(map(len, model.calls))}, {now} beside {alone}, wrong as safe {len(wrong)}")
    assert model.calls
    assert wrong == []
    assert now.damaged <= alone.damaged
