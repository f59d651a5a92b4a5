"""Widths for columns that are new on a sheet, where the ones they have would hide what is put into them.

A column that held anything before keeps its width.
"""

from __future__ import annotations

from collections.abc import Mapping

from services.workbook.column_widths import WIDEST, shown_width
from services.workbook.spreadsheetml.locate import ColumnTag, Located
from services.workbook.spreadsheetml.markup import Edit, is_true, prefix_of, raw_attributes, set_attributes

_SAMPLE = 1000
_ROOM = 2
"""Characters that a column is wider than its text: the filter's button, a bold title."""


def new_widths(located: Located) -> dict[int, float]:
    """The width in characters, by column, that each column has or is to have in which there was nothing before."""
    seen: dict[int, list[int]] = {}
    for place in located.places:
        column, value = place.write.column, place.write.value
        if place.raw is None and value is not None and column not in located.used:
            widths = seen.setdefault(column, [])
            if len(widths) < _SAMPLE:
                widths.append(shown_width(value))
    wide = {column: min(max(widths) + _ROOM, WIDEST) for column, widths in seen.items()}
    return {column: max(width, _width_now(located, column)) for column, width in wide.items()}


def width_edits(located: Located, widths: Mapping[int, float]) -> list[Edit]:
    """The edits that give columns these widths, in so far as they have less, and that show them where they are hidden.

    None where the sheet's own ``col`` elements are not in order.
    """
    spans = [span for column in located.columns for span in (column.first, column.last)]
    wanted = {
        column: width
        for column, width in widths.items()
        if width > _width_now(located, column) or _is_hidden(located, column)
    }
    if not wanted or spans != sorted(spans) or len({*spans[::2]}) * 2 != len(spans):
        return []
    left = sorted(wanted)
    edits: list[Edit] = []
    for known in located.columns:
        before = [column for column in left if column < known.first]
        inside = [column for column in left if known.first <= column <= known.last]
        is_last = known is located.columns[-1]
        after = [column for column in left if column > known.last] if is_last else []
        left = [column for column in left if column > known.last]
        if not before and not inside and not after:
            continue
        prefix = prefix_of(known.tag.raw)
        tags = [
            *[_new(prefix, column, wanted[column]) for column in before],
            *_parted(known, {column: wanted[column] for column in inside}),
            *[_new(prefix, column, wanted[column]) for column in after],
        ]
        if not known.tag.empty:  # its own end tag ends the last of them
            tags[-1] = tags[-1].removesuffix("/>") + ">"
        edits.append(_replaced(located, known, "".join(tags)))
    if not located.columns:
        prefix = located.prefix
        tags = [_new(prefix, column, wanted[column]) for column in left]
        whole = f"<{prefix}cols>{''.join(tags)}</{prefix}cols>"
        edits.append(Edit(located.data_start, located.data_start, located.tape.encode(whole)))
    return edits


def _replaced(located: Located, known: ColumnTag, markup: str) -> Edit:
    end = known.tag.start + len(known.tag.raw.encode(located.tape.encoding))
    return Edit(known.tag.start, end, located.tape.encode(markup))


def _new(prefix: str, column: int, width: float) -> str:
    return f'<{prefix}col min="{column}" max="{column}" width="{width:g}" customWidth="1"/>'


def _parted(known: ColumnTag, widths: Mapping[int, float]) -> list[str]:
    """The element as several: those columns with their new widths, and what is left of it between them."""
    closed = known.tag.raw if known.tag.empty else known.tag.raw[:-1] + "/>"
    tags: list[str] = []
    first = known.first
    for column, width in widths.items():
        if first < column:
            tags.append(set_attributes(closed, {"min": str(first), "max": str(column - 1)}))
        changes: dict[str, str | None] = {"min": str(column), "max": str(column), "width": f"{width:g}"}
        tags.append(set_attributes(closed, {**changes, "customWidth": "1", "bestFit": None, "hidden": None}))
        first = column + 1
    if not widths or first <= known.last:
        tags.append(set_attributes(closed, {"min": str(first)}) if widths else closed)
    return tags


def _width_now(located: Located, column: int) -> float:
    known = _known(located, column)
    text = _attribute(known, "width") if known else ""
    try:
        return float(text) if text else located.default_width
    except ValueError:
        return located.default_width


def _is_hidden(located: Located, column: int) -> bool:
    known = _known(located, column)
    return known is not None and is_true(_attribute(known, "hidden"))


def _known(located: Located, column: int) -> ColumnTag | None:
    return next((known for known in located.columns if known.first <= column <= known.last), None)


def _attribute(known: ColumnTag, wanted: str) -> str:
    raw = known.tag.raw
    return next((raw[start:close] for name, _, start, close, _ in raw_attributes(raw) if name == wanted), "")
