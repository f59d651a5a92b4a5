"""The command ``jobs``: what Deskhand does and did for the command line and for Excel; stopping it, and going on.

Only how jobs are shown, and where one goes on, is decided here; what they are is in ``services.jobs``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable
from rich.text import Text

from services.cli.hints import command
from services.cli.language import language_option
from services.messages import Language, message

if TYPE_CHECKING:  # the ledger takes time to load: only a command that is run waits for it
    from services.jobs.ledger import Ledger
    from services.jobs.model import Job

STATES = {"queued": "", "running": "cyan", "done": "green", "failed": "red", "cancelled": "", "interrupted": "yellow"}
"""The states that are shown, with their colours; ``interrupted`` is one that runs in the books only."""

Run = Callable[..., None]


def build(language: Language) -> click.Command:
    """The command and those below it, their help in ``language``."""

    def text(key: str) -> str:
        return message(f"options.jobs.{key}", language)

    job: list[click.Parameter] = [click.Argument(["job"], metavar="JOB")]
    choices: list[click.Parameter] = [
        click.Option(["--limit"], type=click.IntRange(1, 10_000), default=20, metavar="N", help=text("limit")),
        click.Option(["--state"], type=click.Choice(list(STATES)[:-1]), help=text("state")),
    ]
    commands: dict[str, tuple[Run, list[click.Parameter]]] = {
        "list": (_list, choices),
        "show": (_show, job),
        "cancel": (_cancel, job),
        "resume": (_resume, job),
    }
    return click.Group(
        "jobs",
        params=[language_option(language)],
        help=message("commands.jobs.help", language),
        commands=[
            click.Command(
                name,
                params=[
                    *own,
                    click.Option(["--json", "as_json"], is_flag=True, help=message("options.common.json", language)),
                    language_option(language),
                ],
                callback=_with_ledger(run, language),
                help=message(f"commands.jobs.{name}", language),
                short_help=message(f"commands.jobs.{name}", language),
            )
            for name, (run, own) in commands.items()
        ],
    )


def job_document(job: Job, language: Language) -> dict[str, Any]:
    """A job as JSON can hold it; times in UTC (ISO 8601)."""
    error = job.error
    return {
        "job": job.id,
        "task": job.task,
        "state": _state(job),
        "surface": job.surface,
        "title": job.title,
        "workbook": job.workbook,
        "source": {"kind": job.source.kind, "ref": job.source.ref, "name": job.source.name},
        "created": _iso(job.created),
        "started": _iso(job.started),
        "finished": _iso(job.finished),
        "done": job.done,
        "total": job.total,
        "what": _what(job, language),
        "attempts": job.attempts,
        "cancel_wanted": job.cancel_wanted,
        "error": None
        if error is None
        else {"code": error.code, "what": error.what(language), "todo": error.todo(language)},
        "gaps": job.gaps,
        "summary": job.summary,
    }


def _with_ledger(run: Run, language: Language) -> Run:
    def callback(**values: Any) -> None:
        from services.jobs.ledger import Ledger
        from services.settings import load_settings

        with Ledger(load_settings()) as ledger:
            run(ledger, Console(highlight=False), language, **values)

    return callback


def _list(ledger: Ledger, console: Console, language: Language, *, limit: int, state: Any, as_json: bool) -> None:
    jobs = ledger.list(limit=limit, states=None if state is None else [state])
    if as_json:
        _write([job_document(job, language) for job in jobs])
        return
    if not jobs:
        console.print(message("jobs.none", language), markup=False)
        return
    table = RichTable(box=None, pad_edge=False, header_style="bold")
    for title in ("job", "state", "created"):
        table.add_column(message(f"jobs.title.{title}", language), no_wrap=True)
    table.add_column(message("jobs.title.of_and_result", language), overflow="fold")
    for job in jobs:
        of = f"{job.task} {job.workbook or job.title or job.source.name}"
        table.add_row(
            job.id,
            Text(_state_text(job, language), style=STATES[_state(job)]),
            _local(job.created),
            "\n".join(filter(None, (escape(of), escape(_outcome(job, language))))),
        )
    console.print(table)


def _show(ledger: Ledger, console: Console, language: Language, *, job: str, as_json: bool) -> None:
    found = ledger.get(job)
    if as_json:
        _write(job_document(found, language))
    else:
        _tell(found, console, language)


def _cancel(ledger: Ledger, console: Console, language: Language, *, job: str, as_json: bool) -> None:
    before = ledger.get(job)
    after = ledger.cancel(job)
    if as_json:
        _write(job_document(after, language))
    elif before.is_finished:
        console.print(
            message("jobs.ended_already", language, job=job, state=_state_text(after, language)), markup=False
        )
    else:
        key = "jobs.cancelled" if after.is_finished else "jobs.stopping"
        console.print(message(key, language, job=job), markup=False)


def _resume(ledger: Ledger, console: Console, language: Language, *, job: str, as_json: bool) -> None:
    found = ledger.get(job)
    if found.surface == "cli":
        from services.cli.running import resume_cells

        resume_cells(ledger, found, console, as_json=as_json)
        return
    from services.diagnosis.service import ask_service

    after = ledger.resume(job)
    if as_json:
        _write(job_document(after, language))
        return
    runs = ask_service(ledger.settings.endpoint_file).state == "ready"
    words = {"job": job} if runs else {"job": job, "command": command("serve")}
    console.print(message("jobs.taken_up" if runs else "jobs.waits", language, **words), markup=False, soft_wrap=True)


def _tell(job: Job, console: Console, language: Language) -> None:
    """A job line by line: what it is, how far it got, why it failed, and what can be done next."""
    lines = RichTable.grid(padding=(0, 2))
    lines.add_column(style="dim")
    lines.add_column(overflow="fold")
    error, output = job.error, job.summary.get("output")
    told = {
        "job": job.id,
        "state": _state_text(job, language),
        "task": job.task,
        "of": job.source.ref if job.source.kind == "path" else job.workbook or job.title or job.source.name,
        "created": _local(job.created),
        "finished": "" if job.finished is None else _local(job.finished),
        "result": _outcome(job, language),
        "output": "" if output is None else str(output),
        "model": message("jobs.bill", language, **job.summary) if "calls" in job.summary else "",
    }
    for title, text in told.items():
        if text:
            lines.add_row(message(f"jobs.title.{title}", language), escape(text))
    console.print(lines)
    if error is not None:
        console.print(error.todo(language), markup=False)
    if job.is_resumable and (job.state != "queued"):
        key = {"failed": "cli.again", "done": "jobs.ask_again"}.get(job.state, "cli.go_on")
        console.print(message(key, language, command=command("jobs", "resume", job.id)), markup=False, soft_wrap=True)


def _outcome(job: Job, language: Language) -> str:
    """In a few words: what came of it, why it failed, or how far it is."""
    if job.error is not None:
        return job.error.what(language)
    if job.state == "done":
        figures = {key: job.summary.get(key, 0) for key in ("changes", "flags")}
        gaps = message("jobs.gaps", language, count=job.gaps) if job.gaps else ""
        if "applied" not in job.summary:  # what is written of a job for Excel is decided there
            return message("jobs.outcome", language, **figures) + gaps
        applied = job.summary["applied"]
        return message("jobs.written", language, applied=applied, open=figures["changes"] - applied, **figures) + gaps
    return _what(job, language) if job.state == "running" else ""


def _what(job: Job, language: Language) -> str:
    """What it is busy with, and how far that is."""
    return f"{message(f'progress.{job.what}', language)} {job.done}/{job.total}" if job.what else ""


def _state(job: Job) -> str:
    return "interrupted" if job.interrupted else job.state


def _state_text(job: Job, language: Language) -> str:
    return message(f"jobs.state.{_state(job)}", language)


def _local(time: datetime) -> str:
    return f"{time.astimezone():%Y-%m-%d %H:%M}"


def _iso(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat(timespec="seconds")


def _write(document: Any) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
