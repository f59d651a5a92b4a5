"""A maker of small workbooks from the XML that a test states."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """``make(sheet_xml, styles=..., strings=..., workbook=..., extra={part: text})`` gives the path of a workbook."""
    count = 0

    def build(
        *sheets: str | bytes,
        styles: str | None = None,
        strings: str | None = None,
        workbook: str = "",
        after_sheets: str = "",
        main: str = MAIN,
        office: str = OFFICE,
        extra: Mapping[str, str | bytes] | None = None,
    ) -> Path:
        nonlocal count
        count += 1
        path = tmp_path / f"book{count}.xlsx"
        listed = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, len(sheets) + 1))
        related = "".join(
            f'<Relationship Id="rId{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        if styles is not None:
            related += f'<Relationship Id="rIdS" Type="{office}/styles" Target="styles.xml"/>'
        if strings is not None:
            related += f'<Relationship Id="rIdT" Type="{office}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
        kinds = {"workbook": "sheet.main"}
        kinds |= {"styles": "styles"} if styles is not None else {}
        kinds |= {"sharedStrings": "sharedStrings"} if strings is not None else {}
        names = {f"worksheets/sheet{n}": "worksheet" for n in range(1, len(sheets) + 1)} | kinds
        typed = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        typed += "".join(
            f'<Override PartName="/xl/{name}.xml" ContentType="{TYPES}.{kind}+xml"/>' for name, kind in names.items()
        )
        parts: dict[str, str | bytes] = {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{typed}</Types>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">{workbook}<sheets>{listed}</sheets>'
            f"{after_sheets}</workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>',
        }
        for number, sheet in enumerate(sheets, 1):
            parts[f"xl/worksheets/sheet{number}.xml"] = sheet
        if styles is not None:
            parts["xl/styles.xml"] = f'<styleSheet xmlns="{main}">{styles}</styleSheet>'
        if strings is not None:
            parts["xl/sharedStrings.xml"] = strings
        parts.update(extra or {})
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return path

    return build


@pytest.fixture
def sheet_xml() -> Callable[..., str]:
    """``sheet_xml(rows, after="...")`` gives the XML of a worksheet around some rows."""

    def build(rows: str, before: str = "", after: str = "") -> str:
        return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'

    return build


@pytest.fixture
def part_of() -> Callable[[Path, str], str]:
    """The text of one part of a workbook."""

    def read(path: Path, part: str) -> str:
        with zipfile.ZipFile(path) as archive:
            return archive.read(part).decode()

    return read
