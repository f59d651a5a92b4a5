"""``deskhand clean`` and ``deskhand undo`` as a person types them, on files of our own, opened again afterwards."""

from __future__ import annotations

import hashlib
import json
import tomllib
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from tests.cli.orders import CSV, Deskhand


def build_workbook(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Orders")
    day = book.add_format({"num_format": "d mmm yyyy"})
    for column, title in enumerate(("No", "Date", "Amount", "Double")):
        sheet.write(0, column, title)
    for row in range(1, 21):
        sheet.write(row, 0, row)
        sheet.write_datetime(row, 1, datetime(2024, 3, row), day)
        sheet.write(row, 2, row * 10.5)
        sheet.write_formula(row, 3, f"=C{row + 1}*2", None, row * 21)
    sheet.write_string(5, 1, "2024年3月5日")
    sheet.write_string(6, 2, "1,063.50")
    book.add_worksheet("Other").write(0, 0, "untouched")
    book.close()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_csv_is_cleaned_and_only_the_safe_cells_differ(deskhand: Deskhand, orders: Path, tmp_path: Path) -> None:
    output = tmp_path / "clean.csv"

    code, out, err = deskhand("clean", orders, "-o", output)

    assert (code, err) == (0, "")
    assert output.read_bytes() == CSV.replace(" 2024-03-21 ", "2024-03-21").replace("1,210.50", "1210.50").encode()
    assert orders.read_bytes() == CSV.encode()
    assert "2024-02-30 is written like a date, but there is no such day or time." in out
    assert "Cells changed: 2." in out
    assert str(output) in out


def test_undo_brings_the_csv_back_whole_or_one_cell_at_a_time(deskhand: Deskhand, orders: Path, tmp_path: Path) -> None:
    output = tmp_path / "clean.csv"
    deskhand("clean", orders, "-o", output)

    code, out, _ = deskhand("undo", output, "--change", "B22")
    assert (code, out.splitlines()[0]) == (0, f"Taken back in {output}: 1.")
    assert b'21, 2024-03-21 ,Leeds,"1210.50"\r\n' in output.read_bytes()

    code, _, _ = deskhand("undo", output)
    assert code == 0
    assert output.read_bytes() == CSV.encode()

    code, _, err = deskhand("undo", output)
    assert code == 1
    assert err.count("\n") >= 2


def test_a_workbook_keeps_formulas_and_other_sheets_and_gets_its_own_date_format(
    deskhand: Deskhand, tmp_path: Path
) -> None:
    source, output = tmp_path / "book.xlsx", tmp_path / "out.xlsx"
    build_workbook(source)

    code, _, _ = deskhand("clean", source, "-o", output)

    assert code == 0
    sheet = openpyxl.load_workbook(output)["Orders"]
    assert (sheet["B6"].value.isoformat(), sheet["B6"].number_format) == ("2024-03-05T00:00:00", "d mmm yyyy")
    assert (sheet["C7"].value, sheet["D7"].value) == (1063.5, "=C7*2")
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(output) as after:
        assert before.namelist() == after.namelist()
        changed = {name for name in before.namelist() if before.read(name) != after.read(name)}
    assert changed == {"xl/worksheets/sheet1.xml"}


def test_in_place_keeps_a_backup_and_undo_returns_the_values(deskhand: Deskhand, tmp_path: Path) -> None:
    source = tmp_path / "book.xlsx"
    build_workbook(source)
    before = digest(source)

    code, out, _ = deskhand("clean", source, "--in-place")

    assert code == 0
    assert digest(tmp_path / "book.bak.xlsx") == before
    assert "book.bak.xlsx" in out
    deskhand("undo", source)
    sheet = openpyxl.load_workbook(source)["Orders"]
    assert (sheet["B6"].value, sheet["C7"].value) == ("2024年3月5日", "1,063.50")


def test_apply_none_writes_nothing_but_the_report(deskhand: Deskhand, orders: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"

    code, out, _ = deskhand("clean", orders, "--apply", "none", "--report", report)

    assert code == 0
    assert "Nothing was written." in out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["orders.csv", "report.json"]
    told = json.loads(report.read_text("utf-8"))
    assert (told["applied"], told["output"]) == (0, None)
    (change,) = [line for line in told["tables"][0]["changes"] if line["cell"] == "D22"]
    assert (change["before"], change["after"], change["verdict"], change["applied"]) == (
        "1,210.50",
        "1210.50",
        "safe",
        False,
    )
    assert [flag["cell"] for flag in told["tables"][0]["flags"]] == ["B23"]


def test_json_prints_what_the_report_holds(deskhand: Deskhand, orders: Path, tmp_path: Path) -> None:
    code, out, _ = deskhand("clean", orders, "-o", tmp_path / "clean.csv", "--json")

    told: dict[str, Any] = json.loads(out)
    assert code == 0
    assert (told["task"], told["engine"], told["applied"], told["flags"]) == ("clean", "rules", 2, 1)


def test_a_report_workbook_lists_every_change_with_its_reason(deskhand: Deskhand, orders: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.xlsx"
    deskhand("clean", orders, "-o", tmp_path / "clean.csv", "--report", report)

    rows = list(openpyxl.load_workbook(report).active.iter_rows(values_only=True))
    assert rows[0][:6] == ("Sheet", "Cell", "Column", "Before", "After", "Why")
    assert [(row[1], row[3], row[4], row[7]) for row in rows[1:]] == [
        ("B22", " 2024-03-21 ", "2024-03-21", "changed"),
        ("D22", "1,210.50", "1210.50", "changed"),
        ("B23", "2024-02-30", None, "to look at"),
    ]


def test_a_report_sheet_joins_the_result(deskhand: Deskhand, tmp_path: Path) -> None:
    source, output = tmp_path / "book.xlsx", tmp_path / "out.xlsx"
    build_workbook(source)

    code, _, _ = deskhand("clean", source, "-o", output, "--report-sheet")

    book = openpyxl.load_workbook(output)
    assert (code, book.sheetnames) == (0, ["Orders", "Other", "Deskhand report"])
    assert [row[1].value for row in book["Deskhand report"].iter_rows(min_row=2)] == ["B6", "C7"]
    assert book["Deskhand report"]["B2"].hyperlink.location == "'Orders'!B6"


def test_a_saved_recipe_gives_the_same_result_and_says_when_it_no_longer_fits(
    deskhand: Deskhand, orders: Path, tmp_path: Path
) -> None:
    recipe, first, second = tmp_path / "recipe.toml", tmp_path / "a.csv", tmp_path / "b.csv"
    deskhand("clean", orders, "-o", first, "--save-recipe", recipe)

    assert tomllib.loads(recipe.read_text("utf-8"))["recipe"] == 1
    code, _, _ = deskhand("clean", orders, "-o", second, "--recipe", recipe)
    assert (code, second.read_bytes()) == (0, first.read_bytes())

    other = tmp_path / "other.csv"
    other.write_text("id,when,city,amount\n1, 2024-03-21 ,Leeds,1\n", "utf-8")
    code, _, err = deskhand("clean", other, "-o", tmp_path / "c.csv", "--recipe", recipe)
    assert code == 1
    assert "has no column date" in err
    assert not (tmp_path / "c.csv").exists()


def test_rows_are_left_out_only_when_asked_and_come_back(deskhand: Deskhand, tmp_path: Path) -> None:
    source, output = tmp_path / "people.csv", tmp_path / "out.csv"
    lines = ["name,age", *(f"Person {n},{20 + n}" for n in range(9)), "Person 3,23", "Person 9,40"]
    source.write_text("\n".join(lines) + "\n", "utf-8")

    deskhand("clean", source, "-o", output)
    assert output.read_bytes() == source.read_bytes()

    code, out, _ = deskhand("clean", source, "-o", output, "--remove-rows", "duplicate")
    assert (code, output.read_text("utf-8").count("Person 3,23")) == (0, 1)
    assert "Rows left out: 1 (11)." in out

    deskhand("undo", output)
    assert output.read_bytes() == source.read_bytes()


def test_an_unknown_kind_of_row_is_named(deskhand: Deskhand, orders: Path) -> None:
    code, _, err = deskhand("clean", orders, "--remove-rows", "odd")

    assert code == 1
    assert "odd" in err
    assert "duplicate" in err


def test_an_earlier_file_of_that_name_is_kept_unless_it_is_our_own_result(
    deskhand: Deskhand, orders: Path, tmp_path: Path
) -> None:
    output = tmp_path / "clean.csv"
    output.write_text("somebody's work", "utf-8")

    deskhand("clean", orders, "-o", output)
    assert (tmp_path / "clean.bak.csv").read_text("utf-8") == "somebody's work"

    deskhand("clean", orders, "-o", output)
    assert not (tmp_path / "clean.bak2.csv").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("clean", "{tmp}/none.csv"), "none.csv"),
        (("clean", "{tmp}/orders.csv", "-o", "{tmp}/orders.xlsx"), "orders.xlsx"),
        (("clean", "{tmp}/orders.csv", "-o", "{tmp}/orders.csv"), "orders.csv"),
        (("clean", "{tmp}/orders.csv", "-o", "{tmp}/no/folder.csv"), "folder.csv"),
        (("clean", "{tmp}/orders.csv", "--sheet", "Nowhere"), "Nowhere"),
        (("clean", "{tmp}/orders.csv", "--range", "XYZ"), "XYZ"),
        (("clean", "{tmp}/orders.csv", "--report", "{tmp}/r.pdf"), "r.pdf"),
        (("clean", "{tmp}/orders.csv", "-o", "{tmp}/x.csv", "--in-place"), "--in-place"),
        (("clean", "{tmp}/orders.csv", "--recipe", "{tmp}/none.toml"), "none.toml"),
        (("undo", "{tmp}/orders.csv"), "There is no journal for orders.csv"),
        (("undo", "{tmp}/none.csv"), "There is no file none.csv."),
        (("clean", "{tmp}/orders.csv", "--region", "XX"), "--region can't be XX: two letters of a country"),
    ],
)
def test_a_wish_that_cannot_be_met_is_explained_and_leaves_the_folder_as_it_was(
    deskhand: Deskhand, orders: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    code, out, err = deskhand(*(word.format(tmp=tmp_path) for word in words))

    assert (code, out) == (1, "")
    assert said in err.replace("\n", "")
    assert [path.name for path in tmp_path.iterdir()] == ["orders.csv"]
    assert orders.read_bytes() == CSV.encode()


def test_everything_is_said_in_chinese_when_asked(deskhand: Deskhand, orders: Path, tmp_path: Path) -> None:
    code, out, _ = deskhand("--language", "zh", "clean", orders, "-o", tmp_path / "clean.csv")

    assert code == 0
    assert "已改 2 个单元格" in out
    assert "cells" not in out.lower()


def test_the_language_may_be_given_after_the_command_too(deskhand: Deskhand, orders: Path, tmp_path: Path) -> None:
    code, out, _ = deskhand("clean", orders, "-o", tmp_path / "clean.csv", "--language", "zh")

    assert (code, "已改 2 个单元格" in out) == (0, True)


def test_rows_of_a_workbook_are_not_left_out_and_that_is_said(deskhand: Deskhand, tmp_path: Path) -> None:
    source = tmp_path / "book.xlsx"
    build_workbook(source)

    code, _, err = deskhand("clean", source, "--remove-rows", "empty")

    assert (code, "book.xlsx" in err) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["book.xlsx"]


def test_where_nothing_is_to_be_written_no_file_is_made(deskhand: Deskhand, tmp_path: Path) -> None:
    source = tmp_path / "people.csv"
    source.write_text("name,age\n" + "".join(f"Person {n},{20 + n}\n" for n in range(9)), "utf-8")

    for words in ((), ("--in-place",)):
        code, out, _ = deskhand("clean", source, *words)
        assert (code, "Nothing to change" in out, "Nothing was written." in out) == (0, True, True)
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]

    deskhand("clean", source, "-o", tmp_path / "copy.csv")
    assert (tmp_path / "copy.csv").read_bytes() == source.read_bytes()


def test_a_result_without_a_name_lies_beside_its_source(deskhand: Deskhand, orders: Path, tmp_path: Path) -> None:
    deskhand("clean", orders)

    assert (tmp_path / "orders-clean.csv").read_bytes().count(b"2024-03-21") == 1


@pytest.mark.parametrize("name", [".", "/"])
def test_a_folder_is_no_file_to_clean(deskhand: Deskhand, name: str) -> None:
    code, out, err = deskhand("clean", name)

    assert (code, out) == (1, "")
    assert "Something went wrong inside" not in err


def test_undo_takes_nothing_back_where_rows_were_inserted_since(deskhand: Deskhand, tmp_path: Path) -> None:
    source, output = tmp_path / "people.csv", tmp_path / "out.csv"
    lines = ["name,joined", *(f" Person {n} ,2024-03-{n:02d}" for n in range(10, 20)), "Person 20,2024-03-20"]
    source.write_text("\n".join([*lines, *(f"Person {n},2024-04-01" for n in range(21, 80))]) + "\n", "utf-8")
    deskhand("clean", source, "-o", output)
    moved = output.read_text("utf-8").replace("name,joined\n", "name,joined\nNew Person,2024-01-01\n")
    output.write_text(moved, "utf-8")

    code, _, err = deskhand("undo", output)

    assert (code, "inserted, deleted or sorted" in err.replace("\n", " ")) == (1, True)
    assert output.read_text("utf-8") == moved


def yuan(folder: Path) -> Path:
    """A csv file with five names to trim (safe) and amounts whose currency only some of them say (for review)."""
    path = folder / "yuan.csv"
    lines = [
        f"A{n:03d},{'Ann Lee ' if n % 8 == 0 else 'Ann Lee'},{'¥' if n % 3 == 0 else ''}{n + 100}.00"
        for n in range(1, 41)
    ]
    path.write_text("\n".join(["id,name,amount", *lines, ""]), "utf-8")
    return path


def test_the_hint_at_writing_all_keeps_the_options_that_were_given(deskhand: Deskhand, tmp_path: Path) -> None:
    source, recipe = yuan(tmp_path), tmp_path / "steps.toml"

    _, out, _ = deskhand("clean", source, "--region", "gb", "--visible-only", "--save-recipe", recipe, "--in-place")

    assert out.splitlines()[-1] == (
        "To write what is for review as well:  "
        f"deskhand clean {source} --visible-only --region gb --save-recipe {recipe} --in-place --apply all"
    )


def test_undo_after_two_runs_in_place_says_that_the_first_still_stands(deskhand: Deskhand, tmp_path: Path) -> None:
    source = yuan(tmp_path)
    before = source.read_bytes()
    deskhand("clean", source, "--in-place")
    deskhand("clean", source, "--in-place", "--apply", "all")

    _, first, _ = deskhand("undo", source)
    _, second, _ = deskhand("undo", source)

    assert first.splitlines() == [
        f"Taken back in {source}: 13.",
        f"Changes of an earlier run still stand in it; to take those back as well:  deskhand undo {source}",
    ]
    assert second.splitlines() == [f"Taken back in {source}: 5."]
    assert source.read_bytes() == before


def test_a_result_that_was_deleted_is_made_again_though_its_journal_is_still_there(
    deskhand: Deskhand, orders: Path
) -> None:
    output = orders.with_name("out.csv")
    assert deskhand("clean", orders, "-o", output)[0] == 0
    first = output.read_bytes()
    output.unlink()
    code, _, err = deskhand("clean", orders, "-o", output)
    assert (code, err) == (0, "")
    assert output.read_bytes() == first
    assert sorted(path.name for path in orders.parent.iterdir()) == ["orders.csv", "out.csv", "out.csv.journal.json"]
