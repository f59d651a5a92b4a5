"""Carrying out a job's changes on the uploaded file it was made for, and taking them back there.

The result and its journal go into the job's folder; how they are written is in ``workbook``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from services.errors import NotFound
from services.folder import private_folder
from services.jobs.ledger import Ledger
from services.jobs.model import Job
from services.tasks.source import CellTable
from services.workbook.addresses import Place
from services.workbook.changes import Applied, CellConflict, Journal, apply
from services.workbook.files import Source, open_source, output_suffix
from services.workbook.journal import ids_at, read_journal
from services.workbook.results import write_session
from services.workbook.undoing import undo_output

FOLDER = "files"
"""In a job's folder: what a person may fetch."""


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of a file: the application's number, what was carried out in each table, and the files there are.

    ``cells`` counts those that were written or put back.
    """

    n: int
    applied: tuple[Applied, ...]
    cells: int
    files: list[str]


def apply_to_file(ledger: Ledger, job: Job, tables: Sequence[CellTable], accepted: Collection[str]) -> FileResult:
    """Write the file with the accepted changes, in place of what an earlier call wrote.

    Raises what opening and writing the file raise, and ``NotFound`` (``unknown-change``).
    """
    source = _opened(ledger, job)
    known = {change.id for table in tables for change in table.changes.changes}
    if unknown := set(accepted) - known:
        raise NotFound("unknown-change", id=", ".join(sorted(unknown)[:5]))
    applied = tuple(
        apply(table.grid, table.changes, {change.id for change in table.changes.changes if change.id in accepted})
        for table in tables
    )
    target = _target(job, source)
    with suppress(OSError):  # told by whoever writes into it
        private_folder(target.parent)
    write_session(
        source,
        target,
        [(table.grid, part) for table, part in zip(tables, applied, strict=True)],
        remove=[table.grid.first_row + row for table in tables for row in table.removed_rows],
    )
    n = ledger.add_application(job.id, job.workbook, len(accepted))
    conflicts = {conflict.id: conflict.code for part in applied for conflict in part.conflicts}
    count = sum(len(part.writes) for part in applied)
    ledger.set_application(job.id, n, state="written", written=count, conflicts=conflicts)
    return FileResult(n, applied, count, files_of(job))


def take_back_in_file(
    ledger: Ledger,
    job: Job,
    tables: Sequence[CellTable],
    ids: Sequence[str] | None,
    place: Place | None,
) -> FileResult:
    """Take back in the written file everything, the changes with these ids, or those of a cell.

    Raises what ``undo_output`` raises, ``NotFound``: ``nothing-applied``, ``cell-not-applied``.
    """
    last = ledger.last_application(job.id)
    target = _target(job, _opened(ledger, job))
    if last is None or last.state == "undone" or not target.exists():
        raise NotFound("nothing-applied")
    session = read_journal(target).sessions[-1]
    if place is not None:
        ids = ids_at(session.tables, place)
        if not ids:
            raise NotFound("cell-not-applied", cell=place.notation())
    undone = undo_output(target, ids)
    journals = [table.journal for table in read_journal(target).sessions[-1].tables]
    standing = sum(len({(e.row, e.column) for e in j.entries if e.id not in j.undone}) for j in journals)
    ledger.set_application(
        job.id, last.n, state="partly" if standing else "undone", written=standing, conflicts=last.conflicts
    )
    left = [conflict for _, conflict, _ in undone.conflicts]
    parts = tuple(_left_alone(journal, left) for journal in journals)
    return FileResult(last.n, parts, last.written - standing, files_of(job))


def files_of(job: Job) -> list[str]:
    """The names of the files that a person may fetch."""
    folder = job.folder / FOLDER
    return sorted(path.name for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


def file_named(job: Job, name: str) -> Path:
    """The file of that name, one of ``files_of``. Raises ``NotFound`` (``no-such-file``)."""
    if name not in files_of(job):
        raise NotFound("no-such-file", file=name[:100])
    return job.folder / FOLDER / name


def _opened(ledger: Ledger, job: Job) -> Source:
    return open_source(ledger.upload(job.source.ref).path)


def _target(job: Job, source: Source) -> Path:
    """Where the result lies. Its name is ours; the person's comes in when it is fetched."""
    return job.folder / FOLDER / f"result{output_suffix(source)}"


def _left_alone(journal: Journal, conflicts: Sequence[CellConflict]) -> Applied:
    ids = {entry.id for entry in journal.entries}
    return Applied((), tuple(conflict for conflict in conflicts if conflict.id in ids), journal)
