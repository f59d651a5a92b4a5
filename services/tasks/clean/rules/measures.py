"""The rule ``measures``: numbers with a unit get one form; a unit the whole column shares leaves the cells.

Lengths of time belong to durations.py, money to amounts.py, per cent to percents.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import isfinite
from typing import Literal

from services.tasks.clean.rule import Doubt, Finding, Outcome, Proposal, Rule, Step
from services.tasks.clean.rules.measure_columns import (
    MeasureColumn,
    ending_of,
    is_counting,
    is_written_alike,
    read_measure_column,
)
from services.tasks.clean.rules.number_cells import as_number, as_text, number_format_of
from services.tasks.clean.table import Column, Table
from services.text.numerals import Number
from services.text.units import Measure, Unit, convert, find_unit, parse_measure
from services.workbook.changes import reason
from services.workbook.grid import Scalar

SAFE_SHARE = 0.8
"""From this share of cells on, one way of writing a unit is the column's form."""
PIECES = "pc"
"""The unit of what is counted one by one (services/text/data/units.tsv): 12 pcs are 12, other than 12 boxes."""
_FEW = 3
"""Fewer cells than this in another unit are a slip to look at, not a second unit."""


class MeasuresStep(Step):
    """Measures of one column. ``form`` says whether the cells keep the unit, written as ``ending``, or only the number.

    ``unit`` is what the column is measured in.
    """

    rule: Literal["measures"] = "measures"
    unit: str
    form: Literal["number", "with unit"] = "number"
    ending: str = ""


def propose(table: Table) -> list[MeasuresStep]:
    """A step for each column of measures that are not all written in one way."""
    steps = []
    for column in table.columns:
        found = None if is_written_alike(column) else read_measure_column(column)
        if found is None or _is_time(found.unit):
            continue
        uniform = found.ending_cells >= SAFE_SHARE * found.cells
        step = MeasuresStep(
            column=column.name,
            unit=found.unit,
            form="with unit" if uniform else "number",
            ending=found.ending if uniform else "",
        )
        if any(True for _ in _findings(step, found, column, table)):
            steps.append(step)
    return steps


def run(step: MeasuresStep, table: Table) -> Outcome:
    """Bring the column's measures into the step's form."""
    outcome = Outcome()
    column = table.column_named(step.column)
    found = read_measure_column(column) if column is not None else None
    if column is None or found is None:
        return outcome
    if found.unit != step.unit:
        outcome.misfit = reason("measures.other_unit", column=column.name, unit=step.unit, found=found.unit)
        return outcome
    outcome.values.update(_findings(step, found, column, table))
    return outcome


RULE = Rule(name="measures", step_type=MeasuresStep, propose=propose, run=run)


def number_only(column: Column) -> MeasuresStep | None:
    """The step that takes the column's unit off every cell, None where the column has no one unit."""
    found = read_measure_column(column)
    return None if found is None or _is_time(found.unit) else MeasuresStep(column=column.name, unit=found.unit)


def _is_time(unit: str) -> bool:
    known = find_unit(unit)
    return known is not None and known.dimension == "time"


def _findings(
    step: MeasuresStep, found: MeasureColumn, column: Column, table: Table
) -> Iterator[tuple[Scalar, Finding]]:
    """What each cell should hold, one after the other, so that proposing stops at the first."""
    target = find_unit(step.unit)
    keep_zeros = _fixed_places(found)
    number_format = number_format_of(column, table) if table.typed else None
    for text, (measure, _) in found.measures.items():
        number = _settled(text, measure, found)
        if found.unit_of(measure) != step.unit:
            finding = _other_unit(text, measure, number, target, step, found, table)
        elif step.form == "with unit":
            finding = _respelled(text, measure, number, step, found)
        else:
            finding = _number_only(text, measure, number, step, found, table, keep_zeros, number_format)
        if finding is not None:
            yield text, finding
    if step.form == "with unit":
        sizes = [
            abs(measure.number.value) for measure, _ in found.measures.values() if found.unit_of(measure) == step.unit
        ]
        span = (min(sizes), max(sizes))
        for value, (bare, _) in found.bare.items():
            yield value, _unit_missing(str(value), bare, span, step, found)
        for value in filter(isfinite, column.numbers):
            yield value, _unit_missing(str(value), Number(Decimal(str(value))), span, step, found)


def _settled(text: str, measure: Measure, found: MeasureColumn) -> Number:
    """The measure's number, read by the column's decimal sign where its own text leaves it open."""
    if measure.number.doubt != "decimal_sign" or not found.sign_proved:
        return measure.number
    again = parse_measure(text, decimal_sign=found.sign)
    return again.number if again is not None else measure.number


def _respelled(text: str, measure: Measure, number: Number, step: MeasuresStep, found: MeasureColumn) -> Finding | None:
    """The same unit written as the column writes it; words behind it are left, and so is 1 pound beside 2 pounds."""
    if measure.rest or ending_of(text) == step.ending or number.doubt is not None:
        return None
    plural, own = step.ending.strip(" ."), measure.unit_text
    if abs(number.value) == 1 and plural.lower() in (f"{own.lower()}s", f"{own.lower()}es"):
        return None
    after = as_text(number.value, found.sign) + step.ending
    if after == text:
        return None
    why = reason("measures.spelling", before=text, after=after, count=found.ending_cells, filled=found.filled)
    return Proposal(after, why, True, 0.95)


def _number_only(
    text: str,
    measure: Measure,
    number: Number,
    step: MeasuresStep,
    found: MeasureColumn,
    table: Table,
    keep_zeros: bool,
    number_format: str | None,
) -> Finding:
    whole = number.decimal_places == 1 and number.value == number.value.to_integral_value() and not keep_zeros
    shown = as_text(number.value, found.sign, drop_zeros=whole)
    after = as_number(number.value) if table.typed else shown
    facts = {"before": text, "after": shown, "unit": found.unit, "count": found.unit_cells, "filled": found.filled}
    if measure.rest:
        return Proposal(after, reason("measures.words_lost", **facts, rest=measure.rest), False, 0.7, number_format)
    if number.doubt is not None:
        return Proposal(after, reason("measures.sign_open", **facts), False, 0.5, number_format)
    if found.counts and found.unit == PIECES:
        plain = found.cells - found.units.total()
        why = reason("measures.counted", **facts | {"unit": measure.unit_text, "count": plain})
        return Proposal(after, why, plain >= SAFE_SHARE * found.filled, 0.95, number_format)
    if not found.header_has_unit:
        wanted = step.asked == "person"  # who asks for the number alone knows the unit
        return Proposal(
            after, reason("measures.unit_not_in_header", **facts), wanted, 1.0 if wanted else 0.8, number_format
        )
    return Proposal(after, reason("measures.unit_in_header", **facts), True, 1.0, number_format)


def _other_unit(
    text: str,
    measure: Measure,
    number: Number,
    target: Unit | None,
    step: MeasuresStep,
    found: MeasureColumn,
    table: Table,
) -> Finding | None:
    """Another unit: converted for review where a group of cells uses it, else flagged; a word nobody knows is left."""
    if found.counts:
        plain = found.cells - found.units.total()
        facts = {"value": text, "unit": measure.unit_text, "count": plain, "filled": found.filled}
        return Doubt(reason("measures.counts_other", **facts))
    source = find_unit(measure.unit) if measure.unit else None
    if source is None or target is None or is_counting(source.symbol):
        return None
    doubt = Doubt(reason("measures.other_unit_in_cell", value=text, unit=step.unit, count=found.unit_cells))
    if found.units[found.unit_of(measure)] < _FEW or measure.rest or number.doubt is not None:
        return doubt
    value = convert(number.value, source, target)
    if value is None:
        return doubt
    value = Decimal(repr(round(float(value), 6)))
    shown = as_text(value, found.sign, drop_zeros=True)
    after: str | int | float = shown + step.ending if step.form == "with unit" else shown
    if step.form == "number" and table.typed:
        after = as_number(value)
    why = reason("measures.converted", before=text, after=shown, unit=step.unit, count=found.unit_cells)
    return Proposal(after, why, False, 0.7)


def _unit_missing(
    shown: str, number: Number, span: tuple[Decimal, Decimal], step: MeasuresStep, found: MeasureColumn
) -> Finding:
    """A bare number where nearly all cells have the unit: offered with it where it is of the column's size."""
    if number.doubt is None and span[0] <= abs(number.value) <= span[1]:
        after = as_text(number.value, found.sign) + step.ending
        why = reason("measures.unit_missing", before=shown, after=after, count=found.ending_cells, filled=found.filled)
        return Proposal(after, why, False, 0.6)
    return Doubt(reason("measures.unit_unknown", value=shown, unit=step.unit, count=found.unit_cells))


def _fixed_places(found: MeasureColumn) -> bool:
    """Whether the column writes fixed decimals (12.50), so that a zero at the end is meant."""
    return any(
        measure.number.decimal_places >= 2 and as_text(measure.number.value).endswith("0")
        for measure, _ in found.measures.values()
    )
