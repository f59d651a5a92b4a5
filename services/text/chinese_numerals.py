"""The grammar of Chinese numerals: ordinary, financial, traditional, with Arabic digits mixed in.

Lives here: ``六十四万零一百四十三``, ``肆佰叁拾萬``, ``两千九``, ``3万5千``, ``二〇二四``, ``三点一四``, ``一点二亿``.
Not here: signs, Western notation (numerals.py), and anything about money (amounts.py).

The grammar is our own because every reading must be the only one the text can have. cn2an 0.5.24 in its strict
mode refuses 两千九 and 十万零五千; its other modes read 一亿十万 as 100000000 and 一千万五, which may be 15 million,
as 10005000; and it takes four times as long.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

_DIGITS = "零〇○一二三四五六七八九"
_VALUES = {char: max(0, index - 2) for index, char in enumerate(_DIGITS)}

# To one form per character: the capital numerals of bank papers (支付结算办法, appendix 1) and traditional ones.
_PLAIN = str.maketrans(
    {
        **dict(zip("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千", strict=True)),
        **dict(zip("貳參叄陸弐萬億兩阡弍弌弎", "二三三六二万亿两千二一三", strict=True)),
        **dict(zip("〇○點", "零零点", strict=True)),
        "廿": "二十",
        "卅": "三十",
        "卌": "四十",
    }
)

#: Every character a Chinese numeral can be written with, before folding.
NUMERAL_CHARACTERS = "零〇○一二三四五六七八九十百千万亿兆两壹贰叁肆伍陆柒捌玖拾佰仟貳參叄陸弐萬億兩阡弍弌弎廿卅卌"

_BIG = {"万": 10**4, "亿": 10**8, "兆": 10**12}
_SMALL = {"十": 10, "百": 100, "千": 1000}

_SHAPE = re.compile(r"[零一二三四五六七八九两十百千万亿兆点0-9]+")
_POSITIONAL = re.compile(r"[零一二三四五六七八九]{2,}")
_FRACTION = re.compile(r"([零一二三四五六七八九两十百千万]+)点([零一二三四五六七八九]+)([十百千]?万?亿?)")
_SCALE = re.compile(r"[十百千]?万?亿?|[十百千]?兆")


@dataclass(frozen=True, slots=True)
class ChineseNumber:
    """A numeral that was read: its value, digits shown after 点, and whether it is a string of digits (二〇二四)."""

    value: Decimal
    decimal_places: int = 0
    positional: bool = False


def plain_numerals(text: str) -> str:
    """`text` with financial and traditional numerals in their ordinary simplified form (壹仟 to 一千, 廿 to 二十)."""
    return text.translate(_PLAIN)


def parse_chinese(text: str) -> ChineseNumber | None:
    """The number that a whole text of Chinese (or mixed) numerals writes, or None.

    Not numbers: a unit with no digit before it (百万), two digits that may be a range (三五), a malformed order
    (百千), a needless zero (一百零五十), and 点 beside Arabic digits, which is a time of day.
    """
    text = plain_numerals(text)
    if not _SHAPE.fullmatch(text):
        return None
    if "点" in text:
        return _fraction(text)
    if _POSITIONAL.fullmatch(text):
        # 三五 and 五六七 may say "three to five"; other three digits or a zero among them are a string of digits.
        if (len(text) == 2 and "零" not in text) or text in _DIGITS[3:]:
            return None
        return ChineseNumber(Decimal("".join(str(_VALUES[char]) for char in text)), positional=True)
    value = None if text[0] == "零" and len(text) > 1 else _whole(text)
    return None if value is None else ChineseNumber(Decimal(value))


def parse_scale(text: str) -> int | None:
    """The factor of multiplier characters by themselves: 万, 千万, 百万亿, 兆; None for anything else and for 十."""
    text = plain_numerals(text)
    if not text or text == "十" or not _SCALE.fullmatch(text):
        return None
    factor = 1
    for char in text:
        factor *= _SMALL.get(char) or _BIG[char]
    return factor


def _fraction(text: str) -> ChineseNumber | None:
    match = _FRACTION.fullmatch(text)
    if not match or (match[1][0] == "零" and len(match[1]) > 1):
        return None
    if "万" in match[1] and match[3]:
        return None
    whole = _below_hundred_million(match[1], colloquial=False)
    factor = parse_scale(match[3]) if match[3] else 1
    if whole is None or factor is None:
        return None
    digits = "".join(str(_VALUES[char]) for char in match[2])
    return ChineseNumber(Decimal(f"{whole}.{digits}") * factor, len(digits))


def _whole(text: str) -> int | None:
    """An integer with its 兆, 亿 and 万 parts; each part is below the next greater unit."""
    head, unit, tail = text.rpartition("兆")
    if unit:
        return _joined(_section(head, colloquial=False), "兆", tail, _below_trillion(tail))
    return _below_hundred_million_squared(text)


def _below_hundred_million_squared(text: str) -> int | None:
    head, unit, tail = text.rpartition("亿")
    if not unit:
        return _below_hundred_million(text, colloquial=True)
    return _joined(
        _below_hundred_million(head, colloquial=False), "亿", tail, _below_hundred_million(tail, colloquial=True)
    )


def _below_trillion(text: str) -> int | None:
    value = _below_hundred_million_squared(text)
    return value if value is not None and value < _BIG["兆"] else None


def _below_hundred_million(text: str, *, colloquial: bool) -> int | None:
    head, unit, tail = text.rpartition("万")
    if not unit:
        return _section(text, colloquial=colloquial)
    if not tail:
        value = _section(head, colloquial=False)
        return value * _BIG["万"] if value else None
    if not colloquial and len(tail) == 1:
        return None
    return _joined(_section(head, colloquial=False), "万", tail, _section(tail, colloquial=colloquial))


def _joined(head: int | None, unit: str, tail: str, rest: int | None) -> int | None:
    """Head x unit plus what follows it, where what follows is written as the language demands."""
    if not head:
        return None
    factor = _BIG[unit]
    if not tail:
        return head * factor
    if rest is None or rest == 0 or rest >= factor:
        return None
    if len(tail) == 1 and rest < 10:
        # 五万八 is 58000. After 一百万 or 一千万 it may also be a tenth of the whole, so it is no number.
        return head * factor + rest * factor // 10 if tail != "两" and (head % 10 or head == 10) else None
    if tail.isdigit() and (unit != "万" or len(tail) < 3):
        # 3万5000 is plain; 3万50 and 1亿2000 leave open which places are meant.
        return None
    if tail[0] == "零" and rest >= factor // 10 and head % 10:
        # The zero stands for a place that is left out, and here none is.
        return None
    return head * factor + rest


def _section(text: str, *, colloquial: bool) -> int | None:
    """A number below 10000 (三千零五十, 十二, 2000, colloquially 一千二); a leading 零 is for the caller to judge."""
    if not text:
        return None
    if text.isdigit():
        return int(text) if len(text) <= 4 and text[0] != "0" else None
    total, unit, pending, zero = 0, 10_000, None, False
    for index, char in enumerate(text):
        if char in _SMALL:
            place = _SMALL[char]
            if pending is None and char != "十":
                return None
            if (
                place >= unit
                or (zero and total and place * 10 >= unit)
                or (pending == 0)
                or (char == "十" and text[index - 1] == "两")
            ):
                return None
            total += (1 if pending is None else pending) * place
            unit, pending, zero = place, None, False
        elif char == "零":
            if zero or pending is not None or (index and unit == 10):
                return None
            zero = True
            if text == "零":
                return 0
        elif pending is not None or char not in _DIGIT_VALUES:
            return None
        else:
            pending = _DIGIT_VALUES[char]
    if pending is None:
        return None if zero else total
    if pending == 0 or (len(text) > 1 and text[-1] == "两"):
        return None
    if unit in (100, 1000) and not zero:
        return total + pending * unit // 10 if colloquial else None
    return total + pending


_DIGIT_VALUES = {
    **{char: value for char, value in _VALUES.items() if value},
    "两": 2,
    **{str(digit): digit for digit in range(10)},
}
