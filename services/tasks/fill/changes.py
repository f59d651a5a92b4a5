"""The changes of one table's new columns: titles, answers as values of their kinds, and a flag for each row without."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from services.tasks.fill.answers import Nothing, Outcome, Said, Text, fits_a_cell
from services.tasks.fill.items import texts_of
from services.tasks.fill.kinds import Kind, date_of, number_of
from services.tasks.fill.plan import Plan, TablePlan
from services.tasks.fill.wanted import Wanted
from services.text.differences import marked
from services.text.numerals import DIGITS_OF_A_DOUBLE
from services.workbook.changes import Change, ChangeSet, Flag, reason
from services.workbook.formats import Precision, date_format_of
from services.workbook.grid import LOCKED, Grid, Scalar, Sheet, same_value
from services.workbook.serials import serial_of

RULE = "fill"
"""What the changes are called in a report."""


@dataclass(frozen=True, slots=True)
class FillTable:
    """A run of new columns: its Grid as it stands, the title cells with it, and what would come into it."""

    grid: Grid
    changes: ChangeSet
    removed_rows: tuple[int, ...] = ()
    misfits: tuple[()] = ()


def tables_of(
    plan: Plan, number: int, outcome: Callable[[int], Outcome], separator: str, overwrite: bool, cells_before: int
) -> list[FillTable]:
    """The new columns of the table with this number; ``outcome`` gives that of a row.

    ``cells_before`` counts the cells of the Grids before these, so that the ids of a result are its own, and the same
    in every run on the same source.
    """
    return [
        _Filling(plan, plan.tables[number], place, separator, overwrite, start).table(outcome)
        for place, start in zip(
            range(len(plan.tables[number].beside.grids)),
            _starts(plan.tables[number], cells_before),
            strict=True,
        )
    ]


def _starts(table: TablePlan, cells_before: int) -> list[int]:
    starts = [cells_before]
    for grid in table.beside.grids:
        starts.append(starts[-1] + grid.row_count * grid.column_count)
    return starts[:-1]


class _Filling:
    """One Grid of new columns while its changes are collected."""

    def __init__(
        self, plan: Plan, table: TablePlan, number: int, separator: str, overwrite: bool, cells_before: int
    ) -> None:
        self._plan, self._table, self._overwrite = plan, table, overwrite
        self._grid = table.beside.grids[number]
        self._separator, self._cells_before = separator, cells_before
        self._columns = [
            (column, place) for column, place in zip(plan.columns, table.places, strict=True) if place.grid == number
        ]
        self._is_first = number == 0
        self._formats: dict[Precision, str] = {}
        self._changes: list[Change] = []
        self._flags: list[Flag] = []

    def table(self, outcome: Callable[[int], Outcome]) -> FillTable:
        for row in self._table.rows:
            found = outcome(row)
            if isinstance(found, Nothing):
                self._flag(row, found)
            else:
                self._answers(row, found)
        self._locked()
        changes = (*self._titles(), *self._changes)
        return FillTable(self._grid, ChangeSet(changes, tuple(self._flags), self._grid.fingerprint()))

    def _titles(self) -> Iterator[Change]:
        """The titles of columns that have answers, where none stands yet."""
        why = (reason("fill.title"),)
        answered = {change.column for change in self._changes}
        for column, place in self._columns if self._table.beside.title_row else ():
            before = self._grid.columns[place.column][0]
            if before in (None, "") and place.column in answered:
                yield Change(self._id(0, place.column), 0, place.column, before, column.title, why, RULE, "safe")

    def _answers(self, row: int, found: Mapping[str, Said]) -> None:
        for column, place in self._columns:
            said = found.get(column.changes_of or column.key)
            if said is None or not self._table.is_open(row, place, self._overwrite):
                continue
            value, form = self._value(column, said, row)
            at = row + self._table.beside.title_row
            before = self._grid.columns[place.column][at]
            if same_value(before, value):
                continue
            self._changes.append(
                Change(
                    self._id(at, place.column),
                    at,
                    place.column,
                    before,
                    value,
                    (said.reason,),
                    RULE,
                    said.verdict,
                    proposer=said.proposer,
                    number_format=form,
                )
            )

    def _value(self, column: Wanted, said: Said, row: int) -> tuple[Scalar, str | None]:
        if column.changes_of is None:
            return self._typed(column.kind, said.value, row)
        before = "\n".join(texts_of(self._table, row))
        after = said.value if isinstance(said.value, str) else ""
        if before == after:
            return self._plan.template.settings.unchanged or None, None
        shown = marked(before, after)
        return shown if fits_a_cell(shown) else None, None

    def _typed(self, kind: Kind, said: Text, row: int) -> tuple[Scalar, str | None]:
        """A value of the column's kind; what can't be held as such (a date before 1900) stays text."""
        if not isinstance(said, str):
            return self._separator.join(said), None
        if kind.name == "number" and (number := number_of(said)) is not None:
            value, form = number
            if len(value.as_tuple().digits) > DIGITS_OF_A_DOUBLE and len(str(value).strip("0.-")) > DIGITS_OF_A_DOUBLE:
                return said, None  # a cell would round it
            return int(value) if value == value.to_integral_value() else float(value), form
        if kind.name == "date" and (date := date_of(said)) is not None:
            try:
                serial = serial_of(date, self._grid.date_system)
            except ValueError:
                return said, None
            return serial, self._format("minute" if date.hour or date.minute else "day")
        return said, None

    def _format(self, precision: Precision) -> str:
        if precision not in self._formats:
            table = self._table.table
            sheets = [Sheet(table.sheet, table)]
            self._formats[precision] = date_format_of(sheets, table.sheet, self._grid.first_column, precision)
        return self._formats[precision]

    def _flag(self, row: int, found: Nothing) -> None:
        """One flag for a row, in the first of its columns that is open."""
        if not self._is_first and any(
            self._table.is_open(row, place, self._overwrite) for place in self._table.places if place.grid == 0
        ):
            return
        at = row + self._table.beside.title_row
        for _, place in self._columns:
            if self._table.is_open(row, place, self._overwrite):
                before = self._grid.columns[place.column][at]
                number = f"f{self._id(at, place.column)}"
                self._flags.append(Flag(number, at, place.column, before, found.reason, RULE))
                return

    def _locked(self) -> None:
        """Say once where the new columns are locked, so that nobody waits for answers there."""
        for _, place in self._columns:
            mask = self._grid.masks[place.column] if place.column < len(self._grid.masks) else b""
            locked = [row for row, bits in enumerate(mask) if bits & LOCKED]
            if locked:
                number = f"f{self._id(locked[0], place.column)}"
                value = self._grid.columns[place.column][locked[0]]
                told = reason("fill.locked", count=len(locked))
                self._flags.append(Flag(number, locked[0], place.column, value, told, RULE))

    def _id(self, row: int, column: int) -> str:
        return str(self._cells_before + row * self._grid.column_count + column + 1)
