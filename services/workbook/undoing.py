"""Taking back what a session wrote into a file, by the journal beside it.

What an undo does to cells is in ``changes``; how a file and its journal are written together is in ``results``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from services.errors import Conflict, NotFound
from services.workbook.addresses import Area
from services.workbook.changes import CellConflict, Write, undo
from services.workbook.delimited import Delimited
from services.workbook.delimited_patch import patch_delimited, with_raw, with_rows
from services.workbook.files import Source, cell_writes, fill_result, open_source
from services.workbook.grid import DateSystem, Sheet
from services.workbook.journal import FileJournal, Session, TableJournal, fill_journal, read_journal
from services.workbook.placing import sha256_of
from services.workbook.rendering import text_of
from services.workbook.results import kept_before, together
from services.workbook.spreadsheetml.patch import CellWrite
from services.workbook.tables import area

_TELLING = 3
"""Edited cells from which on they can tell that rows or columns were moved."""


class LeftAlone(NamedTuple):
    """A cell that was left as it is: where it is, why, and how its sheet counts days."""

    cell: str
    conflict: CellConflict
    date_system: DateSystem


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did: how many entries and rows went back, what was left alone and why, a backup of the file.

    Cells in ``conflicts`` are named as ``Sheet!B7``, in a delimited text as ``B7``.
    """

    entries: int
    rows: int
    conflicts: tuple[LeftAlone, ...]
    backup: Path | None


def undo_output(output: Path, ids: Sequence[str] | None = None) -> Undone:
    """Take back the last session in ``output`` of which something stands, whole, or the entries with the given ids.

    Whole, removed rows come back too, and a delimited text that nobody has touched since is the source's very bytes
    again. Of a workbook that nobody has touched since, cells that the session made are taken away with their formats.
    Cells edited since are left alone and reported, and the file is then copied to a backup first. The journal goes on.

    Raises what reading the journal and the file raise, ``NotFound`` (``unknown-change``), where nothing is left to take
    back ``NotFound`` (``nothing-to-undo``), where most cells hold something else, so that rows or columns must have
    moved, ``Conflict`` (``result-moved``), and ``Conflict`` (``source-changed``); then everything is as it was.
    """
    history = read_journal(output)
    at = _chosen(history, output, ids)
    session = history.sessions[at]
    source = open_source(output, encoding=session.encoding or None, delimiter=session.delimiter or None)
    text = with_rows(source.delimited(), session.removed) if source.kind == "delimited" else None
    sheets = _sheets(source, text, session)
    rows = len(session.removed) if ids is None else 0
    writes: dict[str, list[CellWrite]] = {}
    conflicts: list[LeftAlone] = []
    tables: list[TableJournal] = []
    count = 0
    wanted = None if ids is None else frozenset(ids)
    for table in session.tables:
        grid = area(sheets[table.sheet].grid, table.first_row, table.first_column, table.row_count, table.column_count)
        own = None if wanted is None else [entry.id for entry in table.journal.entries if entry.id in wanted]
        result = undo(grid, table.journal, own)
        writes.setdefault(table.sheet, []).extend(cell_writes(grid, result.writes))
        sheet = "" if text is not None else f"{table.sheet}!"
        conflicts.extend(
            LeftAlone(f"{sheet}{grid.address_of(c.row, c.column)}", c, table.date_system) for c in result.conflicts
        )
        count += len(result.journal.undone) - len(table.journal.undone)
        tables.append(replace(table, journal=result.journal))
    edited_cells = sum(1 for left in conflicts if left.conflict.code == "edited")
    if ids is None and edited_cells >= _TELLING and edited_cells > count:
        raise Conflict("result-moved", file=output.name, count=edited_cells)
    if not count and not rows:
        return Undone(0, 0, tuple(conflicts), None)
    done = replace(session, tables=tuple(tables), removed=() if ids is None else session.removed)
    edited = source.sha256 not in {earlier.output_sha256 for earlier in history.sessions}
    with kept_before(output, needed=edited) as kept, together(output) as (draft, record):
        if text is None:
            created = () if edited else session.created
            if not any(len(table.journal.undone) < len(table.journal.entries) for table in tables):
                for title, cells in _empty(sheets, created):
                    writes.setdefault(title, []).extend(cells)
            fill_result(source, draft, writes, vacate=created)
        else:
            _fill_text(source, text, session, draft, writes, whole=ids is None)
        done = replace(done, output_sha256=sha256_of(draft))
        fill_journal(record, FileJournal((*history.sessions[:at], done, *history.sessions[at + 1 :])))
        source.check_unchanged()
    return Undone(count, rows, tuple(conflicts), kept)


def _sheets(source: Source, text: Delimited | None, session: Session) -> Mapping[str, Sheet]:
    if text is not None:
        return {table.sheet: text.sheet for table in session.tables}
    return {sheet.title: sheet for sheet in source.sheets({table.sheet for table in session.tables})}


def _empty(sheets: Mapping[str, Sheet], areas: Sequence[tuple[str, Area]]) -> Iterator[tuple[str, list[CellWrite]]]:
    """For each area, with its sheet, the clearing of those of its cells that hold nothing."""
    for title, place in areas:
        rows, columns = place.last_row - place.first_row + 1, place.last_column - place.first_column + 1
        part = area(sheets[title].grid, place.first_row, place.first_column, rows, columns)
        empty = [Write(r, c, None) for c, values in enumerate(part.columns) for r, v in enumerate(values) if v is None]
        yield title, cell_writes(part, empty)


def _fill_text(
    source: Source,
    text: Delimited,
    session: Session,
    draft: Path,
    writes: Mapping[str, Sequence[CellWrite]],
    *,
    whole: bool,
) -> None:
    """Write the text with cells taken back; exactly as the source was where the result is untouched and all goes."""
    if whole and source.sha256 == session.output_sha256:
        patch_delimited(with_raw(text, session.changed), draft, {})
        if sha256_of(draft) == session.source_sha256:
            return
    texts = {(w.row, w.column): text_of(w.value) for group in writes.values() for w in group}
    patch_delimited(text, draft, texts, () if whole else [row.row for row in session.removed])


def _chosen(history: FileJournal, output: Path, ids: Sequence[str] | None) -> int:
    """The index of the session that is meant: the last with something standing, or the last that knows all the ids."""
    for at in reversed(range(len(history.sessions))):
        session = history.sessions[at]
        entries = {entry.id for table in session.tables for entry in table.journal.entries}
        if ids is not None:
            if set(ids) <= entries:
                return at
            continue
        if session.removed or any(len(t.journal.undone) < len(t.journal.entries) for t in session.tables):
            return at
    if ids is not None:
        raise NotFound("unknown-change", id=", ".join(sorted(ids)[:5]))
    raise NotFound("nothing-to-undo", file=output.name)
