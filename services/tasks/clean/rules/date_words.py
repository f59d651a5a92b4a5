"""Words in a column of dates that name a day otherwise: 2024年春节, 农历八月十五, 去年3月3号, 二季度.

Reading the words is the business of ``services.text.timespans``; which columns hold dates, of ``date_columns``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from services.tasks.clean.rule import Doubt
from services.tasks.clean.table import Column
from services.text.timespans import PartialTime, parse_time_expression
from services.workbook.changes import reason

MOST = 5000
"""Distinct texts looked at; each takes about a tenth of a millisecond."""

_HAN = re.compile("[\u4e00-\u9fff]")
_SOME_DAY = PartialTime(2024, 6, 12, 9, 30, 0)
"""Any base does: only whether the words need one is asked."""
_A_DAY = timedelta(hours=23, minutes=59, seconds=59)


def named_days(column: Column, known: set[str]) -> Iterator[tuple[str, date | Doubt]]:
    """Each text of the column that names a time, those ``known`` to be dates excepted.

    With the day where the words alone name exactly one, else with the doubt why they don't: they depend on the day they
    were written, or mean more than a day.
    """
    unread = (text for text in column.texts if text not in known and _HAN.search(text))
    for text in islice(unread, MOST):
        alone = parse_time_expression(text)
        if alone is not None and alone.kind != "duration":
            day = _single_day(alone.start, alone.end) if alone.precision == "exact" else None
            yield text, day or Doubt(reason("dates.no_single_day", value=text))
            continue
        told = parse_time_expression(text, _SOME_DAY)
        if told is not None and told.kind != "duration":
            yield text, Doubt(reason("dates.relative", value=text))


def _single_day(start: datetime | None, end: datetime | None) -> date | None:
    if start is None or end is None or start.time() != datetime.min.time():
        return None
    return start.date() if end - start == _A_DAY else None
