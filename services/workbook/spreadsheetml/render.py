"""Markup for the cells that are written: value, type, style; and the strings that the workbook has to gain for them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import groupby

from services.errors import InputError
from services.workbook.addresses import Area
from services.workbook.column_widths import shown_width
from services.workbook.formats import shows_a_date
from services.workbook.grid import CellError, DateSerial, Scalar, column_letter
from services.workbook.spreadsheetml.locate import Located, Place
from services.workbook.spreadsheetml.looks import Looks
from services.workbook.spreadsheetml.markup import Edit, prefix_of, qualified_name, set_attributes, text_markup
from services.workbook.spreadsheetml.strings import Strings, append_strings, checked_text, text_element
from services.workbook.spreadsheetml.styles import StyleEditor, Styles
from services.workbook.spreadsheetml.widths import new_widths, width_edits

_DATE = "yyyy-mm-dd"


class StringPool:
    """Indices of shared strings by text; new ones are appended, rich ones are never given to a plain text."""

    def __init__(self, read: Callable[[], Strings]) -> None:
        self._read = read
        self._strings: Strings | None = None
        self._indices: dict[str, int] = {}
        self._added: list[str] = []
        self.references = 0

    def index(self, text: str) -> int:
        """The index of ``text`` among the shared strings."""
        if self._strings is None:
            self._strings = self._read()
            rich = self._strings.rich
            for number, known in enumerate(self._strings.texts):
                if number not in rich:
                    self._indices.setdefault(known, number)
        found = self._indices.get(text)
        if found is None:
            found = self._indices[text] = len(self._strings.texts) + len(self._added)
            self._added.append(text)
        return found

    def edits(self) -> list[Edit]:
        """The edits to the shared strings part; none where no text had to be added."""
        if self._strings is None or not self._added:
            return []
        return append_strings(self._strings, self._added, self.references)


def render(title: str, located: Located, styles: Styles, editor: StyleEditor, pool: StringPool | None) -> list[Edit]:
    """The edits to one sheet part. ``pool`` None means that texts go inline."""
    tape = located.tape
    widths = new_widths(located)
    edits = [Edit(place.start, place.end, b"") for place in located.gone]
    if pool is not None:
        pool.references -= sum(place.kind == "s" and place.filled for place in located.gone)
    for tag, changed in located.rows:
        edits.append(Edit(tag.start, tag.start + len(tag.raw.encode(tape.encoding)), tape.encode(changed)))
    format_of = _Formats(styles, editor, Looks(styles, editor), widths, located.protected)
    for (start, new), group in groupby(located.places, key=lambda place: (place.start, place.raw is None)):
        places = list(group)
        cells = [_cell(title, place, located.prefix, format_of, pool) for place in places]
        markup = (
            "".join(p.wrap[0] + cell + p.wrap[1] for p, cell in zip(places, cells, strict=True)) if new else cells[0]
        )
        edits.append(Edit(start, max(place.end for place in places), tape.encode(markup)))
    return edits + _dimension(located) + width_edits(located, widths)


def number_text(value: float) -> str:
    """A number as a cell holds it: the shortest text that reads back as the same double."""
    if isinstance(value, int):
        return str(int(value))
    plain = float(value)
    return str(int(plain)) if plain.is_integer() and abs(plain) < 1e15 else repr(plain)


def cell_body(value: Scalar, prefix: str, pool: StringPool | None) -> tuple[str | None, str]:
    """The type attribute and the content of a cell."""
    if value is None:
        return None, ""
    if isinstance(value, CellError):
        return "e", f"<{prefix}v>{text_markup(value)}</{prefix}v>"
    if isinstance(value, str):
        if pool is None:
            return "inlineStr", f"<{prefix}is>{text_element(value, prefix)}</{prefix}is>"
        return "s", f"<{prefix}v>{pool.index(value)}</{prefix}v>"
    if isinstance(value, bool):
        return "b", f"<{prefix}v>{int(value)}</{prefix}v>"
    return None, f"<{prefix}v>{number_text(value)}</{prefix}v>"


def checked_value(value: Scalar, sheet: str, row: int, column: int) -> Scalar:
    """``value`` if a cell can hold it. Raises ``InputError`` (text-too-long, value-not-writable)."""
    address = f"{column_letter(column)}{row}"
    if isinstance(value, str):
        return checked_text(value, sheet, address)
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError("value-not-writable", sheet=sheet, cell=address, value=repr(value))
    return value


def _cell(title: str, place: Place, new_prefix: str, formats: _Formats, pool: StringPool | None) -> str:
    write = place.write
    value = checked_value(write.value, title, write.row, write.column)
    style = formats.of_new(place, value) if place.raw is None else formats.of_existing(place, value)
    prefix = prefix_of(place.raw) if place.raw is not None else new_prefix
    kind, body = cell_body(value, prefix, pool)
    if pool is not None:
        pool.references += (kind == "s") - (place.kind == "s" and place.filled)
    if place.raw is None:
        if write.blank and not style:
            return ""
        shown = (f' s="{style}"' if style else "") + (f' t="{kind}"' if kind else "")
        return f'<{prefix}c r="{column_letter(write.column)}{write.row}"{shown}>{body}</{prefix}c>'
    opening = place.raw[:-2].rstrip() + ">" if place.raw.endswith("/>") else place.raw
    changes: dict[str, str | None] = {"t": kind, "cm": None, "vm": None}
    if style != place.style:
        changes["s"] = str(style)
    opening = set_attributes(opening, changes)
    if not body:
        return opening[:-1] + "/>"
    return f"{opening}{body}</{qualified_name(place.raw)}>"


class _Formats:
    """Finds the cell formats that values ask for where they are put."""

    def __init__(
        self, styles: Styles, editor: StyleEditor, looks: Looks, widths: Mapping[int, float], protected: bool
    ) -> None:
        self._styles, self._editor, self._looks = styles, editor, looks
        self._widths, self._protected = widths, protected

    def of_new(self, place: Place, value: Scalar) -> int:
        """The format of a new cell: the look of the cell left of it, else the format of its row or column.

        A date that brings no format gets a plain one. In a column of its own, a text that is wider than that is
        wrapped, unless its row would not grow.
        """
        style, code = place.style, place.write.number_format
        width = self._widths.get(place.write.column)
        wrap = width is not None and place.grows and _is_text(value) and shown_width(value) > width
        left = place.left
        if left is not None and (left[0] or not style) and not self._unlocks(left[0], style):
            style = self._looks.like(left[0], aligned=left[1] == _is_text(value), wrap=wrap)
        elif wrap:
            style = self._looks.like(style, aligned=True, wrap=True)
        if code is None and isinstance(value, DateSerial) and not shows_a_date(self._styles.code(style)):
            code = _DATE
        return self._editor.variant(style, code)

    def of_existing(self, place: Place, value: Scalar) -> int:
        """The format of a cell that is there already.

        A quote prefix says "typed as text". Where text gives way to something else, or the reverse, it is switched off
        but stays stated; the way back switches it on again where such a format exists, so that undo ends where it
        began.
        """
        code = place.write.number_format
        quote = self._styles.quote(place.style)
        crosses = place.filled and value is not None and _is_text(value) != (place.kind in ("s", "str", "inlineStr"))
        if quote is None or not crosses:
            return self._editor.variant(place.style, code)
        if quote:
            return self._editor.variant(place.style, code, False)
        style = self._editor.variant(place.style, code, True, create=False)
        return self._editor.variant(place.style, code) if style == place.style else style

    def _unlocks(self, left: int, own: int) -> bool:
        """Whether the look would lock, or open, a cell of a protected sheet that is not so by itself."""
        return self._protected and self._styles.locked(left) != self._styles.locked(own)


def _is_text(value: Scalar) -> bool:
    return isinstance(value, str) and not isinstance(value, CellError)


def _dimension(located: Located) -> list[Edit]:
    """The stated dimension, widened only if a cell was written outside of it."""
    filled = [place.write for place in located.places if place.write.value is not None]
    if located.dimension is None or not filled:
        return []
    tag, stated = located.dimension
    wide = Area(
        min(stated.first_row, *(w.row for w in filled), stated.first_row),
        min(stated.first_column, *(w.column for w in filled), stated.first_column),
        max(stated.last_row, *(w.row for w in filled), stated.last_row),
        max(stated.last_column, *(w.column for w in filled), stated.last_column),
    )
    if wide == stated:
        return []
    end = tag.start + len(tag.raw.encode(located.tape.encoding))
    return [Edit(tag.start, end, located.tape.encode(set_attributes(tag.raw, {"ref": wide.notation()})))]
