"""Asking Excel to calculate a workbook afresh when it opens it, by one attribute in the workbook part.

The cached results of formulas stay as they are in the file; whoever shows them without calculating shows old ones.
LibreOffice 7.4 is one of these: by its default setting it shows cached results, with this attribute or without it.
"""

from __future__ import annotations

from services.workbook.spreadsheetml.markup import Edit, children, is_true, prefix_of, set_attributes
from services.workbook.spreadsheetml.package import Package
from services.workbook.spreadsheetml.parts import WorkbookParts, relationships

_BEFORE = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames",
)  # fmt: skip
"""What stands before ``calcPr`` in a workbook (ECMA-376 part 1, 18.2.27)."""


def has_formulas(package: Package, parts: WorkbookParts) -> bool:
    """Whether a sheet may hold a formula: there is a calculation chain, or its bytes show the start of an ``f``."""
    if any(relationship.kind == "calcChain" for relationship in relationships(package, parts.part)):
        return True
    plain = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/")
    needles = plain + tuple(bytes(b for c in n for b in (c, 0))[:-1] for n in plain)
    for sheet in parts.sheets:
        tail = b""
        for chunk in package.chunks(sheet.part):
            data = tail + chunk
            if any(needle in data for needle in needles):
                return True
            tail = data[-8:]
    return False


def recalculation_edits(parts: WorkbookParts) -> list[Edit]:
    """The edit that sets ``fullCalcOnLoad`` (18.2.2); none where it is set."""
    tree = parts.tree
    tape = tree.tape
    for element in children(tree.root, "calcPr"):
        if is_true(element.get("fullCalcOnLoad")):
            return []
        tag = tree.tag(element)
        end = tag.start + len(tag.raw.encode(tape.encoding))
        return [Edit(tag.start, end, tape.encode(set_attributes(tag.raw, {"fullCalcOnLoad": "1"})))]
    before = [element for element in tree.root if element.tag in _BEFORE]
    at = tree.tag(before[-1]).end if before else tree.tag(tree.root).inner_end
    prefix = prefix_of(tree.tag(tree.root).raw)
    return [Edit(at, at, tape.encode(f'<{prefix}calcPr fullCalcOnLoad="1"/>'))]
