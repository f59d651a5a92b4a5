"""Looking up without formulas: the entries of a list, the entry that a value is but for its form, and the likeliest.

An entry that needs judgement is picked by the model, from entries that travel as data with the value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from services.errors import InputError, NotFound
from services.tasks.fill.columns import is_empty, position
from services.tasks.fill.kinds import canonical, plain
from services.tasks.fill.request import FillRequest
from services.tasks.source import CellSource
from services.text.similarity import collision_key
from services.workbook.grid import Grid
from services.workbook.rendering import text_of

ENTRIES = "entries"
"""The name of the entries to pick from, in an item."""

MOST_OFFERED = 40
"""Entries that travel with one value; of longer lists those that are most alike."""

LIST_FROM = "list"
"""The variable that names the column with the list: ``Column`` or ``Sheet!Column``."""


def entries_of(request: FillRequest, source: CellSource, tables: Sequence[Grid], named: str) -> tuple[str, ...]:
    """The entries of the list: those typed, those of a file, those of a column, each once.

    Raises ``InputError``: ``fill-list-missing``, ``fill-column-unknown``; ``NotFound`` for a sheet that is not there.
    """
    entries = [*request.choices, *(request.entries or "").splitlines()]
    if named:
        entries += _column(source, tables, named)
    listed = tuple(dict.fromkeys(entry.strip() for entry in entries if entry.strip()))
    if not listed:
        raise InputError("fill-list-missing")
    return listed


def same_entry(text: str, entries: Sequence[str]) -> str | None:
    """The one entry that a text is, but for width, case, spaces, marks and the order of words; else None."""
    found = canonical(text, entries)
    if found is not None:
        return found
    key = collision_key(text)
    same = [entry for entry in entries if collision_key(entry) == key]
    return same[0] if key and len(same) == 1 else None


def entry_inside(text: str, entries: Sequence[str]) -> str | None:
    """The one entry that stands in a text, in words of its own or in Chinese; None where none does, or several.

    An entry within another that stands there too does not count.
    """
    whole = plain(text)
    inside = [entry for entry in entries if (wanted := plain(entry)) and len(wanted) > 1 and _stands_in(wanted, whole)]
    found = [entry for entry in inside if not any(plain(entry) in plain(other) for other in inside if other != entry)]
    return found[0] if len(found) == 1 else None


def _stands_in(wanted: str, whole: str) -> bool:
    before = r"(?<![^\W_])" if wanted[0].isascii() else ""
    after = r"(?![^\W_])" if wanted[-1].isascii() else ""
    return re.search(before + re.escape(wanted) + after, whole) is not None


def offered(text: str, entries: Sequence[str]) -> list[str]:
    """The entries that a model may pick from for a text: all of a short list, else the most alike, in their order."""
    if len(entries) <= MOST_OFFERED:
        return list(entries)
    plainly = [plain(entry) for entry in entries]
    best = process.extract(plain(text), plainly, scorer=fuzz.WRatio, limit=MOST_OFFERED)
    return [entries[at] for at in sorted(at for _, _, at in best)]


def _column(source: CellSource, tables: Sequence[Grid], named: str) -> list[str]:
    sheet, sign, name = named.rpartition("!")
    if sign:
        try:
            found = source.tables([sheet.strip("'")], None)
        except NotFound:
            found, name = list(tables), named
    else:
        found = list(tables)
    for grid in found:
        at = position(name, grid.names())
        if at is not None:
            values = ((value, grid.format_at(row, at)) for row, value in enumerate(grid.columns[at]))
            return [text_of(value, form, grid.date_system) for value, form in values if not is_empty(value)]
    known = ", ".join(dict.fromkeys(column for grid in found for column in grid.names()))
    raise InputError("fill-column-unknown", column=named, known=known or "-")
