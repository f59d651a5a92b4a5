"""The values the readers of named times pass on: the year they stand in, and the days they name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from services.text.timespans.model import PartialTime, TimeKind, TimePrecision


@dataclass(frozen=True, slots=True)
class Year:
    """The year a part of the calendar belongs to.

    `number` is the said year, else the base's, else None. `relative` marks 去年 and its like; `sure` is False for two
    digits whose century is a guess.
    """

    number: int | None
    base: PartialTime | None
    said: bool = False
    relative: bool = False
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Days:
    """The first and last day a text names."""

    first: date
    last: date
    kind: TimeKind = "point"
    precision: TimePrecision = "exact"


DaysReader = Callable[[str, Year], tuple[Days, str] | None]
"""Reads the front of a text: the days it names and what follows them (a time of day, or nothing)."""
