"""Reading a column as dates: what its cells say, and whether it is one at all.

The order of day and month is weighed in date_order.py; what should become of a cell is decided in dates.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice

from services.tasks.clean.rules.date_order import OrderEvidence, weigh_order
from services.tasks.clean.rules.digit_codes import header_names_codes
from services.tasks.clean.rules.first_look import FIRST_TEXTS, countable, share_of_first_texts
from services.tasks.clean.table import Column, Table
from services.text.dates import DateOrder, DateReading, parse_date, parse_serial_text
from services.workbook.grid import DateSerial
from services.workbook.serials import moment_of

LEAST_SHARE = 0.6
"""Below this share of dates among the filled cells a column is no column of dates."""
LEAST_WRITTEN = 0.4
"""The share of cells that must be dates by themselves before the numbers among them are taken for serials of days."""

_SIMPLE_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", re.ASCII)
_ISO = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}(?: [0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?", re.ASCII)
_COMPACT = re.compile(r"(?:19|20)[0-9]{6}", re.ASCII)
_EARLIEST_SERIAL, _LATEST_SERIAL = 20_000, 60_000
"""1954 to 2064: a number outside is not taken for the serial of a day."""
_DAYS_AROUND = 400


@dataclass(frozen=True, slots=True)
class DateColumn:
    """A column read as dates.

    ``read`` maps texts and whole numbers to what they say and their cells, ``serials`` those that are serials of days
    to the moment and cells. ``real`` counts cells that are dates already; ``first`` and ``last`` are the days the sure
    ones span.
    """

    read: dict[str | int | float, tuple[DateReading, int]]
    serials: dict[str | int | float, tuple[datetime, int]]
    order: OrderEvidence
    real: int
    dated: int
    filled: int
    first: date | None
    last: date | None
    sure_cells: int
    compact_only: bool

    @property
    def share(self) -> float:
        """The share of the filled cells that are dates."""
        return self.dated / self.filled if self.filled else 0.0


def read_date_column(column: Column, table: Table) -> DateColumn | None:
    """The column as dates, or None where a clear majority is something else.

    A column of real dates alone, with nothing beside them, is None too.
    """
    if not _may_hold_dates(column):
        return None
    read: dict[str | int | float, tuple[DateReading, int]] = {}
    others: list[tuple[str | int | float, float, int]] = []
    for text, count in column.texts.items():
        reading = read_text(text)
        if reading is not None:
            read[text] = (reading, count)
        elif (serial := parse_serial_text(text)) is not None:
            others.append((text, serial, count))
    for value, count in column.numbers.items():
        reading = parse_date(str(value)) if isinstance(value, int) and _COMPACT.fullmatch(str(value)) else None
        if reading is not None:
            read[value] = (reading, count)
        else:
            others.append((value, float(value), count))
    real_days = [value for value in column.values if isinstance(value, DateSerial) and value >= 1]
    real = len(real_days)
    order = weigh_order(read, column, table)
    if order.proved and order.order != "none":
        read = {text: (_settled(text, reading, order.order), count) for text, (reading, count) in read.items()}
    sure = {
        text: (reading, count)
        for text, (reading, count) in read.items()
        if reading.kind == "exact" and reading.value is not None and not reading.two_digit_year
    }
    not_compact = real + sum(count for reading, count in read.values() if reading.notation != "compact")
    days = [_day(reading.value) for reading, _ in sure.values() if reading.value is not None]
    days += _span(real_days, table)
    first, last = (min(days), max(days)) if days else (None, None)
    serials = _serials(others, first, last, table) if not_compact else {}
    dated = real + sum(count for reading, count in read.values() if reading.kind in ("exact", "ambiguous"))
    written = dated
    dated += sum(count for _, count in serials.values())
    found = DateColumn(
        read=read,
        serials=serials,
        order=order,
        real=real,
        dated=dated,
        filled=countable(column),
        first=first,
        last=last,
        sure_cells=real + sum(count for _, count in sure.values()),
        compact_only=not not_compact,
    )
    if found.compact_only and header_names_codes(column.name):
        return None
    least = 0.95 if found.compact_only else LEAST_SHARE
    if written < LEAST_WRITTEN * found.filled or found.share < least:
        return None
    return found


def is_all_iso(column: Column) -> bool:
    """Whether a text file's column has nothing but possible days and clock times in ISO 8601; stops at the first other.

    The years are those that the parser of dates takes for plausible.
    """
    for text in column.texts:
        if not _ISO.fullmatch(text):
            return False
        try:
            datetime.fromisoformat(text)
        except ValueError:
            return False
    return bool(column.texts)


def read_text(text: str) -> DateReading | None:
    """What a text says, the frequent plain notations without the parser's full care."""
    length = len(text)
    if 10 <= length <= 19 and text[4] == "-" and text[7:8] == "-" and text[5].isdigit() and text.isascii():
        if length == 10:
            return _read_day(text)
        if length in (16, 19) and text[10] == " ":
            try:
                value = datetime.fromisoformat(text)
            except ValueError:
                return parse_date(text)
            if 1000 <= value.year <= 2999:
                return DateReading("exact", "iso", "minute" if length == 16 else "second", value, order_proved="ymd")
    head, space, tail = text.partition(" ")
    clock = _SIMPLE_CLOCK.fullmatch(tail) if space else None
    if clock is None or not head[:1].isdigit():
        return _read_day(text) if length <= 10 else parse_date(text)
    day = _read_day(head)
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    if day is None or day.kind != "exact" or day.value is None or hour > 23 or minute > 59 or second > 59:
        return parse_date(text)
    value = datetime(day.value.year, day.value.month, day.value.day, hour, minute, second)
    return DateReading(
        "exact",
        day.notation,
        "second" if clock[3] else "minute",
        value,
        (),
        day.order_proved,
        day.parts,
        day.two_digit_year,
    )


def _may_hold_dates(column: Column) -> bool:
    """A first look: whether much of the beginning is dates."""
    filled = column.filled
    if column.texts and share_of_first_texts(column, _may_be_date) >= 0.4:
        return True
    if column.kinds["date"] >= 0.4 * filled:
        return bool(column.texts or column.numbers)
    if column.kinds["number"] < 0.4 * filled:
        return False
    first = list(islice(column.numbers, FIRST_TEXTS))
    fitting = sum(1 for value in first if isinstance(value, int) and _COMPACT.fullmatch(str(value)))
    return fitting >= 0.4 * len(first) > 0


def _may_be_date(text: str) -> bool:
    reading = read_text(text)
    return reading is not None and reading.kind != "incomplete"


@lru_cache(maxsize=8192)
def _read_day(text: str) -> DateReading | None:
    return parse_date(text)


def _settled(text: str | int | float, reading: DateReading, order: DateOrder) -> DateReading:
    if reading.kind != "ambiguous" or not isinstance(text, str) or not any(c.order for c in reading.candidates):
        return reading
    return parse_date(text, order=order) or reading


def _span(serials: list[DateSerial], table: Table) -> list[date]:
    """The first and last day of the cells that are dates already."""
    days = []
    for serial in (min(serials), max(serials)) if serials else ():
        try:
            days.append(moment_of(serial, table.grid.date_system).date())
        except ValueError:
            continue
    return days


def _serials(
    others: list[tuple[str | int | float, float, int]], first: date | None, last: date | None, table: Table
) -> dict[str | int | float, tuple[datetime, int]]:
    """Numbers that are serials of days about the span of the column's dates."""
    found: dict[str | int | float, tuple[datetime, int]] = {}
    if first is None or last is None:
        return found
    around = timedelta(days=_DAYS_AROUND)
    for value, serial, count in others:
        if not _EARLIEST_SERIAL <= serial <= _LATEST_SERIAL:
            continue
        moment = moment_of(serial, table.grid.date_system)
        if first - around <= moment.date() <= last + around:
            found[value] = (moment, count)
    return found


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value
