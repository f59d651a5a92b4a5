"""A result and its journal, written together or not at all.

How each kind of file is written is in ``files``, what a journal holds in ``journal``, taking it back in ``undoing``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from services.errors import NotFound, OutputError, UnreadableFile
from services.workbook.changes import Applied
from services.workbook.files import (
    Source,
    Written,
    as_stored,
    cell_writes,
    check_target,
    fill_result,
    output_suffix,
)
from services.workbook.grid import Grid
from services.workbook.journal import (
    Session,
    fill_journal,
    journal_path,
    now,
    read_journal,
    sessions_before,
    table_journal,
)
from services.workbook.placing import backup, check_place, placed, sha256_of
from services.workbook.spreadsheetml.patch import CellWrite, NewSheet


def check_result(source: Source, target: Path) -> None:
    """Raise what ``write_session`` would raise for this target, before anything is done.

    Raises ``OutputError``: what ``check_target`` and ``placed`` raise, ``not-in-place`` where the source itself is the
    target and can't be patched; ``UnreadableFile`` where what stands in the journal's place can't give way.
    """
    in_place = _is_source(source, target)
    if not in_place:
        check_target(source, target)
    elif source.kind == "legacy":
        raise OutputError("not-in-place", file=source.path.name, possible=output_suffix(source))
    check_place(target)
    check_place(journal_path(target))
    sessions_before(target, follows=in_place)


def write_session(
    source: Source,
    target: Path,
    tables: Sequence[tuple[Grid, Applied]],
    *,
    remove: Collection[int] = (),
    new_sheets: Sequence[NewSheet] = (),
    recalculate: bool = False,
) -> Written:
    """Write ``source`` with what was carried out on its tables to ``target``, and the journal beside it.

    Where ``target`` is the source itself, or another file than a result of ours that nobody has touched since, what
    stands there is kept as a backup. ``remove`` are rows (from 1) to leave out of a delimited text. Raises what
    ``check_result`` and the writer of the kind raise, and ``Conflict`` (``source-changed``) where the source is not as
    it was read; then everything is as it was.
    """
    check_result(source, target)
    in_place = _is_source(source, target)
    earlier = sessions_before(target, follows=in_place)
    writes: dict[str, list[CellWrite]] = {}
    for grid, applied in tables:
        if applied.writes:
            cells = writes.setdefault(grid.sheet, [])
            cells.extend(cell_writes(grid, applied.writes))
            cells.extend(_blanks(grid, applied) if source.kind == "workbook" else ())
    with kept_before(target, needed=in_place or not _is_untouched(target)) as kept, together(target) as (draft, record):
        written = fill_result(
            source,
            draft,
            writes,
            remove=remove,
            new_sheets=new_sheets,
            recalculate=recalculate,
            least_fields=_least_fields(tables),
        )
        fill_journal(record, earlier.with_session(_session(source, draft, tables, written)))
        source.check_unchanged()
    return replace(written, path=target, backup=kept)


def _least_fields(tables: Sequence[tuple[Grid, Applied]]) -> dict[int, int]:
    """For the rows of tables that gain a column how many fields they need, also where they get no value in it."""
    least: dict[int, int] = {}
    for grid, applied in tables:
        if new := _new_columns(grid, applied):
            width = grid.first_column + max(new)
            rows = range(grid.first_row, grid.first_row + grid.row_count)
            least.update((row, max(width, least.get(row, 0))) for row in rows)
    return least


def _blanks(grid: Grid, applied: Applied) -> list[CellWrite]:
    """Cells for the rows that get no value in a new column, so that it looks like one throughout."""
    written = {(write.row, write.column) for write in applied.writes}
    return [
        CellWrite(grid.first_row + row, grid.first_column + column, None, blank=True)
        for column in _new_columns(grid, applied)
        for row in range(grid.row_count)
        if (row, column) not in written and not grid.mask_at(row, column)
    ]


def _new_columns(grid: Grid, applied: Applied) -> list[int]:
    """The columns of a Grid in which nothing stood and something is written."""
    written = sorted({write.column for write in applied.writes})
    return [column for column in written if grid.columns[column].count(None) == grid.row_count]


@contextmanager
def together(target: Path) -> Iterator[tuple[Path, Path]]:
    """Drafts of a result and its journal, moved into their places if the block ends well, the result first."""
    with placed(journal_path(target)) as record, placed(target) as draft:
        yield draft, record


@contextmanager
def kept_before(target: Path, *, needed: bool) -> Iterator[Path | None]:
    """A backup of what stands at ``target``, where that is ``needed``; it goes again if the block fails."""
    kept = backup(target) if needed and target.exists() else None
    try:
        yield kept
    except BaseException:
        if kept is not None:
            kept.unlink(missing_ok=True)
        raise


def _session(source: Source, draft: Path, tables: Sequence[tuple[Grid, Applied]], written: Written) -> Session:
    dialect = source.delimited().dialect if source.kind == "delimited" else None
    return Session(
        when=now(),
        source_name=source.path.name,
        source_sha256=source.sha256,
        output_sha256=sha256_of(draft),
        tables=tuple(table_journal(g, as_stored(source, a.journal, g.date_system)) for g, a in tables),
        encoding="" if dialect is None else dialect.encoding.name,
        delimiter="" if dialect is None else dialect.delimiter,
        created=written.created,
        removed=written.removed,
        changed=written.changed,
    )


def _is_source(source: Source, target: Path) -> bool:
    return target == source.path


def _is_untouched(target: Path) -> bool:
    """Whether the file is a result of an earlier session that nobody has touched since."""
    if not target.exists():  # a person took it away and left the journal
        return False
    try:
        sessions = read_journal(target).sessions
        return bool(sessions) and sessions[-1].output_sha256 == sha256_of(target)
    except (NotFound, UnreadableFile):  # such as a result that was thrown away, without its journal
        return False
