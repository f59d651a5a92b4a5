"""Reading .xls and .ods in a process of its own, and writing the new workbook that their results become."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from datetime import datetime, timedelta

import openpyxl
import pytest

from services.errors import NotFound, OutputError, UnreadableFile
from services.workbook import legacy
from services.workbook.grid import MERGED, CellError, ColumnFormats, DateSerial, Grid, Sheet
from services.workbook.legacy import read_legacy
from services.workbook.new_workbook import write_new_workbook

DATES = DateSerial(45294), DateSerial(45294.43090277778)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A function that has LibreOffice save a small workbook in another format."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if not program:
        pytest.skip("LibreOffice, which writes .xls and .ods files, is not installed")
    folder = tmp_path_factory.mktemp("office")
    book = openpyxl.Workbook()
    page = book.active
    page.title = "数据"
    page.append(["name", "when", "x"])
    page.append(["text", datetime(2024, 1, 3), 1.5])
    page["A2"].value, page["A2"].data_type = "=not", "s"
    page.append(["007", datetime(2024, 1, 3, 10, 20, 30), 3])
    page["E6"] = timedelta(hours=30)
    page["E6"].number_format = "[h]:mm:ss"
    page["A5"] = "merged"
    page.merge_cells("A5:B6")
    hidden = book.create_sheet("later")
    hidden["C3"] = "x"
    hidden.sheet_state = "hidden"
    book.save(folder / "book.xlsx")

    def save(kind):
        profile = (folder / "profile").as_uri()
        command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind, "book.xlsx"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
        return folder / f"book.{kind}"

    return save


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_values_dates_and_places_are_read(office, kind):
    first, second = read_legacy(office(kind))
    grid = first.grid
    assert (first.title, first.state, second.title, second.state) == ("数据", "visible", "later", "hidden")
    assert grid.columns[0][:3] == ["name", "=not", "007"]
    assert repr(grid.columns[1][1]) == repr(DATES[0])
    assert isinstance(grid.columns[1][2], DateSerial)
    assert grid.columns[1][2] == pytest.approx(DATES[1])
    assert grid.columns[2][1:3] == [1.5, 3]
    assert repr(grid.columns[4][5]) == "DateSerial(1.25)"
    assert [grid.format_at(row, 1) for row in range(3)] == ["General", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"]
    assert grid.format_at(5, 4) == "[h]:mm:ss"
    assert (second.grid.first_row, second.grid.first_column, second.grid.columns) == (3, 3, (["x"],))
    if kind == "xls":  # calamine tells of merges in .xls only
        assert [grid.mask_at(row, column) for row in (4, 5) for column in (0, 1)] == [0, MERGED, MERGED, MERGED]


def test_sheets_are_found_by_name(office):
    path = office("ods")
    assert [sheet.title for sheet in read_legacy(path, ["later"])] == ["later"]
    with pytest.raises(NotFound) as caught:
        read_legacy(path, ["nothing"])
    assert (caught.value.code, caught.value.parameters["sheet"]) == ("sheet-missing", "nothing")


def test_a_damaged_file_is_said(tmp_path):
    path = tmp_path / "a.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"nonsense" * 500)
    with pytest.raises(UnreadableFile) as caught:
        read_legacy(path)
    assert (caught.value.code, caught.value.parameters["file"]) == ("damaged", "a.xls")


def test_an_encrypted_ods_is_said(tmp_path):
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<m:manifest><m:encryption-data/></m:manifest>")
    with pytest.raises(UnreadableFile) as caught:
        read_legacy(path)
    assert caught.value.code == "encrypted"


def test_what_is_too_large_or_too_slow_is_given_up(tmp_path, monkeypatch):
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", b" " * 100_000)
    with pytest.raises(UnreadableFile) as caught:
        read_legacy(path, seconds=0)
    assert caught.value.code == "too-slow"
    monkeypatch.setattr(legacy, "UNPACKED_LIMIT", 99_999)
    with pytest.raises(UnreadableFile) as caught:
        read_legacy(path)
    assert caught.value.code == "file-too-large"


def test_a_new_workbook_holds_values_that_stay_what_they_are(tmp_path):
    values = ["=1+1", "http://example.com", "007", "", None, 5, 2.5, True, 2**60, CellError("#N/A"), DATES[0], DATES[1]]
    formats = (ColumnFormats("General", {6: "0.00", 11: "yyyy-mm-dd hh:mm"}),)
    grid = Grid(columns=(values, ["宽" * 10] * len(values)), formats=formats, first_row=2, first_column=2)
    sheets = [Sheet("hid", grid, state="hidden"), Sheet("a/b", grid), Sheet("A_B", Grid(columns=()))]
    path = tmp_path / "new.xlsx"
    write_new_workbook(path, sheets)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["hid", "a_b", "A_B (2)"]
    assert [page.sheet_state for page in book] == ["hidden", "visible", "visible"]
    page = book["a_b"]
    cells = [page.cell(row, 2) for row in range(2, 14)]
    assert [cell.data_type for cell in cells] == ["s", "s", "s", "s", "n", "n", "n", "b", "s", "f", "d", "d"]
    assert [cell.value for cell in cells[:3]] == ["=1+1", "http://example.com", "007"]
    assert [cell.value for cell in cells[5:9]] == [5, 2.5, True, "1152921504606846976"]
    assert [cell.value for cell in cells[10:]] == [datetime(2024, 1, 3), datetime(2024, 1, 3, 10, 20, 30)]
    assert [cells[n].number_format for n in (5, 6, 10, 11)] == ["General", "0.00", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"]
    assert page.column_dimensions["C"].width == pytest.approx(22, abs=1)
    assert not page._hyperlinks


def test_a_text_too_long_for_a_cell_is_an_error_and_no_file(tmp_path):
    grid = Grid(columns=(["a", "x" * 32_768],))
    with pytest.raises(OutputError) as caught:
        write_new_workbook(tmp_path / "new.xlsx", [Sheet("S", grid)])
    assert caught.value.code == "text-too-long"
    assert caught.value.parameters == {"sheet": "S", "cell": "A2", "limit": 32_767}
    assert list(tmp_path.iterdir()) == []
