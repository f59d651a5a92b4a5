"""Serial numbers of days, as spreadsheets hold dates, times and durations, to and from Python's dates.

Both date systems (ECMA-376 part 1, 18.17.4). Nothing here reads text in a language; ISO 8601 is the only notation.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from services.workbook.grid import DateSerial, DateSystem

SECONDS_PER_DAY = 86_400
LEAP_BUG = 60
"""The serial of 29 February 1900 in the 1900 system: a day that never was, kept from Lotus 1-2-3."""
_MICROSECONDS = SECONDS_PER_DAY * 1_000_000
_BEFORE_BUG, _AFTER_BUG = datetime(1899, 12, 31), datetime(1899, 12, 30)
_START_1904 = datetime(1904, 1, 1)


def serial_of(moment: date | time | timedelta, system: DateSystem = 1900) -> DateSerial:
    """The serial of a date, date and time, time of day, or duration.

    Raises ``ValueError`` for a date before the first of the system (1900-01-01, 1904-01-01) and for a time with a zone.
    """
    if isinstance(moment, timedelta):
        return _serial(moment)
    if isinstance(moment, time):
        if moment.tzinfo is not None:
            raise ValueError("a serial has no time zone")
        return _serial(datetime.combine(_START_1904, moment) - _START_1904)
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    if moment.tzinfo is not None:
        raise ValueError("a serial has no time zone")
    if system == 1904:
        start = first = _START_1904
    else:
        start, first = (_AFTER_BUG if moment >= datetime(1900, 3, 1) else _BEFORE_BUG), datetime(1900, 1, 1)
    if moment < first:
        raise ValueError(f"{moment:%Y-%m-%d} is before the first day of the {system} date system")
    return _serial(moment - start)


def moment_of(serial: float, system: DateSystem = 1900) -> datetime:
    """The date and time of a serial, rounded to the millisecond as Excel shows it.

    A serial below 1 in the 1900 system is a time of day on 1899-12-31. Raises ``ValueError`` for negative serials, for
    the 29 February 1900 that never was, and after the year 9999.
    """
    if not 0 <= serial < 2_958_466:
        raise ValueError(f"{serial!r} is not a serial of the {system} date system")
    if system == 1904:
        start = _START_1904
    elif LEAP_BUG <= serial < LEAP_BUG + 1:
        raise ValueError("29 February 1900 does not exist")
    else:
        start = _AFTER_BUG if serial > LEAP_BUG else _BEFORE_BUG
    days = int(serial)
    milliseconds = round((serial - days) * SECONDS_PER_DAY * 1000)
    try:
        return start + timedelta(days=days, milliseconds=milliseconds)
    except OverflowError as problem:
        raise ValueError(f"{serial!r} is not a serial of the {system} date system") from problem


def duration_of(serial: float) -> timedelta:
    """The duration of a serial in either system, rounded to the millisecond."""
    return timedelta(milliseconds=round(serial * SECONDS_PER_DAY * 1000))


def serial_of_iso(text: str, system: DateSystem = 1900) -> DateSerial:
    """The serial of an ISO 8601 date, date and time, or time, as cells of type ``d`` hold it. Raises ``ValueError``."""
    plain = text.strip().removesuffix("Z")
    if ":" in plain and "-" not in plain:
        return serial_of(time.fromisoformat(plain), system)
    return serial_of(datetime.fromisoformat(plain), system)


def _serial(span: timedelta) -> DateSerial:
    whole = span.days
    rest = span.seconds * 1_000_000 + span.microseconds
    return DateSerial(whole + rest / _MICROSECONDS)
