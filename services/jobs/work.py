"""What a job does: open its source, run its task, keep the result in its folder; and how the result is read again.

Who runs it, and what becomes of its errors, is decided in ``runner`` and ``inline``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from services.errors import Conflict, DeskhandError, NotFound
from services.folder import private_folder
from services.jobs.context import LedgerContext
from services.jobs.ledger import Ledger
from services.jobs.model import Job, SourceRef
from services.tasks.registry import tasks
from services.tasks.source import CellResult, CellSource
from services.workbook.files import Source, open_source
from services.workbook.grid import Grid
from services.workbook.host import HostCells, value_range
from services.workbook.placing import placed
from services.workbook.tsv import decode_all, encode_all

SOURCE_FILE, RESULT_FILE = "source.tsv", "result.json"
"""What lies in a job's folder: the Grids that a host sent, and what the task found."""


def store_grids(job: Job, grids: Sequence[Grid]) -> None:
    """Put the Grids that a host sent into the job's folder. Raises ``OutputError``."""
    text = encode_all(grids)
    _write(job.folder / SOURCE_FILE, text)


def run_job(job: Job, ledger: Ledger, context: LedgerContext) -> None:
    """Run a job's task and keep the result in the job's folder.

    Raises what opening the source and the task raise, ``Conflict`` (``job-source-changed``) where the file is not the
    one that the job was made for, ``OutputError`` where the result can't be kept, and ``Cancelled``.
    """
    task = tasks()[job.task]
    request = task.request_type.model_validate(job.request)
    with named_as_known(job.source):
        result = task.run(request, open_job_source(job, ledger), context)
    text = json.dumps(task.dump(result), ensure_ascii=False, separators=(",", ":"))
    context.hold()
    _write(job.folder / RESULT_FILE, text)
    context.summary = {**summary_of(result), **context.bill}


def load_result(job: Job) -> Any:
    """The result of a job that has one. Raises ``Conflict`` (``job-not-done``) and ``NotFound`` (``result-gone``)."""
    if not job.has_result:
        raise Conflict("job-not-done", job=job.id)
    try:
        return tasks()[job.task].load(json.loads(_read(job.folder / RESULT_FILE)))
    except (OSError, ValueError) as error:
        raise NotFound("result-gone", job=job.id) from error


def open_job_source(job: Job, ledger: Ledger) -> CellSource:
    """The cells that a job works on."""
    source = job.source
    if source.kind == "grids":
        try:
            _, grids = decode_all(_read(job.folder / SOURCE_FILE))
        except OSError as error:
            raise NotFound("job-source-gone", job=job.id) from error
        return HostCells(source.name, tuple(grids))
    return open_same_file(
        job.id, source, ledger.upload(source.ref).path if source.kind == "upload" else Path(source.ref)
    )


def open_same_file(job_id: str, source: SourceRef, path: Path) -> Source:
    """The file at ``path``, if it is still the one that the job was made for."""
    opened = open_source(path)
    if source.sha256 and opened.sha256 != source.sha256:
        raise Conflict("job-source-changed", file=source.name or path.name, job=job_id)
    return opened


def summary_of(result: CellResult) -> dict[str, Any]:
    """A result in figures: its engine, changes by verdict, flags, gaps, and where its tables stand."""
    verdicts = [change.verdict for table in result.tables for change in table.changes.changes]
    return {
        "engine": result.engine,
        "changes": len(verdicts),
        "safe": verdicts.count("safe"),
        "review": verdicts.count("review"),
        "flags": sum(len(table.changes.flags) for table in result.tables),
        "gaps": result.gaps,
        "tables": [
            {"sheet": table.grid.sheet, "range": value_range(table.grid), "header": list(table.grid.header)}
            for table in result.tables
        ],
    }


@contextmanager
def named_as_known(source: SourceRef) -> Iterator[None]:
    """Let errors name an uploaded file as the person does: where it lies it has a name of its own."""
    try:
        yield
    except DeskhandError as error:
        if source.kind == "upload" and "file" in error.parameters:
            raise type(error)(error.code, **{**error.parameters, "file": source.name}) from error
        raise


def _write(file: Path, text: str) -> None:
    with suppress(OSError):  # said by what writes the file
        private_folder(file.parent)
    with placed(file) as draft:
        draft.write_bytes(text.encode("utf-8", "surrogatepass"))


def _read(file: Path) -> str:
    return file.read_bytes().decode("utf-8", "surrogatepass")
