"""The add-in's modules pass every static check, and every check fails on a module that is wrong on purpose."""

from __future__ import annotations

from pathlib import Path

import pytest

from office_macros.build import modules
from tests.office_macros import checks

HEAD = 'Attribute VB_Name = "M"\nOption Explicit\n'
MISSING_END_IF = HEAD + "Public Sub T()\n    If 1 = 1 Then\n        Beep\nEnd Sub\n"
UNDECLARED = HEAD + "Public Sub T()\n    Dim count As Long\n    cuont = 1\n    count = 2\nEnd Sub\n"
NO_SUCH_SUB = HEAD + "Public Sub T()\n    DhDoesNotExist 1\nEnd Sub\n"
WRONG_COUNT = (
    HEAD + "Public Sub T()\n    U 1, 2\nEnd Sub\nPublic Sub U(ByVal a As Long)\n    If a > 0 Then Beep\nEnd Sub\n"
)
NO_MEMBER = HEAD + 'Public Sub T()\n    Dim r As Range\n    Set r = ActiveSheet.Range("A1")\n    r.Valeu = 1\nEnd Sub\n'
MISSING_SET = HEAD + "Public Sub T()\n    Dim s As Worksheet\n    s = ActiveSheet\n    s.Activate\nEnd Sub\n"
NOT_PTRSAFE = (
    HEAD + 'Private Declare Sub Sleep Lib "kernel32" (ByVal ms As Long)\nPublic Sub T()\n    Sleep 1\nEnd Sub\n'
)
CHINESE = HEAD + 'Public Sub T()\n    MsgBox "清洗"\nEnd Sub\n'
LONG_LINE = HEAD + f'Public Sub T()\n    MsgBox "{"x" * 1000}"\nEnd Sub\n'
NOT_EXPLICIT = 'Attribute VB_Name = "M"\nPublic Sub T()\n    Beep\nEnd Sub\n'


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    return modules()


def test_the_modules_hold_nothing_that_pyvbaanalysis_minds(sources: dict[str, str], tmp_path: Path) -> None:
    assert checks.analysed(sources, tmp_path) == []


@pytest.mark.parametrize("system", checks.SYSTEMS)
def test_the_modules_compile_as_far_as_vbalidator_can_tell(
    sources: dict[str, str], tmp_path: Path, system: str
) -> None:
    assert checks.validated(sources, tmp_path, system) == []


def test_every_module_can_be_parsed(sources: dict[str, str]) -> None:
    assert checks.parsed(sources) == []


def test_every_module_can_be_kept_in_any_code_page_and_by_any_office(sources: dict[str, str]) -> None:
    assert checks.not_ascii(sources) == []
    assert checks.too_long(sources) == []
    assert checks.not_safe_for_64_bit(sources) == []
    assert checks.without_explicit(sources) == []


def test_every_public_name_begins_with_dh(sources: dict[str, str]) -> None:
    public = [
        f"{name}: {line}"
        for name, source in sources.items()
        for line in source.split("\r\n")
        if line.startswith("Public ") and line.split("(")[0].split(" As ")[0].split()[-1][:2] != "Dh"
    ]
    assert public == []


def test_no_public_name_is_declared_twice(sources: dict[str, str]) -> None:
    names = [
        line.split("(")[0].split(" As ")[0].split()[-1].lower()
        for source in sources.values()
        for line in source.split("\r\n")
        if line.startswith("Public ")
    ]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_no_procedure_bears_the_name_of_a_module(sources: dict[str, str]) -> None:
    # VBA takes such a name for the module and refuses to compile the call.
    called = {name.lower() for name in sources}
    declared = {
        line.split("(")[0].split()[-1].lower()
        for source in sources.values()
        for line in source.split("\r\n")
        if line.startswith(("Public Sub", "Public Function"))
    }
    assert called & declared == set()


@pytest.mark.parametrize(
    ("source", "word"),
    [
        (UNDECLARED, "cuont"),
        (NO_SUCH_SUB, "DhDoesNotExist"),
        (WRONG_COUNT, "'U'"),
        (NO_MEMBER, "Valeu"),
        (MISSING_SET, "Set"),
        (NOT_PTRSAFE, "PtrSafe"),
    ],
)
def test_pyvbaanalysis_finds_a_wrong_module(source: str, word: str, tmp_path: Path) -> None:
    assert any(word in finding for finding in checks.analysed({"M": source}, tmp_path))


@pytest.mark.parametrize("system", checks.SYSTEMS)
@pytest.mark.parametrize(("source", "word"), [(MISSING_END_IF, "If"), (UNDECLARED, "cuont")])
def test_vbalidator_finds_a_wrong_module(source: str, word: str, system: str, tmp_path: Path) -> None:
    assert any(word in finding for finding in checks.validated({"M": source}, tmp_path, system))


def test_the_parser_finds_a_missing_end_if() -> None:
    found = checks.parsed({"M": MISSING_END_IF, "Right": HEAD})

    assert len(found) == 1
    assert "If" in found[0]


def test_the_look_at_the_text_finds_what_no_checker_minds() -> None:
    assert checks.not_ascii({"M": CHINESE}) == ["M:4"]
    assert checks.too_long({"M": LONG_LINE}) == ["M:4"]
    assert checks.not_safe_for_64_bit({"M": NOT_PTRSAFE}) == ["M:3"]
    assert checks.without_explicit({"M": NOT_EXPLICIT}) == ["M"]
