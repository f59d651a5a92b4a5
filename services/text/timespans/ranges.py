"""From one time to another: 去年春节到元宵节, 2018年1-9月份, 12月9日零时至12月16日24时.

The second time takes over what the first said and it leaves out: the year, the month, the day, the half of the day.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from services.text.timespans.model import PartialTime, TimeExpression, TimePrecision

ReadPoint = Callable[[str, PartialTime | None], TimeExpression | None]


def read_range(text: str, base: PartialTime | None, read_point: ReadPoint) -> TimeExpression | None:
    """Return the span between the two times that `text` names, each read by `read_point`, or None."""
    body = _FRAME.fullmatch(text)
    if body is None:
        return None
    for mark in _MARK.finditer(body["body"]):
        first, second = body["body"][: mark.start()], body["body"][mark.end() :]
        found = _join(first, second, base, read_point) if first and second else None
        if found is not None:
            return found
    return None


_FRAME = re.compile("(?:从|自|由|在)?(?P<body>.+?)(?:为止|止|期间|之间|这段时间)?")
_MARK = re.compile("(?:起|开始)?(?:到|至|——|--|—|-|~~|~|～)")
_TODAY = frozenset(("今", "现在", "今天", "目前"))
_ANCHORED = re.compile(
    "^(?:今[年天日晚早]|本|这|去年|前年|明[年天日晚早]|后[年天]|昨|上个?[周月年星礼]|下个?[周月年星礼]|大[前后])"
)
_LAST_NUMBER = re.compile("(?:[0-9]{1,4}|[零〇一二两三四五六七八九十廿]{1,3})$")
_FIRST_UNIT = re.compile(r"(?:[0-9]{1,4}|[零〇一二两三四五六七八九十廿]{1,4})(?P<unit>年|月|日|号|点|时|季度|世纪)")
_HALF_OF_DAY = re.compile("下午|晚上|傍晚|晚间|上午|早上|凌晨|晚")
_WHOLE_HOUR = re.compile("[点时]整?$")


def _join(first: str, second: str, base: PartialTime | None, read_point: ReadPoint) -> TimeExpression | None:
    start = read_point(_with_unit(first, second), base)
    if start is None or start.start is None or start.end is None:
        return None
    if second in _TODAY:
        return None if base is None or start.start > base.end else replace(start, kind="span", end=base.end)
    second_base = base if _ANCHORED.match(second) else _carry(start)
    end = read_point(second, second_base)
    half = _HALF_OF_DAY.search(first)
    if half is not None and not _HALF_OF_DAY.search(second) and _is_before(end, start):
        end = read_point(half[0] + second, second_base)
    if end is None or end.end is None or end.start is None or end.start < start.start:
        return None
    last = end.end
    if _WHOLE_HOUR.search(second) and end.end - end.start == timedelta(minutes=59, seconds=59):
        last = end.start  # up to nine o'clock, not through the hour that follows
    precision: TimePrecision = "exact" if start.precision == end.precision == "exact" else "blurred"
    return TimeExpression("span", precision, start.start, last)


def _with_unit(first: str, second: str) -> str:
    """Give the first number the unit it shares with the second: 1-9月 is 1月 to 9月."""
    unit = _FIRST_UNIT.match(second)
    return first + unit["unit"] if unit is not None and _LAST_NUMBER.search(first) else first


def _carry(start: TimeExpression) -> PartialTime | None:
    return None if start.start is None else PartialTime(start.start.year, start.start.month, start.start.day)


def _is_before(end: TimeExpression | None, start: TimeExpression) -> bool:
    return end is None or (end.start is not None and start.start is not None and end.start < start.start)
