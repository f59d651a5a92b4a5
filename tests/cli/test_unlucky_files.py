"""What can go wrong around a run: places that can't be written, files that change meanwhile, journals of all kinds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from services.cli import running
from services.cli.running import report_lines
from tests.cli.orders import CSV, Deskhand


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook whose sheets ``My Sheet``, ``It's`` and ``订单`` each have a padded city in B7."""
    path = tmp_path / "book.xlsx"
    workbook = xlsxwriter.Workbook(str(path))
    for title in ("My Sheet", "It's", "订单"):
        sheet = workbook.add_worksheet(title)
        sheet.write_row(0, 0, ["No", "City"])
        for row in range(1, 21):
            sheet.write_row(row, 0, [row, " Leeds " if row == 6 else "Leeds"])
    workbook.close()
    return path


def state(folder: Path) -> dict[str, str]:
    """The names and digests of all files in a folder."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.is_file()}


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> None:
    """Let something happen between reading and writing."""

    def lines(*words: object) -> object:
        happens()
        return report_lines(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "report_lines", lines)


@pytest.mark.parametrize(
    "words",
    [
        ("-o", "{tmp}/out.csv", "--report", "{tmp}/orders.csv"),
        ("-o", "{tmp}/out.csv", "--report", "{tmp}/none/report.json"),
        ("-o", "{tmp}/out.csv", "--report", "{tmp}/folder.json"),
        ("-o", "{tmp}/out.csv", "--report", "{tmp}/out.csv.journal.json"),
        ("-o", "{tmp}/out.csv", "--save-recipe", "{tmp}/orders.csv"),
        ("-o", "{tmp}/out.csv", "--save-recipe", "{tmp}/OUT.csv"),
        ("-o", "{tmp}/out.csv", "--save-recipe", "{tmp}/r.json", "--report", "{tmp}/r.json"),
        ("-o", "{tmp}/out.csv", "--save-recipe", "{tmp}/none/recipe.toml"),
        ("-o", "{tmp}/link.csv"),
        ("-o", "{tmp}/folder.csv"),
        ("-o", "{tmp}/fixed.csv"),
        ("-o", "{tmp}/taken.csv"),
        ("--in-place", "--report", "{tmp}/orders.csv"),
    ],
)
def test_what_cannot_be_written_is_found_before_anything_is(
    deskhand: Deskhand, orders: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "link.csv").symlink_to(orders)
    (tmp_path / "fixed.csv").write_text("mine")
    (tmp_path / "fixed.csv").chmod(0o444)
    (tmp_path / "taken.csv.journal.json").write_text('{"mine": true}')
    before = state(tmp_path)

    code, out, err = deskhand("clean", orders, *(word.format(tmp=tmp_path) for word in words))

    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 2
    assert state(tmp_path) == before


def test_a_source_changed_while_it_is_worked_on_is_noticed_and_nothing_is_written(
    deskhand: Deskhand, orders: Path, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for source, words in (
        (orders, ("-o", tmp_path / "out.csv")),
        (orders, ("--in-place",)),
        (book, ("-o", tmp_path / "out.xlsx")),
    ):
        names = set(state(tmp_path))
        changed = source.read_bytes() + b"\n"

        def change(source: Path = source, changed: bytes = changed) -> None:
            source.write_bytes(changed)

        meanwhile(monkeypatch, change)
        code, _, err = deskhand("clean", source, *words)
        assert code == 1
        assert f"{source.name} was changed by another program" in err
        assert set(state(tmp_path)) == names
        assert source.read_bytes() == changed


def test_a_source_that_goes_away_is_said_and_nothing_is_written(
    deskhand: Deskhand, orders: Path, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for source, output in ((orders, "out.csv"), (book, "out.xlsx")):
        meanwhile(monkeypatch, partial(source.unlink, missing_ok=True))
        code, _, err = deskhand("clean", source, "-o", tmp_path / output)
        assert (code, err.splitlines()[0]) == (1, f"There is no file {source.name}.")
        assert not (tmp_path / output).exists()


def test_an_interrupt_while_writing_leaves_everything_as_it_was(
    deskhand: Deskhand, orders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(tmp_path)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("services.workbook.results.fill_journal", interrupted)
    for words in (("--in-place",), ("-o", tmp_path / "out.csv")):
        assert deskhand("clean", orders, *words)[0] == 130
        assert state(tmp_path) == before


def test_a_result_written_through_a_link_leaves_the_link(deskhand: Deskhand, orders: Path, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "real.csv").write_text("old")
    (tmp_path / "out.csv").symlink_to(tmp_path / "far" / "real.csv")
    assert deskhand("clean", orders, "-o", tmp_path / "out.csv")[0] == 0
    assert (tmp_path / "out.csv").is_symlink()
    assert (tmp_path / "far" / "real.csv").read_bytes().startswith(b"id,date")


@pytest.mark.parametrize("name", ["订单 🚚.csv", 'it\'s "so" [x].csv', "-.csv", "a" * 200 + ".csv", "%41{b}.csv"])
def test_names_of_all_kinds_are_taken(deskhand: Deskhand, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(CSV.encode())
    code, out, err = deskhand("clean", tmp_path / name, "--in-place", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["output"] == str(tmp_path / name)
    assert deskhand("undo", tmp_path / name)[0] == 0
    assert (tmp_path / name).read_bytes() == CSV.encode()


def test_a_name_too_long_for_its_journal_is_said_before_anything_is_written(deskhand: Deskhand, tmp_path: Path) -> None:
    source = tmp_path / ("a" * 245 + ".csv")
    source.write_bytes(CSV.encode())
    before = state(tmp_path)
    code, out, err = deskhand("clean", source, "--in-place")
    assert (code, out, "could not be" in err) == (1, "", True)
    assert state(tmp_path) == before


def test_a_whole_undo_of_an_untouched_text_gives_the_very_bytes_of_the_source(
    deskhand: Deskhand, tmp_path: Path
) -> None:
    source, output = tmp_path / "odd.csv", tmp_path / "out.csv"
    rows = "".join(f'{n},"Leeds",{n * 10}.50\n' for n in range(1, 21))
    data = f'id,city,amount\n{rows}21, Leeds ,"1,210.50"\r\n22\n\n23,"Leeds",5.50\n23,"Leeds",5.50'
    source.write_bytes(data.encode())
    assert deskhand("clean", source, "-o", output, "--apply", "all", "--remove-rows", "duplicate,empty")[0] == 0
    assert output.read_bytes() != data.encode()
    assert deskhand("undo", output)[0] == 0
    assert output.read_bytes() == data.encode()


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (["'My Sheet'!B7"], {"It's", "订单"}),
        (["my sheet!$b$7"], {"It's", "订单"}),
        (["'It''s'!b7", "订单!B7"], {"My Sheet"}),
        (["B7"], set()),
    ],
)
def test_cells_are_named_as_excel_names_them(
    deskhand: Deskhand, book: Path, tmp_path: Path, words: list[str], left: set[str]
) -> None:
    output = tmp_path / "out.xlsx"
    assert deskhand("clean", book, "-o", output)[0] == 0
    code, _, err = deskhand("undo", output, *(part for word in words for part in ("--change", word)))
    assert (code, err) == (0, "")
    result = openpyxl.load_workbook(output)
    assert {sheet.title for sheet in result if sheet["B7"].value == "Leeds"} == left
    assert deskhand("undo", output, "--change", "B99")[0] == 1


def test_undo_knows_a_result_that_another_program_saved(deskhand: Deskhand, book: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.xlsx"
    assert deskhand("clean", book, "-o", output, "--report-sheet")[0] == 0
    edited = openpyxl.load_workbook(output)
    edited["My Sheet"]["B7"] = "York"
    edited.save(output)
    code, out, _ = deskhand("undo", output, "--json")
    told = json.loads(out)
    assert (code, told["undone"], [c["cell"] for c in told["conflicts"]]) == (0, 2, ["My Sheet!B7"])
    again = openpyxl.load_workbook(output)
    assert [again[title]["B7"].value for title in ("My Sheet", "It's", "订单")] == ["York", " Leeds ", " Leeds "]


def test_two_runs_in_place_are_taken_back_one_by_one(deskhand: Deskhand, orders: Path) -> None:
    assert deskhand("clean", orders, "--in-place")[0] == 0
    between = orders.read_bytes() + b"23, 2024-03-23 ,Leeds,5.50\r\n"
    orders.write_bytes(between)
    assert deskhand("clean", orders, "--in-place")[0] == 0
    assert deskhand("undo", orders)[0] == 0
    assert orders.read_bytes() == between
    assert deskhand("undo", orders)[0] == 0
    assert orders.read_bytes() == CSV.encode() + b"23, 2024-03-23 ,Leeds,5.50\r\n"
    code, _, err = deskhand("undo", orders)
    assert (code, err.splitlines()[0]) == (1, "Everything that was changed in orders.csv has been taken back already.")


@pytest.mark.parametrize(
    "edit",
    [
        lambda table: table.update(row_count=10**12),
        lambda table: table.update(first_row=-5),
        lambda table: table.update(column_count=-1),
        lambda table: table.update(sheet="gone"),
        lambda table: table["entries"][0].__setitem__(1, 10**9),
        lambda table: table["entries"][0].__setitem__(1, -1),
        lambda table: table["entries"][0].__setitem__(3, {"date": 10**400}),
        lambda table: table["entries"][0].__setitem__(3, "x" * 40_000),
        lambda table: table["entries"][0].__setitem__(5, "no[such{format"),
        lambda table: table.update(undone=[5]),
    ],
)
def test_a_journal_edited_by_hand_harms_nothing(
    deskhand: Deskhand, book: Path, tmp_path: Path, edit: Callable[[dict[str, object]], None]
) -> None:
    output = tmp_path / "out.xlsx"
    assert deskhand("clean", book, "-o", output)[0] == 0
    journal = tmp_path / "out.xlsx.journal.json"
    document = json.loads(journal.read_text())
    edit(document["sessions"][0]["tables"][0])
    journal.write_text(json.dumps(document))
    before = state(tmp_path)
    code, _, err = deskhand("undo", output)
    if code:
        assert len(err.splitlines()) == 2
        assert state(tmp_path) == before
    else:
        openpyxl.load_workbook(output)


def test_a_damaged_journal_stops_a_run_in_place_before_it_writes(deskhand: Deskhand, orders: Path) -> None:
    assert deskhand("clean", orders, "--in-place")[0] == 0
    (orders.parent / "orders.csv.journal.json").write_text("{")
    orders.write_bytes(CSV.encode())
    before = state(orders.parent)
    code, _, err = deskhand("clean", orders, "--in-place")
    assert (code, err.splitlines()[0]) == (1, "The journal orders.csv.journal.json is damaged.")
    assert state(orders.parent) == before


@pytest.mark.parametrize(
    "recipe",
    [
        b"recipe = 1\n[[table",
        b"\xff\xfe",
        b"recipe = 9",
        b"recipe = 1\ntable = 5",
        b"recipe = 1\n[[table]]\nheader = [[1]]\nsheet = {}\nextra = 1",
        b"recipe = 1\n[[table]]\n[[table.step]]\nrule = 5",
        b"recipe = 1\n[[table]]\nstep = [1]",
        b'recipe = 1\n[[table]]\n[[table.step]]\nrule = "tidy"\ncolumn = 5\nnope = 1',
        b"recipe = 1" + b"\n# x" * 3_000_000,
        b"recipe = 1\n[[table]]\n[[table.step]]\nrule = 'tidy'\ncolumn = 'gone'",
    ],
)
def test_a_recipe_that_cannot_be_used_is_said(deskhand: Deskhand, orders: Path, tmp_path: Path, recipe: bytes) -> None:
    (tmp_path / "recipe.toml").write_bytes(recipe)
    code, _, err = deskhand("clean", orders, "-o", tmp_path / "out.csv", "--recipe", tmp_path / "recipe.toml")
    assert (code, len(err.splitlines()) >= 2, (tmp_path / "out.csv").exists()) == (1, True, False)
