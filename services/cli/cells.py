"""A task on cells as a command: open the file, run the task, write what was accepted, keep journal and report.

What a task finds is decided in ``tasks``; how files are read and patched in ``workbook``; how it looks in ``show``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError
from rich.console import Console

from services.cli import show
from services.cli.language import language_option
from services.cli.outcome import Carried, carry_out, outcome_document, tell, write_json
from services.cli.progress import TerminalContext
from services.errors import InputError, NotFound, OutputError, UnreadableFile
from services.messages import Language, message
from services.tasks.registry import AnyTask, Option
from services.tasks.source import CellResult
from services.workbook.changes import Verdict
from services.workbook.files import Source, Written, check_target, open_source, output_suffix
from services.workbook.grid import Grid
from services.workbook.journal import journal_path
from services.workbook.placing import check_place, placed
from services.workbook.report import ReportLine, report_lines
from services.workbook.report_file import report_sheet, report_suffix, write_json_report, write_report_workbook
from services.workbook.results import check_result, write_session

APPLY: dict[str, tuple[Verdict, ...]] = {"safe": ("safe",), "all": ("safe", "review"), "none": ()}
"""What ``--apply`` accepts, as verdicts."""

LARGEST_OPTION_FILE = 4 * 1024 * 1024
"""Bytes of a text file that an option names, such as a recipe."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person asked for beside the task's own request. ``output`` None means a name beside the input."""

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

    path = click.Path(path_type=Path, readable=False)
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
        language_option(language),
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
    """Run the task on a file and carry out what was accepted.

    Raises ``DeskhandError``; then nothing was written, unless a recipe or report failed that comes after the result.
    """
    source = open_source(wishes.input)
    language = wishes.language
    target = _target(source, wishes)
    _check_places(source, target, wishes)
    with TerminalContext(language, visible=not wishes.as_json) as context:
        result: CellResult = task.run(request, source, context)
        made = [carry_out(table, APPLY[wishes.apply]) for table in result.tables]
        lines = [
            (carried.grid, line)
            for carried in made
            for line in report_lines(carried.grid, carried.table.changes, carried.accepted, language)
        ]
        written = None
        if target is not None and _is_called_for(made, wishes):
            written = _write(source, target, made, lines, wishes)
    document = outcome_document(task.name, result.engine, wishes.input, made, lines, written, language)
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
    show.show_changes(console, show.grouped(lines), language)
    tell(console, made, document, wishes.input, written, language, recalculated=wishes.recalculate)


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
        if values["output"] is not None and values["in_place"]:
            raise InputError("output-or-in-place")
        wishes = Wishes(save_recipe=values.pop("save_recipe", None), language=language, **values)
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
            detail=first.get("ctx", {}).get("error", first["msg"]),
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
        size = path.stat().st_size
        if size > LARGEST_OPTION_FILE:
            limit = LARGEST_OPTION_FILE // 1024**2
            raise UnreadableFile("file-too-large", file=path.name, size=size // 1024**2, limit=limit)
        return path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise NotFound("file-missing", file=path.name) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile("text-unreadable", file=path.name) from error


def _target(source: Source, wishes: Wishes) -> Path | None:
    """Where the result goes; None where the person only wants to see what would change."""
    if wishes.output is not None:
        return wishes.output
    if wishes.apply == "none":
        return None
    if wishes.in_place:
        return source.path
    return source.path.with_name(f"{source.path.stem}-clean{output_suffix(source)}")


def _is_called_for(made: Sequence[Carried], wishes: Wishes) -> bool:
    """Whether a result is to be written: one that was named always is, another only if it differs from its source."""
    if wishes.output is not None or wishes.report_sheet:
        return True
    return any(carried.applied.writes or carried.table.removed_rows for carried in made)


def _write(
    source: Source, target: Path, made: Sequence[Carried], lines: list[tuple[Grid, ReportLine]], wishes: Wishes
) -> Written:
    """Write the result and its journal."""
    return write_session(
        source,
        target,
        [(carried.grid, carried.applied) for carried in made],
        remove=[carried.grid.first_row + row for carried in made for row in carried.table.removed_rows],
        new_sheets=[report_sheet(lines, wishes.language)] if wishes.report_sheet else [],
        recalculate=wishes.recalculate,
    )


def _check_places(source: Source, target: Path | None, wishes: Wishes) -> None:
    """See before the work that everything asked for can be written, each to a place of its own."""
    taken = [source.path]
    if target is not None:
        if not wishes.in_place:
            check_target(source, target)
        check_result(source, target)
        taken += [target, journal_path(target)]
    if wishes.report is not None:
        report_suffix(wishes.report)
    for path in (wishes.report, wishes.save_recipe):
        if path is None:
            continue
        if any(_same_place(path, other) for other in taken):
            raise OutputError("place-taken", file=path.name)
        check_place(path)
        taken.append(path)


def _same_place(path: Path, other: Path) -> bool:
    if path.exists() and other.exists():
        return path.samefile(other)
    # Windows and macOS take names that differ in case for one.
    return str(path.resolve()).casefold() == str(other.resolve()).casefold()
