"""Opening a file of any kind, writing a result of the right kind, and taking it back."""

from __future__ import annotations

import errno

import openpyxl
import pytest

from services.errors import InputError, NotFound, OutputError, UnreadableFile
from services.workbook.changes import Applied, Change, ChangeSet, Journal, Write, apply
from services.workbook.files import (
    check_target,
    fill_result,
    open_source,
    output_suffix,
)
from services.workbook.grid import DateSerial, Grid
from services.workbook.journal import read_journal
from services.workbook.placing import backup, placed
from services.workbook.results import write_session
from services.workbook.spreadsheetml.patch import CellWrite, NewSheet
from services.workbook.undoing import undo_output
from tests.workbook.opendocument import write_ods


def change(id_, row, column, before, after, number_format=None):
    return Change(id_, row, column, before, after, (), "rule", "safe", number_format=number_format)


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "book.xlsx"
    workbook = openpyxl.Workbook()
    page = workbook.active
    page.title = "People"
    for row in [["name", "age"], [" Ann ", 30], ["Bob", 41], ["Cy", 22]]:
        page.append(row)
    workbook.save(path)
    return path


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes("姓名;日期\r\n 张三 ;3.1.2024\r\n李四;4.1.2024\r\n李四;4.1.2024\r\n".encode("gbk"))
    return path


def made(path, data):
    path.write_bytes(data)
    return path


def test_the_kind_is_found_by_content(tmp_path, book, text):
    assert open_source(book).kind == "workbook"
    assert open_source(text).kind == "delimited"
    disguised = made(tmp_path / "really.csv", book.read_bytes())
    assert open_source(disguised).kind == "workbook"
    assert [sheet.title for sheet in open_source(disguised).sheets()] == ["People"]
    export = made(tmp_path / "export.xls", b"a\tb\n1\t2\n")
    assert open_source(export).kind == "delimited"
    assert open_source(export).sheets()[0].grid.columns == (["a", "1"], ["b", "2"])
    assert output_suffix(open_source(export)) == ".tsv"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.csv", b"", "file-empty"),
        ("a.xls", b"\n <HTML><table>", "html-not-workbook"),
        ("a.xls", b'\xef\xbb\xbf<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "html-not-workbook"),
        ("a.xlsx", b"just some text", "not-a-workbook"),
        ("a.csv", b"%PDF-1.7", "not-a-table-file"),
        ("a.docx", b"name,age\nAnn,3\n", "not-a-table-file"),
        ("a.csv", b"\x89PNG\r\n", "not-a-table-file"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, name, data, code):
    with pytest.raises(UnreadableFile) as caught:
        open_source(made(tmp_path / name, data))
    assert (caught.value.code, caught.value.parameters["file"]) == (code, name)


def test_a_missing_file_and_a_folder_are_said(tmp_path):
    for path, code in ((tmp_path / "no.csv", "file-missing"), (tmp_path, "file-is-folder")):
        with pytest.raises(UnreadableFile) as caught:
            open_source(path)
        assert caught.value.code == code


def test_tables_come_with_their_headers_and_a_range_picks_one(book, text):
    assert [table.header for table in open_source(book).tables()] == [("name", "age")]
    assert open_source(book).tables(["People"], "A2:A3")[0].columns == ([" Ann ", "Bob"],)
    assert [table.header for table in open_source(text).tables()] == [("姓名", "日期")]
    with pytest.raises(NotFound):
        open_source(text).sheets(["other"])


def test_a_hidden_sheet_is_left_alone_unless_named(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append(["shown"])
    hidden = workbook.create_sheet("H")
    hidden.append(["hidden"])
    hidden.sheet_state = "hidden"
    workbook.save(tmp_path / "h.xlsx")
    assert [table.sheet for table in open_source(tmp_path / "h.xlsx").tables()] == ["Sheet"]
    assert [table.sheet for table in open_source(tmp_path / "h.xlsx").tables(["H"])] == ["H"]


@pytest.mark.parametrize(
    ("source", "target", "possible"),
    [
        ("book", "out.csv", ".xlsx"),
        ("book", "out.xlsm", ".xlsx"),
        ("text", "out.xlsx", ".csv"),
        ("text", "out", ".csv"),
    ],
)
def test_a_result_of_another_kind_is_refused_saying_what_is_possible(request, tmp_path, source, target, possible):
    opened = open_source(request.getfixturevalue(source))
    with pytest.raises(OutputError) as caught:
        check_target(opened, tmp_path / target)
    assert caught.value.code == "wrong-suffix"
    assert caught.value.parameters == {"file": target, "source": opened.path.name, "possible": possible}


def test_a_result_over_its_source_is_refused(book):
    with pytest.raises(OutputError) as caught:
        check_target(open_source(book), book)
    assert caught.value.code == "target-is-source"


def test_a_workbook_is_patched(book, tmp_path):
    source = open_source(book)
    fill_result(source, tmp_path / "out.xlsx", {"People": [CellWrite(2, 1, "Ann", None)]})
    page = openpyxl.load_workbook(tmp_path / "out.xlsx")["People"]
    assert [cell.value for cell in page["A"]] == ["name", "Ann", "Bob", "Cy"]
    assert openpyxl.load_workbook(book)["People"]["A2"].value == " Ann "


def test_a_text_is_patched_in_its_encoding_with_dates_by_their_format(text, tmp_path):
    writes = {
        "people": [
            CellWrite(2, 1, "张三", None),
            CellWrite(2, 2, DateSerial(45294), "d.m.yyyy"),
            CellWrite(3, 2, 5.0, None),
        ]
    }
    written = fill_result(open_source(text), tmp_path / "out.csv", writes, remove=[4])
    assert (tmp_path / "out.csv").read_bytes().decode("gbk") == "姓名;日期\r\n张三;3.1.2024\r\n李四;5\r\n"
    assert [row.raw for row in written.removed] == ["李四;4.1.2024\r\n"]


def test_what_a_kind_cannot_do_is_an_error_and_no_file(book, text, tmp_path):
    new = NewSheet("Report", [("a", 10.0)], [["x"]])
    attempts = [
        (
            lambda: fill_result(open_source(book), tmp_path / "o.xlsx", {}, remove=[2]),
            InputError,
            "only-text-loses-rows",
        ),
        (
            lambda: fill_result(open_source(text), tmp_path / "o.csv", {}, new_sheets=[new]),
            InputError,
            "text-has-no-sheets",
        ),
        (lambda: fill_result(open_source(text), tmp_path / "o.csv", {"x": []}), NotFound, "sheet-missing"),
        (lambda: fill_result(open_source(text), tmp_path / "no" / "o.csv", {}), OutputError, "output-folder-missing"),
    ]
    for attempt, kind, code in attempts:
        with pytest.raises(kind) as caught:
            attempt()
        assert caught.value.code == code
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.xlsx", "people.csv"]


def test_an_old_workbook_becomes_a_new_one(tmp_path):
    path = write_ods(tmp_path / "old.ods", "S", [["name"], [" Ann "], ["=1+1"]])
    source = open_source(path)
    assert (source.kind, output_suffix(source)) == ("legacy", ".xlsx")
    new = NewSheet("Report", [("a", 10.0)], [["x"]])
    writes = {"S": [CellWrite(2, 1, "Ann", None), CellWrite(4, 3, DateSerial(45294), "d.m.yyyy")]}
    assert fill_result(source, tmp_path / "out.xlsx", writes, new_sheets=[new]).only_values
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert [[cell.value for cell in row] for row in book["S"]["A1:A3"]] == [["name"], ["Ann"], ["=1+1"]]
    assert book["S"]["A3"].data_type == "s"
    assert book["S"]["C4"].number_format == "d.m.yyyy"
    assert [cell.value for cell in book["Report"]["A"]] == ["a", "x"]
    with pytest.raises(OutputError) as caught:
        write_session(source, path, [])
    assert caught.value.code == "not-in-place"


def test_writing_in_place_keeps_a_backup(text):
    before = text.read_bytes()
    first = carried_out(text, text, [change("1", 0, 0, " 张三 ", "x")])
    second = carried_out(text, text, [change("1", 1, 0, "李四", "y")])
    assert (first.backup.name, second.backup.name) == ("people.bak.csv", "people.bak2.csv")
    assert first.backup.read_bytes() == before
    assert text.read_bytes().decode("gbk") == "姓名;日期\r\nx;3.1.2024\r\ny;4.1.2024\r\n李四;4.1.2024\r\n"


def test_a_failure_in_place_leaves_the_file_and_no_backup(text):
    before = text.read_bytes()
    applied = Applied((Write(98, 0, "x"),), (), Journal())
    with pytest.raises(OutputError):
        write_session(open_source(text), text, [(Grid((["x"],), sheet="people"), applied)])
    assert text.read_bytes() == before
    assert [path.name for path in text.parent.iterdir()] == ["people.csv"]


def test_a_file_is_placed_whole_or_not_at_all(tmp_path):
    target = made(tmp_path / "a.txt", b"old")
    with pytest.raises(ZeroDivisionError), placed(target) as draft:
        draft.write_bytes(bytes(1 // 0))
    assert target.read_bytes() == b"old"
    with placed(target) as draft:
        draft.write_bytes(b"new")
    assert target.read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert backup(target).name == "a.bak.txt"


def carried_out(path, output, changes, remove=()):
    """Apply ``changes`` to the one table of ``path`` and write ``output`` with its journal."""
    source = open_source(path)
    (table,) = source.tables()
    applied = apply(table, ChangeSet(tuple(changes)), [one.id for one in changes])
    assert applied.conflicts == ()
    return write_session(source, output, [(table, applied)], remove=remove)


def test_undo_gives_a_text_back_byte_for_byte(text, tmp_path):
    output = tmp_path / "out.csv"
    changes = [change("1", 0, 0, " 张三 ", "张三"), change("2", 0, 1, "3.1.2024", DateSerial(45294), "yyyy-mm-dd")]
    carried_out(text, output, changes, remove=[4])
    assert output.read_bytes().decode("gbk") == "姓名;日期\r\n张三;2024-01-03\r\n李四;4.1.2024\r\n"
    done = undo_output(output)
    assert (done.entries, done.rows, done.conflicts) == (2, 1, ())
    assert output.read_bytes() == text.read_bytes()
    assert done.backup is None, "nobody touched the result, so nothing of a person's is lost"
    with pytest.raises(NotFound) as caught:
        undo_output(output)
    assert caught.value.code == "nothing-to-undo"


def test_a_result_that_was_thrown_away_without_its_journal_is_made_again(text, tmp_path):
    output = tmp_path / "out.csv"
    trimmed = [change("1", 0, 0, " 张三 ", "张三")]
    carried_out(text, output, trimmed)
    made = output.read_bytes()
    output.unlink()

    assert carried_out(text, output, trimmed).backup is None
    assert output.read_bytes() == made
    assert len(read_journal(output).sessions) == 1


def test_undo_by_id_leaves_the_rest_and_the_removed_rows(text, tmp_path):
    output = tmp_path / "out.csv"
    carried_out(text, output, [change("1", 0, 0, " 张三 ", "张三"), change("2", 2, 0, "李四", "王五")], remove=[3])
    done = undo_output(output, ["2"])
    assert (done.entries, done.rows) == (1, 0)
    assert output.read_bytes().decode("gbk") == "姓名;日期\r\n张三;3.1.2024\r\n李四;4.1.2024\r\n"
    assert read_journal(output).sessions[0].tables[0].journal.undone == {"2"}
    assert (undo_output(output).rows, output.read_bytes()) == (1, text.read_bytes())


def test_undo_of_a_workbook_leaves_what_was_edited_since(book, tmp_path):
    output = tmp_path / "out.xlsx"
    carried_out(
        book, output, [change("1", 0, 0, " Ann ", "Ann"), change("2", 1, 1, 41, 42), change("3", 2, 0, "Cy", None)]
    )
    edited = openpyxl.load_workbook(output)
    assert edited["People"]["A4"].value is None
    edited["People"]["B3"] = 43
    edited.save(output)
    done = undo_output(output)
    assert (done.entries, [(c.id, c.code) for _, c, _ in done.conflicts]) == (2, [("2", "edited")])
    assert openpyxl.load_workbook(done.backup)["People"]["B3"].value == 43
    page = openpyxl.load_workbook(output)["People"]
    assert [[cell.value for cell in row] for row in page] == [["name", "age"], [" Ann ", 30], ["Bob", 43], ["Cy", 22]]


def test_a_full_disk_is_told_of_the_file_that_was_asked_for(text, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("services.workbook.delimited_patch._patched", full)
    before = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(OutputError) as caught:
        carried_out(text, tmp_path / "out.csv", [change("1", 0, 0, " 张三 ", "张三")])
    assert (caught.value.code, caught.value.parameters["file"]) == ("output-disk-full", "out.csv")
    assert {path.name for path in tmp_path.iterdir()} == before


def test_a_broken_zip_of_any_name_is_damaged(tmp_path, book):
    path = made(tmp_path / "book.ods", book.read_bytes()[:-30])
    with pytest.raises(UnreadableFile) as caught:
        output_suffix(open_source(path))
    assert caught.value.code == "damaged"
