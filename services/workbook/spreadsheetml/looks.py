"""The look of a new cell: that of the cell left of it, without what belongs to that cell's own value.

Fill, borders, font, vertical alignment, wrapping and protection are taken over; the number format, the quote prefix
and a link's underlining are not. Nothing here knows where cells stand.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from xml.etree.ElementTree import Element, fromstring, tostring

from services.workbook.spreadsheetml.markup import prefix_of, qualified_name, set_attributes
from services.workbook.spreadsheetml.styles import CellFormat, StyleEditor, Styles

_OWN = ("numFmtId", "applyNumberFormat", "quotePrefix")
_SIDED = ("left", "right", "fill", "justify", "distributed")
"""Horizontal alignments that a cell of another kind does not take over: numbers stand right, texts left."""


class Looks:
    """Finds the formats of new cells by the look beside them, each once; those that are missing are appended."""

    def __init__(self, styles: Styles, editor: StyleEditor) -> None:
        self._styles, self._editor = styles, editor
        self._underlined: frozenset[str] | None = None
        self._known: dict[tuple[int, bool, bool], int] = {}

    def like(self, index: int, *, aligned: bool, wrap: bool) -> int:
        """The format, with the number format General, of a cell right of one with the format ``index``.

        See ``format_beside``. An index that is not there means the plain format.
        """
        key = (index, aligned, wrap)
        if key not in self._known:
            self._known[key] = self._made(*key)
        return self._known[key]

    def _made(self, index: int, aligned: bool, wrap: bool) -> int:
        formats = self._styles.formats
        if not 0 <= index < len(formats):
            return 0
        if self._underlined is None:
            self._underlined = self._styles.underlined_fonts()
        return self._editor.add(format_beside(formats[index], self._underlined, aligned=aligned, wrap=wrap))


def format_beside(base: CellFormat, underlined: Collection[str], *, aligned: bool, wrap: bool) -> CellFormat:
    """The format for a cell right of one with the format ``base``, with the number format General.

    ``underlined`` are the ids of fonts that underline, as links do: the workbook's first font stands for those.
    ``aligned`` keeps the horizontal alignment, for values of one kind; ``wrap`` lets the text go over several lines.
    """
    attributes = dict(base.rest[0])
    quote = None if base.quote is None else False
    changes: dict[str, str | None] = {"numFmtId": "0", "quotePrefix": None if quote is None else "0"}
    if attributes.get("fontId") in underlined:
        changes |= {"fontId": "0", "xfId": "0"}
    inside = fromstring(b"<xf>" + base.rest[1] + b"</xf>")
    alignment = inside.find("alignment")
    wanted = _alignment({} if alignment is None else dict(alignment.attrib), aligned=aligned, wrap=wrap)
    raw, head = base.raw, base.head
    if wanted:
        changes["applyAlignment"] = "1"
        raw, head = _with_alignment(raw, head, wanted)
        if alignment is None:
            alignment = Element("alignment")
            inside.insert(0, alignment)
        for name, value in wanted.items():
            if value is None:
                del alignment.attrib[name]
            else:
                alignment.set(name, value)
    start = set_attributes(raw[:head], changes)
    attributes.update((name, value) for name, value in changes.items() if value is not None and name not in _OWN)
    rest = (tuple(sorted(attributes.items())), b"".join(map(tostring, inside)))
    return CellFormat(0, base.locked, quote, rest, start + raw[head:], len(start))


def _alignment(known: dict[str, str], *, aligned: bool, wrap: bool) -> dict[str, str | None]:
    """What has to change in an alignment with these attributes."""
    changes: dict[str, str | None] = {}
    if not aligned and known.get("horizontal") in _SIDED:
        changes |= {name: None for name in ("horizontal", "indent") if name in known}
    if wrap and known.get("wrapText") not in ("1", "true"):
        changes["wrapText"] = "1"
    return changes


def _with_alignment(raw: str, head: int, changes: dict[str, str | None]) -> tuple[str, int]:
    """The markup of a cell format with its alignment changed, or put in as its first child; and its head's length."""
    name = f"{prefix_of(raw)}alignment"
    found = re.compile(rf"<{re.escape(name)}(?=[\s/>])(?:[^>\"']|\"[^\"]*\"|'[^']*')*>").search(raw, head)
    if found is not None:
        return raw[: found.start()] + set_attributes(found[0], changes) + raw[found.end() :], head
    added = set_attributes(f"<{name}/>", changes)
    if not raw[:head].endswith("/>"):
        return raw[:head] + added + raw[head:], head
    opened = raw[: head - 2].rstrip() + ">"
    return f"{opened}{added}</{qualified_name(raw)}>", len(opened)
