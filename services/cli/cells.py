"""A task on cells as a command: open the file, run the task, write what was accepted, keep journal and report.

What a task finds is decided in ``tasks``; how files are read and patched in ``workbook``; how it looks in ``show``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError
from rich.console import Console

from services.cli import show
from services.cli.progress import TerminalContext
from services.errors import InputError, NotFound, UnreadableFile
from services.messages import Language, message
from services.tasks.registry import AnyTask, Option
from services.workbook.changes import Applied, CellConflict, Verdict, apply
from services.workbook.files import (
    Source,
    Written,
    cell_writes,
    check_target,
    open_source,
    output_suffix,
    write_in_place,
    write_result,
)
from services.workbook.grid import FORMULA, Grid
from services.workbook.journal import add_session, read_journal
from services.workbook.placing import backup, placed, sha256_of
from services.workbook.report import ReportLine, report_lines, shown
from services.workbook.report_file import report_sheet, report_suffix, write_json_report, write_report_workbook
from services.workbook.spreadsheetml.patch import CellWrite
from services.workbook.undoing import session_of

APPLY: dict[str, tuple[Verdict, ...]] = {"safe": ("safe",), "all": ("safe", "review"), "none": ()}
"""What ``--apply`` accepts, as verdicts."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person asked for beside the task's own request. ``output`` None means no result file is asked for."""

    input: Path
    output: Path | None
    in_place: bool
    apply: str
    report: Path | None
    report_sheet: bool
    save_recipe: Path | None
    recalculate: bool
    as_json: bool
    language: Language


def cells_command(task: AnyTask, language: Language) -> click.Command:
    """The command of a task that works on cells, with the options that all of them share."""

    def text(name: str) -> str:
        return message(f"options.common.{name}", language)

    path = click.Path(path_type=Path)
    shared: list[click.Parameter] = [
        click.Argument(["input"], type=path),
        click.Option(["-o", "--output"], type=path, metavar="OUTPUT", help=text("output")),
        click.Option(["--in-place"], is_flag=True, help=text("in_place")),
        click.Option(["--apply"], type=click.Choice(list(APPLY)), default="safe", help=text("apply")),
        click.Option(["--report"], type=path, metavar="FILE.json|.xlsx", help=text("report")),
        click.Option(["--report-sheet"], is_flag=True, help=text("report_sheet")),
        click.Option(["--recalculate"], is_flag=True, help=text("recalculate")),
        click.Option(["--no-model"], is_flag=True, help=text("no_model")),
        click.Option(["--json", "as_json"], is_flag=True, help=text("json")),
    ]
    if task.recipe_text is not None:
        shared.append(click.Option(["--save-recipe"], type=path, metavar="FILE", help=text("save_recipe")))
    own = [_own_option(task.name, option, language) for option in task.options]
    return click.Command(
        task.name,
        params=[shared[0], *own, *shared[1:]],
        callback=_callback(task, language),
        help=message(f"commands.{task.name}.help", language),
    )


def run_cells(task: AnyTask, request: Any, wishes: Wishes, console: Console) -> None:
    """Run the task on a file and carry out what was accepted. Raises ``DeskhandError``; then nothing was written."""
    source = open_source(wishes.input)
    language = wishes.language
    target = _target(source, wishes)
    if wishes.report is not None:
        report_suffix(wishes.report)
    if target is not None and not wishes.in_place:
        check_target(source, target)
    with TerminalContext(language, visible=not wishes.as_json) as context:
        result = task.run(request, source, context)
        made = [_Carried.out(table, APPLY[wishes.apply]) for table in result.tables]
        lines = [
            (carried.grid, line)
            for carried in made
            for line in report_lines(carried.grid, carried.table.changes, carried.accepted, language)
        ]
        written = None if target is None else _write(source, target, made, lines, wishes)
    document = _document(task.name, result.engine, made, lines, wishes, written)
    if wishes.save_recipe is not None and task.recipe_text is not None:
        with placed(wishes.save_recipe) as draft:
            draft.write_text(task.recipe_text(result, language), "utf-8")
        document["recipe"] = str(wishes.save_recipe)
    if wishes.report is not None:
        document["report"] = str(wishes.report)
        if report_suffix(wishes.report) == ".json":
            write_json_report(wishes.report, document)
        else:
            write_report_workbook(wishes.report, lines, language)
    if wishes.as_json:
        write_json(document)
        return
    _tell(console, made, lines, document, wishes, written)


@dataclass(frozen=True, slots=True)
class _Carried:
    """One table with what was accepted and carried out on it."""

    table: Any
    accepted: frozenset[str]
    applied: Applied

    @classmethod
    def out(cls, table: Any, verdicts: Sequence[Verdict]) -> _Carried:
        applied = apply(table.grid, table.changes, table.changes.with_verdicts(verdicts))
        return cls(table, frozenset(entry.id for entry in applied.journal.entries), applied)

    @property
    def grid(self) -> Grid:
        grid: Grid = self.table.grid
        return grid

    @property
    def conflicts(self) -> tuple[CellConflict, ...]:
        return self.applied.conflicts


def _own_option(task: str, option: Option, language: Language) -> click.Option:
    types: dict[str, Any] = {"file": click.Path(path_type=Path), "choice": click.Choice(option.choices)}
    return click.Option(
        [*option.flags, option.field],
        type=types.get(option.kind, str),
        is_flag=option.kind == "flag",
        metavar=option.metavar or None,
        help=message(f"options.{task}.{option.field}", language),
    )


def _callback(task: AnyTask, language: Language) -> Callable[..., None]:
    def callback(**values: Any) -> None:
        fields = {option.field: _value(option, values.pop(option.field)) for option in task.options}
        request = _request(task, {"language": language, **{k: v for k, v in fields.items() if v is not None}})
        del values["no_model"]  # every task is by rules alone as long as no model can be set
        asked = values["output"] is not None or values["apply"] != "none"
        output = values.pop("output")
        if output is not None and values["in_place"]:
            raise InputError("output-or-in-place")
        wishes = Wishes(
            output=output or (_beside(values["input"]) if asked and not values["in_place"] else None),
            save_recipe=values.pop("save_recipe", None),
            language=language,
            **values,
        )
        run_cells(task, request, wishes, Console(highlight=False))

    return callback


def _request(task: AnyTask, fields: dict[str, Any]) -> Any:
    """The task's request. Raises ``InputError`` (``option-value``) that names the option and what it can be."""
    try:
        return task.request_type(**fields)
    except ValidationError as error:
        first = error.errors()[0]
        option = next(option for option in task.options if option.field == first["loc"][0])
        raise InputError(
            "option-value",
            option=option.flags[0],
            value=first["input"],
            detail=first["msg"],
            command=task.name,
        ) from error


def _value(option: Option, value: Any) -> Any:
    if value is None:
        return None
    if option.kind == "list":
        return tuple(word.strip() for word in value.split(",") if word.strip())
    if option.kind == "file":
        return _text_of(value)
    return value


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise NotFound("file-missing", file=path.name) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile("text-unreadable", file=path.name) from error


def _beside(path: Path) -> Path:
    """The name of a result that the person didn't name; its suffix is found once the file is opened."""
    return path.with_name(f"{path.stem}-clean{path.suffix}")


def _target(source: Source, wishes: Wishes) -> Path | None:
    if wishes.in_place:
        return source.path if wishes.apply != "none" else None
    if wishes.output == _beside(wishes.input):
        return wishes.output.with_suffix(output_suffix(source))
    return wishes.output


def _write(
    source: Source, target: Path, made: Sequence[_Carried], lines: list[tuple[Grid, ReportLine]], wishes: Wishes
) -> Written:
    """Write the result, then its journal; an earlier file of that name that is not ours is kept as a backup."""
    writes: dict[str, list[CellWrite]] = {}
    for carried in made:
        writes.setdefault(carried.grid.sheet, []).extend(cell_writes(carried.grid, carried.applied.writes))
    writes = {title: cells for title, cells in writes.items() if cells}
    remove = [carried.grid.first_row + row for carried in made for row in carried.table.removed_rows]
    new_sheets = [report_sheet(lines, wishes.language)] if wishes.report_sheet else []
    before = sha256_of(source.path)
    if wishes.in_place:
        written = write_in_place(source, writes, remove=remove, new_sheets=new_sheets, recalculate=wishes.recalculate)
    else:
        earlier = backup(target) if target.exists() and not _is_ours(target) else None
        written = write_result(
            source, target, writes, remove=remove, new_sheets=new_sheets, recalculate=wishes.recalculate
        )
        if earlier is not None:
            written = Written(written.path, written.removed, earlier, written.only_values)
    tables = [(carried.grid, carried.applied.journal) for carried in made]
    session = session_of(source, before, written.path, tables, written.removed)
    add_session(written.path, session, follows=wishes.in_place)
    return written


def _is_ours(target: Path) -> bool:
    """Whether the file is a result of an earlier run that nobody has touched since."""
    try:
        sessions = read_journal(target).sessions
    except (NotFound, UnreadableFile):
        return False
    return bool(sessions) and sessions[-1].output_sha256 == sha256_of(target)


def _document(
    task: str,
    engine: str,
    made: Sequence[_Carried],
    lines: Sequence[tuple[Grid, ReportLine]],
    wishes: Wishes,
    written: Written | None,
) -> dict[str, Any]:
    by_table: dict[int, list[dict[str, Any]]] = {}
    for grid, line in lines:
        by_table.setdefault(id(grid), []).append(line.as_json(grid))
    tables = []
    for carried in made:
        grid, told = carried.grid, by_table.get(id(carried.grid), [])
        tables.append(
            {
                "sheet": grid.sheet,
                "first_cell": grid.address_of(0, 0),
                "rows": grid.row_count,
                "columns": grid.column_count,
                "header": list(grid.header),
                "changes": [line for line in told if line["applied"] is not None],
                "flags": [line for line in told if line["applied"] is None],
                "conflicts": [_conflict(grid, conflict, wishes.language) for conflict in carried.conflicts],
                "removed_rows": [grid.first_row + row for row in carried.table.removed_rows],
                "misfits": [
                    {"rule": step.rule, "column": step.column, "why": why.text(wishes.language)}
                    for step, why in carried.table.misfits
                ],
            }
        )
    changes = [line for _, line in lines if line.applied is not None]
    return {
        "task": task,
        "engine": engine,
        "input": str(wishes.input),
        "output": None if written is None else str(written.path),
        "backup": None if written is None or written.backup is None else str(written.backup),
        "applied": sum(1 for line in changes if line.applied),
        "review": sum(1 for line in changes if not line.applied),
        "flags": sum(1 for _, line in lines if line.applied is None),
        "tables": tables,
    }


def _conflict(grid: Grid, conflict: CellConflict, language: Language) -> str:
    cell = grid.address_of(conflict.row, conflict.column)
    return message(f"conflict.{conflict.code}", language, cell=cell, expected=shown(conflict.expected, grid))


def write_json(document: dict[str, Any]) -> None:
    """Print a document as JSON on standard output."""
    import json

    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def _tell(
    console: Console,
    made: Sequence[_Carried],
    lines: Sequence[tuple[Grid, ReportLine]],
    document: dict[str, Any],
    wishes: Wishes,
    written: Written | None,
) -> None:
    """Print what a person wants to know: the table, the sums, what was left alone, and where everything lies."""
    language = wishes.language

    def say(key: str, **parameters: object) -> None:
        console.print(message(f"show.{key}", language, **parameters), markup=False, soft_wrap=True)

    if lines:
        show.show_changes(console, show.grouped(lines), language)
    else:
        say("clean", file=wishes.input.name)
    say(
        "summary",
        applied=document["applied"],
        open=document["review"],
        flags=document["flags"],
        tables=len(made),
        cells=sum(carried.grid.row_count * carried.grid.column_count for carried in made),
        engine=message(f"show.engine_{document['engine']}", language),
    )
    for table in document["tables"]:
        for misfit in table["misfits"]:
            say("misfit", **misfit)
        if table["removed_rows"]:
            rows = ", ".join(map(str, table["removed_rows"][:20]))
            more = len(table["removed_rows"]) > 20
            say("removed", count=len(table["removed_rows"]), rows=rows + (", ..." if more else ""))
    conflicts = [text for table in document["tables"] for text in table["conflicts"]]
    if conflicts:
        say("conflicts", count=len(conflicts))
        for text in conflicts[:10]:
            console.print(f"  {text}", markup=False)
    if written is None:
        say("nothing_written")
    else:
        if written.only_values:
            say("new_workbook", file=wishes.input.name, kind=wishes.input.suffix)
        say("output", file=written.path)
        say("journal", file=f"{written.path}.journal.json", output=written.path)
        if written.backup is not None:
            say("backup", file=written.backup)
    for name in ("report", "recipe"):
        if name in document:
            say(name, file=document[name])
    if document["review"] and wishes.apply == "safe":
        say("all_hint")
    if document["applied"] and not wishes.recalculate and any(_has_formulas(carried.grid) for carried in made):
        say("stale")


def _has_formulas(grid: Grid) -> bool:
    return any(any(value & FORMULA for value in mask) for mask in grid.masks)
