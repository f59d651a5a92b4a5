"""The rule ``dates``: texts that are dates become dates in a workbook, and one notation in a text file.

What could be another day is left for the person, and a day that never was is flagged, never bent to a near one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from itertools import islice
from typing import Literal

from services.tasks.clean.rule import Doubt, Finding, Outcome, Proposal, Rule, Step
from services.tasks.clean.rules.date_columns import DateColumn, is_all_iso, read_date_column
from services.tasks.clean.rules.date_forms import (
    ISO,
    DateForm,
    is_plain_to_all,
    is_written_so,
    majority_form,
    shows_century,
    write_moment,
)
from services.tasks.clean.rules.date_order import OrderEvidence, days_between_neighbours
from services.tasks.clean.rules.date_words import named_days
from services.tasks.clean.rules.first_look import written_alike
from services.tasks.clean.rules.leftovers import leftovers
from services.tasks.clean.table import Column, Table
from services.text.dates import DateReading, parse_date
from services.workbook.changes import Reason, reason
from services.workbook.grid import DateSerial
from services.workbook.serials import serial_of

Key = str | int | float

_VOTERS = 2000
"""Distinct texts that are asked for the column's notation."""
_NEARLY_ALL = 0.8
"""The share of cells from which a column keeps a notation that is not plain to every reader."""
_STRAY = 0.1
"""Up to this share of cells that prove the other order are slips, which don't change how the column is written."""
_MOST_INCOMPLETE = 0.2
"""Above this share of months without days the column means months, and they are not flagged."""
_ENOUGH_DATES = 5
"""Cells with sure dates from which the span of a column says which century a two-digit year belongs to."""


class DatesStep(Step):
    """Dates of one column. ``order`` reads 03/04/2024, ``sure`` says whether that is settled or only likely.

    ``order`` is "none" where no cell needs it or nothing tells; ``form`` is the notation in a text file.
    """

    rule: Literal["dates"] = "dates"
    order: Literal["dmy", "mdy", "none"] = "none"
    sure: bool = True
    form: DateForm = ISO


def propose(table: Table) -> list[DatesStep]:
    """A step for each column of dates that are not all real dates, or in a text file not all in one notation."""
    steps = []
    for column in table.columns:
        if not table.typed and is_all_iso(column):
            continue
        found = read_date_column(column, table)
        if found is None:
            continue
        needs_order = bool(found.order.cells) or any(reading.kind == "ambiguous" for reading, _ in found.read.values())
        step = DatesStep(
            column=column.name,
            order=found.order.order if needs_order else "none",
            sure=found.order.proved or found.order.order == "none" or not needs_order,
            form=ISO if table.typed else _form(found),
        )
        if any(True for _ in _all_findings(step, found, column, table)):
            steps.append(step)
    return steps


def run(step: DatesStep, table: Table) -> Outcome:
    """Read the column's dates and say what each cell should hold."""
    outcome = Outcome()
    column = table.column_named(step.column)
    if column is None or not (column.texts or column.numbers):
        return outcome
    found = read_date_column(column, table)
    if found is None:
        if not column.kinds["date"]:
            outcome.misfit = reason("dates.no_dates", column=column.name)
        return outcome
    if step.order not in ("none", found.order.order) and step.sure and found.order.proved:
        outcome.misfit = reason("dates.other_order", column=column.name, count=found.order.cells)
        return outcome
    outcome.values.update(_all_findings(step, found, column, table))
    return outcome


RULE = Rule(name="dates", step_type=DatesStep, propose=propose, run=run)


def in_form(column: Column, table: Table, form: DateForm) -> DatesStep | None:
    """The step that writes the column's dates in ``form`` in a text file, None where it is no column of dates."""
    found = read_date_column(column, table)
    if found is None:
        return None
    return DatesStep(column=column.name, order=found.order.order, sure=found.order.proved, form=form)


def _form(found: DateColumn) -> DateForm:
    """The complete notation most cells have already; where there is none, or its order is disputed, ISO 8601."""
    disputed = found.order.against > _STRAY * found.order.cells
    written = []
    for text, (reading, count) in islice(found.read.items(), _VOTERS):
        if not isinstance(text, str):
            continue
        order = found.order.order
        if found.order.against and not disputed and reading.kind == "ambiguous" and order != "none":
            reading = parse_date(text, order=order) or reading
        if reading.value is not None:
            notation = "" if disputed and "yyyy" in reading.notation else reading.notation
            written.append((text, reading.value, notation, count))
    form, cells = majority_form(written)
    voters = islice(found.read.values(), _VOTERS)
    asked = sum(count for reading, count in voters if reading.kind in ("exact", "ambiguous"))
    return form if cells > asked * (0.5 if is_plain_to_all(form) else _NEARLY_ALL) else ISO


def _all_findings(step: DatesStep, found: DateColumn, column: Column, table: Table) -> Iterator[tuple[Key, Finding]]:
    """What each cell that is written as a date should hold, then what words that name a day mean."""
    yield from _findings(step, found, column, table)
    known = {text for text in (*found.read, *found.serials) if isinstance(text, str)}
    for text, day in named_days(column, known):
        if isinstance(day, Doubt):
            yield text, day
        else:
            named = _proposal(text, day, reason("dates.named", before=text, after=_shown(day)), False, 0.8, step, table)
            if named is not None:
                yield text, named
        known.add(text)
    yield from leftovers(column, table, known, "dates.not_read", found.dated, found.filled)


def _findings(step: DatesStep, found: DateColumn, column: Column, table: Table) -> Iterator[tuple[Key, Finding]]:
    """What each cell should hold, one after the other, so that proposing stops at the first."""
    consistent = (
        not table.typed and not step.asked and (_one_open_notation(found) or _one_other_notation(found, step.form))
    )
    order = found.order
    if step.order != "none":
        order = replace(order, order=step.order, proved=step.sure and not order.against)
    readings = found.read.values()
    open_cells = not consistent and not order.proved and any(one.kind == "ambiguous" for one, _ in readings)
    between = days_between_neighbours(found.read, column, table) if open_cells else {}
    incomplete = sum(count for reading, count in readings if reading.kind == "incomplete")
    flag_incomplete = incomplete <= _MOST_INCOMPLETE * found.filled
    for text, (reading, _) in found.read.items():
        finding: Finding | None
        if reading.kind == "impossible":
            finding = Doubt(reason("dates.impossible", value=str(text)))
        elif consistent:
            continue
        elif reading.kind == "incomplete":
            finding = Doubt(reason("dates.incomplete", value=str(text))) if flag_incomplete else None
        elif reading.weekday_agrees is False:
            finding = Doubt(reason("dates.weekday", value=str(text)))
        elif reading.kind == "ambiguous":
            finding = _open_order(text, reading, order, between.get(str(text)), step, table)
        else:
            finding = _exact(text, reading, found, order, step, table)
        if finding is not None:
            yield text, finding
    for text, (moment, _) in found.serials.items():
        value = moment.date() if moment.time() == time() else moment
        facts = {"before": str(text), "after": _shown(value), "count": found.sure_cells, "filled": found.filled}
        finding = _proposal(
            text, value, reason("dates.serial", **facts), found.sure_cells >= _ENOUGH_DATES, 0.9, step, table
        )
        if finding is not None:
            yield text, finding


def _one_other_notation(found: DateColumn, form: DateForm) -> bool:
    """Whether all cells of a text file are written alike in a way that is no form of ours (Mar 5, 2024 7:05 PM)."""
    texts = [
        text for text, (reading, _) in found.read.items() if reading.kind != "impossible" and isinstance(text, str)
    ]
    notations = {found.read[text][0].notation for text in islice(texts, _VOTERS)}
    if form != ISO or found.serials or found.order.against or len(notations) != 1 or not written_alike(texts):
        return False
    first = texts[0]
    value = found.read[first][0].value
    return (
        value is not None and not is_written_so(first, value, form) and _form(found) == ISO and "iso" not in notations
    )


def _one_open_notation(found: DateColumn) -> bool:
    """Whether all cells of a text file share one notation that is read two ways: consistent, so left as it is."""
    families = {
        reading.notation.replace("-dm", "-xx").replace("-md", "-xx").replace("-yymd", "-xxyy")
        for reading, _ in found.read.values()
        if reading.kind != "impossible"
    }
    if len(families) != 1 or found.serials:
        return False
    (family,) = families
    two_digits = all(reading.two_digit_year for reading, _ in found.read.values())
    return two_digits or (family.endswith("xxyyyy") and not found.order.cells)


def _open_order(
    text: Key, reading: DateReading, order: OrderEvidence, between: date | None, step: DatesStep, table: Table
) -> Finding | None:
    """03/04/2024: settled by the order the column proves, for review where one is likely, else told with its readings.

    ``between`` is the reading that the dates above and below leave, if they do.
    """
    likely = parse_date(str(text), order=order.order) if order.order != "none" else None
    value = likely.value if likely is not None else None
    if order.proved and value is not None and not reading.two_digit_year:
        return _proposal(text, value, _order_settled(text, value, order), True, 1.0, step, table)
    contradicted = between is not None and order.basis in ("cells", "format") and value not in (None, between)
    if contradicted or (value is None and between is None):
        values = " / ".join(_shown(candidate.value) for candidate in reading.candidates)
        return Doubt(reason("dates.open", value=str(text), readings=values))
    if between is not None and order.basis not in ("cells", "format"):
        value = between
    assert value is not None
    others = " / ".join(_shown(candidate.value) for candidate in reading.candidates if candidate.value != value)
    facts = {"before": str(text), "after": _shown(value), "other": others}
    if value == between:
        why = reason("dates.order_between", **facts)
    elif order.basis == "format":
        why = reason("dates.order_shown", count=order.cells, shown=order.shown, **facts)
    else:
        why = reason("dates.order_open" if order.basis == "cells" else "dates.order_likely", **facts)
    return _proposal(text, value, why, False, 0.5 if value != between else 0.8, step, table)


def _exact(
    text: Key, reading: DateReading, found: DateColumn, order: OrderEvidence, step: DatesStep, table: Table
) -> Finding | None:
    value = reading.value
    if value is None or (isinstance(value, datetime) and value.tzinfo is not None):
        return None  # a moment in a zone has no place in a cell without changing its clock
    if not 1000 <= value.year <= 2999:
        return None  # 9999-12-31 is what a database writes for "never"
    if not table.typed and isinstance(text, str) and is_written_so(text, value, step.form):
        return None
    safe, confidence = True, 1.0
    facts = {"before": str(text), "after": _shown(value), "count": found.dated, "filled": found.filled}
    why = reason("dates.read", **facts)
    if len({candidate.value for candidate in reading.candidates}) > 1:
        if order.proved:
            why = _order_settled(text, value, order)
        else:
            others = [_shown(candidate.value) for candidate in reading.candidates if candidate.value != value]
            why = reason("dates.order_open", before=str(text), after=_shown(value), other=" / ".join(others))
            safe, confidence = False, 0.5
    if reading.two_digit_year and not _in_span(value, found):
        why, safe, confidence = reason("dates.short_year", before=str(text), after=_shown(value)), False, 0.7
    elif found.compact_only:
        why, safe, confidence = reason("dates.compact", **facts), False, 0.8
    if not table.typed and not shows_century(step.form):
        safe = safe and reading.two_digit_year  # a year in full says more than the column's form does
    return _proposal(text, value, why, safe, confidence, step, table)


def _order_settled(text: Key, value: date, order: OrderEvidence) -> Reason:
    code = "dates.day_first" if order.order == "dmy" else "dates.month_first"
    return reason(code, before=str(text), after=_shown(value), count=order.cells)


def _in_span(value: date, found: DateColumn) -> bool:
    """Whether enough cells with full years surround the year that two digits were read as."""
    if found.first is None or found.last is None or found.sure_cells < _ENOUGH_DATES:
        return False
    return found.first.year <= value.year <= found.last.year


def _proposal(
    text: Key, value: date, why: Reason, safe: bool, confidence: float, step: DatesStep, table: Table
) -> Finding | None:
    if table.typed:
        try:
            serial = serial_of(value, table.grid.date_system)
        except ValueError:
            return Doubt(reason("dates.too_early", value=str(text), system=table.grid.date_system))
        return Proposal(DateSerial(serial), why, safe, confidence)
    if is_written_so(str(text), value, step.form):
        return None
    return Proposal(write_moment(value, step.form), why, safe, confidence)


def _shown(value: date) -> str:
    return write_moment(value, ISO)
