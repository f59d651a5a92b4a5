"""New columns in delimited texts: the text stays rectangular, every old field its bytes, and undo gives all back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.errors import OutputError
from services.workbook.files import open_source
from services.workbook.grid import DateSerial
from services.workbook.undoing import undo_output
from tests.workbook.filling import fill


def filled(tmp_path, data: bytes, answers, **wishes) -> bytes:
    source, output = tmp_path / "people.csv", tmp_path / "people-fill.csv"
    source.write_bytes(data)
    fill(source, output, answers, **wishes)
    return output.read_bytes()


@pytest.mark.parametrize(
    ("data", "answers", "expected"),
    [
        (b"a,b\n1,x\n2,y\n", {"k": ["p", "q"]}, b"a,b,k\n1,x,p\n2,y,q\n"),
        (b"a,b\n1,x\n2,y\n", {"k": ["p", None], "l": [None, None]}, b"a,b,k,l\n1,x,p,\n2,y,,\n"),
        (b"a,b\r\n1,x\r\n2,y", {"k": ["p", "q"]}, b"a,b,k\r\n1,x,p\r\n2,y,q"),
        (b"a,b,c\n1,x\n2,y,z\n", {"k": ["p", None]}, b"a,b,c,k\n1,x,,p\n2,y,z,\n"),
        (b"a,b\n1,x\n\n2,y\n", {"k": ["p", None, "q"]}, b"a,b,k\n1,x,p\n\n2,y,q\n"),
        (b"a;b\n1;x\n2;y\n", {"k": ["p;q", 'say "no"']}, b'a;b;k\n1;x;"p;q"\n2;y;"say ""no"""\n'),
        (b'"a","b"\n"1","x"\n"2","y"\n', {"k": ["p", None]}, b'"a","b","k"\n"1","x","p"\n"2","y",""\n'),
        (b"sep=;\r\na;b\r\n1;x\r\n2;y\r\n", {"k": ["p", "q"]}, b"sep=;\r\na;b;k\r\n1;x;p\r\n2;y;q\r\n"),
        (b"a\tb\n1\tx\n2\ty\n", {"k": ["one\ntwo", "p"]}, b'a\tb\tk\n1\tx\t"one\ntwo"\n2\ty\tp\n'),
        (b"a,b\n1,x\n2,y\n\n\n", {"k": ["p", "q"]}, b"a,b,k\n1,x,p\n2,y,q\n\n\n"),
        (b"a,b\n1,x\n2,y\n", {"k": [1.50, True]}, b"a,b,k\n1,x,1.5\n2,y,TRUE\n"),
        (b"a,b\n1,x\n2,y\n", {"k": ["=1+1", "@x"]}, b"a,b,k\n1,x,=1+1\n2,y,@x\n"),
        (
            "姓名,b\n张三,x\n李四,y\n".encode("gb18030"),
            {"类": ["好", "坏"]},
            "姓名,b,类\n张三,x,好\n李四,y,坏\n".encode("gb18030"),
        ),
        (
            "a\tb\r\n1\tx\r\n2\ty\r\n".encode("utf-16"),
            {"k": ["é", "q"]},
            "a\tb\tk\r\n1\tx\té\r\n2\ty\tq\r\n".encode("utf-16"),
        ),
    ],
)  # fmt: skip
def test_a_column_is_appended_and_nothing_else_differs(tmp_path, data, answers, expected):
    assert filled(tmp_path, data, answers) == expected
    output = tmp_path / "people-fill.csv"
    undo_output(output)
    assert output.read_bytes() == data


def test_a_date_is_written_as_its_format_shows_it(tmp_path):
    data = filled(tmp_path, b"a,b\n1,x\n2,y\n", {"day": [DateSerial(45294), None]}, code="yyyy/m/d")
    assert data == b"a,b,day\n1,x,2024/1/3\n2,y,\n"


def test_rows_outside_of_the_table_get_no_field(tmp_path):
    data = b"a,b\n1,x\n2,y\n3,z\n"
    assert filled(tmp_path, data, {"k": ["p", None]}, cells="A1:B3") == b"a,b,k\n1,x,p\n2,y,\n3,z\n"


def test_the_empty_fields_of_an_existing_column_are_filled_and_short_rows_elsewhere_stay(tmp_path):
    data = b"a,k,b\n1,,x\n2,old,y\n3\n4,,\n"
    assert filled(tmp_path, data, {"K": ["p", None, None, "q"]}) == b"a,k,b\n1,p,x\n2,old,y\n3\n4,q,\n"


def test_a_character_the_encoding_lacks_names_the_cell_and_leaves_no_file(tmp_path):
    with pytest.raises(OutputError) as caught:
        filled(tmp_path, "nom,âge\nRené,3\nZoë,4\n".encode("cp1252"), {"sorte": ["ok", "好"]})
    assert (caught.value.code, caught.value.parameters["cell"]) == ("cannot-encode", "C3")
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]


def test_undo_of_one_cell_empties_its_field_and_undo_of_the_rest_gives_all_back(tmp_path):
    filled(tmp_path, b"a,b\n1,x\n2,y\n", {"k": ["p", "q"]})
    output = tmp_path / "people-fill.csv"
    undo_output(output, ["2"])
    assert output.read_bytes() == b"a,b,k\n1,x,\n2,y,q\n"
    undo_output(output)
    assert output.read_bytes() == b"a,b\n1,x\n2,y\n"


def test_undo_of_a_text_that_was_edited_since_leaves_the_edit(tmp_path):
    filled(tmp_path, b"a,b\n1,x\n2,y\n", {"k": ["p", "q"]})
    output = tmp_path / "people-fill.csv"
    output.write_bytes(output.read_bytes().replace(b"2,y,q", b"2,y,mine"))
    done = undo_output(output)
    assert [left.cell for left in done.conflicts] == ["C3"]
    assert output.read_bytes() == b"a,b,\n1,x,\n2,y,mine\n"


FIELD = st.text('ab1"; \n中,', max_size=4)


@st.composite
def texts(draw):
    """The bytes of a table with a header, ragged rows and blank lines, and the encoding they are in."""
    width = draw(st.integers(2, 4))
    records = [[f"title{n}" for n in range(width)]]
    for _ in range(draw(st.integers(2, 6))):
        records.append(draw(st.lists(FIELD, min_size=1, max_size=width)))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    ending = draw(st.sampled_from(["\n", "\r\n"]))
    stream = io.StringIO()
    csv.writer(stream, quoting=quoting, lineterminator=ending).writerows(records)
    text = stream.getvalue()
    if draw(st.booleans()):
        text = text.removesuffix(ending)
    return text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])))


@given(texts(), st.data())
def test_any_table_stays_rectangular_reads_back_as_asked_and_returns_byte_for_byte(tmp_path_factory, data, drawn):
    folder = tmp_path_factory.mktemp("fill")
    path, output = folder / "t.csv", folder / "t-fill.csv"
    path.write_bytes(data)
    source = open_source(path, delimiter=",")
    (table,) = source.tables()
    assume(table.header == tuple(f"title{n}" for n in range(len(table.header))) != ())
    answer = st.one_of(st.none(), st.text('xy=+-@"; \n中,', min_size=1, max_size=5))
    answers = {
        title: drawn.draw(st.lists(answer, min_size=table.row_count, max_size=table.row_count)) for title in ("K", "L")
    }
    fill(path, output, answers, delimiter=",")
    before, after = (opened.delimited() for opened in (source, open_source(output, delimiter=",")))
    assert after.dialect == before.dialect
    old = [list(row) for row in before.sheet.grid.rows()]
    new = [list(row) for row in after.sheet.grid.rows()]
    values = [[title, *answers[title]] for title in ("K", "L")]
    assert new[: len(old)] == [[*row, values[0][at], values[1][at]] for at, row in enumerate(old)]
    body = [record.rstrip("\r\n") for record in after.raw_records()]
    widths = {len(next(csv.reader(io.StringIO(raw, newline="")))) for raw in body[: len(old)] if raw}
    assert widths == {len(old[0]) + 2}
    undo_output(output)
    assert output.read_bytes() == data


def test_lists_as_even_as_the_records_do_not_make_their_sign_the_delimiter(tmp_path):
    rows = "".join(f"{n},name {n}\n" for n in range(400))
    answers = {"Tags": [f"a{n}; b; c; d" for n in range(400)]}
    filled(tmp_path, f"id,name\n{rows}".encode(), answers)
    assert open_source(tmp_path / "people-fill.csv").delimited().dialect.delimiter == ","
