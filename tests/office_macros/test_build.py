"""The built add-in holds exactly what its sources say, and the same sources make the same bytes."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path

import olefile
import pyopenvba
import pytest
from lxml import etree

from office_macros import build as builder
from office_macros.build import build, modules

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
DC = "{http://purl.org/dc/elements/1.1/}"


@pytest.fixture(scope="module")
def add_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("built"))


def read_back(path: Path) -> dict[str, str]:
    """The modules as oletools reads them, which shares no code with the builder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # oletools uses names that its own parser library has given up
        from oletools.olevba import VBA_Parser
    parser = VBA_Parser(str(path))
    try:
        return {Path(name).stem: code for _, _, name, code in parser.extract_macros()}
    finally:
        parser.close()


def body(source: str) -> str:
    """A module's text without the lines that Excel hides."""
    lines = source.replace("\r\n", "\n").split("\n")
    return "\n".join(line for line in lines if not line.startswith("Attribute ")).strip()


def test_every_module_reads_back_as_it_was_written(add_in: Path) -> None:
    found, wanted = read_back(add_in), modules()

    assert found.keys() - wanted.keys() == {"ThisWorkbook", "Sheet1"}
    assert {name: body(found[name]) for name in wanted} == {name: body(source) for name, source in wanted.items()}
    assert body(found["ThisWorkbook"]) == body(found["Sheet1"]) == ""


def test_reading_back_tells_a_changed_line(tmp_path: Path) -> None:
    changed = tmp_path / "changed.xlam"
    shutil.copy(build(tmp_path / "built"), changed)
    with pyopenvba.ExcelFile(changed) as workbook:
        source = workbook.get_module("DhHelp")
        workbook.set_module("DhHelp", source.replace("DhTell told, 64", "DhTell told, 16"))
        workbook.save()

    assert body(read_back(changed)["DhHelp"]) != body(modules()["DhHelp"])


def test_the_package_is_sound(add_in: Path) -> None:
    assert [(issue.code, issue.message) for issue in pyopenvba.check_file(str(add_in)).issues] == []


def test_every_office_compiles_the_project_from_its_sources(add_in: Path) -> None:
    with zipfile.ZipFile(add_in) as archive, olefile.OleFileIO(archive.read("xl/vbaProject.bin")) as project:
        compiled = project.openstream("VBA/_VBA_PROJECT").read()

    # As [MS-OVBA] 2.3.4.1 has it: no version of VBA, nothing compiled.
    assert compiled.hex() == "cc61ffff000000"


def test_the_project_refers_to_the_library_of_the_ribbon_and_to_no_other(add_in: Path) -> None:
    # IRibbonControl is a type of Office's library; Excel and VBA add their own two by themselves.
    with pyopenvba.ExcelFile(add_in) as workbook:
        references = [reference.name for reference in workbook.vba_project().references]

    assert references == ["stdole", "Office"]


def test_two_builds_are_the_same_bytes(add_in: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere"
    code = f"from pathlib import Path; from office_macros.build import build; build(Path({str(other)!r}))"
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        cwd=PROJECT,
        env={"PYTHONPATH": str(PROJECT), "PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "PATH": ""},
    )

    assert hashlib.sha256((other / "Deskhand.xlam").read_bytes()).hexdigest() == (
        hashlib.sha256(add_in.read_bytes()).hexdigest()
    )


def test_entries_are_sorted_and_bear_one_fixed_date(add_in: Path) -> None:
    with zipfile.ZipFile(add_in) as archive:
        entries = archive.infolist()

    assert entries[0].filename == "[Content_Types].xml"
    assert [entry.filename for entry in entries[1:]] == sorted(entry.filename for entry in entries[1:])
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}


def test_the_properties_name_deskhand_and_nobody_else(add_in: Path) -> None:
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    with zipfile.ZipFile(add_in) as archive:
        core = etree.fromstring(archive.read("docProps/core.xml"))
        text = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".xml"))

    assert core.findtext(f"{DC}title") == "Deskhand"
    assert core.findtext(f"{DC}creator") == "The Deskhand authors"
    assert core.findtext(f"{PACKAGE}lastModifiedBy") == "The Deskhand authors"
    assert core.findtext(f"{PACKAGE}version") == version
    assert b"William Smith" not in text


def test_the_add_in_bears_the_version_of_the_project(add_in: Path) -> None:
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["version"]

    assert f'Public Const DhVersion As String = "{version}"' in read_back(add_in)["DhTexts"]


def test_the_add_in_is_an_add_in(add_in: Path) -> None:
    with zipfile.ZipFile(add_in) as archive:
        types = archive.read("[Content_Types].xml").decode()

    assert "application/vnd.ms-excel.addin.macroEnabled.main+xml" in types


def test_a_module_with_a_letter_outside_ascii_stops_the_build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    shutil.copytree(builder.SOURCES, sources)
    (sources / "excel" / "DhOdd.bas").write_text('Attribute VB_Name = "DhOdd"\n\' caf\u00e9\n', "utf-8")
    monkeypatch.setattr(builder, "SOURCES", sources)

    with pytest.raises(ValueError, match=re.escape("DhOdd, line 2")):
        build(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_command_says_where_the_add_in_lies(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "office_macros.build", "--out", str(tmp_path)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert result.stdout == f"{tmp_path / 'Deskhand.xlam'}\n"
    assert zipfile.is_zipfile(tmp_path / "Deskhand.xlam")


def test_the_builder_needs_pyopenvba_alone() -> None:
    code = (
        "import sys, office_macros.build; "
        "own = {'office_macros', 'pyopenvba'} | sys.stdlib_module_names; "
        "print(sorted({n.partition('.')[0] for n, m in sys.modules.items() if getattr(m, '__file__', None)} - own))"
    )
    plain: Mapping[str, str] = {"PYTHONPATH": str(PROJECT), "PATH": ""}
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(plain))
    names = {name for name in re.findall(r"'([^']+)'", found.stdout) if not name.startswith(("_", "sitecustomize"))}

    assert names - {"services", "templates"} == set()
