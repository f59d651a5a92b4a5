"""A value as the text that stands for it in a delimited file, where there is nothing but text."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal

from services.workbook.grid import GENERAL, DateSerial, DateSystem, Scalar
from services.workbook.serials import duration_of, moment_of

_FIELDS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|y+|m+|d+|h+|s+(?:\.0+)?|AM/PM|A/P|.', re.I | re.S)


def text_of(value: Scalar, number_format: str | None = None, date_system: DateSystem = 1900) -> str:
    """The text of a value; None is the empty text.

    Numbers are plain (a point, no thousands, no exponent up to 21 digits), booleans ``TRUE`` and ``FALSE``. A date is
    written by ``number_format`` where that has only numeric fields and literals, else as ISO 8601 (``2024-01-03``,
    ``2024-01-03 10:20:30``, ``10:20:30``).
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return str(value)
    if isinstance(value, DateSerial):
        return _date_text(value, number_format or GENERAL, date_system)
    return _number_text(value)


def _number_text(value: int | float) -> str:
    if isinstance(value, int):
        return str(value)
    if value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    text = repr(value)
    return format(Decimal(text), "f") if "e" in text and 1e-21 < abs(value) < 1e21 else text


def _date_text(serial: DateSerial, code: str, date_system: DateSystem) -> str:
    if "[h" in code.lower():
        seconds = round(duration_of(serial).total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    try:
        moment = _to_the_second(serial, date_system)
    except ValueError:
        return _number_text(float(serial))
    written: list[str] = []
    before = ""
    fields: list[str] = _FIELDS.findall(code.split(";")[0])
    for at, field in enumerate(fields):
        kind = field[0].lower()
        minute = kind == "m" and len(field) < 3 and (before == "h" or _next_kind(fields, at) == "s")
        wide = len(field) > 1
        if kind == "y":
            written.append(f"{moment.year:04d}" if len(field) > 2 else f"{moment.year % 100:02d}")
        elif kind in "mdhs" and len(field) < 3:
            number = {"m": moment.month, "d": moment.day, "h": moment.hour, "s": moment.second}[kind]
            number = moment.minute if minute else number
            written.append(f"{number:02d}" if wide else str(number))
        elif kind in "[_":
            continue
        elif field[0] == '"':
            written.append(field[1:-1])
        elif field[0] == "\\":
            written.append(field[1:])
        elif kind.isalnum() and field.isascii():
            return _iso_text(serial, date_system)  # names of months or days, AM/PM, General: not ours to word
        else:
            written.append(field)
        before = kind if kind in "ymdhs" else before
    return "".join(written)


def _next_kind(fields: list[str], at: int) -> str:
    return next((field[0].lower() for field in fields[at + 1 :] if field[0].lower() in "ymdhs"), "")


def _to_the_second(serial: float, date_system: DateSystem) -> datetime:
    """The moment rounded to a second, as Excel shows it. Raises ``ValueError`` for what is no date."""
    moment = moment_of(serial, date_system)
    return (moment + timedelta(seconds=moment.microsecond >= 500_000)).replace(microsecond=0)


def _iso_text(serial: DateSerial, date_system: DateSystem) -> str:
    moment = _to_the_second(serial, date_system)
    if serial.is_integer():
        return moment.date().isoformat()
    clock = moment.strftime("%H:%M:%S")
    return clock if 0 < serial < 1 else f"{moment.date().isoformat()} {clock}"
