"""Writing cells into a workbook without touching anything else: the streaming patcher.

Two passes over a touched sheet: one to find the byte range of every cell, one to copy the bytes with those ranges
replaced. Parts that change are the touched sheets, styles (a new format), shared strings (a new text); with new sheets
or ``recalculate`` also the workbook part and what lists its parts. Every other part keeps its compressed bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from services.errors import NotFound
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
) -> None:
    """Write cells, by sheet title, into a copy of ``source`` at ``target``, which may be the same file.

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
            _write(package, *_changes(package, wanted, new_sheets, recalculate), out)
        else:
            _copy_file(source, out)


Changed = dict[str, list[Edit]]


def _changes(
    package: Package, writes: Mapping[str, Sequence[CellWrite]], new_sheets: Sequence[NewSheet], recalculate: bool
) -> tuple[Changed, dict[str, bytes]]:
    parts = workbook_parts(package)
    by_title = {sheet.title: sheet.part for sheet in parts.sheets}
    for title in writes:
        if title not in by_title:
            raise NotFound("sheet-missing", file=package.file, sheet=title)
    styles = read_styles(package, parts.styles, parts.tree.namespace)
    editor = StyleEditor(styles, package.file)
    pool = StringPool(lambda: read_strings(package, parts.strings or ""))
    changed: Changed = {}
    for title, cells in writes.items():
        part = by_title[title]
        located = locate(package, part, title, cells, read_tables(package, part))
        changed[part] = _rendered(title, located, parts, styles, editor, pool)
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
    return {part: edits for part, edits in changed.items() if edits}, added


def _rendered(
    title: str, located: Located, parts: WorkbookParts, styles: Styles, editor: StyleEditor, pool: StringPool
) -> list[Edit]:
    inline = parts.strings is None or (located.inline and not located.shared)
    return render(title, located, styles, editor, None if inline else pool)


def _write(package: Package, changed: Changed, added: Mapping[str, bytes], out: BinaryIO) -> None:
    def content(part: str) -> Callable[[], Iterable[bytes]]:
        return lambda: splice(package.chunks(part), changed[part])

    repack(package, out, {part: content(part) for part in changed}, added)


def _copy_file(source: Path, out: BinaryIO) -> None:
    with source.open("rb") as stream:
        shutil.copyfileobj(stream, out)
