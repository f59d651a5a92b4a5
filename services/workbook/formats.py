"""What kind of value a number format shows, and which date format a workbook itself uses. Nothing here renders values.

Format codes are those of SpreadsheetML (ECMA-376 part 1, 18.8.30 and 18.8.31), always in their English letters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal

from services.workbook.grid import DateSerial, Sheet

FormatKind = Literal["general", "number", "text", "date", "time", "datetime", "duration"]
Precision = Literal["day", "minute", "second"]

DEFAULT_DATE_FORMATS: dict[Precision, str] = {
    "day": "yyyy-mm-dd",
    "minute": "yyyy-mm-dd hh:mm",
    "second": "yyyy-mm-dd hh:mm:ss",
}
"""ISO 8601: read alike in every country, and it sorts as text."""

BUILTIN_FORMATS: dict[int, str] = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"$"#,##0_);\\("$"#,##0\\)', 6: '"$"#,##0_);[Red]\\("$"#,##0\\)',
    7: '"$"#,##0.00_);\\("$"#,##0.00\\)', 8: '"$"#,##0.00_);[Red]\\("$"#,##0.00\\)',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "mm-dd-yy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "m/d/yy h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;[Red](#,##0.00)",
    41: '_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)', 42: '_("$"* #,##0_);_("$"* \\(#,##0\\);_("$"* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)',
    44: '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0", 48: "##0.0E+0", 49: "@",
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
"""Formats that a file names by number only; 27 to 36 and 50 to 58 as in the Chinese (PRC) edition."""


_GENERAL_ZH = "g/通用格式"
"""General as Chinese editions name it on the screen; programs write that into files and take it from macros."""


@lru_cache(maxsize=4096)
def kind_of_format(code: str) -> FormatKind:
    """What a number format shows. A code with any date or time field outside of quotes is never a number."""
    if code.strip().lower() in ("general", _GENERAL_ZH):
        return "general"
    fields = _fields(code)
    if "duration" in fields:
        return "duration"
    has_date, has_time = "date" in fields, "time" in fields
    if "month or minute" in fields:
        has_date = has_date or not has_time
    if has_date or has_time:
        return ("datetime" if has_time else "date") if has_date else "time"
    if "digit" in fields:
        return "number"
    return "text" if "text" in fields else "general"


def shows_a_date(code: str) -> bool:
    """Whether a number in this format is a date, a time or a duration."""
    return kind_of_format(code) in ("date", "time", "datetime", "duration")


def precision_of(code: str) -> Precision | None:
    """How fine a date format is; None for one without a full date (year, month and day)."""
    fields = _fields(code)
    if not {"date", "year", "day", "month or minute"} <= set(fields):
        return None
    if "second" in fields:
        return "second"
    return "minute" if "time" in fields else "day"


def date_format_of(sheets: Sequence[Sheet], title: str, column: int, precision: Precision) -> str:
    """The workbook's own kind of date format of a given precision, for a 1-based ``column`` of the sheet ``title``.

    The most used one in that column, else in that sheet, else in the workbook, else the ISO 8601 one; counted
    over cells that hold dates.
    """
    here = [sheet for sheet in sheets if sheet.title == title]
    columns = [(sheet, column - sheet.grid.first_column) for sheet in here]
    for scope in (
        columns,
        [(sheet, index) for sheet in here for index in range(sheet.grid.column_count)],
        [(sheet, index) for sheet in sheets for index in range(sheet.grid.column_count)],
    ):
        found = _most_used(scope, precision)
        if found is not None:
            return found
    return DEFAULT_DATE_FORMATS[precision]


def _most_used(scope: Iterable[tuple[Sheet, int]], precision: Precision) -> str | None:
    counts: Counter[str] = Counter()
    for sheet, index in scope:
        grid = sheet.grid
        if 0 <= index < min(grid.column_count, len(grid.formats)):
            formats = grid.formats[index]
            if not any(precision_of(code) == precision for code in {formats.default, *formats.other.values()}):
                continue
            for row, value in enumerate(grid.columns[index]):
                if isinstance(value, DateSerial):
                    counts[formats.at(row)] += 1
    fitting = [(count, code) for code, count in counts.items() if precision_of(code) == precision]
    return max(fitting, key=lambda pair: (pair[0], pair[1]))[1] if fitting else None


@lru_cache(maxsize=4096)
def _fields(code: str) -> tuple[str, ...]:
    """The kinds of field in a code, without quoted text, escapes, colours, conditions and locales."""
    found: set[str] = set()
    lower, at = code.lower(), 0
    while at < len(lower):
        letter = lower[at]
        if letter == '"':
            close = lower.find('"', at + 1)
            at = len(lower) if close < 0 else close + 1
        elif letter in "\\_*":
            at += 2
        elif letter == "[":
            close = lower.find("]", at)
            close = len(lower) if close < 0 else close
            inner = lower[at + 1 : close]
            if inner and inner.strip(inner[0]) == "" and inner[0] in "hms":
                found.add("duration")
            at = close + 1
        elif lower.startswith(("general", _GENERAL_ZH), at):
            at += len("general") if lower.startswith("general", at) else len(_GENERAL_ZH)
        elif lower.startswith(("am/pm", "a/p"), at):
            found.add("time")
            at += 5 if lower.startswith("am/pm", at) else 3
        elif letter == "e" and lower[at + 1 : at + 2] in ("+", "-"):
            found.add("digit")
            at += 2
        else:
            found.update(_LETTERS.get(letter, ()))
            at += 1
    return tuple(sorted(found))


_LETTERS: dict[str, tuple[str, ...]] = {
    "y": ("date", "year"), "e": ("date", "year"), "g": ("date",), "b": ("date",),
    "d": ("date", "day"), "a": ("date",), "m": ("month or minute",),
    "h": ("time",), "s": ("time", "second"),
    "0": ("digit",), "#": ("digit",), "?": ("digit",), "@": ("text",),
}  # fmt: skip
