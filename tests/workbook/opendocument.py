"""A small .ods file of texts, made without LibreOffice."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

_URN = "urn:oasis:names:tc:opendocument:xmlns"


def write_ods(path: Path, sheet: str, rows: Sequence[Sequence[str]]) -> Path:
    """Write the rows of texts as one sheet."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = "".join(f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>" for row in rows)
    names = "".join(f' xmlns:{name}="{_URN}:{name}:1.0"' for name in ("office", "table", "text"))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content{names}><office:body><office:spreadsheet>"
            f'<table:table table:name="{sheet}">{lines}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path
