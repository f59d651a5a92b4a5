"""Writing cells into a workbook without touching anything else: the streaming patcher.

Two passes over a touched sheet: one to find the byte range of every cell, one to copy the bytes with those ranges
replaced. Parts that change are the touched sheets, styles (a new format), shared strings (a new text); with new sheets
or ``recalculate`` also the workbook part and what lists its parts. Every other part keeps its compressed bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from services.errors import NotFound
from services.workbook.addresses import Area
from services.workbook.placing import placed
from services.workbook.spreadsheetml.addsheet import STYLES_PART, NewSheet, add_sheets, add_styles
from services.workbook.spreadsheetml.locate import CellWrite, Located, locate
from services.workbook.spreadsheetml.markup import Edit, splice
from services.workbook.spreadsheetml.package import Package, open_package
from services.workbook.spreadsheetml.parts import WorkbookParts, workbook_parts
from services.workbook.spreadsheetml.read import read_tables
from services.workbook.spreadsheetml.recalculate import has_formulas, recalculation_edits
from services.workbook.spreadsheetml.render import StringPool, render
from services.workbook.spreadsheetml.repack import repack
from services.workbook.spreadsheetml.strings import read_strings
from services.workbook.spreadsheetml.styles import StyleEditor, Styles, read_styles

__all__ = ["CellWrite", "NewSheet", "patch_workbook"]


def patch_workbook(
    source: Path,
    target: Path,
    writes: Mapping[str, Sequence[CellWrite]],
    *,
    new_sheets: Sequence[NewSheet] = (),
    recalculate: bool = False,
    vacate: Sequence[tuple[str, Area]] = (),
) -> tuple[tuple[str, Area], ...]:
    """Write cells, by sheet title, into a copy of ``source`` at ``target``, which may be the same file.

    Returns the areas, with their sheets, in which it put cells where there were none. With those as ``vacate`` the way
    back leaves nothing behind: a cell there that is cleared is taken away with its format.

    ``recalculate`` sets ``fullCalcOnLoad`` where the workbook holds formulas and a cell is written: without it the
    results stored beside formulas stay as they were until something calculates. Text is always text, whatever it starts
    with. Everything is checked before the first byte is written.

    Raises ``NotFound`` (sheet-missing), ``Conflict`` (formula-cell, merged-cell, table-header-cell), ``InputError``,
    ``UnreadableFile``, ``OutputError``; then the target is as it was.
    """
    wanted = {title: cells for title, cells in writes.items() if cells}
    # The source is closed before the move, which may be over the source itself: Windows replaces no open file.
    with placed(target) as draft, open_package(source) as package, draft.open("wb") as out:
        if wanted or new_sheets:
            changes = _changes(package, wanted, new_sheets, vacate, recalculate)
            _write(package, changes, out)
            return changes.created
        _copy_file(source, out)
        return ()


@dataclass(frozen=True, slots=True)
class _Changes:
    """The edits to each part that changes, the parts that are new, and the areas in which there were no cells."""

    changed: dict[str, list[Edit]]
    added: dict[str, bytes]
    created: tuple[tuple[str, Area], ...]


def _changes(
    package: Package,
    writes: Mapping[str, Sequence[CellWrite]],
    new_sheets: Sequence[NewSheet],
    vacate: Sequence[tuple[str, Area]],
    recalculate: bool,
) -> _Changes:
    parts = workbook_parts(package)
    by_title = {sheet.title: sheet.part for sheet in parts.sheets}
    for title in writes:
        if title not in by_title:
            raise NotFound("sheet-missing", file=package.file, sheet=title)
    styles = read_styles(package, parts.styles, parts.tree.namespace)
    editor = StyleEditor(styles, package.file)
    pool = StringPool(lambda: read_strings(package, parts.strings or ""))
    changed: dict[str, list[Edit]] = {}
    created: list[tuple[str, Area]] = []
    for title, cells in writes.items():
        part = by_title[title]
        vacated = [area for sheet, area in vacate if sheet == title]
        located = locate(package, part, title, cells, read_tables(package, part), vacated)
        changed[part] = _rendered(title, located, parts, styles, editor, pool)
        created.extend((title, area) for area in _new_areas(located))
    added: dict[str, bytes] = {}
    if new_sheets:
        edits, added = add_sheets(package, parts, editor, new_sheets)
        changed.update(edits)
    if recalculate and writes and has_formulas(package, parts):
        changed.setdefault(parts.part, []).extend(recalculation_edits(parts))
    if parts.styles is not None:
        changed[parts.styles] = editor.edits()
    elif editor.edits():
        listed, added[STYLES_PART] = add_styles(package, parts, editor)
        for name, more in listed.items():
            changed.setdefault(name, []).extend(more)
    if parts.strings is not None:
        changed[parts.strings] = pool.edits()
    return _Changes({part: edits for part, edits in changed.items() if edits}, added, tuple(created))


def _new_areas(located: Located) -> list[Area]:
    """The cells that are new, column by column in runs of rows."""
    new = sorted((place.write.column, place.write.row) for place in located.places if place.raw is None)
    areas: list[Area] = []
    for column, row in new:
        if areas and areas[-1].last_column == column and areas[-1].last_row == row - 1:
            areas[-1] = areas[-1]._replace(last_row=row)
        else:
            areas.append(Area(row, column, row, column))
    return areas


def _rendered(
    title: str, located: Located, parts: WorkbookParts, styles: Styles, editor: StyleEditor, pool: StringPool
) -> list[Edit]:
    inline = parts.strings is None or (located.inline and not located.shared)
    return render(title, located, styles, editor, None if inline else pool)


def _write(package: Package, changes: _Changes, out: BinaryIO) -> None:
    def content(part: str) -> Callable[[], Iterable[bytes]]:
        return lambda: splice(package.chunks(part), changes.changed[part])

    repack(package, out, {part: content(part) for part in changes.changed}, changes.added)


def _copy_file(source: Path, out: BinaryIO) -> None:
    with source.open("rb") as stream:
        shutil.copyfileobj(stream, out)
