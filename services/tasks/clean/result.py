"""The result of the task ``clean``. How it is made is in ``task``, how it is kept in ``kept``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, SkipValidation

from services.tasks.clean.recipe import Recipe, TableRecipe
from services.tasks.clean.rule import Step
from services.workbook.changes import ChangeSet, Reason
from services.workbook.grid import Grid


@dataclass(frozen=True, slots=True)
class CleanedTable:
    """One table: its Grid as read, what would change, the steps that found it, and rows to leave out where asked.

    ``misfits`` are the steps of the given recipe that no longer fit this table, each with why. ``answered`` counts what
    a model answered, ``gaps`` what it was asked and did not.
    """

    grid: Grid
    changes: ChangeSet
    steps: tuple[Step, ...]
    misfits: tuple[tuple[Step, Reason], ...] = ()
    removed_rows: tuple[int, ...] = ()
    answered: int = 0
    gaps: int = 0


class CleanResult(BaseModel):
    """What ``clean`` found, table by table; nothing has been written.

    ``engine`` says what made it: ``rules``, or ``rules+model`` where a model was asked and answered anything. ``gaps``
    counts what it was asked and gave no answer to; running it again asks only for these.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    tables: SkipValidation[tuple[CleanedTable, ...]]
    engine: str = "rules"
    gaps: int = 0

    @classmethod
    def of(cls, tables: Iterable[CleanedTable]) -> CleanResult:
        """The result that these tables make."""
        made = tuple(tables)
        engine = "rules+model" if any(table.answered for table in made) else "rules"
        return cls(tables=made, engine=engine, gaps=sum(table.gaps for table in made))

    @property
    def recipe(self) -> Recipe:
        """The recipe that makes the same changes again."""
        parts = (TableRecipe(made.grid.sheet, made.grid.header, made.steps) for made in self.tables if made.steps)
        return Recipe(tuple(parts))
