"""The rule ``times``: times of day in one form, in a workbook as real times.

Dates with a time belong to dates.py, lengths of time to durations.py.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import time
from typing import Literal

from services.tasks.clean.rule import Doubt, Finding, Outcome, Proposal, Rule, Step
from services.tasks.clean.rules.first_look import countable, share_of_first_texts, written_alike
from services.tasks.clean.rules.leftovers import leftovers
from services.tasks.clean.table import Column, Table
from services.text.times import TimeReading, parse_time
from services.workbook.changes import reason
from services.workbook.grid import DateSerial, Scalar
from services.workbook.serials import serial_of

TimeForm = Literal["hh:mm", "h:mm", "hh:mm:ss", "h:mm:ss", "h:mm AM", "h:mm:ss AM", "hh:mm AM"]

LEAST_SHARE = 0.6
"""Below this share of times among the filled cells a column is no column of times."""

_AFTERNOON = re.compile(r"\s*(?:1[3-9]|2[0-3])\D", re.ASCII)
_CLOCK_24 = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?", re.ASCII)
_FORMS: tuple[TimeForm, ...] = ("hh:mm", "h:mm", "hh:mm:ss", "h:mm:ss", "h:mm AM", "h:mm:ss AM", "hh:mm AM")


class TimesStep(Step):
    """Times of one column, in ``form`` in a text file. Seconds are written where a time has some."""

    rule: Literal["times"] = "times"
    form: TimeForm = "hh:mm"


@dataclass(frozen=True, slots=True)
class _TimeColumn:
    read: dict[str, tuple[TimeReading, int]]
    timed: int
    filled: int


def propose(table: Table) -> list[TimesStep]:
    """A step for each column of times that are not all in one form."""
    steps = []
    for column in table.columns:
        found = _read(column)
        if found is None:
            continue
        step = TimesStep(column=column.name, form=_majority(found))
        if _findings(step, found, column, table):
            steps.append(step)
    return steps


def run(step: TimesStep, table: Table) -> Outcome:
    """Bring the column's times into the step's form, or make them times."""
    outcome = Outcome()
    column = table.column_named(step.column)
    if column is None or not column.texts:
        return outcome
    found = _read(column)
    if found is None:
        if not column.kinds["date"]:
            outcome.misfit = reason("times.no_times", column=column.name)
        return outcome
    outcome.values.update(_findings(step, found, column, table))
    return outcome


RULE = Rule(name="times", step_type=TimesStep, propose=propose, run=run)


def _read(column: Column) -> _TimeColumn | None:
    """The column as times; real dates and times in it count, so that one text among them is read too."""
    if not column.texts:
        return None
    real = column.kinds["date"]
    if real < 0.4 * column.filled and share_of_first_texts(column, parse_time) < 0.4:
        return None
    read = {text: (reading, n) for text, n in column.texts.items() if (reading := parse_time(text)) is not None}
    timed = sum(count for reading, count in read.values() if reading.kind == "exact")
    real_times = _real_times(column) if real else 0
    filled = countable(column)
    if timed + real_times < LEAST_SHARE * filled:
        return None
    return _TimeColumn(read, timed + real_times, filled)


def _real_times(column: Column) -> int:
    """Cells that hold a time of day: a serial below one day."""
    return sum(1 for value in column.values if isinstance(value, DateSerial) and 0 <= value < 1)


def _majority(found: _TimeColumn) -> TimeForm:
    """The form most cells have, where more than half have it, else hours and minutes by the 24-hour clock."""
    votes: Counter[TimeForm] = Counter()
    total = 0
    for text, (reading, count) in found.read.items():
        total += count
        if reading.value is not None:
            votes.update({form: count for form in _FORMS if _write(reading.value, form) == text})
    if not votes:
        return "hh:mm"
    form, cells = max(votes.items(), key=lambda item: (item[1], -_FORMS.index(item[0])))
    if form == "hh:mm" and votes["h:mm"] == cells and any(text[0] != "0" and text[1:2] == ":" for text in found.read):
        form = "h:mm"
    return form if cells * 2 > total else "hh:mm"


def _write(value: time, form: TimeForm) -> str:
    seconds = f":{value.second:02d}" if value.second or "ss" in form else ""
    if form.endswith("AM"):
        hour, half = (value.hour % 12) or 12, "AM" if value.hour < 12 else "PM"
        start = f"{hour:02d}" if form.startswith("hh") else str(hour)
        return f"{start}:{value.minute:02d}{seconds} {half}"
    start = f"{value.hour:02d}" if form.startswith("hh") else str(value.hour)
    return f"{start}:{value.minute:02d}{seconds}"


def _contradicts_itself(text: str, reading: TimeReading) -> bool:
    """Whether an hour after noon by the 24-hour clock stands before a p.m., where 22:16 PM may have been 2:16 PM."""
    return reading.notation == "clock-12" and _AFTERNOON.match(text) is not None


def _findings(step: TimesStep, found: _TimeColumn, column: Column, table: Table) -> dict[Scalar, Finding]:
    findings: dict[Scalar, Finding] = dict(
        leftovers(column, table, found.read, "times.not_read", found.timed, found.filled)
    )
    alike = not table.typed and written_alike(found.read)
    clocks = all(_CLOCK_24.fullmatch(text) for text in found.read)
    for text, (reading, _) in found.read.items():
        value = reading.value
        if reading.kind == "impossible" or value is None:
            findings[text] = Doubt(reason("times.impossible", value=text))
            continue
        if reading.offset is not None or value.microsecond:
            continue
        if reading.day_offset or not reading.day_sure:
            findings[text] = Doubt(reason("times.which_day", value=text))
            continue
        if alike:
            continue
        shown = _write(value, step.form)
        facts = {"before": text, "after": shown, "count": found.timed, "filled": found.filled}
        if table.typed:
            # 1:41 in a column of clocks alone may as well be a length or a score.
            safe = not clocks or bool(column.kinds["date"])
            why = reason("times.read", **facts) if safe else reason("times.clock_only", **facts)
            safe = safe and not _contradicts_itself(text, reading)
            findings[text] = Proposal(DateSerial(serial_of(value)), why, safe, 1.0 if safe else 0.7)
        elif shown != text and not clocks:
            safe = not _contradicts_itself(text, reading)
            findings[text] = Proposal(shown, reason("times.read", **facts), safe, 1.0 if safe else 0.7)
        elif shown != text:
            findings[text] = Proposal(shown, reason("times.clock_only", **facts), False, 0.5)
    return findings
