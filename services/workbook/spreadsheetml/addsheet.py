"""Adding parts to a workbook: a sheet of our own, such as a report with links to cells, or styles where it has none.

Of the parts that are there only the workbook, its relationships, the content types and (for the fonts) styles change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.errors import InputError
from services.workbook.grid import MAX_ROW, Scalar, column_letter
from services.workbook.spreadsheetml.markup import (
    Edit,
    attribute_markup,
    children,
    parse_tree,
    prefix_of,
    raw_attributes,
    set_attributes,
)
from services.workbook.spreadsheetml.package import Package
from services.workbook.spreadsheetml.parts import WorkbookParts, actual_name, relationships_part
from services.workbook.spreadsheetml.render import cell_body, checked_value
from services.workbook.spreadsheetml.styles import StyleEditor

MAX_LINKS = 65_000
"""Links that get an element; Excel takes at most 65,530 per sheet (specifications and limits)."""
MAX_TITLE = 31
"""Characters of a sheet's title."""
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
STYLES_PART = "xl/styles.xml"
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_WORKSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to a cell of a sheet in the same workbook; ``cell`` in A1 notation."""

    text: str
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A sheet to add at the end: ``columns`` are (heading, width in characters), ``rows`` hold one value per column.

    The heading row is bold, stays in view and has filters. The title is shortened and numbered where Excel would not
    take it as it is.
    """

    title: str
    columns: Sequence[tuple[str, float]]
    rows: Sequence[Sequence[Scalar | Link]]


def add_sheets(
    package: Package, parts: WorkbookParts, editor: StyleEditor, new_sheets: Sequence[NewSheet]
) -> tuple[dict[str, list[Edit]], dict[str, bytes]]:
    """The edits by part, and the new parts by name. Raises ``InputError`` (too-many-rows, text-too-long)."""
    tree = parts.tree
    if not parts.sheets:
        raise package.damaged(parts.part)
    listing = children(tree.root, "sheets")[0]
    raws = [tree.tag(sheet).raw for sheet in children(listing, "sheet")]
    id_name = next(name for name, *_ in raw_attributes(raws[0]) if ":" in name and name.endswith(":id"))
    links_part = relationships_part(parts.part)
    links = parse_tree(package.file, actual_name(package, links_part), package.read(links_part), located_depth=1)
    types_part = "[Content_Types].xml"
    types = parse_tree(package.file, types_part, package.read(types_part), located_depth=1)
    kind = next(r.get("Type", "") for r in links.root if r.get("Type", "").endswith("/worksheet"))
    used_ids = {element.get("Id", "").lower() for element in links.root}
    numbers = [int(sheet.get("sheetId", "0")) for sheet in children(listing, "sheet")]
    titles = {sheet.get("name", "").lower() for sheet in children(listing, "sheet")}
    bold, link = editor.add_font({"b": ""}), None
    if any(isinstance(value, Link) for sheet in new_sheets for row in sheet.rows for value in row):
        link = editor.add_font({"u": "", "color": ' rgb="FF0563C1"'})
    listed, related, typed = "", "", ""
    added: dict[str, bytes] = {}
    for sheet in new_sheets:
        title = _free_title(sheet.title, titles)
        titles.add(title.lower())
        part = next(
            p for n in range(1, 100_000) if not package.has(p := f"xl/worksheets/sheet{n}.xml") and p not in added
        )
        identifier = next(i for n in range(1, 100_000) if (i := f"rId{n}").lower() not in used_ids)
        used_ids.add(identifier.lower())
        numbers.append(max(numbers) + 1)
        blank = set_attributes(
            raws[0], {"state": None, "name": title, "sheetId": str(numbers[-1]), id_name: identifier}
        )
        listed += blank if blank.endswith("/>") else blank[:-1] + "/>"
        prefix = prefix_of(links.tag(links.root).raw)
        related += f'<{prefix}Relationship Id="{identifier}" Type="{kind}" Target="/{part}"/>'
        prefix = prefix_of(types.tag(types.root).raw)
        typed += f'<{prefix}Override PartName="/{part}" ContentType="{_WORKSHEET_TYPE}"/>'
        added[part] = _sheet_part(sheet, title, tree.namespace, bold or 0, link or 0)
    edits = {
        parts.part: tree.append_to(listing, listed),
        links_part: links.append_to(links.root, related),
        types_part: types.append_to(types.root, typed),
    }
    return edits, added


def add_styles(package: Package, parts: WorkbookParts, editor: StyleEditor) -> tuple[dict[str, list[Edit]], bytes]:
    """The edits that list a styles part in a workbook that had none, and the part as ``editor`` has it."""
    if package.has(STYLES_PART):
        raise package.damaged(STYLES_PART)  # it is there, but nothing leads to it
    links_part, types_part = relationships_part(parts.part), "[Content_Types].xml"
    links = parse_tree(package.file, actual_name(package, links_part), package.read(links_part), located_depth=1)
    types = parse_tree(package.file, types_part, package.read(types_part), located_depth=1)
    sheet_kind = next(r.get("Type", "") for r in links.root if r.get("Type", "").endswith("/worksheet"))
    kind = sheet_kind.removesuffix("worksheet") + "styles"
    prefix = prefix_of(links.tag(links.root).raw)
    related = f'<{prefix}Relationship Id="rIdDeskhandStyles" Type="{kind}" Target="/{STYLES_PART}"/>'
    prefix = prefix_of(types.tag(types.root).raw)
    typed = f'<{prefix}Override PartName="/{STYLES_PART}" ContentType="{_STYLES_TYPE}"/>'
    edits = {links_part: links.append_to(links.root, related), types_part: types.append_to(types.root, typed)}
    return edits, editor.whole()


def _free_title(wish: str, taken: set[str]) -> str:
    plain = " ".join(wish.translate(_FORBIDDEN).split()).strip("'") or "Sheet"
    title, number = plain[:MAX_TITLE], 2
    while title.lower() in taken:
        ending = f" ({number})"
        title, number = plain[: MAX_TITLE - len(ending)] + ending, number + 1
    return title


def _sheet_part(sheet: NewSheet, title: str, namespace: str, bold: int, link: int) -> bytes:
    if len(sheet.rows) >= MAX_ROW:
        raise InputError("too-many-rows", sheet=title, rows=len(sheet.rows), limit=MAX_ROW - 1)
    letters = [column_letter(number) for number in range(1, len(sheet.columns) + 1)]
    links: list[str] = []
    out: list[str] = []

    def cell(row: int, column: int, value: Scalar | Link, style: int) -> str:
        address = f"{letters[column]}{row}"
        if isinstance(value, Link):
            if len(links) < MAX_LINKS:
                place = "'" + value.sheet.replace("'", "''") + "'!" + value.cell
                links.append(f'<hyperlink ref="{address}" location="{attribute_markup(place)}"/>')
            value, style = value.text, link
        kind, body = cell_body(checked_value(value, title, row, column + 1), "", None)
        shown = (f' s="{style}"' if style else "") + (f' t="{kind}"' if kind else "")
        return f'<c r="{address}"{shown}>{body}</c>' if body else ""

    heading = [heading for heading, _width in sheet.columns]
    for row, values in enumerate([heading, *sheet.rows], 1):
        style = bold if row == 1 else 0
        cells = "".join(cell(row, column, value, style) for column, value in enumerate(values))
        out.append(f'<row r="{row}">{cells}</row>')
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width:g}" customWidth="1"/>'
        for number, (_heading, width) in enumerate(sheet.columns, 1)
    )
    last = f"{letters[-1]}{len(sheet.rows) + 1}"
    hyperlinks = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{namespace}">'
        f'<dimension ref="A1:{last}"/><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        '<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>{"".join(out)}</sheetData>'
        f'<autoFilter ref="A1:{last}"/>{hyperlinks}</worksheet>'
    ).encode()
