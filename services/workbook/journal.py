"""The Journal as a file beside the output: what was carried out on which file, session by session, to be taken back.

The file is JSON, versioned and exact: every scalar comes back as it was, of the same type. What an undo does with the
entries is in ``changes``; how it reaches the file is in ``undoing``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from services.errors import NotFound, UnreadableFile
from services.workbook.addresses import Area, Place
from services.workbook.changes import Entry, Journal
from services.workbook.exact import array, plain_text, scalar_in, scalar_out, text_in, text_out, whole
from services.workbook.grid import MAX_RECTANGLE, DateSystem, Grid

_FORMAT = "deskhand-journal"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row of a delimited text as it stood before a session: its 1-based row then, its text with its line ending."""

    row: int
    raw: str


@dataclass(frozen=True, slots=True)
class TableJournal:
    """What was carried out on one table, and where that stands.

    ``first_row`` and ``first_column`` are the Grid's first cell in its sheet, from 1; ``row_count`` x ``column_count``
    is its size without the header; the Journal's rows and columns are the Grid's own, from 0.
    """

    sheet: str
    first_row: int
    first_column: int
    row_count: int
    column_count: int
    journal: Journal
    header: tuple[str, ...] = ()
    date_system: DateSystem = 1900


@dataclass(frozen=True, slots=True)
class Session:
    """One run on one file. ``source_sha256`` and ``output_sha256`` are of the whole files, the output's after writing.

    ``encoding`` and ``delimiter`` are those of a delimited text, empty for a workbook; ``removed`` are the rows taken
    out of it, ``changed`` those in which a field was changed. ``created`` are the areas of a workbook, each with its
    sheet, in which there were no cells before.
    """

    when: str
    source_name: str
    source_sha256: str
    output_sha256: str
    tables: tuple[TableJournal, ...]
    encoding: str = ""
    removed: tuple[RawRow, ...] = ()
    changed: tuple[RawRow, ...] = ()
    delimiter: str = ""
    created: tuple[tuple[str, Area], ...] = ()


@dataclass(frozen=True, slots=True)
class FileJournal:
    """All sessions whose result is in one output file, the oldest first."""

    sessions: tuple[Session, ...] = ()

    def with_session(self, session: Session) -> FileJournal:
        """This and one session more."""
        return FileJournal((*self.sessions, session))


def now() -> str:
    """The time for ``Session.when``: ISO 8601 with the offset, to the second."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def table_journal(grid: Grid, journal: Journal) -> TableJournal:
    """The Journal of ``grid`` with what is needed to find its cells in the file again."""
    return TableJournal(
        sheet=grid.sheet,
        first_row=grid.first_row,
        first_column=grid.first_column,
        row_count=grid.row_count,
        column_count=grid.column_count,
        journal=journal,
        header=grid.header,
        date_system=grid.date_system,
    )


def ids_at(tables: Iterable[TableJournal], place: Place) -> list[str]:
    """The ids of the changes that stand in a cell, of any sheet where none is named."""
    return [
        entry.id
        for table in tables
        if place.is_on(table.sheet)
        for entry in table.journal.entries
        if (table.first_row + entry.row, table.first_column + entry.column) == (place.row, place.column)
        and entry.id not in table.journal.undone
    ]


def journal_path(output: Path) -> Path:
    """Where the journal of ``output`` lies: beside it, as ``<its name>.journal.json``."""
    return output.with_name(f"{output.name}.journal.json")


def fill_journal(draft: Path, journal: FileJournal) -> None:
    """Write a journal as the file ``draft``, which whoever calls moves beside the output."""
    document = {"format": _FORMAT, "version": _VERSION, "sessions": [_session_out(s) for s in journal.sessions]}
    with draft.open("w", encoding="ascii", newline="\n") as stream:
        stream.write(json.dumps(document, ensure_ascii=True, allow_nan=False, separators=(",", ":")))
        stream.write("\n")


def read_journal(output: Path) -> FileJournal:
    """The journal beside ``output``.

    Raises ``NotFound`` (``journal-missing``) where there is none, ``UnreadableFile`` where it is damaged
    (``journal-damaged``), of another program (``journal-foreign``) or of a later Deskhand (``journal-version``).
    """
    path = journal_path(output)
    try:
        text = path.read_text("ascii")
    except FileNotFoundError as error:
        raise NotFound("journal-missing", file=output.name, journal=path.name) from error
    except UnicodeDecodeError as error:
        raise UnreadableFile("journal-damaged", file=path.name) from error
    except OSError as error:
        raise UnreadableFile("file-locked", file=path.name) from error
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile("journal-damaged", file=path.name) from error
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        raise UnreadableFile("journal-foreign", file=path.name)
    if document.get("version") != _VERSION:
        raise UnreadableFile("journal-version", file=path.name, version=document.get("version"))
    try:
        return FileJournal(tuple(map(_session_in, array(document["sessions"]))))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as error:
        raise UnreadableFile("journal-damaged", file=path.name) from error


def sessions_before(output: Path, *, follows: bool) -> FileJournal:
    """The sessions that a new one on ``output`` comes after.

    None but where its source is that very output (``follows``): else an older journal is of a file that is no more.
    Raises what ``read_journal`` raises, so that a journal that can't be continued, or a file of that name that is none,
    is found before anything is written.
    """
    try:
        earlier = read_journal(output)
    except NotFound:
        return FileJournal()
    except UnreadableFile as error:
        if not follows and error.code == "journal-damaged":
            return FileJournal()
        raise
    return earlier if follows else FileJournal()


def _session_out(session: Session) -> dict[str, Any]:
    return {
        "when": session.when,
        "source_name": text_out(session.source_name),
        "source_sha256": session.source_sha256,
        "output_sha256": session.output_sha256,
        "encoding": session.encoding,
        "delimiter": session.delimiter,
        "created": [[text_out(sheet), *area] for sheet, area in session.created],
        "removed": [[row.row, text_out(row.raw)] for row in session.removed],
        "changed": [[row.row, text_out(row.raw)] for row in session.changed],
        "tables": [_table_out(table) for table in session.tables],
    }


def _table_out(table: TableJournal) -> dict[str, Any]:
    return {
        "sheet": text_out(table.sheet),
        "first_row": table.first_row,
        "first_column": table.first_column,
        "row_count": table.row_count,
        "column_count": table.column_count,
        "date_system": table.date_system,
        "header": [text_out(title) for title in table.header],
        "undone": sorted(table.journal.undone),
        "entries": [
            [e.id, e.row, e.column, scalar_out(e.before), scalar_out(e.after), e.format_before, e.format_after]
            for e in table.journal.entries
        ],
    }


def _session_in(data: Mapping[str, Any]) -> Session:
    return Session(
        when=plain_text(data["when"]),
        source_name=text_in(data["source_name"]),
        source_sha256=plain_text(data["source_sha256"]),
        output_sha256=plain_text(data["output_sha256"]),
        encoding=plain_text(data["encoding"]),
        delimiter=plain_text(data.get("delimiter", "")),  # these two are not in journals of earlier versions
        created=tuple((text_in(sheet), Area(*map(whole, area))) for sheet, *area in array(data.get("created", []))),
        removed=tuple(RawRow(whole(row), text_in(raw)) for row, raw in array(data["removed"])),
        changed=tuple(RawRow(whole(row), text_in(raw)) for row, raw in array(data["changed"])),
        tables=tuple(map(_table_in, array(data["tables"]))),
    )


def _table_in(data: Mapping[str, Any]) -> TableJournal:
    date_system: DateSystem = 1904 if data["date_system"] == 1904 else 1900
    undone = frozenset(plain_text(id_) for id_ in array(data["undone"]))
    first_row, first_column, row_count, column_count = (
        whole(data[name]) for name in ("first_row", "first_column", "row_count", "column_count")
    )
    if min(first_row, first_column) < 1 or min(row_count, column_count) < 0 or row_count * column_count > MAX_RECTANGLE:
        raise ValueError(data)
    return TableJournal(
        sheet=text_in(data["sheet"]),
        first_row=first_row,
        first_column=first_column,
        row_count=row_count,
        column_count=column_count,
        date_system=date_system,
        header=tuple(text_in(title) for title in array(data["header"])),
        journal=Journal(tuple(map(_entry_in, array(data["entries"]))), undone),
    )


def _entry_in(row: Sequence[Any]) -> Entry:
    id_, number, column, before, after, format_before, format_after = row
    for code in (format_before, format_after):
        if code is not None:
            plain_text(code)
    return Entry(
        plain_text(id_),
        whole(number),
        whole(column),
        scalar_in(before),
        scalar_in(after),
        format_before,
        format_after,
    )
