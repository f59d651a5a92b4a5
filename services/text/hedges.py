"""Words that make an amount less than exact, in Chinese and English, and the shapes that are vague in themselves.

Lives here: 约, 左右, 至少, over, up to; 三五百, 十几万, 数十亿, 3000多. Not here: ranges with two ends and
currencies (amounts.py).
"""

import re
from decimal import Decimal
from typing import Literal

from services.text.chinese_numerals import parse_scale, plain_numerals
from services.text.numerals import parse_number

Hedge = Literal["approximate", "at_least", "at_most"]
Shape = Literal["range", "approximate", "vague"]


def hedge_before(text: str) -> tuple[Hedge, str] | None:
    """The hedge at the start of `text` and the rest of it."""
    match = _BEFORE(text)
    if not match or not match.lastgroup or match.end() == len(text):
        return None
    return _kind(match.lastgroup), text[match.end() :]


def hedge_after(text: str) -> tuple[Hedge, str] | None:
    """The hedge at the end of `text` and what stands before it."""
    if not text or text[-1] not in _LAST_CHARACTERS:
        return None
    match = _AFTER(text)
    if not match or not match.lastgroup or match.start() == 0:
        return None
    return _kind(match.lastgroup), text[: match.start()]


def read_shape(text: str) -> tuple[Shape, Decimal | None, Decimal | None] | None:
    """How vague a number word is, with the least and the greatest value it can mean if they can be told; else None.

    三五百 is a range of 300 to 500, 十几万 is 100000 to 200000, 3000多 is 3000 to 4000, 数十亿 is 10^9 to 10^10.
    """
    if not _VAGUE_SIGN(text):
        return None
    plain = (
        plain_numerals(text)
        .replace("餘", "余")
        .replace("來", "来")
        .replace("幾", "几")
        .replace("數", "数")
        .replace("個", "个")
    )
    return _neighbours(plain) or _some(plain) or _and_more(plain) or _only_vague(plain)


_BEFORE_WORDS: dict[Hedge, str] = {
    "at_least": "大于等于|大于或等于|少说也有|少说|"
    "至少|最少|起码|起碼|不少于|不少於|不低于|不低於|不小于|不小於|不下于|不下於|不下|超过|超過|超|逾|"
    "高于|高於|大于|大於|多于|多於|高达|高達|突破|过(?=[百千万亿])|過(?=[百千萬億])|上(?=[十百千万萬亿億])|>=|>|≥|"
    "over |more than |at least |above |exceeding |min\\.? |minimum |no less than |not less than |upwards of |from |"
    "starting at ",
    "at_most": "小于等于|小于或等于|未超过|"
    "不到|不足|不超过|不超過|低于|低於|小于|小於|少于|少於|至多|最多|最高|多达|多達|未满|未滿|未达|不及|"
    "不高于|不高於|不多于|不多於|不大于|不大於|<=|<|≤|under |less than |at most |up to |below |max\\.? |maximum |"
    "no more than |not more than |within |as much as ",
    "approximate": "大约|大約|大概|大致|约莫|约为|约合|约|約|将近|將近|接近|逼近|几乎|快|"
    "差不多|近|估计|估計|可能|预计|預計|"
    "合计约|总计约|或许|也许|about |around |approximately |approx\\.? ?|roughly |nearly |almost |some |circa |"
    "ca\\.? |close to |est\\.? |~|≈",
}
_AFTER_WORDS: dict[Hedge, str] = {
    "at_least": r"以上|之上|\+|起步|起|出头|出頭|开外|往上|打底| or more| and above| and up| plus| or above| at least|"
    r" minimum",
    "at_most": r"以下|之下|以内|以內|之内|之內|(?<=[万亿元块])内|不到|封顶|封頂|顶天| or less| or below| and below|"
    r" at most| maximum| max",
    "approximate": r"左右|上下|前后|前後|许|許|的样子|的樣子|差不多| or so| approximately| approx\.?",
}
_LONGEST = {
    "before": "|".join(f"(?P<{kind}>{words})" for kind, words in _BEFORE_WORDS.items()),
    "after": "|".join(f"(?P<{kind}>{words})" for kind, words in _AFTER_WORDS.items()),
}
_BEFORE = re.compile(rf"(?:{_LONGEST['before']})\s*(?:了|为|是|有)?\s*", re.I).match
_AFTER = re.compile(rf"\s*(?:{_LONGEST['after']})$", re.I).search

# Most texts end in none of these, and looking for the words from every place is slow.
_LAST_CHARACTERS = frozenset("上+步起头頭外往底下内內到顶頂天右后後许許子多EPSMWXOY.epsmwxoy")

_VAGUE_SIGN = re.compile(
    "[数數几幾多余餘来來好成若干半些个個]|^[十百千万亿萬億]+$|"
    "[一二两三四五六七八兩贰叁肆伍陆柒捌][二两三四五六七八九兩贰貳叁肆伍陆柒捌玖]"
).search
_PAIR = re.compile(
    r"(?P<head>.*[十百千万亿])?(?P<low>[一二两三四五六七八])(?P<high>[二两三四五六七八九])(?P<tail>个?[十百千万亿]*)"
)
_SOME = re.compile(r"[好大小]?[数几]个?(?P<unit>[十百千万亿]*)")
_MORE = re.compile(r"(?P<head>.+?)(?P<more>多|余|来|几|数|好几)个?(?P<tail>[十百千万亿]*)")
_ONLY_VAGUE = re.compile(r"[数几多余来好成上若干半些个点儿到至~零十百千万亿两\d.一二三四五六七八九]+")
_UNITS = re.compile("[十百千万亿]")


def _kind(name: str) -> Hedge:
    return "at_least" if name == "at_least" else "at_most" if name == "at_most" else "approximate"


def _value(text: str) -> Decimal | None:
    number = parse_number(text, decimal_sign=".")
    return number.value if number else None


def _neighbours(text: str) -> tuple[Shape, Decimal | None, Decimal | None] | None:
    """三五百, 四五千, 十七八, 一百二三十万: two digits in one place, the lesser first."""
    match = _PAIR.fullmatch(text)
    if not match:
        return None
    head, tail = match["head"] or "", match["tail"].removeprefix("个")
    low, high = _value(head + match["low"] + tail), _value(head + match["high"] + tail)
    return ("range", low, high) if low is not None and high is not None and low < high else None


def _some(text: str) -> tuple[Shape, Decimal | None, Decimal | None] | None:
    """数十亿, 几百, 好几万: from one of the unit to ten of it."""
    match = _SOME.fullmatch(text)
    if not match:
        return None
    unit = Decimal((parse_scale(match["unit"]) or 10) if match["unit"] else 1)
    return "vague", unit, unit * 10


def _and_more(text: str) -> tuple[Shape, Decimal | None, Decimal | None] | None:
    """3000多, 十多万, 百余万: up to one more in the last place that is written."""
    match = _MORE.fullmatch(text)
    if not match:
        return None
    scale = parse_scale(match["tail"]) if match["tail"] else 1
    if match["tail"] == "十":
        scale = 10
    head = Decimal(parse_scale(match["head"]) or 0) or _value(match["head"])
    if head is None or scale is None or head <= 0:
        return None
    if match["more"] in ("几", "数", "好几") and match["tail"][:1] in ("十", "百", "千"):
        # 一百几十万 is 一百 and 几十, in ten thousands.
        return "vague", None, None
    last_place = Decimal(1)
    while head % (last_place * 10) == 0:
        last_place *= 10
    return "approximate", head * scale, (head + last_place) * scale


def _only_vague(text: str) -> tuple[Shape, Decimal | None, Decimal | None] | None:
    scale = parse_scale(text)
    if scale is not None:
        return "vague", Decimal(scale), None
    return ("vague", None, None) if _ONLY_VAGUE.fullmatch(text) and _UNITS.search(text) else None
