"""Lengths of time as cells write them, in Chinese and English: 1 hr. 41 min., 两年半, 4周年, 五个工作日, PT1H41M.

Here are reading a length and writing one in a column's own form. A clock form (1:41:00) is read only when asked,
because by itself it is a time of day. Lengths counted from a day (三天后) are in `timespans`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.text.time_digits import fold, read_quantity

DurationUnit = Literal["year", "month", "day", "workday", "hour", "minute", "second"]
DurationPrecision = Literal["exact", "blurred", "range"]
ClockForm = Literal["h:mm:ss", "h:mm", "m:ss"]

_SECONDS: dict[str, int] = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time.

    `parts` maps units to quantities; weeks are kept as seven days, quarters as three months, 刻钟 as fifteen minutes.
    `precision` is blurred for a length said loosely (两年半, 四个多星期, 大约三天): spoken halves are round figures. A
    range runs from `parts` (empty: from zero) to `upper` (None: without end).
    """

    parts: Mapping[DurationUnit, Decimal]
    precision: DurationPrecision = "exact"
    upper: Mapping[DurationUnit, Decimal] | None = None

    @property
    def total_seconds(self) -> Decimal | None:
        """The length in seconds; None for a range, and where years, months or workdays have no fixed length."""
        if self.precision == "range" or any(unit not in _SECONDS for unit in self.parts):
            return None
        return sum((amount * _SECONDS[unit] for unit, amount in self.parts.items()), Decimal(0))


def parse_duration(text: str, *, clock: ClockForm | None = None) -> Duration | None:
    """Return the length of time that `text` writes and nothing else, or None where it writes none. Never raises.

    `clock` is the form a column of clock-like lengths is known to follow; without it 1:41:00 is None.
    """
    if not 1 < len(text) <= 60:
        return None
    text = fold(text)
    if clock is not None:
        found = _CLOCKS[clock].fullmatch(text)
        if found is not None:
            return _read_clock(found)
    if not _MAYBE.search(text):
        return None
    if text[:1] in "Pp":
        return _read_iso(text)
    return _read_zh(text) if not text.isascii() else _read_english(text.lower())


def duration_pattern(text: str) -> str | None:
    """Return the written form of an exact length with N for each number ("101 min" -> "N min"), or None.

    A number padded to two digits gives NN (1h 05m -> "Nh NNm"). Only forms in days, hours, minutes and seconds written
    with Arabic numbers have a pattern.
    """
    found = parse_duration(text)
    if found is None or found.precision != "exact" or found.total_seconds is None:
        return None
    pattern = _NUMBER.sub(lambda number: "NN" if _PADDED.fullmatch(number[0]) else "N", fold(text))
    return pattern if _pattern_units(pattern) is not None else None


def format_duration(seconds: Decimal, pattern: str) -> str | None:
    """Return `seconds` written in `pattern` (of `duration_pattern`), or None where that form cannot say it exactly.

    English unit words follow the number (1 hour, 2 hours); abbreviations stay as the pattern has them. NN is a number
    of at least two digits.
    """
    units = _pattern_units(pattern)
    if units is None or not seconds.is_finite() or not 0 <= seconds < _LONGEST:
        return None
    rest = seconds
    written: list[str] = []
    for position, (padded, word, unit) in enumerate(units):
        size = _WEEK_SECONDS if unit == "week" else _SECONDS[unit]
        amount = rest // size
        rest -= amount * size
        if position == len(units) - 1 and rest:
            return None
        digits = f"{amount:f}"
        written.append(f"{digits.zfill(2) if padded else digits}{_agree(word, amount == 1)}")
    return "".join(written)


_WEEK_SECONDS = 604_800
_LONGEST = Decimal(10) ** 15
"""Lengths beyond this (32 million years) are not written: Decimal's quotients lose digits further up."""
_EN_UNITS = {
    "year": "years year yrs yr",
    "month": "months month mos mths mth",
    "week": "weeks week wks wk",
    "workday": "workdays workday",
    "day": "days day",
    "hour": "hours hour hrs hr h",
    "minute": "minutes minute mins min",
    "second": "seconds second secs sec",
}
_EN_SHORT = {"d": "day", "m": "minute", "s": "second"}
"""Letters that are units of time only beside another unit: alone, 5m may be metres and 30s a decade."""
_EN_WORDS = {word: unit for unit, words in _EN_UNITS.items() for word in words.split()}
_EN_NUMBERS = {
    word: Decimal(n)
    for n, word in enumerate(
        (
            *("one", "two", "three", "four", "five", "six"),
            *("seven", "eight", "nine", "ten", "eleven", "twelve"),
        ),
        start=1,
    )
} | {"a": Decimal(1), "an": Decimal(1)}
_ZH_UNITS: dict[str, tuple[DurationUnit, int]] = {
    "周年": ("year", 1),
    "年": ("year", 1),
    "季度": ("month", 3),
    "月": ("month", 1),
    "工作日": ("workday", 1),
    "交易日": ("workday", 1),
    "周": ("day", 7),
    "星期": ("day", 7),
    "礼拜": ("day", 7),
    "天": ("day", 1),
    "小时": ("hour", 1),
    "钟头": ("hour", 1),
    "刻钟": ("minute", 15),
    "分钟": ("minute", 1),
    "分": ("minute", 1),
    "秒钟": ("second", 1),
    "秒": ("second", 1),
}
_RANK = ("year", "month", "workday", "day", "hour", "minute", "second")

_MAYBE = re.compile(
    r"[年月周天日期拜时头刻分秒度]|[0-9]\s?[hmd]|min|sec|hour|hr|day|week|wk|month|year|yr|^p", re.IGNORECASE
)
_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?", re.ASCII)
_PADDED = re.compile(r"0[0-9]", re.ASCII)
_CLOCKS = {
    "h:mm:ss": re.compile(r"(?P<hour>[0-9]{1,3}):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9])", re.ASCII),
    "h:mm": re.compile(r"(?P<hour>[0-9]{1,3}):(?P<minute>[0-5][0-9])", re.ASCII),
    "m:ss": re.compile(r"(?P<minute>[0-9]{1,3}):(?P<second>[0-5][0-9])", re.ASCII),
}
_ISO = re.compile(
    r"P(?=[0-9T])(?:(?P<year>[0-9]+)Y)?(?:(?P<month>[0-9]+)M)?(?:(?P<week>[0-9]+)W)?(?:(?P<day>[0-9]+)D)?"
    r"(?:T(?=[0-9])(?:(?P<hour>[0-9]+)H)?(?:(?P<minute>[0-9]+)M)?(?:(?P<second>[0-9]+(?:\.[0-9]+)?)S)?)?",
    re.ASCII,
)
_EN_PART = re.compile(
    r"(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?|\b(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b)"
    r"(?P<half> and a half)?[ -]?(?P<unit>[a-z]+)\.?(?P<half_after> and a half)?(?:,? and |, ?| )?",
    re.ASCII,
)
_EN_RANGE = re.compile(r"(?P<low>[0-9.]+) ?(?:-|~|to) ?(?P<high>[0-9.]+ ?[a-z]+\.?)", re.ASCII)
_EN_BLUR = re.compile(r"(?:about|around|approximately|approx\.?|roughly|almost|nearly|circa|ca\.|~) ?")
_ZH_QUANTITY = r"[0-9][0-9,]*(?:\.[0-9]+)?(?:百万|千万|百|千|万|亿)?|[零一二两三四五六七八九十百千万亿点俩仨廿]+"
_ZH_UNIT = "周年|年|季度|月|工作日|交易日|星期|礼拜|周|天|小时|钟头|刻钟|分钟|分|秒钟|秒"
_ZH_PART = re.compile(
    rf"(?P<number>{_ZH_QUANTITY})? ?(?P<more>[多余来])?(?P<counter>个)?(?P<more_after>[多余])?(?P<half>半)?"
    rf"(?P<counter_after>个)?(?P<more_half>多)?(?P<unit>{_ZH_UNIT})(?P<half_after>半)?(?P<more_last>[多余])?"
    r"(?:零|又|、|,| )?"
)
_ZH_NIGHTS = re.compile(rf"(?P<days>{_ZH_QUANTITY})[天日](?P<nights>{_ZH_QUANTITY})[晚夜]")
_ZH_BETWEEN = re.compile(rf"(?P<low>{_ZH_QUANTITY})(?:-|~|～|—|到|至)(?P<high>(?:{_ZH_QUANTITY})个?(?:{_ZH_UNIT}))")
_ZH_ROUGH_PAIR = re.compile(rf"(?P<low>[一二两三四五六七八])(?P<high>[二两三四五六七八九])(?P<tail>个?(?:{_ZH_UNIT}))")
_ZH_BLUR = re.compile(r"(?:大约|大概|约莫|约|将近|接近|近|差不多|整整)")
_ZH_BLUR_AFTER = re.compile(r"(?:左右|上下|前后|许|光景)$")
_ZH_LIMIT = re.compile(r"(?P<body>.+?)(?:及|或)?(?P<side>以上|以下|以内)")
_ZH_LIMITS = re.compile(r"(?P<low>.+?)(?:及|或)?以上[、, ]?(?P<high>.+?)(?:及|或)?(?:以下|以内)")
_CALENDAR_YEAR = re.compile("[12][0-9]{3}", re.ASCII)
_NEEDS_COUNTER = frozenset(("月", "季度"))
_NO_COUNTER = frozenset(("年", "周年", "天", "分", "分钟", "秒", "秒钟", "刻钟", "周"))


def _read_clock(found: re.Match[str]) -> Duration:
    named = found.groupdict()
    units: tuple[DurationUnit, ...] = ("hour", "minute", "second")
    return Duration({unit: Decimal(named[unit]) for unit in units if named.get(unit)})


def _read_iso(text: str) -> Duration | None:
    found = _ISO.fullmatch(text.upper())
    if found is None:
        return None
    written = [(unit, Decimal(amount)) for unit, amount in found.groupdict().items() if amount]
    return _collect(written, "exact")


def _read_english(text: str) -> Duration | None:
    blurred = _EN_BLUR.match(text)
    if blurred is not None:
        text = text[blurred.end() :]
    span = _EN_RANGE.fullmatch(text)
    if span is not None:
        high = _read_english(span["high"])
        if high is None or high.precision != "exact" or len(high.parts) != 1 or not _NUMBER.fullmatch(span["low"]):
            return None
        ((shared, amount),) = high.parts.items()
        low = Decimal(span["low"]) * _week_scale(span["high"])
        return Duration({shared: low}, "range", {shared: amount}) if low < amount else None
    if text == "half an hour":
        return Duration({"minute": Decimal(30)}, "blurred")
    written: list[tuple[str, Decimal]] = []
    precision: DurationPrecision = "blurred" if blurred else "exact"
    at = 0
    text = re.sub(r"^([0-9]{1,3}h ?[0-5][0-9])$", r"\1m", text)  # 1h41 leaves its last unit out
    while at < len(text):
        found = _EN_PART.match(text, at)
        if found is None:
            return None
        unit_word = found["unit"]
        unit = _EN_WORDS.get(unit_word) or _EN_SHORT.get(unit_word)
        if unit is None or (unit_word in _EN_SHORT and found.end() - found.start() == len(text)):
            return None
        number = _EN_NUMBERS.get(found["number"]) or read_quantity(found["number"])
        if number is None:
            return None
        if found["half"] or found["half_after"]:
            number, precision = number + Decimal("0.5"), "blurred"
        written.append((unit, number))
        at = found.end()
    if text.endswith((",", " ", "and")):
        return None
    return _collect(written, precision)


def _week_scale(text: str) -> int:
    return 7 if re.search(r"w(?:ee)?k", text) else 1


def _read_zh(text: str) -> Duration | None:
    compact = text.replace(" ", "")
    limits = _ZH_LIMITS.fullmatch(compact)
    if limits is not None:
        return _between(_read_zh(limits["low"]), _read_zh(limits["high"]))
    limit = _ZH_LIMIT.fullmatch(compact)
    if limit is not None:
        body = _read_zh(limit["body"])
        if body is None or body.precision != "exact":
            return None
        return Duration(body.parts, "range") if limit["side"] == "以上" else Duration({}, "range", body.parts)
    before = _ZH_BLUR.match(compact)
    after = _ZH_BLUR_AFTER.search(compact)
    compact = compact[before.end() if before else 0 : after.start() if after else None]
    found = _read_zh_range(compact) or _read_zh_parts(compact)
    if found is None or found.precision != "exact" or not (before or after):
        return found
    return Duration(found.parts, "blurred")


def _read_zh_range(text: str) -> Duration | None:
    nights = _ZH_NIGHTS.fullmatch(text)
    if nights is not None:
        days, count = read_quantity(nights["days"]), read_quantity(nights["nights"])
        if days is None or count is None or abs(days - count) > 1:
            return None
        return Duration({"day": days})
    span = _ZH_BETWEEN.fullmatch(text)
    if span is not None:
        high_text = span["high"]
        unit_at = re.search(rf"个?(?:{_ZH_UNIT})$", high_text)
        return _between(
            _read_zh_parts(span["low"] + high_text[unit_at.start() :] if unit_at else ""), _read_zh_parts(high_text)
        )
    for mark in "到至-~—":
        low, found, high = text.partition(mark)
        if found:
            return _between(_read_zh_parts(low), _read_zh_parts(high))
    pair = _ZH_ROUGH_PAIR.fullmatch(text)
    if pair is not None:
        return _between(_read_zh_parts(pair["low"] + pair["tail"]), _read_zh_parts(pair["high"] + pair["tail"]))
    return None


def _between(low: Duration | None, high: Duration | None) -> Duration | None:
    if low is None or high is None or low.precision != "exact" or high.precision != "exact":
        return None
    if low.parts.keys() == high.parts.keys() and list(low.parts.values()) >= list(high.parts.values()):
        return None
    return Duration(low.parts, "range", high.parts)


def _read_zh_parts(text: str) -> Duration | None:
    written: list[tuple[str, Decimal]] = []
    precision: DurationPrecision = "exact"
    at = 0
    while at < len(text):
        found = _ZH_PART.match(text, at)
        if found is None or found.end() == at:
            return None
        amount = _zh_amount(found)
        if amount is None:
            return None
        if any(found[name] for name in ("more", "more_after", "more_half", "more_last", "half", "half_after")):
            precision = "blurred"
        zh_unit, scale = _ZH_UNITS[found["unit"]]
        written.append((zh_unit, amount * scale))
        at = found.end()
    return None if text.endswith(("零", "又", "、", ",")) else _collect(written, precision)


def _zh_amount(found: re.Match[str]) -> Decimal | None:
    """The quantity of one part, or None where the words do not make one (3月 is a month's name, not three months)."""
    unit, counter = found["unit"], found["counter"] or found["counter_after"]
    number_text = (found["number"] or "").replace("俩", "两个").replace("仨", "三个").removesuffix("个")
    if unit in _NEEDS_COUNTER and not counter and found["number"] not in ("俩", "仨"):
        return None
    if unit in _NO_COUNTER and counter:
        return None
    if unit == "年" and _CALENDAR_YEAR.fullmatch(number_text):
        return None
    half = Decimal("0.5") if found["half"] or found["half_after"] else Decimal(0)
    if not number_text:
        return half if found["half"] and not found["half_after"] and not found["counter"] else None
    number = read_quantity(number_text)
    if number is None or (found["half"] and not counter) or (half and number != number.to_integral_value()):
        return None
    return number + half


def _collect(written: list[tuple[str, Decimal]], precision: DurationPrecision) -> Duration | None:
    """Join the parts; None where a unit comes twice or a larger unit follows a smaller one."""
    parts: dict[DurationUnit, Decimal] = {}
    last = -1
    week_seen = False
    for unit, amount in written:
        if unit == "week":
            if week_seen or "day" in parts:
                return None
            week_seen = True
            parts["day"] = amount * 7
            last = _RANK.index("day") - 1
            continue
        rank = _RANK.index(unit)
        if rank <= last:
            return None
        last = rank
        parts[_RANK[rank]] = amount + (parts.get("day", Decimal(0)) if unit == "day" else 0)  # type: ignore[index]
    return Duration(parts, precision) if parts else None


def _pattern_units(pattern: str) -> list[tuple[bool, str, str]] | None:
    """The pieces of a pattern as (padded, text after the number, unit), None where a unit has no fixed length."""
    start, *pieces = re.split("(NN?)", pattern)
    if not pieces or start:
        return None
    units: list[tuple[bool, str, str]] = []
    for number, piece in zip(pieces[::2], pieces[1::2], strict=True):
        word = re.match(r"[ -]?(?:个)?([A-Za-z]+|[\u4e00-\u9fff]+)", piece)
        if word is None:
            return None
        name = word[1].lower()
        unit: str | None = _EN_WORDS.get(name) or _EN_SHORT.get(name)
        if unit is None and word[1] in _ZH_UNITS and word[1] not in ("刻钟", "周", "星期", "礼拜"):
            unit = _ZH_UNITS[word[1]][0]
        if unit is None or (unit not in _SECONDS and unit != "week"):
            return None
        units.append((number == "NN", piece, unit))
    return units


def _agree(word: str, single: bool) -> str:
    """The unit word of a pattern made singular or plural; abbreviations and Chinese stay as they are."""
    return re.sub(r"(week|day|hour|minute|second)s?\b", r"\1" if single else r"\1s", word)
