"""The demo is a workbook that anyone can build again, and ``deskhand demo`` cleans it as promised."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

import services.demo
from services.cli import main
from services.demo import copy_demo
from services.demo.build import ORDERS, build

SHIPPED = Path(services.demo.__file__).with_name("orders.xlsx")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that ``deskhand demo`` leaves behind."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.raises(SystemExit) as leaving:
        main(["--language", "en", "demo", str(folder)])
    assert leaving.value.code == 0
    return folder


def test_building_the_workbook_again_gives_the_shipped_bytes(tmp_path: Path) -> None:
    build(tmp_path / "orders.xlsx")

    assert (tmp_path / "orders.xlsx").read_bytes() == SHIPPED.read_bytes()


@pytest.mark.filterwarnings("ignore:.* extension is not supported")
def test_the_workbook_has_what_real_ones_have() -> None:
    book = openpyxl.load_workbook(SHIPPED)
    orders = book[ORDERS]

    assert len(book.sheetnames) == 3
    assert orders.freeze_panes == "B4"
    assert orders.auto_filter.ref == "A3:O119"
    assert len(orders.conditional_formatting) == 2
    assert len(orders.data_validations.dataValidation) == 1
    assert len(book["汇总 Summary"]._charts) == 1
    assert sum(str(cell.value).startswith("=ROUND") for cell in orders["M"]) == 114
    assert [number for number, row in orders.row_dimensions.items() if row.hidden] == [99]


def test_the_demo_leaves_workbook_result_journal_report_and_recipe(demo: Path) -> None:
    assert sorted(path.name for path in demo.iterdir()) == [
        "orders-clean.xlsx",
        "orders-clean.xlsx.journal.json",
        "orders.xlsx",
        "recipe.toml",
        "report.xlsx",
    ]
    assert (demo / "orders.xlsx").read_bytes() == SHIPPED.read_bytes()


def test_the_demo_changes_only_the_sheet_its_texts_and_the_mark_to_calculate(demo: Path) -> None:
    with zipfile.ZipFile(SHIPPED) as before, zipfile.ZipFile(demo / "orders-clean.xlsx") as after:
        assert before.namelist() == after.namelist()
        changed = {name for name in before.namelist() if before.read(name) != after.read(name)}

    assert changed <= {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"}


def test_a_workbook_of_that_name_that_is_not_the_demo_is_kept(tmp_path: Path) -> None:
    (tmp_path / "orders.xlsx").write_bytes(b"somebody's work")

    copy_demo(tmp_path)

    assert (tmp_path / "orders.bak.xlsx").read_bytes() == b"somebody's work"
    assert (tmp_path / "orders.xlsx").read_bytes() == SHIPPED.read_bytes()


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(SystemExit) as leaving:
        main(["--language", "en", "demo", str(tmp_path / "file" / "below")])

    assert leaving.value.code == 1
    assert "Traceback" not in capsys.readouterr().err


def test_the_demo_repairs_what_was_messed_up_and_leaves_the_rest_to_the_person(demo: Path) -> None:
    rows = list(openpyxl.load_workbook(demo / "report.xlsx").active.iter_rows(min_row=2, values_only=True))
    cells: dict[str, set[str]] = {}
    for row in rows:
        cells.setdefault(row[7], set()).add(row[1])

    assert {cell for cell in cells["changed"] if cell[0] == "B"} == {
        "B8", "B13", "B17", "B22", "B26", "B31", "B35", "B40", "B56"
    }  # fmt: skip
    assert {cell for cell in cells["changed"] if cell[0] == "K"} >= {"K7", "K12", "K19", "K25", "K33", "K37", "K54"}
    assert cells["to review"] >= {"B50", "C8", "H8", "H11", "G14"}
    assert cells["to look at"] >= {"B45", "K42", "K48", "A70:O70", "A94:O94", "A104:O104", "A120:O120"}
    assert not {cell for cell in cells["changed"] | cells["to review"] if cell[1:] in ("94", "104", "120")}
