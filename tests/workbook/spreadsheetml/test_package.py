"""Files that are not what they seem are told apart before anything is inflated."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from services.errors import UnreadableFile
from services.workbook.spreadsheetml import read_sheets, sheet_names

Make = Callable[..., Path]


def code_of(path: Path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_sheets(path)
    return caught.value.code


def test_files_of_other_kinds_are_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    cases = {
        b"": "not-a-workbook",
        b"plain text": "not-a-workbook",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600: "not-a-workbook",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"): "encrypted",
        b"PK\x03\x04" + b"\0" * 100: "damaged",
        b"PK\x05\x06" + b"\0" * 18: "not-a-workbook",
    }
    for content, code in cases.items():
        path.write_bytes(content)
        assert code_of(path) == code, content[:20]
    assert code_of(tmp_path / "none.xlsx") == "file-missing"


def test_a_zip_without_content_types_is_not_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert code_of(path) == "not-a-workbook"


@pytest.mark.parametrize("name", ["../evil.xml", "xl/../../evil.xml", "C:/evil.xml", "XL/WORKBOOK.XML"])
def test_member_names_that_climb_or_repeat_are_refused(make: Make, sheet_xml: Callable[..., str], name: str) -> None:
    assert code_of(make(sheet_xml(""), extra={name: "x"})) == "unsafe-package"


def test_a_member_that_inflates_beyond_all_measure_is_refused(make: Make, sheet_xml: Callable[..., str]) -> None:
    assert code_of(make(sheet_xml(""), extra={"xl/media/a.bin": b"\0" * (70 << 20)})) == "too-large"


def test_a_flipped_byte_is_damage(make: Make, sheet_xml: Callable[..., str]) -> None:
    path = make(sheet_xml("".join(f'<row r="{n}"><c r="A{n}"><v>{n * n}</v></c></row>' for n in range(1, 500))))
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    data = bytearray(path.read_bytes())
    data[info.header_offset + 30 + len(info.filename) + info.compress_size // 2] ^= 0x55
    path.write_bytes(data)
    assert code_of(path) == "damaged"


def test_part_names_may_differ_in_case_and_slashes(make: Make, sheet_xml: Callable[..., str], tmp_path: Path) -> None:
    path = make(sheet_xml("<row><c><v>1</v></c></row>"))
    odd = tmp_path / "odd.xlsx"
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(odd, "w") as out:
        for name in archive.namelist():
            info = zipfile.ZipInfo("x")
            info.filename = name.lower().replace("/", "\\")
            out.writestr(info, archive.read(name))
    assert sheet_names(odd) == ["S1"]
    assert read_sheets(odd)[0].grid.columns == ([1],)
