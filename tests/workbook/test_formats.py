"""What a number format shows, and which date format a workbook uses itself."""

from __future__ import annotations

import pytest

from services.workbook.formats import (
    BUILTIN_FORMATS,
    Precision,
    date_format_of,
    kind_of_format,
    precision_of,
    shows_a_date,
)
from services.workbook.grid import ColumnFormats, DateSerial, Grid, Scalar, Sheet


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("General", "general"),
        ("GENERAL", "general"),
        ('General" dy"', "general"),
        ("G/通用格式", "general"),
        ('[DBNum2][$-804]G/通用格式"元"', "general"),
        ("ggge", "date"),
        ("0.00E+00", "number"),
        ("##0.0e-0", "number"),
        ('0.0" days"', "number"),
        ("[Red]#,##0;[Blue]-#,##0", "number"),
        ("[>=100]0;0.0", "number"),
        ("0\\d", "number"),
        ("_d0*y", "number"),
        ("[$-409]0.00", "number"),
        ('[$€-2] #,##0.00;[Red]"days"0', "number"),
        ("@", "text"),
        ("yyyy-mm-dd", "date"),
        ("mmm yy", "date"),
        ("m/d", "date"),
        ('[$-804]yyyy"年"m"月"d"日"', "date"),
        ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "date"),
        ('[$-411]ggge"年"m"月"', "date"),
        ("[DBNum1][$-804]aaaa", "date"),
        ('"";yyyy-mm-dd', "date"),
        ("yyyy-mm-dd hh:mm:ss", "datetime"),
        ("m/d/yy h:mm AM/PM", "datetime"),
        ("h:mm", "time"),
        ("mm:ss.0", "time"),
        ('上午/下午h"时"mm"分"', "time"),
        ("[h]:mm", "duration"),
        ("[mm]:ss", "duration"),
        ('[$-409]"unclosed', "general"),
    ],
)
def test_a_code_is_classed_by_its_fields(code: str, kind: str) -> None:
    assert kind_of_format(code) == kind


def test_the_built_in_date_formats_are_exactly_these() -> None:
    dates = {number for number, code in BUILTIN_FORMATS.items() if shows_a_date(code)}
    assert dates == {*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)}


@pytest.mark.parametrize(
    ("code", "precision"),
    [
        ("yyyy-mm-dd", "day"),
        ("d/m/yy h:mm", "minute"),
        ("yyyy-mm-dd hh:mm:ss", "second"),
        ("mmm yy", None),
        ("h:mm", None),
        ("0", None),
    ],
)
def test_a_date_format_says_how_fine_it_is(code: str, precision: Precision | None) -> None:
    assert precision_of(code) == precision


def sheet(title: str, *columns: tuple[list[Scalar], str]) -> Sheet:
    formats = tuple(ColumnFormats(code) for _values, code in columns)
    return Sheet(title, Grid(tuple(values for values, _code in columns), formats=formats, first_column=2, sheet=title))


def test_the_date_format_is_that_of_the_column_else_the_sheet_else_the_workbook() -> None:
    one, two = DateSerial(1), DateSerial(2)
    sheets = [
        sheet("a", ([one, None], "d.m.yyyy"), ([one, two], "yyyy/m/d"), ([1, 2], "dd-mm-yyyy")),
        sheet("b", ([1, 2], "0")),
    ]
    assert date_format_of(sheets, "a", 2, "day") == "d.m.yyyy"
    assert date_format_of(sheets, "a", 4, "day") == "yyyy/m/d"
    assert date_format_of(sheets, "b", 2, "day") == "yyyy/m/d"
    assert date_format_of(sheets, "b", 2, "minute") == "yyyy-mm-dd hh:mm"
    assert date_format_of(sheets, "b", 2, "second") == "yyyy-mm-dd hh:mm:ss"
