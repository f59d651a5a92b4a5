"""A task that adds columns, on the command line: how its result is called, what is told, and how it is taken back."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from rich.console import Console

from services.cli.running import Wishes, run_cells
from services.workbook.undoing import undo_output
from tests.tasks.marking import MARK, UNKNOWN, MarkRequest
from tests.workbook.opendocument import write_ods

DATA = b"Name,City\nAnn,Oslo\nBobby,Rome\nCem,Bonn\n"


@pytest.fixture
def people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DESKHAND_FOLDER", str(tmp_path / "own"))
    monkeypatch.setenv("COLUMNS", "200")
    path = tmp_path / "people.csv"
    path.write_bytes(DATA)
    return path


def mark(path: Path, **wishes: object) -> None:
    known = Wishes.model_validate({"input": path, "language": "en", **wishes})
    run_cells(MARK, MarkRequest(), known, Console(highlight=False, width=200))


def test_the_result_is_called_after_the_task(people: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mark(people)

    output = people.with_name("people-mark.csv")
    assert output.read_bytes() == b"Name,City,Kind,Length\nAnn,Oslo,short,3\nBobby,Rome,long,5\nCem,Bonn,short,3\n"
    told = capsys.readouterr().out
    assert "Kind" in told
    assert "C1" in told
    assert "Cells changed: 8." in told
    undo_output(output)
    assert output.read_bytes() == DATA


def test_in_place_a_second_run_fills_what_the_first_left_open(people: Path) -> None:
    UNKNOWN.add("Bobby")
    try:
        mark(people, in_place=True)
        assert people.read_bytes() == b"Name,City,Kind,Length\nAnn,Oslo,short,3\nBobby,Rome,,\nCem,Bonn,short,3\n"
    finally:
        UNKNOWN.clear()
    mark(people, in_place=True)
    assert people.read_bytes() == b"Name,City,Kind,Length\nAnn,Oslo,short,3\nBobby,Rome,long,5\nCem,Bonn,short,3\n"
    undo_output(people)
    assert people.read_bytes() == b"Name,City,Kind,Length\nAnn,Oslo,short,3\nBobby,Rome,,\nCem,Bonn,short,3\n"
    undo_output(people)
    assert people.read_bytes() == DATA


def test_the_report_names_the_new_columns_and_their_cells(people: Path, tmp_path: Path) -> None:
    UNKNOWN.add("Cem")
    try:
        mark(people, report=tmp_path / "report.json")
    finally:
        UNKNOWN.clear()
    (table,) = json.loads((tmp_path / "report.json").read_text("utf-8"))["tables"]
    assert (table["first_cell"], table["header"]) == ("C1", ["Kind", "Length"])
    assert [(line["cell"], line["column"], line["after"]) for line in table["changes"][:4]] == [
        ("C1", "Kind", "Kind"),
        ("D1", "Length", "Length"),
        ("C2", "Kind", "short"),
        ("D2", "Length", 3),
    ]
    assert [line["cell"] for line in table["flags"]] == ["C4", "D4"]


def test_an_old_workbook_becomes_a_new_one_with_the_columns_appended(
    people: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_ods(people.with_name("people.ods"), "People", [["Name", "City"], ["Ann", "Oslo"], ["Bobby", "Rome"]])
    mark(path)
    output = people.with_name("people-mark.xlsx")
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(output)["People"]]
    assert rows == [["Name", "City", "Kind", "Length"], ["Ann", "Oslo", "short", 3], ["Bobby", "Rome", "long", 5]]
    assert "can't be written as .ods" in capsys.readouterr().out
    undo_output(output)
    rows = [[cell.value for cell in row][:3] for row in openpyxl.load_workbook(output)["People"]]
    assert rows == [["Name", "City", None], ["Ann", "Oslo", None], ["Bobby", "Rome", None]]
