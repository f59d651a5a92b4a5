"""Writing into real workbooks: what is written is there, what is not stays as it was, and other programs agree."""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from services.errors import DeskhandError
from services.workbook.grid import FORMULA, MERGED, DateSerial, Grid, Scalar, Sheet
from services.workbook.spreadsheetml import CellWrite, Link, NewSheet, patch_workbook, read_sheets
from services.workbook.spreadsheetml.package import open_package, part_key
from services.workbook.spreadsheetml.parts import workbook_parts
from services.workbook.spreadsheetml.styles import CellFormat, read_styles

Writes = dict[str, list[CellWrite]]
SHEETS_TOUCHED = 3
DATE = "yyyy/mm/dd"


def workbooks(samples: Path) -> list[Path]:
    return sorted(path for path in (samples / "workbooks").rglob("*") if path.suffix in (".xlsx", ".xlsm"))


@pytest.fixture(scope="module")
def opened(samples: Path) -> dict[Path, list[Sheet]]:
    """All sample workbooks that open, with their sheets."""
    found = {}
    for path in workbooks(samples):
        try:
            found[path] = read_sheets(path)
        except DeskhandError:
            assert path.parent.name == "hostile", path
    assert len(found) >= 30
    return found


def writes_for(sheets: list[Sheet]) -> tuple[Writes, Writes]:
    """A few writes to cells of every kind on the first sheets, and those that take them back."""
    there: Writes = {}
    back: Writes = {}
    for sheet in sheets[:SHEETS_TOUCHED]:
        grid = sheet.grid
        heads = [(t.first_row, t.first_row + t.header_rows - 1, t.first_column, t.last_column) for t in sheet.tables]
        wanted: list[CellWrite] = []
        former: list[CellWrite] = []
        kinds: dict[type, int] = {}
        for row, column in cells(grid):
            value = grid.columns[column][row]
            at = (grid.first_row + row, grid.first_column + column)
            if value is None or grid.mask_at(row, column) & (FORMULA | MERGED) or kinds.get(type(value), 0) >= 3:
                continue
            if any(top <= at[0] <= end and left <= at[1] <= right for top, end, left, right in heads):
                continue
            kinds[type(value)] = kinds.get(type(value), 0) + 1
            turn = kinds[type(value)]
            code = grid.format_at(row, column)
            new: Scalar = (f"改 <{turn}> & =x", 12.5 + turn, DateSerial(45000 + turn))[turn % 3]
            wanted.append(CellWrite(*at, new, DATE if isinstance(new, DateSerial) else None))
            former.append(CellWrite(*at, value, code if isinstance(new, DateSerial) else None))
        if wanted:
            there[sheet.title], back[sheet.title] = wanted, former
    return there, back


def cells(grid: Grid) -> Iterator[tuple[int, int]]:
    return ((row, column) for row in range(min(grid.row_count, 400)) for column in range(grid.column_count))


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


def same_cells(before: list[Sheet], after: list[Sheet], writes: Writes) -> None:
    """All cells are equal but those written, which hold what was written."""
    assert [(s.title, s.state, s.tables, s.protected) for s in before] == [
        (s.title, s.state, s.tables, s.protected) for s in after
    ]
    for old, new in zip(before, after, strict=True):
        written = {(write.row, write.column): write for write in writes.get(old.title, ())}
        a, b = old.grid, new.grid
        assert (a.row_count, a.column_count, a.first_row, a.first_column) == (
            b.row_count,
            b.column_count,
            b.first_row,
            b.first_column,
        )
        assert a.hidden_rows == b.hidden_rows
        for column in range(a.column_count):
            for row in range(a.row_count):
                write = written.get((a.first_row + row, a.first_column + column))
                value, found = a.columns[column][row], b.columns[column][row]
                if write is None:
                    assert (repr(value), a.mask_at(row, column)) == (repr(found), b.mask_at(row, column))
                    assert a.format_at(row, column) == b.format_at(row, column)
                else:
                    code = b.format_at(row, column)
                    assert found == write.value, (old.title, write, found)
                    assert write.number_format in (None, code)


def test_every_hostile_file_gives_a_result_or_a_clear_error(samples: Path) -> None:
    outcomes = {}
    for path in sorted((samples / "workbooks" / "hostile").iterdir()):
        try:
            outcomes[path.name] = f"{len(read_sheets(path))} sheets"
        except DeskhandError as problem:
            outcomes[path.name] = problem.code
    assert set(outcomes.values()) <= {
        "1 sheets", "2 sheets", "3 sheets", "damaged", "encrypted", "not-a-workbook", "xml-dtd", "too-large",
        "unsafe-package",
    }, outcomes  # fmt: skip


def test_a_patch_changes_only_the_parts_and_cells_it_names(opened: dict[Path, list[Sheet]], tmp_path: Path) -> None:
    touched = 0
    for path, sheets in opened.items():
        writes, _back = writes_for(sheets)
        touched += sum(map(len, writes.values()))
        target = tmp_path / path.name
        patch_workbook(path, target, writes)
        with open_package(path) as package:
            parts = workbook_parts(package)
        allowed = {part_key(sheet.part) for sheet in parts.sheets if sheet.title in writes}
        allowed |= {part_key(part) for part in (parts.styles, parts.strings) if part}
        old, new = contents(path), contents(target)
        assert list(old) == list(new), path
        changed = {part_key(name) for name in old if old[name] != new[name]}
        assert changed <= allowed, (path, changed - allowed)
        same_cells(sheets, read_sheets(target), writes)
        with zipfile.ZipFile(path) as before, zipfile.ZipFile(target) as after:
            for a, b in zip(before.infolist(), after.infolist(), strict=True):
                assert (a.date_time, a.external_attr, a.comment) == (b.date_time, b.external_attr, b.comment)
    assert touched > 200


def test_openpyxl_finds_every_untouched_cell_as_it_was(opened: dict[Path, list[Sheet]], tmp_path: Path) -> None:
    compared = 0
    for path, sheets in opened.items():
        if path.stat().st_size > 400_000:
            continue
        writes, _back = writes_for(sheets)
        target = tmp_path / path.name
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                before = openpyxl.load_workbook(path)
            except Exception:  # openpyxl can't open some of these files at all; then it can't judge
                continue
            patch_workbook(path, target, writes)
            after = openpyxl.load_workbook(target)
        for old in before.worksheets:
            new = after[old.title]
            written = {(write.row, write.column) for write in writes.get(old.title, ())}
            for old_row, new_row in zip(islice(old.iter_rows(), 500), islice(new.iter_rows(), 500), strict=True):
                for a, b in zip(old_row, new_row, strict=True):
                    if (a.row, a.column) not in written:
                        assert seen_by_openpyxl(a) == seen_by_openpyxl(b), (path, old.title, a.coordinate)
                        compared += 1
    assert compared > 10_000


def seen_by_openpyxl(cell: Any) -> tuple[object, ...]:
    value = getattr(cell.value, "__dict__", cell.value)  # array formulas and data tables are objects
    return str(value), cell.data_type, cell.number_format, cell.font.b, cell.fill.fgColor.rgb, cell.protection.locked


def test_no_writes_leave_the_very_same_file(opened: dict[Path, list[Sheet]], tmp_path: Path) -> None:
    for path in opened:
        patch_workbook(path, tmp_path / "copy.xlsx", {})
        assert (tmp_path / "copy.xlsx").read_bytes() == path.read_bytes()


def test_taking_the_writes_back_restores_values_and_styles(opened: dict[Path, list[Sheet]], tmp_path: Path) -> None:
    total = doubles = 0
    for path, sheets in opened.items():
        writes, back = writes_for(sheets)
        target = tmp_path / path.name
        patch_workbook(path, target, writes)
        patch_workbook(target, target, back)
        same_cells(sheets, read_sheets(target), back)
        with open_package(path) as old, open_package(target) as new:
            for sheet in workbook_parts(old).sheets:
                before, after = style_indices(old.read(sheet.part)), style_indices(new.read(sheet.part))
                parts = workbook_parts(new)
                formats = read_styles(new, parts.styles, parts.tree.namespace).formats
                for (cell, a), (same_cell, b) in zip(before, after, strict=True):
                    # A file may hold one format twice; then the first of the two is found again.
                    assert cell == same_cell
                    if a != b:
                        assert alike(formats[a]) == alike(formats[b]), (path, sheet.title, cell)
                        doubles += 1
                    total += 1
    assert doubles < total / 100


def alike(found: CellFormat) -> tuple[object, ...]:
    return found.number_format, found.quote, found.locked, found.rest


def style_indices(xml: bytes) -> list[tuple[str, int]]:
    """The address and style index of every cell, read by another parser; index 0 is the same as none."""
    from lxml import etree

    root = etree.fromstring(xml)
    return [
        (c.get("r"), int(c.get("s") or 0)) for c in root.iter("{*}c") if etree.QName(c.getparent()).localname == "row"
    ]


def test_libreoffice_opens_every_result(opened: dict[Path, list[Sheet]], tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice is not installed")
        pytest.skip("LibreOffice is not installed")
    made, expected = tmp_path / "made", {}
    made.mkdir()
    for number, (path, sheets) in enumerate(opened.items()):
        writes, _back = writes_for(sheets)
        report = NewSheet("Deskhand", [("Cell", 12), ("Why", 40)], [[Link("A1", sheets[0].title, "A1"), "=why"]])
        patch_workbook(path, made / f"{number}.xlsx", writes, new_sheets=[report], recalculate=True)
        expected[number] = path.name
    converted = tmp_path / "converted"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "ods", "--outdir"]
    files = list(map(str, made.iterdir()))
    subprocess.run([*command, str(converted), *files], check=True, capture_output=True, timeout=600)
    missing = {name: number for number, name in expected.items() if not (converted / f"{number}.ods").exists()}
    originals = [str(path) for path in opened if path.name in missing]
    if originals:  # what LibreOffice can't open as it came, it need not open now
        subprocess.run([*command, str(tmp_path / "as-it-came"), *originals], capture_output=True, timeout=600)
    assert not list((tmp_path / "as-it-came").glob("*"))
    assert len(missing) <= 1
    for number, name in expected.items():
        if name in missing:
            continue
        with zipfile.ZipFile(converted / f"{number}.ods") as archive:
            content = archive.read("content.xml").decode()
        assert 'table:name="Deskhand"' in content, name
        assert "=why" in content, name
