"""Whether 03/04/2024 is the third of April or the fourth of March: what a column and its table say about it.

Evidence in falling order: what the column's own texts prove, how its real dates are shown, the dates above and below
where the column is in date order, what other columns prove, the currency, the person's region. Reading dates is done in
services/text/dates.py; what becomes of a cell is decided in dates.py.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice, pairwise
from typing import Literal

from services.tasks.clean.rules.first_look import FIRST_TEXTS
from services.tasks.clean.table import Column, Table
from services.text.dates import DateReading, parse_date
from services.workbook.formats import BUILTIN_FORMATS
from services.workbook.grid import DateSerial
from services.workbook.serials import moment_of

Order = Literal["dmy", "mdy", "none"]
Basis = Literal["cells", "dots", "format", "columns", "currency", "region", "none"]

_MONTH_FIRST = frozenset(("US", "PH", "FM", "MH", "PW", "GU", "PR"))
"""Countries that write the month first (Unicode CLDR, dateFormats short)."""

_LEAST_PROOFS = 0.05
"""Of evenly spread days 19 in 31 prove the order; a column in which hardly any does was filled in two orders."""
_FEW_AGAINST = 0.1
"""Above this share of cells that prove the other order, the column says nothing of the open ones."""
_LOCAL_FORMATS = frozenset(BUILTIN_FORMATS[number] for number in (14, 22, 30))
"""A spreadsheet shows these in the order of its own country."""
_FORMAT_NOISE = re.compile(r'\[[^\]]*\]|"[^"]*"|\\\\.|_.')
_DAY_FIRST = re.compile("d{1,2}[^a-z]{1,2}m{1,2}[^a-z]{1,2}y")
_MONTH_FIRST_FORM = re.compile("m{1,2}[^a-z]{1,2}d{1,2}[^a-z]{1,2}y")
_SHOWN_ALIKE = 0.9
"""The share of real dates that must be shown in one order."""
_DAY_FIRST_MONEY = re.compile(r"[£€]|\b(?:GBP|EUR)\b")
"""Currencies of countries that write the day first (Unicode CLDR)."""
_DOLLARS = re.compile(r"\$|\bUSD\b")
_LOCALE = re.compile(r"\[\$-[0-9A-Fa-f]+\]|\[\$(?=[^\]$])")
_LONG = 20
_IN_ORDER = 0.95
"""The share of neighbouring dates that must not fall (or not rise) for a column to be in date order."""
_ENOUGH_NEIGHBOURS = 5


@dataclass(frozen=True, slots=True)
class OrderEvidence:
    """Day first or month first: ``proved`` by ``cells`` cells, or only likely. ``against`` cells prove the other.

    ``basis`` says what makes it likely; ``order`` is "none" where nothing does. ``shown`` is the number format where
    that is the basis, ``cells`` then the dates that have it.
    """

    order: Order
    proved: bool
    cells: int = 0
    against: int = 0
    basis: Basis = "cells"
    shown: str = ""


def weigh_order(
    read: Mapping[str | int | float, tuple[DateReading, int]], column: Column, table: Table
) -> OrderEvidence:
    """What the column's texts prove together about their order; where they prove nothing, what makes one likely."""
    cells: Counter[str] = Counter()
    open_cells = 0
    dotted = False
    for reading, count in read.values():
        if reading.order_proved in ("dmy", "mdy"):
            cells[reading.order_proved] += count
        elif reading.kind == "ambiguous":
            open_cells += count
            dotted = dotted or reading.notation.startswith("dot")
    if cells:
        order: Order = "dmy" if cells["dmy"] >= cells["mdy"] else "mdy"
        most, against = cells[order], cells["mdy" if order == "dmy" else "dmy"]
        proved = not against and most >= _LEAST_PROOFS * (most + open_cells)
        if against <= _FEW_AGAINST * most:
            return OrderEvidence(order, proved, most, against)
        likely = _likely_order(column, table) if open_cells else OrderEvidence("none", False)
        basis: Basis = "format" if likely.basis == "format" else "none"
        return OrderEvidence(likely.order if basis == "format" else "none", False, most, against, basis, likely.shown)
    if not open_cells:
        return OrderEvidence("none", False, basis="none")
    return OrderEvidence("dmy", False, basis="dots") if dotted else _likely_order(column, table)


def days_between_neighbours(
    read: Mapping[str | int | float, tuple[DateReading, int]], column: Column, table: Table
) -> dict[str, date]:
    """The day of each text with several readings of which one alone lies between the dates above and below it.

    Empty where the column is not in date order. A text in several rows must come out the same in each.
    """
    rows: list[int] = []
    days: list[date] = []
    unsettled: list[tuple[int, str]] = []
    for row, value in enumerate(column.values):
        if isinstance(value, DateSerial):
            try:
                day = moment_of(value, table.grid.date_system).date()
            except ValueError:
                continue
        elif isinstance(value, str) and value in read:
            reading = read[value][0]
            if reading.kind == "ambiguous" and not reading.two_digit_year:
                unsettled.append((row, value))
            if reading.kind != "exact" or reading.value is None or reading.two_digit_year:
                continue
            day = _day(reading.value)
        else:
            continue
        rows.append(row)
        days.append(day)
    if not unsettled or len(days) < _ENOUGH_NEIGHBOURS:
        return {}
    steps = len(days) - 1
    rising = sum(1 for above, below in pairwise(days) if above <= below) >= _IN_ORDER * steps
    falling = sum(1 for above, below in pairwise(days) if above >= below) >= _IN_ORDER * steps
    if rising == falling:
        return {}
    fitting: dict[str, set[date | None]] = {}
    for row, text in unsettled:
        at = bisect_left(rows, row)
        if not 0 < at < len(rows):
            fitting.setdefault(text, set()).add(None)
            continue
        first, last = sorted((days[at - 1], days[at]))
        between = [one.value for one in read[text][0].candidates if first <= _day(one.value) <= last]
        fitting.setdefault(text, set()).add(between[0] if len(between) == 1 else None)
    return {text: one for text, found in fitting.items() if len(found) == 1 and (one := next(iter(found))) is not None}


def _likely_order(column: Column, table: Table) -> OrderEvidence:
    """What is shown, written or set elsewhere makes of the order."""
    shown = _shown_order(column, table)
    if shown is not None:
        return shown
    votes = _votes_of_other_columns(column, table)
    if votes:
        return OrderEvidence("dmy" if votes > 0 else "mdy", False, basis="columns")
    if _names_day_first_currency(table):
        return OrderEvidence("dmy", False, basis="currency")
    if table.region is not None:
        return OrderEvidence("mdy" if table.region in _MONTH_FIRST else "dmy", False, basis="region")
    return OrderEvidence("none", False, basis="none")


def _shown_order(column: Column, table: Table) -> OrderEvidence | None:
    """The order in which the column's real dates are shown, where nearly all of them are shown in one."""
    if not column.kinds["date"] or column.index >= len(table.grid.formats):
        return None
    formats = table.grid.formats[column.index]
    rest = {row: code for row, code in formats.other.items() if isinstance(column.original[row], DateSerial)}
    real = sum(1 for value in column.original if isinstance(value, DateSerial))
    codes = Counter(rest.values())
    codes[formats.default] += real - len(rest)
    orders: Counter[Order] = Counter()
    examples: dict[Order, str] = {}
    for code, count in codes.most_common():
        order = _order_of_format(code)
        if count > 0 and order != "none":
            orders[order] += count
            examples.setdefault(order, code)
    if not orders:
        return None
    order, cells = orders.most_common(1)[0]
    if cells < _SHOWN_ALIKE * orders.total():
        return None
    return OrderEvidence(order, False, cells, basis="format", shown=_FORMAT_NOISE.sub("", examples[order]).strip(";@"))


def _order_of_format(code: str) -> Order:
    if code in _LOCAL_FORMATS:
        return "none"
    plain = _FORMAT_NOISE.sub(lambda noise: noise[0][1:] if noise[0][0] == "\\" else "", code).lower()
    if _DAY_FIRST.search(plain):
        return "dmy"
    return "mdy" if _MONTH_FIRST_FORM.search(plain) else "none"


def _votes_of_other_columns(column: Column, table: Table) -> int:
    """How many cells of other columns prove the day first, less those that prove the month first."""
    votes = 0
    for other in table.columns:
        if other.index == column.index:
            continue
        for text in islice(other.texts, FIRST_TEXTS):
            if 8 <= len(text) <= 19 and text[:1].isdigit() and not text.isdigit():
                reading = parse_date(text)
                if reading is not None and reading.order_proved in ("dmy", "mdy"):
                    votes += 1 if reading.order_proved == "dmy" else -1
    return votes


def _names_day_first_currency(table: Table) -> bool:
    """Whether a header, a number format or a text shows pounds or euros, and none shows dollars."""
    shown = [column.name for column in table.columns]
    shown += [_LOCALE.sub("", formats.default) for formats in table.grid.formats]
    shown += [text for column in table.columns for text in islice(column.texts, FIRST_TEXTS) if len(text) < _LONG]
    together = "\n".join(shown)
    return _DAY_FIRST_MONEY.search(together) is not None and _DOLLARS.search(together) is None


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value
