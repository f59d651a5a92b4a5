"""The styles part: what cell formats say (number format, locked, quote prefix), and new cell formats by exact edits."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, tostring

from services.errors import InputError
from services.workbook.formats import BUILTIN_FORMATS, shows_a_date
from services.workbook.grid import GENERAL
from services.workbook.spreadsheetml.markup import (
    Edit,
    Tree,
    attribute_markup,
    children,
    is_true,
    parse_tree,
    prefix_of,
    set_attributes,
    splice,
    whole_number,
)
from services.workbook.spreadsheetml.package import Package

MAX_FORMATS = 64_000
"""Cell formats of a workbook (Excel specifications and limits: 65,490, rounded down)."""
FIRST_CUSTOM = 164
"""The first number that a custom number format may have (ECMA-376 part 1, 18.8.30)."""

_FONT_ORDER = ("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name")
"""The order of a font's elements (ECMA-376 part 1, 18.8.22); the rest follows."""


@dataclass(slots=True)
class CellFormat:
    """One ``xf``: ``quote`` is its quote prefix as stated, ``head`` its start tag's length.

    ``rest`` is all else: its other attributes, sorted, and its children as markup.
    """

    number_format: int
    locked: bool
    quote: bool | None
    rest: tuple[tuple[tuple[str, str], ...], bytes]
    raw: str
    head: int


@dataclass(slots=True)
class Styles:
    """All cell formats by index. An index that is not there means the plain one."""

    formats: list[CellFormat] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)
    tree: Tree | None = None

    def code(self, index: int) -> str:
        """The number format code of a cell format."""
        if not 0 <= index < len(self.formats):
            return GENERAL
        number = self.formats[index].number_format
        return self.codes.get(number) or BUILTIN_FORMATS.get(number, GENERAL)

    def locked(self, index: int) -> bool:
        """Whether cells in this format are locked once the sheet is protected (the default is yes)."""
        return self.formats[index].locked if 0 <= index < len(self.formats) else True

    def quote(self, index: int) -> bool | None:
        """The quote prefix of the format, which says that what may look like a number was typed as text."""
        return self.formats[index].quote if 0 <= index < len(self.formats) else None

    def underlined_fonts(self) -> frozenset[str]:
        """The ids, as text, of the fonts that underline."""
        groups = [] if self.tree is None else children(self.tree.root, "fonts")
        fonts = [font for group in groups for font in children(group, "font")]
        return frozenset(
            str(number) for number, font in enumerate(fonts) for u in children(font, "u") if u.get("val") != "none"
        )

    def date_indices(self) -> frozenset[str]:
        """The indices, as text, of the cell formats that show a date, time or duration."""
        return frozenset(str(index) for index in range(len(self.formats)) if shows_a_date(self.code(index)))


MINIMAL = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{namespace}">'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
"""A styles part that says nothing: what Excel takes for granted where a workbook has none."""


def read_styles(package: Package, part: str | None, namespace: str) -> Styles:
    """Read the styles part; ``MINIMAL`` where there is none, in the workbook's namespace."""
    data = MINIMAL.format(namespace=namespace).encode() if part is None else package.read(part)
    tree = parse_tree(package.file, part or "xl/styles.xml", data, located_depth=5)
    codes = {
        number: element.get("formatCode", GENERAL)
        for group in children(tree.root, "numFmts")
        for element in children(group, "numFmt")
        if (number := whole_number(element.get("numFmtId", "0"))) is not None
    }
    formats = [_cell_format(element, tree) for g in children(tree.root, "cellXfs") for element in children(g, "xf")]
    return Styles(formats, codes, tree)


class StyleEditor:
    """Finds cell formats, and appends those that are missing, keeping note of the edits to the styles part.

    Going from one number format to another and back ends on the first index whose format is equal in all else: the very
    index where a cell started, unless the file holds the same format twice (then the first of them, which looks alike).
    """

    def __init__(self, styles: Styles, file: str) -> None:
        self._styles, self._file = styles, file
        self._first = len(styles.formats)
        self._first_code = max([FIRST_CUSTOM - 1, *styles.codes]) + 1
        self._new_codes: dict[int, str] = {}
        self._known: dict[tuple[int, str | None, bool | None], int] = {}
        self._by_rest: dict[object, dict[tuple[int, bool | None], int]] = {}
        for index, found in enumerate(styles.formats):
            self._index(index, found)
        self._fonts: list[str] = []

    def variant(self, index: int, code: str | None, quote: bool | None = None, create: bool = True) -> int:
        """The cell format equal to ``index`` but with the number format ``code`` and the quote prefix ``quote``.

        None leaves that side as it is. A missing one is appended, or without ``create`` it is ``index``.
        Raises ``InputError`` (styles-missing, too-many-styles).
        """
        key = (index, code, quote)
        if create and key in self._known:
            return self._known[key]
        formats = self._styles.formats
        if not 0 <= index < len(formats):
            if not create or (code in (None, GENERAL) and not quote):
                return index
            if not formats:
                raise InputError("styles-missing", file=self._file)
            index = 0  # an index that is not there means the plain format
        base = formats[index]
        prefix = base.quote if quote is None else quote
        if (code is None or code == self._styles.code(index)) and prefix == base.quote:
            return index
        numbers = [base.number_format] if code is None else self._numbers(code)
        twins = self._by_rest[base.rest]
        found = min((twins[n, prefix] for n in numbers if (n, prefix) in twins), default=None)
        if found is None:
            if not create:
                return index
            found = self._append(base, numbers[0] if numbers else self._new_number(code or GENERAL), prefix)
        if create:
            self._known[key] = found
        return found

    def add(self, wanted: CellFormat) -> int:
        """The index of a cell format equal to ``wanted``, which is appended where it is missing."""
        found = self._by_rest.get(wanted.rest, {}).get((wanted.number_format, wanted.quote))
        if found is not None:
            return found
        self._styles.formats.append(wanted)
        self._index(len(self._styles.formats) - 1, wanted)
        return len(self._styles.formats) - 1

    def add_font(self, properties: dict[str, str]) -> int | None:
        """A new plain cell format whose font is the workbook's first one with some properties; its index.

        ``properties`` maps element names to their attributes as markup. None where there is no usable styles part.
        """
        tree = self._styles.tree
        fonts = next(iter(children(tree.root, "fonts")), None) if tree is not None else None
        if tree is None or fonts is None or not self._styles.formats or not children(fonts, "font"):
            return None
        first = children(fonts, "font")[0]
        prefix = prefix_of(tree.tag(first).raw)
        pieces = {name: f"<{prefix}{name}{attributes}/>" for name, attributes in properties.items()}
        for child in first:
            tag = tree.tag(child)
            pieces.setdefault(child.tag, tree.tape.raw(tag.start, tag.end))
        ordered = sorted(pieces, key=lambda name: _FONT_ORDER.index(name) if name in _FONT_ORDER else len(_FONT_ORDER))
        self._fonts.append(f"<{prefix}font>{''.join(pieces[name] for name in ordered)}</{prefix}font>")
        number = len(children(fonts, "font")) + len(self._fonts) - 1
        raw = f'<{prefix}xf numFmtId="0" fontId="{number}" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
        return self.add(CellFormat(0, True, None, ((("fontId", f"new {number}"),), b""), raw, len(raw)))

    def edits(self) -> list[Edit]:
        """The edits to the styles part; none where every format wanted was there already."""
        tree, added = self._styles.tree, self._styles.formats[self._first :]
        if tree is None or not added:
            return []
        if len(self._styles.formats) > MAX_FORMATS:
            raise InputError("too-many-styles", file=self._file)
        groups = children(tree.root, "cellXfs")
        edits = tree.append_to(groups[0], "".join(f.raw for f in added), **self._count(groups[0], len(added)))
        if self._fonts:
            fonts = children(tree.root, "fonts")[0]
            edits += tree.append_to(fonts, "".join(self._fonts), **self._count(fonts, len(self._fonts)))
        if self._new_codes:
            edits += self._code_edits(tree)
        return edits

    def whole(self) -> bytes:
        """The whole styles part with its edits, for a workbook that had none."""
        tree = self._styles.tree
        assert tree is not None
        return b"".join(splice([tree.tape.window()], self.edits()))

    def _code_edits(self, tree: Tree) -> list[Edit]:
        root = tree.tag(tree.root)
        prefix = prefix_of(root.raw)
        markup = "".join(
            f'<{prefix}numFmt numFmtId="{number}" formatCode="{attribute_markup(code)}"/>'
            for number, code in self._new_codes.items()
        )
        groups = children(tree.root, "numFmts")
        if groups:
            return tree.append_to(groups[0], markup, **self._count(groups[0], len(self._new_codes)))
        at = root.start + len(root.raw.encode(tree.tape.encoding))
        whole = f'<{prefix}numFmts count="{len(self._new_codes)}">{markup}</{prefix}numFmts>'
        return [Edit(at, at, tree.tape.encode(whole))]

    @staticmethod
    def _count(group: Element, more: int) -> dict[str, str]:
        stated = group.get("count", "")
        known = whole_number(stated)
        return {} if known is None else {"count": str(known + more)}

    def _numbers(self, code: str) -> list[int]:
        """The numbers under which a format code is known already, those of the file itself too."""
        builtin = [n for n, known in BUILTIN_FORMATS.items() if known == code and n not in self._styles.codes]
        return builtin + [number for number, known in self._styles.codes.items() if known == code]

    def _new_number(self, code: str) -> int:
        number = self._first_code + len(self._new_codes)
        self._new_codes[number] = self._styles.codes[number] = code
        return number

    def _append(self, base: CellFormat, number: int, quote: bool | None) -> int:
        changes: dict[str, str | None] = {"numFmtId": str(number)}
        if quote != base.quote:
            changes["quotePrefix"] = None if quote is None else str(int(quote))
        if number != base.number_format:
            changes["applyNumberFormat"] = "1"
        head = set_attributes(base.raw[: base.head], changes)
        added = CellFormat(number, base.locked, quote, base.rest, head + base.raw[base.head :], len(head))
        return self.add(added)

    def _index(self, index: int, found: CellFormat) -> None:
        self._by_rest.setdefault(found.rest, {}).setdefault((found.number_format, found.quote), index)


def _cell_format(element: Element, tree: Tree) -> CellFormat:
    protection = next(iter(children(element, "protection")), None)
    locked = protection is None or protection.get("locked") is None or is_true(protection.get("locked"))
    ignored = ("numFmtId", "applyNumberFormat", "quotePrefix")
    kept = sorted((name, value) for name, value in element.attrib.items() if name not in ignored)
    inner = b"".join(tostring(child) for child in element)
    number = element.get("numFmtId", "0")
    tag = tree.tag(element)
    raw = tree.tape.raw(tag.start, tag.end)
    rest = (tuple(kept), inner)
    stated = element.get("quotePrefix")
    quote = None if stated is None else is_true(stated)
    return CellFormat(whole_number(number) or 0, locked, quote, rest, raw, len(tag.raw))
