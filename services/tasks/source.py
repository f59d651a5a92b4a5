"""What a task that works on cells is given to read, and what it gives back: CellSource and CellResult.

Opening files and writing into them belongs to ``workbook`` and the surfaces; these are only the shapes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol, runtime_checkable

from services.messages import Language
from services.workbook.beside import Beside
from services.workbook.changes import ChangeSet, Reason
from services.workbook.grid import Grid


class CellSource(Protocol):
    """Cells to work on, from a workbook or a text file."""

    @property
    def name(self) -> str:
        """What a person calls it in an error: the file's name."""

    @property
    def typed(self) -> bool:
        """Whether a cell can hold a number or a date as such (a workbook), or only its text (csv, tsv)."""

    @property
    def selected(self) -> bool:
        """Whether a person pointed at each table (a selection), so that all of them are meant, or they were found."""

    def tables(self, names: Collection[str] | None, reference: str | None) -> list[Grid]:
        """The tables of all visible sheets or of the sheets named, or the one that a range (A1 notation) means.

        Raises ``NotFound`` where there is no such sheet or rectangle.
        """

    def beside(self, table: Grid, titles: Sequence[str]) -> Beside:
        """The columns right of one of ``tables`` that have or shall have these titles, as they stand now.

        A title that the table has already means its column; the others are the first free columns right of it.
        """


class CellTable(Protocol):
    """One table of a result: its Grid as read, and what would change in it.

    ``removed_rows`` are 0-based rows to leave out, ``misfits`` the steps of a recipe that no longer fit, with why.
    """

    @property
    def grid(self) -> Grid:
        """The cells as they were read."""

    @property
    def changes(self) -> ChangeSet:
        """What would change."""

    @property
    def removed_rows(self) -> tuple[int, ...]:
        """Rows to leave out of a delimited text."""

    @property
    def misfits(self) -> Sequence[tuple[Misfit, Reason]]:
        """Steps that no longer fit this table."""


class Misfit(Protocol):
    """A step of a recipe, as far as a surface names it."""

    @property
    def rule(self) -> str:
        """The rule's name."""

    @property
    def column(self) -> str:
        """The column's name."""


class CellResult(Protocol):
    """What a task on cells gives back; ``engine`` says what made it (``rules``)."""

    @property
    def tables(self) -> Sequence[CellTable]:
        """The tables in the order of the source."""

    @property
    def engine(self) -> str:
        """What made the result."""

    @property
    def gaps(self) -> int:
        """How many places are empty because the model gave no answer; each is a flag as well."""


@runtime_checkable
class Previewed(Protocol):
    """A result of which a part may have been left for later on purpose."""

    def note(self, language: Language) -> str:
        """What is left, and what it would take; empty where nothing is."""
