"""Writing a number that was read from a text into a cell: as a real number with a format, or as plain text.

Reading numbers and judging columns is not done here.
"""

from __future__ import annotations

from decimal import Decimal

from services.tasks.clean.table import Column, Table
from services.text.numerals import DecimalSign
from services.workbook.formats import kind_of_format
from services.workbook.grid import GENERAL

TEXT_FORMAT = "@"
_NOISE_DIGITS = 15
_NOISE_PLACES = 9


def as_number(value: Decimal) -> int | float:
    """``value`` as a cell of a workbook holds it: whole numbers as int, the rest as float."""
    return int(value) if value == value.to_integral_value() else float(value)


def as_text(value: Decimal, sign: DecimalSign = ".", *, drop_zeros: bool = False) -> str:
    """``value`` as plain digits with the decimal ``sign``, no grouping and no exponent; its own decimals are kept."""
    text = format(value, "f")
    if drop_zeros and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", sign)


def without_noise(value: Decimal) -> Decimal | None:
    """``value`` without the tail of binary floating point (0.055999999999999994 is 0.056), None where it has none."""
    if len(value.as_tuple().digits) <= _NOISE_DIGITS:
        return None
    short = Decimal(repr(round(float(value), _NOISE_PLACES)))
    return short if abs(short - value) <= abs(value) * Decimal("1e-14") else None


def number_format_of(column: Column, table: Table) -> str | None:
    """The number format most cells of a column have; None where it is general, for text or for dates."""
    formats = table.grid.formats
    code = formats[column.index].default if column.index < len(formats) else GENERAL
    if code in (GENERAL, TEXT_FORMAT):
        return None
    return code if kind_of_format(code) == "number" else None


def is_text_format(column: Column, table: Table) -> bool:
    """Whether most cells of the column are formatted as text, so that a number needs a format to be one."""
    formats = table.grid.formats
    return column.index < len(formats) and formats[column.index].default == TEXT_FORMAT


def shown_format(places: int, *, grouped: bool) -> str:
    """A number format that shows ``places`` decimals, with thousands separators where ``grouped``."""
    return ("#,##0" if grouped else "0") + ("." + "0" * places if places else "")
