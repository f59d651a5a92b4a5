"""Texts that are no tables, or far too much of one: each is refused with a code before it takes time and room."""

from __future__ import annotations

import pytest

from services.errors import UnreadableFile
from services.workbook.delimited import LONGEST_FIELD, read_delimited_bytes
from services.workbook.grid import MAX_COLUMN

ROWS = b"a,b\n" + b"1,2\n" * 10


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (ROWS + b"," * MAX_COLUMN + b"\n", "too-many-columns", 12),
        (b'"a",b\n' + b"," * MAX_COLUMN + b"\n", "too-many-columns", 2),
        (ROWS + b"," * 30_000_000 + b"\n", "too-many-columns", 12),
        (ROWS + b"x" * (LONGEST_FIELD + 1) + b",1\n", "field-too-long", 12),
        (b"x" * 20_000_000, "field-too-long", 1),
        (b'"a"\n' + b"x" * (LONGEST_FIELD + 1) + b"\n", "field-too-long", 2),
        (ROWS + b'"abc\n' + ROWS * 4000, "unclosed-quote", 12),
    ],
)
def test_a_line_that_no_table_has_is_named(data: bytes, code: str, line: int) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_delimited_bytes(data, "a.csv")
    assert (caught.value.code, caught.value.parameters["line"]) == (code, line)


@pytest.mark.parametrize("data", [b"a,b\n" * 20_000 + b"," * 3000 + b"\n", ROWS + b"\n" * 6_000_000 + ROWS])
def test_a_rectangle_that_no_sheet_has_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_delimited_bytes(data, "a.csv")
    assert caught.value.code == "sheet-too-large"


def test_a_file_put_together_from_two_encodings_is_refused_and_the_line_named() -> None:
    rows = "姓名,日期\n" + "欧阳张三李四王五,2024年1月3日\n" * 20
    with pytest.raises(UnreadableFile) as caught:
        read_delimited_bytes(rows.encode() + rows.encode("gb18030"), "a.csv")
    assert (caught.value.code, caught.value.parameters["line"]) == ("broken-text", 22)


def test_rare_characters_of_gb18030_do_not_hide_the_encoding() -> None:
    rows = "姓名,日期\n" + "张\u3400\U00020000,2024\n" * 20
    assert read_delimited_bytes(rows.encode("gb18030"), "a.csv").text == rows
