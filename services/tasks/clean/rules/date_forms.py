"""Ways of writing a date in a text file, and which of them a column uses.

Reading dates is done in services/text/dates.py; what becomes of a cell is decided in dates.py.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Literal, get_args

from services.text.dates import parse_date
from services.text.months import MONTH_NAMES

DateForm = Literal[
    "yyyy-mm-dd", "yyyy-m-d", "yyyy/mm/dd", "yyyy/m/d", "yyyy.mm.dd", "yyyy.m.d", "yyyymmdd",
    "yyyy年m月d日", "yyyy年mm月dd日",
    "dd/mm/yyyy", "d/m/yyyy", "dd.mm.yyyy", "d.m.yyyy", "dd-mm-yyyy", "d-m-yyyy",
    "mm/dd/yyyy", "m/d/yyyy", "mm-dd-yyyy", "m-d-yyyy",
    "dd/mm/yy", "d/m/yy", "dd.mm.yy", "d.m.yy", "mm/dd/yy", "m/d/yy",
    "d month yyyy", "d mon yyyy", "dd mon yyyy", "d-mon-yyyy", "dd-mon-yyyy",
    "month d, yyyy", "mon d, yyyy", "month dd, yyyy", "mon dd, yyyy", "month d yyyy", "mon d yyyy",
]  # fmt: skip
"""The complete notations a column can keep. ``mon`` is Jan, ``month`` January; ``d`` has no leading zero."""

ISO: DateForm = "yyyy-mm-dd"

_TOKEN = re.compile("yyyy|yy|month|mon|mm|m|dd|d")
_CLOCK = re.compile(r"[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?", re.ASCII)

_FAMILIES: dict[str, tuple[DateForm, ...]] = {
    "iso": ("yyyy-mm-dd", "yyyy-m-d"),
    "dash-ymd": ("yyyy-m-d", "yyyy-mm-dd"),
    "slash-ymd": ("yyyy/mm/dd", "yyyy/m/d"),
    "dot-ymd": ("yyyy.mm.dd", "yyyy.m.d"),
    "compact": ("yyyymmdd",),
    "zh": ("yyyy年m月d日", "yyyy年mm月dd日"),
    "slash-dmyyyy": ("dd/mm/yyyy", "d/m/yyyy"),
    "dot-dmyyyy": ("dd.mm.yyyy", "d.m.yyyy"),
    "dash-dmyyyy": ("dd-mm-yyyy", "d-m-yyyy"),
    "slash-mdyyyy": ("mm/dd/yyyy", "m/d/yyyy"),
    "dash-mdyyyy": ("mm-dd-yyyy", "m-d-yyyy"),
    "slash-dmyy": ("dd/mm/yy", "d/m/yy"),
    "dot-dmyy": ("dd.mm.yy", "d.m.yy"),
    "slash-mdyy": ("mm/dd/yy", "m/d/yy"),
    "en-dmy": ("d month yyyy", "d mon yyyy", "dd mon yyyy", "d-mon-yyyy", "dd-mon-yyyy"),
    "en-mdy": ("month d, yyyy", "mon d, yyyy", "month dd, yyyy", "mon dd, yyyy", "month d yyyy", "mon d yyyy"),
}
"""The forms that a notation of services/text/dates.py may have."""


def write_date(day: date, form: DateForm) -> str:
    """The calendar day of ``day`` in ``form``."""
    return _write_day(day.year, day.month, day.day, form)


@lru_cache(maxsize=8192)
def _write_day(year: int, month: int, day: int, form: DateForm) -> str:
    name = MONTH_NAMES[month - 1].capitalize()
    parts = {
        "yyyy": f"{year:04d}",
        "yy": f"{year % 100:02d}",
        "month": name,
        "mon": name[:3],
        "mm": f"{month:02d}",
        "m": str(month),
        "dd": f"{day:02d}",
        "d": str(day),
    }
    return _TOKEN.sub(lambda found: parts[found[0]], form)


def write_moment(value: date, form: DateForm) -> str:
    """A date in ``form``; of a date and time the clock follows, to the minute or as fine as it is."""
    text = write_date(value, form)
    if not isinstance(value, datetime):
        return text
    clock = f" {value.hour:02d}:{value.minute:02d}"
    if value.second or value.microsecond:
        clock += f":{value.second:02d}"
    if value.microsecond:
        clock += f".{value.microsecond:06d}".rstrip("0")
    return text + clock


def is_written_so(text: str, value: date, form: DateForm) -> bool:
    """Whether ``text`` is ``value`` in ``form`` already, with a plain 24-hour clock behind it or none."""
    day = write_date(value, form)
    if not text.startswith(day):
        return False
    tail = text[len(day) :]
    return not tail or (isinstance(value, datetime) and _CLOCK.fullmatch(tail) is not None)


def majority_form(written: Iterable[tuple[str, date, str, int]]) -> tuple[DateForm, int]:
    """The form most cells have, and their number, from (text, value, notation, cells); ISO and 0 where none has one."""
    votes: Counter[DateForm] = Counter()
    for text, value, notation, cells in written:
        for form in _FAMILIES.get(notation, ()):
            if is_written_so(text, value, form):
                votes[form] += cells
    if not votes:
        return ISO, 0
    order = get_args(DateForm)
    return max(votes.items(), key=lambda item: (item[1], -order.index(item[0])))


def form_of_example(text: str) -> DateForm | None:
    """The form that a date written as an example shows; None where it is no date that can be read in one way only."""
    reading = parse_date(text)
    if reading is None or reading.value is None:
        return None
    form, votes = majority_form([(text, reading.value, reading.notation, 1)])
    return form if votes else None


def shows_century(form: DateForm) -> bool:
    """Whether the year stands there in full."""
    return "yyyy" in form


def is_plain_to_all(form: DateForm) -> bool:
    """Whether a reader anywhere takes a date in ``form`` for the same day: not 03/04/2024, and not eight digits."""
    return (form.startswith("yyyy") and form != "yyyymmdd") or "mon" in form
