"""The task ``clean``: its request, and the run that takes table after table, by a recipe or as ``assisting`` does."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from pydantic import BaseModel, ConfigDict, Field, field_validator

from services.errors import InputError
from services.messages import Language
from services.tasks.clean.assisting import MOST_SAID, Assisted, assisted, understood_nowhere
from services.tasks.clean.engine import rerun
from services.tasks.clean.estimating import estimate
from services.tasks.clean.kept import VERSION, dump, load, table_in, table_out
from services.tasks.clean.recipe import Recipe, check_fits, read_recipe, recipe_text
from services.tasks.clean.result import CleanedTable, CleanResult
from services.tasks.clean.rule import Step
from services.tasks.clean.rulebook import RULEBOOK
from services.tasks.clean.rules.rows import Removable, RowsStep, rows_to_remove
from services.tasks.clean.table import Table, likely_region
from services.tasks.context import TaskContext
from services.tasks.registry import Option, Task
from services.tasks.source import CellSource
from services.text.phones import known_region
from services.workbook.changes import ChangeSet
from services.workbook.formats import Precision, date_format_of
from services.workbook.grid import DateSerial, Grid, Sheet
from services.workbook.serials import SECONDS_PER_DAY

FEWEST_LISTED = 10
"""Rows from which on a single column below a header is taken for a list, and not for a page of notes."""


class CleanRequest(BaseModel):
    """What to clean and how. ``recipe`` is the text of a recipe file; without one, a recipe is proposed.

    ``instruction`` says in words what is wanted. ``visible_only`` says that hidden rows are evidence as any others, but
    nothing is said of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sheet: str | None = None
    cells: str | None = None
    recipe: str | None = None
    instruction: str | None = Field(None, max_length=MOST_SAID)
    remove_rows: tuple[Removable, ...] = ()
    visible_only: bool = False
    region: str | None = None
    language: Language = "en"

    @field_validator("region")
    @classmethod
    def _known_region(cls, region: str | None) -> str | None:
        return None if region is None else known_region(region)


def run(request: CleanRequest, source: CellSource, context: TaskContext) -> CleanResult:
    """Clean every table that the request names; touches no file.

    Raises ``RecipeError``, ``NotFound``, and ``InputError`` where rows are to be left out of a workbook, or where both
    a recipe and an instruction say what to do.
    """
    recipe = None if request.recipe is None else read_recipe(request.recipe)
    if request.remove_rows and source.typed:
        raise InputError("only-text-loses-rows", file=source.name)
    if recipe is not None and request.instruction:
        raise InputError("recipe-and-instruction")
    grids = source.tables(None if request.sheet is None else [request.sheet], request.cells)
    if recipe is not None:
        check_fits(recipe, grids)
    if len(grids) > 1 and request.sheet is None and not source.selected:
        grids = [grid for grid in grids if not _is_prose(grid)]
    nowhere = _understood_nowhere(request, source.typed, grids)
    made: list[CleanedTable] = []
    for grid in grids:
        context.check_cancelled()
        numbered_from = (sum(len(t.changes.changes) for t in made), sum(len(t.changes.flags) for t in made))
        key = _key(request, grid, numbered_from, context)
        table = _kept(context, key, grid)
        if table is None:
            table = _table(request, recipe, nowhere, source.typed, grid, grids, context, numbered_from)
            if not table.gaps:  # else a resumed run asks for them again; what is answered is kept by who asks
                context.keep(key, table_out(table))
        made.append(table)
    return CleanResult.of(made)


def _key(request: CleanRequest, grid: Grid, numbered_from: tuple[int, int], context: TaskContext) -> str:
    """What a finished table is kept under: all that it is made of."""
    model = "" if context.model is None else context.model.name
    of = repr((VERSION, request.model_dump_json(), model, grid.fingerprint(), numbered_from))
    return f"clean-{hashlib.blake2b(of.encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()}"


def _kept(context: TaskContext, key: str, grid: Grid) -> CleanedTable | None:
    """The table as an earlier run left it; None where it did not, or where that can't be read."""
    part = context.kept(key)
    try:
        return None if part is None else table_in(part, grid)
    except ValueError:
        return None


def _table(
    request: CleanRequest,
    recipe: Recipe | None,
    nowhere: frozenset[str],
    typed: bool,
    grid: Grid,
    grids: list[Grid],
    context: TaskContext,
    numbered_from: tuple[int, int],
) -> CleanedTable:
    if all(value is None for column in grid.columns for value in column):  # one of several areas that were selected
        return CleanedTable(grid, ChangeSet(fingerprint=grid.fingerprint()), ())
    table = _as_table(request, typed, grid)
    done = _cleaned(request, table, recipe, nowhere, context, numbered_from)
    cleaned = done.cleaned
    steps = tuple(_asked_to_remove(step, request.remove_rows) for step in cleaned.steps)
    removed = [row for step in steps if isinstance(step, RowsStep) for row in rows_to_remove(step, table)]
    changes = _with_date_formats(cleaned.changes, grid, grids) if typed else cleaned.changes
    return CleanedTable(grid, changes, steps, cleaned.misfits, tuple(removed), done.answered, done.gaps)


def _as_table(request: CleanRequest, typed: bool, grid: Grid) -> Table:
    hidden = grid.hidden_rows if request.visible_only else frozenset()
    return Table(grid, typed, request.language, request.region or likely_region(grid), hidden)


def _understood_nowhere(request: CleanRequest, typed: bool, grids: list[Grid]) -> frozenset[str]:
    """The phrases of the instruction that are told as not understood: those that no table makes sense of."""
    if not request.instruction:
        return frozenset()
    return understood_nowhere(request.instruction, [_as_table(request, typed, grid) for grid in grids])


def _is_prose(grid: Grid) -> bool:
    """One column without a header or with a few lines only: notes beside a workbook's tables, not a table to clean."""
    return grid.column_count == 1 and (not grid.header or grid.row_count < FEWEST_LISTED)


def _cleaned(
    request: CleanRequest,
    table: Table,
    recipe: Recipe | None,
    nowhere: frozenset[str],
    context: TaskContext,
    numbered_from: tuple[int, int],
) -> Assisted:
    changes, flags = numbered_from
    if recipe is None:
        said = request.instruction or ""
        return assisted(table, said, nowhere, context, changes_before=changes, flags_before=flags)
    part = recipe.for_grid(table.grid)
    steps = part.steps if part else ()
    return Assisted(rerun(table, steps, RULEBOOK, context, changes_before=changes, flags_before=flags))


def _asked_to_remove(step: Step, kinds: tuple[Removable, ...]) -> Step:
    """A rows step that removes what the person asked for; any other step as it is."""
    return step.model_copy(update={"remove": kinds}) if kinds and isinstance(step, RowsStep) else step


def _with_date_formats(changes: ChangeSet, grid: Grid, grids: list[Grid]) -> ChangeSet:
    """The same changes, where a cell becomes a date with a date format of the workbook's own kind."""
    sheets = [Sheet(other.sheet, other) for other in grids]
    known: dict[tuple[int, Precision], str] = {}

    def format_for(column: int, value: DateSerial) -> str:
        key = (column, _precision(value))
        if key not in known:
            known[key] = date_format_of(sheets, grid.sheet, grid.first_column + column, key[1])
        return known[key]

    return replace(
        changes,
        changes=tuple(
            replace(change, number_format=format_for(change.column, change.after))
            if isinstance(change.after, DateSerial) and change.number_format is None
            else change
            for change in changes.changes
        ),
    )


def _precision(serial: DateSerial) -> Precision:
    """How fine a format has to be to show all of a date."""
    seconds = round(serial * SECONDS_PER_DAY)
    if seconds % SECONDS_PER_DAY == 0:
        return "day"
    return "second" if seconds % 60 else "minute"


CLEAN = Task(
    name="clean",
    source="cells",
    request_type=CleanRequest,
    result_type=CleanResult,
    estimate=lambda request, source, context: estimate(run, request, source, context),
    run=run,
    dump=dump,
    load=load,
    options=(
        Option("sheet", ("--sheet",), metavar="NAME"),
        Option("cells", ("--range",), metavar="A1:D20"),
        Option("recipe", ("--recipe",), "file", metavar="FILE"),
        Option("instruction", ("--instruction",), metavar="TEXT"),
        Option("remove_rows", ("--remove-rows",), "list", metavar="KINDS"),
        Option("visible_only", ("--visible-only",), "flag"),
        Option("region", ("--region",), metavar="CC"),
    ),
    recipe_text=lambda result, language: recipe_text(result.recipe, language),
)
