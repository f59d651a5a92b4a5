"""A task on cells run for a command: open the file, run the task as a job, write what was accepted, keep the reports.

What a task finds is decided in ``tasks``; how files are read and patched in ``workbook``; what a job is in ``jobs``;
how it looks in ``show``. The options are read in ``cells``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from rich.console import Console

from services.cli import show
from services.cli.cells import APPLY
from services.cli.costs import agreed, model_document, show_estimate, show_prompts, tell_bill
from services.cli.hints import command
from services.cli.model_options import Look
from services.cli.outcome import Carried, carry_out, outcome_document, tell, write_json
from services.cli.preview import has_preview, seen_first
from services.cli.progress import ProgressLine
from services.cli.stopped import Stopped
from services.errors import OutputError
from services.jobs.inline import claimed
from services.jobs.ledger import Ledger
from services.jobs.model import Job, SourceRef
from services.jobs.tidying import forget_old
from services.jobs.work import open_same_file, summary_of
from services.llm.wishes import ModelWishes
from services.messages import Language
from services.settings import load_settings
from services.tasks.context import Cancelled
from services.tasks.registry import AnyTask, tasks
from services.tasks.source import CellResult, Previewed
from services.workbook.files import Source, Written, check_target, open_source, output_suffix
from services.workbook.grid import Grid
from services.workbook.journal import journal_path
from services.workbook.placing import check_place, placed
from services.workbook.report import ReportLine, report_lines
from services.workbook.report_file import report_sheet, report_suffix, write_json_report, write_report_workbook
from services.workbook.results import check_result, write_session


class Wishes(BaseModel):
    """What the person asked for beside the task's own request. ``output`` None means a name beside the input.

    ``given`` are the other options as they were typed, for the hint at a further run.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: Path
    output: Path | None = None
    in_place: bool = False
    apply: Literal["safe", "all", "none"] = "safe"
    report: Path | None = None
    report_sheet: bool = False
    save_recipe: Path | None = None
    recalculate: bool = False
    as_json: bool = False
    given: tuple[str, ...] = ()
    language: Language
    model: ModelWishes = ModelWishes()

    def from_anywhere(self) -> Wishes:
        """The same with absolute paths, so that it can be wished again from another folder."""
        paths = {name: getattr(self, name) for name in ("input", "output", "report", "save_recipe")}
        return self.model_copy(update={name: path.absolute() for name, path in paths.items() if path is not None})


def run_cells(task: AnyTask, request: BaseModel, wishes: Wishes, console: Console, *, ask: bool = False) -> None:
    """Run the task on a file as a job and carry out what was accepted.

    ``ask`` lets a person at a terminal see what it costs before anything leaves the machine.

    Raises ``DeskhandError``; then nothing was written, unless a recipe or report failed that comes after the result.
    Raises ``Stopped`` where the person stopped it, and ``click.Abort`` where they do not agree.
    """
    begun = datetime.now(UTC)
    source = open_source(wishes.input)
    _check_places(task, source, wishes)
    look = seen_first if has_preview(task, request) else agreed
    look(task, request, source, wishes.model, wishes.language, ask=ask)
    with Ledger(load_settings()) as ledger:
        forget_old(ledger, datetime.now(UTC))
        kept = wishes.from_anywhere()
        job = ledger.add(
            task.name,
            request.model_dump(mode="json"),
            SourceRef("path", str(kept.input), source.name, source.sha256),
            surface="cli",
            language=wishes.language,
            title=source.name,
            wishes=kept.model_dump(mode="json"),
            created=begun,
        )
        _carry_through(ledger, job, task, request, source, wishes, console)


def look_at_cells(task: AnyTask, request: BaseModel, wishes: Wishes, look: Look) -> None:
    """Print what the run would cost and what it would send, as far as that is wished; nothing is asked or written."""
    source = open_source(wishes.input)
    if look.estimate:
        show_estimate(task, request, source, wishes.model, wishes.language, as_json=wishes.as_json)
    if look.show_prompts:
        show_prompts(task, request, source, wishes.model, wishes.language)


def resume_cells(ledger: Ledger, job: Job, console: Console, *, as_json: bool) -> None:
    """Do the same command again, with what it had finished, on the very file it was given.

    Where it has written into that file itself and left places open, it goes on with what stands there now.

    Raises what ``run_cells`` raises, and ``Conflict``: ``job-source-changed``, ``job-running``, ``job-not-resumable``.
    """
    task = tasks()[job.task]
    wishes = Wishes.model_validate({**job.wishes, "as_json": as_json})
    own = wishes.in_place and job.gaps > 0
    source = open_source(wishes.input) if own else open_same_file(job.id, job.source, wishes.input)
    _check_places(task, source, wishes)
    job = ledger.resume(job.id)
    _carry_through(ledger, job, task, task.request_type.model_validate(job.request), source, wishes, console)


def _carry_through(
    ledger: Ledger, job: Job, task: AnyTask, request: BaseModel, source: Source, wishes: Wishes, console: Console
) -> None:
    language = wishes.language
    written: Written | None = None
    try:
        with (
            ProgressLine(language, visible=not wishes.as_json) as bar,
            claimed(ledger, job, show=bar.show) as context,
        ):
            result: CellResult = task.run(request, source, context)
            made = [carry_out(table, APPLY[wishes.apply]) for table in result.tables]
            lines = [
                (carried.grid, line)
                for carried in made
                for line in report_lines(carried.grid, carried.table.changes, carried.accepted, language)
            ]
            context.hold()
            target = _target(task, source, wishes)
            if target is not None and _is_called_for(made, wishes):
                written = _write(source, target, made, lines, wishes)
            document = outcome_document(task.name, result.engine, wishes.input, made, lines, written, language)
            bill = context.bill
            document |= {"model": model_document(bill), "gaps": result.gaps, "job": job.id}
            _write_beside(task, result, document, lines, wishes)
            context.summary = {
                **summary_of(result),
                **bill,
                "applied": document["applied"],
                "output": None if written is None else str(written.path.absolute()),
            }
    except (KeyboardInterrupt, Cancelled) as stop:
        raise Stopped(job.id, None if written is None else written.path) from stop
    if wishes.as_json:
        write_json(document)
        return
    show.show_changes(console, show.grouped(lines), language)
    again = _with_all(task, wishes, written)
    tell(console, made, document, wishes.input, written, again, language, recalculated=wishes.recalculate)
    tell_bill(console, context.summary, job.id, language)
    if isinstance(result, Previewed) and (note := result.note(language)):
        console.print(note, markup=False, soft_wrap=True)


def _with_all(task: AnyTask, wishes: Wishes, written: Written | None) -> str:
    """The same command, so that it writes what is for review as well."""
    place = ["--in-place"] if written is None or wishes.in_place else ["-o", written.path]
    return command(task.name, wishes.input, *wishes.given, *place, "--apply", "all")


def _target(task: AnyTask, source: Source, wishes: Wishes) -> Path | None:
    """Where the result goes; None where the person only wants to see what would change."""
    if wishes.output is not None:
        return wishes.output
    if wishes.apply == "none":
        return None
    if wishes.in_place:
        return source.path
    return source.path.with_name(f"{source.path.stem}-{task.name}{output_suffix(source)}")


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


def _write_beside(
    task: AnyTask,
    result: CellResult,
    document: dict[str, Any],
    lines: list[tuple[Grid, ReportLine]],
    wishes: Wishes,
) -> None:
    """Write the recipe and the report that were asked for, and note them in the document."""
    if wishes.save_recipe is not None and task.recipe_text is not None:
        with placed(wishes.save_recipe) as draft:
            draft.write_text(task.recipe_text(result, wishes.language), "utf-8")
        document["recipe"] = str(wishes.save_recipe)
    if wishes.report is not None:
        document["report"] = str(wishes.report)
        if report_suffix(wishes.report) == ".json":
            write_json_report(wishes.report, document)
        else:
            write_report_workbook(wishes.report, lines, wishes.language)


def _check_places(task: AnyTask, source: Source, wishes: Wishes) -> None:
    """See before the work that everything asked for can be written, each to a place of its own."""
    taken, target = [source.path], _target(task, source, wishes)
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
