"""What a request comes to on its source: template, new columns, tables, and the rows that need an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.errors import InputError
from services.tasks.context import TaskContext
from services.tasks.fill.columns import instruction, is_empty, likely, named_in, positions
from services.tasks.fill.kinds import Kind, checked
from services.tasks.fill.lookup import LIST_FROM, entries_of
from services.tasks.fill.request import FillRequest
from services.tasks.fill.row_numbers import rows_named
from services.tasks.fill.template import Template
from services.tasks.fill.wanted import Wanted, chosen_template, variables_of, wanted_columns
from services.tasks.source import CellSource
from services.workbook.beside import Beside
from services.workbook.grid import UNWRITABLE, Grid, Scalar

_MOST_TOLD = 12
"""Tables that are named where it is not clear which is meant."""

_LOOKED_AT = 1000
"""Filled cells of a column that is there already which are compared with what would come into it."""

_TELLING = 2
"""Cells that hold something else from which on it is another column; one alone may be in a person's own words."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new column stands: which Grid of ``Beside``, and the 0-based column in it."""

    grid: int
    column: int


@dataclass(frozen=True, slots=True)
class TablePlan:
    """One table: the columns that are read, where the new ones stand, and the rows (0-based in it) to be answered.

    ``names`` are those of the ``sources``, in their order.
    """

    table: Grid
    sources: tuple[int, ...]
    names: tuple[str, ...]
    beside: Beside
    places: tuple[Place, ...]
    rows: tuple[int, ...]

    def standing(self, row: int, place: Place) -> Scalar:
        """What stands in a new column beside a row of the table."""
        return self.beside.grids[place.grid].columns[place.column][row + self.beside.title_row]

    def is_open(self, row: int, place: Place, overwrite: bool) -> bool:
        """Whether something may be put there: it is empty, or is to be overwritten, and it can be written."""
        grid = self.beside.grids[place.grid]
        if grid.mask_at(row + self.beside.title_row, place.column) & UNWRITABLE:
            return False
        return overwrite or self.standing(row, place) in (None, "")


@dataclass(frozen=True, slots=True)
class Plan:
    """A request as it will be carried out.

    ``variables`` fill the template's prompt; ``left`` counts the rows that a preview leaves for later.
    """

    template: Template
    columns: tuple[Wanted, ...]
    variables: dict[str, str]
    tables: tuple[TablePlan, ...]
    left: int = 0

    @property
    def asked(self) -> tuple[Wanted, ...]:
        """The columns that are answered; the others are made from them."""
        return tuple(column for column in self.columns if column.changes_of is None)


def planned(request: FillRequest, source: CellSource, context: TaskContext) -> Plan:
    """What a request comes to; nothing is asked.

    Raises ``NotFound`` for a sheet or range that is not there, and ``InputError``: ``fill-column-unknown``,
    ``fill-which-table``, ``fill-one-column``, ``fill-column-differs``, and what the parts of this package raise.
    """
    one = chosen_template(request, context.prompts)
    variables, own = variables_of(request, one)
    columns = wanted_columns(request, one, own)
    named = tuple(dict.fromkeys((*request.columns, *named_in(request.prompt))))
    found = source.tables(None if request.sheet is None else [request.sheet], request.cells)
    tables = _chosen(found, named, source.selected)
    if one.settings.rules == "lookup":
        entries = entries_of(request, source, tables, variables.get(LIST_FROM, ""))
        columns = (replace(columns[0], kind=Kind("choice", entries, told=False)),)
    titles = [column.title for column in columns]
    sources = [positions(named, table.names()) or likely(table, one.settings.sources, titles) for table in tables]
    for read in sources:
        if one.settings.sources == "text" and len(read) > 1:
            raise InputError("fill-one-column", template=one.name, given=", ".join(named))
    ranges = rows_named(request.rows, tables)
    plans = [_table_plan(request, source, t, s, titles, ranges) for t, s in zip(tables, sources, strict=True)]
    if not request.overwrite:
        for table in plans:
            _check_fits(table, columns)
    if request.prompt.strip():
        names = tables[0].names() if tables else ()
        variables = {**variables, "instruction": instruction(request.prompt, names)}
    return _previewed(Plan(one, columns, variables, tuple(plans)), request.preview)


def _chosen(found: Sequence[Grid], named: Sequence[str], selected: bool) -> list[Grid]:
    """The tables that have the columns named; without any, the one there is or those that were pointed at."""
    if named:
        fitting = [table for table in found if positions(named, table.names()) is not None]
        if found and not fitting:
            first = found[0].names()
            missing = next(name for name in named if positions([name], first) is None)
            known = ", ".join(dict.fromkeys(name for table in found for name in table.names()))
            raise InputError("fill-column-unknown", column=missing, known=known)
        return fitting
    if len(found) > 1 and not selected:
        there = ", ".join(f"{table.sheet}!{table.address_of(0, 0)}" for table in found[:_MOST_TOLD])
        there += ", …" if len(found) > _MOST_TOLD else ""
        raise InputError("fill-which-table", tables=there)
    return list(found)


def _table_plan(
    request: FillRequest,
    source: CellSource,
    table: Grid,
    sources: tuple[int, ...],
    titles: Sequence[str],
    ranges: Sequence[range] | None,
) -> TablePlan:
    beside = source.beside(table, titles)
    places = tuple(Place(g, c) for g, grid in enumerate(beside.grids) for c in range(grid.column_count))
    names = table.names()
    plan = TablePlan(table, sources, tuple(names[at] for at in sources), beside, places, ())
    rows = tuple(
        row
        for row in range(table.row_count)
        if not (request.visible_only and row in table.hidden_rows)
        and (ranges is None or any(table.first_row + row in wanted for wanted in ranges))
        and not all(is_empty(table.columns[column][row]) for column in sources)
        and any(plan.is_open(row, place, request.overwrite) for place in places)
    )
    return replace(plan, rows=rows)


def _check_fits(table: TablePlan, columns: Sequence[Wanted]) -> None:
    """See that columns which are there already hold what would come into their empty cells.

    A column "Score" of one to five stars is not the score from -1 to 1 of a template. Raises ``InputError``:
    ``fill-column-differs``.
    """
    for column, place in zip(columns, table.places, strict=True):
        grid = table.beside.grids[place.grid]
        rows = range(int(table.beside.title_row), grid.row_count)
        values = [grid.columns[place.column][row] for row in rows]
        filled = [value for value in values if not is_empty(value)][:_LOOKED_AT]
        other = [value for value in filled if not _could_be(value, column.kind)]
        if len(other) >= _TELLING and len(other) * 2 > len(filled):
            title, value = column.title, str(other[0])[:100]
            titles = ", ".join(one.title for one in columns)
            raise InputError("fill-column-differs", title=title, value=value, titles=titles)


def _could_be(value: Scalar, kind: Kind) -> bool:
    """Whether a value could be an answer of the kind; for dates, which a sheet keeps as numbers, whatever it is."""
    if kind.name not in ("number", "choice"):
        return True
    try:
        return checked(str(value), kind) is not None
    except ValueError:
        return False


def _previewed(plan: Plan, preview: int | None) -> Plan:
    """The plan with only the first rows that need an answer, where that is wished."""
    if preview is None:
        return plan
    left, rest, tables = 0, preview, []
    for table in plan.tables:
        kept = table.rows[:rest]
        rest -= len(kept)
        left += len(table.rows) - len(kept)
        tables.append(replace(table, rows=kept))
    return replace(plan, tables=tuple(tables), left=left)
