"""Taking back what a session wrote into a file, by the journal beside it.

What an undo does to cells is in ``changes``; how a file is written is in ``files``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from services.errors import NotFound
from services.workbook.changes import CellConflict, Journal, undo
from services.workbook.delimited_patch import patch_delimited, with_rows
from services.workbook.files import Source, as_stored, cell_writes, open_source, write_in_place
from services.workbook.grid import Grid
from services.workbook.journal import FileJournal, RemovedRow, Session, now, read_journal, table_journal, write_journal
from services.workbook.placing import backup, sha256_of
from services.workbook.rendering import text_of
from services.workbook.spreadsheetml.patch import CellWrite
from services.workbook.tables import area


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did: how many entries and rows went back, what was left alone and why, a backup of the file.

    ``conflicts`` are (cell, conflict), the cell as ``Sheet!B7``, in a delimited text as ``B7``.
    """

    entries: int
    rows: int
    conflicts: tuple[tuple[str, CellConflict], ...]
    backup: Path | None


def session_of(
    source: Source,
    source_sha256: str,
    output: Path,
    tables: Sequence[tuple[Grid, Journal]],
    removed: Sequence[RemovedRow] = (),
) -> Session:
    """The session for the journal of ``output``, once what was carried out on ``tables`` was written there."""
    encoding = source.delimited().dialect.encoding.name if source.kind == "delimited" else ""
    return Session(
        when=now(),
        source_name=source.path.name,
        source_sha256=source_sha256,
        output_sha256=sha256_of(output),
        tables=tuple(table_journal(grid, as_stored(source, journal, grid.date_system)) for grid, journal in tables),
        encoding=encoding,
        removed=tuple(removed),
    )


def undo_output(output: Path, ids: Sequence[str] | None = None) -> Undone:
    """Take back the last session in ``output`` of which something stands, whole, or the entries with the given ids.

    Whole, removed rows come back too. Cells edited since are left alone and reported. The file is copied to a backup
    first and its journal goes on. Raises what reading the journal and the file raise, ``NotFound`` (``unknown-change``)
    and, where nothing is left to take back, ``NotFound`` (``nothing-to-undo``).
    """
    history = read_journal(output)
    at = _chosen(history, output, ids)
    session = history.sessions[at]
    source = open_source(output, encoding=session.encoding or None)
    removed = session.removed
    brought_back = len(removed) if ids is None else 0
    if source.kind == "delimited":
        text = with_rows(source.delimited(), removed)
        sheets = {text.sheet.title: text.sheet, **{table.sheet: text.sheet for table in session.tables}}
    else:
        sheets = {sheet.title: sheet for sheet in source.sheets({table.sheet for table in session.tables})}
    writes: dict[str, list[CellWrite]] = {}
    conflicts: list[tuple[str, CellConflict]] = []
    tables = []
    count = 0
    for table in session.tables:
        grid = area(sheets[table.sheet].grid, table.first_row, table.first_column, table.row_count, table.column_count)
        own = None if ids is None else [e.id for e in table.journal.entries if e.id in set(ids)]
        result = undo(grid, table.journal, own)
        writes.setdefault(table.sheet, []).extend(cell_writes(grid, result.writes))
        sheet = "" if source.kind == "delimited" else f"{table.sheet}!"
        conflicts.extend((f"{sheet}{grid.address_of(c.row, c.column)}", c) for c in result.conflicts)
        count += len(result.journal.undone) - len(table.journal.undone)
        tables.append(replace(table, journal=result.journal))
    if not count and not brought_back:
        return Undone(0, 0, tuple(conflicts), None)
    if source.kind == "delimited":
        kept = backup(output)
        texts = {(w.row, w.column): text_of(w.value) for group in writes.values() for w in group}
        patch_delimited(text, output, texts, [row.row for row in removed] if ids is not None else ())
    else:
        kept = write_in_place(source, writes).backup or output
    done = replace(
        session, tables=tuple(tables), removed=() if ids is None else removed, output_sha256=sha256_of(output)
    )
    write_journal(output, FileJournal((*history.sessions[:at], done, *history.sessions[at + 1 :])))
    return Undone(count, brought_back, tuple(conflicts), kept)


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
