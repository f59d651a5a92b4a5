"""What cleaning by rules does on real tables: what it repairs, and what it leaves alone.

The truth of each table lies beside it; a cell counts as damaged where it was right and is not any more.
"""

from __future__ import annotations

import csv
import random
import string
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.tasks.clean.engine import propose
from services.tasks.clean.rulebook import RULEBOOK
from services.tasks.clean.table import Table
from services.workbook.grid import Grid
from tests.tasks.quiet import Quiet

TABLES = ("hospital", "beers", "movies_1")

Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Figures:
    """How many cells were wrong, changed, repaired, and damaged."""

    wrong: int
    changed: int
    repaired: int
    damaged: int

    @property
    def recall(self) -> float:
        return self.repaired / self.wrong

    @property
    def f1(self) -> float:
        return 2 * self.repaired / (self.wrong + self.changed)


def read(path: Path) -> Rows:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return [row for row in csv.reader(file) if row]


def cleaned(table: Rows, verdicts: Collection[str]) -> Rows:
    columns = tuple([cell or None for cell in column] for column in zip(*table[1:], strict=True))
    grid = Grid(columns=columns, header=tuple(table[0]))
    made = propose(Table(grid=grid, typed=False, language="en"), RULEBOOK, Quiet())
    out = [list(row) for row in table]
    for change in made.changes.changes:
        if change.verdict in verdicts:
            out[change.row + 1][change.column] = "" if change.after is None else str(change.after)
    return out


def figures(dirty: Rows, clean: Rows, out: Rows, columns: Collection[str] = ()) -> Figures:
    wrong = changed = repaired = damaged = 0
    for before, truth, after in zip(dirty[1:], clean[1:], out[1:], strict=True):
        for name, one, right, now in zip(dirty[0], before, truth, after, strict=True):
            if columns and name not in columns:
                continue
            wrong += one != right
            changed += one != now
            repaired += one != right and now == right
            damaged += one == right and now != right
    return Figures(wrong, changed, repaired, damaged)


def with_slips(table: Rows, seed: int, share: float = 0.03) -> Rows:
    """A copy in which that share of the cells with letters has one character replaced, dropped, doubled or swapped."""
    chance = random.Random(seed)
    out = [list(row) for row in table]
    for row in out[1:]:
        for place, cell in enumerate(row):
            if any(map(str.isalpha, cell)) and chance.random() < share:
                row[place] = slipped(cell, chance)
    return out


def slipped(cell: str, chance: random.Random) -> str:
    for _ in range(20):
        at = chance.randrange(len(cell))
        made = chance.choice(
            (
                cell[:at] + chance.choice(string.ascii_lowercase) + cell[at + 1 :],
                cell[:at] + cell[at + 1 :],
                cell[:at] + cell[at] + cell[at:],
                cell[:at] + cell[at + 1 : at + 2] + cell[at] + cell[at + 2 :],
            )
        )
        if made != cell and made.strip():
            return made
    return cell


def test_a_table_damaged_by_one_letter_is_restored(samples: Path) -> None:
    dirty, clean = (read(samples / "cleaning" / "hospital" / f"{name}.csv") for name in ("dirty", "clean"))
    found = figures(dirty, clean, cleaned(dirty, ("safe",)))
    assert found.f1 >= 0.95
    assert found.damaged == 0


@pytest.mark.parametrize(
    ("name", "columns", "least", "most_damaged"),
    [
        ("beers", ("ounces", "abv", "ibu", "city", "state"), 0.98, 20),
        ("movies_1", ("rating_count", "rating_value", "duration"), 0.90, 0),
    ],
)
def test_a_table_of_mixed_notations_is_brought_to_one(
    samples: Path, name: str, columns: tuple[str, ...], least: float, most_damaged: int
) -> None:
    dirty, clean = (read(samples / "cleaning" / name / f"{kind}.csv") for kind in ("dirty", "clean"))
    found = figures(dirty, clean, cleaned(dirty, ("safe", "review")), columns)
    assert found.f1 >= least
    assert found.damaged <= most_damaged


def test_next_to_nothing_in_clean_tables_is_changed(samples: Path) -> None:
    changed = 0
    for name in TABLES:
        clean = read(samples / "cleaning" / name / "clean.csv")
        changed += sum(
            one != now
            for before, after in zip(clean, cleaned(clean, ("safe",)), strict=True)
            for one, now in zip(before, after, strict=True)
        )
    assert changed <= 1


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", TABLES)
def test_random_slips_are_repaired_and_right_cells_kept(samples: Path, name: str, seed: int) -> None:
    clean = read(samples / "cleaning" / name / "clean.csv")
    dirty = with_slips(clean, seed)
    found = figures(dirty, clean, cleaned(dirty, ("safe",)))
    assert found.damaged <= 1
    assert found.changed - found.repaired <= 3
    if name == "hospital":
        assert found.recall >= 0.55


@pytest.mark.parametrize("name", TABLES)
def test_cleaning_what_was_cleaned_changes_nothing(samples: Path, name: str) -> None:
    once = cleaned(with_slips(read(samples / "cleaning" / name / "clean.csv"), 7), ("safe",))
    assert cleaned(once, ("safe",)) == once
