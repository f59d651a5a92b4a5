"""Reading a column as measures: numbers with a unit, how each is written, and which unit and ending most cells have.

What should become of a text is decided in measures.py.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from services.tasks.clean.rules.affixes import read_measure
from services.tasks.clean.rules.digit_codes import header_names_codes
from services.tasks.clean.rules.first_look import countable, share_of_first_texts
from services.tasks.clean.rules.number_columns import read_number
from services.tasks.clean.table import Column
from services.text.currencies import currency_after
from services.text.numerals import DecimalSign, Number
from services.text.units import Measure, find_unit

LEAST_SHARE = 0.6
"""Below this share of measures and bare numbers among the filled cells a column is no column of measures."""
MOST_WITH_WORDS = 0.3
"""Above this share of measures with words behind them the texts are descriptions."""

_LEADING_NUMBER = re.compile(r"[-+]?[0-9](?:[0-9.,' ]*[0-9])?", re.ASCII)
_DIGIT = re.compile("[0-9０-９]")
_HEADER_WORDS = re.compile(r"[\s_()（）\[\]【】/:：,，-]+")


@dataclass(frozen=True, slots=True)
class MeasureColumn:
    """A column read as measures.

    ``measures`` maps each text to its measure and cells, ``bare`` each number without a unit. ``unit`` is the
    majority's (its symbol, or the word where the table of units does not know it), ``ending`` what most cells of that
    unit write behind the number (" oz."), ``ending_cells`` how many of the ``cells`` with a number. ``sign`` is the
    decimal sign, ``sign_proved`` whether a text proves it.
    """

    measures: dict[str, tuple[Measure, int]]
    bare: dict[str | int | float, tuple[Number, int]]
    unit: str
    unit_cells: int
    ending: str
    ending_cells: int
    cells: int
    filled: int
    sign: DecimalSign
    sign_proved: bool
    header_has_unit: bool
    units: Counter[str]
    counts: bool = False
    """Whether most cells are plain numbers beside a few that say what they count: 12 pcs, 24件."""

    def unit_of(self, measure: Measure) -> str:
        """The unit of one measure, as the column tells units apart."""
        return measure.unit if self.counts and measure.unit is not None else unit_of(measure)


def read_measure_column(column: Column) -> MeasureColumn | None:
    """The column as measures, or None where too few texts are, or most have words behind them."""
    if not column.texts or header_names_codes(column.name):
        return None
    real = column.kinds["number"]
    if real < 0.5 * column.filled and share_of_first_texts(column, _is_measure_or_number) < 0.5:
        return None
    if real + sum(column.texts.values()) and not _any_unit(column):
        return None
    measures: dict[str, tuple[Measure, int]] = {}
    bare: dict[str | int | float, tuple[Number, int]] = {}
    units: Counter[str] = Counter()
    signs: Counter[str] = Counter()
    wordy = 0
    for text, count in column.texts.items():
        measure = read_measure(text)
        if measure is not None and (measure.unit or not currency_after(measure.unit_text.rstrip("整正"))):
            if measure.number.leading_zeros or (measure.unit is None and not _DIGIT.search(text)):
                continue  # 一班 is the name of a class
            measures[text] = (measure, count)
            units[unit_of(measure)] += count
            wordy += count if measure.rest else 0
            signs[measure.number.evidence or ""] += count
        elif (number := read_number(text)) is not None and not number.leading_zeros:
            bare[text] = (number, count)
    cells = sum(units.values())
    bare_cells = sum(count for _, count in bare.values()) + real
    filled = countable(column)
    if not cells or cells + bare_cells < LEAST_SHARE * filled or wordy > MOST_WITH_WORDS * cells:
        return None
    counts = bare_cells > cells and all(known is not None and is_counting(known) for known, _ in _units(measures))
    if counts:
        units = Counter()
        for known, count in _units(measures):
            units[known or ""] += count
    unit, unit_cells = units.most_common(1)[0]
    if unit_cells < (0.9 if is_counting(unit) and not counts else 0.5) * cells:
        return None
    endings: Counter[str] = Counter()
    for text, (measure, count) in measures.items():
        written = ending_of(text)
        if (measure.unit if counts else unit_of(measure)) == unit and not measure.rest and written is not None:
            endings[written] += count
    ending, ending_cells = endings.most_common(1)[0] if endings else (f" {unit}", 0)
    sign: DecimalSign = "," if signs[","] > signs["."] else "."
    return MeasureColumn(
        measures=measures,
        bare=bare,
        unit=unit,
        unit_cells=unit_cells,
        ending=ending,
        ending_cells=ending_cells,
        cells=cells + bare_cells,
        filled=filled,
        sign=sign,
        sign_proved=bool(signs["."]) != bool(signs[","]),
        header_has_unit=_names_unit(column.name, unit),
        units=units,
        counts=counts,
    )


def _units(measures: Mapping[str, tuple[Measure, int]]) -> list[tuple[str | None, int]]:
    return [(measure.unit, count) for measure, count in measures.values()]


def is_written_alike(column: Column) -> bool:
    """Whether a column has texts alone and all end in the same words behind plain digits, which is quick to see."""
    first = ending_of(next(iter(column.texts), ""))
    return first is not None and not column.numbers and all(ending_of(text) == first for text in column.texts)


def unit_of(measure: Measure) -> str:
    """The symbol of a measure's unit; the word itself where it counts things (个) or the table does not know it."""
    if measure.unit is None or is_counting(measure.unit):
        return measure.unit_text.lower()
    return measure.unit


@cache
def is_counting(unit: str) -> bool:
    """Whether the unit counts things, so that 3个 and 5件 are not of one unit."""
    known = find_unit(unit)
    return known is not None and known.dimension == "count"


def ending_of(text: str) -> str | None:
    """What is written behind the number at the start of a text, None where it does not start with plain digits."""
    found = _LEADING_NUMBER.match(text)
    return text[found.end() :] if found else None


def _is_measure_or_number(text: str) -> bool:
    return read_measure(text) is not None or read_number(text) is not None


def _any_unit(column: Column) -> bool:
    """Whether some text goes on after its digits at all, which is quick to see."""
    return any(not text[-1:].isdigit() or text[:1] == "-" for text in column.texts)


def _names_unit(header: str, unit: str) -> bool:
    """Whether a word of the header is the unit: Weight (kg), ounces, 重量/公斤, 长度cm."""
    words = [word for word in _HEADER_WORDS.split(header) if word]
    if any(word.lower() == unit.lower() for word in words):
        return True
    return any((known := find_unit(word)) is not None and known.symbol == unit for word in words)
