"""Which part of a package is what: the workbook, its sheets in order, styles, shared strings, tables of a sheet."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Literal, cast
from urllib.parse import unquote

from services.errors import UnreadableFile
from services.workbook.grid import DateSystem
from services.workbook.spreadsheetml.markup import Tree, attribute, children, is_true, parse_tree
from services.workbook.spreadsheetml.package import Package, part_key

State = Literal["visible", "hidden", "veryHidden"]


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet and the part that holds it."""

    title: str
    part: str
    state: State


@dataclass(frozen=True, slots=True)
class WorkbookParts:
    """The parts of one workbook. ``styles`` and ``strings`` are None where it has none; ``tree`` is workbook.xml."""

    part: str
    sheets: tuple[SheetPart, ...]
    styles: str | None
    strings: str | None
    date_system: DateSystem
    tree: Tree


@dataclass(frozen=True, slots=True)
class Relationship:
    """A relationship with its target as a part name; ``kind`` is the last word of its type."""

    id: str
    kind: str
    target: str


def workbook_parts(package: Package) -> WorkbookParts:
    """Find the parts. Raises ``UnreadableFile``: not-a-workbook, binary-workbook, damaged."""
    part = next((r.target for r in relationships(package, "") if r.kind == "officeDocument"), "xl/workbook.xml")
    if not package.has(part):
        raise UnreadableFile("not-a-workbook", file=package.file)
    if part.lower().endswith(".bin"):
        raise UnreadableFile("binary-workbook", file=package.file)
    tree = parse_tree(package.file, part, package.read(part), located_depth=3)
    if tree.root.tag != "workbook":
        raise UnreadableFile("not-a-workbook", file=package.file)
    related = relationships(package, part)
    by_id = {relationship.id: relationship for relationship in related}
    sheets: list[SheetPart] = []
    titles: set[str] = set()
    held: set[str] = set()
    for listing in children(tree.root, "sheets"):
        for sheet in children(listing, "sheet"):
            target = by_id.get(attribute(sheet, "id") or "")
            if target is None or (target.kind == "worksheet" and not package.has(target.target)):
                raise package.damaged(part)
            if target.kind == "worksheet":
                # Two sheets of one title or in one part could not be told apart when a cell is written.
                title = sheet.get("name", "")
                if title in titles or part_key(target.target) in held:
                    raise package.damaged(part)
                titles.add(title)
                held.add(part_key(target.target))
                state = sheet.get("state", "visible")
                state = state if state in ("hidden", "veryHidden") else "visible"
                sheets.append(SheetPart(title, target.target, cast(State, state)))
    shared = {r.kind: r.target for r in related if package.has(r.target)}
    properties = next(iter(children(tree.root, "workbookPr")), None)
    system: DateSystem = 1904 if properties is not None and is_true(properties.get("date1904")) else 1900
    return WorkbookParts(part, tuple(sheets), shared.get("styles"), shared.get("sharedStrings"), system, tree)


def relationships(package: Package, part: str) -> list[Relationship]:
    """The internal relationships of a part ("" for the package); none where it has no relationships part."""
    source = relationships_part(part)
    if not package.has(source):
        return []
    tree = parse_tree(package.file, source, package.read(source))
    folder = posixpath.dirname(part.replace("\\", "/").lstrip("/"))
    found = []
    for element in children(tree.root, "Relationship"):
        if element.get("TargetMode", "Internal") != "External":
            target = element.get("Target", "").replace("\\", "/")
            whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            whole = whole if package.has(whole) else unquote(whole)
            found.append(Relationship(element.get("Id", ""), element.get("Type", "").rpartition("/")[2], whole))
    return found


def relationships_part(part: str) -> str:
    """The name of the relationships part of a part."""
    folder, name = posixpath.split(part.replace("\\", "/").lstrip("/"))
    return posixpath.join(folder, "_rels", name + ".rels")


def actual_name(package: Package, part: str) -> str:
    """The name of a part as the zip spells it."""
    return package.members[part_key(part)].filename
