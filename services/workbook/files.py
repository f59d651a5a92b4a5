"""A file as a source of sheets and a place for results, whatever its kind: workbook, delimited text, .xls or .ods.

The kind is found by content, and by name where content leaves it open. How each kind is read and written is in
``spreadsheetml``, ``delimited``, ``legacy`` and ``new_workbook``; taking back what was written is in ``undoing``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from services.errors import Conflict, InputError, NotFound, OutputError, UnreadableFile
from services.workbook.addresses import Area
from services.workbook.beside import Beside, columns_beside
from services.workbook.changes import Journal, Write, carry_out
from services.workbook.delimited import Delimited, read_delimited
from services.workbook.delimited_patch import patch_delimited
from services.workbook.grid import DateSystem, Grid, Scalar, Sheet
from services.workbook.journal import RawRow
from services.workbook.legacy import read_legacy
from services.workbook.new_workbook import write_new_workbook
from services.workbook.placing import sha256_of
from services.workbook.rendering import text_of
from services.workbook.spreadsheetml.package import COMPOUND_FILE, is_encrypted, open_package
from services.workbook.spreadsheetml.patch import CellWrite, NewSheet, patch_workbook
from services.workbook.spreadsheetml.read import read_sheets
from services.workbook.tables import area, as_table, clip, find_tables

Kind = Literal["workbook", "delimited", "legacy"]

LARGEST_FILE = 1024 * 1024 * 1024
"""Bytes of a file that is looked at; each kind has a limit of its own below that."""

_WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm")
_OLD_SHEETS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
"""How BIFF2, BIFF3 and BIFF4 sheets begin, which are no compound files yet."""
_OTHER_KINDS = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"SQLite ",
    b"\x7fELF", b"MZ\x90", b"ID3", b"OggS", b"RIFF",
)  # fmt: skip
_DOCUMENT_SUFFIXES = (".doc", ".docx", ".dotx", ".odt", ".rtf", ".pdf", ".ppt", ".pptx", ".odp", ".json", ".toml")
"""Names that promise no table: what stands in such a file must not be cut up as one."""
_MARKUP = (b"<html", b"<!doctype html", b"<?xml", b"<table", b"<meta", b"<head", b"<style", b"mime-version:")


@dataclass(slots=True)
class Source:
    """An opened file; ``sha256`` is of its bytes. ``encoding`` and ``delimiter`` are of a text of which they are known.

    What was read stays, so that reading it again costs nothing and a delimited text can be patched.
    """

    path: Path
    kind: Kind
    encoding: str | None = None
    sha256: str = ""
    delimiter: str | None = None
    _sheets: list[Sheet] | None = field(default=None, repr=False)
    _named: dict[str, Sheet] = field(default_factory=dict, repr=False)
    _delimited: Delimited | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.name

    @property
    def typed(self) -> bool:
        """Whether a cell can hold a number or a date as such (a workbook), or only its text."""
        return self.kind != "delimited"

    @property
    def selected(self) -> bool:
        """The tables of a file are found in it."""
        return False

    def sheets(self, names: Collection[str] | None = None) -> list[Sheet]:
        """The sheets, or only those named; a delimited text is one. Raises ``UnreadableFile`` and ``NotFound``."""
        if self.kind == "workbook" and names is not None and self._sheets is None:
            if not {*names} <= self._named.keys():
                self._named = {sheet.title: sheet for sheet in read_sheets(self.path, names)}
            return [sheet for sheet in self._named.values() if sheet.title in names]
        if self._sheets is None:
            self._sheets = self._read()
        if names is None:
            return self._sheets
        titles = {sheet.title for sheet in self._sheets}
        for name in names:
            if name not in titles:
                raise NotFound("sheet-missing", file=self.path.name, sheet=name)
        return [sheet for sheet in self._sheets if sheet.title in names]

    def tables(self, names: Collection[str] | None = None, reference: str | None = None) -> list[Grid]:
        """The tables of the sheets, or the one that a range (``A1:D20``) means.

        Sheets that are hidden have no tables unless they are named. A range without a sheet's name is one of the first
        visible sheet. A delimited text is one table.
        """
        sheets = [sheet for sheet in self.sheets(names) if names is not None or sheet.state == "visible"]
        if reference is not None:
            return [clip(sheet, reference) for sheet in (sheets if names is not None else sheets[:1])]
        if self.kind == "delimited":
            return [as_table(sheet.grid) for sheet in sheets if sheet.grid.row_count]
        return [table for sheet in sheets for table in find_tables(sheet)]

    def beside(self, table: Grid, titles: Sequence[str]) -> Beside:
        """The columns that have or shall have these titles beside one of ``tables``, as they stand now.

        Raises ``InputError`` (``no-room-beside``).
        """
        (sheet,) = self.sheets({table.sheet})
        return columns_beside(table, titles, sheet)

    def delimited(self) -> Delimited:
        """The delimited text with all that is needed to patch it."""
        if self._delimited is None:
            self._delimited = read_delimited(self.path, encoding=self.encoding, delimiter=self.delimiter)
        return self._delimited

    def check_unchanged(self) -> None:
        """Raise ``Conflict`` (``source-changed``) where the file is no longer what was opened."""
        if sha256_of(self.path) != self.sha256:
            raise Conflict("source-changed", file=self.path.name)

    def _read(self) -> list[Sheet]:
        if self.kind == "delimited":
            return [self.delimited().sheet]
        return read_sheets(self.path) if self.kind == "workbook" else read_legacy(self.path)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the file, the rows removed from a text and those changed, a backup of what stood there before.

    ``only_values`` says that the source could not be patched (.xls, .ods), so that the file is new, with values and
    dates. ``created`` are the areas of a patched workbook, each with its sheet, in which there were no cells before.
    """

    path: Path
    removed: tuple[RawRow, ...] = ()
    changed: tuple[RawRow, ...] = ()
    backup: Path | None = None
    only_values: bool = False
    created: tuple[tuple[str, Area], ...] = ()


def open_source(path: Path, *, encoding: str | None = None, delimiter: str | None = None) -> Source:
    """Find out what kind of file this is, and remember its digest; nothing is parsed yet.

    Raises ``UnreadableFile``: ``file-missing``, ``file-is-folder``, ``file-locked``, ``file-empty``,
    ``file-too-large``, ``html-not-workbook``, ``not-a-table-file``, ``not-a-workbook``, ``encrypted``.
    """
    try:
        if path.is_dir():
            raise UnreadableFile("file-is-folder", file=path.name)
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise UnreadableFile("file-too-large", file=path.name, size=size // 1024**2, limit=LARGEST_FILE // 1024**2)
        with path.open("rb") as stream:
            head = stream.read(4096)
    except FileNotFoundError as error:
        raise UnreadableFile("file-missing", file=path.name) from error
    except OSError as error:
        raise UnreadableFile("file-locked", file=path.name) from error
    return Source(path, _kind_of(path, head), encoding, sha256_of(path), delimiter)


def output_suffix(source: Source) -> str:
    """The suffix that a result made from ``source`` has, in lower case: its own, if that is true to its content."""
    own = source.path.suffix.lower()
    if source.kind == "workbook":
        return own if own in _WORKBOOK_SUFFIXES else ".xlsm" if _has_macros(source.path) else ".xlsx"
    if source.kind == "legacy":
        return ".xlsx"
    if own in (".xls", ".ods", *_WORKBOOK_SUFFIXES):
        return ".tsv" if source.delimited().dialect.delimiter == "\t" else ".csv"
    return own


def check_target(source: Source, target: Path) -> None:
    """Raise ``OutputError`` where a result can't be written there: ``wrong-suffix``, ``target-is-source``."""
    possible = output_suffix(source)
    if target.suffix.lower() != possible:
        raise OutputError("wrong-suffix", file=target.name, source=source.path.name, possible=possible or "-")
    if target.exists() and target.samefile(source.path):
        raise OutputError("target-is-source", file=target.name)


def cell_writes(grid: Grid, writes: Iterable[Write]) -> list[CellWrite]:
    """Writes into a Grid as writes into its sheet, where rows and columns count from 1."""
    rows, columns = grid.first_row, grid.first_column
    return [CellWrite(w.row + rows, w.column + columns, w.value, w.number_format) for w in writes]


def as_stored(source: Source, journal: Journal, date_system: DateSystem = 1900) -> Journal:
    """The Journal with values as the file will give them back: a delimited text has nothing but texts."""
    if source.kind != "delimited":
        return journal
    entries = tuple(
        entry._replace(
            before=text_of(entry.before, entry.format_before, date_system) or None,
            after=text_of(entry.after, entry.format_after, date_system) or None,
            format_before=None,
            format_after=None,
        )
        for entry in journal.entries
    )
    return Journal(entries, journal.undone)


def fill_result(
    source: Source,
    target: Path,
    writes: Mapping[str, Sequence[CellWrite]],
    *,
    remove: Collection[int] = (),
    new_sheets: Sequence[NewSheet] = (),
    recalculate: bool = False,
    least_fields: Mapping[int, int] | None = None,
    vacate: Sequence[tuple[str, Area]] = (),
) -> Written:
    """Write ``source`` with ``writes`` (by sheet title) to a file of any name; the caller moves it into its place.

    ``remove`` are rows (from 1) to leave out of a delimited text, ``least_fields`` those that need so many fields.
    ``vacate`` are areas of a workbook, each with its sheet, in which a cell that is cleared is to go altogether. Raises
    what the writer of the kind raises, ``InputError`` (``only-text-loses-rows``, ``text-has-no-sheets``) for what the
    kind can't do, and ``NotFound`` (``sheet-missing``).
    """
    if remove and source.kind != "delimited":
        raise InputError("only-text-loses-rows", file=source.path.name)
    if source.kind == "workbook":
        created = patch_workbook(
            source.path, target, writes, new_sheets=new_sheets, recalculate=recalculate, vacate=vacate
        )
        return Written(target, created=created)
    sheets = source.sheets()
    titles = {sheet.title for sheet in sheets}
    for title in writes:
        if title not in titles:
            raise NotFound("sheet-missing", file=source.path.name, sheet=title)
    if source.kind == "delimited":
        if new_sheets:
            raise InputError("text-has-no-sheets", file=source.path.name)
        cells = [cell for group in writes.values() for cell in group]
        texts = {(cell.row, cell.column): text_of(cell.value, cell.number_format) for cell in cells}
        removed, changed = patch_delimited(source.delimited(), target, texts, remove, least_fields)
        return Written(target, removed, changed)
    filled = [_with_cells(sheet, writes.get(sheet.title, ())) for sheet in sheets]
    write_new_workbook(target, [*filled, *map(_as_sheet, new_sheets)])
    return Written(target, only_values=True)


def _kind_of(path: Path, head: bytes) -> Kind:
    suffix = path.suffix.lower()
    if not head:
        raise UnreadableFile("file-empty", file=path.name)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "legacy" if b"application/vnd.oasis.opendocument.spreadsheet" in head[:200] else "workbook"
    if head.startswith(COMPOUND_FILE):
        with path.open("rb") as stream:
            if is_encrypted(stream):
                raise UnreadableFile("encrypted", file=path.name)
        return "legacy"
    if head.startswith(_OLD_SHEETS):
        return "legacy"
    if head.startswith(_OTHER_KINDS):
        raise UnreadableFile("not-a-table-file", file=path.name)
    if suffix in (*_WORKBOOK_SUFFIXES, ".xls", ".ods", ".htm", ".html", ".xml", ".mht"):
        text = head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").removeprefix(b"\xff\xfe").lstrip().lower()
        if text.startswith(_MARKUP):
            raise UnreadableFile("html-not-workbook", file=path.name)
        if suffix != ".xls":
            raise UnreadableFile("not-a-workbook", file=path.name)
    if suffix in _DOCUMENT_SUFFIXES:
        raise UnreadableFile("not-a-table-file", file=path.name)
    return "delimited"


def _has_macros(path: Path) -> bool:
    with open_package(path) as package:
        return any(key.endswith("vbaproject.bin") for key in package.members)


def _with_cells(sheet: Sheet, cells: Sequence[CellWrite]) -> Sheet:
    """The sheet as it will be with these cells; it grows where they lie beyond those in use."""
    if not cells:
        return sheet
    grid = sheet.grid
    top = min(grid.first_row, *(cell.row for cell in cells))
    left = min(grid.first_column, *(cell.column for cell in cells))
    bottom = max(grid.first_row + grid.row_count, *(cell.row + 1 for cell in cells))
    right = max(grid.first_column + grid.column_count, *(cell.column + 1 for cell in cells))
    whole = area(grid, top, left, bottom - top, right - left)
    inside = [Write(cell.row - top, cell.column - left, cell.value, cell.number_format) for cell in cells]
    return replace(sheet, grid=carry_out(whole, inside))


def _as_sheet(new: NewSheet) -> Sheet:
    """A sheet to add as one that can be written from nothing; links become their texts."""
    rows: list[list[Scalar]] = [[heading for heading, _ in new.columns]]
    for row in new.rows:
        rows.append([cell if cell is None or isinstance(cell, str | float | int) else cell.text for cell in row])
    columns = tuple(map(list, zip(*rows, strict=True)))
    return Sheet(new.title, Grid(columns=columns, sheet=new.title))
