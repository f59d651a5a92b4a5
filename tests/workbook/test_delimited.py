"""Delimited text: its dialect is found, and a patch leaves every other byte as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import Conflict, OutputError, UnreadableFile
from services.workbook import delimited
from services.workbook.delimited import read_delimited, read_delimited_bytes
from services.workbook.delimited_patch import patch_delimited, with_rows
from services.workbook.grid import CellError, DateSerial
from services.workbook.journal import RawRow
from services.workbook.rendering import text_of


def read(data, name="a.csv"):
    return read_delimited_bytes(data, name)


def rows(data, name="a.csv"):
    return [list(row) for row in read(data, name).sheet.grid.rows()]


def patched(tmp_path, data, texts, remove=(), name="a.csv"):
    target = tmp_path / "out.csv"
    removed = patch_delimited(read(data, name), target, texts, remove)
    return target.read_bytes(), removed


@pytest.mark.parametrize(
    ("data", "name", "delimiter", "expected"),
    [
        (b"a,b\n1,2\n", "a.csv", ",", [["a", "b"], ["1", "2"]]),
        (b"a;b\n1,5;2,5\n", "a.csv", ";", [["a", "b"], ["1,5", "2,5"]]),
        (b"1,5;2,5\n3,5;4,5\n", "a.csv", ";", [["1,5", "2,5"], ["3,5", "4,5"]]),
        (b"a\tb\n1,2\t3\n", "a.csv", "\t", [["a", "b"], ["1,2", "3"]]),
        (b"a|b\n1|2\n", "a.txt", "|", [["a", "b"], ["1", "2"]]),
        (b'"a;b",c\n"d;e;f",g\n', "a.csv", ",", [["a;b", "c"], ["d;e;f", "g"]]),
        (b"name\nx, y\nz\n", "a.txt", "\t", [["name"], ["x, y"], ["z"]]),
        (b"name\nx\n", "a.csv", ",", [["name"], ["x"]]),
        (b"sep=|\r\na,b|c\r\n", "a.csv", "|", [["a,b", "c"]]),
        (b'a,b\n"x\ny","say ""hi"""\n', "a.csv", ",", [["a", "b"], ["x\ny", 'say "hi"']]),
        (b"a,b\r1,2\r", "a.csv", ",", [["a", "b"], ["1", "2"]]),
        (b"a,b\r\n1,2\n3,4\r5,6", "a.csv", ",", [["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"]]),
        (
            b"a,b,c\n1\n\n1,2,3,4\n",
            "a.csv",
            ",",
            [["a", "b", "c", None], ["1", None, None, None], [None] * 4, list("1234")],
        ),
        (b'a,"",\n1,2,3\n\n\n', "a.csv", ",", [["a", None, None], ["1", "2", "3"]]),
        (b'5" pipe,a"b\n6" pipe,c\n', "a.csv", ",", [['5" pipe', 'a"b'], ['6" pipe', "c"]]),
        (b'size\tname\n"5 inch\tx\n6\ty\n', "a.tsv", "\t", [["size", "name"], ['"5 inch', "x"], ["6", "y"]]),
        (b"a,b\n007,=1+1\n", "a.csv", ",", [["a", "b"], ["007", "=1+1"]]),
    ],
)
def test_records_are_read_as_they_are_meant(data, name, delimiter, expected):
    assert rows(data, name) == expected
    assert read(data, name).dialect.delimiter == delimiter


def test_a_quote_that_never_closes_names_its_line():
    with pytest.raises(UnreadableFile) as caught:
        read(b'a,b\n1,2\n3,"x\n5\n6,7,8\n')
    assert (caught.value.code, caught.value.parameters) == ("unclosed-quote", {"file": "a.csv", "line": 3})


def test_a_quote_that_swallows_lines_up_to_another_quote_names_its_line():
    with pytest.raises(UnreadableFile) as caught:
        read(b'a,b\n1,"x\n5,"y\n6,7,8\n')
    assert caught.value.parameters == {"file": "a.csv", "line": 2}


def test_a_quote_that_swallows_a_large_file_is_said():
    with pytest.raises(UnreadableFile) as caught:
        read(b'a,b\n1,"x\n' + b"1,2,3\n1\n" * 30_000)
    assert (caught.value.code, caught.value.parameters["line"]) == ("unclosed-quote", 2)


def test_a_binary_file_is_no_text():
    with pytest.raises(UnreadableFile) as caught:
        read(bytes(range(256)) * 20)
    assert (caught.value.code, caught.value.parameters) == ("not-text", {"file": "a.csv", "line": 1})


def test_a_file_beyond_the_limit_is_refused(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_bytes(b"a,b\n1,2\n")
    monkeypatch.setattr(delimited, "LIMIT", 7)
    with pytest.raises(UnreadableFile) as caught:
        read_delimited(tmp_path / "a.csv")
    assert caught.value.code == "file-too-large"


def test_a_patch_changes_only_the_fields_it_names(tmp_path):
    data = b'\xef\xbb\xbfsep=;\r\n"a" ; b;"c"\r\n1;"two";\'3\'\n\n"x\r\ny";5;6;7\r8'
    out, _ = patched(tmp_path, data, {(2, 2): "zwei", (4, 2): "a;b", (4, 3): 'say "hi"'})
    assert out == b'\xef\xbb\xbfsep=;\r\n"a" ; b;"c"\r\n1;"zwei";\'3\'\n\n"x\r\ny";"a;b";"say ""hi""";7\r8'


@pytest.mark.parametrize(
    ("data", "texts", "expected"),
    [
        (b"a,b\n1\n", {(2, 2): "x"}, b"a,b\n1,x\n"),
        (b"a,b,c\n\nx,y,z\n", {(2, 3): "x"}, b"a,b,c\n,,x\nx,y,z\n"),
        (b"a,b\n1,2", {(2, 2): "new\nline"}, b'a,b\n1,"new\nline"'),
        (b"a,b\n1,2\n", {(2, 1): "", (2, 2): ""}, b"a,b\n,\n"),
        (b"a\n1\n2\n", {(2, 1): ""}, b'a\n""\n2\n'),
        (b'a,b\n"1",2\n', {(2, 1): ""}, b'a,b\n"",2\n'),
        (b"a,b\n1,2\n", {(2, 1): "=1+1"}, b"a,b\n=1+1,2\n"),
        ("姓名,b\n张三,2\n".encode("gbk"), {(2, 2): "好"}, "姓名,b\n张三,好\n".encode("gbk")),
        ("a\tb\r\n1\t2\r\n".encode("utf-16"), {(2, 2): "é"}, "a\tb\r\n1\té\r\n".encode("utf-16")),
    ],
)
def test_a_patch_writes_the_new_texts_and_leaves_every_other_byte(tmp_path, data, texts, expected):
    assert patched(tmp_path, data, texts)[0] == expected


def test_a_character_the_encoding_lacks_is_an_error_that_names_the_cell(tmp_path):
    with pytest.raises(OutputError) as caught:
        patched(tmp_path, "nom\nRené\nZoë\n".encode("cp1252"), {(3, 1): "中"})
    assert caught.value.code == "cannot-encode"
    assert caught.value.parameters == {"file": "a.csv", "cell": "A3", "character": "中", "encoding": "CP1252"}
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_quotes_takes_no_text_that_needs_them(tmp_path):
    data = b'size\tname\n"5 inch\tx\n6\ty\n'
    with pytest.raises(OutputError) as caught:
        patched(tmp_path, data, {(3, 2): "a\tb"}, name="a.tsv")
    assert (caught.value.code, caught.value.parameters["cell"]) == ("cannot-quote", "B3")
    assert patched(tmp_path, data, {(3, 2): '"q'}, name="a.tsv")[0] == b'size\tname\n"5 inch\tx\n6\t"q\n'


def test_a_row_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(OutputError) as caught:
        patched(tmp_path, b"a\n1\n", {(9, 1): "x"})
    assert caught.value.code == "row-outside"


def test_removed_rows_come_back_byte_for_byte(tmp_path):
    data = b'a,b\r\n1,2\n"x\ny",3\r\n\n5,6'
    out, (removed, _) = patched(tmp_path, data, {}, remove=[2, 3, 5])
    assert out == b"a,b\r\n\n"
    assert removed == (RawRow(2, "1,2\n"), RawRow(3, '"x\ny",3\r\n'), RawRow(5, "5,6"))
    whole = with_rows(read(out), removed)
    assert whole.text.encode() == data
    assert [list(row) for row in whole.sheet.grid.rows()] == rows(data)


def test_rows_that_have_no_place_left_are_a_conflict():
    with pytest.raises(Conflict) as caught:
        with_rows(read(b"a\n"), [RawRow(9, "x\n")])
    assert caught.value.code == "rows-moved"


@given(
    st.lists(st.lists(st.text("ab\"',; \n\r中"), min_size=2, max_size=3), min_size=1, max_size=5),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-16", "gb18030"]),
    st.data(),
)
def test_a_patch_reads_back_as_the_values_asked_for(tmp_path_factory, records, ending, encoding, data):
    records = [["id", "x", "中"], *[[*record, "end"] for record in records]]
    quoted = [",".join('"' + field.replace('"', '""') + '"' for field in record) for record in records]
    source = read_delimited_bytes(ending.join([*quoted, ""]).encode(encoding), "a.csv", encoding=encoding)
    assert source.dialect.delimiter == ","
    texts = {}
    for row in range(2, len(records) + 1):
        if data.draw(st.booleans()):
            texts[row, 2] = data.draw(st.text('ab",; \n\r中'))
    target = tmp_path_factory.mktemp("patch") / "a.csv"
    patch_delimited(source, target, texts)
    again = read_delimited(target, encoding=encoding)
    expected = [list(row) for row in source.sheet.grid.rows()]
    for (row, column), text in texts.items():
        expected[row - 1][column - 1] = text or None
    assert [list(row) for row in again.sheet.grid.rows()] == expected
    kept = list(source.raw_records())
    for row, raw in enumerate(again.raw_records(), 1):
        assert (row, 2) in texts or raw == kept[row - 1]


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (None, None, ""),
        ("007", None, "007"),
        (5.0, None, "5"),
        (0.1, None, "0.1"),
        (1e-7, None, "0.0000001"),
        (1e20, None, "100000000000000000000"),
        (2**60, None, "1152921504606846976"),
        (True, None, "TRUE"),
        (CellError("#N/A"), None, "#N/A"),
        (DateSerial(45294), None, "2024-01-03"),
        (DateSerial(45294.4309), None, "2024-01-03 10:20:30"),
        (DateSerial(0.5), None, "12:00:00"),
        (DateSerial(45294), "d.m.yy", "3.1.24"),
        (DateSerial(45294), "yyyy/mm/dd", "2024/01/03"),
        (DateSerial(45294), 'yyyy"年"m"月"d"日"', "2024年1月3日"),
        (DateSerial(45294.4309), "dd/mm/yyyy hh:mm", "03/01/2024 10:20"),
        (DateSerial(45294.4309), "mm:ss", "20:30"),
        (DateSerial(1.25), "[h]:mm:ss", "30:00:00"),
        (DateSerial(45294), "d mmmm yyyy", "2024-01-03"),
        (DateSerial(-1), "yyyy-mm-dd", "-1"),
    ],
)
def test_a_value_is_written_as_the_text_that_its_format_shows(value, code, text):
    assert text_of(value, code) == text


def test_real_files_are_written_back_byte_for_byte(samples, tmp_path):
    for path in sorted((samples / "cleaning").glob("*/*.csv")):
        source = read_delimited(path)
        patch_delimited(source, tmp_path / "out.csv", {})
        assert (tmp_path / "out.csv").read_bytes() == path.read_bytes()
        assert source.sheet.grid.row_count > 1000
