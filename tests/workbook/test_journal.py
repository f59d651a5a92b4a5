"""The journal beside an output: exact, in one piece, and clear where it can't be used."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import NotFound, UnreadableFile
from services.workbook.changes import Entry, Journal
from services.workbook.grid import CellError, DateSerial, Grid
from services.workbook.journal import (
    FileJournal,
    RawRow,
    Session,
    TableJournal,
    fill_journal,
    journal_path,
    read_journal,
    sessions_before,
    table_journal,
)


def session(*values, source="s", output="o", **known):
    entries = tuple(Entry(str(n), n, 0, value, None) for n, value in enumerate(values))
    table = TableJournal("表", 2, 1, 10, 3, Journal(entries, frozenset({"0"})), ("a", "b"), 1904)
    return Session("2024-01-03T10:00:00+08:00", "in.csv", source, output, (table,), **known)


VALUES = [None, "", "=1+1", "\ud83d\ude00", "\ud83d", "😀", 1, 1.0, True, 0.1 + 0.2, 2**70, -0.0]
VALUES += [DateSerial(45294.25), CellError("#N/A"), "#N/A", math.inf]


def write_journal(output, journal):
    fill_journal(journal_path(output), journal)
    return journal_path(output)


def test_the_journal_lies_beside_the_output(tmp_path):
    assert journal_path(tmp_path / "out.xlsx") == tmp_path / "out.xlsx.journal.json"


def test_all_values_come_back_as_they_were_with_their_types(tmp_path):
    journal = FileJournal((session(*VALUES, encoding="gb18030", removed=(RawRow(7, "a,\ud800\r\n"),)),))
    write_journal(tmp_path / "out.xlsx", journal)
    back = read_journal(tmp_path / "out.xlsx")
    assert back == journal
    assert repr(back) == repr(journal)


SCALARS = st.one_of(
    st.none(),
    st.text(st.characters()),
    st.text(st.characters(categories=["Cs"])),
    st.integers(),
    st.booleans(),
    st.floats(allow_nan=False),
    st.floats(allow_nan=False).map(DateSerial),
    st.text().map(CellError),
)


@given(st.lists(SCALARS))
def test_any_values_come_back_exactly(tmp_path_factory, values):
    output = tmp_path_factory.mktemp("journal") / "out.csv"
    write_journal(output, FileJournal((session(*values),)))
    assert repr(read_journal(output)) == repr(FileJournal((session(*values),)))


def test_a_session_on_the_output_itself_comes_after_the_others(tmp_path):
    output = tmp_path / "out.csv"
    write_journal(output, FileJournal((session("a", output="one"),)))
    assert [one.output_sha256 for one in sessions_before(output, follows=True).sessions] == ["one"]


def test_a_new_output_over_an_old_one_begins_a_new_journal(tmp_path):
    output = tmp_path / "out.csv"
    write_journal(output, FileJournal((session("a", output="one"),)))
    assert sessions_before(output, follows=False) == FileJournal()


def test_a_damaged_journal_gives_way_to_a_new_output_but_is_not_continued(tmp_path):
    output = tmp_path / "out.csv"
    journal_path(output).write_bytes(b"{")
    assert sessions_before(output, follows=False) == FileJournal()
    with pytest.raises(UnreadableFile) as caught:
        sessions_before(output, follows=True)
    assert caught.value.code == "journal-damaged"


def test_a_file_of_the_journals_name_that_is_none_never_gives_way(tmp_path):
    output = tmp_path / "out.csv"
    journal_path(output).write_text('{"mine": 1}')
    with pytest.raises(UnreadableFile) as caught:
        sessions_before(output, follows=False)
    assert caught.value.code == "journal-foreign"


def test_a_table_is_found_again_by_its_place():
    grid = Grid(columns=(["a", "b"], [1, 2]), header=("x", "y"), first_row=5, first_column=2, sheet="S")
    assert table_journal(grid, Journal()) == TableJournal("S", 5, 2, 2, 2, Journal(), ("x", "y"), 1900)


def test_a_missing_journal_is_said(tmp_path):
    with pytest.raises(NotFound) as caught:
        read_journal(tmp_path / "out.csv")
    assert caught.value.code == "journal-missing"
    assert caught.value.parameters == {"file": "out.csv", "journal": "out.csv.journal.json"}


HEAD = {"format": "deskhand-journal", "version": 1}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "journal-damaged"),
        (b"\xff\xfe", "journal-damaged"),
        (b"[" * 100_000, "journal-damaged"),
        (b'{"format": "deskhand-journal", "version": 1, "sess', "journal-damaged"),
        (b"[]", "journal-foreign"),
        (b'{"name": "something else"}', "journal-foreign"),
        (json.dumps({**HEAD, "version": 2}).encode(), "journal-version"),
        (json.dumps(HEAD).encode(), "journal-damaged"),
        (json.dumps({**HEAD, "sessions": [{"when": 1}]}).encode(), "journal-damaged"),
    ],
)
def test_a_journal_that_cannot_be_used_is_said(tmp_path, content, code):
    journal_path(tmp_path / "out.csv").write_bytes(content)
    with pytest.raises(UnreadableFile) as caught:
        read_journal(tmp_path / "out.csv")
    assert caught.value.code == code


def test_each_missing_or_wrong_piece_of_a_session_is_damage(tmp_path):
    output = tmp_path / "out.csv"
    path = write_journal(output, FileJournal((session("a", removed=(RawRow(1, "x"),)),)))
    whole = json.loads(path.read_text())
    for key in whole["sessions"][0]:
        for wrong in ({}, 5, [[1]]):
            broken = json.loads(json.dumps(whole))
            broken["sessions"][0][key] = wrong
            path.write_text(json.dumps(broken))
            with pytest.raises(UnreadableFile) as caught:
                read_journal(output)
            assert caught.value.code == "journal-damaged"
