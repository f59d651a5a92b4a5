"""What an expression of time is read against and what it is read as. No parsing here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from services.text.durations import Duration

TimeKind = Literal["point", "span", "duration"]
TimePrecision = Literal["exact", "blurred"]


@dataclass(frozen=True, slots=True)
class PartialTime:
    """The time an expression is relative to, as far as it is known: a year, then perhaps month, day and so on."""

    year: int
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None

    @classmethod
    def of(cls, moment: date | datetime) -> PartialTime:
        """The partial time that holds all of `moment`; a date has no hour."""
        if isinstance(moment, datetime):
            return cls(moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
        return cls(moment.year, moment.month, moment.day)

    @property
    def start(self) -> datetime:
        """The first second of the stretch this names. Raises ValueError where the calendar has no such time."""
        return datetime(self.year, self.month or 1, self.day or 1, self.hour or 0, self.minute or 0, self.second or 0)

    @property
    def end(self) -> datetime:
        """The last second of the stretch this names. Raises ValueError where the calendar has no such time."""
        return end_of(self.start, self)


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """One expression of time.

    A point is one unit of the calendar or the clock (a day, an hour, a named month), a span runs from one to another;
    `start` and `end` are its first and last second, None for no bound on that side. A duration has neither, only
    `duration`. `precision` is blurred where the words do not denote one exact time, whatever bounds are given.
    """

    kind: TimeKind
    precision: TimePrecision
    start: datetime | None = None
    end: datetime | None = None
    duration: Duration | None = None


def end_of(moment: datetime, like: PartialTime) -> datetime:
    """The last second of the year, month, day, hour or minute of `moment`: the smallest unit that `like` knows."""
    if like.second is not None:
        return moment
    if like.minute is not None:
        return moment.replace(second=59)
    if like.hour is not None:
        return moment.replace(minute=59, second=59)
    if like.day is not None:
        return moment.replace(hour=23, minute=59, second=59)
    if like.month is not None:
        return datetime.combine(month_end(moment.year, moment.month), datetime.max.time()).replace(microsecond=0)
    return moment.replace(month=12, day=31, hour=23, minute=59, second=59)


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(9999, 12, 31) if (year, month) == (9999, 12) else add_months(year, month, 1) - timedelta(days=1)


def add_months(year: int, month: int, count: int) -> date:
    """The first day of the month `count` months after the given one. Raises ValueError outside the years 1 to 9999."""
    index = year * 12 + month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def of_days(first: date, last: date, kind: TimeKind, precision: TimePrecision = "exact") -> TimeExpression:
    """The expression that runs from the first second of `first` to the last of `last`."""
    start = datetime(first.year, first.month, first.day)
    return TimeExpression(kind, precision, start, datetime(last.year, last.month, last.day, 23, 59, 59))
