"""The numerals that occur inside dates, times and durations, Arabic and Chinese.

Here are full-width folding, digit strings (二〇二四), numbers below a hundred (廿一, 三十) and counted quantities
(2000万, 一百零五, 2.5). Amounts, percentages and financial numerals are not read here.
"""

from __future__ import annotations

import re
from decimal import Decimal

ZH_DIGITS = "零〇○一二三四五六七八九"
"""The Chinese digits as a character class; 〇 (U+3007) and ○ (U+25CB) are both written for zero."""

_DIGIT_VALUE = {"零": 0, "〇": 0, "○": 0} | {digit: n for n, digit in enumerate("一二三四五六七八九", start=1)}
_TO_ARABIC = {ord(digit): str(value) for digit, value in _DIGIT_VALUE.items()}
_FOLD = (
    {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width ASCII
    | dict.fromkeys((0x3000, 0x00A0, 0x2009, 0x202F, 0x2007), " ")  # the spaces of spreadsheets and typesetters
    | dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2212), "-")  # hyphens, figure dash, en dash, minus
    | {0x2019: "'", 0x2018: "'"}
    | str.maketrans(
        "點時週號兩後國華鐘個過來內農曆陰舊節淩禮緊間遲餘臘閏歲",
        "点时周号两后国华钟个过来内农历阴旧节凌礼紧间迟余腊闰岁",
    )
)
_SPACES = re.compile(r"\s+")


def fold(text: str) -> str:
    """Return `text` stripped, with full-width characters, odd spaces, hyphens and a few traditional forms made plain.

    Compatibility characters such as ² or ㏠ are left alone: turning them into digits would invent a date.
    """
    if not text.isascii():
        text = text.translate(_FOLD)
    text = text.strip()
    if "  " in text or "\t" in text or "\n" in text:
        text = _SPACES.sub(" ", text)
    return text


def read_small(text: str) -> int | None:
    """Return the number 0 to 99 that `text` writes (5, 05, 五, 十五, 廿一, 卅), or None."""
    return _SMALL.get(text)


def read_digit_string(text: str) -> int | None:
    """Return the number a run of Arabic or Chinese digits spells one by one (2024, 二〇二四, 九八), or None."""
    digits = text.translate(_TO_ARABIC)
    return int(digits) if digits.isascii() and digits.isdigit() else None


def read_quantity(text: str) -> Decimal | None:
    """Return the counted quantity `text` writes (12, 2,621.2, 2000万, 十七, 一百零五, 三点五), or None.

    A colloquial number with a dropped unit (一百二 for 120) is None: it has two readings.
    """
    if text.isascii():
        return Decimal(text.replace(",", "")) if _ARABIC.fullmatch(text) else None
    mixed = _MIXED.fullmatch(text)
    if mixed is not None:
        return Decimal(mixed[1].replace(",", "")) * _SCALE[mixed[2]]
    whole, point, fraction = text.partition("点")
    value = _read_zh_integer(whole)
    if value is None or not point:
        return None if value is None else Decimal(value)
    tail = fraction.translate(_TO_ARABIC)
    return Decimal(f"{value}.{tail}") if tail.isascii() and tail.isdigit() else None


def _small_numbers() -> dict[str, int]:
    digits = "零一二三四五六七八九"
    table: dict[str, int] = {"〇": 0, "○": 0, "两": 2}
    for n in range(100):
        table[str(n)] = table[f"{n:02d}"] = n
        tens, ones = divmod(n, 10)
        tail = digits[ones] if ones else ""
        if tens == 0:
            table[digits[n]] = n
            continue
        table[f"{digits[tens] if tens > 1 else ''}十{tail}"] = n
        if tens == 1:
            table[f"一十{tail}"] = n
        if tens == 2:
            table[f"廿{tail}"] = n
        if tens == 3:
            table[f"卅{tail}"] = n
    return table


_SMALL = _small_numbers()
_SCALE = {"百": 100, "千": 1000, "万": 10_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}
_ARABIC = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?", re.ASCII)
_MIXED = re.compile(r"((?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?)(百万|千万|百|千|万|亿)", re.ASCII)
_N = "[一二两三四五六七八九]"
_SECTION = re.compile(
    rf"(?:(?P<thousands>{_N})千)?(?P<gap1>零)?(?:(?P<hundreds>{_N})百)?(?P<gap2>零)?(?:(?P<tens>{_N})?(?P<ten>十))?(?P<ones>{_N})?"
)


def _read_zh_integer(text: str) -> int | None:
    if not text:
        return None
    if text in _SMALL:
        return _SMALL[text]
    for scale, unit in ((100_000_000, "亿"), (10_000, "万")):
        head, mark, tail = text.partition(unit)
        if mark:
            high = _read_zh_integer(head)
            low = 0 if not tail else _read_zh_integer(tail.removeprefix("零"))
            if high is None or low is None or (len(tail) == 1 and tail in _DIGIT_VALUE):
                return None
            return high * scale + low
    return _read_section(text)


def _read_section(text: str) -> int | None:
    found = _SECTION.fullmatch(text)
    if found is None:
        return None
    part = {name: _SMALL.get(value, 0) for name, value in found.groupdict().items() if value}
    tens = part.get("tens", 1) if found["ten"] else 0
    total = part.get("thousands", 0) * 1000 + part.get("hundreds", 0) * 100 + tens * 10 + part.get("ones", 0)
    dropped_unit = found["ones"] and not found["ten"] and not found["gap1"] and not found["gap2"]
    if dropped_unit and (found["hundreds"] or found["thousands"]):
        return None
    return total or None
