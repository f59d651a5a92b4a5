"""``deskhand clean`` on every real workbook: a result or a clear error, nothing lost, and back again by undo."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from services.cli import main
from services.workbook.spreadsheetml import read_sheets

ALLOWED = ("xl/worksheets/", "xl/styles.xml", "xl/sharedStrings.xml")


def deskhand(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as leaving:
        main(["--language", "en", *map(str, words)])
    return int(leaving.value.code or 0), *capsys.readouterr()


def test_cleaning_changes_nothing_but_cells_and_undo_brings_all_of_them_back(
    samples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cleaned = changed = 0
    for source in sorted((samples / "workbooks").rglob("*.xls[xm]")):
        output = tmp_path / source.name
        code, out, err = deskhand(capsys, "clean", source, "-o", output, "--apply", "all", "--json")
        if code:
            assert source.parent.name == "hostile", (source.name, err)
            assert err.strip().count("\n") >= 1, source.name
            assert not output.exists()
            continue
        cleaned += 1
        told: dict[str, Any] = json.loads(out)
        parts = changed_parts(source, output)
        assert all(part.startswith(ALLOWED) for part in parts), (source.name, parts)
        assert bool(parts) == bool(told["applied"]), source.name
        if told["applied"]:
            changed += 1
            assert deskhand(capsys, "undo", output)[0] == 0
            before, after = read_sheets(source), read_sheets(output)
            assert [sheet.grid.columns for sheet in after] == [sheet.grid.columns for sheet in before], source.name
    assert (cleaned >= 30, changed >= 5) == (True, True)


def changed_parts(source: Path, output: Path) -> list[str]:
    """The parts that differ; none may be missing or new."""
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(output) as after:
        assert before.namelist() == after.namelist(), source.name
        return [name for name in before.namelist() if before.read(name) != after.read(name)]
